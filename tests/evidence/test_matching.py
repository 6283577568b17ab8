from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.errors import ArgumentError
from journeykit.evidence.matching import abandon, claims, faults, success, touchpoint_code
from journeykit.model import Condition, Journey, Match, Outcome, Stage, Touchpoint

COLUMNS = {
    "event": "VARCHAR",
    "n": "BIGINT",
    "small": "UTINYINT",
    "x": "DOUBLE",
    "price": "DECIMAL(8,2)",
    "flag": "BOOLEAN",
}
ARROW = pa.schema(
    [
        ("event", pa.string()),
        ("n", pa.int64()),
        ("small", pa.uint8()),
        ("x", pa.float64()),
        ("price", pa.decimal128(8, 2)),
        ("flag", pa.bool_()),
    ]
)
Row = dict[str, Any]

# Letters that patterns, regular expressions, orders by locale and line ends would each get wrong in their own way.
texts = st.one_of(
    st.text(st.sampled_from("ab*?./\\[($^\n\tÉé😀"), max_size=5),
    st.sampled_from(["17", "17.0", "0.5", "true", "True", "-3", "1e3", "abc\n"]),
)
whole = st.one_of(st.integers(-4, 20), st.sampled_from([2**53, 2**53 + 1, -(2**63), 2**63 - 1, 255, 256]))
real = st.one_of(st.sampled_from([0.0, -0.0, 0.5, 17.0, -3.0, 2.5, 1e300, 2.0**53, float(2**63)]), st.floats(-5, 20))
scalars = st.one_of(texts, whole, real.filter(lambda v: abs(v) < 2**63), st.booleans())
rows = st.lists(
    st.fixed_dictionaries(
        {
            "event": st.one_of(st.none(), texts),
            "n": st.one_of(st.none(), whole),
            "small": st.one_of(st.none(), st.integers(0, 255)),
            "x": st.one_of(st.none(), st.just(math.nan), real),
            "price": st.one_of(st.none(), st.sampled_from(["0.50", "17.00", "-3.00", "2.25"]).map(Decimal)),
            "flag": st.one_of(st.none(), st.booleans()),
        }
    ),
    min_size=1,
    max_size=6,
)


def conditions(column: str) -> st.SearchStrategy[Condition]:
    plain = [
        st.builds(Condition, st.just("eq"), scalars),
        st.builds(Condition, st.just("in"), st.lists(scalars, min_size=1, max_size=4).map(tuple)),
        st.builds(Condition, st.just("null"), st.booleans()),
    ]
    orders = st.sampled_from(["lt", "le", "gt", "ge"])
    if column == "event":
        plain += [st.builds(Condition, st.just("glob"), texts), st.builds(Condition, orders, texts)]
    elif column != "flag":
        plain.append(st.builds(Condition, orders, st.one_of(whole, real.filter(lambda v: abs(v) < 2**63))))
    return st.recursive(
        st.one_of(plain),
        lambda inner: st.one_of(
            st.builds(Condition, st.just("not"), inner),
            st.builds(Condition, st.sampled_from(["any", "all"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
        ),
        max_leaves=4,
    )


wheres = st.sampled_from(list(COLUMNS)).flatmap(lambda c: conditions(c).map(lambda test: {c: test}))
flat = st.lists(wheres, min_size=1, max_size=2).map(
    lambda some: Match(where={k: v for one in some for k, v in one.items()})
)
matches = st.one_of(
    flat,
    conditions("event").map(lambda test: Match(event=test)),
    st.lists(flat, min_size=1, max_size=3).map(lambda some: Match(any=some)),
)


# -- what a rule means, said plainly ---------------------------------------------------------------------------------------


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) else repr(float(value))


def glob(pattern: str, value: str) -> bool:
    if not pattern:
        return not value
    if pattern[0] == "*":
        return any(glob(pattern[1:], value[i:]) for i in range(len(value) + 1))
    return bool(value) and pattern[0] in ("?", value[0]) and glob(pattern[1:], value[1:])


def holds(test: Condition, value: Any) -> bool:
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    match test.op:
        case "null":
            return missing is test.value
        case "not":
            return not holds(test.value, value)
        case "any":
            return any(holds(part, value) for part in test.value)
        case "all":
            return all(holds(part, value) for part in test.value)
    if missing:
        return False
    match test.op:
        case "eq":
            return text_of(value) == text_of(test.value)
        case "in":
            return text_of(value) in [text_of(member) for member in test.value]
        case "glob":
            return glob(test.value, value)
        case "lt":
            return bool(value < test.value)
        case "le":
            return bool(value <= test.value)
        case "gt":
            return bool(value > test.value)
        case _:
            return bool(value >= test.value)


def claimed(rule: Match, row: Row) -> bool:
    if rule.any:
        return any(claimed(one, row) for one in rule.any)
    tests = [*rule.where.items(), *([("event", rule.event)] if rule.event is not None else [])]
    return all(holds(test, row[column]) for column, test in tests)


def answers(table: list[Row], expression: nw.Expr) -> dict[str, list[Any]]:
    """The expression's value on every row, by engine."""
    arrow = pa.Table.from_pylist(table, schema=ARROW)
    frames = {
        "pyarrow": arrow,
        "polars": pl.DataFrame(arrow),
        "pandas": arrow.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.uint8(): pd.UInt8Dtype()}.get),
        "pandas on arrow": arrow.to_pandas(types_mapper=pd.ArrowDtype),
    }
    found = {name: nw.from_native(frame).select(z=expression)["z"].to_list() for name, frame in frames.items()}
    with duckdb.connect() as connection:
        connection.register("events", arrow)
        lazy = nw.from_native(connection.table("events")).select(z=expression)
        found["duckdb"] = [value for (value,) in lazy.to_native().fetchall()]
    return found


