"""The emotion lane: a curve that never overshoots, its band of uncertainty, and a face with a signed number for every claim.

Touchpoints without an emotion leave a gap: nothing is interpolated across them.
"""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.curve import Point, monotone
from journeykit.drawing.scene import Box, Circle, Clip, Group, Mark, Path, Rect, Rule
from journeykit.drawing.swimlane.frame import INSET, MARGIN, Column, Frame, LaneMarks, block
from journeykit.drawing.swimlane.sketch import Cell, Feeling, Sketch
from journeykit.drawing.swimlane.words import VALENCES, signed
from journeykit.drawing.text import measure

__all__ = ["clips", "emotion", "face", "sign"]

_STEP = 49.5  # pixels a point of valence
_ABOVE, _BELOW = 42.0, 48.0
_LOOKS = {1: ("pos", "posbg"), 0: ("muted", "card"), -1: ("neg", "negbg")}
Commands = tuple[tuple[str, tuple[float, ...]], ...]


@frozen(kw_only=True)
class _Stop:
    x: float
    left: float
    right: float
    feeling: Feeling


def sign(valence: float) -> int:
    """1 for positive, -1 for negative, 0 for what reads as neutral."""
    return 0 if abs(valence) < 0.5 else 1 if valence > 0 else -1


def _level(top: float, valence: float) -> float:
    return top + _ABOVE + (2 - valence) * _STEP


def emotion(sketch: Sketch, frame: Frame, top: float, card_bottom: float | None) -> LaneMarks:
    """The lane; ``card_bottom`` is where the dotted lines of the moments of truth start, None when the cards are elsewhere."""
    height = _ABOVE + 4 * _STEP + _BELOW
    page: list[Mark] = []
    for place, word in enumerate(VALENCES):
        y = _level(top, 2 - place)
        neutral = place == 2
        dash, stroke, width = (None, "edge", 1.2) if neutral else ("2 5", "line", 1.0)
        page.append(Rule(x1=frame.left, y1=y, x2=frame.right, y2=y, stroke=stroke, width=width, dash=dash))
        label = block(word, MARGIN + 28, y - 8, frame.left - MARGIN - 28 - 12, size=12, colour="subtle", align="right")
        page.append(label.text)
    for run in _runs(sketch, frame):
        page += _run_marks(run, top)
    cells = tuple(
        _marker(sketch, cell, cell.feeling, column, top, card_bottom) if cell.feeling else ()
        for cell, column in zip(sketch.cells, frame.columns, strict=True)
    )
    return LaneMarks(height=height, cells=cells, page=(Group(kind="curve", marks=tuple(page)),))


def clips(frame: Frame, top: float) -> tuple[Clip, ...]:
    """What lies above and below neutral, for the two areas under the curve."""
    middle, width = _level(top, 0), frame.right - frame.left
    above = Box(x=frame.left, y=top, width=width, height=middle - top)
    below = Box(x=frame.left, y=middle, width=width, height=2 * _STEP + _BELOW)
    return (Clip(name="above", box=above), Clip(name="below", box=below))


def _runs(sketch: Sketch, frame: Frame) -> list[list[_Stop]]:
    """The stretches of neighbouring touchpoints that have an emotion."""
    runs: list[list[_Stop]] = [[]]
    for cell, column in zip(sketch.cells, frame.columns, strict=True):
        if cell.feeling is None:
            runs.append([])
            continue
        middle, right = column.x + column.width / 2, column.x + column.width
        runs[-1].append(_Stop(x=middle, left=column.x + INSET, right=right - INSET, feeling=cell.feeling))
    return [run for run in runs if run]


def _through(points: list[Point], left: float, right: float) -> Commands:
    """A path through the points, level out to the edges of the first and last column."""
    commands: list[tuple[str, tuple[float, ...]]] = [("M", (left, points[0][1])), ("L", points[0])]
    commands += [("C", (*first, *second, *end)) for first, second, end in monotone(points)]
    return (*commands, ("L", (right, points[-1][1])))


def _reversed(points: list[Point], left: float, right: float) -> Commands:
    forth = monotone(points)
    commands: list[tuple[str, tuple[float, ...]]] = [("L", (right, points[-1][1])), ("L", points[-1])]
    starts = [points[0], *(end for *_, end in forth)]
    for (first, second, _), start in zip(reversed(forth), reversed(starts[:-1]), strict=True):
        commands.append(("C", (*second, *first, *start)))
    return (*commands, ("L", (left, points[0][1])), ("Z", ()))


def _run_marks(run: list[_Stop], top: float) -> list[Mark]:
    left, right, neutral = run[0].left, run[-1].right, _level(top, 0)
    line = _through([(s.x, _level(top, s.feeling.valence)) for s in run], left, right)
    area: Commands = (*line, ("L", (right, neutral)), ("L", (left, neutral)), ("Z", ()))
    marks: list[Mark] = [
        Path(commands=area, fill="posfill", clip="above"),
        Path(commands=area, fill="negfill", clip="below"),
    ]
    for stretch in _banded(run):
        edges = (
            stretch[0].left if stretch[0] is run[0] else stretch[0].x,
            stretch[-1].right if stretch[-1] is run[-1] else stretch[-1].x,
        )
        high = [(s.x, _level(top, min(2.0, s.feeling.valence + (s.feeling.spread or 0)))) for s in stretch]
        low = [(s.x, _level(top, max(-2.0, s.feeling.valence - (s.feeling.spread or 0)))) for s in stretch]
        band = (*_through(high, *edges), *_reversed(low, *edges))
        marks.append(Path(commands=band, fill="curve", opacity=0.08))
    return [*marks, Path(commands=line, stroke="curve", width=3)]


def _banded(run: list[_Stop]) -> list[list[_Stop]]:
    """The stretches of a run whose spread is known."""
    stretches: list[list[_Stop]] = [[]]
    for stop in run:
        if stop.feeling.spread is None:
            stretches.append([])
        else:
            stretches[-1].append(stop)
    return [stretch for stretch in stretches if stretch]


def face(x: float, y: float, r: float, valence: float, *, assumed: bool = False) -> tuple[Mark, ...]:
    """A face whose mouth follows the valence; a dashed ring when the emotion is only assumed."""
    ink, ground = _LOOKS[sign(valence)]
    eye, mouth = 0.34 * r, 0.45 * r
    middle = y + 0.36 * r - 0.06 * r * valence
    smile: Commands = (("M", (x - mouth, middle)), ("Q", (x, middle + 0.28 * r * valence, x + mouth, middle)))
    return (
        Circle(x=x, y=y, r=r, fill=ground, stroke=ink, width=2, dash="3 2.4" if assumed else None),
        Circle(x=x - eye, y=y - 0.22 * r, r=0.13 * r, fill=ink),
        Circle(x=x + eye, y=y - 0.22 * r, r=0.13 * r, fill=ink),
        Path(commands=smile, stroke=ink, width=1.8),
    )


def _marker(
    sketch: Sketch, cell: Cell, feeling: Feeling, column: Column, top: float, card_bottom: float | None
) -> tuple[Mark, ...]:
    x, valence = column.width / 2, feeling.valence
    y = _level(top, valence)
    ink = _LOOKS[sign(valence)][0]
    up = valence >= 0
    words = signed(valence)
    labelled = f"{words} {feeling.label}"
    if feeling.label and measure(labelled, 12.5, 700) + 12 <= column.inner:
        words = labelled
    width = measure(words, 12.5, 700) + 12
    pill = y - 34 if up else y + 17
    marks: list[Mark] = []
    tag = "Peak" if cell is sketch.peak() else "Lowest point" if cell is sketch.lowest() else None
    if cell.touchpoint and cell.touchpoint.moment and card_bottom is not None:
        end = pill - (15 if tag else 0) if up else y - 14
        marks.append(Rule(x1=x, y1=card_bottom, x2=x, y2=end, stroke="moment", width=1.4, dash="3 4"))
    marks += face(x, y, 13, valence, assumed=feeling.assumed)
    if tag:
        wide = measure(tag, 12, 600) + 12
        tall = Box(x=x - wide / 2, y=pill - 15 if up else pill, width=wide, height=33)
        marks.append(Rect(box=tall, radius=9, fill="card", opacity=0.92))
    else:
        marks.append(
            Rect(box=Box(x=x - width / 2, y=pill, width=width, height=18), radius=9, fill="card", opacity=0.92)
        )
    half = max(width, 40.0) / 2
    marks.append(block(words, x - half, pill + 1, 2 * half, size=12.5, weight=700, colour=ink, align="middle").text)
    if tag:
        below = pill - 14 if up else pill + 16.5
        marks.append(block(tag, x - 60, below, 120, size=12, weight=600, colour=ink, align="middle").text)
    return tuple(marks)
