"""Funnels: how many cases get from one step to the next, in three modes, inside a window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import timedelta
from typing import ClassVar, Literal, get_args

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError, one_of
from journeykit.evidence import EventLog
from journeykit.inference import wilson
from journeykit.measures._attempts import Attempts, any_order, in_order, strictly
from journeykit.measures._tallies import parted, segment_order, tally_segments
from journeykit.measures.batches import Batch
from journeykit.measures.folds import Accumulator, fold
from journeykit.measures.ordering import Progress
from journeykit.measures.quantiles import MEDIAN, duration
from journeykit.model import Journey
from journeykit.results import Interval, Records

__all__ = ["Funnel", "FunnelStep", "Mode", "funnel"]

Mode = Literal["ordered", "strict", "any-order"]
_MODES: dict[Mode, Callable[..., Attempts]] = {"ordered": in_order, "strict": strictly, "any-order": any_order}
_MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True)
class FunnelStep:
    """One step: ``entered`` cases reached it, a ``share`` of the entrants of step 1 with its Wilson interval (95 %).

    ``lost`` reached the step before but not this one (0 at step 1). ``median_time`` runs from the entry of step 1 to this
    step, in the attempt that reached it first. None where there is nothing to divide or measure; step 1 has no interval.
    ``mode`` and ``within`` (None: no window) are part of what the figure is called.
    """

    segment: str | None
    step: int
    label: str
    entered: int
    share: float | None
    lost: int
    interval: Interval | None
    median_time: timedelta | None
    mode: Mode = "ordered"
    within: timedelta | None = None


class Funnel(Accumulator[Records[FunnelStep]]):
    """The state behind `funnel`."""

    kept: ClassVar[tuple[str, ...]] = ("_entered", "_times", "_cases")

    def __init__(
        self,
        steps: Sequence[str],
        *,
        within: timedelta | None = None,
        mode: Mode = "ordered",
        by: bool = False,
        continuing: bool = False,
    ) -> None:
        super().__init__(continuing=continuing)
        self._steps = _checked(steps, within, mode)
        self._within = within
        self._mode: Mode = mode
        self._by = by
        self._entered: dict[str | None, list[int]] = {}
        self._times: dict[str | None, list[list[NDArray[np.int64]]]] = {}
        self._cases: Counter[str | None] = Counter()

    def settings(self) -> tuple[Hashable, ...]:
        return self._steps, self._within, self._mode, self._by

    def _fresh(self) -> Funnel:
        return Funnel(self._steps, within=self._within, mode=self._mode, by=self._by)

    def _count(self, batch: Batch) -> None:
        batch = batch.claimed()
        tally_segments(self._cases, batch)
        places = {label: place for place, label in enumerate(batch.labels)}
        codes = tuple(places.get(step, -1) for step in self._steps)
        window = None if self._within is None else self._within // _MICROSECOND
        attempts = _MODES[self._mode](batch, codes, window)
        for group, _ in parted(batch.segments):
            self._entered.setdefault(batch.segment(group), [0] * len(codes))
            self._times.setdefault(batch.segment(group), [[] for _ in codes])
        for step, (owners, durations) in enumerate(attempts):
            for group, mine in parted(batch.segments[owners]):
                some = durations[mine]
                self._entered[batch.segment(group)][step] += len(some)
                self._times[batch.segment(group)][step].append(some)

    def _absorb(self, other: Funnel) -> None:
        for segment, theirs in other._entered.items():
            mine = self._entered.setdefault(segment, [0] * len(theirs))
            self._entered[segment] = [a + b for a, b in zip(mine, theirs, strict=True)]
            times = self._times.setdefault(segment, [[] for _ in theirs])
            for step, new in enumerate(other._times[segment]):
                times[step].extend(new)
        self._cases.update(other._cases)

    def _finish(self) -> Records[FunnelStep]:
        rows: list[FunnelStep] = []
        found = dict(self._entered)
        if not found and not self._by:
            found[None] = [0] * len(self._steps)
        for segment in sorted(found, key=segment_order):
            entered = found[segment]
            for step, label in enumerate(self._steps):
                times = self._times[segment][step] if segment in self._times and step else []
                rows.append(
                    FunnelStep(
                        segment=segment,
                        step=step + 1,
                        label=label,
                        entered=entered[step],
                        share=entered[step] / entered[0] if entered[0] else None,
                        lost=entered[step - 1] - entered[step] if step else 0,
                        interval=wilson(entered[step], entered[0]) if step else None,
                        median_time=duration(times, MEDIAN)[0],
                        mode=self._mode,
                        within=self._within,
                    )
                )
        return Records(rows, kind=FunnelStep, key=("segment", "label") if self._by else ("label",))

    def _held(self) -> int:
        return sum(part.nbytes for times in self._times.values() for step in times for part in step)


def _checked(steps: Sequence[str], within: timedelta | None, mode: str) -> tuple[str, ...]:
    if isinstance(steps, str) or len(steps) < 2:
        raise ArgumentError(f"a funnel needs a list of two steps or more, not {steps!r}")
    if mode not in get_args(Mode):
        raise ArgumentError(f"mode={mode!r}: a funnel is {one_of(get_args(Mode))}")
    if within is not None and within < timedelta(0):
        raise ArgumentError(f"within={within}: a window cannot be negative")
    if mode == "any-order" and len(set(steps)) < len(steps):
        raise ArgumentError("an any-order funnel needs different steps: a repeated one would be reached by one event")
    return tuple(steps)


def funnel(
    events: EventLog,
    steps: Sequence[str],
    *,
    within: timedelta | None = None,
    mode: Mode = "ordered",
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> Records[FunnelStep]:
    """How many cases reach each step, of those that enter step 1.

    ``within`` is counted from an entry of step 1, inclusive; a case may enter again, and reaches a step when any of its
    attempts does. Modes: ``ordered`` (the steps in order, anything between them), ``strict`` (the very next event must
    be the next step), ``any-order`` (step k is reached when steps 2 to k all come after an entry of step 1).
    Steps are event names, or touchpoint ids with ``journey``; an event name the log never holds is reached by nobody.
    Raises `ArgumentError` for steps that make no funnel, and for a touchpoint the journey does not have.
    """
    state = Funnel(steps, within=within, mode=mode, by=by is not None)
    if journey is not None:
        known = [touchpoint.id for touchpoint in journey.touchpoints()]
        if unknown := [step for step in steps if step not in known]:
            raise ArgumentError(
                f"journey {journey.id!r} has no touchpoint {one_of(unknown)}; it has {', '.join(known)}"
            )
    fold(events, [state], journey=journey, case=case, by=by, progress=progress)
    return state.result()
