"""From the raw table of an importer to a canonical one: mapped, typed, rejected with reasons, reported.

What every reader of evidence may rely on: the rows that came in are the rows kept plus the rows rejected; a rejected row has
one code, its first fault; nothing is guessed, clipped or filled in without a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Literal, overload

import attrs
import duckdb

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence._columns import joined_columns, mapping_of
from journeykit.evidence._observing import checked_observed
from journeykit.evidence._row_advice import row_advice
from journeykit.evidence._spark_canonical import events_on_spark
from journeykit.evidence._staging import HINTS, MESSAGES, Constants, Plan, plan_of
from journeykit.evidence._times import checked_zone
from journeykit.evidence.engines.duckdb import DuckTable, column_list, identifier, room
from journeykit.evidence.engines.spark import SparkTable
from journeykit.evidence.report import ImportReport
from journeykit.evidence.sources import Kind, RawTable
from journeykit.evidence.tables import Customers, EventLog, Feedback, Metrics, Rejects
from journeykit.problems import Address, Problem
from journeykit.results.redacting import redacted

__all__ = ["OnDuplicate", "canonical"]

OnDuplicate = Literal["keep", "drop", "raise"]
_IN_FULL = 1_000
# Longer than what is quoted, so that an address is whole when it is redacted.
_SHOWN = 400
_STAGE = "canonical_rows"
_REJECTED = "rejected_rows"
# From so many rows on a table that can be read again is not copied: its canonical rows are a view on it.
_LARGE = 1_000_000


@overload
def canonical(
    raw: RawTable,
    kind: Literal["events"],
    columns: Mapping[str, str | Sequence[str] | None] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
    observed_until: datetime | None = None,
    *,
    format: str = "",
    source: str | None = None,
) -> EventLog: ...
@overload
def canonical(
    raw: RawTable,
    kind: Literal["feedback"],
    columns: Mapping[str, str | None] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
    *,
    format: str = "",
    source: str | None = None,
    feedback_kind: str | None = None,
    scale: tuple[float, float] | None = None,
    about: str | None = None,
) -> Feedback: ...
@overload
def canonical(
    raw: RawTable,
    kind: Literal["metrics"],
    columns: Mapping[str, str | None] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
    *,
    format: str = "",
    source: str | None = None,
) -> Metrics: ...
@overload
def canonical(
    raw: RawTable,
    kind: Literal["customers"],
    columns: Mapping[str, str | None] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
    *,
    format: str = "",
    source: str | None = None,
) -> Customers: ...
def canonical(
    raw: RawTable,
    kind: Kind,
    columns: Mapping[str, str | Sequence[str] | None] | None = None,
    tz: str | None = None,
    time_format: str | None = None,
    on_duplicate: OnDuplicate = "keep",
    observed_until: datetime | None = None,
    *,
    format: str = "",
    source: str | None = None,
    feedback_kind: str | None = None,
    scale: tuple[float, float] | None = None,
    about: str | None = None,
) -> EventLog | Feedback | Metrics | Customers:
    """The canonical table of this kind, with its report. The raw table is used up when this succeeds.

    ``columns`` maps canonical names to columns of the source (``{"customer": "user_id"}``; None leaves a canonical column
    out, ``{"value": None}``; an event may be made of several, ``{"event": ["stage", "action"]}``, joined by " / ", a missing
    part left out); then the importer's own mapping counts, then columns that already have a canonical name.
    ``tz`` is the zone of times that carry none (``"Europe/Berlin"``); without it such times are an error. ``time_format``
    reads times by strptime codes. ``on_duplicate`` says what becomes of exact copies of a row: kept, dropped (that is,
    rejected with code ``duplicate``), or an error; they are counted in any case. ``observed_until`` (events; aware) is how
    far the log was watched, by default its last time.

    For feedback, ``feedback_kind`` (nps, csat, ces, rating, comment, other), ``scale`` ``(low, high)`` and ``about`` (an
    event, touchpoint id or channel) hold for every row where no column says otherwise. Without a kind, rows with a score
    are ratings and others comments. Only NPS has a scale of its own (0 to 10); other scores need one.

    ``format`` and ``source`` name where the rows came from, for the report. Raises `ArgumentError` for arguments without
    meaning and `EvidenceError` for a source that cannot be this kind of evidence.
    """
    if on_duplicate not in {"keep", "drop", "raise"}:
        raise ArgumentError(f'on_duplicate={on_duplicate!r} is none of "keep", "drop" and "raise"')
    table_or_frame: object = raw.table
    if isinstance(table_or_frame, SparkTable):
        if kind != "events":
            raise ArgumentError(
                f"{kind} are not read from Spark, only events are; bring them here, for example with .toPandas()"
            )
        return events_on_spark(
            raw, table_or_frame, columns, tz, time_format, on_duplicate, observed_until, format=format, source=source
        )
    cursor = raw.table.cursor()
    constants = Constants(feedback_kind=feedback_kind, scale=scale, about=about)
    zone = checked_zone(tz if tz is not None else raw.tz, cursor)
    name = source or (raw.files[0] if raw.files else "<table>")
    mapping = mapping_of(raw, kind, columns, raw.table.columns, zone)
    joined = joined_columns(columns)
    plan = plan_of(
        raw, kind, mapping, tz=zone, time_format=time_format, constants=constants, source=name, joined=joined
    )
    in_place = raw.in_place and raw.rows_in >= _LARGE and on_duplicate != "drop"
    with room(raw.table):
        _stage(raw, plan, cursor, in_place=in_place)
        _check_zones(raw, plan, zone, cursor)
        duplicates: int | Callable[[], int] = _Later(raw)
        if not in_place or on_duplicate != "keep":
            duplicates = _duplicates(raw, cursor, on_duplicate)
        table = _finish(raw, plan, kind, cursor, in_place=in_place)
    rejects = _rejects(raw, table, cursor, zone, mapping.get("value") if kind == "events" else None)
    counts = _reasons(raw, cursor)
    notes = [*raw.notes, *plan.notes]
    if tz is None and raw.tz is not None and plan.naive not in {None, "false"}:
        notes.append(f"times without a zone are in {raw.tz}, as the source says")
    report = ImportReport(
        source=name,
        format=format,
        kind=kind,
        files=raw.files,
        rows_in=raw.rows_in,
        rows_kept=len(table),
        rows_rejected=sum(counts.values()),
        rejections=dict(sorted(counts.items())),
        problems=tuple(islice(rejects, _IN_FULL)),
        duplicates=duplicates,
        notes=tuple(notes),
    )
    if kind == "events":
        clean = plan.latest if in_place and not sum(counts.values()) else None
        last = _last(raw.table if clean else table, cursor, clean or 'max("time")')
        return EventLog(table, report, checked_observed(last, observed_until), rejects=rejects)
    if kind == "feedback":
        return Feedback(table, report, rejects=rejects)
    return (Metrics if kind == "metrics" else Customers)(table, report, rejects=rejects)


def _reasons(raw: RawTable, cursor: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many rows were rejected, by the code of the reason: by the importer, and here."""
    codes = [problem.code for problem in raw.problems]
    counts = {code: codes.count(code) for code in dict.fromkeys(codes)}
    query = f"SELECT code, count(*) FROM {_REJECTED} GROUP BY code ORDER BY code"  # noqa: S608
    for code, number in cursor.execute(query).fetchall():
        counts[code] = counts.get(code, 0) + number
    return counts


