"""JSON Schema (2020-12) of both file formats, made from the classes and the rules of their fields."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from journeykit.codec import _scalars as scalars
from journeykit.codec._classes import reading_order
from journeykit.codec._journeys import FORMAT, FORMAT_KEY
from journeykit.codec._rules import OPERATORS
from journeykit.codec._scorecards import SCORECARD_FORMAT, SCORECARD_KEY
from journeykit.model import Journey, Match
from journeykit.model import _checks as check
from journeykit.model.matching import MAX_DEPTH, MAX_NUMBER, MIN_NUMBER
from journeykit.results import Records, Scorecard

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
# "$" alone would let a line break follow; spaces are spelled out because \s differs between engines.
_END = r"$(?!\n)"
_ALLOWED = r"^[^\u0000-\u0008\u000b-\u001f\ud800-\udfff]*$"
_SPACES = r"\t\n \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"

_TEXT: Schema = {"type": "string", "pattern": _ALLOWED}
_FILLED: Schema = {"type": "string", "allOf": [{"pattern": _ALLOWED}, {"pattern": f"[^{_SPACES}]"}]}
_DATE: Schema = {"type": "string", "format": "date", "pattern": f"^{scalars.DATE}{_END}"}
_DURATION: Schema = {"type": "string", "pattern": f"^(?=[^\\n]*[1-9]){scalars.DURATION}{_END}"}

_UNSAID = (
    "Checked by journeykit and not said here: ids are unique across the journey; references (persona, objective, kpi, "
    "touchpoint ids) point to a part that exists; an objective is not due before it starts; rules nest at most "
    f"{MAX_DEPTH} deep; a duration is no longer than 999999999 days. Days that do not exist are said only as format: date."
)
_BY_RULE: dict[Any, Schema] = {
    check.slug: {"type": "string", "pattern": f"^{check.SLUG}{_END}"},
    check.text: {"$ref": "#/$defs/text"},
    check.filled: {"$ref": "#/$defs/filled"},
    check.language_tag: {"type": "string", "pattern": f"^{check.LANGUAGE}{_END}"},
    check.day: {"$ref": "#/$defs/date"},
    check.duration: {"$ref": "#/$defs/duration"},
    check.texts_by_text: {
        "type": "object",
        "propertyNames": {"$ref": "#/$defs/filled"},
        "additionalProperties": {"$ref": "#/$defs/filled"},
    },
}


def schema() -> Schema:
    """The JSON Schema of a journey file, a new dictionary each time.

    It and the codec accept the same documents, but for what JSON Schema cannot say (the ``$comment`` lists it): unique
    ids, references that point to a part, an objective due before it starts, rules nested too deep, durations beyond any
    calendar, and days that do not exist (``format: date``, which a validator may ignore).
    """
    classes: dict[type, Schema] = {}
    root = _journey_class(Journey, classes)
    root["properties"] = {FORMAT_KEY: {"const": FORMAT}, **root["properties"]}
    root["required"] = [FORMAT_KEY, *root["required"]]
    del classes[Journey]
    defs = {"text": _TEXT, "filled": _FILLED, "date": _DATE, "duration": _DURATION, **_rule_definitions()}
    return {
        "$schema": _DIALECT,
        "title": "journeykit journey",
        "$comment": _UNSAID,
        **root,
        "$defs": {**defs, **{cls.__name__: body for cls, body in sorted(classes.items(), key=lambda c: c[0].__name__)}},
    }


def scorecard_schema() -> Schema:
    """The JSON Schema of a scorecard's JSON form, a new dictionary each time."""
    classes: dict[type, Schema] = {}
    root = _plain_class(Scorecard, classes)
    root["properties"] = {SCORECARD_KEY: {"const": SCORECARD_FORMAT}, **root["properties"]}
    root["required"] = [SCORECARD_KEY, *root["required"]]
    del classes[Scorecard]
    return {
        "$schema": _DIALECT,
        "title": "journeykit scorecard",
        **root,
        "$defs": {cls.__name__: body for cls, body in sorted(classes.items(), key=lambda c: c[0].__name__)},
    }


