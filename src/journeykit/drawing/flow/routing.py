"""Where the moves run: along the main axis the touchpoints in the order of the map, across it the tracks of the moves.

Everything here is in two coordinates: ``main`` grows with the map (to the right, or downwards where the picture is turned),
``cross`` is nought on the touchpoints' middle line, negative on the side of moves forward, positive on the side of moves back.
A move leaves its touchpoint at a port, turns onto a track of its own, runs along it and turns in again. Of two moves over the
same stretch the shorter one has the track nearer to the touchpoints, so that they nest and cross as little as they can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from attrs import frozen

from journeykit.drawing.flow.weighing import Edge

__all__ = ["Node", "Pill", "Rail", "Route", "Routed", "Scale", "Spacing", "route", "thickness"]

PORT, EDGE = 13.0, 12.0
_THIN, _THICK, _RAIL, _LOOP = 1.6, 9.0, 6.5, 3.5


@frozen(kw_only=True)
class Spacing:
    """The measures of the page.

    Along: the ``least`` length of every touchpoint, the ``gap`` between two, the ``lead`` before the first, the length of the
    ``hub`` (start and end) and of every move's pill, and the room for a stage's title before a touchpoint (``heads``). Across:
    ``half`` of a touchpoint and of a hub (``hub_half``), and the widest pill (``across``).
    """

    least: Sequence[float]
    gap: float
    lead: float
    hub: float
    pills: Mapping[tuple[int, int], float]
    half: float
    hub_half: float
    across: float
    heads: Sequence[float] = ()

    @property
    def pitch(self) -> float:
        """From one track to the next."""
        return self.across + 8

    @property
    def first(self) -> float:
        """From a touchpoint's edge to its nearest track."""
        return self.across / 2 + 14


@frozen(kw_only=True)
class Node:
    """A touchpoint's stretch of the main axis; ``head`` of it, at its start, belongs to the title of its stage."""

    start: float
    end: float
    head: float = 0.0

    @property
    def middle(self) -> float:
        """Half way."""
        return (self.start + self.end) / 2


@frozen(kw_only=True)
class Pill:
    """Where the figure of a move stands: the middle of its pill."""

    main: float
    cross: float


@frozen(kw_only=True)
class Route:
    """A move as corners of a line, from its source to its target, and the place of its figure."""

    edge: Edge
    points: tuple[tuple[float, float], ...]
    pill: Pill
    width: float


@frozen(kw_only=True)
class Rail:
    """One stretch of the line that all starts leave by, or all ends arrive by, as wide as what runs over it.

    ``arrives`` says that it ends with an arrow.
    """

    points: tuple[tuple[float, float], ...]
    width: float
    arrives: bool = False


@frozen(kw_only=True)
class Routed:
    """The whole picture along its axes; ``before`` and ``behind`` are how far it reaches across, from
    the middle line on.
    """

    nodes: tuple[Node, ...]
    begin: float
    finish: float
    routes: tuple[Route, ...]
    rails: tuple[Rail, ...]
    before: float
    behind: float


@frozen(kw_only=True)
class Scale:
    """What the thickest lines stand for: the most frequent move between two touchpoints, all starts, all ends."""

    most: int
    starts: int
    finishes: int

    @classmethod
    def of(cls, edges: Sequence[Edge], size: int) -> Scale:
        """The scale of these moves over ``size`` touchpoints."""
        return cls(
            most=max((edge.count or 0 for edge in edges if 0 <= edge.source != edge.target < size), default=0),
            starts=sum(edge.count or 0 for edge in edges if edge.source < 0),
            finishes=sum(edge.count or 0 for edge in edges if edge.target >= size),
        )


def thickness(count: int | None, most: int, thick: float = _THICK) -> float:
    """The width of a line: grows with the count, from one that can still be seen."""
    return _THIN + (thick - _THIN) * min(1.0, (count or 0) / most) if most else _THIN


def route(edges: Sequence[Edge], size: int, spacing: Spacing, scale: Scale | None = None) -> Routed:
    """Every move on its track; the lines of a part of the map are as thick as its whole ``scale`` says."""
    return _Router(edges, size, spacing, scale or Scale.of(edges, size)).routed()


def _kind(edge: Edge, size: int) -> str:
    """How a move is drawn."""
    if edge.source == edge.target:
        return "again"
    if edge.target == edge.source + 1:
        return "next"
    if edge.source < 0:
        return "start"
    if edge.target >= size:
        return "end"
    return "on" if edge.target > edge.source else "back"


