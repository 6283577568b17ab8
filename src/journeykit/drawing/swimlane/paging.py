"""A wide map on several pages, and several pages under each other in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from journeykit.drawing.scene import Clip, Group, Mark, Rule, Scene
from journeykit.drawing.swimlane.frame import frame
from journeykit.drawing.swimlane.plan import LANES, laid_out
from journeykit.drawing.swimlane.sketch import paged, sketch
from journeykit.drawing.theme import Spacing
from journeykit.model import Journey

if TYPE_CHECKING:
    from journeykit.results import Scorecard

__all__ = ["pages", "stacked"]

_BETWEEN = 32.0


def pages(
    journey: Journey,
    scores: Scorecard | None = None,
    *,
    lanes: tuple[str, ...] = LANES,
    persona: str | None = None,
    columns_per_page: int | None = None,
    beside: Journey | None = None,
    spacing: Spacing | None = None,
) -> tuple[Scene, ...]:
    """The map as one scene a page, all of one width, each with at most ``columns_per_page`` columns (None: one page).

    Pages end where a stage ends, unless that left a page less than half full; every page has the header, the legend and its
    number. Scales, peaks and losses are those of the whole map. Ids of the second page and later end in its number.
    ``beside`` is another journey, drawn under the first on the same columns. Raises as `plan` does.
    """
    about = (scores, persona, spacing)
    if beside is None:
        whole = sketch(journey, *about)
    else:
        from journeykit.drawing.swimlane.pairing import paired  # noqa: PLC0415  # few maps have another beside them

        whole = paired(journey, beside, *about)
    drawn = paged(whole, columns_per_page)
    grids = [frame(page) for page in drawn]
    widest = max(grid.width for grid in grids)
    if len(drawn) > 1:
        grids = [grid if grid.width == widest else frame(page, widest) for page, grid in zip(drawn, grids, strict=True)]
    return tuple(laid_out(page, grid, lanes) for page, grid in zip(drawn, grids, strict=True))


def stacked(scenes: tuple[Scene, ...], description: str | None = None) -> Scene:
    """The pages under each other in one scene; ``description`` tells all of them, by default each tells its own."""
    if len(scenes) == 1:
        return scenes[0]
    marks: list[Mark] = []
    clips: list[Clip] = []
    y = 0.0
    for index, scene in enumerate(scenes):
        if index:
            middle = y - _BETWEEN / 2
            marks.append(Rule(x1=0, y1=middle, x2=scene.width, y2=middle, stroke="edge", dash="2 6"))
        marks.append(Group(marks=scene.marks, dy=y))
        clips += scene.clips
        y += scene.height + _BETWEEN
    told = description or " ".join(scene.description for scene in scenes)
    return evolve(scenes[0], height=y - _BETWEEN, marks=tuple(marks), clips=tuple(clips), description=told)
