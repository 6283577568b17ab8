"""A score cannot contradict itself, and a scorecard finds it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from journeykit.errors import ArgumentError
from journeykit.results import Coverage, Records, Score, Scorecard, Subject


def score(id: str, value: float | None = 0.5, **changes: Any) -> Score:
    fields: dict[str, Any] = {
        "subject": Subject(kind="touchpoint", id=id),
        "scorer": "friction",
        "value": value,
        "unit": "0 to 1",
        "n": 100,
        "status": "ok",
        "method": "friction@1",
        "explanation": "x",
    }
    return Score(**{**fields, **changes})


COVERAGE = Coverage(
    **dict.fromkeys(("events", "claimed", "unclaimed", "cases", "journeys", "off_map"), 0),
    **dict.fromkeys(("closed", "open", "converted", "abandoned", "late", "ties"), 0),
    first=None,
    last=None,
    observed_until=None,
    tie_rule="none",
    touchpoints=(),
)
CARD = Scorecard(
    journey="j",
    coverage=COVERAGE,
    seed=0,
    scores=Records(
        [
            score("a", 0.2),
            score("b", 0.9),
            score("b", 0.95, segment="mobile"),
            score("c", 0.9),
            score("d", 0.99, status="low-n", reason="12 journeys"),
            score("e", None, status="not-estimable", reason="no-outcome"),
            score("b", 0.1, scorer="impact"),
        ],
        kind=Score,
    ),
)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": None},
        {"value": 0.0, "status": "suppressed", "reason": "n < 10"},
        {"value": 0.0, "status": "not-estimable", "reason": "no-outcome"},
        {"value": None, "status": "not-estimable"},
        {"value": None, "status": "suppressed", "reason": ""},
        {"value": 0.1, "status": "low-n"},
    ],
)
def test_a_score_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    """A value is there exactly when it can be said, and what is not ok has a reason."""
    with pytest.raises(ArgumentError):
        score("a", **fields)


def test_scores_are_found_by_subject_and_scorer() -> None:
    """The subject gives all of its scores, subject and scorer the one of everybody."""
    assert [0.9, 0.95, 0.1] == [found.value for found in CARD["b"]]
    assert 0.9 == CARD["b", "friction"].value
    assert 0.1 == CARD["b", "impact"].value
    assert 7 == len(CARD) == len(list(CARD))
    for missing in ("z", ("b", "curve"), ("z", "friction")):
        with pytest.raises(KeyError):
            CARD[missing]


def test_the_ranking_leaves_out_what_is_uncertain() -> None:
    """Only scores that are ok and speak of everybody are ranked; ties keep the map's order."""
    assert ["b", "c", "a"] == [found.subject.id for found in CARD.top("friction")]
    assert ["b", "c"] == [found.subject.id for found in CARD.top("friction", 2)]


def test_an_unknown_scorer_is_named() -> None:
    """Asking for a ranking that was not computed says which ones were."""
    with pytest.raises(ArgumentError, match="no scorer 'curve' on this scorecard; it has friction, impact"):
        CARD.top("curve")
    with pytest.raises(ArgumentError, match="it has none"):
        attrs.evolve(CARD, scores=Records([], kind=Score)).top("friction")


def test_a_scorecard_becomes_frames_and_a_table() -> None:
    """One row a score in each library."""
    pytest.importorskip("pandas")

    assert 7 == CARD.to_arrow().num_rows == len(CARD.to_polars()) == len(CARD.to_pandas())
    assert CARD.scores._repr_html_() == CARD._repr_html_()
