"""What a scorecard says of few people is withheld, and so is what would give it away by subtraction.

The rule: no figure that *rests on* 1 to 9 journeys or customers leaves with a scorecard (`FLOOR` is 10), nor does the size of
such a group at a touchpoint or on a move. None at all is no group and is told. What large groups did is told however few of
them did it: a drop-off of 1 % of 500 journeys speaks of 500. The totals of the log are told too.

A touchpoint of few is left out of the counting altogether (`small_touchpoints`, `journeykit.measures.tracing.Trace.without`):
every other figure is what a map without it gives, so none of them can tell how many came there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from attrs import evolve

from journeykit.errors import ArgumentError
from journeykit.model import FunnelSource, Journey
from journeykit.results.records import Records
from journeykit.results.redacting import redacted
from journeykit.results.scores import Coverage, EvidenceRef, Move, Score, Scorecard, TouchpointCount

__all__ = ["FLOOR", "checked_floor", "count_text", "is_small", "small_touchpoints", "withheld"]

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
    few: Collection[str] = (),
    floor: int = FLOOR,
    names: Collection[str] | None = None,
) -> Scorecard:
    """The scorecard as it may leave: without figures that rest on fewer than ``floor``, and without what reveals them.

    ``few`` are the touchpoints (ids) that so few came to. The card must have been counted without them, as
    `journeykit.measures.tracing.Trace.without` does: then nothing on it adds up to what is withheld here. ``names`` are the
    event names that at least ``floor`` customers share (None: all are); other unclaimed names, and names that hold an e-mail
    address, a phone or a card number, are not listed. Raises `ArgumentError` for a floor below 1.
    """
    if checked_floor(floor) == 1:
        return evolve(card, floor=1)
    touchpoints = journey.touchpoints()
    rules = {str(t.match) for t in touchpoints if t.id in few and t.match is not None}
    titles = {t.id: t.title for t in touchpoints}
    funnels = {kpi.id: kpi.source.funnel for kpi in journey.kpis if isinstance(kpi.source, FunnelSource)}
    # A KPI that leads through such a touchpoint was counted as if nobody came there.
    led = {id for id, funnel in funnels.items() if not set(few).isdisjoint(funnel)}
    scores = [_score(score, few, rules, led, titles, floor) for score in card.scores]
    kept = _shares(card.scores, _segments(scores, titles, floor), titles)
    coverage = _coverage(card.coverage, few, floor, names)
    return evolve(card, coverage=coverage, scores=Records(kept, kind=Score, key=card.scores.key), floor=floor)


def small_touchpoints(counts: Iterable[TouchpointCount], people: Mapping[str, int], floor: int) -> frozenset[str]:
    """The ids of the touchpoints that 1 to ``floor - 1`` journeys came to, or so many customers (``people``, where known)."""
    return frozenset(c.id for c in counts if is_small(c.journeys, floor) or is_small(people.get(c.id), floor))


def _score(
    score: Score,
    few: Collection[str],
    rules: Collection[str],
    led: Collection[str],
    titles: Mapping[str, str],
    floor: int,
) -> Score:
    if score.status == "suppressed":
        # A scorer that withholds by itself may say how many there are by how it says so.
        return evolve(score, n=None)
    of_people = not score.evidence or any(ref.table in _PEOPLE for ref in score.evidence)
    # A component of weight 0 only stands beside the value: a target, a claim of the map.
    bases = [score.n, *(part.n for part in score.components if part.weight and score.n)]
    cited = {ref.rule for ref in score.evidence if ref.table == "events"}
    alone = bool(cited) and score.subject.id.split("#")[0] in few
    # One that nobody seems to enter cites no rows; only the map says through what it leads.
    through = score.subject.kind == "kpi" and (score.subject.id in led or not cited.isdisjoint(rules))
    if of_people and (alone or through or any(is_small(n, floor) for n in bases)):
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
    listed = [
        (name, n) for name, n in seen.unclaimed_events if (names is None or name in names) and redacted(name) == name
    ]
    # The rows of the touchpoints left out are unclaimed and not listed. Each may have floor - 1 journeys, so as many rows.
    least = (floor - 1) * len(few)
    # So few rows that each of them could be theirs are not counted at all.
    bare = least > 0 and seen.unclaimed is not None and seen.unclaimed <= least
    while listed and (bare or (seen.unclaimed or 0) - sum(n for _, n in listed) < least):
        listed.pop()
    moves = tuple(move for move in seen.moves if not is_small(move.journeys, floor))
    base = floor if len(moves) < len(seen.moves) else None
    return evolve(
        seen,
        events=None if bare else seen.events,
        unclaimed=None if bare else seen.unclaimed,
        touchpoints=tuple(
            evolve(count, events=None, journeys=None, on_board=None) if count.id in few else count
            for count in seen.touchpoints
        ),
        unclaimed_events=tuple(listed),
        moves=moves if base is None else tuple(_rounded(move, base) for move in moves),
        withheld_moves=len(seen.moves) - len(moves),
        moves_rounded_to=base,
    )


def _rounded(move: Move, base: int) -> Move:
    """As many moves go to a touchpoint as leave it, so beside one that is missing exact numbers would leave it over.

    To withhold a second move a line would often take the main path with it: most lines have two moves.
    """
    return evolve(move, count=_nearest(move.count, base), journeys=_nearest(move.journeys, base))


def _nearest(n: int, base: int) -> int:
    return (n + base // 2) // base * base
