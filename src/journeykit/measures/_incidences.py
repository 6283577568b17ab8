"""Cumulative incidence: the Aalen-Johansen estimates and their variance, from plain arrays of times."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from journeykit.results import Interval

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_LEVEL = 0.95


@frozen(kw_only=True, eq=False)
class Endings:
    """How the cases of one segment ended, in columns: microseconds to success and to an abandon event, and the silent rest.

    A silent case has neither: its ``first`` event and its ``last`` one (in the window) are kept, for only the end of the log says
    whether it is still open.
    """

    converted: Ints
    abandoned: Ints
    first: Ints
    last: Ints

    @property
    def nbytes(self) -> int:
        """The bytes of the columns."""
        return self.converted.nbytes + self.abandoned.nbytes + self.first.nbytes + self.last.nbytes


@frozen(kw_only=True, eq=False)
class Curve:
    """The Aalen-Johansen estimates at every time at which something happened (``times``, microseconds, rising).

    ``last`` are the times at which the cases were last seen under way, rising: converted, abandoned and open ones.
    """

    times: Ints
    last: Ints
    converted: Floats
    abandoned: Floats
    variance: Floats
    counts: tuple[int, int, int] = field(default=(0, 0, 0))

    @classmethod
    def of(cls, converted: Ints, abandoned: Ints, censored: Ints) -> Curve:
        """From the times at which cases converted, abandoned, and were last known to be open.

        S(t) is the chance of neither yet, F(t) = sum of S(t-) d/n over conversions; who is censored at a time counts in n.
        """
        every = np.sort(np.concatenate([converted, abandoned, censored]))
        times = np.unique(np.concatenate([converted, abandoned]))
        n = len(every) - np.searchsorted(every, times)
        won = _at(converted, times)
        lost = _at(abandoned, times)
        with np.errstate(divide="ignore", invalid="ignore"):
            survival = np.cumprod(1 - (won + lost) / n)
        before = np.concatenate([[1.0], survival[:-1]])[: len(times)]
        found = np.cumsum(before * won / n)
        variance = _variance(found, before, won, won + lost, n)
        return cls(
            times=times,
            last=every,
            converted=found,
            abandoned=np.cumsum(before * lost / n),
            variance=variance,
            counts=(len(converted), len(abandoned), len(censored)),
        )

    def by(self, time: int) -> tuple[int, float, Interval, float]:
        """By this time: how many were at risk just before it, the share converted with its interval, the share abandoned."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        # Asked of the cases themselves: between two events some are censored, and after the last one others go on.
        at_risk = len(self.last) - int(np.searchsorted(self.last, time))
        share, spread, lost = 0.0, 0.0, 0.0
        if place >= 0:
            share, lost = float(self.converted[place]), float(self.abandoned[place])
            spread = NormalDist().inv_cdf((1 + _LEVEL) / 2) * sqrt(max(float(self.variance[place]), 0.0))
        low, high = max(share - spread, 0.0), min(share + spread, 1.0)
        return at_risk, share, Interval(low=low, high=high, level=_LEVEL, method="Aalen-Johansen, delta method"), lost

    def median(self) -> int | None:
        """The first time by which half have converted."""
        half = np.flatnonzero(self.converted >= 0.5)
        return int(self.times[half[0]]) if len(half) else None


def _at(values: Ints, times: Ints) -> Ints:
    """How many of the values lie at each of the times."""
    ordered = np.sort(values)
    return np.searchsorted(ordered, times, side="right") - np.searchsorted(ordered, times)


def _variance(found: Floats, before: Floats, won: Ints, all_: Ints, n: Ints) -> Floats:
    """The delta-method variance of F at every time (Marubini & Valsecchi 1995, section 10.3).

    Var F(t) = sum (F(t) - F(i))^2 d/(n (n - d)) + sum S(i-)^2 (n - w) w/n^3 - 2 sum (F(t) - F(i)) S(i-) w/n^2, of d ends
    and w conversions among n at risk at time i; the squares are multiplied out, so that one running sum serves all t.
    """
    left = n - all_
    # Where nobody is left, F does not move any more, and the first and third terms are 0.
    share = np.where(left > 0, all_ / (n * np.maximum(left, 1.0)), 0.0)
    cross = before * won / n.astype(np.float64) ** 2
    own = before**2 * (n - won) * won / n.astype(np.float64) ** 3
    squares = found**2 * np.cumsum(share) - 2 * found * np.cumsum(share * found) + np.cumsum(share * found**2)
    return np.asarray(squares + np.cumsum(own) - 2 * (found * np.cumsum(cross) - np.cumsum(cross * found)))
