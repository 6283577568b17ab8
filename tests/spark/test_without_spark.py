"""What can be said of Spark without Spark: the fold of one partition, and the errors that come before any job."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit import measures as m
from journeykit.errors import ArgumentError
from journeykit.evidence._spark_values import _java_pattern
from journeykit.evidence.engines.spark import SparkTable, duckdb_type, is_spark
from journeykit.measures import _spark_packing as packing
from journeykit.measures import _spark_worker as worker

START = datetime(2024, 1, 1, tzinfo=UTC)
NAMES = ("home", "cart", "größe", "z")

rows = st.lists(
    st.tuples(
        st.sampled_from(["u1", "u2", "", "ü"]),
        st.integers(0, 6),
        st.sampled_from(NAMES),
        st.sampled_from([None, 1.0, 2.5]),
    ),
    min_size=1,
    max_size=30,
    unique_by=lambda row: row[:2],
)


def states() -> list[Any]:
    return [m.Transitions(by=True), m.Variants(by=True), m.Steps(by=True), m.Sessions(timeout=timedelta(seconds=2))]


def parcels(table: pa.Table, cuts: list[int], keys: list[int]) -> list[tuple[int, Any]]:
    """What workers send for rows that come in batches of these sizes."""

    def pieces() -> Iterator[pa.RecordBatch]:
        rest = table
        for cut in cuts:
            yield from rest.slice(0, cut).to_batches()
            rest = rest.slice(cut)
        yield from rest.to_batches()

    sent = packing.packed(packing.Packing(keys=keys), pieces())
    return [(key, parcel.as_buffer()) for keys, some in sent for key, parcel in zip(keys, some, strict=True)]


def arrived(errand: worker.Errand, sent: list[tuple[int, Any]]) -> list[Any]:
    """The states that a worker makes of parcels."""
    return [pickle.loads(data) for state, _, data in worker.run(errand, iter(sent)) if state >= 0]


@given(log=rows, cuts=st.lists(st.integers(1, 9), max_size=6), size=st.integers(1, 9), buckets=st.integers(1, 4))
@settings(max_examples=60)
def test_a_partition_is_folded_as_duckdb_folds_it(log: list[Any], cuts: list[int], size: int, buckets: int) -> None:
    """However rows are cut into batches, parcels and keys, their states are those of the same rows on DuckDB."""
    times = [START + timedelta(seconds=second) for _, second, _, _ in log]
    columns = {"customer": [f"c{row[0]}" for row in log], "time": pa.array(times, pa.timestamp("us", tz="UTC"))}
    duck = jk.read_events(pa.table(columns | {"event": [row[2] for row in log], "amount": [row[3] for row in log]}))
    expected = states()
    m.fold(duck, expected, by="amount")
    partition = pa.table(
        {
            "bucket": pa.array([len(row[0].encode()) % buckets for row in log], pa.int32()),
            "k0": [f"c{row[0]}" for row in log],
            "time": [int(START.timestamp()) * 1_000_000 + row[1] * 1_000_000 for row in log],
            "event": [row[2] for row in log],
            "group": pa.array([row[3] for row in log], pa.float64()),
        }
    )
    errand = worker.Errand(states=states(), keys=("k0",), labels=None, names=False, order=False, group="float")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "ROWS", size)
        sent = parcels(partition, cuts, [7, 1, 0, 12][:buckets])
    actual = arrived(errand, sent)

    assert [repr(tuple(state.result())) for state in expected] == [repr(tuple(state.result())) for state in actual]


def test_a_worker_lets_go_of_what_it_sent() -> None:
    """Workers serve one job after another, so nothing of a job may stay with them."""
    count = 100_000
    columns = {"bucket": pa.array([0] * count, pa.int32()), "k0": ["a"] * count, "time": list(range(count))}
    table = pa.table(columns | {"event": ["x"] * count})
    before = pa.total_allocated_bytes()
    for _ in range(5):
        for _, sent in packing.packed(packing.Packing(keys=[0]), iter(table.to_batches())):
            assert len(sent) == 1
    del sent

    assert pa.total_allocated_bytes() - before < 1 << 20


numbers = st.one_of(
    st.integers(-3, 3),
    st.integers(0, 5).map(lambda n: n * 1_000_000),
    st.sampled_from([-(1 << 63), (1 << 63) - 1, 1 << 44]),
)


@given(st.lists(st.tuples(*[numbers] * 4), min_size=1, max_size=40))
def test_rows_are_ordered_column_by_column(values: list[tuple[int, ...]]) -> None:
    """The order is that of the rows as tuples, however many bits the columns take, from the least number to the greatest."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*values, strict=True)]
    order = worker.ordered_rows(columns)

    assert sorted(values) == [values[row] for row in order.tolist()]
    assert list(range(len(values))) == sorted(order.tolist())


@pytest.mark.parametrize("count", [1, 2, 5, 16, 200, 1000])
def test_every_partition_has_a_key_of_its_own(count: int) -> None:
    """As many different keys as partitions, and each lies where Spark's hash puts it."""
    keys = packing.partition_keys(count)

    assert count == len(set(keys))
    assert list(range(count)) == (packing._hashed(np.array(keys)) % count).tolist()


def test_the_hash_is_that_of_spark() -> None:
    """Known values of Spark's function hash() for whole numbers of 32 bits."""
    known = {0: 933211791, 1: -559580957, 2: 1765031574, 42: 29417773, 2**31 - 1: 133916647}

    assert list(known.values()) == packing._hashed(np.array(list(known))).tolist()


