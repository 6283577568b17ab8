"""The opportunities of the map by impact and effort: nine fields, because both are words and no amounts."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.scene import Box, Group, Mark, Rect, Scene
from journeykit.drawing.sheet import MARGIN, foot, heading, page, short
from journeykit.drawing.viewing import View, view
from journeykit.model import Journey, Opportunity
from journeykit.results import Scorecard

__all__ = ["chances"]

WIDTH = 1240.0
_SIDE, _GAP = 128.0, 12.0
_LEVELS = ("low", "medium", "high")
# Impact from high to low, downwards; effort from low to high, to the right.
_NAMED = {("high", "low"): "quick-win", ("high", "high"): "big-bet", ("low", "low"): "fill-in", ("low", "high"): "drop"}


@frozen(kw_only=True)
class _Chance:
    opportunity: Opportunity
    number: int
    touchpoint: str


def chances(journey: Journey, scores: Scorecard | None = None) -> Scene:
    """The scene of the opportunities; those without impact or effort are listed beneath.

    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey.
    """
    drawn = view(journey, scores)
    words = drawn.words
    every = [
        _Chance(opportunity=o, number=spot.number, touchpoint=spot.touchpoint.title)
        for spot in drawn.spots
        for o in spot.touchpoint.opportunities
    ]
    title = words.text("matrix.chances")
    fact = words.text("matrix.chances.note", n=len(every))
    head, y = heading(drawn, WIDTH, title, [fact])
    marks: list[Mark] = [head]
    placed = [c for c in every if c.opportunity.impact and c.opportunity.effort]
    if placed:
        grid, y = _grid(drawn, placed, y + 22)
        marks.append(grid)
    left = [c for c in every if c not in placed]
    if left:
        listed, y = _left(drawn, left, y + 20)
        marks.append(listed)
    legend, bottom = foot(drawn, words, WIDTH, y + 18, ())
    told = [fact, *(_tell(drawn, chance) for chance in every)]
    name = words.text("view.title", title=short(journey.title), view=title)
    return page(drawn, WIDTH, bottom, (name, ". ".join(part.rstrip(".") for part in told) + "."), (*marks, legend))


def _tell(drawn: View, chance: _Chance) -> str:
    words, o = drawn.words, chance.opportunity
    parts = [words.text(f"impact.{o.impact}")] if o.impact else []
    parts += [words.text(f"effort.{o.effort}")] if o.effort else []
    return f"{short(o.title, 160)}: {words.text('comma').join([*parts, short(chance.touchpoint, 120)])}"


def _card(drawn: View, chance: _Chance, x: float, y: float, width: float) -> tuple[list[Mark], float]:
    words, o = drawn.words, chance.opportunity
    title = block(o.title, x + 12, y + 9, width - 24, size=13, weight=600, most=4)
    where = f"{words.number(chance.number)} {chance.touchpoint}"
    place = block(where, x + 12, y + 11 + title.height, width - 24, size=12, colour="muted", most=2)
    texts: list[Block] = [title, place]
    bottom = y + 11 + title.height + place.height
    about = [words.text(f"status.{o.status}")] if o.status else []
    about += [words.text("owner", owner=short(o.owner, 60))] if o.owner else []
    about += [words.text("chip.due", day=words.day(o.due))] if o.due else []
    if about:
        texts.append(block(" · ".join(about), x + 12, bottom + 1, width - 24, size=12, colour="pos", most=2))
        bottom += 1 + texts[-1].height
    box = Box(x=x, y=y, width=width, height=bottom + 9 - y)
    return [Rect(box=box, radius=9, fill="card", stroke="edge"), *(t.text for t in texts)], box.bottom


def _grid(drawn: View, placed: Sequence[_Chance], top: float) -> tuple[Group, float]:
    words = drawn.words
    left = MARGIN + _SIDE
    width = (WIDTH - MARGIN - left - 2 * _GAP) / 3
    marks: list[Mark] = []
    for column, effort in enumerate(_LEVELS):
        x = left + column * (width + _GAP)
        said = block(
            words.text(f"effort.{effort}"), x, top, width, size=13, weight=700, colour="muted", align="middle", most=1
        )
        marks.append(said.text)
    y = top + 26
    for impact in reversed(_LEVELS):
        cards: list[Mark] = []
        ends = [y + 84]
        names: list[Mark] = []
        for column, effort in enumerate(_LEVELS):
            x = left + column * (width + _GAP)
            at = y + 10
            if key := _NAMED.get((impact, effort)):
                ink = "pos" if key == "quick-win" else "muted"
                name = block(
                    words.text(f"matrix.{key}"), x + 12, at, width - 24, size=13, weight=700, colour=ink, most=1
                )
                names.append(name.text)
                at += name.height + 7
            for chance in placed:
                if (chance.opportunity.impact, chance.opportunity.effort) == (impact, effort):
                    drawn_card, at = _card(drawn, chance, x + 10, at, width - 20)
                    cards += drawn_card
                    at += 8
            ends.append(at + 2)
        bottom = max(ends)
        side = block(
            words.text(f"impact.{impact}"), MARGIN, y + 14, _SIDE - 16, size=13, weight=700, colour="muted", most=3
        )
        marks.append(side.text)
        for column, effort in enumerate(_LEVELS):
            box = Box(x=left + column * (width + _GAP), y=y, width=width, height=bottom - y)
            fill = "posbg" if (impact, effort) == ("high", "low") else "band"
            marks.append(Rect(box=box, radius=10, fill=fill))
        marks += [*names, *cards]
        y = bottom + _GAP
    return Group(kind="grid", marks=tuple(marks)), y - _GAP


def _left(drawn: View, left: Sequence[_Chance], top: float) -> tuple[Group, float]:
    words = drawn.words
    title = block(words.text("matrix.unplaced"), MARGIN, top, WIDTH - 2 * MARGIN, size=14, weight=700, most=2)
    marks: list[Mark] = [title.text]
    y = top + title.height + 6
    for chance in left:
        o = chance.opportunity
        missing = [words.text("matrix.no-impact")] * (o.impact is None) + [words.text("matrix.no-effort")] * (
            o.effort is None
        )
        what = f"{o.title} – {words.number(chance.number)} {chance.touchpoint}"
        said = words.text("score.with-reason", status=what, reason=words.text("comma").join(missing))
        line = block(said, MARGIN, y, WIDTH - 2 * MARGIN, size=12.5, colour="muted", most=3)
        marks.append(line.text)
        y += line.height + 4
    return Group(kind="unplaced", marks=tuple(marks)), y
