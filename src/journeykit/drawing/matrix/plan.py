"""Puts the matrix on a page: the plot with its quadrants at one side, every figure in a table at the other."""

from __future__ import annotations

from collections.abc import Sequence

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.matrix.dots import Dot, Scale, dots, levels, reasons, scale
from journeykit.drawing.matrix.labels import labels
from journeykit.drawing.scene import Box, Circle, Group, Mark, Rect, Rule, Scene, Text
from journeykit.drawing.sheet import MARGIN, Draw, Key, foot, heading, page, short
from journeykit.drawing.viewing import Spot, View, view
from journeykit.model import Journey
from journeykit.results import Score, Scorecard

__all__ = ["plan"]

WIDTH = 1340.0
_PLOT = Box(x=104.0, y=0.0, width=760.0, height=600.0)
_TABLE, _FIGURES, _RIM = 908.0, 84.0, 34.0


class _Field:
    """The plot and its scales; the points keep away from its rim."""

    def __init__(self, plot: Box, across: Scale, up: Scale) -> None:
        self.plot, self.across, self.up = plot, across, up

    def x(self, value: float) -> float:
        return self.plot.x + _RIM + (self.plot.width - 2 * _RIM) * self.across.place(value)

    def y(self, value: float) -> float:
        return self.plot.bottom - _RIM - (self.plot.height - 2 * _RIM) * self.up.place(value)


def plan(journey: Journey, scores: Scorecard | None = None, *, x: str = "friction", y: str = "impact") -> Scene:
    """The scene of the matrix: one scorer's figures to the right, another's upwards, one point a touchpoint.

    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey.
    """
    drawn = view(journey, scores)
    words = drawn.words
    names = words.scorer(x), words.scorer(y)
    title = words.text("matrix.title", y=names[1], x=names[0])
    found = dots(drawn, x, y)
    head, top = heading(drawn, WIDTH, title, _facts(drawn, found))
    marks: list[Mark] = [head]
    bottom = top
    if found:
        plot = _PLOT.moved(0.0, top + 44)
        marks.append(_plot(drawn, found, plot, names, standard=(x, y) == ("friction", "impact")))
        table, low = _table(drawn, found, top + 44, names)
        marks.append(table)
        bottom = max(plot.bottom + 58, low)
    left = reasons(drawn, x, y)
    if left:
        listed, bottom = _unplaced(drawn, left, bottom + 18)
        marks.append(listed)
    if not drawn.spots:
        said = block(words.text("no-touchpoint-yet"), MARGIN, bottom + 20, WIDTH - 2 * MARGIN, size=14, colour="muted")
        marks.append(said.text)
        bottom += 20 + said.height
    legend, bottom = foot(drawn, words, WIDTH, bottom + 18, _keys(drawn, found))
    told = [*_facts(drawn, found), *(_tell(drawn, dot, names) for dot in found)]
    told += [f"{short(spot.touchpoint.title, 160)}: {short(why)}" for spot, why in left]
    name = words.text("view.title", title=short(journey.title), view=title)
    return page(drawn, WIDTH, bottom, (name, ". ".join(part.rstrip(".") for part in told) + "."), (*marks, legend))


def _facts(drawn: View, found: Sequence[Dot]) -> list[str]:
    words = drawn.words
    if drawn.coverage is None:
        return [words.text("view.no-scores")]
    return [words.text("matrix.placed", n=len(found), all=len(drawn.spots))]


def _digits(found: Sequence[Score]) -> int:
    """The decimals of a column of figures: two significant ones for the smallest of them, three at most."""
    least = min((abs(s.value) for s in found if s.value), default=1.0)
    return 1 if least >= 10 else 2 if least >= 0.1 else 3


def _tell(drawn: View, dot: Dot, names: tuple[str, str]) -> str:
    words = drawn.words
    parts = [
        words.text("tell.score", scorer=name, value=words.number(score.value or 0.0, _digits([score])))
        for name, score in zip(names, (dot.x, dot.y), strict=True)
    ]
    return (
        f"{words.number(dot.spot.number)}. {short(dot.spot.touchpoint.title, 160)}: {words.text('comma').join(parts)}"
    )


def _plot(drawn: View, found: Sequence[Dot], plot: Box, names: tuple[str, str], *, standard: bool) -> Group:
    field = _Field(plot, scale([dot.x for dot in found]), scale([dot.y for dot in found]))
    quadrants = _quadrants(drawn, field, standard=standard)
    axes = _axes(drawn, field, names)
    at = [(field.x(dot.x.value or 0.0), field.y(dot.y.value or 0.0)) for dot in found]
    whiskers: list[Rule] = []
    for dot, (x, y) in zip(found, at, strict=True):
        ink = "muted" if dot.sure else "edge"
        if dot.x.interval:
            low, high = field.x(dot.x.interval.low), field.x(dot.x.interval.high)
            whiskers.append(Rule(x1=low, y1=y, x2=high, y2=y, stroke=ink, width=1.1))
        if dot.y.interval:
            low, high = field.y(dot.y.interval.low), field.y(dot.y.interval.high)
            whiskers.append(Rule(x1=x, y1=low, x2=x, y2=high, stroke=ink, width=1.1))
    points: list[Mark] = []
    for dot, (x, y) in zip(found, at, strict=True):
        look = ("accent", "bg") if dot.sure else ("card", "accent")
        points.append(Circle(x=x, y=y, r=6.5, fill=look[0], stroke=look[1], width=1.6))
    taken = [mark.box for mark in quadrants if isinstance(mark, Text)]
    medians = [mark for mark in quadrants if isinstance(mark, Rule)]
    named = labels(drawn, found, at, plot, (taken, [*whiskers, *medians]))
    return Group(kind="plot", marks=(*quadrants, *axes, *whiskers, *named, *points))


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


