"""Each format's small input beside the canonical rows it must give: a reviewer reads the difference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journeykit.importers.csv import CsvImporter
from journeykit.importers.ga4 import Ga4Importer
from journeykit.importers.ga360 import Ga360Importer
from journeykit.importers.json import JsonImporter
from journeykit.importers.parquet import ParquetImporter
from journeykit.importers.qualtrics import QualtricsImporter

GOLDEN = Path(__file__).parent / "golden"
QUESTIONS = QualtricsImporter(questions={"Q1": "checkout", "Q2": "checkout"})
CASES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "csv": (CsvImporter(), "events", {}),
    "json": (JsonImporter(), "events", {}),
    "parquet": (ParquetImporter(), "events", {}),
    "ga4": (Ga4Importer(), "events", {}),
    "ga4_parquet": (Ga4Importer(), "events", {}),
    "ga360": (Ga360Importer(), "events", {}),
    "qualtrics": (QualtricsImporter(), "feedback", {"columns": {"score": "Q1", "text": "Q2"}, "scale": (1, 5)}),
    "qualtrics/questions": (QUESTIONS, "feedback", {"scale": (1, 5)}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_input_gives_the_expected_rows(read, lines, case):
    """The canonical rows and rejections of the golden input are exactly the expected ones."""
    importer, kind, arguments = CASES[case]
    folder = GOLDEN / case.split("/")[0]
    source = next(folder.glob("input.*"))
    expected = (folder / ("expected_questions.ndjson" if "/" in case else "expected.ndjson")).read_text(
        encoding="utf-8"
    )

    assert expected == lines(read(importer, source, kind, **arguments))
