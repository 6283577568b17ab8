"""Puts the matrix on a page: the plot with its quadrants at one side, every point and its figures at the other."""

from __future__ import annotations

from collections.abc import Sequence

from journeykit.drawing.blocks import Block, block, span
from journeykit.drawing.matrix.badges import DOT, Badge, badges
from journeykit.drawing.matrix.dots import Dot, Scale, dots, levels, reasons, scale
from journeykit.drawing.matrix.table import Table, digits, listed, table
from journeykit.drawing.matrix.titles import Ground, titles
from journeykit.drawing.scene import Box, Circle, Group, Mark, Rect, Rule, Scene, Text
from journeykit.drawing.sheet import MARGIN, Draw, Key, foot, heading, page, short
from journeykit.drawing.viewing import Spot, View, view
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.results import Score, Scorecard

__all__ = ["plan"]

_LEFT, _WIDE, _HIGH = 104.0, 760.0, (600.0, 660.0, 740.0)
_BESIDE, _SIDE, _RIM = 44.0, 34.0, 42.0
# More titles than this would be a wood; the numbers and the table tell as much.
_TITLED = 24
_LEAST = 880.0
# Languages that write a noun within a sentence in lower case.
_LOWERED = ("en", "es", "fr")
# Half the width of an arrow, to either side.
_TIP = (-4.0, 4.0)
_QUADRANTS = ("mend-first", "mend-later", "keep", "leave")


class _Field:
    """The plot and its scales; the points keep away from its rim, where the quadrants have their names."""

    def __init__(self, plot: Box, across: Scale, up: Scale) -> None:
        self.plot, self.across, self.up = plot, across, up

    def x(self, value: float) -> float:
        return self.plot.x + _SIDE + (self.plot.width - 2 * _SIDE) * self.across.place(value)

    def y(self, value: float) -> float:
        return self.plot.bottom - _RIM - (self.plot.height - 2 * _RIM) * self.up.place(value)


def plan(journey: Journey, scores: Scorecard | None = None, *, x: str = "friction", y: str = "impact") -> Scene:
    """The scene of the matrix: one scorer's figures to the right, another's upwards, one numbered point a touchpoint.

    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey.
    """
    drawn = view(journey, scores)
    words = drawn.words
    names = words.scorer(x), words.scorer(y)
    title = words.text("matrix.title", y=names[1], x=_inside(words, names[0]))
    found, left = dots(drawn, x, y), reasons(drawn, x, y)
    listing, high = _table(drawn, found, names, standard=(x, y) == ("friction", "impact"))
    width = 2 * MARGIN + listing.across + (_LEFT - MARGIN + _WIDE + _BESIDE if found else 0.0)
    width = max(width, _LEAST)
    head, top = heading(drawn, width, title, _facts(drawn, found))
    marks: list[Mark] = [head]
    bottom = top
    if found:
        plot = Box(x=_LEFT, y=top + 44, width=_WIDE, height=high)
        marks.append(_plot(drawn, found, plot, names, standard=(x, y) == ("friction", "impact")))
        marks.append(listing.at(plot.right + _BESIDE, plot.y - 18))
        low = plot.y - 18 + listing.height
        bottom = max(plot.bottom + 58, low)
        aside, end = listed(drawn, left, Box(x=plot.right + _BESIDE, y=low + 26, width=listing.across, height=0), 1)
        if left and len(listing.columns) == 1 and end <= plot.bottom + 50:
            marks.append(aside)
        elif left:
            beneath, bottom = _beneath(drawn, left, width, bottom + 18)
            marks.append(beneath)
    elif left:
        beneath, bottom = _beneath(drawn, left, width, bottom + 18)
        marks.append(beneath)
    if not drawn.spots:
        said = block(words.text("no-touchpoint-yet"), MARGIN, bottom + 20, width - 2 * MARGIN, size=14, colour="muted")
        marks.append(said.text)
        bottom += 20 + said.height
    legend, bottom = foot(drawn, words, width, bottom + 18, _keys(drawn, found))
    told = [*_facts(drawn, found), *(_tell(drawn, dot, names) for dot in found)]
    told += [f"{short(spot.touchpoint.title, 160)}: {short(why)}" for spot, why in left]
    name = words.text("view.title", title=short(journey.title), view=title)
    return page(drawn, width, bottom, (name, ". ".join(part.rstrip(".") for part in told) + "."), (*marks, legend))


