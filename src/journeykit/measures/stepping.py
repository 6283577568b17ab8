"""The step matrix: what the first, second, third ... event of a case is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import numpy as np
from attrs import frozen

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures._tallies import Key, segment_order, tally, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["StepShare", "Steps", "steps"]


@frozen(kw_only=True)
class StepShare:
    """``label`` as the ``step``-th event (1-based) of ``cases`` cases; None stands for the cases that had ended by then."""

    segment: str | None
    step: int
    label: str | None
    cases: int
    share: float


class Steps(Accumulator[Records[StepShare]]):
    """The state behind `steps`."""

    def __init__(self, *, depth: int = 10, by: bool = False, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        if depth < 1:
            raise ArgumentError(f"depth={depth} steps: ask for one at least")
        self._depth = depth
        self._by = by
        self._counts: list[Counter[Key]] = [Counter() for _ in range(depth)]
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return self._depth, self._by

    def _fresh(self) -> Steps:
        return Steps(depth=self._depth, by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        tally_segments(self._cases, batch)
        lengths = np.diff(batch.offsets)
        for step, counts in enumerate(self._counts):
            reaching = lengths > step
            if not reaching.any():
                break
            tally(counts, batch, batch.segments[reaching], batch.codes[batch.offsets[:-1][reaching] + step])

    def _absorb(self, other: Steps) -> None:
        for mine, theirs in zip(self._counts, other._counts, strict=True):
            mine.update(theirs)
        self._cases.update(other._cases)

    def _finish(self) -> Records[StepShare]:
        rows: list[StepShare] = []
        for segment in sorted(self._cases, key=segment_order):
            total = self._cases[segment]
            for step, counts in enumerate(self._counts, start=1):
                here = sorted(
                    ((label, count) for (group, label), count in counts.items() if group == segment),
                    key=lambda item: (-item[1], item[0]),
                )
                ended = total - sum(count for _, count in here)
                shares: list[tuple[str | None, int]] = [*here, *([(None, ended)] if ended else [])]
                rows += [
                    StepShare(segment=segment, step=step, label=label, cases=count, share=count / total)
                    for label, count in shares
                ]
        key = ("segment", "step", "label") if self._by else ("step", "label")
        return Records(rows, kind=StepShare, key=key)


def steps(
    events: EventLog,
    *,
    depth: int = 10,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
) -> Records[StepShare]:
    """For each of the first ``depth`` steps, the share of *all* cases whose event at that step it is.

    Finished cases are the record with ``label=None``, so the shares of a step sum to 1. Index it as ``matrix[3, "cart"]``.
    ``journey``, ``case`` and ``by`` as in `transitions`. Raises `ArgumentError`.
    """
    state = Steps(depth=depth, by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by)
    return state.result()
