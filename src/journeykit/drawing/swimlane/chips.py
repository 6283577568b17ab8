"""The figures in the header: what was counted, scores of the whole journey, and KPIs against their targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Mark, Rect
from journeykit.drawing.swimlane.frame import rows
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.terms import length
from journeykit.drawing.text import longest_word, measure, wrap
from journeykit.drawing.wording import Wording
from journeykit.model import FunnelSource, Kpi, Objective
from journeykit.model._frozen import Value

if TYPE_CHECKING:
    from journeykit.results import Coverage, Score

__all__ = ["Chip", "chip_lines", "chip_row", "chips", "hidden", "total_width"]

_CHIP_GAP, _WIDEST, _MOST_CHIPS = 12.0, 264.0, 6
_GAP = "\N{NO-BREAK SPACE}"


@frozen(kw_only=True, eq=False, repr=False)
class Chip(Value):
    """A figure in the header: what it is, the figure, and what it rests on.

    ``state`` says in words how it stands, with the colour that says the same. ``lacks`` says that the value is no figure but
    the words for why there is none.
    """

    label: str
    value: str
    notes: tuple[str, ...] = ()
    state: tuple[str, str] | None = None
    lacks: bool = False

    @property
    def shown(self) -> float:
        """The width of the value as it is written."""
        return measure(self.value, *self.look)

    @property
    def look(self) -> tuple[float, int]:
        """Size and weight of the value: words do not shout."""
        return (15.0, 600) if self.lacks else (22.0, 700)

    @property
    def width(self) -> float:
        """Wide enough for every text in one line, 132 to 300 px."""
        notes = measure(" · ".join(self.notes), 12)
        return self._fit(measure(self.label, 12, 600), self.shown, notes, self._stated)

    @property
    def least(self) -> float:
        """Wide enough for the label and the notes in two lines each."""
        label = measure(self.label, 12, 600)
        room = longest_word(self.label, 12, 600)
        while room < label and len(wrap(self.label, room, 12, 600)) > 2:
            room += 4
        notes = max((measure(n, 12) for n in self.notes), default=0.0)
        return self._fit(room, self.shown, notes, self._stated)

    @property
    def _stated(self) -> float:
        return measure(self.state[0], 12, 600) if self.state else 0.0

    @staticmethod
    def _fit(*widths: float) -> float:
        # A pixel of slack: sums of floats differ in their last digit.
        return min(300.0, max(132.0, max(widths) + 29))


def chips(sketch: Sketch) -> tuple[Chip, ...]:
    """The figures the header shows: what was counted first, then scores of the whole journey, then KPIs and their targets."""
    words = sketch.words
    found = list(_counted(sketch))
    for score in sketch.overall:
        value = words.doubt(score.status, None) if score.value is None else words.number(score.value)
        note = words.reason(score.reason) if score.status != "ok" else words.text("n", n=score.n or 0)
        lacks = score.value is None
        found.append(Chip(label=words.scorer(score.scorer), value=value, notes=(note,), lacks=lacks))
    measured = {score.subject.id: score for score in sketch.kpis if score.value is not None}
    kpis = {kpi.id: kpi for kpi in sketch.journey.kpis}
    aimed = set()
    for objective in sketch.journey.objectives:
        if objective.kpi is None or objective.target is None:
            continue
        kpi, stands = kpis[objective.kpi], measured.get(objective.kpi)
        aimed.add(kpi.id)
        found.append(_standing(words, objective, kpi, stands) if stands is not None else _target(words, objective, kpi))
    for id, score in measured.items():
        if id in aimed:
            continue
        note = words.text("n", n=score.n or 0) if score.status == "ok" else words.doubt(score.status, score.reason)
        value = _in_unit(words, score.value or 0.0, kpis[id])
        found.append(Chip(label=kpis[id].name, value=value, notes=(*_trend(words, kpis[id], score), note)))
    return tuple(found[:_MOST_CHIPS])


def _counted(sketch: Sketch) -> Iterator[Chip]:
    coverage, words = sketch.coverage, sketch.words
    if coverage is None:
        return
    if hidden(coverage):
        value, note = words.doubt("suppressed", None), words.reason("small-group")
        yield Chip(label=words.text("chip.evidence"), value=value, notes=(note,), lacks=True)
        return
    if sketch.journey.outcome is not None:
        if coverage.closed > 0:
            value = words.percent(coverage.converted / coverage.closed)
            note = words.text("chip.completion.note", closed=coverage.closed)
        else:
            value, note = words.doubt("not-estimable", None), words.text("chip.none-closed")
        yield Chip(label=words.text("chip.completion"), value=value, notes=(note,), lacks=not coverage.closed)
    if coverage.open or not coverage.journeys:
        share = words.percent(coverage.open / coverage.journeys) if coverage.journeys else ""
        still = words.text("chip.open.note", share=share) if share else words.text("chip.open.none")
        yield Chip(label=words.text("chip.open"), value=words.number(coverage.open), notes=(still,))
    note = words.text("chip.evidence.note", n=coverage.journeys)
    yield Chip(label=words.text("chip.evidence"), value=words.number(coverage.claimed), notes=(note,))


def hidden(coverage: Coverage) -> bool:
    """Whether so few people were counted that no figure of theirs may be told; a nought would claim that there were none."""
    return not coverage.journeys and any(touchpoint.events is None for touchpoint in coverage.touchpoints)


def _in_unit(words: Wording, value: float, kpi: Kpi, unit: str | None = None) -> str:
    unit = unit or kpi.unit
    if unit is not None and unit.strip() == "%":
        # Per cent is written as the language does.
        return words.percent(value / 100, 0 if float(value).is_integer() or abs(value) >= 10 else 1)
    if unit is None and isinstance(kpi.source, FunnelSource) and 0 <= value <= 1:
        return words.percent(value)
    return f"{words.number(value)}{_GAP}{unit}" if unit else words.number(value)


def _target(words: Wording, objective: Objective, kpi: Kpi) -> Chip:
    sign = "≥" if kpi.direction == "higher" else "≤"
    notes = []
    if objective.baseline is not None:
        notes.append(words.text("chip.from", value=_in_unit(words, objective.baseline, kpi, unit=objective.unit)))
    notes += [words.text("chip.due", day=words.day(objective.due))] if objective.due else []
    aim = _in_unit(words, objective.target or 0.0, kpi, unit=objective.unit)
    return Chip(label=words.text("chip.target", kpi=kpi.name), value=f"{sign}{_GAP}{aim}", notes=tuple(notes))


def _standing(words: Wording, objective: Objective, kpi: Kpi, score: Score) -> Chip:
    """Where a measured KPI stands against its target, and which way it went since the value before, or else the baseline."""
    value, parts = score.value or 0.0, {part.name: part.raw for part in score.components}
    distance = parts.get(f"{objective.id}:distance")
    state = None
    if distance is not None:
        far = _far(words, abs(distance), kpi)
        goal = _in_unit(words, objective.target or 0.0, kpi)
        if distance <= 0:
            state = (words.text("chip.reached", target=goal), "pos")
        elif kpi.direction == "higher":
            state = (f"▼{_GAP}{words.text('chip.under', distance=far)}", "neg")
        else:
            state = (f"▲{_GAP}{words.text('chip.over', distance=far)}", "neg")
    notes = [] if distance is not None and distance <= 0 else [_aim(words, objective, kpi)]
    notes += _trend(words, kpi, score) or ([_since(words, objective, kpi, score)] if distance is not None else [])
    notes += [words.text("chip.due", day=words.day(objective.due))] if objective.due else []
    notes = list(filter(None, notes))
    if score.status != "ok":
        notes.append(words.doubt(score.status, score.reason))
    return Chip(label=kpi.name, value=_in_unit(words, value, kpi), notes=tuple(notes), state=state)


def _trend(words: Wording, kpi: Kpi, score: Score) -> list[str]:
    """What the last period changed, with its length; nothing where there is no value before."""
    parts = {part.name: part.raw for part in score.components}
    before, days = parts.get("previous"), parts.get("days-between")
    if before is None or days is None:
        return []
    span = words.text("chip.days", n=round(days)) if days >= 1 else length(86_400 * days, words)
    change = (score.value or 0.0) - before
    if not change:
        return [words.text("chip.unchanged", span=span)]
    better = (change > 0) == (kpi.direction == "higher")
    told = words.text("chip.improved" if better else "chip.worsened", change=_far(words, abs(change), kpi), span=span)
    return [f"{'▲' if change > 0 else '▼'}{_GAP}{told}"]


def _since(words: Wording, objective: Objective, kpi: Kpi, score: Score) -> str:
    """Which way a KPI went since the baseline; empty without one."""
    if objective.baseline is None:
        return ""
    change = (score.value or 0.0) - objective.baseline
    better = (change > 0) == (kpi.direction == "higher")
    told = words.text("chip.better" if better else "chip.worse", value=_in_unit(words, objective.baseline, kpi))
    return f"{'▲' if change > 0 else '▼'}{_GAP}{told}" if change else words.text("chip.same")


def _far(words: Wording, distance: float, kpi: Kpi) -> str:
    """A distance; between shares it is in points, for "5 % under" could be taken as a part of the target."""
    share = kpi.unit is None and isinstance(kpi.source, FunnelSource)
    if not share and (kpi.unit or "").strip() != "%":
        return words.number(distance)
    points = round(100 * distance if share else distance, 1)
    return words.text("points", n=int(points) if points.is_integer() else points)


def _aim(words: Wording, objective: Objective, kpi: Kpi) -> str:
    return words.text("chip.target.note", target=_in_unit(words, objective.target or 0.0, kpi, objective.unit))


def total_width(widths: list[float]) -> float:
    """How wide a row of chips is, with the gaps between them."""
    return sum(widths) + _CHIP_GAP * max(0, len(widths) - 1)


def chip_lines(shown: tuple[Chip, ...], full: float) -> list[tuple[tuple[Chip, ...], list[float]]]:
    """The chips in as few rows as fit, the rows as even as can be, each as wide as the page."""
    for number in range(1, len(shown) + 1):
        size = -(-len(shown) // number)
        lines = [shown[i : i + size] for i in range(0, len(shown), size)]
        if all(total_width([chip.least for chip in line]) <= full for line in lines):
            return [(line, _spread([chip.least for chip in line], full)) for line in lines]
    return [((chip,), [chip.width]) for chip in shown]


def _spread(least: list[float], full: float) -> list[float]:
    """Widths that fill the row, equal where every chip has its least width; but no chip grows beyond 264 px."""
    even = (full - _CHIP_GAP * (len(least) - 1)) / len(least)
    if max(least) <= even:
        return [min(_WIDEST, even)] * len(least)
    spare = max(0.0, full - total_width(least)) / len(least)
    return [width + max(0.0, min(spare, _WIDEST - width)) for width in least]


def chip_row(
    shown: tuple[Chip, ...], widths: list[float], x: float, y: float, *, radius: float
) -> tuple[list[Mark], float]:
    """The chips of one row, their figures on one line, and the y below them."""
    pairs = list(zip(shown, widths, strict=True))
    labels = [block(chip.label, 0, 0, width - 28, size=12, weight=600, most=3).height for chip, width in pairs]
    notes = [rows(chip.notes, width - 28, 12) for chip, width in pairs]
    below = [
        sum(block(n, 0, 0, width - 28, size=12, most=2).height for n in own)
        + (block(chip.state[0], 0, 0, width - 28, size=12, weight=600, most=2).height if chip.state else 0.0)
        for own, (chip, width) in zip(notes, pairs, strict=True)
    ]
    head = 9 + max(labels, default=15.5)
    height = head + 30 + max(below, default=0.0) + 9
    marks: list[Mark] = []
    for (chip, width), own in zip(pairs, notes, strict=True):
        inner = width - 28
        marks.append(Rect(box=Box(x=x, y=y, width=width, height=height), radius=radius, fill="card", stroke="line"))
        marks.append(block(chip.label, x + 14, y + 9, inner, size=12, weight=600, colour="muted", most=3).text)
        size, weight = chip.look
        while size > 13 and measure(chip.value, size, weight) > inner:
            size -= 1
        ink = "muted" if chip.lacks else "ink"
        line = y + head + 16.5 - 0.65 * size
        marks.append(block(chip.value, x + 14, line, inner, size=size, weight=weight, colour=ink, most=1).text)
        at = y + head + 30
        if chip.state:
            said, ink = chip.state
            state = block(said, x + 14, at, inner, size=12, weight=600, colour=ink, most=2)
            marks.append(state.text)
            at += state.height
        for note in own:
            words = block(note, x + 14, at, inner, size=12, colour="subtle", most=2)
            marks.append(words.text)
            at += words.height
        x += width + _CHIP_GAP
    return marks, y + height
