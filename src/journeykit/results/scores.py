"""A score and everything needed to believe or doubt it; a scorecard of many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, Literal, overload

from attrs import frozen

from journeykit.errors import ArgumentError, UnknownNameError, one_of
from journeykit.results.records import Records
from journeykit.results.showing import cell_text, fit_text

__all__ = [
    "Component",
    "Coverage",
    "EvidenceRef",
    "Interval",
    "Move",
    "Score",
    "Scorecard",
    "Status",
    "Subject",
    "TouchpointCount",
]

# As many subjects are named where one is asked for that is not there.
_NAMED = 20
Status = Literal["ok", "low-n", "suppressed", "not-estimable"]


@frozen(kw_only=True)
class Subject:
    """What a score speaks of: ``kind`` is ``journey``, ``stage``, ``touchpoint``, ``kpi`` or a plugin's own word."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@frozen(kw_only=True)
class Interval:
    """An uncertainty interval at ``level`` (0.95 is 95 %), and the method that made it."""

    low: float
    high: float
    level: float = 0.95
    method: str

    def __str__(self) -> str:
        return f"{cell_text(self.low)} to {cell_text(self.high)} ({100 * self.level:.3g} %)"


@frozen(kw_only=True)
class Component:
    """One part of a score: ``raw`` as measured, ``scaled`` on the method's fixed anchors, ``contribution`` to the value."""

    name: str
    raw: float
    scaled: float
    weight: float
    contribution: float
    n: int


@frozen(kw_only=True)
class EvidenceRef:
    """A table a score was computed from, the rule that picked its rows, and how many rows that were (None: withheld)."""

    table: Literal["events", "feedback", "metrics", "customers", "journey"]
    sources: tuple[str, ...]
    rule: str | None = None
    rows: int | None


@frozen(kw_only=True)
class Score:
    """One figure about one subject.

    ``value`` is None exactly when ``status`` is ``suppressed`` or ``not-estimable``; ``reason`` then says why (as it does
    for ``low-n``). The contributions of ``components`` and ``baseline`` sum to ``value``. ``n`` counts what the score rests
    on (journeys, unless the explanation says otherwise); None is withheld, because it is small. ``p_value`` is set where the
    method tests a null hypothesis, adjusted over the scorer's subjects (Benjamini-Hochberg). ``method`` names the definition
    and its version.
    """

    subject: Subject
    scorer: str
    segment: str | None = None
    value: float | None
    unit: str
    interval: Interval | None = None
    p_value: float | None = None
    n: int | None
    status: Status
    reason: str | None = None
    baseline: float = 0.0
    components: tuple[Component, ...] = ()
    method: str
    evidence: tuple[EvidenceRef, ...] = ()
    explanation: str

    _shown_first: ClassVar[tuple[str, ...]] = (
        "scorer", "subject", "segment", "value", "unit", "interval", "p_value", "n", "status", "reason",
    )  # fmt: skip

    def __attrs_post_init__(self) -> None:
        if (self.value is None) != (self.status in ("suppressed", "not-estimable")):
            raise ArgumentError(f"a score with status {self.status!r} and value {self.value!r} contradicts itself")
        if self.status != "ok" and not self.reason:
            raise ArgumentError(f"a score with status {self.status!r} needs a reason")
        if self.n is None and self.status != "suppressed":
            raise ArgumentError(f"a score with status {self.status!r} says what it rests on: n is None")

    def _repr_html_(self) -> str:
        from journeykit.results._scorecard_html import score_html  # noqa: PLC0415

        return score_html(self)


@frozen(kw_only=True)
class TouchpointCount:
    """How often a touchpoint was seen, over every journey of the log that is on the map, open ones included.

    ``events`` are the rows its rule claimed, ``journeys`` the cases that have one, ``on_board`` the cases whose furthest
    touchpoint in the order of the map is this one or a later one. All three are None, withheld, at a touchpoint that few came
    to (`journeykit.results.small_groups`); in what is counted none is.
    """

    id: str
    events: int | None
    journeys: int | None
    on_board: int | None


@frozen(kw_only=True)
class Move:
    """How often ``target`` directly follows ``source`` on the map, what no touchpoint claims left out.

    ``source`` None is the start of a journey, ``target`` None its end (the success, where no touchpoint claims it; of an open
    journey the last thing seen so far). ``count`` is how often, ``journeys`` in how many cases.
    """

    source: str | None
    target: str | None
    count: int
    journeys: int


