"""Outlines for slides: path data read into absolute moves, lines and curves, and areas cut to a rectangle.

Slides know no clip and no arc in SVG's sense, so both are turned into what they know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from journeykit.drawing.scene import Box

__all__ = ["Commands", "clipped", "clipped_line", "extent", "outline"]

Commands = tuple[tuple[str, tuple[float, ...]], ...]
Spot = tuple[float, float]

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_PIECES = 16


@lru_cache(maxsize=256)
def outline(data: str) -> Commands:
    """SVG path data as absolute M, L, C and Z (SVG 1.1, 8.3; an arc becomes cubic curves, as in its appendix F.6.5)."""
    found: list[tuple[str, tuple[float, ...]]] = []
    here: Spot = (0.0, 0.0)
    start = here
    control: Spot | None = None  # of the curve before, for its smooth successors
    for letter, numbers in _instructions(data):
        kind = letter.upper()
        if letter.islower() and kind not in "AZ":
            shift = {"H": (here[0],), "V": (here[1],)}.get(kind, here * (len(numbers) // 2))
            numbers = tuple(n + s for n, s in zip(numbers, shift, strict=True))  # noqa: PLW2901
        before, control = control, None
        if kind == "Z":
            found.append(("Z", ()))
            here = start
            continue
        if kind == "A":
            end = (numbers[5] + here[0], numbers[6] + here[1]) if letter.islower() else (numbers[5], numbers[6])
            found += [("C", curve) for curve in _arc(here, numbers, end)]
            here = end
            continue
        if kind == "H":
            numbers = (numbers[0], here[1])  # noqa: PLW2901
        elif kind == "V":
            numbers = (here[0], numbers[0])  # noqa: PLW2901
        if kind in "ST":
            near = (2 * here[0] - before[0], 2 * here[1] - before[1]) if before else here
            numbers = (*near, *numbers)  # noqa: PLW2901
        if kind in "QT":
            control = numbers[0], numbers[1]
            numbers = _raised(here, control, (numbers[2], numbers[3]))  # noqa: PLW2901
        elif kind in "CS":
            control = numbers[2], numbers[3]
        here = numbers[-2], numbers[-1]
        start = here if kind == "M" else start
        found.append(({"M": "M", "L": "L", "H": "L", "V": "L"}.get(kind, "C"), numbers))
    return tuple(found)


def _instructions(data: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    tokens = _TOKEN.findall(data)
    place, letter = 0, "M"
    while place < len(tokens):
        if tokens[place].isalpha():
            letter = tokens[place]
            place += 1
        many = _TAKES[letter.upper()]
        yield letter, tuple(map(float, tokens[place : place + many]))
        place += many
        # What follows a move without a letter of its own is a line.
        letter = {"M": "L", "m": "l"}.get(letter, letter)


def _raised(start: Spot, control: Spot, end: Spot) -> tuple[float, ...]:
    """The quadratic curve as a cubic one."""
    first = tuple(s + 2 / 3 * (c - s) for s, c in zip(start, control, strict=True))
    second = tuple(e + 2 / 3 * (c - e) for e, c in zip(end, control, strict=True))
    return (*first, *second, *end)


def _arc(start: Spot, numbers: Sequence[float], end: Spot) -> Iterator[tuple[float, ...]]:
    """An arc of a circle (every icon's radii are equal and not turned) as cubic curves of at most a quarter."""
    radius, large, sweep = abs(numbers[0]), bool(numbers[3]), bool(numbers[4])
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = math.hypot(dx, dy)
    if far == 0 or radius == 0:
        yield (*start, *end, *end)
        return
    radius = max(radius, far / 2)
    height = math.sqrt(max(radius**2 - far**2 / 4, 0.0)) * (1 if large == sweep else -1)
    centre = (start[0] + end[0]) / 2 + height * dy / far, (start[1] + end[1]) / 2 - height * dx / far
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = (math.atan2(end[1] - centre[1], end[0] - centre[0]) - first) % (2 * math.pi)
    turn = turn if sweep else turn - 2 * math.pi
    count = max(1, math.ceil(abs(turn) / (math.pi / 2) - 1e-9))
    step = turn / count
    reach = 4 / 3 * math.tan(step / 4) * radius
    for i in range(count):
        a, b = first + i * step, first + (i + 1) * step
        ax, ay = centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)
        bx, by = centre[0] + radius * math.cos(b), centre[1] + radius * math.sin(b)
        yield (
            ax - reach * math.sin(a),
            ay + reach * math.cos(a),
            bx + reach * math.sin(b),
            by - reach * math.cos(b),
            bx,
            by,
        )


