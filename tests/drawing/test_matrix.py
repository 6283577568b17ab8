"""Points, scales and reasons of the matrix."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import combinations
from math import hypot

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.drawing.matrix import chances, plan
from journeykit.drawing.matrix.dots import dots, reasons, scale
from journeykit.drawing.scene import Box, Circle, Group, Rect, Rule, Scene, Text, texts
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


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Friction : Non estimable : aucun parcours terminé ne l’a atteint"),
        ("ar", "الاحتكاك: \N{FIRST STRONG ISOLATE}لا يمكن تقديره\N{POP DIRECTIONAL ISOLATE}: "),
    ],
)
def test_a_reason_is_written_as_its_language_does(language: str, said: str) -> None:
    """French has a space before its colon; in Arabic the parts stay in their order, so no isolate holds two others."""
    found = reasons(view(attrs.evolve(JOURNEY, language=language), CARD), "friction", "impact")

    assert found[0][1].replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ").startswith(said)


def test_an_uncertain_point_is_hollow() -> None:
    """What rests on few data has another shape than what does not: a ring."""
    plot = next(m for m in plan(JOURNEY, CARD).marks if isinstance(m, Group) and m.kind == "plot")
    groups = [mark for mark in plot.marks if isinstance(mark, Group) and mark.kind == "point"]
    points = [(mark.fill, mark.stroke) for group in groups for mark in group.marks if isinstance(mark, Circle)]

    assert [("accent", "bg"), ("bg", "accent")] == points


def test_quadrants_have_names_where_the_axes_are_the_ones_they_speak_of() -> None:
    """Mend first and its three neighbours name impact and friction; other scorers get no verdict."""
    other = plan(JOURNEY, CARD, x="impact", y="friction")

    assert all(name in said(plan(JOURNEY, CARD)) for name in ("Mend first", "Keep it so", "Mend later", "Leave it"))
    assert "Mend first" not in said(other)


def test_the_title_writes_a_name_as_its_language_does() -> None:
    """Within a sentence a scorer's name is lower case, but not in German, and an acronym never is."""
    german = attrs.evolve(JOURNEY, language="de")

    assert "J – Impact against friction" == plan(JOURNEY, CARD).title
    assert "J – Impact against KPI" == plan(JOURNEY, CARD, x="kpi").title
    assert "J – Einfluss gegen Reibung" == plan(german, CARD).title


def crowd(places: list[tuple[float, float]]) -> tuple[Journey, Scorecard]:
    """A map with a touchpoint for every pair of friction and impact."""
    ids = [f"t{i}" for i in range(len(places))]
    touchpoints = [Touchpoint(id=id, title=f"Looks at the basket, number {id}, and waits") for id in ids]
    scores = [
        score(id, name, value)
        for id, pair in zip(ids, places, strict=True)
        for name, value in zip(("friction", "impact"), pair, strict=True)
    ]
    return Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=touchpoints)]), card(*scores)


shares = st.sampled_from([0.0, 0.1, 0.11, 0.12, 0.3, 0.5, 0.51, 0.9])
crowds = st.lists(st.tuples(shares, shares), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(crowds)
def test_close_points_keep_their_numbers_and_names_apart(places: list[tuple[float, float]]) -> None:
    """However close points lie: no two numbers overlap, and no name stands on a number, a point, a line to one, or a name."""
    plot = next(m for m in plan(*crowd(places)).marks if isinstance(m, Group) and m.kind == "plot")
    discs = [
        m for g in plot.marks if isinstance(g, Group) and g.kind == "point" for m in g.marks if isinstance(m, Circle)
    ]
    badges = [disc for disc in discs if disc.r > 5]
    frame = next(m for m in plot.marks if isinstance(m, Rect)).box
    named = [e for m in plot.marks if isinstance(m, Text) and m.size == 12.5 for e in m.extents()]
    lines = [
        rule for g in plot.marks if isinstance(g, Group) and g.kind == "intervals" for rule in g.marks
        if isinstance(rule, Rule) and rule.stroke == "accent"
    ]  # fmt: skip

    assert len(places) == len(badges)
    assert [] == [(a, b) for a, b in combinations(badges, 2) if hypot(a.x - b.x, a.y - b.y) < a.r + b.r]
    assert [] == [e for e in named for d in discs if distance(e, d) < d.r - 1]
    assert [] == [(a, b) for a, b in combinations(named, 2) if a.overlaps(b)]
    assert [] == [e for e in named for line in lines if cuts(e, line)]
    assert all(frame.contains(e) for e in named)
    assert all(frame.contains(Box(x=d.x - d.r, y=d.y - d.r, width=2 * d.r, height=2 * d.r)) for d in badges)


def distance(box: Box, disc: Circle) -> float:
    x, y = min(max(disc.x, box.x), box.right), min(max(disc.y, box.y), box.bottom)
    return hypot(x - disc.x, y - disc.y)


def cuts(box: Box, line: Rule) -> bool:
    """Whether any of a hundred places on the line lies in the box."""
    parts = [i / 100 for i in range(101)]
    along = ((line.x1 + p * (line.x2 - line.x1), line.y1 + p * (line.y2 - line.y1)) for p in parts)
    return any(box.x < x < box.right and box.y < y < box.bottom for x, y in along)


@pytest.mark.parametrize("count", [3, 10, 20, 40, 60])
def test_a_page_is_never_half_empty(count: int) -> None:
    """The table stands in as many columns as keep it beside the plot, and every title is in it."""
    chance = random.Random(count)
    scene = plan(*crowd([(chance.random(), chance.random()) for _ in range(count)]))
    table = next(m for m in scene.marks if isinstance(m, Group) and m.kind == "table")
    rows = [box for text in texts(table.marks) for box in text.extents()]
    words = " ".join("".join(line.text + " " for line in text.lines) for text in texts(table.marks))

    assert all(f"number t{i}, and" in " ".join(words.split()) for i in range(count))
    assert max(box.bottom for box in rows) < scene.height - 90
    assert scene.width > 1.05 * scene.height


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


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    """Where values lie close together, the axis cuts a wide interval: its arm says by an arrow that it goes on."""
    near = [score(id, "impact", value) for id, value in (("a", 0.30), ("b", 0.31), ("c", 0.33))]
    narrow = [
        attrs.evolve(
            one, interval=Interval(low=(one.value or 0) - 0.001, high=(one.value or 0) + 0.001, method="bootstrap")
        )
        for one in near
    ]
    friction = [score(id, "friction", value) for id, value in (("a", 0.1), ("b", 0.5), ("c", 0.9))]

    def slanted(*scores: Score) -> int:
        rules = [
            rule
            for plot in plan(JOURNEY, card(*scores)).marks
            if isinstance(plot, Group) and plot.kind == "plot"
            for group in plot.marks
            if isinstance(group, Group) and group.kind == "intervals"
            for rule in group.marks
        ]
        return sum(isinstance(rule, Rule) and rule.x1 != rule.x2 and rule.y1 != rule.y2 for rule in rules)

    assert 2 * 2 * 3 == slanted(*friction, *near)
    assert 0 == slanted(*friction, *narrow)
