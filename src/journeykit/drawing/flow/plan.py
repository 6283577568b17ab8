"""Puts the flow on a page: touchpoints as cards, stages, moves as lines with their figures, start and end."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import attrs

from journeykit.drawing.blocks import block, span
from journeykit.drawing.flow.axes import Axes
from journeykit.drawing.flow.cards import Cards, cards
from journeykit.drawing.flow.chips import Chip, chips
from journeykit.drawing.flow.columns import Column, breaks, link, whole
from journeykit.drawing.flow.lines import lines
from journeykit.drawing.flow.routing import Route, Routed, Scale, Spacing, route, thickness
from journeykit.drawing.flow.stages import bars, chevrons, heads
from journeykit.drawing.flow.telling import describe, facts, keys, pill_words
from journeykit.drawing.flow.weighing import Edge, Weighed, weigh
from journeykit.drawing.scene import Group, Scene
from journeykit.drawing.sheet import MARGIN, foot, heading, page
from journeykit.drawing.viewing import View, view
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.results import Scorecard

__all__ = ["plan"]

_LEAST_PAGE = 880.0
# More touchpoints than this stand under each other: beside each other they would need a page nobody can look at.
_BESIDE = 10
# Wider than this many times its height a picture is a ribbon: on any page its letters would be too small.
_WIDEST = 3.2
# More than this stand in columns: one column would be a page nobody can hold.
_UNDER = 15
_GUTTER, _GAP, _LEAD = 44.0, 28.0, 68.0


def plan(
    journey: Journey,
    scores: Scorecard | None = None,
    *,
    share: float | None = None,
    top: int | None = None,
    turned: bool | None = None,
) -> Scene:
    """The scene of the flow: the strongest moves that make up ``share`` of all, at most ``top``, and those the map plans.

    Without ``share`` that is nine of ten, and three of four with more than fifteen touchpoints.
    ``turned`` lets the picture run downwards (None: with more than ten touchpoints, or where it would be more than three times
    as wide as high), in columns with more than fifteen.
    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey.
    """
    drawn = view(journey, scores)
    words = drawn.words
    size = len(drawn.spots)
    # What every move of a long map would say, nobody could read.
    weighed = weigh(drawn, share if share is not None else 0.75 if size > _UNDER else 0.9, top)
    if not size:
        return _empty(drawn, words)
    if turned is None:
        scene = _across(drawn, weighed) if size <= _BESIDE else None
        return _downwards(drawn, weighed) if scene is None or scene.width > _WIDEST * scene.height else scene
    return _downwards(drawn, weighed) if turned else _across(drawn, weighed)


def _facts(drawn: View, weighed: Weighed) -> list[str]:
    """What was counted in one line, and what is not shown in another."""
    first, *others = facts(drawn, weighed, drawn.words)
    return [first, " · ".join(others)] if others else [first]


def _sizes(edges: Sequence[Edge], words: Wording) -> dict[tuple[int, int], float]:
    """How wide the figure of every move is."""
    sizes = {}
    for edge in edges:
        said = pill_words(edge, words)
        sizes[edge.source, edge.target] = span(said, 12, 600) + (28 if edge.planned is False else 14) if said else 0.0
    return sizes


def _across(drawn: View, weighed: Weighed) -> Scene:
    """Touchpoints beside each other, moves onward over them, moves back beneath."""
    words, size = drawn.words, len(drawn.spots)
    own = cards(drawn, words, turned=False)
    pills = _sizes(weighed.edges, words)
    beside = [length for (a, b), length in pills.items() if b == a + 1]
    gap = max(44.0, max(beside, default=0.0) + 22)
    spacing = Spacing(
        least=own.least, gap=gap, lead=MARGIN + own.hub + gap, hub=own.hub, half=own.half, hub_half=24.0, across=20.0,
        pills=pills,
    )  # fmt: skip
    routed = route(weighed.edges, size, spacing)
    if (spare := _LEAST_PAGE - MARGIN - spacing.hub - routed.finish) > 0:
        # A short map fills the page: its touchpoints are wider, and what is left stands at both sides.
        wider = min(84.0, spare / size)
        own = attrs.evolve(own, least=tuple(length + wider for length in own.least))
        lead = spacing.lead + max(0.0, spare - wider * size) / 2
        spacing = attrs.evolve(spacing, least=own.least, lead=lead)
        routed = route(weighed.edges, size, spacing)
    width = max(_LEAST_PAGE, routed.finish + spacing.hub + MARGIN)
    head, y = heading(drawn, width, words.text("flow.title"), _facts(drawn, weighed))
    stages, y = chevrons(drawn, routed.nodes, spacing.gap, y + 20)
    axes = Axes(turned=False, x=0.0, y=y + 22 + routed.before)
    return _page(
        drawn, weighed, width, axes.y + routed.behind + 20, (head, stages), own, [(routed, axes)], [], spacing.hub
    )


def _downwards(drawn: View, weighed: Weighed) -> Scene:
    """Touchpoints under each other, moves onward at their right, moves back at their left; a long map in columns."""
    words, spots = drawn.words, drawn.spots
    own = cards(drawn, words, turned=True)
    parts = whole(len(spots))
    if len(spots) > _UNDER:
        parts = breaks([length + _GAP for length in own.least], [spot.stage for spot in spots])
        own = cards(drawn, words, turned=True, noted=_noted(drawn, weighed, parts))
    hub, scale, found = 40.0, Scale.of(weighed.edges, len(spots)), []
    # Without a start and an end nothing stands above the first touchpoint and below the last.
    begins = any(edge.source < 0 for edge in weighed.edges)
    ends = any(edge.target >= len(spots) for edge in weighed.edges)
    lead = _LEAD if begins or len(parts) > 1 else _GAP
    for part in parts:
        inside = [part.local(edge) for edge in weighed.edges if part.own(edge)]
        pills = _sizes(inside, words)
        spacing = Spacing(
            least=own.least[part.first : part.behind], gap=_GAP, lead=lead, hub=hub, half=own.half, hub_half=65.0,
            across=max(24.0, max(pills.values(), default=0.0)), pills=dict.fromkeys(pills, 20.0),
            heads=heads(drawn, spots[part.first : part.behind], 2 * own.half),
        )  # fmt: skip
        found.append(part.routed(route(inside, part.behind - part.first, spacing, scale)))
    gutter = _GUTTER + max(_sizes(weighed.edges, words).values(), default=0.0)
    inner = fsum(routed.behind + routed.before for routed in found) + gutter * (len(found) - 1)
    width = max(_LEAST_PAGE, inner + 2 * MARGIN)
    head, y = heading(drawn, width, words.text("flow.title"), _facts(drawn, weighed))
    x, placed = (width - inner) / 2, []
    for routed in found:
        placed.append((routed, Axes(turned=True, x=x + routed.behind, y=y + 22)))
        x += routed.behind + routed.before + gutter
    low = max(axes.y + routed.nodes[-1].end for routed, axes in placed)
    links = _links(weighed, parts, placed, gutter)
    bottom = low + (24 if links else 0), placed[-1][1].y + (found[-1].finish + hub if ends else 0.0)
    stages = [
        bars(drawn, spots[part.first : part.behind], routed.nodes, axes, own.half, column=column)
        for column, (part, (routed, axes)) in enumerate(zip(parts, placed, strict=True))
    ]
    return _page(drawn, weighed, width, max(bottom) + 20, (head, *stages), own, placed, links, hub)


def _noted(drawn: View, weighed: Weighed, parts: Sequence[Column]) -> dict[int, tuple[Chip, ...]]:
    """The moves from column to column, but for those that lead on from the last of one to the first of the next."""
    joints = {(part.behind - 1, part.behind) for part in parts}
    far = [e for e in weighed.edges if (e.source, e.target) not in joints and not any(part.own(e) for part in parts)]
    return {position: chips(drawn, far, position) for position in range(len(drawn.spots))}


def _links(
    weighed: Weighed, parts: Sequence[Column], placed: Sequence[tuple[Routed, Axes]], gutter: float
) -> list[Route]:
    """The moves from the last touchpoint of a column to the first of the next."""
    moves = {(edge.source, edge.target): edge for edge in weighed.edges}
    most = Scale.of(weighed.edges, parts[-1].size).most
    found = []
    for part, (before, here), (behind, there) in zip(parts, placed, placed[1:], strict=False):
        edge = moves.get((part.behind - 1, part.behind))
        if edge is not None:
            ends = here.place(before.nodes[-1].end, 0.0), there.place(behind.nodes[0].start, 0.0)
            middle = here.x + before.before + gutter / 2
            found.append(link(edge, ends, ends[0][1] + 22, middle, thickness(edge.count, most)))
    return found


def _page(
    drawn: View,
    weighed: Weighed,
    width: float,
    bottom: float,
    above: tuple[Group, ...],
    own: Cards,
    placed: Sequence[tuple[Routed, Axes]],
    links: Sequence[Route],
    hub: float,
) -> Scene:
    """What all flows have: the lines, the cards over them, and their figures over everything."""
    words = drawn.words
    picture = lines(placed, links, words, drawn)
    shown, ends, at = [], [], 0
    for routed, axes in placed:
        shown += own.touchpoints(routed, axes, drawn.spots[at : at + len(routed.nodes)])
        ends += own.ends(routed, axes, hub)
        at += len(routed.nodes)
    legend, bottom = foot(drawn, words, width, bottom, keys(weighed, words, noted=any(own.chips.values())))
    told = describe(drawn, weighed, words)
    marks = (
        *above, *picture.under, Group(kind="ends", marks=tuple(ends)),
        Group(kind="touchpoints", marks=tuple(shown)), picture.over, legend,
    )  # fmt: skip
    return page(drawn, width, bottom, told, marks)


def _empty(drawn: View, words: Wording) -> Scene:
    weighed = Weighed(edges=(), total=0, inner=0, left=0, left_count=0, explicit=False)
    head, y = heading(drawn, _LEAST_PAGE, words.text("flow.title"), ())
    said = block(words.text("no-touchpoint-yet"), MARGIN, y + 20, _LEAST_PAGE - 2 * MARGIN, size=14, colour="muted")
    legend, bottom = foot(drawn, words, _LEAST_PAGE, y + 60, ())
    return page(drawn, _LEAST_PAGE, bottom, describe(drawn, weighed, words), (head, said.text, legend))
