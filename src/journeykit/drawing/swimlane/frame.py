"""The grid of the map: margins, columns and their widths, and the text block every lane is built from."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from attrs import evolve, frozen

from journeykit.drawing.blocks import Block, legible
from journeykit.drawing.scene import Group, Mark
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.text import longest_word, measure, wrap
from journeykit.drawing.wording import Wording
from journeykit.model._frozen import Value

__all__ = [
    "INSET",
    "LABELS",
    "MARGIN",
    "Column",
    "Frame",
    "LaneMarks",
    "frame",
    "lowered",
    "records",
    "rows",
    "voiced",
]

MARGIN, LABELS = 32.0, 176.0
WIDE = 224.0
# Four columns of the greatest width: a narrower page would be a tall one, with its header and legend in many rows.
LEAST_PAGE = 1136.0
# Beyond this, who reads the title of a map does not see what stands at its other end.
_SEEN = 3840.0
# Columns of one width are calmer; for so much of the page's width they are worth it.
_CALM = 0.15
INSET = 6.0


@frozen(kw_only=True, eq=False, repr=False)
class Column(Value):
    """Where a cell stands on the page."""

    x: float
    width: float

    @property
    def inner(self) -> float:
        """The width of what stands in the column, between its insets."""
        return self.width - 2 * INSET


@frozen(kw_only=True, eq=False, repr=False)
class Frame(Value):
    """The columns and the page's width."""

    columns: tuple[Column, ...]
    width: float

    @property
    def left(self) -> float:
        """Where the columns begin."""
        return MARGIN + LABELS

    @property
    def right(self) -> float:
        """Where the columns end, and with them the page but for its margin."""
        return self.width - MARGIN

    @property
    def seen(self) -> float:
        """Where the columns end, or how far a reader at the beginning of a very wide page sees."""
        return min(self.right, _SEEN)

    @property
    def end(self) -> float:
        """Where the last column ends; a page may be wider."""
        return self.columns[-1].x + self.columns[-1].width if self.columns else self.right


@frozen(kw_only=True, eq=False, repr=False)
class LaneMarks(Value):
    """One lane laid out: marks on the page, marks a column (relative to it), and the height."""

    height: float
    cells: tuple[tuple[Mark, ...], ...]
    page: tuple[Mark, ...] = ()


def voiced(persona: str | None, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """The marks of one claim; where it is of one persona, in a group ``by-{persona}`` that a page can fade."""
    return tuple(marks) if persona is None else (Group(css=f"by-{persona}", marks=tuple(marks)),)


def lowered(of: Block, dy: float) -> Block:
    """The block that much further down."""
    text = evolve(of.text, y=of.text.y + dy, box=of.text.box.moved(0.0, dy))
    return Block(text=text, height=of.height)


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
        return sketch.words.text("not-measured")
    return (
        sketch.words.text("withheld") if cell.count.events is None else sketch.words.text("events", n=cell.count.events)
    )


def _needs(cell: Cell, words: Wording) -> Iterable[float]:
    """The widths of column at which no word of the cell is broken."""
    if cell.touchpoint is None:
        return
    touchpoint = cell.touchpoint
    yield longest_word(legible(touchpoint.title), 14, 600) + 24 + 2 * INSET
    if touchpoint.moment:
        yield measure(words.text("moment-of-truth"), 12, 600) + 45 + 2 * INSET
    yield longest_word(", ".join(touchpoint.channels), 12.5, 600) + 76 + 2 * INSET
    yield from (longest_word(legible(action), 12.5) + 24 + 2 * INSET for action in touchpoint.actions)
    yield from (longest_word(legible(words.quoted(t.text)), 13) + 12 + 2 * INSET for t in touchpoint.thoughts)
    yield from (longest_word(legible(pain.text), 13) + 2 * INSET for pain in touchpoint.pains)
    yield from (longest_word(legible(o.title), 13, 600) + 20 + 2 * INSET for o in touchpoint.opportunities)
    yield from (longest_word(legible(system), 12.5) + 20 + 2 * INSET for system in touchpoint.backstage)


def _column_width(cell: Cell, sketch: Sketch) -> float:
    need = max([sketch.spacing.column, *_needs(cell, sketch.words)])
    if cell.touchpoint and len(wrap(legible(cell.touchpoint.title), sketch.spacing.column - 36, 14, 600, most=8)) == 8:
        need = WIDE
    return min(WIDE, 8 * -(-need // 8))


def frame(sketch: Sketch, least: float = LEAST_PAGE) -> Frame:
    """The columns: as wide as the spacing says, up to 224 px where a word needs it, wider only to fill the smallest page.

    All are as wide as the widest where that makes the page little wider.

    A page that is to be as wide as its neighbours (``least``) spreads its columns to 224 px and leaves the rest free.
    """
    widths = [_column_width(cell, sketch) for cell in sketch.cells]
    if sketch.other:
        others = [_column_width(cell, sketch) for cell in sketch.other.cells]
        widths = [max(pair) for pair in zip(widths, others, strict=True)]
    for index, stage in enumerate(sketch.stages):
        own = [i for i, cell in enumerate(sketch.cells) if cell.stage == index]
        if not own:
            continue
        words = max(longest_word(stage.title, 16, 700), longest_word(stage.goal or "", 12.5))
        lack = words + 60 - sum(widths[i] for i in own)
        for i in own:
            widths[i] = max(widths[i], min(WIDE, widths[i] + max(0.0, 8 * -(-lack / len(own) // 8))))
    if widths and max(widths) * len(widths) <= (1 + _CALM) * sum(widths):
        widths = [max(widths)] * len(widths)
    spare = least - 2 * MARGIN - LABELS - sum(widths)
    if spare > 0 and widths:
        most = WIDE if least > LEAST_PAGE else least
        widths = [max(width, min(most, width + spare / len(widths))) for width in widths]
    starts = accumulate(widths, initial=MARGIN + LABELS)
    columns = tuple(Column(x=x, width=width) for x, width in zip(starts, widths, strict=False))
    total = 2 * MARGIN + LABELS + sum(widths)
    # Sums of widths differ in their last digit; pages of one map do not.
    return Frame(columns=columns, width=total if total > least + 1e-6 else least)
