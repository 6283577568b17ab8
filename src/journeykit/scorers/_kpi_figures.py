"""Where each KPI stands now: the latest value of its metric, or the share its funnel measures on the events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import Metrics
from journeykit.measures import Funnel, FunnelStep
from journeykit.model import FunnelSource, Kpi
from journeykit.protocols import Scoring
from journeykit.results import EvidenceRef, Interval, Records
from journeykit.scorers._subjects import event_evidence, percent, short_time

__all__ = ["REASONS", "Figure", "evidence_day", "figures", "is_percent", "shown"]

# Why a KPI has no value, in words.
REASONS = {
    "conflicting-values": "its metric has several different values at its latest time",
    "no-entrants": "no journey enters the first step of its funnel",
    "no-events": "it is measured from events, and the evidence holds none",
    "no-match-rule": "a step of its funnel has no match rule, so no event can be tied to it",
    "no-metric": "the metrics hold no value under the name of its source",
    "no-metrics": "its source is a metric, and the evidence holds no metrics",
    "no-source": "the map names no source for it, neither a metric nor a funnel",
    "only-segments": "its metric has values for segments only, and nothing says how they add up",
}
_PERCENT = {"%", "pct", "percent", "per cent"}


@frozen(kw_only=True, eq=False)
class Figure:
    """The current value of a KPI in its own unit (``value``) and as measured (``raw``), and what it rests on.

    ``history`` are the metric's values in the order of time, empty for a funnel and where a time has several values.
    ``before`` is the value at the time before the latest and how many days lie between the two, None where that time has no
    value or several. ``how`` says which of the two it is, ``share`` that it is one; ``words`` tell it to people.
    """

    how: str
    raw: float
    value: float
    n: int
    words: str
    interval: Interval | None = None
    share: bool = False
    history: NDArray[np.float64]
    before: tuple[float, float] | None = None
    evidence: tuple[EvidenceRef, ...] = ()


def figures(scoring: Scoring) -> dict[str, Figure | str]:
    """For every KPI of the map its figure, or the reason why there is none; funnels are counted on the paths."""
    found: dict[str, Figure | str] = {}
    funnels = _funnels(scoring)
    for kpi in scoring.journey.kpis:
        if kpi.source is None:
            found[kpi.id] = "no-source"
        elif isinstance(kpi.source, FunnelSource):
            found[kpi.id] = _from_events(scoring, kpi, kpi.source, funnels.get(kpi.source))
        else:
            found[kpi.id] = _from_metrics(scoring.evidence.metrics, kpi.source)
    return found


def is_percent(unit: str | None) -> bool:
    """Whether a unit means hundredths, so that a share of .42 is 42 of it."""
    return unit is not None and unit.strip().lower() in _PERCENT


def evidence_day(scoring: Scoring) -> date | None:
    """The last day (UTC) the evidence speaks of: the end of the events' watch, or a later metric."""
    days = [scoring.coverage.observed_until.date()] if scoring.coverage.observed_until else []
    if scoring.evidence.metrics is not None:
        cursor = scoring.evidence.metrics.table.cursor()
        last: datetime | None = scoring.evidence.metrics.table.relation(cursor).max("time").fetchall()[0][0]
        days += [last.date()] if last else []
    return max(days, default=None)


def shown(value: float) -> str:
    """A figure with about four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{round(value, 9) + 0.0:.4g}"


def _funnels(scoring: Scoring) -> dict[FunnelSource, Records[FunnelStep]]:
    sources = dict.fromkeys(kpi.source for kpi in scoring.journey.kpis if isinstance(kpi.source, FunnelSource))
    if scoring.evidence.events is None or not sources:
        return {}
    # Funnels of a map go from touchpoint to touchpoint, and the paths hold every visit: the events are not asked again.
    visits = scoring.paths.batch()
    found: dict[FunnelSource, Records[FunnelStep]] = {}
    for done, source in enumerate(sources, 1):
        state = Funnel(source.funnel, within=source.within)
        state.update(visits)
        found[source] = state.result()
        scoring.tell(done, len(sources))
    return found


def _from_events(scoring: Scoring, kpi: Kpi, source: FunnelSource, steps: Records[FunnelStep] | None) -> Figure | str:
    if steps is None:
        return "no-events"
    touchpoints = {touchpoint.id: touchpoint for touchpoint in scoring.journey.touchpoints()}
    if any(touchpoints[id].match is None for id in source.funnel):
        return "no-match-rule"
    first, last = steps[0], steps[-1]
    if last.share is None or last.interval is None:
        return "no-entrants"
    factor = 100.0 if is_percent(kpi.unit) else 1.0
    titles = " > ".join(touchpoints[id].title for id in source.funnel)
    window = f" within {short_time(source.within)}" if source.within is not None else ""
    waiting = scoring.coverage.open
    maybe = f"; {waiting:,} open journeys may still get there" if waiting else ""
    return Figure(
        how="funnel",
        raw=last.share,
        value=factor * last.share,
        n=first.entered,
        words=f"{percent(last.share)} of {first.entered:,} entrants ({last.entered:,}) get through {titles}{window}{maybe}",
        interval=Interval(
            low=factor * last.interval.low,
            high=factor * last.interval.high,
            level=last.interval.level,
            method=last.interval.method,
        ),
        share=True,
        history=np.zeros(0),
        evidence=tuple(ref for id in dict.fromkeys(source.funnel) for ref in event_evidence(scoring, touchpoints[id])),
    )


def _from_metrics(metrics: Metrics | None, name: str) -> Figure | str:
    if metrics is None:
        return "no-metrics"
    rows = _rows(metrics, name)
    if not rows:
        return "no-metric"
    at: dict[datetime, set[float]] = {}
    whole = [(time, value) for time, value, segment in rows if segment is None]
    if not whole:
        return "only-segments"
    for time, value in whole:
        at.setdefault(time, set()).add(value)
    latest = max(at)
    if len(at[latest]) > 1:
        return "conflicting-values"
    value = next(iter(at[latest]))
    # A time with two values has no place in a series; the limits would take the doubt for movement.
    clear = all(len(values) == 1 for values in at.values())
    files = tuple(metrics.report.files) or (metrics.report.source,)
    earlier = max((time for time in at if time < latest), default=None)
    before = None
    if earlier is not None and len(at[earlier]) == 1:
        before = next(iter(at[earlier])), (latest - earlier) / timedelta(days=1)
    return Figure(
        how="metric",
        raw=value,
        value=value,
        n=len(at),
        words=f"The latest of {len(at):,} {'value' if len(at) == 1 else 'values'} of the metric {name!r}, {latest:%Y-%m-%d}",
        history=np.array([next(iter(at[time])) for time in sorted(at)]) if clear else np.zeros(0),
        before=before,
        evidence=(EvidenceRef(table="metrics", sources=files, rule=f"kpi = {name!r}", rows=len(whole)),),
    )


def _rows(metrics: Metrics, name: str) -> list[tuple[Any, ...]]:
    from duckdb import ColumnExpression, ConstantExpression  # noqa: PLC0415  (late: only a map with metrics pays for it)

    segment = "segment" if "segment" in metrics.columns else "NULL"
    cursor = metrics.table.cursor()
    chosen = metrics.table.relation(cursor).filter(ColumnExpression("kpi") == ConstantExpression(name))
    return chosen.project(f"time, value, {segment}").fetchall()