def extent(commands: Commands) -> Box:
    """The box of all points, the controls of curves included (a curve never leaves them)."""
    xs = [n for _, numbers in commands for n in numbers[0::2]]
    ys = [n for _, numbers in commands for n in numbers[1::2]]
    return Box(x=min(xs), y=min(ys), width=max(xs) - min(xs), height=max(ys) - min(ys))


def clipped(commands: Commands, box: Box) -> Commands:
    """An area cut to the box, its curves as short lines (Sutherland and Hodgman 1974); nothing where none is left."""
    spots = _flat(commands)
    edges = ((0, box.x, 1), (0, box.right, -1), (1, box.y, 1), (1, box.bottom, -1))
    for axis, limit, sign in edges:
        kept: list[Spot] = []
        for place, spot in enumerate(spots):
            last = spots[place - 1]
            inside, was = sign * (spot[axis] - limit) >= 0, sign * (last[axis] - limit) >= 0
            if inside != was:
                part = (limit - last[axis]) / (spot[axis] - last[axis])
                kept.append((last[0] + part * (spot[0] - last[0]), last[1] + part * (spot[1] - last[1])))
            if inside:
                kept.append(spot)
        spots = kept
    if len(spots) < 3:
        return ()
    return (("M", spots[0]), *(("L", spot) for spot in spots[1:]), ("Z", ()))


def clipped_line(commands: Commands, box: Box) -> Commands:
    """A line cut to the box (Liang and Barsky 1984): where it leaves the box it ends, where it comes back it starts anew."""
    found: list[tuple[str, tuple[float, ...]]] = []
    last: Spot | None = None
    for start, end in pairwise(_flat(commands)):
        dx, dy = end[0] - start[0], end[1] - start[1]
        first, until = 0.0, 1.0
        for step, room in (
            (-dx, start[0] - box.x),
            (dx, box.right - start[0]),
            (-dy, start[1] - box.y),
            (dy, box.bottom - start[1]),
        ):
            if step == 0:
                until = until if room >= 0 else -1.0
            elif step < 0:
                first = max(first, room / step)
            else:
                until = min(until, room / step)
        if first >= until:
            continue
        here = start[0] + first * dx, start[1] + first * dy
        if here != last:
            found.append(("M", here))
        last = (start[0] + until * dx, start[1] + until * dy) if until < 1 else end
        found.append(("L", last))
    return tuple(found)


def _flat(commands: Commands) -> list[Spot]:
    """The points of one closed outline, curves in short straight pieces."""
    spots: list[Spot] = []
    for letter, numbers in commands:
        if letter in "ML":
            spots.append((numbers[0], numbers[1]))
        elif letter in "CQ":
            points = (
                numbers if letter == "C" else _raised(spots[-1], (numbers[0], numbers[1]), (numbers[2], numbers[3]))
            )
            spots += _curve(spots[-1], points)
    return spots


def _curve(start: Spot, numbers: Sequence[float]) -> Iterator[Spot]:
    x1, y1, x2, y2, x3, y3 = numbers
    for i in range(1, _PIECES + 1):
        t = i / _PIECES
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        yield a * start[0] + b * x1 + c * x2 + d * x3, a * start[1] + b * y1 + c * y2 + d * y3
