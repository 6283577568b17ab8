"""Every measure gives the figures of DuckDB on Spark, to the last digit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest

from journeykit import measures as m
from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.spark import SparkTable

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
    """Progress is told when the counting begins and when it is done."""
    told = []
    m.fold(on_spark, [m.Variants()], progress=lambda done, total: told.append((done, total)))

    assert [(0, len(on_spark)), (len(on_spark), len(on_spark))] == told


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
    with pytest.raises(ArgumentError, match="continuing=True"):
        m.fold(on_spark, [m.Variants(continuing=True)])


def test_a_frame_that_changes_is_refused(on_spark):
    """A frame that holds other rows than when it was read gives no figures at all."""
    fewer = attrs.evolve(on_spark, table=SparkTable(on_spark.table.frame.limit(5), len(on_spark)))
    with pytest.raises(EvidenceError, match=f"held {len(on_spark):,} events when it was read and 5 now"):
        m.transitions(fewer)
