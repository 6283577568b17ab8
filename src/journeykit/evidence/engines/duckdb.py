"""DuckDB, the engine at home: private in-memory databases that spill into a folder of their own.

Every database is closed to the network (no extension is installed or loaded by itself), sees no Python variable by name, and
keeps the order of rows. Its spill folder is removed when the last table that uses it is gone, also after an error or Ctrl-C.
Times are stored as TIMESTAMP in UTC: fetching TIMESTAMP WITH TIME ZONE into Python would need a further library.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import duckdb
from attrs import field, frozen

from journeykit.errors import ArgumentError, EvidenceError, SpaceError
from journeykit.problems import Address, Problem

__all__ = ["Database", "DuckTable", "Pin", "column_list", "identifier", "limited", "literal", "room"]


def identifier(name: str) -> str:
    """The name as a quoted SQL identifier; the only way a name from data gets into a statement."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as a quoted SQL literal, for the few places that take no parameter (format strings, zones)."""
    return "'" + text.replace("'", "''") + "'"


_UNITS = {
    "": 1,
    "B": 1,
    "BYTES": 1,
    "KB": 10**3,
    "MB": 10**6,
    "GB": 10**9,
    "TB": 10**12,
    "KIB": 2**10,
    "MIB": 2**20,
    "GIB": 2**30,
    "TIB": 2**40,
}
# What the engine may use unless the caller says otherwise: a hundred million events, with what a fold keeps beside it, fit under
# 6 GB, and a notebook or service has other things in memory too.
_USUAL = 3_000_000_000
# Below this the engine cannot even hold its buffers, and says so in words of its own.
_LEAST = 100_000_000
# Databases are made deep inside importers, whose protocol knows no limits; so a limit holds for a block of code.
_MEMORY: ContextVar[int | None] = ContextVar("memory_limit", default=None)


@contextmanager
def limited(memory: int | str | None) -> Iterator[None]:
    """Databases made in this block use no more memory than this: bytes, or a text such as ``"4GB"``.

    None stands for 3 GB, or for four fifths of the machine's memory where that is less.

    What does not fit is spilled to disk. Raises `ArgumentError` for what is no amount, or less than 100 MB.
    """
    token = _MEMORY.set(None if memory is None else _bytes(memory))
    try:
        yield
    finally:
        _MEMORY.reset(token)


_AMOUNT = re.compile(r"\s*([0-9]{1,15}(?:[.][0-9]{1,6})?)\s*([A-Za-z]*)\s*")


def _bytes(memory: int | str, *, least: int = _LEAST) -> int:
    found = _AMOUNT.fullmatch(str(memory))
    unit = _UNITS.get(found[2].upper()) if found is not None else None
    if found is None or unit is None or isinstance(memory, bool):
        raise ArgumentError(
            f'memory_limit={memory!r} is no amount of memory; say bytes, or a text such as "4GB" or "512MB"'
        )
    # More than any machine has, and as much as the engine can read.
    size = min(int(float(found[1]) * unit), 10**18)
    if size < least:
        raise ArgumentError(f"memory_limit={memory!r} is too little to work with; give 100 MB at least")
    return size


# What Ctrl-C becomes inside a query; as an error like others it would be caught, and the caller's loop go on.
_INTERRUPTED = "Query interrupted"


@contextmanager
def room(table: object = None) -> Iterator[None]:
    """What the engine says when it runs out of memory and disk, as a `SpaceError` that says what to do; Ctrl-C as what it is."""
    try:
        yield
    except Exception as err:
        if isinstance(err, RuntimeError) and str(err) == _INTERRUPTED:
            raise KeyboardInterrupt from err
        # A stream of Arrow data passes the engine's error on as its text alone.
        if not any(sign in str(err) for sign in ("Out of Memory Error", "No space left on device", "not enough space")):
            raise
        raise SpaceError(_no_room(table)) from err


def _no_room(table: object) -> str:
    memory, spill, folder = "its share", "as much as there is", tempfile.gettempdir()
    if isinstance(table, DuckTable):
        settings = ", ".join(f"current_setting('{name}')" for name in ("memory_limit", "max_temp_directory_size"))
        memory, spill = table.connection.cursor().execute(f"SELECT {settings}").fetchall()[0]
    return (
        f"the engine may use {memory} of the memory and spills the rest into {folder}, where no more is free ({spill} at most): "
        "make room on that disk, let TMPDIR name a folder on a larger one before Python starts, or raise memory_limit="
    )


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
                    **({} if (limit := _MEMORY.get()) is None else {"memory_limit": f"{limit}B"}),
                },
            )
            if _MEMORY.get() is None:
                ((most,),) = self.connection.execute("SELECT current_setting('memory_limit')").fetchall()
                self.connection.execute(f"SET memory_limit = '{min(_USUAL, _bytes(most))}B'")
        except BaseException:
            finalizer()
            raise
        # Registered later, so run earlier at interpreter exit: the database closes before its folder goes.
        weakref.finalize(self, self.connection.close)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the same database; connections must not be shared between threads."""
        return self.connection.cursor()

    def table(self, name: str, *, pins: tuple[Pin, ...] = ()) -> DuckTable:
        """The table or view of this name; ``pins`` are the files it reads where they lie."""
        return DuckTable(self.connection, name, database=self, pins=pins)


@frozen
class Pin:
    """A file as it was when it was read first. What is read where it lies must not change under the figures."""

    path: str
    size: int
    changed: int

    @classmethod
    def of(cls, path: str) -> Pin:
        """The file as it is now."""
        found = Path(path).stat()
        return cls(path, found.st_size, found.st_mtime_ns)

    def check(self) -> None:
        """`EvidenceError` when the file is gone or is no longer the one that was read."""
        try:
            same = Pin.of(self.path) == self
        except OSError:
            same = False
        if not same:
            message = "the file was changed or removed after it was read, and a large file is read where it lies"
            problem = Problem(
                code="changed-file", message=message, address=Address(file=self.path), hint="read it again"
            )
            raise EvidenceError([problem])


@frozen(eq=False)
class DuckTable:
    """A table or view in a DuckDB database.

    DuckDB connections are not thread-safe, so every operation takes its own `cursor()`. ``database`` is what keeps the
    spill folder alive; it is None for a connection made elsewhere. ``pins`` are the files that the table reads where they lie.
    """

    connection: duckdb.DuckDBPyConnection = field(repr=False)
    name: str
    database: Database | None = field(default=None, kw_only=True, repr=False)
    pins: tuple[Pin, ...] = field(default=(), kw_only=True, repr=False)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A new connection to the same database, for one operation in one thread; `EvidenceError` when its files changed."""
        self.check()
        return self.connection.cursor()

    def check(self) -> None:
        """`EvidenceError` when a file that is read where it lies was changed or removed."""
        for pin in self.pins:
            pin.check()

    def limits(self) -> tuple[int, int | None]:
        """How many bytes the engine may hold in memory and, where that was set, write to disk."""
        settings = ", ".join(f"current_setting('{name}')" for name in ("memory_limit", "max_temp_directory_size"))
        memory, disk = self.connection.cursor().execute(f"SELECT {settings}").fetchall()[0]
        # Unless it was set, the disk is "90% of available disk space", which the disk itself will tell.
        return _bytes(memory, least=0), _bytes(disk, least=0) if _AMOUNT.fullmatch(disk) else None

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
