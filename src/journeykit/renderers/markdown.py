"""The report: what was counted, what follows and how far to trust it, as Markdown for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import field, frozen, validators

from journeykit.evidence import ImportReport
from journeykit.model import Journey, Opportunity, Touchpoint
from journeykit.renderers._markdown_text import code, escaped, number, percent, table
from journeykit.results import Coverage, Rendering, Score, Scorecard

__all__ = ["MarkdownRenderer"]

_LEVELS = {"high": 0, "medium": 1, "low": 2, None: 3}
# When not to believe a figure; a scorer of another package explains itself in its scores.
_DOUBTS = {
    "friction": "The weights are a convention: each score's explanation says how its rank moves when one is halved or "
    "doubled. It shows where journeys stall, not why; a page that people come back to on purpose scores as rework.",
    "impact": "An association, never a cause: customers who pass a touchpoint differ from those who do not. A raw removal effect "
    "mostly measures reach, which is why the excess over reach is ranked. Do not act on it with few conversions, or when "
    "the log misses channels that matter.",
}
_REASONS = {
    "all-open": "every journey is still open",
    "few-conversions": "too few conversions",
    "few-journeys": "too few journeys pass it",
    "is-outcome": "its own event is the success",
    "no-conversions": "no closed journey converted",
    "no-effort-feedback": "no customer effort score is about it",
    "no-feedback": "no rating is about it",
    "no-match-rule": "the map gives it no match rule",
    "no-next-event": "no journey goes on from here",
    "no-non-conversions": "every closed journey converted",
    "no-outcome": "the map declares no outcome",
    "not-reached": "no closed journey reached it",
}


@frozen(kw_only=True)
class MarkdownRenderer:
    """Writes the report of a journey and its scores: coverage, rankings, moments of truth, next steps, methods.

    ``next_steps`` is how many of the touchpoints with the highest friction are looked at for open opportunities. Text of
    the map and of the data is escaped, so that it can neither break a table nor become HTML. ``imports`` are the reports
    of the tables behind the scores (``events.report``), for a section on how the data were read.
    """

    imports: tuple[ImportReport, ...] = field(default=(), converter=tuple)
    next_steps: int = field(default=3, validator=validators.ge(1))

    @property
    def name(self) -> str:
        """``markdown``."""
        return "markdown"

    @property
    def media_type(self) -> str:
        """``text/markdown``."""
        return "text/markdown"

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The report; without scores, what the map itself holds."""
        parts = [_head(journey)]
        if scores is not None:
            parts += [_counted(scores.coverage, journey), *_rankings(journey, scores), _left_out(journey, scores)]
        parts += [_moments(journey), self._next(journey, scores)]
        if scores is not None:
            parts.append(_methods(scores))
        if self.imports:
            parts.append(_reading(self.imports))
        text = "\n\n".join(part for part in parts if part) + "\n"
        return Rendering(
            media_type=self.media_type, body=text.encode(), title=f"Report of {journey.title}", renderer=self.name
        )

    def _next(self, journey: Journey, scores: Scorecard | None) -> str:
        """The open opportunities where friction is highest (in map order without scores), and where the map has none."""
        chosen = list(journey.touchpoints())
        intro = "Open opportunities of the map, in its order."
        if scores is not None and any(score.scorer == "friction" for score in scores):
            top = scores.top("friction", self.next_steps)
            chosen = [found for score in top if (found := _touchpoint(journey, score.subject.id))]
            intro = (
                f"The {len(chosen)} touchpoints with the highest friction (on enough data), and what the map proposes."
            )
        rows: list[list[str]] = []
        for touchpoint in chosen:
            todo = sorted((o for o in touchpoint.opportunities if o.status not in ("done", "dropped")), key=_worth)
            rows += [[escaped(touchpoint.title), *_opportunity(journey, opportunity)] for opportunity in todo]
            if not todo and scores is not None:
                pain = max(touchpoint.pains, key=lambda p: p.severity, default=None)
                known = f"; worst pain on the map: {escaped(pain.text)}" if pain else ""
                rows.append([escaped(touchpoint.title), f"*none on the map yet{known}*", "", "", "", ""])
        if not rows:
            return ""
        head = ["Touchpoint", "Opportunity", "Impact", "Effort", "Owner and due", "Serves"]
        return f"## What to do next\n\n{intro}\n\n{table(head, rows)}"


