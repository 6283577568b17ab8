"""Simultaneous bands: intervals for several means at once, all of which hold together with the stated confidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.inference.resampling import resamples, sample
from journeykit.inference.within import Within
from journeykit.results import Interval

__all__ = ["Band", "simultaneous_band"]

Floats = NDArray[np.float64]

# The shape of a mean of more values than this is known to more digits than a band shows.
_MOST = 2000
# Equal values have no spread to scale a resampled mean by; rounding must not pass for one.
_NOTHING = 1e-12


@frozen(kw_only=True)
class Band:
    """The interval of every condition of the band (by its number), each of them at the band's joint ``level``."""

    intervals: dict[int, Interval]
    level: float
    method: str


def simultaneous_band(
    within: Within,
    conditions: Sequence[int],
    stream: Callable[[int], np.random.Generator],
    *,
    draws: int = 1000,
    level: float = 0.95,
) -> Band | None:
    """A band over the means of these conditions, which with confidence ``level`` holds all of them at once.

    Equal-tailed bootstrap-t (Efron and Tibshirani 1993, ch. 12) of the largest deviation:
    [mean - b s, mean - a s], where s is the standard error of `within_subject` and a and b are the quantiles
    (1 - level) / 2 of the lowest and (1 + level) / 2 of the highest of the conditions' resampled t values. Subjects are
    resampled under each condition on its own: what a subject's residuals under two conditions share was put there by taking
    its level out, and by Sidak's inequality (1967) independence is the widest case. Both tails are kept apart because
    ratings are skewed; a band that is the same on both sides holds too rarely then. It is never narrower than the
    conditions' own intervals. ``stream`` gives the generator of a condition.

    None for fewer than two conditions that have an interval of their own: there is nothing to hold at once.
    """
    own = {condition: found for condition in conditions if (found := within.interval(condition, level=level))}
    if len(own) < 2:
        return None
    lowest, highest = np.full(draws, np.inf), np.full(draws, -np.inf)
    for condition in own:
        errors = within.errors[within.conditions == condition]
        resampled = _t_values(errors[np.isfinite(errors)], draws, stream(condition))
        lowest, highest = np.minimum(lowest, resampled), np.maximum(highest, resampled)
    # No interpolation: between a value and an infinite one there is none.
    below = float(np.quantile(lowest, (1 - level) / 2, method="lower"))
    above = float(np.quantile(highest, (1 + level) / 2, method="higher"))
    method = f"equal-tailed maximum bootstrap-t over {len(own)} means, each resampled on its own, {draws} draws"
    intervals = {}
    for condition, pointwise in own.items():
        mean = float(within.mean[condition])
        error = float(np.sqrt(within.variance[condition] / within.n[condition]))
        intervals[condition] = Interval(
            low=min(pointwise.low, mean - above * error),
            high=max(pointwise.high, mean - below * error),
            level=level,
            method=method,
        )
    return Band(intervals=intervals, level=level, method=method)


def _t_values(errors: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """The t value of every resample of the errors around their mean; infinite where all its values are equal."""
    errors = errors[sample(len(errors), rng, _MOST)]
    errors = errors - errors.mean()
    n = len(errors)
    found = []
    for weights in resamples(n, draws, rng):
        mean = weights @ errors / n
        variance = np.maximum(weights @ errors**2 / n - mean**2, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = mean / np.sqrt(variance / (n - 1))
        flat = variance <= _NOTHING
        found.append(np.where(flat, np.where(mean < 0, -np.inf, np.inf), t))
    return np.concatenate(found)
