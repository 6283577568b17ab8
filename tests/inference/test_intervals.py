from __future__ import annotations

import numpy as np
import pytest

from journeykit.errors import ArgumentError
from journeykit.inference import percentile, wilson


def test_wilson_against_the_closed_form():
    """Wilson's interval equals its textbook formula."""
    for count, n in [(0, 20), (1, 29), (15, 148), (81, 263), (20, 20)]:
        z, p = 1.959963984540054, count / n
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        found = wilson(count, n)

        assert found is not None
        assert np.isclose(max(0, middle - half), found.low, atol=1e-12)
        assert np.isclose(min(1, middle + half), found.high, atol=1e-12)


def test_wilson_of_nothing():
    """There is no interval for a share of nothing, and no share above one."""
    assert wilson(0, 0) is None
    for count, n, level in [(2, 1, 0.95), (-1, 1, 0.95), (0, 1, 1.0)]:
        with pytest.raises(ArgumentError):
            wilson(count, n, level)


def test_percentile_takes_the_draws_quantiles():
    """The interval spans the middle 95 % of the draws."""
    found = percentile(50.0, np.arange(101.0))

    assert found is not None
    assert pytest.approx((2.5, 97.5)) == (found.low, found.high)


def test_percentile_refuses_lost_draws():
    """Too few draws, or too many that did not exist, give no interval."""
    draws = np.arange(100.0)

    assert percentile(5.0, draws[:49]) is None
    assert percentile(5.0, np.where(np.arange(200) < 101, np.nan, 1.0)) is None
    some = percentile(5.0, np.where(np.arange(200) < 100, np.nan, 1.0))
    assert some is not None
    assert "200 draws, 100 of them with a figure" in some.method


def test_percentile_on_a_sample_is_scaled():
    """Draws from a quarter of the units are twice as wide as they should be, and the method says so."""
    found = percentile(60.0, np.arange(101.0), centre=50.0, sampled=25, total=100)

    assert found is not None
    assert pytest.approx((60 - 23.75, 60 + 23.75)) == (found.low, found.high)
    assert "sample of 25 of 100, scaled by 0.500" in found.method


def test_bootstrap_of_a_variance(reference):
    """The percentile interval of Efron & Tibshirani's spatial data is theirs within its tolerance."""
    case = reference["bca_spatial"]
    data = np.array(case["inputs"]["A"])
    rng = np.random.default_rng(1)
    draws = rng.choice(data, size=(20_000, len(data))).var(axis=1)

    found = percentile(float(data.var()), draws, level=0.90)

    assert found is not None
    assert case["expected"]["theta"] == pytest.approx(data.var(), abs=0.1)
    assert case["expected"]["pct"] == pytest.approx([found.low, found.high], abs=case["tolerance"])
