"""The figures beside the points of the emotion curve: how they look, and where they stand without hiding a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from attrs import frozen

from journeykit.drawing.placing import Surroundings, place
from journeykit.drawing.scene import Box
from journeykit.drawing.theme import Palette
from journeykit.drawing.wording import Wording
from journeykit.renderers._curve_lines import Line, Point
from journeykit.renderers._curve_points import aside, lone, runs, smooth
from journeykit.renderers._curve_text import Pen

__all__ = ["HIGH", "LOW", "SMALL", "Value", "look", "placed", "shade"]

_COLOURS: Final = ("curve", "voice2", "voice3", "voice4")
_DASHES: Final = ("-", "--", ":", "-.")
_MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "<")
# The room of the scale: -2 and +2, and above and below them one value label.
LOW, HIGH = -2.62, 2.62
SMALL = 8.0
# What a name beside a point may cost more than the figure alone.
_NAME = 50.0


def look(number: int) -> tuple[str, str, str]:
    """Colour (a role of the palette), dash and marker of one of several lines: never in colour alone do two differ."""
    return _COLOURS[number % 4], _DASHES[(number + number // 4) % 4], _MARKERS[number % 8]


@frozen(kw_only=True)
class Value:
    """A figure beside its point: its lines, colour, and the box they stand in (pixels from the left and from ``HIGH``)."""

    x: int
    lines: tuple[str, ...]
    colour: str
    box: Box


def placed(
    curves: tuple[Line, ...], pen: Pen, column: float, unit: float, palette: Palette, words: Wording
) -> list[Value]:
    """Every point's figure where it hides no line, as far as there is room; the highest point of a touchpoint comes first."""
    found: list[Value] = []
    count = len(curves[0].points)
    places = aside(curves)
    named: set[int] = set()
    lines = [((x + 0.5) * column, (HIGH - y) / unit) for x, y in _course(curves)]
    lines += [(x, HIGH / unit) for x in range(0, int(count * column), 5)]
    reach = 8 * pen.dpi / 72
    leading = pen.leading([["+1.8"]], SMALL, bold=True)
    for x in range(count):
        here = [(p.valence, number) for number, c in enumerate(curves) if (p := c.points[x])]
        here.sort(key=lambda pair: (-pair[0], pair[1]))
        at = [((places[number][x] + 0.5) * column, (HIGH - valence) / unit) for valence, number in here]
        half = 0.75 * reach
        markers = [Box(x=a - half, y=b - half, width=2 * half, height=2 * half) for a, b in at]
        room = Box(x=x * column + 1, y=0, width=column - 2, height=(HIGH - LOW) / unit)
        near = [spot for spot in lines if abs(spot[0] - at[0][0]) < column] if at else []
        for order, (valence, number) in enumerate(here):
            up = valence >= 0 if len(here) == 1 else order == 0
            around = Surroundings(room=room, labels=[v.box for v in found if v.x == x], markers=markers, lines=near)
            tags = [] if number in named else _tags(curves, pen, column, x, number, words)
            box, cost = place(
                _size(pen, [*tags, words.signed(valence)], leading), at[order], around, reach=reach, up=up
            )
            if tags and len(curves) > 1:
                # A name that would hide a line waits for the next point; the key holds it in any case.
                bare, less = place(_size(pen, [words.signed(valence)], leading), at[order], around, reach=reach, up=up)
                if cost >= less + _NAME:
                    tags, box = [], bare
                else:
                    named.add(number)
            rows = (*tags, words.signed(valence)) if box.y < at[order][1] else (words.signed(valence), *tags)
            colour = getattr(palette, look(number)[0] if len(curves) > 1 else shade(valence))
            found.append(Value(x=x, lines=rows, colour=colour, box=box))
    return found


def _size(pen: Pen, rows: Sequence[str], leading: float) -> tuple[float, float]:
    return max(pen.width(row, SMALL, bold=True) for row in rows), leading * len(rows)


def _tags(curves: tuple[Line, ...], pen: Pen, column: float, x: int, number: int, words: Wording) -> list[str]:
    """What stands with a figure: the name of one of several curves, or Peak and Lowest point on a single one."""
    curve = curves[number]
    if len(curves) > 1:
        return pen.wrap(curve.name, column * 0.94, SMALL, bold=True, most=2)
    known = [point.valence for point in curve.points if point]
    tag = _tag(known[sum(1 for point in curve.points[:x] if point)], known, curve.points, x, words)
    if not tag or max(pen.width(word, SMALL, bold=True) for word in tag.split()) > column * 0.94:
        # A word that is wider than its column would lie on the line beside it.
        return []
    return pen.wrap(tag, column * 0.94, SMALL, bold=True, most=2)


def _course(found: Sequence[Line]) -> list[tuple[float, float]]:
    """Points close together on every line of the picture."""
    spots: list[tuple[float, float]] = []
    for curve, places in zip(found, aside(found), strict=True):
        for start, stop in runs(point is not None for point in curve.points):
            xs, ys = smooth(places[start:stop], [point.valence for point in curve.points[start:stop] if point], 60)
            spots += zip(xs.tolist(), ys.tolist(), strict=True)
        for x in lone(curve):
            point = curve.points[x]
            if point and point.low is not None and point.high is not None:
                spots += [(places[x], point.low + (point.high - point.low) * i / 40) for i in range(41)]
    return spots


def shade(valence: float) -> str:
    """The colour of a figure by its sign, as a role of the palette."""
    if round(valence, 1) == 0:
        return "muted"
    return "pos" if valence > 0 else "neg"


def _tag(value: float, known: Sequence[float], only: Sequence[Point | None], x: int, words: Wording) -> str:
    """Peak and lowest point at the first touchpoint that has them, on a single curve of three points or more."""
    if len(known) < 3 or min(known) == max(known):
        return ""
    first = next(i for i, point in enumerate(only) if point and point.valence == value)
    if first != x:
        return ""
    return words.text("peak") if value == max(known) else words.text("lowest-point") if value == min(known) else ""
