"""Variants: the different ways through, and how many cases took each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures._packing import PathCounts, packed
from journeykit.measures._tallies import parted, segment_order, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["Variant", "Variants", "variants"]


@frozen(kw_only=True)
class Variant:
    """One ordered way through, how many cases took it, and their share of all cases of the segment."""

    segment: str | None
    path: tuple[str, ...]
    count: int
    share: float


class Variants(Accumulator[Records[Variant]]):
    """The state behind `variants`: how often each path occurs, paths as numbers under the labels they were coded with."""

    kept: ClassVar[tuple[str, ...]] = ("_paths", "_cases")

    def __init__(self, *, top: int | None = None, by: bool = False, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        if top is not None and top < 1:
            raise ArgumentError(f"top={top} variants: ask for one at least, or for all with None")
        self._top = top
        self._by = by
        self._paths: dict[tuple[str, ...], dict[str | None, PathCounts]] = {}
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return self._top, self._by

    def _fresh(self) -> Variants:
        return Variants(top=self._top, by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        tally_segments(self._cases, batch)
        # Labels in order, so that the numbers of paths compare as the paths do.
        labels = tuple(sorted(batch.labels))
        codes = _places(batch.labels, labels)[batch.codes] if labels != batch.labels else batch.codes
        known = self._paths.setdefault(labels, {})
        for paths, words in packed(codes, batch.offsets, len(labels)):
            for group, mine in parted(batch.segments[paths]):
                known.setdefault(batch.segment(group), PathCounts(len(labels))).add(words[mine])

    def _absorb(self, other: Variants) -> None:
        for labels, segments in other._paths.items():
            known = self._paths.setdefault(labels, {})
            for segment, counts in segments.items():
                known.setdefault(segment, PathCounts(len(labels))).update(counts)
        self._cases.update(other._cases)

    def _finish(self) -> Records[Variant]:
        labels, segments = self._as_one()
        rows = [
            Variant(
                segment=segment,
                path=tuple(labels[code] for code in path),
                count=count,
                share=count / self._cases[segment],
            )
            for segment in sorted(segments, key=segment_order)
            for path, count in segments[segment].ranked(self._top)
        ]
        return Records(rows, kind=Variant, key=("segment", "path") if self._by else ("path",))

    def _as_one(self) -> tuple[tuple[str, ...], dict[str | None, PathCounts]]:
        """All paths under one list of labels."""
        if len(self._paths) == 1:
            return next(iter(self._paths.items()))
        together = tuple(sorted({label for labels in self._paths for label in labels}))
        found: dict[str | None, PathCounts] = {}
        for labels, segments in self._paths.items():
            places = _places(labels, together)
            for segment, counts in segments.items():
                recoded = counts.recoded(places, len(together))
                found.setdefault(segment, PathCounts(len(together))).update(recoded)
        return together, found

    def _held(self) -> int:
        return sum(counts.nbytes for segments in self._paths.values() for counts in segments.values())


def _places(old: tuple[str, ...], new: tuple[str, ...]) -> NDArray[np.int64]:
    places = {label: place for place, label in enumerate(new)}
    return np.array([places[label] for label in old], dtype=np.int64)


def variants(
    events: EventLog,
    *,
    top: int | None = None,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Records[Variant]:
    """Every ordered sequence of events that a case is, most frequent first; the ``top`` of each segment.

    ``share`` is of all cases, also of those whose variant ``top`` leaves out. ``journey``, ``case``, ``by`` and ``progress``
    as in `transitions`. Raises `ArgumentError`.
    """
    state = Variants(top=top, by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by, progress=progress)
    return state.result()
