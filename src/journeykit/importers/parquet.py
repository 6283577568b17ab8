"""Flat Parquet files. Generic, so it recognises nothing; it is chosen by the suffix or by name."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.reading.parquet_files import read_parquet
from journeykit.evidence.reading.requirements import files_of

__all__ = ["ParquetImporter"]


@frozen(kw_only=True)
class ParquetImporter:
    """Reads Parquet files in place, their columns as they are typed."""

    name: ClassVar[str] = "parquet"
    yields: ClassVar[tuple[Kind, ...]] = ("events", "feedback", "metrics", "customers")

    def recognizes(self, sample: Sample) -> bool:  # noqa: ARG002 - the protocol's signature
        """Never: any tool writes Parquet."""
        return False

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002
        """Every row with its types; `EvidenceError` when a file is not what it claims to be."""
        return read_parquet(files_of(source, self.name))
