"""Closed journeys as an absorbing Markov chain: counting moves once, so that every resample is one matrix product."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy import sparse

from journeykit.measures import Paths
from journeykit.measures.chain import removal_effects

__all__ = ["Chain", "Moves", "strata"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Equally long journeys are exchangeable only among enough of them; shorter strata are pooled with their neighbours.
_MIN_STRATUM = 20


@frozen(kw_only=True, eq=False)
class Chain:
    """A batch of chains in counts: ``moves`` (b, t + 1, t) with the start as last row, ``ends`` and ``converts`` (b, t + 1).

    ``groups`` holds the states of each touchpoint.
    """

    moves: Floats
    ends: Floats
    converts: Floats
    groups: tuple[Ints, ...]

    def effects(self, converts: Floats | None = None) -> tuple[Floats, Floats]:
        """P(conversion) (b,) and removal effects (b, touchpoints), with other conversion counts where they are given."""
        converts = self.converts if converts is None else converts
        left = self.moves.sum(axis=2) + self.ends
        share = np.divide(1.0, left, out=np.zeros_like(left), where=left > 0)
        moves = self.moves * share[:, :, None]
        convert = converts * share
        # One chain with many conversion counts is a batch too: its moves are repeated, not copied.
        moves = np.broadcast_to(moves, (len(convert), *moves.shape[1:]))
        start = np.concatenate([moves[:, -1], convert[:, -1:]], axis=1)
        return removal_effects(start, moves[:, :-1], convert[:, :-1], self.groups)


@frozen(kw_only=True, eq=False)
class Moves:
    """The moves of n journeys before their success, over the t states that occur.

    A state is the last ``order`` touchpoints (fewer at the beginning); ``touchpoints`` are the map positions of those that
    occur, ``groups`` the states each stands last in, ``visited`` (n x touchpoints) says who passes which.
    """

    order: int
    touchpoints: Ints
    groups: tuple[Ints, ...]
    steps: sparse.csr_array
    last: Ints
    lengths: Ints
    converted: NDArray[np.bool_]
    visited: sparse.csr_array

    @classmethod
    def of(cls, paths: Paths, order: int) -> Moves:
        """Count the moves of every journey in ``paths``; a journey without a visit goes straight from start to its end."""
        n = len(paths)
        before = paths.before_success()
        owners = before.owners()
        touchpoints, codes = np.unique(before.codes.astype(np.int64), return_inverse=True)
        states, places = np.unique(_remembered(owners, codes, order), return_inverse=True)
        t = len(states)
        current = np.zeros(t, dtype=np.int64)
        current[places] = codes
        same = owners[1:] == owners[:-1]
        opening = np.concatenate([[True], ~same]) if len(codes) else np.zeros(0, dtype=bool)
        closing = np.concatenate([~same, [True]]) if len(codes) else np.zeros(0, dtype=bool)
        rows = np.concatenate([owners[opening], owners[1:][same]])
        cells = np.concatenate([t * t + places[opening], places[:-1][same] * t + places[1:][same]])
        last = np.full(n, t, dtype=np.int64)
        last[owners[closing]] = places[closing]
        pairs = np.unique(np.stack([owners, codes]), axis=1) if len(codes) else np.zeros((2, 0), dtype=np.int64)
        return cls(
            order=order,
            touchpoints=touchpoints,
            groups=tuple(np.flatnonzero(current == code) for code in range(len(touchpoints))),
            steps=_counts(rows, cells, (n, (t + 1) * t)),
            last=last,
            lengths=np.bincount(owners, minlength=n).astype(np.int64),
            converted=paths.converted,
            visited=_counts(pairs[0], pairs[1], (n, len(touchpoints))),
        )

    @property
    def size(self) -> int:
        """The number of states t."""
        return sum(len(group) for group in self.groups)

    def __len__(self) -> int:
        return len(self.last)

    def select(self, journeys: Ints) -> Moves:
        """Only the journeys of these indices."""
        return Moves(
            order=self.order,
            touchpoints=self.touchpoints,
            groups=self.groups,
            steps=self.steps[journeys],
            last=self.last[journeys],
            lengths=self.lengths[journeys],
            converted=self.converted[journeys],
            visited=self.visited[journeys],
        )

    def chain(self, weights: Floats) -> Chain:
        """The chains in which journey i counts ``weights[:, i]`` times; ``weights`` is (batch, n)."""
        t = self.size
        ends = self._ends(np.ones(len(self)))
        return Chain(
            moves=(weights @ self.steps).reshape(len(weights), t + 1, t),
            ends=weights @ ends,
            converts=weights @ self._ends(self.converted.astype(np.float64)),
            groups=self.groups,
        )

    def expected_converts(self, weights: Floats, groups: Ints) -> Floats:
        """Conversions a last touchpoint (batch, t + 1), if within each group conversion did not depend on the path."""
        size = self.size + 1
        members = _counts(np.arange(len(self)), groups, (len(self), int(groups.max(initial=0)) + 1))
        inside = weights @ members
        won = (weights * self.converted) @ members
        rate = np.divide(won, inside, out=np.zeros_like(inside), where=inside > 0)
        cells = _counts(np.arange(len(self)), groups * size + self.last, (len(self), members.shape[1] * size))
        by_group = (weights @ cells).reshape(len(weights), -1, size)
        return np.asarray(np.einsum("bg,bgs->bs", rate, by_group))

    def permuted_converts(self, groups: Ints, times: int, rng: np.random.Generator) -> Floats:
        """Conversions a last touchpoint (times, t + 1) with the labels shuffled within each group, all else fixed."""
        size = self.size + 1
        total = np.zeros((times, size))
        for group in range(int(groups.max(initial=0)) + 1):
            inside = groups == group
            counts = np.bincount(self.last[inside], minlength=size)
            won = int(np.count_nonzero(self.converted[inside]))
            total += rng.multivariate_hypergeometric(counts, won, size=times, method="marginals")
        return total

    def _ends(self, weight: Floats) -> sparse.csr_array:
        size = self.size + 1
        cells = (weight, (np.arange(len(self)), self.last))
        return sparse.csr_array(cells, shape=(len(self), size))


def _counts(rows: Ints, columns: Ints, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def _remembered(owners: Ints, codes: Ints, order: int) -> Ints:
    """One number a visit for the last ``order`` touchpoints of its journey, the visited one included."""
    base = int(codes.max(initial=0)) + 2
    state = codes.copy()
    for back in range(1, order):
        earlier = np.full(len(codes), base - 1, dtype=np.int64)
        inside = owners[back:] == owners[:-back]
        earlier[back:][inside] = codes[:-back][inside]
        state += earlier * base**back
    return state


def strata(lengths: Ints) -> Ints:
    """The path-length stratum of every journey: one length each, thin ones pooled upwards until 20 are together."""
    values, counts = np.unique(lengths, return_counts=True)
    stratum = np.zeros(len(values), dtype=np.int64)
    group, inside = 0, 0
    for i, count in enumerate(counts):
        stratum[i] = group
        inside += int(count)
        if inside >= _MIN_STRATUM:
            group, inside = group + 1, 0
    if 0 < inside < _MIN_STRATUM and group > 0:
        stratum[stratum == group] = group - 1
    return stratum[np.searchsorted(values, lengths)]
