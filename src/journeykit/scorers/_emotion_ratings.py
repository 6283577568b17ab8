"""What customers felt, as far as they said so: the ratings of each customer at each touchpoint, and whose persona they fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import Customers, Feedback
from journeykit.measures import about
from journeykit.model import Journey, Match

__all__ = ["KINDS", "Ratings", "ratings", "valence"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# NPS is a promise about the whole relation and CES asks about effort: neither is a feeling. What "other" asks, nobody knows.
KINDS = ("rating", "csat", "comment")
_NEEDED = {"about", "kind", "score", "scale_low", "scale_high"}


def valence(place: Any) -> Any:
    """A place on a scale (0 its low end, 1 its high end) as an emotional valence from -2 to +2."""
    return 4.0 * place - 2.0


@frozen(kw_only=True, eq=False)
class Ratings:
    """One entry a customer and touchpoint: the mean ``place`` (0 to 1) of that customer's ``answers`` there.

    ``customer`` numbers the ``customers`` customers, ``touchpoint`` is the position on the map. ``members`` says for a
    persona whose segment rule could be asked which customers it picks, ``unasked`` why another's could not.
    """

    customers: int
    customer: Ints
    touchpoint: Ints
    place: Floats
    answers: Ints
    members: Mapping[str, Bools]
    unasked: Mapping[str, str]

    def of(self, persona: str | None) -> Bools:
        """Which entries are of this persona's customers; every entry for None, none for a persona without members."""
        if persona is None:
            return np.ones(len(self.customer), dtype=np.bool_)
        picked = self.members.get(persona)
        return np.zeros(len(self.customer), dtype=np.bool_) if picked is None else picked[self.customer]

    def means(self, weights: Floats, size: int) -> Floats:
        """The mean valence at each of ``size`` touchpoints, a row of customer weights; NaN where nobody is drawn."""
        from scipy import sparse  # noqa: PLC0415  (late: scipy is slow to import)

        shape, at = (self.customers, size), (self.customer, self.touchpoint)
        total = np.asarray(weights @ sparse.csr_array((self.place, at), shape=shape))
        count = np.asarray(weights @ sparse.csr_array((np.ones(len(self.place)), at), shape=shape))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(valence(np.where(count > 0, total / count, np.nan)))

    def select(self, customers: Ints) -> Ratings:
        """Only these customers (ascending), numbered anew; memberships are not kept."""
        number = np.full(self.customers, -1, dtype=np.int64)
        number[customers] = np.arange(len(customers))
        kept = number[self.customer] >= 0
        return Ratings(
            customers=len(customers),
            customer=number[self.customer[kept]],
            touchpoint=self.touchpoint[kept],
            place=self.place[kept],
            answers=self.answers[kept],
            members={},
            unasked={},
        )


def ratings(feedback: Feedback | None, customers: Customers | None, journey: Journey) -> Ratings:
    """Every rating of one of `KINDS` that is about a touchpoint; a row without a customer is a customer of its own."""
    numbers: dict[Any, int] = {}
    found: list[tuple[int, int, float]] = []
    if feedback is not None and set(feedback.table.columns) >= _NEEDED:
        positions = {touchpoint.id: i for i, touchpoint in enumerate(journey.touchpoints())}
        targets = {name: positions[id] for name, id in about(journey).items()}
        for i, (name, score, low, high, who) in enumerate(_rows(feedback)):
            if name in targets and low < high:
                number = numbers.setdefault((i,) if who is None else who, len(numbers))
                found.append((number, targets[name], (score - low) / (high - low)))
    who_where = np.array([entry[:2] for entry in found], dtype=np.int64).reshape(-1, 2)
    size = max(1, len(journey.touchpoints()))
    cells, entry, answers = np.unique(who_where[:, 0] * size + who_where[:, 1], return_inverse=True, return_counts=True)
    total = np.bincount(entry, weights=[place for *_, place in found], minlength=len(cells))
    members, unasked = _members(customers, journey, numbers)
    return Ratings(
        customers=len(numbers),
        customer=cells // size,
        touchpoint=cells % size,
        place=total / np.maximum(answers, 1),
        answers=answers.astype(np.int64),
        members=members,
        unasked=unasked,
    )


def _rows(feedback: Feedback) -> list[tuple[str, float, float, float, str | None]]:
    who = "customer" if "customer" in feedback.table.columns else "NULL"
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    cursor = feedback.table.cursor()
    answered = feedback.table.relation(cursor).filter(f"score IS NOT NULL AND about IS NOT NULL AND kind IN ({kinds})")
    rows = answered.project(f"about, score, scale_low, scale_high, {who} AS customer")
    found: list[tuple[str, float, float, float, str | None]] = rows.fetchall()
    return found


def _members(
    customers: Customers | None, journey: Journey, numbers: Mapping[Any, int]
) -> tuple[dict[str, Bools], dict[str, str]]:
    members: dict[str, Bools] = {}
    unasked: dict[str, str] = {}
    for persona in journey.personas:
        if persona.segment is None:
            unasked[persona.id] = "the map gives the persona no segment rule"
        elif customers is None:
            unasked[persona.id] = "there is no table of customers to ask its segment rule of"
        elif wrong := _wrong(customers, persona.segment):
            unasked[persona.id] = f"its segment rule cannot be asked of the table of customers: {wrong}"
        else:
            picked = np.zeros(len(numbers), dtype=np.bool_)
            chosen = [numbers[who] for who in _picked(customers, persona.segment) if who in numbers]
            picked[chosen] = True
            members[persona.id] = picked
    return members, unasked


def _wrong(customers: Customers, rule: Match) -> str | None:
    from journeykit.evidence.matching import faults  # noqa: PLC0415  (late: narwhals is not needed without a rule)

    columns = customers.columns
    if absent := sorted(rule.columns() - set(columns)):
        return f"it has no column {' or '.join(map(repr, absent))}"
    return next((problem.message for problem in faults(rule, columns, "segment")), None)


def _picked(customers: Customers, rule: Match) -> list[str]:
    import narwhals as nw  # noqa: PLC0415  (late: narwhals is not needed without a rule)

    from journeykit.evidence.matching import claims, forget_engine  # noqa: PLC0415

    cursor = customers.table.cursor()
    relation = customers.table.relation(cursor)
    try:
        rule_holds = claims(rule, customers.columns)
        chosen = nw.from_native(relation).filter(rule_holds).select("customer").to_native()
        return [who for (who,) in chosen.fetchall()]
    finally:
        # Else DuckDB prints pages of "leaked" at exit; the measures say why.
        forget_engine()
