"""Which cases a state has counted, so that none is counted twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.measures.batches import Batch

Ints = NDArray[np.int64]


class Partitions:
    """Runs of case numbers a part of the data, or the names of the cases where they are known."""

    def __init__(self) -> None:
        self._runs: dict[str, tuple[Ints, Ints]] = {}
        self._names: set[tuple[str, ...]] = set()

    @classmethod
    def of(cls, batch: Batch, *, named: bool) -> Partitions:
        """The cases of one batch, by their names or by their numbers."""
        own = cls()
        if named:
            own._names = set(batch.keys)
        elif len(batch):
            # A stream numbers its cases without gaps, so that a whole log is one run.
            breaks = np.flatnonzero(np.diff(batch.cases) != 1) + 1
            starts = batch.cases[np.concatenate([[0], breaks])]
            ends = batch.cases[np.concatenate([breaks - 1, [len(batch) - 1]])] + 1
            own._runs[batch.part] = (starts, ends)
        return own

    @property
    def nbytes(self) -> int:
        """The bytes of the recorded runs."""
        return sum(starts.nbytes + ends.nbytes for starts, ends in self._runs.values())

    def plus(self, other: Partitions) -> Partitions:
        """These and other cases; `ArgumentError` when they may be the same."""
        if shared := self._names & other._names:
            raise ArgumentError(
                f"{len(shared):,} cases are in both states; merge() joins different cases, then() later time"
            )
        parts = set(self._runs) | set(other._runs)
        if "" in parts and len(parts) > 1:
            raise ArgumentError(
                "a log without a part name may share cases with any other; fold logs of different cases with part= names"
            )
        both = Partitions()
        both._runs = {part: _united(self._runs.get(part), other._runs.get(part)) for part in parts}
        both._names = self._names | other._names
        return both


def _united(one: tuple[Ints, Ints] | None, two: tuple[Ints, Ints] | None) -> tuple[Ints, Ints]:
    held = [runs for runs in (one, two) if runs is not None]
    starts = np.concatenate([runs[0] for runs in held])
    ends = np.concatenate([runs[1] for runs in held])
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], ends[order]
    if bool((starts[1:] < ends[:-1]).any()):
        raise ArgumentError("some cases are in both states, or twice in one; every case may be counted once")
    apart = starts[1:] != ends[:-1]
    return starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
