from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit import measures
from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures import Batch, View, ordered, tie_rule
from journeykit.measures._workers import count
from journeykit.measures.quantiles import quantile, quantile_of_counts
from journeykit.model import Condition, Journey, Match, Outcome, Stage, Touchpoint

START = datetime(2024, 1, 1)
Make = Callable[..., EventLog]


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def journey(case: str = "customer", **rules: Match) -> Journey:
    points = [Touchpoint(id=id, title=id, match=rule) for id, rule in rules.items()]
    return Journey(id="map", title="Map", case=case, stages=[Stage(id="all", title="All", touchpoints=points)])


rows = st.lists(
    st.tuples(st.sampled_from(["ö", "o", "O", "😀", "a:1"]), st.integers(0, 5), st.sampled_from(["x", "é", "E"])),
    max_size=30,
)


@given(found=rows, size=st.integers(1, 12))
@settings(max_examples=25, deadline=None)
def test_stream(make_log: Make, found: list[tuple[str, int, str]], size: int) -> None:
    """Batches of any size hold whole cases, numbered without gaps, each case by time and then by record."""
    log = make_log([(customer, at(second), event) for customer, second, event in found])
    batches = list(ordered(log, View(keys=True), rows=size))
    expected = [
        (customer, [(s, e) for c, s, e in sorted(found, key=lambda row: row[1]) if c == customer])
        for customer in sorted({customer for customer, _, _ in found})
    ]

    actual = []
    for batch in batches:
        assert batch.ordered()
        for i, (key,) in enumerate(batch.keys):
            span = slice(*batch.offsets[i : i + 2])
            times = (batch.times[span] - 1_704_067_200_000_000) // 1_000_000
            actual.append((key, [(int(t), batch.labels[c]) for t, c in zip(times, batch.codes[span], strict=True)]))

    assert expected == sorted(actual)
    assert list(range(len(expected))) == np.concatenate([batch.cases for batch in batches]).tolist()
    ties = sum(a[0] == b[0] for _, events in expected for a, b in pairwise(events))
    assert ties == sum(batch.ties for batch in batches)


def test_order_column(make_log: Make) -> None:
    """``order`` decides before file and record, rows without one come last, and only what it leaves open is a tie."""
    found = [
        ("u", at(0), "d", None),
        ("u", at(0), "c", None),
        ("u", at(0), "b", 2),
        ("u", at(0), "a", 1),
        ("u", at(0), "a2", 1),
    ]
    log = make_log(found, extra={"order": "BIGINT"})

    assert ("a", "a2", "b", "d", "c") == measures.variants(log)[0].path
    assert 2 == sum(batch.ties for batch in ordered(log, View()))
    assert "order, then file and record" == tie_rule(log)


def test_files(make_log: Make) -> None:
    """Ties follow the file first and the record within it second."""
    log = make_log([("u", at(0), "a"), ("u", at(0), "b")])
    log.table.cursor().execute("UPDATE events SET _file = 1 WHERE event = 'a'")

    assert ("b", "a") == measures.variants(log)[0].path


def test_case_columns(make_log: Make) -> None:
    """One session id of two customers is two cases; any other column is one case wherever it stands."""
    found = [("u", at(0), "a", "s", 7), ("v", at(1), "b", "s", 7), ("v", at(2), "c", "t", 8)]
    log = make_log(found, extra={"session": "VARCHAR", "order no": "INTEGER"})

    assert {("a",), ("b", "c")} == {v.path for v in measures.variants(log)}
    assert {("a",), ("b",), ("c",)} == {v.path for v in measures.variants(log, case="session")}
    assert {("a", "b"), ("c",)} == {v.path for v in measures.variants(log, case="order no")}
    mapped = journey("order no", every=Match(event=["a", "b", "c"]))
    assert 2 == measures.trace(log, mapped).coverage.cases


def test_case_errors(make_log: Make) -> None:
    """A case column that is absent or partly empty is the caller's mistake, and the sentence says what to do."""
    log = make_log([("u", at(0), "a")])
    with pytest.raises(ArgumentError, match=r"sessionize\(events\)"):
        measures.trace(log, journey("session", a=Match(event="a")))
    with pytest.raises(ArgumentError, match="did you mean 'customer'"):
        measures.variants(log, case="custmer")
    with pytest.raises(ArgumentError, match="by='channel': the events have no column"):
        measures.reach(log, by="channel")
    partly = make_log([("u", at(0), "a", None), ("u", at(0), "b", "s")], extra={"session": "VARCHAR"})
    with pytest.raises(ArgumentError, match="1 of 2 events have no 'session'"):
        measures.variants(partly, case="session")


