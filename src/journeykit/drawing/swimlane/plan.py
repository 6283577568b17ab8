"""Puts the lanes under each other: the whole picture as a scene."""

from __future__ import annotations

from collections.abc import Callable

from journeykit.drawing.scene import Box, Clip, Group, Icon, Mark, Rect, Rule, Scene, mirrored
from journeykit.drawing.swimlane.cards import cards
from journeykit.drawing.swimlane.claims import backstage, opportunities, pains, thoughts
from journeykit.drawing.swimlane.course import clips
from journeykit.drawing.swimlane.emotion import emotion
from journeykit.drawing.swimlane.figures import board, scores, shares, spans
from journeykit.drawing.swimlane.foot import foot
from journeykit.drawing.swimlane.frame import GAP, LABELS, MARGIN, Frame, LaneMarks, block, frame
from journeykit.drawing.swimlane.head import header, stages
from journeykit.drawing.swimlane.sketch import Cell, Sketch, sketch
from journeykit.drawing.swimlane.telling import describe, telling
from journeykit.drawing.swimlane.words import count
from journeykit.drawing.text import measure
from journeykit.model import Journey
from journeykit.results import Scorecard

__all__ = ["LANES", "plan"]

LANES = ("touchpoints", "emotion", "thoughts", "pains", "opportunities", "board", "scores", "backstage")
"""The lanes in their usual order."""

_TITLES = {
    "touchpoints": ("Touchpoints", "what the customer does"),
    "emotion": ("Emotion", ""),
    "thoughts": ("Thinks and says", "in their own words"),
    "pains": ("Pain points", "severity 1 to 3"),
    "opportunities": ("Opportunities", "impact and effort"),
    "board": ("Still on board", ""),
    "scores": ("Scores", "with what they rest on"),
    "backstage": ("Backstage", "owner or system"),
}
_ICONS = {"thoughts": "chat"}
Lane = Callable[[Sketch, Frame, float], LaneMarks]
_DRAW: dict[str, Lane] = {
    "touchpoints": cards,
    "thoughts": thoughts,
    "pains": pains,
    "opportunities": opportunities,
    "board": board,
    "scores": scores,
    "backstage": backstage,
}


def _filled(sketch: Sketch) -> set[str]:
    """The lanes that have anything to show."""
    found = {"touchpoints"} if sketch.cells else set()
    for cell in sketch.touchpoints:
        touchpoint = cell.touchpoint
        if touchpoint is None:
            continue
        has = {
            "emotion": cell.feeling,
            "thoughts": touchpoint.thoughts,
            "pains": touchpoint.pains,
            "opportunities": touchpoint.opportunities,
            "scores": cell.scores,
            "backstage": touchpoint.backstage or touchpoint.owner,
        }
        found |= {name for name, value in has.items() if value}
    if any(share is not None for share in shares(sketch)):
        found.add("board")
    return found


def plan(
    journey: Journey, scores: Scorecard | None = None, *, lanes: tuple[str, ...] = LANES, persona: str | None = None
) -> Scene:
    """The scene of the swimlane map: ``lanes`` in their order, without the empty ones, mirrored for right-to-left languages.

    Raises `ArgumentError` when the scorecard belongs to another journey or the persona is unknown.
    """
    drawn = sketch(journey, scores, persona)
    grid = frame(drawn)
    filled = _filled(drawn)
    shown = tuple(name for name in lanes if name in filled)
    head, y = header(drawn, grid)
    marks: list[Mark] = []
    top = y + 24
    if drawn.stages:
        chevrons, y = stages(drawn, grid, top)
        marks.append(chevrons)
        bands_from = (top + y) / 2
    else:
        words = block("This map has no stages yet.", MARGIN, top, grid.width - 2 * MARGIN, size=14, colour="muted")
        marks.append(words.text)
        y = bands_from = top + words.height
    lanes_marks, cells, cut, y = _lanes(drawn, grid, shown, y)
    y += 8
    groups = [
        _column(drawn, cell, column_marks, grid, i)
        for i, (cell, column_marks) in enumerate(zip(drawn.cells, cells, strict=True))
    ]
    legend, bottom = foot(drawn, grid, y + 14, shown)
    page = Rect(box=Box(x=0, y=0, width=grid.width, height=bottom + 14), fill="bg")
    ground = Group(kind="ground", decorative=True, marks=(page, *_bands(drawn, grid, bands_from, y)))
    title, description = describe(drawn)
    touchpoints = Group(kind="touchpoints", marks=tuple(groups))
    scene = Scene(
        id=journey.id,
        width=grid.width,
        height=bottom + 14,
        title=title,
        description=description,
        language=journey.language,
        marks=(ground, head, *marks, *lanes_marks, touchpoints, legend),
        clips=cut,
    )
    return mirrored(scene) if drawn.backwards else scene


