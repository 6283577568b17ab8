"""Drafts of three real logs, against plain SQL on the raw files; drawn and saved like any map."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest

import journeykit as jk
from journeykit.evidence import EventLog
from journeykit.model import Condition, Journey, Match, Outcome


class Raw:
    """The raw rows as ``visit(case_, t, name)`` in the order of the file, asked in SQL."""

    def __init__(self, rows: str) -> None:
        self.con = duckdb.connect()
        self.con.execute(
            f"CREATE TABLE visit AS SELECT *, row_number() OVER (PARTITION BY case_ ORDER BY t, n) AS k FROM ({rows})"
        )

    def ask(self, sql: str) -> list[Any]:
        return self.con.execute(sql).fetchall()

    def reach(self) -> list[str]:
        """The names, the most reached first."""
        sql = "SELECT name FROM visit GROUP BY name ORDER BY count(DISTINCT case_) DESC, count(*) DESC, name COLLATE C"
        return [name for (name,) in self.ask(sql)]

    def flows(self) -> dict[tuple[str, str | None], Fraction]:
        """(name, next name or None at the end): share of the name's events."""
        sql = """SELECT name, after, count(*), sum(count(*)) OVER (PARTITION BY name)
            FROM (SELECT name, lead(name) OVER (PARTITION BY case_ ORDER BY k) AS after FROM visit) GROUP BY name, after"""
        return {(name, after): Fraction(int(count), int(total)) for name, after, count, total in self.ask(sql)}

    def medians(self, shown: Sequence[str]) -> dict[str, float]:
        """The median step of the names; all that are not shown are one."""
        marks = ", ".join("?" * len(shown))
        sql = f"""WITH first AS (
                SELECT case_, CASE WHEN name IN ({marks}) THEN name ELSE '*' END AS label, min(k) AS k FROM visit GROUP BY ALL)
            SELECT label, list(step) FROM (SELECT label, rank() OVER (PARTITION BY case_ ORDER BY k) AS step FROM first)
            GROUP BY label"""
        return {label: statistics.median(steps) for label, steps in self.con.execute(sql, list(shown)).fetchall()}


def names_of(draft: Journey) -> dict[str, str]:
    """Touchpoint id to event name; "Other" is *."""
    found = {}
    for touchpoint in draft.touchpoints():
        assert touchpoint.match is not None
        assert touchpoint.match.event is not None
        test = touchpoint.match.event
        found[touchpoint.id] = test.value if test.op == "eq" else "*"
    return found


def agrees(draft: Journey, raw: Raw, most: int, kept: Sequence[str] = ()) -> None:
    """The draft holds the most reached names in the order of their steps, and the main moves with their shares."""
    names = names_of(draft)
    shown = [name for name in names.values() if name != "*"]
    everything = raw.reach()
    room = most if len(everything) <= most else most - 1
    wanted = sorted(everything, key=lambda name: (name not in kept, everything.index(name)))[:room]
    medians = raw.medians(shown)
    along = [medians[name] for name in names.values()]
    flows = raw.flows()
    main: dict[tuple[str, str], float] = {}
    for name in shown:
        # Of moves by equally many, the one that comes first on the map is the strongest.
        place = list(names.values()).index
        moves = [
            (-share, place(after), after)
            for (n, after), share in flows.items()
            if n == name and after in shown and after != n
        ]
        for rank, (share, _, after) in enumerate(sorted(moves)):
            if -share >= (Fraction(1, 5) if rank else Fraction(1, 20)):
                main[name, after] = int(-share * 1000) / 1000

    assert set(wanted) == set(shown)
    assert sorted(along) == along
    assert main == {(names[move.source], names[move.target]): move.share for move in draft.planned}


def kept_and_drawn(
    draft: Journey, events: EventLog, folder: Path, scorers: Sequence[str] = ("friction",), floor: int = 10
) -> str:
    """The draft survives its file, no event is off the map, and the picture shows every title; the picture is returned."""
    card = jk.score(draft, jk.Evidence(events=events), scorers=scorers, floor=floor)
    picture = jk.render(draft, "swimlane", scores=card).body.decode()
    text = "".join(ET.fromstring(picture).itertext())
    words = {word for touchpoint in draft.touchpoints() for word in touchpoint.title.split()}

    assert draft == jk.load(jk.save(draft, folder / "map.journey.yaml"))
    assert (len(events), 0) == (card.coverage.claimed, card.coverage.unclaimed)
    assert [] == sorted(word for word in words if word not in text)
    return text


