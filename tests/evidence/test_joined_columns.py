"""An event made of several columns of the source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import journeykit as jk
from journeykit.errors import ArgumentError, EvidenceError

CSV = """customer,time,Stage,Action,code
1,2024-01-01T00:00:00Z,Buy,pay,7.0
2,2024-01-01T00:01:00Z,Buy,,8
3,2024-01-01T00:02:00Z,, nan ,9
4,2024-01-01T00:03:00Z,,ask,9
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "log.csv").write_text(CSV, "utf-8")
    return tmp_path / "log.csv"


def names(events: Any) -> list[str]:
    return list(events.to_polars()["event"])


def test_parts_are_joined_and_missing_ones_left_out(file: Path) -> None:
    """The parts stand in the order asked for, joined by " / "; a row without any has no event and is rejected."""
    events = jk.read_events(file, columns={"event": ["Stage", "Action"]})
    (rejected,) = events.rejected()

    assert ["Buy / pay", "Buy", "ask"] == names(events)
    assert ("missing-event", 3, "Stage + Action") == (rejected.code, rejected.address.record, rejected.address.field)
    assert 'event: made of "Stage" and "Action"' in events.report.notes


def test_parts_stay_attributes(file: Path) -> None:
    """The columns that an event is made of are kept, so that rules can ask for them."""
    events = jk.read_events(file, columns={"event": ["Action", "Stage"]})

    assert ["pay / Buy", "Buy", "ask"] == names(events)
    assert ["customer", "time", "event", "Stage", "Action", "code"] == list(events.columns)
    assert ["Buy", "Buy", None] == list(events.to_polars()["Stage"].replace("", None))


def test_parts_of_any_type_are_names(tmp_path: Path) -> None:
    """A number that is a name keeps no empty decimals, as in an event of one column; one part alone is that part."""
    import polars as pl

    frame = pl.DataFrame(
        {"customer": ["1", "2"], "time": ["2024-01-01T00:00:00Z"] * 2, "event": ["a", "b"], "code": [7.0, float("nan")]}
    )
    both = jk.read_events(frame, columns={"event": ["event", "code"]})

    assert ["a / 7", "b"] == names(both)
    assert ["7"] == names(jk.read_events(frame, columns={"event": ["code"]}))
    assert any('"event" is kept as' in note for note in both.report.notes)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"customer": ["Stage", "Action"]}, "only an event is made of several"),
        ({"event": []}, "one or more different columns"),
        ({"event": ["Stage", "Stage"]}, "one or more different columns"),
        ({"event": ["Stage", None]}, "one or more different columns"),
        ({"event": {"Stage"}}, "only an event is made of several"),
    ],
)
def test_what_cannot_be_joined_is_refused(file: Path, columns: Any, sentence: str) -> None:
    """Other canonical columns, no columns and the same column twice are the caller's mistakes."""
    with pytest.raises(ArgumentError, match=sentence):
        jk.read_events(file, columns=columns)


def test_every_part_that_is_not_there_is_named(file: Path) -> None:
    """Missing parts are reported all at once, with what was probably meant."""
    with pytest.raises(EvidenceError) as caught:
        jk.read_events(file, columns={"event": ["Stages", "Action", "nothing"]})

    assert ["Stages", "nothing"] == [problem.address.field for problem in caught.value.problems]
    assert 'did you mean "Stage"?' == caught.value.problems[0].hint
