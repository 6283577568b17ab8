"""From a log to ordered, integer-coded batches: DuckDB codes and sorts (spilling where it must), numpy takes over.

Cases, event names and segments are numbered through dimension tables and exact joins, never through hashes: two customers
cannot merge. Cases have the numbers in which the engine meets them, which may differ from run to run: no figure depends on it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import DuckTable, identifier, room
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures.batches import Batch
from journeykit.model import Journey

if TYPE_CHECKING:
    import duckdb

__all__ = ["Progress", "View", "ordered", "tie_rule"]

Progress = Callable[[int, int], None]
"""Called with the rows counted so far and the rows there are."""

# Large enough that numpy's calls cost nothing a row, small enough for a modest machine.
_ROWS = 1 << 19
# File and record in one number, which is sorted faster than two.
_PLACE = f"r._file::BIGINT * {1 << 40} + r._record"
_CODE, _SUCCESS, _ABANDON = "_jk_code", "_jk_success", "_jk_abandon"


@frozen(kw_only=True)
class View:
    """How to look at a log: what one case is, what its events are called, and into which segments cases fall.

    With a ``journey`` events are called by the touchpoints that claim them and ``case`` defaults to the journey's; without,
    by their own names, and ``case`` defaults to the customer. ``case`` is ``customer``, ``session`` (a session belongs
    to one customer) or a column; ``by`` a column whose value at a case's first event is its segment. ``names`` also codes
    the events' own names, ``keys`` also hands over the cases' names, ``part`` names this log among disjoint ones.
    """

    journey: Journey | None = None
    case: str | None = None
    by: str | None = None
    names: bool = False
    keys: bool = False
    part: str = ""


def tie_rule(events: EventLog) -> str:
    """How events of one case at one time are ordered, in words."""
    rest = "event name" if isinstance(events.table, SparkTable) else "file and record"
    return f"order, then {rest}" if "order" in events.columns else rest


def ordered(
    events: EventLog, view: View, *, rows: int = _ROWS, progress: Progress | None = None
) -> Generator[Batch, None, None]:
    """The log in batches of whole cases (at least one batch, which may be empty).

    Raises `ArgumentError` for a case column the log lacks or leaves empty, for a segment column it lacks, and with every
    fault of the journey's rules.
    """
    columns = events.columns
    keys = case_columns(view, columns)
    _check_cases(events, keys[-1])
    cursor = events.table.cursor()
    try:
        with room(events.table):
            relation = _coded(cursor, events, view, columns, keys)
            yield from _batches(cursor, relation, view, rows, progress)
        # Cases, names and rows are read one after another: a file that changed in between would lose rows silently.
        if isinstance(events.table, DuckTable):
            events.table.check()
    finally:
        cursor.close()


def case_columns(view: View, columns: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that name a case; `ArgumentError` where the log lacks one of them, or the column of the segments."""
    case = view.case or (view.journey.case if view.journey is not None else "customer")
    if case not in columns:
        advice = " Make sessions with journeykit.measures.sessionize(events), or map a column of the source to session."
        more = advice if case == "session" else ""
        raise ArgumentError(f"one case is a {case!r}, but {_no_column(case, columns)}.{more}")
    if view.by is not None and view.by not in columns:
        raise ArgumentError(f"by={view.by!r}: {_no_column(view.by, columns)}")
    return ("customer", "session") if case == "session" else (case,)


def _check_cases(events: EventLog, case: str) -> None:
    query = f"SELECT count(*) FROM {identifier(events.table.name)} WHERE {identifier(case)} IS NULL"  # noqa: S608
    ((missing,),) = events.table.cursor().execute(query).fetchall()
    if missing:
        raise ArgumentError(
            f"{missing:,} of {len(events):,} events have no {case!r} and belong to no case; "
            "fill the column, leave those events out of the source, or count by another case"
        )


