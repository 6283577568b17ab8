"""What a picture of one view starts from: the journey by touchpoints, with what was counted and scored, and its words."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.wording import Wording, wording
from journeykit.errors import ArgumentError
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.results import Coverage, Score, Scorecard, TouchpointCount

__all__ = ["Spot", "View", "view"]

_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ckb")


@frozen(kw_only=True)
class Spot:
    """A touchpoint, its number on the map from 1 on, the position of its stage, its count and its scores.

    ``count`` is None without evidence, and where the touchpoint has no rule: a nought would claim that nothing happened.
    """

    number: int
    stage: int
    touchpoint: Touchpoint
    count: TouchpointCount | None = None
    scores: tuple[Score, ...] = ()

    @property
    def withheld(self) -> bool:
        """Whether so few came here that everything was counted as if the map did not have it."""
        return self.count is not None and self.count.journeys is None

    def score(self, scorer: str) -> Score | None:
        """Its score by this scorer."""
        return next((score for score in self.scores if score.scorer == scorer), None)


@frozen(kw_only=True)
class View:
    """The journey as a view sees it."""

    journey: Journey
    words: Wording
    spots: tuple[Spot, ...]
    coverage: Coverage | None

    @property
    def backwards(self) -> bool:
        """Whether the journey's language is read from right to left."""
        language = self.journey.language.lower()
        return language.split("-")[0] in _RIGHT_TO_LEFT and "latn" not in language

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages of the map."""
        return self.journey.stages


def view(journey: Journey, scores: Scorecard | None) -> View:
    """The journey with its scorecard; `ArgumentError` when the scorecard is of another journey."""
    if scores is not None and scores.journey != journey.id:
        raise ArgumentError(f"the scorecard is of journey {scores.journey!r}, not of {journey.id!r}")
    counts = {count.id: count for count in scores.coverage.touchpoints} if scores is not None else {}
    about: dict[str, list[Score]] = {}
    for score in scores if scores is not None else ():
        if score.segment is None and score.subject.kind == "touchpoint":
            about.setdefault(score.subject.id, []).append(score)
    spots: list[Spot] = []
    for index, stage in enumerate(journey.stages):
        for touchpoint in stage.touchpoints:
            spots.append(
                Spot(
                    number=len(spots) + 1,
                    stage=index,
                    touchpoint=touchpoint,
                    count=counts.get(touchpoint.id) if touchpoint.match is not None else None,
                    scores=tuple(about.get(touchpoint.id, ())),
                )
            )
    return View(
        journey=journey,
        words=wording(journey.language),
        spots=tuple(spots),
        coverage=scores.coverage if scores is not None else None,
    )
