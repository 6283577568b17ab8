"""Mappings to attrs classes: one reader a class, built from its fields, that goes on after a fault to find the others.

Where a part is wrong a stand-in takes its place, so that the references of the whole journey can still be checked; the
stand-ins never leave this module, because a journey with a fault is not returned.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from journeykit.codec._leaves import (
    INVALID,
    LEAVES,
    Read,
    did_you_mean,
    is_null,
    read_choice,
    read_list,
    read_text,
    read_texts,
    wrong,
)
from journeykit.codec._nodes import Faults, ListNode, MapNode, Node, ScalarNode
from journeykit.codec._rules import read_rule
from journeykit.errors import JourneyError, JourneykitError
from journeykit.model import Match
from journeykit.model import _checks as check
from journeykit.problems import Problem

C = TypeVar("C")


class FieldPlan(NamedTuple):
    """How one field of a class is read."""

    name: str
    attribute: attrs.Attribute[Any]
    read: Read
    required: bool
    nullable: bool


def reading_order(cls: type) -> list[attrs.Attribute[Any]]:
    """The fields as a reader meets them: the class's own first, what every claim may carry last."""
    own = inspect.get_annotations(cls)
    return sorted(attrs.fields(cls), key=lambda attribute: attribute.name not in own)


def plans(cls: Any) -> Mapping[str, FieldPlan]:
    """The plan of every field of the class by name, in the order of the file."""
    return _plans(cls)


@cache
def _plans(cls: Any) -> Mapping[str, FieldPlan]:
    hints = get_type_hints(cls)
    return {
        attribute.name: FieldPlan(
            name=attribute.name,
            attribute=attribute,
            read=reader(hints[attribute.name]),
            required=attribute.default is attrs.NOTHING,
            nullable=type(None) in get_args(hints[attribute.name]),
        )
        for attribute in reading_order(cls)
    }


@cache
def reader(hint: Any) -> Read:
    """The reader of a declared type; `TypeError` for a type the file format does not know."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Match:
        return read_rule
    if hint in LEAVES:
        return LEAVES[hint]
    if origin is Literal:
        return read_choice(*arguments)
    if origin in (Union, types.UnionType):
        return _union([argument for argument in arguments if argument is not type(None)])
    if origin is tuple:
        repeated = len(arguments) == 2 and arguments[1] is Ellipsis
        return read_list(reader(arguments[0])) if repeated else _pair([reader(argument) for argument in arguments])
    if origin is Mapping:
        return read_texts
    if attrs.has(hint):
        return lambda faults, node: read_class(hint, faults, node)
    from journeykit.results import Records  # noqa: PLC0415  # of scorecards alone, whose classes no map needs

    if origin is Records:
        return _records(Records, arguments[0])
    raise TypeError(f"the file format knows no {hint}")


def _union(members: list[Any]) -> Read:
    if len(members) == 1:
        return reader(members[0])
    classes = [member for member in members if attrs.has(member)]
    if len(members) != 2 or str not in members or not classes:
        raise TypeError(f"the file format knows no union of {members}")
    whole = reader(classes[0])

    def read(faults: Faults, node: Node) -> Any:
        if isinstance(node, MapNode):
            return whole(faults, node)
        wanted = f"text or {_a(classes[0])} as a mapping"
        return read_text(faults, node) if isinstance(node, ScalarNode) else wrong(faults, node, wanted)

    return read


def _records(collection: Any, kind: Any) -> Read:
    members = read_list(reader(kind))

    def read(faults: Faults, node: Node) -> Any:
        values = members(faults, node)
        return values if values is INVALID else collection(values, kind=kind)

    return read


def _pair(members: list[Read]) -> Read:
    def read(faults: Faults, node: Node) -> Any:
        if not isinstance(node, ListNode) or len(node.items) != len(members):
            return wrong(faults, node, f"a list of {len(members)} values")
        values = tuple(member(faults, item) for member, item in zip(members, node.items, strict=True))
        return INVALID if INVALID in values else values

    return read


def read_class(cls: type[C], faults: Faults, node: Node) -> C | Any:
    """An instance of the class; where something is wrong with it a stand-in, or INVALID where none can be made."""
    values = read_fields(cls, faults, node)
    fields = plans(cls)
    if all(name in values for name, plan in fields.items() if plan.required):
        try:
            return cls(**values)
        except JourneyError as err:
            # attrs stops at the first field that breaks its rule; every field is asked.
            problems = drop_invalid(cls, values) or err.problems
            for problem in err.problems:  # of two fields that contradict each other, the one that was named
                values.pop(problem.address.path or "", None)
        except JourneykitError as err:
            problems = (check.invalid("", str(err), "contradiction").problems[0],)
    else:
        problems = drop_invalid(cls, values)
    add_problems(faults, node, problems)
    return _stand_in(cls, values)


def read_fields(cls: type, faults: Faults, node: Node, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """The values of every field that could be read; ``also`` names keys that are no field of the class."""
    if not isinstance(node, MapNode):
        wrong(faults, node, f"{_a(cls)} as a mapping of keys to values")
        return {}
    fields = plans(cls)
    values: dict[str, Any] = {}
    for name, (key, value) in node.items.items():
        plan = fields.get(name)
        if plan is None:
            if name not in also:
                known = (*also, *fields)
                message = f"unknown key; {_a(cls)} has {', '.join(known)}"
                faults.add(key, "unknown-key", message, hint=did_you_mean(name, known))
        elif faults.nulls and plan.nullable and is_null(value):
            values[name] = None
        elif (new := plan.read(faults, value)) is not INVALID:
            values[name] = new
    for name, plan in fields.items():
        if plan.required and name not in node.items:
            faults.add(node, "missing-key", f"is missing; {_a(cls)} needs it", below=f".{name}")
    return values


def drop_invalid(cls: type, values: dict[str, Any]) -> tuple[Problem, ...]:
    """Ask every field's own rule; the values that break it are removed, what is wrong with them is returned."""
    problems: list[Problem] = []
    for name, plan in plans(cls).items():
        rule: Any = plan.attribute.validator
        if name in values and rule is not None:
            try:
                rule(None, plan.attribute, values[name])
            except JourneyError as err:
                problems += err.problems
                del values[name]
    return tuple(problems)


def add_problems(faults: Faults, node: Node, problems: tuple[Problem, ...]) -> None:
    """What the model says is wrong below this node."""
    for problem in problems:
        below = f".{problem.address.path}" if problem.address.path else ""
        faults.add(node, problem.code, problem.message, hint=problem.hint, below=below)


def neutral_values(cls: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """A value that says nothing for every required field that has none."""
    return {name: _neutral(plan) for name, plan in plans(cls).items() if plan.required and name not in values}


def _stand_in(cls: type[C], values: Mapping[str, Any]) -> C | Any:
    missing = neutral_values(cls, values)
    if INVALID in missing.values():
        return INVALID
    try:
        return cls(**missing, **values)
    except JourneykitError:  # what is left still contradicts itself
        return INVALID


_unique = count(1)


def _neutral(plan: FieldPlan) -> Any:
    rule: Any = plan.attribute.validator
    if rule is check.slug:
        return f"0-stand-in-{next(_unique)}"
    if rule is check.filled:
        return "?"
    if hasattr(rule, "allowed"):
        return rule.allowed[0]
    if hasattr(rule, "steps"):
        return float(rule.steps[0])
    return max(0.0, rule.low) if hasattr(rule, "low") else INVALID


def _a(cls: type) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
    return f"an {name}" if name[0] in "aeio" else f"a {name}"
