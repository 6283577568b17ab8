"""The table renderer keeps the contract, and shows every score once."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from journeykit_example.combined import CombinedImporter
from journeykit_example.dwell import DwellScorer
from journeykit_example.table import TableRenderer

import journeykit as jk
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.testing import RendererContract

HERE = Path(__file__).parents[1]


class TestContract(RendererContract):
    plugin = TableRenderer


def rows(rendering):
    return list(csv.DictReader(io.StringIO(rendering.text)))


def test_every_score_is_a_row():
    """With scores there is one row a score, in map order, the figures as they are."""
    journey = jk.load(HERE / "shop.journey.yaml")
    events = jk.read_events(HERE / "access.log", CombinedImporter())
    cards = jk.score(journey, jk.Evidence(events=events), [DwellScorer(min_n=1)], floor=1)
    found = rows(jk.render(journey, TableRenderer(), scores=cards))

    assert [(row["stage"], row["id"], row["scorer"], row["status"]) for row in found] == [
        (stage.title, t.id, "dwell", cards[t.id, "dwell"].status) for stage in journey.stages for t in stage.touchpoints
    ]
    assert [float(row["value"]) if row["value"] else None for row in found] == [score.value for score in cards]


def test_without_scores_a_touchpoint_is_a_row():
    """Without scores every touchpoint stands there once."""
    journey = jk.load(HERE / "shop.journey.yaml")
    found = rows(jk.render(journey, TableRenderer()))

    assert [row["id"] for row in found] == [touchpoint.id for touchpoint in journey.touchpoints()]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@A1", "＝1", " \t=1", "'=1", '"=1"', "\u202e=1"])
def test_no_title_is_a_formula(title):
    """Whatever a spreadsheet would run gets an apostrophe in front."""
    journey = Journey(
        id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title=title)])]
    )
    (found,) = rows(jk.render(journey, TableRenderer()))

    assert found["subject"].startswith("'")