class _Router:
    def __init__(self, edges: Sequence[Edge], size: int, spacing: Spacing, scale: Scale) -> None:
        self.size, self.spacing = size, spacing
        self.most, self.starts, self.finishes = scale.most, scale.starts, scale.finishes
        self.kinds: dict[str, list[Edge]] = {k: [] for k in ("again", "next", "start", "end", "on", "back")}
        for edge in edges:
            self.kinds[_kind(edge, size)].append(edge)
        self.tracks = {side: _tracks(self.kinds[side]) for side in ("on", "back")}
        self.faces = {side: self._faces(side) for side in ("on", "back")}
        self.loop = {e.source: max(36.0, spacing.pills[e.source, e.target] + 30) for e in self.kinds["again"]}
        self.nodes = self._nodes()
        self.loops = spacing.across + 20 if self.kinds["again"] else 0.0

    def _faces(self, side: str) -> list[list[Edge]]:
        """For every touchpoint the moves at one of its faces, in the order of their ports."""
        near, far = self.tracks[side], "start" if side == "on" else "end"
        found = []
        for node in range(self.size):
            # What comes from (or goes to) earlier touchpoints lies first, on rising tracks; then what is outermost of all;
            # then what lies later, on falling tracks: so no line crosses another right at its touchpoint.
            earlier = [e for e in self.kinds[side] if (e.target if side == "on" else e.source) == node]
            later = [e for e in self.kinds[side] if (e.source if side == "on" else e.target) == node]
            outer = [e for e in self.kinds[far] if (e.target if side == "on" else e.source) == node]
            found.append([*sorted(earlier, key=lambda e: near[e]), *outer, *sorted(later, key=lambda e: -near[e])])
        return found

    def _nodes(self) -> tuple[Node, ...]:
        at, found = self.spacing.lead, []
        for index in range(self.size):
            ports = max(len(self.faces["on"][index]), len(self.faces["back"][index]))
            back = 2 * EDGE + PORT * max(0, len(self.faces["back"][index]) - 1) + self.loop.get(index, 0.0)
            length = max(self.spacing.least[index], 2 * EDGE + PORT * max(0, ports - 1), back)
            head = self.spacing.heads[index] if self.spacing.heads else 0.0
            found.append(Node(start=at, end=at + head + length, head=head))
            at += head + length + self.spacing.gap
        return tuple(found)

    def port(self, side: str, node: int, edge: Edge) -> float:
        """Where along its touchpoint a move leaves or arrives."""
        own = self.faces[side][node]
        place = self.nodes[node]
        room = place.end - place.start - place.head - 2 * EDGE
        if side == "back":
            room -= self.loop.get(node, 0.0)
        step = min(PORT * 1.6, room / max(1, len(own) - 1)) if len(own) > 1 else 0.0
        middle = place.start + place.head + EDGE + room / 2
        return middle + (own.index(edge) - (len(own) - 1) / 2) * step

    def level(self, side: str, track: int) -> float:
        """How far across a track lies."""
        spacing = self.spacing
        if side == "on":
            return -(spacing.half + spacing.first + track * spacing.pitch)
        return spacing.half + self.loops + spacing.first + track * spacing.pitch

    def rail(self, side: str) -> float:
        """How far across the rail of all starts (or ends) lies: outside of every track."""
        tracks = self.tracks[side]
        last = max(tracks.values(), default=-1)
        extra = 1.5 * self.spacing.across + 12
        level = self.level(side, last) if tracks else self.level(side, 0) - (1 if side == "back" else -1) * 16
        return level + extra if side == "back" else level - extra

    def routed(self) -> Routed:
        routes = [self._next(edge) for edge in self.kinds["next"]]
        routes += [self._again(edge) for edge in self.kinds["again"]]
        for side in ("on", "back"):
            routes += [self._tracked(side, edge) for edge in self.kinds[side]]
        rails: list[Rail] = []
        for side, kind in (("on", "start"), ("back", "end")):
            more, drops = self._outer(side, kind)
            rails += more
            routes += drops
        reach = [
            self.rail(side) if self.kinds[kind] else self.level(side, max(self.tracks[side].values(), default=-1))
            for side, kind in (("on", "start"), ("back", "end"))
        ]
        end = self.nodes[-1].end if self.nodes else self.spacing.lead
        return Routed(
            nodes=self.nodes,
            begin=self.spacing.lead - self.spacing.gap,
            finish=end + self.spacing.gap,
            routes=tuple(self._apart(routes)),
            rails=tuple(rails),
            before=self._reach(-reach[0], self.kinds["on"] or self.kinds["start"]),
            behind=self._reach(reach[1], self.kinds["back"] or self.kinds["end"]),
        )

    def _reach(self, level: float, lines: Sequence[Edge]) -> float:
        """How far the picture goes to one side of the middle line: to its outermost line, or loop, or touchpoint."""
        return level + self.spacing.across / 2 + 4 if lines else self.spacing.half + self.loops

    def _width(self, edge: Edge) -> float:
        if edge.source < 0 or edge.target >= self.size:
            # Starts and ends are many; on the scale of the moves they would drown them.
            return thickness(edge.count, self.starts if edge.source < 0 else self.finishes, _RAIL)
        return thickness(edge.count, self.most, _LOOP if edge.source == edge.target else _THICK)

    def _next(self, edge: Edge) -> Route:
        begin = self.nodes[edge.source].end if edge.source >= 0 else self.nodes[0].start - self.spacing.gap
        end = self.nodes[edge.target].start if edge.target < self.size else self.nodes[-1].end + self.spacing.gap
        pill = Pill(main=(begin + end) / 2 - 2, cross=0.0)
        return Route(edge=edge, points=((begin, 0.0), (end, 0.0)), pill=pill, width=self._width(edge))

    def _again(self, edge: Edge) -> Route:
        node, half = self.nodes[edge.source], self.spacing.half
        right, left = node.end - 9, node.end - self.loop[edge.source] + 3
        low = half + 12 + self.spacing.across / 2
        points = ((right, half), (right, low), (left, low), (left, half))
        pill = Pill(main=(left + right) / 2, cross=low)
        return Route(edge=edge, points=points, pill=pill, width=self._width(edge))

    def _tracked(self, side: str, edge: Edge) -> Route:
        begin, end = self.port(side, edge.source, edge), self.port(side, edge.target, edge)
        face = -self.spacing.half if side == "on" else self.spacing.half
        level = self.level(side, self.tracks[side][edge])
        points = ((begin, face), (begin, level), (end, level), (end, face))
        return Route(edge=edge, points=points, pill=Pill(main=(begin + end) / 2, cross=level), width=self._width(edge))

    def _outer(self, side: str, kind: str) -> tuple[list[Rail], list[Route]]:
        """The rail of all starts (or of all ends), and the lines that leave it (or arrive)."""
        edges = sorted(self.kinds[kind], key=lambda e: e.target if kind == "start" else -e.source)
        if not edges:
            return [], []
        level, first = self.rail(side), kind == "start"
        hub = (
            self.nodes[0].start - self.spacing.gap - self.spacing.hub / 2
            if first
            else self.nodes[-1].end + self.spacing.gap + self.spacing.hub / 2
        )
        face = -self.spacing.half if first else self.spacing.half
        total = left = self.starts if first else self.finishes
        door = -self.spacing.hub_half if first else self.spacing.hub_half
        rails: list[Rail] = []
        drops: list[Route] = []
        course: list[tuple[float, float]] = [(hub, door), (hub, level)]
        for place, edge in enumerate(edges):
            port = self.port(side, edge.target if first else edge.source, edge)
            inward = 1 if level > 0 else -1
            pill = Pill(main=port, cross=level - inward * (self.spacing.across / 2 + 8))
            if place == len(edges) - 1 and place:
                # The last one is the corner itself.
                points = [*course, (port, level), (port, face)]
            else:
                width = thickness(left, total, _RAIL)
                # Of a single one the rail itself turns the corner.
                turn = ((port, level - inward * self.spacing.across),) if len(edges) == 1 else ()
                stretch = (*course, (port, level), *turn)
                points = [stretch[-1], (port, face)]
                rails.append(
                    Rail(points=stretch if first else stretch[::-1], width=width, arrives=not first and place == 0)
                )
                course = [(port, level)]
            left -= edge.count or 0
            drops.append(
                Route(edge=edge, points=tuple(points if first else points[::-1]), pill=pill, width=self._width(edge))
            )
        return rails, drops

    def _apart(self, routes: list[Route]) -> list[Route]:
        """The figures moved along their tracks to where no other line crosses, as near to the middle as there is room."""
        crossing = [
            (a[0], min(a[1], b[1]), max(a[1], b[1]), route_)
            for route_ in routes
            for a, b in pairwise(route_.points)
            if a[0] == b[0]
        ]
        return [self._cleared(route_, crossing) for route_ in routes]

    def _cleared(self, route_: Route, crossing: Sequence[tuple[float, float, float, Route]]) -> Route:
        edge = route_.edge
        if not 0 <= edge.source != edge.target < self.size or len(route_.points) != 4:
            return route_
        cross, need = route_.pill.cross, self.spacing.pills[edge.source, edge.target] + 8
        low, high = sorted((route_.points[1][0], route_.points[2][0]))
        others = sorted(m for m, a, b, other in crossing if other is not route_ and a < cross < b and low < m < high)
        middle = (low + high) / 2
        places = [
            min(max(middle, a + need / 2), b - need / 2)
            for a, b in pairwise([low + 8, *others, high - 8])
            if b - a >= need
        ]
        best = min(places, key=lambda at: (round(abs(at - middle), 3), at), default=middle)
        return Route(edge=edge, points=route_.points, pill=Pill(main=best, cross=cross), width=route_.width)


def _tracks(edges: Sequence[Edge]) -> dict[Edge, int]:
    """The track of every move: the shortest first, each on the nearest track that is free all the way."""
    taken: list[list[tuple[float, float]]] = []
    found: dict[Edge, int] = {}
    for edge in sorted(edges, key=lambda e: (abs(e.target - e.source), -(e.count or 0), e.source, e.target)):
        low, high = sorted((edge.source, edge.target))
        # A move may begin on a track where another one ended: the ports of one touchpoint are apart.
        span = (low + 0.1, high - 0.1)
        track = next(
            (i for i, own in enumerate(taken) if all(high_ <= span[0] or low_ >= span[1] for low_, high_ in own)),
            len(taken),
        )
        if track == len(taken):
            taken.append([])
        taken[track].append(span)
        found[edge] = track
    return found
