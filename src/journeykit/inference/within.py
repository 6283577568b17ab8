"""Means of repeated measures: how sure a comparison is when the same subjects answered under several conditions."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.results import Interval

__all__ = ["Within", "within_subject"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Where all values agree there is nothing to estimate a spread from; rounding must not pass for one.
_NOTHING = 1e-15
# An observation that alone fixes its subject or its condition fits perfectly, whatever its error was.
_FIXED = 1e-9


@frozen(kw_only=True, eq=False)
class Within:
    """One figure a condition: ``mean``, ``variance`` (of one value, what is a subject's own level taken out), ``n``
    (its subjects) and ``several`` (those of them that have values under other conditions too). NaN where there is none.

    ``errors`` and ``conditions`` are one entry an observation: how far it lies from what its subject and its condition
    explain, scaled so that the mean square under a condition is its variance (NaN where the fit leaves no freedom).
    """

    mean: Floats
    variance: Floats
    n: Ints
    several: Ints
    errors: Floats
    conditions: Ints

    def interval(self, condition: int, *, level: float = 0.95) -> Interval | None:
        """The interval mean +- t(n - 1) sqrt(variance / n) of one condition; None where n < 2 or all values agree."""
        n, variance = int(self.n[condition]), float(self.variance[condition])
        if n < 2 or not variance > _NOTHING:
            return None
        from scipy.special import stdtrit  # noqa: PLC0415  (late: scipy is slow to import)

        half = float(stdtrit(n - 1, (1 + level) / 2)) * math.sqrt(variance / n)
        mean = float(self.mean[condition])
        several = int(self.several[condition])
        method = "Cousineau-Morey within-subject t" if several else "t"
        if 0 < several < n:
            method += ", t for those with one value"
        return Interval(low=mean - half, high=mean + half, level=level, method=method)


def within_subject(subjects: Ints, conditions: Ints, values: Floats, size: int) -> Within:
    """The means of ``size`` conditions with the variance that matters when conditions are compared.

    Observation k is ``values[k]`` of subject ``subjects[k]`` (0, 1, ...) under condition ``conditions[k]`` (0 to size - 1),
    at most one a pair. Where every subject has a value under all m conditions the variance of a condition is that of the
    values normalised by subject (Cousineau 2005), times m / (m - 1) (Morey 2008); the mean of these variances is
    the subject-by-condition mean square of Loftus and Masson (1994). With values missing it is the mean of
    r^2 / (1 - h), with r the residuals of the least-squares fit of subject + condition and h their leverages, which is the
    same figure where none is missing and does not mistake the mix of subjects for spread. A subject with a single
    value adds its whole squared deviation: it shares no level with any other condition. Where all have a single
    value, this is the plain variance and its interval the t interval.

    Raises `ArgumentError` when a subject has two values under one condition.
    """
    if len(np.unique(subjects * size + conditions)) < len(values):
        raise ArgumentError("a subject has several values under one condition; give their mean")
    n = np.bincount(conditions, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(conditions, weights=values, minlength=size) / n
        alone = n / (n - 1)
    several = np.bincount(subjects)[subjects] > 1
    errors = np.where(n[conditions] > 1, values - mean[conditions], np.nan)
    errors *= np.sqrt(np.where(n[conditions] > 1, alone[conditions], 1.0))
    errors[several] = _scaled_residuals(subjects[several], conditions[several], values[several], size)
    known = np.isfinite(errors)
    counted = np.bincount(conditions[known], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = np.bincount(conditions[known], weights=errors[known] ** 2, minlength=size) / counted
    return Within(
        mean=mean,
        variance=variance,
        n=n,
        several=np.bincount(conditions[several], minlength=size),
        errors=errors,
        conditions=conditions,
    )


def _scaled_residuals(subjects: Ints, conditions: Ints, values: Floats, size: int) -> Floats:
    """Residual / sqrt(1 - leverage) of every observation in the fit of subject + condition; NaN where no freedom is left."""
    if not len(values):
        return np.zeros(0)
    from scipy import sparse  # noqa: PLC0415  (late: scipy is slow to import)

    _, owner = np.unique(subjects, return_inverse=True)
    many = np.bincount(owner).astype(np.float64)
    shape = (len(many), size)
    present = sparse.csr_array((np.ones(len(values)), (owner, conditions)), shape=shape)
    shares = sparse.csr_array((1 / many[owner], (owner, conditions)), shape=shape)
    levels = np.bincount(owner, weights=values) / many
    # The normal equations with the subjects eliminated; conditions nobody links have no common zero, hence the pinv.
    gram = np.diag(np.asarray(present.sum(axis=0)).ravel()) - (present.T @ shares).toarray()
    inverse = np.linalg.pinv(gram, rcond=1e-10, hermitian=True)
    effects = inverse @ np.bincount(conditions, weights=values - levels[owner], minlength=size)
    left = values - effects[conditions]
    residuals = left - (np.bincount(owner, weights=left) / many)[owner]
    linked = np.empty(len(values))
    for condition in range(size):
        here = conditions == condition
        linked[here] = (present @ inverse[:, condition])[owner[here]]
    both = np.bincount(owner, weights=linked)
    leverage = (
        1 / many[owner] + inverse[conditions, conditions] - 2 * linked / many[owner] + both[owner] / many[owner] ** 2
    )
    free = 1 - leverage
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(free > _FIXED, residuals / np.sqrt(np.maximum(free, 0.0)), np.nan)