def _bands(sketch: Sketch, grid: Frame, top: float, bottom: float) -> list[Mark]:
    """Every other stage on a tinted ground, so that the eye keeps the column."""
    found: list[Mark] = []
    for index in range(0, len(sketch.stages), 2):
        own = [column for column, cell in zip(grid.columns, sketch.cells, strict=True) if cell.stage == index]
        box = Box(x=own[0].x, y=top, width=sum(column.width for column in own), height=bottom - top)
        found.append(Rect(box=box, fill="band"))
    return found


def _lanes(
    drawn: Sketch, grid: Frame, shown: tuple[str, ...], y: float
) -> tuple[list[Mark], list[list[Mark]], tuple[Clip, ...], float]:
    marks: list[Mark] = []
    cells: list[list[Mark]] = [[] for _ in drawn.cells]
    cut: tuple[Clip, ...] = ()
    card_bottom: float | None = None
    for place, name in enumerate(shown):
        before = shown[place - 1] if place else None
        top = y + GAP
        rules: list[Mark] = []
        if name == "backstage":
            rules, top = _visibility(grid, y + GAP + 4)
        elif before not in (None, "touchpoints") or name not in ("touchpoints", "emotion"):
            middle = y + 8
            rules = [Rule(x1=MARGIN, y1=middle, x2=grid.right, y2=middle, stroke="line")]
        elif name == "emotion" and place:
            rules = [Rule(x1=MARGIN, y1=y + 10, x2=grid.right, y2=y + 10, stroke="line")]
        if name == "emotion":
            top = y + 10
            lane = emotion(drawn, grid, top, card_bottom if before == "touchpoints" else None)
            cut = clips(grid, top)
        else:
            lane = _DRAW[name](drawn, grid, top)
        title, height = _label(drawn, name, top + (10 if name == "emotion" else 0))
        marks.append(Group(kind="lane", name=name, marks=(*rules, *title, *lane.page)))
        for index, own in enumerate(lane.cells):
            if own:
                cells[index].append(Group(css=f"lane-{name}", marks=own, width=grid.columns[index].width))
        y = top + max(lane.height, height)
        card_bottom = top + lane.height
    return marks, cells, cut, y


def _visibility(grid: Frame, y: float) -> tuple[list[Mark], float]:
    """The line of visibility, its name in a pill at the far end."""
    words = "Line of visibility"
    wide = measure(words, 12, 600) + 24
    pill = Box(x=grid.right - 16 - wide, y=y - 10, width=wide, height=20)
    line = Rule(x1=MARGIN, y1=y, x2=grid.right, y2=y, stroke="subtle", width=1.4, dash="8 6")
    label = block(words, pill.x, y - 8, wide, size=12, weight=600, colour="muted", align="middle", most=1)
    return [line, Rect(box=pill, radius=10, fill="card", stroke="subtle"), label.text], y + 24


def _label(drawn: Sketch, name: str, top: float) -> tuple[list[Mark], float]:
    title, below = _TITLES[name]
    notes = [below]
    if name == "board" and drawn.coverage:
        notes = [f"% of {count(drawn.coverage.journeys)} journeys"]
    if name == "emotion":
        one = drawn.voices[0].persona if len(drawn.voices) == 1 else None
        notes = ["one line a persona" if len(drawn.voices) > 1 else drawn.name_of(one) or ""]
    if name == "scores":
        notes += spans(drawn)
    room = LABELS - 28 - 16
    head = block(title, MARGIN + 28, top - 1, room, size=13.5, weight=600)
    icon = Icon(name=_ICONS.get(name, f"lane-{name}"), x=MARGIN, y=top - 2, stroke="accent")
    marks: list[Mark] = [icon, head.text]
    y = top + head.height + 1
    # In the emotion lane the words of the scale stand at the right of the label.
    room -= 74 if name == "emotion" else 0
    for note in filter(None, notes):
        words = block(note, MARGIN + 28, y, room, size=12, colour="subtle", most=4)
        marks.append(words.text)
        y += words.height + 1
    return marks, y - top


def _column(drawn: Sketch, cell: Cell, marks: list[Mark], grid: Frame, index: int) -> Group:
    """Everything of one touchpoint in one group, so that inserting one changes few lines of the file."""
    column = grid.columns[index]
    if cell.touchpoint is None:
        return Group(marks=tuple(marks), dx=column.x, width=column.width)
    return Group(
        kind="tp",
        name=cell.touchpoint.id,
        title=telling(drawn, index),
        marks=tuple(marks),
        dx=column.x,
        width=column.width,
    )
