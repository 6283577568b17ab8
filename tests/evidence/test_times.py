from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa
import pytest

from journeykit.errors import ArgumentError, EvidenceError

MOMENT = datetime(2024, 3, 5, 12, 30, 15)


def one(read, rows, csv_file, text, **arguments):
    return [row["time"] for row in rows(read(csv_file(f'customer,time,event\nu1,"{text}",home\n'), **arguments))]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05T12:30:15Z", "2024-03-05 12:30:15 UTC", "2024-03-05 12:30:15.000+00", "2024-03-05T14:30:15+02:00",
        "2024-03-05T02:00:15 -1030", "2024/03/05 12:30:15,000000000 GMT", "1709641815", "1709641815000",
        "1709641815000000", "1709641815000000000", "1709641815.0", " 2024-03-05t12:30:15z ",
    ],
)  # fmt: skip
def test_every_spelling_of_a_moment_is_that_moment(read, rows, csv_file, text):
    """Offsets, UTC marks and epoch numbers of all four units give the same UTC time."""
    assert [MOMENT] == one(read, rows, csv_file, text)


@pytest.mark.parametrize(
    "text",
    [
        "20240305",
        "20240305123015",
        "05.03.2024",
        "2024-13-01",
        "2024-02-30T10:00Z",
        "soon",
        "0",
        "2024-03-05T25:00Z",
        "45000",
    ],
)
def test_what_is_no_time_is_rejected(read, csv_file, text):
    """A compact date, a day-first date, an impossible one and an Excel serial are rejected, never guessed."""
    log = read(csv_file(f"customer,time,event\nu1,{text},home\n"))

    assert {"bad-time": 1} == log.report.rejections
    assert text in log.report.problems[0].message


@pytest.mark.parametrize("text", ["2024-03-05 12:30:15", "2024-03-05"])
def test_naive_times_ask_for_a_zone(read, csv_file, text):
    """Times without a zone are an error that counts them, names the first and asks for tz=."""
    path = csv_file(f"customer,time,event\nu1,2024-03-05T12:30:15Z,home\nu1,{text},home\n")
    with pytest.raises(EvidenceError, match="tz=") as caught:
        read(path)
    problem = caught.value.problems[0]

    assert ("naive-time", 3, 2, "time") == (
        problem.code,
        problem.address.line,
        problem.address.record,
        problem.address.field,
    )
    assert "1 of 2" in problem.message


def test_tz_is_for_naive_times_only(read, rows, csv_file):
    """With tz=, naive times are local to it and aware ones are left alone."""
    path = csv_file("customer,time,event\nu1,2024-03-05T12:30:15Z,a\nu1,2024-03-05 13:30:15,b\nu1,2024-07-05,c\n")

    assert [MOMENT, MOMENT, datetime(2024, 7, 4, 22)] == [row["time"] for row in rows(read(path, tz="Europe/Berlin"))]


@pytest.mark.parametrize("tz", ["Europe/Berlin", "America/New_York", "Asia/Tokyo"])
def test_the_ends_of_the_calendar_reject_their_row_alone(read, csv_file, tz):
    """A local time that its zone would carry out of the calendar is one rejected row, not the end of the import."""
    text = "customer,time,event\nu1,9999-12-31 23:59:59,a\nu1,0001-01-01 00:00:00,b\nu1,2024-03-05 12:00:00,c\n"
    found = read(csv_file(text), tz=tz)

    assert (1, {"bad-time": 2}) == (found.report.rows_kept, dict(found.report.rejections))


def test_clock_changes_are_decided(read, rows, csv_file):
    """The hour that clocks skip moves forward, the one they repeat is the later one."""
    text = "customer,time,event\nu1,2024-03-31 02:30:00,gap\nu1,2024-10-27 02:30:00,twice\n"

    assert [datetime(2024, 3, 31, 1, 30), datetime(2024, 10, 27, 1, 30)] == [
        row["time"] for row in rows(read(csv_file(text), tz="Europe/Berlin"))
    ]