@frozen(kw_only=True)
class Coverage:
    """What the map made of the log: every row and every case is in exactly one of the sums.

    ``events`` = ``claimed`` + ``unclaimed``; ``cases`` = ``journeys`` + ``off_map`` (cases that no touchpoint and no outcome
    claims); touchpoints that are withheld claim nothing here, and where the rows left over would tell how many are theirs,
    ``events`` and ``unclaimed`` are None; ``journeys`` = ``closed`` + ``open``; ``converted`` are closed journeys with
    success inside the window, ``abandoned`` closed journeys that gave up and did not convert. Times are UTC. ``moves`` are
    what directly follows what, over every journey on the map and up to its end, in the order of the map; ``withheld_moves``
    is how many of them are left out, because few journeys made them; the numbers of the others are then multiples of
    ``moves_rounded_to``.
    """

    events: int | None
    claimed: int
    unclaimed: int | None
    cases: int
    journeys: int
    off_map: int
    closed: int
    open: int
    converted: int
    abandoned: int
    late: int
    first: datetime | None
    last: datetime | None
    observed_until: datetime | None
    tie_rule: str
    ties: int
    touchpoints: tuple[TouchpointCount, ...]
    unclaimed_events: tuple[tuple[str, int], ...] = ()
    moves: tuple[Move, ...] = ()
    withheld_moves: int = 0
    moves_rounded_to: int | None = None


@frozen(kw_only=True)
class Scorecard:
    """All scores of one journey on one body of evidence, and what the counting saw.

    ``cards["checkout"]`` are the scores of one subject, ``cards["checkout", "friction"]`` is one score (`UnknownNameError`
    where there is none), ``cards.top("friction", 5)`` the highest that rest on enough data. ``floor`` is the smallest group
    whose figures it shows: what rests on fewer (but not on none) is withheld; 1 withholds nothing.
    """

    journey: str
    version: str | None = None
    coverage: Coverage
    scores: Records[Score]
    seed: int
    floor: int = 1

    def __iter__(self) -> Iterator[Score]:
        return iter(self.scores)

    def __len__(self) -> int:
        return len(self.scores)

    @overload
    def __getitem__(self, key: str) -> tuple[Score, ...]: ...
    @overload
    def __getitem__(self, key: tuple[str, str]) -> Score: ...
    def __getitem__(self, key: str | tuple[str, str]) -> Score | tuple[Score, ...]:
        if isinstance(key, str):
            found = tuple(score for score in self.scores if score.subject.id == key)
            if found:
                return found
        else:
            for score in self.scores:
                if (score.subject.id, score.scorer) == key and score.segment is None:
                    return score
        raise UnknownNameError(self._absent(key))

    def _absent(self, key: object) -> str:
        """What there is in place of a key that nothing has."""
        subjects = list(dict.fromkeys(score.subject.id for score in self.scores))
        id, scorer = key if isinstance(key, tuple) and len(key) == 2 else (key, None)
        if not subjects:
            return f"no score of {id!r}: this scorecard holds none"
        if id not in subjects:
            more = f" and {len(subjects) - _NAMED} more" if len(subjects) > _NAMED else ""
            return f"no score of {id!r}; this scorecard has {', '.join(map(repr, subjects[:_NAMED]))}{more}"
        whole = dict.fromkeys(s.scorer for s in self.scores if s.subject.id == id and s.segment is None)
        return f"no score {scorer!r} of {id!r}; there is {one_of(list(map(repr, whole))) or 'none that speaks of everyone'}"

    def top(self, scorer: str, n: int = 5) -> tuple[Score, ...]:
        """The n highest scores of one scorer, highest first; only those with status ``ok``. Ties keep the map's order.

        Scores of a segment and of the journey as a whole are not ranked.
        """
        if scorer not in {score.scorer for score in self.scores}:
            known = ", ".join(dict.fromkeys(score.scorer for score in self.scores)) or "none"
            raise ArgumentError(f"no scorer {scorer!r} on this scorecard; it has {known}")
        # The score of the whole journey has a unit of its own and nothing to be ranked among.
        own = [s for s in self.scores if s.scorer == scorer and s.segment is None and s.subject.kind != "journey"]
        ranked = [s for s in own if s.status == "ok"]
        return tuple(sorted(ranked, key=lambda score: -(score.value or 0.0))[:n])

    def to_arrow(self) -> Any:
        """The scores as a ``pyarrow.Table``, one row a score; `MissingLibraryError` without pyarrow."""
        return self.scores.to_arrow()

    def to_polars(self) -> Any:
        """The scores as a ``polars.DataFrame``, one row a score; `MissingLibraryError` without polars."""
        return self.scores.to_polars()

    def to_pandas(self) -> Any:
        """The scores as a ``pandas.DataFrame``, one row a score; `MissingLibraryError` without pandas."""
        return self.scores.to_pandas()

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        from journeykit.results._scorecard_html import scorecard_html  # noqa: PLC0415

        scorers = ", ".join(dict.fromkeys(score.scorer for score in self.scores)) or "none"
        plain = f"Scorecard of {self.journey}: {len(self)} scores ({scorers}) on {self.coverage.journeys:,} journeys"
        return {"text/html": scorecard_html(self), "text/plain": fit_text(plain)}
