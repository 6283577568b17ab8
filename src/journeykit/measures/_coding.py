"""From texts to numbers: every name in a log gets a token of 64 bits, and every token stands for one name, surely.

A token is the engine's hash of the value, so that neither a join nor a comparison of texts is needed a row. That no two values
share one is counted before anything else is: where two do, tokens are numbers that joins bring to the rows (``careful``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import column_list, identifier
from journeykit.model import Journey

if TYPE_CHECKING:
    import duckdb

    from journeykit.measures.ordering import View

__all__ = ["Again", "Coded", "Lookup", "case_names", "coded", "different", "spread"]

# How a value becomes a token; a test puts a worse one here.
_HASHED = "hash({})"
# File and record in one number: the row's place in its source.
_PLACE = f"r._file::BIGINT * {1 << 40} + r._record"
_LAST = (1 << 63) - 1
_CODE, _SUCCESS, _ABANDON = "_jk_code", "_jk_success", "_jk_abandon"
# An odd constant of 64 bits (the golden ratio's).
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
# Tokens of so few names are told apart by some 16 of their bits, which are looked up in no time.
_FEW = 200
_BITS = 16

Tokens = NDArray[np.uint64]


class Again(Exception):  # noqa: N818  (no error: nobody but the reader sees it)
    """The quick way does not hold for this log: two values share a token, or its rows came out of order."""


def spread(tokens: Tokens) -> Tokens:
    """Other tokens, as different, whose upper bits differ whatever bits of the tokens do."""
    return tokens * _SPREAD


class Lookup:
    """The place of each token in a list of different tokens; `Again` for a token that is not in it."""

    def __init__(self, tokens: Tokens) -> None:
        if len(np.unique(tokens)) < len(tokens):
            raise Again
        self._tokens = tokens
        self._kind: Any = np.uint8 if len(tokens) <= 1 << 8 else np.uint16 if len(tokens) <= 1 << 16 else np.int32
        self._shift = _telling(tokens)
        if self._shift is None:
            self._order = np.argsort(tokens)
            self._sorted = tokens[self._order]
            self._order = self._order.astype(self._kind)
        else:
            self._table = np.zeros(1 << _BITS, dtype=self._kind)
            self._table[_slots(tokens, self._shift)] = np.arange(len(tokens))

    def __call__(self, values: Tokens) -> NDArray[Any]:
        """The places of these tokens, as the smallest numbers that hold them."""
        if not len(self._tokens):
            places = np.zeros(len(values), dtype=self._kind)
        elif self._shift is None:
            found = np.searchsorted(self._sorted, values)
            places = self._order[np.minimum(found, len(self._sorted) - 1)]
        else:
            places = self._table[_slots(values, self._shift)]
        # The rows are read after the names: another process may have changed a table of the user's own in between.
        if len(values) and not (len(self._tokens) and bool((self._tokens[places] == values).all())):
            raise Again
        return places


def _slots(tokens: Tokens, shift: int) -> NDArray[np.uint16]:
    return (tokens >> np.uint64(shift)).astype(np.uint16)


def _telling(tokens: Tokens) -> int | None:
    """From which bit on 16 bits tell these tokens apart; None where there are too many."""
    if not 0 < len(tokens) <= _FEW:
        return None
    return next((s for s in range(64 - _BITS + 1) if len(np.unique(_slots(tokens, s))) == len(tokens)), None)


@frozen(kw_only=True)
class Coded:
    """A log as numbers: the rows, still to be read, and what their numbers mean.

    ``relation`` has case (a token), time, place, and as asked for name and group (tokens), code, success, abandon and order.
    ``by_name`` has code, success and abandon for every name where the journey's rules read nothing but the name.
    """

    relation: duckdb.DuckDBPyRelation
    names: tuple[str, ...]
    name_of: Lookup
    by_name: Mapping[str, NDArray[Any]]
    groups: tuple[str | None, ...]
    group_of: Lookup


def coded(
    cursor: duckdb.DuckDBPyConnection,
    events: EventLog,
    view: View,
    columns: Mapping[str, str],
    keys: tuple[str, ...],
    *,
    careful: bool,
) -> Coded:
    """The log as numbers, read by this cursor; temporary tables are its own, so that two threads may count one log."""
    table = identifier(events.table.name)
    _dimension(cursor, "_jk_names", table, "event", "event", careful=careful)
    if careful:
        cursor.execute(f"""
            CREATE OR REPLACE TEMP TABLE _jk_cases AS
            SELECT {_listed(f"{identifier(key)} AS k{i}" for i, key in enumerate(keys))},
                (row_number() OVER ())::UBIGINT AS token
            FROM (SELECT DISTINCT {column_list(keys)} FROM {table})""")  # noqa: S608
    rows = events.table.relation(cursor)
    named = cursor.table("_jk_names")
    by_name = False
    if view.journey is not None:
        # A rule that reads only the event's name is asked once a name, not once a row.
        by_name = _reads(view.journey) <= {"event"}
        if by_name:
            named = _claimed(named, view.journey, {"event": columns["event"]})
        else:
            rows = _claimed(rows, view.journey, columns)
    flags = ", _jk_code, _jk_success, _jk_abandon" if by_name else ""
    listed = f"SELECT event, token{flags} FROM _jk_named ORDER BY event"  # noqa: S608
    found = cast("duckdb.DuckDBPyRelation", named.query("_jk_named", listed)).fetchall()
    groups: list[Any] = []
    if view.by is not None:
        _dimension(cursor, "_jk_groups", table, f"{identifier(view.by)}::VARCHAR", "value", careful=careful)
        groups = cursor.execute("SELECT value, token FROM _jk_groups ORDER BY value NULLS LAST").fetchall()
    kinds = {"code": np.int32, "success": np.bool_, "abandon": np.bool_}
    selection = _selection(view, columns, keys, careful=careful, by_name=by_name)
    return Coded(
        relation=cast("duckdb.DuckDBPyRelation", rows.query("_jk_rows", selection)),
        names=tuple(str(row[0]) for row in found),
        name_of=Lookup(_tokens(found)),
        by_name={
            name: np.array([row[2 + i] for row in found], dtype=kind) for i, (name, kind) in enumerate(kinds.items())
        }
        if by_name
        else {},
        groups=tuple(None if row[0] is None else str(row[0]) for row in groups),
        group_of=Lookup(_tokens(groups)),
    )


def different(cursor: duckdb.DuckDBPyConnection, events: EventLog, keys: tuple[str, ...]) -> bool:
    """Whether no two cases share a token."""
    cases = f"SELECT DISTINCT {column_list(keys)} FROM {identifier(events.table.name)}"  # noqa: S608
    tokens = f"SELECT {_token(keys)} AS token FROM ({cases})"  # noqa: S608
    return cursor.execute(f"SELECT count(*) = count(DISTINCT token) FROM ({tokens})").fetchall() == [(True,)]  # noqa: S608


def case_names(
    cursor: duckdb.DuckDBPyConnection, events: EventLog, keys: tuple[str, ...], *, careful: bool
) -> tuple[list[tuple[str, ...]], Lookup]:
    """What the cases are called, and the place of each spread token in that list."""
    cases = f"SELECT DISTINCT {column_list(keys)} FROM {identifier(events.table.name)}"  # noqa: S608
    query = f"SELECT {_token(keys)}, {_listed(f'{identifier(key)}::VARCHAR' for key in keys)} FROM ({cases})"  # noqa: S608
    if careful:
        query = f"SELECT token, {_listed(f'k{i}::VARCHAR' for i in range(len(keys)))} FROM _jk_cases"  # noqa: S608
    rows = cursor.execute(query).fetchall()
    tokens = spread(np.array([row[0] for row in rows], dtype=np.uint64))
    return [tuple(map(str, row[1:])) for row in rows], Lookup(tokens)


def _token(keys: tuple[str, ...], table: str = "") -> str:
    return _HASHED.format(_listed(f"{table}{identifier(key)}" for key in keys))


def _tokens(rows: list[Any]) -> Tokens:
    return np.array([row[1] for row in rows], dtype=np.uint64)


def _dimension(
    cursor: duckdb.DuckDBPyConnection, name: str, table: str, value: str, called: str, *, careful: bool
) -> None:
    """The different values of a column with their tokens."""
    token = f"(row_number() OVER (ORDER BY {called}))::UBIGINT" if careful else _HASHED.format(called)
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {called}, {token} AS token FROM "  # noqa: S608
        f"(SELECT DISTINCT {value} AS {called} FROM {table})"
    )


def _selection(view: View, columns: Mapping[str, str], keys: tuple[str, ...], *, careful: bool, by_name: bool) -> str:
    named = view.names or by_name or view.journey is None
    flags = view.journey is not None and not by_name
    group = "" if view.by is None else f"r.{identifier(view.by)}::VARCHAR"
    selected = {
        "case": "c.token" if careful else _token(keys, "r."),
        "time": "epoch_us(r.time)",
        "place": _PLACE,
        **({"order": f'coalesce(r."order", {_LAST})::BIGINT'} if "order" in columns else {}),
        **({"name": "n.token" if careful else _HASHED.format("r.event")} if named else {}),
        **({"group": "g.token" if careful else _HASHED.format(group)} if group else {}),
        **({"code": _CODE, "success": f"{_SUCCESS}::UTINYINT", "abandon": f"{_ABANDON}::UTINYINT"} if flags else {}),
    }
    joins = ""
    if careful:
        on = " AND ".join(f"r.{identifier(key)} = c.k{i}" for i, key in enumerate(keys))
        joins = f"JOIN _jk_names n ON r.event = n.event JOIN _jk_cases c ON {on}"
        if group:
            joins += f" JOIN _jk_groups g ON {group} IS NOT DISTINCT FROM g.value"
    return f"SELECT {_listed(f'{value} AS {identifier(name)}' for name, value in selected.items())} FROM _jk_rows r {joins}"  # noqa: S608


def _listed(parts: Iterator[str]) -> str:
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
