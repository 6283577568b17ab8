"""What to say of rows that were rejected, where the rows themselves show it; advice, never done unasked."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from journeykit.evidence._staging import HINTS
from journeykit.evidence._time_advice import EXCEL, are_excel_days, time_advice

__all__ = ["row_advice"]

# Rejected times that are looked at to say how to read them.
_LOOKED_AT = 100_000


def row_advice(
    cursor: duckdb.DuckDBPyConnection, rejected: str, *, kept: int, zone: str | None, amount: str | None
) -> Mapping[str, str]:
    """The next step by code of the fault, for a table of rejected rows; ``amount`` is the column that an event can do without."""
    hints = dict(HINTS)
    if advice := _of_times(cursor, rejected, kept, zone):
        hints["bad-time"] = advice
    if amount is not None and _has_commas(cursor, rejected, amount):
        hints["bad-number"] += '; write them so, or leave the column out: columns={"value": None}'
    return hints


def _of_times(cursor: duckdb.DuckDBPyConnection, rejected: str, kept: int, zone: str | None) -> str:
    """How most times are written, where most cannot be read; a format for the odd ones would lose the others."""
    texts = f"SELECT shown FROM {rejected} WHERE code = 'bad-time'"  # noqa: S608
    ((bad,),) = cursor.execute(f"SELECT count(*) FROM ({texts})").fetchall()  # noqa: S608
    if bad <= kept:
        return ""
    texts = f"{texts} LIMIT {_LOOKED_AT}"
    if advice := time_advice(cursor, texts, zone=zone):
        return f"say {advice}"
    return EXCEL if are_excel_days(cursor, texts) else ""


def _has_commas(cursor: duckdb.DuckDBPyConnection, rejected: str, column: str) -> bool:
    """Whether rows were lost to a decimal comma in this column."""
    query = (
        f"SELECT 1 FROM {rejected} WHERE code = 'bad-number' AND field = ? "  # noqa: S608
        "AND regexp_full_match(trim(shown), '[+-]?[0-9. ]*[0-9],[0-9]+') LIMIT 1"
    )
    return bool(cursor.execute(query, [column]).fetchall())