def _table(drawn: View, found: Sequence[Dot], top: float, names: tuple[str, str]) -> tuple[Group, float]:
    """Every point with its figures, in the order of the map."""
    words = drawn.words
    right = WIDTH - MARGIN
    columns = (right - 2 * _FIGURES - 8, right - _FIGURES)
    marks: list[Mark] = []
    tallest = 0.0
    for at, name in zip(columns, names, strict=True):
        said = block(name, at, top - 2, _FIGURES, size=12, weight=600, colour="subtle", align="right", most=2)
        marks.append(said.text)
        tallest = max(tallest, said.height)
    y = top - 2 + tallest + 6
    digits = _digits([dot.x for dot in found]), _digits([dot.y for dot in found])
    for dot in found:
        said = block(_named(drawn, dot.spot), _TABLE, y + 5, columns[0] - _TABLE - 8, size=12.5, most=2)
        marks += [Rule(x1=_TABLE, y1=y, x2=right, y2=y, stroke="line"), said.text]
        for at, score, places in zip(columns, (dot.x, dot.y), digits, strict=True):
            weight, ink = (600, "ink") if score.status == "ok" else (400, "subtle")
            figure = words.number(score.value or 0.0, places)
            marks.append(
                block(figure, at, y + 5, _FIGURES, size=12.5, weight=weight, colour=ink, align="right", most=1).text
            )
        y += said.height + 10
    return Group(kind="table", marks=tuple(marks)), y


def _named(drawn: View, spot: Spot) -> str:
    return f"{drawn.words.number(spot.number)} {spot.touchpoint.title}"


def _unplaced(drawn: View, left: Sequence[tuple[Spot, str]], top: float) -> tuple[Group, float]:
    """What has no place, in two columns, each with its reason."""
    words = drawn.words
    title = block(words.text("matrix.unplaced"), MARGIN, top, WIDTH - 2 * MARGIN, size=14, weight=700)
    marks: list[Mark] = [title.text]
    width = (WIDTH - 2 * MARGIN - 28) / 2
    rows: list[tuple[Block, Block, float]] = []
    y = top + title.height + 8
    for start in range(0, len(left), 2):
        tallest = 0.0
        for place, (spot, why) in enumerate(left[start : start + 2]):
            x = MARGIN + place * (width + 28)
            name = block(_named(drawn, spot), x, y, width, size=13, weight=600, most=2)
            said = block(why, x, y + name.height, width, size=12, colour="subtle", most=3)
            rows.append((name, said, y))
            marks += [name.text, said.text]
            tallest = max(tallest, name.height + said.height)
        y += tallest + 10
    return Group(kind="unplaced", marks=tuple(marks)), y


def _keys(drawn: View, found: Sequence[Dot]) -> list[Key]:
    words = drawn.words
    keys = []
    if any(dot.sure for dot in found):
        keys.append(Key(width=14, draw=_point("accent", "bg"), words=words.text("score.ok")))
    if any(not dot.sure for dot in found):
        keys.append(Key(width=14, draw=_point("card", "accent"), words=words.text("score.low-n")))
    known = levels(score for dot in found for score in (dot.x, dot.y))
    if known:
        level = words.percent(known.pop()) if len(known) == 1 else None
        said = words.text("matrix.interval", level=level) if level else words.text("legend.score-any")
        keys.append(Key(width=30, draw=_cross, words=said))
    if found:
        keys.append(Key(width=30, draw=_median, words=words.text("matrix.median")))
    return keys


def _point(fill: str, stroke: str) -> Draw:
    return lambda x, y: (Circle(x=x + 7, y=y, r=6.5, fill=fill, stroke=stroke, width=1.6),)


def _cross(x: float, y: float) -> tuple[Mark, ...]:
    return (
        Rule(x1=x, y1=y, x2=x + 30, y2=y, stroke="muted", width=1.1),
        Rule(x1=x + 15, y1=y - 9, x2=x + 15, y2=y + 9, stroke="muted", width=1.1),
        Circle(x=x + 15, y=y, r=4, fill="accent"),
    )


def _median(x: float, y: float) -> tuple[Mark, ...]:
    return (Rule(x1=x, y1=y, x2=x + 30, y2=y, stroke="subtle", dash="5 5"),)
