"""From a log to ordered, integer-coded batches: DuckDB reads and codes, numpy puts in order, spilling where it must.

Rows are not sorted by the texts that name their cases, nor by time where they come in its order: they are parted into pieces by
their cases' tokens (`_coding`), and each piece is put in order by itself (`_pieces`, `_arranging`), in threads. Cases have the
numbers in which they are met, which may differ from run to run: no figure depends on it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import DuckTable, identifier, room
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures._arranging import arrange
from journeykit.measures._coding import Again, Coded, Lookup, case_names, coded
from journeykit.measures._gathering import gather, store
from journeykit.measures._pieces import Pieces
from journeykit.measures.batches import Batch
from journeykit.model import Journey
from journeykit.problems import Address, Problem

__all__ = ["Progress", "View", "arranged", "ordered", "tie_rule"]

Progress = Callable[[int, int], None]
"""Called with the rows counted so far and the rows there are."""

# Rows of a piece: so many that numpy's calls cost nothing a row, and so few that a processor's own memory holds a column.
_ROWS = 1 << 18
# More pieces than this would be cut too small as the rows come in.
_MOST_BITS = 12


@frozen(kw_only=True)
class View:
    """How to look at a log: what one case is, what its events are called, and into which segments cases fall.

    With a ``journey`` events are called by the touchpoints that claim them and ``case`` defaults to the journey's; without,
    by their own names, and ``case`` defaults to the customer. ``case`` is ``customer``, ``session`` (a session belongs
    to one customer) or a column; ``by`` a column whose value at a case's first event is its segment. ``names`` also codes
    the events' own names, ``keys`` also hands over the cases' names, ``part`` names this log among disjoint ones.
    """

    journey: Journey | None = None
    case: str | None = None
    by: str | None = None
    names: bool = False
    keys: bool = False
    part: str = ""


def tie_rule(events: EventLog) -> str:
    """How events of one case at one time are ordered, in words."""
    rest = "event name" if isinstance(events.table, SparkTable) else "file and record"
    return f"order, then {rest}" if "order" in events.columns else rest


def ordered(
    events: EventLog, view: View, *, rows: int | None = None, progress: Progress | None = None
) -> Generator[Batch, None, None]:
    """The log in batches of whole cases (at least one batch, which may be empty), of about ``rows`` rows.

    Raises `ArgumentError` for a case column the log lacks or leaves empty, for a segment column it lacks, and with every
    fault of the journey's rules.
    """
    cases = 0
    with arranged(events, view, rows=rows, progress=progress) as (pieces, told):
        for piece in pieces:
            batch = piece()
            yield attrs.evolve(batch, cases=np.arange(cases, cases + len(batch)))
            cases += len(batch)
            told(len(batch.times))


Piece = Callable[[], Batch]
Told = Callable[[int], None]


@contextmanager
def arranged(
    events: EventLog, view: View, *, rows: int | None = None, progress: Progress | None = None
) -> Iterator[tuple[Sequence[Piece], Told]]:
    """The pieces of a log, once all its rows are read, and what is to be told how many of its rows were counted.

    A piece puts itself in order when it is called, in any thread. Together they are what `ordered` gives, with gaps in the
    numbers of the cases. Raises as `ordered` does.
    """
    columns = events.columns
    keys = case_columns(view, columns)
    _check_cases(events, keys[-1])
    told = _Halves(max(events.report.rows_kept, 1), progress)
    with room(events.table):
        try:
            pieces, make = _read(events, view, columns, keys, rows or _ROWS, told, careful=False)
        except Again:
            pieces, make = _carefully(events, view, columns, keys, rows or _ROWS, told)
        try:
            starts = np.cumsum([0, *(pieces.rows(number) for number in range(1 << make.bits))])
            # A case has a row at least, so that numbers that begin at the row's never meet those of another piece.
            yield [partial(make, pieces, number, int(start)) for number, start in enumerate(starts[:-1])], told.counted
        finally:
            pieces.close()


class _Halves:
    """Tells how far it is: reading all rows is the first half of the way, counting them the second."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total, self._progress = total, progress
        self._read = self._counted = 0

    def read(self, rows: int) -> None:
        self._read += rows
        self._tell()

    def counted(self, rows: int) -> None:
        self._counted += rows
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            # Rows that must be read again are not told again.
            done = min(self._read, self._total) + min(self._counted, self._total)
            self._progress(done // 2, self._total)


def case_columns(view: View, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that name a case; `ArgumentError` where the log lacks one of them, or the column of the segments."""
    case = view.case or (view.journey.case if view.journey is not None else "customer")
    if case not in columns:
        advice = " Make sessions with journeykit.measures.sessionize(events), or map a column of the source to session."
        more = advice if case == "session" else ""
        raise ArgumentError(f"one case is a {case!r}, but {_no_column(case, columns)}.{more}")
    if view.by is not None and view.by not in columns:
        raise ArgumentError(f"by={view.by!r}: {_no_column(view.by, columns)}")
    return ("customer", "session") if case == "session" else (case,)


def _check_cases(events: EventLog, case: str) -> None:
    query = f"SELECT count(*) FROM {identifier(events.table.name)} WHERE {identifier(case)} IS NULL"  # noqa: S608
    ((missing,),) = events.table.cursor().execute(query).fetchall()
    if missing:
        raise ArgumentError(
            f"{missing:,} of {len(events):,} events have no {case!r} and belong to no case; "
            "fill the column, leave those events out of the source, or count by another case"
        )


def _no_column(name: str, columns: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name, columns, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return f"the events have no column {name!r}; they have {', '.join(map(repr, columns))}{hint}"


def _read(
    events: EventLog,
    view: View,
    columns: Mapping[str, str],
    keys: tuple[str, ...],
    rows: int,
    told: _Halves,
    *,
    careful: bool,
) -> tuple[Pieces, _Maker]:
    """All rows in pieces, and what makes a batch of a piece; `Again` where this must be done with care."""
    bits = min((max(events.report.rows_kept - 1, 0) // rows).bit_length(), _MOST_BITS)
    pieces = store(events.table)
    cursor = events.table.cursor()
    try:
        log = coded(cursor, events, view, columns, keys, careful=careful)
        gather(pieces, events, log, keys, bits, careful=careful, told=told.read)
        names = case_names(cursor, events, keys, careful=careful) if view.keys else None
        # Names and rows are read one after another: a file that changed in between would give rows of two logs.
        if isinstance(events.table, DuckTable):
            events.table.check()
        return pieces, _Maker(view=view, log=log, names=names, bits=bits)
    except BaseException:
        pieces.close()
        raise
    finally:
        cursor.close()


def _carefully(
    events: EventLog, view: View, columns: Mapping[str, str], keys: tuple[str, ...], rows: int, told: _Halves
) -> tuple[Pieces, _Maker]:
    try:
        return _read(events, view, columns, keys, rows, told, careful=True)
    except Again as err:
        message = "the table was changed while it was counted: it has names that it did not have a moment before"
        problem = Problem(
            code="changed-table", message=message, address=Address(file=events.report.source), hint="count again"
        )
        raise EvidenceError([problem]) from err


@frozen(kw_only=True)
class _Maker:
    """Makes a batch of a piece."""

    view: View
    log: Coded
    names: tuple[list[tuple[str, ...]], Lookup] | None
    bits: int

    def __call__(self, pieces: Pieces, number: int, first: int) -> Batch:
        """Piece ``number`` in order, its cases numbered from ``first`` on."""
        rows = pieces.piece(number)
        order, starts, time = arrange(rows, self.bits)
        offsets = np.append(starts, len(order))
        view, log = self.view, self.log
        named = rows["name"][order] if "name" in rows else np.empty(0, dtype=np.int32)
        flags = {
            name: log.by_name[name][named] if log.by_name else rows[name][order]
            for name in ("code", "success", "abandon")
            if log.by_name or name in rows
        }
        nothing = np.empty(0, dtype=np.bool_)
        return Batch(
            part=view.part,
            labels=log.names
            if view.journey is None
            else tuple(touchpoint.id for touchpoint in view.journey.touchpoints()),
            cases=np.arange(first, first + len(starts)),
            offsets=offsets,
            times=time,
            codes=flags.get("code", named).astype(np.int32, copy=False),
            segments=self._segments(rows, order[starts]),
            groups=tuple(group for group in log.groups if group is not None),
            keys=self._keys(rows["case"][order[starts]]),
            names=named.astype(np.int32) if view.names else np.empty(0, dtype=np.int32),
            events=log.names if view.names else (),
            success=flags.get("success", nothing).astype(np.bool_, copy=False),
            abandon=flags.get("abandon", nothing).astype(np.bool_, copy=False),
            ties=_ties(time, rows["order"][order] if "order" in rows else None, starts),
        )

    def _segments(self, rows: Mapping[str, NDArray[Any]], firsts: NDArray[np.int64]) -> NDArray[np.int32]:
        if "group" not in rows:
            return np.full(len(firsts), -1, dtype=np.int32)
        # Rows without a value come last among the groups, and are in none.
        numbers = np.array([-1 if group is None else i for i, group in enumerate(self.log.groups)], dtype=np.int32)
        found: NDArray[np.int32] = numbers[rows["group"][firsts]]
        return found

    def _keys(self, tokens: NDArray[np.uint64]) -> tuple[tuple[str, ...], ...]:
        if self.names is None:
            return ()
        names, places = self.names
        return tuple(names[place] for place in places(tokens).tolist())


def _ties(time: NDArray[np.int64], order: NDArray[np.int64] | None, starts: NDArray[np.int64]) -> int:
    """How many rows only the tie rule puts behind the row before them."""
    tied = time[1:] == time[:-1]
    if order is not None:
        tied &= order[1:] == order[:-1]
    tied[starts[1:] - 1] = False
    return int(tied.sum())
