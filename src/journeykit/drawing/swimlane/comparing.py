"""Two maps on one grid of columns: which touchpoints are the same, and what happened to each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

import attrs
from attrs import frozen

from journeykit.drawing.wording import Wording
from journeykit.model import Journey, Stage, Touchpoint

__all__ = ["Change", "Column", "Comparison", "compared"]

# What a reader of the picture can see of a touchpoint, in the order it is told.
_SHOWN = (
    "title",
    "channels",
    "actions",
    "emotions",
    "thoughts",
    "pains",
    "opportunities",
    "moment",
    "backstage",
    "owner",
)


@frozen(kw_only=True)
class Change:
    """What happened to a touchpoint: ``added``, ``removed``, ``moved``, ``changed`` or ``same``, and more in words."""

    kind: str
    note: str = ""


@frozen(kw_only=True)
class Column:
    """One column of both maps; None where a map does not have the touchpoint. ``stage`` is an index of the joined stages."""

    stage: int
    before: Touchpoint | None
    after: Touchpoint | None
    change: Change


@frozen(kw_only=True)
class Comparison:
    """The stages of both maps in one order, and their columns; a stage without touchpoints has one empty column."""

    stages: tuple[Stage, ...]
    columns: tuple[Column, ...]

    def tally(self) -> dict[str, int]:
        """How many touchpoints are of each kind."""
        found = dict.fromkeys(("added", "removed", "changed", "moved", "same"), 0)
        for column in self.columns:
            if column.before or column.after:
                found[column.change.kind] += 1
        return found


def compared(before: Journey, after: Journey, words: Wording) -> Comparison:
    """Both maps by columns: the order of the first, with what is new in the second behind what precedes it there.

    A touchpoint that stands elsewhere in the second map keeps its column and counts as moved; as few as can be do.
    """
    olds = {touchpoint.id: touchpoint for touchpoint in before.touchpoints()}
    news = {touchpoint.id: touchpoint for touchpoint in after.touchpoints()}
    places = {t.id: stage.id for stage in after.stages for t in stage.touchpoints}
    ids = _joined([stage.id for stage in before.stages], [stage.id for stage in after.stages])
    stages = [_stage(id, before, after, words) for id in ids]
    moved = _out_of_order([id for id in olds if id in news], [id for id in news if id in olds])
    columns: list[Column] = []
    for index, id in enumerate(ids):
        old = [t.id for stage in before.stages if stage.id == id for t in stage.touchpoints]
        new = [
            t.id
            for stage in after.stages
            if stage.id == id
            for t in stage.touchpoints
            if t.id not in olds or t.id in old
        ]
        for touchpoint in _joined(old, new):
            first, second = olds.get(touchpoint), news.get(touchpoint)
            change = _change(first, second, words, touchpoint in moved)
            if second and first and places[touchpoint] != id:
                title = next(stage.title for stage in after.stages if stage.id == places[touchpoint])
                note = ", ".join(filter(None, [words.text("change.to-stage", stage=title), change.note]))
                change = Change(kind="moved", note=note)
            columns.append(Column(stage=index, before=first, after=second, change=change))
        if not columns or columns[-1].stage != index:
            columns.append(Column(stage=index, before=None, after=None, change=Change(kind="same")))
    return Comparison(stages=tuple(stages), columns=tuple(columns))


def _joined(first: list[str], second: list[str]) -> list[str]:
    """The first list with what only the second has, each behind what precedes it there."""
    found = list(first)
    for place, id in enumerate(second):
        if id not in found:
            ahead = next((found.index(other) for other in reversed(second[:place]) if other in found), -1)
            found.insert(ahead + 1, id)
    return found


def _stage(id: str, before: Journey, after: Journey, words: Wording) -> Stage:
    old = next((stage for stage in before.stages if stage.id == id), None)
    new = next((stage for stage in after.stages if stage.id == id), None)
    (stage, *_) = (found for found in (old, new) if found)
    notes = [stage.goal or ""]
    if old is None or new is None:
        notes.append(words.text("change.added" if old is None else "change.removed"))
    elif new.title != old.title:
        notes.append(words.text("change.renamed", title=new.title))
    return attrs.evolve(stage, goal=" · ".join(filter(None, notes)) or None, touchpoints=())


def _change(before: Touchpoint | None, after: Touchpoint | None, words: Wording, moved: bool) -> Change:
    if before is None or after is None:
        return Change(kind="added" if before is None else "removed")
    fields = [name for name in _SHOWN if getattr(before, name) != getattr(after, name)]
    note = words.joined(words.text(f"field.{name}") for name in fields)
    return Change(kind="moved" if moved else "changed" if fields else "same", note=note)


def _out_of_order(first: list[str], second: list[str]) -> set[str]:
    """The fewest ids to take out so that the rest stands in the same order in both."""
    place = {id: index for index, id in enumerate(second)}
    kept = set(_rising([(place[id], id) for id in first]))
    return set(first) - kept


def _rising(pairs: list[tuple[int, str]]) -> Iterator[str]:
    """The ids of a longest rising run of places (patience sorting)."""
    tops: list[int] = []
    chains: list[tuple[str, int]] = []
    ends: list[int] = []
    for index, (place, id) in enumerate(pairs):
        at = bisect_left(tops, place)
        chains.append((id, ends[at - 1] if at else -1))
        if at == len(tops):
            tops.append(place)
            ends.append(index)
        else:
            tops[at], ends[at] = place, index
    last = ends[-1] if ends else -1
    while last >= 0:
        id, last = chains[last]
        yield id
