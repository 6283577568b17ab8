"""The one place that knows svgwrite: every text, number, id and link passes through here on its way to the file.

svgwrite's own checks are off (``debug=False``): they refuse role, aria-*, lang and tabindex and cost four times the time.
What they would not have caught is done here: numbers are finite, links have a harmless scheme, ids are ours and unique,
characters XML cannot carry become U+FFFD. User text never reaches a style sheet.
"""

from __future__ import annotations

import math
import re
from typing import Any
from xml.etree.ElementTree import Element

import svgwrite
from svgwrite.base import BaseElement

from journeykit.errors import RenderingError

__all__ = ["Canvas", "clean", "number"]

# C0 and C1 controls, lone surrogates, non-characters; and the two overrides, which could reorder what stands beside them.
_UNFIT = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff\\u202d\\u202e]"
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_CSS = re.compile(r"[A-Za-z0-9 .:;#@{}(),'-]*")
_LINK = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_NAME = re.compile(r"[a-z][A-Za-z]*[12]?(?:[-:][a-z]+)?")
_INLINE = ("text", "title", "desc", "style")


def clean(text: str) -> str:
    """The text with every character that XML or a reader's screen cannot bear replaced by U+FFFD."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def number(value: float) -> str:
    """The number with at most two decimals, trimmed; `RenderingError` for nan and infinity."""
    if not math.isfinite(value):
        raise RenderingError(f"a picture cannot be drawn at {value}: every position must be a finite number")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class _Words(BaseElement):  # type: ignore[misc]
    """An element that holds only text: svgwrite's own are either cached trees or CDATA."""

    def __init__(self, name: str, text: str, **extra: Any) -> None:
        self.elementname = name
        super().__init__(**extra)
        self.text = text

    def get_xml(self) -> Element:
        xml: Element = super().get_xml()
        xml.text = self.text
        return xml


class Canvas:
    """A drawing under construction. `add` puts elements in the open group; `text` returns the finished SVG."""

    def __init__(self, width: float, height: float, **attributes: str) -> None:
        self._ids: set[str] = set()
        size = (number(width), number(height))
        self._drawing = svgwrite.Drawing(debug=False, size=size, viewBox=f"0 0 {size[0]} {size[1]}")
        self._drawing.update({name: self._value(name, value) for name, value in attributes.items()})
        self._open: list[Any] = [self._drawing]
        self._head: list[BaseElement] = []

    def id(self, *parts: str) -> str:
        """A new id from its parts; `RenderingError` when it is taken or no plain name."""
        made = "-".join(parts)
        if not _ID.fullmatch(made):
            raise RenderingError(f"{made!r} is not a plain id")
        if made in self._ids:
            raise RenderingError(f"the id {made!r} is already in the picture")
        self._ids.add(made)
        return made

    def describe(self, title: str, description: str, ids: tuple[str, str]) -> None:
        """The title and description of the whole picture, as its first children."""
        for name, words, id in (("title", title, ids[0]), ("desc", description, ids[1])):
            self._head.append(_Words(name, clean(words), factory=self._drawing, id=id))
        self._drawing["aria-labelledby"] = " ".join(ids)

    def style(self, css: str) -> None:
        """A style sheet of our own making; anything that could leave it is refused."""
        if not _CSS.fullmatch(css):
            raise RenderingError("a style sheet holds only the theme's own rules")
        self._drawing.defs.add(_Words("style", css, factory=self._drawing, type="text/css"))

    def clip(self, id: str, x: float, y: float, width: float, height: float) -> None:
        """A rectangle to clip to, as ``url(#id)``."""
        clip = self._drawing.clipPath(id=id)
        clip.add(self._shape("rect", {"x": x, "y": y, "width": width, "height": height}))
        self._drawing.defs.add(clip)

    def open(self, *, title: str | None = None, link: str | None = None, **attributes: str | float | None) -> None:
        """Open a group (a link when ``link`` is given); what follows is put in it until `close`."""
        if link is None:
            group = self._shape("g", attributes)
        else:
            if not _LINK.match(link):
                raise RenderingError(f"a picture links only to http, https, mailto and #, not to {link!r}")
            group = self._drawing.a(clean(link))
            group.update({name: self._value(name, v) for name, v in attributes.items() if v is not None})
        if title is not None:
            group.add(_Words("title", clean(title), factory=self._drawing))
        self._open[-1].add(group)
        self._open.append(group)

    def close(self) -> None:
        """Close the group opened last."""
        self._open.pop()

    def add(self, element: str, **attributes: str | float | None) -> None:
        """A ``rect``, ``circle``, ``line`` or ``path``; attributes that are None are left out."""
        self._open[-1].add(self._shape(element, attributes))

    def write(self, spans: list[tuple[float, float, str]], **attributes: str | float | None) -> None:
        """A text of one or more lines, each with its x, baseline and words."""
        text = self._shape("text", attributes)
        for x, y, words in spans:
            span = self._drawing.tspan(clean(words))
            span.update({"x": number(x), "y": number(y)})
            text.add(span)
        self._open[-1].add(text)

    def text(self) -> str:
        """The SVG file: sorted attributes, one element a line, a newline at the end."""
        for place, words in enumerate(self._head):
            self._drawing.elements.insert(place, words)
        self._head = []
        root = self._drawing.get_xml()
        for unused in ("baseProfile", "version", "xmlns:ev"):
            root.attrib.pop(unused, None)
        lines = ['<?xml version="1.0" encoding="UTF-8"?>']
        _write(root, lines)
        return "\n".join(lines) + "\n"

    def _shape(self, element: str, attributes: dict[str, Any]) -> Any:
        shape = getattr(self._drawing, element)(*([""] if element == "text" else []))
        if element == "path":
            shape.push(self._value("d", attributes.pop("d")))
        # svgwrite gives every rect, circle and line coordinates of its own; ours take their place.
        shape.attribs.clear()
        shape.update({name: self._value(name, value) for name, value in attributes.items() if value is not None})
        return shape

    def _value(self, name: str, value: str | float) -> str:
        key = name.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(key) or key.startswith("on") or "href" in key:
            raise RenderingError(f"{key!r} is not an attribute a picture may carry")
        if key == "id" and value not in self._ids:
            raise RenderingError(f"the id {value!r} was not made by this canvas")
        return clean(value) if isinstance(value, str) else number(value)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


def _inline(element: Element) -> str:
    head = "".join(f' {name}="{_attribute(value)}"' for name, value in sorted(element.attrib.items()))
    # White space between the lines of a text would become part of it, so a text stays on one line of the file.
    body = _escape(element.text or "").replace("\r", "&#13;") + "".join(map(_inline, element))
    return f"<{element.tag}{head}>{body}</{element.tag}>"


def _write(element: Element, lines: list[str]) -> None:
    if element.tag in _INLINE:
        lines.append(_inline(element))
        return
    head = "".join(f' {name}="{_attribute(value)}"' for name, value in sorted(element.attrib.items()))
    if not len(element):
        lines.append(f"<{element.tag}{head} />")
        return
    lines.append(f"<{element.tag}{head}>")
    for child in element:
        _write(child, lines)
    lines.append(f"</{element.tag}>")
