"""KPI: where each declared figure stands, against which objective, and what on the map is linked to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from attrs import Attribute, field, frozen, validators

from journeykit.inference import control_limits, lag_one
from journeykit.model import FunnelSource, Journey, Kpi, Objective
from journeykit.protocols import Scoring
from journeykit.results import Component, EvidenceRef, Score, Subject
from journeykit.scorers._kpi_figures import REASONS, Figure, evidence_day, figures, is_percent, shown

__all__ = ["KpiScorer"]

_FOLLOWING = 0.3


def _day(_: object, attribute: Attribute[Any], value: object) -> None:
    # A datetime is a date to isinstance, but days cannot be counted to it.
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise TypeError(f"{attribute.name} must be a datetime.date, not {value!r}")


@frozen(kw_only=True)
class KpiScorer:
    """The current value of every KPI of the map and its distance from the targets of the objectives it measures.

    The links are the declared goal-question-metric graph: objective > KPI > stages and touchpoints (Basili, Caldiera and
    Rombach 1994). A KPI whose source is a metric has that metric's latest value (rows without a segment; ``n`` counts its
    points in time, and there is no interval: a reported figure does not tell its error). A KPI with a funnel has the share of
    entrants that reach its last step (`journeykit.measures.funnel`, open journeys included; ``n`` counts entrants, Wilson
    interval), times 100 where its unit is per cent; below ``min_n`` entrants it is ``low-n``.

    The value is one component, itself. Beside it, with weight 0, stand the metric's value before the latest (``previous``) and
    how many days lie between the two (``days-between``), and per objective: ``ID:baseline``,
    ``ID:target``, ``ID:distance`` (what is still to go, in the KPI's unit, 0 or less once reached), ``ID:way`` (the share of
    the way from baseline to target) and ``ID:days-left`` to the due day. Days count from ``today``, by default from the last
    day of the evidence, never from the clock. A metric with ``min_history`` values or more also gets its XmR control
    limits; a target beyond them asks for a change of the process.
    """

    today: date | None = field(default=None, validator=_day)
    min_n: int = field(default=30, validator=validators.ge(1))
    min_history: int = field(default=20, validator=validators.ge(2))

    @property
    def name(self) -> str:
        """``kpi``."""
        return "kpi"

    @property
    def version(self) -> str:
        """The method with the version of its definition, as scores name it."""
        return "kpi@1"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score a KPI, in map order; those that cannot be measured say why."""
        found = figures(scoring)
        today = self.today or evidence_day(scoring)
        return [self._score(scoring.journey, kpi, found[kpi.id], today) for kpi in scoring.journey.kpis]

    def _score(self, journey: Journey, kpi: Kpi, figure: Figure | str, today: date | None) -> Score:
        goals = [goal for goal in journey.objectives if goal.kpi == kpi.id]
        links = _links(journey, kpi, goals)
        subject = Subject(kind="kpi", id=kpi.id)
        if isinstance(figure, str):
            return Score(
                subject=subject,
                scorer=self.name,
                value=None,
                unit=_unit(kpi, goals),
                n=0,
                status="not-estimable",
                reason=figure,
                method=self.version,
                evidence=_declared(journey, goals),
                explanation=f"{kpi.name} cannot be measured: {REASONS[figure]}. {links}",
            )
        unit, low = _unit(kpi, goals), figure.share and figure.n < self.min_n
        current = Component(
            name=figure.how, raw=figure.raw, scaled=figure.value, weight=1.0, contribution=figure.value, n=figure.n
        )
        beside = [_note(name, value, figure) for name, value in _before(figure)]
        beside += [part for goal in goals for part in self._beside(kpi, goal, figure, unit, today)]
        span = ""
        if figure.interval is not None:
            level, ends = 100 * figure.interval.level, (figure.interval.low, figure.interval.high)
            span = f" ({level:.0f} % interval {shown(ends[0])} to {shown(ends[1])})"
        told = [f"{kpi.name} stands at {shown(figure.value)} {unit}{span}", figure.words]
        told += [text for text in (_moved(kpi, figure, unit),) if text]
        told += [self._told(kpi, goal, figure, unit, today) for goal in goals]
        told += [text for text in (self._achievable(kpi, goals, figure, unit), links) if text]
        return Score(
            subject=subject,
            scorer=self.name,
            value=figure.value,
            unit=unit,
            interval=figure.interval,
            n=figure.n,
            status="low-n" if low else "ok",
            reason="few-entrants" if low else None,
            components=(current, *beside),
            method=self.version,
            evidence=(*figure.evidence, *_declared(journey, goals)),
            explanation=". ".join(text.rstrip(".") for text in told) + ".",
        )

    def _beside(self, kpi: Kpi, goal: Objective, figure: Figure, unit: str, today: date | None) -> Iterator[Component]:
        named: dict[str, float | None] = {"baseline": goal.baseline, "target": goal.target}
        if _incomparable(goal, figure, unit) is None:
            named |= {"distance": _distance(kpi, goal, figure), "way": _way(goal, figure)}
        if goal.due is not None and today is not None:
            named["days-left"] = float((goal.due - today).days)
        for name, value in named.items():
            if value is not None:
                yield _note(f"{goal.id}:{name}", value, figure)

    def _told(self, kpi: Kpi, goal: Objective, figure: Figure, unit: str, today: date | None) -> str:
        owner = f", {goal.owner}" if goal.owner else ""
        text = f"Objective {goal.statement!r}{owner}: "
        odd, distance, way = _incomparable(goal, figure, unit), _distance(kpi, goal, figure), _way(goal, figure)
        if odd is not None:
            text += odd
        elif distance is None or goal.target is None:
            text += "it names no target"
        else:
            to_go = f"{shown(distance)} {unit} to go" if distance > 0 else "reached"
            text += f"target {shown(goal.target)}, {to_go}"
            if figure.interval is not None and figure.interval.low <= goal.target <= figure.interval.high:
                text += " (the target lies inside the interval, so chance may decide)"
            if way is not None and goal.baseline is not None:
                text += f", {100 * way:.0f} % of the way from {shown(goal.baseline)}"
        return text + _deadline(goal, today, given=self.today is not None)

    def _achievable(self, kpi: Kpi, goals: list[Objective], figure: Figure, unit: str) -> str:
        """What the metric's own control limits say of the targets that are still ahead."""
        ahead = [
            goal.target
            for goal in goals
            if goal.target is not None
            and _incomparable(goal, figure, unit) is None
            and (_distance(kpi, goal, figure) or 0) > 0
        ]
        if len(figure.history) < self.min_history or not ahead:
            return ""
        limits = control_limits(figure.history)
        told = []
        for target in ahead:
            beyond = target > limits.high if kpi.direction == "higher" else target < limits.low
            if not beyond and not limits.low <= target <= limits.high:
                continue  # the latest value fell out of its own limits; the target is what it usually is
            place = "outside" if beyond else "inside"
            so = "it takes a change of the process" if beyond else "single values may touch it by chance"
            told.append(
                f"The target {shown(target)} lies {place} the control limits of its own {limits.n} values "
                f"({shown(limits.low)} to {shown(limits.high)}): {so}"
            )
        following = lag_one(figure.history)
        if following > _FOLLOWING:
            told.append(
                f"Each value resembles the one before (lag-1 r {following:.2f}), so these limits are too narrow"
            )
        return ". ".join(told)


