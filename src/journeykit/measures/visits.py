"""Sessions: a customer's events with no gap longer than a timeout between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from datetime import timedelta
from typing import ClassVar
from uuid import uuid4

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import identifier
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures._spark_sessions import sessionized
from journeykit.measures._tallies import SessionCounts, numbered, parted, segment_order, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.measures.quantiles import MEDIAN, P90, duration, quantile_of_counts
from journeykit.results import Records

__all__ = ["DEFAULT_TIMEOUT", "SessionSummary", "Sessions", "sessionize", "sessions"]

DEFAULT_TIMEOUT = timedelta(minutes=30)
_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class SessionSummary:
    """The sessions of one segment (None: of all, or of customers without one).

    ``bounces`` are sessions of a single event; durations run from a session's first event to its last;
    ``per_customer`` pairs a number of sessions with how many customers had as many, rising.
    """

    segment: str | None
    customers: int
    sessions: int
    events: int
    bounces: int
    median_duration: timedelta
    p90_duration: timedelta
    median_events: int
    per_customer: tuple[tuple[int, int], ...]


class Sessions(Accumulator[Records[SessionSummary]]):
    """The state behind `sessions`."""

    kept: ClassVar[tuple[str, ...]] = ("_groups", "_cases")

    def __init__(self, *, timeout: timedelta = DEFAULT_TIMEOUT, continuing: bool = False) -> None:
        super().__init__(continuing=continuing)
        self._timeout = checked_timeout(timeout)
        self._groups: dict[str | None, SessionCounts] = {}
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return (self._timeout,)

    def _fresh(self) -> Sessions:
        return Sessions(timeout=self._timeout)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        if not len(batch):
            return
        tally_segments(self._cases, batch)
        fresh = np.concatenate([[True], np.diff(batch.times) > self._timeout // _MICROSECOND])
        fresh[batch.offsets[:-1]] = True
        starts = np.flatnonzero(fresh)
        stops = np.concatenate([starts[1:], [len(batch.times)]])
        durations = batch.times[stops - 1] - batch.times[starts]
        owners = batch.owners()[starts]
        per_customer = np.bincount(owners, minlength=len(batch))
        for group, mine in parted(batch.segments[owners]):
            state = self._groups.setdefault(batch.segment(group), SessionCounts())
            state.durations.append(durations[mine])
            _add(state.events, (stops - starts)[mine])
        for group, mine in parted(batch.segments):
            _add(self._groups[batch.segment(group)].per_customer, per_customer[mine])

    def _absorb(self, other: Sessions) -> None:
        for segment, theirs in other._groups.items():
            state = self._groups.setdefault(segment, SessionCounts())
            state.durations += theirs.durations
            state.events.update(theirs.events)
            state.per_customer.update(theirs.per_customer)
        self._cases.update(other._cases)

    def _finish(self) -> Records[SessionSummary]:
        rows = []
        for segment in sorted(self._groups, key=segment_order):
            state = self._groups[segment]
            median, p90 = duration(state.durations, MEDIAN, P90)
            middle = quantile_of_counts(state.events, MEDIAN)
            assert median is not None and p90 is not None and middle is not None  # noqa: S101, PT018  (it has a session)
            rows.append(
                SessionSummary(
                    segment=segment,
                    customers=self._cases[segment],
                    sessions=sum(state.events.values()),
                    events=sum(length * number for length, number in state.events.items()),
                    bounces=state.events[1],
                    median_duration=median,
                    p90_duration=p90,
                    median_events=middle,
                    per_customer=tuple(sorted(state.per_customer.items())),
                )
            )
        return Records(rows, kind=SessionSummary, key=("segment",))

    def _held(self) -> int:
        return sum(durations.nbytes for state in self._groups.values() for durations in state.durations)


def _add(counter: Counter[int], values: NDArray[np.int64]) -> None:
    numbers, counts = numbered(values, int(values.max(initial=0)) + 1)
    for number, count in zip(numbers.tolist(), counts.tolist(), strict=True):
        counter[number] += count


def checked_timeout(timeout: timedelta) -> timedelta:
    """The timeout; `ArgumentError` when it is no length of time, or negative."""
    given: object = timeout
    if not isinstance(given, timedelta):
        raise ArgumentError(f"timeout={timeout!r}: give a length of time, such as timedelta(minutes=30)")
    if timeout < timedelta(0):
        raise ArgumentError(f"timeout={timeout}: a timeout cannot be negative")
    return timeout


def sessions(
    events: EventLog,
    *,
    timeout: timedelta = DEFAULT_TIMEOUT,
    by: str | None = None,
    progress: Progress | None = None,
) -> Records[SessionSummary]:
    """The sessions of every customer, summed up, one record a segment: a gap *greater* than ``timeout`` starts a new one.

    ``by`` and ``progress`` as in `transitions`. `sessionize` gives the same sessions event by event. Raises `ArgumentError`.
    """
    state = Sessions(timeout=timeout)
    fold(events, [state], case="customer", by=by, progress=progress)
    return state.result()


def sessionize(events: EventLog, *, timeout: timedelta = DEFAULT_TIMEOUT) -> EventLog:
    """The log with ``session`` filled: a gap *greater* than ``timeout`` between a customer's events starts a new one.

    The session is named ``<customer>:<number>``, numbered from 1 for each customer; a ``session`` column that was there is
    replaced, every other column and the order of rows are kept, and the report says what was done. The
    new table lives in the same database. Raises `ArgumentError` for a negative timeout.
    """
    span = checked_timeout(timeout) // _MICROSECOND
    note = f"session: made from gaps longer than {timeout}"
    report = attrs.evolve(events.report, notes=(*events.report.notes, note))
    if isinstance(events.table, SparkTable):
        return attrs.evolve(events, table=sessionized(events.table, span), report=report)
    columns = events.table.columns
    kept = [name for name in columns if name != "session"]
    place = max(kept.index(name) for name in ("customer", "time", "event", "channel", "value") if name in kept) + 1
    listed = [identifier(name) for name in kept]
    listed.insert(place, "customer || ':' || _jk_number::VARCHAR AS session")
    order = ", ".join(["time", *(['"order" NULLS LAST'] if "order" in columns else []), "_file", "_record"])
    name = f"sessions_{uuid4().hex}"
    cursor = events.table.cursor()
    try:
        cursor.execute(f"""
            CREATE TABLE {identifier(name)} AS
            SELECT {", ".join(listed)} FROM (
                SELECT *, sum(_jk_new) OVER (PARTITION BY customer ORDER BY {order} ROWS UNBOUNDED PRECEDING) AS _jk_number
                FROM (
                    SELECT *, coalesce(
                        epoch_us(time) - lag(epoch_us(time)) OVER (PARTITION BY customer ORDER BY {order}) > {span}, true
                    )::INTEGER AS _jk_new
                    FROM {identifier(events.table.name)}
                )
            ) ORDER BY _file, _record""")  # noqa: S608
    finally:
        cursor.close()
    return attrs.evolve(events, table=attrs.evolve(events.table, name=name), report=report)
