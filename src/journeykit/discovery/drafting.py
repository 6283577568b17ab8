"""The draft itself: which events become touchpoints, in what order, in which stages, with which planned moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from journeykit.discovery._facts import Facts, facts_of
from journeykit.discovery._names import claiming, named, slug, unique
from journeykit.discovery._parts import given_stages, moments, ordered_stages, planned, touchpoints, with_waits
from journeykit.discovery._telling import telling
from journeykit.discovery._visits import Visits
from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures import Transitions, fold
from journeykit.model import Journey, Match, Outcome, Stage
from journeykit.results.small_groups import FLOOR, checked_floor

__all__ = ["discover"]


def discover(
    events: EventLog,
    *,
    title: str,
    id: str | None = None,
    stages: Mapping[str, Sequence[str]] | None = None,
    max_touchpoints: int = 15,
    case: str = "customer",
    outcome: str | Match | Outcome | None = None,
    language: str = "en",
    floor: int = FLOOR,
) -> Journey:
    """A first map measured from a log, for people to edit; the same log gives the same draft.

    *Touchpoints* are the event names that most cases reach (ties: the more frequent, then by name), at most
    ``max_touchpoints`` with "Other", which claims exactly the remaining names. An event that ``outcome`` names is always
    one. They stand in the order of their *step*: for each case 1 for the first touchpoint it comes to, 2 for the second
    different one, and so on, the median over the cases that have it (ties: mean, cases, name). ``channels`` is
    the channel of at least half its events; ``expected`` the median time to the case's next event, rounded to seconds, from
    an hour to minutes, from a day to hours: what was usual, not what would be good (absent under half a second).

    *Stages* are natural breaks of these steps: the fewest (at most 5) that explain 90 % of their variance (Fisher 1958), named
    after their two most reached touchpoints. ``stages={"Consider": ["view", ...], ...}`` gives them instead: then exactly the
    named events are touchpoints, in the order given, whatever ``max_touchpoints``, and "Other" stands last in a stage of its
    own.

    *Planned moves* lie between different touchpoints other than "Other": those of at least 20 % of a touchpoint's departures
    (ends and repeats included), and its strongest from 5 %; ``share`` is rounded down to thousandths. *Moments* ``first`` and
    ``last`` stand where at least 25 % of cases begin or end, with basis ``observed``, the file as source and the day of the
    last event as ``as_of``. The ``scenario`` says what was counted; ``language`` is that of the event names and
    of what the draft says by itself (English where there is no catalogue).

    ``case`` is what one journey is counted by (``customer``, ``session`` or a column), ``outcome`` the name of the event that
    is success, a rule, or an `Outcome` with its window. A name with characters that a map cannot hold is claimed by a glob
    that fits it alone, and belongs to "Other" where there is none; the scenario then says so, as it does where a tenth of
    the events have the time of the one before them, and where names differ only in capitals or in how their words are
    parted: those stay apart. Two ordered passes.

    A name that fewer than ``floor`` customers have, and one that holds an e-mail address, a phone or a card number, is part of
    "Other" unless ``stages`` or ``outcome`` name it, and a move, a wait or a moment of fewer cases is left out: a map is
    shown around. 1 leaves out nothing for being rare.

    Raises `ArgumentError` for a log without events, for names in ``stages`` or ``outcome`` that the log does not have, and as
    `journeykit.measures.transitions` does; `JourneyError` for a title or id that no map can have.
    """
    # object: a caller may give anything, whatever the annotation says.
    given: object = max_touchpoints
    if isinstance(given, bool) or not isinstance(given, int) or given < 2:
        raise ArgumentError(f"max_touchpoints={max_touchpoints!r}: give a whole number of 2 or more")
    checked_floor(floor)
    head = Journey(id=slug(str(title)) or "journey" if id is None else id, title=title, language=language, case=case)
    listed = None if stages is None else _listed(stages)
    facts = facts_of(events, case, floor)
    aim = _outcome(outcome, facts, events.columns)
    taken, told = {head.id}, telling(language, case)
    if listed is None:
        draft = touchpoints(_chosen(facts, aim, max_touchpoints), facts, taken, told)
    else:
        wanted = [name for names in listed.values() for name in names]
        _claimable(wanted, facts, "stages=")
        draft = touchpoints(wanted, facts, taken, told)
    visits, flows = Visits(), Transitions()
    whole = Stage(id=unique("all", set(taken)), title="All", touchpoints=draft.all)
    fold(events, [visits, flows], journey=attrs.evolve(head, stages=[whole]))
    seen, moves = visits.result(), flows.result()
    draft = moments(with_waits(draft, seen.visits, floor), moves, facts, told, floor)
    made = ordered_stages(draft, seen.visits, taken) if listed is None else given_stages(draft, listed, taken, told)
    cases = sum(start.count for start in moves.starts)
    return attrs.evolve(
        head,
        scenario=told.scenario(
            facts, set(draft.by_name), cases=cases, ties=seen.ties, unnamed=draft.unnamed, floor=floor
        ),
        outcome=aim,
        stages=made,
        planned=planned(made, draft, moves, floor),
    )


def _listed(stages: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The stages as the caller gave them, checked for what could not be meant."""
    given: object = stages
    if not isinstance(given, Mapping) or not given:
        raise ArgumentError('stages= maps the title of each stage to its event names: {"Consider": ["view", "search"]}')
    owner: dict[str, str] = {}
    for stage, names in given.items():
        if isinstance(names, str) or not isinstance(names, Sequence):
            raise ArgumentError(f"stages[{stage!r}]={names!r}: give a list of event names")
        for name in names:
            if name in owner:
                raise ArgumentError(f"stages=: the event {name!r} stands in {owner[name]!r} and again in {stage!r}")
            owner[name] = stage
    return {stage: tuple(names) for stage, names in stages.items()}


