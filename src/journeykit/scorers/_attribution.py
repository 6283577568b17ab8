"""Attribution: how the conversions are dealt out over the touchpoints that lie before them, by Shapley value or by a rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy import sparse

from journeykit.inference import generator, percentile, resamples, sample
from journeykit.measures import Paths
from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, Interval, Score, Subject
from journeykit.scorers._subjects import event_evidence, left_out, missing, percent, short_time

__all__ = ["ATTRIBUTIONS", "Attribution", "AttributionMethod", "credits"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AttributionMethod = Literal[
    "first", "last", "linear-distinct", "linear-touch", "position", "shapley", "time-decay"
]  # fmt: skip
# What each does with one conversion, as the explanation says it.
ATTRIBUTIONS: dict[str, str] = {
    "first": "all of each to the first touch before it",
    "last": "all of each to the last touch before it",
    "linear-distinct": "each in equal shares over the different touchpoints before it",
    "linear-touch": "each in equal shares over every touch before it",
    "position": "40 % of each to the first touch, 40 % to the last and the rest evenly to those between (half and half "
    "where there are two, all of it where there is one)",
    "shapley": "each in equal shares over the different touchpoints before it, which is the Shapley value of the game in "
    "which a group of touchpoints is worth the conversions that needed no other",
    "time-decay": "each over every touch before it, a touch weighing half as much as one a half-life of {half_life} later",
}
_ENDS = 0.4
_MICROSECOND = timedelta(microseconds=1)


def credits(paths: Paths, method: AttributionMethod, half_life: timedelta) -> sparse.csr_array:
    """What each conversion gives to each touchpoint: converting journeys with a touch x touchpoints, rows sum to 1.

    A touch is a visit before the success; repeated visits are touches of their own. Zhao, Mahboobi and Bagheri (2018)
    show that the Shapley value of the game v(S) = conversions of journeys whose touchpoints all lie in S splits every
    journey equally over its different touchpoints.
    """
    touched = paths.select(paths.converted & (paths.cut > 0)).before_success()
    owners, codes = touched.owners(), touched.codes.astype(np.int64)
    lengths = touched.lengths()
    of, place = lengths[owners], np.arange(len(codes)) - np.repeat(touched.offsets[:-1], lengths)
    shape = (len(touched), len(paths.touchpoints))
    weight: Floats
    if method == "first":
        weight = (place == 0).astype(np.float64)
    elif method == "last":
        weight = (place == of - 1).astype(np.float64)
    elif method == "linear-touch":
        weight = np.ones(len(codes))
    elif method == "position":
        between = (1 - 2 * _ENDS) / np.maximum(of - 2, 1)
        weight = np.where((place == 0) | (place == of - 1), np.where(of > 2, _ENDS, 1.0), between)
    elif method == "time-decay":
        # Counted from the last touch, not from the success: the shares are the same, and a long wait cannot underflow them.
        last = touched.times[touched.offsets[1:] - 1][owners]
        weight = np.exp2((touched.times - last) / (half_life / _MICROSECOND))
    else:
        weight = np.zeros(len(codes))
        weight[np.unique(owners * shape[1] + codes, return_index=True)[1]] = 1.0
    total = np.bincount(owners, weights=weight, minlength=len(touched))
    return sparse.csr_array((weight / total[owners], (owners, codes)), shape=shape)


@frozen(kw_only=True)
class Attribution:
    """The scorer of one way to attribute; `ImpactScorer` hands its settings over."""

    method: AttributionMethod
    half_life: timedelta
    draws: int
    min_conversions: int
    min_journeys: int
    scorer: str
    unit: str

    @property
    def version(self) -> str:
        """The method and the version of its definition; the half-life is part of it."""
        behind = f"-{short_time(self.half_life)}" if self.method == "time-decay" else ""
        return f"impact-{self.method}{behind}@1"

    def score(self, scoring: Scoring) -> list[Score]:
        """One score a touchpoint, in map order."""
        closed = scoring.paths.select(~scoring.paths.open)
        blocked = self._blocked(scoring, closed)
        before = closed.before_success()
        pairs = np.unique(np.stack([before.owners(), before.codes.astype(np.int64)]), axis=1)
        passing = np.bincount(pairs[1], minlength=len(closed.touchpoints))
        credit = credits(closed, self.method, self.half_life)
        draws, sampled = self._draws(scoring, credit)
        outcome_codes = set(np.unique(closed.success_code[closed.converted]).tolist())
        scores = []
        for position, touchpoint in enumerate(scoring.journey.touchpoints()):
            reached = "is-outcome" if position in outcome_codes else "not-reached"
            reason = (
                "no-match-rule" if touchpoint.match is None else blocked or (None if passing[position] else reached)
            )
            if reason is not None:
                blank = missing(
                    scoring, touchpoint, scorer=self.scorer, method=self.version, unit=self.unit, reason=reason
                )
                scores.append(blank)
                continue
            given = credit[:, [position]].toarray().ravel()
            interval = None
            if draws is not None:
                interval = percentile(
                    float(given.mean()),
                    draws[:, position],
                    centre=float(given[sampled].mean()),
                    sampled=len(sampled),
                    total=len(given),
                    unit="converting journeys",
                )
            scores.append(self._score(scoring, touchpoint, closed, given, int(passing[position]), interval))
        return scores

    def _blocked(self, scoring: Scoring, closed: Paths) -> str | None:
        if scoring.journey.outcome is None:
            return "no-outcome"
        if len(scoring.paths) and not len(closed):
            return "all-open"
        if not closed.converted.any():
            return "no-conversions"
        if not (closed.converted & (closed.cut > 0)).any():
            return "no-touches"
        return None

    def _draws(self, scoring: Scoring, credit: sparse.csr_array) -> tuple[Floats | None, Ints]:
        """The bootstrap of Shapley shares and the conversions it rests on; a rule of thumb has no error to estimate."""
        n = int(credit.shape[0])
        if self.method != "shapley" or not n:
            return None, np.arange(n, dtype=np.int64)
        chosen = sample(n, generator(scoring.seed, self.scorer, "sample"))
        rng = generator(scoring.seed, self.scorer, "bootstrap")
        drawn = scoring.watched(resamples(len(chosen), self.draws, rng), self.draws)
        blocks = [weights @ credit[chosen] for weights in drawn]
        return np.concatenate(blocks) / len(chosen), chosen

    def _score(
        self, scoring: Scoring, touchpoint: Touchpoint, closed: Paths, given: Floats, n: int, interval: Interval | None
    ) -> Score:
        conversions, value = int(closed.converted.sum()), float(given.mean())
        reason = None
        if conversions < self.min_conversions:
            reason = "few-conversions"
        elif n < self.min_journeys:
            reason = "few-journeys"
        credited = int(np.count_nonzero(given))
        return Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.scorer,
            value=value,
            unit=self.unit,
            interval=interval,
            n=n,
            status="low-n" if reason else "ok",
            reason=reason,
            components=(
                Component(
                    name="credit", raw=float(given.sum()), scaled=value, weight=1.0, contribution=value, n=credited
                ),
            ),
            method=self.version,
            evidence=event_evidence(scoring, touchpoint),
            explanation=self._explained(scoring, touchpoint, closed, given, n, interval),
        )

    def _explained(
        self, scoring: Scoring, touchpoint: Touchpoint, closed: Paths, given: Floats, n: int, interval: Interval | None
    ) -> str:
        conversions, credited = int(closed.converted.sum()), int(np.count_nonzero(given))
        span = ""
        if interval is not None:
            span = f" ({100 * interval.level:.0f} % interval {interval.low:.3f} to {interval.high:.3f})"
        dealt = ATTRIBUTIONS[self.method].format(half_life=short_time(self.half_life))
        untouched = conversions - len(given)
        without = f"; {untouched:,} more had no touch before and are dealt to nobody" if untouched else ""
        doubt = (
            "It looks at conversions alone: not at journeys that failed, nor at the order of touches"
            if self.method == "shapley"
            else "A rule of thumb that somebody chose, not a measurement: it looks at conversions alone and has no interval"
        )
        return (
            f"{touchpoint.title} gets {percent(float(given.mean()))}{span} of {len(given):,} conversions, dealt out "
            f"{dealt}; {credited:,} of them give it something{without}. "
            f"{n:,} of {len(closed):,} closed journeys pass it{left_out(scoring)}. {doubt}. "
            "Associated with the outcome, which is not to say it causes it."
        )