def _note(name: str, value: float, figure: Figure) -> Component:
    """What stands beside the value and adds nothing to it."""
    return Component(name=name, raw=value, scaled=value, weight=0.0, contribution=0.0, n=figure.n)


def _before(figure: Figure) -> list[tuple[str, float]]:
    return list(zip(("previous", "days-between"), figure.before, strict=True)) if figure.before else []


def _moved(kpi: Kpi, figure: Figure, unit: str) -> str:
    """What the latest value made of the one before; one step says nothing of a trend."""
    if figure.before is None:
        return ""
    value, days = figure.before
    change = figure.value - value
    since = f"{shown(days)} {'day' if days == 1 else 'days'} before"
    if not change:
        return f"It is as it was {since}"
    better = (change > 0) == (kpi.direction == "higher")
    return f"It stood at {shown(value)} {unit} {since}, so it got {'better' if better else 'worse'} by {shown(abs(change))}"


def _unit(kpi: Kpi, goals: list[Objective]) -> str:
    if isinstance(kpi.source, FunnelSource):
        # A share stays one unless the KPI itself speaks of per cent: an objective's unit converts nothing.
        return kpi.unit or "share of entrants"
    return kpi.unit or next((goal.unit for goal in goals if goal.unit), "as reported")


def _incomparable(goal: Objective, figure: Figure, unit: str) -> str | None:
    """Why target and value cannot be set against each other, if they cannot."""
    if goal.unit is not None and goal.unit != unit and not (is_percent(goal.unit) and is_percent(unit)):
        return f"its target is in {goal.unit!r}, the KPI in {unit!r}, so no distance is given"
    top = 100 if is_percent(unit) else 1
    if figure.share and goal.target is not None and not 0 <= goal.target <= top:
        hint = "" if is_percent(unit) else "; a KPI whose unit is % is measured in per cent"
        return f"its target {shown(goal.target)} is no share between 0 and {top}, so no distance is given{hint}"
    return None


def _distance(kpi: Kpi, goal: Objective, figure: Figure) -> float | None:
    if goal.target is None:
        return None
    return goal.target - figure.value if kpi.direction == "higher" else figure.value - goal.target


def _way(goal: Objective, figure: Figure) -> float | None:
    if goal.target is None or goal.baseline is None or goal.target == goal.baseline:
        return None
    return (figure.value - goal.baseline) / (goal.target - goal.baseline)


def _deadline(goal: Objective, today: date | None, *, given: bool) -> str:
    if goal.due is None:
        return "; it has no deadline"
    if today is None:
        return f"; due {goal.due}"
    days = (goal.due - today).days
    count = f"{abs(days)} {'day' if abs(days) == 1 else 'days'}"
    far = f"{count} left" if days > 0 else "today" if days == 0 else f"{count} ago"
    return f"; due {goal.due}, {far} on {today}{'' if given else ' (the last day of the evidence)'}"


def _links(journey: Journey, kpi: Kpi, goals: list[Objective]) -> str:
    """What the map ties to the KPI, in words: through its objectives, and by name."""
    ids = {goal.id for goal in goals}
    named = {
        "stages": [stage.title for stage in journey.stages if ids & set(stage.objectives)],
        "touchpoints": [t.title for t in journey.touchpoints() if kpi.id in t.kpis],
        "opportunities at": [
            t.title for t in journey.touchpoints() if any(o.objective in ids for o in t.opportunities)
        ],
    }
    parts = [f"{what} {', '.join(titles)}" for what, titles in named.items() if titles]
    if not goals:
        parts.insert(0, "no objective")
    if not parts:
        return "The map links no stage and no touchpoint to it."
    return (
        f"The map links to it: {'; '.join(parts)}. A declared link says what is associated with it, not what moves it."
    )


def _declared(journey: Journey, goals: list[Objective]) -> tuple[EvidenceRef, ...]:
    if not goals:
        return ()
    rule = f"objectives {', '.join(goal.id for goal in goals)}"
    return (EvidenceRef(table="journey", sources=(journey.id,), rule=rule, rows=len(goals)),)
