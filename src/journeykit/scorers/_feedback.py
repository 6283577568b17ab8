"""Feedback tied to touchpoints: negative shares and customer effort, resampled by customer."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import Feedback
from journeykit.model import Condition, Journey, Match, Touchpoint

__all__ = ["Voice", "about", "voices"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Feedback counts as negative in the lower 40 % of its scale: 1 or 2 stars of 5, 0 to 4 of 10.
_NEGATIVE = 0.4


@frozen(kw_only=True, eq=False)
class Voice:
    """Scores on their scale (0 to 1, ascending towards "good") and the customer (a number) each was given by."""

    score: Floats
    customer: Ints

    def negative(self, weights: Floats) -> Floats:
        """The share of scores in the lower 40 % of their scale, a row of customer weights."""
        return self._mean((self.score <= _NEGATIVE + 1e-12).astype(np.float64), weights)

    def effort(self, weights: Floats) -> Floats:
        """1 minus the mean place on the scale, a row of customer weights: CES asks whether it was easy."""
        return self._mean(1.0 - self.score, weights)

    def _mean(self, values: Floats, weights: Floats) -> Floats:
        drawn = weights[:, self.customer]
        total = drawn.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, drawn @ values / total, np.nan)


def about(journey: Journey) -> dict[str, str]:
    """What feedback may be about, and the touchpoint that means: its id, an event it names, or a channel of its own alone.

    An id wins over an event name, an event name over a channel. What would point at two touchpoints points at none.
    """
    ways: list[dict[str, set[str]]] = [{}, {}, {}]
    for touchpoint in journey.touchpoints():
        for way, names in zip(ways, ([touchpoint.id], _named_events(touchpoint), touchpoint.channels), strict=True):
            for name in names:
                way.setdefault(name, set()).add(touchpoint.id)
    found: dict[str, str] = {}
    for way in ways:
        for name, ids in way.items():
            if len(ids) == 1:
                found.setdefault(name, next(iter(ids)))
    return found


def _named_events(touchpoint: Touchpoint) -> list[str]:
    return _names(touchpoint.match) if touchpoint.match is not None else []


def _names(rule: Match) -> list[str]:
    # A rule that also looks at other columns claims only some of those events, so the name alone does not point here.
    if rule.any:
        return [name for part in rule.any for name in _names(part)]
    if rule.event is None or rule.where:
        return []
    return _values(rule.event)


def _values(test: Condition) -> list[str]:
    if test.op == "eq":
        return [str(test.value)]
    if test.op == "in":
        return [str(value) for value in test.value]
    return []


def voices(feedback: Feedback, journey: Journey) -> tuple[dict[str, Voice], dict[str, Voice], int]:
    """Ratings and CES a touchpoint id, and the number of distinct customers behind all of them.

    NPS speaks of the whole relation, never of one touchpoint, and is left out. A row without a customer is its own.
    """
    columns = feedback.table.columns
    if not {"about", "score", "kind"} <= set(columns):
        return {}, {}, 0
    targets = about(journey)
    customer = "customer" if "customer" in columns else "NULL"
    cursor = feedback.table.cursor()
    relation = feedback.table.relation(cursor)
    rows = relation.filter("score IS NOT NULL AND about IS NOT NULL AND kind <> 'nps'").project(
        f"about, kind, score, scale_low, scale_high, {customer} AS customer"
    )
    ratings: dict[str, list[tuple[float, int]]] = {}
    efforts: dict[str, list[tuple[float, int]]] = {}
    numbers: dict[Any, int] = {}
    for i, (name, kind, score, low, high, who) in enumerate(rows.fetchall()):
        target = targets.get(name)
        if target is None or low is None or high is None:
            continue
        number = numbers.setdefault((i,) if who is None else who, len(numbers))
        into = efforts if kind == "ces" else ratings
        into.setdefault(target, []).append(((score - low) / (high - low), number))
    return _voices(ratings), _voices(efforts), len(numbers)


def _voices(rows: dict[str, list[tuple[float, int]]]) -> dict[str, Voice]:
    return {
        target: Voice(score=np.array([s for s, _ in found]), customer=np.array([c for _, c in found], dtype=np.int64))
        for target, found in rows.items()
    }
