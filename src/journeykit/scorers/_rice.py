"""RICE: opportunities by what people estimate of them, in amounts; the reach may be measured from the events."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.inference import generator
from journeykit.model import Opportunity, Rice, Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, EvidenceRef, Interval, Score, Subject
from journeykit.scorers._ranking import FLOOR, among_first, factor, place
from journeykit.scorers._subjects import event_evidence, percent

__all__ = ["RICE", "rice_scores"]

Floats = NDArray[np.float64]
Todo = tuple[Subject, Touchpoint, Opportunity]

RICE = "priority-rice@1"
_UNIT = "log2 of reach x impact x confidence / effort"
_QUARTER = 90.0
_LEVEL = 0.95
# A rate from fewer days than a week takes its weekday for the quarter; from fewer customers it is mostly chance.
_LEAST_DAYS = 7.0
_LEAST_CUSTOMERS = 30
_REASONS = {
    "no-rice": "others on the map are estimated with RICE and it is not; words and amounts cannot be ranked together",
    "no-match-rule": "its reach is to be measured, and the map gives the touchpoint no match rule",
    "not-reached": "its reach is to be measured, and no customer of the log came there",
    "reach-not-customers": "its reach is to be measured in customers, and the map counts its journeys by something else",
    "short-log": f"its reach is to be measured, and the events span less than {_LEAST_DAYS:.0f} days",
}


@frozen(kw_only=True)
class _Reach:
    """Customers a quarter; ``counted`` customers in ``days`` where it is measured, None where it is declared."""

    customers: float
    counted: int | None = None
    days: float = 0.0


@frozen(kw_only=True)
class _Estimate:
    """An opportunity that can be scored."""

    subject: Subject
    touchpoint: Touchpoint
    opportunity: Opportunity
    rice: Rice
    reach: _Reach

    @property
    def ranked(self) -> bool:
        return self.reach.counted is None or self.reach.counted >= _LEAST_CUSTOMERS

    @property
    def figures(self) -> tuple[tuple[str, float, float], ...]:
        """Name, amount and weight of every factor, in the order of the acronym."""
        rice = self.rice
        return (
            ("reach", self.reach.customers, 1.0),
            ("impact", rice.impact, 1.0),
            ("confidence", rice.confidence, 1.0),
            ("effort", rice.effort, -1.0),
        )

    @property
    def n(self) -> int:
        """The customers its reach was counted from; where it is declared the one estimate that all rests on."""
        return 1 if self.reach.counted is None else self.reach.counted


def rice_scores(scoring: Scoring, todo: Sequence[Todo], *, scorer: str, top: int, draws: int) -> list[Score]:
    """One score an opportunity, in the order given; those without estimates, or without a reach, say why."""
    estimates: dict[Subject, _Estimate] = {}
    scores: dict[Subject, Score] = {}
    for subject, touchpoint, opportunity in todo:
        rice = opportunity.rice
        found: _Reach | str = "no-rice" if rice is None else _reach(scoring, touchpoint, rice)
        if rice is None or isinstance(found, str):
            scores[subject] = _without(scoring, subject, touchpoint, opportunity, scorer, str(found))
        else:
            estimates[subject] = _Estimate(
                subject=subject, touchpoint=touchpoint, opportunity=opportunity, rice=rice, reach=found
            )
    listed = list(estimates.values())
    drawn = _draws(scoring, listed, scorer, draws)
    # Without a measured reach nothing was drawn, and a share of equal draws would only look like a chance.
    doubted = any(estimate.reach.counted is not None for estimate in listed)
    first = among_first(drawn, [estimate.ranked for estimate in listed], top) if doubted else {}
    for i, estimate in enumerate(listed):
        scores[estimate.subject] = _score(scoring, estimate, drawn[:, i], scorer, top, first.get(i))
    return [scores[subject] for subject, *_ in todo]


def _reach(scoring: Scoring, touchpoint: Touchpoint, rice: Rice) -> _Reach | str:
    """The reach as it is declared, else as it is measured; a word for why it cannot be."""
    if rice.reach is not None:
        return _Reach(customers=rice.reach)
    seen = scoring.coverage
    if scoring.journey.case != "customer":
        return "reach-not-customers"
    if touchpoint.match is None:
        return "no-match-rule"
    counted = next((count.journeys for count in seen.touchpoints if count.id == touchpoint.id), None)
    if not counted or seen.first is None or seen.last is None:
        return "not-reached"
    until = max(seen.last, seen.observed_until or seen.last)
    days = (until - seen.first).total_seconds() / 86_400
    return (
        "short-log" if days < _LEAST_DAYS else _Reach(customers=counted * _QUARTER / days, counted=counted, days=days)
    )


def _draws(scoring: Scoring, estimates: Sequence[_Estimate], scorer: str, draws: int) -> Floats:
    """Draws of the value, (draws, estimates): a measured reach is a count of chance, estimates stand as they are."""
    columns = []
    rates: dict[str, Floats] = {}
    for estimate in estimates:
        counted, id = estimate.reach.counted, estimate.touchpoint.id
        column = np.full(draws, _value(estimate))
        if counted is not None:
            if id not in rates:
                # Jeffreys' posterior of a Poisson rate; a stream a touchpoint, whatever else is on the map.
                rates[id] = generator(scoring.seed, scorer, "rice", id).gamma(counted + 0.5, size=draws)
            column = column + np.log2(np.maximum(rates[id] / counted, FLOOR))
        columns.append(column)
    return np.stack(columns, axis=1) if columns else np.zeros((draws, 0))


def _value(estimate: _Estimate) -> float:
    return math.fsum(weight * math.log2(max(amount, FLOOR)) for _, amount, weight in estimate.figures)


def _score(scoring: Scoring, estimate: _Estimate, draws: Floats, scorer: str, top: int, first: float | None) -> Score:
    n, value = estimate.n, _value(estimate)
    components = [factor(name, raw, max(raw, FLOOR), weight, n) for name, raw, weight in estimate.figures]
    product = estimate.reach.customers * estimate.rice.impact * estimate.rice.confidence / estimate.rice.effort
    components.append(Component(name="rice", raw=product, scaled=product, weight=0.0, contribution=0.0, n=n))
    if first is not None:
        components.append(place(top, first, n))
    interval = None
    if estimate.reach.counted is not None:
        low, high = (float(q) for q in np.quantile(draws, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]))
        method = f"Monte Carlo over the measured reach (Poisson), {len(draws)} draws"
        interval = Interval(low=min(low, value), high=max(high, value), level=_LEVEL, method=method)
    return Score(
        subject=estimate.subject,
        scorer=scorer,
        value=value,
        unit=_UNIT,
        interval=interval,
        n=n,
        status="ok" if estimate.ranked else "low-n",
        reason=None if estimate.ranked else "few-customers-reached",
        components=tuple(components),
        method=RICE,
        evidence=tuple(_evidence(scoring, estimate)),
        explanation=_explained(estimate, value, product, interval, top, first),
    )


def _evidence(scoring: Scoring, estimate: _Estimate) -> Iterator[EvidenceRef]:
    if estimate.reach.counted is not None:
        yield from event_evidence(scoring, estimate.touchpoint)
    yield EvidenceRef(table="journey", sources=(scoring.journey.id,), rule=f"{estimate.subject.id}.rice", rows=1)


def _explained(
    estimate: _Estimate, value: float, product: float, interval: Interval | None, top: int, first: float | None
) -> str:
    rice, reach = estimate.rice, estimate.reach
    text = (
        f"Priority of {estimate.opportunity.title!r} at {estimate.touchpoint.title} is {value:.2f}, which is log2 of its RICE "
        f"score {product:,.4g}: reach {reach.customers:,.0f} customers a quarter x impact {rice.impact:g} x confidence "
        f"{percent(rice.confidence)} / effort {rice.effort:g} person-months"
    )
    if interval is not None:
        text += f" ({100 * interval.level:.0f} % interval {interval.low:.2f} to {interval.high:.2f})"
    if small := [name for name, amount, _ in estimate.figures if amount < FLOOR]:
        text += f"; {' and '.join(small)} below {FLOOR:g} is taken for {FLOOR:g}"
    if reach.counted is None:
        text += ". All of it is estimated by people, none of it measured; n counts this one estimate"
    else:
        text += (
            f". Its reach is measured: {reach.counted:,} customers in {reach.days:,.0f} days, taken for a steady stream of "
            "new ones; the rest is estimated by people and taken as it stands"
        )
    if first is not None:
        text += f". It is among the first {top} in {percent(first)} of the draws over the reach that is measured"
    elif not estimate.ranked:
        text += ". It rests on too little to be ranked"
    if estimate.opportunity.impact or estimate.opportunity.effort:
        text += ". The words the map has for its impact and effort are an order, not amounts, and no part of the figure"
    return f"{text}. One more is twice as much."


def _without(
    scoring: Scoring, subject: Subject, touchpoint: Touchpoint, opportunity: Opportunity, scorer: str, reason: str
) -> Score:
    declared = EvidenceRef(table="journey", sources=(scoring.journey.id,), rule=f"{subject.id}.rice", rows=0)
    # That nobody came is what the events say, not the map.
    asked = event_evidence(scoring, touchpoint) if reason == "not-reached" else ()
    return Score(
        subject=subject,
        scorer=scorer,
        value=None,
        unit=_UNIT,
        n=0,
        status="not-estimable",
        reason=reason,
        method=RICE,
        evidence=(*asked, declared),
        explanation=f"The priority of {opportunity.title!r} at {touchpoint.title} cannot be estimated: {_REASONS[reason]}.",
    )
