"""The touchpoints of the flow, beside each other or under each other, and where journeys start and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
from attrs import field, frozen

from journeykit.drawing.blocks import Block, block, legible, span
from journeykit.drawing.flow import chips
from journeykit.drawing.flow.axes import Axes
from journeykit.drawing.flow.chips import Chip
from journeykit.drawing.flow.routing import Routed
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Box, Circle, Group, Icon, Mark, Rect
from journeykit.drawing.text import longest_word
from journeykit.drawing.viewing import Spot, View
from journeykit.drawing.wording import Wording

__all__ = ["Cards", "cards"]

_NARROW, _WIDE, _ROW = 132.0, 184.0, 320.0
_INNER = 44.0 + 12.0


@frozen(kw_only=True)
class Cards:
    """The cards before they have a place: their least lengths along, half their breadth across, and their ``chips``."""

    drawn: View
    words: Wording
    turned: bool
    least: tuple[float, ...]
    half: float
    chips: Mapping[int, Sequence[Chip]] = field(factory=dict)

    @property
    def hub(self) -> float:
        """The length of the start and the end."""
        said = [self.words.text("start"), self.words.text("end"), *self.totals()]
        return max(64.0, max(span(text, 13, 700) for text in said) + 26)

    def totals(self) -> tuple[str, ...]:
        """How many journeys start."""
        coverage = self.drawn.coverage
        return (self.words.number(coverage.journeys),) if coverage else ()

    def touchpoints(self, routed: Routed, axes: Axes, spots: Sequence[Spot]) -> list[Group]:
        """One card for each of these touchpoints."""
        groups = []
        for spot, node in zip(spots, routed.nodes, strict=True):
            start = node.start + node.head
            box = axes.box((start + node.end) / 2, 0.0, node.end - start, 2 * self.half)
            draw, touchpoint = self._row if self.turned else self._card, spot.touchpoint
            groups.append(Group(kind="tp", name=touchpoint.id, title=touchpoint.title, marks=tuple(draw(spot, box))))
        return groups

    def counted(self, spot: Spot) -> str:
        """In how many journeys it was seen, in words."""
        if self.drawn.coverage is None:
            return ""
        if spot.count is None:
            return self.words.text("not-measured")
        known = spot.count.journeys
        return self.words.text("withheld") if known is None else self.words.text("journeys", n=known)

    def _ground(self, spot: Spot, box: Box, middle: float) -> list[Mark]:
        touchpoint, names = spot.touchpoint, spot.touchpoint.channels
        unseen = touchpoint.match is None and self.drawn.coverage is not None
        return [
            Rect(box=box, radius=12, fill="card", stroke="edge", dash="4 4" if unseen else None),
            Circle(x=box.x + 23, y=middle, r=13, fill="chip"),
            Icon(name=icon_for(names[0]) if names else "neutral", x=box.x + 14, y=middle - 9, size=18),
        ]

    def _card(self, spot: Spot, box: Box) -> list[Mark]:
        title = spot.touchpoint.title
        place = self.words.number(spot.number)
        number = block(
            place, box.right - 46, box.y + 14, 36, size=12, weight=600, colour="subtle", align="right", most=1
        )
        words = block(title, box.x + 11, box.y + 42, box.width - 22, size=13, weight=600, most=4)
        marks = [*self._ground(spot, box, box.y + 23), number.text, words.text]
        if said := self.counted(spot):
            marks.append(
                block(said, box.x + 11, box.bottom - 25, box.width - 22, size=12, colour="subtle", most=1).text
            )
        return marks

    def _row(self, spot: Spot, box: Box) -> list[Mark]:
        said = self.counted(spot)
        room = span(said, 12) + 2 if said else 0.0
        words = self.row_title(spot, box.x + 44, 0.0)
        own = self.chips.get(spot.number - 1, ())
        tall = max(words.height, 26.0 if own else 0.0)
        low = chips.height(own, _ROW - _INNER) + (4 if own else 0)
        top = box.y + (box.height - tall - low) / 2
        middle = top + tall / 2
        words = self.row_title(spot, box.x + 44, middle - words.height / 2)
        marks = [*self._ground(spot, box, middle), words.text]
        if said:
            end = box.right - 12 - room
            marks.append(block(said, end, middle - 8, room, size=12, colour="subtle", align="right", most=1).text)
        return [*marks, *chips.marks(own, Box(x=box.x + 44, y=top + tall + 6, width=_ROW - _INNER, height=low))]

    def row_title(self, spot: Spot, x: float, y: float) -> Block:
        """Number and title in one text, left of the count."""
        said = self.counted(spot)
        inner = _ROW - _INNER - (span(said, 12) + 12 if said else 0.0)
        title = f"{self.words.number(spot.number)} {spot.touchpoint.title}"
        return block(title, x, y, inner, size=13, weight=600, most=3)

    def ends(self, routed: Routed, axes: Axes, hub: float) -> list[Group]:
        """Where journeys start and where they end; nothing where no start and no end is drawn."""
        size = len(self.drawn.spots)
        groups = []
        for key, there, middle in (
            ("start", any(r.edge.source < 0 for r in routed.routes), routed.begin - hub / 2),
            ("end", any(r.edge.target >= size for r in routed.routes), routed.finish + hub / 2),
        ):
            if not there:
                continue
            box = axes.box(middle, 0.0, hub, 130.0 if self.turned else 48.0)
            total = self.totals()
            name = self.words.text(key)
            if self.turned and total:
                name, total = f"{name} · {total[0]}", ()
            lines = [(name, 13.0, 700), *((text, 12.0, 400) for text in total)]
            y = box.y + (box.height - 17 * len(lines)) / 2
            marks: list[Mark] = [
                Rect(box=box, radius=min(24.0, box.height / 2), fill="chip", stroke="subtle", width=1.5)
            ]
            for index, (text, points, weight) in enumerate(lines):
                said = block(
                    text, box.x + 6, y + 17 * index, box.width - 12, size=points, weight=weight, align="middle", most=1
                )
                marks.append(said.text)
            groups.append(Group(kind="flow", name=key, marks=tuple(marks)))
        return groups


def cards(drawn: View, words: Wording, *, turned: bool, noted: Mapping[int, Sequence[Chip]] | None = None) -> Cards:
    """The cards' sizes: one height for all beside each other, one breadth for all under each other.

    ``noted`` are the chips of those that stand under each other, by position.
    """
    touchpoints = [spot.touchpoint for spot in drawn.spots]
    counted = drawn.coverage is not None
    made = Cards(drawn=drawn, words=words, turned=turned, least=(), half=_ROW / 2, chips=noted or {})
    if turned:
        least = []
        for spot in drawn.spots:
            own = made.chips.get(spot.number - 1, ())
            low = chips.height(own, _ROW - _INNER) + 10 if own else 0.0
            least.append(max(38.0, made.row_title(spot, 0.0, 0.0).height + 12) + low)
        return attrs.evolve(made, least=tuple(least))
    widths = [
        min(
            _WIDE,
            max(
                _NARROW,
                longest_word(legible(spot.touchpoint.title), 13, 600) + 24,
                span(made.counted(spot), 12) + 24,
            ),
        )
        for spot in drawn.spots
    ]
    titles = [
        block(touchpoint.title, 0, 0, width - 22, size=13, weight=600, most=4)
        for touchpoint, width in zip(touchpoints, widths, strict=True)
    ]
    tallest = max((title.height for title in titles), default=17.0)
    return attrs.evolve(made, least=tuple(widths), half=(42 + tallest + (32 if counted else 12)) / 2)
