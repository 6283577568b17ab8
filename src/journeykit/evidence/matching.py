"""Match rules as Narwhals expressions: the same rows on DuckDB, pandas, polars, pyarrow and whatever else Narwhals speaks.

A rule compiles to a boolean that is never null. The engines disagree about missing values, NaN, numbers against text and
what ``$`` means in a pattern, so every test is built from operations on which they agree:

- a missing value (NULL, and NaN in a column of numbers) satisfies ``{null: true}`` and negations, nothing else;
- text is compared by code point, numbers exactly (``x < 2.5`` on whole numbers is ``x < 3``);
- ``eq`` and ``in`` across types compare canonical text (``17``, ``0.5``, ``true``): ``"17"`` equals 17, ``"17.0"`` does not;
- ``glob`` tests the whole value: ``*`` is any characters, line breaks and ``/`` included, ``?`` exactly one code point.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from importlib import import_module
from operator import and_, or_
from typing import Any

import narwhals as nw
from attrs import frozen

from journeykit.errors import ArgumentError
from journeykit.evidence import _numbers as numbers
from journeykit.model import Condition, Journey, Match
from journeykit.problems import Address, Problem

__all__ = ["abandon", "claims", "faults", "forget_engine", "success", "touchpoint_code"]

_META = frozenset("\\.+*?()|[]{}^$")
# Python's `$` also matches before a last line break; behind a closing sign every engine's `$` means the end of the value.
_CLOSING = "$"


def claims(match: Match, columns: Mapping[str, str]) -> nw.Expr:
    """The rule as a boolean expression, true on the rows it claims and never null.

    ``columns`` maps the table's column names to DuckDB types. Raises `ArgumentError` with every fault of the rule: a column
    the table lacks, a number compared with text, a test the column's type cannot take.
    """
    _raise(list(faults(match, columns)))
    return _match(match, columns)


def touchpoint_code(journey: Journey, columns: Mapping[str, str]) -> nw.Expr:
    """For every row the position of the first touchpoint (in the order of the map) that claims it, -1 for none; Int32.

    Raises `ArgumentError` with every fault of every rule of the journey, the outcome's included.
    """
    _raise(_journey_faults(journey, columns))
    cases = [
        nw.when(_match(touchpoint.match, columns)).then(nw.lit(position, nw.Int32))
        for position, touchpoint in enumerate(journey.touchpoints())
        if touchpoint.match is not None
    ]
    # A flat COALESCE, not nested CASEs: a map may have hundreds of touchpoints and engines recurse over nesting.
    return nw.coalesce(*cases, nw.lit(-1, nw.Int32)) if cases else nw.lit(-1, nw.Int32)


def success(journey: Journey, columns: Mapping[str, str]) -> nw.Expr:
    """True on the rows that are the journey's success; false everywhere without an outcome."""
    return _outcome(journey.outcome.success if journey.outcome else None, columns)


def abandon(journey: Journey, columns: Mapping[str, str]) -> nw.Expr:
    """True on the rows that say the customer gave up; false everywhere where the journey names no such event."""
    return _outcome(journey.outcome.abandon if journey.outcome else None, columns)


def faults(match: Match, columns: Mapping[str, str], path: str = "match") -> Iterator[Problem]:
    """Every reason why the rule cannot be asked of a table with these columns; none when it can."""
    for index, rule in enumerate(match.any):
        yield from faults(rule, columns, f"{path}.any[{index}]")
    if match.event is not None:
        yield from _condition_faults("event", match.event, columns, f"{path}.event")
    for column, condition in match.where.items():
        yield from _condition_faults(column, condition, columns, f"{path}.where.{column}")


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise ArgumentError("\n".join(map(str, problems)))


def _outcome(match: Match | None, columns: Mapping[str, str]) -> nw.Expr:
    return nw.lit(False) if match is None else claims(match, columns)


def _journey_faults(journey: Journey, columns: Mapping[str, str]) -> list[Problem]:
    rules: list[tuple[str, Match]] = [
        (f"touchpoint {touchpoint.id!r} match", touchpoint.match)
        for touchpoint in journey.touchpoints()
        if touchpoint.match is not None
    ]
    if journey.outcome is not None:
        rules.append(("outcome.success", journey.outcome.success))
        if journey.outcome.abandon is not None:
            rules.append(("outcome.abandon", journey.outcome.abandon))
    return [problem for path, rule in rules for problem in faults(rule, columns, path)]


def _condition_faults(column: str, condition: Condition, columns: Mapping[str, str], path: str) -> Iterator[Problem]:
    if column not in columns:
        near = difflib.get_close_matches(column, columns, n=1)
        yield Problem(
            code="unknown-column",
            message=f"the events have no column {column!r}; they have {', '.join(map(repr, columns))}",
            address=Address(path=path),
            hint=f"did you mean {near[0]!r}?" if near else None,
        )
        return
    kind = _kind(columns[column])
    for test in _tests(condition):
        if wrong := _misfit(test, kind):
            yield Problem(
                code="rule-type",
                message=f"column {column!r} is {columns[column]}, {wrong}: {{{test.op}: {test.value!r}}}",
                address=Address(path=path),
            )


def _tests(condition: Condition) -> Iterator[Condition]:
    """The plain tests inside a condition."""
    if condition.op == "not":
        yield from _tests(condition.value)
    elif condition.op in ("any", "all"):
        for part in condition.value:
            yield from _tests(part)
    else:
        yield condition


