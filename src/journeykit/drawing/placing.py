"""Where a label stands beside its point: clear of other labels, of markers and, where there is room, of every line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from journeykit.drawing.curve import Point
from journeykit.drawing.scene import Box
from journeykit.model._frozen import Value

__all__ = ["Surroundings", "place"]

# What it costs a label to stand on something, against a pixel of distance from its point.
_ON_A_LABEL, _ON_A_MARKER, _ON_A_LINE = 1e6, 1e4, 60.0
_OTHER_SIDE, _BESIDE = 9.0, 16.0
_CLEAR = 2.0


@frozen(kw_only=True, eq=False, repr=False)
class Surroundings(Value):
    """What a label has to mind: ``room`` it must stay in, boxes of labels and markers, and lines as points close together."""

    room: Box
    labels: Sequence[Box] = ()
    markers: Sequence[Box] = ()
    lines: Sequence[Point] = ()


def _candidates(
    size: tuple[float, float], at: Point, reach: float, up: bool, room: Box, bound: list[float]
) -> Iterator[tuple[float, float, float]]:
    """Left upper corners of boxes around a point, each with what its distance costs; the nearest place comes first.

    What costs ``bound[0]`` or more is left out: whoever asks lowers it to the best they have found.
    """
    (width, height), (x, y) = size, at
    spare = [room.x - (x - width / 2), room.right - (x + width / 2)]
    sides = sorted({0.0, *(s * part for s in spare for part in (0.5, 1.0))}, key=lambda s: (abs(s), s))
    lifts = [*range(0, 28, 3), *range(30, int(room.height), 6)]
    for above in (up, not up):
        other = 0.0 if above == up else _OTHER_SIDE
        for lift in lifts:
            if lift * 1.1 + other >= bound[0]:
                break
            top = y - reach - lift - height if above else y + reach + lift
            for side in sides:
                far = lift * 1.1 + 0.25 * abs(side) + other
                if far >= bound[0]:
                    break
                yield x - width / 2 + side, top, far
    if bound[0] <= _BESIDE:
        return
    for lift in (0, -6, 6, -12, 12):
        for left in (x + reach, x - reach - width):
            yield left, y - height / 2 + lift, _BESIDE + abs(lift)


def place(size: tuple[float, float], at: Point, around: Surroundings, *, reach: float, up: bool) -> tuple[Box, float]:
    """The best box of ``size`` for the label of a point, and its cost: under 60, it stands on no line.

    ``reach`` is the distance from the point to the label's edge, ``up`` the side a reader expects. A label that nothing
    free is left for stands where it hides least; it never leaves the room if it fits there at all.
    """
    (width, height), room = size, around.room
    best, least = None, float("inf")
    bound = [least]
    for x, y, far in _candidates(size, at, reach, up, room, bound):
        # Most places are too far already, or outside; only the others are worth a box.
        if far >= least or x < room.x - 0.01 or y < room.y - 0.01:
            continue
        if x + width > room.right + 0.01 or y + height > room.bottom + 0.01:
            continue
        box = Box(x=x, y=y, width=width, height=height)
        # Rounded, so that the last digit of a sum of floats cannot decide between two places.
        cost = round(far + _covered(box, around), 3)
        if cost < least and (cost := cost + _hidden(box, around)) < least:
            best, least = box, cost
            bound[0] = least
    if best is None:
        return Box(x=at[0] - width / 2, y=max(room.y, at[1] - reach - height), width=width, height=height), least
    return best, least


def _covered(box: Box, around: Surroundings) -> float:
    """What it costs to stand on labels and markers."""
    labels = sum(1 for other in around.labels if box.overlaps(other))
    return _ON_A_LABEL * labels + _ON_A_MARKER * sum(1 for other in around.markers if box.overlaps(other))


def _hidden(box: Box, around: Surroundings) -> float:
    """What it costs to stand on lines."""
    left, right, top, bottom = box.x - _CLEAR, box.right + _CLEAR, box.y - _CLEAR, box.bottom + _CLEAR
    hits = sum([1 for x, y in around.lines if left < x < right and top < y < bottom])
    return _ON_A_LINE + hits if hits else 0.0