def _no_column(name: str, columns: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(name, columns, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    return f"the events have no column {name!r}; they have {', '.join(map(repr, columns))}{hint}"


def _coded(
    cursor: duckdb.DuckDBPyConnection,
    events: EventLog,
    view: View,
    columns: Mapping[str, str],
    keys: tuple[str, ...],
) -> duckdb.DuckDBPyRelation:
    """The ordered, coded rows as a lazy relation of the cursor."""
    table = identifier(events.table.name)
    # Temporary tables belong to this cursor alone, so two threads may count one log.
    cursor.execute(f"""
        CREATE TEMP TABLE _jk_cases AS
        SELECT {_listed(f"{identifier(key)} AS k{i}" for i, key in enumerate(keys))},
            (row_number() OVER () - 1)::UINTEGER AS id
        FROM (SELECT DISTINCT {_listed(map(identifier, keys))} FROM {table})""")  # noqa: S608
    cursor.execute(f"""
        CREATE TEMP TABLE _jk_names AS
        SELECT event, (row_number() OVER (ORDER BY event) - 1)::INTEGER AS id
        FROM (SELECT DISTINCT event FROM {table})""")  # noqa: S608
    if view.by is not None:
        cursor.execute(f"""
            CREATE TEMP TABLE _jk_groups AS
            SELECT value, (row_number() OVER (ORDER BY value) - 1)::INTEGER AS id
            FROM (SELECT DISTINCT {identifier(view.by)}::VARCHAR AS value FROM {table}) WHERE value IS NOT NULL""")  # noqa: S608
    rows = events.table.relation(cursor)
    if view.journey is not None:
        # A rule that reads only the event's name is asked once a name, not once a row.
        if _reads(view.journey) <= {"event"}:
            named = _claimed(cursor.table("_jk_names"), view.journey, {"event": columns["event"]})
            named.query("_jk_named", "CREATE OR REPLACE TEMP TABLE _jk_names AS SELECT * FROM _jk_named")
        else:
            rows = _claimed(rows, view.journey, columns)
    return cast("duckdb.DuckDBPyRelation", rows.query("_jk_rows", _selection(view, columns, keys)))


def _selection(view: View, columns: Mapping[str, str], keys: tuple[str, ...]) -> str:
    flags = view.journey is not None
    order = ['r."order"'] if "order" in columns else []
    selected = {
        "case": "c.id",
        "time": "epoch_us(r.time)",
        "code": _CODE if flags else "n.id",
        **({"order": f"coalesce({order[0]}, {(1 << 63) - 1})::BIGINT"} if order else {}),
        **({"name": "n.id"} if view.names else {}),
        **({"group": "coalesce(g.id, -1)"} if view.by is not None else {}),
        **({"success": f"{_SUCCESS}::UTINYINT", "abandon": f"{_ABANDON}::UTINYINT"} if flags else {}),
    }
    joins = "JOIN _jk_cases c ON " + " AND ".join(f"r.{identifier(key)} = c.k{i}" for i, key in enumerate(keys))
    if view.by is not None:
        joins += f" LEFT JOIN _jk_groups g ON r.{identifier(view.by)}::VARCHAR = g.value"
    return f"""
        SELECT {_listed(f"{value} AS {identifier(name)}" for name, value in selected.items())}
        FROM _jk_rows r JOIN _jk_names n ON r.event = n.event {joins}
        ORDER BY c.id, r.time, {_listed([*(f"{o} NULLS LAST" for o in order), _PLACE])}"""  # noqa: S608


def _listed(parts: Iterator[str] | list[str] | map[str]) -> str:
    return ", ".join(parts)


def _reads(journey: Journey) -> set[str]:
    rules = [touchpoint.match for touchpoint in journey.touchpoints()]
    if journey.outcome is not None:
        rules += [journey.outcome.success, journey.outcome.abandon]
    return {column for rule in rules if rule is not None for column in rule.columns()}


def _claimed(
    relation: duckdb.DuckDBPyRelation, journey: Journey, columns: Mapping[str, str]
) -> duckdb.DuckDBPyRelation:
    # A log without a journey needs no rules and no Narwhals.
    import narwhals as nw  # noqa: PLC0415

    from journeykit.evidence.matching import abandon, forget_engine, success, touchpoint_code  # noqa: PLC0415

    code = touchpoint_code(journey, columns)
    flags = {_CODE: code, _SUCCESS: success(journey, columns), _ABANDON: abandon(journey, columns)}
    try:
        native: duckdb.DuckDBPyRelation = nw.from_native(relation).with_columns(**flags).to_native()
        return native
    finally:
        forget_engine()


def _batches(
    cursor: duckdb.DuckDBPyConnection,
    relation: duckdb.DuckDBPyRelation,
    view: View,
    rows: int,
    progress: Progress | None,
) -> Iterator[Batch]:
    events = tuple(str(name) for (name,) in cursor.execute("SELECT event FROM _jk_names ORDER BY id").fetchall())
    labels = events
    if view.journey is not None:
        labels = tuple(touchpoint.id for touchpoint in view.journey.touchpoints())
    groups: tuple[str, ...] = ()
    if view.by is not None:
        groups = tuple(str(v) for (v,) in cursor.execute("SELECT value FROM _jk_groups ORDER BY id").fetchall())
    keys: list[tuple[str, ...]] = []
    if view.keys:
        query = "SELECT (COLUMNS('k[0-9]'))::VARCHAR FROM _jk_cases ORDER BY id"
        keys = [tuple(map(str, row)) for row in cursor.execute(query).fetchall()]
    ((total,),) = relation.count("*").fetchall() if progress is not None else ((0,),)
    done = 0
    some = False
    for table in _whole_cases(_tables(relation), rows):
        some = True
        yield _batch(table, view, labels=labels, events=events if view.names else (), groups=groups, keys=keys)
        if progress is not None:
            done += len(table["case"])
            progress(done, int(total))
    if not some:
        empty = {name: np.empty(0, dtype=np.int64) for name in relation.columns}
        yield _batch(empty, view, labels=labels, events=events if view.names else (), groups=groups, keys=keys)


Table = dict[str, NDArray[Any]]


def _tables(relation: duckdb.DuckDBPyRelation) -> Iterator[Table]:
    import nanoarrow  # noqa: PLC0415  (imported where rows are read)

    names = relation.columns
    for chunk in nanoarrow.ArrayStream(relation):
        yield {
            name: _values(child, chunk.offset, len(chunk))
            for name, child in zip(names, chunk.iter_children(), strict=True)
        }


# Nothing that is selected can be null, so the values are all there is.
_TYPES = {"int64": np.int64, "int32": np.int32, "uint32": np.uint32, "uint8": np.uint8}


def _values(child: Any, start: int, length: int) -> NDArray[Any]:
    kind = _TYPES[child.schema.type.name.lower()]
    values = np.frombuffer(child.buffers[1], dtype=kind)
    start += child.offset
    return values[start : start + length]


def _whole_cases(tables: Iterator[Table], rows: int) -> Iterator[Table]:
    """The tables joined and cut again so that each holds whole cases, about ``rows`` rows each."""
    held: list[Table] = []
    count = 0
    for table in tables:
        held.append(table)
        count += len(table["case"])
        # While the case that came last is the first one held there is nothing to cut: joining again and again would
        # move the rows of one huge case as often as tables come.
        if count < rows or held[0]["case"][0] == table["case"][-1]:
            continue
        joined = _joined(held)
        cut = int(np.searchsorted(joined["case"], joined["case"][-1]))
        if cut:
            yield {name: values[:cut] for name, values in joined.items()}
        held = [{name: values[cut:] for name, values in joined.items()}]
        count = len(held[0]["case"])
    if count:
        yield _joined(held)


def _joined(tables: list[Table]) -> Table:
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _batch(
    table: Table,
    view: View,
    *,
    labels: tuple[str, ...],
    events: tuple[str, ...],
    groups: tuple[str, ...],
    keys: list[tuple[str, ...]],
) -> Batch:
    case, time = table["case"], table["time"]
    starts = np.flatnonzero(np.concatenate([[True], case[1:] != case[:-1]])) if len(case) else np.empty(0, np.int64)
    tied = (case[1:] == case[:-1]) & (time[1:] == time[:-1])
    if "order" in table:
        tied &= table["order"][1:] == table["order"][:-1]
    cases = case[starts].astype(np.int64)
    return Batch(
        part=view.part,
        labels=labels,
        cases=cases,
        offsets=np.concatenate([starts, [len(case)]]).astype(np.int64),
        times=time.astype(np.int64, copy=False),
        codes=table["code"].astype(np.int32, copy=False),
        segments=table["group"][starts].astype(np.int32)
        if "group" in table
        else np.full(len(cases), -1, dtype=np.int32),
        groups=groups,
        keys=tuple(keys[number] for number in cases) if view.keys else (),
        names=table["name"].astype(np.int32, copy=False) if "name" in table else np.empty(0, dtype=np.int32),
        events=events,
        success=table["success"].astype(np.bool_) if "success" in table else np.empty(0, dtype=np.bool_),
        abandon=table["abandon"].astype(np.bool_) if "abandon" in table else np.empty(0, dtype=np.bool_),
        ties=int(tied.sum()),
    )