def _inside(words: Wording, name: str) -> str:
    """A scorer's name inside a sentence: lower case where the language writes nouns so, but never an acronym."""
    return name[:1].lower() + name[1:] if words.written in _LOWERED and name[1:2].islower() else name


def _beneath(drawn: View, left: Sequence[tuple[Spot, str]], width: float, top: float) -> tuple[Group, float]:
    """What has no place, in as many columns as the page is wide."""
    box = Box(x=MARGIN, y=top, width=width - 2 * MARGIN, height=0)
    return listed(drawn, left, box, 3 if width > 1400 else 2)


def _table(drawn: View, found: Sequence[Dot], names: tuple[str, str], *, standard: bool) -> tuple[Table, float]:
    """The table of the points, by quadrant where the quadrants have names, and how high the plot beside it is."""
    across, up = scale([dot.x for dot in found]), scale([dot.y for dot in found])
    quadrants: list[tuple[str | None, list[Dot]]] = [(None, list(found))]
    if standard:
        # On the dashed line is not below it: a doubt is settled for looking at the point.
        quadrants = [
            (key, [dot for dot in found if _quadrant(dot, across.middle, up.middle) == key]) for key in _QUADRANTS
        ]
    made = table(drawn, quadrants, names, 0.0)
    for columns, high in enumerate(_HIGH, start=1):
        made = table(drawn, quadrants, names, high + 50)
        if len(made.columns) <= columns:
            return made, high
    return made, _HIGH[-1]


def _quadrant(dot: Dot, across: float, up: float) -> str:
    costly, weighty = (dot.x.value or 0.0) >= across, (dot.y.value or 0.0) >= up
    return ("mend-first" if costly else "keep") if weighty else ("mend-later" if costly else "leave")


def _facts(drawn: View, found: Sequence[Dot]) -> list[str]:
    words = drawn.words
    if drawn.coverage is None:
        return [words.text("view.no-scores")]
    return [words.text("matrix.placed", n=len(found), all=len(drawn.spots))]


def _tell(drawn: View, dot: Dot, names: tuple[str, str]) -> str:
    words = drawn.words
    parts = [
        words.text("tell.score", scorer=name, value=words.number(score.value or 0.0, digits([score])))
        for name, score in zip(names, (dot.x, dot.y), strict=True)
    ]
    return (
        f"{words.number(dot.spot.number)}. {short(dot.spot.touchpoint.title, 160)}: {words.text('comma').join(parts)}"
    )


def _plot(drawn: View, found: Sequence[Dot], plot: Box, names: tuple[str, str], *, standard: bool) -> Group:
    field = _Field(plot, scale([dot.x for dot in found]), scale([dot.y for dot in found]))
    quadrants = _quadrants(drawn, field, standard=standard)
    at = [(round(field.x(dot.x.value or 0.0), 2), round(field.y(dot.y.value or 0.0), 2)) for dot in found]
    arms = [arm for dot, place in zip(found, at, strict=True) for arm in _arms(dot, place, field)]
    words = [mark.box for mark in quadrants if isinstance(mark, Text)]
    r = max(11.0, max(span(drawn.words.number(dot.spot.number), 12, 700) for dot in found) / 2 + 4)
    room = Box(x=plot.x + 4, y=plot.y + 4, width=plot.width - 8, height=plot.height - 8)
    marked = badges(at, r, room, words)
    named: list[Block] = []
    if len(found) <= _TITLED:
        medians = [mark for mark in quadrants if isinstance(mark, Rule)]
        ground = Ground(room=room, words=words, medians=medians, arms=arms)
        named = titles([dot.spot.touchpoint.title for dot in found], marked, ground)
    leaders = [
        Rule(x1=x1, y1=y1, x2=x2, y2=y2, stroke="accent", width=1.2)
        for badge in marked
        if badge.away
        for (x1, y1), (x2, y2) in (badge.leader,)
    ]
    points = [
        Group(
            kind="point", name=dot.spot.touchpoint.id, title=_tell(drawn, dot, names), marks=_point(drawn, dot, badge)
        )
        for dot, badge in zip(found, marked, strict=True)
    ]
    under = Group(kind="intervals", decorative=True, marks=(*arms, *leaders))
    return Group(kind="plot", marks=(*quadrants, *_axes(drawn, field, names), under, *points, *(n.text for n in named)))


