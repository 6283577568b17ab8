"""What customers really do as a picture: one SVG file, light and dark, laid out without any graph library."""

from __future__ import annotations

from typing import Any, Literal

from attrs import field, frozen

from journeykit.drawing.flow import plan
from journeykit.drawing.painting import paint
from journeykit.drawing.theme import Theme
from journeykit.errors import ArgumentError
from journeykit.model import Journey
from journeykit.results import Rendering, Scorecard

__all__ = ["FlowRenderer"]


def _share(_: object, __: object, value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1):
        raise ArgumentError(
            f"share={value!r}: the share of all moves to draw lies above 0 and is at most 1, or is None"
        )


def _top(_: object, __: object, value: Any) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise ArgumentError(f"top={value!r}: the number of moves to draw is a whole number from 1 on, or None for all")


def _direction(_: object, __: object, value: Any) -> None:
    if value not in (None, "across", "down"):
        raise ArgumentError(f"direction={value!r}: a flow runs 'across' or 'down', or None to choose by its size")


@frozen(kw_only=True)
class FlowRenderer:
    """Draws what directly follows what: touchpoints in the order of the map, moves onward on one side, moves back on the other.

    Of every kind of move (between two touchpoints, again at the same one, starts, ends) the strongest are drawn that together
    make up ``share`` of its counts (None: nine of ten, or three of four with more than fifteen touchpoints), at most ``top`` of
    each; the picture says how many are not. Unless ``top`` is given, every touchpoint also keeps its strongest move in and out.
    Moves that the map plans are always drawn, dashed where nobody made them; others are marked. A map that plans no moves plans
    its order.

    ``direction`` is ``"across"``, ``"down"`` or None: downwards from eleven touchpoints on, and where the picture would be more
    than three times as wide as high. From sixteen on what runs down stands in columns: a move from one column to another is named
    on both its touchpoints, and only what leads on to the next column is a line.
    """

    name: str = field(default="flow", init=False)
    media_type: str = field(default="image/svg+xml", init=False)
    share: float | None = field(default=None, validator=_share)
    top: int | None = field(default=None, validator=_top)
    direction: Literal["across", "down"] | None = field(default=None, validator=_direction)
    theme: Theme = field(factory=Theme)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The flow as SVG (UTF-8); the same bytes for the same input. Without ``scores`` only the plan is drawn, and it says so.

        Raises `ArgumentError` when the scorecard belongs to another journey.
        """
        turned = None if self.direction is None else self.direction == "down"
        scene = plan(journey, scores, share=self.share, top=self.top, turned=turned)
        svg = paint(scene, self.theme)
        return Rendering(media_type=self.media_type, body=svg.encode("utf-8"), title=scene.title, renderer=self.name)
