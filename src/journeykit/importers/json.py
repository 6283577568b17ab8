"""JSON and NDJSON. Generic, so it recognises nothing; it is chosen by the suffix or by name."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.reading.json_files import read_json
from journeykit.evidence.reading.requirements import files_of

__all__ = ["JsonImporter"]


@frozen(kw_only=True)
class JsonImporter:
    """Reads one object a line, one array of objects, or objects one after the other; nested ones get dotted names."""

    name: ClassVar[str] = "json"
    yields: ClassVar[tuple[Kind, ...]] = ("events", "feedback", "metrics", "customers")

    def recognizes(self, sample: Sample) -> bool:  # noqa: ARG002 - the protocol's signature
        """Never: any tool writes JSON."""
        return False

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002
        """Every object as text columns; `EvidenceError` when a file is not what it claims to be."""
        return read_json(files_of(source, self.name))
