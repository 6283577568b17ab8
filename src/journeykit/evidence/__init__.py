"""What customers did and said: canonical tables, each with the report of its import, and the ways to read them."""

from __future__ import annotations

from journeykit.evidence.engines.duckdb import DuckTable
from journeykit.evidence.engines.spark import SparkTable
from journeykit.evidence.report import ImportReport
from journeykit.evidence.sources import Kind, RawTable, Sample, Source
from journeykit.evidence.tables import Customers, EventLog, Evidence, Feedback, Metrics

__all__ = [
    "Customers",
    "DuckTable",
    "EventLog",
    "Evidence",
    "Feedback",
    "ImportReport",
    "Kind",
    "Metrics",
    "RawTable",
    "Sample",
    "Source",
    "SparkTable",
]
