"""Where the numbers of the points stand: on the point itself, or beside it with a thin line where points lie too close."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, pi, sin

from attrs import frozen

from journeykit.drawing.curve import Point
from journeykit.drawing.scene import Box

__all__ = ["DOT", "Badge", "badges", "crosses", "meets"]

DOT = 3.5
"""The radius of a point whose number stands beside it."""

# What a place costs, against a pixel of distance from the point.
_ON_A_BADGE, _ON_A_WORD, _THROUGH_A_BADGE, _ON_A_DOT, _CROSSED, _AWAY = 1000.0, 800.0, 500.0, 400.0, 300.0, 12.0
_TURNS, _SWEEPS = 16, 12


@frozen(kw_only=True)
class Badge:
    """The middle of a number's disc, and the point it speaks of."""

    at: Point
    point: Point
    r: float

    @property
    def away(self) -> bool:
        """Whether it stands beside its point."""
        return self.at != self.point

    @property
    def leader(self) -> tuple[Point, Point]:
        """The line from the point to the edge of the disc."""
        (x1, y1), (x2, y2) = self.point, self.at
        far = hypot(x2 - x1, y2 - y1) or 1.0
        return self.point, (x2 - (x2 - x1) * self.r / far, y2 - (y2 - y1) * self.r / far)


def badges(points: Sequence[Point], r: float, room: Box, words: Sequence[Box]) -> list[Badge]:
    """A badge for every point, in their order, each in the ``room``, clear of each other and of the ``words`` of the plot.

    Each takes in turn the place that costs least while the others stand still, until none moves any more.
    """
    made = [Badge(at=point, point=point, r=r) for point in points]
    near = [
        [j for j, other in enumerate(points) if j != i and hypot(other[0] - x, other[1] - y) < 9 * r]
        for i, (x, y) in enumerate(points)
    ]
    costs = [_Costs(room, words, [points[j] for j in near[i]]) for i in range(len(points))]
    for _ in range(_SWEEPS):
        before = list(made)
        for i, own in enumerate(made):
            others = [made[j] for j in near[i]]
            best, least = own, costs[i].of(own, others, float("inf"))
            for badge in _places(points[i], r):
                if (cost := costs[i].of(badge, others, least)) < least:
                    best, least = badge, cost
            made[i] = best
        if made == before:
            break
    return made


def _places(point: Point, r: float) -> list[Badge]:
    """The point itself, then rings around it, the nearest first."""
    x, y = point
    found = [Badge(at=point, point=point, r=r)]
    for far in (r + 7, 1.6 * r + 8, 2.3 * r + 10, 3.2 * r + 12, 4.4 * r + 12, 5.8 * r + 12):
        for turn in range(_TURNS):
            # Straight up comes first: there a reader looks for a name.
            angle = 2 * pi * turn / _TURNS - pi / 2
            found.append(Badge(at=(round(x + far * cos(angle), 2), round(y + far * sin(angle), 2)), point=point, r=r))
    return found


class _Costs:
    """What a place costs one badge."""

    def __init__(self, room: Box, words: Sequence[Box], dots: Sequence[Point]) -> None:
        self.room, self.words, self.dots = room, words, dots

    def of(self, badge: Badge, others: Sequence[Badge], least: float) -> float:
        """The cost, rounded so that the last digit of a float decides nothing; from ``least`` on it is no longer exact."""
        (x, y), r = badge.at, badge.r
        own = Box(x=x - r, y=y - r, width=2 * r, height=2 * r)
        cost = hypot(x - badge.point[0], y - badge.point[1]) + (_AWAY if badge.away else 0.0)
        if not self.room.contains(own):
            cost += 2 * _ON_A_BADGE
        cost += _ON_A_WORD * sum(1 for box in self.words if own.overlaps(box))
        cost += _ON_A_DOT * sum(
            1 for dot in self.dots if dot != badge.point and hypot(dot[0] - x, dot[1] - y) < r + DOT
        )
        if cost >= least:
            return cost
        line = badge.leader
        for other in others:
            far = hypot(other.at[0] - x, other.at[1] - y)
            if far < 2 * r + 2:
                cost += _ON_A_BADGE + 2 * r - far
            if badge.away and meets(line, other.at, r + 1) and other.at != badge.point:
                cost += _THROUGH_A_BADGE
            if other.away and meets(other.leader, badge.at, r + 1):
                cost += _THROUGH_A_BADGE
            if badge.away and other.away and crosses(line, other.leader):
                cost += _CROSSED
            if cost >= least:
                return cost
        return round(cost, 3)


def meets(line: tuple[Point, Point], at: Point, r: float) -> bool:
    """Whether a line comes nearer than ``r`` to a place."""
    (x1, y1), (x2, y2) = line
    dx, dy = x2 - x1, y2 - y1
    length = dx * dx + dy * dy
    part = min(1.0, max(0.0, ((at[0] - x1) * dx + (at[1] - y1) * dy) / length)) if length else 0.0
    return hypot(x1 + part * dx - at[0], y1 + part * dy - at[1]) < r


def crosses(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two lines cross, other than at an end."""
    (a, b), (c, d) = one, other
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
