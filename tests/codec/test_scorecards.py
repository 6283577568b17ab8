"""A scorecard's JSON form is lossless, strict and published."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.codec import dumps_scorecard, loads_scorecard, scorecard_schema, scorecard_to_tree
from journeykit.errors import ArgumentError, EvidenceError
from journeykit.results import (
    Component,
    Coverage,
    EvidenceRef,
    Interval,
    Move,
    Records,
    Score,
    Scorecard,
    Subject,
    TouchpointCount,
)

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
SCORE = Score(
    subject=Subject(kind="touchpoint", id="cart"),
    scorer="friction",
    segment="mobile",
    value=0.25,
    unit="0 to 1",
    interval=Interval(low=0.125, high=0.5, level=0.9, method="bootstrap of journeys"),
    n=120,
    status="ok",
    baseline=0.05,
    components=(Component(name="drop-off", raw=0.25, scaled=0.5, weight=0.4, contribution=0.2, n=120),),
    method="friction@1",
    evidence=(EvidenceRef(table="events", sources=("a.csv", "b.csv"), rule="event = 'cart'", rows=240),),
    explanation="Associated with 支付 “late”.",
)
LOW = attrs.evolve(
    SCORE,
    subject=Subject(kind="touchpoint", id="pay"),
    segment=None,
    value=None,
    interval=None,
    status="not-estimable",
    reason="no-outcome",
)
COVERAGE = Coverage(
    events=300,
    claimed=240,
    unclaimed=60,
    cases=150,
    journeys=140,
    off_map=10,
    closed=130,
    open=10,
    converted=40,
    abandoned=3,
    late=2,
    first=NOW,
    last=NOW + timedelta(microseconds=1),
    observed_until=None,
    tie_rule="file and record",
    ties=7,
    touchpoints=(TouchpointCount(id="cart", events=240, journeys=120, on_board=130),),
    unclaimed_events=(("scroll", 50), ("ping", 10)),
    moves=(
        Move(source=None, target="cart", count=140, journeys=140),
        Move(source="cart", target=None, count=9, journeys=9),
    ),
)
CARD = Scorecard(
    journey="first-order", version="1.10", coverage=COVERAGE, scores=Records([SCORE, LOW], kind=Score), seed=0
)


def test_the_golden_scorecard_is_what_is_written(golden: Path) -> None:
    """The JSON form has not changed by a byte, and reads back as the same scorecard."""
    text = (golden / "scorecard.json").read_text(encoding="utf-8")

    assert text == dumps_scorecard(CARD)
    assert CARD == loads_scorecard(text)


def test_the_golden_scorecard_fits_its_schema(golden: Path) -> None:
    """What is written is valid by the published schema, and every key of every class is in it."""
    tree = json.loads((golden / "scorecard.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(scorecard_schema()).validate(tree)

    assert [field.name for field in attrs.fields(Score)] == list(tree["scores"][0])
    assert tree == scorecard_to_tree(CARD)


finite = st.floats(allow_nan=False, allow_infinity=False)
times = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
    min_value=datetime(2, 1, 1),
    max_value=datetime(9998, 1, 1),
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@st.composite
def scorecards(draw: st.DrawFn) -> Scorecard:
    score = attrs.evolve(
        SCORE,
        subject=Subject(kind=draw(texts), id=draw(texts)),
        segment=draw(st.none() | texts),
        value=draw(finite),
        interval=draw(st.none() | st.builds(Interval, low=finite, high=finite, level=finite, method=texts)),
        n=draw(st.integers(0, 2**63)),
        components=tuple(
            draw(
                st.lists(
                    st.builds(
                        Component,
                        name=texts,
                        raw=finite,
                        scaled=finite,
                        weight=finite,
                        contribution=finite,
                        n=st.integers(),
                    ),
                    max_size=2,
                )
            )
        ),
        explanation=draw(texts),
    )
    coverage = attrs.evolve(
        COVERAGE,
        first=draw(st.none() | times),
        unclaimed_events=tuple(draw(st.lists(st.tuples(texts, st.integers()), max_size=2))),
        moves=tuple(
            draw(
                st.lists(
                    st.builds(
                        Move,
                        source=st.none() | texts,
                        target=st.none() | texts,
                        count=st.integers(),
                        journeys=st.integers(),
                    ),
                    max_size=2,
                )
            )
        ),
    )
    return attrs.evolve(
        CARD,
        version=draw(st.none() | texts),
        coverage=coverage,
        scores=Records(draw(st.sampled_from([[], [score], [score, LOW]])), kind=Score),
    )


@settings(max_examples=100)
@given(card=scorecards())
def test_every_scorecard_round_trips(card: Scorecard) -> None:
    """Nothing is lost: floats to the last digit, times to the microsecond, absent values as null."""
    text = dumps_scorecard(card)

    assert card == loads_scorecard(text)
    assert text == dumps_scorecard(loads_scorecard(text))
    jsonschema.Draft202012Validator(scorecard_schema()).validate(json.loads(text))


def test_a_scorecard_without_moves_still_loads() -> None:
    """Scorecards written before moves were counted have none."""
    tree = scorecard_to_tree(CARD)
    del tree["coverage"]["moves"]

    assert () == loads_scorecard(json.dumps(tree)).coverage.moves
    jsonschema.Draft202012Validator(scorecard_schema()).validate(tree)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_figure_that_is_not_finite_is_named(value: float) -> None:
    """JSON cannot say NaN; the sentence says which figure it is."""
    card = attrs.evolve(CARD, scores=Records([attrs.evolve(SCORE, value=value)], kind=Score))

    with pytest.raises(ArgumentError, match=r"scores\[0\]\.value: .* is not a finite number"):
        dumps_scorecard(card)


def test_a_time_without_a_zone_is_named() -> None:
    """A naive time on a scorecard is the caller's mistake."""
    card = attrs.evolve(CARD, coverage=attrs.evolve(COVERAGE, last=datetime(2026, 1, 1)))

    with pytest.raises(ArgumentError, match=r"coverage\.last: .* has no time zone"):
        dumps_scorecard(card)


