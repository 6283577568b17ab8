"""Names and numbers in SQL: typed values from text or typed columns, and recognised types of attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from journeykit.evidence.engines.duckdb import DuckTable, identifier, literal

__all__ = ["attribute_types", "integer_of", "is_scalar", "is_whole", "name_of", "number_of", "one_of_texts", "present"]

# How the tools of the field write a missing value into a text; as a customer's or an event's name they are no name.
MISSING = ("nan", "NaN", "NAN", "null", "NULL", "None", "<NA>", "NaT", r"\N")
_LONGEST = max(map(len, MISSING))
DECIMAL_NUMBER = r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
_DECIMAL = r"-?(0|[1-9][0-9]{0,14})([.][0-9]+([eE][+-]?[0-9]{1,3})?|[eE]-[0-9]{1,3})?"
_REAL = {"DOUBLE", "FLOAT"}
_NEVER_TEXT = ("TIMESTAMP", "DATE", "TIME", "BOOLEAN", "UUID")
_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}


def is_scalar(kind: str) -> bool:
    """Whether a DuckDB type is one value a cell, not a list, struct, map or blob."""
    upper = kind.upper()
    return not (upper.endswith("]") or upper.startswith(("STRUCT", "MAP", "UNION", "BLOB", "BIT")))


def is_whole(kind: str) -> bool:
    """Whether a DuckDB type holds whole numbers."""
    return kind.upper().removeprefix("U") in _WHOLE


def is_real(kind: str) -> bool:
    return kind.upper() in _REAL or kind.upper().startswith("DECIMAL")


def name_of(column: str, kind: str, *, verbatim: bool = False) -> str:
    """The column as a name: VARCHAR, NULL where it is missing; 13085.0 in a column of floats is the name 13085."""
    if is_real(kind):
        number = f"CAST({column} AS DOUBLE)"
        whole = f"CASE WHEN abs({number}) < 1e15 AND {number} = trunc({number}) THEN CAST(CAST({number} AS BIGINT) AS VARCHAR)"
        return f"{whole} WHEN isnan({number}) THEN NULL ELSE CAST({column} AS VARCHAR) END"
    text = f"CAST({column} AS VARCHAR)"
    if verbatim:
        return f"CASE WHEN trim({text}) = '' THEN NULL ELSE {text} END"
    if is_whole(kind) or kind.upper().startswith(_NEVER_TEXT):
        return text
    # Most names are told by their length and their ends; the pattern, several times as dear, is asked about the others: also
    # where a character takes several bytes, for some of those are spaces that a trim takes away.
    surely = f"strlen({text}) > {_LONGEST} AND {text} >= '!' AND NOT ends_with({text}, ' ') AND strlen({text}) = length({text})"
    return (
        f"CASE WHEN {surely} THEN {text} WHEN {one_of_texts(f'trim({text})', ('', *MISSING))} THEN NULL ELSE {text} END"
    )


def one_of_texts(value: str, texts: Iterable[str]) -> str:
    """SQL: whether the text is one of these.

    A pattern and not ``IN`` or ``list_contains``: of those DuckDB makes a hash join when the list is long, and the rows that
    come out of a join are no longer in the order of the source.
    """
    return f"regexp_full_match({value}, {literal('|'.join(map(re.escape, texts)))})"


def present(column: str, kind: str) -> str:
    """SQL: whether the cell holds anything at all."""
    if is_whole(kind) or kind.upper().startswith(_NEVER_TEXT):
        return f"{column} IS NOT NULL"
    return f"{name_of(column, kind)} IS NOT NULL"


def number_of(column: str, kind: str) -> str:
    """The column as a finite DOUBLE, NULL where it is not one; thousands separators and units are not understood."""
    if kind.upper() == "VARCHAR":
        text = f"trim({column})"
        read = f"CASE WHEN regexp_full_match({text}, {literal(DECIMAL_NUMBER)}) THEN TRY_CAST({text} AS DOUBLE) END"
    else:
        read = f"TRY_CAST({column} AS DOUBLE)"
    return f"CASE WHEN isfinite({read}) THEN {read} END"


def integer_of(column: str, kind: str) -> str:
    """The column as BIGINT, NULL where it is not a whole number."""
    if kind.upper() == "VARCHAR":
        text = f"trim({column})"
        return f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS BIGINT) END"
    if is_real(kind):
        return f"CASE WHEN {column} = trunc({column}) THEN TRY_CAST({column} AS BIGINT) END"
    return f"TRY_CAST({column} AS BIGINT)"


def attribute_types(table: DuckTable, columns: Iterable[str]) -> dict[str, str]:
    """BIGINT or DOUBLE for the text columns in which every cell is canonically such a number; others are left out.

    Canonically: writing the number gives the text back (no leading zero, no plus sign), or a decimal of at most 15 digits
    before the point, so that no identifier loses a digit. An empty column stays text.
    """
    names = list(columns)
    if not names:
        return {}
    parts = []
    for name in names:
        cell = identifier(name)
        parts += [
            f"count({cell})",
            f"count(*) FILTER (WHERE CAST(TRY_CAST({cell} AS BIGINT) AS VARCHAR) = {cell})",
            f"count(*) FILTER (WHERE regexp_full_match({cell}, {literal(_DECIMAL)}))",
        ]
    query = f"SELECT {', '.join(parts)} FROM {identifier(table.name)}"  # noqa: S608
    counts = table.cursor().execute(query).fetchall()[0]
    types: dict[str, str] = {}
    for index, name in enumerate(names):
        filled, whole, decimal = counts[3 * index : 3 * index + 3]
        if filled and filled == whole:
            types[name] = "BIGINT"
        elif filled and filled == decimal:
            types[name] = "DOUBLE"
    return types
