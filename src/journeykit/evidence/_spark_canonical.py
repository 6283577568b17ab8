"""From a Spark DataFrame to a canonical event log: the same mapping, typing and rejecting as in DuckDB, as one lazy plan.

One job counts what came in, what is kept and why the rest is not; nothing but those figures comes to the driver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import field, frozen, mutable

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence._columns import mapping_of
from journeykit.evidence._observing import checked_observed
from journeykit.evidence._spark_plan import CODE, NAIVE, TIME, SparkPlan, spark_plan
from journeykit.evidence._spark_rejects import SparkRejects
from journeykit.evidence._staging import MESSAGES
from journeykit.evidence._times import checked_zone
from journeykit.evidence.engines.duckdb import Database
from journeykit.evidence.engines.spark import SparkTable, spark_functions
from journeykit.evidence.report import ImportReport
from journeykit.evidence.sources import RawTable
from journeykit.evidence.tables import EventLog
from journeykit.problems import Address, Problem

__all__ = ["events_on_spark"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_IN_FULL = 1_000
_NO_PLACE = (
    "the rows lie on Spark and have no numbers, so problems name no record; events of one time are ordered by "
    "order where there is one, then by name"
)


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

    With ``on_duplicate="keep"`` exact copies are counted when the report is asked for them first: that moves every row.
    """
    database = Database()  # a name, or its connection would be closed at once
    zone = checked_zone(tz if tz is not None else raw.tz, database.connection)
    mapping = mapping_of(raw, "events", columns, spark.columns)
    plan = spark_plan(raw, spark.columns, mapping, columns, tz=zone, time_format=time_format)
    name = source or raw.files[0]
    found = _counted(plan.staged(spark.frame))
    if zone is None and found.naive:
        raise EvidenceError([_naive(found, mapping["time"], name)])
    copies = _copies(plan, spark, found, on_duplicate)
    if on_duplicate == "raise" and (count := _count(copies)):
        raise EvidenceError([_refused(count, name)])
    frame, dropped = spark.frame, 0
    if on_duplicate == "drop":
        frame, dropped = frame.dropDuplicates(), _count(copies)
    table = SparkTable(plan.kept(frame, trusted=not found.rejections), found.kept - dropped)
    rejects = SparkRejects(staged=plan.staged(spark.frame), kept=table.frame, name=name, copies=dropped)
    counts = {**found.rejections, **({"duplicate": dropped} if dropped else {})}
    report = ImportReport(
        source=name,
        format=format,
        kind="events",
        files=raw.files,
        rows_in=len(table) + sum(counts.values()),
        rows_kept=len(table),
        rows_rejected=sum(counts.values()),
        rejections=dict(sorted(counts.items())),
        problems=rejects.first(_IN_FULL) if counts else (),
        duplicates=copies,
        notes=(*raw.notes, *plan.notes, _NO_PLACE),
    )
    return EventLog(table, report, checked_observed(found.last, observed_until), rejects=rejects)


@frozen(kw_only=True)
class _Counts:
    """What one job says of all rows: those kept, the others by code, the last time kept, and times without a zone."""

    kept: int
    rejections: Mapping[str, int]
    last: datetime | None
    readable: int
    naive: int


def _counted(staged: Any) -> _Counts:
    f = spark_functions()
    figures = [
        f.count(f.lit(1)),
        f.max(TIME),
        f.count(TIME),
        f.count(f.when(f.col(NAIVE), True)),
    ]
    rows = [tuple(row) for row in staged.groupBy(CODE).agg(*figures).collect()]
    counts = {row[0]: row[1] for row in rows}
    last = next((row[2] for row in rows if row[0] is None), None)
    return _Counts(
        kept=counts.pop(None, 0),
        rejections=counts,
        last=None if last is None else _EPOCH + last * timedelta(microseconds=1),
        readable=sum(row[3] for row in rows),
        naive=sum(row[4] for row in rows),
    )


@mutable(eq=False)
class _Copies:
    """The number of surplus copies among the rows that are kept, counted by a job when it is asked for first."""

    plan: SparkPlan
    spark: SparkTable
    counts: _Counts
    known: int | None = field(default=None, init=False)

    def __call__(self) -> int:
        if self.known is None:
            different = self.plan.kept(self.spark.frame.dropDuplicates(), trusted=not self.counts.rejections)
            self.known = self.counts.kept - int(different.count())
        return self.known


def _copies(plan: SparkPlan, spark: SparkTable, counts: _Counts, on_duplicate: str) -> int | _Copies:
    maps = [name for name, kind in spark.columns.items() if kind.startswith("MAP")]
    if not maps:
        return _Copies(plan, spark, counts)
    listed = ", ".join(map(repr, maps))
    if on_duplicate != "keep":
        raise ArgumentError(
            f"on_duplicate=: Spark cannot compare maps, and {listed} holds some; "
            'leave them out of the frame, or say on_duplicate="keep"'
        )
    plan.notes.append(f"exact copies are not counted: Spark cannot compare maps, and {listed} holds some")
    return 0


def _count(copies: int | _Copies) -> int:
    return copies if isinstance(copies, int) else copies()


def _naive(found: _Counts, column: str, name: str) -> Problem:
    what = "times carry no zone" if found.naive == found.readable else "times carry no zone while the others do"
    return Problem(
        code="naive-time",
        message=f"{found.naive:,} of {found.readable:,} {what}",
        address=Address(file=name, field=column),
        hint='say in which zone they are: tz="Europe/Berlin", or tz="UTC"',
    )


def _refused(count: int, name: str) -> Problem:
    return Problem(
        code="duplicate",
        message=f"{MESSAGES['duplicate']} ({count:,} in all)",
        address=Address(file=name),
        hint='say on_duplicate="keep" or "drop"',
    )
