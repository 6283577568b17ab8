"""The three plugin points: what an importer, a scorer and a renderer must offer.

A plugin is a frozen class of settings with one method; it keeps no state from data. It is found through the entry-point
groups ``journeykit.importers``, ``journeykit.scorers`` and ``journeykit.renderers`` (the entry point's name is the plugin's
name), or an instance is passed in place of a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from attrs import evolve, field, frozen

if TYPE_CHECKING:
    # Who only draws a map loads neither duckdb nor numpy for the sake of these names.
    from journeykit.evidence import Evidence, Kind, RawTable, Sample, Source
    from journeykit.measures import Paths
    from journeykit.model import Journey
    from journeykit.results import Coverage, Rendering, Score, Scorecard

__all__ = ["Importer", "Renderer", "Scorer", "Scoring", "part_of"]

B = TypeVar("B", bound=Sized)
# A part of the work is told in so many steps, whatever it counts itself.
_FINE = 1000


def part_of(progress: Callable[[int, int], None] | None, index: int, parts: int) -> Callable[[int, int], None] | None:
    """The callback for the ``index``-th (from 0) of ``parts`` equal parts of the work that ``progress`` hears of."""
    if progress is None:
        return None

    def tell(done: int, total: int) -> None:
        share = min(1.0, max(0.0, done / total)) if total > 0 else 1.0
        progress(_FINE * index + round(_FINE * share), _FINE * parts)

    return tell


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
    """What a scorer may read: the journey, the evidence, the journeys customers really made, and the seed of chance.

    In ``paths`` and ``coverage`` nobody came to a touchpoint that so few came to that it is withheld.

    ``progress`` is called with (done, total) of the scorer's own work, where somebody watches; long work says through `tell` or
    `watched` how far it is.
    """

    journey: Journey
    evidence: Evidence
    paths: Paths
    coverage: Coverage
    seed: int
    progress: Callable[[int, int], None] | None = field(default=None, eq=False, repr=False)

    def tell(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` is done; nothing happens where nobody watches."""
        if self.progress is not None:
            self.progress(done, total)

    def watched(self, blocks: Iterable[B], total: int) -> Iterator[B]:
        """The blocks as they are; the work on each is told as done when the next is asked for. Their lengths sum to ``total``."""
        done = 0
        for block in blocks:
            yield block
            done += len(block)
            self.tell(done, total)

    def part(self, index: int, parts: int) -> Scoring:
        """The same for the ``index``-th (from 0) of ``parts`` equal parts of the work, such as a scorer that this one runs."""
        return evolve(self, progress=part_of(self.progress, index, parts))


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
