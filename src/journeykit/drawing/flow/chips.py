"""Moves to and from touchpoints of another column: named on the touchpoint, where a line would cross the whole picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from journeykit.drawing.blocks import block, span
from journeykit.drawing.flow.lines import diamond, ink
from journeykit.drawing.flow.telling import pill_words, told
from journeykit.drawing.flow.weighing import Edge
from journeykit.drawing.scene import Box, Group, Mark, Path, Rect
from journeykit.drawing.viewing import View

__all__ = ["Chip", "chips", "height", "marks"]

_ROW, _GAP, _ARROW = 24.0, 6.0, 18.0


@frozen(kw_only=True)
class Chip:
    """A move at one of its ends: ``out`` where it leaves, what stands at the other end, and all of it in words."""

    edge: Edge
    out: bool
    other: str
    count: str
    told: str

    @property
    def width(self) -> float:
        """The width of the chip."""
        sign = 14.0 if self.edge.planned is False else 0.0
        return 16 + sign + span(self.other, 12, 600) + _ARROW + (span(self.count, 12) + 7 if self.count else 0.0)


def chips(drawn: View, edges: Sequence[Edge], position: int) -> tuple[Chip, ...]:
    """The chips of a touchpoint: where it is come to from, then where it leads to, the most frequent first."""
    own = sorted(edges, key=lambda e: (e.target != position, -(e.count or 0), e.source, e.target))
    found = []
    for edge in own:
        if position in (edge.source, edge.target):
            out = edge.source == position
            other = _name(drawn, edge.target if out else edge.source)
            found.append(
                Chip(
                    edge=edge,
                    out=out,
                    other=other,
                    count=pill_words(edge, drawn.words),
                    told=told(edge, drawn, drawn.words),
                )
            )
    return tuple(found)


def _name(drawn: View, position: int) -> str:
    if position < 0:
        return drawn.words.text("start")
    return drawn.words.text("end") if position >= len(drawn.spots) else drawn.words.number(position + 1)


def _placed(own: Sequence[Chip], room: float) -> Iterator[tuple[Chip, float, float]]:
    x = y = 0.0
    for chip in own:
        if x and x + chip.width > room:
            x, y = 0.0, y + _ROW
        yield chip, x, y
        x += chip.width + _GAP


def height(own: Sequence[Chip], room: float) -> float:
    """The height that the chips take in this width."""
    return max((y + _ROW for _, _, y in _placed(own, room)), default=0.0)


def marks(own: Sequence[Chip], box: Box) -> list[Mark]:
    """The chips in rows from the upper corner of ``box`` on."""
    found: list[Mark] = []
    for chip, x, y in _placed(own, box.width):
        found.append(Group(title=chip.told, marks=tuple(_drawn(chip, box.x + x, box.y + y))))
    return found


def _drawn(chip: Chip, x: float, y: float) -> list[Mark]:
    """The number of the touchpoint at the other end before or behind an arrow, then how often."""
    role = ink(chip.edge)
    edge = {"subtle": "edge", "bar": "bar", "neg": "neg"}[role]
    words = {"subtle": "muted", "bar": "ink", "neg": "neg"}[role]
    found: list[Mark] = [Rect(box=Box(x=x, y=y, width=chip.width, height=20), radius=10, fill="card", stroke=edge)]
    x += 8
    if chip.edge.planned is False:
        found.append(diamond(x + 4, y + 10))
        x += 14
    long = span(chip.other, 12, 600)
    arrow, at = (x, x + _ARROW) if chip.out else (x + long + 4, x)
    found += _arrow(arrow, y + 10, role)
    found.append(block(chip.other, at, y + 2, long + 0.01, size=12, weight=600, colour=words, most=1).text)
    x += long + _ARROW + 7
    if chip.count:
        room = span(chip.count, 12) + 0.01
        found.append(
            block(chip.count, x, y + 2, room, size=12, colour="muted" if words == "ink" else words, most=1).text
        )
    return found


def _arrow(x: float, y: float, role: str) -> list[Mark]:
    shaft = (("M", (x, y)), ("L", (x + 12, y)))
    tip = (("M", (x + 8, y - 4)), ("L", (x + 13, y)), ("L", (x + 8, y + 4)))
    return [Path(commands=shaft, stroke=role, width=1.8), Path(commands=tip, stroke=role, width=1.8)]
