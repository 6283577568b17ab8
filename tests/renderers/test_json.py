"""The JSON document: lossless, and as its schema says."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from jsonschema import Draft202012Validator

from journeykit import codec
from journeykit.model import Emotion, Journey, Match, Outcome, Stage, Touchpoint
from journeykit.renderers.json import JsonRenderer
from journeykit.results import Component, Coverage, Interval, Records, Score, Scorecard, Subject, TouchpointCount

TOUCHPOINT = Touchpoint(id="cart", title='Cart "<b>" 靴', match=Match(event="cart"), emotions=[Emotion(valence=-0.1)])
JOURNEY = Journey(
    id="shop",
    title="Shop",
    outcome=Outcome(success=Match(event="order")),
    stages=[Stage(id="s", title="S", touchpoints=[TOUCHPOINT])],
)
MOMENT = datetime(2026, 1, 1, 10, tzinfo=UTC)
COVERAGE = Coverage(
    events=3, claimed=2, unclaimed=1, cases=2, journeys=2, off_map=0, closed=2, open=0, converted=1, abandoned=0, late=0,
    first=MOMENT, last=MOMENT, observed_until=MOMENT, tie_rule="file and record", ties=0,
    touchpoints=(TouchpointCount(id="cart", events=2, journeys=2, on_board=2),), unclaimed_events=(("x", 1),),
)  # fmt: skip
SCORE = Score(
    subject=Subject(kind="touchpoint", id="cart"), scorer="friction", value=0.1 + 0.2, unit="index 0..1", n=2, status="low-n",
    reason="few-journeys", interval=Interval(low=0.1, high=0.9, method="bootstrap"), method="friction@1", explanation="E.",
    components=(Component(name="rework", raw=1, scaled=1, weight=0.3, contribution=0.1 + 0.2, n=2),),
)  # fmt: skip
CARD = Scorecard(
    journey="shop", coverage=COVERAGE, scores=Records([SCORE], kind=Score, key=("subject", "scorer")), seed=7
)


def test_both_parts_come_back_equal() -> None:
    """Journey and scorecard read back from the document are the ones that were written, to the last digit."""
    document = json.loads(JsonRenderer().render(JOURNEY, CARD).text)

    assert codec.loads(json.dumps(document["journey"]), format="json") == JOURNEY
    assert codec.loads_scorecard(json.dumps(document["scorecard"])) == CARD


def test_document_keeps_its_schema() -> None:
    """The document is valid by its schema, and a changed one is not."""
    validator = Draft202012Validator(JsonRenderer().schema())
    document = json.loads(JsonRenderer().render(JOURNEY, CARD).text)

    assert list(validator.iter_errors(document)) == []
    document["journey"]["stages"][0]["touchpoints"][0]["emotions"][0]["valence"] = 3
    document["scorecard"]["seed"] = "seven"
    assert len(list(validator.iter_errors(document))) == 2


def test_without_scores_there_is_no_scorecard() -> None:
    """A map alone is a document with one key, in letters as they are, ending with a newline."""
    rendering = JsonRenderer().render(JOURNEY)

    assert list(json.loads(rendering.text)) == ["journey"]
    assert "靴" in rendering.text
    assert rendering.text.endswith("}\n")
    assert rendering.media_type == "application/json"
