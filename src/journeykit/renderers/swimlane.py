"""The journey map as a swimlane picture: one SVG file, light and dark, for people and for screen readers."""

from __future__ import annotations

from attrs import field, frozen

from journeykit.drawing.painting import paint
from journeykit.drawing.swimlane import LANES, plan
from journeykit.drawing.theme import Theme
from journeykit.errors import ArgumentError, one_of
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["SwimlaneRenderer"]


def _lanes(_: object, __: object, value: tuple[str, ...] | None) -> None:
    if value is None:
        return
    if unknown := [name for name in value if name not in LANES]:
        raise ArgumentError(f"there is no lane {one_of([repr(name) for name in unknown])}; lanes are {one_of(LANES)}")
    if len(set(value)) < len(value):
        raise ArgumentError(f"each lane stands once, not {value!r}")


@frozen(kw_only=True)
class SwimlaneRenderer:
    """Draws stages, touchpoint cards, the emotion curve, quotes, pains, opportunities, who is still on board, and scores.

    ``lanes`` picks lanes and their order (of `journeykit.drawing.swimlane.LANES`; None: all); lanes without content are
    left out. Every persona that emotions are claimed for has a curve of its own, up to four; the map names those it does
    not draw. ``persona`` is the id of the only one to draw instead. What is claimed for nobody in particular holds for
    everyone. ``theme`` holds colours and fonts for light and dark.
    """

    name: str = field(default="swimlane", init=False)
    media_type: str = field(default="image/svg+xml", init=False)
    lanes: tuple[str, ...] | None = field(default=None, validator=_lanes)
    persona: str | None = None
    theme: Theme = field(factory=Theme)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The map as SVG (UTF-8); the same bytes for the same input.

        With ``scores`` the cards carry record counts, and the lanes of scores and of who is still on board appear.
        Raises `ArgumentError` when the scorecard belongs to another journey or the persona is unknown.
        """
        lanes = LANES if self.lanes is None else self.lanes
        scene = plan(journey, scores, lanes=lanes, persona=self.persona)
        svg = paint(scene, self.theme)
        return Rendering(media_type=self.media_type, body=svg.encode("utf-8"), title=scene.title, renderer=self.name)
