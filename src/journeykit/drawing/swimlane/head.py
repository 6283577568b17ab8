"""The top of the picture: title, scenario, personas, the figures that matter, and the chevrons of the stages."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.scene import Box, Circle, Group, Mark, Path, Rect
from journeykit.drawing.swimlane.course import STROKES
from journeykit.drawing.swimlane.frame import MARGIN, Frame, block, rows
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.swimlane.words import count, day, doubt, figure, percent, quoted, reason, title_case
from journeykit.drawing.text import graphemes, longest_word, measure, wrap
from journeykit.model import Kpi, Objective, Persona

__all__ = ["Chip", "chips", "header", "stages"]

_CHIP_GAP, _WIDEST, _TITLE_ROOM = 12.0, 264.0, 440.0
_POINT, _NOTCH = 26.0, 14.0


@frozen(kw_only=True)
class Chip:
    """A figure in the header: what it is, the figure, and what it rests on."""

    label: str
    value: str
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> float:
        """Wide enough for every text in one line, 132 to 300 px."""
        notes = measure(" · ".join(self.notes), 12)
        return self._fit(measure(self.label, 12, 600), measure(self.value, 22, 700), notes)

    @property
    def least(self) -> float:
        """Wide enough for the label and the notes in two lines each."""
        label = measure(self.label, 12, 600)
        room = longest_word(self.label, 12, 600)
        while room < label and len(wrap(self.label, room, 12, 600)) > 2:
            room += 4
        return self._fit(room, measure(self.value, 22, 700), max((measure(n, 12) for n in self.notes), default=0.0))

    @staticmethod
    def _fit(*widths: float) -> float:
        # A pixel of slack: sums of floats differ in their last digit.
        return min(300.0, max(132.0, max(widths) + 29))


def chips(sketch: Sketch) -> tuple[Chip, ...]:
    """The figures the header shows: what was counted first, then scores of the whole journey, then targets."""
    found: list[Chip] = []
    coverage = sketch.coverage
    if coverage is not None:
        if sketch.journey.outcome is not None:
            known = coverage.closed > 0
            value = percent(coverage.converted / coverage.closed) if known else "not estimable"
            note = f"of {count(coverage.closed)} closed journeys" if known else "no journey is closed yet"
            found.append(Chip(label="Completion", value=value, notes=(note,)))
        still = (
            percent(coverage.open / coverage.journeys) + " of all journeys" if coverage.journeys else "of no journeys"
        )
        found.append(Chip(label="Still open", value=count(coverage.open), notes=(still,)))
        note = f"events in {count(coverage.journeys)} {'journey' if coverage.journeys == 1 else 'journeys'}"
        found.append(Chip(label="Evidence", value=count(coverage.claimed), notes=(note,)))
    for score in sketch.overall:
        value = doubt(score.status, None) if score.value is None else figure(score.value)
        note = (
            reason(score.reason) if score.status != "ok" else f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count(score.n)}"
        )
        found.append(Chip(label=title_case(score.scorer), value=value, notes=(note,)))
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
        notes=tuple(notes),
    )


def header(sketch: Sketch, frame: Frame) -> tuple[Group, float]:
    """The header's marks and the y below them."""
    shown = chips(sketch)
    full = frame.width - 2 * MARGIN
    # Beside the title if that leaves it room, as wide as the texts like it or else with some of them in two lines.
    rows_of = [[chip.width for chip in shown], [chip.least for chip in shown]]
    beside = next((widths for widths in rows_of if shown and full - _total(widths) - 40 >= _TITLE_ROOM), None)
    marks: list[Mark] = []
    words, y = _titles(sketch, full - _total(beside) - 40 if beside else full)
    marks += words
    if beside:
        drawn, bottom = _chip_row(shown, beside, frame.width - MARGIN - _total(beside), 34.0)
        return Group(kind="header", marks=(*marks, *drawn)), max(y, bottom)
    for line, widths in _chip_lines(shown, full):
        drawn, bottom = _chip_row(line, widths, MARGIN, y + 16)
        marks += drawn
        y = bottom
    return Group(kind="header", marks=tuple(marks)), y


def _total(widths: list[float]) -> float:
    return sum(widths) + _CHIP_GAP * max(0, len(widths) - 1)


