from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.errors import ArgumentError
from journeykit.measures import (
    Accumulator,
    Batch,
    Funnel,
    Occurrences,
    Sessions,
    Steps,
    Trace,
    Tracing,
    Transitions,
    Variants,
)
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

MICROSECOND = timedelta(microseconds=1)
LABELS = {"a": "a", "b": "b", "win": "win"}
JOURNEY = Journey(
    id="map",
    title="Map",
    outcome=Outcome(success=Match(event="win"), abandon=Match(event="quit"), within=timedelta(seconds=1)),
    stages=[
        Stage(id="all", title="All", touchpoints=[Touchpoint(id=i, title=i, match=Match(event=i)) for i in LABELS])
    ],
)
STATES: dict[str, Callable[..., Accumulator[Any]]] = {
    "transitions": lambda **kw: Transitions(by=True, **kw),
    "variants": lambda **kw: Variants(by=True, **kw),
    "top variants": lambda **kw: Variants(top=2, by=True, **kw),
    "occurrences": lambda **kw: Occurrences(order=("win", "b"), by=True, **kw),
    "steps": lambda **kw: Steps(depth=4, by=True, **kw),
    "sessions": lambda **kw: Sessions(timeout=2 * MICROSECOND, **kw),
    "ordered funnel": lambda **kw: Funnel(["a", "b", "win"], within=4 * MICROSECOND, by=True, **kw),
    "strict funnel": lambda **kw: Funnel(["a", "b", "a"], mode="strict", by=True, **kw),
    "any-order funnel": lambda **kw: Funnel(["b", "a", "win"], mode="any-order", within=5 * MICROSECOND, by=True, **kw),
    "trace": lambda **kw: Tracing(JOURNEY, inactivity=3 * MICROSECOND, **kw),
}
every_state = pytest.mark.parametrize("state", STATES.values(), ids=STATES)

events = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["a", "b", "win", "quit", "noise"])), min_size=1, max_size=7
)
cases = st.lists(
    st.tuples(st.sampled_from([None, "x", "y"]), events.map(lambda e: sorted(e, key=lambda r: r[0]))), max_size=9
)
logs = cases.map(lambda rows: [(number, *row) for number, row in enumerate(sorted(rows, key=lambda row: row[1][0][0]))])


def plain(result: object) -> object:
    """The result as something that == compares to the last digit."""
    if not isinstance(result, Trace):
        return result
    names = (
        "offsets",
        "codes",
        "times",
        "cut",
        "success_code",
        "converted",
        "abandoned",
        "late",
        "open",
        "first",
        "ended",
    )
    return result.coverage, result.paths.touchpoints, *(getattr(result.paths, name).tolist() for name in names)


# A log with one more name, which sorts before the others, in another order.
OTHER_LABELS = {"win": "win", "unseen": "0", "b": "b", "a": "a"}


def batched(make_batch: Callable[..., Batch], rows: list[Any], *, other: bool = False, **more: Any) -> Batch:
    labels = OTHER_LABELS if other else LABELS
    return make_batch(rows, labels=labels, success="win", abandon="quit", reverse=other, **more)


def counted(state: Accumulator[Any], batch: Batch) -> Accumulator[Any]:
    state.update(batch)
    return state


