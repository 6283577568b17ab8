"""A smooth line through points that never overshoots them: monotone cubic interpolation (PCHIP).

Source: Fritsch and Butland, "A method for constructing local monotone piecewise cubic interpolants", SIAM J. Sci. Stat.
Comput. 5 (1984), as in scipy's PchipInterpolator; at the ends the slope is 0, because nothing is known beyond them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

__all__ = ["Point", "monotone", "slopes"]

Point = tuple[float, float]


def slopes(points: Sequence[Point]) -> list[float]:
    """The slope at every point: 0 at an extreme and at both ends, else the weighted harmonic mean of its two secants."""
    secants = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    widths = [b[0] - a[0] for a, b in pairwise(points)]
    found = [0.0]
    for i in range(1, len(points) - 1):
        before, after = secants[i - 1], secants[i]
        if before * after <= 0:
            found.append(0.0)
            continue
        w1 = 2 * widths[i] + widths[i - 1]
        w2 = widths[i] + 2 * widths[i - 1]
        found.append((w1 + w2) / (w1 / before + w2 / after))
    return found if len(points) < 2 else [*found, 0.0]


def monotone(points: Sequence[Point]) -> list[tuple[Point, Point, Point]]:
    """Cubic Bezier segments (two control points and the end) through points with strictly rising x."""
    tangents = slopes(points)
    segments = []
    for i, (a, b) in enumerate(pairwise(points)):
        third = (b[0] - a[0]) / 3
        segments.append(((a[0] + third, a[1] + third * tangents[i]), (b[0] - third, b[1] - third * tangents[i + 1]), b))
    return segments
