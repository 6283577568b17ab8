"""Conditions that every faulty row meets and that an engine can refuse whole blocks of rows by, without reading them.

The canonical faults are told row by row, which costs more than all else on a large file. Most files have none; that is
proved by the least and greatest values that Parquet files and tables keep of their blocks, wherever such values say it.
"""

from __future__ import annotations

from journeykit.evidence._values import MISSING, is_whole
from journeykit.evidence.engines.duckdb import literal

__all__ = ["FIRST", "LAST", "name_suspects", "time_suspects"]

# The years that Python can hold: engines know infinity and the year 290,000, which no figure can be told in.
# From the no-break space to the ideographic one: what Unicode calls a space separator, beyond the space itself.
_SPACES = (
    ("\u00a0", "\u00a0"),
    ("\u1680", "\u1680"),
    ("\u2000", "\u200a"),
    ("\u202f", "\u202f"),
    ("\u205f", "\u205f"),
    ("\u3000", "\u3000"),
)
FIRST, LAST = "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"


def name_suspects(cell: str, kind: str) -> tuple[str, ...] | None:
    """SQL conditions of which a cell that is no name meets one (others may, too); None where there are no cheap ones."""
    if is_whole(kind):
        return (f"{cell} IS NULL",)
    if kind.upper() != "VARCHAR":
        return None
    # "!" is the first character after the space: what comes before it is empty or begins with a space or a control character, and
    # between a word and the word with "!" lies the word with spaces behind it. Other spaces are rare, but trimmed as well.
    spaces = (_between(cell, first, chr(ord(last) + 1)) for first, last in _SPACES)
    words = (
        _between(cell, word + low, word + high) for word in MISSING for low, high in (("", "!"), ("\u00a0", "\u3001"))
    )
    return (f"{cell} IS NULL", f"{cell} < '!'", *spaces, *words)


def _between(cell: str, low: str, high: str) -> str:
    return f"{cell} >= {literal(low)} AND {cell} < {literal(high)}"


def time_suspects(cell: str, kind: str) -> tuple[str, ...] | None:
    """The same of times, where they are UTC already."""
    if kind.upper() != "TIMESTAMP WITH TIME ZONE":
        return None
    return (f"{cell} IS NULL", f"{cell} < TIMESTAMPTZ '{FIRST}+00'", f"{cell} > TIMESTAMPTZ '{LAST}+00'")
