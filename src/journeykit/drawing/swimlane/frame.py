"""The grid of the map: margins, columns and their widths, and the text block every lane is built from."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from attrs import frozen

from journeykit.drawing.scene import Align, Box, Mark, Text
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.swimlane.words import count, quoted
from journeykit.drawing.text import is_upright, longest_word, measure, wrap

__all__ = [
    "GAP",
    "INSET",
    "LABELS",
    "MARGIN",
    "MOST_LINES",
    "Block",
    "Column",
    "Frame",
    "LaneMarks",
    "block",
    "frame",
    "legible",
    "records",
    "rows",
]

MARGIN, LABELS = 32.0, 176.0
NARROW, WIDE = 160.0, 224.0
LEAST_PAGE = 880.0
INSET = 6.0
GAP = 22.0
# A text longer than this would push everything else off the screen; it ends in an ellipsis and stands whole in the tooltip.
MOST_LINES = 40
_MOST_CHARACTERS = 4000
_LEADING = 1.3


@frozen(kw_only=True)
class Column:
    """Where a cell stands on the page."""

    x: float
    width: float

    @property
    def inner(self) -> float:
        """The width of what stands in the column, between its insets."""
        return self.width - 2 * INSET


@frozen(kw_only=True)
class Frame:
    """The columns and the page's width."""

    columns: tuple[Column, ...]
    width: float

    @property
    def left(self) -> float:
        """Where the columns begin."""
        return MARGIN + LABELS

    @property
    def right(self) -> float:
        """Where the columns end."""
        return self.width - MARGIN


@frozen(kw_only=True)
class Block:
    """A wrapped text and the height it takes."""

    text: Text
    height: float

    @property
    def width(self) -> float:
        """The width of the longest line."""
        return max((line.width for line in self.text.lines), default=0.0)


@frozen(kw_only=True)
class LaneMarks:
    """One lane laid out: marks on the page, marks a column (relative to it), and the height."""

    height: float
    cells: tuple[tuple[Mark, ...], ...]
    page: tuple[Mark, ...] = ()


def legible(text: str) -> str:
    """The text, cut where no reader would follow it."""
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"


def block(
    text: str,
    x: float,
    top: float,
    width: float,
    *,
    size: float = 13,
    weight: int = 400,
    colour: str = "ink",
    align: Align = "left",
    italic: bool = False,
    most: int = MOST_LINES,
) -> Block:
    """The text wrapped into ``width``, its first line at ``top``; ``x`` is the left edge of its box whatever the alignment."""
    lines = wrap(legible(text), width, size, weight, most=most)
    leading = round(2 * _LEADING * size) / 2
    height = leading * len(lines)
    # The line's box is 1.02 em high, its baseline 0.8 em below the top of that.
    baseline = top + (leading - 1.02 * size) / 2 + 0.8 * size
    edge = {"left": x, "middle": x + width / 2, "right": x + width}[align]
    mark = Text(
        lines=lines,
        x=edge,
        y=baseline,
        size=size,
        weight=weight,
        leading=leading,
        colour=colour,
        align=align,
        italic=italic and not is_upright(text),
        box=Box(x=x, y=top, width=width, height=height),
    )
    return Block(text=mark, height=height)


def rows(parts: Iterable[str], width: float, size: float, weight: int = 400, between: str = " · ") -> list[str]:
    """The parts on as few lines as fit, parted by a sign that never begins or ends a line; a long part wraps by itself."""
    found: list[str] = []
    for part in filter(None, parts):
        if found and measure(legible(f"{found[-1]}{between}{part}"), size, weight) <= width:
            found[-1] += between + part
        else:
            found.append(part)
    return found


def records(sketch: Sketch, cell: Cell) -> str:
    """How often the touchpoint was seen, in words; empty when nothing was counted anywhere."""
    if sketch.coverage is None or cell.touchpoint is None:
        return ""
    if cell.count is None:
        return "not measured"
    return f"{count(cell.count.events)} {'event' if cell.count.events == 1 else 'events'}"


def _needs(cell: Cell, language: str) -> Iterable[float]:
    """The widths of column at which no word of the cell is broken."""
    if cell.touchpoint is None:
        return
    touchpoint = cell.touchpoint
    yield longest_word(legible(touchpoint.title), 14, 600) + 24 + 2 * INSET
    yield longest_word(", ".join(touchpoint.channels), 12.5, 600) + 76 + 2 * INSET
    yield from (longest_word(legible(action), 12.5) + 24 + 2 * INSET for action in touchpoint.actions)
    yield from (longest_word(legible(quoted(t.text, language)), 13) + 12 + 2 * INSET for t in touchpoint.thoughts)
    yield from (longest_word(legible(pain.text), 13) + 2 * INSET for pain in touchpoint.pains)
    yield from (longest_word(legible(o.title), 13, 600) + 20 + 2 * INSET for o in touchpoint.opportunities)
    yield from (longest_word(legible(system), 12.5) + 20 + 2 * INSET for system in touchpoint.backstage)


def _column_width(cell: Cell, language: str) -> float:
    need = max([NARROW, *_needs(cell, language)])
    if cell.touchpoint and len(wrap(legible(cell.touchpoint.title), NARROW - 36, 14, 600, most=8)) == 8:
        need = WIDE
    return min(WIDE, 8 * -(-need // 8))


def frame(sketch: Sketch) -> Frame:
    """The columns: 160 px each, up to 224 px where a word needs it, wider only to fill the smallest page."""
    widths = [_column_width(cell, sketch.journey.language) for cell in sketch.cells]
    for index, stage in enumerate(sketch.stages):
        own = [i for i, cell in enumerate(sketch.cells) if cell.stage == index]
        words = max(longest_word(stage.title, 16, 700), longest_word(stage.goal or "", 12.5))
        lack = words + 60 - sum(widths[i] for i in own)
        for i in own:
            widths[i] = max(widths[i], min(WIDE, widths[i] + max(0.0, 8 * -(-lack / len(own) // 8))))
    spare = LEAST_PAGE - 2 * MARGIN - LABELS - sum(widths)
    if spare > 0 and widths:
        widths = [width + spare / len(widths) for width in widths]
    starts = accumulate(widths, initial=MARGIN + LABELS)
    columns = tuple(Column(x=x, width=width) for x, width in zip(starts, widths, strict=False))
    return Frame(columns=columns, width=max(LEAST_PAGE, 2 * MARGIN + LABELS + sum(widths)))