def _stage(raw: RawTable, plan: Plan, cursor: duckdb.DuckDBPyConnection, *, in_place: bool) -> None:
    """Write the typed rows, or only how they are made; each has the code, column and shown value of its first fault."""
    inner = ", ".join(f"{value} AS {identifier(name)}" for name, value in plan.inner)
    have = {name for name, _ in plan.inner}
    keep = [*plan.columns, *(name for name in ("_file", "_record", "_line", "_part") if name in have)]
    cases = {"_code": "", "_field": "", "_shown": ""}
    if raw.rejecting is not None:
        cases["_code"] += " WHEN _rejecting IS NOT NULL THEN _rejecting"
        cases["_field"] += " WHEN _rejecting IS NOT NULL THEN NULL"
        cases["_shown"] += " WHEN _rejecting IS NOT NULL THEN NULL"
    for condition, code, column, shown in plan.faults:
        cases["_code"] += f" WHEN {condition} THEN {_quoted(code)}"
        cases["_field"] += f" WHEN {condition} THEN {_quoted(column)}"
        cases["_shown"] += f" WHEN {condition} THEN left({shown}, {_SHOWN})"
    faults = ", ".join(
        f"{'CASE' + text + ' END' if text else 'CAST(NULL AS VARCHAR)'} AS {n}" for n, text in cases.items()
    )
    naive = f"{plan.naive} AS _naive" if plan.naive else "false AS _naive"
    whole = _whole_row(raw)
    query = (
        f"CREATE OR REPLACE {'VIEW' if in_place else 'TABLE'} {_STAGE} AS "  # noqa: S608
        f"SELECT {column_list(keep)}, _naive, _hash, {faults} FROM "
        f"(SELECT {inner}, {naive}, hash({column_list(whole)}) AS _hash FROM {identifier(raw.table.name)})"
    )
    try:
        cursor.execute(query)
    except duckdb.Error as err:
        if unknown := re.search(r"Unrecognized format for strftime/strptime: (\S+)", str(err)):
            raise ArgumentError(
                f"time_format= has no code {unknown[1]}; there are those of strptime, such as %Y %m %d %H %M %S %z"
            ) from err
        # DuckDB quotes the cell it stumbled over.
        first = re.sub(r"'[^']*'", "'…'", redacted(str(err).splitlines()[0]))
        address = Address(file=raw.files[0] if raw.files else None)
        hint = "is the file whole, and is time_format= right if you gave one?"
        raise EvidenceError(
            [Problem(code="unreadable", message=f"cannot be read: {first}", address=address, hint=hint)]
        ) from err


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _whole_row(raw: RawTable) -> list[str]:
    """The columns by which two rows are exact copies of each other."""
    own = {"_file", "_record", "_line"}
    return [name for name in raw.table.columns if name not in own and name != raw.rejecting]


