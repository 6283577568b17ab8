"""Every code that a check can report: what it means, why it matters, and what it needs to be looked for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from journeykit.results.findings import Severity

__all__ = ["CHECKS", "Check", "Needs"]

Needs = Literal["map", "date", "columns", "events", "feedback", "metrics"]


@frozen(kw_only=True)
class Check:
    """One thing that is checked. ``severity`` is the usual one; findings above a threshold may be more severe.

    ``needs`` is what it is looked for in: the map alone, its dates, the columns of the events, the events, the feedback or the
    metrics. A ``figure`` is always reported and states how things are: as an ``info`` it asks
    for nothing, and no gate stops at it.
    """

    code: str
    severity: Severity
    needs: Needs
    title: str
    why: str
    figure: bool = False


def _checks(needs: Needs, *rows: tuple[str, Severity, str, str]) -> tuple[Check, ...]:
    return tuple(
        Check(code=code, severity=severity, needs=needs, title=title, why=why) for code, severity, title, why in rows
    )


def _figure(code: str, needs: Needs, title: str, why: str) -> Check:
    return Check(code=code, severity="info", needs=needs, title=title, why=why, figure=True)


_MAP = _checks(
    "map",
    (
        "no-outcome",
        "warning",
        "The journey has no outcome",
        "Without an event that is success no conversion can be estimated.",
    ),
    ("no-stages", "error", "The journey has no stages", "A map without stages shows nothing and counts nothing."),
    ("no-personas", "warning", "The journey has no persona", "Nobody can tell whose journey is shown."),
    (
        "no-objectives",
        "warning",
        "The journey has no objective",
        "Nobody can tell what the journey is to achieve, and by when.",
    ),
    ("no-owner", "info", "Nobody owns the map", "A map that nobody keeps up to date goes stale."),
    (
        "never-reviewed",
        "warning",
        "The map is to be reviewed, and never was",
        "It names a rhythm of reviews and no review.",
    ),
    ("unused-persona", "info", "A persona is used nowhere", "No claim, objective or segment speaks of it."),
    ("unused-objective", "info", "An objective is served nowhere", "No stage and no opportunity works towards it."),
    (
        "objective-without-metric",
        "warning",
        "An objective has no KPI",
        "Nobody can tell whether it is reached (SMART: measurable).",
    ),
    (
        "objective-without-baseline",
        "warning",
        "An objective has no baseline",
        "Progress needs a figure to start from (SMART).",
    ),
    (
        "objective-without-target",
        "warning",
        "An objective has no target",
        "Nobody can tell when it is reached (SMART: specific).",
    ),
    ("objective-without-owner", "warning", "An objective has no owner", "Nobody answers for it (SMART: assignable)."),
    (
        "objective-without-deadline",
        "warning",
        "An objective has no deadline",
        "It can never be missed (SMART: time-related).",
    ),
    (
        "objective-without-change",
        "warning",
        "An objective aims at its own baseline",
        "It is reached before anything is done.",
    ),
    (
        "target-against-direction",
        "warning",
        "A target is worse than its baseline",
        "The target, the baseline or the direction of the KPI is wrong.",
    ),
    ("kpi-without-source", "warning", "A KPI has no source", "Nothing measures it."),
    ("unused-kpi", "info", "A KPI is used nowhere", "No objective and no touchpoint refers to it."),
    ("stage-without-objective", "warning", "A stage serves no objective", "Nobody can tell why it is looked after."),
    (
        "stage-without-touchpoints",
        "warning",
        "A stage has no touchpoint",
        "Nothing happens in it that could be seen or mended.",
    ),
    ("touchpoint-without-match", "warning", "A touchpoint has no match rule", "No event can be counted for it."),
    ("touchpoint-without-channel", "info", "A touchpoint names no channel", "Nobody can tell where it happens."),
    ("moment-without-plan", "warning", "A moment of truth has no plan", "What matters most is left to chance."),
    (
        "pain-without-opportunity",
        "info",
        "A severe pain meets no opportunity",
        "The map says what hurts and not what to do.",
    ),
    ("opportunity-without-owner", "warning", "An opportunity under way has no owner", "Nobody does it."),
    ("claim-without-basis", "warning", "A claim has no basis", "Evidence cannot be told from belief."),
    (
        "claim-without-source",
        "warning",
        "A claim names no source",
        "It is said to be observed or inferred, and cannot be traced.",
    ),
    ("shares-above-one", "error", "Planned departures add up to more than 1", "The plan contradicts itself."),
)
_DATE = (
    _figure(
        "checked-as-of",
        "date",
        "The day that dates were compared with",
        "Without --today it is the last day of the events, or today.",
    ),
    *_checks(
        "date",
        (
            "review-overdue",
            "warning",
            "The map is due for review",
            "What was true at the last review may no longer be.",
        ),
        (
            "objective-past-due",
            "warning",
            "An objective is past its deadline",
            "It was reached, missed or forgotten; the map does not say.",
        ),
        ("opportunity-past-due", "warning", "An opportunity is past its date", "It is neither done nor dropped."),
        ("claim-out-of-date", "info", "A claim is old", "What customers thought and felt a year ago may have changed."),
        ("persona-out-of-date", "info", "A persona is old", "The customers it describes may have changed."),
    ),
)
_EVENTS = (
    *_checks(
        "columns",
        (
            "rule-column-missing",
            "error",
            "A rule reads a column the events lack",
            "It can claim nothing, and every count after it is wrong.",
        ),
        (
            "rule-type-mismatch",
            "error",
            "A rule tests a column in a way its type cannot take",
            "The comparison has no meaning.",
        ),
        (
            "case-column-missing",
            "error",
            "The events lack the column that journeys are counted by",
            "The log cannot be cut into journeys.",
        ),
        (
            "case-column-empty",
            "error",
            "Some events belong to no journey",
            "Their column is empty, so no path can hold them.",
        ),
        (
            "segment-column-missing",
            "warning",
            "A persona's segment reads a column that is not there",
            "It picks nobody.",
        ),
        (
            "segment-type-mismatch",
            "warning",
            "A persona's segment tests a column in a way its type cannot take",
            "It picks nobody.",
        ),
    ),
    *_checks(
        "events",
        ("no-events", "error", "The log holds no events", "There is nothing to hold the map against."),
    ),
    _figure(
        "not-compared",
        "events",
        "The map was not laid over the log",
        "A rule does not fit the log; see the errors beside it.",
    ),
    _figure(
        "coverage",
        "events",
        "The share of events that are on the map",
        "What no touchpoint and no outcome claims is invisible on the map. --least-coverage makes it a warning.",
    ),
    *_checks(
        "events",
        (
            "unclaimed-event",
            "warning",
            "An event is on no touchpoint",
            "Customers do something often that the map does not show.",
        ),
        (
            "unclaimed-rare-events",
            "info",
            "Rare events are on no touchpoint",
            "Each is rare; together they may matter.",
        ),
        (
            "rule-shadowed",
            "warning",
            "A touchpoint's events are all claimed before it",
            "The first rule that fits wins, so this touchpoint can never be seen.",
        ),
        (
            "touchpoint-never-seen",
            "warning",
            "A touchpoint is never seen",
            "Its rule is wrong, its data are elsewhere, or nobody goes there.",
        ),
        ("outcome-never-seen", "error", "Success is never seen", "No conversion can be estimated."),
        ("abandon-never-seen", "info", "Giving up is never seen", "The rule is wrong, or the log does not record it."),
        ("no-closed-journeys", "info", "Every journey is still open", "Moves are judged on journeys that are over."),
    ),
    _figure(
        "fit",
        "events",
        "The share of journeys that fit the map",
        "A journey fits when each of its moves is planned (without a plan: leads forward). --least-fit makes it a warning.",
    ),
    *_checks(
        "events",
        (
            "order-violated",
            "warning",
            "Customers go back on the map",
            "The order of the touchpoints is not the one they take.",
        ),
        (
            "unplanned-move",
            "warning",
            "Customers take a way that is not planned",
            "The plan misses it, or something drives them there.",
        ),
        (
            "planned-move-not-made",
            "warning",
            "A planned move is not made",
            "The plan says customers go there, and they do not.",
        ),
    ),
)
_VOICES = (
    *_checks(
        "feedback",
        ("feedback-without-subject", "info", "Feedback does not say what it is about", "No touchpoint can use it."),
        (
            "feedback-off-map",
            "warning",
            "Feedback is about something that is not on the map",
            "It is lost to every score.",
        ),
    ),
    *_checks(
        "metrics", ("metric-missing", "warning", "A KPI's metric is not in the evidence", "It cannot be measured.")
    ),
)

CHECKS: Mapping[str, Check] = MappingProxyType({check.code: check for check in (*_MAP, *_DATE, *_EVENTS, *_VOICES)})
"""Every check by its code: the map's own first, then those as of a day, then those against the evidence."""
