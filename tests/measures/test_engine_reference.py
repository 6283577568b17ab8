"""From the log in the engine to the figures, against plain loops over the rows: nothing is shared with what is tested."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit import measures
from journeykit.evidence import EventLog
from journeykit.measures import _coding, _gathering, ordering

Make = Callable[..., EventLog]
Row = tuple[str, int, str, "str | None", "int | None"]
START = datetime(2024, 1, 1)
NAMES = ("a", "b", "ż", "北京", "a b'\"", "𝒜", "é", "é", "A")
rows = st.lists(
    st.tuples(
        st.sampled_from(["u", "v", "ü", "客"]),
        st.integers(0, 5),
        st.sampled_from(NAMES),
        st.sampled_from([None, "web", "äpp"]),
        st.sampled_from([None, 1, 2]),
    ),
    max_size=25,
)


@pytest.fixture(scope="module", params=["one piece", "pieces", "collisions", "spilled"], autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every way through the engine: in one piece, in threads, with hashes that collide, with every row written to disk."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param != "one piece":
            patch.setattr(ordering, "_ROWS", 2)
        if request.param == "collisions":
            patch.setattr(_coding, "_HASHED", "(hash({}) % 3)::UBIGINT")
        if request.param == "spilled":
            patch.setattr(_gathering, "_SHARE", 0)
        yield request.param


def walks(found: list[Row]) -> dict[str, list[Row]]:
    """The rows of every customer in order: time, then order (none last), then record."""
    cases: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        cases[row[0]].append(row)
    for case in cases.values():
        case.sort(key=lambda row: (row[1], row[4] is None, row[4] or 0))
    return cases


def log_of(make_log: Make, found: list[Row]) -> EventLog:
    written = [(u, START + timedelta(seconds=t), e, channel, order) for u, t, e, channel, order in found]
    return make_log(written, extra={"channel": "VARCHAR", "order": "BIGINT"})


@given(found=rows, by=st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_measure(make_log: Make, found: list[Row], by: bool) -> None:
    """Ties, exact duplicates, cases of one event, empty optional cells and names of any script: all is counted as by hand."""
    log, column = log_of(make_log, found), "channel" if by else None
    cases = walks(found)
    # The segment is the value at the first event.
    segment = {u: case[0][3] if by else None for u, case in cases.items()}
    paths = {u: tuple(row[2] for row in case) for u, case in cases.items()}
    pairs = Counter((segment[u], *pair) for u, path in paths.items() for pair in pairwise(path))
    having = Counter((segment[u], *pair) for u, path in paths.items() for pair in set(pairwise(path)))
    ways = Counter((segment[u], path) for u, path in paths.items())
    sessions = Counter[Any]()
    for u, case in cases.items():
        sessions[segment[u]] += 1 + sum(b[1] - a[1] > 2 for a, b in pairwise(case))
    states = (
        measures.Transitions(by=by),
        measures.Variants(by=by),
        measures.Occurrences(by=by),
        measures.Sessions(timeout=timedelta(seconds=2)),
        measures.Steps(depth=2, by=by),
    )
    measures.fold(log, states, by=column)
    flows, variants, (reach, rework), summary, steps = (state.result() for state in states)

    assert pairs == {(f.segment, f.source, f.target): f.count for f in flows}
    assert having == {(f.segment, f.source, f.target): f.cases for f in flows}
    assert ways == {(v.segment, v.path): v.count for v in variants}
    assert Counter((segment[u], e) for u, path in paths.items() for e in set(path)) == {
        (r.segment, r.label): r.cases for r in reach
    }
    again = Counter((segment[u], e) for u, path in paths.items() for e, n in Counter(path).items() if n > 1)
    assert again == {(r.segment, r.label): r.cases for r in rework if r.cases}
    assert sessions == {s.segment: s.sessions for s in summary}
    firsts = Counter((segment[u], path[0]) for u, path in paths.items())
    assert firsts == {(s.segment, s.label): s.cases for s in steps if s.step == 1}
    tied = sum(a[1] == b[1] and a[4] == b[4] for case in cases.values() for a, b in pairwise(case))
    assert tied == sum(batch.ties for batch in measures.ordered(log, measures.View()))


def converts(case: list[Row], steps: tuple[str, ...], window: int, mode: str) -> int:
    """How many steps a case gets to, trying every entry."""
    best = 0
    for entry, (_, begun, name, _, _) in enumerate(case):
        if name != steps[0]:
            continue
        inside = [(i, row) for i, row in enumerate(case) if i > entry and row[1] - begun <= window]
        reached, place = 1, entry
        for depth, step in enumerate(steps[1:], start=1):
            if mode == "strict":
                after = [i for i, row in inside if i == entry + depth and row[2] == step]
            elif mode == "ordered":
                after = [i for i, row in inside if i > place and row[2] == step]
            else:
                after = [i for i, row in inside if row[2] == step]
            if not after:
                break
            place, reached = after[0], depth + 1
        best = max(best, reached)
    return best


@pytest.mark.parametrize("mode", ["ordered", "strict", "any-order"])
@given(found=rows, steps=st.permutations(NAMES[:4]), window=st.integers(0, 5), by=st.booleans())
@settings(max_examples=40, deadline=None)
def test_funnels(make_log: Make, mode: Any, found: list[Row], steps: list[str], window: int, by: bool) -> None:
    """A funnel with re-entry, in a window and by segment, is what trying every entry of every case gives."""
    wanted = tuple(steps[:3])
    log = log_of(make_log, found)
    span = timedelta(seconds=window)
    result = measures.funnel(log, wanted, within=span, mode=mode, by="channel" if by else None)
    expected: Counter[Any] = Counter()
    for case in walks(found).values():
        for step in range(converts(case, wanted, window, mode)):
            expected[case[0][3] if by else None, step + 1] += 1

    assert expected == {(r.segment, r.step): r.entered for r in result if r.entered}
    assert all((mode, span) == (r.mode, r.within) for r in result)


def test_seventy_thousand_names(make_log: Make) -> None:
    """With 70,000 distinct event names every measure works, and says what a loop over the rows says."""
    many = 70_000
    names = [f"page {(i * 7919) % many}" for i in range(many)]
    written = [
        (f"u{i % 50}", START + timedelta(seconds=i % 400), name) for i, name in enumerate([*names, *names[:500]])
    ]
    log = make_log([])
    connection = log.table.connection
    import pyarrow as pa

    table = pa.table({
        "customer": [u for u, _, _ in written], "time": pa.array([t for _, t, _ in written], pa.timestamp("us")),
        "event": [e for _, _, e in written],
    })  # fmt: skip
    connection.register("many", table)
    connection.execute("INSERT INTO events SELECT customer, time, event, 0, row_number() OVER () FROM many")
    cases: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for user, time, name in written:
        cases[user].append((time, name))
    paths = [tuple(name for _, name in sorted(case, key=lambda row: row[0])) for case in cases.values()]
    states = (measures.Transitions(), measures.Variants(), measures.Occurrences(), measures.Funnel(paths[0][5:8]))
    measures.fold(log, states)
    flows, variants, (reach, _), funnel = (state.result() for state in states)

    assert Counter(pair for path in paths for pair in pairwise(path)) == {(f.source, f.target): f.count for f in flows}
    assert Counter(paths) == {v.path: v.count for v in variants}
    assert Counter(e for path in paths for e in set(path)) == {r.label: r.cases for r in reach}
    assert many == len(reach)
    assert funnel[2].entered >= 1
