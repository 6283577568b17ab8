"""A whole journey, both ways: the format version, the fields, and the references between the parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import attrs

from journeykit.codec import _scalars as scalars
from journeykit.codec._classes import add_problems, drop_invalid, neutral_values, read_fields, reading_order
from journeykit.codec._leaves import found
from journeykit.codec._nodes import Faults, MapNode, Node, ScalarNode, places
from journeykit.codec._rules import rule_tree
from journeykit.errors import JourneyError
from journeykit.model import Journey, Match
from journeykit.problems import Problem

FORMAT_KEY = "journeykit"
FORMAT = 1

# Where a part that others may refer to is unreadable, an unknown reference is no news.
_PARTS = {
    "unknown-persona": re.compile(r"personas(\[\d+\](\.id)?)?"),
    "unknown-objective": re.compile(r"objectives(\[\d+\](\.id)?)?"),
    "unknown-kpi": re.compile(r"kpis(\[\d+\](\.id)?)?"),
    "unknown-touchpoint": re.compile(r"stages(\[\d+\](\.touchpoints(\[\d+\](\.id)?)?)?)?"),
}
_MISSPELT = re.compile(r"'(personas|objectives|kpis|stages|touchpoints)'")


def read_journey(faults: Faults, root: Node) -> Journey | None:
    """The journey the nodes describe; None (and every fault in ``faults``) where they do not describe one."""
    if isinstance(root, MapNode) and not _readable_version(faults, root):
        return None
    values = read_fields(Journey, faults, root, also=(FORMAT_KEY,))
    add_problems(faults, root, drop_invalid(Journey, values))
    try:
        journey = Journey(**neutral_values(Journey, values), **values)
    except JourneyError as err:
        add_problems(faults, root, _news(faults, root, err.problems) if len(faults) else err.problems)
        return None
    return None if len(faults) else journey


def _readable_version(faults: Faults, root: MapNode) -> bool:
    """Whether the rest of the file is worth reading; a missing version is a fault, a newer one the only one told."""
    if FORMAT_KEY not in root.items:
        message = f"is missing; a journey file begins with {FORMAT_KEY}: {FORMAT}, the version of its format"
        faults.add(root, "missing-version", message, below=f".{FORMAT_KEY}")
        return True
    node = root.items[FORMAT_KEY][1]
    version = scalars.number_of(node.text) if isinstance(node, ScalarNode) and node.style != "quoted" else None
    if version is not None and version > FORMAT:
        message = f"this file has format {found(node)}, made for a newer journeykit; this one reads format {FORMAT}"
        faults.add(node, "newer-format", message, hint="upgrade journeykit")
        return False
    if version != FORMAT:
        faults.add(node, "unknown-format", f"{found(node)} is no format version", hint=f"write {FORMAT_KEY}: {FORMAT}")
    return True


def _news(faults: Faults, root: Node, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The cross-reference problems that are the file's own, not the echo of another fault or of a stand-in."""
    told = list(faults.paths(root))
    wrong = {path for path, _, _ in told}
    exist = {path for path, _ in places(root)} - wrong
    misspelt = any(code == "unknown-key" and hint is not None and _MISSPELT.search(hint) for _, code, hint in told)
    lost = {code for code, part in _PARTS.items() if misspelt or any(map(part.fullmatch, wrong))}
    return tuple(problem for problem in problems if problem.address.path in exist and problem.code not in lost)


def journey_to_tree(journey: Journey) -> dict[str, Any]:
    """The journey as plain dictionaries, lists, texts and numbers, exactly as its file holds it.

    Keys stand in the canonical order, defaults are left out, dates and durations are text.
    """
    return {FORMAT_KEY: FORMAT, **_tree(journey)}


@cache
def _written(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name, default and whether it is a measure, for every field in the order of the file."""
    order: list[tuple[str, Any, bool]] = []
    for attribute in reading_order(cls):
        default: Any = attribute.default
        # isinstance() on attrs.Factory is what attrs itself documents for telling a factory from a value
        value = default.factory() if isinstance(default, _FACTORY) else default
        order.append((attribute.name, value, "float" in str(attribute.type)))
    return tuple(order)


_FACTORY: Any = type(attrs.Factory(list))


def _tree(value: Any) -> Any:
    if isinstance(value, Match):
        return rule_tree(value)
    if isinstance(value, tuple):
        return [_tree(member) for member in value]
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return scalars.duration_text(value)
    if not attrs.has(type(value)):
        return value
    tree: dict[str, Any] = {}
    kind: Any = type(value)
    for name, default, measure in _written(kind):
        member = getattr(value, name)
        if member != default:
            tree[name] = scalars.plain_number(member) if measure and member is not None else _tree(member)
    return tree
