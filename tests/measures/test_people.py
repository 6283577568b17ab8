"""How many customers stand behind counts: by touchpoint and by event name, each customer once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

import journeykit as jk
from journeykit.evidence import EventLog
from journeykit.measures.people import common_names, customers
from journeykit.model import Journey, Match, Stage, Touchpoint

START = datetime(2026, 1, 1, tzinfo=UTC)


def log(rows: list[tuple[str, str, str]]) -> EventLog:
    frame = {
        "customer": [row[0] for row in rows],
        "session": [row[1] for row in rows],
        "event": [row[2] for row in rows],
        "time": [START + timedelta(minutes=i) for i in range(len(rows))],
    }
    return jk.read_events(pl.DataFrame(frame))


JOURNEY = Journey(
    id="m",
    title="M",
    case="session",
    stages=[
        Stage(
            id="s",
            title="S",
            touchpoints=[Touchpoint(id=id, title=id, match=Match(event=id)) for id in "abc"],
        )
    ],
)
ROWS = [(f"u{i % 12}", f"v{i}", "a") for i in range(40)] + [(f"u{i % 2}", f"v{i}", "b") for i in range(40)]


def test_customers_are_counted_once() -> None:
    """Forty visits of two people are two customers; a touchpoint that nobody came to has none."""
    assert {"a": 12, "b": 2, "c": 0} == customers(log(ROWS), JOURNEY)


def test_names_that_enough_customers_have() -> None:
    """A name is common from so many customers on, however often few repeat it; only those asked for are looked at."""
    events = log([*ROWS, ("u1", "v1", "rare")])

    assert frozenset({"a"}) == common_names(events, 10)
    assert frozenset({"a", "b"}) == common_names(events, 2)
    assert frozenset({"b"}) == common_names(events, 1, ["b", "nowhere"])
    assert frozenset() == common_names(events, 1, [])


def test_names_of_rows_that_nothing_claims() -> None:
    """Off a map a name belongs to those who have it in a row that no touchpoint claims."""
    half = Touchpoint(id="a", title="A", match=Match(event="a", where={"session": [f"v{i}" for i in range(39)]}))
    off = Journey(id="m", title="M", stages=[Stage(id="s", title="S", touchpoints=[half])])

    assert {"a": 1, "b": 2} == {name: n for n in (1, 2) for name in common_names(log(ROWS), n, off=off)}


def test_visits_of_few_people_are_withheld() -> None:
    """Where one journey is a visit, a touchpoint of two customers is withheld although they came forty times."""
    card = jk.score(JOURNEY, jk.Evidence(events=log(ROWS)), ["friction"])
    counts = {count.id: count.journeys for count in card.coverage.touchpoints}
    whole = jk.score(JOURNEY, jk.Evidence(events=log(ROWS)), ["friction"], floor=1)

    assert {"a": 40, "b": None, "c": 0} == counts
    assert {"a": 40, "b": 40, "c": 0} == {count.id: count.journeys for count in whole.coverage.touchpoints}
