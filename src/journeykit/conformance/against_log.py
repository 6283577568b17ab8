"""The map held against the log: what the map does not know, what the log never shows, and where customers go instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
from attrs import frozen

from journeykit.conformance import _rules
from journeykit.conformance._seen import Seeing, Seen
from journeykit.conformance._wording import counted, found, meant, of, places
from journeykit.conformance.moves import Moves, fit, moves, planned_moves
from journeykit.conformance.thresholds import Thresholds
from journeykit.evidence import EventLog
from journeykit.measures import Trace, Tracing, fold, tie_rule
from journeykit.measures.ordering import Progress
from journeykit.measures.people import common_names
from journeykit.model import Journey
from journeykit.results import Finding
from journeykit.results.findings import Severity
from journeykit.results.redacting import redacted

__all__ = ["against_log"]

_NAMED = 3


@frozen(kw_only=True, eq=False)
class _Laid:
    """The map laid over the log, and what else the findings need."""

    journey: Journey
    events: EventLog
    limits: Thresholds
    trace: Trace
    seen: Seen
    paths: Mapping[str, str]
    common: Collection[str]

    def tells(self, name: str) -> bool:
        """Whether a finding may name an event: enough customers have it, and it holds no address and no number to call."""
        return name in self.common and redacted(name) == name

    def meant(self, name: str) -> str:
        """``did you mean 'add_to_cart'?``, or nothing where no event that may be named is near."""
        return meant(name, filter(self.tells, self.seen.events))

    def count(self, n: int) -> str:
        """A number of events or moves at a place; a small one may be that of a small group."""
        return f"{n:,}" if n >= self.limits.least else f"fewer than {self.limits.least}"


def against_log(
    journey: Journey,
    events: EventLog,
    *,
    thresholds: Thresholds | None = None,
    progress: Progress | None = None,
) -> tuple[Finding, ...]:
    """Where the map and the log disagree, the rules first, then events, touchpoints and moves in the order of the map.

    One ordered pass, and one plain scan where a touchpoint is never seen. A rule that cannot be asked of this log (or a case
    column that is not there) is a finding, and then nothing is compared, because every count would be wrong. Moves are
    those of closed journeys (`moves`). ``progress`` is called with the rows counted and the rows there are.
    """
    broken = [*_rules.rule_faults(journey, events.columns), *_rules.case_faults(journey, events)]
    if broken:
        message = f"the map was not laid over the {counted(len(events), 'event')}: the rules do not fit the log"
        next_step = f"mend the {counted(len(broken), 'error')} above first; counts on a broken rule would be wrong"
        return *broken, found("not-compared", "info", "", message, next_step)
    if not len(events):
        message = "the log holds no events, so there is nothing to hold the map against"
        return (found("no-events", "error", "", message, "look at the import report: were all rows rejected?"),)
    tracing = Tracing(journey, observed_until=events.observed_until, tie_rule=tie_rule(events))
    seeing = Seeing()
    fold(events, [tracing, seeing], journey=journey, progress=progress)
    limits = thresholds if thresholds is not None else Thresholds()
    laid = _Laid(
        journey=journey,
        events=events,
        limits=limits,
        trace=tracing.result(),
        seen=seeing.result(),
        paths=places(journey),
        common=common_names(events, limits.least),
    )
    return *_coverage(laid), *_unclaimed(laid), *_unseen(laid), *_outcome(laid), *_flows(laid)


def _coverage(laid: _Laid) -> Iterator[Finding]:
    total, unclaimed = laid.seen.events.total(), laid.seen.unclaimed.total()
    seen = laid.trace.coverage
    off = f"; {of(seen.off_map, seen.cases, 'case')} never touch the map" if seen.off_map else ""
    message = f"{of(total - unclaimed, total, 'event')} are on the map{off}"
    low = (total - unclaimed) / total < laid.limits.coverage
    next_step = "the events that are on no touchpoint are named below" if unclaimed else "no event is left out"
    yield found("coverage", "warning" if low else "info", "stages", message, next_step)


def _unclaimed(laid: _Laid) -> Iterator[Finding]:
    total = laid.seen.events.total()
    ranked = sorted(laid.seen.unclaimed.items(), key=lambda item: (-item[1], item[0]))
    often = [(name, n) for name, n in ranked if n / total >= laid.limits.unclaimed and laid.tells(name)]
    rare = [(name, n) for name, n in ranked if (name, n) not in often]
    for name, n in often:
        known = laid.seen.events[name]
        some = f"{n:,} of {known:,} {name!r} events are"
        which = f"the event {name!r} is" if n == known else some
        message = f"{which} claimed by no touchpoint: {of(n, total, 'event')}"
        severity: Severity = "warning" if n / total >= laid.limits.unclaimed_warning else "info"
        widen = "give it a touchpoint" if n == known else "widen the rule that claims the others"
        next_step = f"{widen}, or leave it out of the source if customers do not notice it"
        yield found("unclaimed-event", severity, "stages", message, next_step)
    if rare:
        rows = sum(n for _, n in rare)
        told = [f"{name!r} {n:,}" for name, n in rare if laid.tells(name)][:_NAMED]
        more = ["..."] if len(told) < len(rare) else []
        # What few customers have may say who they are, so it is counted and not named.
        names = f": {', '.join([*told, *more])}" if told else f", none of {laid.limits.least} customers or more"
        which = "1 rare event name is" if len(rare) == 1 else f"{len(rare):,} rare event names are"
        message = f"{which} claimed by no touchpoint, {of(rows, total, 'event')}{names}"
        next_step = "look through them once; a rare event that matters is easily missed"
        yield found("unclaimed-rare-events", "info", "stages", message, next_step)


def _unseen(laid: _Laid) -> Iterator[Finding]:
    rules = {touchpoint.id: touchpoint.match for touchpoint in laid.journey.touchpoints()}
    unseen = [c.id for c in laid.trace.coverage.touchpoints if not c.events and rules[c.id] is not None]
    taken = _rules.shadows(laid.journey, laid.events, unseen) if unseen else {}
    total = laid.seen.events.total()
    for id in unseen:
        if id in taken:
            takers = ", ".join(f"{other!r} ({laid.count(n)})" for other, n in taken[id].items())
            rows = sum(taken[id].values())
            fits = f"{laid.count(rows)} {'event' if rows == 1 else 'events'}"
            message = f"the rule of {id!r} fits {fits}, but touchpoints before it claim them all: {takers}"
            next_step = (
                "the first rule that fits wins: narrow the earlier rule, or move the narrower touchpoint before it"
            )
            yield found("rule-shadowed", "warning", f"{laid.paths[id]}.match", message, next_step)
            continue
        rule = rules[id]
        assert rule is not None  # noqa: S101  (those without a rule are not in the list)
        strange = [name for name in _rules.named_events(rule) if name not in laid.seen.events]
        near = next((hint for name in strange if (hint := laid.meant(name))), "")
        lacking = f" (the log has no event {', '.join(map(repr, strange[:_NAMED]))})" if strange else ""
        message = f"the touchpoint {id!r} is never seen in {counted(total, 'event')}{lacking}"
        next_step = f"{near} correct its rule, read the data it happens in, or take it off the map".strip()
        yield found("touchpoint-never-seen", "warning", f"{laid.paths[id]}.match", message, next_step)


def _outcome(laid: _Laid) -> Iterator[Finding]:
    outcome, seen, total = laid.journey.outcome, laid.seen, laid.seen.events.total()
    if outcome is None:
        return
    if not seen.success:
        near = next((h for n in _rules.named_events(outcome.success) if (h := laid.meant(n))), "")
        message = (
            f"success ({outcome.success}) is never seen in {counted(total, 'event')}, so no conversion can be estimated"
        )
        next_step = f"{near} correct outcome.success, or read the data it happens in".strip()
        yield found("outcome-never-seen", "error", "outcome.success", message, next_step)
    if outcome.abandon is not None and not seen.abandon:
        message = f"giving up ({outcome.abandon}) is never seen in {counted(total, 'event')}"
        next_step = "correct outcome.abandon, or leave it out: silence closes a journey too"
        yield found("abandon-never-seen", "info", "outcome.abandon", message, next_step)


def _flows(laid: _Laid) -> Iterator[Finding]:
    paths = laid.trace.paths
    if not len(paths):
        return
    if bool(paths.open.all()):
        message = f"all {counted(len(paths), 'journey')} on the map are still open, so nothing is said about moves"
        next_step = "read a longer log, or set outcome.within to the silence after which a journey is over"
        yield found("no-closed-journeys", "info", "outcome", message, next_step)
        return
    made, plan = moves(paths), planned_moves(laid.journey)
    yield _fit(laid)
    yield from _backward(laid, made, plan)
    if laid.journey.planned:
        yield from _unplanned(laid, made, plan)
        yield from _not_made(laid, made)


def _fit(laid: _Laid) -> Finding:
    seen = fit(laid.trace.paths, laid.journey)
    path = "planned" if laid.journey.planned else "stages"
    stay = f"{counted(seen.journeys - seen.moving, 'journey')} of {seen.journeys:,} closed ones stay at one touchpoint"
    if seen.share is None:
        message = f"no closed journey moves between touchpoints, so none can be judged: {stay}"
        return found("fit", "info", path, message, "read a longer log, or give more touchpoints match rules")
    plan = "make planned moves only" if laid.journey.planned else "only move forward on the map, which plans no moves"
    few = ", too few to judge by" if seen.moving < laid.limits.reliable else ""
    message = f"{of(seen.fitting, seen.moving, 'closed journey')} that move between touchpoints {plan}{few}; {stay}"
    low = seen.share < laid.limits.fit
    next_step = "where the others go most often is said below" if seen.off_plan else "nothing to mend"
    return found("fit", "warning" if low else "info", path, message, next_step)


def _backward(laid: _Laid, made: Moves, plan: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Iterator[Finding]:
    back = np.where(np.tri(len(made.touchpoints), k=-1, dtype=np.bool_) & ~plan, made.counts, 0)
    n, total = int(back.sum()), made.total
    if not total or n / total < laid.limits.backward or total < laid.limits.reliable:
        return
    stage = {t.id: i for i, s in enumerate(laid.journey.stages) for t in s.touchpoints}
    pairs = [
        (int(back[i, j]), int(made.journeys[i, j]), made.touchpoints[i], made.touchpoints[j])
        for i, j in np.argwhere(back)
    ]
    across = sum(count for count, _, source, target in pairs if stage[target] < stage[source])
    # argwhere goes in map order and the sort is stable, so equal counts stay in map order.
    top = sorted((pair for pair in pairs if pair[1] >= laid.limits.least), key=lambda pair: -pair[0])[:_NAMED]
    named = ", ".join(f"{source!r} to {target!r} {count:,}" for count, _, source, target in top)
    often = f"; most often {named}" if named else ""
    message = f"{of(n, total, 'move')} go back on the map, {across:,} of them to an earlier stage{often}"
    severity: Severity = "warning" if n / total >= laid.limits.backward_warning else "info"
    next_step = "put the touchpoints into the order they happen in, or plan the loops that are meant"
    yield found("order-violated", severity, "stages", message, next_step)


def _unplanned(laid: _Laid, made: Moves, plan: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Iterator[Finding]:
    away = made.departures()
    for i, j in np.argwhere((made.counts > 0) & ~plan).tolist():
        n, total, journeys = int(made.counts[i, j]), int(away[i]), int(made.journeys[i, j])
        if journeys < laid.limits.least or n / total < laid.limits.unplanned:
            continue
        source, target = made.touchpoints[i], made.touchpoints[j]
        message = (
            f"{of(n, total, 'move')} away from {source!r} go to {target!r}, which is not planned "
            f"(in {counted(journeys, 'journey')})"
        )
        severity: Severity = "warning" if n / total >= laid.limits.unplanned_warning else "info"
        next_step = "plan the move, or ask what makes customers go there"
        yield found("unplanned-move", severity, laid.paths[source], message, next_step)


def _not_made(laid: _Laid, made: Moves) -> Iterator[Finding]:
    place = {id: i for i, id in enumerate(made.touchpoints)}
    events = {count.id: count.events for count in laid.trace.coverage.touchpoints}
    away = made.departures()
    for k, move in enumerate(laid.journey.planned):
        i, j = place[move.source], place[move.target]
        n, total = int(made.counts[i, j]), int(away[i])
        # Where an end is never seen, that is said already.
        if i == j or not events[move.source] or not events[move.target] or total < laid.limits.reliable:
            continue
        if n and n / total >= laid.limits.unseen:
            continue
        few = 0 < int(made.journeys[i, j]) < laid.limits.least
        share = f"{laid.count(0)} of {counted(total, 'move')}" if few else of(n, total, "move")
        message = f"the planned move from {move.source!r} to {move.target!r} is made in {share} away from there"
        next_step = "ask what keeps customers from it, or plan what they do instead"
        yield found("planned-move-not-made", "info" if n else "warning", f"planned[{k}]", message, next_step)
