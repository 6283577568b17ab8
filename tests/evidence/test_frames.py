from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from journeykit.errors import ArgumentError, EvidenceError

DATA = {
    "customer": ["u1", "u2", None],
    "time": [datetime(2024, 1, day, 12, tzinfo=UTC) for day in (1, 2, 3)],
    "event": ["home", "cart", "home"],
    "price": [1.5, None, 2.0],
}


# DuckDB 1.4 does not keep the connection of a relation alive: a name does.
CONNECTIONS = []


def relation():
    connection = duckdb.connect()
    CONNECTIONS.append(connection)
    connection.execute("CREATE TABLE t (customer VARCHAR, time TIMESTAMPTZ, event VARCHAR, price DOUBLE)")
    for row in zip(*DATA.values(), strict=True):
        connection.execute("INSERT INTO t VALUES (?, ?, ?, ?)", row)
    return connection.table("t")


MAKERS = {
    "pandas": lambda: pd.DataFrame(DATA),
    "polars": lambda: pl.DataFrame(DATA),
    "arrow": lambda: pa.table(DATA),
    "duckdb": relation,
}


@pytest.mark.parametrize("maker", MAKERS)
def test_every_table_in_memory_gives_the_same_rows(read, rows, maker):
    """pandas, polars, pyarrow and a relation of the user's own connection are the same evidence."""
    log = read(MAKERS[maker]())

    assert [("u1", datetime(2024, 1, 1, 12), "home", 1.5), ("u2", datetime(2024, 1, 2, 12), "cart", None)] == [
        (row["customer"], row["time"], row["event"], row["price"]) for row in rows(log)
    ]
    assert (3, {"missing-customer": 1}, 3) == (
        log.report.rows_in,
        log.report.rejections,
        next(log.rejected()).address.record,
    )


@pytest.mark.parametrize("maker", ["to_pandas", "to_polars", "to_arrow"])
def test_what_comes_out_goes_in_again(read, rows, maker):
    """The table as a frame, read again, is the table; its times are aware and in UTC."""
    log = read(pd.DataFrame(DATA))
    again = read(getattr(log, maker)(customers="raw"))
    names = ["customer", "time", "event", "price"]

    assert [[row[n] for n in names] for row in rows(log)] == [[row[n] for n in names] for row in rows(again)]


def test_times_come_out_aware(read):
    """to_pandas, to_polars and to_arrow give UTC-aware times."""
    log = read(pd.DataFrame(DATA))

    assert ["UTC", "UTC", "UTC"] == [
        str(log.to_pandas()["time"].dt.tz), log.to_polars().schema["time"].time_zone, log.to_arrow().schema.field("time").type.tz
    ]  # fmt: skip


def test_the_users_connection_is_left_as_it_was(read):
    """Reading a relation leaves nothing in the user's database."""
    source = relation()
    read(source)

    assert 3 == source.count("*").fetchall()[0][0]


def test_odd_frames_are_read(read, rows):
    """Duplicate and reserved column names, number names and late text in an object column do no harm."""
    frame = pd.DataFrame([["u1", "2024-01-01Z", "a", 1, 2, 3, None]] * 3000)
    frame.columns = ["customer", "time", "event", "x", "x", 7, "_file"]
    frame["late"] = pd.Series([None] * 2999 + ["text"], dtype=object)
    log = read(frame)

    assert {"x", "x_2", "7", "_file_2", "late"} <= set(log.columns)
    assert "text" == rows(log)[-1]["late"]


def test_mixed_object_columns_are_an_error_not_a_guess(read):
    """An object column that DuckDB cannot type is an EvidenceError or read as text, never a crash."""
    frame = pd.DataFrame({"customer": ["u1", 7], "time": ["2024-01-01Z"] * 2, "event": ["a", "b"]})
    try:
        customers = list(read(frame).to_pandas(customers="raw")["customer"])
    except EvidenceError as err:
        customers = [err.problems[0].code]

    assert customers in (["u1", "7"], ["bad-frame"])


@pytest.mark.parametrize("source", [17, None, {"a": 1}, [], [17], "https://example.org/a.csv"])
def test_what_is_no_source_is_refused(read, source):
    """Numbers, mappings, empty lists and addresses on the network are the caller's mistakes."""
    with pytest.raises(ArgumentError):
        read(source)


def test_frames_other_than_arrow_need_no_pyarrow():
    """polars frames and relations are read without pyarrow being importable."""
    select = "SELECT 'u1' AS customer, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS time, 'a' AS event"
    code = (
        "import sys; sys.modules['pyarrow'] = None; import importlib.util as u; f = u.find_spec\n"
        "u.find_spec = lambda n, *a: None if n == 'pyarrow' else f(n, *a)\n"
        "import duckdb\n"
        "from journeykit.errors import MissingLibraryError\n"
        "from journeykit.evidence.canonical import canonical\n"
        "from journeykit.evidence.reading import resolve\n"
        "from journeykit.importers.frame import FrameImporter\n"
        f'c = duckdb.connect(); r = c.sql("{select}")\n'
        "try: print(len(canonical(FrameImporter().read(resolve(r), 'events'), 'events')))\n"
        "except MissingLibraryError as err: print(err.library)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    expected = "pyarrow\n" if duckdb.__version__.startswith("1.4.") else "1\n"

    assert (expected, "") == (done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("index", "named"),
    [
        (pd.Index(["u1", "u2"], name="customer"), "customer"),
        (pd.Index(["u1", "u2"]), "it has no name"),
        (pd.MultiIndex.from_tuples([("u1", 1), ("u2", 2)], names=["customer", "visit"]), "customer, visit"),
    ],
)
def test_a_customer_in_the_index_is_told_how_to_come_out(read, index, named):
    """A pandas index is no column: where one is missed, and in the report of a frame that is read without it, that is said."""
    frame = pd.DataFrame({"time": ["2024-01-01T00:00:00Z"] * 2, "event": ["a", "b"], "who": ["x", "y"]}, index=index)
    note = f"the index ({named}) is not a column; .reset_index() makes it one"
    with pytest.raises(EvidenceError) as lacking:
        read(frame)
    with pytest.raises(EvidenceError) as missing:
        read(frame, columns={"customer": "user"})

    assert [True, True] == [str(lacking.value).endswith(f"; {note})"), str(missing.value).endswith(f"; {note})")]
    assert (note,) == read(frame, columns={"customer": "who"}).report.notes


def test_an_index_of_row_numbers_is_nothing_to_tell(read):
    """A frame that was filtered or sorted has whole numbers for an index, and no note."""
    frame = pd.DataFrame(DATA)

    assert () == read(frame[frame.event == "home"].sort_values("time", ascending=False)).report.notes
