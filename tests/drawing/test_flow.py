"""Which moves a flow draws, and where they run."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.drawing.flow import plan
from journeykit.drawing.flow.columns import breaks
from journeykit.drawing.flow.routing import Spacing, route, thickness
from journeykit.drawing.flow.telling import facts
from journeykit.drawing.flow.weighing import Edge, planned_pairs, weigh
from journeykit.drawing.scene import Group, Path, texts
from journeykit.drawing.viewing import view
from journeykit.errors import ArgumentError
from journeykit.model import Journey, Match, Stage, Touchpoint, Transition
from journeykit.results import Coverage, Move, Records, Score, Scorecard, TouchpointCount

IDS = ("a", "b", "c", "d")


def journey(*planned: tuple[str, str], unseen: str = "") -> Journey:
    touchpoints = [Touchpoint(id=id, title=f"Does {id}", match=None if id in unseen else Match(event=id)) for id in IDS]
    moves = tuple(Transition(source=source, target=target) for source, target in planned)
    return Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=touchpoints)], planned=moves)


def card(moves: dict[tuple[str | None, str | None], int], withheld: int = 0) -> Scorecard:
    at = datetime(2025, 1, 1, tzinfo=UTC)
    coverage = Coverage(
        events=100, claimed=90, unclaimed=10, cases=60, journeys=50, off_map=10, closed=50, open=0, converted=9, abandoned=0,
        late=0, first=at, last=at, observed_until=at, tie_rule="file and record", ties=0,
        touchpoints=tuple(TouchpointCount(id=id, events=9, journeys=9, on_board=9) for id in IDS),
        moves=tuple(Move(source=a, target=b, count=n, journeys=n) for (a, b), n in moves.items()), withheld_moves=withheld,
    )  # fmt: skip
    return Scorecard(journey="j", coverage=coverage, scores=Records([], kind=Score), seed=0)


def without(made: Scorecard, *few: str) -> Scorecard:
    counts = tuple(
        TouchpointCount(id=count.id, events=None, journeys=None, on_board=None) if count.id in few else count
        for count in made.coverage.touchpoints
    )
    return attrs.evolve(made, coverage=attrs.evolve(made.coverage, touchpoints=counts))


def drawn(edges: tuple[Edge, ...]) -> dict[tuple[int, int], tuple[int | None, bool | None]]:
    return {(edge.source, edge.target): (edge.count, edge.planned) for edge in edges}


def test_without_a_plan_the_order_of_the_map_is_the_plan() -> None:
    """Moves onward and repeats are planned, moves back are not; starts and ends nobody plans."""
    moves = {(None, "a"): 50, ("a", "b"): 30, ("a", "c"): 9, ("b", "b"): 4, ("c", "a"): 7, ("c", None): 50}
    found = weigh(view(journey(), card(moves)), 1.0, None)

    assert drawn(found.edges) == {
        (-1, 0): (50, None), (0, 1): (30, True), (0, 2): (9, True), (1, 1): (4, True), (2, 0): (7, False), (2, 4): (50, None),
    }  # fmt: skip
    assert (150, 50, 0) == (found.total, found.inner, found.left)


def test_a_plan_tells_planned_moves_from_others() -> None:
    """What the map names is planned whether customers do it or not; everything else is not, onward or back."""
    moves = {(None, "a"): 20, ("a", "c"): 11, ("b", "a"): 5, ("c", None): 20}
    found = weigh(view(journey(("a", "b"), ("b", "a")), card(moves)), 1.0, None)

    assert {
        (-1, 0): (20, None),
        (0, 1): (0, True),
        (0, 2): (11, False),
        (1, 0): (5, True),
        (2, 4): (20, None),
    } == drawn(found.edges)


def test_a_plan_through_a_touchpoint_nobody_sees_plans_the_step_over_it() -> None:
    """a to b to c with b unseen: from a to c is planned, and what leads to b is unknown, not nought."""
    mapped = journey(("a", "b"), ("b", "c"), unseen="b")
    found = weigh(view(mapped, card({("a", "c"): 12, (None, "a"): 12, ("c", None): 12})), 1.0, None)

    assert {(0, 1), (1, 2), (0, 2)} == planned_pairs(mapped)
    assert (12, True) == drawn(found.edges)[0, 2]
    assert [(None, True)] * 2 == [drawn(found.edges)[pair] for pair in ((0, 1), (1, 2))]


def test_a_withheld_move_is_never_called_nought() -> None:
    """Where small groups are withheld, a planned move that is not on the card may be one of them."""
    moves = {("a", "c"): 12}
    counts = [drawn(weigh(view(journey(("a", "b")), card(moves, n)), 1.0, None).edges)[0, 1][0] for n in (0, 2)]

    assert [0, None] == counts


def test_a_touchpoint_of_few_is_not_in_the_way_of_the_plan() -> None:
    """a to b to c with b withheld: who did it was counted from a to c, as planned, and what leads to b is not called nought."""
    made, mapped = card({("a", "c"): 12, (None, "a"): 12, ("c", None): 12}), journey(("a", "b"), ("b", "c"))
    found = weigh(view(mapped, without(made, "b")), 1.0, None)

    assert (12, True) == drawn(found.edges)[0, 2]
    assert [(None, True)] * 2 == [drawn(found.edges)[pair] for pair in ((0, 1), (1, 2))]


def test_no_moves_beside_a_touchpoint_of_few_are_withheld() -> None:
    """Where nothing but withheld touchpoints was counted, the picture does not blame the scorecard for holding no moves."""
    told = []
    for made in (card({}), card({}, 2), without(card({}), *IDS)):
        seen = view(journey(), made)
        told += facts(seen, weigh(seen, 1.0, None), seen.words)

    assert ["The scorecard holds no moves between touchpoints; one made today does.", told[1], told[1]] == told
    assert told[1].startswith("Withheld")


def test_the_strongest_of_every_kind_are_drawn_and_the_rest_is_told() -> None:
    """Each kind keeps the moves that make up the share; repeats, however many, push no other move out."""
    moves = {
        (None, "a"): 50, ("a", "a"): 9000, ("a", "b"): 80, ("b", "c"): 15, ("c", "d"): 45, ("a", "d"): 5, ("d", None): 50,
    }  # fmt: skip
    found = weigh(view(journey(), card(moves)), 0.9, None)

    assert [(-1, 0), (0, 0), (0, 1), (1, 2), (2, 3), (3, 4)] == list(drawn(found.edges))
    assert (1, 5) == (found.left, found.left_count)
    assert [(-1, 0), (0, 0), (0, 1), (3, 4)] == list(drawn(weigh(view(journey(), card(moves)), 1.0, 1).edges))
    said = facts(view(journey(), card(moves)), found, view(journey(), None).words)
    assert "1 further move, 0.1 % of all, is not shown" == said[1].replace("\N{NO-BREAK SPACE}", " ")


def test_every_touchpoint_keeps_its_strongest_way_in_and_out() -> None:
    """However rare a touchpoint is, what leads to it and away from it is drawn, unless a number of moves was asked for."""
    moves = {
        (None, "a"): 50,
        ("a", "b"): 900,
        ("b", "c"): 9,
        ("a", "c"): 2,
        ("c", "d"): 5,
        ("d", "b"): 3,
        ("b", None): 900,
    }
    found = weigh(view(journey(), card(moves)), 0.9, None)

    assert [(-1, 0), (0, 1), (1, 2), (1, 4), (2, 3), (3, 1)] == list(drawn(found.edges))
    assert [(-1, 0), (0, 1), (1, 4)] == list(drawn(weigh(view(journey(), card(moves)), 0.9, 1).edges))


def test_without_scores_the_plan_is_drawn_and_it_says_so() -> None:
    """No count is invented: the order of the map, or its plan, without figures."""
    plain = weigh(view(journey(), None), 0.9, None)
    planned = weigh(view(journey(("a", "c")), None), 0.9, None)

    assert {(0, 1): (None, True), (1, 2): (None, True), (2, 3): (None, True)} == drawn(plain.edges)
    assert {(0, 2): (None, True)} == drawn(planned.edges)
    said = [line.shown for text in texts(plan(journey()).marks) for line in text.lines]
    assert any("pass scores=" in line for line in said)


def test_an_old_scorecard_without_moves_says_so() -> None:
    """A card from before moves were counted gives the plan and a sentence."""
    said = [line.shown for text in texts(plan(journey(), card({})).marks) for line in text.lines]

    assert any("holds no moves" in line for line in said)


def test_a_touchpoint_that_is_gone_is_no_fault() -> None:
    """Moves of an older map are left out."""
    found = weigh(view(journey(), card({("gone", "a"): 4, ("a", "gone"): 3, ("a", "b"): 2})), 1.0, None)

    assert {(0, 1): (2, True)} == drawn(found.edges)


def test_the_scorecard_of_another_journey_is_refused() -> None:
    """A picture never shows the figures of another map."""
    with pytest.raises(ArgumentError, match="of journey 'j', not of 'k'"):
        plan(attrs.evolve(journey(), id="k"), card({}))


edges = st.lists(
    st.tuples(st.integers(-1, 5), st.integers(0, 6)).filter(lambda pair: pair != (-1, 6)), unique=True, max_size=30
).map(lambda pairs: [Edge(source=a, target=b, count=1 + a + b, journeys=1, planned=True) for a, b in pairs])


@settings(max_examples=150)
@given(edges)
def test_no_two_moves_share_a_stretch_of_a_track(moves: list[Edge]) -> None:
    """Two lines may cross, but never run over each other, and no two leave or reach a touchpoint at one place."""
    pills = {(edge.source, edge.target): 40.0 for edge in moves}
    spacing = Spacing(least=[130.0] * 6, gap=60, lead=150, hub=64, pills=pills, half=45, hub_half=24, across=20)
    found = route(moves, 6, spacing)
    runs = [
        (points[1][1], *sorted((points[1][0], points[2][0])))
        for r in found.routes
        if len(points := r.points) == 4 and 0 <= r.edge.source and r.edge.target < 6
    ]
    ports = [r.points[0] for r in found.routes] + [r.points[-1] for r in found.routes if r.edge.target < 6]

    over = [(a, b) for i, a in enumerate(runs) for b in runs[i + 1 :] if a[0] == b[0] and a[1] < b[2] and b[1] < a[2]]
    assert [] == over
    beside = [(round(x, 3), round(y, 3)) for x, y in ports if abs(y) == 45]
    assert len(set(beside)) == len(beside)
    assert all(node.end - node.start >= 130 for node in found.nodes)


def test_a_line_is_as_thick_as_its_count() -> None:
    """The thickness grows in proportion, from a line that can be seen to the thickest."""
    widths = [thickness(count, 100) for count in (0, 50, 100)]

    assert pytest.approx(widths[1] - widths[0]) == widths[2] - widths[1]
    assert 1 < widths[0] < widths[2] < 10


def test_every_move_has_a_tooltip_and_a_place_in_the_description() -> None:
    """Who cannot see the lines reads them: from where, to where, how often."""
    scene = plan(journey(), card({("a", "b"): 30, ("c", "a"): 7, (None, "a"): 30}))
    titles = [
        g.title
        for m in scene.marks
        if isinstance(m, Group) and m.kind == "moves"
        for g in m.marks
        if isinstance(g, Group)
    ]

    assert "from Does a to Does b, 30 times, 30 journeys" in titles
    assert "from Does c to Does a, 7 times, 7 journeys, not planned" in titles
    assert all(title in scene.description for title in titles if title)


def test_a_move_against_the_plan_has_a_sign() -> None:
    """Not by colour alone: a diamond stands in the pill."""
    scene = plan(journey(), card({("a", "b"): 30, ("c", "a"): 7}))
    figures = next(m for m in scene.marks if isinstance(m, Group) and m.kind == "figures")

    assert 1 == sum(isinstance(mark, Path) for mark in figures.marks)


def wide(count: int, stages: tuple[int, ...]) -> Journey:
    """A map of so many touchpoints, cut into stages at these places."""
    touchpoints = [Touchpoint(id=f"t{i}", title=f"Does {i}", match=Match(event=f"t{i}")) for i in range(count)]
    cuts = pairwise((0, *stages, count))
    return Journey(
        id="j", title="J", stages=[Stage(id=f"s{a}", title=f"S {a}", touchpoints=touchpoints[a:b]) for a, b in cuts]
    )


@pytest.mark.parametrize(("count", "columns"), [(16, 2), (30, 2), (31, 3), (60, 4)])
def test_columns_are_alike_and_end_with_stages(count: int, columns: int) -> None:
    """At most fifteen touchpoints a column on average, each touchpoint in one; a stage near the break is not cut."""
    alike = breaks([60.0] * count, [0] * count)
    staged = breaks([60.0] * count, [0] * (count // columns + 2) + [1] * (count - count // columns - 2))

    assert columns == len(alike)
    assert [(0, count)] == [(alike[0].first, alike[-1].behind)]
    assert all(a.behind == b.first for a, b in pairwise(alike))
    assert max(c.behind - c.first for c in alike) - min(c.behind - c.first for c in alike) <= 1
    assert count // columns + 2 == staged[0].behind


def test_a_move_to_another_column_is_named_at_both_ends() -> None:
    """From 2 to 19 no line runs: both cards say where it comes from and leads to, and how often; the joint is a line."""
    mapped = wide(20, (10,))
    moves = {(f"t{i}", f"t{i + 1}"): 50 for i in range(19)} | {("t1", "t18"): 33, ("t15", "t2"): 21, ("t3", None): 17}
    scene = plan(mapped, card(moves), share=1.0)
    cards = next(m for m in scene.marks if isinstance(m, Group) and m.kind == "touchpoints")
    said = {
        g.name: [line.text for text in texts(g.marks) for line in text.lines]
        for g in cards.marks
        if isinstance(g, Group)
    }
    lines = next(m for m in scene.marks if isinstance(m, Group) and m.kind == "moves")
    names = {g.name for g in lines.marks if isinstance(g, Group)}

    assert ["19", "33"] == said["t1"][-2:]
    assert ["2", "33"] == said["t18"][-2:]
    assert ["3", "21"] == said["t15"][-2:]
    assert ["16", "21"] == said["t2"][-2:]
    assert ["End", "17"] == said["t3"][-2:]
    assert {f"{i + 1}-{i + 2}" for i in range(19)} == names
    assert "from Does 1 to Does 18, 33 times" in scene.description


def test_lines_of_all_columns_have_one_scale() -> None:
    """A rare move is thin in its own column too, where nothing is more frequent."""
    moves = {(f"t{i}", f"t{i + 1}"): 900 if i < 9 else 9 for i in range(19)}
    scene = plan(wide(20, (10,)), card(moves), share=1.0)
    lines = next(m for m in scene.marks if isinstance(m, Group) and m.kind == "moves")
    widths = {
        g.name: max(path.width for path in g.marks if isinstance(path, Path) and path.stroke == "bar")
        for g in lines.marks
        if isinstance(g, Group)
    }

    assert widths["1-2"] > 8
    assert widths["12-13"] < 2


@pytest.mark.parametrize(("count", "least"), [(8, 0.9), (12, 0.6), (20, 0.6), (40, 0.8), (60, 1.0)])
def test_a_long_map_is_a_page_and_no_ribbon(count: int, least: float) -> None:
    """However many touchpoints, the picture is neither much higher than wide nor endlessly wide."""
    moves = {(f"t{i}", f"t{i + 1}"): 50 for i in range(count - 1)} | {("t5", "t2"): 30, ("t1", "t6"): 20}
    scene = plan(wide(count, (count // 3, 2 * count // 3)), card(moves))

    assert least < scene.width / scene.height < 3.4
    assert max(scene.width, scene.height) < 2600
