"""The journey as a storyboard: one SVG file, light and dark, for those who want the story and not the figures."""

from __future__ import annotations

from attrs import field, frozen

from journeykit.drawing.painting import paint
from journeykit.drawing.storyboard import plan
from journeykit.drawing.theme import Theme
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["StoryboardRenderer"]


@frozen(kw_only=True)
class StoryboardRenderer:
    """Draws one panel a stage: the person with the mean of their feelings there, what they say, what they do, what hurts.

    The story is told through ``persona`` (an id), else through the first persona whose feelings are on the map; claims of
    other personas are left out, claims for everyone belong to each. The quote of a panel is the one said where the feeling is
    strongest. Three panels stand in a row (two where there are two or four).
    """

    name: str = field(default="storyboard", init=False)
    media_type: str = field(default="image/svg+xml", init=False)
    persona: str | None = None
    theme: Theme = field(factory=Theme)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The storyboard as SVG (UTF-8); the same bytes for the same input. ``scores`` only add where the figures come from.

        Raises `ArgumentError` when the scorecard belongs to another journey or the persona is unknown.
        """
        scene = plan(journey, scores, persona=self.persona)
        svg = paint(scene, self.theme)
        return Rendering(media_type=self.media_type, body=svg.encode("utf-8"), title=scene.title, renderer=self.name)
