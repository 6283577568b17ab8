"""Every measure gives the figures of DuckDB on Spark, to the last digit."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pyarrow as pa
import pytest

from journeykit import measures as m
from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures._spark_packing import partition_keys

STEPS = ["home", "cart", "purchase"]


def whole_flows(flows: m.Flows) -> tuple[Any, ...]:
    return tuple(flows), tuple(flows.starts), tuple(flows.ends), tuple(flows.probabilities())


MEASURES = {
    "transitions": lambda log, by: whole_flows(m.transitions(log, by=by)),
    "variants": lambda log, by: tuple(m.variants(log, by=by)),
    "top variants": lambda log, by: tuple(m.variants(log, by=by, top=3)),
    "sessions": lambda log, by: tuple(m.sessions(log, by=by)),
    "steps": lambda log, by: tuple(m.steps(log, by=by)),
    "reach": lambda log, by: tuple(m.reach(log, by=by)),
    "rework": lambda log, by: tuple(m.rework(log, by=by)),
    "ordered funnel": lambda log, by: tuple(m.funnel(log, STEPS, by=by, within=timedelta(hours=5))),
    "strict funnel": lambda log, by: tuple(m.funnel(log, STEPS, by=by, mode="strict")),
    "any-order funnel": lambda log, by: tuple(m.funnel(log, STEPS, by=by, mode="any-order")),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_measures(same, measure):
    """A measure of the whole log is the same on both engines."""
    same(lambda log: measure(log, None))


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_measures_by_segment(same, measure):
    """A measure by segment is the same on both engines; some cases have none."""
    same(lambda log: measure(log, "channel"))


@pytest.mark.parametrize("by", ["amount", "n", "flag", "time", "page"])
def test_segments_of_any_type(same, by):
    """Numbers, booleans and times name the same segments on both engines."""
    same(lambda log: whole_flows(m.transitions(log, by=by)))


@pytest.mark.parametrize("case", ["session", "page"])
def test_cases_by_other_columns(same, on_spark, case):
    """A session belongs to one customer; a column that is empty somewhere cannot name cases."""
    if case == "session":
        same(lambda log: whole_flows(m.transitions(log, case=case)))
        return
    with pytest.raises(ArgumentError, match=r"events have no 'page' and belong to no case"):
        m.transitions(on_spark, case=case)


def test_one_fold_serves_many(same):
    """Several measures in one pass are those of as many passes."""

    def together(log: EventLog) -> tuple[Any, ...]:
        states = [m.Transitions(), m.Variants(), m.Sessions(), m.Funnel(STEPS), m.Steps()]
        m.fold(log, states)
        return tuple(tuple(state.result()) for state in states)

    same(together)


def test_sessionize(same, on_spark):
    """Sessions made on Spark are those made in DuckDB, and stand where they stand there."""
    made = m.sessionize(on_spark, timeout=timedelta(minutes=20))

    same(lambda log: tuple(m.variants(m.sessionize(log, timeout=timedelta(minutes=20)), case="session")))
    assert list(on_spark.columns) == list(made.columns)
    assert len(on_spark) == len(made)


@pytest.mark.parametrize("arguments", [{"case": "visit"}, {"by": "chanel"}])
def test_columns_that_are_not_there(on_spark, arguments):
    """A column that the log lacks is the caller's mistake, as on DuckDB."""
    with pytest.raises(ArgumentError, match="the events have no column"):
        m.transitions(on_spark, **arguments)


def test_an_empty_log(spark, table):
    """A log without events gives empty results, as on DuckDB."""
    from journeykit import read_events

    frame = spark.createDataFrame(table).limit(0)

    for measure in MEASURES.values():
        assert measure(read_events(table.slice(0, 0)), None) == measure(read_events(frame), None)


def test_progress(on_spark):
    """Progress is told in the thread that asked: from nothing to all, rising by the tasks that Spark has done."""
    told, threads = [], set()

    def tell(done: int, total: int) -> None:
        told.append((done, total))
        threads.add(threading.current_thread())

    m.fold(on_spark, [m.Variants()], progress=tell)

    assert (told[0], told[-1]) == ((0, len(on_spark)), (len(on_spark), len(on_spark)))
    assert sorted(told) == told
    assert {threading.current_thread()} == threads


