"""Times in SQL: what a column says, as UTC microseconds, and whether its zone is missing."""

from __future__ import annotations

import duckdb
from attrs import frozen

from journeykit.errors import ArgumentError
from journeykit.evidence.engines.duckdb import literal

__all__ = ["TimeReading", "checked_zone", "is_aware", "reading_of", "utc_of"]

# year-first dates, a clock to the minute or finer, an offset or UTC; anything else needs time_format=
ISO = (
    r"^(\d{4}[-/]\d{2}[-/]\d{2}(?:[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)?)\d*"
    r"\s*(Z|z|UTC|GMT|[+-](?:0\d|1[0-8])(?::?[0-5]\d)?)?$"
)
# The commonest of these, in UTC: told by one plain pattern, because taking ISO apart is most of the cost of an import.
_PLAIN = "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z"
# 1980-01-01 to 2100-01-01 in seconds: the four units do not overlap there, and compact dates (20240131) fall outside.
EARLIEST, LATEST = 315_532_800, 4_102_444_800


@frozen(kw_only=True)
class TimeReading:
    """SQL for one time column: ``utc`` (TIMESTAMP or NULL) and ``naive`` (BOOLEAN: readable, but no zone was there)."""

    utc: str
    naive: str


def checked_zone(tz: str | None, cursor: duckdb.DuckDBPyConnection) -> str | None:
    """The zone's name when the engine knows it (``Europe/Berlin``, ``UTC``); `ArgumentError` otherwise."""
    if tz is None:
        return None
    # The engine's own list: Python's needs a system time zone database, which Windows has not.
    # Half a surrogate pair, which a terminal makes of a byte that is no UTF-8, cannot be handed to the engine.
    known = tz.isascii() and cursor.execute("SELECT 1 FROM pg_timezone_names() WHERE name = ?", [tz]).fetchall()
    if not known:
        raise ArgumentError(f'tz={tz!r} is no time zone; use a name such as "Europe/Berlin" or "UTC"')
    return tz


def reading_of(column: str, kind: str, *, tz: str | None, time_format: str | None) -> TimeReading:
    """How to read a time column of this DuckDB type (``column`` is SQL).

    Text is ISO 8601 (or year/month/day), with ``Z``, `` UTC`` or an offset, or an epoch number. Epoch numbers are seconds,
    milliseconds, microseconds or nanoseconds, told apart by size within 1980 to 2100; others cannot be read. With
    ``time_format`` (strptime codes), nothing else is tried. A naive local time that occurs twice when clocks go back is
    taken as the later one; one that clocks skip moves forward.
    """
    upper = kind.upper()
    if is_aware(kind):
        return TimeReading(utc=utc_of(column), naive="false")
    if upper == "DATE" or upper.startswith("TIMESTAMP"):
        if time_format is not None:
            raise ArgumentError(f"time_format= is for text; the time column is already of type {upper}")
        return _naive(f"CAST({column} AS TIMESTAMP)", tz)
    if time_format is not None:
        return _formatted(f"CAST({column} AS VARCHAR)", time_format, tz)
    if upper in {"DOUBLE", "FLOAT"} or upper.startswith("DECIMAL"):
        return TimeReading(utc=_epoch(f"CAST({column} AS DOUBLE)"), naive="false")
    if upper.removeprefix("U") in {"BIGINT", "INTEGER", "HUGEINT", "SMALLINT", "TINYINT"}:
        return TimeReading(utc=_epoch(column), naive="false")
    return _text(column, tz)


def is_aware(kind: str) -> bool:
    """Whether a DuckDB type is a time with a zone; DuckDB 2 has one of nanoseconds besides."""
    return kind.upper().startswith(("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"))


def utc_of(aware: str) -> str:
    """SQL: the aware time as UTC without a zone."""
    # Without a detour through the session's time zone, which would need a library in Python.
    return f"make_timestamp(epoch_us(CAST({aware} AS TIMESTAMPTZ)))"


def _in_zone(local: str, tz: str | None) -> str:
    if tz is None or tz == "UTC":
        return local
    # At the ends of the calendar a zone would lead out of the years that Python can hold.
    inside = f"{local} >= TIMESTAMP '0001-01-02' AND {local} < TIMESTAMP '9999-12-31'"
    moved = utc_of(f"timezone({literal(tz)}, {local})")
    return f"CASE WHEN {inside} THEN {moved} END"


def _naive(local: str, tz: str | None) -> TimeReading:
    return TimeReading(utc=_in_zone(local, tz), naive=f"{local} IS NOT NULL")


def _formatted(text: str, time_format: str, tz: str | None) -> TimeReading:
    parsed = f"try_strptime(trim({text}), {literal(time_format)})"
    if "%z" in time_format.lower():
        return TimeReading(utc=utc_of(parsed), naive="false")
    return _naive(f"CAST({parsed} AS TIMESTAMP)", tz)


def _epoch(number: str) -> str:
    branches = []
    for unit, per_second in (("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)):
        low, high = EARLIEST * per_second, LATEST * per_second
        micros = {"s": f"{number} * 1000000", "ms": f"{number} * 1000", "us": f"{number}", "ns": f"{number} // 1000"}[
            unit
        ]
        if "AS DOUBLE" in number and unit == "ns":
            micros = f"{number} / 1000"
        cast = f"CAST(round({micros}) AS BIGINT)" if "AS DOUBLE" in number else f"CAST({micros} AS BIGINT)"
        branches.append(f"WHEN {number} >= {low} AND {number} < {high} THEN make_timestamp({cast})")
    return f"CASE {' '.join(branches)} END"


def _text(column: str, tz: str | None) -> TimeReading:
    text = f"trim(CAST({column} AS VARCHAR))"
    pattern = literal(ISO)
    local_text = f"translate(regexp_extract({text}, {pattern}, 1), '/,t', '-.T')"
    local = f"TRY_CAST({local_text} AS TIMESTAMP)"
    zone = f"upper(regexp_extract({text}, {pattern}, 2))"
    minutes = (
        f"(CASE WHEN {zone}[1:1] = '-' THEN -1 ELSE 1 END * (CAST({zone}[2:3] AS INTEGER) * 60"
        f" + CASE WHEN length({zone}) > 3 THEN CAST(right({zone}, 2) AS INTEGER) ELSE 0 END))"
    )
    whole = f"regexp_full_match({text}, '-?[0-9]{{9,19}}')"
    broken = f"regexp_full_match({text}, '[0-9]{{9,16}}[.][0-9]+')"
    plain = f"regexp_full_match({text}, {literal(_PLAIN)})"
    utc = (
        f"CASE WHEN {plain} THEN TRY_CAST(rtrim({text}, 'Z') AS TIMESTAMP)"
        f" WHEN {whole} THEN {_epoch(f'TRY_CAST({text} AS HUGEINT)')}"
        f" WHEN {broken} THEN {_epoch(f'TRY_CAST({text} AS DOUBLE)')}"
        f" WHEN {zone} = '' THEN {_in_zone(local, tz)}"
        f" WHEN {zone} IN ('Z', 'UTC', 'GMT') THEN {local}"
        f" ELSE {local} - to_minutes({minutes}) END"
    )
    naive = f"CASE WHEN {plain} THEN false ELSE coalesce({zone} = '' AND {local} IS NOT NULL, false) END"
    return TimeReading(utc=utc, naive=naive)
