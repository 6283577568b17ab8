"""Feedback tied to touchpoints: negative shares and customer effort, resampled by customer."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import Feedback
from journeykit.measures import NEGATIVE, about
from journeykit.model import Journey

__all__ = ["Voice", "voices"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@frozen(kw_only=True, eq=False)
class Voice:
    """Scores on their scale (0 to 1, ascending towards "good") and the customer (a number) each was given by."""

    score: Floats
    customer: Ints

    def negative(self, weights: Floats) -> Floats:
        """The share of scores in the lower 40 % of their scale, a row of customer weights."""
        return self._mean((self.score <= NEGATIVE + 1e-12).astype(np.float64), weights)

    def effort(self, weights: Floats) -> Floats:
        """1 minus the mean place on the scale, a row of customer weights: CES asks whether it was easy."""
        return self._mean(1.0 - self.score, weights)

    def _mean(self, values: Floats, weights: Floats) -> Floats:
        drawn = weights[:, self.customer]
        total = drawn.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(total > 0, drawn @ values / total, np.nan)


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
