"""Rows on their way into order: parted by case into pieces that are put in order one by one, on disk where memory is short.

Rows keep the order in which they came. Pieces are cut by the bits of the cases' tokens, so that a case is whole in one.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Pieces", "Split", "split"]

Table = Mapping[str, NDArray[Any]]


@frozen
class Split:
    """Rows side by side that belong to one piece: those of piece ``i`` are ``bounds[i]:bounds[i + 1]``."""

    columns: Table
    bounds: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        return sum(values.nbytes for values in self.columns.values())


def split(columns: Table, bits: int) -> Split:
    """The rows by the first ``bits`` bits of ``case``."""
    if not bits:
        return Split(columns, np.array([0, len(columns["case"])], dtype=np.int64))
    # numpy sorts 16 bits by radix, and keeps the order of equals at that.
    piece = (columns["case"] >> np.uint64(64 - bits)).astype(np.uint16)
    order = np.argsort(piece, kind="stable")
    bounds = np.zeros((1 << bits) + 1, dtype=np.int64)
    np.cumsum(np.bincount(piece, minlength=1 << bits), out=bounds[1:])
    return Split({name: values[order] for name, values in columns.items()}, bounds)


@frozen
class _Spill:
    """Where in a file of ours the columns of each piece begin."""

    path: Path
    kinds: Mapping[str, np.dtype[Any]]
    bounds: NDArray[np.int64]
    starts: tuple[int, ...]

    def piece(self, number: int) -> dict[str, NDArray[Any]]:
        rows = int(self.bounds[number + 1] - self.bounds[number])
        start, found = self.starts[number], {}
        for name, kind in self.kinds.items():
            found[name] = np.fromfile(self.path, dtype=kind, count=rows, offset=start)
            start += rows * kind.itemsize
        return found


class Pieces:
    """Rows by piece, in memory up to so many bytes; more are written into a folder of their own, up to ``disk`` bytes.

    That folder is made in ``folder`` (None: where the system has such) when it is needed, and is gone after `close`.
    """

    def __init__(self, *, memory: int, disk: int | None = None, folder: Path | None = None) -> None:
        self._memory, self._disk, self._folder = memory, disk, folder
        self._own: Path | None = None
        self._held: list[Split] = []
        self._bytes = 0
        self._spills: list[_Spill] = []
        self._spilled = 0

    def add(self, rows: Split) -> None:
        """Take rows that came after all that were taken; `OSError` when the disk is full."""
        self._held.append(rows)
        self._bytes += rows.nbytes
        if self._bytes > self._memory:
            self._spill()

    def piece(self, number: int) -> dict[str, NDArray[Any]]:
        """The rows of a piece in the order in which they came."""
        parts = [spill.piece(number) for spill in self._spills]
        for held in self._held:
            low, high = held.bounds[number : number + 2]
            parts.append({name: values[low:high] for name, values in held.columns.items()})
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def rows(self, number: int) -> int:
        """How many rows a piece has."""
        every = [*(spill.bounds for spill in self._spills), *(held.bounds for held in self._held)]
        return sum(int(bounds[number + 1] - bounds[number]) for bounds in every)

    def close(self) -> None:
        """Forget all rows, on disk too."""
        self._held.clear()
        self._spills.clear()
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)

    def _spill(self) -> None:
        self._spilled += self._bytes
        if self._disk is not None and self._spilled > self._disk:
            raise OSError(errno.ENOSPC, "No space left on device")
        if self._own is None:
            self._own = Path(tempfile.mkdtemp(prefix="journeykit-", dir=self._folder))
        columns = self._held[0].columns
        bounds = np.concatenate([[0], np.cumsum(np.sum([np.diff(held.bounds) for held in self._held], axis=0))])
        path, starts = self._own / f"{len(self._spills)}.rows", []
        with path.open("wb") as file:
            for number in range(len(bounds) - 1):
                starts.append(file.tell())
                for name in columns:
                    for held in self._held:
                        low, high = held.bounds[number : number + 2]
                        file.write(np.ascontiguousarray(held.columns[name][low:high]).data)
        kinds = {name: values.dtype for name, values in columns.items()}
        self._spills.append(_Spill(path, kinds, bounds, tuple(starts)))
        self._held.clear()
        self._bytes = 0
