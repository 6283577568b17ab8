"""The touchpoints and stages of the flow, beside each other or under each other, and where journeys start and end."""

from __future__ import annotations

from itertools import pairwise

import attrs
from attrs import frozen

from journeykit.drawing.blocks import Block, block, legible, span
from journeykit.drawing.flow.axes import Axes
from journeykit.drawing.flow.routing import Node, Routed
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Box, Circle, Group, Icon, Mark, Path, Rect, Rule
from journeykit.drawing.text import longest_word
from journeykit.drawing.viewing import Spot, View
from journeykit.drawing.wording import Wording
from journeykit.model import Stage

__all__ = ["Cards", "cards"]

_NARROW, _WIDE, _ROW = 132.0, 184.0, 320.0
_STAGE = 128.0


@frozen(kw_only=True)
class Cards:
    """The cards before they have a place: their least lengths along, half their breadth across."""

    drawn: View
    words: Wording
    turned: bool
    least: tuple[float, ...]
    half: float
    stage_width: float = _STAGE

    @property
    def hub(self) -> float:
        """The length of the start and the end."""
        said = [self.words.text("start"), self.words.text("end"), *self.totals()]
        return max(64.0, max(span(text, 13, 700) for text in said) + 26)

    def totals(self) -> tuple[str, ...]:
        """How many journeys start."""
        coverage = self.drawn.coverage
        return (self.words.number(coverage.journeys),) if coverage else ()

    def touchpoints(self, routed: Routed, axes: Axes) -> Group:
        """One card a touchpoint."""
        groups = []
        for spot, node in zip(self.drawn.spots, routed.nodes, strict=True):
            box = axes.box(node.middle, 0.0, node.end - node.start, 2 * self.half)
            draw, touchpoint = self._row if self.turned else self._card, spot.touchpoint
            groups.append(Group(kind="tp", name=touchpoint.id, title=touchpoint.title, marks=tuple(draw(spot, box))))
        return Group(kind="touchpoints", marks=tuple(groups))

    def counted(self, spot: Spot) -> str:
        """In how many journeys it was seen, in words."""
        if self.drawn.coverage is None:
            return ""
        if spot.count is None:
            return self.words.text("not-measured")
        known = spot.count.journeys
        return self.words.text("withheld") if known is None else self.words.text("journeys", n=known)

    def _ground(self, spot: Spot, box: Box) -> list[Mark]:
        touchpoint, names = spot.touchpoint, spot.touchpoint.channels
        unseen = touchpoint.match is None and self.drawn.coverage is not None
        y = box.y + box.height / 2 if self.turned else box.y + 23
        return [
            Rect(box=box, radius=12, fill="card", stroke="edge", dash="4 4" if unseen else None),
            Circle(x=box.x + 23, y=y, r=13, fill="chip"),
            Icon(name=icon_for(names[0]) if names else "neutral", x=box.x + 14, y=y - 9, size=18),
        ]

    def _card(self, spot: Spot, box: Box) -> list[Mark]:
        title = spot.touchpoint.title
        place = self.words.number(spot.number)
        number = block(
            place, box.right - 46, box.y + 14, 36, size=12, weight=600, colour="subtle", align="right", most=1
        )
        words = block(title, box.x + 11, box.y + 42, box.width - 22, size=13, weight=600, most=4)
        marks = [*self._ground(spot, box), number.text, words.text]
        if said := self.counted(spot):
            marks.append(
                block(said, box.x + 11, box.bottom - 25, box.width - 22, size=12, colour="subtle", most=1).text
            )
        return marks

    def _row(self, spot: Spot, box: Box) -> list[Mark]:
        said = self.counted(spot)
        room = span(said, 12) + 2 if said else 0.0
        words = self.row_title(spot, box.x + 44, 0.0)
        words = self.row_title(spot, box.x + 44, box.y + (box.height - words.height) / 2)
        marks = [*self._ground(spot, box), words.text]
        if said:
            y = box.y + box.height / 2 - 8
            marks.append(
                block(said, box.right - 12 - room, y, room, size=12, colour="subtle", align="right", most=1).text
            )
        return marks

    def row_title(self, spot: Spot, x: float, y: float) -> Block:
        """Number and title in one text, left of the count."""
        said = self.counted(spot)
        inner = _ROW - 44 - 12 - (span(said, 12) + 12 if said else 0.0)
        title = f"{self.words.number(spot.number)} {spot.touchpoint.title}"
        return block(title, x, y, inner, size=13, weight=600, most=3)

    def ends(self, routed: Routed, axes: Axes, hub: float) -> Group:
        """Where journeys start and where they end; nothing where no start and no end is drawn."""
        size = len(routed.nodes)
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
        return Group(kind="ends", marks=tuple(groups))

    def _spans(self, routed: Routed) -> list[tuple[int, Stage, Node]]:
        """Every stage that has touchpoints, with its stretch."""
        found = []
        for index, stage in enumerate(self.drawn.stages):
            own = [node for spot, node in zip(self.drawn.spots, routed.nodes, strict=True) if spot.stage == index]
            if own:
                found.append((index, stage, Node(start=own[0].start, end=own[-1].end)))
        return found

    def _tone(self, index: int) -> str:
        total = len(self.drawn.stages)
        return f"stage{1 + (4 * index // (total - 1) if total > 1 else 0)}"

    def stage_row(self, routed: Routed, gap: float, top: float) -> tuple[Group, float]:
        """The stages as chevrons over their touchpoints, and the y below them."""
        spans = [(i, s, n.start - gap / 2 + 3, n.end + gap / 2 - 3) for i, s, n in self._spans(routed)]
        blocks = [
            block(stage.title, left + 20, 0, right - left - 30, size=15, weight=700, colour="onstage", most=3)
            for _, stage, left, right in spans
        ]
        height = max(40.0, max(words.height for words in blocks) + 18)
        groups = []
        for (index, stage, left, right), words in zip(spans, blocks, strict=True):
            y = top + (height - words.height) / 2
            said = block(stage.title, left + 20, y, right - left - 30, size=15, weight=700, colour="onstage", most=3)
            shape = Path(commands=_chevron(left, right, top, height, first=index == 0), fill=self._tone(index))
            groups.append(Group(kind="stage", name=stage.id, title=stage.title, marks=(shape, said.text)))
        return Group(kind="stages", marks=tuple(groups)), top + height

    def stage_column(self, routed: Routed, top: float, x: float, right: float) -> Group:
        """The stages at the side of their touchpoints, parted by thin lines to the ``right`` edge."""
        groups: list[Mark] = [
            Rule(x1=x, y1=y, x2=right, y2=y, stroke="line")
            for (*_, before), (*_, behind) in pairwise(self._spans(routed))
            for y in (top + (before.end + behind.start) / 2,)
        ]
        for index, stage, node in self._spans(routed):
            box = Box(x=x, y=top + node.start - 6, width=_STAGE, height=node.end - node.start + 12)
            words = block(
                stage.title,
                x + 12,
                box.y + 10,
                _STAGE - 24,
                size=14,
                weight=700,
                colour="onstage",
                most=_most(box.height),
            )
            marks = (Rect(box=box, radius=8, fill=self._tone(index)), words.text)
            groups.append(Group(kind="stage", name=stage.id, title=stage.title, marks=marks))
        return Group(kind="stages", marks=tuple(groups))


def _most(height: float) -> int:
    """The lines of a stage's title that fit beside its touchpoints."""
    return max(1, int((height - 16) // 18))


def _chevron(
    left: float, right: float, top: float, height: float, *, first: bool
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    middle, bottom, tip = top + height / 2, top + height, 12.0
    notch = () if first else (("L", (left + tip - 2, middle)),)
    return (
        ("M", (left, top)),
        ("L", (right - 4, top)),
        ("L", (right + tip - 6, middle)),
        ("L", (right - 4, bottom)),
        ("L", (left, bottom)),
        *notch,
        ("Z", ()),
    )


def cards(drawn: View, words: Wording, *, turned: bool) -> Cards:
    """The cards' sizes: one height for all beside each other, one breadth for all under each other."""
    touchpoints = [spot.touchpoint for spot in drawn.spots]
    counted = drawn.coverage is not None
    made = Cards(drawn=drawn, words=words, turned=turned, least=(), half=_ROW / 2)
    if turned:
        least = tuple(max(38.0, made.row_title(spot, 0.0, 0.0).height + 12) for spot in drawn.spots)
        return attrs.evolve(made, least=least)
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
