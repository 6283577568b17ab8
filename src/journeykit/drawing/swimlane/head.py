"""The top of the picture: title, scenario, personas, and the chevrons of the stages."""

from __future__ import annotations

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.scene import Box, Circle, Group, Mark, Path
from journeykit.drawing.swimlane.chips import chip_lines, chip_row, chips, total_width
from journeykit.drawing.swimlane.course import STROKES
from journeykit.drawing.swimlane.frame import MARGIN, Frame, lowered, rows
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.text import graphemes, measure
from journeykit.drawing.wording import Wording
from journeykit.model import Persona, Stage

__all__ = ["header", "stages"]

_TITLE_ROOM = 440.0
_POINT, _NOTCH = 26.0, 14.0
_MOST_PERSONAS = 4


def header(sketch: Sketch, frame: Frame) -> tuple[Group, float]:
    """The header's marks and the y below them."""
    shown, radius = chips(sketch), sketch.spacing.radius / 1.2
    full = frame.width - 2 * MARGIN
    # Beside the title if that leaves it room, as wide as the texts like it or else with some of them in two lines.
    rows_of = [[chip.width for chip in shown], [chip.least for chip in shown]]
    beside = next((widths for widths in rows_of if shown and full - total_width(widths) - 40 >= _TITLE_ROOM), None)
    marks: list[Mark] = []
    words, y = _titles(sketch, full - total_width(beside) - 40 if beside else full)
    marks += words
    if beside:
        drawn, bottom = chip_row(shown, beside, frame.width - MARGIN - total_width(beside), 34.0, radius=radius)
        return Group(kind="header", name=sketch.tag, marks=(*marks, *drawn)), max(y, bottom)
    for line, widths in chip_lines(shown, full):
        drawn, bottom = chip_row(line, widths, MARGIN, y + 16, radius=radius)
        marks += drawn
        y = bottom
    return Group(kind="header", name=sketch.tag, marks=tuple(marks)), y


def _titles(sketch: Sketch, width: float) -> tuple[list[Mark], float]:
    journey = sketch.journey
    title = block(journey.title, MARGIN, 31, width, size=30, weight=700, most=4)
    marks: list[Mark] = [title.text]
    y = 31 + title.height
    said = sketch.words
    about = [said.text("page", page=sketch.page, pages=sketch.pages)] if sketch.pages > 1 else []
    about += [*sketch.subtitle, journey.scenario or "", said.text("future-state") if journey.status == "future" else ""]
    for line in rows(about, min(width, 1000), 14):
        scenario = block(line, MARGIN, y + 2, min(width, 1000), size=14, colour="muted", most=6)
        marks.append(scenario.text)
        y += 2 + scenario.height
    y += 6
    people, y = _personas(sketch, y, width)
    marks += people
    if (others := len(journey.personas) - _MOST_PERSONAS) > 0:
        more = block(said.text("more-personas", n=others), MARGIN + 42, y, width - 42, colour="muted")
        marks.append(more.text)
        y += more.height
    return marks, y


def _personas(sketch: Sketch, y: float, width: float) -> tuple[list[Mark], float]:
    """The personas under each other; those of whom nothing but the name is known stand in rows."""
    # Where curves are told apart by person, the person wears the colour of their curve.
    several = len(sketch.voices) > 1 and sketch.joined is None
    inks = {voice.persona: STROKES[i][0] for i, voice in enumerate(sketch.voices)} if several else {}
    marks: list[Mark] = []
    x, below = MARGIN, 0.0
    for persona in sketch.journey.personas[:_MOST_PERSONAS]:
        bare = not persona.summary and not persona.quote
        wide = 42 + min(520.0, measure(persona.name, 14, 600)) + 28
        if x > MARGIN and (not bare or x + wide > MARGIN + width):
            x, y = MARGIN, y + below
        words, height = _persona(persona, (x, y), MARGIN + width - x, sketch.words, inks.get(persona.id, "accent"))
        marks += words
        if bare:
            x, below = x + wide, max(height, below if x > MARGIN else 0.0)
        else:
            y += height
    return marks, y + below if x > MARGIN else y


