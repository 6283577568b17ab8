"""The figures of many curves as a small table under them: where three lines run together, no number can stand beside its own.

A row a curve, its name and line at the left, its figure in the middle of every column.
"""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.feelings import Point
from journeykit.drawing.scene import Mark, Path, Rule
from journeykit.drawing.swimlane.course import STROKES
from journeykit.drawing.swimlane.frame import INSET, LABELS, MARGIN, Column, Frame, voiced
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.text import measure
from journeykit.model._frozen import Value

__all__ = ["Strip", "strip", "stripped"]

_MANY = 3
_SAMPLE, _INDENT, _BETWEEN = 30.0, 28.0, 6.0


@frozen(kw_only=True, eq=False, repr=False)
class Strip(Value):
    """The table laid out: its height, what stands on the page, and what in each column."""

    height: float
    page: tuple[Mark, ...]
    cells: tuple[tuple[Mark, ...], ...]


def stripped(sketch: Sketch) -> bool:
    """Whether the curves' figures stand in a table and not at their points."""
    return len(sketch.voices) >= _MANY


def strip(sketch: Sketch, frame: Frame, top: float) -> Strip:
    """The table from ``top`` on."""
    page: list[Mark] = [Rule(x1=MARGIN + _INDENT, y1=top, x2=frame.end, y2=top, stroke="line", dash="2 5")]
    cells: list[list[Mark]] = [[] for _ in sketch.cells]
    y = top + _BETWEEN
    for index, voice in enumerate(sketch.voices):
        stroke, width, dash = STROKES[index]
        x = MARGIN + _INDENT
        line = Path(commands=(("M", (x, y + 8)), ("L", (x + _SAMPLE, y + 8))), stroke=stroke, width=width, dash=dash)
        room = LABELS - _INDENT - _SAMPLE - 20
        name = block(voice.name, x + _SAMPLE + 8, y, room, size=12.5, weight=600, colour=stroke, most=2)
        page += voiced(voice.persona, (line, name.text))
        height = name.height
        for place, (cell, column) in enumerate(zip(sketch.cells, frame.columns, strict=True)):
            point = cell.feelings[index] if cell.feelings else None
            if point is None:
                continue
            texts = _figure(sketch, point, column, y, stroke)
            cells[place] += voiced(voice.persona, (text.text for text in texts))
            height = max(height, sum(text.height for text in texts))
        y += height + _BETWEEN
    return Strip(height=y - top, page=tuple(page), cells=tuple(map(tuple, cells)))


def _figure(sketch: Sketch, point: Point, column: Column, y: float, ink: str) -> list[Block]:
    """The signed figure and the word for the feeling, in one line where it fits."""
    value, word = sketch.words.signed(point.valence), point.label or ""
    whole = f"{value} {word}".rstrip()
    fits = measure(whole, 12.5, 700) <= column.inner
    said = whole if fits else value
    first = block(said, INSET, y, column.inner, size=12.5, weight=700, colour=ink, align="middle", most=1)
    if fits:
        return [first]
    below = y + first.height
    return [first, block(word, INSET, below, column.inner, size=12, weight=600, colour=ink, align="middle", most=2)]
