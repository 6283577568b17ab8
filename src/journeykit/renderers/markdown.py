"""The report: what was counted, what follows and how far to trust it, as Markdown for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from attrs import field, frozen, validators

from journeykit.evidence import ImportReport
from journeykit.inference import wilson
from journeykit.measures import Said
from journeykit.model import Journey, Opportunity, Touchpoint
from journeykit.renderers._markdown_methods import methods_section
from journeykit.renderers._markdown_said import given_away, said_section
from journeykit.renderers._markdown_scores import left_out, rankings
from journeykit.renderers._markdown_text import block, code, duration, escaped, percent, table
from journeykit.results import Coverage, Rendering, Scorecard, TouchpointCount
from journeykit.results.small_groups import FLOOR

__all__ = ["MarkdownRenderer"]

# Fewer events a journey than this are the mark of logs that were sampled event by event.
_SHORT = 1.5
_LEVELS = {"high": 0, "medium": 1, "low": 2, None: 3}
# How long a case without a window must have been silent to count as closed.
_SILENCE = timedelta(days=30)


@frozen(kw_only=True)
class MarkdownRenderer:
    """Writes the report of a journey and its scores: coverage, rankings, feedback, moments of truth, next steps, methods.

    ``next_steps`` is how many of the touchpoints with the highest friction are looked at for open opportunities. Text of
    the map and of the data is escaped, so that it can neither break a table nor become HTML. ``imports`` are the reports
    of the tables behind the scores (``events.report``), for a section on how the data were read; ``said`` are the figures
    of the feedback (`journeykit.measures.said`), for a section on what customers said.
    """

    imports: tuple[ImportReport, ...] = field(default=(), converter=tuple)
    said: tuple[Said, ...] = field(default=(), converter=tuple)
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
        floor = FLOOR if scores is None else scores.floor
        if scores is not None:
            parts += [_counted(scores.coverage, journey, floor), *rankings(journey, scores), left_out(journey, scores)]
        parts.append(said_section(self.said, {t.id: t.title for t in journey.touchpoints()}, floor))
        parts += [_moments(journey), self._next(journey, scores)]
        if scores is not None:
            parts.append(methods_section(scores))
        if self.imports:
            parts.append(self._reading(scores, floor))
        text = "\n\n".join(part for part in parts if part) + "\n"
        return Rendering(
            media_type=self.media_type, body=text.encode(), title=f"Report of {journey.title}", renderer=self.name
        )

    def _next(self, journey: Journey, scores: Scorecard | None) -> str:
        """The open opportunities where friction is highest (in map order without scores), and where the map has none."""
        chosen = list(journey.touchpoints())
        intro = "Open opportunities of the map, in its order."
        ranked = scores is not None and any(s.scorer == "friction" and s.status == "ok" for s in scores)
        if scores is not None and ranked:
            top = scores.top("friction", self.next_steps)
            chosen = [found for score in top if (found := _touchpoint(journey, score.subject.id))]
            most = "The touchpoint" if len(chosen) == 1 else f"The {len(chosen)} touchpoints"
            intro = f"{most} with the highest friction (of those with enough data), and what the map proposes there."
        elif scores is not None and any(s.scorer == "friction" for s in scores):
            intro = "No friction score rests on enough data. Open opportunities of the map, in its order."
        rows: list[list[str]] = []
        for touchpoint in chosen:
            todo = sorted((o for o in touchpoint.opportunities if o.status not in ("done", "dropped")), key=_worth)
            rows += [[escaped(touchpoint.title), *_opportunity(journey, opportunity)] for opportunity in todo]
            if not todo and ranked:
                pain = max(touchpoint.pains, key=lambda p: p.severity, default=None)
                known = f"; worst pain on the map: {escaped(pain.text)}" if pain else ""
                rows.append([escaped(touchpoint.title), f"*none on the map yet{known}*", "", "", "", ""])
        if not rows:
            return ""
        head = ["Touchpoint", "Opportunity", "Impact", "Effort", "Owner and due", "Serves"]
        return f"## What to do next\n\n{intro}\n\n{table(head, rows)}"

    def _reading(self, scores: Scorecard | None, floor: int) -> str:
        """How the data were read: rows in, kept and rejected by reason, with the first addresses."""
        quiet = given_away(self.said, floor)
        rows = [
            [
                code(r.source),
                escaped(r.format),
                r.kind,
                *(["withheld"] * 2 if quiet and r.kind == "feedback" else _rows(r, scores)),
                f"{r.rows_rejected:,}",
                f"{r.duplicates:,}",
            ]
            for r in self.imports
        ]
        head = ["Source", "Format", "Kind", "Rows in", "Kept", "Rejected", "Exact duplicates"]
        parts = [f"## How the data were read\n\n{table(head, rows, right=(3, 4, 5, 6))}"]
        for report in self.imports:
            if report.rejections:
                parts.append(f"Rejected from {code(report.source)}:\n\n" + "\n".join(_rejections(report)))
            if report.notes:
                notes = "\n".join(f"- {escaped(note)}" for note in report.notes)
                parts.append(f"What the reader decided for {code(report.source)}:\n\n{notes}")
        return "\n\n".join(parts)


def _rows(report: ImportReport, scores: Scorecard | None) -> list[str]:
    """Rows in and kept; nothing of the events that the scorecard withholds, because a small group could be counted by it."""
    if scores is not None and report.kind == "events" and scores.coverage.events is None:
        return ["withheld", "withheld"]
    return [f"{report.rows_in:,}", f"{report.rows_kept:,}"]


def _rejections(report: ImportReport) -> Iterable[str]:
    for reason, count in sorted(report.rejections.items(), key=lambda item: (-item[1], item[0])):
        # Only the address is shown: the sentence may quote a cell, and a cell may hold personal data.
        places = [str(problem.address) for problem in report.problems if problem.code == reason][:3]
        first = f", first at {'; '.join(map(code, places))}" if places else ""
        yield f"- {escaped(reason)}: {count:,} {'row' if count == 1 else 'rows'}{first}"


def _head(journey: Journey) -> str:
    people = "; ".join(persona.name for persona in journey.personas)
    outcome = journey.outcome
    window = (
        f", at most {duration(outcome.within)} after the journey's first event" if outcome and outcome.within else ""
    )
    facts = [
        ("Version", journey.version),
        ("Owner", journey.owner),
        ("Persona" if len(journey.personas) == 1 else f"Personas ({len(journey.personas)})", people),
        ("Reviewed", str(journey.reviewed) if journey.reviewed else None),
        ("Counted as one journey", _case(journey.case)),
        ("Success", f"{outcome.success} (the first{window})" if outcome else None),
        ("Given up", str(outcome.abandon) if outcome and outcome.abandon else None),
    ]
    lines = [f"- {name}: {escaped(value)}" for name, value in facts if value]
    scenario = f"\n\n{block(journey.scenario)}" if journey.scenario else ""
    return f"# {block(journey.title)}{scenario}\n\n" + "\n".join(lines)


def _case(case: str) -> str:
    known = {"customer": "all events of one customer", "session": "all events of one session (visit)"}
    return known.get(case, f'all events with one value of "{case}"')


def _counted(seen: Coverage, journey: Journey, floor: int) -> str:
    rest = ["withheld", f"{seen.claimed:,} claimed"]
    if seen.events is not None and seen.unclaimed is not None:
        rest = [f"{seen.events:,}", f"= {seen.claimed:,} claimed + {seen.unclaimed:,} unclaimed"]
    rows = [
        ["Events", *rest],
        ["Cases", f"{seen.cases:,}", f"= {seen.journeys:,} on the map + {seen.off_map:,} off the map"],
        ["Journeys", f"{seen.journeys:,}", f"= {seen.closed:,} closed + {seen.open:,} open"],
    ]
    lines = ["## What was counted", table(["What", "Count", "Sum"], rows, right=(1,)), _ended(seen, journey)]
    if seen.open:
        silence = (journey.outcome.within if journey.outcome else None) or _SILENCE
        lines.append(
            f"{seen.open:,} {'journey is' if seen.open == 1 else 'journeys are'} still open: the success, or else the last event "
            f"of the window, lies less than {duration(silence)} before the end of the log, and nobody gave up. Open journeys are "
            "left out of every score, those with a success too."
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
    if seen.journeys:
        mean = seen.claimed / seen.journeys
        short = ", which is hardly a path: if the log is a sample of single events, read neither impact nor drop-off"
        lines.append(f"A journey shows {mean:.1f} events of the map on average{short if mean < _SHORT else ''}.")
    if seen.touchpoints:
        lines.append(_touchpoints(seen, journey, floor))
        lines.append(
            "Events: the rows that its rule claims. Journeys: those with at least one of them. Still on board: the journeys "
            "whose furthest touchpoint in the order of the map is this one or a later one. All three count the whole log, open "
            "journeys and what came after success included; the *n* of a score counts closed journeys up to their end."
        )
        if any(t.journeys is None for t in seen.touchpoints):
            lines.append(
                f"A touchpoint that fewer than {floor} journeys or customers came to is withheld, and everything else is counted "
                f"as if the map did not have it, so that nothing adds up to it: its events are unclaimed (at least {floor - 1} "
                "are given for each), and a journey passes from what lies before it to what lies behind it."
            )
    return "\n\n".join(lines)


def _touchpoints(seen: Coverage, journey: Journey, floor: int) -> str:
    known = {touchpoint.id: touchpoint for touchpoint in journey.touchpoints()}
    rows = []
    for count in seen.touchpoints:
        touchpoint = known.get(count.id)
        ruled = touchpoint is not None and touchpoint.match is not None
        title = escaped(touchpoint.title if touchpoint else count.id)
        rows.append([title, *(_counts(count, floor) if ruled else ["no rule", "", ""])])
    return table(["Touchpoint", "Events", "Journeys", "Still on board"], rows, right=(1, 2, 3))


def _counts(count: TouchpointCount, floor: int) -> list[str]:
    """Events, journeys and still on board; what is withheld is called so, and small where it is that by itself."""
    return [
        "withheld" if count.events is None else f"{count.events:,}",
        f"&lt; {floor}" if count.journeys is None else f"{count.journeys:,}",
        "withheld" if count.on_board is None else f"{count.on_board:,}",
    ]


def _ended(seen: Coverage, journey: Journey) -> str:
    """How the closed journeys ended, in a sentence or two."""
    outcome = journey.outcome
    if outcome is None:
        return "The map declares no outcome, so nothing can be said about conversion."
    found = wilson(seen.converted, seen.closed)
    if found is None:
        return "No journey is closed, so nothing can be said about conversion."
    span = f"95 % interval {100 * found.low:.1f} to {100 * found.high:.1f} %, Wilson"
    text = f"Of {seen.closed:,} closed journeys {seen.converted:,} converted ({percent(seen.converted / seen.closed)}; {span})."
    others = [
        *([f"{seen.abandoned:,} gave up"] if outcome.abandon else []),
        *([f"{seen.late:,} reached success only after the window, which does not count"] if seen.late else []),
    ]
    if others:
        both = " (a journey can have done both)" if len(others) == 2 else ""
        text += f" Of the {seen.closed - seen.converted:,} that did not, {' and '.join(others)}{both}."
    return text


def _moment(value: object) -> str:
    return str(value).removesuffix("+00:00")[:19]


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
    return f"## Moments of truth the map declares\n\n{table(head, rows)}" if rows else ""


def _worth(opportunity: Opportunity) -> tuple[int, int]:
    return _LEVELS[opportunity.impact], -_LEVELS[opportunity.effort]


def _opportunity(journey: Journey, opportunity: Opportunity) -> Sequence[str]:
    objective = next((o.statement for o in journey.objectives if o.id == opportunity.objective), "")
    whose = ", ".join(filter(None, (opportunity.owner, f"due {opportunity.due}" if opportunity.due else None)))
    impact: list[str] = [opportunity.impact or ""]
    effort: list[str] = [opportunity.effort or ""]
    if (rice := opportunity.rice) is not None:
        impact.append(f"RICE {rice.impact:g}, confidence {100 * rice.confidence:.3g} %")
        effort.append(f"{rice.effort:g} person-months")
    texts = ("; ".join(filter(None, impact)), "; ".join(filter(None, effort)))
    return [escaped(v) for v in (opportunity.title, *texts, whose, objective)]
