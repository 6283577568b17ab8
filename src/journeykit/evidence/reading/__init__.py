"""Reading sources: files, zones, encodings and tables in memory, into raw tables."""

from __future__ import annotations

from journeykit.evidence.reading.resolving import generic_format, resolve, sample

__all__ = ["generic_format", "resolve", "sample"]
