"""The emotion lane: curves that never overshoot, their uncertainty, and a face with a signed number for every claim.

Touchpoints without an emotion leave a gap: nothing is interpolated across them. Where several personas feel differently,
each has a line of its own that differs in dash, colour and name; from three on their figures stand in a table below.
"""

from __future__ import annotations

from bisect import bisect_left

import attrs
from attrs import frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.curve import Point as Place
from journeykit.drawing.feelings import Point
from journeykit.drawing.placing import Surroundings, place
from journeykit.drawing.scene import Box, Circle, Group, Mark, Path, Rule
from journeykit.drawing.swimlane.course import (
    ABOVE,
    STEP,
    STROKES,
    Commands,
    Stop,
    bars_of,
    below,
    beyond,
    ends,
    level,
    radius_of,
    run_marks,
    runs_of,
    sampled,
    shades,
    stands_alone,
    stops_of,
)
from journeykit.drawing.swimlane.frame import INSET, MARGIN, Column, Frame, LaneMarks, voiced
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.swimlane.strip import strip, stripped
from journeykit.drawing.text import measure, wrap
from journeykit.model._frozen import Value

__all__ = ["emotion", "face", "faces_ink", "sign"]

_NOTE, _NAME = 24.0, 45.0
# From the lowest gridline to the table of figures.
_TABLE = 26.0
_LOOKS = {1: ("pos", "posbg"), 0: ("muted", "card"), -1: ("neg", "negbg")}


@frozen(kw_only=True, eq=False, repr=False)
class _Tag(Value):
    """A text beside a point, laid out; its box is relative to the column."""

    box: Box
    texts: tuple[Block, ...]
    voice: int = 0


def sign(valence: float) -> int:
    """1 for positive, -1 for negative, 0 for what reads as neutral."""
    return 0 if abs(valence) < 0.5 else 1 if valence > 0 else -1


def faces_ink(sketch: Sketch, voice: int) -> str | None:
    """The colour of a curve's faces where several are drawn; alone, a face takes the colour of its mood."""
    return STROKES[voice][0] if len(sketch.voices) > 1 else None


def emotion(sketch: Sketch, frame: Frame, top: float, card_bottom: float | None) -> LaneMarks:
    """The lane; ``card_bottom`` is where the dotted lines of the moments of truth start, None when the cards are elsewhere."""
    low = below(sketch)
    height = ABOVE + 4 * STEP + low
    stops = [stops_of(sketch, frame, top, voice) for voice in range(len(sketch.voices))]
    over = [beyond(sketch, frame, top, voice, _without_passed(sketch, voice, own)) for voice, own in enumerate(stops)]
    # A stretch of which this page has no point is another page's.
    runs = [[run for run in runs_of(own) if any(stop.left < stop.right for stop in run)] for own, _ in over]
    lines = [(x, y) for own in runs for run in own for x, y in sampled(run)]
    lines += [place for voice, own in enumerate(runs) for bar in bars_of(own, top, voice) for place in bar]
    middle = level(top, 0)
    lines += [(x / 3, middle) for x in range(int(3 * frame.left), int(3 * frame.end), 9)]
    lines.sort()
    room = Box(x=0, y=top + 1, width=0, height=height - 2)
    named: set[int] = set()
    table = strip(sketch, frame, top + height - low + _TABLE) if stripped(sketch) else None
    tags = [
        _tags(sketch, index, column, [own[index] for own in stops], (lines, room), named) if table is None else ()
        for index, column in enumerate(frame.columns)
    ]
    page = _scale(sketch, frame, top, tags)
    for voice, own in enumerate(runs):
        for run in own:
            above, under, lane = shades(sketch)
            areas = (above, under, lane if over[voice][1] else None)
            page += voiced(_whose(sketch, voice), run_marks(run, top, voice, areas, alone=len(runs) == 1))
    cells = tuple(
        _cell(sketch, index, column, [own[index] for own in stops], tags[index], (card_bottom, top))
        for index, column in enumerate(frame.columns)
    )
    if table:
        page += table.page
        cells = tuple((*own, *figures) for own, figures in zip(cells, table.cells, strict=True))
        height += _TABLE - low + table.height
    if sketch.unheard:
        note = block(
            sketch.words.text("not-drawn", names=sketch.words.joined(sketch.unheard)),
            frame.left + INSET, top + height, frame.right - frame.left - 2 * INSET, size=12, colour="subtle", most=3,
        )  # fmt: skip
        page.append(note.text)
        height += max(_NOTE, note.height + 8)
    return LaneMarks(height=height, cells=cells, page=(Group(kind="curve", name=sketch.tag, marks=tuple(page)),))


