"""Uncertainty: intervals, resampling and tests, on plain arrays. Knows nothing of journeys, files or pictures."""

from journeykit.inference.bands import Band, simultaneous_band
from journeykit.inference.control import ControlLimits, control_limits, lag_one
from journeykit.inference.entropy import entropies, evenness
from journeykit.inference.intervals import percentile, wilson
from journeykit.inference.permutation import adjusted, two_sided
from journeykit.inference.resampling import MAX_SAMPLE, generator, resamples, sample
from journeykit.inference.within import Within, within_subject

__all__ = [
    "MAX_SAMPLE",
    "Band",
    "ControlLimits",
    "Within",
    "adjusted",
    "control_limits",
    "entropies",
    "evenness",
    "generator",
    "lag_one",
    "percentile",
    "resamples",
    "sample",
    "simultaneous_band",
    "two_sided",
    "wilson",
    "within_subject",
]
