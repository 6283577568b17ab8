from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.drawing.curve import monotone, slopes

HEIGHTS = st.lists(st.floats(-2, 2), min_size=2, max_size=12)


def bezier(start: tuple, segment: tuple, t: float) -> float:
    (_, a), (_, b), (_, c) = segment
    return (1 - t) ** 3 * start[1] + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t**2 * b + t**3 * c


@given(HEIGHTS)
def test_the_curve_never_overshoots(heights: list[float]) -> None:
    """Between two points the curve stays between their heights."""
    points = [(160.0 * i, y) for i, y in enumerate(heights)]
    outside = [
        (start, segment)
        for start, segment in zip(points, monotone(points), strict=False)
        for t in np.linspace(0, 1, 21)
        if not min(start[1], segment[2][1]) - 1e-9 <= bezier(start, segment, t) <= max(start[1], segment[2][1]) + 1e-9
    ]

    assert [] == outside


# The first example pays for importing scipy.
@settings(deadline=None)
@given(st.lists(st.floats(-2, 2).map(lambda y: round(y, 3)), min_size=3, max_size=12))
def test_inner_slopes_are_scipys(heights: list[float]) -> None:
    """Inside, the slopes are those of scipy's PchipInterpolator."""
    from scipy.interpolate import PchipInterpolator

    points = [(float(i * i + i), y) for i, y in enumerate(heights)]
    xs, ys = zip(*points, strict=True)
    expected = PchipInterpolator(xs, ys).derivative()(xs[1:-1])

    assert pytest.approx(list(expected), abs=1e-9) == slopes(points)[1:-1]


def test_a_single_point_has_no_segments() -> None:
    """Nothing is drawn through one point."""
    assert [] == monotone([(1.0, 2.0)])
