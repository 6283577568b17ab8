"""Puts a scene on a canvas. Colours are written twice: as presentation attributes (light) and as classes, which the one
style sheet overrides for dark; converters that know no style sheet still draw the light picture.
"""

from __future__ import annotations

from journeykit.drawing.canvas import Canvas, number
from journeykit.drawing.icons import ICONS
from journeykit.drawing.isolates import balanced
from journeykit.drawing.scene import Circle, Group, Icon, Mark, Path, Rect, Rule, Scene, Text
from journeykit.drawing.text import reads_right_to_left
from journeykit.drawing.theme import Theme

__all__ = ["Painter", "paint"]

_ISOLATE, _END = "\N{RIGHT-TO-LEFT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def paint(scene: Scene, theme: Theme) -> str:
    """The scene as a complete SVG file."""
    return Painter(scene, theme).svg()


class Painter:
    """Draws the marks of one scene. A picture that needs more of an element (the page's buttons) draws it in a subclass."""

    def __init__(self, scene: Scene, theme: Theme) -> None:
        self.scene: Scene = scene
        self.theme: Theme = theme
        self.canvas: Canvas = self.blank()
        self._looks: dict[tuple[str | None, str | None], dict[str, str | None]] = {}

    def blank(self) -> Canvas:
        """The empty canvas: one image, in the language of the scene."""
        family, language = self.theme.font_family(self.scene.language), self.scene.language
        about = {"role": "img", "font_family": family, "xml:lang": language, "lang": language}
        return Canvas(self.scene.width, self.scene.height, **about)

    def svg(self) -> str:
        """The whole file."""
        canvas, scene = self.canvas, self.scene
        canvas.describe(scene.title, scene.description, (canvas.id(scene.id, "title"), canvas.id(scene.id, "desc")))
        if sheet := self.theme.style_sheet():
            canvas.style(sheet)
        for clip in scene.clips:
            canvas.clip(canvas.id(scene.id, "clip", clip.name), clip.box.x, clip.box.y, clip.box.width, clip.box.height)
        for mark in scene.marks:
            self.paint(mark)
        return canvas.text()

    def colours(self, fill: str | None, stroke: str | None) -> dict[str, str | None]:
        """The attributes that colour an element."""
        look = self._looks.get((fill, stroke))
        if look is None:
            classes = [f"f-{fill}"] * bool(fill) + [f"s-{stroke}"] * bool(stroke)
            look = self._looks[fill, stroke] = {
                "class_": " ".join(classes) or None,
                "fill": getattr(self.theme.base, fill) if fill else "none",
                "stroke": getattr(self.theme.base, stroke) if stroke else None,
            }
        return look

    def paint(self, mark: Mark) -> None:
        """Draw one mark."""
        match mark:
            case Group():
                self.group(mark)
            case Text():
                self.write(mark)
            case Rect():
                self.rect(mark)
            case Circle():
                self.circle(mark)
            case Rule():
                look = self.colours(None, mark.stroke) | {"fill": None}
                place = {"x1": mark.x1, "y1": mark.y1, "x2": mark.x2, "y2": mark.y2}
                self.canvas.add("line", **place, **look, stroke_width=mark.width, stroke_dasharray=mark.dash)
            case Path():
                self.path(mark)
            case Icon():
                self.icon(mark)

    def group(self, group: Group) -> None:
        """Draw a group and what it holds."""
        parts = [part for part in (group.kind, group.name) if part]
        self.canvas.open(
            title=group.title,
            id=self.canvas.id(self.scene.id, *parts) if parts else None,
            class_=group.css,
            transform=f"translate({number(group.dx)} {number(group.dy)})" if group.dx or group.dy else None,
            aria_hidden="true" if group.decorative else None,
        )
        for mark in group.marks:
            self.paint(mark)
        self.canvas.close()

    def rect(self, mark: Rect) -> None:
        """Draw a rectangle."""
        self.canvas.add(
            "rect",
            x=mark.box.x,
            y=mark.box.y,
            width=mark.box.width,
            height=mark.box.height,
            rx=mark.radius or None,
            **self.colours(mark.fill, mark.stroke),
            stroke_width=mark.width if mark.stroke and mark.width != 1 else None,
            stroke_dasharray=mark.dash,
            fill_opacity=mark.opacity,
        )

    def circle(self, mark: Circle) -> None:
        """Draw a circle."""
        look = self.colours(mark.fill, mark.stroke)
        width = mark.width if mark.stroke else None
        self.canvas.add(
            "circle", cx=mark.x, cy=mark.y, r=mark.r, **look, stroke_width=width, stroke_dasharray=mark.dash
        )

    def path(self, mark: Path) -> None:
        """Draw a path."""
        d = "".join(letter + " ".join(map(number, numbers)) for letter, numbers in mark.commands)
        self.canvas.add(
            "path",
            d=d,
            **self.colours(mark.fill, mark.stroke),
            stroke_width=mark.width if mark.stroke else None,
            stroke_linecap="round" if mark.stroke else None,
            stroke_dasharray=mark.dash,
            fill_opacity=mark.opacity,
            clip_path=f"url(#{self.scene.id}-clip-{mark.clip})" if mark.clip else None,
        )

    def icon(self, mark: Icon) -> None:
        """Draw an icon."""
        scale = mark.size / 24
        self.canvas.add(
            "path",
            d=ICONS[mark.name],
            transform=f"translate({number(mark.x)} {number(mark.y)}) scale({number(scale)})",
            **self.colours(None, mark.stroke),
            stroke_width=mark.width,
            stroke_linecap="round",
            stroke_linejoin="round",
        )

    def write(self, mark: Text) -> None:
        """Draw a text."""
        # ``direction`` would turn the meaning of text-anchor round, and converters do not know it (resvg draws such text on
        # the wrong side of its edge). An isolate in the text itself says the same and is understood everywhere.
        backwards = reads_right_to_left("".join(line.text for line in mark.lines))
        anchor = {"left": None, "right": "end", "middle": "middle"}[mark.align]
        spans = []
        for index, (line, shown) in enumerate(zip(mark.lines, balanced(mark.lines), strict=True)):
            words = f"{_ISOLATE}{shown}{_END}" if backwards else shown
            # Without a space the words on both sides of a line break run together when copied or read out. It stands
            # where it cannot shift the aligned edge: behind the line, or before the next one.
            if anchor is None and line.space:
                words += " "
            elif anchor is not None and index and mark.lines[index - 1].space:
                words = " " + words
            spans.append((mark.x, mark.y + index * mark.leading, words))
        self.canvas.write(
            spans,
            **(self.colours(mark.colour, None)),
            font_size=mark.size,
            font_weight=str(mark.weight) if mark.weight != 400 else None,
            font_style="italic" if mark.italic else None,
            text_anchor=anchor,
        )