def _described(cls: type, properties: Schema, required: list[str]) -> Schema:
    doc = inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0]
    return {
        "description": re.sub(r"\s+", " ", doc).replace("``", ""),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _journey_class(cls: type, classes: dict[type, Schema]) -> Schema:
    """The class by its fields' own rules; every class below it is added to ``classes``."""
    classes[cls] = {}
    properties: Schema = {}
    required: list[str] = []
    for attribute in reading_order(cls):
        body = _by_rule(attribute.validator, classes)
        if attribute.default is attrs.NOTHING:
            required.append(attribute.name)
        elif isinstance(attribute.default, str):
            body = {**body, "default": attribute.default}
        properties[attribute.name] = body
    classes[cls] = _described(cls, properties, required)
    return classes[cls]


def _by_rule(rule: Any, classes: dict[type, Schema]) -> Schema:
    if rule in _BY_RULE:
        return dict(_BY_RULE[rule])
    if hasattr(rule, "optional"):
        return _by_rule(rule.optional, classes)
    if hasattr(rule, "allowed"):
        return {"enum": list(rule.allowed)}
    if hasattr(rule, "steps"):
        return {"enum": list(rule.steps)}
    if hasattr(rule, "low"):
        kind = "integer" if hasattr(rule, "whole") else "number"
        return {"type": kind, "minimum": rule.low, "maximum": rule.high}
    if hasattr(rule, "rule"):
        least = {"minItems": rule.least} if rule.least else {}
        return {"type": "array", "items": _by_rule(rule.rule, classes), **least}
    if hasattr(rule, "text_or"):
        return {"anyOf": [_BY_RULE[check.filled], _reference(rule.text_or, classes)]}
    (kind,) = rule.classes
    return _reference(kind, classes)


def _reference(cls: type, classes: dict[type, Schema]) -> Schema:
    if cls is Match:
        return {"$ref": "#/$defs/rule"}
    if cls not in classes:
        _journey_class(cls, classes)
    return {"$ref": f"#/$defs/{cls.__name__}"}


def _rule_definitions() -> Schema:
    number = {"type": "number", "minimum": MIN_NUMBER, "maximum": MAX_NUMBER}
    ordered = {"anyOf": [{"$ref": "#/$defs/text"}, number]}
    scalar = {"anyOf": [{"$ref": "#/$defs/text"}, number, {"type": "boolean"}]}
    scalars_ = {"type": "array", "items": {"$ref": "#/$defs/scalar"}, "minItems": 1}
    tests = {"type": "array", "items": {"$ref": "#/$defs/test"}, "minItems": 1}
    operands: dict[str, Schema] = {
        "eq": {"$ref": "#/$defs/scalar"},
        "in": scalars_,
        "glob": {"$ref": "#/$defs/text"},
        "null": {"type": "boolean"},
        "not": {"$ref": "#/$defs/test"},
        "any": tests,
        "all": tests,
    }
    operators = {
        "type": "object",
        "properties": {op: operands.get(op, ordered) for op in OPERATORS},
        "minProperties": 1,
        "additionalProperties": False,
    }
    where = {
        "type": "object",
        "propertyNames": {"$ref": "#/$defs/filled"},
        "additionalProperties": {"$ref": "#/$defs/test"},
        "minProperties": 1,
    }
    plain = {
        "type": "object",
        "properties": {"event": {"$ref": "#/$defs/test"}, "where": where},
        "minProperties": 1,
        "additionalProperties": False,
    }
    either = {
        "type": "object",
        "properties": {"any": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1}},
        "required": ["any"],
        "additionalProperties": False,
    }
    return {
        "rule": {
            "description": "Which rows it claims: event and where together, or any of several rules.",
            "anyOf": [plain, either],
        },
        "test": {
            "description": "A value (equal), a list (one of them), or operators (all of them).",
            "anyOf": [{"$ref": "#/$defs/scalar"}, scalars_, operators],
        },
        "scalar": scalar,
    }


def _plain_class(cls: type, classes: dict[type, Schema]) -> Schema:
    """The class by its types alone; every key is written, so every key is required that has no default."""
    classes[cls] = {}
    hints = get_type_hints(cls)
    properties = {a.name: _by_type(hints[a.name], classes) for a in attrs.fields(cls)}
    required = [a.name for a in attrs.fields(cls) if a.default is attrs.NOTHING]
    classes[cls] = _described(cls, properties, required)
    return classes[cls]


_BY_TYPE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: _DATE,
    timedelta: _DURATION,
    datetime: {"type": "string", "format": "date-time", "pattern": f"^{scalars.TIME}{_END}"},
    type(None): {"type": "null"},
}


def _by_type(hint: Any, classes: dict[type, Schema]) -> Schema:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in _BY_TYPE:
        return dict(_BY_TYPE[hint])
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_by_type(argument, classes) for argument in arguments]}
    if origin is Records or (origin is tuple and arguments[-1] is Ellipsis):
        return {"type": "array", "items": _by_type(arguments[0], classes)}
    if origin is tuple:
        members = [_by_type(argument, classes) for argument in arguments]
        return {"type": "array", "prefixItems": members, "minItems": len(members), "maxItems": len(members)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _by_type(arguments[1], classes)}
    if hint not in classes:
        _plain_class(hint, classes)
    return {"$ref": f"#/$defs/{hint.__name__}"}
