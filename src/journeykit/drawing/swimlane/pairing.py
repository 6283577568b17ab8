"""One map beside another: both as sketches with the same columns, so that the lanes of each can be drawn under the other's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from journeykit.drawing.feelings import Curve
from journeykit.drawing.swimlane.comparing import Change, Comparison, compared
from journeykit.drawing.swimlane.sketch import MOST_VOICES, Cell, Sketch, extremes, sketch
from journeykit.drawing.theme import Spacing
from journeykit.drawing.wording import Wording
from journeykit.model import Journey

if TYPE_CHECKING:
    from journeykit.results import Scorecard

__all__ = ["paired"]


def paired(
    journey: Journey,
    other: Journey,
    scores: Scorecard | None,
    persona: str | None = None,
    spacing: Spacing | None = None,
) -> Sketch:
    """The sketch of ``journey`` with its ``other`` and ``joined`` set; the scores are the first map's.

    Raises `ArgumentError` when the scorecard is of another journey or one of the maps has no such persona.
    """
    one, two = sketch(journey, scores, persona, spacing), sketch(other, None, persona, spacing)
    words = one.words
    found = compared(journey, other, words)
    labels = _labels(journey, other, words)
    befores = {cell.touchpoint.id: cell for cell in one.every if cell.touchpoint}
    afters = {cell.touchpoint.id: cell for cell in two.every if cell.touchpoint}
    first, second = [], []
    for column in found.columns:
        old = befores.get(column.before.id) if column.before else None
        new = afters.get(column.after.id) if column.after else None
        # In the first map only what it lacks is marked; what became of the rest stands in the second.
        first.append(_cell(old, column.stage, column.change if column.change.kind == "added" else None))
        second.append(_cell(new, column.stage, column.change))
    left = attrs.evolve(one, stages=found.stages, cells=tuple(first), every=tuple(first), label=labels[0])
    right = attrs.evolve(
        two,
        words=words,
        journey=attrs.evolve(other, language=journey.language),
        stages=found.stages,
        cells=tuple(second),
        every=tuple(second),
        label=labels[1],
    )
    left, right = (_with_extremes(side) for side in (left, right))
    subtitle = _subtitle(left, right, found)
    return attrs.evolve(left, other=right, joined=_joined(left, right), subtitle=subtitle)


def _with_extremes(side: Sketch) -> Sketch:
    peak, lowest = extremes(side.every, len(side.voices))
    return attrs.evolve(side, peak=peak, lowest=lowest)


def _cell(cell: Cell | None, stage: int, change: Change | None) -> Cell:
    if cell is None:
        return Cell(number=0, stage=stage, touchpoint=None, change=change)
    return attrs.evolve(cell, stage=stage, change=change)


def _labels(one: Journey, two: Journey, words: Wording) -> tuple[str, str]:
    """What the two maps are called: as is and to be where their status says so, else before and after."""
    if one.status == two.status:
        return words.text("beside.before"), words.text("beside.after")
    names = {"current": words.text("beside.as-is"), "future": words.text("beside.to-be")}
    return names[one.status], names[two.status]


def _subtitle(left: Sketch, right: Sketch, found: Comparison) -> tuple[str, ...]:
    words = left.words
    titles = [f"{side.label}: {side.journey.title}" for side in (left, right)]
    parts = titles if left.journey.title != right.journey.title else [left.label + " / " + right.label]
    tally = found.tally()
    return (*parts, words.text("change.summary", **tally))


def _joined(left: Sketch, right: Sketch) -> Sketch:
    """The curves of both maps in one sketch: as many of each as there is room for."""
    room = MOST_VOICES // 2
    counts = [min(len(left.voices), max(room, MOST_VOICES - len(right.voices)))]
    counts.append(min(len(right.voices), MOST_VOICES - counts[0]))
    sides = (left, right)
    voices = tuple(
        _named(voice, side) for side, most in zip(sides, counts, strict=True) for voice in side.voices[:most]
    )
    unheard = [f"{side.label}: {name}" for side in sides for name in side.unheard]
    for side, most in zip(sides, counts, strict=True):
        unheard += [_named(voice, side).name for voice in side.voices[most:]]
    cells = []
    for one, two in zip(left.every, right.every, strict=True):
        parts = zip((one, two), sides, counts, strict=True)
        feelings = [
            (*cell.feelings, *([None] * len(side.voices)))[index] for cell, side, most in parts for index in range(most)
        ]
        absent = [cell.touchpoint is None for cell, most in zip((one, two), counts, strict=True) for _ in range(most)]
        passed = frozenset(voice for voice, gone in enumerate(absent) if gone)
        cells.append(attrs.evolve(one, touchpoint=two.touchpoint, feelings=tuple(feelings), change=None, passed=passed))
    every = tuple(cells)
    peak, lowest = extremes(every, len(voices))
    return attrs.evolve(
        left, voices=voices, unheard=tuple(unheard), cells=every, every=every, subtitle=(), peak=peak, lowest=lowest
    )


def _named(voice: Curve, side: Sketch) -> Curve:
    name = side.label if len(side.voices) == 1 else f"{side.label}: {voice.name}"
    # Whose curve it is no longer says which: both maps may have the same personas.
    return attrs.evolve(voice, name=name)
