"""Journeys from and to text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Literal, TypeVar

from journeykit.codec._journeys import journey_to_tree, read_journey
from journeykit.codec._nodes import MAX_BYTES, MAX_PROBLEMS, Faults, Node, SyntaxFaultError, TooManyFaultsError
from journeykit.errors import ArgumentError, JourneyError
from journeykit.model import Journey
from journeykit.problems import Address, Problem

Format = Literal["yaml", "json", "mermaid"]
T = TypeVar("T")

# A regular expression, because an encoder that replaces writes a question mark.
_HALVES = "[\ud800-\udfff]"


def loads(text: str, *, name: str = "<text>", format: Format = "yaml") -> Journey:
    """The journey in a text.

    ``name`` is what the addresses of faults call it. Raises `JourneyError` with every fault, each with line, column and
    path, in the order of the text; `ArgumentError` when the format is not yaml, json or mermaid. A Mermaid user journey that
    journeykit wrote comes back whole; any other gives stages, touchpoints, and feelings with the basis ``assumed``.
    """
    if format == "mermaid":
        if len(text) > MAX_BYTES:
            raise JourneyError([too_large(name)])
        from journeykit.codec._mermaid_read import read_mermaid  # noqa: PLC0415

        return read_mermaid(text, name, lambda tree: loads(tree, name=name, format="json"))
    value, problems = read(text, name, format, Faults(), read_journey)
    if value is None or problems:
        raise JourneyError(problems)
    return value


def dumps(journey: Journey, format: Format = "yaml") -> str:
    """The canonical text of the journey in YAML or JSON: fixed key order, no defaults, a newline at the end.

    ``mermaid`` is a Mermaid user journey that holds everything else in comments.
    """
    if format == "mermaid":
        from journeykit.codec._mermaid_write import dumps_mermaid  # noqa: PLC0415

        return dumps_mermaid(journey)
    _check_format(format)
    tree = journey_to_tree(journey)
    if format == "json":
        return write_json(tree)
    from journeykit.codec._write_yaml import write_yaml  # noqa: PLC0415

    return write_yaml(tree)


def write_json(tree: dict[str, Any]) -> str:
    """The tree as JSON, two spaces a level; half a surrogate pair, as a file's name may hold, is no text and becomes U+FFFD."""
    text = json.dumps(tree, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return re.sub(_HALVES, "\N{REPLACEMENT CHARACTER}", text)


def read(
    text: str, name: str, format: str, faults: Faults, build: Callable[[Faults, Node], T | None]
) -> tuple[T | None, tuple[Problem, ...]]:
    """Parse and build, with every fault as a problem; the value is None where nothing could be built."""
    _check_format(format)
    if len(text) > MAX_BYTES:
        return None, (too_large(name),)
    root: Node | None = None
    try:
        root = _parsed(text.removeprefix("\ufeff"), format, faults)
        return build(faults, root), faults.problems(root, name)
    except SyntaxFaultError as err:
        address = Address(file=name, line=err.line, column=err.column)
        return None, (
            *faults.problems(None, name),
            Problem(code="syntax", message=err.message, address=address, hint=err.hint),
        )
    except TooManyFaultsError:
        more = f"more than {MAX_PROBLEMS} faults; the rest are not listed"
        last = Problem(code="too-many-faults", message=more, address=Address(file=name))
        return None, (*faults.problems(root, name), last)


def _parsed(text: str, format: str, faults: Faults) -> Node:
    # One of the two is needed, and importing YAML costs more than reading a map.
    if format == "json":
        from journeykit.codec._read_json import parse_json  # noqa: PLC0415

        return parse_json(text, faults)
    from journeykit.codec._read_yaml import parse_yaml  # noqa: PLC0415

    return parse_yaml(text, faults)


def too_large(name: str) -> Problem:
    message = f"larger than {MAX_BYTES // 1024**2} MB, the most a journey file may be"
    return Problem(code="too-large", message=message, address=Address(file=name))


def _check_format(format: str) -> None:
    if format not in ("yaml", "json"):
        raise ArgumentError(f"a journey is written as yaml, json or mermaid, not {format!r}")
