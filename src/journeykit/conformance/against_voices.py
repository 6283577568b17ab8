"""The map held against feedback and metrics: answers about nothing on the map, KPIs whose metric is not there."""

from __future__ import annotations

from collections.abc import Iterator

from journeykit.conformance._wording import counted, found, meant, of
from journeykit.conformance.thresholds import Thresholds
from journeykit.evidence import Feedback, Metrics
from journeykit.evidence.engines.duckdb import identifier
from journeykit.measures import about
from journeykit.model import Journey
from journeykit.results import Finding
from journeykit.results.redacting import redacted

__all__ = ["against_feedback", "against_metrics"]

_NAMED = 3


def against_feedback(
    journey: Journey, feedback: Feedback, *, thresholds: Thresholds | None = None
) -> tuple[Finding, ...]:
    """Answers that no touchpoint can use: about nothing, or about something that is not on the map.

    What an answer may be about is said by `journeykit.measures.about`. NPS speaks of the whole relation and is left
    out. Subjects of fewer than ``least`` answers are counted but not named, for a column that holds names was perhaps mapped.
    """
    least = (thresholds if thresholds is not None else Thresholds()).least
    counts = _subjects(feedback)
    total = sum(counts.values())
    if not total:
        return ()
    path = "stages"
    if set(counts) == {None}:
        message = f"none of the {counted(total, 'answer')} says what it is about, so no touchpoint can use them"
        next_step = "map a column to about, or say once what all of them are about (about=, --feedback-about)"
        return (found("feedback-without-subject", "info", path, message, next_step),)
    known = about(journey)
    strange = {name: n for name, n in counts.items() if name is not None and name not in known}
    if not strange:
        return ()
    ranked = sorted(strange.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{name!r} {n:,}" for name, n in ranked if n >= least and redacted(name) == name][:_NAMED]
    rest = len(ranked) - len(named)
    others = [f"{counted(rest, 'other subject') if named else counted(rest, 'subject')}"] if rest else []
    message = (
        f"{of(sum(strange.values()), total, 'answer')} are about nothing on the map: {', '.join([*named, *others])}"
    )
    next_step = "name touchpoints by their id, by an event that only one rule names, or by a channel that only one has"
    return (found("feedback-off-map", "warning", path, message, next_step),)


def against_metrics(journey: Journey, metrics: Metrics) -> Iterator[Finding]:
    """KPIs that name a metric which the evidence does not hold."""
    query = f"SELECT DISTINCT kpi FROM {identifier(metrics.table.name)} ORDER BY kpi"  # noqa: S608
    known = [str(name) for (name,) in metrics.table.cursor().execute(query).fetchall()]
    for i, kpi in enumerate(journey.kpis):
        if isinstance(kpi.source, str) and kpi.source not in known:
            message = f"the KPI {kpi.id!r} is measured by {kpi.source!r}, which is none of the {counted(len(known), 'metric')}"
            next_step = f"{meant(kpi.source, known)} correct the source, or read the metrics that hold it".strip()
            yield found("metric-missing", "warning", f"kpis[{i}].source", message, next_step)


def _subjects(feedback: Feedback) -> dict[str | None, int]:
    """How many answers are about what; NPS left out."""
    columns = feedback.columns
    subject = "about" if "about" in columns else "NULL::VARCHAR"
    query = f"""
        SELECT {subject} AS subject, count(*) FROM {identifier(feedback.table.name)}
        WHERE kind IS DISTINCT FROM 'nps' GROUP BY ALL ORDER BY subject NULLS FIRST"""  # noqa: S608
    return dict(feedback.table.cursor().execute(query).fetchall())