@given(table=rows, rule=matches)
@settings(max_examples=100, deadline=None)
def test_engines(table: list[Row], rule: Match) -> None:
    """A rule claims the rows its plain meaning says, never null, on every engine."""
    expected = [claimed(rule, row) for row in table]

    for engine, actual in answers(table, claims(rule, COLUMNS)).items():
        assert expected == actual, engine


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("/checkout/*", "/checkout/pay/now", True),
        ("/checkout/*", "/checkout", False),
        ("*pay", "a\npay", True),
        ("abc", "abc\n", False),
        ("a*c", "abc\n", False),
        ("a?c", "a\nc", True),
        ("?", "😀", True),
        ("?", "", False),
        ("*", "", True),
        ("**a**", "bab", True),
        ("A", "a", False),
        ("[ab]", "a", False),
        ("[ab]?", "[ab]$", True),
        ("a.c*d", "abcd", False),
        ("a$?", "a$$", True),
    ],
)
def test_glob(pattern: str, value: str, expected: bool) -> None:
    """A glob tests the whole value; only * and ? are signs."""
    rule = Match(event=Condition("glob", pattern))
    row = dict.fromkeys(COLUMNS) | {"event": value}

    assert expected is claimed(rule, row)
    for engine, actual in answers([row], claims(rule, COLUMNS)).items():
        assert [expected] == actual, engine


@given(table=rows, rules=st.lists(st.one_of(st.none(), matches), max_size=4), won=matches)
@settings(max_examples=30, deadline=None)
def test_first_wins(table: list[Row], rules: list[Match | None], won: Match) -> None:
    """The first touchpoint in map order whose rule holds gets the row; -1 stands for none; the outcome is told apart."""
    points = [Touchpoint(id=f"t{i}", title="T", match=rule) for i, rule in enumerate(rules)]
    journey = Journey(
        id="map", title="Map", outcome=Outcome(success=won), stages=[Stage(id="s", title="S", touchpoints=points)]
    )
    expected = [next((i for i, r in enumerate(rules) if r is not None and claimed(r, row)), -1) for row in table]
    wins = [claimed(won, row) for row in table]
    # A map without rules is a constant; beside a column every engine spreads it over the rows.
    never = [False] * len(table)
    code = touchpoint_code(journey, COLUMNS) + nw.col("event").is_null().cast(nw.Int32) * 0
    gave_up = abandon(journey, COLUMNS) & nw.col("event").is_null()

    for engine, actual in answers(table, code).items():
        assert expected == actual, engine
    for engine, actual in answers(table, success(journey, COLUMNS)).items():
        assert wins == actual, engine
    for engine, actual in answers(table, gave_up).items():
        assert never == actual, engine


