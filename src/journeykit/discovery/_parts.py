"""The parts of a draft: touchpoints, moments, stages and planned moves, each from what was counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Literal

import attrs
from attrs import frozen

from journeykit.discovery._facts import Facts
from journeykit.discovery._names import claiming, others, slug, titles, unique
from journeykit.discovery._staging import breaks
from journeykit.discovery._telling import Telling
from journeykit.discovery._visits import Visit
from journeykit.measures import Flows
from journeykit.measures.flows import Terminal
from journeykit.model import Match, Moment, Stage, Touchpoint, Transition
from journeykit.results import Records

__all__ = ["Draft", "given_stages", "moments", "ordered_stages", "planned", "touchpoints", "with_waits"]

# A move is planned when at least this share of departures take it; the strongest from a touchpoint when this smaller share do.
_MAIN, _STRONGEST = 0.2, 0.05
# A touchpoint is where the journey begins (ends) when at least this share of cases do so there.
_MOMENT = 0.25
# A stage called after two touchpoints has no longer a title than this.
_CALLED = 48
_SECOND, _MINUTE, _HOUR, _DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)


@frozen(kw_only=True)
class Draft:
    """The touchpoints by event name, in the order of the names, then the one for the rest; ``unnamed`` names got no rule."""

    by_name: Mapping[str, Touchpoint]
    other: Touchpoint | None
    unnamed: int

    @property
    def all(self) -> tuple[Touchpoint, ...]:
        """Every touchpoint, the one for the rest last."""
        return (*self.by_name.values(), *([self.other] if self.other else []))


def touchpoints(names: Sequence[str], facts: Facts, taken: set[str], told: Telling) -> Draft:
    """A touchpoint for each name that a rule can claim, and "Other" for whatever else the log holds."""
    tests = claiming(names, facts.names)
    named = [name for name in names if name in tests]
    made = {
        name: Touchpoint(
            id=unique(slug(name) or f"event-{place}", taken),
            title=title,
            channels=(facts.channels[name],) if name in facts.channels else (),
            match=Match(event=tests[name]),
        )
        for place, (name, title) in enumerate(zip(named, titles(named), strict=True), start=1)
    }
    rest = len(facts.names) - len(named)
    other = None
    if rest:
        rule = others([tests[name] for name in named])
        other = Touchpoint(id=unique("other", taken), title=told.other(rest), match=rule)
    return Draft(by_name=made, other=other, unnamed=len(names) - len(named))


def moments(draft: Draft, flows: Flows, facts: Facts, told: Telling, floor: int) -> Draft:
    """The draft with the moments at which most cases begin and end."""
    marked = dict(draft.by_name)
    names = {touchpoint.id: name for name, touchpoint in marked.items()}
    ends: tuple[tuple[Literal["first", "last"], Records[Terminal]], ...] = (
        ("first", flows.starts),
        ("last", flows.ends),
    )
    for kind, terminals in ends:
        total = sum(terminal.count for terminal in terminals)
        most = terminals[0]
        name = names.get(most.label)
        # A touchpoint has one moment; where journeys begin comes before where they end.
        if name is None or most.share < _MOMENT or most.count < floor or marked[name].moment is not None:
            continue
        why = told.moment(kind, most.count, total)
        moment = Moment(kind=kind, why=why, basis="observed", sources=facts.sources, as_of=facts.last)
        marked[name] = attrs.evolve(marked[name], moment=moment)
    return attrs.evolve(draft, by_name=marked)


def with_waits(draft: Draft, seen: Mapping[str, Visit], floor: int) -> Draft:
    """The draft with the usual time to the next event at every named touchpoint that enough cases leave again."""
    waits = {name: _rounded(seen[t.id].gap) if seen[t.id].left >= floor else None for name, t in draft.by_name.items()}
    return attrs.evolve(draft, by_name={n: attrs.evolve(t, expected=waits[n]) for n, t in draft.by_name.items()})


def _rounded(gap: timedelta | None) -> timedelta | None:
    """To what a reader can judge; None for less than half a second, which is a machine's time and no wait."""
    if gap is None:
        return None
    unit = _SECOND if gap < _HOUR else _MINUTE if gap < _DAY else _HOUR
    # timedelta / timedelta is a float; half a unit more and floor division stays exact.
    return (gap + unit / 2) // unit * unit or None


def ordered_stages(draft: Draft, seen: Mapping[str, Visit], taken: set[str]) -> list[Stage]:
    """All touchpoints by their step, cut at the natural breaks."""
    names = {touchpoint.id: name for name, touchpoint in draft.by_name.items()}

    def step(touchpoint: Touchpoint) -> tuple[object, ...]:
        visit = seen[touchpoint.id]
        return visit.median, visit.mean, -visit.cases, names.get(touchpoint.id, "")

    line = sorted(draft.all, key=step)
    stages, start = [], 0
    for number, length in enumerate(breaks([seen[touchpoint.id].median for touchpoint in line]), start=1):
        members = line[start : start + length]
        start += length
        title = _called(members, draft, seen)
        stages.append(Stage(id=unique(f"stage-{number}", taken), title=title, touchpoints=tuple(members)))
    return stages


def _called(members: Sequence[Touchpoint], draft: Draft, seen: Mapping[str, Visit]) -> str:
    """A stage's title: the two touchpoints that most cases reach, or only the first where both would be long.

    "Other" lends its name only where it stands alone.
    """
    main = sorted(members, key=lambda t: (t is draft.other, -seen[t.id].cases))[:2]
    both = " · ".join(t.title for t in members if t in main and (t is not draft.other or len(members) == 1))
    return both if len(both) <= _CALLED else main[0].title


def given_stages(draft: Draft, listed: Mapping[str, Sequence[str]], taken: set[str], told: Telling) -> list[Stage]:
    """The stages as given, and one more for the rest."""
    stages = [
        Stage(
            id=unique(slug(str(title)) or f"stage-{number}", taken),
            title=title,
            touchpoints=tuple(draft.by_name[name] for name in names),
        )
        for number, (title, names) in enumerate(listed.items(), start=1)
    ]
    if draft.other is not None:
        stages.append(Stage(id=unique("rest", taken), title=told.no_stage(), touchpoints=(draft.other,)))
    return stages


def planned(stages: Iterable[Stage], draft: Draft, flows: Flows, floor: int) -> list[Transition]:
    """The main moves of enough cases, in the order of the map, from each touchpoint the strongest first."""
    other = draft.other.id if draft.other else None
    places = {t.id: place for place, t in enumerate(t for stage in stages for t in stage.touchpoints)}
    moves: dict[str, list[tuple[int, int, str]]] = {}
    totals: dict[str, int] = {}
    enough = {(flow.source, flow.target) for flow in flows if flow.cases >= floor}
    for departure in flows.probabilities():
        source, target = departure.source, departure.target
        totals[source] = totals.get(source, 0) + departure.count
        if target is not None and target != source and other not in (source, target):
            moves.setdefault(source, []).append((-departure.count, places[target], target))
    found = []
    for source in sorted(moves, key=places.__getitem__):
        for rank, (count, _, target) in enumerate(sorted(moves[source])):
            share = -count / totals[source]
            if share >= (_MAIN if rank else _STRONGEST) and (source, target) in enough:
                # Rounded down, so that the shares of one touchpoint never add up to more than all.
                found.append(Transition(source=source, target=target, share=-count * 1000 // totals[source] / 1000))
    return found
