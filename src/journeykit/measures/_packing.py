"""Paths as whole numbers: equal numbers are equal paths, never by a hash, and numbers compare as the paths of labels do.

A path's codes, each one more than it is, stand side by side in words of 64 bits from the highest bits down; what is left of
the last word is 0, so that no path is the beginning of another one's number. The width is how many words a path takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from journeykit.measures._tallies import numbered

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

_WORD = 64
# Words taken apart at a time while paths are unpacked.
_CHUNK = 1 << 16
# New rows are held until there are as many as are in order already, and so many at least.
_PENDING = 1 << 18


def _layout(labels: int) -> tuple[int, int]:
    """The bits of a code, and how many codes a word holds."""
    bits = max(labels.bit_length(), 1)
    return bits, _WORD // bits


def packed(codes: NDArray[Any], offsets: Ints, labels: int) -> Iterator[tuple[Ints, Words]]:
    """The paths ``codes[offsets[i]:offsets[i + 1]]`` (none empty) by width: the indices of paths, and a row of words each."""
    if not len(codes):
        return
    bits, room = _layout(labels)
    lengths = np.diff(offsets)
    place = np.arange(len(codes)) - np.repeat(offsets[:-1], lengths)
    slot = place % room
    shift = (_WORD - bits - bits * slot).astype(np.uint64)
    words = np.add.reduceat((codes + 1).astype(np.uint64) << shift, np.flatnonzero(slot == 0))
    widths = -(-lengths // room)
    first = np.cumsum(widths) - widths
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        paths = np.flatnonzero(widths == width)
        yield paths, words[first[paths][:, None] + np.arange(width)]


def unpacked(words: Words, labels: int) -> Iterator[tuple[NDArray[np.int64], Ints]]:
    """The codes of the paths in these rows and their offsets, some rows at a time."""
    bits, room = _layout(labels)
    shifts = (_WORD - bits - bits * np.arange(room)).astype(np.uint64)
    mask = np.uint64((1 << bits) - 1)
    step = max(_CHUNK // words.shape[1], 1)
    for start in range(0, len(words), step):
        some = words[start : start + step]
        codes = ((some[:, :, None] >> shifts) & mask).reshape(len(some), -1).astype(np.int64)
        filled = codes > 0
        yield codes[filled] - 1, np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int64)


class PathCounts:
    """How often each path occurs; paths over one list of ``labels`` (their number)."""

    __slots__ = ("_groups", "labels")

    def __init__(self, labels: int) -> None:
        self.labels = labels
        # For each width: rows in order with their counts first, then pieces that wait.
        self._groups: dict[int, list[tuple[Words, Ints]]] = {}

    def add(self, words: Words, counts: Ints | None = None) -> None:
        """Count rows of one width, each once or as often as ``counts`` says."""
        self._take(_distinct(words, np.ones(len(words), dtype=np.int64) if counts is None else counts))

    def _take(self, piece: tuple[Words, Ints]) -> None:
        """Different rows in order with their counts."""
        width = piece[0].shape[1]
        pieces = self._groups.setdefault(width, [])
        pieces.append(piece)
        waiting = sum(len(rows) for rows, _ in pieces[1:])
        if waiting > _PENDING and waiting > len(pieces[0][0]):
            self._settle(width)

    def update(self, other: PathCounts) -> None:
        """Add the counts of another one over the same labels."""
        for pieces in other._groups.values():
            for piece in pieces:
                self._take(piece)

    def groups(self) -> list[tuple[Words, Ints]]:
        """For each width the different paths in order and how often each occurs."""
        for width in self._groups:
            self._settle(width)
        return [self._groups[width][0] for width in sorted(self._groups)]

    def ranked(self, top: int | None) -> list[tuple[tuple[int, ...], int]]:
        """The ``top`` paths with their counts, the most frequent first, equals by their codes."""
        groups = self.groups()
        every = np.concatenate([counts for _, counts in groups]) if groups else np.empty(0, dtype=np.int64)
        bar = 0
        if top is not None and top < len(every):
            # Not by a partition of all: most paths occur once, and partitions of equals take long.
            values, having = numbered(every, int(every.max()) + 1)
            bar = int(values[np.flatnonzero(having[::-1].cumsum()[::-1] >= top)[-1]])
        found: list[tuple[tuple[int, ...], int]] = []
        for words, counts in groups:
            # Of those that occur exactly as often as the last, no more than are asked for can be among the first.
            equal = np.flatnonzero(counts == bar)[:top] if bar else np.empty(0, dtype=np.int64)
            chosen = np.concatenate([np.flatnonzero(counts > bar), equal])
            often = iter(counts[chosen].tolist())
            for codes, offsets in unpacked(words[chosen], self.labels):
                flat, edges = codes.tolist(), offsets.tolist()
                found += [(tuple(flat[a:b]), next(often)) for a, b in pairwise(edges)]
        found.sort(key=lambda entry: (-entry[1], entry[0]))
        return found[:top]

    def recoded(self, places: Ints, labels: int) -> PathCounts:
        """The same paths over another list of labels; ``places[code]`` is the new code."""
        other = PathCounts(labels)
        for words, counts in self.groups():
            start = 0
            for codes, offsets in unpacked(words, self.labels):
                mine = counts[start : start + len(offsets) - 1]
                start += len(offsets) - 1
                for paths, rows in packed(places[codes], offsets, labels):
                    other.add(rows, mine[paths])
        return other

    @property
    def nbytes(self) -> int:
        """The bytes of the rows and counts."""
        return sum(rows.nbytes + counts.nbytes for pieces in self._groups.values() for rows, counts in pieces)

    def _settle(self, width: int) -> None:
        pieces = self._groups[width]
        if len(pieces) > 1:
            rows = np.concatenate([rows for rows, _ in pieces])
            counts = np.concatenate([counts for _, counts in pieces])
            self._groups[width] = [_distinct(rows, counts, kind="stable")]


def _distinct(words: Words, counts: Ints, *, kind: Literal["quicksort", "stable"] = "quicksort") -> tuple[Words, Ints]:
    """The different rows in order, with the sums of their counts; "stable" is quicker where stretches are in order already."""
    order = np.argsort(words[:, 0], kind=kind) if words.shape[1] == 1 else np.lexsort(words.T[::-1])
    rows = words[order]
    fresh = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])
    starts = np.flatnonzero(fresh)
    return rows[starts], np.add.reduceat(counts[order], starts)
