"""The names of the points beside their numbers, where there is room for them; the table has all of them anyway."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.curve import Point
from journeykit.drawing.matrix.badges import DOT, Badge, crosses
from journeykit.drawing.scene import Align, Box, Rule

__all__ = ["Ground", "titles"]

_WIDTHS, _SIZE, _LINES = (150.0, 110.0, 210.0), 12.5, 3
_GAP, _SWEEPS = 4.0, 8
# A title that stood on something would be worse than none.
_TAKEN, _NEAR, _ON_A_MEDIAN, _ON_AN_ARM = 1000.0, 18.0, 40.0, 13.0


@frozen(kw_only=True)
class Ground:
    """What lies in the plot: its ``room``, its own ``words``, the ``medians``, and the ``arms`` of the intervals."""

    room: Box
    words: Sequence[Box]
    medians: Sequence[Rule]
    arms: Sequence[Rule]


@frozen(kw_only=True)
class _Place:
    """A title in one place; ``cost`` is what stands there already."""

    box: Box
    width: float
    align: Align
    cost: float


def titles(said: Sequence[str], marked: Sequence[Badge], ground: Ground) -> list[Block]:
    """The titles that find a free place beside their badge: none stands on anything else, what has no place is left out.

    Those with the fewest places choose first; then each takes the place that costs least while the others stand still, until
    none moves any more.
    """
    places = [_places(words, i, marked, ground) for i, words in enumerate(said)]
    order = sorted(range(len(said)), key=lambda i: (sum(1 for place in places[i] if place.cost < _NEAR), i))
    chosen: dict[int, _Place] = {}
    for _ in range(_SWEEPS):
        before = dict(chosen)
        for i in order:
            others = [place.box for j, place in chosen.items() if j != i]
            free = [p for p in places[i] if not any(p.box.overlaps(_wider(box)) for box in others)]
            best = min(free, key=lambda place: place.cost, default=None)
            chosen.pop(i, None)
            if best is not None:
                chosen[i] = best
        if chosen == before:
            break
    return [_drawn(said[i], chosen[i]) for i in sorted(chosen)]


def _wider(box: Box) -> Box:
    return Box(x=box.x - 3, y=box.y - 1, width=box.width + 6, height=box.height + 2)


def _drawn(words: str, place: _Place) -> Block:
    box = place.box
    return block(words, box.x, box.y, place.width, size=_SIZE, weight=600, align=place.align, most=_LINES)


def _places(words: str, own: int, marked: Sequence[Badge], ground: Ground) -> list[_Place]:
    """Every place around its badge where the title stands on nothing, with what speaks against it."""
    found, sizes = [], set()
    for narrow, width in enumerate(_WIDTHS):
        made = block(words, 0, 0, width, size=_SIZE, weight=600, most=_LINES)
        size = made.width + 0.01, made.height
        if size in sizes:
            continue
        sizes.add(size)
        for rank, (x, y, align) in enumerate(_around(size, marked[own])):
            box = Box(x=x, y=y, width=size[0], height=size[1])
            cost = _cost(box, own, marked, ground)
            if cost < _TAKEN:
                found.append(
                    _Place(box=box, width=size[0], align=align, cost=round(cost + 2.0 * rank + 3.0 * narrow, 3))
                )
    return found


def _around(size: tuple[float, float], badge: Badge) -> Iterator[tuple[float, float, Align]]:
    """Left upper corners around a badge, the ones a reader expects first."""
    (width, height), (x, y) = size, badge.at
    beside, reach = badge.r + _GAP, badge.r + 2
    yield x + beside, y - height / 2, "left"
    yield x - beside - width, y - height / 2, "right"
    yield x - width / 2, y - reach - height, "middle"
    yield x - width / 2, y + reach, "middle"
    for left, align in ((x + beside - 3, "left"), (x - beside + 3 - width, "right")):
        yield left, y - height - 2, align  # type: ignore[misc]
        yield left, y + 2, align  # type: ignore[misc]
    for left, align in ((x - badge.r, "left"), (x + badge.r - width, "right")):
        yield left, y - reach - height, align  # type: ignore[misc]
        yield left, y + reach, align  # type: ignore[misc]


def _cost(box: Box, own: int, marked: Sequence[Badge], ground: Ground) -> float:
    if not ground.room.contains(box) or any(box.overlaps(words) for words in ground.words):
        return _TAKEN
    cost = 0.0
    for i, badge in enumerate(marked):
        far = _distance(box, badge.at) - badge.r
        if far < (0.5 if i == own else 2.0) or (badge.away and _distance(box, badge.point) < DOT + 1.5):
            return _TAKEN
        if badge.away and _touches(box, badge.leader):
            return _TAKEN
        # Beside another number a title would seem to belong to that one.
        cost += _NEAR if i != own and far < 9 else 0.0
    cost += sum(_ON_A_MEDIAN for rule in ground.medians if _touches(box, ((rule.x1, rule.y1), (rule.x2, rule.y2))))
    return cost + sum(_ON_AN_ARM for rule in ground.arms if _touches(box, ((rule.x1, rule.y1), (rule.x2, rule.y2))))


def _distance(box: Box, at: Point) -> float:
    x, y = min(max(at[0], box.x), box.right), min(max(at[1], box.y), box.bottom)
    return float(((x - at[0]) ** 2 + (y - at[1]) ** 2) ** 0.5)


def _touches(box: Box, line: tuple[Point, Point]) -> bool:
    """Whether a line runs through a box."""
    (x1, y1), (x2, y2) = line
    if max(x1, x2) < box.x or min(x1, x2) > box.right or max(y1, y2) < box.y or min(y1, y2) > box.bottom:
        return False
    if any(box.x <= x <= box.right and box.y <= y <= box.bottom for x, y in line):
        return True
    falling = (box.x, box.y), (box.right, box.bottom)
    rising = (box.x, box.bottom), (box.right, box.y)
    return crosses(line, falling) or crosses(line, rising)