def test_numpy_numbers_are_written_as_numbers() -> None:
    """A scorer may leave numpy's numbers in a score."""
    score = attrs.evolve(SCORE, n=np.int64(120), value=np.float64(0.25), baseline=np.float32(0.5))

    assert (
        attrs.evolve(SCORE, baseline=0.5)
        == loads_scorecard(dumps_scorecard(attrs.evolve(CARD, scores=Records([score], kind=Score)))).scores[0]
    )


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("seed",), "0", "seed: expected a whole number, got '0' (remove the quotes)"),
        (("seed",), None, "seed: has no value; expected a whole number"),
        (
            ("scores", 0, "status"),
            "okay",
            "scores[0].status: 'okay' is not one of ok, low-n, suppressed, not-estimable (did you mean 'ok'?)",
        ),
        (("scores", 0, "value"), None, "scores[0]: a score with status 'ok' and value None contradicts itself"),
        (
            ("scores", 0, "subject"),
            [],
            "scores[0].subject: expected a subject as a mapping of keys to values, got a list",
        ),
        (("scores", 0, "bogus"), 1, "scores[0].bogus: unknown key"),
        (("scores",), {}, "scores: expected a list, got a mapping"),
        (
            ("coverage", "first"),
            "2026-03-01 12:00",
            "coverage.first: expected a UTC time such as 2026-03-01T12:00:00Z, got '2026-03-01 12:00'",
        ),
        (("coverage", "first"), "2026-13-01T12:00:00Z", "coverage.first: expected a UTC time"),
        (
            ("coverage", "unclaimed_events", 0),
            ["scroll"],
            "coverage.unclaimed_events[0]: expected a list of 2 values, got a list",
        ),
        (
            ("coverage", "unclaimed_events", 0),
            ["scroll", "x"],
            "coverage.unclaimed_events[0][1]: expected a whole number, got 'x'",
        ),
        (("journeykit_scorecard",), 2, "journeykit_scorecard: 2 is not a format this journeykit reads; it reads 1"),
    ],
)
def test_a_faulty_scorecard_is_told_with_its_place(path: tuple[Any, ...], value: Any, told: str) -> None:
    """What a scorecard file has wrong is named with line, column and path."""
    tree: Any = json.loads(dumps_scorecard(CARD))
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value

    with pytest.raises(EvidenceError) as caught:
        loads_scorecard(json.dumps(tree), name="card.json")
    assert f" {told}" in str(caught.value)
    assert str(caught.value).startswith("card.json:1:")


@pytest.mark.parametrize("text", ["[]", "{}", "", '{"journey": "j"}'])
def test_what_is_no_scorecard_is_refused(text: str) -> None:
    """Anything else is an EvidenceError with at least one sentence."""
    with pytest.raises(EvidenceError) as caught:
        loads_scorecard(text)

    assert caught.value.problems
