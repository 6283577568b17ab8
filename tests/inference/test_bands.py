"""A simultaneous band holds all means at once as often as it says, where single intervals do not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from journeykit.inference import bands, generator, simultaneous_band, within_subject

MARKS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def table(data):
    """A full table (subjects x conditions) as observations; NaN is a missing value."""
    subjects, conditions = np.nonzero(np.isfinite(data))
    return within_subject(subjects, conditions, data[subjects, conditions], data.shape[1])


def stream(seed=0):
    return lambda condition: generator(seed, "test", str(condition))


@pytest.mark.parametrize(
    ("shares", "missing"),
    [((0.1, 0.2, 0.4, 0.2, 0.1), 0.0), ((0.05, 0.05, 0.1, 0.2, 0.6), 0.0), ((0.05, 0.05, 0.1, 0.2, 0.6), 0.5)],
    ids=["even", "skewed", "half missing"],
)
def test_coverage(shares, missing):
    """In 300 simulated surveys of 40 customers the band holds at 6 touchpoints at once in about 95 %, intervals in far fewer."""
    rng = np.random.default_rng(4)
    size, customers, effects = 6, 40, np.linspace(-0.4, 0.4, 6)
    held = alone = 0
    for survey in range(300):
        levels = rng.normal(0, 0.7, (customers, 1))
        data = levels + effects + rng.choice(MARKS, size=(customers, size), p=shares)
        data[rng.random(data.shape) < missing] = np.nan
        here = np.isfinite(data)
        # What is estimated: the mean of those who answered here, their own levels included.
        truth = [float(levels[here[:, j]].mean() + effects[j] + MARKS @ shares) for j in range(size)]
        within = table(data)
        band = simultaneous_band(within, range(size), stream(survey), draws=400)
        held += all(band.intervals[j].low <= truth[j] <= band.intervals[j].high for j in range(size))
        alone += all(within.interval(j).low <= truth[j] <= within.interval(j).high for j in range(size))

    assert 0.92 <= held / 300 <= 0.99
    assert alone / 300 < 0.87


def test_even_errors_give_sidaks_band():
    """With many customers and even errors it is the t interval at level .95 ** (1 / k) (Sidak 1967)."""
    data = np.random.default_rng(2).normal(0, 1, (400, 5))
    within = table(data)
    band = simultaneous_band(within, range(5), stream(), draws=20_000)
    expected = stdtrit(399, (1 + 0.95 ** (1 / 5)) / 2)
    for j, found in band.intervals.items():
        half = (found.high - found.low) / 2 / math.sqrt(within.variance[j] / within.n[j])

        assert expected == pytest.approx(half, abs=0.06)


def test_skew_makes_the_tails_differ():
    """Where most are delighted, the mean may be much lower than it looks, and hardly higher."""
    data = np.random.default_rng(3).choice(MARKS, size=(60, 4), p=(0.1, 0.0, 0.0, 0.1, 0.8))
    subjects, conditions = np.arange(240), np.repeat(np.arange(4), 60)
    within = within_subject(subjects, conditions, data.T.ravel(), 4)
    band = simultaneous_band(within, range(4), stream())
    for j, found in band.intervals.items():
        assert within.mean[j] - found.low > 1.2 * (found.high - within.mean[j])


def test_never_narrower_than_the_intervals():
    """Each condition's own interval lies inside the band, whichever conditions are in it."""
    within = table(np.random.default_rng(1).normal(0, 1, (30, 4)))
    band = simultaneous_band(within, (0, 2), stream())

    assert {0, 2} == set(band.intervals)
    for j, found in band.intervals.items():
        assert found.low <= within.interval(j).low
        assert within.interval(j).high <= found.high
        assert "maximum bootstrap-t over 2 means" in found.method


def test_too_few_for_a_band():
    """One mean alone has its interval; a mean whose values agree has none and is no part of a band."""
    data = np.random.default_rng(1).normal(0, 1, 30)
    subjects, conditions = np.arange(60), np.repeat([0, 1], 30)
    within = within_subject(subjects, conditions, np.concatenate([data, np.ones(30)]), 2)

    assert simultaneous_band(within, [0], stream()) is None
    assert simultaneous_band(within, [0, 1], stream()) is None
    assert simultaneous_band(within, [], stream()) is None


def test_a_resample_without_spread_knows_no_bound():
    """Where many resamples hold one value only, the side that could be anything has no end."""
    data = np.array([1.0] * 19 + [-1.0])
    subjects, conditions = np.arange(40), np.repeat([0, 1], 20)
    within = within_subject(subjects, conditions, np.concatenate([data, data]), 2)
    band = simultaneous_band(within, [0, 1], stream())

    assert -math.inf == band.intervals[0].low
    assert math.isfinite(band.intervals[0].high)


def test_large_groups_are_sampled():
    """Above 2,000 values the resamples are of a sample of them, which changes the band by little."""
    data = np.random.default_rng(5).choice(MARKS, size=(6000, 2), p=(0.1, 0.1, 0.2, 0.3, 0.3))
    within = table(data)
    band = simultaneous_band(within, [0, 1], stream(), draws=4000)
    half = (band.intervals[0].high - band.intervals[0].low) / 2 / math.sqrt(within.variance[0] / 6000)

    assert bands._MOST < 6000
    assert stdtrit(5999, (1 + 0.95**0.5) / 2) == pytest.approx(half, abs=0.08)


def test_chance_is_the_streams():
    """The same streams give the same band, others another."""
    within = table(np.random.default_rng(1).normal(0, 1, (30, 3)))

    assert simultaneous_band(within, range(3), stream(1)).intervals == (
        simultaneous_band(within, range(3), stream(1)).intervals
    )
    assert simultaneous_band(within, range(3), stream(1)).intervals != (
        simultaneous_band(within, range(3), stream(2)).intervals
    )
