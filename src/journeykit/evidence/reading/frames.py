"""Tables in memory: pandas and polars frames, pyarrow tables, DuckDB relations, and whatever else streams Arrow data.

A pandas frame is scanned by DuckDB itself; all others come through the Arrow C stream that they offer, which needs no pyarrow
(with DuckDB 1.4 it does, and a `MissingLibraryError` says so). A relation of the user's own DuckDB connection moves the same
way, so that their connection is left as it was.
"""

from __future__ import annotations

from typing import Any, cast

import duckdb

from journeykit.errors import MissingLibraryError
from journeykit.evidence.engines.duckdb import Database, DuckTable, identifier
from journeykit.evidence.engines.spark import SparkTable, is_spark
from journeykit.evidence.reading.loading import unique_names
from journeykit.evidence.reading.resolving import is_pandas
from journeykit.evidence.reading.texts import fault
from journeykit.evidence.sources import RawTable, Source

__all__ = ["read_frame"]


class _Stream:
    """Shows the Arrow stream of an object and nothing else: DuckDB would take polars through pyarrow otherwise."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def read_frame(source: Source) -> RawTable:
    """The rows of a table in memory as typed columns; records are numbered from 1 in its order. The data is copied once.

    A Spark DataFrame stays where it is.
    """
    if is_spark(source.frame):
        unique, changes = unique_names(list(source.frame.columns))
        # Every importer but this one makes tables of DuckDB, and `canonical` alone looks at what this one makes. The rows are
        # counted there, once.
        table = cast("DuckTable", SparkTable(source.frame.toDF(*unique), 0))
        return RawTable(table=table, rows_in=0, files=(source.name,), notes=tuple(changes))
    database = Database()
    connection = database.connection
    frame, notes = _prepared(source.frame)
    try:
        if is_pandas(frame):
            # Object columns are typed by a sample; the default of 1,000 cells misses text that starts further down.
            connection.execute(f"SET pandas_analyze_sample = {max(len(frame), 1)}")
        connection.register("frame", frame)
        try:
            connection.execute("CREATE TABLE source_frame AS SELECT * FROM frame")
        finally:
            connection.unregister("frame")
    except (duckdb.Error, ImportError) as err:
        if "pyarrow" in str(err):
            purpose = f"reading a {type(source.frame).__name__} with DuckDB {duckdb.__version__} (1.5 reads it without)"
            raise MissingLibraryError("pyarrow", purpose) from err
        message = f"cannot be read: {str(err).splitlines()[0]}"
        raise fault("bad-frame", source.name, message, "give each column one type") from err
    names = list(database.table("source_frame").columns)
    unique, changes = unique_names(names)
    renamed = ", ".join(f"{identifier(a)} AS {identifier(b)}" for a, b in zip(names, unique, strict=True))
    numbers = "CAST(0 AS INTEGER) AS _file, rowid + 1 AS _record"
    connection.execute(f"CREATE VIEW source_rows AS SELECT {renamed}, {numbers} FROM source_frame")  # noqa: S608
    table = database.table("source_rows")
    return RawTable(table=table, rows_in=len(table), files=(source.name,), in_place=True, notes=(*notes, *changes))


def _prepared(frame: Any) -> tuple[Any, tuple[str, ...]]:
    if not is_pandas(frame):
        return _Stream(frame), ()
    names, notes = unique_names([str(name) for name in frame.columns])
    if not len(names):
        raise fault("empty-table", "<DataFrame>", "the frame has no columns", None)
    return frame.set_axis(list(names), axis=1), (*notes, *_index(frame.index))


def _index(index: Any) -> tuple[str, ...]:
    """A note where a pandas index holds more than the numbers of the rows: it is read by nobody, and often is the customer."""
    named = [str(name) for name in index.names if name is not None]
    if not named and (index.nlevels > 1 or index.dtype.kind not in "iu"):
        named = ["it has no name"]
    return (f"the index ({', '.join(named)}) is not a column; .reset_index() makes it one",) if named else ()