def _without_passed(sketch: Sketch, voice: int, stops: list[Stop | None]) -> list[Stop | None]:
    """The stops of a curve but for the columns that its map does not have, which are no gaps in it."""
    pairs = zip(stops, sketch.cells, strict=True)
    return [stop for stop, cell in pairs if stop is not None or voice not in cell.passed]


# -- the scale -----------------------------------------------------------------------------------------------------------


def _scale(sketch: Sketch, frame: Frame, top: float, tags: list[tuple[_Tag, ...]]) -> list[Mark]:
    """Five worded gridlines, broken where a label stands, so that no label needs a ground of its own."""
    marks: list[Mark] = []
    boxes = [tag.box.moved(column.x) for column, own in zip(frame.columns, tags, strict=True) for tag in own]
    for index in range(5):
        word = sketch.words.text(f"valence.{2 - index}")
        y = level(top, 2 - index)
        neutral = index == 2
        dash, stroke, width = (None, "edge", 1.2) if neutral else ("2 5", "line", 1.0)
        cuts = sorted((box.x - 3, box.right + 3) for box in boxes if box.y - 1 < y < box.bottom + 1)
        for x1, x2 in _apart(frame.left, frame.end, cuts):
            marks.append(Rule(x1=x1, y1=y, x2=x2, y2=y, stroke=stroke, width=width, dash=dash))
        label = block(word, MARGIN + 28, y - 8, frame.left - MARGIN - 28 - 12, size=12, colour="subtle", align="right")
        marks.append(label.text)
    return marks


def _apart(start: float, end: float, cuts: list[Place]) -> list[Place]:
    """What is left of a stretch when the cuts (sorted by their start) are taken out."""
    left: list[Place] = []
    for low, high in cuts:
        if low > start:
            left.append((start, min(low, end)))
        start = max(start, high)
    return [*left, (start, end)] if start < end else left


# -- faces and labels ----------------------------------------------------------------------------------------------------


def face(
    x: float, y: float, r: float, valence: float, *, assumed: bool = False, ink: str | None = None
) -> tuple[Mark, ...]:
    """A face whose mouth follows the valence; a dashed ring when the emotion is only assumed."""
    mood, ground = _LOOKS[sign(valence)]
    ink, ground = (ink, "card") if ink else (mood, ground)
    eye, mouth = 0.34 * r, 0.45 * r
    middle = y + 0.36 * r - 0.06 * r * valence
    smile: Commands = (("M", (x - mouth, middle)), ("Q", (x, middle + 0.28 * r * valence, x + mouth, middle)))
    return (
        Circle(x=x, y=y, r=r, fill=ground, stroke=ink, width=2, dash="3 2.4" if assumed else None),
        Circle(x=x - eye, y=y - 0.22 * r, r=0.13 * r, fill=ink),
        Circle(x=x + eye, y=y - 0.22 * r, r=0.13 * r, fill=ink),
        Path(commands=smile, stroke=ink, width=1.8),
    )


def _tags(
    sketch: Sketch,
    index: int,
    column: Column,
    stops: list[Stop | None],
    around_all: tuple[list[Place], Box],
    named: set[int],
) -> tuple[_Tag, ...]:
    """The labels of one column, placed one after the other: the highest point first, upwards.

    ``named`` holds the curves whose name stands beside them by now; it grows.
    """
    lines, room = around_all
    here = sorted((stop.y, voice, stop) for voice, stop in enumerate(stops) if stop)
    start, end = (bisect_left(lines, (x, 0.0)) for x in (column.x - 4, column.x + column.width + 4))
    near = [(x - column.x, y) for x, y in lines[start:end]]
    r = radius_of(sketch) + 1
    markers = [Box(x=s.x - column.x - r, y=y - r, width=2 * r, height=2 * r) for y, _, s in here]
    room = Box(x=INSET, y=room.y, width=column.inner, height=room.height)
    done: list[_Tag] = []
    for order, (y, voice, stop) in enumerate(here):
        around = Surroundings(room=room, labels=[tag.box for tag in done], markers=markers, lines=near)
        up = stop.point.valence >= 0 if len(here) == 1 else order == 0
        at = (stop.x - column.x, y)
        ink = _LOOKS[sign(stop.point.valence)][0] if len(sketch.voices) == 1 else STROKES[voice][0]
        best: tuple[float, _Tag, bool] | None = None
        outer = _outer(sketch, index, voice, column, named)
        core = _wordings(sketch, stop.point, column)
        ways = [(extra, [*outer, *rows], True) for extra, rows in core]
        if outer and len(sketch.voices) > 1:
            # A name that would hide a line waits for the next point; the legend holds it in any case.
            ways += [(extra + _NAME, rows, False) for extra, rows in core]
        for extra, rows, full in ways:
            if best is not None and extra >= best[0]:
                continue  # however well it stood, it would not be the best
            widths = [measure(words, size, weight) for words, size, weight in rows]
            size = max(widths) + 2, 16.0 * len(rows)
            box, cost = place(size, at, around, reach=r + 2, up=up)
            if best is None or cost + extra < best[0]:
                best = cost + extra, _laid_out(rows, box, at, stop, ink), full
        if best:
            done.append(attrs.evolve(best[1], voice=voice))
            if best[2]:
                named.add(voice)
    return tuple(done)


