"""A collection of records behaves like the table it is."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import frozen

from journeykit.errors import MissingLibraryError, UnknownNameError
from journeykit.results import Interval, Records


@frozen(kw_only=True)
class Step:
    name: str
    n: int
    share: float | None = None
    interval: Interval | None = None
    tags: tuple[str, ...] = ()


STEPS = Records(
    [
        Step(name="cart", n=3, share=0.123456, tags=("a", "b")),
        Step(name="pay", n=1, interval=Interval(low=0, high=1, method="Wilson")),
    ],
    kind=Step,
    key=("name",),
)


def test_records_are_reached_by_place_slice_and_name() -> None:
    """An index, a slice (again a collection) or the key find a record; what is not there is a KeyError."""
    assert "cart" == STEPS[0].name == STEPS["cart"].name == STEPS[-2].name
    assert Records([STEPS[1]], kind=Step) == STEPS[1:]
    assert ("name",) == STEPS[1:].key
    assert [step.n for step in STEPS] == [3, 1]
    for missing in ("gone", ("cart", "pay")):
        with pytest.raises(KeyError):
            STEPS[missing]
    with pytest.raises(KeyError):
        Records(STEPS, kind=Step)["cart"]


def test_a_name_that_nothing_has_is_answered_with_those_there_are() -> None:
    """The error is journeykit's, and its sentence names the records, or says that they have none."""
    many = Records([Step(name=f"s{i}", n=i) for i in range(30)], kind=Step, key=("name", "n"))
    for records, key, said in (
        (STEPS, "gone", "no record is called 'gone' (name); there is 'cart', 'pay'"),
        (many, ("s1", 2), "no record is called ('s1', 2) (name, n); there is ('s0', 0), ('s1', 1), "),
        (many, "s1", " and 10 more"),
        (Records([], kind=Step, key=("name",)), "cart", "there are none"),
        (Records(STEPS, kind=Step), "cart", "these records have no names: give a number from 0 to 1, not 'cart'"),
    ):
        with pytest.raises(UnknownNameError) as caught:
            records[key]
        assert said in str(caught.value)


def test_records_of_two_keys_are_reached_by_both() -> None:
    """Several key fields make a tuple of names; the first match wins."""
    pairs = Records(
        [Step(name="a", n=1), Step(name="a", n=2), Step(name="a", n=2, share=0.5)], kind=Step, key=("name", "n")
    )

    assert pairs[1] == pairs["a", 2]


def test_records_compare_and_hash_as_values() -> None:
    """Equal records of one kind are equal collections; another kind or a list is not."""
    same = Records(list(STEPS), kind=Step)

    assert same == STEPS
    assert hash(same) == hash(STEPS)
    assert STEPS != list(STEPS)
    assert Records([], kind=Step) != Records([], kind=Interval)


@pytest.mark.parametrize("name", ["to_arrow", "to_polars", "to_pandas"])
def test_records_become_frames(name: str) -> None:
    """Each library gets the same columns in the same order, one row a record; an empty collection still has columns."""
    library = {"to_arrow": "pyarrow", "to_polars": "polars", "to_pandas": "pandas"}[name]
    pytest.importorskip(library)
    frame: Any = getattr(STEPS, name)()
    empty: Any = getattr(Records([], kind=Step), name)()
    columns = frame.column_names if name == "to_arrow" else list(frame.columns)

    assert ["name", "n", "share", "interval", "tags"] == columns
    assert 2 == len(frame)
    assert 0 == len(empty)


@pytest.mark.parametrize(
    ("name", "library"), [("to_arrow", "pyarrow"), ("to_polars", "polars"), ("to_pandas", "pandas")]
)
def test_a_missing_library_is_a_sentence(name: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the library the error says what needs it and how to get it."""
    monkeypatch.setitem(sys.modules, library, None)

    with pytest.raises(
        MissingLibraryError, match=rf"{name}\(\) needs {library}, which is not installed: pip install {library}"
    ):
        getattr(STEPS, name)()


def test_the_repr_shows_the_first_records() -> None:
    """A long collection is shown in part, and says how much is left."""
    many = Records([Step(name=f"s{i}", n=i) for i in range(25)], kind=Step)

    assert repr(many).startswith("25 x Step\n  Step(name='s0', n=0")
    assert repr(many).endswith("... and 5 more")
    assert "2 x Step" == repr(STEPS).splitlines()[0]


def test_the_notebook_table_is_escaped() -> None:
    """Names from data cannot inject markup; values are readable."""
    nasty = Records([Step(name="<b>&", n=1, share=1 / 3, tags=("x", "<i>"))], kind=Step)
    table = nasty._repr_html_()

    assert ["&lt;b&gt;&amp;", "1", "0.3333", "x, &lt;i&gt;"] == re.findall("<td[^>]*>(.*?)</td>", table)
    assert "and 5 more" in Records([Step(name="s", n=i) for i in range(25)], kind=Step)._repr_html_()


def test_times_and_durations_are_readable_in_the_table() -> None:
    """They are shown as text, not as objects."""

    @frozen(kw_only=True)
    class Gap:
        at: datetime
        gap: timedelta

    table = Records([Gap(at=datetime(2026, 3, 1, tzinfo=UTC), gap=timedelta(minutes=5))], kind=Gap)._repr_html_()

    assert ["2026-03-01 00:00:00 UTC", "0:05:00"] == re.findall("<td[^>]*>(.*?)</td>", table)
