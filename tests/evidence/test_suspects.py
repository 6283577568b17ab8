"""What must hold of the conditions that prove a large table free of faults without reading its rows one by one."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit import api, measures
from journeykit.errors import EvidenceError
from journeykit.evidence import canonical
from journeykit.evidence._suspects import FIRST, LAST, name_suspects, time_suspects
from journeykit.evidence._values import MISSING, name_of
from journeykit.evidence.reading import parquet_files

words = st.sampled_from(["", *MISSING])
spaces = ["", " ", "   ", "\u00a0", "\u1680", "\u2003", "\u202f", "\u205f", "\u3000", "\t"]
around = st.sampled_from([*spaces, "x", "!", "\x01", "é", "\u00a1", "\u3001"])
texts = st.none() | st.text(max_size=6) | st.builds("{}{}{}".format, around, words, around)


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(canonical, "_LARGE", 0)


@given(cells=st.lists(texts.map(lambda text: None if text is None else text.replace("\x00", "")), max_size=20))
def test_no_missing_name_is_overlooked(cells: list[str | None]) -> None:
    """A cell that is no name meets a condition, however it is written; a plain name meets none."""
    conditions = name_suspects("cell", "VARCHAR")
    assert conditions is not None
    suspect = " OR ".join(f"coalesce({condition}, false)" for condition in conditions)
    query = f"SELECT {name_of('cell', 'VARCHAR')} IS NULL, {suspect} FROM (SELECT unnest(?::VARCHAR[]) AS cell)"
    rows = duckdb.connect().execute(query, [cells]).fetchall()

    assert all(suspected for missing, suspected in rows if missing)
    assert [(False, False)] == duckdb.connect().execute(query, [["home page"]]).fetchall()


@pytest.mark.parametrize("blank", ["\u3000\u3000", "nan\u3000", "\u00a0\u00a0\u00a0NULL", "\u2003 \u2003"])
def test_every_space_is_a_space(blank: str) -> None:
    """Spaces of any script are no name and hide no missing value, however many bytes they take; words between them are one."""
    query = f"SELECT {name_of('cell', 'VARCHAR')} FROM (SELECT unnest(?::VARCHAR[]) AS cell)"
    word = f"{blank}\u5ba2"

    assert [(None,), (word,)] == duckdb.connect().execute(query, [[blank, word]]).fetchall()


@pytest.mark.parametrize(
    ("time", "faulty"),
    [
        (f"{FIRST}+00", False),
        (f"{LAST}+00", False),
        ("10000-01-01 00:00:00+00", True),
        ("infinity", True),
        (None, True),
    ],
)
def test_times(time: str | None, faulty: bool) -> None:
    """Times that no figure can be told in, and no time at all, meet a condition; the first and the last that can, do not."""
    conditions = time_suspects("cell", "TIMESTAMP WITH TIME ZONE")
    assert conditions is not None
    suspect = " OR ".join(f"coalesce({condition}, false)" for condition in conditions)
    query = f"SELECT {suspect} FROM (SELECT ?::TIMESTAMPTZ AS cell)"

    assert [(faulty,)] == duckdb.connect().execute(query, [time]).fetchall()


def written(path: Path, rows: int, time: str = "TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) SECOND") -> Path:
    query = f"SELECT 'u' || i % 3 AS customer, 'e' || i % 2 AS event, {time} AS time FROM range({rows}) t(i)"
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.usefixtures("in_place")
def test_a_relative_path_outlives_a_change_of_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of a file that was named from the folder of the process is counted from any other; the report names it as given."""
    written(tmp_path / "a.parquet", 30)
    written(tmp_path / "b.parquet", 30)
    monkeypatch.chdir(tmp_path)
    log = api.read_events("*.parquet")
    before = measures.transitions(log)
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")

    assert before == measures.transitions(log)
    assert ("a.parquet", "b.parquet") == log.report.files
    assert [(0,), (1,)] == log.table.cursor().execute("SELECT DISTINCT _file FROM events ORDER BY 1").fetchall()


@pytest.mark.usefixtures("in_place")
def test_a_change_during_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes between the first look at it and the end of the reading is an error, never another log."""
    path = written(tmp_path / "a.parquet", 30)
    names = parquet_files.unique_names

    def slowly(found: list[str]) -> object:
        os.utime(path, ns=(1, 1))
        return names(found)

    monkeypatch.setattr(parquet_files, "unique_names", slowly)
    with pytest.raises(EvidenceError, match="changed or removed"):
        api.read_events(path)


@pytest.mark.parametrize("large", [0, 10**9])
@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMPTZ"])
def test_the_first_times_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int, kind: str) -> None:
    """A typed time at the beginning of what the engine can hold rejects its row, not the file."""
    monkeypatch.setattr(canonical, "_LARGE", large)
    first = "make_timestamp(CASE i WHEN 0 THEN -9223372036854775806 ELSE 1700000000000000 END)"
    if kind == "TIMESTAMPTZ":
        first = "make_timestamptz(CASE i WHEN 0 THEN -9223372022400000000 ELSE 1700000000000000 END)"
    log = api.read_events(written(tmp_path / "a.parquet", 2, first), tz="UTC")

    assert (1, {"bad-time": 1}) == (log.report.rows_kept, log.report.rejections)
    assert log.observed_until is not None
    assert datetime(2023, 11, 14) == log.observed_until.replace(tzinfo=None, hour=0, minute=0, second=0)
