"""The lanes of a pair of maps: the second map's row under the first's, each with its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Mark, Rect, Rule
from journeykit.drawing.swimlane.frame import INSET, LABELS, MARGIN, Frame, LaneMarks
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.text import measure
from journeykit.model import Touchpoint

__all__ = ["both", "differs"]

_BETWEEN, _PILLS, _NAME = 20.0, 12.0, 24.0
_FIELDS = {
    "thoughts": ("thoughts",),
    "pains": ("pains",),
    "opportunities": ("opportunities",),
    "backstage": ("backstage", "owner"),
}


def differs(drawn: Sketch, lane: str) -> bool:
    """Whether a lane of a pair needs a row for each map; where both say the same, one row says it."""
    if drawn.other is None or lane in ("emotion", "board", "scores"):
        return False
    if lane == "touchpoints":
        return True
    pairs = zip(drawn.every, drawn.other.every, strict=True)
    return any(_said(one.touchpoint, lane) != _said(two.touchpoint, lane) for one, two in pairs)


def _said(touchpoint: object, lane: str) -> list[object]:
    return [value for name in _FIELDS[lane] if (value := getattr(touchpoint, name, None))]


def both(
    draw: Callable[[Sketch, Frame, float], LaneMarks], drawn: Sketch, frame: Frame, top: float, label: float, lane: str
) -> LaneMarks:
    """The lane of both maps; ``label`` is the height of the lane's own label. What the second map leaves as it is, it does not
    repeat.
    """
    other = drawn.other or drawn
    down = _PILLS if lane == "touchpoints" else 0.0
    kept = {index for index, pair in enumerate(_pairs(drawn)) if _repeats(*pair, lane)}
    other = _without(other, kept, lane)
    first = draw(drawn, frame, top)
    page: list[Mark] = [*first.page, *_name(drawn.label, top + label + 6)]
    middle = top + max(first.height, label + 6 + _NAME) + _BETWEEN / 2
    page.append(Rule(x1=MARGIN, y1=middle, x2=frame.right, y2=middle, stroke="edge", dash="1 5"))
    start = middle + _BETWEEN / 2 + down
    second = draw(other, frame, start)
    page += [*_name(other.label, start - down), *second.page]
    cells = [(*one, *two) for one, two in zip(first.cells, second.cells, strict=True)]
    for index in kept:
        inner = frame.columns[index].inner
        same = block(drawn.words.text("change.same"), INSET, start + 1, inner, size=12, colour="subtle", most=1)
        cells[index] = (*cells[index], same.text)
    return LaneMarks(height=start + max(second.height, _NAME) - top, cells=tuple(cells), page=tuple(page))


def _pairs(drawn: Sketch) -> list[tuple[Touchpoint | None, Touchpoint | None]]:
    cells = zip(drawn.cells, drawn.other.cells if drawn.other else drawn.cells, strict=True)
    return [(one.touchpoint, two.touchpoint) for one, two in cells]


def _repeats(one: Touchpoint | None, two: Touchpoint | None, lane: str) -> bool:
    """Whether the second map says in a lane what the first one says, and says anything."""
    said = _said(two, lane) if lane in _FIELDS else []
    return bool(said) and said == _said(one, lane)


def _without(other: Sketch, kept: set[int], lane: str) -> Sketch:
    """The second map with nothing in a lane where it repeats the first."""
    cells = list(other.cells)
    for index in kept:
        touchpoint = cells[index].touchpoint
        if touchpoint is not None:
            empty: dict[str, Any] = {name: None if name == "owner" else () for name in _FIELDS[lane]}
            cells[index] = evolve(cells[index], touchpoint=evolve(touchpoint, **empty))
    return evolve(other, cells=tuple(cells))


def _name(name: str, y: float) -> list[Mark]:
    room = LABELS - 28 - 36
    wide = min(room, measure(name, 12, 600) + 1)
    words = block(name, MARGIN + 38, y + 3.5, wide, size=12, weight=600, align="middle", most=1)
    return [Rect(box=Box(x=MARGIN + 28, y=y, width=wide + 20, height=_NAME), radius=6, fill="chip"), words.text]
