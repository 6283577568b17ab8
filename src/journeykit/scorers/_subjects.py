"""What every scorer says in the same way: who is scored, on which rows, and why a score is missing."""

from __future__ import annotations

from datetime import timedelta

from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import EvidenceRef, Score, Subject

__all__ = ["event_evidence", "left_out", "missing", "percent", "short_time"]

REASONS = {
    "all-open": "every journey is still open, so none can be said to have ended without success; a journey closes once nobody "
    "has been seen in it for the outcome's window (30 days without one), counted to the end of the log or to observed_until=",
    "is-outcome": "its own event is the success, so it cannot be told apart from the outcome",
    "no-conversions": "no closed journey converted",
    "no-effort-feedback": "no customer effort score (CES) is about it, and this variant needs one",
    "no-feedback": "no rating is about it, and this variant needs some",
    "no-match-rule": "the map gives it no match rule, so no event can be tied to it",
    "no-next-event": "no journey goes on from here, so there is no time to the next touchpoint to measure",
    "no-non-conversions": "every closed journey converted, so nothing tells a path that leads there from one that does not",
    "no-outcome": "the map declares no outcome",
    "no-touches": "no conversion has a touchpoint before it",
    "not-reached": "no closed journey reached it before its path ended",
    "too-many-states": "the chain of this order has more states than the data can fill; use a lower order",
}


def percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share in (0, 1) or 0.01 <= share <= 0.99 else f"{100 * share:.1f} %"


def left_out(scoring: Scoring) -> str:
    still_open = scoring.coverage.open
    return f"; {still_open:,} open {'journeys' if still_open != 1 else 'journey'} left out" if still_open else ""


def event_evidence(scoring: Scoring, touchpoint: Touchpoint) -> tuple[EvidenceRef, ...]:
    events = scoring.evidence.events
    if events is None or touchpoint.match is None:
        return ()
    counted = {count.id: count.events for count in scoring.coverage.touchpoints}
    rule = str(touchpoint.match)
    files = events.report.files or (events.report.source,)
    return (EvidenceRef(table="events", sources=tuple(files), rule=rule, rows=counted.get(touchpoint.id, 0)),)


def missing(
    scoring: Scoring, touchpoint: Touchpoint, *, scorer: str, method: str, unit: str, reason: str, n: int = 0
) -> Score:
    """A score that cannot be estimated, with the reason in words: never a silent 0."""
    return Score(
        subject=Subject(kind="touchpoint", id=touchpoint.id),
        scorer=scorer,
        value=None,
        unit=unit,
        n=n,
        status="not-estimable",
        reason=reason,
        method=method,
        evidence=event_evidence(scoring, touchpoint),
        explanation=f"{scorer.capitalize()} of {touchpoint.title} cannot be estimated: {REASONS[reason]}{left_out(scoring)}.",
    )


def short_time(length: timedelta) -> str:
    """A length of time in its largest whole unit: 7d, 36h."""
    for size, unit in (("days", "d"), ("hours", "h"), ("minutes", "m"), ("seconds", "s"), ("milliseconds", "ms")):
        if not length % timedelta(**{size: 1}):
            return f"{length // timedelta(**{size: 1})}{unit}"
    return f"{length // timedelta(microseconds=1)}us"
