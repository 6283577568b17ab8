"""What follows: scores, scorecards, findings and renderings. Data only; no algorithm lives here."""

from journeykit.results.findings import Finding
from journeykit.results.records import Records
from journeykit.results.renderings import Rendering
from journeykit.results.scores import (
    Component,
    Coverage,
    EvidenceRef,
    Interval,
    Move,
    Score,
    Scorecard,
    Subject,
    TouchpointCount,
)

__all__ = [
    "Component",
    "Coverage",
    "EvidenceRef",
    "Finding",
    "Interval",
    "Move",
    "Records",
    "Rendering",
    "Score",
    "Scorecard",
    "Subject",
    "TouchpointCount",
]
