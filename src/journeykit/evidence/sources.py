"""What goes into an import: the source, the sample an importer may look at, and the raw table it hands over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import Factory, field, frozen

from journeykit.evidence.engines.duckdb import DuckTable
from journeykit.problems import Problem

__all__ = ["Kind", "RawTable", "Sample", "Source"]

Kind = Literal["events", "feedback", "metrics", "customers"]
"""What a table is evidence of."""


@frozen(kw_only=True)
class Source:
    """Where rows come from: one or more files, or one table in memory (then ``files`` is empty)."""

    name: str
    files: tuple[str, ...] = ()
    frame: Any = field(default=None, repr=False, eq=False)


@frozen(kw_only=True)
class Sample:
    """What an importer sees to recognise its format: never more than the beginning of the first file.

    ``head`` is its first bytes (unpacked when it is gzipped; empty for tables in memory), ``columns`` the column names where
    the beginning shows them, ``schema`` the column types where the source has types (Parquet and tables in memory).
    """

    name: str
    head: bytes = b""
    columns: tuple[str, ...] = ()
    schema: Mapping[str, str] = Factory(dict)


@frozen(kw_only=True)
class RawTable:
    """What an importer returns: every readable row as the source has it; `journeykit.evidence.canonical` does the rest.

    ``table`` holds the source's columns, then ``_file`` (0-based index into ``files``), ``_record`` (1-based record within the
    file) and, for text files, ``_line`` (1-based). Where one record becomes several rows, ``_part`` numbers them; where the
    table leaves something of the record out, ``_source`` is a hash of the whole record, so that exact duplicates can be told.
    ``columns`` maps canonical names to columns of the table; ``untyped`` are the VARCHAR columns of plain text, among which
    numbers are recognised; ``tz`` is the zone the source itself declares for its naive times.

    ``problems`` are the rows that could not be read at all, one each: ``rows_in == len(table) + len(problems)``.
    ``in_place`` says that the table can be read again and again, cheaply and always the same (files that are read where they
    lie, a table in the database), so that a large one need not be copied.
    ``rejecting`` names a VARCHAR column that holds a rejection code for rows that must not count (else NULL), and
    ``reasons`` the sentence of each such code.
    """

    table: DuckTable
    columns: Mapping[str, str] = Factory(dict)
    problems: tuple[Problem, ...] = ()
    rows_in: int
    files: tuple[str, ...] = ()
    tz: str | None = None
    untyped: frozenset[str] = frozenset()
    rejecting: str | None = None
    reasons: Mapping[str, str] = Factory(dict)
    in_place: bool = False
    notes: tuple[str, ...] = ()
