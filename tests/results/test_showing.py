"""Values in a notebook are readable words and figures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from attrs import frozen

from journeykit.results import Subject
from journeykit.results.showing import cell_text, figure_text, table_html


@frozen(kw_only=True)
class Pair:
    name: str
    count: int
    note: str | None = None


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("", None),
        ("yes", True),
        ("no", False),
        ("1,234,567", 1_234_567),
        ("0.3333", 1 / 3),
        ("12,346", 12345.6),
        ("-0.001234", -0.00123412),
        ("1e+20", 1e20),
        ("inf", float("inf")),
        ("0:00:01.500000", timedelta(seconds=1.5)),
        ("0:02:04", timedelta(seconds=123.6)),
        ("-0:02:04", timedelta(seconds=-123.6)),
        ("2026-03-01 08:00:00 UTC", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01 08:00:00", datetime(2026, 3, 1, 8)),
        ("a, 2, ", ("a", 2, None)),
        ("x 0.5, y 1", {"x": 0.5, "y": 1}),
        ("name a, count 3", Pair(name="a", count=3)),
        ("touchpoint cart", Subject(kind="touchpoint", id="cart")),
    ],
)
def test_a_value_is_shown_in_a_few_words(expected: str, value: object) -> None:
    """Thousands apart, four digits of a fraction, times with their zone, records by field."""
    assert expected == cell_text(value)


def test_figures_stand_on_the_right() -> None:
    """A column of numbers with gaps is a column of numbers; one of nothing, of words or of yes and no is not."""
    page = table_html(
        ["n", "gap", "name", "none", "is"], [(1, timedelta(1), "a", None, True), (None, None, "b", None, False)]
    )
    sides = re.findall(r'<(t[hd]) style="text-align:(\w+)"', page)

    assert 3 * ["right", "right", "left", "left", "left"] == [side for _, side in sides]


def test_a_table_without_rows_keeps_its_heads() -> None:
    """Nothing found is an empty table under its heads, not an error."""
    assert ["a", "b"] == re.findall("<th [^>]*>(.*?)</th>", table_html(["a", "b"], []))


def test_captions_and_heads_are_escaped() -> None:
    """Not only cells come from data."""
    page = table_html(["<i>"], [["<u>"]], caption="<b>")

    assert ["&lt;b&gt;", "&lt;i&gt;", "&lt;u&gt;"] == re.findall("&lt;.&gt;", page)
    assert not re.search("<[biu]>", page)


@pytest.mark.parametrize(
    ("expected", "value"), [("", None), ("0.000", -0.0001), ("-0.250", -0.25), ("999.500", 999.5), ("1,000", 1000.4)]
)
def test_figures_of_a_column_line_up(expected: str, value: float | None) -> None:
    """Three decimals until a thousand, none from there, and no minus nought."""
    assert expected == figure_text(value)


def test_figures_written_out_stand_on_the_right_too() -> None:
    """A column that is named as figures is aligned so though its cells are text."""
    page = table_html(["score", "name"], [("0.250", "a")], figures=("score",))

    assert 2 * ["right", "left"] == re.findall(r"text-align:(\w+)", page)
