"""One pass from the raw table to typed rows, each with the code of its first fault or none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import field, frozen

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence._columns import CANONICAL, Canonical, hidden_columns
from journeykit.evidence._suspects import FIRST, LAST, name_suspects, time_suspects
from journeykit.evidence._times import TimeReading, is_aware, reading_of, utc_of
from journeykit.evidence._values import (
    attribute_types,
    integer_of,
    is_scalar,
    is_whole,
    name_of,
    number_of,
    one_of_texts,
    present,
)
from journeykit.evidence.engines.duckdb import identifier, literal
from journeykit.evidence.reading.loading import unique_names
from journeykit.evidence.sources import Kind, RawTable
from journeykit.problems import Address, Problem

__all__ = ["FEEDBACK_KINDS", "HINTS", "MESSAGES", "Constants", "Plan", "plan_of"]

FEEDBACK_KINDS = ("nps", "csat", "ces", "rating", "comment", "other")

MESSAGES: Mapping[str, str] = {
    "missing-customer": "the row names no customer",
    "missing-event": "the row names no event",
    "missing-kpi": "the row names no KPI",
    "missing-time": "the row has no time",
    "missing-value": "the row has no value",
    "bad-time": "the time {value} cannot be read",
    "bad-number": "{value} is not a finite number",
    "bad-integer": "{value} is not a whole number",
    "bad-kind": f"{{value}} is no kind of feedback; there are {', '.join(FEEDBACK_KINDS)}",
    "bad-scale": "the scale does not run from low to high, or only one end is given",
    "missing-scale": "the score {value} has no scale",
    "out-of-scale": "the score {value} is outside its scale",
    "no-answer": "the row has neither a score nor a text",
    "duplicate": "the row is an exact copy of an earlier one",
}
HINTS: Mapping[str, str] = {
    "bad-time": "ISO 8601 and epoch numbers of 1980 to 2100 are read; say time_format= for others",
    "bad-number": "numbers are written with a point and without thousands separators",
    "missing-scale": "say scale=(low, high)",
    "out-of-scale": "say the right scale=, or correct the score",
}

_FIRST, _LAST = f"TIMESTAMP '{FIRST}'", f"TIMESTAMP '{LAST}'"


@frozen(kw_only=True)
class Constants:
    """What the caller says of every row of feedback: its kind, scale and subject."""

    feedback_kind: str | None = None
    scale: tuple[float, float] | None = None
    about: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.feedback_kind is not None and self.feedback_kind not in FEEDBACK_KINDS:
            raise ArgumentError(
                f"kind={self.feedback_kind!r} is no kind of feedback; there are {', '.join(FEEDBACK_KINDS)}"
            )
        if self.scale is not None:
            given: object = self.scale
            pair = (
                isinstance(given, Sequence) and len(given) == 2 and all(isinstance(end, int | float) for end in given)
            )
            low, high = self.scale if pair else (math.nan, math.nan)
            if not (math.isfinite(low) and math.isfinite(high) and low < high):
                raise ArgumentError(f"scale={self.scale!r} must be (low, high), two finite numbers with low < high")


@frozen(kw_only=True)
class Plan:
    """The SQL of the staging table: ``SELECT columns, faults FROM (SELECT inner FROM raw)``."""

    inner: tuple[tuple[str, str], ...]
    faults: tuple[tuple[str, str, str, str], ...]  # condition, code, source column, SQL of what to show
    columns: tuple[str, ...]
    naive: str | None
    time_source: str | None
    notes: tuple[str, ...] = field(factory=tuple)
    # The columns that can be read without a look at their faults once it is known that no row has one.
    trusted: Mapping[str, str] = field(factory=dict)
    # Conditions on the raw table of which a row with a fault meets one; None where only its faults themselves tell it.
    suspects: tuple[str, ...] | None = None
    # The last time of rows without a fault, where the engine need not read them all for it.
    latest: str | None = None


@frozen
class _Builder:
    raw: RawTable
    types: Mapping[str, str]
    inner: list[tuple[str, str]] = field(factory=list)
    faults: list[tuple[str, str, str, str]] = field(factory=list)
    naive: list[str] = field(factory=list)
    trusted: dict[str, str] = field(factory=dict)
    suspects: list[tuple[str, ...] | None] = field(factory=list)
    latest: list[str] = field(factory=list)

    def add(
        self, column: Canonical, source: str, tz: str | None, time_format: str | None, parts: Sequence[str] = ()
    ) -> None:
        """One canonical column with the faults its cells may have; of several source columns where ``parts`` names them."""
        cells = [(identifier(part), self._scalar(part, column)) for part in parts or (source,)]
        cell, kind = cells[0]
        if len(cells) > 1:
            cell, kind = f"nullif(concat_ws(' / ', {', '.join(name_of(*part) for part in cells)}), '')", "VARCHAR"
        value, code = self._value(column, cell, kind, tz, time_format)
        self.inner.append((column.name, value))
        if column.required and len(parts) < 2 and column.type == "name" and (kind == "VARCHAR" or is_whole(kind)):
            self.trusted[column.name] = f"CAST({cell} AS VARCHAR)"
        name = identifier(column.name)
        filled = f"_in_{column.name}"
        if column.required:
            self.inner.append((filled, present(cell, kind)))
            self.faults.append((f"NOT {identifier(filled)}", f"missing-{column.name}", source, "NULL"))
        if column.required or code:
            self._suspect(column, cell, kind, joined=len(parts) > 1)
        if code:
            if not column.required:
                self.inner.append((filled, present(cell, kind)))
            shown = f"_raw_{column.name}"
            self.inner.append((shown, _shown(cell, kind)))
            self.faults.append((f"{identifier(filled)} AND {name} IS NULL", code, source, identifier(shown)))

    def _suspect(self, column: Canonical, cell: str, kind: str, *, joined: bool) -> None:
        if column.type == "time":
            self.suspects.append(time_suspects(cell, kind))
            if self.suspects[-1] is not None:
                self.latest.append(utc_of(f"max({cell})"))
        else:
            self.suspects.append(name_suspects(cell, kind) if column.type == "name" and not joined else None)

    def _scalar(self, source: str, column: Canonical) -> str:
        """The type of a source column; `EvidenceError` where a cell of it is not one value."""
        kind = self.types[source]
        if not is_scalar(kind):
            message = f'"{source}" is of type {kind[:60]} and cannot be {column.name}'
            address = Address(file=self.raw.files[0] if self.raw.files else None, field=source)
            raise EvidenceError([Problem(code="wrong-type", message=message, address=address, hint="flatten it first")])
        return kind

    def _value(
        self, column: Canonical, cell: str, kind: str, tz: str | None, time_format: str | None
    ) -> tuple[str, str | None]:
        if column.type == "time":
            reading: TimeReading = reading_of(cell, kind, tz=tz, time_format=time_format)
            self.naive.append(reading.naive)
            # Where no row has a fault, none has a time out of bounds either.
            self.trusted[column.name] = reading.utc
            return f"CASE WHEN {reading.utc} BETWEEN {_FIRST} AND {_LAST} THEN {reading.utc} END", "bad-time"
        if column.type == "number":
            return number_of(cell, kind), "bad-number"
        if column.type == "integer":
            return integer_of(cell, kind), "bad-integer"
        return name_of(cell, kind, verbatim=column.type == "verbatim"), None


def _shown(cell: str, kind: str) -> str:
    if kind.upper() in {"TIMESTAMP", "TIMESTAMP WITH TIME ZONE"}:
        # DuckDB holds a few days before this one but cannot write them, and its TRY_CAST fails on them as its CAST does.
        cell = f"greatest({cell}, {kind} '290308-01-01 (BC) 00:00:00{'+00' if kind.upper() != 'TIMESTAMP' else ''}')"
    return f"CAST({cell} AS VARCHAR)"


def plan_of(
    raw: RawTable,
    kind: Kind,
    mapping: Mapping[str, str],
    *,
    tz: str | None,
    time_format: str | None,
    constants: Constants,
    source: str,
    joined: Mapping[str, Sequence[str]],
) -> Plan:
    """How the rows of a raw table become rows of a canonical one; ``joined`` as `joined_columns` gives it."""
    types = raw.table.columns
    builder = _Builder(raw=raw, types=types)
    fields = CANONICAL[kind]
    for column in fields:
        if column.name in mapping:
            builder.add(column, mapping[column.name], tz, time_format, joined.get(column.name, ()))
    if kind == "feedback":
        _feedback(builder, mapping, constants, source)
    # The canonical order, whatever was added last; helper columns (`_in_...`, `_raw_...`) are not kept.
    order = [column.name for column in fields]
    made = [name for name in order if name in dict(builder.inner)]
    # The parts of a joined column stay attributes: rules may want them apart.
    used = [column for name, column in mapping.items() if name not in joined]
    attributes, notes = _attributes(raw, types, used, made, order)
    notes += tuple(
        f"{name}: made of {' and '.join(map(identifier, parts))}" for name, parts in joined.items() if len(parts) > 1
    )
    builder.inner.extend(attributes)
    places = [name for name in ("_file", "_record", "_line", "_part") if name in types]
    builder.inner.extend((name, identifier(name)) for name in places)
    if raw.rejecting is not None:
        builder.inner.append(("_rejecting", identifier(raw.rejecting)))
    naive = builder.naive[0] if builder.naive else None
    return Plan(
        inner=tuple(builder.inner),
        faults=tuple(builder.faults),
        columns=(*made, *(name for name, _ in attributes)),
        naive=naive,
        time_source=mapping.get("time"),
        notes=notes,
        trusted=builder.trusted,
        suspects=_all_suspects(builder) if kind == "events" and raw.rejecting is None else None,
        latest=builder.latest[0] if builder.latest else None,
    )


def _all_suspects(builder: _Builder) -> tuple[str, ...] | None:
    found: list[str] = []
    for conditions in builder.suspects:
        if conditions is None:
            return None
        found += conditions
    return tuple(found)


def _attributes(
    raw: RawTable, types: Mapping[str, str], used: Iterable[str], made: Iterable[str], canonical: Iterable[str]
) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Every other column of the source under its own name, typed where its text is surely numbers."""
    hidden = hidden_columns(raw)
    taken = set(used)
    names = [name for name in types if name not in hidden and name not in taken]
    recognised = attribute_types(raw.table, [name for name in names if name in raw.untyped])
    notes: list[str] = []
    result: list[tuple[str, str]] = []
    seen = [*made]
    for name in names:
        wanted = name
        if name in canonical and name not in seen:
            # The caller took this name from the column (columns={"value": None}): it must not look canonical.
            seen.append(name)
        (wanted,), _ = unique_names([name], taken=seen)
        if wanted != name:
            notes.append(f'column "{name}" is kept as "{wanted}": the name is that of a canonical column')
        seen.append(wanted)
        cell = identifier(name)
        if name in recognised:
            cell = f"CAST({cell} AS {recognised[name]})"
        elif is_aware(types[name]):
            # Python could not fetch an aware time without a further library.
            cell = utc_of(cell)
        result.append((wanted, cell))
    return result, tuple(notes)


