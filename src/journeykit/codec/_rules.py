"""Match rules, both ways: a scalar is eq, a list is in, a mapping names its operators (several: all of them)."""

from __future__ import annotations

from typing import Any, get_args

from journeykit.codec import _scalars as scalars
from journeykit.codec._leaves import INVALID, did_you_mean, read_bool, read_text, wrong
from journeykit.codec._nodes import Faults, ListNode, MapNode, Node, ScalarNode
from journeykit.errors import JourneyError
from journeykit.model import Condition, Match
from journeykit.model.matching import Operator

OPERATORS: tuple[str, ...] = get_args(Operator)
_KEYS = ("event", "where", "any")


def read_rule(faults: Faults, node: Node) -> Any:
    """A rule: ``event`` and ``where``, or ``any`` with a list of rules."""
    if not isinstance(node, MapNode):
        return wrong(faults, node, "a rule such as {event: add_to_cart}")
    before = len(faults)
    values: dict[str, Any] = {}
    for name, (key, value) in node.items.items():
        if name == "event":
            values[name] = read_test(faults, value)
        elif name == "where":
            values[name] = _read_where(faults, value)
        elif name == "any":
            values[name] = _members(faults, value, read_rule, "a list of rules")
        else:
            message = f"unknown key; a rule has {', '.join(_KEYS)}"
            faults.add(key, "unknown-key", message, hint=did_you_mean(name, _KEYS))
    if len(faults) > before or INVALID in values.values():
        return INVALID
    return _built(faults, node, Match, **values)


def _read_where(faults: Faults, node: Node) -> Any:
    if not isinstance(node, MapNode) or not node.items:
        return (
            wrong(faults, node, "a mapping of column to test")
            if not isinstance(node, MapNode)
            else _empty(faults, node)
        )
    values = {name: read_test(faults, value) for name, (_, value) in node.items.items()}
    return INVALID if INVALID in values.values() else values


def _empty(faults: Faults, node: Node) -> Any:
    faults.add(node, "empty-rule", "holds nothing", hint="leave the key out, or give it a test")
    return INVALID


def read_test(faults: Faults, node: Node) -> Any:
    """A test of one column as a `Condition`."""
    if isinstance(node, ListNode):
        return _condition(faults, node, "in", _members(faults, node, _read_scalar, "a list of values"))
    if not isinstance(node, MapNode):
        return _condition(faults, node, "eq", _read_scalar(faults, node))
    if not node.items:
        return _empty(faults, node)
    tests = tuple(_read_operator(faults, name, key, value) for name, (key, value) in node.items.items())
    if INVALID in tests:
        return INVALID
    return tests[0] if len(tests) == 1 else _condition(faults, node, "all", tests)


def _read_operator(faults: Faults, op: str, key: ScalarNode, node: Node) -> Any:
    if op not in OPERATORS:
        message = f"unknown operator; there are {', '.join(OPERATORS)}"
        faults.add(key, "unknown-key", message, hint=did_you_mean(op, OPERATORS))
        return INVALID
    match op:
        case "in":
            value = _members(faults, node, _read_scalar, "a list of values")
        case "any" | "all":
            value = _members(faults, node, read_test, "a list of tests")
        case "not":
            value = read_test(faults, node)
        case "null":
            value = read_bool(faults, node)
        case "glob":
            value = read_text(faults, node)
        case _:
            value = _read_scalar(faults, node)
    return _condition(faults, node, op, value)


def _members(faults: Faults, node: Node, read: Any, wanted: str) -> Any:
    if not isinstance(node, ListNode):
        return wrong(faults, node, wanted)
    if not node.items:
        return _empty(faults, node)
    values = tuple(read(faults, item) for item in node.items)
    return INVALID if INVALID in values else values


def _read_scalar(faults: Faults, node: Node) -> Any:
    if not isinstance(node, ScalarNode):
        return wrong(faults, node, "a value")
    if node.style == "quoted":
        return node.text
    value = scalars.scalar_of(node.text)
    if value is None:
        faults.add(node, "wrong-type", "a missing value is no value", hint="write {null: true}, or quote the text")
        return INVALID
    return value


def _condition(faults: Faults, node: Node, op: str, value: Any) -> Any:
    return INVALID if value is INVALID else _built(faults, node, Condition, op, value)


def _built(faults: Faults, node: Node, make: Any, *args: Any, **kwargs: Any) -> Any:
    try:
        return make(*args, **kwargs)
    except JourneyError as err:
        for problem in err.problems:
            faults.add(node, problem.code, problem.message, hint=problem.hint)
        return INVALID


def rule_tree(rule: Match) -> dict[str, Any]:
    """The rule as the file writes it."""
    tree: dict[str, Any] = {}
    if rule.event is not None:
        tree["event"] = test_tree(rule.event)
    if rule.where:
        tree["where"] = {column: test_tree(test) for column, test in rule.where.items()}
    if rule.any:
        tree["any"] = [rule_tree(member) for member in rule.any]
    return tree


def test_tree(test: Condition) -> Any:
    """The test as the file writes it: the shortest form that reads back as the same condition."""
    if test.op == "eq":
        return test.value
    if test.op == "in":
        return list(test.value)
    members = {member.op for member in test.value} if test.op == "all" else set()
    if 1 < len(members) == len(test.value):
        return {member.op: _operand(member) for member in test.value}
    return {test.op: _operand(test)}


def _operand(test: Condition) -> Any:
    match test.op:
        case "not":
            return test_tree(test.value)
        case "any" | "all":
            return [test_tree(member) for member in test.value]
        case "in":
            return list(test.value)
        case _:
            return test.value