def test_segments(make_log: Make) -> None:
    """A case belongs to the segment of its first event, claimed or not; without a value it belongs to none."""
    found = [
        ("u", at(0), "noise", "web"),
        ("u", at(1), "a", "app"),
        ("v", at(0), "a", None),
        ("w", at(0), "b", "app"),
        ("w", at(0), "a", "web"),
    ]
    log = make_log(found, extra={"channel": "VARCHAR"})
    reach = measures.reach(log, journey=journey(a=Match(event="a")), by="channel")

    assert [("app", 1), ("web", 1), (None, 1)] == [(record.segment, record.cases) for record in reach]
    assert 1 == reach["web", "a"].cases
    flows = measures.transitions(log, by="channel")
    assert 1 == flows["app", "b", "a"].count
    assert {"app", "web", None} == {start.segment for start in flows.starts}
    assert flows != measures.transitions(log)
    assert hash(flows) == hash(measures.transitions(log, by="channel"))
    assert [("app", 1), ("web", 1), (None, 1)] == [
        (s.segment, s.customers) for s in measures.sessions(log, by="channel")
    ]
    assert [1, 1, 0, 0] == [
        measures.funnel(log, ["b", "a"], by="channel")[s, e].entered for s in ("app", "web") for e in "ba"
    ]
    assert {"app", "web", None} == {v.segment for v in measures.variants(log, by="channel", top=1)}
    assert measures.steps(log, by="channel")["app", 2, "a"].share == 1


def test_rules_on_columns(make_log: Make) -> None:
    """Rules that read further columns claim row by row; the first touchpoint in map order wins."""
    found = [("u", at(s), "page", url) for s, url in enumerate(["/cart", "/cart/pay", "/", None])]
    log = make_log(found, extra={"url": "VARCHAR"})
    mapped = journey(
        pay=Match(where={"url": Condition("glob", "*/pay")}),
        cart=Match(where={"url": Condition("glob", "/cart*")}),
        rest=Match(event="page"),
    )

    assert ("cart", "pay", "rest", "rest") == measures.variants(log, journey=mapped)[0].path
    assert ["pay", "cart", "rest"] == [record.label for record in measures.reach(log, journey=mapped)]


def test_rule_errors(make_log: Make) -> None:
    """Every fault of a journey's rules is told at once."""
    mapped = journey(a=Match(where={"urll": "x"}), b=Match(event=Condition("gt", 3)))
    with pytest.raises(ArgumentError) as caught:
        measures.trace(make_log([("u", at(0), "a")], extra={}), mapped)

    assert "touchpoint 'a' match.where.urll: the events have no column 'urll'" in str(caught.value)
    assert "touchpoint 'b' match.event: column 'event' is VARCHAR" in str(caught.value)


def test_no_rules(make_log: Make) -> None:
    """A map without a single rule or touchpoint claims nothing and breaks nothing."""
    log = make_log([("u", at(0), "a")])
    empty = Journey(id="map", title="Map")
    unruled = Journey(
        id="map", title="Map", stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T")])]
    )

    for mapped in (empty, unruled):
        coverage = measures.trace(log, mapped).coverage
        assert (1, 0, 1, 1) == (coverage.events, coverage.claimed, coverage.cases, coverage.off_map)
        assert len(measures.on_board(log, mapped)) == len(measures.backtrack(log, mapped)) == len(mapped.touchpoints())


def test_empty_log(make_log: Make) -> None:
    """An empty log gives empty results and no invented figure."""
    log = make_log([])
    mapped = journey(a=Match(event="a"))
    coverage = measures.trace(log, mapped).coverage

    assert (0, 0, None, None) == (coverage.events, coverage.cases, coverage.first, coverage.observed_until)
    assert (
        0
        == len(measures.transitions(log))
        == len(measures.variants(log))
        == len(measures.steps(log))
        == len(measures.sessions(log))
    )
    assert [(0, None, None)] * 2 == [(s.entered, s.share, s.median_time) for s in measures.funnel(log, ["a", "b"])]
    assert 0 == len(measures.funnel(log, ["a", "b"], by="event"))
    assert [None] == [record.share for record in measures.drop_off(log, mapped)]
    assert [0] == [record.cases for record in measures.reach(log, journey=mapped)]


def test_progress(make_log: Make) -> None:
    """Progress is told in rows and ends at all of them."""
    told: list[tuple[int, int]] = []
    log = make_log([(str(n), at(n), "a") for n in range(5)])
    measures.trace(log, journey(a=Match(event="a")), progress=lambda done, total: told.append((done, total)))

    assert (5, 5) == told[-1]


def test_one_pass(make_log: Make) -> None:
    """Any number of measures share one pass and give what each gives alone."""
    log = make_log([(str(n % 3), at(n), "abc"[n % 2]) for n in range(12)])
    states = [measures.Transitions(), measures.Variants(continuing=True), measures.Funnel(["a", "b"])]
    measures.fold(log, states, part="all")

    assert [measures.transitions(log), measures.variants(log), measures.funnel(log, ["a", "b"])] == [
        s.result() for s in states
    ]