def _check_zones(raw: RawTable, plan: Plan, zone: str | None, cursor: duckdb.DuckDBPyConnection) -> None:
    if zone is not None or plan.naive in {None, "false"}:
        return
    query = f'SELECT count(*) FILTER (WHERE _naive), count("time") FROM {_STAGE}'  # noqa: S608
    naive, readable = cursor.execute(query).fetchall()[0]
    if not naive:
        return
    line = ", _line" if "_line" in raw.table.columns else ", NULL"
    first = f"SELECT _file, _record{line} FROM {_STAGE} WHERE _naive ORDER BY _file, _record LIMIT 1"  # noqa: S608
    ((index, record, number),) = cursor.execute(first).fetchall()
    what = "times carry no zone" if naive == readable else "times carry no zone while the others do"
    file = raw.files[index] if index is not None and index < len(raw.files) else None
    problem = Problem(
        code="naive-time",
        message=f"{naive:,} of {readable:,} {what}, this is the first",
        address=Address(file=file, line=number, record=record, field=plan.time_source),
        hint='say in which zone they are: tz="Europe/Berlin", or tz="UTC"',
    )
    kind = cursor.execute("SELECT table_type FROM information_schema.tables WHERE table_name = ?", [_STAGE]).fetchall()
    cursor.execute(f"DROP {'VIEW' if kind == [('VIEW',)] else 'TABLE'} {_STAGE}")
    raise EvidenceError([problem])


class _Later:
    """The number of surplus copies, counted when it is asked for: it decides nothing and costs as much as all the rest."""

    def __init__(self, raw: RawTable) -> None:
        self._raw = raw
        self._found: int | None = None

    def __call__(self) -> int:
        if self._found is None:
            with room(self._raw.table):
                self._found = _duplicates(self._raw, self._raw.table.cursor(), "keep")
        return self._found


def _duplicates(raw: RawTable, cursor: duckdb.DuckDBPyConnection, on_duplicate: OnDuplicate) -> int:
    """Count the surplus copies among the rows without fault and mark, keep or refuse them."""
    # Equal rows have equal hashes, so only rows that share one are compared in full, which is exact and cheap.
    different = f"SELECT count(_hash) = count(DISTINCT _hash) FROM {_STAGE}"  # noqa: S608
    if cursor.execute(different).fetchall() == [(True,)]:
        return 0
    candidates = f"SELECT _hash FROM {_STAGE} WHERE _code IS NULL GROUP BY _hash HAVING count(*) > 1"  # noqa: S608
    if not cursor.execute(f"SELECT 1 FROM ({candidates}) LIMIT 1").fetchall():  # noqa: S608
        return 0
    place = ["_file", "_record", *(["_part"] if "_part" in raw.table.columns else [])]
    whole = column_list(_whole_row(raw))
    places = column_list(place)
    # What a reader finds in an editor is the line; Parquet and frames have none.
    read = ", _line" if "_line" in raw.table.columns else ", CAST(NULL AS BIGINT) AS _line"
    valid = f"SELECT {places} FROM {_STAGE} WHERE _code IS NULL AND _hash IN ({candidates})"  # noqa: S608
    numbered = (
        f"SELECT {places}{read}, row_number() OVER (PARTITION BY {whole} ORDER BY {places}) AS copy"  # noqa: S608
        f" FROM {identifier(raw.table.name)} WHERE ({places}) IN ({valid})"
    )
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE copies AS SELECT {places}, _line FROM ({numbered}) WHERE copy > 1")  # noqa: S608
    count = int(cursor.execute("SELECT count(*) FROM copies").fetchall()[0][0])
    if on_duplicate == "drop":
        match = " AND ".join(f"{_STAGE}.{identifier(name)} = copies.{identifier(name)}" for name in place)
        cursor.execute(f"UPDATE {_STAGE} SET _code = 'duplicate' FROM copies WHERE {match}")  # noqa: S608
    if on_duplicate == "raise" and count:
        listed = f"SELECT _file, _record, _line FROM copies ORDER BY {places} LIMIT {_IN_FULL}"  # noqa: S608
        rows = cursor.execute(listed).fetchall()
        problems = [
            Problem(
                code="duplicate",
                message=f"{MESSAGES['duplicate']} ({count:,} in all)" if not i else MESSAGES["duplicate"],
                address=Address(file=raw.files[file] if file < len(raw.files) else None, line=line, record=record),
                hint='say on_duplicate="keep" or "drop"' if not i else None,
            )
            for i, (file, record, line) in enumerate(rows)
        ]
        raise EvidenceError(problems)
    return count