def _arms(dot: Dot, at: tuple[float, float], field: _Field) -> list[Rule]:
    """The intervals of a point as a faint cross; where one goes on beyond the axis, its arm ends in an arrow."""
    (x, y), arms = at, []
    if dot.x.interval:
        low, high = field.x(dot.x.interval.low), field.x(dot.x.interval.high)
        arms.append(_arm(low, y, high, y))
        arms += [
            _arm(end, y, end - 6 * way, y + side) for end, way in _open(dot.x, field.across, low, high) for side in _TIP
        ]
    if dot.y.interval:
        low, high = field.y(dot.y.interval.low), field.y(dot.y.interval.high)
        arms.append(_arm(x, low, x, high))
        arms += [
            _arm(x, end, x + side, end + 6 * way) for end, way in _open(dot.y, field.up, low, high) for side in _TIP
        ]
    return arms


def _arm(x1: float, y1: float, x2: float, y2: float) -> Rule:
    return Rule(x1=x1, y1=y1, x2=x2, y2=y2, stroke="edge", width=1.4)


def _open(score: Score, axis: Scale, low: float, high: float) -> list[tuple[float, int]]:
    """The ends of an interval that lie beyond the axis: where they are drawn, and which way they go on."""
    if score.interval is None:
        return []
    ends = [(low, -1)] if score.interval.low < axis.low else []
    return [*ends, (high, 1)] if score.interval.high > axis.high else ends


def _point(drawn: View, dot: Dot, badge: Badge) -> tuple[Mark, ...]:
    """The number of a touchpoint on its point, or beside it."""
    fill, stroke, ink = ("accent", "bg", "onaccent") if dot.sure else ("bg", "accent", "accent")
    (x, y), r = badge.at, badge.r
    number = drawn.words.number(dot.spot.number)
    said = block(number, x - r, y - 8, 2 * r, size=12, weight=700, colour=ink, align="middle", most=1)
    marks: tuple[Mark, ...] = (Circle(x=x, y=y, r=r, fill=fill, stroke=stroke, width=1.6), said.text)
    if not badge.away:
        return marks
    spot = Circle(x=badge.point[0], y=badge.point[1], r=DOT, fill="accent" if dot.sure else "bg", stroke="accent")
    return (spot, *marks)


