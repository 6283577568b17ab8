"""A long flow in columns: where they break, and the line from the foot of one to the head of the next."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import attrs
from attrs import frozen

from journeykit.drawing.curve import Point
from journeykit.drawing.flow.routing import Pill, Route, Routed
from journeykit.drawing.flow.weighing import Edge

__all__ = ["Column", "breaks", "link", "whole"]

_MOST = 15
# A stage that goes on in the next column is worth this many pixels of uneven columns.
_CUT = 240.0


@frozen(kw_only=True)
class Column:
    """The touchpoints from ``first`` to before ``behind``, of ``size`` on the map, and the moves that are drawn in it."""

    first: int
    behind: int
    size: int

    def has(self, position: int) -> bool:
        """Whether a touchpoint stands in this column, or the start or end that the column has."""
        if position < 0:
            return self.first == 0
        return position < self.behind if position < self.size else self.behind == self.size

    def own(self, edge: Edge) -> bool:
        """Whether a move has both its ends in this column."""
        return all(self.has(p) and (p < 0 or p >= self.first) for p in (edge.source, edge.target))

    def local(self, edge: Edge) -> Edge:
        """The move by positions in the column."""
        source = edge.source - self.first if edge.source >= 0 else -1
        return attrs.evolve(edge, source=source, target=edge.target - self.first)

    def routed(self, found: Routed) -> Routed:
        """What was routed in the column, its moves again by positions on the map."""
        return attrs.evolve(found, routes=tuple(attrs.evolve(r, edge=self._whole(r.edge)) for r in found.routes))

    def _whole(self, edge: Edge) -> Edge:
        source = edge.source + self.first if edge.source >= 0 else -1
        return attrs.evolve(edge, source=source, target=edge.target + self.first)


def whole(size: int) -> tuple[Column, ...]:
    """Everything in one column."""
    return (Column(first=0, behind=size, size=size),)


def breaks(heights: Sequence[float], stages: Sequence[int]) -> tuple[Column, ...]:
    """Columns of nearly the same height that end where a stage ends, if they can; ``stages`` are those of the touchpoints."""
    size = len(heights)
    count = ceil(size / _MOST)
    aim = sum(heights) / count
    best: list[dict[int, tuple[float, tuple[int, ...]]]] = [{0: (0.0, ())}]
    for _ in range(count):
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, cuts) in best[-1].items():
            for end in range(start + 1, size + 1):
                own = abs(sum(heights[start:end]) - aim) ** 1.5
                cut = _CUT**1.5 if end < size and stages[end - 1] == stages[end] else 0.0
                made = round(cost + own + cut, 3), (*cuts, end)
                if end not in found or made < found[end]:
                    found[end] = made
        best.append(found)
    ends = best[-1][size][1]
    return tuple(Column(first=a, behind=b, size=size) for a, b in zip((0, *ends), ends, strict=False))


def link(edge: Edge, ends: tuple[Point, Point], low: float, gutter: float, width: float) -> Route:
    """The move from the foot of a column's last touchpoint, down to ``low``, up in the ``gutter``, to the next column's first."""
    (x1, y1), (x2, y2) = ends
    high = y2 - 34
    points = ((x1, y1), (x1, low), (gutter, low), (gutter, high), (x2, high), (x2, y2))
    return Route(edge=edge, points=points, pill=Pill(main=gutter, cross=(low + high) / 2), width=width)
