"""Times that cannot be read come with the way to read them, taken from the file and never used unasked."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from journeykit.errors import ArgumentError, EvidenceError

ZONE = 'tz="Europe/Berlin" (or your own zone)'


def hint(read, csv_file, times, **options):
    """The hint of the first rejected row of a log whose times these are."""
    rows = "".join(f'u{i},"{time}",a\n' for i, time in enumerate(times))
    log = read(csv_file(f"customer,time,event\n{rows}"), **options)
    return log.report.problems[0].hint


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (["01.03.2026 08:05", "31.03.2026 23:59"], '"%d.%m.%Y %H:%M"'),
        (["31.12.26"], '"%d.%m.%y"'),
        (["3/15/2026 1:05 PM", "12/31/2026 11:59 AM"], '"%m/%d/%Y %I:%M %p"'),
        (["15/3/2026 13:05:00"], '"%d/%m/%Y %H:%M:%S"'),
        (["15-03-2026, 13:05"], '"%d-%m-%Y, %H:%M"'),
        (["5 Mar 2026"], '"%d %b %Y"'),
        (["March 5, 2026 1:05 PM"], '"%B %d, %Y %I:%M %p"'),
        (["20260305 130500"], '"%Y%m%d %H%M%S"'),
        (["2026.03.05 08:05"], '"%Y.%m.%d %H:%M"'),
        (["31-Jul-18", "30-Jul-18"], '"%d-%b-%y"'),
        (["20260305130500"], '"%Y%m%d%H%M%S"'),
        (["2026年3月1日 10時05分"], '"%Y年%m月%d日 %H時%M分"'),
        (["05.03.2026 08:05 Uhr"], '"%d.%m.%Y %H:%M Uhr"'),
    ],
)
def test_the_format_is_read_off_the_file(read, csv_file, times, expected):
    """The one common way that reads every time is named, with the zone that it will need; with it every row is kept."""
    said = hint(read, csv_file, times)
    rows = "".join(f'u{i},"{time}",a\n' for i, time in enumerate(times))
    kept = read(csv_file(f"customer,time,event\n{rows}"), time_format=expected.strip('"'), tz="UTC")

    assert f"say time_format={expected}, {ZONE}" == said
    assert (len(times), len(times)) == (len(kept), kept.report.rows_in)


def test_day_or_month_first_is_the_reader_s_to_say(read, csv_file):
    """Where the day may be the month both formats are named; one date that settles it leaves one."""
    both = hint(read, csv_file, ["03/04/2026", "05/06/2026"])
    one = hint(read, csv_file, ["03/04/2026", "25/06/2026"])

    assert f'say time_format="%d/%m/%Y" or "%m/%d/%Y", {ZONE}' == both
    assert f'say time_format="%d/%m/%Y", {ZONE}' == one


def test_a_zone_that_was_said_is_not_asked_for(read, csv_file):
    """With tz= given only the format is missing."""
    assert 'say time_format="%d.%m.%Y"' == hint(read, csv_file, ["01.03.2026"], tz="UTC")


@pytest.mark.parametrize("times", [["yesterday", "01.03.2026"], ["32.01.2026"], ["noon"]])
def test_no_format_reads_nonsense(read, csv_file, times):
    """What no format reads in full gets the general advice, and no guess."""
    assert "ISO 8601 and epoch numbers of 1980 to 2100 are read; say time_format= for others" == hint(
        read, csv_file, times
    )


def test_a_few_odd_times_do_not_decide(read, csv_file):
    """Where most times are read, a format for the odd ones would lose the others, so none is advised."""
    rows = "".join(f"u{i},2026-03-01T08:00:00Z,a\n" for i in range(5))
    log = read(csv_file(f"customer,time,event\n{rows}u9,01.03.2026,a\n"))

    assert "ISO 8601" in log.report.problems[0].hint


def test_columns_and_times_are_told_together(read, csv_file):
    """Names of another language, dates and the missing zone make one error, whose advice reads the file as it stands."""
    path = csv_file("Kundennummer;Zeitpunkt;Aktion\nK1;05.03.2026 08:05;Kauf\nK2;28.03.2026 09:00;Kauf\n")
    with pytest.raises(EvidenceError) as caught:
        read(path)
    columns = {"customer": "Kundennummer", "time": "Zeitpunkt", "event": "Aktion"}
    log = read(path, columns=columns, time_format="%d.%m.%Y %H:%M", tz="Europe/Berlin")
    said = 'columns={"customer": "Kundennummer", "time": "Zeitpunkt", "event": "Aktion"}'

    assert f'say which they are: {said}, time_format="%d.%m.%Y %H:%M", {ZONE}, if that is what these columns are' == (
        caught.value.problems[0].hint
    )
    assert datetime(2026, 3, 5, 7, 5, tzinfo=UTC) == log.to_polars()["time"][0]


def test_readable_times_need_only_their_zone(read, csv_file):
    """Where the suggested column is ISO with a zone nothing is said of times; without a zone only the zone is asked for."""
    with pytest.raises(EvidenceError) as aware:
        read(csv_file("user_id,ts,action\nu,2026-03-01T08:00:00Z,a\n"))
    with pytest.raises(EvidenceError) as naive:
        read(csv_file("user_id,ts,action\nu,2026-03-01 08:00:00,a\n"))

    assert "time_format" not in aware.value.problems[0].hint
    assert "tz=" not in aware.value.problems[0].hint
    assert f'"event": "action"}}, {ZONE}, if' in naive.value.problems[0].hint


def test_the_days_of_excel_are_recognised(read, csv_file):
    """Numbers as a sheet keeps its days are no epoch: what to do in the sheet is said; other numbers are not taken for it."""
    sheet = hint(read, csv_file, ["45350.5", "45351", "46022.041666667"])
    mixed = hint(read, csv_file, ["45350.5", "12"])

    assert "Excel" in sheet
    assert "yyyy-mm-dd hh:mm:ss" in sheet
    assert "Excel" not in mixed


def test_typed_times_need_their_zone_too(read, tmp_path):
    """A Parquet column of times without a zone is told together with the columns, not after them."""
    pl.DataFrame({"user_id": ["u"], "ts": [datetime(2026, 3, 1)], "action": ["a"]}).write_parquet(
        tmp_path / "a.parquet"
    )
    with pytest.raises(EvidenceError) as caught:
        read(tmp_path / "a.parquet")

    assert f'"event": "action"}}, {ZONE}, if' in caught.value.problems[0].hint


def test_an_unknown_code_of_time_format_is_the_caller_s_mistake(read, csv_file):
    """A strptime code that does not exist is named, and the file is not blamed."""
    with pytest.raises(ArgumentError, match="time_format= has no code %Q"):
        read(csv_file("customer,time,event\nu,2026-03-01,a\n"), time_format="%Y %Q")
