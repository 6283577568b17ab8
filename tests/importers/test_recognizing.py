"""Each dedicated importer knows its own format and no other; the generic ones never claim a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeykit.evidence import Sample
from journeykit.evidence.reading import resolve, sample
from journeykit.importers.csv import CsvImporter
from journeykit.importers.frame import FrameImporter
from journeykit.importers.ga4 import Ga4Importer
from journeykit.importers.ga360 import Ga360Importer
from journeykit.importers.json import JsonImporter
from journeykit.importers.parquet import ParquetImporter
from journeykit.importers.qualtrics import QualtricsImporter
from journeykit.plugins import importers
from journeykit.protocols import Importer

GOLDEN = Path(__file__).parent / "golden"
ALL = (
    CsvImporter(), FrameImporter(), Ga360Importer(), Ga4Importer(), JsonImporter(), ParquetImporter(), QualtricsImporter(),
)  # fmt: skip
OWN = {
    "ga4": "ga4",
    "ga4_parquet": "ga4",
    "ga360": "ga360",
    "qualtrics": "qualtrics",
    "csv": None,
    "json": None,
    "parquet": None,
}


@pytest.mark.parametrize("folder", OWN)
def test_a_format_is_recognised_by_its_importer_alone(folder):
    """Of all importers exactly the dedicated one takes a file, and none takes a generic file."""
    found = sample(resolve(next((GOLDEN / folder).glob("input.*"))))
    takers = [importer.name for importer in ALL if importer.recognizes(found)]

    assert ([OWN[folder]] if OWN[folder] else []) == takers


def test_installed_importers_are_these():
    """The entry points name these importers, each under its own name, each an Importer."""
    registry = importers()

    assert {importer.name for importer in ALL} <= set(registry.names())
    assert {importer.name: type(importer) for importer in ALL} == {i.name: type(registry.get(i.name)) for i in ALL}
    assert all(isinstance(importer, Importer) for importer in ALL)


@pytest.mark.parametrize("importer", ALL)
def test_an_empty_sample_is_nobodys(importer):
    """Nothing to see is nothing to recognise."""
    assert not importer.recognizes(Sample(name="nothing"))


def test_every_real_file_has_one_taker_at_most(shared_data):
    """No file of the shared data is taken by two importers, and only its own formats' files are taken at all."""
    names = [
        n for suffix in ("csv", "tsv", "json", "ndjson", "parquet") for n in sorted(shared_data.rglob(f"*.{suffix}"))
    ]
    taken = {}
    for name in names:
        found = sample(resolve(name))
        if takers := [importer.name for importer in ALL if importer.recognizes(found)]:
            taken[str(name.relative_to(shared_data))] = takers
    expected = {
        "ga4_json_misc/deexam_events.ndjson": ["ga4"],
        "ga4_json_misc/merch_store_page_view.json": ["ga4"],
        "ga4_malloy/ga4_events_sampled.snappy.parquet": ["ga4"],
        "ua_malloy/ga_sample_half_a.parquet": ["ga360"],
        "qualtrics/benattix_restaurant_legacy.csv": ["qualtrics"],
        "qualtrics/benattix_restaurant_raw.csv": ["qualtrics"],
        "qualtrics/pfander_climate.csv": ["qualtrics"],
        "qualtrics/ropensci_sample.csv": ["qualtrics"],
    }

    assert expected == taken