def _reading(reports: Sequence[ImportReport]) -> str:
    """How the data were read: rows in, kept and rejected by reason, with the first addresses."""
    rows = [
        [
            code(r.source),
            escaped(r.format),
            r.kind,
            f"{r.rows_in:,}",
            f"{r.rows_kept:,}",
            f"{r.rows_rejected:,}",
            f"{r.duplicates:,}",
        ]
        for r in reports
    ]
    head = ["Source", "Format", "Kind", "Rows in", "Kept", "Rejected", "Exact duplicates"]
    parts = [f"## How the data were read\n\n{table(head, rows, right=(3, 4, 5, 6))}"]
    for report in reports:
        if report.rejections:
            parts.append(f"Rejected from {code(report.source)}:\n\n" + "\n".join(_rejections(report)))
        if report.notes:
            notes = "\n".join(f"- {escaped(note)}" for note in report.notes)
            parts.append(f"What the reader decided for {code(report.source)}:\n\n{notes}")
    return "\n\n".join(parts)


def _rejections(report: ImportReport) -> Iterable[str]:
    for reason, count in sorted(report.rejections.items(), key=lambda item: (-item[1], item[0])):
        # Only the address is shown: the sentence may quote a cell, and a cell may hold personal data.
        places = [str(problem.address) for problem in report.problems if problem.code == reason][:3]
        first = f", first at {'; '.join(map(code, places))}" if places else ""
        yield f"- {escaped(reason)}: {count:,} {'row' if count == 1 else 'rows'}{first}"


def _head(journey: Journey) -> str:
    facts = [
        ("Version", journey.version),
        ("Owner", journey.owner),
        ("Persona", ", ".join(persona.name for persona in journey.personas)),
        ("Reviewed", str(journey.reviewed) if journey.reviewed else None),
        ("Counted by", journey.case),
    ]
    lines = [f"- {name}: {escaped(value)}" for name, value in facts if value]
    scenario = f"\n\n{escaped(journey.scenario)}" if journey.scenario else ""
    return f"# {escaped(journey.title)}{scenario}\n\n" + "\n".join(lines)


def _counted(seen: Coverage, journey: Journey) -> str:
    rows = [
        ["Events", f"{seen.events:,}", f"= {seen.claimed:,} claimed + {seen.unclaimed:,} unclaimed"],
        ["Cases", f"{seen.cases:,}", f"= {seen.journeys:,} on the map + {seen.off_map:,} off the map"],
        ["Journeys", f"{seen.journeys:,}", f"= {seen.closed:,} closed + {seen.open:,} open"],
    ]
    lines = ["## What was counted", table(["What", "Count", "Sum"], rows, right=(1,))]
    if journey.outcome is not None:
        share = f" ({percent(seen.converted / seen.closed)})" if seen.closed else ""
        late = f"; {seen.late:,} reached success only after the window, which does not count" if seen.late else ""
        gave_up = f"; {seen.abandoned:,} gave up" if journey.outcome.abandon else ""
        lines.append(f"Of {seen.closed:,} closed journeys {seen.converted:,} converted{share}{gave_up}{late}.")
    else:
        lines.append("The map declares no outcome, so nothing can be said about conversion.")
    if seen.open:
        lines.append(
            f"{seen.open:,} {'journey is' if seen.open == 1 else 'journeys are'} still open (their last event is too recent to "
            "say how they end) and are left out of every score."
        )
    if seen.first and seen.last:
        until = f", watched until {_moment(seen.observed_until)}" if seen.observed_until else ""
        lines.append(f"First event {_moment(seen.first)}, last event {_moment(seen.last)}{until} (UTC).")
    ties = (
        "Events at the same moment: none."
        if not seen.ties
        else f"Events at the same moment: {seen.ties:,}, ordered by {escaped(seen.tie_rule)}."
    )
    lines.append(ties)
    if seen.unclaimed_events:
        names = ", ".join(f"{code(name)} {count:,}" for name, count in seen.unclaimed_events[:10])
        lines.append(f"Events that no touchpoint claims: {names}.")
    titles = {t.id: t.title for t in journey.touchpoints()}
    seen_rows = [
        [escaped(titles.get(t.id, t.id)), f"{t.events:,}", f"{t.journeys:,}", f"{t.on_board:,}"]
        for t in seen.touchpoints
    ]
    if seen_rows:
        lines.append(table(["Touchpoint", "Events", "Journeys", "Still on board"], seen_rows, right=(1, 2, 3)))
    return "\n\n".join(lines)


def _moment(value: object) -> str:
    return str(value).removesuffix("+00:00")[:19]


