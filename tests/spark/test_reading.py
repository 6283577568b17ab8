"""`jk.read_events` on a Spark DataFrame keeps, types and rejects what it does for DuckDB."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

import journeykit as jk
from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import EventLog

TEXTS = [
    "2024-01-01T10:00:00Z", "2024-01-01 10:00:00.1234567+02:00", "2024/01/01 1:30 UTC", "2024-01-01", "1704103200",
    "1704103200123", "1704103200.5", "1704103200123456789", "nope", " 2024-03-31T02:30:00 ", "2024-10-27T02:30:00",
    "2024-02-30T00:00:00Z", "", "2024-01-01T10:00:00-0330", None, "2024-01-01T10:00:00,25Z", "2024-01-01T24:00:00Z",
    "2024-01-01T10:00:00Z\n",
]  # fmt: skip
SIZE = len(TEXTS)
# The last cells of each column repeat until it is as long as the times.
CELLS: dict[str, list[Any]] = {
    "customer": [
        "u1",
        "nan",
        " ",
        None,
        " null ",
        " x ",
        "NULL",
        "None",
        "u2",
        "\u3000\u3000",
        "nan\u3000",
        "\u00a0\u5ba2",
    ],
    "event": ["a", "b", None, " x ", "", "é"],
    "value": ["1.5", "x", None, "", "1e400", " .5 ", "+5", "1."],
    "order": ["1", "1.5", " -7 ", "99999999999999999999", None, "7"],
    "channel": ["web", " NaN", "", "app"],
}


def hostile(shift: int) -> pa.Table:
    """Every column meets every time, over the shifts."""
    columns = {name: [(cells * SIZE)[(i + shift) % SIZE] for i in range(SIZE)] for name, cells in CELLS.items()}
    return pa.table({"time": TEXTS, **columns, "a.b": list(range(SIZE)), "_jk_code": ["x"] * SIZE})


def kept(log: EventLog) -> list[tuple[Any, ...]]:
    names = [name for name in ("customer", "event", "channel", "value", "order") if name in log.columns]
    if hasattr(log.table, "frame"):
        from pyspark.sql import functions as f

        rows = log.table.frame.select(f.unix_micros("time"), *names).collect()
        return sorted(map(tuple, rows), key=repr)
    listed = ", ".join(f'"{name}"' for name in names)
    return sorted(log.table.relation(log.table.cursor()).project(f"epoch_us(time), {listed}").fetchall(), key=repr)


def compare(duck: EventLog, there: EventLog) -> None:
    assert kept(duck) == kept(there)
    assert duck.report.rejections == there.report.rejections
    assert (duck.report.rows_in, duck.report.rows_kept) == (there.report.rows_in, there.report.rows_kept)
    assert duck.observed_until == there.observed_until


@pytest.mark.parametrize("tz", ["Europe/Berlin", "Australia/Lord_Howe", "UTC"])
def test_cells_of_text(spark, tz):
    """Names, numbers and times in text are read as they are in DuckDB, in any zone."""
    table = pa.concat_tables([hostile(shift) for shift in range(9)])
    compare(jk.read_events(table, tz=tz), jk.read_events(spark.createDataFrame(table), tz=tz))


def clocks() -> list[datetime]:
    """Local times around the hours that clocks repeat or skip, and far away from them."""
    autumn = [datetime(2024, 10, 27, 0, 0, 30, 123456) + timedelta(minutes=30 * i) for i in range(9)]
    half_hour = [datetime(2024, 4, 7) + timedelta(minutes=15 * i) for i in range(16)]
    return [*autumn, *half_hour, datetime(2024, 3, 31, 2, 15), datetime(1890, 1, 1), datetime(2024, 6, 1)]


@pytest.mark.parametrize("tz", ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "UTC"])
@pytest.mark.parametrize("kind", ["naive", "aware", "date", "epoch"])
def test_times_of_any_type(spark, kind, tz):
    """Times without a zone are in tz=, also in the hour that comes twice; the zone of the Spark session decides nothing."""
    from pyspark.sql import functions as f

    times: list[Any] = clocks()
    column = {
        "naive": lambda: pa.array(times, pa.timestamp("us")),
        "aware": lambda: pa.array(times, pa.timestamp("us", tz="UTC")),
        "date": lambda: pa.array([time.date() for time in times]),
        "epoch": lambda: pa.array([time.replace(tzinfo=UTC).timestamp() for time in times]),
    }[kind]()
    table = pa.table({"customer": [float(i) for i in range(len(times))], "time": column, "event": ["e"] * len(times)})
    frame = spark.createDataFrame(table)
    if kind == "naive":
        # pyspark takes naive times of Arrow for times in the session's zone; as text they stay as they are.
        texts = spark.createDataFrame(table.set_column(1, "time", pa.array(map(str, times))))
        frame = texts.withColumn("time", f.col("time").cast("timestamp_ntz"))
    compare(jk.read_events(table, tz=tz), jk.read_events(frame, tz=tz))


FORMATS = {
    "%d.%m.%Y %H:%M": ["01.02.2024 9:05", "1.2.2024 09:05", "x", None, "31.02.2024 00:00"],
    "%Y-%m-%dT%H:%M:%S.%f%z": [
        "2024-01-01T10:00:00.123+0100",
        "2024-01-01T10:00:00.123456Z",
        "2024-01-01T10:00:00.1+01:00",
    ],
    "%b %d, %Y %I:%M %p": ["Jan 05, 2024 01:30 PM"],
    "on %Y'%m": ["on 2024'05"],
}


@pytest.mark.parametrize("time_format", FORMATS)
def test_time_formats(spark, time_format):
    """strptime patterns read the same times."""
    texts = FORMATS[time_format]
    table = pa.table({"customer": ["u"] * len(texts), "time": texts, "event": ["e"] * len(texts)})
    arguments = {"tz": "Europe/Berlin", "time_format": time_format}
    compare(jk.read_events(table, **arguments), jk.read_events(spark.createDataFrame(table), **arguments))


def test_columns_are_mapped_joined_and_kept(spark):
    """columns=, an event of several columns and names that only differ in case give the columns they give in DuckDB."""
    table = pa.table(
        {
            "who": [1, 2],
            "when": ["2024-01-01Z", "2024-01-02Z"],
            "area": ["shop", None],
            "act": ["buy", "look"],
            "value": ["7", "8"],
        }
    )
    columns = {"customer": "who", "time": "when", "event": ["area", "act"], "value": None}
    duck, there = jk.read_events(table, columns=columns), jk.read_events(spark.createDataFrame(table), columns=columns)

    compare(duck, there)
    assert [name for name in duck.columns if not name.startswith("_")] == list(there.columns)


@pytest.mark.parametrize("on_duplicate", ["keep", "drop"])
def test_exact_copies(spark, on_duplicate):
    """Copies are counted and dropped as in DuckDB; where they are kept, nobody counts them before they are asked for."""
    table = pa.concat_tables([hostile(0), hostile(0), hostile(1)])
    arguments = {"tz": "UTC", "on_duplicate": on_duplicate}
    duck, there = jk.read_events(table, **arguments), jk.read_events(spark.createDataFrame(table), **arguments)

    compare(duck, there)
    assert there.report.rows_rejected == len(list(there.rejected())) == len(there.report.problems)
    assert (on_duplicate == "keep") == ("not counted yet" in repr(there.report) + there.report._repr_html_())
    assert duck.report.duplicates == there.report.duplicates > 0
    assert f"{duck.report.duplicates} exact duplicates" in str(there.report)


def test_copies_of_maps_are_not_counted(spark):
    """Spark cannot compare maps, so a frame that holds some is read, and the report says what was not counted."""
    maps = pa.array([[("a", 1)]] * 2, pa.map_(pa.string(), pa.int64()))
    table = pa.table({"customer": ["u"] * 2, "time": ["2024-01-01Z"] * 2, "event": ["a"] * 2, "m": maps})
    report = jk.read_events(spark.createDataFrame(table)).report

    assert (2, 0) == (report.rows_kept, report.duplicates)
    assert any("copies are not counted: Spark cannot compare maps, and 'm'" in note for note in report.notes)


def test_every_rejected_row_has_its_reason(spark):
    """Problems name the column and show the cell; a row of Spark has no number to name."""
    table = pa.table(
        {"customer": ["u", "u", None], "time": ["2024-01-01Z", "never", "2024-01-01Z"], "event": ["a", "b", "c"]}
    )
    report = jk.read_events(spark.createDataFrame(table)).report
    told = [(problem.code, problem.address.field, problem.address.record) for problem in report.problems]

    assert [("bad-time", "time", None), ("missing-customer", "customer", None)] == told
    assert "'never'" in report.problems[0].message
    assert any("have no numbers" in note for note in report.notes)


PEOPLE = [*(f"kunde-{1000 + 37 * i}" for i in range(6)), "ann.berg@post.example", "+49 171 5550107", "gone-4711"]


def slipped() -> pa.Table:
    """Ids of kept and of rejected rows, alone and in sentences, in every column from which a problem quotes."""
    rows = [(who, "2026-01-01T10:00:00Z", "home", "1") for who in PEOPLE[:-1]]
    for i, who in enumerate(PEOPLE):
        other = PEOPLE[i - 1]
        rows += [("x", who, "home", "1"), ("x", "2026-01-01T10:00:00Z", "home", who)]
        rows += [
            (who, f"seen {who} today", "home", "1"),
            (who, other, "home", "1"),
            (who, "2026-01-01Z", who, f"{who}.5"),
        ]
        rows += [(who, None, who, "1"), (None, who, who, who)]
    return pa.table([list(column) for column in zip(*rows, strict=True)], names=["customer", "time", "event", "value"])


def test_rejected_rows_name_nobody(spark, leaks):
    """Ids in other columns, of people who are kept and of people whose every row is rejected, are told as DuckDB tells them."""
    duck, there = jk.read_events(slipped()), jk.read_events(spark.createDataFrame(slipped()))
    told = {
        "rejected": "\n".join(f"{problem!r} {problem}" for problem in there.rejected()),
        "report": repr(there.report) + str(there.report) + there.report._repr_html_() + there._repr_html_(),
    }

    assert there.report.rows_rejected > 40
    assert {} == leaks(told, PEOPLE)
    assert sorted(p.message for p in duck.rejected()) == sorted(p.message for p in there.rejected())
    assert sorted(p.message for p in duck.report.problems) == sorted(p.message for p in there.report.problems)


def test_the_search_for_ids_finds_them(spark, leaks, monkeypatch):
    """Without the pseudonyms the same rejected rows do name people."""
    monkeypatch.setattr("journeykit.evidence.tables.Pseudonyms.of", lambda _, text: text)
    monkeypatch.setattr("journeykit.evidence.tables.redacted", lambda text: text)
    told = "\n".join(map(str, jk.read_events(spark.createDataFrame(slipped())).rejected()))

    assert {"rejected"} == set(leaks({"rejected": told}, PEOPLE))


BAD = {
    "naive times": (
        {"time": ["2024-01-01T10:00", "2024-01-01Z"]},
        {},
        EvidenceError,
        "1 of 2 times carry no zone while",
    ),
    "no such column": ({}, {"columns": {"event": "evnt"}}, EvidenceError, 'no column "evnt" to be event'),
    "copies": ({}, {"on_duplicate": "raise"}, EvidenceError, "exact copy of an earlier one"),
    "a zone": ({}, {"tz": "Mars/Base"}, ArgumentError, "is no time zone"),
    "an end before the last event": (
        {},
        {"observed_until": datetime(2020, 1, 1, tzinfo=UTC)},
        ArgumentError,
        "lies before",
    ),
    "a list": ({"event": [["a"], ["b"]]}, {}, EvidenceError, "cannot be event"),
    "a map": (
        {"m": pa.array([[("a", 1)]] * 2, pa.map_(pa.string(), pa.int64()))},
        {"on_duplicate": "drop"},
        ArgumentError,
        "maps",
    ),
}


@pytest.mark.parametrize(("cells", "arguments", "error", "text"), BAD.values(), ids=BAD)
def test_what_cannot_be_read(spark, cells, arguments, error, text):
    """Faults of the frame and of the arguments are those of any other source."""
    table = pa.table({"customer": ["u", "u"], "time": ["2024-01-01Z"] * 2, "event": ["a", "a"]} | cells)
    with pytest.raises(error, match=text):
        jk.read_events(spark.createDataFrame(table), **arguments)


def test_only_events_stay_on_spark(spark):
    """Feedback, metrics and customers are small; the error says how to bring them."""
    with pytest.raises(ArgumentError, match=r"feedback are not read from Spark.*toPandas"):
        jk.read_feedback(spark.createDataFrame(hostile(0)))


def test_a_notebook_shows_the_log_without_a_job(spark, on_spark):
    """The display tells rows, columns and the end of the log, which are known; and no row."""
    page = on_spark._repr_html_()

    assert f"{len(on_spark):,}" in page
    assert "observed until" in page
    assert "u1" not in page
