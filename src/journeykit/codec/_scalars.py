"""Single values as text: YAML 1.2 core scalars, dates, times and durations, both ways."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL = {
    "nan": re.compile(r"\.(?:nan|NaN|NAN)"),
    "inf": re.compile(r"\+?\.(?:inf|Inf|INF)"),
    "-inf": re.compile(r"-\.(?:inf|Inf|INF)"),
}
# Python itself refuses to read longer ones; no figure of a journey comes near.
_MAX_DIGITS = 400

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
DURATION = r"(?=[0-9])(?:[0-9]{1,9}w)?(?:[0-9]{1,9}d)?(?:[0-9]{1,9}h)?(?:[0-9]{1,9}m)?(?:[0-9]{1,9}s)?"
_DATE = re.compile(DATE)
_DURATION = re.compile(DURATION)
_PART = re.compile(r"([0-9]+)([wdhms])")
_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
TIME = DATE + r"T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{6})?Z"
_TIME = re.compile(TIME)


def number_of(text: str) -> int | float | None:
    """The number a plain scalar stands for by the core rules of YAML 1.2, None when it is none; may be infinite or NaN."""
    if _INTEGER.fullmatch(text):
        if len(text) > _MAX_DIGITS:
            return float("-inf" if text[0] == "-" else "inf")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return next((float(name) for name, form in _SPECIAL.items() if form.fullmatch(text)), None)


def scalar_of(text: str) -> str | int | float | bool | None:
    """What a plain scalar without a declared type stands for by the core rules of YAML 1.2."""
    if text in NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    number = number_of(text)
    return text if number is None else number


def date_of(text: str) -> date | None:
    """The day of an ISO date, None when there is no such day or it is not one."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def duration_of(text: str) -> timedelta | None:
    """``30m``, ``7d``, ``1d12h``, ``45s``, ``2w``; None when it is not one or too long for any calendar."""
    if not _DURATION.fullmatch(text):
        return None
    try:
        return timedelta(seconds=sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(text)))
    except OverflowError:
        return None


def duration_text(value: timedelta) -> str:
    """The canonical text of a duration of whole seconds: days, hours, minutes, seconds, none of them zero."""
    hours, seconds = divmod(value.seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    parts = ((value.days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)


def time_of(text: str) -> datetime | None:
    """The aware UTC time of ``2026-03-01T12:00:00Z``, with six decimals where they are not zero."""
    try:
        return datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def time_text(value: datetime) -> str:
    """The time in UTC with a Z."""
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def plain_number(value: float) -> int | float:
    """The shortest form of a measure: ``2`` rather than ``2.0``."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
