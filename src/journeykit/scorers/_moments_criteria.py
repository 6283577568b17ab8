"""Where closed journeys begin, end and branch, counted once per journey so that every resample is one matrix product."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy import sparse

from journeykit.inference import evenness
from journeykit.measures import Paths

__all__ = ["Branching", "Places", "most_intense", "peak_end"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def most_intense(valences: Floats) -> Floats:
    """The valence farthest from neutral in each row; of two equally far the unhappy one, NaN where a row has none.

    The unhappy one, because a choice by place on the map would make the figure depend on the order of touchpoints.
    """
    known = np.where(np.isfinite(valences), valences, 0.0)
    lowest = known.min(axis=-1, initial=0.0)
    highest = known.max(axis=-1, initial=0.0)
    found = np.where(highest > -lowest, highest, lowest)
    return np.where(np.isfinite(valences).any(axis=-1), found, np.nan)


def peak_end(peak: Floats, end: Floats) -> Floats:
    """How an episode is remembered: (peak + end) / 2 (Kahneman, Fredrickson, Schreiber and Redelmeier 1993)."""
    return (peak + end) / 2


@frozen(kw_only=True, eq=False)
class Branching:
    """How customers go on from each touchpoint: ``evenness`` (rows, t) in [0, 1] and the number of ``options`` (rows, t)."""

    evenness: Floats
    options: Ints


@frozen(kw_only=True, eq=False)
class Places:
    """Per closed journey (up to its success, with one visit at least): first, last and visited touchpoints, and its moves.

    ``first``, ``last`` and ``visited`` are n x t of 0 and 1. ``moves`` is n x u, the moves from touchpoint ``sources[u]`` to
    another touchpoint or to the end; leaving and succeeding are two different ends, coming again at once is no move.
    """

    first: sparse.csr_array
    last: sparse.csr_array
    visited: sparse.csr_array
    moves: sparse.csr_array
    sources: Ints

    @classmethod
    def of(cls, paths: Paths) -> Places:
        """Count the paths (closed journeys only are meant)."""
        ended = paths.to_end()
        ended = ended.select(ended.lengths() > 0)
        n, size = len(ended), len(ended.touchpoints)
        owners, codes = ended.owners(), ended.codes.astype(np.int64)
        opening, closing = ended.offsets[:-1], ended.offsets[1:] - 1
        journeys = np.arange(n)
        cells = np.unique(owners * max(size, 1) + codes)
        same = owners[1:] == owners[:-1]
        going = same & (codes[1:] != codes[:-1])
        target = np.concatenate([codes[1:][going], np.where(ended.converted, size + 1, size)])
        source = np.concatenate([codes[:-1][going], codes[closing]])
        kinds, move = np.unique(source * (size + 2) + target, return_inverse=True)
        who = np.concatenate([owners[:-1][going], journeys])
        return cls(
            first=_cells(journeys, codes[opening], (n, size)),
            last=_cells(journeys, codes[closing], (n, size)),
            visited=_cells(cells // max(size, 1), cells % max(size, 1), (n, size)),
            moves=_cells(who, move, (n, len(kinds))),
            sources=kinds // (size + 2),
        )

    def __len__(self) -> int:
        return int(self.first.shape[0])

    @property
    def size(self) -> int:
        """The number of touchpoints."""
        return int(self.first.shape[1])

    def select(self, journeys: Ints) -> Places:
        """Only the journeys of these indices."""
        return Places(
            first=self.first[journeys],
            last=self.last[journeys],
            visited=self.visited[journeys],
            moves=self.moves[journeys],
            sources=self.sources,
        )

    def share(self, what: sparse.csr_array, weights: Floats) -> Floats:
        """The share of journeys that have it, a touchpoint, for each row of journey weights; NaN without a journey."""
        total = weights.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weights @ what) / total[:, None])

    def branching(self, weights: Floats) -> Branching:
        """How evenly customers take the ways on from each touchpoint, for each row of journey weights."""
        counts = np.asarray(weights @ self.moves)
        even, options = evenness(counts, self.sources, self.size)
        return Branching(evenness=even, options=options)


def _cells(rows: Ints, columns: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
