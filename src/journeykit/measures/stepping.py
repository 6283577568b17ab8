"""The step matrix: what the first, second, third ... event of a case is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from attrs import frozen

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures._tallies import Key, segment_order, tally, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["StepShare", "Steps", "steps"]


@frozen(kw_only=True)
class StepShare:
    """``label`` as the ``step``-th event (1-based) of ``cases`` cases; None stands for the cases that had ended by then.

    Around an event, step 0 is its first occurrence, -1 the event before it and 1 the one after; None stands for the cases
    that had not begun, or had ended.
    """

    segment: str | None
    step: int
    label: str | None
    cases: int
    share: float


class Steps(Accumulator[Records[StepShare]]):
    """The state behind `steps`."""

    kept: ClassVar[tuple[str, ...]] = ("_counts", "_cases")

    def __init__(
        self, *, depth: int = 10, around: str | None = None, by: bool = False, continuing: bool = False
    ) -> None:
        super().__init__(continuing=continuing)
        if depth < 1:
            raise ArgumentError(f"depth={depth} steps: ask for one at least")
        self._depth = depth
        self._around = around
        self._by = by
        self._steps = range(1, depth + 1) if around is None else range(-depth, depth + 1)
        self._counts: list[Counter[Key]] = [Counter() for _ in self._steps]
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return self._depth, self._around, self._by

    def _fresh(self) -> Steps:
        return Steps(depth=self._depth, around=self._around, by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        cases = np.arange(len(batch))
        origin = batch.offsets[:-1] - 1
        if self._around is not None:
            code = batch.labels.index(self._around) if self._around in batch.labels else len(batch.labels)
            rows = np.flatnonzero(batch.codes == code)
            owners = batch.owners()[rows]
            first = np.concatenate([[True], owners[1:] != owners[:-1]])[: len(rows)]
            cases, origin = owners[first], rows[first]
        segments = batch.segments[cases]
        tally_segments(self._cases, batch, segments)
        low, high = batch.offsets[:-1][cases], batch.offsets[1:][cases]
        for step, counts in zip(self._steps, self._counts, strict=True):
            place = origin + step
            there = (place >= low) & (place < high)
            tally(counts, batch, segments[there], batch.codes[place[there]])

    def _absorb(self, other: Steps) -> None:
        for mine, theirs in zip(self._counts, other._counts, strict=True):
            mine.update(theirs)
        self._cases.update(other._cases)

    def _finish(self) -> Records[StepShare]:
        rows: list[StepShare] = []
        # Sorted out once: with many segments, going through all counts for each would take for ever.
        found = [_by_segment(counts) for counts in self._counts]
        for segment in sorted(self._cases, key=segment_order):
            total = self._cases[segment]
            for step, counts in zip(self._steps, found, strict=True):
                here = sorted(counts.get(segment, ()), key=lambda item: (-item[1], item[0]))
                ended = total - sum(count for _, count in here)
                shares: list[tuple[str | None, int]] = [*here, *([(None, ended)] if ended else [])]
                rows += [
                    StepShare(segment=segment, step=step, label=label, cases=count, share=count / total)
                    for label, count in shares
                ]
        key = ("segment", "step", "label") if self._by else ("step", "label")
        return Records(rows, kind=StepShare, key=key)


def _by_segment(counts: Counter[Key]) -> dict[str | None, list[tuple[str, int]]]:
    found: dict[str | None, list[tuple[str, int]]] = {}
    for (segment, label), count in counts.items():
        found.setdefault(segment, []).append((label, count))
    return found


def steps(
    events: EventLog,
    *,
    depth: int = 10,
    around: str | None = None,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Records[StepShare]:
    """For each of the first ``depth`` steps, the share of *all* cases whose event at that step it is.

    Finished cases are the record with ``label=None``, so the shares of a step sum to 1. Index it as ``matrix[3, "cart"]``.
    ``around`` an event (or a touchpoint, with ``journey``): the ``depth`` steps before and after its first occurrence in
    each case, as shares of the cases that have it; ``matrix[-1, "search"]`` came straight before it.
    ``journey``, ``case``, ``by`` and ``progress`` as in `transitions`. Raises `ArgumentError`.
    """
    state = Steps(depth=depth, around=around, by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by, progress=progress)
    return state.result()
