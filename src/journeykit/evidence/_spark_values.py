"""Names, numbers and times as Spark columns: the same values that DuckDB's readings of a cell give (`_values`, `_times`).

Nothing here may raise on a row, whatever ``spark.sql.ansi.enabled`` says: a cell that cannot be read is NULL.
"""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen

from journeykit.errors import ArgumentError
from journeykit.evidence._times import EARLIEST, ISO, LATEST, is_aware
from journeykit.evidence._values import DECIMAL_NUMBER, MISSING, is_real
from journeykit.evidence.engines.spark import spark_functions

__all__ = ["SparkTime", "as_time", "integer_of", "name_of", "number_of", "present", "time_of"]

Column = Any

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
# Clocks go back by an hour nearly everywhere, by half an hour on Lord Howe Island.
_REPEATED = (3_600 * _SECOND, 1_800 * _SECOND)
# strptime codes and the patterns of Java that read the same; single letters take one digit or two, as strptime does.
_CODES = {
    "%Y": "yyyy", "%m": "M", "%d": "d", "%H": "H", "%I": "h", "%M": "m", "%S": "s", "%f": "SSSSSS", "%p": "a", "%y": "yy",
    "%b": "MMM", "%B": "MMMM", "%j": "D", "%z": "[xxx][xx][x]", "%%": "%", "%T": "H:m:s", "%F": "yyyy-M-d",
}  # fmt: skip


@frozen(kw_only=True)
class SparkTime:
    """One time column: ``utc`` (microseconds since 1970, or NULL) and ``naive`` (readable, but no zone was there)."""

    utc: Column
    naive: Column


def name_of(cell: Column, kind: str, *, verbatim: bool = False) -> Column:
    """The cell as a name: a string, NULL where it is missing; 13085.0 in a column of floats is the name 13085."""
    f = spark_functions()
    if is_real(kind):
        number = cell.cast("double")
        whole = (f.abs(number) < 1e15) & (number == f.floor(number))
        return f.when(whole, number.cast("bigint").cast("string")).when(~f.isnan(number), cell.cast("string"))
    text = cell.cast("string")
    if kind != "VARCHAR":
        return text
    words = [""] if verbatim else ["", *MISSING]
    # Most names are told by their length and their ends; only what may begin or end with a space, of any script, is trimmed.
    foreign = f.octet_length(text) != f.length(text)
    spaced = text.startswith(" ") | text.endswith(" ") | foreign
    bare = f.when(foreign, f.regexp_replace(text, r"^\p{Zs}+|\p{Zs}+$", "")).otherwise(f.trim(text))
    surely = (f.octet_length(text) > max(map(len, words))) & ~spaced
    return f.when(surely, text).when(~(text.isin(words) | (spaced & bare.isin(words))), text)


def present(cell: Column, kind: str) -> Column:
    """Whether the cell holds anything at all; a value that is no text is not made one to know."""
    if kind == "VARCHAR":
        return name_of(cell, kind).isNotNull()
    return cell.isNotNull() & ~spark_functions().isnan(cell.cast("double")) if is_real(kind) else cell.isNotNull()


def number_of(cell: Column, kind: str) -> Column:
    """The cell as a finite double, NULL where it is not one."""
    f = spark_functions()
    if kind == "VARCHAR":
        text = f.trim(cell.cast("string"))
        read = f.when(text.rlike(rf"^{DECIMAL_NUMBER}\z"), _tried(text, "double"))
    else:
        read = _tried(cell, "double")
    return f.when(~f.isnan(read) & (f.abs(read) != float("inf")), read)


def integer_of(cell: Column, kind: str) -> Column:
    """The cell as a whole number of 64 bits, NULL where it is not one."""
    f = spark_functions()
    if kind == "VARCHAR":
        text = f.trim(cell.cast("string"))
        return f.when(text.rlike(r"^[+-]?[0-9]+\z"), _tried(text, "bigint"))
    if is_real(kind):
        number = cell.cast("double")
        inside = (number >= float(-(1 << 63))) & (number < float(1 << 63)) & (number == f.floor(number))
        return f.when(inside, _tried(cell, "bigint"))
    return _tried(cell, "bigint")


def as_time(micros: Column) -> Column:
    """Microseconds since 1970 as a timestamp."""
    return spark_functions().timestamp_micros(micros)


def time_of(cell: Column, kind: str, *, tz: str | None, time_format: str | None) -> SparkTime:
    """How to read a time column of this (DuckDB) type, as `journeykit.evidence._times.reading_of` reads it."""
    f = spark_functions()
    if is_aware(kind):
        return SparkTime(utc=f.unix_micros(cell), naive=f.lit(False))
    if kind in {"DATE", "TIMESTAMP"}:
        if time_format is not None:
            raise ArgumentError(f"time_format= is for text; the time column is already of type {kind}")
        text = cell.cast("string")
        # Text is the one way out of a time without a zone that does not lead through the zone of the session.
        local = _local(f.concat(text, f.lit("T00:00:00")) if kind == "DATE" else text)
        return SparkTime(utc=_in_zone(local, tz), naive=local.isNotNull())
    if time_format is not None:
        return _formatted(f.trim(cell.cast("string")), time_format, tz)
    if is_real(kind):
        return SparkTime(utc=_epoch(cell.cast("double"), real=True), naive=f.lit(False))
    if kind == "BIGINT" or kind.endswith("INT") or kind == "INTEGER":
        return SparkTime(utc=_epoch(cell.cast("bigint"), real=False), naive=f.lit(False))
    return _text(f.trim(cell.cast("string")), tz)


