"""The journey map, or another view of it, as a presentation of native shapes: all can be moved, recoloured and rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from attrs import field, frozen

from journeykit.drawing import flow, funnel, matrix, storyboard
from journeykit.drawing.scene import Scene
from journeykit.drawing.swimlane import LANES, pages
from journeykit.drawing.theme import Theme
from journeykit.errors import ArgumentError, one_of
from journeykit.model import Journey
from journeykit.renderers._pptx_file import presentation
from journeykit.renderers.swimlane import SwimlaneRenderer
from journeykit.results import Rendering, Scorecard

__all__ = ["PptxRenderer"]

View = Literal["swimlane", "flow", "funnel", "matrix", "opportunities", "storyboard"]


@frozen(kw_only=True)
class PptxRenderer:
    """Draws the map of `SwimlaneRenderer`, from the same layout, as text boxes, shapes, connectors and freeforms.

    ``view`` is another picture of the journey instead: ``flow``, ``funnel``, ``matrix``, ``opportunities`` (their matrix) or
    ``storyboard``, as the renderer of that name draws it by itself; then ``persona`` is a setting of the storyboard alone.

    One slide of the size of the map (at most 56 inches: a larger map is scaled down), or with ``columns_per_page`` a slide for
    each page. Everything of a touchpoint is one group that carries its id and, as alternative text, what the map says of it; the
    slide's notes hold the description of the whole. Colours are those of the presentation's theme where it has a place for
    them, so that a change of theme recolours the map; a theme whose ``mode`` is ``dark`` gives dark slides. Fonts are Arial (or
    the first of a theme with fonts of its own), and for CJK those that come with Office. The other settings are
    `SwimlaneRenderer`'s.
    """

    name: str = field(default="pptx", init=False)
    media_type: str = field(
        default="application/vnd.openxmlformats-officedocument.presentationml.presentation", init=False
    )
    view: View = "swimlane"
    lanes: tuple[str, ...] | None = None
    persona: str | None = None
    theme: Theme = field(factory=Theme)
    columns_per_page: int | None = None
    beside: Journey | None = None

    def __attrs_post_init__(self) -> None:
        if self.view not in get_args(View):
            raise ArgumentError(f"view={self.view!r}: give {one_of(get_args(View))}")
        given = [name for name in ("lanes", "columns_per_page", "beside") if getattr(self, name) is not None]
        given += ["persona"] if self.persona is not None and self.view != "storyboard" else []
        if self.view != "swimlane" and given:
            raise ArgumentError(f"the view {self.view!r} has no {one_of(given)}; the swimlane map has")
        # One picture, one set of rules for its settings.
        SwimlaneRenderer(
            lanes=self.lanes,
            persona=self.persona,
            theme=self.theme,
            columns_per_page=self.columns_per_page,
            beside=self.beside,
        )

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The presentation; the same bytes for the same input.

        Raises `ArgumentError` when the scorecard belongs to another journey or the persona is unknown, and
        `MissingLibraryError` without python-pptx.
        """
        scenes = self._scenes(journey, scores)
        title = scenes[0].title
        body = presentation(scenes, self.theme, title=title)
        return Rendering(media_type=self.media_type, body=body, title=title, renderer=self.name)

    def _scenes(self, journey: Journey, scores: Scorecard | None) -> Sequence[Scene]:
        """A scene for every slide."""
        match self.view:
            case "flow":
                return (flow.plan(journey, scores),)
            case "funnel":
                return (funnel.plan(journey, scores),)
            case "matrix":
                return (matrix.plan(journey, scores),)
            case "opportunities":
                return (matrix.chances(journey, scores),)
            case "storyboard":
                return (storyboard.plan(journey, scores, persona=self.persona),)
        return pages(
            journey,
            scores,
            lanes=LANES if self.lanes is None else tuple(self.lanes),
            persona=self.persona,
            columns_per_page=self.columns_per_page,
            beside=self.beside,
        )
