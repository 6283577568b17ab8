"""The rules single fields obey, as attrs converters and validators.

A validator never looks at the instance, so the codec can run a field's own rule on a value before the object exists
and name the field in the error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from journeykit.errors import JourneyError
from journeykit.model._frozen import FrozenMap
from journeykit.problems import Address, Problem

Validator = Callable[[Any, "attrs.Attribute[Any]", Any], None]

SLUG = r"[a-z0-9][a-z0-9_-]{0,63}"
# BCP 47 (RFC 5646, 2.1) in its order: language, script, region, variants, extensions, private use.
LANGUAGE = (
    r"([A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    r"(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[0-9A-WY-Za-wy-z](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?"
)
_SLUG = re.compile(SLUG)
_LANGUAGE = re.compile(LANGUAGE)
# YAML and SVG cannot carry these; refusing them here keeps every writer simple.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def invalid(path: str, message: str, code: str = "invalid-value", hint: str | None = None) -> JourneyError:
    return JourneyError([Problem(code=code, message=message, address=Address(path=path), hint=hint)])


def _refuse(
    attribute: attrs.Attribute[Any], message: str, code: str = "invalid-value", hint: str | None = None
) -> JourneyError:
    return invalid(attribute.name, message, code, hint)


def shown(value: object) -> str:
    """The value as an error sentence shows it: short, and safe to print."""
    if isinstance(value, int) and abs(value) > 10**60:
        return "a number of more than 60 digits"
    text = ascii(value) if isinstance(value, str) and _FORBIDDEN.search(value) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


# Any, because mypy leaks a converter's type variable into the signature of the class.
# A converter does not know its field's name: what it cannot convert it passes on, for the validator to refuse by name.
def as_tuple(values: Iterable[Any]) -> tuple[Any, ...]:
    """A tuple of the values; a bare text is passed on, because it would fall apart into letters."""
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        return values  # type: ignore[return-value]
    return tuple(values)


def as_map(values: Mapping[str, Any]) -> FrozenMap[Any]:
    if isinstance(values, FrozenMap) or not isinstance(values, Mapping):
        return values
    return FrozenMap(values)


def as_float(value: float) -> float:
    """A whole number given for a measure is the same measure; what does not fit a double is passed on."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
        return float(value)
    return value


def as_optional_float(value: float | None) -> float | None:
    return None if value is None else as_float(value)


