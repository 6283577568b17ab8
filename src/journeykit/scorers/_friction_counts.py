"""What friction is made of, counted once per journey so that every bootstrap resample is one matrix product."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy import sparse

from journeykit.measures import Paths

__all__ = ["Gaps", "Steps"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


# Fewer gaps than this are not worth leaving any out.
_TAIL = 1_000


@frozen(kw_only=True, eq=False)
class Gaps:
    """The times to the next visit from one touchpoint, ascending: microseconds, and the journey each belongs to."""

    length: Ints
    owner: Ints

    def p90(self, weights: Floats) -> Floats:
        """The 90th percentile (linear, type 7) a row of weights, in microseconds, half-even; NaN where nothing is drawn."""
        if not len(self.length):
            return np.full(len(weights), np.nan)
        total = weights @ np.bincount(self.owner, minlength=weights.shape[1]).astype(np.float64)
        place = np.maximum(0.9 * (total - 1), 0)
        # The upper tenth is asked for: the upper fifth nearly always holds it, and is a fifth of the work.
        start = max(0, len(self.length) - max(_TAIL, len(self.length) // 5))
        drawn = np.cumsum(weights[:, self.owner[start:]], axis=1)
        before = total - drawn[:, -1]
        if (before > np.floor(place)).any():
            start, before = 0, np.zeros(len(weights))
            drawn = np.cumsum(weights[:, self.owner], axis=1)
        # How many drawn gaps are as short as each from ``start`` on, or shorter.
        reached = drawn + before[:, None]
        below = self._at(reached, np.floor(place), start)
        above = self._at(reached, np.ceil(place), start)
        value = np.rint(below + (above - below) * (place - np.floor(place)))
        return np.asarray(np.where(total > 0, value, np.nan), dtype=np.float64)

    def _at(self, reached: Floats, place: Floats, start: int) -> Floats:
        index = np.minimum(start + (reached <= place[:, None]).sum(axis=1), len(self.length) - 1)
        return np.asarray(self.length[index], dtype=np.float64)


@frozen(kw_only=True, eq=False)
class Steps:
    """Per closed journey and touchpoint: reached, repeated, moved back from, last without success; sparse n x t of 0 and 1.

    A path is what happened up to and including the first success; ``gaps`` holds one `Gaps` a touchpoint.
    """

    reached: sparse.csr_array
    repeated: sparse.csr_array
    back: sparse.csr_array
    dropped: sparse.csr_array
    gaps: tuple[Gaps, ...]

    @classmethod
    def of(cls, paths: Paths) -> Steps:
        """Count the paths (closed journeys only are meant)."""
        shape = (len(paths), len(paths.touchpoints))
        ended = paths.to_end()
        owners, codes, times = ended.owners(), ended.codes.astype(np.int64), ended.times
        cells, visits = np.unique(owners * shape[1] + codes, return_counts=True)
        again = cells[visits > 1]
        same = owners[1:] == owners[:-1]
        backwards = np.unique((owners * shape[1] + codes)[:-1][same & (codes[1:] < codes[:-1])])
        closing = np.concatenate([~same, [True]]) if len(codes) else np.zeros(0, dtype=bool)
        lost = (owners * shape[1] + codes)[closing & ~paths.converted[owners]]
        lengths, sources, holders = (times[1:] - times[:-1])[same], codes[:-1][same], owners[:-1][same]
        order = np.argsort(lengths, kind="stable")
        lengths, sources, holders = lengths[order], sources[order], holders[order]
        return cls(
            reached=_cells(cells, shape),
            repeated=_cells(again, shape),
            back=_cells(backwards, shape),
            dropped=_cells(lost, shape),
            gaps=tuple(Gaps(length=lengths[sources == t], owner=holders[sources == t]) for t in range(shape[1])),
        )

    def __len__(self) -> int:
        return int(self.reached.shape[0])

    @property
    def longest(self) -> int:
        """The most gaps that one touchpoint has: what a resample holds at a time."""
        return max((len(gaps.length) for gaps in self.gaps), default=0)

    def select(self, journeys: Ints) -> Steps:
        """Only the journeys of these indices (ascending)."""
        place = np.full(len(self), -1, dtype=np.int64)
        place[journeys] = np.arange(len(journeys))
        gaps = tuple(
            Gaps(length=g.length[place[g.owner] >= 0], owner=place[g.owner][place[g.owner] >= 0]) for g in self.gaps
        )
        return Steps(
            reached=self.reached[journeys],
            repeated=self.repeated[journeys],
            back=self.back[journeys],
            dropped=self.dropped[journeys],
            gaps=gaps,
        )


def _cells(cells: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    rows, columns = cells // shape[1], cells % shape[1]
    return sparse.csr_array((np.ones(len(cells)), (rows, columns)), shape=shape)
