"""The top of the picture: title, scenario, personas, the figures that matter, and the chevrons of the stages."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.scene import Box, Circle, Group, Mark, Path, Rect
from journeykit.drawing.swimlane.frame import MARGIN, Frame, block
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.swimlane.words import count, day, figure, percent, quoted, reason, title_case
from journeykit.drawing.text import graphemes, measure
from journeykit.model import Kpi, Objective, Persona

__all__ = ["Chip", "chips", "header", "stages"]

_CHIP_HEIGHT = 78.0
_POINT, _NOTCH = 26.0, 14.0


@frozen(kw_only=True)
class Chip:
    """A figure in the header: what it is, the figure, and what it rests on."""

    label: str
    value: str
    note: str = ""

    @property
    def width(self) -> float:
        """Wide enough for its texts (a pixel of slack: sums of floats differ in their last digit), 132 to 240 px."""
        widest = max(measure(self.label, 12, 600), measure(self.value, 22, 700), measure(self.note, 12))
        return min(240.0, max(132.0, widest + 29))


def chips(sketch: Sketch) -> tuple[Chip, ...]:
    """The figures the header shows: what was counted first, then scores of the whole journey, then targets."""
    found: list[Chip] = []
    coverage = sketch.coverage
    if coverage is not None:
        if sketch.journey.outcome is not None:
            known = coverage.closed > 0
            value = percent(coverage.converted / coverage.closed) if known else "not estimable"
            note = f"of {count(coverage.closed)} closed journeys" if known else "no journey is closed yet"
            found.append(Chip(label="Completion", value=value, note=note))
        still = (
            percent(coverage.open / coverage.journeys) + " of all journeys" if coverage.journeys else "of no journeys"
        )
        found.append(Chip(label="Still open", value=count(coverage.open), note=still))
        note = f"events in {count(coverage.journeys)} {'journey' if coverage.journeys == 1 else 'journeys'}"
        found.append(Chip(label="Evidence", value=count(coverage.claimed), note=note))
    for score in sketch.overall:
        value = score.status.replace("-", " ") if score.value is None else figure(score.value)
        note = reason(score.reason) if score.status != "ok" else f"n = {count(score.n)}"
        found.append(Chip(label=title_case(score.scorer), value=value, note=note))
    kpis = {kpi.id: kpi for kpi in sketch.journey.kpis}
    found += [
        _target(objective, kpis[objective.kpi])
        for objective in sketch.journey.objectives
        if objective.kpi and objective.target is not None
    ]
    return tuple(found[:6])


def _target(objective: Objective, kpi: Kpi) -> Chip:
    sign = "≥" if kpi.direction == "higher" else "≤"
    unit = objective.unit or kpi.unit or ""
    gap = "\N{NO-BREAK SPACE}"
    behind = f"{gap}{unit}" if unit else ""
    notes = [f"now {figure(objective.baseline)}{behind}"] if objective.baseline is not None else []
    notes += [f"due {day(objective.due)}"] if objective.due else []
    return Chip(
        label=f"{kpi.name}, target",
        value=f"{sign}{gap}{figure(objective.target or 0.0)}{behind}",
        note=" · ".join(notes),
    )


def header(sketch: Sketch, frame: Frame) -> tuple[Group, float]:
    """The header's marks and the y below them."""
    shown = chips(sketch)
    row = sum(chip.width for chip in shown) + 12 * max(0, len(shown) - 1)
    full = frame.width - 2 * MARGIN
    beside = bool(shown) and full - row - 40 >= 440
    marks: list[Mark] = []
    words, y = _titles(sketch, full - row - 40 if beside else full)
    marks += words
    if beside:
        marks += _chip_row(shown, frame.width - MARGIN - row, 34.0)
        y = max(y, 34 + _CHIP_HEIGHT)
    else:
        for line in _chip_lines(shown, full):
            marks += _chip_row(line, MARGIN, y + 16)
            y += 16 + _CHIP_HEIGHT
    return Group(kind="header", marks=tuple(marks)), y


