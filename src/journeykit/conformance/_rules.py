"""The map's rules, held against the columns and rows of a log: which cannot be asked, and which are asked in vain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from journeykit.conformance._wording import found, meant
from journeykit.evidence import EventLog, Evidence
from journeykit.evidence.engines.duckdb import identifier
from journeykit.evidence.engines.spark import SparkTable, quoted, spark_functions
from journeykit.model import Condition, Journey, Match
from journeykit.results import Finding
from journeykit.results.findings import Severity

if TYPE_CHECKING:
    import duckdb

_KINDS = {"unknown-column": "column-missing", "rule-type": "type-mismatch"}


def rule_faults(journey: Journey, columns: Mapping[str, str]) -> Iterator[Finding]:
    """Every reason why a rule of a touchpoint or of the outcome cannot be asked of a log with these columns."""
    rules: list[tuple[str, Match | None]] = [
        (f"stages[{i}].touchpoints[{j}].match", touchpoint.match)
        for i, stage in enumerate(journey.stages)
        for j, touchpoint in enumerate(stage.touchpoints)
    ]
    if journey.outcome is not None:
        rules += [("outcome.success", journey.outcome.success), ("outcome.abandon", journey.outcome.abandon)]
    for path, rule in rules:
        if rule is not None:
            yield from _faults(rule, columns, path, "rule")


def segment_faults(journey: Journey, evidence: Evidence) -> Iterator[Finding]:
    """Every persona whose segment can be asked neither of the customers nor of the events."""
    tables = [table.columns for table in (evidence.customers, evidence.events) if table is not None]
    for i, persona in enumerate(journey.personas):
        if persona.segment is None or not tables:
            continue
        wrong = [list(_faults(persona.segment, columns, f"personas[{i}].segment", "segment")) for columns in tables]
        if all(wrong):
            yield from wrong[-1]


def _faults(rule: Match, columns: Mapping[str, str], path: str, what: Literal["rule", "segment"]) -> Iterator[Finding]:
    # A map without a log needs no rules and no Narwhals.
    from journeykit.evidence.matching import faults  # noqa: PLC0415

    for problem in faults(rule, columns, path):
        if problem.code == "unknown-column":
            advice = "name a column that is there, or map a column of the source to that name when reading it"
        else:
            advice = "use a test that fits the column's type"
        next_step = f"{problem.hint} {advice}" if problem.hint else advice
        # A segment picks customers for later; a touchpoint's rule decides every count.
        severity: Severity = "error" if what == "rule" else "warning"
        yield found(
            f"{what}-{_KINDS[problem.code]}", severity, problem.address.path or path, problem.message, next_step
        )


def case_faults(journey: Journey, events: EventLog) -> Iterator[Finding]:
    """Why the log cannot be cut into the journey's cases."""
    case, columns = journey.case, events.columns
    if case not in columns:
        hint = meant(case, columns)
        more = "; journeykit.measures.sessionize(events) makes sessions" if case == "session" else ""
        yield found(
            "case-column-missing",
            "error",
            "case",
            f"one journey is a {case!r}, but the events have no such column; they have {', '.join(map(repr, columns))}",
            f"{hint} map a column of the source to {case!r} when reading it, or count by another case{more}".strip(),
        )
        return
    missing = _without(events, case)
    if missing:
        yield found(
            "case-column-empty",
            "error",
            "case",
            f"{missing:,} of {len(events):,} events have no {case!r} and belong to no journey",
            "fill the column, leave those events out of the source, or count by another case",
        )


def _without(events: EventLog, case: str) -> int:
    """How many events have nothing in the column."""
    if isinstance(events.table, SparkTable):
        return int(events.table.frame.where(spark_functions().col(quoted(case)).isNull()).count())
    query = f"SELECT count(*) FROM {identifier(events.table.name)} WHERE {identifier(case)} IS NULL"  # noqa: S608
    ((missing,),) = events.table.cursor().execute(query).fetchall()
    return int(missing)


def shadows(journey: Journey, events: EventLog, unseen: list[str]) -> dict[str, dict[str, int]]:
    """Of each touchpoint in ``unseen``, the rows its own rule matches by the touchpoint that claims them; one scan.

    Ids are in map order; a touchpoint whose rule matches nothing has no entry.
    """
    import narwhals as nw  # noqa: PLC0415

    from journeykit.evidence.matching import claims, forget_engine, touchpoint_code  # noqa: PLC0415

    columns = events.columns
    rules = {t.id: t.match for t in journey.touchpoints() if t.match is not None and t.id in unseen}
    if not rules:
        return {}
    flags = {f"_jk_r{i}": claims(rule, columns) for i, rule in enumerate(rules.values())}
    flags["_jk_code"] = touchpoint_code(journey, columns)
    if isinstance(events.table, SparkTable):
        counts = _summed_on_spark(nw.from_native(events.table.frame).with_columns(**flags).to_native(), len(rules))
    else:
        cursor = events.table.cursor()
        try:
            rows: duckdb.DuckDBPyRelation = (
                nw.from_native(events.table.relation(cursor)).with_columns(**flags).to_native()
            )
            sums = ", ".join(f"count_if(_jk_r{i})" for i in range(len(rules)))
            counts = rows.aggregate(f"_jk_code, {sums}", "_jk_code").order("_jk_code").fetchall()
        finally:
            cursor.close()
            forget_engine()
    ids = [touchpoint.id for touchpoint in journey.touchpoints()]
    matched = {
        id: {ids[row[0]]: row[i] for row in counts if row[0] >= 0 and row[i]} for i, id in enumerate(rules, start=1)
    }
    return {id: takers for id, takers in matched.items() if takers}


def _summed_on_spark(rows: Any, rules: int) -> list[tuple[int, ...]]:
    f = spark_functions()
    sums = [f.count(f.when(f.col(f"_jk_r{i}"), True)) for i in range(rules)]
    return sorted(tuple(map(int, row)) for row in rows.groupBy("_jk_code").agg(*sums).collect())


def named_events(rule: Match) -> list[str]:
    """The event names that a rule asks for by name, in its order."""
    if rule.any:
        return [name for part in rule.any for name in named_events(part)]
    return _names(rule.event) if rule.event is not None else []


def _names(test: Condition) -> list[str]:
    match test.op:
        case "eq":
            return [str(test.value)]
        case "in":
            return [str(value) for value in test.value]
        case "any":
            return [name for part in test.value for name in _names(part)]
        case _:
            return []
