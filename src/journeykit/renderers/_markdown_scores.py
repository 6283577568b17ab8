"""The rankings of the report: what can be ranked, KPIs, segments, the journey as a whole, and what rests on too little."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from journeykit.model import Journey
from journeykit.renderers._markdown_methods import reading_of
from journeykit.renderers._markdown_reasons import reason_of
from journeykit.renderers._markdown_text import block, code, escaped, number, p_value, table
from journeykit.results import Score, Scorecard
from journeykit.results.small_groups import count_text

__all__ = ["left_out", "rankings"]

# Where a p-value stops to tell a figure from its null hypothesis.
_CLEAR = 0.05
_TITLES = {"kpi": "KPI"}


@frozen
class _Column:
    """A column of a table; one without any text is not shown."""

    head: str
    cells: Sequence[str]
    right: bool = False


def rankings(journey: Journey, scores: Scorecard) -> Iterator[str]:
    """A section a scorer, in the order of the scorecard."""
    for scorer in dict.fromkeys(score.scorer for score in scores):
        own = [score for score in scores if score.scorer == scorer and score.status == "ok"]
        # KPIs have units of their own, so none is higher than another.
        ranked = [score for score in scores.top(scorer, len(scores)) if score.subject.kind != "kpi"]
        kpis = [score for score in own if score.subject.kind == "kpi"]
        split = [score for score in own if score.segment is not None and score.subject.kind != "kpi"]
        whole = [score for score in own if score.subject.kind == "journey" and score.segment is None]
        title = f"## {_TITLES.get(scorer) or escaped(scorer.capitalize())}{', highest first' if ranked else ''}"
        parts = [title, *_ranked(journey, ranked), *_kpis(journey, kpis)]
        if split:
            parts += ["By segment:", _shown(_figures(journey, split))]
        parts += [_whole(score) for score in whole]
        if len(parts) == 1:
            parts.append("No subject has enough data for a rank.")
        yield "\n\n".join(parts)


def left_out(journey: Journey, scores: Scorecard) -> str:
    """The section on scores that rest on too little, each with its reason; empty where there is none."""
    rest = [score for score in scores if score.status != "ok"]
    if not rest:
        return ""
    names = _names(journey)
    shown = _shown(
        [
            _Column("Subject", [escaped(_name(names, s)) for s in rest]),
            _Column("Segment", _segments(journey, rest)),
            _Column("Scorer", [escaped(s.scorer) for s in rest]),
            _Column("Status", [s.status for s in rest]),
            _Column("Value", [_value(s) for s in rest], right=True),
            _Column("Interval", [_interval(s) for s in rest]),
            _Column("p (adjusted)", [p_value(s.p_value) for s in rest], right=True),
            _Column("n", [_n(s) for s in rest], right=True),
            _Column("Reason", [reason_of(s, scores.coverage) for s in rest]),
        ],
        always=("Value", "Interval"),
    )
    intro = "These are not ranked: they rest on too little, cannot be estimated, or are withheld."
    return f"## Not ranked\n\n{intro}\n\n{shown}"


def _ranked(journey: Journey, ranked: Sequence[Score]) -> Iterator[str]:
    if not ranked:
        return
    names = _names(journey)
    unit = f"Unit: {escaped(ranked[0].unit)}. Method: {code(ranked[0].method)}."
    yield f"{unit} {reading_of(ranked[0].method)}".rstrip()
    yield _shown(_figures(journey, ranked, numbered=True))
    if unsure := [escaped(_name(names, s)) for s in ranked if s.p_value is not None and s.p_value >= _CLEAR]:
        yield f"Cannot be told from 0 (p of {_CLEAR} or more): {'; '.join(unsure)}."
    yield f"The first {len(ranked[:3])} in words:" if len(ranked) > 1 else "In words:"
    yield "\n".join(f"{i}. {block(s.explanation)}" for i, s in enumerate(ranked[:3], 1))


def _kpis(journey: Journey, kpis: Sequence[Score]) -> Iterator[str]:
    if not kpis:
        return
    names = _names(journey)
    yield f"Method: {code(kpis[0].method)}. {reading_of(kpis[0].method)}".rstrip()
    yield _shown(
        [
            _Column("KPI", [escaped(_name(names, s)) for s in kpis]),
            _Column("Segment", _segments(journey, kpis)),
            _Column("Value", [_value(s) for s in kpis], right=True),
            _Column("Unit", [escaped(s.unit) for s in kpis]),
            _Column("Interval", [_interval(s) for s in kpis]),
            _Column("Target", [_targets(s) for s in kpis]),
            _Column("n", [_n(s) for s in kpis], right=True),
        ]
    )
    yield "In words:"
    yield "\n".join(f"{i}. {block(s.explanation)}" for i, s in enumerate(kpis, 1))


def _targets(score: Score) -> str:
    """The targets of a KPI and what is still to go to each, as its components tell them."""
    parts = {component.name: component.raw for component in score.components}
    told = []
    for name, target in parts.items():
        objective, _, what = name.rpartition(":")
        if objective and what == "target":
            distance = parts.get(f"{objective}:distance")
            far = "" if distance is None else ", reached" if distance <= 0 else f", {_amount(distance)} to go"
            told.append(f"{_amount(target)}{far}")
    return "; ".join(told)


def _whole(score: Score) -> str:
    facts = [escaped(score.unit), f"method {code(score.method)}", f"*n* {_n(score)}"]
    facts += [f"interval {_interval(score)}"] if score.interval else []
    facts += [f"p {p_value(score.p_value)}"] if score.p_value is not None else []
    reading = reading_of(score.method)
    text = f"The journey as a whole: {number(score.value)} ({'; '.join(facts)}). {reading}".rstrip()
    return f"{text}\n\n{block(score.explanation)}"


def _figures(journey: Journey, scores: Sequence[Score], *, numbered: bool = False) -> list[_Column]:
    names = _names(journey)
    return [
        _Column("#", [str(i) if numbered else "" for i, _ in enumerate(scores, 1)], right=True),
        _Column("Subject", [escaped(_name(names, s)) for s in scores]),
        _Column("Segment", _segments(journey, scores)),
        _Column("Value", [number(s.value) for s in scores], right=True),
        _Column("Interval", [_interval(s) for s in scores]),
        _Column("n", [_n(s) for s in scores], right=True),
        _Column("p (adjusted)", [p_value(s.p_value) for s in scores], right=True),
    ]


def _shown(columns: Iterable[_Column], always: Sequence[str] = ("Interval",)) -> str:
    held = [column for column in columns if column.head in always or any(column.cells)]
    rows = list(zip(*(column.cells for column in held), strict=True))
    return table([column.head for column in held], rows, right=[i for i, column in enumerate(held) if column.right])


def _n(score: Score) -> str:
    return count_text(score).replace("<", "&lt;")


def _value(score: Score) -> str:
    return _amount(score.value) if score.subject.kind == "kpi" else number(score.value)


def _amount(value: float | None) -> str:
    """A figure in a unit of its own: nobody reads the decimals of thousands."""
    if value is None or abs(value) < 1000:
        return number(value)
    return f"{value:,.0f}".replace("-", "−")


def _interval(score: Score) -> str:
    if score.interval is None:
        return ""
    low, high = score.interval.low, score.interval.high
    shown = _amount if score.subject.kind == "kpi" else number
    return f"{shown(low)} to {shown(high)} ({100 * score.interval.level:g} %)"


def _segments(journey: Journey, scores: Sequence[Score]) -> list[str]:
    """The persona of each score by name; nothing at all where no score is of a segment."""
    names = {persona.id: persona.name for persona in journey.personas}
    # A scorer that knows no segments has no "everyone" either.
    split = {score.scorer for score in scores if score.segment is not None}
    everyone = dict.fromkeys(split, "everyone")
    return [
        everyone.get(s.scorer, "") if s.segment is None else escaped(names.get(s.segment, s.segment)) for s in scores
    ]


def _names(journey: Journey) -> dict[tuple[str, str], str]:
    """What people call a subject, by its kind and id."""
    names = {("journey", journey.id): f"{journey.title} (the whole journey)"}
    names |= {("kpi", kpi.id): kpi.name for kpi in journey.kpis}
    names |= {("stage", stage.id): stage.title for stage in journey.stages}
    for touchpoint in journey.touchpoints():
        names["touchpoint", touchpoint.id] = touchpoint.title
        for place, opportunity in enumerate(touchpoint.opportunities, 1):
            names["opportunity", f"{touchpoint.id}#{place}"] = f"{opportunity.title} (at: {touchpoint.title})"
    return names


def _name(names: dict[tuple[str, str], str], score: Score) -> str:
    return names.get((score.subject.kind, score.subject.id), score.subject.id)
