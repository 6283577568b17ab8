"""Exact quantiles of whole numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MEDIAN", "P90", "Quantile", "duration", "quantile", "quantiles"]

Quantile = tuple[int, int]
"""A share as a fraction, so that no rounding of 0.9 gets into a position."""

MEDIAN: Quantile = (1, 2)
P90: Quantile = (9, 10)
# Fewer values than this are sorted sooner than they are told apart.
_FEW = 256


def quantile(ordered: NDArray[Any], share: Quantile) -> int | None:
    """The linear (type 7, Hyndman & Fan 1996) quantile of rising whole numbers, rounded half-even; None of nothing."""
    if not len(ordered):
        return None
    below, rest = _place(len(ordered), share)
    low = int(ordered[below])
    if not rest:
        return low
    bottom = share[1]
    whole, left = divmod((int(ordered[below + 1]) - low) * rest, bottom)
    half = 2 * left - bottom
    return low + whole + int(half > 0 or (half == 0 and (low + whole) % 2 == 1))


def _place(size: int, share: Quantile) -> tuple[int, int]:
    top, bottom = share
    return divmod((size - 1) * top, bottom)


def quantiles(values: NDArray[Any], *shares: Quantile) -> tuple[int | None, ...]:
    """The quantiles of whole numbers in any order, which are put in order as far as is needed: the array is changed."""
    if len(values) <= _FEW:
        values.sort()
    else:
        places = {place + i for share in shares for place, rest in [_place(len(values), share)] for i in (0, rest > 0)}
        values.partition(sorted(places))
    return tuple(quantile(values, share) for share in shares)


def duration(values: list[NDArray[np.int64]], *shares: Quantile) -> tuple[timedelta | None, ...]:
    """Quantiles of microseconds, collected in pieces, as durations."""
    joined = np.concatenate(values) if values else np.empty(0, dtype=np.int64)
    found = quantiles(joined, *shares)
    return tuple(None if value is None else timedelta(microseconds=value) for value in found)
