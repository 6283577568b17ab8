"""Counts by segment and label, which any number of states can add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeykit.measures.batches import Batch

Key = tuple[str | None, str]


class SessionCounts:
    """The sessions of one segment: how long each is, and how many have so many events, or customers so many sessions."""

    __slots__ = ("durations", "events", "per_customer")

    def __init__(self) -> None:
        self.durations: list[NDArray[np.int64]] = []
        self.events: Counter[int] = Counter()
        self.per_customer: Counter[int] = Counter()


def tally(totals: Counter[Key], batch: Batch, segments: NDArray[Any], codes: NDArray[Any]) -> None:
    """Add one to ``totals[segment, label]`` for every pair of a segment and a code."""
    width = max(len(batch.labels), 1)
    numbers, counts = numbered((segments.astype(np.int64) + 1) * width + codes, (len(batch.groups) + 1) * width)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        totals[batch.segment(number // width - 1), batch.labels[number % width]] += count


def tally_segments(totals: Counter[str | None], batch: Batch, segments: NDArray[Any] | None = None) -> None:
    """Add the cases of the batch (or those with these segments) to ``totals[segment]``."""
    numbers, counts = numbered((batch.segments if segments is None else segments) + 1, len(batch.groups) + 1)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        totals[batch.segment(number - 1)] += count


def parted(segments: NDArray[np.int32]) -> Iterator[tuple[int, NDArray[np.int64] | slice]]:
    """Every segment that occurs, rising, with the positions of its own, rising: in one sort, however many segments there are."""
    if len(segments) and segments.min() == segments.max():
        yield int(segments[0]), slice(None)
        return
    order = np.argsort(segments, kind="stable")
    ordered = segments[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)])
    for start, stop in pairwise([*starts.tolist(), len(ordered)]):
        yield int(ordered[start]), order[start:stop]


def numbered(values: NDArray[Any], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different values, all from 0 up and below ``size``, rising, and how often each occurs."""
    if size <= max(4 * len(values), 1 << 16):
        counts = np.bincount(values, minlength=1)
        found = np.flatnonzero(counts)
        return found, counts[found]
    different, counts = np.unique(values, return_counts=True)
    return different, counts


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different values, rising; numpy's own unique hashes, which takes several times as long on many whole numbers."""
    ordered: NDArray[np.int64] = np.sort(values)
    kept: NDArray[np.int64] = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]]
    return kept


def segment_order(segment: str | None) -> tuple[bool, str]:
    """Sorts segments by code point, cases without one last."""
    return segment is None, segment or ""
