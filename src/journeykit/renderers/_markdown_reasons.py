"""Why a score rests on too little or cannot be estimated, in a few words for the report's tables."""

from __future__ import annotations

from journeykit.renderers._markdown_text import escaped
from journeykit.results import Coverage, Score

__all__ = ["reason_of"]

_REASONS = {
    "all-open": "every journey is still open",
    "conflicting-values": "its metric has several values at its latest time",
    "declared-only": "nobody rated it; the value is what the map claims",
    "few-conversions": "too few conversions",
    "few-customers": "too few customers rated it",
    "few-customers-reached": "too few customers reached it",
    "few-entrants": "too few journeys enter its funnel",
    "few-journeys": "too few journeys pass it",
    "is-outcome": "its own event is the success",
    "no-closed-journeys": "no closed journey visits a touchpoint",
    "no-conversions": "no closed journey converted",
    "no-effort": "the map declares no effort for it",
    "no-effort-feedback": "no customer effort score is about it",
    "no-emotion": "no rating is about it and the map claims no emotion",
    "no-emotion-at-the-end": "no touchpoint at which closed journeys end has a rating or a claim",
    "no-entrants": "no journey enters its funnel",
    "no-events": "it is measured from events, and none were read",
    "no-feedback": "no rating is about it",
    "no-match-rule": "the map gives it no match rule",
    "no-metric": "the metrics hold no value under the name of its source",
    "no-metrics": "its source is a metric, and no metrics were read",
    "no-next-event": "no journey goes on from here",
    "no-non-conversions": "every closed journey converted",
    "no-outcome": "the map declares no outcome",
    "no-rice": "it has no RICE estimates, and others on the map have",
    "no-source": "the map names no source for it",
    "no-touches": "no conversion has a touchpoint before it",
    "not-reached": "no closed journey reached it before its path ended",
    "only-segments": "its metric has values for segments only",
    "reach-not-customers": "its reach is to be measured, and journeys are no customers here",
    "protects-a-small-group": "withheld, because everyone else would be a small group",
    "short-log": "its reach is to be measured, and the events span less than a week",
    "small-group": "withheld, so that nobody can be recognised by it",
    "too-many-states": "too many states for a chain of this order",
}
# What a reason means to one scorer alone, or of the journey as a whole (behind the scorer a star).
_OF_SCORER = {
    ("kpi", "no-match-rule"): "a step of its funnel has no match rule",
    ("moments", "few-journeys"): "too few closed journeys",
    ("moments*", "declared-only"): "a claim of the map enters it, not ratings alone",
    ("moments*", "few-customers"): "too few customers rated a touchpoint that enters it",
    ("moments*", "few-journeys"): "too few closed journeys",
    ("moments*", "no-emotion"): "no touchpoint has a rating or a claim",
}
_FEW = "few-observations-of-"
_BELOW = "fewer-than-"


def reason_of(score: Score, seen: Coverage) -> str:
    """The reason in words, as Markdown; the code itself where it is another package's."""
    reason, scorer = score.reason or "", score.scorer
    for part in ("impact", "friction") if scorer == "priority" else ():
        if reason.startswith(f"{part}-"):
            return f"{part}: {_worded(part, reason.removeprefix(f'{part}-'), seen)}"
    return _worded(f"{scorer}*" if score.subject.kind == "journey" else scorer, reason, seen)


def _worded(scorer: str, reason: str, seen: Coverage) -> str:
    if reason == "few-conversions":
        return f"{_REASONS[reason]} ({seen.converted:,})"
    if reason.startswith(_BELOW):
        return escaped(f"withheld: it rests on fewer than {reason.removeprefix(_BELOW)} customers or journeys")
    if reason.startswith(_FEW):
        return escaped(f"too few observations of {reason.removeprefix(_FEW)}")
    return escaped(_OF_SCORER.get((scorer, reason)) or _REASONS.get(reason, reason))
