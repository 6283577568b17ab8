"""The bottom of the picture: what the signs mean, and where the figures come from."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from journeykit.drawing.scene import Box, Group, Icon, Mark, Path, Rect, Rule
from journeykit.drawing.swimlane.claims import severity_bars
from journeykit.drawing.swimlane.course import STROKES, banded, error_bar
from journeykit.drawing.swimlane.emotion import face
from journeykit.drawing.swimlane.figures import has_big_loss, scale_of, zero_sign
from journeykit.drawing.swimlane.frame import MARGIN, Frame, block
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.swimlane.words import count, day
from journeykit.drawing.text import measure

__all__ = ["foot", "source"]

_ROW = 30.0


@frozen(kw_only=True)
class _Key:
    """A sign of the legend: how wide it is, how it is drawn around a middle line, and its words."""

    width: float
    draw: Callable[[float, float], tuple[Mark, ...]]
    words: str


def _keys(sketch: Sketch, lanes: tuple[str, ...]) -> list[_Key]:
    found: list[_Key] = []
    if "emotion" in lanes:
        found += _feelings(sketch)
    if "touchpoints" in lanes and any(cell.touchpoint and cell.touchpoint.moment for cell in sketch.cells):
        found.append(_Key(width=18, draw=_star, words="Moment of truth"))
    if "pains" in lanes:
        found.append(_Key(width=42, draw=lambda x, y: tuple(severity_bars(x, y - 3.5, 2)), words="Pain severity"))
    if "board" in lanes and has_big_loss(sketch):
        found.append(_Key(width=20, draw=_loss, words="Loses 15 points or more"))
    if "scores" in lanes and any(score.interval for cell in sketch.cells for score in cell.scores):
        found.append(_Key(width=34, draw=_whisker, words=_interval(sketch)))
    side = "right" if sketch.backwards else "left"
    if "scores" in lanes and any((scale := scale_of(sketch, scorer)) and scale.low < 0 for scorer in sketch.scorers):
        found.append(_Key(width=34, draw=_zero, words=f"Zero: bars to its {side} are negative"))
    return found


def _feelings(sketch: Sketch) -> list[_Key]:
    """Faces, what is assumed, the curves by name where there are several, and how uncertainty is drawn."""
    several = len(sketch.voices) > 1
    ink = "muted" if several else None
    moods = ((1.6, "Positive"), (0.0, "Neutral"), (-1.6, "Negative"))
    found = [_Key(width=20, draw=_face(valence, ink=ink), words=words) for valence, words in moods]
    if any(point.assumed for cell in sketch.cells for point in cell.feelings if point):
        found.append(_Key(width=20, draw=_face(0.0, assumed=True, ink=ink), words="Assumed"))
    band, bars = banded(sketch)
    if several:
        found += [_Key(width=44, draw=_voice(index), words=voice.name) for index, voice in enumerate(sketch.voices)]
    if band or not several:
        words = "Mean emotion with ± 1 standard deviation" if band else "Emotion, −2 to +2"
        found.append(_Key(width=26, draw=lambda x, y: _line(x, y, band=band), words=words))
    if bars:
        words = "± 1 standard deviation at one point" if band else "± 1 standard deviation"
        found.append(_Key(width=12, draw=lambda x, y: error_bar(x + 6, y - 9, y + 9, "curve"), words=words))
    return found


def _voice(index: int) -> Callable[[float, float], tuple[Mark, ...]]:
    stroke, width, dash = STROKES[index]
    return lambda x, y: (Path(commands=(("M", (x + 1, y)), ("L", (x + 43, y))), stroke=stroke, width=width, dash=dash),)


def _interval(sketch: Sketch) -> str:
    levels = {score.interval.level for cell in sketch.cells for score in cell.scores if score.interval}
    return f"Score with {100 * levels.pop():g} % interval" if len(levels) == 1 else "Score with its interval"


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
    coverage, journey = sketch.coverage, sketch.journey
    if coverage is None:
        parts = ["Drawn from the map alone: no evidence was counted."]
    else:
        journeys = f"{count(coverage.journeys)} {'journey' if coverage.journeys == 1 else 'journeys'}"
        events = f"{count(coverage.claimed)} of {count(coverage.events)} events"
        words = f"Source: {events}, {journeys}, {count(coverage.open)} still open"
        if coverage.first and coverage.last:
            first, last = day(coverage.first), day(coverage.last)
            words += f"; {first} UTC" if first == last else f"; {first} to {last} UTC"
        parts = [words + "."]
    about = [f"Map version {journey.version}"] if journey.version else []
    about += [f"{'reviewed' if about else 'Reviewed'} {day(journey.reviewed)}"] if journey.reviewed else []
    return " ".join([*parts, ", ".join(about) + "."] if about else parts)


def foot(sketch: Sketch, frame: Frame, top: float, lanes: tuple[str, ...]) -> tuple[Group, float]:
    """The legend, in as many rows as it needs, and the source line; and the y below them."""
    marks: list[Mark] = [Rule(x1=MARGIN, y1=top, x2=frame.right, y2=top, stroke="line")]
    x, y = MARGIN, top + 26
    keys = _keys(sketch, lanes)
    if keys:
        name = block("Legend", x, y - 8, 80, size=12.5, weight=600, most=1)
        marks.append(name.text)
        x += name.width + 24
    indent = x
    for key in keys:
        words = block(key.words, 0, 0, 620, size=12.5, colour="muted", most=1)
        wide = key.width + 8 + words.width
        if x > indent and x + wide > frame.right:
            x, y = indent, y + _ROW
        marks += key.draw(x, y)
        marks.append(
            block(key.words, x + key.width + 8, y - 8, words.width + 0.5, size=12.5, colour="muted", most=1).text
        )
        x += wide + 24
    said = source(sketch)
    room = measure(said, 12) + 1
    if x + 16 + room <= frame.right or (not keys and room <= frame.right - MARGIN):
        start = frame.right - room if keys else MARGIN
        marks.append(block(said, start, y - 8, room, size=12, colour="subtle", align="right" if keys else "left").text)
        return Group(kind="legend", marks=tuple(marks)), y + 16
    y += _ROW - 8
    line = block(said, MARGIN, y - 4, frame.right - MARGIN, size=12, colour="subtle", most=6)
    marks.append(line.text)
    return Group(kind="legend", marks=tuple(marks)), y + line.height + 4
