"""Where a curve has points, where it has gaps, and the line between its points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from journeykit.renderers._curve_lines import Line

__all__ = ["aside", "lone", "runs", "smooth"]

# Markers of two points closer than this (in valence) would hide each other; they part by this many columns.
_NEAR, _STEP_ASIDE = 0.14, 0.14


def runs(present: Iterable[bool]) -> list[tuple[int, int]]:
    """The stretches without a gap as half-open (start, stop) pairs."""
    found: list[tuple[int, int]] = []
    for i, here in enumerate(present):
        if here and found and found[-1][1] == i:
            found[-1] = (found[-1][0], i + 1)
        elif here:
            found.append((i, i + 1))
    return found


def lone(curve: Line) -> set[int]:
    """The touchpoints whose spread has no neighbour, so that it is a bar and no band."""
    found = runs(point is not None and point.low is not None for point in curve.points)
    return {start for start, stop in found if stop - start == 1}


def aside(curves: Sequence[Line]) -> list[list[float]]:
    """Where every point of every curve stands, in columns: points of nearly one height step aside, so that none is hidden."""
    places = [[float(x) for x in range(len(curve.points))] for curve in curves]
    for x in range(len(curves[0].points)):
        order = sorted((point.valence, number) for number, curve in enumerate(curves) if (point := curve.points[x]))
        group: list[int] = []
        for i, (value, number) in enumerate(order):
            group.append(number)
            if i + 1 == len(order) or order[i + 1][0] - value >= _NEAR:
                for place, own in enumerate(sorted(group)):
                    places[own][x] += _STEP_ASIDE * (place - (len(group) - 1) / 2)
                group = []
    return places


def smooth(places: Sequence[float], values: Sequence[float], fineness: int = 24) -> tuple[Any, Any]:
    """A monotone cubic through the values at these places; a single value is a short level line."""
    import numpy as np  # noqa: PLC0415
    from scipy.interpolate import PchipInterpolator  # noqa: PLC0415

    if len(values) == 1:
        return np.array([places[0] - 0.12, places[0] + 0.12]), np.array([values[0], values[0]])
    fine = np.linspace(places[0], places[-1], fineness * (len(values) - 1) + 1)
    return fine, np.clip(PchipInterpolator(np.asarray(places), np.asarray(values, dtype=float))(fine), -2, 2)
