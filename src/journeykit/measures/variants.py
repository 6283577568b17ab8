"""Variants: the different ways through, and how many cases took each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from heapq import nsmallest
from itertools import pairwise
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures._tallies import segment_order, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["Variant", "Variants", "variants"]


# Codes of sorted labels, the high byte first: packed paths compare as the paths of labels do.
_CODES = np.dtype(">u4")
_WIDTH = _CODES.itemsize


@frozen(kw_only=True)
class Variant:
    """One ordered way through, how many cases took it, and their share of all cases of the segment."""

    segment: str | None
    path: tuple[str, ...]
    count: int
    share: float


class Variants(Accumulator[Records[Variant]]):
    """The state behind `variants`: how often each path occurs, paths as packed codes under the labels they were coded with."""

    def __init__(self, *, top: int | None = None, by: bool = False, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        if top is not None and top < 1:
            raise ArgumentError(f"top={top} variants: ask for one at least, or for all with None")
        self._top = top
        self._by = by
        self._paths: dict[tuple[str, ...], dict[str | None, Counter[bytes]]] = {}
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return self._top, self._by

    def _fresh(self) -> Variants:
        return Variants(top=self._top, by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        tally_segments(self._cases, batch)
        labels = tuple(sorted(batch.labels))
        packed = _packed(batch.codes, batch.labels, labels)
        paths = [packed[start:stop] for start, stop in pairwise((batch.offsets * _WIDTH).tolist())]
        known = self._paths.setdefault(labels, {})
        for group in np.unique(batch.segments).tolist():
            chosen = paths
            if len(batch.groups):
                chosen = [paths[i] for i in np.flatnonzero(batch.segments == group).tolist()]
            known.setdefault(batch.segment(group), Counter()).update(chosen)

    def _absorb(self, other: Variants) -> None:
        for labels, segments in other._paths.items():
            known = self._paths.setdefault(labels, {})
            for segment, counts in segments.items():
                known.setdefault(segment, Counter()).update(counts)
        self._cases.update(other._cases)

    def _finish(self) -> Records[Variant]:
        labels, segments = self._as_one()
        rows: list[Variant] = []
        for segment in sorted(segments, key=segment_order):
            counts = segments[segment]
            rows += [
                Variant(
                    segment=segment,
                    path=tuple(labels[code] for code in np.frombuffer(packed, dtype=_CODES).tolist()),
                    count=counts[packed],
                    share=counts[packed] / self._cases[segment],
                )
                for packed in _ranked(counts, self._top)
            ]
        return Records(rows, kind=Variant, key=("segment", "path") if self._by else ("path",))

    def _as_one(self) -> tuple[tuple[str, ...], dict[str | None, Counter[bytes]]]:
        """All paths under one list of labels."""
        if len(self._paths) == 1:
            return next(iter(self._paths.items()))
        together = tuple(sorted({label for labels in self._paths for label in labels}))
        found: dict[str | None, Counter[bytes]] = {}
        for labels, segments in self._paths.items():
            for segment, counts in segments.items():
                known = found.setdefault(segment, Counter())
                for packed, count in counts.items():
                    known[_packed(np.frombuffer(packed, dtype=_CODES), labels, together)] += count
        return together, found

    def _held(self) -> int:
        states = [counts for segments in self._paths.values() for counts in segments.values()]
        return sum(len(packed) + 8 for counts in states for packed in counts)


def _packed(codes: NDArray[Any], old: tuple[str, ...], new: tuple[str, ...]) -> bytes:
    places = {label: place for place, label in enumerate(new)}
    table = np.array([places[label] for label in old], dtype=_CODES)
    return table[codes].tobytes() if len(codes) else b""


def _ranked(counts: Counter[bytes], top: int | None) -> list[bytes]:
    """The ``top`` paths, the most frequent first, equals by label; without sorting the many that occur once."""
    by_count: dict[int, list[bytes]] = {}
    for packed, count in counts.items():
        by_count.setdefault(count, []).append(packed)
    found: list[bytes] = []
    for count in sorted(by_count, reverse=True):
        equal = by_count[count]
        wanted = len(equal) if top is None else top - len(found)
        found += sorted(equal) if wanted >= len(equal) else nsmallest(wanted, equal)
    return found


def variants(
    events: EventLog,
    *,
    top: int | None = None,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
) -> Records[Variant]:
    """Every ordered sequence of events that a case is, most frequent first; the ``top`` of each segment.

    ``share`` is of all cases, also of those whose variant ``top`` leaves out. ``journey``, ``case`` and ``by`` as in
    `transitions`. Raises `ArgumentError`.
    """
    state = Variants(top=top, by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by)
    return state.result()
