"""Reading without the plugin registry: the importer is told by the kind of source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journeykit.evidence.canonical import canonical
from journeykit.evidence.reading import generic_format, resolve
from journeykit.importers.csv import CsvImporter
from journeykit.importers.frame import FrameImporter
from journeykit.importers.json import JsonImporter
from journeykit.importers.parquet import ParquetImporter

GENERIC = {"csv": CsvImporter(), "json": JsonImporter(), "parquet": ParquetImporter(), "frame": FrameImporter()}


@pytest.fixture
def read() -> Callable[..., Any]:
    """``read(source, kind, importer=..., **canonical arguments)``: the canonical table."""

    def run(source: Any, kind: str = "events", importer: Any = None, **arguments: Any) -> Any:
        found = resolve(source)
        chosen = importer or GENERIC[generic_format(found)]
        return canonical(chosen.read(found, kind), kind, format=chosen.name, source=found.name, **arguments)

    return run


@pytest.fixture
def rows() -> Callable[..., list[dict[str, Any]]]:
    """The rows of a canonical table as dictionaries, in stored order."""

    def run(table: Any) -> list[dict[str, Any]]:
        names = list(table.table.columns)
        found = table.table.cursor().execute(f'SELECT * FROM "{table.table.name}"').fetchall()
        return [dict(zip(names, row, strict=True)) for row in found]

    return run


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """``csv_file(text)``: the text as a file, in UTF-8 unless it is bytes."""

    def run(text: str | bytes, name: str = "events.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return run