def _rankings(journey: Journey, scores: Scorecard) -> Iterable[str]:
    for scorer in dict.fromkeys(score.scorer for score in scores):
        own = [score for score in scores if score.scorer == scorer]
        ranked = scores.top(scorer, len(own))
        title = f"## {escaped(scorer.capitalize())}, highest first"
        if not ranked:
            yield f"{title}\n\nNo subject has enough data for a rank."
            continue
        with_p = any(score.p_value is not None for score in ranked)
        head = ["#", "Subject", "Value", "Interval", "n", *(["p (adjusted)"] if with_p else [])]
        rows = [
            [
                str(i),
                escaped(_name(journey, s)),
                number(s.value),
                _interval(s),
                f"{s.n:,}",
                *([number(s.p_value)] if with_p else []),
            ]
            for i, s in enumerate(ranked, 1)
        ]
        unit = f"Unit: {escaped(ranked[0].unit)}. Method: {code(ranked[0].method)}."
        why = "\n".join(f"{i}. {escaped(s.explanation)}" for i, s in enumerate(ranked[:3], 1))
        yield f"{title}\n\n{unit}\n\n{table(head, rows, right=(0, 2, 4, 5))}\n\nWhy:\n\n{why}"


def _left_out(journey: Journey, scores: Scorecard) -> str:
    rows = [
        [escaped(_name(journey, s)), escaped(s.scorer), s.status, number(s.value), _interval(s), f"{s.n:,}", _reason(s)]
        for s in scores
        if s.status != "ok"
    ]
    if not rows:
        return ""
    head = ["Subject", "Scorer", "Status", "Value", "Interval", "n", "Reason"]
    intro = "These are not ranked: they rest on too little, or cannot be estimated."
    return f"## Not ranked\n\n{intro}\n\n{table(head, rows, right=(3, 5))}"


def _reason(score: Score) -> str:
    reason = score.reason or ""
    few = "few-observations-of-"
    if reason.startswith(few):
        return escaped(f"too few observations of {reason.removeprefix(few)}")
    return escaped(_REASONS.get(reason, reason))


def _interval(score: Score) -> str:
    if score.interval is None:
        return ""
    found = score.interval
    return f"{number(found.low)} to {number(found.high)} ({100 * found.level:g} %)"


def _name(journey: Journey, score: Score) -> str:
    names = {journey.id: journey.title} | {kpi.id: kpi.name for kpi in journey.kpis}
    names |= {stage.id: stage.title for stage in journey.stages} | {t.id: t.title for t in journey.touchpoints()}
    name = names.get(score.subject.id, score.subject.id)
    return f"{name} ({score.segment})" if score.segment else name


def _touchpoint(journey: Journey, id: str) -> Touchpoint | None:
    return next((t for t in journey.touchpoints() if t.id == id), None)


def _moments(journey: Journey) -> str:
    rows = [
        [
            escaped(t.title),
            escaped(" · ".join(filter(None, (t.moment.kind, t.moment.label)))),
            escaped(t.moment.why or ""),
            escaped(t.moment.plan or ""),
            escaped(t.moment.basis or "not stated"),
        ]
        for t in journey.touchpoints()
        if t.moment
    ]
    head = ["Touchpoint", "Moment", "Why", "Plan", "Basis"]
    return f"## Moments of truth\n\n{table(head, rows)}" if rows else ""


def _worth(opportunity: Opportunity) -> tuple[int, int]:
    return _LEVELS[opportunity.impact], -_LEVELS[opportunity.effort]


def _opportunity(journey: Journey, opportunity: Opportunity) -> Sequence[str]:
    objective = next((o.statement for o in journey.objectives if o.id == opportunity.objective), "")
    whose = ", ".join(filter(None, (opportunity.owner, f"due {opportunity.due}" if opportunity.due else None)))
    return [
        escaped(v) for v in (opportunity.title, opportunity.impact or "", opportunity.effort or "", whose, objective)
    ]


def _methods(scores: Scorecard) -> str:
    methods = dict.fromkeys((score.method, score.scorer) for score in scores)
    lines = [
        f"- {code(method)} ({escaped(scorer)}). {_DOUBTS.get(scorer, 'See the explanation of each of its scores.')}"
        for method, scorer in methods
    ]
    intervals = ", ".join(dict.fromkeys(escaped(s.interval.method) for s in scores if s.interval))
    if intervals:
        lines.append(f"- Intervals: {intervals}.")
    lines.append(f"- Seed of everything that depends on chance: {scores.seed}.")
    return "## Methods, and when not to believe them\n\n" + "\n".join(lines)
