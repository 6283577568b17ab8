"""What every way to rank opportunities shares: factors that add up in logarithms, and the chance of a place at the top."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from journeykit.results import Component

__all__ = ["FLOOR", "among_first", "factor", "place"]

Floats = NDArray[np.float64]

# What is smaller counts as this much, so that a factor of nought has a logarithm and is still last.
FLOOR = 0.001


def factor(name: str, raw: float, counted: float, weight: float, n: int) -> Component:
    """A factor (weight 1) or divisor (weight -1) with what it adds to the value in logarithms to base 2."""
    return Component(name=name, raw=raw, scaled=counted, weight=weight, contribution=weight * math.log2(counted), n=n)


def place(top: int, share: float, n: int) -> Component:
    """The share of draws among the first, beside the value and no part of it."""
    return Component(name=f"p-top-{top}", raw=share, scaled=share, weight=0.0, contribution=0.0, n=n)


def among_first(draws: Floats, ranked: Sequence[bool], top: int) -> dict[int, float]:
    """For every ranked column the share of rows in which fewer than ``top`` other ranked ones are higher; ties share a place."""
    columns = [i for i, ok in enumerate(ranked) if ok]
    if not columns:
        return {}
    ordered = np.sort(draws[:, columns], axis=1)
    bar = ordered[:, -min(top, len(columns))]
    return {i: float((draws[:, i] >= bar).mean()) for i in columns}
