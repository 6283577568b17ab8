"""Reading a log once: the engine streams its rows as numbers, threads part them into pieces while it goes on."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import DuckTable
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures._coding import Again, Coded, different, spread
from journeykit.measures._pieces import Pieces, Split, split

__all__ = ["gather", "processors", "store"]

Table = dict[str, NDArray[Any]]

# Of the memory that the engine may use, the part that rows may take while they wait to be put in order.
_SHARE = 2 / 3
# Rows that are parted at a time, at least, and how many such lots may wait.
_LOT = 1 << 16
_AHEAD = 8


def processors() -> int:
    """How many threads of this process can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def store(table: DuckTable | SparkTable) -> Pieces:
    """Where the rows of this table wait to be put in order: with its engine's limits, in its engine's folder."""
    if isinstance(table, SparkTable):
        table.cursor()
    memory, disk = table.limits()
    folder = None if table.database is None else table.database.directory
    return Pieces(memory=int(memory * _SHARE), disk=disk, folder=folder)


def gather(
    pieces: Pieces,
    events: EventLog,
    log: Coded,
    keys: tuple[str, ...],
    bits: int,
    *,
    careful: bool,
    told: Callable[[int], None],
) -> None:
    """All rows of the log into pieces by the first ``bits`` bits of their cases' tokens.

    Raises `Again` when two cases share a token, or the engine hands rows over in another order than that of the source;
    ``careful`` reading does not rely on either.
    """
    last, rows = -1, 0
    with _threads() as pool, _unique(pool, events, keys, asked=not careful) as unique:
        for lot in _lots(pool, log, bits, careful=careful):
            if not careful and lot.rows:
                if lot.first < last:
                    raise Again
                last = lot.last
            pieces.add(lot.split)
            rows += lot.rows
            told(lot.rows)
        # A join drops the rows of names that came after the names were read.
        if not unique() or (careful and rows != len(events.table)):
            raise Again


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(processors() + 1, thread_name_prefix="journeykit")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _unique(
    pool: ThreadPoolExecutor, events: EventLog, keys: tuple[str, ...], *, asked: bool
) -> Iterator[Callable[[], bool]]:
    """Whether every case has a token of its own, found out beside the reading."""
    if not asked:
        yield lambda: True
        return
    cursor = events.table.cursor()
    # Taken out before its error is raised: an error that its own frames keep would keep the table's folder, too.
    found = [pool.submit(different, cursor, events, keys)]
    try:
        yield lambda: found.pop().result()
    finally:
        if found:
            cursor.interrupt()
            # What it raises when it is cut short says nothing.
            found.pop().exception()
        cursor.close()


@frozen
class _Lot:
    split: Split
    rows: int
    first: int
    last: int


def _lots(pool: ThreadPoolExecutor, log: Coded, bits: int, *, careful: bool) -> Iterator[_Lot]:
    """The rows in the order of the engine, parted."""
    waiting: deque[Future[_Lot]] = deque()
    for tables in _gathered(_tables(log)):
        waiting.append(pool.submit(_lot, tables, log, bits, careful))
        if len(waiting) > _AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _lot(tables: list[Table], log: Coded, bits: int, careful: bool) -> _Lot:
    columns = {
        name: tables[0][name] if len(tables) == 1 else np.concatenate([table[name] for table in tables])
        for name in tables[0]
    }
    place = columns["place"]
    if not careful:
        # The order of the source is that in which rows come: what is checked need not be kept. One record may have become
        # several rows, which have one place.
        del columns["place"]
        if bool((place[1:] < place[:-1]).any()):
            raise Again
    columns["case"] = spread(columns["case"])
    for name, lookup in (("name", log.name_of), ("group", log.group_of)):
        if name in columns:
            columns[name] = lookup(columns[name])
    first, last = (int(place[0]), int(place[-1])) if len(place) else (0, 0)
    return _Lot(split(columns, bits), len(place), first, last)


def _gathered(tables: Iterator[Table]) -> Iterator[list[Table]]:
    held: list[Table] = []
    for table in tables:
        held.append(table)
        if sum(len(some["case"]) for some in held) >= _LOT:
            yield held
            held = []
    if held:
        yield held


# Nothing that is selected can be null, so the values are all there is.
_TYPES = {"int64": np.int64, "int32": np.int32, "uint64": np.uint64, "uint8": np.uint8}
_EMPTY = {
    "case": np.uint64,
    "name": np.uint64,
    "group": np.uint64,
    "code": np.int32,
    "success": np.uint8,
    "abandon": np.uint8,
}


def _tables(log: Coded) -> Iterator[Table]:
    import nanoarrow  # noqa: PLC0415  (imported where rows are read)

    names = log.relation.columns
    # A log without rows still has columns.
    yield {name: np.empty(0, dtype=_EMPTY.get(name, np.int64)) for name in names}
    for chunk in nanoarrow.ArrayStream(log.relation):
        yield {
            name: _values(child, chunk.offset, len(chunk))
            for name, child in zip(names, chunk.iter_children(), strict=True)
        }


def _values(child: Any, start: int, length: int) -> NDArray[Any]:
    kind = _TYPES[child.schema.type.name.lower()]
    values = np.frombuffer(child.buffers[1], dtype=kind)
    start += child.offset
    return values[start : start + length]
