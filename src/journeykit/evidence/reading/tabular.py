"""CSV and its kin: the dialect from the head, records with their lines, broken ones as problems.

The dialect is found here and not by DuckDB's sniffer, which fails on a file whose last line is cut. Cells are separated by
one of ``, ; tab |``, quoted by ``"`` (doubled inside), and may hold line ends; lines end in LF, CRLF or CR. Blank lines are
no records; a first line ``sep=;``, as Excel writes it, names the delimiter.

Most files are regular, and of these whole blocks are cut at once (`_cutting`); what is not regular is read record by record,
here, until it is. Both ways give the same rows and the same problems.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from attrs import define, field

from journeykit.errors import ArgumentError
from journeykit.evidence.engines.duckdb import Database
from journeykit.evidence.reading._arrow import TAKES_STREAMS
from journeykit.evidence.reading._cutting import Cut, cut_block, is_cuttable
from journeykit.evidence.reading._feed import Feed, open_feed
from journeykit.evidence.reading.loading import TextLoader, unique_names
from journeykit.evidence.reading.texts import HINT, encoding_of, fault, head_bytes, text_of
from journeykit.evidence.sources import RawTable
from journeykit.problems import Address, Problem

__all__ = ["DELIMITERS", "Record", "dialect_of", "header_of", "read_tabular", "records"]

DELIMITERS = (",", ";", "\t", "|")
_HEAD_RECORDS = 200
_SEPARATOR = re.compile("\ufeff?sep=([,;\t|])(?:\r\n|\n|\r)")
# How far the slow reader goes before the fast one is tried again: far enough that trying in vain costs little.
_SLOW_LINES = 2_000
# What is less than this is not worth changing from one reader to the other: each change costs a statement of its own.
_FAST_BYTES = 1 << 18


class Record(NamedTuple):
    """One record: the line it starts on and its cells, or the sentence that says why it cannot be read."""

    line: int
    cells: tuple[str, ...] | list[str] = ()
    fault: str | None = None


@define
class _Lines:
    """Lines with their count, and a way back: what a broken record swallowed is handed out again."""

    source: Iterator[str]
    number: int = 0
    taken: list[str] = field(factory=list)
    waiting: list[str] = field(factory=list)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.waiting.pop() if self.waiting else next(self.source)
        self.number += 1
        self.taken.append(line)
        return line

    def left(self) -> tuple[str, ...]:
        """The lines that were taken from the source and not handed out since."""
        return tuple(reversed(self.waiting))

    def back_to_second(self) -> None:
        """Hand out everything but the first taken line again."""
        again = self.taken[1:]
        self.waiting.extend(reversed(again))
        self.number -= len(again)


def records(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """The records of a text, blank lines left out.

    A quote that is opened and never closed (or closed in mid-cell) costs the line it is on, not the rest of the file.
    """
    return _records(_Lines(source=iter(lines)), delimiter)


def _records(feed: _Lines, delimiter: str) -> Iterator[Record]:
    """The records, no line of the next one being taken before it is asked for."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.taken.clear()
        start = feed.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as err:
            feed.back_to_second()
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            yield Record(line=start, fault=f"the quotes of this line do not fit ({err})")
            continue
        if cells:
            yield Record(line=start, cells=cells)


def dialect_of(text: str) -> str:
    """The delimiter that cuts the head into the most even records; a comma where none cuts at all."""
    # Only whole lines: the last one of a head is usually cut.
    whole = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        widths: list[int] = []
        for record in records(iter(whole.splitlines(keepends=True)), delimiter):
            if record.fault is None:
                widths.append(len(record.cells))
            if len(widths) >= _HEAD_RECORDS:
                break
        if not widths or widths[0] < 2:
            continue
        even = Counter(widths)[widths[0]] / len(widths)
        # A file of which nine in ten records are even counts as even: then the finer cut wins.
        score = (round(min(even, 0.9), 1), widths[0])
        if score > best_score:
            best, best_score = delimiter, score
    return best


