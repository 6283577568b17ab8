"""HTML as text that cannot be broken into: what is not made here is escaped, and no element carries a style or a handler."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any

from journeykit.drawing.canvas import clean
from journeykit.errors import RenderingError

__all__ = ["Markup", "apart", "data_script", "joined", "linked", "tag"]

_VOID = {"input", "meta"}
# HTML knows where these end: at the next of them, or where the parent ends.
_ENDS_ITSELF = {"dd", "dt", "li", "p", "tbody", "td", "th", "thead", "tr"}
_NAME = re.compile(r"[a-z][a-z-]*[0-9]?")
_LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s]|#)[^\s\x00-\x1f]*", re.IGNORECASE)
_BACKWARDS = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\u2068\ufb1d-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# What could end the script element, open a comment in it, or end a line for an older reader of JavaScript.
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


class Markup(str):
    """Text that is HTML already; any other string is escaped when it is put into an element."""

    __slots__ = ()


Child = str | None | Iterable["Child"]


def joined(*children: Child) -> Markup:
    """The children one after the other: strings escaped, None left out, lists flattened."""
    parts: list[str] = []
    for child in children:
        if isinstance(child, Markup):
            parts.append(child)
        elif isinstance(child, str):
            parts.append(html.escape(clean(child), quote=False))
        elif child is not None:
            parts.append(joined(*child))
    return Markup("".join(parts))


def tag(element: str, /, *children: Child, **attributes: str | int | bool | None) -> Markup:
    """One element. An attribute that is None or False is left out, True stands without a value; ``class_`` is ``class``.

    Raises `RenderingError` for a name that is none, for ``style``, for event handlers, and for links to anything but
    http, https, mailto and a place on the page.
    """
    head = [element]
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if not _NAME.fullmatch(attribute) or attribute == "style" or attribute.startswith("on"):
            raise RenderingError(f"{attribute!r} is not an attribute a page may carry")
        if attribute in ("href", "src") and not (attribute == "href" and _LINK.fullmatch(str(value))):
            raise RenderingError(f"a page links only to http, https, mailto and #, not to {value!r}")
        if value is None or value is False:
            continue
        text = html.escape(clean(str(value)), quote=False).replace('"', "&quot;")
        head.append(attribute if value is True else f'{attribute}="{text}"')
    body = "" if element in _VOID else joined(*children)
    end = "" if element in _VOID | _ENDS_ITSELF else f"</{element}>"
    return Markup(f"<{' '.join(head)}>{body}{end}")


def linked(text: str) -> Markup:
    """The text, as a link where it is a web or mail address and nothing else; it opens beside the page."""
    words = text.strip()
    if _LINK.fullmatch(words) and not words.startswith("#"):
        return tag("a", words, href=words, target="_blank", rel="noopener noreferrer", dir="ltr")
    return joined(text)


def apart(child: str, always: bool) -> Markup:
    """The text so that it turns nothing beside it round: in an element of its own where it, or the page, runs from the right."""
    return tag("bdi", child) if always or _BACKWARDS.search(child) else joined(child)


def data_script(id: str, value: Any) -> Markup:
    """The value as JSON in a script element that no browser runs."""
    text = json.dumps(_cleaned(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(f'<script type="application/json" id="{id}">{text.translate(_IN_SCRIPT)}</script>')


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _cleaned(member) for key, member in value.items()}
    return [_cleaned(member) for member in value] if isinstance(value, list | tuple) else value
