"""What a build prints: what was read, what was counted, and the rankings, in plain aligned text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from journeykit.cli._reading import as_options
from journeykit.cli._terminal import aligned, say

if TYPE_CHECKING:
    from datetime import datetime

    from journeykit.evidence import Evidence, ImportReport
    from journeykit.measures import Said
    from journeykit.model import Journey
    from journeykit.protocols import Scorer
    from journeykit.results import Score, Scorecard

__all__ = ["reports_of", "show_rejections", "show_summary", "silent_notes", "unused_notes"]

_SHOWN = 3
# What the n of a method counts, where it is always the same.
_COUNTS = {
    "emotion": "customers",
    "friction": "journeys",
    "impact": "journeys",
    "peak": "journeys",
    "priority": "journeys",
}


def reports_of(evidence: Evidence) -> list[ImportReport]:
    """The import reports of the tables that were read, events first."""
    tables = (evidence.events, evidence.feedback, evidence.metrics, evidence.customers)
    return [table.report for table in tables if table is not None]


def show_summary(journey: Journey, evidence: Evidence, card: Scorecard) -> None:
    """Print the whole summary on stdout."""
    seen = card.coverage
    say(journey.title)
    say()
    _show_sources(evidence)
    show_rejections(evidence, say)
    share = f" ({100 * seen.converted / seen.closed:.1f} % of closed)" if seen.closed else ""
    converted = f", {seen.converted:,} converted{share}" if journey.outcome else ""
    still_open = f"{seen.open:,} still open and left out of scores"
    say(f"{seen.journeys:,} journeys on the map: {seen.closed:,} closed{converted}, {still_open}")
    if seen.journeys and not seen.closed:
        say(
            f"every journey is still open: the log is taken to end with its last event, {_day(seen.observed_until)}; "
            "where it was watched for longer, say so with --observed-until"
        )
    if seen.off_map:
        say(f"{seen.off_map:,} {'case has' if seen.off_map == 1 else 'cases have'} no event on the map")
    if few := sum(count.journeys is None for count in seen.touchpoints):
        named = "touchpoint is" if few == 1 else "touchpoints are"
        say(f"{few:,} {named} withheld, as fewer than {card.floor} came there; the counts are those of the map without")
    if seen.unclaimed is None:
        say("how many events no touchpoint claims is withheld: they could be counted as those of so few")
    elif seen.unclaimed:
        names = ", ".join(f"{name} {count:,}" for name, count in seen.unclaimed_events[:5])
        told = f": {names}" if names else f", none that {card.floor} customers share"
        say(f"{seen.unclaimed:,} of {seen.claimed + seen.unclaimed:,} events are claimed by no touchpoint{told}")
    for scorer in dict.fromkeys(score.scorer for score in card):
        _show_scorer(journey, card, scorer)
    say()


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else "unknown"


def show_rejections(evidence: Evidence, out: Callable[[object], None]) -> None:
    """Name the first rejected rows, with what to do about the rest."""
    import attrs  # noqa: PLC0415

    for report in reports_of(evidence):
        for problem in report.problems[:_SHOWN]:
            hint = problem.hint and as_options(problem.hint, report.kind)
            out(f"  rejected: {attrs.evolve(problem, hint=hint)}")
        if report.rows_rejected > _SHOWN:
            out(f"  ... and {report.rows_rejected - _SHOWN:,} more of {report.source}")


def _show_sources(evidence: Evidence) -> None:
    rows = []
    for report in reports_of(evidence):
        reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(report.rejections.items()))
        rejected = f"{report.rows_rejected:,} rejected" + (f" ({reasons})" if reasons else "")
        rows.append([report.kind, report.source, f"{report.rows_in:,} rows in", f"{report.rows_kept:,} kept", rejected])
    for line in aligned(rows, right=frozenset({2, 3})):
        print(line)


def _show_scorer(journey: Journey, card: Scorecard, scorer: str) -> None:
    """One scorer: what can be ranked, its KPIs, its segments, the journey as a whole, and what rests on too little."""
    own = [s for s in card if s.scorer == scorer]
    # KPIs have units of their own, so none is higher than another.
    ranked = [s for s in card.top(scorer, len(card)) if s.subject.kind != "kpi"]
    kpis = [s for s in own if s.subject.kind == "kpi" and s.status == "ok"]
    split = [s for s in own if s.segment is not None and s.subject.kind != "kpi" and s.status == "ok"]
    whole = [s for s in own if _is_whole(s)]
    rest = [s for s in own if s.status != "ok" and not _is_whole(s)]
    say()
    if ranked:
        say(f"{scorer}, highest first ({ranked[0].unit}, {ranked[0].method})")
        _show(_rows(journey, ranked, numbered=True))
    elif kpis:
        say(f"{scorer}, each in its own unit ({kpis[0].method})")
    elif rest:
        kinds = list(dict.fromkeys(s.subject.kind for s in rest))
        shared = _shared_reason(rest)
        say(f"{scorer}: no {_kind(rest[0])} {'has a value' if kinds == ['kpi'] else 'can be ranked'}{shared}")
        rest = [] if shared else rest
    else:
        say(f"{scorer} ({own[0].unit}, {own[0].method})")
    if kpis:
        _show(_rows(journey, kpis))
    if split:
        _show(_rows(journey, split))
    for score in whole:
        say(f"  whole journey: {_told(score)}")
    if rest:
        _show(_left_out(journey, rest))


def _shared_reason(scores: Sequence[Score]) -> str:
    """Why none of several touchpoints could be estimated, where all say the same: once, in words, is enough."""
    reasons = {(s.status, s.reason, s.explanation.partition(" cannot be estimated: ")[2]) for s in scores}
    ((status, reason, words), *others) = reasons
    if len(scores) < 2 or others or not words or status != "not-estimable" or scores[0].subject.kind != "touchpoint":
        return ""
    step = "; say in the map which event is success: outcome: {success: {event: ...}}" if reason == "no-outcome" else ""
    return f": {as_options(words.removesuffix('.'), 'events')} ({reason}){step}"


def _is_whole(score: Score) -> bool:
    return score.subject.kind == "journey" and score.segment is None


def _show(columns: Sequence[tuple[str, bool, Sequence[str]]]) -> None:
    """Columns of (heading, flush right, cells), those without any text left out."""
    held = [column for column in columns if any(column[2])]
    rows = [[head for head, _, _ in held], *map(list, zip(*(cells for _, _, cells in held), strict=True))]
    for line in aligned(rows, right=frozenset(i for i, (_, right, _) in enumerate(held) if right)):
        print(line)


def _rows(
    journey: Journey, scores: Sequence[Score], *, numbered: bool = False
) -> list[tuple[str, bool, Sequence[str]]]:
    own_units = scores[0].subject.kind == "kpi"
    return [
        ("#", True, [str(i) if numbered else "" for i, _ in enumerate(scores, 1)]),
        (_kind(scores[0]), False, _titles(journey, scores)),
        ("segment", False, _segments(journey, scores)),
        ("value", True, [_figure(s.value) for s in scores]),
        ("unit", False, [s.unit if own_units else "" for s in scores]),
        ("interval", False, [_interval(s) for s in scores]),
        ("target", False, [_targets(s) for s in scores]),
        ("p", True, [_p_value(s.p_value) for s in scores]),
        (_counted(scores), True, [_rests_on(s) for s in scores]),
    ]


def _left_out(journey: Journey, scores: Sequence[Score]) -> list[tuple[str, bool, Sequence[str]]]:
    return [
        ("not ranked" if scores[0].subject.kind != "kpi" else "left out", False, _titles(journey, scores)),
        ("segment", False, _segments(journey, scores)),
        ("status", False, [s.status for s in scores]),
        ("reason", False, [s.reason or "" for s in scores]),
        (_counted(scores), True, [_rests_on(s) for s in scores]),
    ]


def _told(score: Score) -> str:
    span = f" ({_interval(score)})" if score.interval else ""
    value = f"{_figure(score.value)}{span}, {score.unit}" if score.value is not None else "no value"
    p = f", p {_p_value(score.p_value)}" if score.p_value is not None else ""
    doubt = f"; {score.status}: {score.reason}" if score.status != "ok" else ""
    counted = _counted([score])
    rests_on = f"n {_rests_on(score)}" if counted == "n" else f"{_rests_on(score)} {counted}"
    return f"{value}, {score.method}{p}, {rests_on}{doubt}"


def _counted(scores: Sequence[Score]) -> str:
    """What the n of these scores counts; of a method that is not known, or that counts now this, now that, only "n"."""
    counts = {_COUNTS.get(score.method.partition("@")[0].partition("-")[0], "n") for score in scores}
    return counts.pop() if len(counts) == 1 else "n"


def _rests_on(score: Score) -> str:
    from journeykit.results.small_groups import count_text  # noqa: PLC0415

    return count_text(score)


def _targets(score: Score) -> str:
    """The targets of a KPI and what is still to go to each, as its components tell them."""
    if score.subject.kind != "kpi":
        return ""
    parts = {component.name: component.raw for component in score.components}
    told = []
    for name, target in parts.items():
        objective, _, what = name.rpartition(":")
        if objective and what == "target":
            distance = parts.get(f"{objective}:distance")
            far = "" if distance is None else ", reached" if distance <= 0 else f", {_figure(distance)} to go"
            told.append(f"{_figure(target)}{far}")
    return "; ".join(told)


def _kind(score: Score) -> str:
    return "KPI" if score.subject.kind == "kpi" else score.subject.kind


def _p_value(value: float | None) -> str:
    # No p-value is 0.
    return "<0.001" if value is not None and value < 0.0005 else _figure(value)


def _interval(score: Score) -> str:
    return f"{_figure(score.interval.low)} to {_figure(score.interval.high)}" if score.interval else ""


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    # Adding 0.0 takes the sign off a rounded zero. A KPI may be in euros: nobody reads the decimals of thousands.
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{round(value, 3) + 0.0:.3f}"


def _segments(journey: Journey, scores: Sequence[Score]) -> list[str]:
    """The persona of each score by name; nothing at all where no score is of a segment."""
    if all(score.segment is None for score in scores):
        return ["" for _ in scores]
    names = {persona.id: persona.name for persona in journey.personas}
    return ["everyone" if s.segment is None else _short(names.get(s.segment, s.segment), 30) for s in scores]


def _titles(journey: Journey, scores: Sequence[Score]) -> list[str]:
    names = {journey.id: journey.title} | {stage.id: stage.title for stage in journey.stages}
    names |= {touchpoint.id: touchpoint.title for touchpoint in journey.touchpoints()}
    kpis = {kpi.id: kpi.name for kpi in journey.kpis}
    found = {f"{t.id}#{k}": o.title for t in journey.touchpoints() for k, o in enumerate(t.opportunities, 1)}
    titles = list(found.values())
    # Opportunities of one title are told apart by where they are.
    found = {id: f"{_short(title, 30)} ({id})" if titles.count(title) > 1 else title for id, title in found.items()}
    known = {"kpi": kpis, "opportunity": found}
    return [_short(known.get(s.subject.kind, names).get(s.subject.id, s.subject.id)) for s in scores]


def _short(name: str, most: int = 44) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def silent_notes(journey: Journey, scorers: Sequence[str | Scorer], card: Scorecard) -> Iterator[str]:
    """Which of the scorers that were asked for gave no score at all, and why, where that is known."""
    given = {score.scorer for score in card}
    settled = any(touchpoint.opportunities for touchpoint in journey.touchpoints())
    why = {
        "kpi": "the map declares no KPI",
        "priority": "every opportunity of the map is done or dropped" if settled else "the map holds no opportunity",
    }
    for scorer in scorers:
        name = scorer if isinstance(scorer, str) else scorer.name
        if name not in given:
            nothing = why.get(name, "there is nothing on the map that it scores")
            yield f"no score by {name}: {nothing if journey.touchpoints() or name == 'kpi' else 'the map has no touchpoint'}"


def _unasked(journey: Journey, evidence: Evidence, card: Scorecard) -> str:
    """Why no persona has scores of its customers, and what would change that."""
    if all(persona.segment is None for persona in journey.personas):
        return "no persona of the map has a segment rule that picks its customers"
    if not any(score.scorer == "emotion" for score in card):
        return "--scorers emotion, with --feedback, shows how each persona's customers feel"
    if evidence.feedback is None:
        return "they pick whose ratings count for a persona, and there is no --feedback"
    return "no rating about a touchpoint is of a persona's customers, or of too few to be shown"


def unused_notes(journey: Journey, evidence: Evidence, card: Scorecard, said: Sequence[Said]) -> Iterator[str]:
    """What was read and used by no score, why, and what would change that."""
    if evidence.customers is not None and not any(ref.table == "customers" for score in card for ref in score.evidence):
        yield f"the customers were read, but no score uses them: {_unasked(journey, evidence, card)}"
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
        felt = any(False in kinds for kinds in about.values())
        also = "; --scorers impact,friction,emotion shows how customers who rated it feel" if felt else ""
        yield (
            f"{start}: friction+feedback needs ratings and effort scores (ces) about a touchpoint, and no touchpoint has "
            f"both{also}"
        )
    else:
        few = "; the others would have no friction score" if both < len(card.coverage.touchpoints) else ""
        which = "the touchpoint" if both == 1 else f"the {both} touchpoints"
        yield f"{start}: --scorers impact,friction+feedback weighs them for {which} with ratings and effort scores{few}"
