"""Puts the lanes under each other: one page of the picture as a scene."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Clip, Group, Icon, Mark, Rect, Rule, Scene, mirrored
from journeykit.drawing.swimlane.beside import both, differs
from journeykit.drawing.swimlane.cards import cards
from journeykit.drawing.swimlane.claims import backstage, opportunities, pains, thoughts
from journeykit.drawing.swimlane.course import clips
from journeykit.drawing.swimlane.emotion import emotion
from journeykit.drawing.swimlane.figures import board, scores, spans
from journeykit.drawing.swimlane.foot import foot
from journeykit.drawing.swimlane.frame import LABELS, MARGIN, Frame, LaneMarks, frame
from journeykit.drawing.swimlane.head import header, stages
from journeykit.drawing.swimlane.sketch import Cell, Sketch, sketch
from journeykit.drawing.swimlane.telling import describe, told
from journeykit.drawing.text import measure
from journeykit.model import Journey

if TYPE_CHECKING:
    from journeykit.results import Scorecard

__all__ = ["LANES", "laid_out", "plan"]

LANES = ("touchpoints", "emotion", "thoughts", "pains", "opportunities", "board", "scores", "backstage")
"""The lanes in their usual order."""

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


def plan(
    journey: Journey, scores: Scorecard | None = None, *, lanes: tuple[str, ...] = LANES, persona: str | None = None
) -> Scene:
    """The scene of the swimlane map: ``lanes`` in their order, without the empty ones, mirrored for right-to-left languages.

    Raises `ArgumentError` when the scorecard belongs to another journey or the persona is unknown.
    """
    drawn = sketch(journey, scores, persona)
    return laid_out(drawn, frame(drawn), lanes)


def _filled(sketch: Sketch) -> set[str]:
    """The lanes that have anything to show, on this page or another."""
    found = {"touchpoints"} if sketch.every else set()
    for cell in sketch.touchpoints:
        touchpoint = cell.touchpoint
        if touchpoint is None:
            continue
        has = {
            "emotion": cell.feeling,
            "thoughts": touchpoint.thoughts,
            "pains": touchpoint.pains,
            "opportunities": touchpoint.opportunities,
            "board": cell.share is not None,
            "scores": cell.scores,
            "backstage": touchpoint.backstage or touchpoint.owner,
        }
        found |= {name for name, value in has.items() if value}
    return found


def laid_out(drawn: Sketch, grid: Frame, lanes: tuple[str, ...]) -> Scene:
    """The scene of one page: a sketch on its grid."""
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
        said = drawn.words.text("no-stages-yet")
        words = block(said, MARGIN, top, grid.width - 2 * MARGIN, size=14, colour="muted")
        marks.append(words.text)
        y = bands_from = top + words.height
    lanes_marks, cells, cut, y = _lanes(drawn, grid, shown, y)
    y += 8
    # In words they stand on the card and in the description.
    tales = [told(drawn, index) for index in range(len(drawn.cells))]
    groups = [
        _column(drawn, cell, column_marks, grid, i, tales[i])
        for i, (cell, column_marks) in enumerate(zip(drawn.cells, cells, strict=True))
    ]
    legend, bottom = foot(drawn, grid, y + 14, shown)
    page = Rect(box=Box(x=0, y=0, width=grid.width, height=bottom + 14), fill="bg")
    bands = _bands(drawn, grid, bands_from, y)
    ground = Group(kind="ground", name=drawn.tag, decorative=True, marks=(page, *bands))
    title, description = describe(drawn, tales)
    touchpoints = Group(kind="touchpoints", name=drawn.tag, marks=tuple(groups))
    scene = Scene(
        id=drawn.journey.id,
        width=grid.width,
        height=bottom + 14,
        title=title,
        description=description,
        language=drawn.journey.language,
        marks=(ground, head, *marks, *lanes_marks, touchpoints, legend),
        clips=cut,
    )
    return mirrored(scene) if drawn.backwards else scene


def _bands(sketch: Sketch, grid: Frame, top: float, bottom: float) -> list[Mark]:
    """Every other stage on a tinted ground, so that the eye keeps the column."""
    found: list[Mark] = []
    for index in range(0, len(sketch.stages), 2):
        own = [column for column, cell in zip(grid.columns, sketch.cells, strict=True) if cell.stage == index]
        if own:
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
        rules, top = _opening(drawn, grid, name, before, y)
        title, height = _label(drawn, name, top + (10 if name == "emotion" else 0))
        if name == "emotion":
            lane = emotion(drawn.joined or drawn, grid, top, card_bottom if before == "touchpoints" else None)
            cut = clips(drawn, grid, top)
        elif differs(drawn, name):
            lane = both(_DRAW[name], drawn, grid, top, height, name)
        else:
            lane = _DRAW[name](drawn, grid, top)
        marks.append(Group(kind="lane", name=drawn.named(name), marks=(*rules, *title, *lane.page)))
        for index, own in enumerate(lane.cells):
            if own:
                cells[index].append(Group(css=f"lane-{name}", marks=own, width=grid.columns[index].width))
        y = top + max(lane.height, height)
        card_bottom = top + lane.height
    return marks, cells, cut, y


def _opening(drawn: Sketch, grid: Frame, name: str, before: str | None, y: float) -> tuple[list[Mark], float]:
    """The line above a lane that begins below ``y``, and where its content begins."""
    if name == "backstage":
        return _visibility(drawn, grid, y + drawn.spacing.lane + 4)
    if name == "emotion":
        line = y + 10
        return ([Rule(x1=MARGIN, y1=line, x2=grid.right, y2=line, stroke="line")] if before else []), line
    if before is None and name == "touchpoints":
        return [], y + drawn.spacing.lane
    return [Rule(x1=MARGIN, y1=y + 8, x2=grid.right, y2=y + 8, stroke="line")], y + drawn.spacing.lane


def _visibility(drawn: Sketch, grid: Frame, y: float) -> tuple[list[Mark], float]:
    """The line of visibility, its name in a pill at the far end."""
    words = drawn.words.text("line-of-visibility")
    wide = measure(words, 12, 600) + 24
    pill = Box(x=grid.seen - 16 - wide, y=y - 10, width=wide, height=20)
    line = Rule(x1=MARGIN, y1=y, x2=grid.right, y2=y, stroke="subtle", width=1.4, dash="8 6")
    label = block(words, pill.x, y - 8, wide, size=12, weight=600, colour="muted", align="middle", most=1)
    return [line, Rect(box=pill, radius=10, fill="card", stroke="subtle"), label.text], y + 24


def _notes(drawn: Sketch, name: str) -> list[str]:
    """What stands in small letters under the name of a lane."""
    words = drawn.words
    # Scores and losses are counted on the first map only.
    whose = [drawn.label] if drawn.other and name in ("board", "scores") else []
    if name == "board" and drawn.coverage:
        return [words.text("lane.board.note", journeys=drawn.coverage.journeys), *whose]
    if name == "emotion":
        if drawn.joined:
            return []
        if len(drawn.voices) > 1:
            return [words.text("lane.emotion.note")]
        return [drawn.name_of(drawn.voices[0].persona if drawn.voices else None) or ""]
    return [words.text(f"lane.{name}.note"), *(spans(drawn) if name == "scores" else []), *whose]


def _label(drawn: Sketch, name: str, top: float) -> tuple[list[Mark], float]:
    room = LABELS - 28 - 16
    head = block(drawn.words.text(f"lane.{name}"), MARGIN + 28, top - 1, room, size=13.5, weight=600)
    icon = Icon(name=_ICONS.get(name, f"lane-{name}"), x=MARGIN, y=top - 2, stroke="accent")
    marks: list[Mark] = [icon, head.text]
    y = top + head.height + 1
    # In the emotion lane the words of the scale stand at the right of the label.
    room -= 74 if name == "emotion" else 0
    for note in filter(None, _notes(drawn, name)):
        words = block(note, MARGIN + 28, y, room, size=12, colour="subtle", most=4)
        marks.append(words.text)
        y += words.height + 1
    return marks, y - top


def _column(drawn: Sketch, cell: Cell, marks: list[Mark], grid: Frame, index: int, tale: str) -> Group:
    """Everything of one touchpoint in one group, so that inserting one changes few lines of the file."""
    column = grid.columns[index]
    other = drawn.other.cells[index] if drawn.other else None
    cell = other if cell.touchpoint is None and other else cell
    if cell.touchpoint is None:
        return Group(marks=tuple(marks), dx=column.x, width=column.width)
    return Group(
        kind="tp",
        name=cell.touchpoint.id,
        title=tale,
        marks=tuple(marks),
        dx=column.x,
        width=column.width,
    )
