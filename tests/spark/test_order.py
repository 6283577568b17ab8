"""The order of events on Spark: time, then the column order, then the name; never the way Spark moved the rows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.measures import transitions, variants
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

START = datetime(2024, 1, 1, tzinfo=UTC)


def tied(*, order: bool) -> pa.Table:
    """Events of whole minutes, many of them at one time."""
    chance = random.Random(2)
    rows = [
        (
            f"u{chance.randrange(30)}",
            START + timedelta(minutes=chance.randrange(4)),
            chance.choice("abcd"),
            chance.choice("xy"),
        )
        for _ in range(300)
    ]
    columns = dict(zip(("customer", "time", "event", "channel"), map(list, zip(*rows, strict=True)), strict=True))
    columns |= {"order": chance.sample(range(300), 300)} if order else {}
    return pa.table(columns | {"time": pa.array(columns["time"], pa.timestamp("us", tz="UTC"))})


JOURNEY = Journey(
    id="map",
    title="Map",
    outcome=Outcome(success=Match(event="d", where={"channel": "x"})),
    stages=[
        Stage(
            id="all",
            title="All",
            touchpoints=[
                Touchpoint(id="a-x", title="a", match=Match(event="a", where={"channel": "x"})),
                Touchpoint(id="a-y", title="a", match=Match(event="a")),
                Touchpoint(id="b", title="b", match=Match(event="b")),
            ],
        )
    ],
)


def test_the_column_order_decides_as_on_duckdb(spark):
    """With order, ties are those of DuckDB, and so is the result."""
    table = tied(order=True)
    duck, there = jk.read_events(table.to_pandas()), jk.read_events(spark.createDataFrame(table))
    one, two = (jk.score(JOURNEY, jk.Evidence(events=log), seed=1) for log in (duck, there))

    assert tuple(variants(duck)) == tuple(variants(there))
    assert tuple(one) == tuple(two)
    assert one.coverage.ties == two.coverage.ties
    assert ("order, then file and record", "order, then event name") == (one.coverage.tie_rule, two.coverage.tie_rule)


def test_without_order_the_name_decides_and_the_result_says_so(spark):
    """Ties are broken by the event's name; the coverage names that rule and counts as many ties as DuckDB meets."""
    table = tied(order=False)
    duck, there = jk.read_events(table), jk.read_events(spark.createDataFrame(table))
    # The order that Spark makes, made in the file.
    ordered = jk.read_events(table.sort_by([("event", "ascending")]))
    one, two = (jk.score(JOURNEY, jk.Evidence(events=log)).coverage for log in (duck, there))

    assert tuple(transitions(ordered)) == tuple(transitions(there))
    assert tuple(variants(ordered)) == tuple(variants(there))
    assert ("event name", one.ties) == (two.tie_rule, two.ties)
    assert one.ties > 100


@pytest.mark.parametrize("order", [False, True])
def test_the_way_spark_cuts_the_rows_changes_nothing(spark, order):
    """Other partitions, other order of rows: the same scores, also where rules and segments read more than the name."""
    table = tied(order=order)
    found = set()
    for cut in (1, 4):
        shuffled = table.take(random.Random(cut).sample(range(300), 300))
        log = jk.read_events(spark.createDataFrame(shuffled).repartition(cut))
        found.add((repr(jk.score(JOURNEY, jk.Evidence(events=log), seed=3)), tuple(transitions(log, by="channel"))))

    assert 1 == len(found)