def header_of(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of the first record, as they stand."""
    for record in records(iter(text.splitlines(keepends=True)), delimiter):
        return tuple(record.cells)
    return ()


@define
class _File:
    """What reading one file has found so far."""

    name: str
    index: int
    problems: list[Problem]
    header: tuple[str, ...] = ()
    record: int = 0
    undecodable: int = 0
    first_undecodable: int | None = None

    def reject(self, code: str, line: int, message: str, hint: str | None = None) -> None:
        place = Address(file=self.name, line=line, record=self.record)
        self.problems.append(Problem(code=code, message=message, address=place, hint=hint))


def read_tabular(files: tuple[str, ...], *, delimiter: str | None = None, encoding: str | None = None) -> RawTable:
    """Every file's records as text columns, by header name; the union of the columns where files differ.

    Raises `EvidenceError` for an empty or binary file, or one of another encoding (more than one record in a hundred that
    is not text in it, and more than one record); a single such record is a rejection, as is one of the wrong width.
    """
    if delimiter is not None and len(delimiter) != 1:
        raise ArgumentError(f"delimiter= is one character, not {delimiter!r}")
    database = Database()
    loader = TextLoader(database)
    problems: list[Problem] = []
    notes: list[str] = []
    headers: dict[str, tuple[str, ...]] = {}
    for index, name in enumerate(files):
        found = _File(name=name, index=index, problems=problems)
        notes.extend(_read_file(found, loader, delimiter, encoding))
        headers[name] = found.header
    for name, header in headers.items():
        absent = [column for column in loader.columns if column not in header]
        if absent:
            notes.append(f"{name} has no column {', '.join(absent)}")
    table = loader.table()
    untyped = frozenset(loader.columns)
    count = loader.count + len(problems)
    return RawTable(
        table=table, problems=tuple(problems), rows_in=count, files=files, untyped=untyped, notes=tuple(notes)
    )


def _read_file(found: _File, loader: TextLoader, delimiter: str | None, encoding: str | None) -> list[str]:
    name = found.name
    encoding = encoding_of(name, encoding)
    head = text_of(head_bytes(name)) or ""
    # Excel's own word for the delimiter, in a line of its own before the header.
    said = _SEPARATOR.match(head)
    delimiter = delimiter or (said[1] if said else dialect_of(head))
    notes: list[str] = []
    with open_feed(name, encoding) as feed:
        lines = _Lines(source=feed)
        if said:
            next(lines)
        found.header, changes = _header(name, next(_records(lines, delimiter), None))
        feed.give_back(lines.left())
        notes.extend(f"{name}: {change}" for change in changes)
        loader.start(found.header)
        cuttable = TAKES_STREAMS and is_cuttable(delimiter)
        while (ahead := feed.block())[0]:
            block, last = ahead
            cut = cut_block(block, delimiter, len(found.header), last=last) if cuttable else None
            if cut is None or (cut.used < _FAST_BYTES and not last):
                _read_records(found, feed, loader, delimiter, encoding)
            else:
                _take(found, cut, feed.line, loader)
                feed.skip(cut.used, cut.used_lines)
    if found.undecodable > max(1, found.record // 100):
        message = f"{found.undecodable:,} of {found.record:,} records are not {encoding} text, the first on this line"
        raise fault("bad-encoding", name, message, HINT, found.first_undecodable)
    if not found.record:
        notes.append(f"{name} holds a header and no records")
    return notes


def _take(found: _File, cut: Cut, line: int, loader: TextLoader) -> None:
    """The records of a block that begins behind this line."""
    before = found.record
    for record, below, cells in cut.wrong:
        found.record = before + record + 1
        found.reject("wrong-width", line + below + 1, _wrong_width(cells, len(found.header)))
    if len(cut.records):
        loader.add_block(found.index, cut, before, line)
    found.record = before + cut.used_records


def _read_records(found: _File, feed: Feed, loader: TextLoader, delimiter: str, encoding: str) -> None:
    """The next records one by one, at least as far as `_SLOW_LINES`."""
    width = len(found.header)
    lines = _Lines(source=feed, number=feed.line)
    end = feed.line + _SLOW_LINES
    for row in _records(lines, delimiter):
        found.record += 1
        if row.fault is not None:
            found.reject("bad-quoting", row.line, row.fault)
        elif len(row.cells) != width:
            found.reject("wrong-width", row.line, _wrong_width(len(row.cells), width))
        elif not _is_text(row.cells):
            found.undecodable += 1
            found.first_undecodable = found.first_undecodable or row.line
            found.reject("bad-encoding", row.line, f"holds bytes that are not {encoding} text", HINT)
        else:
            loader.add(found.index, found.record, row.line, row.cells)
        if lines.number >= end:
            break
    feed.give_back(lines.left())


def _wrong_width(cells: int, width: int) -> str:
    return f"has {cells} cells where the header has {width}; the line is cut or has a stray separator"


def _header(name: str, record: Record | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if record is None:
        raise fault("empty-file", name, "the file is empty: it has not even a header", "export it again")
    if record.fault is not None:
        raise fault("bad-header", name, f"the header cannot be read: {record.fault}", None, record.line)
    if not _is_text(record.cells):
        raise fault(
            "bad-encoding", name, "the header holds bytes that are not text in this encoding", HINT, record.line
        )
    return unique_names(record.cells)


def _is_text(cells: tuple[str, ...] | list[str]) -> bool:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        return False
    return True
