"""The verbs on Spark: score, discover and check give what they give on DuckDB; rules claim the same rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import narwhals as nw
import pyarrow as pa
import pytest

import journeykit as jk
from journeykit import measures as m
from journeykit.evidence import EventLog
from journeykit.evidence.matching import claims, forget_engine
from journeykit.model import Condition, Journey, Match, Outcome, Stage, Touchpoint

RULES = {
    "home": Match(event="home"),
    "catalog": Match(
        event=Condition(op="in", value=("catalog", "größe")), where={"page": Condition(op="glob", value="/p/?")}
    ),
    "cart": Match(event="cart", where={"amount": Condition(op="ge", value=2), "flag": True}),
    "never": Match(event="homee"),
    "shadowed": Match(event="home", where={"channel": "web"}),
    "buy": Match(event="purchase"),
}


def journey(case: str = "customer") -> Journey:
    return Journey(
        id="shop",
        title="Shop",
        case=case,
        outcome=Outcome(success=Match(event="purchase"), abandon=Match(event="quit"), within=timedelta(days=2)),
        stages=[
            Stage(
                id="all",
                title="All",
                touchpoints=[Touchpoint(id=id, title=id.title(), match=rule) for id, rule in RULES.items()],
            )
        ],
    )


def scored(log: EventLog, case: str) -> Any:
    card = jk.score(journey(case), jk.Evidence(events=log), ("impact", "friction", "moments"), seed=3)
    return tuple(card), attrs.evolve(card.coverage, tie_rule="")


@pytest.mark.parametrize("case", ["customer", "session"])
def test_score(same, case):
    """Values, intervals and p values are the same: one seed draws the same journeys on both engines."""
    same(lambda log: scored(log, case))


def test_trace(same):
    """The paths of all journeys are the same arrays."""

    def arrays(log: EventLog) -> Any:
        paths = m.trace(log, journey()).paths
        return {a.name: list(getattr(paths, a.name)) for a in attrs.fields(m.Paths)}

    same(arrays)


def test_measures_on_the_map(same):
    """Drop-off, on board, backtrack and flows between touchpoints are the same."""
    same(
        lambda log: (
            tuple(m.drop_off(log, journey())),
            tuple(m.on_board(log, journey())),
            tuple(m.backtrack(log, journey())),
        )
    )
    same(lambda log: tuple(m.transitions(log, journey=journey(), by="channel")))


def test_discover(same):
    """The draft of a map is the same."""
    same(lambda log: jk.discover(log, title="Draft", outcome="purchase"))
    same(lambda log: jk.discover(log, title="Draft", case="session", max_touchpoints=4))


def test_check(same):
    """The findings are the same, among them a rule that another one shadows and a case column with holes."""
    same(lambda log: tuple(jk.check(journey(), jk.Evidence(events=log))))
    same(lambda log: tuple(jk.check(journey("page"), jk.Evidence(events=log))))


CELLS = pa.table(
    {
        "id": range(9),
        "event": ["a", "b", "é😀", "x/y\nz", "a.b*", "A", "", "ab", "aab"],
        "whole": [1, None, -5, 2**53 + 1, 0, 17, 3, 2, 1],
        "small": pa.array([1, None, -5, 100, 0, 17, 3, 2, 1], pa.int8()),
        "real": [1.5, None, float("nan"), 17.0, -0.0, 2.5, 1e300, 3.0, 0.1],
        "bool": [True, None, False, True, True, False, None, True, False],
        "text": ["17", None, "17.0", "true", "", "0.5", "%_", "a\\b", "Zürich"],
        "when": pa.array([0, None, *range(7)], pa.timestamp("us", tz="UTC")),
    }
)
C = Condition
TESTS = {
    "event": [
        C(op="eq", value="a"),
        C(op="in", value=("a", "é😀")),
        C(op="glob", value="a*"),
        C(op="glob", value="*b"),
        C(op="glob", value="?"),
        C(op="glob", value="é?"),
        C(op="glob", value="x*z"),
        C(op="glob", value="a.b*"),
        C(op="lt", value="b"),
        C(op="ge", value="é"),
        C(op="not", value=C(op="eq", value="a")),
    ],
    "whole": [
        C(op="eq", value=17),
        C(op="eq", value="17"),
        C(op="lt", value=2.5),
        C(op="gt", value=2**53),
        C(op="le", value=1e15),
        C(op="in", value=(1, 2, 3.0)),
        C(op="null", value=True),
        C(op="not", value=C(op="gt", value=1)),
    ],
    "small": [C(op="lt", value=1000), C(op="ge", value=-5.5), C(op="eq", value=1)],
    "real": [
        C(op="eq", value=17),
        C(op="lt", value=2.5),
        C(op="ge", value=0),
        C(op="null", value=True),
        C(op="null", value=False),
        C(op="not", value=C(op="lt", value=2)),
        C(op="in", value=(0, 1.5, "0.1")),
    ],
    "bool": [C(op="eq", value=True), C(op="in", value=(False, "true")), C(op="not", value=C(op="eq", value=True))],
    "text": [
        C(op="eq", value=17),
        C(op="eq", value=True),
        C(op="in", value=(0.5, "")),
        C(op="glob", value="%_"),
        C(op="glob", value="a\\*"),
        C(op="any", value=(C(op="eq", value="17"), C(op="null", value=True))),
        C(op="glob", value="*ü*"),
        C(op="all", value=(C(op="ge", value="1"), C(op="lt", value="2"))),
    ],
    "when": [C(op="null", value=True), C(op="null", value=False)],
}


def test_rules(spark):
    """Every kind of test on every type of column claims the rows on Spark that it claims on DuckDB."""
    events = {"customer": "u", "time": "2024-01-01T00:00:00Z"}
    table = CELLS.set_column(1, "event", pa.array([e or "_" for e in CELLS["event"].to_pylist()]))
    for name, value in events.items():
        table = table.append_column(name, pa.array([value] * len(table)))
    duck, there = jk.read_events(table), jk.read_events(spark.createDataFrame(table))
    tests = [(column, test) for column, some in TESTS.items() for test in some]
    rules = [Match(event=t) if c == "event" else Match(where={c: t}) for c, t in tests]
    cursor = duck.table.cursor()
    flags = {f"r{i}": claims(rule, duck.columns) for i, rule in enumerate(rules)}
    ours = nw.from_native(duck.table.relation(cursor)).with_columns(**flags).to_native().order("id")
    expected = ours.project(", ".join(["id", *flags])).fetchall()
    forget_engine()
    flags = {f"r{i}": claims(rule, there.columns) for i, rule in enumerate(rules)}
    theirs = nw.from_native(there.table.frame).with_columns(**flags).to_native().orderBy("id").select("id", *flags)
    actual = [tuple(row) for row in theirs.collect()]

    for i, test in enumerate(tests, start=1):
        assert (test, [row[i] for row in expected]) == (test, [row[i] for row in actual])
