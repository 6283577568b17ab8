"""What the log holds beside the paths: every event name, what no rule claims of it, and whether the outcome is ever seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.measures import Accumulator, Batch


@frozen(kw_only=True)
class Seen:
    """Rows by event name, in all and those that neither a touchpoint nor the outcome claims; rows of the outcome."""

    events: Counter[str]
    unclaimed: Counter[str]
    success: int
    abandon: int


class Seeing(Accumulator[Seen]):
    """The state behind `Seen`."""

    needs_names = True

    def __init__(self, *, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._events: Counter[str] = Counter()
        self._unclaimed: Counter[str] = Counter()
        self._success = 0
        self._abandon = 0

    def settings(self) -> tuple[Hashable, ...]:
        return ()

    def _fresh(self) -> Seeing:
        return Seeing()

    def _count(self, batch: Batch) -> None:
        _tally(self._events, batch, np.ones(len(batch.times), dtype=np.bool_))
        _tally(self._unclaimed, batch, (batch.codes < 0) & ~batch.success & ~batch.abandon)
        self._success += int(batch.success.sum())
        self._abandon += int(batch.abandon.sum())

    def _absorb(self, other: Seeing) -> None:
        self._events.update(other._events)
        self._unclaimed.update(other._unclaimed)
        self._success += other._success
        self._abandon += other._abandon

    def _finish(self) -> Seen:
        return Seen(
            events=Counter(self._events),
            unclaimed=Counter(self._unclaimed),
            success=self._success,
            abandon=self._abandon,
        )


def _tally(totals: Counter[str], batch: Batch, rows: NDArray[np.bool_]) -> None:
    counts = np.bincount(batch.names[rows], minlength=len(batch.events))
    for code in np.flatnonzero(counts).tolist():
        totals[batch.events[code]] += int(counts[code])
