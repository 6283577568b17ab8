from __future__ import annotations

import pandas as pd
import pytest

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence.reading import generic_format, resolve, sample


def test_all_missing_files_are_named(tmp_path):
    """A list of paths that do not exist is one error with all of them."""
    with pytest.raises(EvidenceError) as caught:
        resolve([tmp_path / "a.csv", tmp_path / "b.csv"])

    assert [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")] == [p.address.file for p in caught.value.problems]


@pytest.mark.parametrize("name", ["none.csv", "*.csv", ""])
def test_nothing_there_is_an_error(tmp_path, name):
    """A path, a pattern without a match and a folder are errors, never an empty table."""
    with pytest.raises(EvidenceError):
        resolve(str(tmp_path / name))


def test_a_file_listed_twice_is_refused(csv_file):
    """The same file twice would count its rows twice."""
    path = csv_file("a,b\n")
    with pytest.raises(ArgumentError, match="twice"):
        resolve([path, str(path)])


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.csv", "csv"),
        ("a.TSV", "csv"),
        ("a.csv.gz", "csv"),
        ("a.jsonl", "json"),
        ("a.ndjson.gz", "json"),
        ("a.parquet", "parquet"),
    ],
)
def test_the_suffix_says_the_generic_format(csv_file, name, format):
    """Suffixes are read without case and without .gz."""
    assert format == generic_format(resolve(csv_file("a,b\n", name)))


def test_an_unknown_suffix_is_an_error(csv_file):
    """A suffix that says nothing, or files of several formats, are errors that ask for format=."""
    for source in (csv_file("a", "a.dat"), [csv_file("a", "a.csv"), csv_file("a", "a.json")]):
        with pytest.raises(EvidenceError, match="format="):
            generic_format(resolve(source))


def test_a_sample_shows_the_beginning_only(csv_file, tmp_path):
    """A sample is the first bytes and column names of text, names and types of typed sources."""
    text = sample(resolve(csv_file("a;b\n" + "1;2\n" * 100_000)))
    table = pd.DataFrame({"a": [1], "b": ["x"]})
    table.to_parquet(tmp_path / "a.parquet")
    typed = sample(resolve(tmp_path / "a.parquet"))
    frame = sample(resolve(table))

    assert (("a", "b"), 65_536) == (text.columns, len(text.head))
    assert {"a": "BIGINT", "b": "VARCHAR"} == typed.schema
    assert ("a", "b") == frame.columns


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.xlsx", "files that end in .xlsx are not read"),
        ("a.xls", "pandas.read_excel()"),
        ("a.xes.gz", "pm4py"),
        ("a.duckdb", "export the table"),
        ("a.feather", "Parquet"),
    ],
)
def test_files_of_other_kinds_come_with_a_way_in(csv_file, name, words):
    """A workbook, a database or a process log is no source, and the error says how it becomes one."""
    with pytest.raises(EvidenceError) as caught:
        generic_format(resolve(csv_file("x", name)))

    assert words in str(caught.value)


def test_an_empty_path_is_no_folder():
    """An empty text is told as such: it would name the current folder."""
    with pytest.raises(ArgumentError, match="the path of the source is empty"):
        resolve("")