def _persona(
    persona: Persona, at: tuple[float, float], width: float, said: Wording, ink: str
) -> tuple[list[Mark], float]:
    left, y = at
    initial = next(graphemes(persona.name.strip())).upper()
    wide = 260 if persona.summary or persona.quote else 520
    name = block(persona.name, left + 42, y + 7, min(width - 42, wide), size=14, weight=600, most=2)

    start = left + 42 + name.width + 14
    room = left + width - start
    about = [persona.summary or ""] + ([said.quoted(persona.quote)] if persona.quote else [])
    line = "  ·  ".join(part for part in about if part)
    # What does not fit one line gets a line for the words about the persona and one for the persona's own.
    parts = [line] if measure(line[:2000], 13) <= room else about
    marks: list[Mark] = [
        Circle(x=left + 16, y=y + 16, r=15, fill=ink),
        block(initial, left, y + 7, 32, size=14, weight=700, colour="onaccent", align="middle", most=1).text,
        name.text,
    ]
    bottom = y + 8
    for part in parts:
        words = block(part, start, bottom, room, colour="muted", most=4)
        if words.text.lines:
            marks.append(words.text)
        bottom += words.height
    return marks, max(34.0, 8 + name.height, bottom - y + 2)


def stages(sketch: Sketch, frame: Frame, top: float) -> tuple[Group, float]:
    """The chevrons and the y below them; their height follows the longest text."""
    spans: list[tuple[int, tuple[float, float], Block, Block]] = []
    for index, stage in enumerate(sketch.stages):
        own = [column for column, cell in zip(frame.columns, sketch.cells, strict=True) if cell.stage == index]
        if not own:
            continue
        left, right = own[0].x, own[-1].x + own[-1].width
        start = left + (28 if spans or index else 18)
        words = _title(sketch, index, stage)
        title = block(words, start, 0, right - start - 20, size=16, weight=700, colour="onstage", most=6)
        goal = block(stage.goal or "", start, 0, right - start - 20, size=12.5, colour="onstage2", most=8)
        spans.append((index, (left, right), title, goal))
    tallest = max(title.height + goal.height for *_, title, goal in spans)
    height = max(56.0, 20 + tallest)
    groups = []
    for place, (index, edges, title, goal) in enumerate(spans):
        stage, y = sketch.stages[index], top + (height - tallest) / 2
        box = Box(x=edges[0], y=top, width=edges[1] - edges[0], height=height)
        notched, last = index > 0, place == len(spans) - 1
        marks: list[Mark] = [_chevron(_tone(index, len(sketch.stages)), box, notched=notched, last=last)]
        marks.append(lowered(title, y).text)
        if goal.text.lines:
            marks.append(lowered(goal, y + title.height).text)
        groups.append(Group(kind="stage", name=sketch.named(stage.id), title=stage.title, marks=tuple(marks)))
    return Group(kind="stages", name=sketch.tag, marks=tuple(groups)), top + height


def _title(sketch: Sketch, index: int, stage: Stage) -> str:
    """The stage's title; on a later page than its first with a word that says so."""
    begins = sketch.start == 0 or sketch.every[sketch.start - 1].stage != index
    if begins or sketch.cells[0].stage != index:
        return stage.title
    return sketch.words.text("tell.with", what=stage.title, detail=sketch.words.text("page.continued"))


def _tone(index: int, total: int) -> str:
    """Five steps of one hue from dark to light, spread over however many stages there are."""
    return f"stage{1 + (4 * index // (total - 1) if total > 1 else 0)}"


def _chevron(tone: str, box: Box, *, notched: bool, last: bool) -> Path:
    left, right, top, bottom = box.x, box.right, box.y, box.bottom
    tip, shoulder = (right - 6, right - 18) if last else (right + 8, right + 8 - _POINT)
    middle = top + box.height / 2
    commands: list[tuple[str, tuple[float, ...]]] = [
        ("M", (left, top)),
        ("L", (shoulder, top)),
        ("L", (tip, middle)),
        ("L", (shoulder, bottom)),
        ("L", (left, bottom)),
    ]
    if notched:
        commands.append(("L", (left + _NOTCH, middle)))
    return Path(commands=(*commands, ("Z", ())), fill=tone)
