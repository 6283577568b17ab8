"""A small shop's map and logs in one line: ``log({"home cart order": 30})`` is thirty customers on that path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from journeykit import api
from journeykit.evidence import EventLog
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint, Transition

START = datetime(2026, 3, 1, tzinfo=UTC)

MakeLog = Callable[..., EventLog]
MakeMap = Callable[..., Journey]


@pytest.fixture(scope="session")
def log() -> MakeLog:
    """A log of paths and how many customers take each, a minute between events, everybody long done at its end."""

    def make(paths: Mapping[str, int], *, observed_for: timedelta = timedelta(days=60), **columns: Any) -> EventLog:
        rows = [
            (f"c{number}-{path}", START + timedelta(minutes=minute), event)
            for path, customers in paths.items()
            for number in range(customers)
            for minute, event in enumerate(path.split())
        ]
        types = {"customer": pa.string(), "time": pa.timestamp("us", "UTC"), "event": pa.string()}
        data = {name: pa.array([row[i] for row in rows], type) for i, (name, type) in enumerate(types.items())}
        table = pa.table({**data, **{name: [make(row[2]) for row in rows] for name, make in columns.items()}})
        return api.read_events(table, observed_until=START + observed_for)

    return make


@pytest.fixture(scope="session")
def shop() -> MakeMap:
    """home, cart and pay in two stages, each claimed by the event of its name; success is ``order`` within a day."""

    def make(**changes: Any) -> Journey:
        rules = {"home": Match(event="home"), "cart": Match(event="cart"), "pay": Match(event="pay")}
        rules |= changes.pop("rules", {})
        first, *others = (Touchpoint(id=id, title=id, match=rule) for id, rule in rules.items())
        fields: dict[str, Any] = {
            "id": "shop",
            "title": "Shop",
            "outcome": Outcome(success=Match(event="order"), within=timedelta(days=1)),
            "stages": [
                Stage(id="look", title="Look", touchpoints=[first]),
                Stage(id="buy", title="Buy", touchpoints=others),
            ],
            "planned": [Transition(source="home", target="cart"), Transition(source="cart", target="pay")],
        }
        return Journey(**{**fields, **changes})

    return make
