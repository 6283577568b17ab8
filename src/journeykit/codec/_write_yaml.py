"""A tree of plain values to canonical YAML through the C emitter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from journeykit.codec._scalars import DATE, scalar_of

_WIDTH = 72
# Short enough to be read as one thing: rules, windows, moves.
_INLINE = frozenset(("match", "success", "abandon", "segment", "source", "planned"))
# One line: begins with no space, ends with none, holds nothing a block cannot show as it is.
_LINE = r"(?! )[^\t\n\x85\u2028\u2029\ufeff]*[^\s\x85\u2028\u2029\ufeff]"
_LITERAL = re.compile(rf"(?:{_LINE}\n+)*{_LINE}\n?")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_DATE = re.compile(DATE)
_PRIVATE = range(0xE000, 0xF900)


def write_yaml(tree: dict[str, Any]) -> str:
    """The text of the tree: block style, short rules inline, multi-line texts as literal blocks, no folding."""
    out, back = _stand_ins(tree)
    text: str = yaml.emit(_document(tree, out), Dumper=yaml.CSafeDumper, allow_unicode=True, width=-1, line_break="\n")
    return text.translate(back)


def _stand_ins(tree: dict[str, Any]) -> tuple[dict[int, str], dict[int, str]]:
    r"""Translations that hide characters beyond the basic plane from libyaml and bring them back.

    libyaml writes them as ``\U0001F600``; a reader wants to see the emoji. Each is lent a private-use character that the
    tree does not hold; where those run out, the escape stays.
    """
    text = json.dumps(tree, ensure_ascii=False)
    used = set(text)
    free = (code for code in _PRIVATE if chr(code) not in used)
    pairs = list(zip(sorted(set(_ASTRAL.findall(text))), free, strict=False))
    return {ord(sign): chr(code) for sign, code in pairs}, {code: sign for sign, code in pairs}


def _document(tree: dict[str, Any], out: dict[int, str]) -> Iterator[yaml.Event]:
    yield yaml.StreamStartEvent()
    yield yaml.DocumentStartEvent(explicit=False)
    yield from _events(tree, out, inline=False, key="")
    yield yaml.DocumentEndEvent(explicit=False)
    yield yaml.StreamEndEvent()


def _events(value: Any, out: dict[int, str], *, inline: bool, key: str) -> Iterator[yaml.Event]:
    if isinstance(value, dict):
        flow = inline or ((key in _INLINE or not value) and _short(value))
        yield yaml.MappingStartEvent(None, None, True, flow_style=flow)
        for name, member in value.items():
            yield _scalar(name, out, key=True)
            yield from _events(member, out, inline=flow, key=name if key not in _INLINE else key)
        yield yaml.MappingEndEvent()
    elif isinstance(value, list):
        words = key in _INLINE or all(_word(member) for member in value)
        flow = inline or (key != "planned" and words and _short(value))
        yield yaml.SequenceStartEvent(None, None, True, flow_style=flow)
        for member in value:
            yield from _events(member, out, inline=flow, key=key)
        yield yaml.SequenceEndEvent()
    else:
        yield _scalar(value, out)


def _short(value: Any) -> bool:
    return len(json.dumps(value, ensure_ascii=False)) <= _WIDTH


def _word(value: Any) -> bool:
    return not isinstance(value, dict | list) and not re.search(r"\s", str(value))


def _scalar(value: Any, out: dict[int, str], *, key: bool = False) -> yaml.ScalarEvent:
    if not isinstance(value, str):
        text = json.dumps(value)
        return yaml.ScalarEvent(None, None, (True, True), text)
    style = None
    if "\n" in value:
        style = "|" if not key and _LITERAL.fullmatch(value) else '"'
    elif _ambiguous(value):
        style = "'"
    return yaml.ScalarEvent(None, None, (True, True), value.translate(out), style=style)


def _ambiguous(text: str) -> bool:
    """Whether some reader of YAML, old or new, would take the plain text for something else."""
    if not isinstance(scalar_of(text), str):
        return True
    if _DATE.fullmatch(text):
        return False  # who takes it for a date is right
    candidates = yaml.SafeLoader.yaml_implicit_resolvers.get(text[0], []) if text else []
    return any(form.match(text) for _, form in candidates)