_Row = tuple[str, float, int]


def _outer(sketch: Sketch, index: int, voice: int, column: Column, named: set[int]) -> list[_Row]:
    """What stands outside of a point's value: the name of one of several curves; on a single one, Peak and Lowest point."""
    cell = sketch.cells[index]
    if len(sketch.voices) > 1:
        name = sketch.voices[voice].name
        lines = wrap(name, column.inner - 4, 12, 600, most=2) if voice not in named else ()
        return [(line.shown, 12, 600) for line in lines]
    if cell is sketch.peak:
        return [(sketch.words.text("peak"), 12, 600)]
    return [(sketch.words.text("lowest-point"), 12, 600)] if cell is sketch.lowest else []


def _wordings(sketch: Sketch, point: Point, column: Column) -> list[tuple[float, list[_Row]]]:
    """The ways to write the value of a point and its word, first the fullest, each with what its shortness costs."""
    value, word = sketch.words.signed(point.valence), point.label or ""
    ways: list[tuple[float, list[_Row]]] = []
    if word and measure(f"{value} {word}", 12.5, 700) + 4 <= column.inner:
        ways.append((0.0, [(f"{value} {word}", 12.5, 700)]))
    lines = wrap(word, column.inner - 4, 12, 600, most=3)
    if word and len(lines) <= 2:
        ways.append((4.0, [(value, 12.5, 700), *((line.shown, 12.0, 600) for line in lines)]))
    return [*ways, (50.0 if word else 0.0, [(value, 12.5, 700)])]


def _laid_out(rows: list[_Row], box: Box, at: Place, stop: Stop, ink: str) -> _Tag:
    """The rows in their box; above a point the outermost row is the highest, below it the lowest."""
    above = box.y < at[1]
    inside = above != (stop.point.valence >= 0) and ink == "neg"
    # Orange letters on the orange area could not be read.
    ink = "ink" if inside else ink
    texts = []
    y = box.y
    for words, size, weight in rows if above else _turned(rows):
        texts.append(block(words, box.x, y, box.width, size=size, weight=weight, colour=ink, align="middle", most=1))
        y += 16
    return _Tag(box=box, texts=tuple(texts))


def _turned(rows: list[_Row]) -> list[_Row]:
    """The rows below a point: the value and its words first, then what stood above them."""
    start = next(i for i, (_, size, _) in enumerate(rows) if size == 12.5)
    return [*rows[start:], *rows[:start]]


def _cell(
    sketch: Sketch,
    index: int,
    column: Column,
    stops: list[Stop | None],
    tags: tuple[_Tag, ...],
    tops: tuple[float | None, float],
) -> tuple[Mark, ...]:
    cell, (card_bottom, top) = sketch.cells[index], tops
    here = [(voice, stop) for voice, stop in enumerate(stops) if stop]
    if not here:
        return ()
    marks: list[Mark] = []
    x, r = column.width / 2, radius_of(sketch)
    if cell.touchpoint and cell.touchpoint.moment and card_bottom is not None:
        end = min(
            ends(stop, top)[0] - 2 if stands_alone(sketch, index, voice) else stop.y - r - 1 for voice, stop in here
        )
        cuts = sorted((t.box.y - 2, t.box.bottom + 2) for t in tags if t.box.x - 2 < x < t.box.right + 2)
        for y1, y2 in _apart(card_bottom, end, cuts):
            if y2 - y1 > 3:
                marks.append(Rule(x1=x, y1=y1, x2=x, y2=y2, stroke="moment", width=1.4, dash="3 4"))
    for voice, stop in here:
        point = stop.point
        ink = faces_ink(sketch, voice)
        drawn = face(stop.x - column.x, stop.y, r, point.valence, assumed=point.assumed, ink=ink)
        marks += voiced(_whose(sketch, voice), drawn)
    for tag in tags:
        marks += voiced(_whose(sketch, tag.voice), (text.text for text in tag.texts))
    return tuple(marks)


def _whose(sketch: Sketch, voice: int) -> str | None:
    """The persona of a curve where there are several to tell apart."""
    return sketch.voices[voice].persona if len(sketch.voices) > 1 else None