def slug(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        raise _refuse(
            attribute,
            f"{shown(value)} is not an id: use 1 to 64 lower-case letters a-z, digits, '-' and '_', "
            "starting with a letter or digit",
            "invalid-id",
            _near_id(value),
        )


def _near_id(value: object) -> str | None:
    near = re.sub(r"[^a-z0-9]+", "-", str(value)[:64].lower()).strip("-") if isinstance(value, str) else ""
    return f"did you mean {near!r}?" if near else None


def text(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str):
        raise _refuse(attribute, f"{shown(value)} is not text", "wrong-type")
    if found := _FORBIDDEN.search(value):
        raise _refuse(
            attribute,
            f"holds the character U+{ord(found[0]):04X}, which no text in a journey may hold",
            "forbidden-character",
        )


def filled(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    text(instance, attribute, value)
    if not str(value).strip():
        raise _refuse(attribute, "must not be empty", "empty-text")


def language_tag(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
    text(instance, attribute, value)
    if not _LANGUAGE.fullmatch(str(value)):
        raise _refuse(attribute, f"{shown(value)} is not a language tag such as en, de or pt-BR")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(low: float = -sys.float_info.max, high: float = sys.float_info.max) -> Validator:
    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if not _is_number(value):
            raise _refuse(attribute, f"{shown(value)} is not a number", "wrong-type")
        if not abs(value) <= sys.float_info.max:
            raise _refuse(attribute, f"{shown(value)} is not a finite number")
        if not low <= value <= high:
            raise _refuse(attribute, f"{value} is outside [{low:g}, {high:g}]", "out-of-range")

    # The schema of the codec reads the limits from here.
    check.low, check.high = low, high  # type: ignore[attr-defined]
    return check


def whole(low: int, high: int) -> Validator:
    within = number(low, high)

    def check(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise _refuse(attribute, f"{shown(value)} is not a whole number", "wrong-type")
        within(instance, attribute, value)

    check.low, check.high, check.whole = low, high, True  # type: ignore[attr-defined]
    return check


def step(*steps: float) -> Validator:
    """One of the marks of a scale."""

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not _is_number(value):
            raise _refuse(attribute, f"{shown(value)} is not a number", "wrong-type")
        if value not in steps:
            marks = ", ".join(f"{mark:g}" for mark in steps)
            raise _refuse(attribute, f"{shown(value)} is not a mark of the scale {marks}", "unknown-choice")

    # The schema of the codec reads the marks from here.
    check.steps = steps  # type: ignore[attr-defined]
    return check


def choice(*allowed: str) -> Validator:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value not in allowed or not isinstance(value, str):
            raise _refuse(attribute, f"{shown(value)} is not one of {', '.join(allowed)}", "unknown-choice")

    # The schema and the "did you mean" of the codec read the choices from here.
    check.allowed = allowed  # type: ignore[attr-defined]
    return check


def day(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _refuse(attribute, f"{shown(value)} is not a date", "wrong-type")


def duration(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, timedelta):
        raise _refuse(attribute, f"{shown(value)} is not a duration", "wrong-type")
    if value <= timedelta(0):
        raise _refuse(attribute, "must be longer than nothing", "out-of-range")
    if value.microseconds:
        raise _refuse(attribute, f"{value} is finer than a second", "out-of-range")


def instance_of(*classes: type) -> Validator:
    names = " or ".join(c.__name__ for c in classes)

    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, classes):
            raise _refuse(attribute, f"{shown(value)} is not a {names}", "wrong-type")

    check.classes = classes  # type: ignore[attr-defined]
    return check


def each(rule: Validator, least: int = 0) -> Validator:
    """The rule for every member of a tuple, of which there are ``least``; all faults at once, each with its index."""

    def check(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, tuple):
            raise _refuse(attribute, f"expected a list, got {shown(value)}", "wrong-type")
        problems: list[Problem] = []
        if len(value) < least:
            problems.append(
                _refuse(attribute, f"needs at least {least} members, has {len(value)}", "too-few").problems[0]
            )
        for index, member in enumerate(value):
            try:
                rule(instance, attribute, member)
            except JourneyError as err:
                path = f"{attribute.name}[{index}]"
                problems += [attrs.evolve(p, address=attrs.evolve(p.address, path=path)) for p in err.problems]
        if problems:
            raise JourneyError(problems)

    check.rule, check.least = rule, least  # type: ignore[attr-defined]
    return check


def text_or(kind: type) -> Validator:
    """A text that says something, or an instance of the class."""

    def check(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if isinstance(value, str):
            filled(instance, attribute, value)
        elif not isinstance(value, kind):
            raise _refuse(attribute, f"{shown(value)} is neither text nor a {kind.__name__}", "wrong-type")

    check.text_or = kind  # type: ignore[attr-defined]
    return check


def texts_by_text(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, Mapping):
        raise _refuse(attribute, f"expected a mapping, got {shown(value)}", "wrong-type")
    problems: list[Problem] = []
    for key, member in value.items():
        for part in (key, member):
            try:
                filled(None, attribute, part)
            except JourneyError as err:
                path = f"{attribute.name}.{key}"
                problems += [attrs.evolve(p, address=attrs.evolve(p.address, path=path)) for p in err.problems]
    if problems:
        raise JourneyError(problems)


def optional(rule: Validator) -> Validator:
    def check(instance: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if value is not None:
            rule(instance, attribute, value)

    check.optional = rule  # type: ignore[attr-defined]
    return check
