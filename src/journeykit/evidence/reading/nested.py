"""Reaching into nested columns whose shape differs from export to export."""

from __future__ import annotations

import duckdb

from journeykit.evidence.engines.duckdb import identifier

__all__ = ["binds", "member"]


def member(path: str) -> str:
    """SQL for a dotted path into structs: ``geo.country``."""
    return ".".join(identifier(part) for part in path.split("."))


def binds(cursor: duckdb.DuckDBPyConnection, table: str, expression: str) -> bool:
    """Whether the expression has a meaning on this table, that is, whether the export has these fields."""
    try:
        cursor.execute(f"DESCRIBE SELECT {expression} FROM {identifier(table)}").fetchall()  # noqa: S608
    except duckdb.BinderException:
        return False
    return True
