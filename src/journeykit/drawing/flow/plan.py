"""Puts the flow on a page: touchpoints as cards, stages, moves as lines with their figures, start and end."""

from __future__ import annotations

import attrs

from journeykit.drawing.blocks import block, span
from journeykit.drawing.flow.axes import Axes
from journeykit.drawing.flow.cards import Cards, cards
from journeykit.drawing.flow.lines import lines
from journeykit.drawing.flow.routing import Routed, Spacing, route
from journeykit.drawing.flow.telling import describe, facts, keys, pill_words
from journeykit.drawing.flow.weighing import Weighed, weigh
from journeykit.drawing.scene import Scene
from journeykit.drawing.sheet import MARGIN, foot, heading, page
from journeykit.drawing.viewing import View, view
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.results import Scorecard

__all__ = ["plan"]

_LEAST_PAGE = 880.0
# More touchpoints than this stand under each other: beside each other they would need a page nobody can look at.
_BESIDE = 10


def plan(
    journey: Journey,
    scores: Scorecard | None = None,
    *,
    share: float = 0.9,
    top: int | None = None,
    turned: bool | None = None,
) -> Scene:
    """The scene of the flow: the strongest moves that make up ``share`` of all, at most ``top``, and those the map plans.

    ``turned`` lets the picture run downwards (None: with more than ten touchpoints). Mirrored for right-to-left languages.
    Raises `ArgumentError` when the scorecard belongs to another journey.
    """
    drawn = view(journey, scores)
    words = drawn.words
    weighed = weigh(drawn, share, top)
    size = len(drawn.spots)
    if not size:
        return _empty(drawn, words)
    down = size > _BESIDE if turned is None else turned
    own = cards(drawn, words, turned=down)
    spacing = _spacing(weighed, words, own, turned=down)
    routed = route(weighed.edges, size, spacing)
    if not down and (spare := _LEAST_PAGE - MARGIN - spacing.hub - routed.finish) > 0:
        # A short map fills the page: its touchpoints are wider, and what is left stands at both sides.
        wider = min(84.0, spare / size)
        own = attrs.evolve(own, least=tuple(length + wider for length in own.least))
        lead = spacing.lead + max(0.0, spare - wider * size) / 2
        spacing = attrs.evolve(spacing, least=own.least, lead=lead)
        routed = route(weighed.edges, size, spacing)
    return _page(drawn, words, weighed, own, routed, spacing, turned=down)


def _spacing(weighed: Weighed, words: Wording, own: Cards, *, turned: bool) -> Spacing:
    sizes = {}
    for edge in weighed.edges:
        said = pill_words(edge, words)
        sizes[edge.source, edge.target] = span(said, 12, 600) + (28 if edge.planned is False else 14) if said else 0.0
    widest = max(sizes.values(), default=0.0)
    if turned:
        return Spacing(
            least=own.least, gap=28.0, lead=68.0, hub=40.0, half=own.half, hub_half=65.0, across=max(24.0, widest),
            pills=dict.fromkeys(sizes, 20.0),
        )  # fmt: skip
    beside = [length for (a, b), length in sizes.items() if b == a + 1]
    gap = max(44.0, max(beside, default=0.0) + 22)
    hub = own.hub
    return Spacing(
        least=own.least,
        gap=gap,
        lead=MARGIN + hub + gap,
        hub=hub,
        half=own.half,
        hub_half=24.0,
        across=20.0,
        pills=sizes,
    )


def _page(
    drawn: View, words: Wording, weighed: Weighed, own: Cards, routed: Routed, spacing: Spacing, *, turned: bool
) -> Scene:
    if turned:
        left = MARGIN + own.stage_width + 18 + routed.behind
        width = left + 2 * own.half + routed.before + MARGIN
        width, shift = max(_LEAST_PAGE, width), max(0.0, _LEAST_PAGE - width) / 2
    else:
        left = shift = 0.0
        width = routed.finish + spacing.hub + MARGIN
        width = max(_LEAST_PAGE, width)
    head, y = heading(drawn, width, words.text("flow.title"), facts(drawn, weighed, words))
    if turned:
        axes = Axes(turned=True, x=left + shift + own.half, y=y + 22)
        bottom = axes.y + routed.finish + spacing.hub + 20
        stages = own.stage_column(routed, axes.y, MARGIN, width - MARGIN)
    else:
        stages, y = own.stage_row(routed, spacing.gap, y + 20)
        axes = Axes(turned=False, x=0.0, y=y + 22 + routed.before)
        bottom = axes.y + routed.behind + 20
    picture = lines(routed, words, axes, drawn)
    touchpoints = own.touchpoints(routed, axes)
    ends = own.ends(routed, axes, spacing.hub)
    legend, bottom = foot(drawn, words, width, bottom, keys(weighed, words))
    told = describe(drawn, weighed, words)
    return page(drawn, width, bottom, told, (head, stages, *picture.under, ends, touchpoints, picture.over, legend))


def _empty(drawn: View, words: Wording) -> Scene:
    weighed = Weighed(edges=(), total=0, inner=0, left=0, left_count=0, explicit=False)
    head, y = heading(drawn, _LEAST_PAGE, words.text("flow.title"), ())
    said = block(words.text("no-touchpoint-yet"), MARGIN, y + 20, _LEAST_PAGE - 2 * MARGIN, size=14, colour="muted")
    legend, bottom = foot(drawn, words, _LEAST_PAGE, y + 60, ())
    return page(drawn, _LEAST_PAGE, bottom, describe(drawn, weighed, words), (head, said.text, legend))