def _quadrants(drawn: View, field: _Field, *, standard: bool) -> list[Mark]:
    """Four grounds parted at the medians; named where the axes are the ones the names speak of."""
    plot = field.plot
    x, y = field.x(field.across.middle), field.y(field.up.middle)
    marks: list[Mark] = [Rect(box=plot, fill="band")]
    marks.append(Rect(box=Box(x=x, y=plot.y, width=plot.right - x, height=y - plot.y), fill="negbg"))
    marks.append(Rect(box=Box(x=plot.x, y=plot.y, width=x - plot.x, height=y - plot.y), fill="posbg"))
    marks.append(Rule(x1=x, y1=plot.y, x2=x, y2=plot.bottom, stroke="subtle", dash="5 5"))
    marks.append(Rule(x1=plot.x, y1=y, x2=plot.right, y2=y, stroke="subtle", dash="5 5"))
    if standard:
        room = plot.width / 2 - 20
        for key, right, low in (
            ("keep", False, False), ("mend-first", True, False), ("leave", False, True), ("mend-later", True, True),
        ):  # fmt: skip
            said = block(drawn.words.text(f"matrix.{key}"), 0, 0, room, size=14, weight=700, most=1)
            at = plot.right - 10 - said.width - 1 if right else plot.x + 10
            line = plot.bottom - 28 if low else plot.y + 9
            ink = "neg" if key == "mend-first" else "pos" if key == "keep" else "muted"
            marks.append(
                block(
                    drawn.words.text(f"matrix.{key}"), at, line, said.width + 1, size=14, weight=700, colour=ink, most=1
                ).text
            )
    return marks


def _axes(drawn: View, field: _Field, names: tuple[str, str]) -> list[Mark]:
    words, plot, across, up = drawn.words, field.plot, field.across, field.up
    marks: list[Mark] = [Rect(box=plot, stroke="edge")]
    for tick in across.ticks:
        x = field.x(tick)
        marks.append(Rule(x1=x, y1=plot.bottom, x2=x, y2=plot.bottom + 5, stroke="subtle"))
        said = words.number(tick + 0.0, across.digits)
        marks.append(block(said, x - 40, plot.bottom + 8, 80, size=12, colour="subtle", align="middle", most=1).text)
    for tick in up.ticks:
        y = field.y(tick)
        marks.append(Rule(x1=plot.x - 5, y1=y, x2=plot.x, y2=y, stroke="subtle"))
        said = words.number(tick + 0.0, up.digits)
        marks.append(block(said, plot.x - 70, y - 8, 60, size=12, colour="subtle", align="right", most=1).text)
    more = f"{names[0]} {'←' if drawn.backwards else '→'}"
    marks.append(
        block(
            more, plot.x, plot.bottom + 28, plot.width, size=13, weight=600, colour="muted", align="middle", most=1
        ).text
    )
    more = f"{names[1]} ↑"
    marks.append(block(more, MARGIN, plot.y - 24, plot.width, size=13, weight=600, colour="muted", most=1).text)
    return marks


def _keys(drawn: View, found: Sequence[Dot]) -> list[Key]:
    words = drawn.words
    keys = []
    if any(dot.sure for dot in found):
        keys.append(Key(width=14, draw=_sign("accent", "bg"), words=words.text("score.ok")))
    if any(not dot.sure for dot in found):
        keys.append(Key(width=14, draw=_sign("bg", "accent"), words=words.text("score.low-n")))
    known = levels(score for dot in found for score in (dot.x, dot.y))
    if known:
        level = words.percent(known.pop()) if len(known) == 1 else None
        said = words.text("matrix.interval", level=level) if level else words.text("legend.score-any")
        keys.append(Key(width=30, draw=_cross, words=said))
    if found:
        keys.append(Key(width=30, draw=_median, words=words.text("matrix.median")))
    return keys


def _sign(fill: str, stroke: str) -> Draw:
    return lambda x, y: (Circle(x=x + 7, y=y, r=6.5, fill=fill, stroke=stroke, width=1.6),)


def _cross(x: float, y: float) -> tuple[Mark, ...]:
    return (
        Rule(x1=x, y1=y, x2=x + 30, y2=y, stroke="edge", width=1.4),
        Rule(x1=x + 15, y1=y - 9, x2=x + 15, y2=y + 9, stroke="edge", width=1.4),
        Circle(x=x + 15, y=y, r=4, fill="accent"),
    )


def _median(x: float, y: float) -> tuple[Mark, ...]:
    return (Rule(x1=x, y1=y, x2=x + 30, y2=y, stroke="subtle", dash="5 5"),)
