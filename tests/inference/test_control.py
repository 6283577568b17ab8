"""Control limits are the XmR limits of the textbooks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.errors import ArgumentError
from journeykit.inference import control_limits, lag_one


def test_nist_example(reference):
    """The handbook's flowrates give the handbook's mean and limits."""
    case = reference["xmr_nist"]
    found = control_limits(np.array(case["inputs"]["x"]))

    assert case["expected"]["mean"] == pytest.approx(found.mean, abs=case["tolerance"])
    assert case["expected"]["LCL"] == pytest.approx(found.low, abs=case["tolerance"])
    assert case["expected"]["UCL"] == pytest.approx(found.high, abs=case["tolerance"])
    assert found.n == 10


@pytest.mark.parametrize("values", [[], [3.0]])
def test_too_few(values):
    """One value has no moving range, so asking for its limits is refused."""
    with pytest.raises(ArgumentError, match="two values or more"):
        control_limits(np.array(values))


figures = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


@given(figures, st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_another_unit_gives_the_same_limits(values, shift, factor):
    """Limits move with the unit: shifting and scaling the values shifts and scales the limits."""
    one = control_limits(np.array(values))
    other = control_limits(np.array(values) * factor + shift)

    assert one.low * factor + shift == pytest.approx(other.low, rel=1e-6, abs=1e-3)
    assert one.high * factor + shift == pytest.approx(other.high, rel=1e-6, abs=1e-3)
    assert other.low <= other.mean <= other.high


def test_lag_one():
    """A steady climb follows itself, a see-saw contradicts itself, a constant says nothing."""
    climb, saw = np.arange(30.0), np.array([1.0, -1.0] * 15)

    assert lag_one(climb) > 0.8
    assert -29 / 30 == pytest.approx(lag_one(saw))
    assert 0.0 == lag_one(np.ones(5))
