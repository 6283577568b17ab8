"""What there is to draw: the journey and its scorecard, sorted by touchpoint, before any position is known."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.feelings import Curve, Point, curve_of, curves
from journeykit.errors import ArgumentError
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.results import Coverage, Score, Scorecard, TouchpointCount

__all__ = ["MOST_VOICES", "Cell", "Sketch", "sketch"]

_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ckb")
MOST_VOICES = 4
"""More curves than this nobody can tell apart."""


@frozen(kw_only=True)
class Cell:
    """One column of the map. ``touchpoint`` is None in the column of a stage that holds none.

    ``feelings`` holds a point for every curve that is drawn, None where that curve has a gap.
    """

    number: int
    stage: int
    touchpoint: Touchpoint | None
    feelings: tuple[Point | None, ...] = ()
    count: TouchpointCount | None = None
    scores: tuple[Score, ...] = ()

    @property
    def feeling(self) -> Point | None:
        """The emotion of the first curve that has one here."""
        return next((point for point in self.feelings if point), None)


@frozen(kw_only=True)
class Sketch:
    """Everything the lanes need. ``voices`` are the curves that are drawn, ``unheard`` the names of those that are not."""

    journey: Journey
    stages: tuple[Stage, ...]
    cells: tuple[Cell, ...]
    voices: tuple[Curve, ...]
    unheard: tuple[str, ...]
    coverage: Coverage | None
    scorers: tuple[str, ...]
    overall: tuple[Score, ...]

    @property
    def touchpoints(self) -> tuple[Cell, ...]:
        """The cells that hold a touchpoint."""
        return tuple(cell for cell in self.cells if cell.touchpoint is not None)

    @property
    def backwards(self) -> bool:
        """Whether the journey's language is read from right to left."""
        language = self.journey.language.lower()
        return language.split("-")[0] in _RIGHT_TO_LEFT and "latn" not in language

    def peak(self) -> Cell | None:
        """The first cell with the highest emotion; None unless two differ, and where several curves are drawn."""
        return self._extreme(1)

    def lowest(self) -> Cell | None:
        """The first cell with the lowest emotion; None as for the peak."""
        return self._extreme(-1)

    def _extreme(self, sign: int) -> Cell | None:
        felt = [(cell.feeling.valence, cell) for cell in self.cells if cell.feeling]
        if len(self.voices) > 1 or len({valence for valence, _ in felt}) < 2:
            return None
        return max(felt, key=lambda pair: sign * pair[0])[1]

    def felt(self, cell: Cell, persona: str | None) -> Point | None:
        """How this persona feels there; who has no curve of their own feels as the first curve that speaks."""
        own = (point for curve, point in zip(self.voices, cell.feelings, strict=False) if curve.persona == persona)
        return next(own, None) or cell.feeling

    def name_of(self, persona: str | None) -> str | None:
        """The persona's name where several could be meant."""
        if persona is None or len(self.journey.personas) < 2:
            return None
        return next(p.name for p in self.journey.personas if p.id == persona)


def sketch(journey: Journey, scores: Scorecard | None, persona: str | None = None) -> Sketch:
    """The journey by columns; `ArgumentError` when the scorecard is of another journey or the persona unknown."""
    if scores is not None and scores.journey != journey.id:
        raise ArgumentError(f"the scorecard is of journey {scores.journey!r}, not of {journey.id!r}")
    if persona is not None and persona not in {p.id for p in journey.personas}:
        known = ", ".join(p.id for p in journey.personas) or "none"
        raise ArgumentError(f"no persona {persona!r} in journey {journey.id!r}; it has {known}")
    voices = (curve_of(journey, persona),) if persona else curves(journey)
    counts = {count.id: count for count in scores.coverage.touchpoints} if scores else {}
    known_scores = tuple(score for score in scores or () if score.segment is None)
    cells: list[Cell] = []
    number = 0
    for index, stage in enumerate(journey.stages):
        for touchpoint in stage.touchpoints:
            number += 1
            own = tuple(s for s in known_scores if (s.subject.kind, s.subject.id) == ("touchpoint", touchpoint.id))
            feelings = tuple(voice.points[number - 1] for voice in voices[:MOST_VOICES])
            # Without a rule no event could ever be counted; a nought would claim that none happened.
            count = counts.get(touchpoint.id) if touchpoint.match is not None else None
            cells.append(
                Cell(number=number, stage=index, touchpoint=touchpoint, feelings=feelings, count=count, scores=own)
            )
        if not stage.touchpoints:
            cells.append(Cell(number=0, stage=index, touchpoint=None))
    return Sketch(
        journey=journey,
        stages=journey.stages,
        cells=tuple(cells),
        voices=voices[:MOST_VOICES],
        unheard=tuple(voice.name for voice in voices[MOST_VOICES:]),
        coverage=scores.coverage if scores else None,
        scorers=tuple(dict.fromkeys(score.scorer for cell in cells for score in cell.scores)),
        overall=tuple(score for score in known_scores if score.subject.kind == "journey"),
    )
