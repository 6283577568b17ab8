"""The bare absorbing Markov chain: solved exactly, never sampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError

__all__ = ["AbsorbingChain", "removal_effects"]

Array = NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class AbsorbingChain:
    """An absorbing chain in canonical form (Kemeny & Snell 1960).

    ``q`` is the t x t matrix of moves between transient states, ``r`` the t x a matrix of moves into absorbing ones; each
    row of ``[q r]`` sums to 1.
    """

    q: Array
    r: Array

    def __attrs_post_init__(self) -> None:
        rows = self.q.sum(axis=1) + self.r.sum(axis=1)
        if (self.q < 0).any() or (self.r < 0).any() or not np.allclose(rows, 1, atol=1e-9):
            raise ArgumentError("the rows of a chain are probabilities: none negative, each row sums to 1")

    def fundamental(self) -> Array:
        """N = (I - Q)^-1: the expected visits to column's state from row's; `ArgumentError` when some state never ends."""
        try:
            return np.asarray(np.linalg.inv(np.eye(len(self.q)) - self.q), dtype=np.float64)
        except np.linalg.LinAlgError as err:
            raise ArgumentError("some state never reaches an end, so the chain is not absorbing") from err

    def steps(self) -> Array:
        """T = N 1: the expected number of steps before absorption, a start state."""
        return np.asarray(self.fundamental().sum(axis=1), dtype=np.float64)

    def absorption(self) -> Array:
        """B = N R: the probability of ending in each absorbing state, a start state."""
        return self.fundamental() @ self.r


def removal_effects(
    start: Array, moves: Array, converting: Array, groups: Sequence[NDArray[np.int64]] | None = None
) -> tuple[Array, Array]:
    """P(conversion) and the removal effect of every group of states, exactly, for a batch of chains.

    RE_i = 1 - P(conversion when every arrival at i is lost) / P(conversion) (Anderl et al. 2016). A path converts without
    i unless it comes to i and converts from there: with h the distribution of the first arrival in i's states S,
    h = (s N)_S (N_SS)^-1, RE_i = h . b_S / P(conversion), and one inversion serves every i.

    ``start`` is (batch, t + 1): the probabilities of the first state, the last column being conversion before any state;
    ``moves`` is (batch, t, t); ``converting`` is (batch, t). What is missing to a row sum of 1 is lost. ``groups`` holds the
    states of each i (default: each state is its own group). Returns (batch,) and (batch, groups); the effects are NaN
    where P(conversion) is 0.
    """
    size = moves.shape[-1]
    visits = np.asarray(np.linalg.inv(np.eye(size) - moves), dtype=np.float64)
    onward = np.einsum("bij,bj->bi", visits, converting)
    expected = np.einsum("bi,bij->bj", start[:, :size], visits)
    total = start[:, size] + np.einsum("bi,bi->b", start[:, :size], onward)
    if groups is None or all(len(group) == 1 for group in groups):
        order = np.arange(size) if groups is None else np.array([group[0] for group in groups], dtype=np.int64)
        through = (expected * onward / np.einsum("bii->bi", visits))[:, order]
    else:
        columns = [_through(visits, expected, onward, group) for group in groups]
        through = np.stack(columns, axis=1) if columns else np.zeros((len(total), 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return total, np.where(total[:, None] > 0, through / total[:, None], np.nan)


def _through(visits: Array, expected: Array, onward: Array, group: NDArray[np.int64]) -> Array:
    inner = visits[:, group[:, None], group[None, :]]
    arrivals = np.linalg.solve(inner.transpose(0, 2, 1), expected[:, group, None])[..., 0]
    return np.asarray(np.einsum("bg,bg->b", arrivals, onward[:, group]), dtype=np.float64)
