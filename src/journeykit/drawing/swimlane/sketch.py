"""What there is to draw: the journey and its scorecard, sorted by touchpoint, before any position is known."""

from __future__ import annotations

from attrs import frozen

from journeykit.errors import ArgumentError
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.results import Coverage, Score, Scorecard, TouchpointCount

__all__ = ["Cell", "Feeling", "Sketch", "sketch"]


@frozen(kw_only=True)
class Feeling:
    """The emotion at one touchpoint: the mean of the valences claimed there, the widest spread, and whether any is assumed."""

    valence: float
    spread: float | None
    label: str | None
    assumed: bool


@frozen(kw_only=True)
class Cell:
    """One column of the map. ``touchpoint`` is None in the column of a stage that holds none."""

    number: int
    stage: int
    touchpoint: Touchpoint | None
    feeling: Feeling | None = None
    count: TouchpointCount | None = None
    scores: tuple[Score, ...] = ()


@frozen(kw_only=True)
class Sketch:
    """Everything the lanes need. ``persona`` is the id of the one whose emotions are drawn, None for everyone's."""

    journey: Journey
    stages: tuple[Stage, ...]
    cells: tuple[Cell, ...]
    persona: str | None
    coverage: Coverage | None
    scorers: tuple[str, ...]
    overall: tuple[Score, ...]

    @property
    def touchpoints(self) -> tuple[Cell, ...]:
        """The cells that hold a touchpoint."""
        return tuple(cell for cell in self.cells if cell.touchpoint is not None)

    def peak(self) -> Cell | None:
        """The first cell with the highest emotion, None unless two differ."""
        return self._extreme(1)

    def lowest(self) -> Cell | None:
        """The first cell with the lowest emotion, None unless two differ."""
        return self._extreme(-1)

    def _extreme(self, sign: int) -> Cell | None:
        felt = [(cell.feeling.valence, cell) for cell in self.cells if cell.feeling]
        if len({valence for valence, _ in felt}) < 2:
            return None
        return max(felt, key=lambda pair: sign * pair[0])[1]

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
    shown = persona or _curve_of(journey)
    counts = {count.id: count for count in scores.coverage.touchpoints} if scores else {}
    known_scores = tuple(score for score in scores or () if score.segment is None)
    cells: list[Cell] = []
    number = 0
    for index, stage in enumerate(journey.stages):
        for touchpoint in stage.touchpoints:
            number += 1
            own = tuple(s for s in known_scores if (s.subject.kind, s.subject.id) == ("touchpoint", touchpoint.id))
            feeling = _feeling(touchpoint, shown)
            # Without a rule no event could ever be counted; a nought would claim that none happened.
            count = counts.get(touchpoint.id) if touchpoint.match is not None else None
            cells.append(
                Cell(number=number, stage=index, touchpoint=touchpoint, feeling=feeling, count=count, scores=own)
            )
        if not stage.touchpoints:
            cells.append(Cell(number=0, stage=index, touchpoint=None))
    return Sketch(
        journey=journey,
        stages=journey.stages,
        cells=tuple(cells),
        persona=shown,
        coverage=scores.coverage if scores else None,
        scorers=tuple(dict.fromkeys(score.scorer for cell in cells for score in cell.scores)),
        overall=tuple(score for score in known_scores if score.subject.kind == "journey"),
    )


def _curve_of(journey: Journey) -> str | None:
    """Whose curve is drawn: everyone's where such emotions are claimed, else the first persona's who has any."""
    owners = {emotion.persona for touchpoint in journey.touchpoints() for emotion in touchpoint.emotions}
    if not owners or None in owners:
        return None
    return next(p.id for p in journey.personas if p.id in owners)


def _feeling(touchpoint: Touchpoint, persona: str | None) -> Feeling | None:
    claims = [emotion for emotion in touchpoint.emotions if emotion.persona == persona]
    if not claims:
        return None
    spreads = [emotion.spread for emotion in claims if emotion.spread is not None]
    labels = [emotion.label for emotion in claims if emotion.label]
    return Feeling(
        valence=sum(emotion.valence for emotion in claims) / len(claims),
        spread=max(spreads) if spreads else None,
        label=", ".join(labels) or None,
        assumed=any(emotion.basis == "assumed" for emotion in claims),
    )
