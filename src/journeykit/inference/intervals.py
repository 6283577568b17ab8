"""Intervals: Wilson's for a share, percentile bootstrap for everything else."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.results import Interval

__all__ = ["percentile", "wilson"]

# A percentile interval from fewer draws than this says more about chance than about the data.
_MIN_DRAWS = 50
# The 97.5 % point of the normal, correctly rounded; NormalDist is an ulp off, which would show in published files.
_USUAL, _Z = 0.95, 1.959963984540054


def wilson(count: int, n: int, level: float = 0.95) -> Interval | None:
    """Wilson's score interval for a share of ``count`` in ``n`` (Wilson 1927); None when ``n`` is 0.

    Raises `ArgumentError` unless 0 <= count <= n and 0 < level < 1.
    """
    if not 0 <= count <= n:
        raise ArgumentError(f"a share of {count} in {n} is not a share")
    if not 0 < level < 1:
        raise ArgumentError(f"level {level} is not between 0 and 1")
    if n == 0:
        return None
    # The closed form as Newcombe (1998) writes it: importing scipy.stats for it costs half a second.
    z = _Z if level == _USUAL else NormalDist().inv_cdf(0.5 + 0.5 * level)
    share = count / n
    twice = 2 * (n + z**2)
    centre = (2 * n * share + z**2) / twice
    reach = z / twice * math.sqrt(4 * n * share * (1 - share) + z**2)
    low = 0.0 if count == 0 else centre - reach
    high = 1.0 if count == n else centre + reach
    return Interval(low=low, high=high, level=level, method="wilson")


def percentile(
    value: float,
    draws: NDArray[np.float64],
    *,
    centre: float | None = None,
    sampled: int | None = None,
    total: int | None = None,
    level: float = 0.95,
    unit: str = "journeys",
) -> Interval | None:
    """The percentile bootstrap interval of a value from its bootstrap draws (Efron & Tibshirani 1993, ch. 13).

    Draws that are not finite (the figure did not exist in that resample) are left out, and the method says how many are left;
    with fewer than 50, or fewer than half, there is no interval. Where the draws come from a sample of ``sampled`` out of
    ``total`` units, their distance from the sample's own value ``centre`` is shrunk by sqrt(sampled / total), and the
    method says so.
    """
    kept = draws[np.isfinite(draws)]
    if len(kept) < _MIN_DRAWS or 2 * len(kept) < len(draws):
        return None
    low, high = (float(q) for q in np.quantile(kept, [(1 - level) / 2, (1 + level) / 2]))
    lost = f", {len(kept)} of them with a figure" if len(kept) < len(draws) else ""
    method = f"percentile bootstrap of {unit}, {len(draws)} draws{lost}"
    if sampled is not None and total is not None and sampled < total:
        middle = value if centre is None else centre
        shrink = math.sqrt(sampled / total)
        low, high = value + (low - middle) * shrink, value + (high - middle) * shrink
        method += f", on a sample of {sampled} of {total}, scaled by {shrink:.3f}"
    return Interval(low=low, high=high, level=level, method=method)
