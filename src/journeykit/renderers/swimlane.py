"""The journey map as a swimlane picture: one SVG file, light and dark, for people and for screen readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import Attribute, field, frozen

from journeykit.drawing.painting import paint
from journeykit.drawing.swimlane import LANES, pages, stacked
from journeykit.drawing.theme import Theme
from journeykit.errors import ArgumentError, one_of
from journeykit.model import Journey
from journeykit.results import Rendering

if TYPE_CHECKING:
    from journeykit.results import Scorecard

__all__ = ["SwimlaneRenderer"]


def _in_order(value: Iterable[str] | None) -> tuple[str, ...] | None:
    if isinstance(value, str):
        raise ArgumentError(f"lanes={value!r}: give a list, such as lanes=[{value!r}]")
    return None if value is None else tuple(value)


def _lanes(_: object, __: object, value: tuple[str, ...] | None) -> None:
    if value is None:
        return
    if unknown := [name for name in value if name not in LANES]:
        raise ArgumentError(f"there is no lane {one_of([repr(name) for name in unknown])}; lanes are {one_of(LANES)}")
    if len(set(value)) < len(value):
        raise ArgumentError(f"each lane stands once, not {value!r}")


def _columns(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise ArgumentError(f"{attribute.name}={value!r}: give a whole number from 1 on, or None for one page")


def _journey(_: object, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, Journey):
        raise ArgumentError(f"{attribute.name} is another journey to draw beside the first, not {type(value).__name__}")


def _theme(_: object, attribute: Attribute[Any], value: object) -> None:
    if not isinstance(value, Theme):
        raise ArgumentError(f"{attribute.name} is a journeykit.drawing.theme.Theme, not {type(value).__name__}")


@frozen(kw_only=True)
class SwimlaneRenderer:
    """Draws stages, touchpoint cards, the emotion curve, quotes, pains, opportunities, who is still on board, and scores.

    ``lanes`` picks lanes and their order (of `journeykit.drawing.swimlane.LANES`; None: all); lanes without content are
    left out. Every persona that emotions are claimed for has a curve of its own, up to four; the map names those it does
    not draw. ``persona`` is the id of the only one to draw instead. What is claimed for nobody in particular holds for
    everyone. ``theme`` holds colours, fonts and distances
    (`journeykit.drawing.theme.Theme`).

    ``columns_per_page`` cuts a wide map into pages of at most so many columns, at the end of a stage where that can be:
    the file holds them under each other, ``Rendering.pages`` each as a file of its own, and a PDF has one page for each.

    ``beside`` is another journey (the map as it is to be, or an older version), drawn under the first with the same columns:
    touchpoints of one id share a column, and what is new, dropped, moved or changed says so in words and by its sign. The
    scores are those of the first.
    """

    name: str = field(default="swimlane", init=False)
    media_type: str = field(default="image/svg+xml", init=False)
    lanes: tuple[str, ...] | None = field(default=None, converter=_in_order, validator=_lanes)
    persona: str | None = None
    theme: Theme = field(factory=Theme, validator=_theme)
    columns_per_page: int | None = field(default=None, validator=_columns)
    beside: Journey | None = field(default=None, validator=_journey)

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The map as SVG (UTF-8); the same bytes for the same input.

        With ``scores`` the cards carry record counts, and the lanes of scores and of who is still on board appear.
        Raises `ArgumentError` when the scorecard belongs to another journey or the persona is unknown.
        """
        scenes = pages(
            journey,
            scores,
            lanes=LANES if self.lanes is None else self.lanes,
            persona=self.persona,
            columns_per_page=self.columns_per_page,
            beside=self.beside,
            spacing=self.theme.spacing,
        )
        whole = stacked(scenes)
        parts = tuple(paint(scene, self.theme).encode("utf-8") for scene in scenes) if len(scenes) > 1 else ()
        svg = paint(whole, self.theme).encode("utf-8")
        return Rendering(media_type=self.media_type, body=svg, title=whole.title, renderer=self.name, pages=parts)
