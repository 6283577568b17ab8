"""The way from rows to ordered pieces: tokens, parting, spilling, and the order within a piece."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit import measures
from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import EventLog
from journeykit.measures import View, _coding, _gathering, ordering
from journeykit.measures._arranging import arrange
from journeykit.measures._coding import Again, Lookup, spread
from journeykit.measures._pieces import Pieces, split
from journeykit.measures._tallies import parted
from journeykit.model import Condition, Journey, Match, Stage, Touchpoint

START = datetime(2024, 1, 1)
Make = Callable[..., EventLog]
# Tokens of which many share the digits that are sorted first: the first 32 bits, or all but one bit.
tokens = st.sampled_from(
    [(high << 61) | (mid << 40) | low for high in (0, 5) for mid in (0, 1) for low in (0, 1, 1 << 30)]
)


@given(
    rows=st.lists(st.tuples(tokens, st.integers(0, 3), st.integers(0, 1), st.integers(0, 5))),
    having=st.sampled_from([("time",), ("time", "order"), ("time", "place"), ("time", "order", "place")]),
)
def test_the_order_in_a_piece(rows: list[tuple[int, int, int, int]], having: tuple[str, ...]) -> None:
    """Rows stand by case, then time, then what else decides, then as they came, whatever bits the tokens share."""
    table = {
        "case": np.array([row[0] for row in rows], dtype=np.uint64),
        **{
            name: np.array([row[1 + i] for row in rows], dtype=np.int64)
            for i, name in enumerate(("time", "order", "place"))
            if name in having
        },
    }
    chosen = [1 + ("time", "order", "place").index(name) for name in having]
    expected = sorted(range(len(rows)), key=lambda i: (rows[i][0], *(rows[i][column] for column in chosen), i))
    order, starts, times = arrange(table, 0)

    assert expected == order.tolist()
    assert [rows[at][1] for at in expected] == times.tolist()
    firsts = [i for i, at in enumerate(expected) if i == 0 or rows[at][0] != rows[expected[i - 1]][0]]
    assert firsts == starts.tolist()


@given(
    lots=st.lists(st.lists(st.tuples(tokens, st.integers(-9, 9)), max_size=6), min_size=1, max_size=5),
    bits=st.integers(0, 4),
    memory=st.sampled_from([0, 100, 10**9]),
)
def test_parting(lots: list[list[tuple[int, int]]], bits: int, memory: int) -> None:
    """A piece has the rows of its cases in the order in which they came, from memory and disk alike; nothing is left on disk."""
    pieces = Pieces(memory=memory)
    for lot in lots:
        case = np.array([token for token, _ in lot], dtype=np.uint64)
        pieces.add(split({"case": case, "time": np.array([time for _, time in lot], dtype=np.int64)}, bits))
    found = [pieces.piece(number) for number in range(1 << bits)]
    every = [row for lot in lots for row in lot]

    for number, rows in enumerate(found):
        mine = [(token, time) for token, time in every if token >> (64 - bits) == number]
        assert mine == list(zip(rows["case"].tolist(), rows["time"].tolist(), strict=True))
        assert len(mine) == pieces.rows(number)
    pieces.close()


def test_the_disk_that_may_be_used(tmp_path: Path) -> None:
    """What is written stays in the folder it was given, is gone at the end, and never exceeds what may be written."""
    lot = split({"case": np.arange(100, dtype=np.uint64)}, 2)
    pieces = Pieces(memory=0, disk=1_000, folder=tmp_path)
    pieces.add(lot)
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    with pytest.raises(OSError, match="No space left on device"):
        pieces.add(lot)
    pieces.close()

    assert [800] == [len(path.read_bytes()) for path in there if path.exists()] or not there[0].exists()
    assert [] == [*tmp_path.iterdir()]


@given(
    found=st.sets(st.integers(0, 2**64 - 1), min_size=1, max_size=400) | st.sets(st.integers(0, 400), min_size=1),
    seed=st.integers(0, 9),
)
def test_lookup(found: set[int], seed: int) -> None:
    """Every token is found at its place, however many there are, and one that is not there is never taken for another."""
    listed = np.array(random.Random(seed).sample(sorted(found), len(found)), dtype=np.uint64)
    lookup = Lookup(listed)
    asked = random.Random(seed).choices(range(len(listed)), k=50)

    assert asked == lookup(listed[asked]).tolist()
    strange = next(token for token in range(10**6) if token not in found)
    with pytest.raises(Again):
        lookup(np.array([strange], dtype=np.uint64))


def test_lookup_of_many() -> None:
    """70,000 tokens, and tokens that are the same number twice: the first are told apart, the second refused."""
    many = spread(np.arange(70_000, dtype=np.uint64))

    assert (np.arange(70_000) == Lookup(many)(many)).all()
    with pytest.raises(Again):
        Lookup(np.array([7, 7], dtype=np.uint64))
    with pytest.raises(Again):
        Lookup(np.empty(0, dtype=np.uint64))(many[:1])


@given(values=st.lists(st.integers(-1, 5), max_size=30))
def test_segments(values: list[int]) -> None:
    """Every segment that occurs comes once, rising, with the positions of its own, rising."""
    segments = np.array(values, dtype=np.int32)
    found = [(group, np.arange(len(values))[mine].tolist()) for group, mine in parted(segments)]

    assert [(group, [i for i, v in enumerate(values) if v == group]) for group in sorted(set(values))] == found


def written(log: EventLog, rows: list[tuple[str, int, str, str]]) -> EventLog:
    log.table.cursor().executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, 0, ?)",
        [(u, START + timedelta(seconds=t), e, url, i + 1) for i, (u, t, e, url) in enumerate(rows)],
    )
    return log


def figures(log: EventLog, **more: Any) -> tuple[object, ...]:
    states = (
        measures.Transitions(),
        measures.Variants(),
        measures.Occurrences(),
        measures.Sessions(timeout=timedelta(seconds=3)),
        measures.Funnel(["a", "b"], within=timedelta(seconds=9)),
        measures.Steps(depth=3),
    )
    measures.fold(log, states, **more)
    return tuple(state.result() for state in states)


def rows_of(size: int, seed: int) -> list[tuple[str, int, str, str]]:
    """A log in no order at all, a third of it one customer's."""
    chance = random.Random(seed)
    users = [f"u{n}" for n in range(40)] + ["giant"] * 20
    return [
        (chance.choice(users), chance.randrange(99), chance.choice("abcd"), f"/{chance.randrange(60)}")
        for _ in range(size)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_every_way_gives_the_same(make_log: Make, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """In one piece or many, with colliding tokens, spilled, or in an order that is not the source's: the figures are the same."""
    rows = rows_of(600, seed)
    log = written(make_log([], extra={"url": "VARCHAR"}), rows)
    expected = figures(log)
    # The rows of the table stand upside down, with the places that they had.
    turned = written(make_log([], extra={"url": "VARCHAR"}), rows)
    turned.table.cursor().execute("CREATE TABLE turned AS SELECT * FROM events ORDER BY _record DESC")
    turned.table.cursor().execute("DROP TABLE events")
    turned.table.cursor().execute("ALTER TABLE turned RENAME TO events")
    monkeypatch.setattr(ordering, "_ROWS", 50)
    object.__setattr__(log.report, "rows_kept", 600)
    object.__setattr__(turned.report, "rows_kept", 600)
    in_pieces = figures(log)
    with monkeypatch.context() as patch:
        patch.setattr(_gathering, "_SHARE", 0)
        spilled = figures(log)
    with monkeypatch.context() as patch:
        patch.setattr(_coding, "_HASHED", "(hash({}) & 1)::UBIGINT")
        colliding = figures(log)

    assert expected == in_pieces == spilled == colliding == figures(turned)


def test_a_record_of_several_rows(make_log: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that one record became (the hits of a session) keep their order at one time, and are read once."""
    log = written(make_log([], extra={"url": "VARCHAR"}), [(f"u{i // 6}", 0, "cabbad"[i % 6], "/") for i in range(600)])
    log.table.cursor().execute("UPDATE events SET _record = (_record + 5) // 6")
    object.__setattr__(log.report, "rows_kept", 600)
    monkeypatch.setattr(ordering, "_ROWS", 50)
    monkeypatch.setattr(_gathering, "_LOT", 1)
    monkeypatch.delattr(ordering, "_carefully")

    assert [(tuple("cabbad"), 100)] == [(v.path, v.count) for v in measures.variants(log)]


@pytest.mark.parametrize("seed", range(2))
def test_rules_that_join(make_log: Make, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """A rule with a long list, of which the engine makes a join, claims the same rows in the same order."""
    rows = rows_of(3_000, seed)
    log = written(make_log([], extra={"url": "VARCHAR"}), rows)
    long = [f"/{n}" for n in range(45)]
    points = [
        Touchpoint(id="some", title="Some", match=Match(where={"url": Condition("in", long)})),
        Touchpoint(id="rest", title="Rest", match=Match(event=["a", "b", "c", "d"])),
    ]
    mapped = Journey(id="map", title="Map", stages=[Stage(id="s", title="S", touchpoints=points)])
    monkeypatch.setattr(ordering, "_ROWS", 400)
    object.__setattr__(log.report, "rows_kept", 3_000)
    cases: dict[str, list[tuple[int, int, str]]] = {}
    for record, (user, time, _, url) in enumerate(rows):
        cases.setdefault(user, []).append((time, record, "some" if url in long else "rest"))
    paths = [tuple(label for *_, label in sorted(case)) for case in cases.values()]

    assert {path: paths.count(path) for path in paths} == {
        v.path: v.count for v in measures.variants(log, journey=mapped)
    }


def test_continuing_in_pieces(make_log: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """States that keep their rows can be folded in pieces, continued, and have the names of their cases."""
    rows = [(f"u{i % 30}", i, "abc"[i % 3], "/") for i in range(300)]
    whole = written(make_log([], extra={"url": "VARCHAR"}), rows)
    halves = [written(make_log([], extra={"url": "VARCHAR"}), part) for part in (rows[:150], rows[150:])]
    expected = measures.variants(whole)
    monkeypatch.setattr(ordering, "_ROWS", 20)
    states = [measures.Variants(continuing=True) for _ in halves]
    for state, half in zip(states, halves, strict=True):
        object.__setattr__(half.report, "rows_kept", 150)
        measures.fold(half, [state])
    states[0].then(states[1])

    assert expected == states[0].result()


def test_a_log_is_counted_once(make_log: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state refuses a log that it may have counted before any piece is counted; logs of other parts it takes."""
    rows = [(f"u{i % 30}", i, "abc"[i % 3], "/") for i in range(300)]
    log = written(make_log([], extra={"url": "VARCHAR"}), rows)
    object.__setattr__(log.report, "rows_kept", 300)
    monkeypatch.setattr(ordering, "_ROWS", 20)
    state, other = measures.Variants(), measures.Variants()
    measures.fold(log, [state])
    before = state.result()
    with pytest.raises(ArgumentError, match="cases are in both states"):
        measures.fold(log, [state])

    assert before == state.result()
    for part in ("east", "west"):
        measures.fold(log, [other], part=part)
    assert [v.count for v in other.result()] == [2 * v.count for v in before]
    assert list(range(30)) == np.concatenate([batch.cases for batch in measures.ordered(log, View())]).tolist()


def test_a_table_that_changes(make_log: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that come after the names were read are an error, never another name's."""
    log = make_log([("u", START, "a")])
    found = _coding.coded

    def slowly(cursor: Any, *rest: Any, **more: Any) -> Any:
        names = found(cursor, *rest, **more)
        cursor.execute(f"INSERT INTO events VALUES ('u', TIMESTAMP '2024-01-02', '{random.random()}', 0, 2)")
        return names

    monkeypatch.setattr(ordering, "coded", slowly)
    monkeypatch.setattr(_coding, "_HASHED", "hash({})")
    with pytest.raises(EvidenceError, match="changed while it was counted") as raised:
        measures.variants(log)

    assert "changed-table" == raised.value.problems[0].code
