"""The funnel of the map as a picture: one SVG file, light and dark."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field, frozen

from journeykit.drawing.funnel import plan
from journeykit.drawing.painting import paint
from journeykit.drawing.theme import Theme
from journeykit.errors import ArgumentError
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["FunnelRenderer"]


def _by(_: object, __: object, value: Any) -> None:
    if value not in ("touchpoint", "stage"):
        raise ArgumentError(f"by={value!r}: a funnel counts by 'touchpoint' or by 'stage'")


def _steps(_: object, __: object, value: Any) -> None:
    if value is not None and (isinstance(value, str) or len(set(value)) < len(value) or not value):
        raise ArgumentError(f"steps={value!r}: the ids of touchpoints (or of stages), each once, or None for all")


@frozen(kw_only=True)
class FunnelRenderer:
    """Draws how many journeys are *still on board*: whose furthest touchpoint in the order of the map is this one or a later one.

    That is the open form of a funnel: nobody has to take every step, or in order; for ordered and strict funnels with a window
    see `journeykit.measures.funnel`. The share is of all journeys on the map, with Wilson's 95 % interval. ``steps`` are the
    ids to show (None: all), ``by`` says whether they are touchpoints or stages; a stage is reached with its first touchpoint
    that events can show. What cannot be counted has a row that says why.
    """

    name: str = field(default="funnel", init=False)
    media_type: str = field(default="image/svg+xml", init=False)
    steps: tuple[str, ...] | None = field(default=None, validator=_steps)
    by: Literal["touchpoint", "stage"] = field(default="touchpoint", validator=_by)
    theme: Theme = field(factory=Theme)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The funnel as SVG (UTF-8); the same bytes for the same input. Without ``scores`` the rows say that nothing was counted.

        Raises `ArgumentError` when the scorecard belongs to another journey, or for an id that is not on the map.
        """
        scene = plan(journey, scores, steps_=self.steps, by=self.by)
        svg = paint(scene, self.theme)
        return Rendering(media_type=self.media_type, body=svg.encode("utf-8"), title=scene.title, renderer=self.name)
