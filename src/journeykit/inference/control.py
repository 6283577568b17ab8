"""Control limits of a figure over time: what the process as it runs can be expected to give."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError

__all__ = ["ControlLimits", "control_limits", "lag_one"]

# The tabulated d2 of two values (Shewhart); the exact 2 / sqrt(pi) differs in the fourth digit.
_D2 = 1.128


@frozen(kw_only=True)
class ControlLimits:
    """The limits of ``n`` values in their own unit: ``mean``, and ``low`` and ``high`` three sigma from it."""

    mean: float
    low: float
    high: float
    n: int


def control_limits(values: NDArray[np.float64]) -> ControlLimits:
    """The XmR limits of values in the order of time: mean -+ 3 x mean moving range / 1.128 (Shewhart; NIST handbook 6.3.2.2).

    Raises `ArgumentError` for fewer than two values, which have no moving range. They rest on little below 20 values.
    """
    if len(values) < 2:
        raise ArgumentError(f"control limits need two values or more, not {len(values)}")
    mean, sigma = float(values.mean()), float(np.abs(np.diff(values)).mean()) / _D2
    return ControlLimits(mean=mean, low=mean - 3 * sigma, high=mean + 3 * sigma, n=len(values))


def lag_one(values: NDArray[np.float64]) -> float:
    """The correlation of each value with the one before it (lag-1 autocorrelation); 0 where the values do not vary.

    Above .3 moving ranges understate the spread, and XmR limits are too narrow.
    """
    apart = values - values.mean()
    total = float((apart**2).sum())
    return float((apart[1:] * apart[:-1]).sum()) / total if total > 0 else 0.0
