"""How evenly counts are spread over their options."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["entropies", "evenness"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def entropies(counts: Floats, groups: Ints, size: int, *, corrected: bool = True) -> tuple[Floats, Ints]:
    """Shannon's entropy in nats of each of ``size`` groups of options, and how many options each has: both (rows, size).

    ``counts`` is (rows, options), ``groups`` says which group an option belongs to; an option never taken is none.
    ``corrected`` adds (options - 1) / (2 n), because a sample's entropy is too low on average (Miller 1955, Madow). NaN
    where a group has no count.
    """
    from scipy import sparse  # noqa: PLC0415  (late: scipy is slow to import)

    options = np.arange(len(groups))
    into = sparse.csr_array((np.ones(len(groups)), (options, groups)), shape=(len(groups), size))
    total = np.asarray(counts @ into)
    taken = np.asarray((counts > 0).astype(np.float64) @ into).astype(np.int64)
    logs = np.log(counts, out=np.zeros_like(counts), where=counts > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.log(total) - np.asarray((counts * logs) @ into) / total
        if corrected:
            found = found + (taken - 1) / (2 * total)
    # One option alone has no entropy, whatever rounding says.
    return np.where(taken == 1, 0.0, found), taken


def evenness(counts: Floats, groups: Ints, size: int) -> tuple[Floats, Ints]:
    """The corrected entropy of each group over the log of its number of options, held to [0, 1]; 0 for one option.

    1 is all options taken equally often (Pielou 1966). Shapes and the second result as in `entropies`.
    """
    found, taken = entropies(counts, groups, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(taken > 1, found / np.log(taken), found)
    return np.clip(shares, 0, 1), taken
