"""The bottom of the picture: what the signs mean, and where the figures come from."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Group, Icon, Mark, Path, Rect, Rule
from journeykit.drawing.swimlane.cards import CHANGES
from journeykit.drawing.swimlane.chips import hidden
from journeykit.drawing.swimlane.claims import severity_bars
from journeykit.drawing.swimlane.course import STROKES, banded, error_bar
from journeykit.drawing.swimlane.emotion import face
from journeykit.drawing.swimlane.figures import BIG_LOSS, has_big_loss, scale_of, zero_sign
from journeykit.drawing.swimlane.frame import MARGIN, Frame
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.swimlane.strip import stripped
from journeykit.drawing.text import measure
from journeykit.model._frozen import Value

__all__ = ["foot", "source"]

_ROW = 30.0
_APART = 24.0


@frozen(kw_only=True, eq=False, repr=False)
class _Key(Value):
    """A sign of the legend: how wide it is, how it is drawn around a middle line, and its words."""

    width: float
    draw: Callable[[float, float], tuple[Mark, ...]]
    words: str


def _keys(sketch: Sketch, lanes: tuple[str, ...]) -> list[_Key]:
    found: list[_Key] = []
    words = sketch.words
    if "emotion" in lanes:
        found += _feelings(sketch.joined or sketch)
    if "touchpoints" in lanes and any(cell.touchpoint and cell.touchpoint.moment for cell in sketch.touchpoints):
        found.append(_Key(width=18, draw=_star, words=words.text("moment-of-truth")))
    if "pains" in lanes:
        found.append(
            _Key(width=42, draw=lambda x, y: tuple(severity_bars(x, y - 3.5, 2)), words=words.text("legend.severity"))
        )
    if "board" in lanes and has_big_loss(sketch):
        found.append(_Key(width=20, draw=_loss, words=words.text("legend.loss", points=round(100 * BIG_LOSS))))
    if "scores" in lanes and any(score.interval for cell in sketch.every for score in cell.scores):
        found.append(_Key(width=34, draw=_whisker, words=_interval(sketch)))
    if "scores" in lanes and any((scale := scale_of(sketch, scorer)) and scale.low < 0 for scorer in sketch.scorers):
        found.append(
            _Key(width=34, draw=_zero, words=words.text("legend.zero-mirrored" if sketch.backwards else "legend.zero"))
        )
    if sketch.other and "touchpoints" in lanes:
        kinds = {cell.change.kind for cell in sketch.other.every if cell.change}
        found += [
            _Key(width=18, draw=_changed(kind), words=words.text(f"change.{kind}")) for kind in CHANGES if kind in kinds
        ]
    return found


def _changed(kind: str) -> Callable[[float, float], tuple[Mark, ...]]:
    return lambda x, y: (Icon(name=f"change-{kind}", x=x, y=y - 9, size=18, stroke=CHANGES[kind][0], width=2.2),)


def _feelings(sketch: Sketch) -> list[_Key]:
    """Faces, what is assumed, the curves by name where there are several, and how uncertainty is drawn."""
    several = len(sketch.voices) > 1
    ink = "muted" if several else None
    said = sketch.words
    moods = ((1.6, "positive"), (0.0, "neutral"), (-1.6, "negative"))
    found = [_Key(width=20, draw=_face(valence, ink=ink), words=said.text(f"legend.{mood}")) for valence, mood in moods]
    if any(point.assumed for cell in sketch.every for point in cell.feelings if point):
        found.append(_Key(width=20, draw=_face(0.0, assumed=True, ink=ink), words=said.text("legend.assumed")))
    band, bars = banded(sketch)
    if several and not stripped(sketch):
        found += [_Key(width=44, draw=_voice(index), words=voice.name) for index, voice in enumerate(sketch.voices)]
    if band or not several:
        ends = {"low": said.signed(-2, 0), "high": said.signed(2, 0)}
        words = said.text("legend.band") if band else said.text("legend.emotion", **ends)
        found.append(_Key(width=26, draw=lambda x, y: _line(x, y, band=band), words=words))
    if bars:
        words = said.text("legend.spread-alone" if band else "legend.spread")
        found.append(_Key(width=12, draw=lambda x, y: error_bar(x + 6, y - 9, y + 9, "curve"), words=words))
    return found


def _voice(index: int) -> Callable[[float, float], tuple[Mark, ...]]:
    stroke, width, dash = STROKES[index]
    return lambda x, y: (Path(commands=(("M", (x + 1, y)), ("L", (x + 43, y))), stroke=stroke, width=width, dash=dash),)


def _interval(sketch: Sketch) -> str:
    levels = {score.interval.level for cell in sketch.every for score in cell.scores if score.interval}
    if len(levels) > 1:
        return sketch.words.text("legend.score-any")
    level = levels.pop()
    digits = len(f"{100 * level:g}".partition(".")[2])
    return sketch.words.text("legend.score", level=sketch.words.percent(level, digits))


def _face(
    valence: float, *, assumed: bool = False, ink: str | None = None
) -> Callable[[float, float], tuple[Mark, ...]]:
    return lambda x, y: face(x + 10, y, 10, valence, assumed=assumed, ink=ink)


def _star(x: float, y: float) -> tuple[Mark, ...]:
    return (Icon(name="star", x=x, y=y - 9, size=18, stroke="moment", width=2.0),)


def _loss(x: float, y: float) -> tuple[Mark, ...]:
    return (Rect(box=Box(x=x, y=y - 6.5, width=20, height=13), radius=3, fill="negfill", stroke="neg", dash="3 3"),)


def _line(x: float, y: float, *, band: bool) -> tuple[Mark, ...]:
    rule = Rule(x1=x, y1=y, x2=x + 26, y2=y, stroke="curve", width=3)
    box = Box(x=x, y=y - 7, width=26, height=14)
    return (Rect(box=box, radius=3, fill="curve", opacity=0.12), rule) if band else (rule,)


def _whisker(x: float, y: float) -> tuple[Mark, ...]:
    return (
        Rect(box=Box(x=x, y=y - 3, width=34, height=6), radius=3, fill="line"),
        Rect(box=Box(x=x, y=y - 3, width=20, height=6), radius=3, fill="bar"),
        Rule(x1=x + 13, y1=y, x2=x + 27, y2=y, stroke="ink", width=1.2),
        Rule(x1=x + 13, y1=y - 5, x2=x + 13, y2=y + 5, stroke="ink", width=1.2),
        Rule(x1=x + 27, y1=y - 5, x2=x + 27, y2=y + 5, stroke="ink", width=1.2),
    )


def _zero(x: float, y: float) -> tuple[Mark, ...]:
    return (
        Rect(box=Box(x=x, y=y - 3, width=34, height=6), radius=3, fill="line"),
        Rect(box=Box(x=x + 6, y=y - 3, width=11, height=6), fill="bar"),
        *zero_sign(x + 17, y - 3),
    )


def source(sketch: Sketch) -> str:
    """Where the figures come from, in one sentence or two."""
    coverage, journey, words = sketch.coverage, sketch.journey, sketch.words
    if coverage is None:
        parts = [words.text("source.none")]
    elif hidden(coverage):
        parts = [words.doubt("suppressed", "small-group")]
    else:
        parts = [words.evidence(coverage)]
        if coverage.first and coverage.last:
            first, last = words.day(coverage.first), words.day(coverage.last)
            span = {"first": first, "last": last}
            parts.append(words.text("source.day", day=first) if first == last else words.text("source.span", **span))
    about = [sketch.label] if sketch.other and coverage else []
    about += [words.text("source.version", version=journey.version)] if journey.version else []
    about += [words.text("source.reviewed", day=words.day(journey.reviewed))] if journey.reviewed else []
    about += [words.text("page", page=sketch.page, pages=sketch.pages)] if sketch.pages > 1 else []
    return "  ·  ".join([*parts, *about])


def _evened(widths: list[float], room: float) -> list[slice]:
    """As few rows as there can be, and among those the ones whose longest is the shortest: no last row of one sign."""
    if not widths:
        return []

    def rows_of(most: float) -> list[slice]:
        found, start, used = [], 0, 0.0
        for index, width in enumerate(widths):
            if index > start and used + width > most:
                found.append(slice(start, index))
                start, used = index, 0.0
            used += width + _APART
        return [*found, slice(start, len(widths))]

    fewest = len(rows_of(room))
    lengths = sorted(
        length
        for start in range(len(widths))
        for end in range(start, len(widths))
        if (length := sum(widths[start : end + 1]) + _APART * (end - start)) <= room
    )
    return next((rows for length in lengths if len(rows := rows_of(length + 1e-6)) == fewest), rows_of(room))


def foot(sketch: Sketch, frame: Frame, top: float, lanes: tuple[str, ...]) -> tuple[Group, float]:
    """The legend, in as many rows as it needs, and the source line; and the y below them."""
    marks: list[Mark] = [Rule(x1=MARGIN, y1=top, x2=frame.right, y2=top, stroke="line")]
    x, y = MARGIN, top + 26
    keys = _keys(sketch, lanes)
    if keys:
        name = block(sketch.words.text("legend"), x, y - 8, 120, size=12.5, weight=600, most=1)
        marks.append(name.text)
        x += name.width + _APART
    indent = x
    told = [(key, block(key.words, 0, 0, 620, size=12.5, colour="muted", most=1).width) for key in keys]
    for index, row in enumerate(_evened([key.width + 8 + wide for key, wide in told], frame.seen - indent)):
        x, y = indent, y + (_ROW if index else 0)
        for key, wide in told[row]:
            marks += key.draw(x, y)
            x += key.width + 8
            marks.append(block(key.words, x, y - 8, wide + 0.5, size=12.5, colour="muted", most=1).text)
            x += wide + _APART
    said = source(sketch)
    room = measure(said, 12) + 1
    if x - _APART + 40 + room <= frame.seen or (not keys and room <= frame.seen - MARGIN):
        start = frame.seen - room if keys else MARGIN
        marks.append(block(said, start, y - 8, room, size=12, colour="subtle", align="right" if keys else "left").text)
        return Group(kind="legend", name=sketch.tag, marks=tuple(marks)), y + 16
    y += _ROW - 8
    line = block(said, MARGIN, y - 4, frame.seen - MARGIN, size=12, colour="subtle", most=6)
    marks.append(line.text)
    return Group(kind="legend", name=sketch.tag, marks=tuple(marks)), y + line.height + 4