def test_progress_between(monkeypatch, spark, table):
    """While slow tasks run, the share of those that are done is told."""
    from pyspark.sql import functions as f

    from journeykit import read_events

    monkeypatch.setattr("journeykit.measures._spark_session._PATIENCE", 0.02)
    frame = spark.createDataFrame(table).repartition(8)
    slow = f.udf(lambda text: (time.sleep(0.001), text)[1], "string")
    log = read_events(frame.withColumn("event", slow("event")))
    told = []
    m.fold(log, [m.Variants()], progress=lambda done, total: told.append(done / total))

    assert [share for share in told if 0 < share < 1]
    assert sorted(told) == told


def test_what_progress_raises_ends_the_job(on_spark):
    """An error of the callback, as Ctrl-C would be, comes out and leaves no job of ours behind."""
    tracker = on_spark.table.frame.sparkSession.sparkContext.statusTracker()

    def tell(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        m.fold(on_spark, [m.Variants()], progress=tell)
    assert [] == list(tracker.getActiveJobsIds())


def test_the_session_has_its_own_settings_again(spark, on_spark):
    """A fold changes how rows go to Python while it runs, also where it fails, and in two threads at once."""
    name = "spark.sql.execution.arrow.maxRecordsPerBatch"
    spark.conf.set(name, "777")
    before = spark.conf.getAll
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: m.variants(on_spark), range(3)))
    with pytest.raises(ArgumentError):
        m.transitions(on_spark, case="page")

    assert before == spark.conf.getAll
    spark.conf.unset(name)


def test_every_key_has_a_partition_of_its_own(spark):
    """Spark puts the parcels of each key into another partition, in the order of the keys."""
    from pyspark.sql import functions as f

    keys = partition_keys(7)
    dealt = spark.createDataFrame([(key,) for key in keys], "key int").repartition(7, "key")
    found = dealt.select(f.spark_partition_id(), "key").collect()

    assert list(enumerate(keys)) == sorted(map(tuple, found))


def test_a_later_span_continues(spark, table, on_duckdb):
    """A state that keeps its rows is folded on Spark, and continued by a later span on either engine."""
    from pyarrow import compute as pc

    from journeykit import read_events

    cut = datetime(2024, 1, 1, 6, tzinfo=UTC)
    early = pc.less(table["time"], pa.scalar(cut, table["time"].type))
    first = read_events(spark.createDataFrame(table.filter(early)).repartition(3))
    for later in (spark.createDataFrame(table.filter(pc.invert(early))), table.filter(pc.invert(early))):
        one, two = (m.Transitions(by=True, continuing=True) for _ in range(2))
        m.fold(first, [one], by="channel")
        m.fold(read_events(later), [two], by="channel")
        one.then(two)

        assert whole_flows(m.transitions(on_duckdb, by="channel")) == whole_flows(one.result())


def test_parts_of_a_log_are_merged(spark, table, on_duckdb):
    """Folds of different customers, one of them on DuckDB, merge into the figures of the whole; of one log they do not."""
    from pyarrow import compute as pc

    from journeykit import read_events

    odd = pc.equal(pc.utf8_slice_codeunits(table["customer"], -1), "7")
    parts = {
        "odd": read_events(spark.createDataFrame(table.filter(odd))),
        "rest": read_events(table.filter(pc.invert(odd))),
    }
    states = {part: m.Transitions() for part in parts}
    for part, log in parts.items():
        m.fold(log, [states[part]], part=part)
    again = m.Transitions()
    m.fold(parts["odd"], [again], part="odd")
    states["odd"].merge(states["rest"])

    assert whole_flows(m.transitions(on_duckdb)) == whole_flows(states["odd"].result())
    with pytest.raises(ArgumentError, match="in both states"):
        states["odd"].merge(again)


def test_rows_do_not_travel(on_spark):
    """What would bring rows to the driver is refused with the way around."""
    for ask in (on_spark.to_arrow, on_spark.to_pandas, on_spark.to_polars, lambda: list(m.ordered(on_spark, m.View()))):
        with pytest.raises(ArgumentError, match=r"lie on Spark.*events\.table\.frame"):
            ask()


def test_a_frame_that_changes_is_refused(on_spark):
    """A frame that holds other rows than when it was read gives no figures at all."""
    fewer = attrs.evolve(on_spark, table=SparkTable(on_spark.table.frame.limit(5), len(on_spark)))
    with pytest.raises(EvidenceError, match=f"held {len(on_spark):,} events when it was read and 5 now"):
        m.transitions(fewer)
