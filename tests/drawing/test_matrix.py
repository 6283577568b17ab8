"""Points, scales and reasons of the matrix."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.matrix import chances, plan
from journeykit.drawing.matrix.dots import dots, reasons, scale
from journeykit.drawing.scene import Circle, Group, Scene, texts
from journeykit.drawing.viewing import view
from journeykit.model import Journey, Opportunity, Stage, Touchpoint
from journeykit.results import Coverage, Interval, Records, Score, Scorecard, Subject

JOURNEY = Journey(
    id="j",
    title="J",
    stages=[
        Stage(
            id="s",
            title="S",
            touchpoints=[
                Touchpoint(id=id, title=f"Does {id}", opportunities=chances_)
                for id, chances_ in (
                    ("a", [Opportunity(title="Win", impact="high", effort="low")]),
                    ("b", [Opportunity(title="Guess", impact="high"), Opportunity(title="Dream")]),
                    ("c", []),
                    ("d", []),
                )
            ],
        )
    ],
)


def score(id: str, scorer: str, value: float | None, *, status: str = "ok", reason: str | None = None) -> Score:
    interval = Interval(low=value - 0.1, high=value + 0.1, method="bootstrap") if value is not None else None
    return Score(
        subject=Subject(kind="touchpoint", id=id), scorer=scorer, value=value, unit="index", n=50, status=status,  # type: ignore[arg-type]
        reason=reason, interval=interval, method="m", explanation="e",
    )  # fmt: skip


def card(*scores: Score) -> Scorecard:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    coverage = Coverage(
        events=9, claimed=9, unclaimed=0, cases=9, journeys=9, off_map=0, closed=9, open=0, converted=1, abandoned=0, late=0,
        first=at, last=at, observed_until=at, tie_rule="file and record", ties=0, touchpoints=(),
    )  # fmt: skip
    return Scorecard(journey="j", coverage=coverage, scores=Records(scores, kind=Score), seed=0)


CARD = card(
    score("a", "friction", 0.2),
    score("a", "impact", 0.6),
    score("b", "friction", 0.8),
    score("b", "impact", 0.1, status="low-n", reason="few-conversions"),
    score("c", "friction", None, status="not-estimable", reason="not-reached"),
    score("c", "impact", 0.3),
)


def said(scene: Scene) -> str:
    return " | ".join("".join(line.text for line in text.lines) for text in texts(scene.marks))


def test_only_what_has_both_figures_is_placed_and_the_rest_says_why() -> None:
    """A figure that is missing is a reason, never a nought."""
    seen = view(JOURNEY, CARD)

    assert ["a", "b"] == [dot.spot.touchpoint.id for dot in dots(seen, "friction", "impact")]
    assert [
        ("c", "Friction: Not estimable: no closed journey reached it"),
        ("d", "Friction: not scored; Impact: not scored"),
    ] == [(spot.touchpoint.id, why) for spot, why in reasons(seen, "friction", "impact")]


def test_an_uncertain_point_is_hollow() -> None:
    """What rests on few data has another shape than what does not: a ring."""
    plot = next(m for m in plan(JOURNEY, CARD).marks if isinstance(m, Group) and m.kind == "plot")
    points = [(mark.fill, mark.stroke) for mark in plot.marks if isinstance(mark, Circle)]

    assert [("accent", "bg"), ("card", "accent")] == points


def test_quadrants_have_names_where_the_axes_are_the_ones_they_speak_of() -> None:
    """Mend first and its three neighbours name impact and friction; other scorers get no verdict."""
    other = plan(JOURNEY, CARD, x="impact", y="friction")

    assert all(name in said(plan(JOURNEY, CARD)) for name in ("Mend first", "Keep it so", "Mend later", "Leave it"))
    assert "Mend first" not in said(other)


def test_without_scores_nothing_is_placed_and_it_says_so() -> None:
    """The picture asks for the figures it needs."""
    assert "pass scores= to see figures" in said(plan(JOURNEY))


def test_chances_without_impact_or_effort_are_listed_beneath() -> None:
    """Nothing is guessed: a missing word is named."""
    words = said(chances(JOURNEY))

    assert "Guess – 2 Does b: no effort named" in words
    assert "Dream – 2 Does b: no impact named, no effort named" in words
    assert words.index("Quick wins") < words.index("Win") < words.index("Not placed")


values = st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 4)), min_size=1, max_size=12)


@given(values)
def test_every_value_lies_on_its_scale(found: list[float]) -> None:
    """A scale holds all its values and a few rising gridlines, and half of the points lie at either side of its middle."""
    made = scale([score("a", "x", value) for value in found])

    assert made.low < made.high
    assert all(made.low <= value <= made.high for value in found)
    assert 1 <= len(made.ticks) <= 8
    assert list(made.ticks) == sorted(set(made.ticks))
    assert all(made.low - 1e-6 * abs(made.low) <= tick <= made.high + 1e-6 * abs(made.high) for tick in made.ticks)
    assert sum(value < made.middle for value in found) <= len(found) / 2 >= sum(value > made.middle for value in found)


@pytest.mark.parametrize(("found", "low"), [((0.2, 0.8), 0.0), ((-0.4, 0.5), -0.5), ((101.0, 103.0), 100.9)])
def test_nought_is_on_the_scale_where_it_is_near(found: tuple[float, ...], low: float) -> None:
    """Shares and indices start at nought; large figures that differ little do not."""
    assert pytest.approx(low) == scale([score("a", "x", value) for value in found]).low
