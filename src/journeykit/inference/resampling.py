"""Resampling whole units (journeys, customers), never events, from streams of chance that do not touch each other."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_SAMPLE", "generator", "resamples", "sample"]

# More whole journeys than this do not change an interval's second digit, but cost memory in every draw.
MAX_SAMPLE = 50_000
_CELLS = 4_000_000


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator for one named use of chance: adding a scorer does not change the draws of another."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def sample(n: int, rng: np.random.Generator, limit: int = MAX_SAMPLE) -> NDArray[np.int64]:
    """The indices of at most ``limit`` of ``n`` units, each equally likely, in ascending order."""
    if n <= limit:
        return np.arange(n, dtype=np.int64)
    return np.sort(rng.choice(n, size=limit, replace=False)).astype(np.int64)


def resamples(n: int, draws: int, rng: np.random.Generator, *, cells: int = 0) -> Iterator[NDArray[np.float64]]:
    """How often each of ``n`` units is drawn in each of ``draws`` bootstrap resamples, as blocks of rows of weights.

    ``cells`` is the number of figures the caller holds for one draw, so that a block of them fits the memory too.
    """
    if n == 0:
        return
    block = max(1, min(draws, _CELLS // max(n, cells)))
    for start in range(0, draws, block):
        rows = min(block, draws - start)
        picks = rng.integers(0, n, size=(rows, n))
        picks += np.arange(rows)[:, None] * n
        yield np.bincount(picks.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
