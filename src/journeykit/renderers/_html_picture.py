"""The map inside the page: the swimlane scene with lanes that can be folded away and a button over every touchpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import frozen

from journeykit.drawing.canvas import Canvas, number
from journeykit.drawing.painting import Painter
from journeykit.drawing.scene import Circle, Group, Icon, Mark, Path, Rect, Rule, Scene, Text
from journeykit.drawing.text import joined
from journeykit.drawing.theme import Palette, Theme
from journeykit.renderers._html_markup import Markup

__all__ = ["Lane", "group_of", "lanes_of", "palette_css", "picture", "words_of"]

_ID = "map"
_GAP = 3.0
# Short names: they are written once, but the sheet and the script name them too.
_CLASSES = {"header": "top", "touchpoints": "tps"}
_LOOKS = (
    "fill", "fill_opacity", "stroke", "stroke_width", "stroke_dasharray", "stroke_linecap", "stroke_linejoin", "font_size",
    "font_weight", "font_style", "text_anchor",
)  # fmt: skip
# In the text of an element every < and > is escaped, so these find elements only.
_ONE_LINE = re.compile(r"<text([^<>]*)><tspan([^<>]*)>([^<>]*)</tspan></text>")
_RULE = r'<line class="{}" x1="([\d.-]+)" x2="([\d.-]+)" y1="([\d.-]+)" y2="([\d.-]+)"/>\n'
_RULES = re.compile(_RULE.format(r"(k\d+)") + "(?:" + _RULE.format(r"\1") + ")+")
_TAG = re.compile(r"<[a-z][^<>]*>")
_PLAIN = re.compile(r'="([\w.#-]+)"(?=[ >])')
_NAMESPACES = re.compile(r' xmlns(?::xlink)?="[^"]*"')


@frozen(kw_only=True)
class Lane:
    """One lane of the picture: its name, and the slice of the page that closes when it is hidden."""

    name: str
    top: float
    height: float


def picture(scene: Scene, theme: Theme, buttons: Mapping[str, str]) -> tuple[Markup, str]:
    """The scene as an SVG element, and its style sheet. Each touchpoint is a group with an empty rect over it as its button.

    ``buttons`` are the names of these buttons by the id of the touchpoint.
    """
    painter = _PagePainter(scene, theme, buttons)
    return Markup(painter.svg()), painter.looks.css()


def lanes_of(scene: Scene) -> tuple[Lane, ...]:
    """The lanes from top to bottom. Everything in a lane lies between its top and the next one's."""
    groups = [mark for mark in scene.marks if isinstance(mark, Group) and mark.kind == "lane"]
    tops = [min(_tops(group), default=0.0) for group in groups]
    ends = [*tops[1:], _floor(scene)][: len(tops)]
    return tuple(
        Lane(name=group.name or "", top=top, height=end - top)
        for group, top, end in zip(groups, tops, ends, strict=True)
    )


def group_of(scene: Scene, kind: str) -> tuple[Mark, ...]:
    """The marks of the scene's group of this kind; none where there is no such group."""
    return next((m.marks for m in scene.marks if isinstance(m, Group) and m.kind == kind), ())


def words_of(group: Group, *, deep: bool = False) -> Iterator[str]:
    """The texts of a group as they were before they were wrapped; with ``deep`` those of the groups inside it too."""
    for mark in group.marks:
        if isinstance(mark, Text) and mark.lines:
            yield joined(mark.lines)
        elif deep and isinstance(mark, Group):
            yield from words_of(mark, deep=True)


def palette_css(theme: Theme, language: str) -> str:
    """The theme for the page: its colours as variables, light and dark, and the fonts."""
    roles = [a.name for a in attrs.fields(Palette)]
    light = "".join(f"--{role}:{getattr(theme.light, role)};" for role in roles)
    changed = [role for role in roles if getattr(theme.light, role) != getattr(theme.dark, role)]
    dark = "".join(f"--{role}:{getattr(theme.dark, role)};" for role in changed)
    # The script changes when the second rule holds: the button beats the reader's system, and paper is always light.
    return (
        f":root{{{light}color-scheme:light;font-family:{theme.font_family(language)}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}color-scheme:dark}}}}\n"
    )


def _floor(scene: Scene) -> float:
    """Where the lanes end: the foot of the tinted columns, else the legend's first line."""
    bands = [m.box.bottom for m in group_of(scene, "ground") if isinstance(m, Rect) and m.fill == "band"]
    legend = [top for mark in group_of(scene, "legend") for top in _tops(mark)]
    return max(bands, default=min(legend, default=scene.height))


def _tops(mark: Mark) -> Iterator[float]:
    """The upper ends of everything in a mark."""
    match mark:
        case Group():
            for member in mark.marks:
                yield from _tops(member)
        case Text() | Rect():
            yield mark.box.y
        case Circle():
            yield mark.y - mark.r
        case Rule():
            yield min(mark.y1, mark.y2)
        case Icon():
            yield mark.y
        case Path():
            yield from (y for _, numbers in mark.commands for y in numbers[1::2])


