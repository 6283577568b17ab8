"""Numbers in rules, exactly: engines round a bound to the column's type before they compare, so the bound is moved first."""

from __future__ import annotations

import math
from collections.abc import Iterable

RANGES = {
    "TINYINT": (-(2**7), 2**7 - 1),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "BIGINT": (-(2**63), 2**63 - 1),
    "HUGEINT": (-(2**127), 2**127 - 1),
    "UTINYINT": (0, 2**8 - 1),
    "USMALLINT": (0, 2**16 - 1),
    "UINTEGER": (0, 2**32 - 1),
    "UBIGINT": (0, 2**64 - 1),
    "UHUGEINT": (0, 2**128 - 1),
}
# What fits into 64 signed bits is compared there: the bound may lie outside the column's own type.
SMALL = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})


def canonical_text(value: object) -> str:
    """The one text of a scalar: ``true``, ``17`` (also for 17.0), ``0.5``, or the text itself."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def equal_to(operands: Iterable[object], type_: str, kind: str) -> list[int | float | bool]:
    """The values of the column's own type whose canonical text is that of an operand; without repetition."""
    found: dict[int | float | bool, None] = {}
    for operand in operands:
        if kind == "bool":
            text = canonical_text(operand)
            if text in ("true", "false"):
                found[text == "true"] = None
        elif not isinstance(operand, bool):
            number = _read(operand)
            if number is not None and (exact := _as(number, type_, kind)) is not None:
                found[exact] = None
    return list(found)


def comparison(op: str, operand: object, type_: str, kind: str) -> tuple[str, int | float] | bool:
    """The comparison on the column's own type, or its answer where the bound lies outside that type."""
    assert isinstance(operand, int | float)  # noqa: S101  (checked with the rule)
    return _whole(op, operand, type_) if kind == "whole" else _float(op, operand)


def _read(operand: object) -> int | float | None:
    """The number a scalar stands for; a text only where it is that number's canonical text."""
    if isinstance(operand, int | float):
        return operand
    text = str(operand)
    for read in (int, float):
        try:
            number = read(text)
        except (ValueError, OverflowError):
            continue
        if (isinstance(number, int) or math.isfinite(number)) and canonical_text(number) == text:
            return number
    return None


def _as(number: int | float, type_: str, kind: str) -> int | float | None:
    if kind == "float":
        value = _nearest(number)
        return value if value == number else None
    if isinstance(number, float):
        if not number.is_integer():
            return None
        number = int(number)
    low, high = RANGES[type_.upper()]
    return number if low <= number <= high else None


def _whole(op: str, bound: int | float, type_: str) -> tuple[str, int] | bool:
    # x < 2.5 is x < 3, x <= 2.5 is x <= 2: the bound moves to the whole number that decides the same.
    edge = math.ceil(bound) if op in ("lt", "ge") else math.floor(bound)
    low, high = RANGES[type_.upper()]
    if low <= edge <= high:
        return op, edge
    return (op in ("lt", "le")) == (edge > high)


def _float(op: str, bound: int | float) -> tuple[str, float] | bool:
    value = _nearest(bound)
    if value < bound:
        return {"lt": "le", "ge": "gt"}.get(op, op), value
    if value > bound:
        return {"le": "lt", "gt": "ge"}.get(op, op), value
    return op, value


def _nearest(number: int | float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf
