"""The lines of the emotion lane: points on the page, curves through them, bands and error bars."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.curve import Point as Place
from journeykit.drawing.curve import monotone
from journeykit.drawing.feelings import Point
from journeykit.drawing.scene import Box, Clip, Mark, Path, Rule
from journeykit.drawing.swimlane.frame import INSET, Frame
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.model._frozen import Value

__all__ = [
    "ABOVE",
    "STEP",
    "STROKES",
    "Commands",
    "Stop",
    "banded",
    "bars_of",
    "below",
    "beyond",
    "clips",
    "ends",
    "error_bar",
    "level",
    "radius_of",
    "run_marks",
    "runs_of",
    "sampled",
    "shades",
    "stands_alone",
    "stops_of",
]

STEP = 49.5  # pixels a point of valence
ABOVE = 52.0
# Under the lowest gridline: room for what is written below a deep point, less where there is none.
_BELOW, _SHALLOW = 52.0, 32.0
_DEEP = -1.2
Commands = tuple[tuple[str, tuple[float, ...]], ...]

STROKES: tuple[tuple[str, float, str | None], ...] = (
    ("curve", 3.0, None), ("voice2", 2.6, "9 6"), ("voice3", 3.2, "0.1 6.5"), ("voice4", 2.6, "14 6 0.1 6"),
)  # fmt: skip
"""Colour, width and dash of every curve: none is told from another by colour alone."""


@frozen(kw_only=True, eq=False, repr=False)
class Stop(Value):
    """One point of one curve on the page; ``left`` and ``right`` are the edges of its column."""

    x: float
    y: float
    left: float
    right: float
    point: Point


def level(top: float, valence: float) -> float:
    """The y of a valence in a lane that begins at ``top``."""
    return top + ABOVE + (2 - valence) * STEP


def below(sketch: Sketch) -> float:
    """How far the lane goes on under its lowest gridline, on every page of a map."""
    felt = (point.valence for cell in sketch.every for point in cell.feelings if point)
    return _BELOW if min(felt, default=0.0) < _DEEP else _SHALLOW


def radius_of(sketch: Sketch) -> float:
    """The radius of the faces: smaller where several curves share the room."""
    return {1: 13.0, 2: 11.0}.get(len(sketch.voices), 9.0)


def shades(sketch: Sketch) -> tuple[str, str, str]:
    """The names of the clips of this page: above neutral, below it, and all of the lane."""
    return (sketch.named("above"), sketch.named("below"), sketch.named("course"))


def clips(sketch: Sketch, frame: Frame, top: float) -> tuple[Clip, ...]:
    """What lies above and below neutral, for the two areas under the curve; on a page of several also where the lane ends."""
    middle, width = level(top, 0), frame.end - frame.left
    upper, lower, lane = shades(sketch)
    above = Box(x=frame.left, y=top, width=width, height=middle - top)
    under = Box(x=frame.left, y=middle, width=width, height=2 * STEP + below(sketch))
    found = (Clip(name=upper, box=above), Clip(name=lower, box=under))
    whole = Box(x=frame.left, y=top, width=width, height=ABOVE + 4 * STEP + below(sketch))
    return (*found, Clip(name=lane, box=whole)) if sketch.pages > 1 else found


def stops_of(sketch: Sketch, frame: Frame, top: float, voice: int) -> list[Stop | None]:
    """The points of one curve, None at a gap."""
    found: list[Stop | None] = []
    for cell, column in zip(sketch.cells, frame.columns, strict=True):
        point = cell.feelings[voice] if cell.feelings else None
        if point is None:
            found.append(None)
            continue
        x = column.x + column.width / 2 + _aside(sketch, cell, voice)
        edges = column.x + INSET, column.x + column.width - INSET
        found.append(Stop(x=x, y=level(top, point.valence), left=edges[0], right=edges[1], point=point))
    return found


def beyond(
    sketch: Sketch, frame: Frame, top: float, voice: int, stops: list[Stop | None]
) -> tuple[list[Stop | None], bool]:
    """The points of one curve on this page with those just off its edges, and whether there are any.

    So a curve that goes on over a page leaves and enters at the slope it has.
    """
    if sketch.pages == 1 or not stops:
        return stops, False
    before, after = sketch.start - 1, sketch.start + len(sketch.cells)
    first, last = frame.columns[0], frame.columns[-1]
    outer = []
    for nearest, step, x in ((before, -1, first.x - first.width / 2), (after, 1, frame.end + last.width / 2)):
        index = nearest
        while 0 <= index < len(sketch.every) and voice in sketch.every[index].passed:
            index += step
        feelings = sketch.every[index].feelings if 0 <= index < len(sketch.every) else ()
        point = feelings[voice] if feelings else None
        outer.append(Stop(x=x, y=level(top, point.valence), left=x, right=x, point=point) if point else None)
    joined = [outer[0], *stops, outer[1]]
    return joined, any(outer)


def _aside(sketch: Sketch, cell: Cell, voice: int) -> float:
    """How far a point steps aside so that faces of about the same height do not hide each other."""
    radius, own = radius_of(sketch), cell.feelings[voice]
    order = sorted((-point.valence, index) for index, point in enumerate(cell.feelings) if point)
    groups: list[list[tuple[float, int]]] = []
    for item in order:
        if groups and (item[0] - groups[-1][-1][0]) * STEP < 2 * radius + 1:
            groups[-1].append(item)
        else:
            groups.append([item])
    mine = next(sorted(index for _, index in group) for group in groups if own and voice in {i for _, i in group})
    return (2 * radius + 4) * (mine.index(voice) - (len(mine) - 1) / 2)


def runs_of(stops: list[Stop | None]) -> list[list[Stop]]:
    """The stretches of neighbouring touchpoints that have an emotion."""
    runs: list[list[Stop]] = [[]]
    for stop in stops:
        if stop is None:
            runs.append([])
        else:
            runs[-1].append(stop)
    return [run for run in runs if run]


def sampled(run: list[Stop]) -> list[Place]:
    """Points of the run's line, about three pixels apart; x is linear along each of its cubic segments."""
    points = [(stop.x, stop.y) for stop in run]
    found = [(x, run[0].y) for x in _steps(run[0].left, run[0].x)]
    for (x0, y0), ((_, y1), (_, y2), (x3, y3)) in zip(points, monotone(points), strict=False):
        for x in _steps(x0, x3):
            t = (x - x0) / (x3 - x0)
            s = 1 - t
            found.append((x, s**3 * y0 + 3 * s**2 * t * y1 + 3 * s * t**2 * y2 + t**3 * y3))
    return found + [(x, run[-1].y) for x in _steps(run[-1].x, run[-1].right)]


def _steps(start: float, end: float) -> list[float]:
    count = max(1, round((end - start) / 3))
    return [start + (end - start) * i / count for i in range(count + 1)]


def _through(points: list[Place], left: float, right: float) -> Commands:
    """A path through the points, level out to the edges of the first and last column."""
    commands: list[tuple[str, tuple[float, ...]]] = [("M", (left, points[0][1])), ("L", points[0])]
    commands += [("C", (*first, *second, *end)) for first, second, end in monotone(points)]
    return (*commands, ("L", (right, points[-1][1])))


def _reversed(points: list[Place], left: float, right: float) -> Commands:
    forth = monotone(points)
    commands: list[tuple[str, tuple[float, ...]]] = [("L", (right, points[-1][1])), ("L", points[-1])]
    starts = [points[0], *(end for *_, end in forth)]
    for (first, second, _), start in zip(reversed(forth), reversed(starts[:-1]), strict=True):
        commands.append(("C", (*second, *first, *start)))
    return (*commands, ("L", (left, points[0][1])), ("Z", ()))


def run_marks(
    run: list[Stop], top: float, voice: int, clips: tuple[str, str, str | None], *, alone: bool
) -> list[Mark]:
    """One stretch of a curve: the areas to neutral where it is the only curve, its band or error bars, its line.

    ``clips`` name what lies above neutral, below it, and where the line itself is cut.
    """
    left, right, neutral = run[0].left, run[-1].right, level(top, 0)
    line = _through([(s.x, s.y) for s in run], left, right)
    marks: list[Mark] = []
    if alone:
        area: Commands = (*line, ("L", (right, neutral)), ("L", (left, neutral)), ("Z", ()))
        marks = [
            Path(commands=area, fill="posfill", clip=clips[0]),
            Path(commands=area, fill="negfill", clip=clips[1]),
        ]
    stroke, width, dash = STROKES[voice]
    for stretch in _banded(run):
        if voice or len(stretch) == 1:
            # A band needs two points; and one band over another could not be read.
            for stop in stretch:
                if stop.left == stop.right:
                    continue  # it stands on another page
                marks += error_bar(stop.x, *ends(stop, top), stroke)
            continue
        edges = (
            stretch[0].left if stretch[0] is run[0] else stretch[0].x,
            stretch[-1].right if stretch[-1] is run[-1] else stretch[-1].x,
        )
        high, low = ([(s.x, ends(s, top)[end]) for s in stretch] for end in (0, 1))
        band = (*_through(high, *edges), *_reversed(low, *edges))
        marks.append(Path(commands=band, fill="curve", opacity=0.08, clip=clips[2]))
    return [*marks, Path(commands=line, stroke=stroke, width=width, dash=dash, clip=clips[2])]


