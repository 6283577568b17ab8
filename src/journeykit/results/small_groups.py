"""What a scorecard says of few people is withheld, and so is what would give it away by subtraction.

The rule: no figure that *rests on* 1 to 9 journeys or customers leaves with a scorecard (`FLOOR` is 10), nor does the size of
such a group at a touchpoint or on a move. None at all is no group and is told. What large groups did is told however few of
them did it: a drop-off of 1 % of 500 journeys speaks of 500. The totals of the whole log are told too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from attrs import evolve

from journeykit.errors import ArgumentError
from journeykit.model import Journey
from journeykit.results.records import Records
from journeykit.results.redacting import redacted
from journeykit.results.scores import Coverage, EvidenceRef, Move, Score, Scorecard, TouchpointCount

__all__ = ["FLOOR", "checked_floor", "count_text", "is_small", "withheld"]

FLOOR = 10
"""The smallest group of journeys or customers whose figures are shown."""

# What a ref to these tables counts are people's doings; a KPI's metric and the map's own claims are not.
_PEOPLE = frozenset({"events", "feedback", "customers"})
_BELOW = "fewer-than-"
_PROTECTS = "protects-a-small-group"
# How far from 1 shares that add up to it may lie.
_ALL = 1e-6


def checked_floor(floor: int) -> int:
    """The floor; `ArgumentError` where it is no whole number from 1 on (1 withholds nothing)."""
    given: object = floor
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise ArgumentError(f"floor={floor!r}: give a whole number from 1 on; 1 withholds nothing")
    return floor


def is_small(n: int | None, floor: int = FLOOR) -> bool:
    """Whether there is somebody, but fewer than ``floor``."""
    return n is not None and 0 < n < floor


def count_text(score: Score) -> str:
    """What a score rests on, for people: ``1,204``, ``< 10`` or ``withheld``."""
    if score.n is not None and score.status != "suppressed":
        return f"{score.n:,}"
    reason = score.reason or ""
    return f"< {reason.removeprefix(_BELOW)}" if reason.startswith(_BELOW) else "withheld"


def withheld(
    card: Scorecard,
    journey: Journey,
    *,
    floor: int = FLOOR,
    names: Collection[str] | None = None,
    people: Mapping[str, int] | None = None,
) -> Scorecard:
    """The scorecard as it may leave: without figures that rest on fewer than ``floor``, and without what reveals them.

    ``names`` are the event names that at least ``floor`` customers share (None: all are); other unclaimed names, and names
    that hold an e-mail address, a phone or a card number, are not listed. ``people`` are the customers a touchpoint id where
    one journey is less than a customer: ten visits may be one person's. Raises `ArgumentError` for a floor below 1.
    """
    if checked_floor(floor) == 1:
        return evolve(card, floor=1)
    own = {id for id, n in (people or {}).items() if is_small(n, floor)}
    few = own | {count.id for count in card.coverage.touchpoints if is_small(count.journeys, floor)}
    coverage = _coverage(card.coverage, few, floor, names)
    hidden = {count.id for count in coverage.touchpoints if count.events is None}
    rules = {str(t.match) for t in journey.touchpoints() if t.id in hidden and t.match is not None}
    titles = {t.id: t.title for t in journey.touchpoints()}
    scores = [_score(score, few, rules, titles, floor) for score in card.scores]
    kept = _shares(card.scores, _segments(scores, titles, floor), titles)
    return evolve(card, coverage=coverage, scores=Records(kept, kind=Score, key=card.scores.key), floor=floor)


def _score(score: Score, few: Collection[str], rules: Collection[str], titles: Mapping[str, str], floor: int) -> Score:
    if score.status == "suppressed":
        # A scorer that withholds by itself may say how many there are by how it says so.
        return evolve(score, n=None)
    of_people = not score.evidence or any(ref.table in _PEOPLE for ref in score.evidence)
    # A component of weight 0 only stands beside the value: a target, a claim of the map.
    bases = [score.n, *(part.n for part in score.components if part.weight and score.n)]
    alone = score.subject.id.split("#")[0] in few and any(ref.table == "events" for ref in score.evidence)
    if of_people and (alone or any(is_small(n, floor) for n in bases)):
        return _without(score, f"{_BELOW}{floor}", f"it rests on fewer than {floor} customers or journeys", titles)
    return evolve(score, evidence=tuple(_ref(ref, rules, floor) for ref in score.evidence))


def _ref(ref: EvidenceRef, rules: Collection[str], floor: int) -> EvidenceRef:
    hidden = ref.table in _PEOPLE and is_small(ref.rows, floor)
    return evolve(ref, rows=None) if hidden or (ref.table == "events" and ref.rule in rules) else ref


def _without(score: Score, reason: str, why: str, titles: Mapping[str, str]) -> Score:
    name = (
        titles.get(score.subject.id, str(score.subject)) if score.subject.kind == "touchpoint" else str(score.subject)
    )
    return evolve(
        score,
        value=None,
        interval=None,
        p_value=None,
        n=None,
        status="suppressed",
        reason=reason,
        baseline=0.0,
        components=(),
        evidence=(),
        explanation=f"{score.scorer.capitalize()} of {name} is withheld: {why}.",
    )


def _shares(before: Sequence[Score], after: Sequence[Score], titles: Mapping[str, str]) -> list[Score]:
    """Where all values of a method add up to 1, one that is missing is what the others leave: a second one goes with it."""
    found = list(after)
    groups: dict[tuple[str, str, str | None, str], list[int]] = {}
    for place, score in enumerate(before):
        if score.value is not None and score.unit.startswith("share"):
            groups.setdefault((score.scorer, score.method, score.segment, score.subject.kind), []).append(place)
    for group in groups.values():
        left = [place for place in group if found[place].value is not None]
        if len(group) - len(left) == 1 and left and abs(sum(before[place].value or 0.0 for place in group) - 1) < _ALL:
            place = min(left, key=lambda place: (before[place].n or 0, place))
            found[place] = _without(found[place], _PROTECTS, "the shares add up to 1, and one is withheld", titles)
    return found


def _segments(scores: Sequence[Score], titles: Mapping[str, str], floor: int) -> list[Score]:
    """Segments are withheld, the smallest first, until everyone without the segments shown is nobody or enough."""
    found = list(scores)
    places: dict[tuple[str, str, str], list[int]] = {}
    for place, score in enumerate(found):
        if score.n is not None:
            places.setdefault((score.scorer, score.subject.kind, score.subject.id), []).append(place)
    for group in places.values():
        whole = sum(found[place].n or 0 for place in group if found[place].segment is None)
        parts = sorted((found[place].n or 0, place) for place in group if found[place].segment is not None)
        parts = [(n, place) for n, place in parts if n]
        while parts and is_small(whole - sum(n for n, _ in parts), floor):
            _, place = parts.pop(0)
            why = f"everyone else would be fewer than {floor} customers"
            found[place] = _without(found[place], _PROTECTS, why, titles)
    return found


def _coverage(seen: Coverage, few: Collection[str], floor: int, names: Collection[str] | None) -> Coverage:
    touchpoints = _touchpoints(seen, few, floor)
    hidden = any(count.events is None for count in touchpoints)
    moves, base = _moves(seen.moves, few, hidden=hidden, floor=floor)
    listed = [
        (name, n) for name, n in seen.unclaimed_events if (names is None or name in names) and redacted(name) == name
    ]
    return evolve(
        seen,
        touchpoints=touchpoints,
        unclaimed_events=tuple(listed),
        moves=moves,
        withheld_moves=len(seen.moves) - len(moves),
        moves_rounded_to=base,
    )


def _touchpoints(seen: Coverage, few: Collection[str], floor: int) -> tuple[TouchpointCount, ...]:
    counts = seen.touchpoints
    events = {count.id: count.events or 0 for count in counts}
    hidden = set(few)
    # The events of the touchpoints add up to a published total, so what is left over must hide who it belongs to.
    for _, id in sorted((n, id) for id, n in events.items() if n and id not in few):
        if not hidden or (len(hidden) > 1 and not is_small(sum(events[i] for i in hidden), floor)):
            break
        hidden.add(id)
    boards = _boards(seen, few, floor)
    return tuple(
        evolve(
            count,
            events=None if count.id in hidden else count.events,
            journeys=None if count.id in few else count.journeys,
            on_board=board,
        )
        for count, board in zip(counts, boards, strict=True)
    )


def _boards(seen: Coverage, few: Collection[str], floor: int) -> list[int | None]:
    """Still on board, without the steps that would tell how many came to a withheld touchpoint and no further."""
    shown: list[int | None] = []
    before, guarded = seen.journeys, False
    for place, count in enumerate(seen.touchpoints):
        guarded |= place > 0 and seen.touchpoints[place - 1].id in few
        here = count.on_board or 0
        if is_small(here, floor) or (guarded and is_small(before - here, floor)):
            shown.append(None)
        else:
            shown.append(here)
            before, guarded = here, False
    _guard_the_last(shown, seen, few, floor)
    return shown


def _guard_the_last(shown: list[int | None], seen: Coverage, few: Collection[str], floor: int) -> None:
    """Nobody gets further than the last touchpoint: its journeys tell its step, so the steps before it are withheld instead."""
    last = len(shown) - 1
    if last < 0 or shown[last] is not None or seen.touchpoints[last].id in few:
        return
    arrived = shown[last] = seen.touchpoints[last].on_board or 0
    for place in range(last - 1, -1, -1):
        step = shown[place]
        if step is not None and not is_small(step - arrived, floor):
            return
        shown[place] = None


def _moves(
    moves: Sequence[Move], few: Collection[str], *, hidden: bool, floor: int
) -> tuple[tuple[Move, ...], int | None]:
    """The moves of enough journeys, and what their numbers are rounded to.

    As many moves go to a touchpoint as leave it, and as many as it has events (until journeys end), so where one is missing,
    or the events of a touchpoint are ``hidden``, exact numbers would leave it over. Rounded to the floor they leave a range.
    To withhold a second move a line, as for touchpoints, would often take the main path with it: most lines have two moves.
    """
    kept = [m for m in moves if not is_small(m.journeys, floor) and not {m.source, m.target} & set(few)]
    if len(kept) == len(moves) and not hidden:
        return tuple(kept), None
    return tuple(evolve(m, count=_rounded(m.count, floor), journeys=_rounded(m.journeys, floor)) for m in kept), floor


def _rounded(n: int, base: int) -> int:
    return (n + base // 2) // base * base
