"""The two folds behind a draft: how far each name reaches; then when cases come to each touchpoint, and how long they stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.measures import Accumulator, Batch
from journeykit.measures.quantiles import MEDIAN, duration

__all__ = ["Names", "Seen", "Visit", "Visits"]


class Names(Accumulator[tuple[Counter[str], Counter[str]]]):
    """For each name the cases that have it and its events, as plain counts: a log may have as many names as events."""

    def __init__(self, *, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._cases: Counter[str] = Counter()
        self._events: Counter[str] = Counter()

    def _fresh(self) -> Names:
        return Names()

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        pairs = np.unique(batch.owners() * max(len(batch.labels), 1) + batch.codes)
        for counts, codes in ((self._cases, pairs % max(len(batch.labels), 1)), (self._events, batch.codes)):
            totals = np.bincount(codes, minlength=len(batch.labels))
            some = np.flatnonzero(totals)
            counts.update(dict(zip([batch.labels[i] for i in some.tolist()], totals[some].tolist(), strict=True)))

    def _absorb(self, other: Names) -> None:
        self._cases.update(other._cases)
        self._events.update(other._events)

    def _finish(self) -> tuple[Counter[str], Counter[str]]:
        return Counter(self._cases), Counter(self._events)


@frozen(kw_only=True)
class Visit:
    """One touchpoint as cases meet it.

    ``cases`` have it at all. A case's *step* at a touchpoint is 1 for the first touchpoint it comes to, 2 for the second
    different one, and so on; ``median`` and ``mean`` are over the cases that have it. ``gap`` is the median time to the
    next event of the case, None where no event follows; ``left`` is how often one does.
    """

    cases: int
    median: Fraction
    mean: Fraction
    gap: timedelta | None
    left: int


@frozen(kw_only=True)
class Seen:
    """All touchpoints by their ids, and how many of the log's events only the tie rule puts behind the one before them."""

    visits: Mapping[str, Visit]
    ties: int


class Visits(Accumulator[Seen]):
    """The state behind the order of a draft: the steps of first visits as a multiset, and the gaps of every departure."""

    def __init__(self, *, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._steps: dict[str, Counter[int]] = {}
        self._gaps: dict[str, list[NDArray[np.int64]]] = {}
        self._ties = 0

    def _fresh(self) -> Visits:
        return Visits()

    def _count(self, batch: Batch) -> None:
        self._ties += batch.ties
        batch = batch.claimed()
        if not len(batch):
            return
        owners, width = batch.owners(), len(batch.labels)
        # The row of each case's first visit to each touchpoint, back in the order of the log.
        _, firsts = np.unique(owners * width + batch.codes, return_index=True)
        firsts = np.sort(firsts)
        mine = owners[firsts]
        steps = np.arange(len(firsts)) - np.searchsorted(mine, mine) + 1
        most = int(steps.max()) + 1
        pairs, counts = np.unique(batch.codes[firsts].astype(np.int64) * most + steps, return_counts=True)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            self._steps.setdefault(batch.labels[pair // most], Counter())[pair % most] += count
        inner = owners[1:] == owners[:-1]
        sources, gaps = batch.codes[:-1][inner], np.diff(batch.times)[inner]
        order = np.argsort(sources, kind="stable")
        codes, starts = np.unique(sources[order], return_index=True)
        for code, piece in zip(codes.tolist(), np.split(gaps[order], starts[1:]), strict=False):
            self._gaps.setdefault(batch.labels[code], []).append(piece)

    def _absorb(self, other: Visits) -> None:
        self._ties += other._ties
        for label, steps in other._steps.items():
            self._steps.setdefault(label, Counter()).update(steps)
        for label, gaps in other._gaps.items():
            self._gaps.setdefault(label, []).extend(gaps)

    def _finish(self) -> Seen:
        return Seen(visits={label: self._visit(label) for label in sorted(self._steps)}, ties=self._ties)

    def _visit(self, label: str) -> Visit:
        steps = self._steps[label]
        cases = steps.total()
        (gap,) = duration(self._gaps.get(label, []), MEDIAN)
        return Visit(
            cases=cases,
            median=Fraction(_at(steps, (cases - 1) // 2) + _at(steps, cases // 2), 2),
            mean=Fraction(sum(step * count for step, count in steps.items()), cases),
            gap=gap,
            left=sum(map(len, self._gaps.get(label, []))),
        )

    def _held(self) -> int:
        return sum(piece.nbytes for pieces in self._gaps.values() for piece in pieces)


def _at(steps: Counter[int], place: int) -> int:
    """The value at a place (0-based) of the multiset in rising order."""
    found = 0
    for step in sorted(steps):
        found = step
        place -= steps[step]
        if place < 0:
            break
    return found