def ends(stop: Stop, top: float) -> Place:
    """The y of the upper and of the lower end of a point's spread, cut at the ends of the scale."""
    spread = stop.point.spread or 0.0
    return level(top, min(2.0, stop.point.valence + spread)), level(top, max(-2.0, stop.point.valence - spread))


def bars_of(runs: list[list[Stop]], top: float, voice: int) -> list[list[Place]]:
    """The error bars of one curve, as points close together."""
    alone = [s for run in runs for stretch in _banded(run) if voice or len(stretch) == 1 for s in stretch]
    return [[(stop.x, y) for y in _steps(*ends(stop, top))] for stop in alone]


def error_bar(x: float, high: float, low: float, stroke: str) -> tuple[Mark, ...]:
    """An upright bar with caps: the spread at a single point."""
    return (
        Rule(x1=x, y1=high, x2=x, y2=low, stroke=stroke, width=1.4),
        *(Rule(x1=x - 5, y1=y, x2=x + 5, y2=y, stroke=stroke, width=1.4) for y in (high, low)),
    )


def _banded(run: list[Stop]) -> list[list[Stop]]:
    """The stretches of a run whose spread is known."""
    return runs_of([stop if stop.point.spread is not None else None for stop in run])


def _known(sketch: Sketch, index: int, voice: int) -> bool:
    """Whether the spread of one curve is known there."""
    index += sketch.start
    feelings = sketch.every[index].feelings if 0 <= index < len(sketch.every) else ()
    point = feelings[voice] if feelings else None
    return point is not None and point.spread is not None


def stands_alone(sketch: Sketch, index: int, voice: int) -> bool:
    """Whether the spread there is drawn as an error bar, not as part of a band."""
    beside = _known(sketch, index - 1, voice) or _known(sketch, index + 1, voice)
    return _known(sketch, index, voice) and not (beside and voice == 0)


def banded(sketch: Sketch) -> tuple[bool, bool]:
    """Whether the lane shows a band, and whether it shows error bars."""
    every = range(-sketch.start, len(sketch.every) - sketch.start)
    places = [(index, voice) for index in every for voice in range(len(sketch.voices))]
    known = [stands_alone(sketch, *place) for place in places if _known(sketch, *place)]
    return not all(known), any(known)
