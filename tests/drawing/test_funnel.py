"""The steps of the funnel and their figures."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from journeykit.drawing.funnel import plan
from journeykit.drawing.funnel.steps import Step, steps
from journeykit.drawing.scene import texts
from journeykit.drawing.viewing import view
from journeykit.errors import ArgumentError
from journeykit.inference import wilson
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint
from journeykit.results import Coverage, Records, Score, Scorecard, TouchpointCount

ON_BOARD = {"a": 100, "b": 90, "c": 40, "d": 40}
JOURNEY = Journey(
    id="j",
    title="J",
    outcome=Outcome(success=Match(event="d")),
    stages=[
        Stage(id="one", title="One", touchpoints=[Touchpoint(id="a", title="A", match=Match(event="a"))]),
        Stage(
            id="two",
            title="Two",
            touchpoints=[
                Touchpoint(id="x", title="Nobody sees it"),
                Touchpoint(id="b", title="B", match=Match(event="b")),
                Touchpoint(id="c", title="C", match=Match(event="c")),
            ],
        ),
        Stage(id="three", title="Three", touchpoints=[Touchpoint(id="d", title="D", match=Match(event="d"))]),
    ],
)


def card(on_board: dict[str, int | None], journeys: int = 100) -> Scorecard:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    counts = {**on_board, "x": 90}
    coverage = Coverage(
        events=500, claimed=400, unclaimed=100, cases=journeys, journeys=journeys, off_map=0, closed=80, open=20, converted=20,
        abandoned=0, late=0, first=at, last=at, observed_until=at, tie_rule="file and record", ties=0,
        touchpoints=tuple(TouchpointCount(id=id, events=n, journeys=n, on_board=n) for id, n in counts.items()),
    )  # fmt: skip
    return Scorecard(journey="j", coverage=coverage, scores=Records([], kind=Score), seed=0)


def shown(found: tuple[Step, ...]) -> list[tuple[str, int | None, float | None, int | None, str | None]]:
    return [(step.id, step.count, step.share, step.lost, step.why) for step in found]


def test_the_steps_are_the_touchpoints_still_on_board() -> None:
    """The share is of all journeys, the loss since the last step that could be counted; what cannot be says why."""
    found = steps(view(JOURNEY, card(ON_BOARD)), None, "touchpoint")

    assert [
        ("a", 100, 1.0, None, None),
        ("x", None, None, None, "no-match-rule"),
        ("b", 90, 0.9, 10, None),
        ("c", 40, 0.4, 50, None),
        ("d", 40, 0.4, 0, None),
    ] == shown(found)
    assert [wilson(n, 100) for n in (100, 90, 40, 40)] == [step.interval for step in found if step.share is not None]


def test_a_stage_is_reached_with_its_first_touchpoint_that_can_be_seen() -> None:
    """Stage two begins with a touchpoint without a rule, so its second one counts."""
    assert [("one", 100, 1.0, None, None), ("two", 90, 0.9, 10, None), ("three", 40, 0.4, 50, None)] == shown(
        steps(view(JOURNEY, card(ON_BOARD)), None, "stage")
    )


def test_a_stage_is_not_withheld_with_its_first_touchpoint() -> None:
    """All was counted as if the map did not have it, so the next touchpoint says who reached the stage."""
    assert [
        ("one", 100, 1.0, None, None),
        ("two", 40, 0.4, 60, None),
        ("three", None, None, None, "withheld"),
    ] == shown(steps(view(JOURNEY, card({**ON_BOARD, "b": None, "d": None})), None, "stage"))


def test_a_subset_loses_what_was_lost_between_its_steps() -> None:
    """From a to c the loss is 60, whatever lies between; the order is the map's."""
    assert [("a", 100, 1.0, None, None), ("c", 40, 0.4, 60, None)] == shown(
        steps(view(JOURNEY, card(ON_BOARD)), ("c", "a"), "touchpoint")
    )


def test_a_withheld_count_is_no_nought() -> None:
    """A small group's count is withheld: the row says so, and the next loss is taken over it."""
    found = steps(view(JOURNEY, card({**ON_BOARD, "b": None})), None, "touchpoint")

    assert [("b", None, None, None, "withheld"), ("c", 40, 0.4, 60, None)] == shown(found)[2:4]


@pytest.mark.parametrize(("scores", "why"), [(None, "no-scores"), (card(dict.fromkeys(ON_BOARD, 0), 0), "no-journeys")])
def test_without_journeys_there_is_no_share(scores: Scorecard | None, why: str) -> None:
    """Without evidence, and of no journeys, no figure is made up."""
    found = steps(view(JOURNEY, scores), None, "touchpoint")

    assert {None} == {step.share for step in found}
    assert {why, "no-match-rule"} == {step.why for step in found}


def test_the_picture_says_which_funnel_it_is() -> None:
    """The definition stands in the picture, with the share that converted."""
    said = " ".join(line.text for text in texts(plan(JOURNEY, card(ON_BOARD)).marks) for line in text.lines)

    assert "whose furthest touchpoint in the order of the map is this one or a later one" in said
    assert "Completion 25 % (of 80 closed journeys)" in said.replace("\N{NO-BREAK SPACE}", " ")
    assert "▼ 50 pts" in said.replace("\N{NO-BREAK SPACE}", " ")


def test_an_unknown_step_is_named() -> None:
    """The caller is told what there is."""
    with pytest.raises(ArgumentError, match="no touchpoint 'z' in journey 'j'; it has a"):
        plan(JOURNEY, card(ON_BOARD), steps_=("z",))