def _claimable(wanted: Sequence[str], facts: Facts, argument: str) -> None:
    facts.check(wanted, argument)
    possible = claiming(wanted, facts.names)
    if refused := [name for name in wanted if name not in possible]:
        raise ArgumentError(
            f"{argument}: no rule can tell {', '.join(map(ascii, refused))} from the other events, because a map cannot hold "
            "its characters; rename it in the source or leave it to Other"
        )


def _outcome(outcome: str | Match | Outcome | None, facts: Facts, columns: Mapping[str, str]) -> Outcome | None:
    if isinstance(outcome, str):
        _claimable([outcome], facts, "outcome=")
        return Outcome(success=Match(event=claiming([outcome], facts.names)[outcome]))
    if outcome is None:
        return None
    aim = Outcome(success=outcome) if isinstance(outcome, Match) else outcome
    if not isinstance(aim, Outcome):
        raise ArgumentError(f"outcome={outcome!r}: give the name of an event, a Match or an Outcome")
    # Narwhals is needed for rules of the caller only.
    from journeykit.evidence.matching import faults  # noqa: PLC0415

    rules = {"outcome.success": aim.success, "outcome.abandon": aim.abandon}
    problems = [p for path, rule in rules.items() if rule is not None for p in faults(rule, columns, path)]
    if problems:
        raise ArgumentError("\n".join(map(str, problems)))
    return aim


def _chosen(facts: Facts, aim: Outcome | None, most: int) -> list[str]:
    """The names that become touchpoints, the most reached first; room is left for "Other" where it is needed.

    What few customers have is not told, unless the outcome tells it already.
    """
    kept: set[str] = set()
    if aim is not None:
        kept = named(aim.success) | (named(aim.abandon) if aim.abandon is not None else set())
    tellable = [name for name in facts.names if name in facts.tellable or name in kept]
    if len(tellable) == len(facts.names) <= most:
        return tellable
    order = {name: place for place, name in enumerate(tellable)}
    first = sorted(tellable, key=lambda name: (name not in kept, order[name]))[: most - 1]
    return sorted(first, key=order.__getitem__)
