"""Intervals of repeated measures: published values, what they become when values are missing, and when there are none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from journeykit.errors import ArgumentError
from journeykit.inference import within_subject


def table(data):
    """A full table (subjects x conditions) as observations; NaN is a missing value."""
    subjects, conditions = np.nonzero(np.isfinite(data))
    return within_subject(subjects, conditions, data[subjects, conditions], data.shape[1])


def half(found, condition):
    interval = found.interval(condition)
    return (interval.high - interval.low) / 2


def test_loftus_and_masson(reference):
    """On the data of Loftus and Masson (1994) the mean variance is their mean square: their half-width is ours."""
    case = reference["loftus_masson1994"]
    data = np.array(case["inputs"]["data"])
    n, m = data.shape
    found = table(data)
    pooled = t.ppf(0.975, (n - 1) * (m - 1)) * math.sqrt(found.variance.mean() / n)

    assert case["expected"]["means"] == pytest.approx(found.mean.tolist())
    assert case["expected"]["half"] == pytest.approx(pooled, abs=case["tolerance"])


def test_morey(reference):
    """Each condition's own half-width on the same data is Morey's (2008), to the three digits of the reference's note."""
    case = reference["loftus_masson1994"]
    found = table(np.array(case["inputs"]["data"]))

    assert "[0.431, 0.643, 0.587]" in case["note"]
    assert [0.431, 0.643, 0.587] == pytest.approx([half(found, j) for j in range(3)], abs=5e-4)
    assert "Cousineau-Morey within-subject t" == found.interval(0).method


values = st.lists(st.lists(st.floats(-2, 2), min_size=3, max_size=3), min_size=3, max_size=12).map(
    lambda rows: np.array(rows).round(3)
)


@given(values)
def test_closed_form_when_nothing_is_missing(data):
    """Without missing values it is the variance of the normalised values times m / (m - 1), as Morey writes it."""
    m = data.shape[1]
    normalised = data - data.mean(axis=1, keepdims=True) + data.mean()

    assert (normalised.var(axis=0, ddof=1) * m / (m - 1)).tolist() == pytest.approx(
        table(data).variance.tolist(), abs=1e-9
    )


@given(values, st.lists(st.floats(-2, 2), min_size=12, max_size=12))
def test_a_subject_s_own_level_does_not_matter(data, levels):
    """Subjects who are happier throughout by any amount leave the variance of every condition as it is."""
    moved = data + np.array(levels)[: len(data), None]

    assert table(data).variance.tolist() == pytest.approx(table(moved).variance.tolist(), abs=1e-9)


def test_one_value_a_subject_is_the_t_interval():
    """Where every subject was asked once, it is the ordinary t interval of the mean."""
    data = np.array([1.0, 2.0, 4.0, 7.0])
    found = within_subject(np.arange(4), np.zeros(4, dtype=int), data, 1)

    assert t.ppf(0.975, 3) * data.std(ddof=1) / 2 == pytest.approx(half(found, 0))
    assert "t" == found.interval(0).method


def test_some_with_one_value():
    """Subjects with a single value add their whole deviation, and the method says that there are some."""
    data = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0], [9.0, np.nan]])
    found = table(data)
    fixed = data[:3] - data[:3].mean(axis=1, keepdims=True)
    squares = (fixed - fixed.mean(axis=0))[:, 0] ** 2 * 2 * 3 / 2
    alone = (9 - data[:, 0].mean()) ** 2 * 4 / 3

    assert (squares.sum() + alone) / 4 == pytest.approx(found.variance[0])
    assert [4, 3] == found.n.tolist()
    assert [3, 3] == found.several.tolist()
    assert "Cousineau-Morey within-subject t, t for those with one value" == found.interval(0).method


def test_missing_values_bias_nothing():
    """With values missing by half the variance stays that of the errors, however large levels and effects are."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(200):
        data = rng.normal(0, 5, (60, 1)) + np.array([0.0, 3.0, -7.0, 1.0]) + rng.normal(0, 1, (60, 4))
        data[rng.random(data.shape) < np.array([0.1, 0.5, 0.6, 0.3])] = np.nan
        data[np.isfinite(data).sum(axis=1) < 2] = np.nan
        found.append(table(data).variance)

    assert [1.0] * 4 == pytest.approx(np.mean(found, axis=0).tolist(), abs=0.08)


def test_no_interval():
    """One value, equal values, a condition nobody was asked about, and a fit that leaves no freedom give no interval."""
    one = within_subject(np.array([0]), np.array([0]), np.array([1.0]), 2)
    equal = within_subject(np.arange(5), np.zeros(5, dtype=int), np.full(5, 0.1), 1)
    # Two subjects, three conditions in a chain: every residual is 0 by construction.
    chain = within_subject(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), np.array([0.0, 1.0, 5.0, 9.0]), 3)

    assert [None] * 2 == [one.interval(0), one.interval(1)]
    assert equal.interval(0) is None
    assert [None] * 3 == [chain.interval(j) for j in range(3)]
    assert [1, 2, 1] == chain.n.tolist()


def test_nothing_at_all():
    """No observation is no mean and no interval, not a fault."""
    nothing = np.zeros(0, dtype=np.int64)
    found = within_subject(nothing, nothing, np.zeros(0), 2)

    assert [0, 0] == found.n.tolist()
    assert np.isnan(found.mean).all()
    assert found.interval(0) is None


def test_two_values_in_one_place():
    """Two values of one subject under one condition are refused: which mean is meant is the caller's to say."""
    with pytest.raises(ArgumentError, match="several values under one condition"):
        within_subject(np.array([0, 0]), np.array([1, 1]), np.array([1.0, 2.0]), 2)
