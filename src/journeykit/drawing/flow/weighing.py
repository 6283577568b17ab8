"""Which moves are drawn: the strongest ones, those the map plans, and what the rest amounts to."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from attrs import frozen

from journeykit.drawing.viewing import View
from journeykit.model import Journey

__all__ = ["Edge", "Weighed", "planned_pairs", "weigh"]

Pair = tuple[int, int]


@frozen(kw_only=True)
class Edge:
    """A move to draw, between positions on the map: -1 is the start, the number of touchpoints the end.

    ``count`` is None where nobody could count it, or where it may be withheld; ``planned`` is None for starts and ends, which
    no map plans.
    """

    source: int
    target: int
    count: int | None
    journeys: int | None
    planned: bool | None


@frozen(kw_only=True)
class Weighed:
    """The moves to draw, in the order of the map, and what is left out: how many moves, with how many of ``total`` counts.

    ``inner`` are the counts between touchpoints, without starts and ends; ``explicit`` says whether the map names its moves.
    """

    edges: tuple[Edge, ...]
    total: int
    inner: int
    left: int
    left_count: int
    explicit: bool

    @property
    def left_share(self) -> float:
        """The share of all counts that is not drawn."""
        return self.left_count / self.total if self.total else 0.0


def planned_pairs(journey: Journey, withheld: Collection[str] = ()) -> set[Pair]:
    """The moves the map names, and those through touchpoints that no event can show or that are ``withheld``, by position."""
    place = {touchpoint.id: i for i, touchpoint in enumerate(journey.touchpoints())}
    pairs = {(place[move.source], place[move.target]) for move in journey.planned}
    for touchpoint in journey.touchpoints():
        if touchpoint.match is None or touchpoint.id in withheld:
            hidden = place[touchpoint.id]
            before = [a for a, b in pairs if b == hidden]
            behind = [b for a, b in pairs if a == hidden]
            pairs |= {(a, b) for a in before for b in behind}
    return pairs


def weigh(drawn: View, share: float, top: int | None) -> Weighed:
    """The strongest moves of every kind that make up ``share`` of its counts (at most ``top``), and every move the map names.

    Without ``top`` every touchpoint also keeps its strongest move in and out: a card that nothing leads to reads as a fault.

    Without a plan on the map its order is all it says: a move forward is planned, a move back is not. Without counts the plan
    alone is drawn, or the order of the map where there is none.
    """
    journey = drawn.journey
    size = len(journey.touchpoints())
    pairs = planned_pairs(journey, [spot.touchpoint.id for spot in drawn.spots if spot.withheld])
    explicit = bool(journey.planned)
    counted = _counted(drawn, size)
    total = sum(edge.count or 0 for edge in counted)
    kept = {(e.source, e.target): e for group in _kinds(counted, size) for e in _strongest(group, share, top)}
    if top is None:
        kept |= {(e.source, e.target): e for e in _lifelines(counted, set(kept), size)}
    by_pair = {(edge.source, edge.target): edge for edge in counted}
    named = {(m.source, m.target) for m in journey.planned}
    ids = [touchpoint.id for touchpoint in journey.touchpoints()]
    for pair in sorted((ids.index(a), ids.index(b)) for a, b in named):
        kept.setdefault(pair, by_pair.get(pair) or _unseen(drawn, pair, counted=bool(counted)))
    if not counted and not explicit:
        kept = {(i, i + 1): _unseen(drawn, (i, i + 1), counted=False) for i in range(size - 1)}
    edges = tuple(_judged(edge, pairs, explicit, size) for _, edge in sorted(kept.items()))
    left = [edge for edge in counted if (edge.source, edge.target) not in kept]
    return Weighed(
        edges=edges,
        total=total,
        inner=sum(edge.count or 0 for edge in counted if edge.source >= 0 and edge.target < size),
        left=len(left),
        left_count=sum(edge.count or 0 for edge in left),
        explicit=explicit,
    )


def _kinds(counted: list[Edge], size: int) -> list[list[Edge]]:
    """Moves onward or back, repeats, starts and ends: each kind has strong moves of its own, whatever dwarfs them elsewhere."""
    starts = [edge for edge in counted if edge.source < 0]
    ends = [edge for edge in counted if edge.target >= size and edge.source >= 0]
    inner = [edge for edge in counted if edge.source >= 0 and edge.target < size]
    again = [edge for edge in inner if edge.source == edge.target]
    return [[edge for edge in inner if edge.source != edge.target], again, starts, ends]


def _strongest(edges: list[Edge], share: float, top: int | None) -> list[Edge]:
    total = sum(edge.count or 0 for edge in edges)
    kept: list[Edge] = []
    reached = 0
    for edge in sorted(edges, key=_by_strength):
        if reached >= share * total or (top is not None and len(kept) >= top):
            break
        kept.append(edge)
        reached += edge.count or 0
    return kept


def _lifelines(counted: list[Edge], kept: set[Pair], size: int) -> list[Edge]:
    """The strongest move into and out of every touchpoint that has none among ``kept``."""
    found = []
    for i in range(size):
        ways_in = [edge for edge in counted if edge.target == i != edge.source]
        ways_out = [edge for edge in counted if edge.source == i != edge.target]
        bare = [ways for ways in (ways_in, ways_out) if not any((edge.source, edge.target) in kept for edge in ways)]
        found += [min(ways, key=_by_strength) for ways in bare if ways]
    return found


def _by_strength(edge: Edge) -> tuple[int, int, int]:
    return -(edge.count or 0), edge.source, edge.target


def _counted(drawn: View, size: int) -> list[Edge]:
    place: dict[str | None, int] = {t.id: i for i, t in enumerate(drawn.journey.touchpoints())}
    moves = drawn.coverage.moves if drawn.coverage else ()
    found = []
    for move in moves:
        source = -1 if move.source is None else place.get(move.source)
        target = size if move.target is None else place.get(move.target)
        # A journey that is nothing but its outcome touched no point of the map; a touchpoint that is gone cannot be drawn.
        if source is None or target is None or (source, target) == (-1, size) or not move.count:
            continue
        found.append(Edge(source=source, target=target, count=move.count, journeys=move.journeys, planned=None))
    return found


def _unseen(drawn: View, pair: Pair, *, counted: bool) -> Edge:
    """A move of the plan that nobody made; where an end has no rule or is withheld, or nothing was counted, nobody can know."""
    ends = [drawn.spots[i] for i in pair]
    withheld = drawn.coverage is not None and drawn.coverage.withheld_moves > 0
    known = counted and not withheld and not any(end.touchpoint.match is None or end.withheld for end in ends)
    return Edge(source=pair[0], target=pair[1], count=0 if known else None, journeys=0 if known else None, planned=True)


def _judged(edge: Edge, pairs: Iterable[Pair], explicit: bool, size: int) -> Edge:
    if edge.source < 0 or edge.target >= size:
        return edge
    pair = (edge.source, edge.target)
    planned = edge.source == edge.target or (pair in pairs if explicit else edge.target > edge.source)
    return Edge(source=edge.source, target=edge.target, count=edge.count, journeys=edge.journeys, planned=planned)
