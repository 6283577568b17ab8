"""Directly-follows: how often one event comes straight after another, and how long that takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import timedelta

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import EventLog
from journeykit.measures._tallies import Key, segment_order, tally, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.quantiles import MEDIAN, P90, duration
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["Departure", "Flow", "Flows", "Terminal", "Transitions", "transitions"]

_SMALL = 1 << 16


@frozen(kw_only=True)
class Flow:
    """``target`` straight after ``source``: ``count`` times in ``cases`` cases, with the median and 90 % gap."""

    segment: str | None
    source: str
    target: str
    count: int
    cases: int
    median: timedelta
    p90: timedelta


@frozen(kw_only=True)
class Terminal:
    """An event that cases begin or end with: how many, and their share of the segment's cases."""

    segment: str | None
    label: str
    count: int
    share: float


@frozen(kw_only=True)
class Departure:
    """Where cases go from ``source``: ``share`` of its occurrences; ``target`` is None where the case ends there."""

    segment: str | None
    source: str
    target: str | None
    count: int
    share: float


class Flows(Records[Flow]):
    """The flows, the most frequent first, with what cases start and end with: ``flows["cart", "purchase"].count``."""

    __slots__ = ("ends", "starts")

    def __init__(
        self, flows: Iterable[Flow], *, starts: Records[Terminal], ends: Records[Terminal], key: tuple[str, ...]
    ) -> None:
        super().__init__(flows, kind=Flow, key=key)
        self.starts: Records[Terminal] = starts
        self.ends: Records[Terminal] = ends

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Flows):
            return NotImplemented
        return super().__eq__(other) and self.starts == other.starts and self.ends == other.ends

    def __hash__(self) -> int:
        return hash((super().__hash__(), self.starts, self.ends))

    def probabilities(self) -> Records[Departure]:
        """The share of each departure among all occurrences of its source, the end included, so that shares sum to 1."""
        moves = [(flow.segment, flow.source, flow.target, flow.count) for flow in self]
        ends = [(end.segment, end.label, None, end.count) for end in self.ends]
        totals: Counter[Key] = Counter()
        for segment, source, _, count in [*moves, *ends]:
            totals[segment, source] += count
        rows = sorted([*moves, *ends], key=lambda r: (segment_order(r[0]), r[1], -r[3], r[2] is None, r[2] or ""))
        return Records(
            (
                Departure(
                    segment=segment, source=source, target=target, count=count, share=count / totals[segment, source]
                )
                for segment, source, target, count in rows
            ),
            kind=Departure,
            key=self.key,
        )


class _Pair:
    """One directly-follows pair: its gaps in microseconds, and how many cases have it."""

    __slots__ = ("cases", "gaps")

    def __init__(self) -> None:
        self.cases = 0
        self.gaps: list[NDArray[np.int64]] = []


class Transitions(Accumulator[Flows]):
    """The state behind `transitions`; ``by`` only says how its result is indexed."""

    def __init__(self, *, by: bool = False, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._by = by
        self._pairs: dict[tuple[str | None, str, str], _Pair] = {}
        self._starts: Counter[Key] = Counter()
        self._ends: Counter[Key] = Counter()
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return (self._by,)

    def _fresh(self) -> Transitions:
        return Transitions(by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        if not len(batch):
            return
        tally_segments(self._cases, batch)
        tally(self._starts, batch, batch.segments, batch.codes[batch.offsets[:-1]])
        tally(self._ends, batch, batch.segments, batch.codes[batch.offsets[1:] - 1])
        owners = batch.owners()
        inner = owners[1:] == owners[:-1]
        owners = owners[1:][inner]
        width = len(batch.labels)
        source, target = batch.codes[:-1][inner].astype(np.int64), batch.codes[1:][inner]
        pairs = ((batch.segments[owners].astype(np.int64) + 1) * width + source) * width + target
        # numpy sorts 16 bits by radix, several times faster; stable, so that each pair's cases stay in order.
        small = (len(batch.groups) + 1) * width * width <= _SMALL
        order = np.argsort(pairs.astype(np.uint16) if small else pairs, kind="stable")
        if len(order):
            self._add(batch, pairs[order], owners[order], np.diff(batch.times)[inner][order])

    def _add(self, batch: Batch, pairs: NDArray[np.int64], owners: NDArray[np.int64], gaps: NDArray[np.int64]) -> None:
        """Count pairs (one at least), sorted by pair and then by case."""
        width = len(batch.labels)
        change = pairs[1:] != pairs[:-1]
        starts = np.flatnonzero(np.concatenate([[True], change]))
        fresh = np.concatenate([[True], change | (owners[1:] != owners[:-1])])
        cases = np.add.reduceat(fresh.astype(np.int64), starts)
        stops = [*starts[1:].tolist(), len(pairs)]
        for start, stop, having in zip(starts.tolist(), stops, cases.tolist(), strict=True):
            number, right = divmod(int(pairs[start]), width)
            group, left = divmod(number, width)
            pair = self._pairs.setdefault((batch.segment(group - 1), batch.labels[left], batch.labels[right]), _Pair())
            pair.cases += having
            pair.gaps.append(gaps[start:stop])

    def _absorb(self, other: Transitions) -> None:
        for key, theirs in other._pairs.items():
            pair = self._pairs.setdefault(key, _Pair())
            pair.cases += theirs.cases
            pair.gaps += theirs.gaps
        self._starts.update(other._starts)
        self._ends.update(other._ends)
        self._cases.update(other._cases)

    def _finish(self) -> Flows:
        flows = []
        for (segment, source, target), pair in self._pairs.items():
            median, p90 = duration(pair.gaps, MEDIAN, P90)
            assert median is not None and p90 is not None  # noqa: S101, PT018  (a pair has a gap)
            count = sum(map(len, pair.gaps))
            flow = Flow(
                segment=segment, source=source, target=target, count=count, cases=pair.cases, median=median, p90=p90
            )
            flows.append(flow)
        flows.sort(key=lambda f: (segment_order(f.segment), -f.count, f.source, f.target))
        key = ("segment", "source", "target") if self._by else ("source", "target")
        return Flows(flows, starts=self._terminals(self._starts), ends=self._terminals(self._ends), key=key)

    def _terminals(self, counts: Counter[Key]) -> Records[Terminal]:
        rows = sorted(counts.items(), key=lambda item: (segment_order(item[0][0]), -item[1], item[0][1]))
        return Records(
            (
                Terminal(segment=segment, label=label, count=count, share=count / self._cases[segment])
                for (segment, label), count in rows
            ),
            kind=Terminal,
            key=("segment", "label") if self._by else ("label",),
        )

    def _held(self) -> int:
        return sum(gaps.nbytes for pair in self._pairs.values() for gaps in pair.gaps)


def transitions(
    events: EventLog, *, journey: Journey | None = None, case: str | None = None, by: str | None = None
) -> Flows:
    """The directly-follows graph: every pair of consecutive events of a case, self-loops kept (van der Aalst 2016, ch. 2).

    With ``journey`` events are named by the touchpoint that claims them and rows that none claims are left out. ``by`` is
    a column that splits the cases by its value at their first event. ``flows.starts`` and ``flows.ends`` hold what cases
    begin and end with, ``flows.probabilities()`` the shares of departures. Quantiles are linear (type 7). Raises `ArgumentError`.
    """
    state = Transitions(by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by)
    return state.result()