def _chip_lines(shown: tuple[Chip, ...], full: float) -> list[tuple[tuple[Chip, ...], list[float]]]:
    """The chips in as few rows as fit, the rows as even as can be, each as wide as the page."""
    for number in range(1, len(shown) + 1):
        size = -(-len(shown) // number)
        lines = [shown[i : i + size] for i in range(0, len(shown), size)]
        if all(_total([chip.least for chip in line]) <= full for line in lines):
            return [(line, _spread([chip.least for chip in line], full)) for line in lines]
    return [((chip,), [chip.width]) for chip in shown]


def _spread(least: list[float], full: float) -> list[float]:
    """Widths that fill the row, equal where every chip has its least width; but no chip grows beyond 264 px."""
    even = (full - _CHIP_GAP * (len(least) - 1)) / len(least)
    if max(least) <= even:
        return [min(_WIDEST, even)] * len(least)
    spare = max(0.0, full - _total(least)) / len(least)
    return [width + max(0.0, min(spare, _WIDEST - width)) for width in least]


def _chip_row(shown: tuple[Chip, ...], widths: list[float], x: float, y: float) -> tuple[list[Mark], float]:
    """The chips of one row, their figures on one line, and the y below them."""
    pairs = list(zip(shown, widths, strict=True))
    labels = [block(chip.label, 0, 0, width - 28, size=12, weight=600, most=3).height for chip, width in pairs]
    notes = [rows(chip.notes, width - 28, 12) for chip, width in pairs]
    below = [
        sum(block(n, 0, 0, width - 28, size=12, most=2).height for n in own)
        for own, width in zip(notes, widths, strict=True)
    ]
    head = 9 + max(labels, default=15.5)
    height = head + 30 + max(below, default=0.0) + 9
    marks: list[Mark] = []
    for (chip, width), own in zip(pairs, notes, strict=True):
        inner = width - 28
        marks.append(Rect(box=Box(x=x, y=y, width=width, height=height), radius=10, fill="card", stroke="line"))
        marks.append(block(chip.label, x + 14, y + 9, inner, size=12, weight=600, colour="muted", most=3).text)
        size = 22.0
        while size > 13 and measure(chip.value, size, 700) > inner:
            size -= 1
        marks.append(
            block(chip.value, x + 14, y + head + 16.5 - 0.65 * size, inner, size=size, weight=700, most=1).text
        )
        at = y + head + 30
        for note in own:
            words = block(note, x + 14, at, inner, size=12, colour="subtle", most=2)
            marks.append(words.text)
            at += words.height
        x += width + _CHIP_GAP
    return marks, y + height


def _titles(sketch: Sketch, width: float) -> tuple[list[Mark], float]:
    journey = sketch.journey
    title = block(journey.title, MARGIN, 31, width, size=30, weight=700, most=4)
    marks: list[Mark] = [title.text]
    y = 31 + title.height
    about = [journey.scenario or "", "Future state (as planned)" if journey.status == "future" else ""]
    for line in rows(about, min(width, 1000), 14):
        scenario = block(line, MARGIN, y + 2, min(width, 1000), size=14, colour="muted", most=6)
        marks.append(scenario.text)
        y += 2 + scenario.height
    y += 6
    several = len(sketch.voices) > 1
    # Where curves are told apart by person, the person wears the colour of their curve.
    inks = {voice.persona: STROKES[i][0] for i, voice in enumerate(sketch.voices)} if several else {}
    for persona in journey.personas[:4]:
        words, height = _persona(persona, y, width, journey.language, inks.get(persona.id, "accent"))
        marks += words
        y += height
    if len(journey.personas) > 4:
        more = block(f"and {len(journey.personas) - 4} more personas", MARGIN + 42, y, width - 42, colour="muted")
        marks.append(more.text)
        y += more.height
    return marks, y


def _persona(persona: Persona, y: float, width: float, language: str, ink: str) -> tuple[list[Mark], float]:
    initial = next(graphemes(persona.name.strip())).upper()
    wide = 260 if persona.summary or persona.quote else 520
    name = block(persona.name, MARGIN + 42, y + 7, min(width - 42, wide), size=14, weight=600, most=2)

    start = MARGIN + 42 + name.width + 14
    room = MARGIN + width - start
    about = [persona.summary or ""] + ([quoted(persona.quote, language)] if persona.quote else [])
    line = "  ·  ".join(part for part in about if part)
    # What does not fit one line gets a line for the words about the persona and one for the persona's own.
    parts = [line] if measure(line[:2000], 13) <= room else about
    marks: list[Mark] = [
        Circle(x=MARGIN + 16, y=y + 16, r=15, fill=ink),
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