@every_state
@given(log=logs, seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_cut(
    state: Callable[..., Accumulator[Any]], make_batch: Callable[..., Batch], log: list[Any], seed: int
) -> None:
    """However the cases are cut into batches, the result is the same, in a continuing state too."""
    whole = counted(state(), batched(make_batch, log))
    cuts = sorted(random.Random(seed).choices(range(len(log) + 1), k=3))
    for continuing in (False, True):
        pieces = state(continuing=continuing)
        for start, stop in zip([0, *cuts], [*cuts, len(log)], strict=True):
            pieces.update(batched(make_batch, log[start:stop]))

        assert plain(whole.result()) == plain(pieces.result())


@every_state
@given(log=logs, seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_merge(
    state: Callable[..., Accumulator[Any]], make_batch: Callable[..., Batch], log: list[Any], seed: int
) -> None:
    """However the cases are parted, and in whatever order the states are merged, the result is the same."""
    whole = counted(state(), batched(make_batch, log))
    chance = random.Random(seed)
    homes = [chance.randrange(3) for _ in log]
    for continuing in (False, True):
        parts = [
            counted(
                state(continuing=continuing),
                # A journey's labels are its map's; other labels may be coded differently in every part.
                batched(
                    make_batch,
                    [row for row, at in zip(log, homes, strict=True) if at == home],
                    other=home == 1 and not isinstance(whole, Tracing),
                ),
            )
            for home in range(3)
        ]
        chance.shuffle(parts)
        parts[1].merge(parts[2])
        parts[0].merge(parts[1])

        assert plain(whole.result()) == plain(parts[0].result())


@every_state
@given(log=logs, first=st.integers(0, 7), second=st.integers(0, 7))
@settings(max_examples=40, deadline=None)
def test_then(
    state: Callable[..., Accumulator[Any]], make_batch: Callable[..., Batch], log: list[Any], first: int, second: int
) -> None:
    """Whenever time is cut, the spans joined with then give the result of the whole, whichever two are joined first."""
    whole = counted(state(), batched(make_batch, log))
    early, late = sorted((first, second))
    spans = []
    for low, high in ((-1, early), (early, late), (late, 99)):
        seen = [(n, s, [row for row in rows if low <= row[0] - 0.5 < high]) for n, s, rows in log]
        spans.append([case for case in seen if case[2]])

    def opened(span: list[Any]) -> Accumulator[Any]:
        other = span is spans[1] and not isinstance(whole, Tracing)
        return counted(state(continuing=True), batched(make_batch, span, other=other))

    left = opened(spans[0])
    left.then(opened(spans[1]))
    left.then(opened(spans[2]))
    right = opened(spans[1])
    right.then(opened(spans[2]))
    start = opened(spans[0])
    start.then(right)

    assert plain(whole.result()) == plain(left.result())
    assert plain(whole.result()) == plain(start.result())


@every_state
def test_empty(state: Callable[..., Accumulator[Any]], make_batch: Callable[..., Batch]) -> None:
    """A state that saw nothing, or an empty batch, has a result and can be merged."""
    one, two = state(), state()
    two.update(batched(make_batch, []))
    one.merge(two)

    assert plain(state().result()) == plain(one.result())
    assert one.nbytes >= 0


@every_state
def test_twice(state: Callable[..., Accumulator[Any]], make_batch: Callable[..., Batch]) -> None:
    """No case is counted twice: not in one state, not by merging, and a refusal leaves the state as it was."""
    batch = batched(make_batch, [(3, "x", [(0, "a")]), (4, None, [(1, "b"), (2, "win")])])
    for continuing in (False, True):
        one, two = counted(state(continuing=continuing), batch), counted(state(continuing=continuing), batch)
        before = plain(one.result())
        with pytest.raises(ArgumentError, match="cases are in both states"):
            one.update(batch)
        with pytest.raises(ArgumentError, match="cases are in both states"):
            one.merge(two)
        with pytest.raises(ArgumentError, match="itself"):
            one.merge(one)

        assert before == plain(one.result())
        assert one.nbytes > 0


def test_parts(make_batch: Callable[..., Batch]) -> None:
    """Parts with names hold different cases by the caller's word; a log without a name may share cases with any."""
    rows = [(0, None, [(0, "a"), (1, "b")])]
    east, west, nameless = (counted(Transitions(), batched(make_batch, rows, part=part)) for part in ("e", "w", ""))
    east.merge(west)
    with pytest.raises(ArgumentError, match="without a part name"):
        east.merge(nameless)

    assert east.result()["a", "b"].count == 2


def test_unlike(make_batch: Callable[..., Batch]) -> None:
    """States of different measures, settings or kinds are not merged."""
    for one, two in (
        (Transitions(), Steps()),
        (Steps(depth=3), Steps(depth=4)),
        (Funnel(["a", "b"]), Funnel(["a", "b"], mode="strict")),
        (Variants(), Variants(continuing=True)),
    ):
        with pytest.raises(ArgumentError):
            one.merge(two)


def test_then_refuses(make_batch: Callable[..., Batch]) -> None:
    """then needs both rows and time: summaries, earlier events, nameless cases and nothing at all are refused."""
    early = [(0, None, [(0, "a"), (5, "b")])]
    late = [(0, None, [(4, "a")])]
    with pytest.raises(ArgumentError, match="continuing=True"):
        Transitions().then(Transitions())
    one, two = (counted(Transitions(continuing=True), batched(make_batch, rows)) for rows in (early, late))
    with pytest.raises(ArgumentError, match="before the end of their case"):
        one.then(two)
    with pytest.raises(ArgumentError, match="nothing to join"):
        Transitions(continuing=True).then(Transitions(continuing=True))
    with pytest.raises(ArgumentError, match="name their cases"):
        Transitions(continuing=True).update(attrs.evolve(batched(make_batch, early), keys=()))

    assert one.result()["a", "b"].count == 1


def test_disorder(make_batch: Callable[..., Batch]) -> None:
    """A batch out of order is refused, by time within a case and by case."""
    for rows in ([(0, None, [(5, "a"), (4, "b")])], [(1, None, [(0, "a")]), (0, None, [(0, "a")])]):
        with pytest.raises(ArgumentError, match="ordered by case and time"):
            Transitions().update(batched(make_batch, rows))


def test_foreign_map(make_batch: Callable[..., Batch]) -> None:
    """A trace refuses batches that were coded for another journey, and has not counted them."""
    state = Tracing(JOURNEY)
    with pytest.raises(ArgumentError, match="not made for the journey 'map'"):
        state.update(batched(make_batch, [(0, None, [(0, "a")])], other=True))
    state.update(batched(make_batch, [(0, None, [(0, "a")])]))

    assert 1 == state.result().coverage.cases


# -- the same figures, counted slowly ---------------------------------------------------------------------------------------


def claimed(log: list[Any]) -> list[tuple[int, str | None, list[tuple[int, str]]]]:
    kept = [(number, segment, [row for row in rows if row[1] in LABELS]) for number, segment, rows in log]
    return [case for case in kept if case[2]]


def type7(values: list[int], tenths: int) -> timedelta:
    values = sorted(values)
    place = Fraction((len(values) - 1) * tenths, 10)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return timedelta(microseconds=round(values[low] + (values[high] - values[low]) * (place - low)))


@given(log=logs)
@settings(max_examples=100, deadline=None)
def test_transitions_reference(make_batch: Callable[..., Batch], log: list[Any]) -> None:
    """Counts, cases, gaps, starts and ends are those of a plain loop over the cases."""
    gaps: dict[Any, list[int]] = {}
    having: dict[Any, set[int]] = {}
    ends: dict[Any, int] = {}
    for number, segment, rows in claimed(log):
        for (t0, a), (t1, b) in pairwise(rows):
            gaps.setdefault((segment, a, b), []).append(t1 - t0)
            having.setdefault((segment, a, b), set()).add(number)
        ends[segment, rows[-1][1]] = ends.get((segment, rows[-1][1]), 0) + 1
    expected = {key: (len(g), len(having[key]), type7(g, 5), type7(g, 9)) for key, g in gaps.items()}

    flows = counted(Transitions(), batched(make_batch, log)).result()

    assert expected == {(f.segment, f.source, f.target): (f.count, f.cases, f.median, f.p90) for f in flows}
    assert ends == {(e.segment, e.label): e.count for e in flows.ends}
    for segment, source in {(d.segment, d.source) for d in flows.probabilities()}:
        shares = [d.share for d in flows.probabilities() if (d.segment, d.source) == (segment, source)]
        assert sum(shares) == pytest.approx(1)


@given(log=logs)
@settings(max_examples=100, deadline=None)
def test_counts_reference(make_batch: Callable[..., Batch], log: list[Any]) -> None:
    """Variants, reach, rework, steps and sessions are those of a plain loop over the cases."""
    batch = batched(make_batch, log)
    rows = claimed(log)
    paths = [(segment, tuple(label for _, label in events)) for _, segment, events in rows]
    variants = counted(Variants(), batch).result()
    reach, rework = counted(Occurrences(), batch).result()
    matrix = counted(Steps(depth=3), batch).result()
    sessions = counted(Sessions(timeout=2 * MICROSECOND), batch).result()

    assert {p: paths.count(p) for p in paths} == {(v.segment, v.path): v.count for v in variants}
    for record, again in zip(reach, rework, strict=True):
        mine = [path for segment, path in paths if segment == record.segment]
        assert sum(record.label in path for path in mine) == record.cases == again.reached
        assert sum(path.count(record.label) > 1 for path in mine) == again.cases
        assert record.share == record.cases / len(mine)
    for share in matrix:
        mine = [path for segment, path in paths if segment == share.segment]
        at = [path[share.step - 1] if len(path) >= share.step else None for path in mine]
        assert at.count(share.label) == share.cases
    for summary in sessions:
        found: list[list[int]] = []
        for _, _, events in (case for case in rows if case[1] == summary.segment):
            for i, (time, _) in enumerate(events):
                if i == 0 or time - events[i - 1][0] > 2:
                    found.append([])
                found[-1].append(time)
        assert len(found) == summary.sessions
        assert sum(len(s) == 1 for s in found) == summary.bounces
        assert type7([s[-1] - s[0] for s in found], 5) == summary.median_duration


def attempts(mode: str, path: list[tuple[int, str]], wanted: list[str], window: int | None) -> list[int | None]:
    """For each step the time from entry in the attempt that gets there first (the latest entry of equals), None if never."""
    best: list[tuple[int, int] | None] = [None] * len(wanted)
    for entry, (_, label) in enumerate(path):
        if label != wanted[0]:
            continue
        reached: list[int | None] = [entry]
        if mode == "ordered":
            for step in wanted[1:]:
                after = reached[-1]
                reached.append(
                    None
                    if after is None
                    else next((i for i in range(after + 1, len(path)) if path[i][1] == step), None)
                )
        elif mode == "strict":
            for offset, step in enumerate(wanted[1:], start=1):
                there = entry + offset < len(path) and path[entry + offset][1] == step and reached[-1] is not None
                reached.append(entry + offset if there else None)
        else:
            nexts = [next((i for i in range(entry + 1, len(path)) if path[i][1] == s), None) for s in wanted[1:]]
            for depth in range(1, len(wanted)):
                some = nexts[:depth]
                reached.append(None if None in some else max(n for n in some if n is not None))
        for step, at in enumerate(reached):
            if at is None or (window is not None and path[at][0] - path[entry][0] > window):
                break
            old = best[step]
            if old is None or (at, -entry) < (old[0], -old[1]):
                best[step] = (at, entry)
    return [None if b is None else path[b[0]][0] - path[b[1]][0] for b in best]


@pytest.mark.parametrize("mode", ["ordered", "strict", "any-order"])
@given(
    log=logs,
    wanted=st.lists(st.sampled_from(["a", "b", "win", "never"]), min_size=2, max_size=4),
    window=st.one_of(st.none(), st.integers(0, 6)),
)
@settings(max_examples=150, deadline=None)
def test_funnel_reference(
    make_batch: Callable[..., Batch], mode: Any, log: list[Any], wanted: list[str], window: int | None
) -> None:
    """In every mode, with and without a window, entrants and times are those of trying every entry."""
    if mode == "any-order":
        wanted = list(dict.fromkeys(wanted))
        if len(wanted) < 2:
            return
    state = Funnel(wanted, mode=mode, within=None if window is None else window * MICROSECOND, by=True)
    steps = counted(state, batched(make_batch, log)).result()
    for segment in {s for _, s, _ in claimed(log)}:
        found = [attempts(mode, rows, wanted, window) for _, s, rows in claimed(log) if s == segment]
        for record in (r for r in steps if r.segment == segment):
            times = [case[record.step - 1] for case in found]
            reached = [time for time in times if time is not None]

            assert len(reached) == record.entered
            assert (type7(reached, 5) if reached and record.step > 1 else None) == record.median_time


@given(log=logs, inactivity=st.integers(0, 5), until=st.one_of(st.none(), st.integers(3, 12)), within=st.integers(0, 4))
@settings(max_examples=200, deadline=None)
def test_trace_reference(
    make_batch: Callable[..., Batch], log: list[Any], inactivity: int, until: int | None, within: int
) -> None:
    """Paths and coverage are those of a plain loop over the cases."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    # The model knows windows of whole seconds, so the times of this test are seconds.
    log = [(n, s, [(t * 1_000_000, e) for t, e in rows]) for n, s, rows in log]
    outcome = attrs.evolve(JOURNEY.outcome, within=timedelta(seconds=within) if within else None)
    state = Tracing(
        attrs.evolve(JOURNEY, outcome=outcome),
        inactivity=timedelta(seconds=inactivity),
        observed_until=None if until is None else epoch + timedelta(seconds=until),
    )
    found = counted(state, batched(make_batch, log)).result()
    every = [time for _, _, rows in log for time, _ in rows]
    end = until * 1_000_000 if until is not None else max(every, default=0)
    expected = []
    for _, _, rows in log:
        visits = [(time, name) for time, name in rows if name in LABELS]
        won = next((i for i, (_, name) in enumerate(rows) if name == "win"), None)
        quit_ = any(name == "quit" for _, name in rows)
        if not visits and not quit_:
            continue
        inside = [row for row in rows if not within or row[0] - rows[0][0] <= within * 1_000_000]
        in_time = won is not None and won < len(inside)
        cut = len([row for row in inside[: won if in_time else None] if row[1] in LABELS])
        ended = rows[won][0] if in_time and won is not None else inside[-1][0]
        gave_up = any(name == "quit" for _, name in inside) and not in_time
        waiting = end - ended < inactivity * 1_000_000
        codes = [list(LABELS).index(name) for _, name in visits]
        late = won is not None and not in_time
        expected.append((codes, cut, 2 if in_time else -1, in_time, gave_up, late, waiting, rows[0][0], ended))

    p = found.paths
    columns = (p.cut, p.success_code, p.converted, p.abandoned, p.late, p.open, p.first, p.ended)
    paths = [p.codes[a:b].tolist() for a, b in pairwise(p.offsets)]
    c = found.coverage

    # Journeys that begin at one time have an order of their own (test_case_order.py).
    assert sorted(expected) == sorted(zip(paths, *(column.tolist() for column in columns), strict=True))
    assert p.first.tolist() == sorted(p.first.tolist())
    assert (len(every), len(log)) == (c.events, c.cases)
    assert c.events == c.claimed + c.unclaimed
    assert c.cases == c.journeys + c.off_map
    assert c.journeys == c.closed + c.open
    assert c.unclaimed == sum(count for _, count in c.unclaimed_events)
    assert c.converted == sum(case[3] and not case[6] for case in expected)
    assert c.abandoned == sum(case[4] and not case[6] for case in expected)
    for place, count in enumerate(c.touchpoints):
        assert count.events == sum(case[0].count(place) for case in expected)
        assert count.journeys == sum(place in case[0] for case in expected)
        assert count.on_board == sum(max(case[0], default=-1) >= place for case in expected)
    assert np.all(np.diff([count.on_board for count in c.touchpoints]) <= 0)
    # What a path does up to its end: its visits before the success and the success itself, where a touchpoint claims it.
    walked = [[None, *(list(LABELS)[k] for k in case[0][: case[1] + (case[2] >= 0)]), None] for case in expected]
    moves = Counter(move for path in walked for move in pairwise(path))
    whose = Counter(move for path in walked for move in set(pairwise(path)))
    place = {None: -1} | {name: i for i, name in enumerate(LABELS)}
    order = sorted(moves, key=lambda move: (place[move[0]], move[1] is None, place[move[1]]))
    assert [(*move, moves[move], whose[move]) for move in order] == [
        (move.source, move.target, move.count, move.journeys) for move in c.moves
    ]


def test_then_refuses_two_cases_of_one_name(make_batch: Callable[..., Batch]) -> None:
    """Parts that hold different cases of one name are never made one case by what comes later; the state stays as it was."""
    rows = [(0, None, [(0, "a")])]
    year = counted(Variants(continuing=True), batched(make_batch, rows, part="east"))
    year.merge(counted(Variants(continuing=True), batched(make_batch, rows, part="west")))
    with pytest.raises(ArgumentError, match="a case of the same name"):
        year.then(counted(Variants(continuing=True), batched(make_batch, [(0, None, [(5, "b")])], part="east")))

    assert 2 == year.result()[0].count


def test_too_many_pairs(make_batch: Callable[..., Batch]) -> None:
    """Pairs whose numbers would not fit 64 bits are refused; they would otherwise run into each other."""
    batch = batched(make_batch, [(0, None, [(0, "a"), (1, "b")])])
    many = attrs.evolve(batch, labels=(*batch.labels, *["z"] * 3_000_000), groups=("g",) * 1_100_000)
    with pytest.raises(ArgumentError, match="more pairs than can be told apart"):
        Transitions(by=True).update(many)
