"""Time to convert: how likely a case has converted by when, where the log ends too soon for some and others give up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError, one_of
from journeykit.evidence import EventLog
from journeykit.measures._incidences import Curve, Endings
from journeykit.measures._tallies import parted, segment_order
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.measures.tracing import DEFAULT_INACTIVITY
from journeykit.model import Journey
from journeykit.results import Interval, Records

__all__ = ["POINTS", "Converting", "Incidence", "Incidences", "TimeToConvert", "time_to_convert"]

Ints = NDArray[np.int64]

POINTS = (
    timedelta(0), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1),
    timedelta(days=3), timedelta(days=7), timedelta(days=14), timedelta(days=30), timedelta(days=90),
)  # fmt: skip
"""The times after a case's first event for which `time_to_convert` tells the figures unless others are asked for."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# Longer than any log, and still a number that can be added to a time: timedelta.max, "never", is none.
_LONGEST = 1 << 60


@frozen(kw_only=True)
class Incidence:
    """By ``time`` after its first event: the probability that a case has ``converted``, and that it has ``abandoned``.

    Both are cumulative incidences (Aalen & Johansen 1978), with the delta-method interval (95 %) of the first (Marubini &
    Valsecchi 1995). ``at_risk`` cases are under way and observed just before that time.
    """

    segment: str | None
    time: timedelta
    at_risk: int
    converted: float
    interval: Interval
    abandoned: float


@frozen(kw_only=True)
class TimeToConvert:
    """The cases of a segment: those seen to convert or abandon, those still ``open``, and the ``median`` time to convert.

    The median is the first time by which half of all cases have converted; None where fewer than half ever do.
    """

    segment: str | None
    cases: int
    converted: int
    abandoned: int
    open: int
    median: timedelta | None


class Incidences(Records[Incidence]):
    """The incidences, time by time, with one summary a segment: ``found.summaries[None].median``."""

    __slots__ = ("summaries",)

    def __init__(self, rows: Iterable[Incidence], *, summaries: Records[TimeToConvert], key: tuple[str, ...]) -> None:
        super().__init__(rows, kind=Incidence, key=key)
        self.summaries: Records[TimeToConvert] = summaries

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Incidences):
            return NotImplemented
        return super().__eq__(other) and self.summaries == other.summaries

    def __hash__(self) -> int:
        return hash((super().__hash__(), self.summaries))


