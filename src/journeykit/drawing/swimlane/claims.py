"""The lanes of words: what customers think and say, what hurts, what could be done, and who works backstage."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Mark, Rect
from journeykit.drawing.swimlane.emotion import sign
from journeykit.drawing.swimlane.frame import INSET, Column, Frame, LaneMarks, voiced
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.wording import Wording
from journeykit.model import Opportunity, Touchpoint

__all__ = ["backstage", "opportunities", "pains", "severity_bars", "thoughts"]

_SHARED = 70.0
Draw = Callable[[Cell, Touchpoint, Column, float], tuple[list[Mark], float]]


def _lane(sketch: Sketch, frame: Frame, top: float, draw: Draw) -> LaneMarks:
    """A lane whose cells grow downwards, each at its own pace."""
    drawn = [
        draw(cell, cell.touchpoint, column, top) if cell.touchpoint else ([], top)
        for cell, column in zip(sketch.cells, frame.columns, strict=True)
    ]
    height = max((bottom for _, bottom in drawn), default=top) - top
    return LaneMarks(height=height, cells=tuple(tuple(marks) for marks, _ in drawn))


def thoughts(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """Quotes, each with a bar in the colour of the emotion there."""
    bars = {1: "pos", 0: "edge", -1: "neg"}

    def draw(cell: Cell, touchpoint: Touchpoint, column: Column, y: float) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        for index, thought in enumerate(touchpoint.thoughts):
            y += 12 if index else 0
            feeling = sketch.felt(cell, thought.persona)
            bar = bars[sign(feeling.valence)] if feeling else "edge"
            words = sketch.words.quoted(thought.text)
            said = block(words, INSET + 12, y, column.inner - 12, italic=True)
            start = y
            own: list[Mark] = [said.text]
            y += said.height
            if name := sketch.name_of(thought.persona):
                by = block(name, INSET + 12, y + 1, column.inner - 12, size=12, colour="subtle", most=3)
                own.append(by.text)
                y += 1 + by.height
            own.append(Rect(box=Box(x=INSET, y=start, width=3, height=y - start), radius=1.5, fill=bar))
            marks += voiced(thought.persona, own)
        return marks, y

    return _lane(sketch, frame, top, draw)


def severity_bars(x: float, y: float, severity: int) -> Iterator[Mark]:
    """Three small bars, as many filled as the pain is severe."""
    for place in range(3):
        box = Box(x=x + 15 * place, y=y, width=12, height=7)
        yield Rect(box=box, radius=2, fill="neg" if place < severity else None, stroke="neg")


def pains(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """Pains with their severity as bars and as a word."""

    def draw(_: Cell, touchpoint: Touchpoint, column: Column, y: float) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        for index, pain in enumerate(touchpoint.pains):
            y += 12 if index else 0
            own = [*severity_bars(INSET + 0.5, y + 4.5, pain.severity)]
            head = block(
                sketch.words.text(f"severity.{pain.severity}"),
                INSET + 52, y, column.inner - 52, size=12, weight=600, colour="neg",
            )  # fmt: skip
            words = block(pain.text, INSET, y + head.height + 2, column.inner)
            own += [head.text, words.text]
            y += head.height + 2 + words.height
            if name := sketch.name_of(pain.persona):
                by = block(name, INSET, y + 1, column.inner, size=12, colour="subtle", most=3)
                own.append(by.text)
                y += 1 + by.height
            marks += voiced(pain.persona, own)
        return marks, y

    return _lane(sketch, frame, top, draw)


def _effect(words: Wording, opportunity: Opportunity) -> list[str]:
    lines = [words.text(f"impact.{opportunity.impact}")] if opportunity.impact else []
    lines += [words.text(f"effort.{opportunity.effort}")] if opportunity.effort else []
    if opportunity.status in ("planned", "doing", "done", "dropped"):
        lines.append(words.text(f"status.{opportunity.status}"))
    return lines


def _opportunity(words: Wording, opportunity: Opportunity, column: Column, y: float) -> tuple[list[Mark], float]:
    title = block(opportunity.title, INSET + 10, y + 9, column.inner - 20, weight=600)
    marks: list[Mark] = [title.text]
    y += 9 + title.height + 3
    for line in _effect(words, opportunity):
        effect = block(line, INSET + 10, y, column.inner - 20, size=12, colour="pos", most=2)
        marks.append(effect.text)
        y += effect.height
    return marks, y + 9


def opportunities(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """Opportunity cards; those of one row share a height."""
    cells: list[list[Mark]] = [[] for _ in sketch.cells]
    y = top
    rows = max((len(cell.touchpoint.opportunities) for cell in sketch.cells if cell.touchpoint), default=0)
    for row in range(rows):
        y += 10 if row else 0
        drawn = {}
        for index, (cell, column) in enumerate(zip(sketch.cells, frame.columns, strict=True)):
            if cell.touchpoint and row < len(cell.touchpoint.opportunities):
                drawn[index] = _opportunity(sketch.words, cell.touchpoint.opportunities[row], column, y)
        bottom = max((end for _, end in drawn.values()), default=y)
        # A row shares its height, unless one of its cards is so long that the others would be empty boxes beside it.
        bottoms = {i: bottom if bottom - end <= _SHARED else end for i, (_, end) in drawn.items()}
        for index, (marks, _) in drawn.items():
            box = Box(x=INSET, y=y, width=frame.columns[index].inner, height=bottoms[index] - y)
            cells[index] += [Rect(box=box, radius=0.75 * sketch.spacing.radius, fill="posbg"), *marks]
        y = bottom
    return LaneMarks(height=y - top, cells=tuple(tuple(marks) for marks in cells))


def backstage(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """Who and what works behind the line of visibility; the owner comes last."""

    def draw(_: Cell, touchpoint: Touchpoint, column: Column, y: float) -> tuple[list[Mark], float]:
        marks: list[Mark] = []
        for index, name in enumerate(_behind(sketch.words, touchpoint)):
            y += 6 if index else 0
            words = block(name, INSET + 10, y + 8, column.inner - 20, size=12.5, colour="muted")
            box = Box(x=INSET, y=y, width=column.inner, height=words.height + 16)
            marks += [Rect(box=box, radius=sketch.spacing.radius / 1.5, fill="chip"), words.text]
            y = box.bottom
        return marks, y

    return _lane(sketch, frame, top, draw)


def _behind(words: Wording, touchpoint: Touchpoint) -> list[str]:
    return [*touchpoint.backstage, *([words.text("owner", owner=touchpoint.owner)] if touchpoint.owner else [])]