def test_faults() -> None:
    """Every fault of every rule of a journey is told at once, with column, rule, what there is and what was meant."""
    journey = Journey(
        id="map",
        title="Map",
        outcome=Outcome(success=Match(where={"evnt": "buy"}), abandon=Match(where={"when": Condition("eq", 1)})),
        stages=[
            Stage(
                id="s",
                title="S",
                touchpoints=[
                    Touchpoint(id="a", title="A", match=Match(any=[Match(event="x"), Match(where={"zzz": 1})])),
                    Touchpoint(
                        id="b", title="B", match=Match(event=Condition("not", Condition("all", (Condition("lt", 3),))))
                    ),
                    Touchpoint(
                        id="c",
                        title="C",
                        match=Match(where={"n": Condition("glob", "*"), "flag": Condition("ge", "x")}),
                    ),
                    Touchpoint(id="d", title="D", match=Match(where={"tags": Condition("null", True)})),
                ],
            )
        ],
    )
    columns = {**COLUMNS, "when": "TIMESTAMP", "tags": "VARCHAR[]"}
    with pytest.raises(ArgumentError) as caught:
        touchpoint_code(journey, columns)

    lines = str(caught.value).splitlines()
    assert 6 == len(lines)
    assert "touchpoint 'a' match.any[1].where.zzz: the events have no column 'zzz'; they have 'event', 'n'" in lines[0]
    assert (
        "touchpoint 'b' match.event: column 'event' is VARCHAR, and cannot be compared with a number: {lt: 3}"
        == lines[1]
    )
    assert "column 'n' is BIGINT, but a glob needs a column of text: {glob: '*'}" in lines[2]
    assert "column 'flag' is BOOLEAN, and cannot be compared with a text: {ge: 'x'}" in lines[3]
    assert "outcome.success.where.evnt" in lines[4]
    assert lines[4].endswith("(did you mean 'event'?)")
    assert "column 'when' is TIMESTAMP, which only {null: true} and {null: false} can test: {eq: 1}" in lines[5]


def test_claims_faults() -> None:
    """A single rule is refused with its faults, and a number cannot be told from a text by guessing."""
    rule = Match(
        where={"n": Condition("lt", "3"), "x": Condition("any", (Condition("gt", "a"), Condition("eq", "0.5")))}
    )

    assert ["rule-type", "rule-type"] == [problem.code for problem in faults(rule, COLUMNS)]
    with pytest.raises(ArgumentError, match="'n' is BIGINT, and cannot be compared with a text"):
        claims(rule, COLUMNS)


def test_other_types() -> None:
    """Columns of wide numbers and of enumerations are tested like their kind."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT 'a'::ENUM('a','b') AS e, 18446744073709551615::UBIGINT AS u, NULL::HUGEINT AS h"
        )
        columns = {"e": "ENUM('a', 'b')", "u": "UBIGINT", "h": "HUGEINT"}
        rule = Match(
            where={
                "e": Condition("glob", "?"),
                "u": Condition("gt", 2**63 - 1),
                "h": Condition("not", Condition("eq", 1)),
            }
        )
        wanted = Match(where={"u": "18446744073709551615"})
        beyond = Match(where={"u": Condition("ge", -1), "h": Condition("null", True)})
        relation = nw.from_native(connection.table("t"))

        for one in (rule, wanted, beyond):
            assert [(True,)] == relation.select(z=claims(one, columns)).to_native().fetchall()


@pytest.mark.parametrize("text", ["1" + "0" * 400, "-1" + "0" * 400, "1" + "0" * 5000, "nan", "inf", "", "٣"])
def test_texts_beyond_numbers(text: str) -> None:
    """A text that no number of the column's type is written as equals none, and breaks nothing."""
    row = dict.fromkeys(COLUMNS) | {"n": 3, "x": 3.0}

    for column in ("n", "x"):
        for engine, actual in answers([row], claims(Match(where={column: text}), COLUMNS)).items():
            assert [False] == actual, engine
