"""From a Spark DataFrame to a canonical event log: the same mapping, typing and rejecting as in DuckDB, as one lazy plan.

One job counts what came in, what is kept and why the rest is not; nothing but those figures comes to the driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import field, frozen

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence._columns import CANONICAL, Canonical, hidden_columns, joined_columns, mapping_of
from journeykit.evidence._observing import checked_observed
from journeykit.evidence._spark_values import as_time, integer_of, name_of, number_of, present, time_of
from journeykit.evidence._staging import HINTS, MESSAGES
from journeykit.evidence._times import checked_zone
from journeykit.evidence._values import is_scalar
from journeykit.evidence.engines.duckdb import Database
from journeykit.evidence.engines.spark import SparkTable, quoted, spark_functions
from journeykit.evidence.reading.loading import unique_names
from journeykit.evidence.report import ImportReport
from journeykit.evidence.sources import RawTable
from journeykit.evidence.tables import EventLog, Rejects, quotation
from journeykit.problems import Address, Problem

__all__ = ["events_on_spark"]

Column = Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CODE, _FIELD, _SHOWN, _NAIVE, _TIME = "_jk_code", "_jk_field", "_jk_shown", "_jk_naive", "_jk_time"
_KNOWN = "_jk_known"
_OWN = (_CODE, _FIELD, _SHOWN, _NAIVE, _TIME)
_IN_FULL = 1_000
# Longer than what is quoted, so that an address is whole when it is redacted.
_LONGEST_SHOWN = 400
_NO_PLACE = (
    "the rows lie on Spark and have no numbers, so problems name no record; events of one time are ordered by "
    "order where there is one, then by name"
)


@frozen(kw_only=True)
class SparkRejects(Rejects):
    """The rejected rows, fetched from Spark one partition after the other when they are asked for."""

    frame: Any = field(repr=False)
    kept: Any = field(repr=False)
    name: str
    copies: int = 0

    def __iter__(self) -> Iterator[Problem]:
        yield from self._told(self._flagged(self.frame).toLocalIterator())
        for _ in range(self.copies):
            yield Problem(code="duplicate", message=MESSAGES["duplicate"], address=Address(file=self.name))

    def first(self, count: int) -> tuple[Problem, ...]:
        """At most as many of them, the same ones every time."""
        some = self.frame.orderBy(_CODE, _FIELD, _SHOWN).limit(count)
        found = list(self._told(self._flagged(some).orderBy(_CODE, _FIELD, _SHOWN).collect()))
        copy = Problem(code="duplicate", message=MESSAGES["duplicate"], address=Address(file=self.name))
        return (*found, *[copy] * min(self.copies, count - len(found)))

    def _flagged(self, rows: Any) -> Any:
        """The rows, each with what it shows once more where that is the id of somebody: columns that slipped put ids anywhere."""
        f = spark_functions()
        people = self.kept.select(f.col("customer").alias(_KNOWN)).distinct()
        return rows.join(people, f.col(_SHOWN) == f.col(_KNOWN), "left")

    def _told(self, rows: Any) -> Iterator[Problem]:
        for code, column, shown, known in rows:
            message = MESSAGES[code].replace("{value}", quotation(shown, code, () if known is None else (known,)))
            yield Problem(
                code=code, message=message, address=Address(file=self.name, field=column), hint=HINTS.get(code)
            )


@frozen
class _Plan:
    """The columns of the canonical table, and the faults of a row in the order in which they count."""

    raw: RawTable
    types: Mapping[str, str]
    made: dict[str, Column] = field(factory=dict)
    faults: list[tuple[Column, str, str, Column]] = field(factory=list)
    notes: list[str] = field(factory=list)
    naive: list[Column] = field(factory=list)
    micros: list[Column] = field(factory=list)

    def add(self, column: Canonical, sources: Sequence[str], shown: str, tz: str | None, pattern: str | None) -> None:
        f = spark_functions()
        cells = [(f.col(quoted(source)), self._scalar(source, column)) for source in sources]
        cell, kind = cells[0]
        if len(cells) > 1:
            joined = f.concat_ws(" / ", *(name_of(*part) for part in cells))
            cell, kind = f.when(joined != "", joined), "VARCHAR"
        there = present(cell, kind)
        if column.required:
            self.faults.append((~there, f"missing-{column.name}", shown, f.lit(None).cast("string")))
        code = {"time": "bad-time", "number": "bad-number", "integer": "bad-integer"}.get(column.type)
        if column.type == "time":
            reading = time_of(cell, kind, tz=tz, time_format=pattern)
            self.naive.append(reading.naive)
            self.micros.append(reading.utc)
            value = as_time(reading.utc)
        elif column.type == "number":
            value = number_of(cell, kind)
        elif column.type == "integer":
            value = integer_of(cell, kind)
        else:
            value = name_of(cell, kind, verbatim=column.type == "verbatim")
        self.made[column.name] = value
        if code is not None:
            cut = f.substring(cell.cast("string"), 1, _LONGEST_SHOWN)
            self.faults.append((there & value.isNull(), code, shown, cut))

    def _scalar(self, source: str, column: Canonical) -> str:
        kind = self.types[source]
        if not is_scalar(kind):
            message = f'"{source}" is of type {kind[:60]} and cannot be {column.name}'
            address = Address(file=self.raw.files[0], field=source)
            raise EvidenceError([Problem(code="wrong-type", message=message, address=address, hint="flatten it first")])
        return kind

    def attributes(self, used: Sequence[str]) -> None:
        """Every other column under its own name."""
        f = spark_functions()
        canonical = {column.name for column in CANONICAL["events"]}
        seen = [*self.made, *_OWN]
        for name in self.types:
            if name in used or name in hidden_columns(self.raw):
                continue
            # The caller took this name from the column (columns={"value": None}): it must not look canonical.
            taken = [*seen, name] if name in canonical and name not in seen else seen
            (wanted,), _ = unique_names([name], taken=taken)
            if wanted != name:
                self.notes.append(
                    f'column "{name}" is kept as "{wanted}": the name is that of a canonical or reserved column'
                )
            seen.append(wanted)
            self.made[wanted] = f.col(quoted(name))

    def staged(self, frame: Any) -> Any:
        """Every row of the raw frame with its values, and the code, column and shown value of its first fault."""
        f = spark_functions()
        first: list[Column] = [f.lit(None).cast("string")] * 3
        for condition, code, column, shown in reversed(self.faults):
            values = (f.lit(code), f.lit(column), shown)
            first = [f.when(condition, new).otherwise(old) for new, old in zip(values, first, strict=True)]
        own = zip(_OWN, (*first, *self.naive, *self.micros), strict=True)
        return frame.select(*(column.alias(name) for name, column in (*self.made.items(), *own)))


def events_on_spark(
    raw: RawTable,
    spark: SparkTable,
    columns: Mapping[str, str | Sequence[str] | None] | None,
    tz: str | None,
    time_format: str | None,
    on_duplicate: str,
    observed_until: datetime | None,
    *,
    format: str,
    source: str | None,
) -> EventLog:
    """The event log of a raw table on Spark; arguments and errors are those of `journeykit.evidence.canonical.canonical`.

    Exact copies of a row are counted only where ``on_duplicate`` is ``drop`` or ``raise``: on Spark that moves every row.
    """
    database = Database()  # a name, or its connection would be closed at once
    zone = checked_zone(tz if tz is not None else raw.tz, database.connection)
    mapping = mapping_of(raw, "events", columns, spark.columns)
    joined = joined_columns(columns)
    plan = _Plan(raw, spark.columns)
    for column in CANONICAL["events"]:
        if (shown := mapping.get(column.name)) is not None:
            plan.add(column, joined.get(column.name, (shown,)), shown, zone, time_format)
    # The parts of a joined column stay attributes: rules may want them apart.
    plan.attributes([column for name, column in mapping.items() if name not in joined])
    plan.notes.extend(
        f"{name}: made of {' and '.join(map(quoted, parts))}" for name, parts in joined.items() if len(parts) > 1
    )
    staged = plan.staged(spark.frame)
    found = _counted(staged)
    name = source or raw.files[0]
    if zone is None and found.naive:
        raise EvidenceError([_naive(found, mapping["time"], name)])
    valid, kept = staged, found.kept
    if on_duplicate == "keep":
        plan.notes.append('exact copies were not counted, which on Spark moves every row; on_duplicate="drop" does')
    else:
        valid = plan.staged(_distinct(spark))
        kept = _counted(valid).kept
    copies = found.kept - kept
    if on_duplicate == "raise" and copies:
        raise EvidenceError([_copies(copies, name)])
    table = SparkTable(valid.where(_is_kept()).drop(*_OWN), kept)
    refused = staged.where(~_is_kept()).select(_CODE, _FIELD, _SHOWN)
    rejects = SparkRejects(frame=refused, kept=table.frame, name=name, copies=copies)
    counts = {**found.rejections, **({"duplicate": copies} if copies else {})}
    report = ImportReport(
        source=name,
        format=format,
        kind="events",
        files=raw.files,
        rows_in=found.kept + sum(found.rejections.values()),
        rows_kept=kept,
        rows_rejected=sum(counts.values()),
        rejections=dict(sorted(counts.items())),
        problems=rejects.first(_IN_FULL) if counts else (),
        duplicates=copies,
        notes=(*raw.notes, *plan.notes, _NO_PLACE),
    )
    last = None if found.last is None else _EPOCH + found.last * timedelta(microseconds=1)
    return EventLog(table, report, checked_observed(last, observed_until), rejects=rejects)


@frozen(kw_only=True)
class _Counts:
    """What one job says of all rows: those kept, the others by code, the last time in microseconds, and times without a zone."""

    kept: int
    rejections: Mapping[str, int]
    last: int | None
    readable: int
    naive: int


def _counted(staged: Any) -> _Counts:
    f = spark_functions()
    figures = [
        f.count(f.lit(1)),
        f.max(_TIME),
        f.count(_TIME),
        f.count(f.when(f.col(_NAIVE), True)),
    ]
    rows = [tuple(row) for row in staged.groupBy(_CODE).agg(*figures).collect()]
    counts = {row[0]: row[1] for row in rows}
    return _Counts(
        kept=counts.pop(None, 0),
        rejections=counts,
        last=next((row[2] for row in rows if row[0] is None), None),
        readable=sum(row[3] for row in rows),
        naive=sum(row[4] for row in rows),
    )


def _is_kept() -> Column:
    return spark_functions().col(_CODE).isNull()


def _distinct(spark: SparkTable) -> Any:
    if maps := [name for name, kind in spark.columns.items() if kind.startswith("MAP")]:
        raise ArgumentError(
            f"on_duplicate=: Spark cannot compare maps, and {', '.join(map(repr, maps))} holds some; "
            'leave them out of the frame, or say on_duplicate="keep"'
        )
    return spark.frame.dropDuplicates()


def _naive(found: _Counts, column: str, name: str) -> Problem:
    what = "times carry no zone" if found.naive == found.readable else "times carry no zone while the others do"
    return Problem(
        code="naive-time",
        message=f"{found.naive:,} of {found.readable:,} {what}",
        address=Address(file=name, field=column),
        hint='say in which zone they are: tz="Europe/Berlin", or tz="UTC"',
    )


def _copies(count: int, name: str) -> Problem:
    return Problem(
        code="duplicate",
        message=f"{MESSAGES['duplicate']} ({count:,} in all)",
        address=Address(file=name),
        hint='say on_duplicate="keep" or "drop"',
    )