def _tried(cell: Column, kind: str) -> Column:
    # Before 4.0 columns have no try_cast, and casts give NULL unless a session turned ANSI mode on.
    return cell.try_cast(kind) if hasattr(cell, "try_cast") else cell.cast(kind)


def _local(text: Column) -> Column:
    """The microseconds of a local time as if it were in UTC."""
    f = spark_functions()
    return f.unix_micros(_tried(f.concat(text, f.lit("Z")), "timestamp"))


def _in_zone(local: Column, tz: str | None) -> Column:
    if tz is None or tz == "UTC":
        return local
    f = spark_functions()
    moment = f.unix_micros(f.to_utc_timestamp(f.timestamp_micros(local), tz))
    # Of a local time that occurs twice Java takes the earlier one, DuckDB the later.
    later = [
        f.when(f.unix_micros(f.from_utc_timestamp(f.timestamp_micros(moment + step), tz)) == local, moment + step)
        for step in _REPEATED
    ]
    return f.coalesce(*later, moment)


def _formatted(text: Column, time_format: str, tz: str | None) -> SparkTime:
    f = spark_functions()
    pattern = _java_pattern(time_format)
    if "%z" in time_format:
        return SparkTime(utc=f.unix_micros(f.try_to_timestamp(text, f.lit(pattern))), naive=f.lit(False))
    local = f.unix_micros(f.try_to_timestamp(f.concat(text, f.lit("Z")), f.lit(pattern + "X")))
    return SparkTime(utc=_in_zone(local, tz), naive=local.isNotNull())


def _java_pattern(time_format: str) -> str:
    parts: list[str] = []
    for piece in re.findall(r"%.?|[^%]+", time_format, flags=re.DOTALL):
        if not piece.startswith("%"):
            text = piece.replace("'", "''")
            parts.append(f"'{text}'")
        elif piece in _CODES:
            parts.append(_CODES[piece])
        else:
            there = ", ".join(sorted(_CODES))
            raise ArgumentError(f"time_format={time_format!r}: Spark cannot read {piece!r}; it reads {there}")
    return "".join(parts)


def _epoch(number: Column, *, real: bool) -> Column:
    """Seconds, milliseconds, microseconds or nanoseconds, told apart by size within 1980 to 2100."""
    f = spark_functions()
    found = None
    for per_second in (1, 10**3, 10**6, 10**9):
        inside = (number >= EARLIEST * per_second) & (number < LATEST * per_second)
        if per_second > _SECOND:
            # Division makes a double of a whole number, and 19 digits are more than a double holds.
            whole = (number - f.pmod(number, f.lit(1000))).cast("decimal(20,0)")
            scaled = (number if real else whole) / 1000
        else:
            scaled = number * (_SECOND // per_second)
        micros = (f.round(scaled) if real else scaled).cast("bigint")
        found = f.when(inside, micros) if found is None else found.when(inside, micros)
    return found


def _text(text: Column, tz: str | None) -> SparkTime:
    f = spark_functions()
    # Java's `$` would also match before a last line break.
    pattern = ISO.removesuffix("$") + r"\z"
    stamp = f.translate(f.regexp_extract(text, pattern, 1), "/,t", "-.T")
    zone = f.upper(f.regexp_extract(text, pattern, 2))
    # Spark wants a clock with seconds, and knows no hour 24.
    midnight = stamp.rlike(r"[T ]24:00(:00([.]0+)?)?\z")
    clock = f.when(f.length(stamp) == 10, "T00:00:00").when(stamp.rlike(r"[T ]\d{1,2}:\d{2}\z"), ":00").otherwise("")
    day = _local(f.concat(f.substring(stamp, 1, 10), f.lit("T00:00:00"))) + _DAY
    local = f.when(midnight, day).otherwise(_local(f.concat(stamp, clock)))
    sign = f.when(zone.startswith("-"), -1).otherwise(1)
    hours = _tried(f.substring(zone, 2, 2), "int")
    minutes = f.when(f.length(zone) > 3, _tried(f.substring(zone, -2, 2), "int")).otherwise(0)
    shifted = local - (sign * (hours * 60 + minutes)).cast("bigint") * (60 * _SECOND)
    utc = (
        f.when(text.rlike(r"^-?[0-9]{9,19}\z"), _epoch(_tried(text, "bigint"), real=False))
        .when(text.rlike(r"^[0-9]{9,16}[.][0-9]+\z"), _epoch(_tried(text, "double"), real=True))
        .when(zone == "", _in_zone(local, tz))
        .when(zone.isin("Z", "UTC", "GMT"), local)
        .otherwise(shifted)
    )
    return SparkTime(utc=utc, naive=(zone == "") & local.isNotNull())
