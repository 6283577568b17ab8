"""What matters against what it costs, as a picture: one SVG file, light and dark."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field, frozen

from journeykit.drawing.matrix import chances, plan
from journeykit.drawing.painting import paint
from journeykit.drawing.theme import Theme
from journeykit.errors import ArgumentError
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["MatrixRenderer"]


def _of(_: object, __: object, value: Any) -> None:
    if value not in ("touchpoints", "opportunities"):
        raise ArgumentError(f"of={value!r}: a matrix shows 'touchpoints' or 'opportunities'")


def _scorer(_: object, attribute: Any, value: Any) -> None:
    if not isinstance(value, str) or not value:
        raise ArgumentError(f"{attribute.name}={value!r}: an axis is the name of a scorer, such as 'friction'")


@frozen(kw_only=True)
class MatrixRenderer:
    """Draws touchpoints by two scores, or opportunities by impact and effort.

    ``of="touchpoints"``: the figures of the scorers ``x`` (to the right) and ``y`` (upwards), each with its interval; the
    dashed lines that part the quadrants are the medians of the points, so half of them lie at either side whatever the
    scale. Uncertain points are hollow. ``of="opportunities"``: a field for every pair of impact and effort, which are words
    (low, medium, high) and no amounts. What cannot be placed is listed beneath, with the reason.
    """

    name: str = field(default="matrix", init=False)
    media_type: str = field(default="image/svg+xml", init=False)
    of: Literal["touchpoints", "opportunities"] = field(default="touchpoints", validator=_of)
    x: str = field(default="friction", validator=_scorer)
    y: str = field(default="impact", validator=_scorer)
    theme: Theme = field(factory=Theme)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The matrix as SVG (UTF-8); the same bytes for the same input. Without ``scores`` no touchpoint can be placed.

        Raises `ArgumentError` when the scorecard belongs to another journey.
        """
        scene = chances(journey, scores) if self.of == "opportunities" else plan(journey, scores, x=self.x, y=self.y)
        svg = paint(scene, self.theme)
        return Rendering(media_type=self.media_type, body=svg.encode("utf-8"), title=scene.title, renderer=self.name)
