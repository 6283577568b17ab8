"""Exact quantiles of whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MEDIAN", "P90", "Quantile", "duration", "quantile", "quantile_of_counts", "quantiles"]

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
    return _between(low, int(ordered[below + 1]), rest, share[1]) if rest else low


def quantile_of_counts(counts: Mapping[int, int], share: Quantile) -> int | None:
    """The same quantile of whole numbers of which only is known how often each occurs; None of nothing."""
    values = np.array(sorted(counts), dtype=np.int64)
    ends = np.cumsum(np.array([counts[int(value)] for value in values], dtype=np.int64))
    if not len(ends) or not ends[-1]:
        return None
    below, rest = _place(int(ends[-1]), share)
    low, high = (int(values[np.searchsorted(ends, below + i, side="right")]) for i in (0, int(rest > 0)))
    return _between(low, high, rest, share[1])


def _between(low: int, high: int, part: int, of: int) -> int:
    """The number ``part / of`` of the way from low to high, rounded half-even."""
    whole, left = divmod((high - low) * part, of)
    half = 2 * left - of
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
