"""Whether what a renderer made is what its media type says, and nothing that foreign text could have planted in it."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

__all__ = ["MARK", "faults"]

MARK = "jk-hostile"
"""The name of an element that only foreign text holds; a document in which it is an element has been broken into."""

_SPANS = re.compile(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TERMINAL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ACTIVE = {"script", "iframe", "object", "embed", "foreignobject", "handler"}
# Where HTML goes to, loads from or sends to; elsewhere (a label, a title) an address is only words.
_ADDRESSES = {"href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster", "background", "ping"}
# What a spreadsheet takes for a formula, the wide forms included.
_FORMULA = re.compile(r"[\s'\"]*[=+\-@\t\r＝＋－＠]")


def faults(media_type: str, body: bytes) -> Iterator[str]:
    """What is wrong with the document, one sentence each; nothing for a media type unknown here."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "image/png":
        yield from _png(body)
        return
    if kind == "application/pdf":
        if not (body.startswith(b"%PDF-") and body.rstrip().endswith(b"%%EOF")):
            yield "it is no whole PDF file"
        return
    check = _TEXTS.get("xml" if kind.endswith(("+xml", "/xml")) else kind)
    if check is None and not kind.startswith("text/"):
        return
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as err:
        yield f"it is not UTF-8 text: {err.reason} at byte {err.start}"
        return
    if found := _CONTROLS.search(text):
        yield f"it holds the control character {found[0]!r}"
    if check is not None:
        yield from check(text)


def _xml(text: str) -> Iterator[str]:
    if "<!ENTITY" in text:
        yield "it declares entities"
        return
    try:
        root = ET.fromstring(text)  # noqa: S314 - expat fetches nothing, and entities were just refused
    except ET.ParseError as err:
        yield f"it is not well-formed XML: {err}"
        return
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2].lower()
        if name in _ACTIVE or name == MARK:
            yield f"it holds a <{name}> element"
        for key, value in element.attrib.items():
            yield from _attribute(name, key.rpartition("}")[2].lower(), value)
        if name == "style" and re.search(r"@import|url\(\s*['\"]?(?!#|data:)", element.text or ""):
            yield "its style sheet loads something from elsewhere"


def _attribute(element: str, name: str, value: str | None) -> Iterator[str]:
    target = (value or "").strip().lower()
    if name.startswith("on"):
        yield f"<{element}> has the event handler {name}"
    if name in {"href", "src", "xlink:href"}:
        if target.startswith(("javascript:", "vbscript:", "data:text")):
            yield f"<{element}> runs a script by its {name}"
        elif element != "a" and target and not target.startswith(("#", "data:image/", "data:font/")):
            yield f"<{element}> loads {target[:60]!r} from elsewhere"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == MARK:
            self.found.append("foreign text became an element")
        for name, value in attrs:
            # A page may have scripts of its own; only what foreign text brought along is looked for.
            if name in _ADDRESSES and (value or "").strip().lower().startswith(("javascript:", "vbscript:")):
                self.found.append(f"<{tag}> runs a script by its {name}")


def _html(text: str) -> Iterator[str]:
    parser = _Tags()
    parser.feed(text)
    parser.close()
    yield from parser.found


def _json(text: str) -> Iterator[str]:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError as err:
        yield f"it is not JSON: {err}"


def _markdown(text: str) -> Iterator[str]:
    yield from _plain(text)
    outside = _SPANS.sub("", text)
    if re.search(rf"(?<!\\)<{MARK}", outside):
        yield "foreign text became an HTML element"
    if re.search(r"(?<!\\)\[[^\]\n]*\]\(\s*<?javascript:", outside, re.IGNORECASE):
        yield "foreign text became a link that runs a script"


def _csv(text: str) -> Iterator[str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as err:
        yield f"it is not CSV: {err}"
        return
    if len({len(row) for row in rows}) > 1:
        yield f"its rows have {sorted({len(row) for row in rows})} cells"
    for number, row in enumerate(rows, start=1):
        for cell in row:
            if _FORMULA.match(cell) and not cell.startswith("'") and not _is_number(cell):
                yield f"a spreadsheet takes a cell of row {number} for a formula: {cell[:40]!r}"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _plain(text: str) -> Iterator[str]:
    if found := _TERMINAL.search(text):
        yield f"it holds {found[0]!r}, which a terminal obeys"


def _png(body: bytes) -> Iterator[str]:
    place, last = 8, b""
    if not body.startswith(b"\x89PNG\r\n\x1a\n"):
        yield "it is no PNG file"
        return
    while place + 12 <= len(body):
        length, last = struct.unpack(">I4s", body[place : place + 8])
        data = body[place + 4 : place + 8 + length]
        checksum = body[place + 8 + length : place + 12 + length]
        if checksum != struct.pack(">I", zlib.crc32(data)):
            yield f"its chunk {last!r} is damaged"
            return
        place += 12 + length
    if last != b"IEND" or place != len(body):
        yield "it is cut, or something follows its end"


_TEXTS: dict[str, Callable[[str], Iterator[str]]] = {
    "xml": _xml,
    "text/html": _html,
    "application/json": _json,
    "text/markdown": _markdown,
    "text/csv": _csv,
    "text/plain": _plain,
}
