"""Directly-follows: how often one event comes straight after another, and how long that takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from datetime import timedelta
from typing import ClassVar

from attrs import frozen

from journeykit.evidence import EventLog
from journeykit.measures._gaps import Gaps, pairs_of
from journeykit.measures._tallies import Key, segment_order, tally, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.model import Journey
from journeykit.results import Records

__all__ = ["Departure", "Flow", "Flows", "Terminal", "Transitions", "transitions"]


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


class Transitions(Accumulator[Flows]):
    """The state behind `transitions`; ``by`` only says how its result is indexed."""

    kept: ClassVar[tuple[str, ...]] = ("_gaps", "_starts", "_ends", "_cases")

    def __init__(self, *, by: bool = False, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._by = by
        self._gaps: list[Gaps] = []
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
        self._gaps.append(Gaps.of(batch))

    def _absorb(self, other: Transitions) -> None:
        self._gaps += other._gaps
        self._starts.update(other._starts)
        self._ends.update(other._ends)
        self._cases.update(other._cases)

    def _finish(self) -> Flows:
        flows = [
            Flow(
                segment=pair.segment,
                source=pair.source,
                target=pair.target,
                count=pair.count,
                cases=pair.cases,
                median=pair.median,
                p90=pair.p90,
            )
            for pair in pairs_of(self._gaps)
        ]
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
        return sum(gaps.nbytes for gaps in self._gaps)


def transitions(
    events: EventLog,
    *,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Flows:
    """The directly-follows graph: every pair of consecutive events of a case, self-loops kept (van der Aalst 2016, ch. 2).

    With ``journey`` events are named by the touchpoint that claims them and rows that none claims are left out. ``by`` is
    a column that splits the cases by its value at their first event. ``flows.starts`` and ``flows.ends`` hold what cases
    begin and end with, ``flows.probabilities()`` the shares of departures. Quantiles are linear (type 7). ``progress`` is
    called with the rows counted so far and the rows there are. Raises `ArgumentError`.
    """
    state = Transitions(by=by is not None)
    fold(events, [state], journey=journey, case=case, by=by, progress=progress)
    return state.result()
