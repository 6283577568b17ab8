"""The three plugin points: what an importer, a scorer and a renderer must offer.

A plugin is a frozen class of settings with one method; it keeps no state from data. It is found through the entry-point
groups ``journeykit.importers``, ``journeykit.scorers`` and ``journeykit.renderers`` (the entry point's name is the plugin's
name), or an instance is passed in place of a name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from attrs import frozen

from journeykit.evidence import Evidence, Kind, RawTable, Sample, Source
from journeykit.measures import Paths
from journeykit.model import Journey
from journeykit.results import Coverage, Rendering, Score, Scorecard

__all__ = ["Importer", "Renderer", "Scorer", "Scoring"]


@runtime_checkable
class Importer(Protocol):
    """Recognises one format and hands its rows over as a raw table; typing, rejecting and reporting are the core's."""

    @property
    def name(self) -> str:
        """The name by which it is asked for: ``format="ga4"``."""

    @property
    def yields(self) -> tuple[Kind, ...]:
        """The kinds of evidence it can read: ``events``, ``feedback``, ``metrics``, ``customers``."""

    def recognizes(self, sample: Sample) -> bool:
        """Whether the sample is surely this format. A guess must be False: two takers are an error."""

    def read(self, source: Source, kind: Kind) -> RawTable:
        """The rows of every file as text or typed columns, each with its file and record number."""


@frozen(kw_only=True)
class Scoring:
    """What a scorer may read: the journey, the evidence, the journeys customers really made, and the seed of chance."""

    journey: Journey
    evidence: Evidence
    paths: Paths
    coverage: Coverage
    seed: int


@runtime_checkable
class Scorer(Protocol):
    """Turns evidence into scores of one kind."""

    @property
    def name(self) -> str:
        """The name by which it is asked for, and ``Score.scorer`` of what it returns."""

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score a subject, also for subjects it cannot estimate (``not-estimable`` with a reason), in map order."""


@runtime_checkable
class Renderer(Protocol):
    """Draws a journey, with its scores where they are given."""

    @property
    def name(self) -> str:
        """The name by which it is asked for: ``render(journey, "swimlane")``."""

    @property
    def media_type(self) -> str:
        """The media type of what it makes."""

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The finished picture; the same bytes for the same input."""
