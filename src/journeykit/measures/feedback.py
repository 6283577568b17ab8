"""What customers said: answers counted by kind and scale, in all and about each touchpoint of a map."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from attrs import field, frozen

from journeykit.evidence import Feedback
from journeykit.evidence.engines.duckdb import identifier
from journeykit.inference import wilson
from journeykit.model import Condition, Journey, Match, Touchpoint
from journeykit.results import Interval, Records

__all__ = ["NEGATIVE", "Said", "about", "said"]

# A score is negative in the lower 40 % of its scale: 1 or 2 stars of 5, 0 to 4 of 10.
NEGATIVE = 0.4
_NPS_SCALE = (0.0, 10.0)
_KINDS = ("nps", "csat", "ces", "rating", "comment", "other")
_BATCH = 10_000
_COLUMNS = ("about", "kind", "scale_low", "scale_high", "score", "customer")


@frozen(kw_only=True)
class Said:
    """The answers of one ``kind`` on one scale: about one ``touchpoint`` (its id), or all of them (None).

    ``scale_low`` and ``scale_high`` are None for answers without a score (comments), which have no figures. ``answers``
    counts the rows, ``customers`` the distinct customers they name, ``tied`` the rows that are about a touchpoint.
    ``mean`` is the mean score on that scale. ``negative`` is the share of scores in the lower 40 % of the scale (score <=
    low + .4 (high - low)), with Wilson's 95 % ``interval``, which takes the answers as independent. ``nps`` is, for kind
    ``nps`` on its scale of 0 to 10, 100 (share of 9 and 10 - share of 0 to 6), from -100 to 100; NPS has no ``negative``.
    """

    kind: str
    touchpoint: str | None
    scale_low: float | None
    scale_high: float | None
    answers: int
    customers: int
    tied: int
    mean: float | None
    negative: float | None
    interval: Interval | None
    nps: float | None


def said(feedback: Feedback, journey: Journey) -> Records[Said]:
    """What the feedback says: first each kind and scale over all answers, then about each touchpoint in map order.

    Scales are never mixed: a kind that was asked on two scales has two records. `about` says which touchpoint an answer
    is about; NPS speaks of the whole relation and is not broken down. Records are found by
    ``found["rating", "cart", 1.0, 5.0]`` (kind, touchpoint or None, scale).
    """
    targets = about(journey)
    groups: dict[tuple[str, str | None, float | None, float | None], _Tally] = {}
    for name, kind, low, high, score, customer, rows in _rows(feedback):
        scale = (low, high) if score is not None else (None, None)
        target = targets.get(name) if name is not None else None
        for subject in (None,) if target is None or kind == "nps" else (None, target):
            groups.setdefault((kind, subject, *scale), _Tally()).add(score, customer, rows, tied=target is not None)
    places = {None: -1} | {touchpoint.id: i for i, touchpoint in enumerate(journey.touchpoints())}

    def place(key: tuple[str, str | None, float | None, float | None]) -> tuple[int, int, str, float, float]:
        kind, subject, low, high = key
        return places[subject], _KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind, low or 0.0, high or 0.0

    records = [groups[key].said(*key) for key in sorted(groups, key=place)]
    return Records(records, kind=Said, key=("kind", "touchpoint", "scale_low", "scale_high"))


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


@frozen(kw_only=True, eq=False)
class _Tally:
    scores: Counter[float] = field(factory=Counter)
    customers: set[str] = field(factory=set)
    # The rows, and those of them that are about a touchpoint.
    counts: Counter[str] = field(factory=Counter)

    def add(self, score: float | None, customer: str | None, rows: int, *, tied: bool) -> None:
        self.counts["rows"] += rows
        self.counts["tied"] += rows * tied
        if score is not None:
            self.scores[score] += rows
        if customer is not None:
            self.customers.add(customer)

    def said(self, kind: str, touchpoint: str | None, low: float | None, high: float | None) -> Said:
        n = self.counts["rows"]
        mean = negative = interval = nps = None
        if low is not None and high is not None:
            # fsum: the mean must not depend on the order in which the engine hands out the rows.
            mean = math.fsum(score * rows for score, rows in self.scores.items()) / n
            if kind != "nps":
                bad = self._count(score for score in self.scores if (score - low) / (high - low) <= NEGATIVE + 1e-12)
                negative, interval = bad / n, wilson(bad, n)
            elif (low, high) == _NPS_SCALE:
                promoters = self._count(score for score in self.scores if score >= 9)
                nps = 100 * (promoters - self._count(score for score in self.scores if score <= 6)) / n
        return Said(
            kind=kind,
            touchpoint=touchpoint,
            scale_low=low,
            scale_high=high,
            answers=n,
            customers=len(self.customers),
            tied=self.counts["tied"],
            mean=mean,
            negative=negative,
            interval=interval,
            nps=nps,
        )

    def _count(self, scores: Iterable[float]) -> int:
        return sum(self.scores[score] for score in scores)


_Row = tuple[str | None, str, float | None, float | None, float | None, str | None, int]


def _rows(feedback: Feedback) -> Iterator[_Row]:
    """Equal answers of one customer as one row with their number."""
    present = feedback.table.columns
    wanted = ", ".join(name if name in present else f"NULL AS {name}" for name in _COLUMNS)
    cursor = feedback.table.cursor()
    cursor.execute(f"SELECT {wanted}, count(*) FROM {identifier(feedback.table.name)} GROUP BY ALL")  # noqa: S608
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


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