class _Looks:
    """How the elements of one picture look: every combination of colour, pen and letter once, as a class."""

    def __init__(self) -> None:
        self._classes: dict[str, str] = {}

    def named(self, attributes: dict[str, Any]) -> dict[str, Any]:
        """The attributes with a class in place of those that only say how the element looks."""
        look = {name: attributes.pop(name) for name in _LOOKS if attributes.get(name) is not None}
        rules = ";".join(f"{name.replace('_', '-')}:{_plain(name, value)}" for name, value in look.items())
        if rules:
            attributes["class_"] = self._classes.setdefault(rules, f"k{len(self._classes)}")
        return attributes

    def css(self) -> str:
        """The rules of the classes, in the order in which they were first needed."""
        return "".join(f".{name}{{{rules}}}" for rules, name in self._classes.items()) + "\n"


def _plain(name: str, value: str | float) -> str:
    return f"{number(float(value))}px" if name == "font_size" else value if isinstance(value, str) else number(value)


def _one_path(found: re.Match[str]) -> str:
    """Lines that follow each other and look the same, as one path."""
    ends = re.findall(_RULE.format(found[1]), found[0])
    d = "".join(f"M{x1} {y1}L{x2} {y2}" for x1, x2, y1, y2 in ends)
    return f'<path class="{found[1]}" d="{d}"/>\n'


class _PageCanvas(Canvas):
    looks: _Looks

    def add(self, element: str, **attributes: str | float | None) -> None:
        # A tenth of a pixel is finer than any screen, and every digit counts: a map has thousands.
        near = {name: round(value, 1) if isinstance(value, float) else value for name, value in attributes.items()}
        super().add(element, **self.looks.named(near))

    def write(self, spans: list[tuple[float, float, str]], **attributes: str | float | None) -> None:
        near = [(round(x, 1), round(y, 1), words) for x, y, words in spans]
        super().write(near, **self.looks.named(attributes))


class _PagePainter(Painter):
    def __init__(self, scene: Scene, theme: Theme, buttons: Mapping[str, str]) -> None:
        self.looks, self.buttons = _Looks(), buttons
        self.floor = _floor(scene)
        self.ceiling = next((lane.top for lane in lanes_of(scene)), 0.0)
        super().__init__(attrs.evolve(scene, id=_ID), theme)

    def blank(self) -> Canvas:
        """A group of touchpoints, not one image; the font is the page's."""
        about = {"role": "group", "aria-label": self.scene.title, "class": _ID}
        canvas = _PageCanvas(self.scene.width, self.scene.height, **about)
        canvas.looks = self.looks
        return canvas

    def svg(self) -> str:
        """The element alone, to stand in the page."""
        for clip in self.scene.clips:
            name = self.canvas.id(_ID, "clip", clip.name)
            self.canvas.clip(name, clip.box.x, clip.box.y, clip.box.width, clip.box.height)
        for mark in self.scene.marks:
            self.paint(mark)
        svg = self.canvas.text().split("\n", 1)[1].replace(" />", "/>")
        svg = _RULES.sub(_one_path, _NAMESPACES.sub("", svg)).replace(">\n<", "><")
        svg = _ONE_LINE.sub(r"<text\1\2>\3</text>", svg)
        # A page is no XML: a plain value needs no quotes but before a slash. That is a tenth of the picture.
        return _TAG.sub(lambda found: _PLAIN.sub(r"=\1", found[0]), svg)

    def colours(self, fill: str | None, stroke: str | None) -> dict[str, str | None]:
        """The page's variables, which know light, dark and print."""
        return {"fill": f"var(--{fill})" if fill else "none", "stroke": f"var(--{stroke})" if stroke else None}

    def path(self, mark: Path) -> None:
        """A path, to a tenth of a pixel."""
        near = tuple((letter, tuple(round(value, 1) for value in numbers)) for letter, numbers in mark.commands)
        super().path(attrs.evolve(mark, commands=near))

    def group(self, group: Group) -> None:
        """A group, with what the page's script needs to find it by."""
        css, id = group.css, None
        if group.kind == "tp" and group.name:
            css, id = "tp", self.canvas.id("tp", group.name)
        elif group.kind in ("lane", "ground", "legend", "header", "stages", "touchpoints"):
            css = f"lane-{group.name}" if group.kind == "lane" else _CLASSES.get(group.kind, group.kind)
        self.canvas.open(
            id=id,
            class_=css,
            transform=f"translate({number(group.dx)} {number(group.dy)})" if group.dx or group.dy else None,
            aria_hidden="true" if group.decorative else None,
        )
        for mark in group.marks:
            # The page itself is the ground.
            if not (isinstance(mark, Rect) and mark.fill == "bg" and group.kind == "ground"):
                self.paint(mark)
        if id:
            self._button(group)
        self.canvas.close()

    def _button(self, group: Group) -> None:
        self.canvas.add(
            "rect",
            x=_GAP,
            y=self.ceiling - _GAP,
            width=group.width - 2 * _GAP,
            height=self.floor - self.ceiling + _GAP,
            rx=12,
            class_="hit",
            role="button",
            tabindex="0",
            aria_label=self.buttons[group.name or ""],
        )
