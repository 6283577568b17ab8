"""Exact quantiles of whole numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MEDIAN", "P90", "Quantile", "duration", "quantile"]

Quantile = tuple[int, int]
"""A share as a fraction, so that no rounding of 0.9 gets into a position."""

MEDIAN: Quantile = (1, 2)
P90: Quantile = (9, 10)


def quantile(ordered: NDArray[Any], share: Quantile) -> int | None:
    """The linear (type 7, Hyndman & Fan 1996) quantile of rising whole numbers, rounded half-even; None of nothing."""
    if not len(ordered):
        return None
    top, bottom = share
    below, rest = divmod((len(ordered) - 1) * top, bottom)
    low = int(ordered[below])
    if not rest:
        return low
    whole, left = divmod((int(ordered[below + 1]) - low) * rest, bottom)
    half = 2 * left - bottom
    return low + whole + int(half > 0 or (half == 0 and (low + whole) % 2 == 1))


def duration(values: list[NDArray[np.int64]], *shares: Quantile) -> tuple[timedelta | None, ...]:
    """Quantiles of microseconds, collected in pieces, as durations."""
    joined = np.sort(np.concatenate(values)) if values else np.empty(0, dtype=np.int64)
    found = (quantile(joined, share) for share in shares)
    return tuple(None if value is None else timedelta(microseconds=value) for value in found)
