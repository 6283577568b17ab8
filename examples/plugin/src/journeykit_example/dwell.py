"""Dwell: how long customers stay at a touchpoint before they go on to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray
from scipy.stats import binom

from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, EvidenceRef, Interval, Score, Subject

__all__ = ["DwellScorer"]

_REASONS = {
    "all-open": "every journey is still open",
    "no-match-rule": "the map gives it no match rule",
    "no-next-event": "no journey goes on from here",
    "not-reached": "no closed journey reached it",
}


@frozen(kw_only=True)
class DwellScorer:
    """The median time from a visit to the next visit on the map, in seconds.

    Visits of one journey are not independent, so each closed journey counts once, with the mean of its own dwell times;
    the score is the median of these. The interval is the one between order statistics (Conover 1999, Practical
    Nonparametric Statistics, section 3.2): its coverage is at least ``level``, whatever the distribution; with too few
    journeys for it there is none. A log shows when a page was asked for, not whether anyone looked at it.
    """

    level: float = field(default=0.95, validator=[validators.gt(0), validators.lt(1)])
    min_n: int = field(default=30, validator=validators.ge(1))

    @property
    def name(self) -> str:
        return "dwell"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score a touchpoint, in map order; those that cannot be estimated say why."""
        paths = scoring.paths.select(~scoring.paths.open).to_end()
        owners, codes, times = paths.owners(), paths.codes, paths.times
        goes_on = owners[1:] == owners[:-1]
        sources, holders = codes[:-1][goes_on], owners[:-1][goes_on]
        seconds = (times[1:] - times[:-1])[goes_on] / 1e6
        for position, touchpoint in enumerate(scoring.journey.touchpoints()):
            here = sources == position
            reached = bool((codes == position).any())
            yield self._score(scoring, touchpoint, _means(seconds[here], holders[here]), reached)

    def _score(self, scoring: Scoring, touchpoint: Touchpoint, dwell: NDArray[np.float64], reached: bool) -> Score:
        score = partial(
            Score,
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            unit="seconds",
            n=len(dwell),
            method="dwell@1",
            evidence=tuple(_evidence(scoring, touchpoint)),
        )
        if not len(dwell):
            reason = _reason(scoring, touchpoint, reached)
            told = f"Dwell at {touchpoint.title} cannot be estimated: {_REASONS[reason]}."
            return score(value=None, status="not-estimable", reason=reason, explanation=told)
        value, low = float(np.median(dwell)), len(dwell) < self.min_n
        part = Component(name="median-dwell", raw=value, scaled=value, weight=1.0, contribution=value, n=len(dwell))
        told = f"The median of {len(dwell):,} journeys takes {value:,.0f} s to go on from {touchpoint.title}."
        return score(
            value=value,
            interval=self._interval(dwell),
            status="low-n" if low else "ok",
            reason="few-journeys" if low else None,
            components=(part,),
            explanation=told,
        )

    def _interval(self, dwell: NDArray[np.float64]) -> Interval | None:
        n, tail = len(dwell), (1 - self.level) / 2
        # The largest rank r with P(Binomial(n, 1/2) < r) within the tail: r-th from below to r-th from above.
        rank = int(binom.ppf(tail, n, 0.5))
        if rank < 1:
            return None
        ordered = np.sort(dwell)
        low, high = float(ordered[rank - 1]), float(ordered[n - rank])
        return Interval(low=low, high=high, level=self.level, method="order statistics of journeys")


def _means(seconds: NDArray[np.float64], holders: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean a journey."""
    found, places = np.unique(holders, return_inverse=True)
    return np.bincount(places, weights=seconds, minlength=len(found)) / np.bincount(places, minlength=len(found))


def _reason(scoring: Scoring, touchpoint: Touchpoint, reached: bool) -> str:
    if touchpoint.match is None:
        return "no-match-rule"
    if len(scoring.paths) and scoring.paths.open.all():
        return "all-open"
    return "no-next-event" if reached else "not-reached"


def _evidence(scoring: Scoring, touchpoint: Touchpoint) -> Iterator[EvidenceRef]:
    events = scoring.evidence.events
    if events is not None and touchpoint.match is not None:
        rows = {count.id: count.events for count in scoring.coverage.touchpoints}[touchpoint.id]
        sources = events.report.files or (events.report.source,)
        yield EvidenceRef(table="events", sources=sources, rule=str(touchpoint.match), rows=rows)
