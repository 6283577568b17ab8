"""The one place that writes SVG: every text, number, id and link passes through here on its way to the file.

Numbers are finite, links have a harmless scheme, ids are ours and unique, attributes and elements are known ones, characters
that XML cannot carry become U+FFFD. User text never reaches a style sheet.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

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
_SHAPES = ("g", "rect", "circle", "line", "path", "text")
_SPECIAL = re.compile('[&<>"\\n\\r\\t]')
_NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}


def clean(text: str) -> str:
    """The text with every character that XML or a reader's screen cannot bear replaced by U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


@lru_cache(maxsize=8192)
def number(value: float) -> str:
    """The number with at most two decimals, trimmed; `RenderingError` for nan and infinity."""
    if not math.isfinite(value):
        raise RenderingError(f"a picture cannot be drawn at {value}: every position must be a finite number")
    # Sums of floats end differently in different versions of Python, which must not decide how a tie is rounded.
    text = f"{round(value, 6):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Canvas:
    """A drawing under construction. `add` puts elements in the open group; `text` returns the finished SVG.

    The file is written line by line as it comes, one element a line, attributes in alphabetical order.
    """

    def __init__(self, width: float, height: float, **attributes: str) -> None:
        self._ids: set[str] = set()
        size = (number(width), number(height))
        self._root = {"width": size[0], "height": size[1], "viewBox": f"0 0 {size[0]} {size[1]}", **_NAMESPACES}
        self._root |= {_key(name): self._checked(name, value) for name, value in attributes.items()}
        self._head: list[str] = []
        self._defs: list[str] = []
        self._lines: list[str] = []
        self._open: list[tuple[int, str]] = []

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
            self._head.append(f'<{name} id="{_attribute(id)}">{_words(words)}</{name}>')
        self._root["aria-labelledby"] = " ".join(ids)

    def style(self, css: str) -> None:
        """A style sheet of our own making; anything that could leave it is refused."""
        if not _CSS.fullmatch(css):
            raise RenderingError("a style sheet holds only the theme's own rules")
        self._defs.append(f'<style type="text/css">{css}</style>')

    def clip(self, id: str, x: float, y: float, width: float, height: float) -> None:
        """A rectangle to clip to, as ``url(#id)``."""
        rect = self._tag("rect", {"x": x, "y": y, "width": width, "height": height})
        self._defs += [f'<clipPath id="{_attribute(id)}">', f"<{rect} />", "</clipPath>"]

    def open(self, *, title: str | None = None, link: str | None = None, **attributes: str | float | None) -> None:
        """Open a group (a link when ``link`` is given); what follows is put in it until `close`."""
        name = "g"
        if link is not None:
            if not _LINK.match(link):
                raise RenderingError(f"a picture links only to http, https, mailto and #, not to {link!r}")
            name = "a"
            head = _head("a", {"xlink:href": clean(link), "target": "_blank", **self._made(attributes)})
        else:
            head = self._tag("g", attributes)
        self._open.append((len(self._lines), name))
        self._lines.append(f"<{head}>")
        if title is not None:
            self._lines.append(f"<title>{_words(title)}</title>")

    def close(self) -> None:
        """Close the group opened last."""
        start, name = self._open.pop()
        if start == len(self._lines) - 1:
            self._lines[start] = f"{self._lines[start][:-1]} />"
        else:
            self._lines.append(f"</{name}>")

    def add(self, element: str, **attributes: str | float | None) -> None:
        """A ``rect``, ``circle``, ``line`` or ``path``; attributes that are None are left out."""
        self._lines.append(f"<{self._tag(element, attributes)} />")

    def write(self, spans: list[tuple[float, float, str]], **attributes: str | float | None) -> None:
        """A text of one or more lines, each with its x, baseline and words."""
        # White space between the lines of a text would become part of it, so a text stays on one line of the file.
        lines = [f'<tspan x="{number(x)}" y="{number(y)}">{_words(words)}</tspan>' for x, y, words in spans]
        self._lines.append(f"<{self._tag('text', attributes)}>{''.join(lines)}</text>")

    def text(self) -> str:
        """The SVG file: sorted attributes, one element a line, a newline at the end."""
        defs = ["<defs>", *self._defs, "</defs>"] if self._defs else ["<defs />"]
        open_ = [f"</{name}>" for _, name in reversed(self._open)]
        root = f"<{_head('svg', self._root)}>"
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', root, *self._head, *defs, *self._lines, *open_, "</svg>", ""]
        return "\n".join(lines)

    def _tag(self, element: str, attributes: dict[str, Any]) -> str:
        # What `_head` makes of `_made`, in one go: a picture is mostly this.
        if element not in _SHAPES:
            raise RenderingError(f"{element!r} is not an element a picture may carry")
        parts = [element]
        for name, key in _in_order(tuple(attributes)):
            value = attributes[name]
            if value is None:
                continue
            if not isinstance(value, str):
                parts.append(f' {key}="{number(value)}"')
            elif quoted := _quoted(value if name != "id" else self._checked(name, value)):
                parts.append(f' {key}="{quoted}"')
        return "".join(parts)

    def _made(self, attributes: dict[str, Any]) -> dict[str, str]:
        return {_key(name): self._checked(name, value) for name, value in attributes.items() if value is not None}

    def _checked(self, name: str, value: str | float) -> str:
        if not isinstance(value, str):
            return number(value)
        if name == "id" and value not in self._ids:
            raise RenderingError(f"the id {value!r} was not made by this canvas")
        return clean(value)


@lru_cache(maxsize=256)
def _key(name: str) -> str:
    """The attribute's name as XML writes it."""
    key = name.rstrip("_").replace("_", "-")
    if not _NAME.fullmatch(key) or key.startswith("on") or "href" in key:
        raise RenderingError(f"{key!r} is not an attribute a picture may carry")
    return key


@lru_cache(maxsize=1024)
def _in_order(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names of attributes and how XML writes them, in the order of the file."""
    return tuple(sorted(((name, _key(name)) for name in names), key=lambda pair: pair[1]))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words(text: str) -> str:
    """Text between two tags."""
    return _escape(clean(text)).replace("\r", "&#13;")


@lru_cache(maxsize=8192)
def _attribute(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    return _escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")


@lru_cache(maxsize=8192)
def _quoted(text: str) -> str:
    return _attribute(clean(text))


def _head(name: str, attributes: dict[str, str]) -> str:
    # An attribute without a value would say nothing.
    return name + "".join([f' {key}="{_attribute(value)}"' for key, value in sorted(attributes.items()) if value])
