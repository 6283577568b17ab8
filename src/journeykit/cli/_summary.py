"""What a build prints: what was read, what was counted, and the rankings, in plain aligned text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from journeykit.cli._reading import as_options
from journeykit.cli._terminal import aligned, say

if TYPE_CHECKING:
    from journeykit.evidence import Evidence, ImportReport
    from journeykit.measures import Said
    from journeykit.model import Journey
    from journeykit.results import Score, Scorecard

__all__ = ["reports_of", "show_rejections", "show_summary", "unused_notes"]

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
    import attrs  # noqa: PLC0415

    for report in reports_of(evidence):
        for problem in report.problems[:_SHOWN]:
            hint = problem.hint and as_options(problem.hint, report.kind)
            out(f"  rejected: {attrs.evolve(problem, hint=hint)}")
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
        tested = any(score.p_value is not None for score in ranked)
        rows = [["#", "touchpoint", "value", "interval", *(["p"] if tested else []), "journeys"]]
        rows += [
            [
                str(i),
                _title(journey, s),
                _figure(s.value),
                _interval(s),
                *([_p_value(s.p_value)] if tested else []),
                f"{s.n:,}",
            ]
            for i, s in enumerate(ranked, 1)
        ]
        for line in aligned(rows, right=frozenset({0, 2, 4, 5})):
            print(line)
    else:
        say(f"{scorer}: no touchpoint can be ranked")
    rest = [s for s in card if s.scorer == scorer and s.status != "ok"]
    if rest:
        rows = [["not ranked", "status", "reason", "journeys"]]
        rows += [[_title(journey, s), s.status, s.reason or "", f"{s.n:,}"] for s in rest]
        for line in aligned(rows, right=frozenset({3})):
            print(line)


def _p_value(value: float | None) -> str:
    # No p-value is 0.
    return "<0.001" if value is not None and value < 0.0005 else _figure(value)


def _interval(score: Score) -> str:
    return f"{_figure(score.interval.low)} to {_figure(score.interval.high)}" if score.interval else ""


def _figure(value: float | None) -> str:
    # Adding 0.0 takes the sign off a rounded zero.
    return "" if value is None else f"{round(value, 3) + 0.0:.3f}"


def _title(journey: Journey, score: Score) -> str:
    part = next((t for t in journey.touchpoints() if t.id == score.subject.id), None)
    name = part.title if part else score.subject.id
    return name if len(name) <= 44 else f"{name[:43]}…"


def unused_notes(evidence: Evidence, card: Scorecard, said: Sequence[Said]) -> Iterator[str]:
    """What was read and used by no score, why, and what would change that."""
    if evidence.metrics is not None and not any(ref.table == "metrics" for score in card for ref in score.evidence):
        yield "the metrics were read, but no score uses them"
    used = any("feedback" in s.method or any(ref.table == "feedback" for ref in s.evidence) for s in card)
    if evidence.feedback is None or not said or used:
        return
    answers = sum(found.answers for found in said if found.touchpoint is None)
    about: dict[str, set[bool]] = {}
    for found in said:
        if found.touchpoint is not None and found.mean is not None:
            about.setdefault(found.touchpoint, set()).add(found.kind == "ces")
    both = sum(len(kinds) == 2 for kinds in about.values())
    start = f"the {answers:,} answers of the feedback are in report.md, but no score uses them"
    if not any(found.tied for found in said) and "about" not in evidence.feedback.columns:
        yield (
            f"{start}: they are about no touchpoint. Where a column says what each is about (a touchpoint's id, an event or a "
            "channel), add --feedback-columns about=COLUMN; where all are about one, --feedback-about ID"
        )
    elif not about:
        yield (
            f'{start}: no score in them is about a touchpoint. What "about" may hold is a touchpoint\'s id, an event that only '
            "its rule claims, or a channel of its own alone (NPS speaks of no single touchpoint)"
        )
    elif not both:
        yield f"{start}: friction+feedback needs ratings and effort scores (ces) about a touchpoint, and no touchpoint has both"
    else:
        few = "; the others would have no friction score" if both < len(card.coverage.touchpoints) else ""
        which = "the touchpoint" if both == 1 else f"the {both} touchpoints"
        yield f"{start}: --scorers impact,friction+feedback weighs them for {which} with ratings and effort scores{few}"