def _finish(raw: RawTable, plan: Plan, kind: Kind, cursor: duckdb.DuckDBPyConnection, *, in_place: bool) -> DuckTable:
    """The views that are the result, over the one table of staged rows; what the import needed only on the way goes."""
    if in_place:
        return _finish_in_place(raw, plan, kind, cursor)
    if raw.table.database is not None:
        keep = {_STAGE, kind, _REJECTED}
        for (view,) in cursor.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall():
            if view not in keep:
                cursor.execute(f"DROP VIEW {identifier(view)}")
        for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            if table not in keep:
                cursor.execute(f"DROP TABLE {identifier(table)}")
    columns = column_list([*plan.columns, "_file", "_record"])
    kept = f"SELECT {columns} FROM {_STAGE} WHERE _code IS NULL"  # noqa: S608
    cursor.execute(f"CREATE OR REPLACE VIEW {identifier(kind)} AS {kept}")
    cursor.execute(f"CREATE OR REPLACE VIEW {_REJECTED} AS {_rejected_rows(plan)}")
    return DuckTable(raw.table.connection, kind, database=raw.table.database)


def _finish_in_place(raw: RawTable, plan: Plan, kind: Kind, cursor: duckdb.DuckDBPyConnection) -> DuckTable:
    """A view on the source, and the rejected rows; where there are none, the view asks no row for its faults any more."""
    # Counted first: the rejected rows also show what was in them, which is dear to write for all.
    some = 0
    if _suspicious(raw, plan, cursor):
        ((some,),) = cursor.execute(f"SELECT count(_code) FROM {_STAGE}").fetchall()  # noqa: S608
    limit = "" if some else " LIMIT 0"
    cursor.execute(f"CREATE OR REPLACE TABLE {_REJECTED} AS {_rejected_rows(plan)}{limit}")
    columns = column_list([*plan.columns, "_file", "_record"])
    kept = f"SELECT {columns} FROM {_STAGE} WHERE _code IS NULL"  # noqa: S608
    if not some:
        values = {name: plan.trusted.get(name, value) for name, value in plan.inner}
        named = ", ".join(f"{values[name]} AS {identifier(name)}" for name in (*plan.columns, "_file", "_record"))
        kept = f"SELECT {named} FROM {identifier(raw.table.name)}"  # noqa: S608
    cursor.execute(f"CREATE OR REPLACE VIEW {identifier(kind)} AS {kept}")
    return attrs.evolve(raw.table, name=kind)


def _suspicious(raw: RawTable, plan: Plan, cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether some row may have a fault."""
    if plan.suspects is None:
        return True
    # One by one: what the engine knows of its blocks of rows answers a single comparison, seldom several at once.
    asked = (f"SELECT 1 FROM {identifier(raw.table.name)} WHERE {condition} LIMIT 1" for condition in plan.suspects)  # noqa: S608
    return any(cursor.execute(query).fetchall() for query in asked)


def _rejected_rows(plan: Plan) -> str:
    line = "_line" if "_line" in dict(plan.inner) else "CAST(NULL AS BIGINT)"
    owner = "customer" if "customer" in plan.columns else "CAST(NULL AS VARCHAR)"
    return (
        f'SELECT _code AS code, _field AS field, _shown AS shown, _file AS "file", _record AS record, {line} AS line,'  # noqa: S608
        f" {owner} AS owner FROM {_STAGE} WHERE _code IS NOT NULL"
    )


def _rejects(
    raw: RawTable, kept: DuckTable, cursor: duckdb.DuckDBPyConnection, zone: str | None, amount: str | None
) -> Rejects:
    some = cursor.execute(f"SELECT 1 FROM {_REJECTED} LIMIT 1").fetchall()  # noqa: S608
    table = DuckTable(raw.table.connection, _REJECTED, database=raw.table.database) if some else None
    messages = {**MESSAGES, **raw.reasons}
    hints = row_advice(cursor, _REJECTED, kept=len(kept), zone=zone, amount=amount) if some else HINTS
    return Rejects(unread=raw.problems, table=table, people=kept, files=raw.files, messages=messages, hints=hints)


def _last(table: DuckTable, cursor: duckdb.DuckDBPyConnection, last_time: str) -> datetime | None:
    last = cursor.execute(f"SELECT {last_time} FROM {identifier(table.name)}").fetchall()[0][0]  # noqa: S608
    return None if last is None else last.replace(tzinfo=UTC)