class Converting(Accumulator[Incidences]):
    """The state behind `time_to_convert`; ``to`` is a label, None the outcome of the journey the batches were made for."""

    kept: ClassVar[tuple[str, ...]] = ("_endings", "_last")

    def __init__(
        self,
        to: str | None = None,
        *,
        within: timedelta | None = None,
        inactivity: timedelta | None = None,
        observed_until: datetime | None = None,
        at: Sequence[timedelta] = POINTS,
        by: bool = False,
        continuing: bool = False,
    ) -> None:
        super().__init__(continuing=continuing)
        if any(time < timedelta(0) for time in (*at, within or timedelta(0), inactivity or timedelta(0))):
            raise ArgumentError("a time after the first event, a window and a silence cannot be negative")
        self._to = to
        self._within = within
        self._inactivity = inactivity if inactivity is not None else within or DEFAULT_INACTIVITY
        self._observed_until = observed_until
        self._at = tuple(sorted(set(at)))
        self._by = by
        self._endings: dict[str | None, list[Endings]] = {}
        # Microseconds since 1970 of the last event that was seen: a list, so that none is one, too.
        self._last: list[int] = []

    def settings(self) -> tuple[Hashable, ...]:
        return self._to, self._within, self._inactivity, self._observed_until, self._at, self._by

    def _fresh(self) -> Converting:
        return Converting(
            self._to,
            within=self._within,
            inactivity=self._inactivity,
            observed_until=self._observed_until,
            at=self._at,
            by=self._by,
        )

    def _count(self, batch: Batch) -> None:
        if not len(batch.times):
            return
        self._last = [max([int(batch.times.max()), *self._last])]
        owners, first = batch.owners(), batch.times[batch.offsets[:-1]]
        # As everywhere: a case of which a map claims nothing is none of its journeys, not one that gave up.
        on_map = np.zeros(len(batch), dtype=np.bool_)
        for tied in (batch.codes >= 0, batch.success, batch.abandon):
            if len(tied):
                on_map[owners[tied]] = True
        spent = batch.times - first[owners]
        inside = np.ones(len(spent), dtype=np.bool_)
        if self._within is not None:
            inside = spent <= self._within // _MICROSECOND
        success = _soonest(self._successes(batch) & inside, owners, spent, len(batch))
        abandon = _soonest(batch.abandon & inside, owners, spent, len(batch)) if len(batch.abandon) else success * 0 - 1
        last = batch.times[batch.offsets[:-1] + np.bincount(owners[inside], minlength=len(batch)) - 1]
        cases = np.flatnonzero(on_map)
        for group, some in parted(batch.segments[on_map]):
            mine = cases[some]
            won, left = success[mine], abandon[mine]
            silent = mine[(won < 0) & (left < 0)]
            endings = Endings(
                converted=won[won >= 0],
                abandoned=left[(won < 0) & (left >= 0)],
                first=first[silent],
                last=last[silent],
            )
            self._endings.setdefault(batch.segment(group), []).append(endings)

    def _successes(self, batch: Batch) -> NDArray[np.bool_]:
        if self._to is None:
            if not len(batch.success):
                raise ArgumentError(
                    "to= is missing: say which event is the conversion, or give a journey with an outcome"
                )
            return batch.success
        code = batch.labels.index(self._to) if self._to in batch.labels else len(batch.labels)
        return np.asarray(batch.codes == code)

    def _absorb(self, other: Converting) -> None:
        for segment, endings in other._endings.items():
            self._endings.setdefault(segment, []).extend(endings)
        self._last = [max(self._last + other._last)] if self._last or other._last else []

    def _finish(self) -> Incidences:
        rows: list[Incidence] = []
        summaries: list[TimeToConvert] = []
        until = self._last[0] if self._last else 0
        if self._observed_until is not None:
            until = (self._observed_until - _EPOCH) // _MICROSECOND
        for segment in sorted(self._endings, key=segment_order):
            curve = self._curve(self._endings[segment], until)
            rows += [_incidence(segment, time, curve) for time in self._at]
            summaries.append(_summary(segment, curve))
        return Incidences(
            rows,
            summaries=Records(summaries, kind=TimeToConvert, key=("segment",)),
            key=("segment", "time") if self._by else ("time",),
        )

    def _curve(self, endings: Sequence[Endings], until: int) -> Curve:
        converted, abandoned, first, last = (
            np.concatenate([getattr(ending, name) for ending in endings])
            for name in ("converted", "abandoned", "first", "last")
        )
        silence = min(self._inactivity // _MICROSECOND, _LONGEST)
        closed = until - last >= silence
        ends = np.where(closed, last + silence, until) - first
        if self._within is not None:
            ends = np.minimum(ends, min(self._within // _MICROSECOND, _LONGEST))
        return Curve.of(converted, np.concatenate([abandoned, ends[closed]]), ends[~closed])

    def _held(self) -> int:
        return sum(ending.nbytes for endings in self._endings.values() for ending in endings)


def _soonest(here: NDArray[np.bool_], owners: Ints, spent: Ints, cases: int) -> Ints:
    """For every case the microseconds to the first row that is meant, -1 where there is none."""
    found = np.full(cases, -1, dtype=np.int64)
    rows = np.flatnonzero(here)[::-1]
    # Rows rise in time, and of several writes to one place the last one, here the earliest row, stays.
    found[owners[rows]] = spent[rows]
    return found


def _incidence(segment: str | None, time: timedelta, curve: Curve) -> Incidence:
    at_risk, converted, interval, abandoned = curve.by(time // _MICROSECOND)
    return Incidence(
        segment=segment, time=time, at_risk=at_risk, converted=converted, interval=interval, abandoned=abandoned
    )


def _summary(segment: str | None, curve: Curve) -> TimeToConvert:
    won, lost, waiting = curve.counts
    median = curve.median()
    return TimeToConvert(
        segment=segment,
        cases=won + lost + waiting,
        converted=won,
        abandoned=lost,
        open=waiting,
        median=None if median is None else timedelta(microseconds=median),
    )


def time_to_convert(
    events: EventLog,
    to: str | None = None,
    *,
    journey: Journey | None = None,
    inactivity: timedelta | None = None,
    at: Sequence[timedelta] = POINTS,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Incidences:
    """How likely a case has converted by when, counted from its first event; abandonment competes, open cases are censored.

    ``to`` is an event name, or a touchpoint id with ``journey``; without it the journey's outcome is the conversion, in its
    window. A case without conversion is *abandoned* at its abandon event, else when its silence has lasted for ``inactivity``
    (default: the outcome's window, else 30 days; never after the window), and *open* until the end of the log while it has not:
    it is then censored there. 1 - Kaplan-Meier, which takes those who gave up for ones who may still come, says too much.
    ``at`` are the times to tell. ``case`` and ``by`` as in `transitions`. With ``journey`` the cases are those on its map, as
    in `trace`: those of which a touchpoint or the outcome claims an event. Raises `ArgumentError`.
    """
    outcome = journey.outcome if journey is not None else None
    if to is None and outcome is None:
        raise ArgumentError("to= is missing: say which event is the conversion, or give a journey with an outcome")
    if to is not None and journey is not None:
        known = [touchpoint.id for touchpoint in journey.touchpoints()]
        if to not in known:
            raise ArgumentError(f"journey {journey.id!r} has no touchpoint {to!r}; it has {one_of(known)}")
    state = Converting(
        to,
        within=outcome.within if outcome is not None else None,
        inactivity=inactivity,
        observed_until=events.observed_until,
        at=at,
        by=by is not None,
    )
    fold(events, [state], journey=journey, case=case, by=by, progress=progress)
    return state.result()
