"""The map laid over the log: what every customer's journey was, in one ordered pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures._cases import CaseArrays, cases_of
from journeykit.measures._moves import moves_of
from journeykit.measures._tallies import distinct
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress, tie_rule
from journeykit.measures.paths import Paths
from journeykit.model import Journey
from journeykit.results import Coverage, TouchpointCount

__all__ = ["DEFAULT_INACTIVITY", "Trace", "Tracing", "trace"]

DEFAULT_INACTIVITY = timedelta(days=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHOWN = 50


@frozen(kw_only=True, eq=False)
class Trace:
    """The journeys customers really made, and what the map made of the log."""

    paths: Paths
    coverage: Coverage

    def without(self, left_out: Collection[str]) -> Trace:
        """What the same log gives on a map that lacks these touchpoints (ids); they stay in the list, with counts of 0.

        Their rows are unclaimed, also where another touchpoint's rule would have them next, but not among the names of
        ``unclaimed_events``.
        """
        if not left_out:
            return self
        paths = self.paths.without(left_out)
        counts = _counted(paths)
        rest = {
            "unclaimed": self.coverage.events - counts["claimed"],
            "off_map": self.coverage.cases - counts["journeys"],
        }
        return Trace(paths=paths, coverage=evolve(self.coverage, **counts, **rest))


class Tracing(Accumulator[Trace]):
    """The state behind `trace`; ``observed_until`` None stands for the last time it meets."""

    needs_names = True
    kept: ClassVar[tuple[str, ...]] = ("_cases", "_unclaimed", "_all_cases", "_events", "_ties", "_span")

    def __init__(
        self,
        journey: Journey,
        *,
        observed_until: datetime | None = None,
        inactivity: timedelta | None = None,
        tie_rule: str = "",
        continuing: bool = False,
    ) -> None:
        super().__init__(continuing=continuing)
        if inactivity is not None and inactivity < timedelta(0):
            raise ArgumentError(f"inactivity={inactivity}: a silence cannot be negative")
        within = journey.outcome.within if journey.outcome is not None else None
        self._journey = journey
        self._observed_until = observed_until
        self._given = inactivity
        self._within = within
        self._inactivity = inactivity if inactivity is not None else within or DEFAULT_INACTIVITY
        self._tie_rule = tie_rule
        self._cases: list[CaseArrays] = []
        self._unclaimed: Counter[str] = Counter()
        self._all_cases = 0
        self._events = 0
        self._ties = 0
        # Microseconds since 1970 of the log's first and last event.
        self._span: tuple[int, int] | None = None

    def settings(self) -> tuple[Hashable, ...]:
        return self._journey, self._observed_until, self._given, self._tie_rule

    def _fresh(self) -> Tracing:
        return Tracing(
            self._journey, observed_until=self._observed_until, inactivity=self._given, tie_rule=self._tie_rule
        )

    def _count(self, batch: Batch) -> None:
        ids = tuple(touchpoint.id for touchpoint in self._journey.touchpoints())
        if batch.labels != ids:
            raise ArgumentError(f"this batch was not made for the journey {self._journey.id!r}: View(journey=...)")
        self._all_cases += len(batch)
        self._events += len(batch.times)
        self._ties += batch.ties
        if not len(batch.times):
            return
        self._extend((int(batch.times.min()), int(batch.times.max())))
        counts = np.bincount(batch.names[batch.codes < 0], minlength=len(batch.events))
        for code in np.flatnonzero(counts).tolist():
            self._unclaimed[batch.events[code]] += int(counts[code])
        within = None if self._within is None else self._within // _MICROSECOND
        self._cases.append(cases_of(batch, within))

    def _absorb(self, other: Tracing) -> None:
        self._cases += other._cases
        self._unclaimed.update(other._unclaimed)
        self._all_cases += other._all_cases
        self._events += other._events
        self._ties += other._ties
        if other._span is not None:
            self._extend(other._span)

    def _extend(self, span: tuple[int, int]) -> None:
        self._span = span if self._span is None else (min(self._span[0], span[0]), max(self._span[1], span[1]))

    def _finish(self) -> Trace:
        ids = tuple(touchpoint.id for touchpoint in self._journey.touchpoints())
        cases = CaseArrays.all(self._cases)
        until = self._observed_until if self._observed_until is not None else self._moments()[1]
        paths = self._paths(ids, cases, until)
        return Trace(paths=paths, coverage=self._coverage(paths, until))

    def _paths(self, ids: tuple[str, ...], cases: CaseArrays, until: datetime | None) -> Paths:
        waiting = np.zeros(len(cases.first), dtype=np.bool_)
        if until is not None:
            silence = (until - _EPOCH) // _MICROSECOND - cases.ended
            waiting = silence < self._inactivity // _MICROSECOND
        return Paths(
            touchpoints=ids,
            offsets=cases.offsets,
            codes=cases.codes,
            times=cases.times,
            cut=cases.cut,
            success_code=cases.success_code,
            converted=cases.converted,
            abandoned=cases.gave_up & ~cases.converted,
            late=cases.late,
            open=waiting,
            first=cases.first,
            ended=cases.ended,
        )

    def _coverage(self, paths: Paths, until: datetime | None) -> Coverage:
        counts = _counted(paths)
        first, last = self._moments()
        ranked = sorted(self._unclaimed.items(), key=lambda item: (-item[1], item[0]))
        return Coverage(
            **counts,
            events=self._events,
            unclaimed=self._events - counts["claimed"],
            cases=self._all_cases,
            off_map=self._all_cases - counts["journeys"],
            first=first,
            last=last,
            observed_until=until,
            tie_rule=self._tie_rule,
            ties=self._ties,
            unclaimed_events=tuple(ranked[:_SHOWN]),
        )

    def _moments(self) -> tuple[datetime | None, datetime | None]:
        if self._span is None:
            return None, None
        return _EPOCH + self._span[0] * _MICROSECOND, _EPOCH + self._span[1] * _MICROSECOND

    def _held(self) -> int:
        return sum(cases.nbytes for cases in self._cases)


def _counted(paths: Paths) -> dict[str, Any]:
    """The fields of a `Coverage` that follow from the paths alone."""
    closed = ~paths.open
    return {
        "claimed": len(paths.codes),
        "journeys": len(paths),
        "closed": int(closed.sum()),
        "open": int(paths.open.sum()),
        "converted": int((closed & paths.converted).sum()),
        "abandoned": int((closed & paths.abandoned).sum()),
        "late": int((closed & paths.late).sum()),
        "touchpoints": touchpoint_counts(paths),
        "moves": moves_of(paths),
    }


def touchpoint_counts(paths: Paths) -> tuple[TouchpointCount, ...]:
    """How often each touchpoint was seen, in how many journeys, and how many got at least as far in the order of the map."""
    size = len(paths.touchpoints)
    events = np.bincount(paths.codes, minlength=size)
    visits = distinct(paths.owners() * max(size, 1) + paths.codes)
    journeys = np.bincount(visits % max(size, 1), minlength=size)
    furthest = furthest_position(paths)
    reached = np.bincount(furthest[furthest >= 0], minlength=size)
    on_board = reached[::-1].cumsum()[::-1]
    return tuple(
        TouchpointCount(id=id, events=int(events[i]), journeys=int(journeys[i]), on_board=int(on_board[i]))
        for i, id in enumerate(paths.touchpoints)
    )


def furthest_position(paths: Paths) -> NDArray[np.int64]:
    """For every journey the furthest position on the map that it visits, -1 where it visits none."""
    found = np.full(len(paths), -1, dtype=np.int64)
    np.maximum.at(found, paths.owners(), paths.codes)
    return found


def trace(
    events: EventLog,
    journey: Journey,
    *,
    inactivity: timedelta | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Lay the map over the log: the path of every case, and what became of every row, in one ordered pass.

    Success counts within ``outcome.within`` of a case's first event, inclusive; a first success after that makes it
    ``late``. A converted path ends at its success, any other at the case's last event in the window, claimed or not. A case
    is open while ``observed_until - ended < inactivity`` (default: the outcome's window, else 30 days). ``progress`` is
    called with the rows counted and the rows there are.

    In the coverage a row is ``claimed`` when a touchpoint claims it; ``unclaimed_events`` are the 50 most frequent names of
    the others (an outcome's event among them where no touchpoint claims it); ``late`` counts closed journeys.
    Raises `ArgumentError` for a case column that is absent or partly empty, and with every fault of the journey's rules.
    """
    state = Tracing(journey, observed_until=events.observed_until, inactivity=inactivity, tie_rule=tie_rule(events))
    fold(events, [state], journey=journey, progress=progress)
    return state.result()
