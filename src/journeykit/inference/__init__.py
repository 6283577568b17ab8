"""Uncertainty: intervals, resampling and tests, on plain arrays. Knows nothing of journeys, files or pictures."""

from journeykit.inference.intervals import percentile, wilson
from journeykit.inference.permutation import adjusted, two_sided
from journeykit.inference.resampling import MAX_SAMPLE, generator, resamples, sample

__all__ = ["MAX_SAMPLE", "adjusted", "generator", "percentile", "resamples", "sample", "two_sided", "wilson"]
