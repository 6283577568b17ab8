"""Rows of text into a table, in batches, with their file, record and line; columns may appear on the way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from journeykit.errors import EvidenceError
from journeykit.evidence.engines.duckdb import Database, DuckTable, identifier
from journeykit.evidence.reading._arrow import Blocks
from journeykit.evidence.reading._cutting import Cut
from journeykit.problems import Problem

__all__ = ["RESERVED", "TextLoader", "unique_names"]

RESERVED = ("_file", "_record", "_line", "_part", "_source")
# Names that the import or a measure gives to columns of its own beside those of the source, which would hide them.
_OURS = re.compile(r"_(code|naive|hash|field|shown|rejecting|(in|raw|jk)_.*(?<!_2))", re.IGNORECASE)
_BATCH_CELLS = 500_000
_BATCH_BYTES = 16 << 20
_MOST_COLUMNS = 5_000


def unique_names(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names made unique and never empty, and a note for every change.

    A second ``page`` becomes ``page_2``, an empty name ``column_7`` (its position); ``Page`` and ``page`` count as the same
    name, because the engine does not tell them apart.
    """
    wanted = [name.strip() for name in names]
    used = {name.lower() for name in (*RESERVED, *taken)}
    first_owner = {name.lower() for name in wanted if name}
    result: list[str] = []
    notes: list[str] = []
    for position, name in enumerate(wanted, start=1):
        plain = name or f"column_{position}"
        unique, number = (f"{plain}_2", 3) if _OURS.fullmatch(plain) else (plain, 2)
        while unique.lower() in used or (unique != plain and unique.lower() in first_owner):
            unique, number = f"{plain}_{number}", number + 1
        used.add(unique.lower())
        result.append(unique)
        if not name:
            notes.append(f'column {position} has no name; it is called "{unique}"')
        elif unique != name:
            notes.append(f'column {position} is a second "{name}" or a reserved name; it is called "{unique}"')
    return tuple(result), tuple(notes)


class TextLoader:
    """Fills one VARCHAR table in batches. Empty cells become NULL: text files cannot tell the two apart."""

    def __init__(self, database: Database, name: str = "source_rows", own: tuple[str, ...] = ()) -> None:
        self.database = database
        self.name = name
        # Reserved names that the importer itself fills; from a source they would be renamed.
        self.own = own
        self.columns: list[str] = []
        self.count: int = 0
        self._names: dict[str, str] = {}
        self._file = 0
        self._records: list[int] = []
        self._lines: list[int] = []
        self._cells: list[Sequence[str]] = []
        self._blocks: list[tuple[Cut, int, int]] = []
        self._bytes = 0
        self._most = 1
        self._file_columns: Sequence[str] = ()
        table = f"CREATE TABLE {identifier(name)} (_file INTEGER, _record BIGINT, _line BIGINT)"
        database.connection.execute(table)

    def declare(self, columns: Iterable[str]) -> None:
        """Make sure that these columns exist."""
        for column in columns:
            if column in self._names:
                continue
            if len(self.columns) >= _MOST_COLUMNS:
                message = f"more than {_MOST_COLUMNS:,} different columns; is this one record a row?"
                raise EvidenceError([Problem(code="too-many-columns", message=message)])
            unique = column if column in self.own else unique_names([column], taken=self.columns)[0][0]
            self._names[column] = unique
            self.columns.append(unique)
            alter = f"ALTER TABLE {identifier(self.name)} ADD COLUMN {identifier(unique)} VARCHAR"
            self.database.connection.execute(alter)

    def renamed(self, column: str) -> str:
        """The name that a declared column has in the table."""
        return self._names[column]

    def start(self, columns: Sequence[str]) -> None:
        """Rows that follow have these cells, in this order."""
        self.flush()
        self.declare(columns)
        self._file_columns = [self._names[column] for column in columns]
        self._most = max(_BATCH_CELLS // (len(columns) + 1), 1)

    def add(self, file: int, record: int, line: int, cells: Sequence[str]) -> None:
        """One row; ``cells`` has one entry a column of `start`."""
        if self._blocks:
            self.flush()
        # Plain lists side by side: this is called once a row of the largest files.
        self._records.append(record)
        self._lines.append(line)
        self._cells.append(cells)
        self._file = file
        if len(self._cells) >= self._most:
            self.flush()

    def add_block(self, file: int, cut: Cut, record: int, line: int) -> None:
        """The rows of a block that begins behind this record and this line; it has the columns of `start`."""
        if self._cells:
            self.flush()
        self._file = file
        self._blocks.append((cut, record, line))
        self._bytes += len(cut.text)
        if self._bytes >= _BATCH_BYTES:
            self.flush()

    def add_mappings(self, file: int, rows: Sequence[tuple[int, int, Mapping[str, str]]]) -> None:
        """Rows as (record, line, name to cell); what a row lacks is NULL."""
        names: dict[str, None] = {}
        for _, _, cells in rows:
            names.update(dict.fromkeys(cells))
        order = list(names)
        self.start(order)
        for record, line, cells in rows:
            self.add(file, record, line, [cells.get(name, "") for name in order])
        self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        width = len(self._file_columns)
        if self._blocks:
            # In a block that could be cut, two quotes side by side are always one that was doubled.
            escaped = any(cut.escaped for cut, _, _ in self._blocks)
            cells = """replace({}, '""', '"')""" if escaped else "{}"
            self._insert(Blocks(self._blocks, width), sum(len(cut.records) for cut, _, _ in self._blocks), cells)
            self._blocks.clear()
            self._bytes = 0
        if self._cells:
            self._insert(self._batch(), len(self._cells), "{}")
            for waiting in (self._records, self._lines, self._cells):
                waiting.clear()

    def _batch(self) -> dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]]:
        batch: dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]] = {
            "r": np.array(self._records, dtype=np.int64),
            "l": np.array(self._lines, dtype=np.int64),
        }
        for index, column in enumerate(zip(*self._cells, strict=True)):
            # np.array(list, dtype=object) would be fine too; this form can never turn equal-length cells into a matrix.
            array = np.empty(len(column), dtype=object)
            array[:] = column
            batch[f"c{index}"] = array
        return batch

    def _insert(self, batch: object, rows: int, cells: str) -> None:
        connection = self.database.connection
        into = ", ".join(map(identifier, ["_file", "_record", "_line", *self._file_columns]))
        texts = (f"nullif({cells.format(f'c{i}')}, '')" for i in range(len(self._file_columns)))
        values = ", ".join([str(int(self._file)), "r", "l", *texts])
        connection.register("batch", batch)
        try:
            connection.execute(f"INSERT INTO {identifier(self.name)} ({into}) SELECT {values} FROM batch")  # noqa: S608
        finally:
            connection.unregister("batch")
        self.count += rows

    def table(self) -> DuckTable:
        """The finished table."""
        self.flush()
        return self.database.table(self.name)
