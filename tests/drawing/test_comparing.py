"""Two maps on one grid of columns: what is the same, and what happened to the rest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.swimlane.comparing import compared
from journeykit.drawing.wording import wording
from journeykit.model import Emotion, Journey, Stage, Touchpoint

WORDS = wording("en")


def journey(*stages: str, **titles: str) -> Journey:
    """A journey of stages such as ``buy: cart pay``; ``titles`` name touchpoints otherwise."""
    made = []
    for text in stages:
        id, _, ids = text.partition(":")
        touchpoints = tuple(Touchpoint(id=t, title=titles.get(t, t)) for t in ids.split())
        made.append(Stage(id=id, title=id.capitalize(), touchpoints=touchpoints))
    return Journey(id="j", title="J", stages=tuple(made))


def kinds(before: Journey, after: Journey) -> dict[str, str]:
    return {
        (column.before or column.after).id: column.change.kind
        for column in compared(before, after, WORDS).columns
        if column.before or column.after
    }


def test_every_touchpoint_of_both_maps_has_one_column() -> None:
    """What is new stands behind what precedes it in its own map; the order of the first map is kept."""
    before, after = journey("a: x y z"), journey("a: new x between z last")
    columns = compared(before, after, WORDS).columns

    assert ["new", "x", "between", "y", "z", "last"] == [(c.before or c.after).id for c in columns]
    assert {"new": "added", "x": "same", "between": "added", "y": "removed", "z": "same", "last": "added"} == kinds(
        before, after
    )


def test_a_change_names_what_differs() -> None:
    """Another title, another emotion: the fields are told in words."""
    before = journey("a: x y")
    after = before.replace("x", title="Another", emotions=(Emotion(valence=1),))
    change = compared(before, after, WORDS).columns[0].change

    assert ("changed", "name, emotion") == (change.kind, change.note)


def test_as_few_as_can_be_have_moved() -> None:
    """One touchpoint that jumped the queue has moved, not all those it passed; another stage is a move too."""
    assert {"x": "same", "y": "same", "z": "same", "w": "moved"} == kinds(journey("a: w x y z"), journey("a: x y z w"))

    columns = compared(journey("a: x y", "b: z"), journey("a: x", "b: y z"), WORDS).columns
    assert ["same", "moved", "same"] == [column.change.kind for column in columns]
    assert "now in B" == columns[1].change.note


def test_stages_of_both_maps_come_in_one_order() -> None:
    """A stage only one map has says so; a renamed one tells its new name; an empty one keeps a column."""
    before = journey("a: x", "old: y", "empty:")
    after = journey("a: x", "new: z", "empty:")
    found = compared(before, after.replace("a", title="Aha"), WORDS)

    assert ["a", "new", "old", "empty"] == [stage.id for stage in found.stages]
    assert ["after: Aha", "New", "Dropped", None] == [stage.goal for stage in found.stages]
    assert (3, None) == (found.columns[-1].stage, found.columns[-1].before)


def test_the_tally_counts_every_touchpoint_once() -> None:
    """Added and removed, changed, moved and the same add up to the columns that hold a touchpoint."""
    found = compared(journey("a: w x y z"), journey("a: y w z new"), WORDS)

    assert {"added": 1, "removed": 1, "changed": 0, "moved": 1, "same": 2} == found.tally()


IDS = st.lists(st.sampled_from([f"t{i}" for i in range(8)]), unique=True)


@given(IDS, IDS, IDS, IDS)
def test_any_two_maps_can_be_compared(first: list[str], second: list[str], third: list[str], fourth: list[str]) -> None:
    """Whatever the order, each touchpoint has exactly one column, and what both have in the same order is not moved."""
    one = journey(f"a: {' '.join(first)}", f"b: {' '.join(i for i in second if i not in first)}")
    two = journey(f"b: {' '.join(third)}", f"c: {' '.join(i for i in fourth if i not in third)}")
    found = kinds(one, two)

    assert {t.id for j in (one, two) for t in j.touchpoints()} == set(found)
    assert {t.id: "same" for t in one.touchpoints()} == kinds(one, one)
