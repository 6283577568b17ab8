"""DuckDB, the engine at home: private in-memory databases that spill into a folder of their own.

Every database is closed to the network (no extension is installed or loaded by itself), sees no Python variable by name, and
keeps the order of rows. Its spill folder is removed when the last table that uses it is gone, also after an error or Ctrl-C.
Times are stored as TIMESTAMP in UTC: fetching TIMESTAMP WITH TIME ZONE into Python would need a further library.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path

import duckdb
from attrs import field, frozen

__all__ = ["Database", "DuckTable", "column_list", "identifier", "literal"]


def identifier(name: str) -> str:
    """The name as a quoted SQL identifier; the only way a name from data gets into a statement."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as a quoted SQL literal, for the few places that take no parameter (format strings, zones)."""
    return "'" + text.replace("'", "''") + "'"


class Database:
    """One private in-memory database; `connection` is its first connection, `cursor()` gives a further one."""

    __slots__ = ("__weakref__", "connection", "directory")

    def __init__(self) -> None:
        self.directory: Path = Path(tempfile.mkdtemp(prefix="journeykit-"))
        # The finalizer holds no reference to self and exists before anything can fail, so the folder never outlives the use.
        finalizer = weakref.finalize(self, shutil.rmtree, self.directory, ignore_errors=True)
        try:
            self.connection: duckdb.DuckDBPyConnection = duckdb.connect(
                ":memory:",
                config={
                    "temp_directory": str(self.directory),
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                    "preserve_insertion_order": True,
                    "python_enable_replacements": False,
                },
            )
        except BaseException:
            finalizer()
            raise
        # Registered later, so run earlier at interpreter exit: the database closes before its folder goes.
        weakref.finalize(self, self.connection.close)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the same database; connections must not be shared between threads."""
        return self.connection.cursor()

    def table(self, name: str) -> DuckTable:
        """The table or view of this name."""
        return DuckTable(self.connection, name, database=self)


@frozen(eq=False)
class DuckTable:
    """A table or view in a DuckDB database.

    DuckDB connections are not thread-safe, so every operation takes its own `cursor()`. ``database`` is what keeps the
    spill folder alive; it is None for a connection made elsewhere.
    """

    connection: duckdb.DuckDBPyConnection = field(repr=False)
    name: str
    database: Database | None = field(default=None, kw_only=True, repr=False)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the same database, for one operation in one thread."""
        return self.connection.cursor()

    def relation(self, cursor: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """The table as a relation of that cursor (one of `cursor()`), in stored order."""
        return cursor.table(self.name) if _is_table(cursor, self.name) else cursor.view(self.name)

    @property
    def columns(self) -> dict[str, str]:
        """Column name to DuckDB type, in order."""
        rows = self.cursor().execute(f"DESCRIBE {identifier(self.name)}").fetchall()
        return {str(row[0]): str(row[1]) for row in rows}

    def __len__(self) -> int:
        # fetchall, here and elsewhere: DuckDB 2 refuses further work on a connection whose result is not read to its end.
        rows = self.cursor().execute(f"SELECT count(*) FROM {identifier(self.name)}").fetchall()  # noqa: S608
        return int(rows[0][0])


def _is_table(cursor: duckdb.DuckDBPyConnection, name: str) -> bool:
    query = "SELECT count(*) FROM duckdb_tables() WHERE table_name = ?"
    return bool(cursor.execute(query, [name]).fetchall()[0][0])


def column_list(names: Iterable[str]) -> str:
    """The names as a quoted, comma-separated list."""
    return ", ".join(map(identifier, names))
