"""The moves as lines with arrows, and their figures as pills on them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from attrs import frozen

from journeykit.drawing.blocks import block, span
from journeykit.drawing.flow.axes import Axes
from journeykit.drawing.flow.routing import Rail, Route, Routed
from journeykit.drawing.flow.telling import pill_words, told
from journeykit.drawing.flow.weighing import Edge
from journeykit.drawing.scene import Box, Group, Mark, Path, Rect
from journeykit.drawing.viewing import View
from journeykit.drawing.wording import Wording

__all__ = ["Lines", "diamond", "ink", "lines"]

_ROUND = 16.0
Point = tuple[float, float]
Commands = tuple[tuple[str, tuple[float, ...]], ...]


@frozen(kw_only=True)
class Lines:
    """What lies under the touchpoints, and the figures over everything."""

    under: tuple[Mark, ...]
    over: Group


def ink(edge: Edge) -> str:
    """The role of a move's colour: by plan, against it, or a start or end."""
    return "subtle" if edge.planned is None else "bar" if edge.planned else "neg"


def diamond(x: float, y: float, r: float = 4.5) -> Path:
    """The sign of a move that is not planned."""
    commands = (("M", (x, y - r)), ("L", (x + r, y)), ("L", (x, y + r)), ("L", (x - r, y)), ("Z", ()))
    return Path(commands=commands, fill="neg")


def lines(parts: Sequence[tuple[Routed, Axes]], links: Sequence[Route], words: Wording, drawn: View) -> Lines:
    """Every move of every column, and the ``links`` between columns, which are in coordinates of the page.

    Starts and ends lie lowest, then the thick lines, the thin ones over them with a seam where they cross.
    """
    size = len(drawn.spots)
    rails = [mark for routed, axes in parts for rail in routed.rails for mark in _rail(rail, axes)]
    courses = [(route, axes) for routed, axes in parts for route in routed.routes]
    courses += [(route, Axes(turned=False, x=0.0, y=0.0)) for route in links]
    courses.sort(key=lambda c: (c[0].edge.planned is not None, -c[0].width, c[0].edge.source, c[0].edge.target))
    groups = [
        Group(
            kind="move",
            name=f"{route.edge.source + 1}-{route.edge.target + 1}",
            title=told(route.edge, drawn, words),
            marks=tuple(_line(route, axes, size)),
        )
        for route, axes in courses
    ]
    pills = [mark for route, axes in courses for mark in _pill(route, words, axes)]
    under = (Group(kind="rails", decorative=True, marks=tuple(rails)), Group(kind="moves", marks=tuple(groups)))
    return Lines(under=under if rails else under[1:], over=Group(kind="figures", marks=tuple(pills)))


def _rail(rail: Rail, axes: Axes) -> list[Mark]:
    points = [axes.place(*point) for point in rail.points]
    course, head = _arrow(points, rail.width, "subtle") if rail.arrives else (_rounded(points), None)
    marks: list[Mark] = [Path(commands=course, stroke="subtle", width=round(rail.width, 2))]
    if head is not None:
        marks.append(head)
    return marks


def _arrow(points: list[Point], width: float, fill: str) -> tuple[Commands, Path]:
    """The line up to its head, and the head."""
    length, spread = 6.0 + 0.9 * width, 3.4 + 0.62 * width
    (x1, y1), (x2, y2) = points[-2], points[-1]
    far = hypot(x2 - x1, y2 - y1) or 1.0
    ux, uy = (x2 - x1) / far, (y2 - y1) / far
    base = (x2 - ux * length, y2 - uy * length)
    head = Path(
        commands=(
            ("M", (x2, y2)),
            ("L", (base[0] - uy * spread, base[1] + ux * spread)),
            ("L", (base[0] + uy * spread, base[1] - ux * spread)),
            ("Z", ()),
        ),
        fill=fill,
    )
    return _rounded([*points[:-1], (x2 - ux * (length - 1), y2 - uy * (length - 1))]), head


def _line(route: Route, axes: Axes, size: int) -> list[Mark]:
    points = [axes.place(*point) for point in route.points]
    # What ends here flows into the rail, which has the arrow.
    flows = route.edge.target >= size and route.edge.source != size - 1
    course, head = (_rounded(points), None) if flows else _arrow(points, route.width, ink(route.edge))
    marks: list[Mark] = []
    dash = None if route.edge.count else "2 5"
    if len(points) > 2 and route.edge.source >= 0 and route.edge.target < size:
        # A seam of the ground's colour, so that two lines that cross stay two.
        marks.append(Path(commands=course, stroke="bg", width=round(route.width + 4, 2)))
    marks.append(
        Path(commands=course, stroke=ink(route.edge), width=round(route.width + (0.6 if dash else 0), 2), dash=dash)
    )
    if head is not None:
        marks.append(head)
    return marks


def _rounded(points: list[Point]) -> Commands:
    """The line through the points with round corners."""
    commands: list[tuple[str, tuple[float, ...]]] = [("M", points[0])]
    for (before, corner), (_, behind) in pairwise(pairwise(points)):
        legs = hypot(corner[0] - before[0], corner[1] - before[1]), hypot(behind[0] - corner[0], behind[1] - corner[1])
        r = min(_ROUND, legs[0] / 2, legs[1] / 2)
        start = _towards(corner, before, r)
        end = _towards(corner, behind, r)
        commands += [("L", start), ("Q", (*corner, *end))]
    return (*commands, ("L", points[-1]))


def _towards(start: Point, end: Point, far: float) -> Point:
    whole = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return start[0] + (end[0] - start[0]) * far / whole, start[1] + (end[1] - start[1]) * far / whole


def _pill(route: Route, words: Wording, axes: Axes) -> list[Mark]:
    said = pill_words(route.edge, words)
    if not said:
        return []
    x, y = axes.place(route.pill.main, route.pill.cross)
    sign = route.edge.planned is False
    room = span(said, 12, 600)
    width = room + (28 if sign else 14)
    if axes.turned and len(route.points) == 2 and route.pill.cross == 0:
        # Under each other there is no room for a figure on the line, so it stands beside it.
        x += width / 2 + 8
    box = Box(x=x - width / 2, y=y - 10, width=width, height=20)
    colour = {"subtle": "muted", "bar": "ink", "neg": "neg"}[ink(route.edge)]
    edge = {"subtle": "edge", "bar": "bar", "neg": "neg"}[ink(route.edge)]
    start = box.x + (20 if sign else 6.5)
    text = block(said, start, y - 8, room + 1, size=12, weight=600, colour=colour, align="middle", most=1)
    marks: list[Mark] = [Rect(box=box, radius=10, fill="card", stroke=edge), text.text]
    return [*marks, diamond(box.x + 12, y)] if sign else marks
