"""What a build prints: what was read, what was counted, and the rankings, in plain aligned text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from journeykit.cli._reading import as_options
from journeykit.cli._terminal import aligned, say

if TYPE_CHECKING:
    from journeykit.evidence import Evidence, ImportReport
    from journeykit.model import Journey
    from journeykit.results import Score, Scorecard

__all__ = ["reports_of", "show_rejections", "show_summary"]

_SHOWN = 3


def reports_of(evidence: Evidence) -> list[ImportReport]:
    """The import reports of the tables that were read, events first."""
    tables = (evidence.events, evidence.feedback, evidence.metrics, evidence.customers)
    return [table.report for table in tables if table is not None]


def show_summary(journey: Journey, evidence: Evidence, card: Scorecard) -> None:
    """Print the whole summary on stdout."""
    seen = card.coverage
    say(journey.title)
    say()
    _show_rows(evidence)
    show_rejections(evidence, say)
    share = f" ({100 * seen.converted / seen.closed:.1f} % of closed)" if seen.closed else ""
    converted = f", {seen.converted:,} converted{share}" if journey.outcome else ""
    still_open = f"{seen.open:,} still open and left out of scores"
    say(f"{seen.journeys:,} journeys on the map: {seen.closed:,} closed{converted}, {still_open}")
    if seen.off_map:
        say(f"{seen.off_map:,} cases have no event on the map")
    if seen.unclaimed:
        names = ", ".join(f"{name} {count:,}" for name, count in seen.unclaimed_events[:5])
        say(f"{seen.unclaimed:,} of {seen.events:,} events are claimed by no touchpoint: {names}")
    for scorer in dict.fromkeys(score.scorer for score in card):
        _show_ranking(journey, card, scorer)
    say()


def show_rejections(evidence: Evidence, out: Callable[[object], None]) -> None:
    """Name the first rejected rows, with what to do about the rest."""
    for report in reports_of(evidence):
        for problem in report.problems[:_SHOWN]:
            out(f"  rejected: {as_options(str(problem), report.kind)}")
        if report.rows_rejected > _SHOWN:
            out(f"  ... and {report.rows_rejected - _SHOWN:,} more of {report.source}")


def _show_rows(evidence: Evidence) -> None:
    rows = []
    for report in reports_of(evidence):
        reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(report.rejections.items()))
        rejected = f"{report.rows_rejected:,} rejected" + (f" ({reasons})" if reasons else "")
        rows.append([report.kind, report.source, f"{report.rows_in:,} rows in", f"{report.rows_kept:,} kept", rejected])
    for line in aligned(rows, right=frozenset({2, 3})):
        print(line)


def _show_ranking(journey: Journey, card: Scorecard, scorer: str) -> None:
    ranked = card.top(scorer, len(card))
    say()
    if ranked:
        say(f"{scorer}, highest first ({ranked[0].unit}, {ranked[0].method})")
        rows = [["#", "touchpoint", "value", "interval", "n"]]
        rows += [
            [str(i), _title(journey, s), _figure(s.value), _interval(s), f"{s.n:,}"] for i, s in enumerate(ranked, 1)
        ]
        for line in aligned(rows, right=frozenset({0, 2, 4})):
            print(line)
    else:
        say(f"{scorer}: no touchpoint can be ranked")
    rest = [s for s in card if s.scorer == scorer and s.status != "ok"]
    if rest:
        say("  not ranked:")
        for line in aligned(
            [[_title(journey, s), s.status, s.reason or "", f"n {s.n:,}"] for s in rest], indent="    "
        ):
            print(line)


def _interval(score: Score) -> str:
    return f"{_figure(score.interval.low)} to {_figure(score.interval.high)}" if score.interval else ""


def _figure(value: float | None) -> str:
    # Adding 0.0 takes the sign off a rounded zero.
    return "" if value is None else f"{round(value, 3) + 0.0:.3f}"


def _title(journey: Journey, score: Score) -> str:
    part = next((t for t in journey.touchpoints() if t.id == score.subject.id), None)
    name = part.title if part else score.subject.id
    return name if len(name) <= 44 else f"{name[:43]}…"
