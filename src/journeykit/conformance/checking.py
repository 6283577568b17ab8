"""All checks of a map in one: by itself, as of a day, and against the evidence."""

from __future__ import annotations

from datetime import date, datetime

from journeykit.conformance._rules import segment_faults
from journeykit.conformance.against_log import against_log
from journeykit.conformance.against_voices import against_feedback, against_metrics
from journeykit.conformance.ageing import ageing
from journeykit.conformance.lint import lint
from journeykit.conformance.thresholds import Thresholds
from journeykit.errors import ArgumentError
from journeykit.evidence import Evidence
from journeykit.measures.ordering import Progress
from journeykit.model import Journey
from journeykit.results import Finding, Records

__all__ = ["check"]


def check(
    journey: Journey,
    evidence: Evidence | None = None,
    *,
    today: date | None = None,
    thresholds: Thresholds | None = None,
    progress: Progress | None = None,
) -> Records[Finding]:
    """Every finding about the map: what it lacks (`lint`), what is overdue (`ageing`), where the evidence contradicts it.

    ``today`` is the day that dates are compared with: by default the day (UTC) up to which the events were observed, without
    events the day of the call (local); the finding ``checked-as-of`` records it. The order is fixed: the same findings in
    the same order for the same map, evidence and day. ``CHECKS`` lists every code with its meaning.

    Raises `ArgumentError` when ``today`` is no date, or a single table is given in place of an `Evidence`.
    """
    given: object = evidence
    if given is not None and not isinstance(given, Evidence):
        name = type(given).__name__
        raise ArgumentError(
            f"evidence={name}(...): put what was read into one Evidence, such as Evidence(events=events)"
        )
    day, chosen = _day(evidence, today)
    findings = [*lint(journey), *ageing(journey, day, chosen=chosen, thresholds=thresholds)]
    if evidence is not None:
        findings += segment_faults(journey, evidence)
        if evidence.events is not None:
            findings += against_log(journey, evidence.events, thresholds=thresholds, progress=progress)
        if evidence.feedback is not None:
            findings += against_feedback(journey, evidence.feedback, thresholds=thresholds)
        if evidence.metrics is not None:
            findings += against_metrics(journey, evidence.metrics)
    return Records(findings, kind=Finding, key=("code",))


def _day(evidence: Evidence | None, today: date | None) -> tuple[date, str]:
    if isinstance(today, datetime):
        return today.date(), "as asked for"
    if isinstance(today, date):
        return today, "as asked for"
    if today is not None:
        raise ArgumentError(f"today={today!r}: give a datetime.date")
    until = evidence.events.observed_until if evidence is not None and evidence.events is not None else None
    if until is not None:
        return until.date(), "the day up to which the events were observed"
    # The local day: a deadline is a day where the user is.
    return date.today(), "the day of this check"