def test_threads(make_log: Make) -> None:
    """One log may be counted in several threads at once."""
    log = make_log([(str(n % 50), at(n), "abc"[n % 3]) for n in range(500)])
    mapped = journey(a=Match(event="a"), b=Match(where={"customer": Condition("lt", "3")}))
    expected = measures.reach(log, journey=mapped)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: measures.reach(log, journey=mapped), range(8)))

    assert [expected] * 8 == found


def test_arguments(make_log: Make) -> None:
    """Arguments without meaning are refused by name."""
    log = make_log([("u", at(0), "a")])
    mapped = journey(a=Match(event="a"))
    for call, message in (
        (lambda: measures.funnel(log, ["a"]), "two steps"),
        (lambda: measures.funnel(log, "ab"), "two steps"),
        (lambda: measures.funnel(log, ["a", "b"], mode="open"), "ordered, strict or any-order"),  # type: ignore[arg-type]
        (lambda: measures.funnel(log, ["a", "b"], within=timedelta(-1)), "negative"),
        (lambda: measures.funnel(log, ["a", "a"], mode="any-order"), "different steps"),
        (lambda: measures.funnel(log, ["a", "z"], journey=mapped), "no touchpoint z; it has a"),
        (lambda: measures.variants(log, top=0), "top=0"),
        (lambda: measures.steps(log, depth=0), "depth=0"),
        (lambda: measures.sessions(log, timeout=timedelta(-1)), "negative"),
        (lambda: measures.sessionize(log, timeout=timedelta(-1)), "negative"),
        (lambda: measures.trace(log, mapped, inactivity=timedelta(-1)), "negative"),
    ):
        with pytest.raises(ArgumentError, match=message):
            call()


@given(values=st.lists(st.integers(-(10**15), 10**15), max_size=9), share=st.sampled_from([(1, 2), (9, 10), (1, 3)]))
def test_quantile(values: list[int], share: tuple[int, int]) -> None:
    """A quantile is the exact fraction of type 7, rounded half-even."""
    ordered_ = sorted(values)
    expected = None
    if values:
        place = Fraction((len(values) - 1) * share[0], share[1])
        low = ordered_[int(place)]
        high = ordered_[min(int(place) + 1, len(values) - 1)]
        expected = round(low + (high - low) * (place - int(place)))

    assert expected == quantile(np.array(ordered_, dtype=np.int64), share)


