"""Which cases a state has counted, so that none is counted twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.measures.batches import Batch

Ints = NDArray[np.int64]


class Partitions:
    """Runs of case numbers in each part of the data: a few numbers, however many cases there are.

    ``runs`` has for each part where its runs start and where they end, rising.
    """

    def __init__(self, runs: dict[str, tuple[Ints, Ints]] | None = None) -> None:
        self.runs: dict[str, tuple[Ints, Ints]] = runs or {}

    @classmethod
    def of(cls, batch: Batch) -> Partitions:
        """The cases of one batch."""
        own = cls()
        if len(batch):
            # A stream numbers its cases without gaps, so that a whole log is one run.
            breaks = np.flatnonzero(np.diff(batch.cases) != 1) + 1
            starts = batch.cases[np.concatenate([[0], breaks])]
            ends = batch.cases[np.concatenate([breaks - 1, [len(batch) - 1]])] + 1
            own.runs[batch.part] = (starts, ends)
        return own

    @classmethod
    def stored(cls, runs: object) -> Partitions:
        """The runs of a saved state; an error where they are none."""
        if not isinstance(runs, dict):
            raise TypeError("it does not say which cases it counted")
        own = cls()
        for part, (starts, ends) in runs.items():
            bounds = np.stack([starts, ends], axis=1).reshape(-1)
            if not isinstance(part, str) or bounds.dtype != np.int64 or bool((np.diff(bounds) <= 0).any()):
                raise ValueError("the cases it counted are no runs")
            own.runs[part] = (starts, ends)
        return own

    @property
    def nbytes(self) -> int:
        """The bytes of the recorded runs."""
        return sum(starts.nbytes + ends.nbytes for starts, ends in self.runs.values())

    def as_part(self, part: str) -> Partitions:
        """As many cases, all of one part and numbered from 0: what was cut for the counting alone, as one log again."""
        whole = Partitions()
        count = sum(int((ends - starts).sum()) for starts, ends in self.runs.values())
        if count:
            whole.runs[part] = (np.zeros(1, dtype=np.int64), np.array([count], dtype=np.int64))
        return whole

    def plus(self, other: Partitions) -> Partitions:
        """These and other cases; `ArgumentError` when they may be the same."""
        parts = set(self.runs) | set(other.runs)
        if "" in parts and len(parts) > 1:
            raise ArgumentError(
                "a log without a part name may share cases with any other; fold logs of different cases with part= names"
            )
        return Partitions({part: _united(self.runs.get(part), other.runs.get(part)) for part in parts})


def _united(one: tuple[Ints, Ints] | None, two: tuple[Ints, Ints] | None) -> tuple[Ints, Ints]:
    held = [runs for runs in (one, two) if runs is not None]
    starts = np.concatenate([runs[0] for runs in held])
    ends = np.concatenate([runs[1] for runs in held])
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], ends[order]
    if bool((starts[1:] < ends[:-1]).any()):
        raise ArgumentError(
            "some cases are in both states, or twice in one, or these are two logs that do not say they hold different cases; "
            "merge() joins different cases (fold each log with its own part=), then() later time of the same"
        )
    apart = starts[1:] != ends[:-1]
    return starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
