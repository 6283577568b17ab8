"""Match rules: which events a touchpoint, an outcome or a segment claims. Data, never code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs
from attrs import field, frozen

from journeykit.model import _checks as check
from journeykit.model._frozen import FrozenMap, Value

__all__ = ["MAX_DEPTH", "Condition", "Match", "Operator", "Scalar"]

Scalar = str | int | float | bool
Operator = Literal["eq", "in", "glob", "lt", "le", "gt", "ge", "null", "not", "any", "all"]

# A rule nested deeper than this is an attack or a mistake; engines recurse over it.
MAX_DEPTH = 8
MIN_NUMBER, MAX_NUMBER = -(2**63), 2**63 - 1

_SIGNS = {"eq": "=", "glob": "like", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def _scalar(value: object) -> bool:
    # Every engine compares in 64 bits; NaN and the infinities fail the comparison too.
    return isinstance(value, str | bool) or (isinstance(value, int | float) and MIN_NUMBER <= value <= MAX_NUMBER)


def _typed(value: object) -> object:
    """What equality and hashing look at: ``True``, ``1`` and ``1.0`` are different tests."""
    return tuple(map(_typed, value)) if isinstance(value, tuple) else (type(value).__name__, value)


@frozen(repr=False)
class Condition(Value):
    """One test on one column: ``Condition("eq", "cart")``, ``Condition("glob", "/checkout/*")``, ``Condition("ge", 3)``.

    ``in`` takes a tuple of scalars, ``null`` a bool, ``not`` a Condition, ``any`` and ``all`` a tuple of Conditions,
    ``lt le gt ge`` a number (numeric columns) or a text (text columns, by code point), ``eq`` a scalar and ``glob`` a
    text in which ``*`` stands for any characters (``/`` included), ``?`` for one; case-sensitive, the whole value.
    A missing value satisfies ``{null: true}`` and the negation of a test it fails, nothing else.
    """

    op: Operator = field(
        validator=check.choice("eq", "in", "glob", "lt", "le", "gt", "ge", "null", "not", "any", "all")
    )
    value: Any = field(eq=_typed)

    def __attrs_post_init__(self) -> None:
        value = self.value
        if self.op in ("in", "any", "all") and isinstance(value, list):
            object.__setattr__(self, "value", tuple(value))
            value = self.value
        if not self._fits(value):
            raise check.invalid(self.op, f"{check.shown(value)} does not fit the operator {self.op!r}", "wrong-type")
        for member in value if self.op == "in" else (value,):
            if isinstance(member, str):
                check.text(None, attrs.fields(Condition).value, member)
        if self.depth() > MAX_DEPTH:
            raise check.invalid(self.op, f"rules nest at most {MAX_DEPTH} deep", "too-deep")

    def _fits(self, value: object) -> bool:
        match self.op:
            case "in":
                return isinstance(value, tuple) and bool(value) and all(map(_scalar, value))
            case "any" | "all":
                return isinstance(value, tuple) and bool(value) and all(isinstance(v, Condition) for v in value)
            case "not":
                return isinstance(value, Condition)
            case "null":
                return isinstance(value, bool)
            case "glob":
                return isinstance(value, str)
            case "eq":
                return _scalar(value)
            case _:
                return _scalar(value) and not isinstance(value, bool)

    def __str__(self) -> str:
        match self.op:
            case "not":
                return f"not {self.value}"
            case "any" | "all":
                word = " or " if self.op == "any" else " and "
                return f"({word.join(str(v) for v in self.value)})"
            case "in":
                return f"in [{', '.join(map(str, self.value))}]"
            case "null":
                return "is missing" if self.value else "is present"
            case _:
                return f"{_SIGNS[self.op]} {self.value}"

    def depth(self) -> int:
        """How deep the condition nests; a plain test is 1 deep."""
        if self.op == "not":
            return 1 + int(self.value.depth())
        if self.op in ("any", "all"):
            return 1 + max(int(v.depth()) for v in self.value)
        return 1


def _as_condition(value: object) -> Condition | None:
    """A scalar stands for ``eq``, a list for ``in``; conditions pass through."""
    if value is None or isinstance(value, Condition):
        return value
    if isinstance(value, tuple | list):
        return Condition("in", tuple(value))
    return Condition("eq", value)


def _as_conditions(values: Mapping[str, object]) -> FrozenMap[Condition]:
    if not isinstance(values, Mapping):
        raise check.invalid("where", f"expected a mapping, got {check.shown(values)}", "wrong-type")
    pairs = {key: _as_condition(value) for key, value in values.items()}
    if any(value is None for value in pairs.values()):
        raise check.invalid("where", "a column needs a test; for a missing value write {null: true}", "wrong-type")
    return FrozenMap({key: value for key, value in pairs.items() if value is not None})


@frozen(kw_only=True, eq=False, repr=False)
class Match(Value):
    """A rule that claims rows: its ``event`` test and every test in ``where`` hold; or one rule in ``any`` does.

    ``Match(event="add_to_cart")``, ``Match(event=["view", "page_view"], where={"page": Condition("glob", "/checkout/*")})``,
    ``Match(any=[Match(event="a"), Match(event="b", where={"channel": "web"})])``.
    """

    event: Condition | None = field(default=None, converter=_as_condition)
    where: Mapping[str, Condition] = field(factory=dict, converter=_as_conditions)
    any: tuple[Match, ...] = field(default=(), converter=check.as_tuple)

    def __attrs_post_init__(self) -> None:
        rules: object = self.any
        if not isinstance(rules, tuple) or not all(isinstance(rule, Match) for rule in rules):
            raise check.invalid("any", f"expected a list of rules, got {check.shown(rules)}", "wrong-type")
        if self.any and (self.event is not None or self.where):
            raise check.invalid("any", "stands alone: put event and where inside its rules", "invalid-rule")
        if not self.any and self.event is None and not self.where:
            raise check.invalid("", "a rule needs event, where or any", "empty-rule")
        for column in self.where:
            check.filled(None, attrs.fields(Match).where, column)
        if self.depth() > MAX_DEPTH:
            raise check.invalid("any", f"rules nest at most {MAX_DEPTH} deep", "too-deep")

    def __str__(self) -> str:
        if self.any:
            return " or ".join(f"({rule})" for rule in self.any)
        tests = [f"event {self.event}"] if self.event is not None else []
        return " and ".join([*tests, *(f"{column} {test}" for column, test in sorted(self.where.items()))])

    def depth(self) -> int:
        """How deep the rules in ``any`` nest; a plain rule is 1 deep."""
        return 1 + max((rule.depth() for rule in self.any), default=0)

    def columns(self) -> frozenset[str]:
        """The names of every column the rule reads."""
        own = set(self.where) | ({"event"} if self.event is not None else set())
        return frozenset(own.union(*(rule.columns() for rule in self.any)))