def _feedback(builder: _Builder, mapping: Mapping[str, str], constants: Constants, source: str) -> None:
    """What only feedback has: a kind, a scale and an answer in every row."""
    has = {name: name in mapping for name in ("kind", "score", "scale_low", "scale_high", "text", "source", "about")}
    if not (has["score"] or has["text"]):
        there = ", ".join(name for name in builder.types if name not in hidden_columns(builder.raw))
        message = f"no column is the score or the text of the feedback; there are: {there}"
        hint = 'say which: columns={"score": "...", "text": "..."}'
        address = Address(file=builder.raw.files[0] if builder.raw.files else None)
        raise EvidenceError([Problem(code="missing-column", message=message, address=address, hint=hint)])
    score = "score" if has["score"] else "NULL"
    _kind(builder, has["kind"], constants, score, mapping)
    if not has["about"] and constants.about is not None:
        builder.inner.append(("about", literal(constants.about)))
    if not has["source"]:
        builder.inner.append(("source", literal(Path(source).name or source)))
    if has["score"]:
        _scale(builder, mapping, constants)
    text = '"text" IS NULL' if has["text"] else "true"
    missing = '"score" IS NULL' if has["score"] else "true"
    builder.faults.append((f"{text} AND {missing}", "no-answer", mapping.get("score", mapping.get("text", "")), "NULL"))


def _kind(builder: _Builder, mapped: bool, constants: Constants, score: str, mapping: Mapping[str, str]) -> None:
    default = constants.feedback_kind
    given = literal(default) if default else f"CASE WHEN {score} IS NOT NULL THEN 'rating' ELSE 'comment' END"
    inner = dict(builder.inner)
    if not mapped:
        if default is None and score != "NULL":
            given = f"CASE WHEN ({inner['score']}) IS NOT NULL THEN 'rating' ELSE 'comment' END"
        builder.inner.append(("kind", given))
        return
    position = [name for name, _ in builder.inner].index("kind")
    fallback = (
        given if default else f"CASE WHEN ({inner.get('score', 'NULL')}) IS NOT NULL THEN 'rating' ELSE 'comment' END"
    )
    builder.inner[position] = ("kind", f"coalesce(lower(trim({inner['kind']})), {fallback})")
    known = one_of_texts('"kind"', FEEDBACK_KINDS)
    builder.faults.append((f"NOT {known}", "bad-kind", mapping["kind"], '"kind"'))


def _scale(builder: _Builder, mapping: Mapping[str, str], constants: Constants) -> None:
    inner = dict(builder.inner)
    mapped = "scale_low" in mapping and "scale_high" in mapping
    # Only NPS is asked on one scale by definition (0 to 10); for all others a scale must be said.
    if constants.scale is None and not mapped and "kind" not in mapping and constants.feedback_kind != "nps":
        message = f'the scores in "{mapping["score"]}" need the scale they were given on'
        address = Address(file=builder.raw.files[0] if builder.raw.files else None, field=mapping["score"])
        hint = "say scale=(1, 5), or map columns to scale_low and scale_high"
        raise EvidenceError([Problem(code="missing-scale", message=message, address=address, hint=hint)])
    for index, name in enumerate(("scale_low", "scale_high")):
        end = f"CASE WHEN ({inner['kind']}) = 'nps' THEN {(0.0, 10.0)[index]!r} END"
        if constants.scale is not None:
            end = repr(float(constants.scale[index]))
        column = f"coalesce({inner[name]}, {end})" if name in inner else end
        value = f"CASE WHEN ({inner['score']}) IS NOT NULL THEN CAST({column} AS DOUBLE) END"
        if name in inner:
            builder.inner[[n for n, _ in builder.inner].index(name)] = (name, value)
        else:
            builder.inner.append((name, value))
    source = mapping["score"]
    shown = '"_raw_score"'
    none = '"score" IS NOT NULL AND scale_low IS NULL AND scale_high IS NULL'
    builder.faults.append((none, "missing-scale", source, shown))
    builder.faults.append(
        ('"score" IS NOT NULL AND coalesce(scale_low >= scale_high, true)', "bad-scale", source, shown)
    )
    builder.faults.append(('"score" < scale_low OR "score" > scale_high', "out-of-scale", source, shown))
