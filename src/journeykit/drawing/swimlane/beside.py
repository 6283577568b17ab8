"""The lanes of a pair of maps: the second map's row under the first's, each with its name."""

from __future__ import annotations

from collections.abc import Callable

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Mark, Rect, Rule
from journeykit.drawing.swimlane.frame import LABELS, MARGIN, Frame, LaneMarks
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.text import measure

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
    draw: Callable[[Sketch, Frame, float], LaneMarks],
    drawn: Sketch,
    frame: Frame,
    top: float,
    label: float,
    *,
    pills: bool,
) -> LaneMarks:
    """The lane of both maps; ``label`` is the height of the lane's own label, ``pills`` leaves room for those on the cards."""
    other = drawn.other or drawn
    down = _PILLS if pills else 0.0
    first = draw(drawn, frame, top)
    page: list[Mark] = [*first.page, *_name(drawn.label, top + label + 6)]
    middle = top + max(first.height, label + 6 + _NAME) + _BETWEEN / 2
    page.append(Rule(x1=MARGIN, y1=middle, x2=frame.right, y2=middle, stroke="edge", dash="1 5"))
    start = middle + _BETWEEN / 2 + down
    second = draw(other, frame, start)
    page += [*_name(other.label, start - down), *second.page]
    cells = tuple((*one, *two) for one, two in zip(first.cells, second.cells, strict=True))
    return LaneMarks(height=start + max(second.height, _NAME) - top, cells=cells, page=tuple(page))


def _name(name: str, y: float) -> list[Mark]:
    room = LABELS - 28 - 36
    wide = min(room, measure(name, 12, 600) + 1)
    words = block(name, MARGIN + 38, y + 3.5, wide, size=12, weight=600, align="middle", most=1)
    return [Rect(box=Box(x=MARGIN + 28, y=y, width=wide + 20, height=_NAME), radius=6, fill="chip"), words.text]
