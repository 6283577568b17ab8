"""Delimited text: CSV, TSV and their kin. Generic, so it recognises nothing; it is chosen by the suffix or by name."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.reading.requirements import files_of
from journeykit.evidence.reading.tabular import read_tabular

__all__ = ["CsvImporter"]


@frozen(kw_only=True)
class CsvImporter:
    """Reads delimited text files with one header row.

    ``delimiter`` is found from the beginning of each file (one of ``, ; tab |``) unless it is given; ``encoding`` is UTF-8, or
    UTF-16 with a byte order mark, unless it is given (``"cp1252"``).
    """

    name: ClassVar[str] = "csv"
    yields: ClassVar[tuple[Kind, ...]] = ("events", "feedback", "metrics", "customers")
    delimiter: str | None = None
    encoding: str | None = None

    def recognizes(self, sample: Sample) -> bool:  # noqa: ARG002 - the protocol's signature
        """Never: any text may be CSV."""
        return False

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002
        """Every record as text, by header name; `EvidenceError` when a file is not what it claims to be."""
        return read_tabular(files_of(source, self.name), delimiter=self.delimiter, encoding=self.encoding)