def test_running_example(shared_data: Path, tmp_path: Path) -> None:
    """The book's 42 events: every name a touchpoint, the directly-follows shares those of SQL, pay compensation the success."""
    file = shared_data / "xes_pm4py" / "running-example.csv"
    columns = {"customer": "case:concept:name", "event": "concept:name", "time": "time:timestamp"}
    events = jk.read_events(file, columns=columns)
    draft = jk.discover(events, title="Claims handling", outcome="pay compensation", floor=1)
    raw = Raw(
        f"""SELECT "case:concept:name" AS case_, "time:timestamp"::TIMESTAMPTZ AS t, "concept:name" AS name, column00::INT AS n
        FROM read_csv('{file}', all_varchar = true, normalize_names = false, names = ['column00', 'concept:name', 'org:resource',
        'time:timestamp', 'Activity', 'Resource', 'Costs', 'case:concept:name', 'case:creator'], header = true)"""
    )

    agrees(draft, raw, 15)
    assert Outcome(success=Match(event="pay compensation")) == draft.outcome
    assert [
        "register-request",
        "examine-casually",
        "check-ticket",
        "examine-thoroughly",
        "decide",
        "reinitiate-request",
    ] == [t.id for t in draft.touchpoints()][:6]
    assert {"reject-request", "pay-compensation"} == {t.id for t in draft.touchpoints()[6:]}
    assert "42 events of 6 customers between 2010-12-30 and 2011-01-24 in running-example.csv" in str(draft.scenario)
    kept_and_drawn(draft, events, tmp_path, floor=1)


def test_mobile_app(shared_data: Path, tmp_path: Path) -> None:
    """30,943 events of an app, with nanoseconds since 1970 as times: 14 names and the other four."""
    file = shared_data / "mobile_app" / "train_ns.csv"
    columns = {"customer": "user_pseudo_id", "event": "event_name", "time": "event_timestamp"}
    events = jk.read_events(file, columns=columns)
    success = Outcome(success=Match(event="passed"), within=timedelta(hours=1))
    draft = jk.discover(events, title="Onboarding", outcome=success)
    raw = Raw(
        f"""SELECT user_pseudo_id AS case_, event_timestamp // 1000 AS t, event_name AS name, row_number() OVER () AS n
        FROM read_csv('{file}', header = true)"""
    )

    agrees(draft, raw, 15, kept=["passed"])
    assert "Other (4 event names)" == draft["other"].title  # type: ignore[union-attr]
    assert "4,120 of 4,139 customers begin here (99.5 %)." == draft["onboarding-welcome-screen"].moment.why  # type: ignore[union-attr]
    assert "Impact" in kept_and_drawn(draft, events, tmp_path, ["friction", "impact"])


@pytest.mark.parametrize(
    ("event", "names", "first"),
    [
        ("Description", 4_459, "WHITE HANGING HEART T-LIGHT HOLDER"),
        ("StockCode", 4_031, "85123A"),
        (["StockCode", "Description"], 4_487, "85123A / WHITE HANGING HEART T-LIGHT HOLDER"),
    ],
)
def test_online_retail(shared_data: Path, tmp_path: Path, event: str | list[str], names: int, first: str) -> None:
    """Half a million order lines, whichever columns make the event: the most bought articles and "Other", in seconds."""
    file = shared_data / "online_retail" / "online_retail_2009_2010.parquet"
    columns = {"customer": "Customer ID", "event": event, "time": "InvoiceDate", "value": "Price", "case": "Invoice"}
    events = jk.read_events(file, columns=columns, tz="Europe/London")
    begun = time.perf_counter()
    draft = jk.discover(events, title="Online retail")
    spent = time.perf_counter() - begun
    joined = event if isinstance(event, str) else " || ' / ' || ".join(event)
    raw = Raw(
        f"""SELECT "Customer ID"::BIGINT::VARCHAR AS case_, InvoiceDate AS t, {joined} AS name, file_row_number AS n
        FROM read_parquet('{file}', file_row_number = true) WHERE "Customer ID" IS NOT NULL"""
    )

    agrees(draft, raw, 15)
    assert 107_927 == events.report.rows_rejected
    assert f"Other ({names - 14:,} event names)" == draft["other"].title  # type: ignore[union-attr]
    assert first in names_of(draft).values()
    assert "394," in str(draft.scenario)
    assert spent < 10
    kept_and_drawn(draft, events, tmp_path)


def test_online_retail_by_invoice(shared_data: Path) -> None:
    """Counted by invoice instead of by customer, the same lines are other journeys, and a rule is still exact."""
    file = shared_data / "online_retail" / "online_retail_2009_2010.parquet"
    columns = {"customer": "Customer ID", "event": "Description", "time": "InvoiceDate", "case": "Invoice"}
    events = jk.read_events(file, columns=columns, tz="Europe/London")
    draft = jk.discover(events, title="One order", case="case", max_touchpoints=6)
    other = next(t for t in draft.touchpoints() if t.title.startswith("Other"))

    assert "of 23,587 cases" in str(draft.scenario)
    assert isinstance(other.match, Match)
    assert isinstance(other.match.event, Condition)
    assert 5 == len(other.match.event.value.value)
    assert "case" == draft.case
