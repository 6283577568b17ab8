"""Whole blocks of a delimited text cut into cells at once, by numpy, where the text is so regular that no rule is in doubt.

The rules are those of the record-by-record reader in `journeykit.evidence.reading.tabular`, which reads everything that is
left out here: a quote inside an unquoted cell or behind a closed one, a quote that is never closed, a line end that is a bare
CR, a zero byte, bytes that are not UTF-8, a record longer than that reader takes a cell to be.
"""

from __future__ import annotations

import csv
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Cut", "cut_block", "is_cuttable"]

Whole: TypeAlias = NDArray[np.integer[Any]]
Bytes: TypeAlias = NDArray[np.uint8]

_LF, _CR, _QUOTE = 10, 13, 34


@frozen(kw_only=True, eq=False)
class Cut:
    """The records at the beginning of a block. Records and lines are counted from 0 at the block's beginning.

    The cells of the records that have the right width stand in ``text`` column after column, ``offsets`` are their ends there
    (one more than cells: it begins with 0); ``records`` and ``lines`` say where each of these records is. ``escaped`` is
    whether doubled quotes in them still stand for one. ``wrong`` are the other records: record, line and number of cells.
    """

    used: int
    used_lines: int
    used_records: int
    records: Whole
    lines: Whole
    text: Bytes
    offsets: Whole
    escaped: bool
    wrong: tuple[tuple[int, int, int], ...]


def is_cuttable(delimiter: str) -> bool:
    """Whether a text with this delimiter can be cut by bytes."""
    return delimiter.isascii() and delimiter not in '"\r\n\0'


def cut_block(block: bytes, delimiter: str, width: int, *, last: bool) -> Cut | None:
    """Cut the records that stand whole and regular at the beginning of the block, None when not even the first one does.

    The block begins where a record begins, in UTF-8; ``last`` says that the text ends where it ends.
    """
    if last and not block.endswith(b"\n"):
        block += b"\n"
    block = block[: block.rfind(b"\n") + 1]
    data: Bytes = np.frombuffer(block, dtype=np.uint8)
    quotes = np.flatnonzero(data == _QUOTE) if b'"' in block else None
    limit = _doubtful(block, data, quotes, ord(delimiter))
    breaks = np.flatnonzero(data[:limit] == _LF)
    ends = breaks if quotes is None else breaks[_outside(quotes, breaks)]
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    if (long := np.flatnonzero(ends - starts > csv.field_size_limit())).size:
        ends, starts = ends[: long[0]], starts[: long[0]]
    if not len(ends):
        return None
    used = int(ends[-1]) + 1
    separators = np.flatnonzero(data[:used] == ord(delimiter))
    if quotes is not None:
        separators = separators[_outside(quotes, separators)]
    stops = ends - ((data[ends - 1] == _CR) & (ends > starts))
    separators_of = np.diff(np.searchsorted(separators, ends), prepend=0)
    filled = stops > starts
    good = filled & (separators_of == width - 1)
    if not good.all():
        separators = separators[np.repeat(good, separators_of)]
    lines = np.searchsorted(breaks, starts)
    numbers = np.cumsum(filled) - 1
    wrong = np.flatnonzero(filled & ~good)
    text, offsets = _cells(data, starts[good], stops[good], separators.reshape(int(good.sum()), width - 1))
    return Cut(
        used=used,
        used_lines=int(np.searchsorted(breaks, used)),
        used_records=int(numbers[-1]) + 1,
        records=numbers[good],
        lines=lines[good],
        text=text,
        offsets=offsets,
        escaped=quotes is not None and b'""' in block,
        wrong=tuple((int(numbers[i]), int(lines[i]), int(separators_of[i]) + 1) for i in wrong),
    )


def _outside(quotes: Whole, positions: Whole) -> Any:
    """Which positions have an even number of quotes before them: they are not inside a quoted cell."""
    return np.searchsorted(quotes, positions) % 2 == 0


def _doubtful(block: bytes, data: Bytes, quotes: Whole | None, delimiter: int) -> int:
    """Where the first byte stands that only the other reader can judge; the length of the block when none does."""
    found = [len(block)]
    try:
        block.decode()
    except UnicodeDecodeError as err:
        found.append(err.start)
    if (zero := block.find(b"\0")) >= 0:
        found.append(zero)
    if b"\r" in block:
        returns = np.flatnonzero(data == _CR)
        # The block ends with LF, so that every CR has a byte behind it; so has every quote.
        found.extend(returns[data[returns + 1] != _LF][:1].tolist())
    if quotes is not None and len(quotes):
        opening, closing = quotes[0::2], quotes[1::2]
        # Before the first byte there is, by index -1, the LF at the end of the block: it begins a cell too.
        before, behind = data[opening - 1], data[closing + 1]
        fits = (before == delimiter) | (before == _LF) | (before == _QUOTE)
        found.extend(opening[~fits][:1].tolist())
        fits = (behind == delimiter) | (behind == _LF) | (behind == _CR) | (behind == _QUOTE)
        found.extend(closing[~fits][:1].tolist())
    return int(min(found))


def _cells(data: Bytes, starts: Whole, stops: Whole, separators: Whole) -> tuple[Bytes, Whole]:
    """The cells between the separators, without their quotes, column after column."""
    begins = np.concatenate((starts[None, :], separators.T + 1)).ravel()
    finishes = np.concatenate((separators.T, stops[None, :])).ravel()
    quoted = data[begins] == _QUOTE
    begins = begins + quoted
    lengths = finishes - quoted - begins
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    # For every byte of the result its place in the block; a block is far smaller than 2 GB.
    places = np.arange(offsets[-1], dtype=np.int32)
    places += np.repeat((begins - offsets[:-1]).astype(np.int32), lengths)
    return data[places], offsets
