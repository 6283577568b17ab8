"""Counts by segment and label, which any number of states can add up."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeykit.measures.batches import Batch

Key = tuple[str | None, str]


def tally(totals: Counter[Key], batch: Batch, segments: NDArray[Any], codes: NDArray[Any]) -> None:
    """Add one to ``totals[segment, label]`` for every pair of a segment and a code."""
    width = max(len(batch.labels), 1)
    numbers, counts = np.unique((segments.astype(np.int64) + 1) * width + codes, return_counts=True)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        totals[batch.segment(number // width - 1), batch.labels[number % width]] += count


def tally_segments(totals: Counter[str | None], batch: Batch) -> None:
    """Add the cases of the batch to ``totals[segment]``."""
    numbers, counts = np.unique(batch.segments, return_counts=True)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        totals[batch.segment(number)] += count


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different values, rising; numpy's own unique hashes, which takes several times as long on many whole numbers."""
    ordered: NDArray[np.int64] = np.sort(values)
    kept: NDArray[np.int64] = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]]
    return kept


def segment_order(segment: str | None) -> tuple[bool, str]:
    """Sorts segments by code point, cases without one last."""
    return segment is None, segment or ""