def _misfit(test: Condition, kind: str) -> str | None:
    if test.op == "null":
        return None
    if kind == "other":
        return "which only {null: true} and {null: false} can test"
    if test.op == "glob":
        return None if kind == "text" else "but a glob needs a column of text"
    if test.op in ("lt", "le", "gt", "ge"):
        wanted = "text" if isinstance(test.value, str) else "number"
        if wanted == "number":
            return None if kind in ("whole", "float") else "and cannot be compared with a number"
        return None if kind == "text" else "and cannot be compared with a text"
    return None


def _kind(type_: str) -> str:
    """``text``, ``whole``, ``float``, ``bool`` or ``other`` for a DuckDB type."""
    name = type_.upper()
    if name.endswith("]"):
        return "other"
    if name == "VARCHAR" or name.startswith("ENUM"):
        return "text"
    if name in numbers.RANGES:
        return "whole"
    if name in ("DOUBLE", "FLOAT", "REAL") or name.startswith("DECIMAL"):
        return "float"
    return "bool" if name == "BOOLEAN" else "other"


@frozen
class _Column:
    """One column of the table: its tests, each true only on rows where it has a value."""

    name: str
    type: str

    @property
    def kind(self) -> str:
        return _kind(self.type)

    @property
    def missing(self) -> nw.Expr:
        column = nw.col(self.name)
        if self.kind != "float":
            return column.is_null()
        # NaN compares differently on every engine; what is not a number is not there.
        return column.is_null() | column.cast(nw.Float64).fill_null(0.0).is_nan()

    @property
    def always(self) -> nw.Expr:
        return ~self.missing

    @property
    def never(self) -> nw.Expr:
        return self.missing & ~self.missing

    @property
    def value(self) -> nw.Expr:
        """The value with something harmless in place of what is missing, so that no comparison yields null or raises."""
        column = nw.col(self.name)
        match self.kind:
            case "text":
                return column.cast(nw.String).fill_null("")
            case "float":
                return column.cast(nw.Float64).fill_null(0.0)
            case "whole" if self.type.upper() in numbers.SMALL:
                return column.fill_null(0).cast(nw.Int64)
            case "whole":
                return column.fill_null(0)
            case _:
                return column

    def present(self, test: nw.Expr) -> nw.Expr:
        return ~self.missing & test

    def compare(self, op: str, operand: object) -> nw.Expr:
        bound = numbers.comparison(op, operand, self.type, self.kind) if self.kind != "text" else (op, operand)
        if isinstance(bound, bool):
            return self.always if bound else self.never
        return self.present(_COMPARISONS[bound[0]](self.value, bound[1]))

    def among(self, operands: Iterable[object]) -> nw.Expr:
        wanted: list[Any]
        if self.kind == "text":
            wanted = list(dict.fromkeys(numbers.canonical_text(operand) for operand in operands))
        else:
            wanted = numbers.equal_to(operands, self.type, self.kind)
        if not wanted:
            return self.never
        if self.kind == "bool":
            # is_in on a column of Python bools is an object comparison in pandas; == is not.
            return reduce(or_, [self.present((self.value == value).fill_null(False)) for value in wanted])
        return self.present(self.value == wanted[0] if len(wanted) == 1 else self.value.is_in(wanted))

    def glob(self, pattern: str) -> nw.Expr:
        head, _, tail = pattern.partition("*")
        plain = not set(pattern) & set("*?")
        if plain:
            return self.present(self.value == pattern)
        if pattern.count("*") == 1 and "?" not in pattern and not (head and tail):
            return self.present(self.value.str.starts_with(head) if not tail else self.value.str.ends_with(tail))
        closed = nw.concat_str([self.value, nw.lit(_CLOSING)])
        return self.present(closed.str.contains(f"(?s)^{_regex(pattern)}\\{_CLOSING}$"))


_COMPARISONS: Mapping[str, Callable[[nw.Expr, object], nw.Expr]] = {
    "lt": lambda value, bound: value < bound,
    "le": lambda value, bound: value <= bound,
    "gt": lambda value, bound: value > bound,
    "ge": lambda value, bound: value >= bound,
}


def _regex(pattern: str) -> str:
    """The glob as a regular expression in the dialect that RE2, Rust and Python share."""
    # Runs of stars are one star: Python's engine would try every split of them.
    while "**" in pattern:
        pattern = pattern.replace("**", "*")
    signs = {"*": ".*", "?": "."}
    return "".join(signs.get(sign) or (f"\\{sign}" if sign in _META else sign) for sign in pattern)


def _match(match: Match, columns: Mapping[str, str]) -> nw.Expr:
    if match.any:
        return reduce(or_, [_match(rule, columns) for rule in match.any])
    conditions = [("event", match.event)] if match.event is not None else []
    tests = [*conditions, *match.where.items()]
    return reduce(and_, [_condition(_Column(column, columns[column]), condition) for column, condition in tests])


def _condition(column: _Column, condition: Condition) -> nw.Expr:
    value = condition.value
    match condition.op:
        case "eq":
            return column.among([value])
        case "in":
            return column.among(value)
        case "glob":
            return column.glob(value)
        case "null":
            return column.missing if value else column.always
        case "not":
            return ~_condition(column, value)
        case "any":
            return reduce(or_, [_condition(column, part) for part in value])
        case "all":
            return reduce(and_, [_condition(column, part) for part in value])
        case op:
            return column.compare(op, value)


def forget_engine() -> None:
    """Let go of the DuckDB namespace that Narwhals caches; call it after each use of Narwhals on a DuckDB relation.

    The cache outlives the modules at exit, and with numpy loaded DuckDB 2.0 then prints pages of "nanobind: leaked" on stderr.
    Forgetting costs one import lookup at the next call.
    """
    remembered = getattr(import_module("narwhals._namespace"), "_builtin_namespace", None)
    if (forget := getattr(remembered, "cache_clear", None)) is not None:
        forget()
