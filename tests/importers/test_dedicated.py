"""What the dedicated importers refuse, and what they leave to the caller."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.importers.csv import CsvImporter
from journeykit.importers.frame import FrameImporter
from journeykit.importers.ga4 import Ga4Importer
from journeykit.importers.ga360 import Ga360Importer
from journeykit.importers.qualtrics import QualtricsImporter

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("importer", [Ga4Importer(), Ga360Importer()])
def test_another_parquet_file_is_refused(read, importer):
    """A Parquet file of another kind is an error that says which columns are missing."""
    with pytest.raises(EvidenceError, match="has no column"):
        read(importer, GOLDEN / "parquet/input.parquet")


def test_another_csv_is_no_survey(read):
    """A CSV without import ids is refused as Qualtrics export, with the format to use instead."""
    with pytest.raises(EvidenceError, match='format="csv"'):
        read(QualtricsImporter(), GOLDEN / "csv/input.csv", "feedback")


def test_an_unknown_question_is_named_with_all_there_are(read):
    """Asking for a question that does not exist lists the questions with their texts."""
    with pytest.raises(EvidenceError, match=r"Q1 \(How satisfied"):
        read(QualtricsImporter(questions={"Q9": "checkout"}), GOLDEN / "qualtrics/input.csv", "feedback", scale=(1, 5))


def test_files_and_tables_are_not_mixed_up(read):
    """A format of files refuses a table in memory, and the other way round."""
    frame = pd.DataFrame({"customer": ["u1"]})
    for importer, source in (
        (CsvImporter(), frame),
        (Ga4Importer(), frame),
        (FrameImporter(), GOLDEN / "csv/input.csv"),
    ):
        with pytest.raises(ArgumentError, match="format="):
            read(importer, source)


@pytest.mark.parametrize(
    "event",
    [
        {"event_params": "x"},
        {"event_params": [{"value": {}}]},
        {"event_params": [17]},
        17,
        {"user_pseudo_id": "\ud800"},
    ],
)
def test_broken_ga4_events_are_rejected(read, tmp_path, event):
    """An event that is not shaped as GA4 shapes it is one rejection, the others stay."""
    good = (GOLDEN / "ga4/input.ndjson").read_text().splitlines()[0]
    path = tmp_path / "a.ndjson"
    path.write_text(good + "\n" + json.dumps(event) + "\n")
    log = read(Ga4Importer(), path)

    assert (2, 1, {"bad-json": 1}) == (log.report.rows_in, len(log), log.report.rejections)


def test_ga4_duplicates_are_told_by_the_whole_event(read, tmp_path):
    """Events that differ only in what no column shows are no duplicates; whole copies are."""
    event = json.loads((GOLDEN / "ga4/input.ndjson").read_text().splitlines()[1])
    other = event | {"items": [{"item_id": "y"}]}
    path = tmp_path / "a.ndjson"
    path.write_text("".join(json.dumps(e) + "\n" for e in (event, other, event)))

    assert 1 == read(Ga4Importer(), path).report.duplicates


def test_the_signed_in_user_can_be_the_customer(read):
    """columns={"customer": "user_id"} takes the signed-in id; events without one are rejected."""
    log = read(Ga4Importer(), GOLDEN / "ga4/input.ndjson", columns={"customer": "user_id"})

    assert (1, {"missing-customer": 2}) == (len(log), log.report.rejections)
    assert "user_pseudo_id" in log.columns


def test_hits_of_one_session_are_no_duplicates(read, query):
    """Every hit is a row, numbered in its session; a session read twice is a duplicate hit by hit."""
    path = GOLDEN / "ga360/input.parquet"
    log = read(Ga360Importer(), path, on_duplicate="drop")

    assert (0, 4) == (log.report.duplicates, len(log))
    assert [("page_view", 1), ("add_to_cart", 2), ("Contact", 3), ("purchase", 4)] == query(
        log, 'SELECT event, "order" FROM events'
    )


def test_a_survey_without_a_zone_asks_for_one(read, tmp_path):
    """Where the third header row names no zone, tz= is asked for, and the caller's zone wins where it does."""
    text = (GOLDEN / "qualtrics/input.csv").read_text().replace(',""timeZone"":""America/Denver""', "")
    path = tmp_path / "a.csv"
    path.write_text(text)
    arguments = {"columns": {"text": "Q2"}}
    with pytest.raises(EvidenceError, match="tz="):
        read(QualtricsImporter(), path, "feedback", **arguments)

    for source in (path, GOLDEN / "qualtrics/input.csv"):
        times = read(QualtricsImporter(), source, "feedback", tz="UTC", **arguments).to_pandas()["time"]
        assert "2024-06-01 11:02:01+00:00" == str(times[0])