def test_quiet_exit() -> None:
    """A process that counted through a map ends without a word on stderr."""
    code = """
from datetime import datetime
import numpy
from journeykit import measures
from journeykit.evidence import EventLog, ImportReport
from journeykit.evidence.engines.duckdb import Database
from journeykit.model import Journey, Match, Stage, Touchpoint
database = Database()
columns = "'u' AS customer, TIMESTAMP '2024-01-01' AS time, 'a' AS event, 0 AS _file, 1::BIGINT AS _record"
database.connection.execute(f"CREATE TABLE events AS SELECT {columns}")
log = EventLog(database.table("events"), ImportReport(source="t", format="t", kind="events", rows_in=1, rows_kept=1))
rules = [Match(event="a"), Match(where={"customer": "u"})]
for rule in rules:
    stage = Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T", match=rule)])
    print(measures.trace(log, Journey(id="j", title="J", stages=[stage])).coverage.claimed)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert ("1\n1\n", "") == (done.stdout, done.stderr)


def test_outcome_only(make_log: Make) -> None:
    """A case that only the outcome claims is on the map, without a visit."""
    log = make_log([("u", at(0), "buy"), ("v", at(1), "other"), ("w", at(2), "quit"), ("w", at(3), "other")])
    mapped = Journey(
        id="map",
        title="Map",
        outcome=Outcome(success=Match(event="buy"), abandon=Match(event="quit")),
        stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T", match=Match(event="t"))])],
    )
    found = measures.trace(log, mapped)

    assert (2, 1, 4) == (found.coverage.journeys, found.coverage.off_map, found.coverage.unclaimed)
    # Both are too recent to be closed: closing the one that gave up at once would fill recent days with failures.
    assert ([True, True], [False, True]) == (found.paths.open.tolist(), found.paths.abandoned.tolist())
    assert (("other", 2), ("buy", 1), ("quit", 1)) == found.coverage.unclaimed_events
    assert [0] == found.paths.lengths().tolist()[:1] == [found.coverage.touchpoints[0].on_board]


def test_sessionize(make_log: Make) -> None:
    """sessionize keeps every row, column and the order of rows, replaces an older session and names what it did."""
    found = [
        ("v", at(0), "a", "old", 1.5),
        ("u", at(4000), "b", None, None),
        ("u", at(0), "a", None, 2.0),
        ("v", at(1800), "c", "x", 0.0),
    ]
    log = make_log(found, extra={"session": "VARCHAR", "value": "DOUBLE"})
    after = measures.sessionize(log)

    assert ["customer", "time", "event", "value", "session"] == list(after.columns)
    assert ["v:1", "u:2", "u:1", "v:1"] == after.to_polars(customers="raw")["session"].to_list()
    assert log.to_polars().drop("session").equals(after.to_polars().drop("session"))
    assert ["old", None, None, "x"] == log.to_polars(customers="raw")["session"].to_list()
    assert "session: made from gaps longer than 0:30:00" in after.report.notes
    assert 3 == len(measures.variants(after, case="session"))


def test_every_long_measure_tells_how_far_it_is(make_log: Make) -> None:
    """Every measure that goes through the log says how far it is, up to all rows."""
    log = make_log([("u", at(0), "a"), ("u", at(1), "b"), ("v", at(2), "a")])
    mapped = journey(a=Match(event="a"))
    calls: list[Callable[[Any], object]] = [
        lambda told: measures.transitions(log, progress=told),
        lambda told: measures.variants(log, progress=told),
        lambda told: measures.steps(log, progress=told),
        lambda told: measures.reach(log, progress=told),
        lambda told: measures.rework(log, progress=told),
        lambda told: measures.sessions(log, progress=told),
        lambda told: measures.funnel(log, ["a", "b"], progress=told),
        lambda told: measures.time_to_convert(log, "b", progress=told),
        lambda told: measures.trace(log, mapped, progress=told),
        lambda told: measures.drop_off(log, mapped, progress=told),
        lambda told: measures.on_board(log, mapped, progress=told),
        lambda told: measures.backtrack(log, mapped, progress=told),
    ]
    for call in calls:
        told: list[tuple[int, int]] = []
        call(lambda done, total, told=told: told.append((done, total)))

        assert (3, 3) == told[-1]


def test_cancelling(make_log: Make) -> None:
    """A callback that raises ends the counting there and then; no thread goes on, and the log can be counted again."""
    log = make_log([(f"u{i}", at(i), "a") for i in range(100)])

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        measures.fold(log, [measures.Variants(), measures.Sessions()], progress=stop)

    assert before == threading.active_count()
    assert 100 == measures.reach(log)["a"].cases


def test_workers(make_batch: Callable[..., Batch]) -> None:
    """Batches are counted in threads of their own; what one of them raises is raised, and the threads are gone."""
    labels = {"a": "a"}
    good = [make_batch([(i, None, [(0, "a")])], labels=labels) for i in range(6)]
    before = threading.active_count()
    states = [measures.Variants(), measures.Steps()]
    count([lambda batch=batch: batch for batch in good], states)  # type: ignore[misc]

    assert [6, 6] == [states[0].result()[0].count, states[1].result()[1, "a"].cases]
    more = [make_batch([(i, None, [(0, "a")])], labels=labels) for i in range(6, 30)]
    with pytest.raises(ArgumentError, match="in both states"):
        count([lambda batch=batch: batch for batch in [*good, good[2], *more]], [measures.Steps()])  # type: ignore[misc]
    assert before == threading.active_count()


def test_waiting_is_cut_short(make_batch: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the last batches are counted leaves no thread behind that waits for more."""
    batches = [make_batch([(i, None, [(0, "a")])], labels={"a": "a"}) for i in range(4)]
    before = threading.active_count()
    join, calls = threading.Thread.join, iter([True])

    def interrupted(thread: threading.Thread, timeout: float | None = None) -> None:
        if next(calls, False):
            raise KeyboardInterrupt
        join(thread, timeout)

    monkeypatch.setattr(threading.Thread, "join", interrupted)
    with pytest.raises(KeyboardInterrupt):
        count(
            [lambda batch=batch: batch for batch in batches],  # type: ignore[misc]
            [measures.Variants(), measures.Steps(), measures.Occurrences()],
        )

    assert before == threading.active_count()


def test_one_state_is_given_once(make_log: Make) -> None:
    """A state that stands twice among the accumulators is refused before anything is counted."""
    state = measures.Variants()
    with pytest.raises(ArgumentError, match="stands twice"):
        measures.fold(make_log([("u", at(0), "a")]), [state, state])

    assert 0 == len(state.result())


@given(
    counts=st.dictionaries(st.integers(0, 9), st.integers(1, 5), min_size=1), share=st.sampled_from([(1, 2), (9, 10)])
)
def test_quantile_of_counts(counts: dict[int, int], share: tuple[int, int]) -> None:
    """A quantile of counted numbers is that of the numbers written out."""
    every = np.array(sorted(value for value, number in counts.items() for _ in range(number)), dtype=np.int64)

    assert quantile(every, share) == quantile_of_counts(counts, share)
    assert quantile_of_counts({}, share) is None
