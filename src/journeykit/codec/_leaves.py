"""Nodes to single typed values; each reader says in a sentence what it found instead. INVALID stands for a fault told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

from journeykit.codec import _scalars as scalars
from journeykit.codec._nodes import BrokenNode, Faults, ListNode, MapNode, Node, ScalarNode, printable
from journeykit.model._checks import shown

Read = Callable[[Faults, Node], Any]


class _Invalid:
    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final = _Invalid()


def is_null(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style != "quoted" and node.text in scalars.NULLS


def wrong(faults: Faults, node: Node, wanted: str, hint: str | None = None) -> _Invalid:
    """Report that the node is not what is wanted here."""
    if isinstance(node, BrokenNode):
        return INVALID
    if is_null(node):
        message = f"has no value; expected {wanted}"
        hint = "leave the key out where there is nothing to say, and quote the word null where it is a text"
    else:
        message = f"expected {wanted}, got {found(node)}"
    faults.add(node, "wrong-type", message, hint=hint)
    return INVALID


def found(node: Node) -> str:
    """What the node is, for a sentence."""
    if isinstance(node, MapNode):
        return "a mapping"
    if isinstance(node, ScalarNode):
        return shown(node.text) if node.style == "quoted" else printable(node.text[:60])
    return "a list"


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A hint with the closest known word, where one is close."""
    names = list(known)
    if len(word) > 100:
        return None
    import difflib  # noqa: PLC0415

    near = difflib.get_close_matches(word, names, n=1) or difflib.get_close_matches(word.lower(), names, n=1)
    return f"did you mean {near[0]!r}?" if near else None


def read_text(faults: Faults, node: Node) -> Any:
    """Text, however it is written in YAML: ``no`` and ``12:30`` are the texts they look like."""
    if isinstance(node, ScalarNode):
        if node.style == "quoted" or (node.style == "plain" and node.text not in scalars.NULLS):
            return node.text
        if not is_null(node):
            return wrong(faults, node, "text", "put it in quotes")
    return wrong(faults, node, "text")


def _read_number(faults: Faults, node: Node, wanted: str) -> Any:
    number = scalars.number_of(node.text) if isinstance(node, ScalarNode) else None
    if number is None or (isinstance(node, ScalarNode) and node.style == "quoted"):
        return wrong(faults, node, wanted, None if number is None else "remove the quotes")
    return number


def read_float(faults: Faults, node: Node) -> Any:
    number = _read_number(faults, node, "a number")
    if number is INVALID:
        return INVALID
    try:
        return float(number)
    except OverflowError:
        return number  # the field's own rule refuses it, with its own words


def read_int(faults: Faults, node: Node) -> Any:
    number = _read_number(faults, node, "a whole number")
    if isinstance(number, float):
        # JSON and its schema do not tell 2.0 from 2.
        return int(number) if number.is_integer() else wrong(faults, node, "a whole number")
    return number


def read_bool(faults: Faults, node: Node) -> Any:
    value = scalars.scalar_of(node.text) if isinstance(node, ScalarNode) and node.style != "quoted" else None
    return value if isinstance(value, bool) else wrong(faults, node, "true or false")


def read_date(faults: Faults, node: Node) -> Any:
    return _converted(faults, node, scalars.date_of, "a date such as 2026-03-01")


def read_time(faults: Faults, node: Node) -> Any:
    return _converted(faults, node, scalars.time_of, "a UTC time such as 2026-03-01T12:00:00Z")


def read_duration(faults: Faults, node: Node) -> Any:
    return _converted(faults, node, scalars.duration_of, "a duration such as 30m, 7d, 1d12h or 2w")


def _converted(faults: Faults, node: Node, convert: Callable[[str], object], wanted: str) -> Any:
    text = node.text if isinstance(node, ScalarNode) and node.style != "literal" else None
    value = convert(text) if text is not None else None
    return wrong(faults, node, wanted) if value is None else value


def read_choice(*allowed: str) -> Read:
    def read(faults: Faults, node: Node) -> Any:
        value = read_text(faults, node)
        if value is not INVALID and value not in allowed:
            message = f"{shown(value)} is not one of {', '.join(allowed)}"
            faults.add(node, "unknown-choice", message, hint=did_you_mean(value, allowed))
            return INVALID
        return value

    return read


def read_list(member: Read) -> Read:
    def read(faults: Faults, node: Node) -> Any:
        if not isinstance(node, ListNode):
            return wrong(faults, node, "a list")
        values = tuple(member(faults, item) for item in node.items)
        return INVALID if INVALID in values else values

    return read


def read_texts(faults: Faults, node: Node) -> Any:
    """A mapping of text to text."""
    if not isinstance(node, MapNode):
        return wrong(faults, node, "a mapping")
    values = {name: read_text(faults, value) for name, (_, value) in node.items.items()}
    return INVALID if INVALID in values.values() else values


LEAVES: dict[Any, Read] = {
    str: read_text,
    float: read_float,
    int: read_int,
    bool: read_bool,
    date: read_date,
    datetime: read_time,
    timedelta: read_duration,
}
