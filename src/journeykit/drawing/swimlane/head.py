"""The top of the picture: title, scenario, personas, and the chevrons of the stages."""

from __future__ import annotations

from journeykit.drawing.blocks import Block, block, legible, span
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
_NAME = 260.0


def header(sketch: Sketch, frame: Frame) -> tuple[Group, float]:
    """The header's marks and the y below them."""
    shown, radius = chips(sketch), sketch.spacing.radius / 1.2
    full = frame.seen - MARGIN
    # Beside the title if that leaves it room, as wide as the texts like it or else with some of them in two lines.
    rows_of = [[chip.width for chip in shown], [chip.least for chip in shown]]
    beside = next((widths for widths in rows_of if shown and full - total_width(widths) - 40 >= _TITLE_ROOM), None)
    marks: list[Mark] = []
    words, y = _titles(sketch, full - total_width(beside) - 40 if beside else full)
    marks += words
    if beside:
        drawn, bottom = chip_row(shown, beside, frame.seen - total_width(beside), 34.0, radius=radius)
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
    # The first page says what the map is about.
    about += [*sketch.subtitle, journey.scenario or ""] if sketch.page == 1 else []
    about += [said.text("future-state")] if journey.status == "future" else []
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
    """The personas under each other, what is known of them in one column; many of few words stand side by side.

    Those of whom nothing but the name is known stand in rows.
    """
    # Where curves are told apart by person, the person wears the colour of their curve.
    several = len(sketch.voices) > 1 and sketch.joined is None
    inks = {voice.persona: STROKES[i][0] for i, voice in enumerate(sketch.voices)} if several else {}
    shown = sketch.journey.personas[:_MOST_PERSONAS]
    told = [_known_of(persona, sketch.words) for persona in shown]
    bare = not any(told)
    # A bare name has the room of a whole line.
    names = [span(legible(persona.name), 14, 600) for persona in shown]
    indent = min(_NAME, max(names, default=0.0)) if not bare else 0.0
    wides = [
        42 + (min(520.0, name) if bare else indent + 14 + measure("  ·  ".join(about)[:2000], 13)) + 28
        for name, about in zip(names, told, strict=True)
    ]
    across = len(shown) if bare else 2 if len(shown) > 2 and max(wides) <= width / 2 else 1
    marks: list[Mark] = []
    x, below = MARGIN, 0.0
    for index, (persona, about, wide) in enumerate(zip(shown, told, wides, strict=True)):
        if index and (index % across == 0 or (bare and x + wide > MARGIN + width)):
            x, y, below = MARGIN, y + below, 0.0
        room = MARGIN + width - x
        words, height = _persona(persona, about, (x, y), (room, indent), inks.get(persona.id, "accent"))
        marks += words
        x += wide if bare else max(wides)
        below = max(below, height)
    return marks, y + below


def _known_of(persona: Persona, said: Wording) -> list[str]:
    """What is said about a persona, then the persona's own words."""
    return [*([persona.summary] if persona.summary else []), *([said.quoted(persona.quote)] if persona.quote else [])]


def _persona(
    persona: Persona, about: list[str], at: tuple[float, float], room: tuple[float, float], ink: str
) -> tuple[list[Mark], float]:
    (left, y), (width, indent) = at, room
    initial = next(graphemes(persona.name.strip())).upper()
    name = block(
        persona.name, left + 42, y + 7, min(width - 42, indent + 1 if indent else 520.0), size=14, weight=600, most=2
    )
    start = left + 42 + indent + 14
    width = left + width - start
    line = "  ·  ".join(about)
    # What does not fit one line gets a line for the words about the persona and one for the persona's own.
    parts = [line] if line and measure(line[:2000], 13) <= width else about
    marks: list[Mark] = [
        Circle(x=left + 16, y=y + 16, r=15, fill=ink),
        block(initial, left, y + 7, 32, size=14, weight=700, colour="onaccent", align="middle", most=1).text,
        name.text,
    ]
    bottom = y + 8
    for part in parts:
        words = block(part, start, bottom, width, colour="muted", most=4)
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
    goals = any(goal.text.lines for *_, goal in spans)
    groups = []
    for place, (index, edges, title, goal) in enumerate(spans):
        # Titles stand on one line; where no stage has a goal, each in the middle of its chevron.
        stage = sketch.stages[index]
        y = top + (height - (tallest if goals else title.height)) / 2
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
