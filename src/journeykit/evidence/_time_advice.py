"""What to say so that times are read, found by trying the common ways to write them; a suggestion, never used unasked."""

from __future__ import annotations

from itertools import product

import duckdb

from journeykit.evidence._times import reading_of
from journeykit.evidence.engines.duckdb import literal

__all__ = ["EXCEL", "ZONE", "are_excel_days", "time_advice"]

EXCEL = (
    "these look like the days that Excel counts from 1900: give the cells the format yyyy-mm-dd hh:mm:ss there and save again; "
    'in Python, pandas.to_datetime(column, unit="D", origin="1899-12-30") reads them'
)

# As many different values as tell a day from a month: 1,000 dates of which none has a day above 12 are rare.
_SAMPLE = 1000
_DAYS = (
    "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%Y", "%m-%d-%Y", "%Y.%m.%d", "%Y%m%d",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%Y年%m月%d日", "%Y-%m-%d",
)  # fmt: skip
_CLOCKS = (
    "", " %H:%M", " %H:%M:%S", ", %H:%M", ", %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %I:%M %p", "T%H:%M", "T%H:%M:%S",
    " %H.%M", " %H%M%S", "%H%M%S", " %H時%M分", " %H時%M分%S秒", " %H:%M Uhr",
)  # fmt: skip
# "UTC" would be copied by people whose clocks do not show it; a city makes them look.
ZONE = 'tz="Europe/Berlin" (or your own zone)'


def time_advice(cursor: duckdb.DuckDBPyConnection, texts: str, *, zone: str | None) -> str:
    """``time_format="%d.%m.%Y %H:%M", tz=...`` for the texts that a query gives, as far as they need it; else nothing.

    The format is one that reads every one of (1,000 different) values as a time between 1900 and 2100. Where several do and
    disagree, as with 03/04/2026, both are named: whether the day or the month comes first is the reader's to say.
    """
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE _jk_times AS SELECT DISTINCT trim(v) AS v FROM ({texts}) AS given(v) "  # noqa: S608
        f"WHERE trim(v) <> '' LIMIT {_SAMPLE}"
    )
    try:
        iso = reading_of("v", "VARCHAR", tz="UTC", time_format=None)
        counted = f"SELECT count(*), count({iso.utc}), count(*) FILTER ({iso.naive}) FROM _jk_times"  # noqa: S608
        ((size, read, naive),) = cursor.execute(counted).fetchall()
        if not size:
            return ""
        if read == size:
            return ZONE if naive and zone is None else ""
        formats = _formats(cursor, size)
    finally:
        cursor.execute("DROP TABLE IF EXISTS _jk_times")
    if not formats:
        return ""
    said = " or ".join(f'"{pattern}"' for pattern in formats)
    return f"time_format={said}" + (f", {ZONE}" if zone is None else "")


def are_excel_days(cursor: duckdb.DuckDBPyConnection, texts: str) -> bool:
    """Whether every value that a query gives is a number as Excel keeps a day between 1954 and 2064, and there is one."""
    number = "TRY_CAST(CASE WHEN regexp_full_match(trim(v), '[0-9]{5}([.][0-9]+)?') THEN trim(v) END AS DOUBLE)"
    query = f"SELECT count(*), count(*) FILTER ({number} BETWEEN 20000 AND 60000) FROM ({texts}) AS given(v)"  # noqa: S608
    ((size, days),) = cursor.execute(query).fetchall()
    return bool(size) and size == days


def _formats(cursor: duckdb.DuckDBPyConnection, size: int) -> list[str]:
    """The patterns that read every value; of those that read all of them as the same times only the first."""
    patterns = ["".join(parts) for parts in product(_DAYS, _CLOCKS)]
    parsed = [f"try_strptime(v, {literal(pattern)})" for pattern in patterns]
    # A two-digit year read as one of four digits lies in the first century.
    fits = [f"count(*) FILTER (year({time}) BETWEEN 1900 AND 2100)" for time in parsed]
    counts = cursor.execute(f"SELECT {', '.join(fits)} FROM _jk_times").fetchall()[0]  # noqa: S608
    able = [i for i, count in enumerate(counts) if count == size]
    found: dict[tuple[object, ...], str] = {}
    for i in able:
        times = cursor.execute(f"SELECT {parsed[i]} FROM _jk_times ORDER BY v").fetchall()  # noqa: S608
        found.setdefault(tuple(time for (time,) in times), patterns[i])
    return list(found.values())
