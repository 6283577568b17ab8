"""Small worlds to score on: a map, and what invented customers did and said, from plenty of data to none.

`events` and `feedback` make tables from plain rows, for tests of your own.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from attrs import evolve, frozen

from journeykit.evidence import EventLog, Evidence, Feedback, Metrics, RawTable
from journeykit.evidence.canonical import canonical
from journeykit.evidence.engines.duckdb import Database
from journeykit.evidence.reading.loading import TextLoader
from journeykit.measures import trace
from journeykit.model import (
    Emotion,
    Journey,
    Kpi,
    Match,
    Moment,
    Objective,
    Opportunity,
    Outcome,
    Pain,
    Persona,
    Stage,
    Touchpoint,
)
from journeykit.protocols import Scoring

__all__ = ["World", "events", "feedback", "journey", "metrics", "worlds"]

_START = datetime(2024, 3, 1, tzinfo=UTC)
_STEPS = ("ad", "search", "cart", "pay")
_DAYS = 7
Row = Mapping[str, Any]


@frozen(kw_only=True)
class World:
    """A map and its evidence, under a name that says what is special about it."""

    name: str
    journey: Journey
    evidence: Evidence

    def scoring(self, seed: int = 0) -> Scoring:
        """What a scorer gets to read of this world; the evidence must hold events."""
        if self.evidence.events is None:
            raise ValueError(f"the world {self.name!r} holds no events, so nothing can be scored on it")
        seen = trace(self.evidence.events, self.journey)
        return Scoring(
            journey=self.journey, evidence=self.evidence, paths=seen.paths, coverage=seen.coverage, seed=seed
        )

    def customers(self) -> tuple[str, ...]:
        """The ids of its customers, which no result may show."""
        tables = [self.evidence.events, self.evidence.feedback]
        found: dict[str, None] = {}
        for table in tables:
            if table is not None and "customer" in table.columns:
                cursor = table.table.cursor()
                ids = table.table.relation(cursor).project("customer").distinct().order("customer").fetchall()
                found.update(dict.fromkeys(id for (id,) in ids if id is not None))
        return tuple(found)


def events(rows: Sequence[Row], *, observed_until: datetime | None = None) -> EventLog:
    """An event log from rows such as ``{"customer": "ann", "time": datetime(..., tzinfo=UTC), "event": "pay"}``."""
    return canonical(_raw(rows, ("customer", "time", "event")), "events", observed_until=observed_until, format="rows")


def feedback(rows: Sequence[Row], *, scale: tuple[float, float] = (1, 5)) -> Feedback:
    """Feedback from rows of ``customer``, ``time``, ``about``, ``kind`` and ``score``, all scores on one scale."""
    raw = _raw(rows, ("customer", "time", "about", "kind", "score"))
    return canonical(raw, "feedback", scale=scale, format="rows")


def metrics(rows: Sequence[Row]) -> Metrics:
    """Metrics from rows of ``kpi``, ``time`` and ``value``."""
    return canonical(_raw(rows, ("kpi", "time", "value")), "metrics", format="rows")


def _raw(rows: Sequence[Row], least: Sequence[str]) -> RawTable:
    database = Database()
    loader = TextLoader(database)
    columns = list(dict.fromkeys([*least, *(name for row in rows for name in row)]))
    loader.start(columns)
    for record, row in enumerate(rows, start=1):
        loader.add(0, record, record, [_text(row.get(name)) for name in columns])
    table = loader.table()
    return RawTable(table=table, rows_in=len(rows), files=("rows",), untyped=frozenset(columns))


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def journey() -> Journey:
    """The map of these worlds: four touchpoints that events reach, one that none can, one that none does, and all claims."""
    claim: dict[str, Any] = {"basis": "assumed", "as_of": date(2024, 2, 1)}
    touchpoints = {
        step: Touchpoint(
            id=step,
            title=step.capitalize(),
            channels=["web"],
            match=Match(event=step),
            emotions=[Emotion(valence=valence, persona=persona, **claim) for persona, valence in moods.items()],
            pains=[Pain(text=f"{step} takes long", severity=2, **claim)],
            opportunities=[Opportunity(title=f"Shorten {step}", impact="high", effort="low", objective="more-orders")],
            kpis=["orders"] if step == "pay" else [],
        )
        for step, moods in zip(
            _STEPS,
            ({"ann": 0.5, "bob": 0.0}, {"ann": 1.0, "bob": -0.5}, {"ann": -1.5, "bob": -2.0}, {"ann": 1.5, "bob": 1.0}),
            strict=True,
        )
    }
    touchpoints["cart"] = evolve(touchpoints["cart"], moment=Moment(kind="decision", why="Shipping is shown", **claim))
    call = Touchpoint(id="call", title="Calls the shop")
    parcel = Touchpoint(id="parcel", title="Opens the parcel", match=Match(event="parcel opened"))
    return Journey(
        id="first-order",
        title="First order",
        outcome=Outcome(success=Match(event="order"), abandon=Match(event="account closed"), within=timedelta(days=_DAYS)),
        personas=[Persona(id="ann", name="Ann"), Persona(id="bob", name="Bob")],
        kpis=[
            Kpi(id="orders", name="Orders a day", unit="orders", source="orders"),
            Kpi(id="satisfaction", name="Satisfaction", direction="higher"),
        ],
        objectives=[
            Objective(
                id="more-orders",
                statement="More orders",
                kpi="orders",
                baseline=10,
                target=20,
                start=date(2024, 1, 1),
                due=date(2024, 12, 31),
                owner="shop",
            )
        ],
        stages=[
            Stage(id="find", title="Find", touchpoints=[touchpoints["ad"], touchpoints["search"]]),
            Stage(id="buy", title="Buy", objectives=["more-orders"], touchpoints=[touchpoints["cart"], call, touchpoints["pay"]]),
            Stage(id="use", title="Use", touchpoints=[parcel]),
        ],
    )  # fmt: skip


Ending = Literal["mixed", "all", "none"]


def _log(customers: int, *, orders: Ending = "mixed", start: datetime = _START) -> list[Row]:
    """Customers who wander over the map, repeat and turn back; about half of them order, sooner where they did not repeat."""
    chance = random.Random(20240301)  # noqa: S311 - invented customers, not secrets
    rows: list[Row] = []
    for number in range(customers):
        # Ids that cannot stand in an explanation by chance.
        id = f"qx{number:04d}-zv@example.org"
        at = start + timedelta(minutes=17 * (number % 200), seconds=number)
        steps = [step for step in _STEPS if chance.random() < 0.8] or ["search"]
        if chance.random() < 0.3:
            steps.insert(chance.randrange(len(steps)), chance.choice(_STEPS))
        likely = 0.75 if len(set(steps)) == len(steps) else 0.35
        won = chance.random() < likely if orders == "mixed" else orders == "all"
        for step in [*steps, *(["order"] if won else []), *(["newsletter"] if number % 5 == 0 else [])]:
            rows.append({"customer": id, "time": at, "event": step, "channel": "web"})
            at += timedelta(seconds=chance.randrange(5, 4000))
        if not won and number % 7 == 0:
            rows.append({"customer": id, "time": at, "event": "account closed", "channel": "web"})
    return rows


def _said(rows: Iterable[Row]) -> list[Row]:
    seen = [row for row in rows if row["event"] in _STEPS]
    kinds = ("rating", "ces", "csat")
    return [
        {
            "customer": row["customer"],
            "time": row["time"],
            "about": row["event"],
            "kind": kinds[number % 3],
            "score": 1 + (number * 7) % 5,
        }
        for number, row in enumerate(seen)
        if number % 2 == 0
    ]


def worlds() -> Iterator[World]:
    """Worlds from plenty of data to none at all; the same ones every time."""
    full, plain = journey(), _log(400)
    later = _START + timedelta(days=60)
    watched = events(plain, observed_until=later)
    days = [_START + timedelta(days=day) for day in range(30)]
    figures = metrics([{"kpi": "orders", "time": day, "value": 10 + day.day % 5} for day in days])
    everything = Evidence(events=watched, feedback=feedback(_said(plain)), metrics=figures)
    yield World(name="plenty", journey=full, evidence=everything)
    yield World(name="events alone", journey=full, evidence=Evidence(events=watched))
    yield World(name="no outcome", journey=evolve(full, outcome=None), evidence=everything)
    few = events(_log(3), observed_until=later)
    yield World(name="three customers", journey=full, evidence=Evidence(events=few))
    everyone = events(_log(60, orders="all"), observed_until=later)
    yield World(name="everyone orders", journey=full, evidence=Evidence(events=everyone))
    nobody = events(_log(60, orders="none"), observed_until=later)
    yield World(name="nobody orders", journey=full, evidence=Evidence(events=nobody))
    young = events([{**row, "event": "cart"} for row in _log(40)])
    yield World(name="all open", journey=full, evidence=Evidence(events=young))
    strange = events([{**row, "event": f"x-{row['event']}"} for row in _log(40)], observed_until=later)
    yield World(name="nothing on the map", journey=full, evidence=Evidence(events=strange))
    once = events([row for number, row in enumerate(_log(40)) if number % 4 == 0], observed_until=later)
    yield World(name="hardly any path", journey=full, evidence=Evidence(events=once))
    empty = Evidence(events=events([]), feedback=feedback([]), metrics=metrics([]))
    yield World(name="empty log", journey=full, evidence=empty)
    yield World(name="empty map", journey=Journey(id="bare", title="Bare"), evidence=everything)
    mute = Journey(
        id="mute",
        title="Mute",
        outcome=full.outcome,
        stages=[Stage(id="only", title="Only", touchpoints=[Touchpoint(id="call", title="Calls the shop")])],
    )
    yield World(name="a map without rules", journey=mute, evidence=everything)