def _chip_lines(shown: tuple[Chip, ...], full: float) -> list[tuple[Chip, ...]]:
    """The chips in as few rows as fit, the rows as even as can be."""
    for rows in range(1, len(shown) + 1):
        size = -(-len(shown) // rows)
        lines = [shown[i : i + size] for i in range(0, len(shown), size)]
        if all(sum(chip.width + 12 for chip in line) - 12 <= full for line in lines):
            return lines
    return [(chip,) for chip in shown]


def _chip_row(shown: tuple[Chip, ...], x: float, y: float) -> list[Mark]:
    marks: list[Mark] = []
    for chip in shown:
        inner = chip.width - 28
        marks.append(
            Rect(box=Box(x=x, y=y, width=chip.width, height=_CHIP_HEIGHT), radius=10, fill="card", stroke="line")
        )
        marks.append(block(chip.label, x + 14, y + 9, inner, size=12, weight=600, colour="muted", most=1).text)
        size = 22.0
        while size > 14 and measure(chip.value, size, 700) > inner:
            size -= 1
        marks.append(block(chip.value, x + 14, y + 41.5 - 0.65 * size, inner, size=size, weight=700, most=1).text)
        if chip.note:
            marks.append(block(chip.note, x + 14, y + 54, inner, size=12, colour="subtle", most=1).text)
        x += chip.width + 12
    return marks


def _titles(sketch: Sketch, width: float) -> tuple[list[Mark], float]:
    journey = sketch.journey
    title = block(journey.title, MARGIN, 31, width, size=30, weight=700, most=4)
    marks: list[Mark] = [title.text]
    y = 31 + title.height
    about = [journey.scenario or "", "Future state (as planned)" if journey.status == "future" else ""]
    if line := " · ".join(part for part in about if part):
        scenario = block(line, MARGIN, y + 2, min(width, 1000), size=14, colour="muted", most=6)
        marks.append(scenario.text)
        y += 2 + scenario.height
    y += 6
    for persona in journey.personas[:4]:
        words, height = _persona(persona, y, width, journey.language)
        marks += words
        y += height
    if len(journey.personas) > 4:
        more = block(f"and {len(journey.personas) - 4} more personas", MARGIN + 42, y, width - 42, colour="muted")
        marks.append(more.text)
        y += more.height
    return marks, y


def _persona(persona: Persona, y: float, width: float, language: str) -> tuple[list[Mark], float]:
    initial = next(graphemes(persona.name.strip())).upper()
    name = block(persona.name, MARGIN + 42, y + 7, min(width - 42, 260), size=14, weight=600, most=2)
    start = MARGIN + 42 + name.width + 14
    room = MARGIN + width - start
    about = [persona.summary or ""] + ([quoted(persona.quote, language)] if persona.quote else [])
    line = "  ·  ".join(part for part in about if part)
    # What does not fit one line gets a line for the words about the persona and one for the persona's own.
    parts = [line] if measure(line[:2000], 13) <= room else about
    marks: list[Mark] = [
        Circle(x=MARGIN + 16, y=y + 16, r=15, fill="accent"),
        block(initial, MARGIN, y + 7, 32, size=14, weight=700, colour="onaccent", align="middle", most=1).text,
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
    spans = []
    for index, stage in enumerate(sketch.stages):
        own = [column for column, cell in zip(frame.columns, sketch.cells, strict=True) if cell.stage == index]
        left, right = own[0].x, own[-1].x + own[-1].width
        start = left + (18 if index == 0 else 28)
        title = block(stage.title, start, 0, right - start - 20, size=16, weight=700, colour="onstage", most=6)
        goal = block(stage.goal or "", start, 0, right - start - 20, size=12.5, colour="onstage2", most=8)
        spans.append((stage, left, right, title, goal))
    tallest = max(title.height + goal.height for *_, title, goal in spans)
    height = max(56.0, 20 + tallest)
    groups = []
    for index, (stage, left, right, title, _) in enumerate(spans):
        y = top + (height - tallest) / 2
        start, inner = title.text.box.x, title.text.box.width
        marks: list[Mark] = [_chevron(index, len(spans), left, right, top, height)]
        marks.append(block(stage.title, start, y, inner, size=16, weight=700, colour="onstage", most=6).text)
        if stage.goal:
            below = y + title.height
            marks.append(block(stage.goal, start, below, inner, size=12.5, colour="onstage2", most=8).text)
        groups.append(Group(kind="stage", name=stage.id, title=stage.title, marks=tuple(marks)))
    return Group(kind="stages", marks=tuple(groups)), top + height


def _chevron(index: int, total: int, left: float, right: float, top: float, height: float) -> Path:
    last = index == total - 1
    tip, shoulder = (right - 6, right - 18) if last else (right + 8, right + 8 - _POINT)
    middle, bottom = top + height / 2, top + height
    commands: list[tuple[str, tuple[float, ...]]] = [
        ("M", (left, top)),
        ("L", (shoulder, top)),
        ("L", (tip, middle)),
        ("L", (shoulder, bottom)),
        ("L", (left, bottom)),
    ]
    if index:
        commands.append(("L", (left + _NOTCH, middle)))
    # Five steps of one hue from dark to light, spread over however many stages there are.
    tone = 1 + (4 * index // (total - 1) if total > 1 else 0)
    return Path(commands=(*commands, ("Z", ())), fill=f"stage{tone}")
