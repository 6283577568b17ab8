"""Reach and rework: which cases have an event at all, and which have it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from typing import ClassVar

import numpy as np
from attrs import frozen

from journeykit.evidence import EventLog
from journeykit.measures._tallies import Key, segment_order, tally, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["Occurrences", "Reach", "Rework", "reach", "rework"]


@frozen(kw_only=True)
class Reach:
    """How many cases have the event at least once, and their share of all cases of the segment."""

    segment: str | None
    label: str
    cases: int
    share: float


@frozen(kw_only=True)
class Rework:
    """In how many cases the event stands twice or more; ``share`` is of the ``reached`` cases that have it at all.

    ``share`` is None where no case has it.
    """

    segment: str | None
    label: str
    cases: int
    reached: int
    share: float | None


class Occurrences(Accumulator[tuple[Records[Reach], Records[Rework]]]):
    """The state behind `reach` and `rework`, which it returns both; ``order`` lists the labels to report even if unseen."""

    kept: ClassVar[tuple[str, ...]] = ("_once", "_again", "_cases")

    def __init__(self, *, order: tuple[str, ...] = (), by: bool = False, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._order = order
        self._by = by
        self._once: Counter[Key] = Counter()
        self._again: Counter[Key] = Counter()
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return self._order, self._by

    def _fresh(self) -> Occurrences:
        return Occurrences(order=self._order, by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        tally_segments(self._cases, batch)
        width = max(len(batch.labels), 1)
        found, counts = np.unique(batch.owners() * width + batch.codes, return_counts=True)
        owners, codes = np.divmod(found, width)
        segments = batch.segments[owners]
        tally(self._once, batch, segments, codes)
        tally(self._again, batch, segments[counts > 1], codes[counts > 1])

    def _absorb(self, other: Occurrences) -> None:
        self._once.update(other._once)
        self._again.update(other._again)
        self._cases.update(other._cases)

    def _finish(self) -> tuple[Records[Reach], Records[Rework]]:
        places = {label: place for place, label in enumerate(self._order)}
        keys = {*self._once, *((segment, label) for segment in self._cases or {None: 0} for label in self._order)}
        rows = sorted(keys, key=lambda k: (segment_order(k[0]), places.get(k[1], len(places)), -self._once[k], k[1]))
        key = ("segment", "label") if self._by else ("label",)
        reached = (
            Reach(
                segment=segment,
                label=label,
                cases=self._once[segment, label],
                share=self._once[segment, label] / max(self._cases[segment], 1),
            )
            for segment, label in rows
        )
        again = (
            Rework(
                segment=segment,
                label=label,
                cases=self._again[segment, label],
                reached=(once := self._once[segment, label]),
                share=self._again[segment, label] / once if once else None,
            )
            for segment, label in rows
        )
        return Records(reached, kind=Reach, key=key), Records(again, kind=Rework, key=key)


def _occurrences(
    events: EventLog, journey: Journey | None, case: str | None, by: str | None, progress: Progress | None
) -> tuple[Records[Reach], Records[Rework]]:
    order = tuple(touchpoint.id for touchpoint in journey.touchpoints()) if journey is not None else ()
    state = Occurrences(order=order, by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by, progress=progress)
    return state.result()


def reach(
    events: EventLog,
    *,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Records[Reach]:
    """The share of cases that have each event at least once: the most reached first, or every touchpoint in map order.

    ``journey``, ``case``, ``by`` and ``progress`` as in `transitions`; with a journey the share is of the cases that any
    touchpoint claims. Raises `ArgumentError`.
    """
    return _occurrences(events, journey, case, by, progress)[0]


def rework(
    events: EventLog,
    *,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Records[Rework]:
    """The cases in which an event stands twice or more, in a row or not; ordered as `reach`, whose arguments it takes."""
    return _occurrences(events, journey, case, by, progress)[1]
