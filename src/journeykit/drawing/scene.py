"""A picture as data: marks with positions, nothing drawn yet. Tests question it; `painting.paint` draws it.

Coordinates are pixels, x to the right, y down, relative to the group a mark stands in. Texts name the box they must stay in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs
from attrs import field, frozen

from journeykit.drawing.text import Line
from journeykit.model._frozen import Value

__all__ = [
    "Box",
    "Circle",
    "Clip",
    "Group",
    "Icon",
    "Mark",
    "Path",
    "Rect",
    "Rule",
    "Scene",
    "Text",
    "mirrored",
    "texts",
]

Align = Literal["left", "middle", "right"]


@frozen(kw_only=True, eq=False, repr=False)
class Box(Value):
    """A rectangle by its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    def moved(self, dx: float, dy: float = 0.0) -> Box:
        """The box shifted."""
        return Box(x=self.x + dx, y=self.y + dy, width=self.width, height=self.height)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom

    def contains(self, other: Box, slack: float = 0.01) -> bool:
        """Whether the other lies inside, give or take ``slack``."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )


@frozen(kw_only=True, eq=False, repr=False)
class Text(Value):
    """Wrapped lines: ``x`` is the edge (or middle) that ``align`` names, ``y`` the first baseline, ``leading`` the line
    distance; ``box`` is the space the text must stay in, ``colour`` a role of the palette.
    """

    lines: tuple[Line, ...]
    x: float
    y: float
    size: float
    weight: int = 400
    leading: float
    colour: str
    align: Align = "left"
    italic: bool = False
    box: Box

    def extents(self) -> Iterator[Box]:
        """The box of every line, as measured: 0.8 em above the baseline and 0.22 em below."""
        shift = {"left": 0.0, "middle": 0.5, "right": 1.0}[self.align]
        for index, line in enumerate(self.lines):
            top = self.y + index * self.leading - 0.8 * self.size
            yield Box(x=self.x - shift * line.width, y=top, width=line.width, height=1.02 * self.size)


@frozen(kw_only=True, eq=False, repr=False)
class Rect(Value):
    """A rectangle; ``fill`` and ``stroke`` are roles of the palette."""

    box: Box
    radius: float = 0.0
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: str | None = None
    opacity: float | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Circle(Value):
    """A circle."""

    x: float
    y: float
    r: float
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Rule(Value):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    width: float = 1.0
    dash: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Path(Value):
    """A path of absolute commands: ``("M", (x, y))``, ``("C", (x1, y1, x2, y2, x, y))``, ``("Z", ())``.

    ``clip`` names a `Clip` of the scene.
    """

    commands: tuple[tuple[str, tuple[float, ...]], ...]
    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    opacity: float | None = None
    clip: str | None = None
    dash: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Icon(Value):
    """A line icon of `journeykit.drawing.icons` in a square of ``size``; never mirrored."""

    name: str
    x: float
    y: float
    size: float = 20.0
    stroke: str = "ink"
    width: float = 1.7


@frozen(kw_only=True, eq=False, repr=False)
class Group(Value):
    """Marks that belong together, shifted by ``dx`` and ``dy``; ``width`` is the space they are mirrored in.

    ``kind`` and ``name`` make the id ``{scene}-{kind}-{name}``; ``title`` is the tooltip; a decorative group is hidden
    from screen readers.
    """

    marks: tuple[Mark, ...]
    kind: str | None = None
    name: str | None = None
    title: str | None = None
    css: str | None = None
    dx: float = 0.0
    dy: float = 0.0
    width: float = 0.0
    decorative: bool = False


Mark = Text | Rect | Circle | Rule | Path | Icon | Group


@frozen(kw_only=True, eq=False, repr=False)
class Clip(Value):
    """A rectangle that paths may be clipped to."""

    name: str
    box: Box


@frozen(kw_only=True, eq=False, repr=False)
class Scene(Value):
    """A whole picture: its id, size, words for those who cannot see it, clips and marks."""

    id: str
    width: float
    height: float
    title: str
    description: str
    language: str
    marks: tuple[Mark, ...]
    clips: tuple[Clip, ...] = field(default=())


def texts(marks: tuple[Mark, ...], dx: float = 0.0, dy: float = 0.0) -> Iterator[Text]:
    """Every text of the marks, in page coordinates."""
    for mark in marks:
        if isinstance(mark, Group):
            yield from texts(mark.marks, dx + mark.dx, dy + mark.dy)
        elif isinstance(mark, Text):
            yield attrs.evolve(mark, x=mark.x + dx, y=mark.y + dy, box=mark.box.moved(dx, dy))


def mirrored(scene: Scene) -> Scene:
    """The scene for a reader from right to left: every position mirrored, icons and letters left as they are."""
    return attrs.evolve(
        scene,
        marks=tuple(_flip(mark, scene.width) for mark in scene.marks),
        clips=tuple(attrs.evolve(clip, box=_flip_box(clip.box, scene.width)) for clip in scene.clips),
    )


def _flip_box(box: Box, width: float) -> Box:
    return attrs.evolve(box, x=width - box.x - box.width)


def _flip(mark: Mark, width: float) -> Mark:
    match mark:
        case Text():
            align: Align = {"left": "right", "right": "left", "middle": "middle"}[mark.align]  # type: ignore[assignment]
            return attrs.evolve(mark, x=width - mark.x, align=align, box=_flip_box(mark.box, width))
        case Rect():
            return attrs.evolve(mark, box=_flip_box(mark.box, width))
        case Circle():
            return attrs.evolve(mark, x=width - mark.x)
        case Rule():
            return attrs.evolve(mark, x1=width - mark.x1, x2=width - mark.x2)
        case Path():
            return attrs.evolve(
                mark,
                commands=tuple(
                    (letter, tuple(width - v if i % 2 == 0 else v for i, v in enumerate(numbers)))
                    for letter, numbers in mark.commands
                ),
            )
        case Icon():
            return attrs.evolve(mark, x=width - mark.x - mark.size)
        case Group():
            # A group that is not shifted lives in the space of its parent.
            inner = mark.width or width
            dx = width - mark.dx - inner
            return attrs.evolve(mark, dx=dx, marks=tuple(_flip(m, inner) for m in mark.marks))