def test_states_larger_than_a_piece_travel_in_pieces() -> None:
    """A state that is larger than one cell of Spark should be comes in several, in order."""
    columns = {"k0": ["a"] * 500, "time": list(range(500)), "event": [f"event {i}" for i in range(500)]}
    sent = parcels(pa.table({"bucket": pa.array([0] * 500, pa.int32())} | columns), [], [0])
    errand = worker.Errand(states=[m.Variants()], keys=("k0",), labels=None, names=False, order=False, group=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "CHUNK", 100)
        pieces = [(piece, data) for state, piece, data in worker.run(errand, iter(sent)) if state == 0]
    assert list(range(len(pieces))) == [piece for piece, _ in pieces]
    assert len(pieces) > 10
    assert 500 == len(pickle.loads(b"".join(data for _, data in pieces)).result()[0].path)


def test_rows_without_a_case_and_all_rows_are_counted() -> None:
    """A partition says how many rows it held, and how many name no case; rows without a time or name are none that were read."""
    columns = {"k0": ["a", None, None, "b", "b"], "time": [1, 1, 2, None, 3], "event": ["x", "y", "z", "x", None]}
    sent = parcels(pa.table({"bucket": pa.array([0] * 5, pa.int32())} | columns), [2], [0])
    errand = worker.Errand(states=[m.Variants()], keys=("k0",), labels=None, names=False, order=False, group=None)
    told = {state: data for state, _, data in worker.run(errand, iter(sent)) if state < 0}

    assert {-1: b"2", -2: b"3"} == told


def test_a_worker_without_journeykit_says_so() -> None:
    """What Spark takes to its workers is readable there without journeykit, and names the Python that lacks it."""
    cloudpickle = pytest.importorskip("pyspark.cloudpickle", reason="pyspark is not installed: nox -s spark")
    from journeykit.measures._on_spark import _folder, _packer

    errand = worker.Errand(states=[], keys=("k0",), labels=None, names=False, order=False, group=None)
    code = (
        "import sys, pickle\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'journeykit': raise ImportError('no ' + name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "try: list(pickle.loads(sys.stdin.buffer.read())(iter([])))\n"
        "except RuntimeError as err: print(err)\n"
    )
    for function in (_packer(packing.Packing(keys=[0])), _folder(errand)):
        sent = cloudpickle.dumps(function)
        done = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=False)

        assert b"cannot import journeykit (no journeykit)" in done.stdout
        assert sys.executable.encode() in done.stdout


def test_what_a_worker_says_reaches_the_user() -> None:
    """Whatever class Spark wraps it into, the worker's sentence comes out with the next step; other errors stay as they are."""
    from journeykit.errors import EvidenceError
    from journeykit.measures._on_spark import _MISMATCH, _collected

    class Failing:
        def __init__(self, text: str) -> None:
            self.text = text

        def collect(self) -> None:
            raise RuntimeError(self.text)

    with pytest.raises(EvidenceError, match=r"the Python of a Spark worker is another.*PYSPARK_PYTHON"):
        _collected(Failing(f"Job aborted: {_MISMATCH} the Python of a Spark worker is another{_MISMATCH} at line 1"))
    with pytest.raises(RuntimeError, match="out of memory"):
        _collected(Failing("out of memory"))


def test_only_spark_frames_are_spark_frames() -> None:
    """A DataFrame of pyspark.sql, classic or Connect, is one; frames of other libraries are not."""
    import pandas as pd

    made = [
        type("DataFrame", (), {"__module__": f"pyspark.sql.{name}"})() for name in ("dataframe", "connect.dataframe")
    ]

    assert [True, True] == [is_spark(frame) for frame in made]
    assert [False] * 3 == [is_spark(value) for value in (pd.DataFrame(), pa.table({}), "pyspark.sql.DataFrame")]


@pytest.mark.parametrize(
    "ask", [lambda t: t.cursor(), lambda t: t.name, lambda t: t.relation(None), lambda t: t.connection]
)
def test_a_spark_table_gives_no_rows(ask: Any) -> None:
    """What a DuckDB table would give is refused with the way to the rows."""
    with pytest.raises(ArgumentError, match=r"events\.table\.frame"):
        ask(SparkTable(None, 3))


def test_types_are_named_as_duckdb_names_them() -> None:
    """Match rules ask for DuckDB's types, so Spark's go by those names."""
    names = {
        "string": "VARCHAR",
        "bigint": "BIGINT",
        "double": "DOUBLE",
        "decimal(10,2)": "DECIMAL(10,2)",
        "boolean": "BOOLEAN",
        "timestamp": "TIMESTAMP WITH TIME ZONE",
        "timestamp_ntz": "TIMESTAMP",
        "array<int>": "<INT>[]",
        "map<string,int>": "MAP<STRING,INT>",
    }

    assert names == {kind: duckdb_type(kind) for kind in names}


def test_strptime_patterns_become_those_of_java() -> None:
    """Codes that Java reads alike are translated, text is quoted, and others are named."""
    assert "d'.'M'.'yyyy' o''clock 'H':'m" == _java_pattern("%d.%m.%Y o'clock %H:%M")
    with pytest.raises(ArgumentError, match=r"Spark cannot read '%Q'"):
        _java_pattern("%Y %Q")
