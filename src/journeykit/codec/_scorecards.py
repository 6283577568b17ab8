"""Scorecards as JSON, lossless both ways: every key is written, an absent value is null, times are UTC with a Z."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import attrs

from journeykit.codec._classes import read_fields
from journeykit.codec._leaves import found
from journeykit.codec._nodes import Faults, MapNode, Node, ScalarNode
from journeykit.codec._scalars import number_of, time_text
from journeykit.codec._texts import read, write_json
from journeykit.errors import ArgumentError, EvidenceError
from journeykit.results import Records, Scorecard

SCORECARD_KEY = "journeykit_scorecard"
SCORECARD_FORMAT = 1


def scorecard_to_tree(card: Scorecard) -> dict[str, Any]:
    """The scorecard as plain dictionaries, lists, texts and numbers, as its JSON form holds it.

    Raises `ArgumentError` where a figure is not finite, which JSON cannot say.
    """
    return {SCORECARD_KEY: SCORECARD_FORMAT, **_tree(card, "")}


def dumps_scorecard(card: Scorecard) -> str:
    """The scorecard as JSON text (`scorecard_schema` describes it), the same bytes for the same scorecard."""
    return write_json(scorecard_to_tree(card))


def loads_scorecard(text: str, *, name: str = "<text>") -> Scorecard:
    """The scorecard in a JSON text; `EvidenceError` with every fault, each with line, column and path."""
    value, problems = read(text, name, "json", Faults(nulls=True), _read_scorecard)
    if value is None or problems:
        raise EvidenceError(problems)
    return value


def _read_scorecard(faults: Faults, root: Node) -> Scorecard | None:
    if isinstance(root, MapNode):
        version = root.items.get(SCORECARD_KEY)
        if version is None:
            message = f"is missing; a scorecard begins with {SCORECARD_KEY}: {SCORECARD_FORMAT}"
            faults.add(root, "missing-version", message, below=f".{SCORECARD_KEY}")
        elif not isinstance(version[1], ScalarNode) or number_of(version[1].text) != SCORECARD_FORMAT:
            message = f"{found(version[1])} is not a format this journeykit reads; it reads {SCORECARD_FORMAT}"
            faults.add(version[1], "unknown-format", message)
            return None
    values = read_fields(Scorecard, faults, root, also=(SCORECARD_KEY,))
    return None if len(faults) else Scorecard(**values)


def _tree(value: Any, path: str) -> Any:
    if isinstance(value, Records | tuple):
        return [_tree(member, f"{path}[{i}]") for i, member in enumerate(value)]
    if attrs.has(type(value)):
        return {
            a.name: _tree(getattr(value, a.name), f"{path}.{a.name}".lstrip(".")) for a in attrs.fields(type(value))
        }
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ArgumentError(f"{path}: {value} has no time zone; times on a scorecard are UTC")
        return time_text(value)
    if value is None or isinstance(value, str | bool):
        return value
    return _number(value, path)


def _number(value: Any, path: str) -> int | float:
    # numpy's numbers are welcome and come back as Python's own.
    number = value.item() if hasattr(value, "item") else value
    if isinstance(number, int) or (isinstance(number, float) and math.isfinite(number)):
        return number
    raise ArgumentError(f"{path}: {value!r} is not a finite number, which JSON cannot say")