def test_time_format_reads_what_iso_does_not(read, rows, csv_file):
    """With time_format= exactly that is read, in the given zone; with an offset in it no zone is needed."""
    assert [datetime(2018, 7, 31)] == one(read, rows, csv_file, "31-Jul-18", time_format="%d-%b-%y", tz="UTC")
    assert [MOMENT] == one(read, rows, csv_file, "05.03.2024 14:30:15 +0200", time_format="%d.%m.%Y %H:%M:%S %z")
    assert [] == one(read, rows, csv_file, "2024-03-05", time_format="%d.%m.%Y", tz="UTC")


@pytest.mark.parametrize("tz", ["Berlin", "", "+25:00"])
def test_an_unknown_zone_is_the_callers_mistake(read, csv_file, tz):
    """A zone nobody knows is an ArgumentError."""
    with pytest.raises(ArgumentError, match="time zone"):
        read(csv_file("customer,time,event\nu1,2024-03-05,a\n"), tz=tz)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (pd.to_datetime(["2024-03-05 14:30:15"]).tz_localize("Europe/Athens"), MOMENT),
        (pd.Series([1709641815]), MOMENT),
        (pd.Series([1709641815.25]), MOMENT.replace(microsecond=250_000)),
        (pd.Series([1709641815000000000]), MOMENT),
    ],
)
def test_typed_columns_are_read_by_their_type(read, rows, times, expected):
    """Aware timestamps and epoch numbers of a frame are read without a zone."""
    frame = pd.DataFrame({"customer": ["u1"], "event": ["a"], "time": times})

    assert [expected] == [row["time"] for row in rows(read(frame))]


@pytest.mark.parametrize("aware", [True, False])
@pytest.mark.parametrize(
    "moment", [568_971_820_800_000_000, 2**63 - 1, -62_135_596_800_000_001, -77_925_542_400_000_000]
)
def test_typed_times_no_calendar_of_python_holds_reject_their_row_alone(read, rows, moment, aware):
    """The year 20000, infinity and times before the year 1 in a typed column are no times; the others are read."""
    moments = pa.array([0, moment, 253_402_300_799_999_999], pa.int64()).cast(
        pa.timestamp("us", "UTC" if aware else None)
    )
    log = read(pa.table({"customer": ["u1"] * 3, "event": ["a"] * 3, "time": moments}), tz=None if aware else "UTC")

    assert {"bad-time": 1} == dict(log.report.rejections)
    assert [1970, 9999] == [row["time"].year for row in rows(log)]


def test_naive_typed_columns_ask_for_a_zone(read, rows):
    """Naive timestamps of a frame are an error without tz= and local with it."""
    frame = pd.DataFrame({"customer": ["u1"], "event": ["a"], "time": pd.to_datetime(["2024-03-05 13:30:15"])})
    with pytest.raises(EvidenceError, match="tz="):
        read(frame)

    assert [MOMENT] == [row["time"] for row in rows(read(frame, tz="Europe/Berlin"))]


def test_time_format_on_typed_times_is_refused(read):
    """strptime codes for a column that is already a time are the caller's mistake."""
    frame = pd.DataFrame({"customer": ["u1"], "event": ["a"], "time": pd.to_datetime(["2024-03-05"])})
    with pytest.raises(ArgumentError, match="time_format"):
        read(frame, time_format="%Y", tz="UTC")


def test_observed_until_is_the_last_time_unless_said(read, csv_file):
    """observed_until is the log's last time, or what was said, and never lies before the last event."""
    path = csv_file("customer,time,event\nu1,2024-03-05T12:30:15Z,a\n")
    later = datetime(2024, 4, 1, tzinfo=UTC)

    assert [MOMENT.replace(tzinfo=UTC), later] == [
        read(path).observed_until,
        read(path, observed_until=later).observed_until,
    ]
    for bad in (datetime(2024, 4, 1), datetime(2024, 1, 1, tzinfo=UTC)):
        with pytest.raises(ArgumentError):
            read(path, observed_until=bad)
