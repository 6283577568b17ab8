"""Checking a map: what it lacks by itself, what time has overtaken, and where the evidence contradicts it."""

from journeykit.conformance.against_log import against_log
from journeykit.conformance.against_voices import against_feedback, against_metrics
from journeykit.conformance.ageing import ageing
from journeykit.conformance.checking import check
from journeykit.conformance.checks import CHECKS, Check
from journeykit.conformance.lint import lint
from journeykit.conformance.moves import Fit, Moves, fit, moves, planned_moves
from journeykit.conformance.thresholds import Thresholds

__all__ = [
    "CHECKS",
    "Check",
    "Fit",
    "Moves",
    "Thresholds",
    "against_feedback",
    "against_log",
    "against_metrics",
    "ageing",
    "check",
    "fit",
    "lint",
    "moves",
    "planned_moves",
]
