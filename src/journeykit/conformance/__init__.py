"""Checking a map: what it lacks by itself, without data and without a date."""

from journeykit.conformance.lint import lint

__all__ = ["lint"]
