"""Whatever holds a table can be a source: files in every packing, and tables of every library."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from journeykit.errors import ArgumentError

TIMES = [datetime(2024, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
DATA: dict[str, list[Any]] = {"customer": ["u1", "u2", "u1"], "time": TIMES, "event": ["home", "cart", "größe"]}
ROWS = [(customer, time.replace(tzinfo=None), event) for customer, time, event in zip(*DATA.values(), strict=True)]
CONNECTIONS: list[duckdb.DuckDBPyConnection] = []


def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    CONNECTIONS.append(made)
    made.execute("CREATE TABLE log (customer VARCHAR, time TIMESTAMPTZ, event VARCHAR)")
    made.executemany("INSERT INTO log VALUES (?, ?, ?)", [tuple(row) for row in zip(*DATA.values(), strict=True)])
    return made


def csv(path: Any, packed: bool = False, half: slice = slice(None)) -> str:
    text = pl.DataFrame(DATA)[half].with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ")).write_csv()
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return str(path)


def halves(folder: Any, *, packed: bool) -> str:
    suffix = "csv.gz" if packed else "csv"
    for number, half in enumerate((slice(0, 1), slice(1, 3))):
        csv(folder / f"part-{number}.{suffix}", packed, half)
    return str(folder / f"part-*.{suffix}")


def parquet(folder: Any) -> str:
    pq.write_table(pa.table(DATA), folder / "log.parquet")
    return str(folder / "log.parquet")


SOURCES = {
    "csv": lambda folder: csv(folder / "log.csv"),
    "path": lambda folder: folder / csv(folder / "log.csv").rsplit("/", 1)[-1],
    "csv.gz": lambda folder: csv(folder / "log.csv.gz", packed=True),
    "glob": lambda folder: halves(folder, packed=False),
    "glob of csv.gz": lambda folder: halves(folder, packed=True),
    "parquet": parquet,
    "pandas": lambda _: pd.DataFrame(DATA),
    "pandas on arrow": lambda _: pa.table(DATA).to_pandas(types_mapper=pd.ArrowDtype),
    "polars": lambda _: pl.DataFrame(DATA),
    "polars lazy": lambda _: pl.LazyFrame(DATA).filter(pl.col("event") != "nothing"),
    "arrow table": lambda _: pa.table(DATA),
    "arrow batch": lambda _: pa.table(DATA).to_batches()[0],
    "arrow reader": lambda _: pa.table(DATA).to_reader(),
    "arrow dataset": lambda folder: ds.dataset(parquet(folder)),
    "arrow scanner": lambda folder: ds.dataset(parquet(folder)).scanner(columns=list(DATA)),
    "table of a connection": lambda _: connection().table("log"),
    "query of a connection": lambda _: connection().sql("SELECT * FROM log"),
    "narwhals": lambda _: nw.from_native(pl.DataFrame(DATA)),
    "narwhals lazy": lambda _: nw.from_native(pl.LazyFrame(DATA)),
    "narwhals on duckdb": lambda _: nw.from_native(connection().table("log")),
}


@pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)
def test_every_source_gives_the_same_rows(read, tmp_path, make):
    """The same three events come out of every source, in its order, and the report counts them."""
    log = read(make(tmp_path))
    cursor = log.table.cursor()
    rows = log.table.relation(cursor).project("customer, time, event").fetchall()

    assert rows == ROWS
    assert (3, 3) == (log.report.rows_in, log.report.rows_kept)


def test_a_users_connection_stays_untouched(read):
    """Reading a table of a user's own connection leaves no table, view or setting behind, and ends no transaction."""
    own = connection()
    settings = "SELECT name, value FROM duckdb_settings() ORDER BY name"
    tables = "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() ORDER BY 1"
    before = own.execute(settings).fetchall(), own.execute(tables).fetchall()
    own.execute("BEGIN")
    own.execute("INSERT INTO log VALUES ('u9', TIMESTAMPTZ '2024-02-01 00:00:00+00', 'home')")
    log = read(own.table("log"))
    own.execute("ROLLBACK")
    after = own.execute(settings).fetchall(), own.execute(tables).fetchall()

    assert before == after
    assert (4, 3) == (len(log), own.execute("SELECT count(*) FROM log").fetchall()[0][0])


@pytest.mark.parametrize("source", [pa.array([1]), pa.schema([("a", pa.int64())]), object()])
def test_what_holds_no_table_is_refused(read, source):
    """A column, a schema or any other object is no source, and is called by its name."""
    with pytest.raises(ArgumentError, match=f"a value of {type(source).__name__} is no source"):
        read(source)


def test_a_connection_is_no_table(read):
    """A connection holds many tables; the error says how to name one."""
    with pytest.raises(ArgumentError, match=r"connection\.table"):
        read(connection())


def test_ibis_tables(read):
    """An Ibis table is carried out by its own engine, and read."""
    ibis = pytest.importorskip("ibis", reason="ibis is not installed; it is an input only")
    log = read(ibis.memtable(pa.table(DATA)))

    assert ROWS == [
        tuple(row) for row in log.table.relation(log.table.cursor()).project("customer, time, event").fetchall()
    ]


def test_dask_frames(read):
    """A dask frame is carried out, and read in its order."""
    dask = pytest.importorskip("dask.dataframe", reason="dask is not installed; it is an input only")
    log = read(dask.from_pandas(pd.DataFrame(DATA), npartitions=2))

    assert ROWS == [
        tuple(row) for row in log.table.relation(log.table.cursor()).project("customer, time, event").fetchall()
    ]
