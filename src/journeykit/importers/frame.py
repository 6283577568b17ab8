"""Tables in memory. Generic, so it recognises nothing; it is chosen because the source is a table."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.reading.frames import read_frame
from journeykit.evidence.reading.requirements import frame_of

__all__ = ["FrameImporter"]


@frozen(kw_only=True)
class FrameImporter:
    """Reads pandas and polars frames, pyarrow tables, DuckDB relations and whatever streams Arrow data."""

    name: ClassVar[str] = "frame"
    yields: ClassVar[tuple[Kind, ...]] = ("events", "feedback", "metrics", "customers")

    def recognizes(self, sample: Sample) -> bool:  # noqa: ARG002 - the protocol's signature
        """Never: a table in memory may hold anything."""
        return False

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002
        """Every row with its types; `EvidenceError` when the table cannot be read."""
        frame_of(source, self.name)
        return read_frame(source)
