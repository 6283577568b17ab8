"""Tests against a permuted world, and their correction for many at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["adjusted", "two_sided"]


def two_sided(value: float, permuted: NDArray[np.float64]) -> float:
    """The two-sided permutation p-value of ``value``: how often chance lies as far from its own mean.

    (1 + count) / (1 + permutations), so it is never 0 (Phipson & Smyth 2010).
    """
    middle = permuted.mean()
    # Values that differ only by rounding are the same value.
    reach = abs(value - middle) * (1 - 1e-12)
    return float((1 + np.count_nonzero(np.abs(permuted - middle) >= reach)) / (1 + len(permuted)))


def adjusted(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values, in the given order (Benjamini & Hochberg 1995)."""
    if len(p_values) == 0:
        return p_values
    from scipy.stats import false_discovery_control  # noqa: PLC0415  (late: scipy.stats is slow to import)

    return np.asarray(false_discovery_control(p_values), dtype=np.float64)
