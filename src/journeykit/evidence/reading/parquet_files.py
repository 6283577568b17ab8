"""Parquet files, read in place: nothing is copied before the canonical table is made."""

from __future__ import annotations

import os
from glob import escape

import duckdb

from journeykit.evidence.engines.duckdb import Database, Pin, identifier, literal
from journeykit.evidence.reading.loading import unique_names
from journeykit.evidence.reading.texts import fault
from journeykit.evidence.sources import RawTable

__all__ = ["parquet_schema", "read_parquet"]

_NAME = "source_files"


def _scan(files: tuple[str, ...], *, numbered: bool) -> str:
    # A path with wildcard characters in it is one file here: globs were resolved before.
    listed = ", ".join(literal(escape(name)) for name in files)
    options = "union_by_name = true, hive_partitioning = false"
    if numbered:
        options += ", file_row_number = true, filename = true"
    return f"read_parquet([{listed}], {options})"


def parquet_schema(name: str) -> dict[str, str]:
    """Column name to DuckDB type of one Parquet file; `EvidenceError` when it is damaged."""
    database = Database()
    try:
        rows = database.connection.execute(f"DESCRIBE SELECT * FROM {_scan((name,), numbered=False)}").fetchall()  # noqa: S608
    except duckdb.Error as err:
        raise _damaged(name, err) from err
    return {str(row[0]): str(row[1]) for row in rows}


def read_parquet(files: tuple[str, ...]) -> RawTable:
    """The rows of every file as typed columns (a view on the files), with file and record; columns are united by name."""
    database = Database()
    cursor = database.connection
    # The view is read as long as the log is used: from wherever the process stands then. What the files were is remembered
    # before the first look at them, so that no change between two looks goes unseen.
    paths = tuple(map(os.path.abspath, files))
    try:
        pins = tuple(map(Pin.of, paths))
        described = cursor.execute(f"DESCRIBE SELECT * FROM {_scan(paths, numbered=False)}").fetchall()  # noqa: S608
        names = [str(row[0]) for row in described]
        unique, notes = unique_names(names)
        if {"filename", "file_row_number"} & {name.lower() for name in names}:
            message = "has a column called filename or file_row_number, names that are needed here"
            raise fault("reserved-column", files[0], message, "rename it")
        renamed = ", ".join(f"{identifier(a)} AS {identifier(b)}" for a, b in zip(names, unique, strict=True))
        index = "0" if len(files) == 1 else f"list_position([{', '.join(map(literal, paths))}], filename) - 1"
        numbers = f"CAST({index} AS INTEGER) AS _file, file_row_number + 1 AS _record"
        scan = _scan(paths, numbered=True)
        cursor.execute(f"CREATE VIEW {_NAME} AS SELECT {renamed}, {numbers} FROM {scan}")  # noqa: S608
        count = cursor.execute(f"SELECT count(*) FROM {_scan(paths, numbered=False)}").fetchall()[0][0]  # noqa: S608
    except (duckdb.Error, OSError) as err:
        raise _damaged(", ".join(files), err) from err
    table = database.table(_NAME, pins=pins)
    return RawTable(table=table, rows_in=int(count), files=files, in_place=True, notes=notes)


def _damaged(name: str, err: Exception) -> Exception:
    first = str(err).splitlines()[0]
    return fault("bad-parquet", name, f"cannot be read as Parquet: {first}", "is it whole, and is it Parquet?")
