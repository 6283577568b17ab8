"""The canonical evidence tables: events, feedback, metrics and customers, each with the report of its import.

Columns (every table may hold further ones, kept as attributes under their own names; then ``_file``, the 0-based index into
``report.files``, and ``_record``, the 1-based data record, say where a row came from). An optional column that the source
lacks is absent, not a column of NULLs:

=========  =============================================================================================================
events     customer, time (UTC), event, channel?, value?, session?, case?, order?
feedback   customer?, time?, about? (event, touchpoint id or channel), kind, score?, scale_low?, scale_high?, text?,
           language?, sentiment?, source
metrics    kpi, time (UTC), value, segment?
customers  customer
=========  =============================================================================================================

Types: names are VARCHAR, ``time`` is TIMESTAMP in UTC (naive inside DuckDB, UTC-aware in what ``to_...`` returns), ``value``,
``score``, ``scale_low``, ``scale_high`` and ``sentiment`` are DOUBLE, ``order`` is BIGINT.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from journeykit.errors import ArgumentError, MissingLibraryError
from journeykit.evidence.engines.duckdb import DuckTable, identifier
from journeykit.evidence.engines.spark import SparkTable
from journeykit.evidence.pseudonyms import LONG_ENOUGH, Pseudonyms, of_this_process
from journeykit.evidence.report import ImportReport
from journeykit.problems import Address, Problem
from journeykit.results.redacting import redacted
from journeykit.results.showing import cell_text, fit_text, table_html

if TYPE_CHECKING:
    import duckdb

__all__ = ["Customers", "EventLog", "Evidence", "Feedback", "Metrics", "Rejects", "quotation"]

Shown = Pseudonyms | Literal["raw"] | None
"""Who stands in the columns of people: pseudonyms of this process (None), of a key of one's own, or the ids themselves."""

# Where a row came from; every table of DuckDB has these columns, and no rule may ask them.
_PLACES = ("_file", "_record")
# Counting distinct names of more rows than this takes seconds, which a display must not.
_QUICK = 5_000_000
_BATCH = 10_000
# The longest quotation in a problem, and the codes of values that are numbers.
_QUOTED = 80
_READ = frozenset({"missing-scale", "bad-scale", "out-of-scale"})


@frozen(kw_only=True, eq=False)
class Rejects:
    """The rejected rows of one import: those that could not be read, then those the canonical table refused.

    A quoted value is redacted, and where it is the id of somebody in ``people`` or of a rejected row (columns that slipped put
    ids anywhere) its pseudonym stands for it; so it does within the value for the id of the row itself.
    """

    unread: tuple[Problem, ...] = ()
    table: DuckTable | None = None
    people: DuckTable | None = None
    files: tuple[str, ...] = ()
    messages: Mapping[str, str] = field(factory=dict)
    hints: Mapping[str, str] = field(factory=dict)

    def __iter__(self) -> Iterator[Problem]:
        yield from self.unread
        if self.table is None:
            return
        known = self._known(self.table)
        cursor = self.table.cursor()
        cursor.execute(f'SELECT code, field, shown, "file", record, line, owner FROM "{self.table.name}"')  # noqa: S608
        while rows := cursor.fetchmany(_BATCH):
            for code, column, shown, index, record, line, owner in rows:
                message = self.messages.get(code, "the row is rejected").replace(
                    "{value}", quotation(shown, code, known, owner)
                )
                name = self.files[index] if index is not None and index < len(self.files) else None
                address = Address(file=name, line=line, record=record, field=column)
                yield Problem(code=code, message=message, address=address, hint=self.hints.get(code))

    def _known(self, rejected: DuckTable) -> frozenset[str]:
        """The quoted values that are ids of customers, those included whose every row is rejected."""
        if self.people is None or "customer" not in self.people.columns:
            return frozenset()
        query = (
            f"SELECT DISTINCT shown FROM {identifier(rejected.name)} WHERE shown IN "  # noqa: S608
            f"(SELECT customer FROM {identifier(self.people.name)} UNION ALL SELECT owner FROM {identifier(rejected.name)})"
        )
        return frozenset(value for (value,) in rejected.cursor().execute(query).fetchall())


def quotation(shown: str | None, code: str, known: Collection[str] = (), owner: str | None = None) -> str:
    """A cell of the data as a problem of this code quotes it: redacted, short, and a pseudonym where it is a known id.

    ``owner`` is the customer of the row: a pseudonym stands for this id within the cell, too, unless it is too short to tell.
    """
    if shown is None:
        return repr(shown)
    # A score that could be read is a number, whoever is called like it.
    if shown in known and code not in _READ:
        return repr(of_this_process().of(shown))
    if owner is not None and len(owner) >= LONG_ENOUGH and code not in _READ:
        shown = shown.replace(owner, of_this_process().of(owner))
    text = redacted(shown)
    return repr(text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…")


@frozen(eq=False, repr=False)
class _Table:
    table: DuckTable | SparkTable
    report: ImportReport
    rejects: Rejects = field(factory=Rejects, kw_only=True)

    def __len__(self) -> int:
        return len(self.table)

    def __bool__(self) -> bool:
        # A table without rows is still a table: ``if events:`` would else hide an empty import.
        return True

    @property
    def columns(self) -> dict[str, str]:
        """Column name to DuckDB type, in order; these are what rules may ask.

        Where a row came from (``_file``, ``_record``) is not among them: a rule that picked rows by their place in a file would
        claim other events after the next export.
        """
        return {name: kind for name, kind in self.table.columns.items() if name not in _PLACES}

    def rejected(self) -> Iterator[Problem]:
        """Every rejected row with its code, reason and address; those that could not be read come first."""
        return iter(self.rejects)

    def to_arrow(self, *, customers: Shown = None, verbatims: bool = False) -> Any:
        """A ``pyarrow.Table``, ``time`` aware in UTC; `MissingLibraryError` without pyarrow.

        Who people are is not told: ``customer``, ``session``, ``case`` and columns called like ids or contacts
        hold pseudonyms, which are the same in every table until the process ends. ``customers`` may be `Pseudonyms` with a key
        of your own, so that they last, or ``"raw"`` for the ids themselves. What people wrote (``text``) and nested columns are
        left out, unless ``verbatims`` is true; every text has its e-mail addresses, phone and card numbers redacted. The
        rows as they are, are those of ``table``. Raises `ArgumentError` for another value of ``customers``.
        """
        arrow = _library("pyarrow", "to_arrow()")
        # DuckDB 1.4 does not keep the cursor of a relation alive: a name does.
        cursor = self.table.cursor()
        table = arrow.table(self._leaving(cursor, customers, verbatims))
        for index, name in enumerate(table.column_names):
            if name == "time":
                moment = table.column(index).cast(arrow.timestamp("us", tz="UTC"))
                table = table.set_column(index, name, moment)
        return table

    def to_polars(self, *, customers: Shown = None, verbatims: bool = False) -> Any:
        """A ``polars.DataFrame``, ``time`` aware in UTC; `MissingLibraryError` without polars; else as ``to_arrow``."""
        polars = _library("polars", "to_polars()")
        cursor = self.table.cursor()
        frame = polars.DataFrame(self._leaving(cursor, customers, verbatims))
        if "time" in frame.columns:
            frame = frame.with_columns(polars.col("time").dt.replace_time_zone("UTC"))
        return frame

    def to_pandas(self, *, customers: Shown = None, verbatims: bool = False) -> Any:
        """A ``pandas.DataFrame``, ``time`` aware in UTC; `MissingLibraryError` without pandas; else as ``to_arrow``."""
        _library("pandas", "to_pandas()")
        cursor = self.table.cursor()
        frame = self._leaving(cursor, customers, verbatims).df()
        if "time" in frame.columns:
            frame["time"] = frame["time"].dt.tz_localize("UTC")
        return frame

    def _leaving(self, cursor: duckdb.DuckDBPyConnection, customers: Shown, verbatims: bool) -> duckdb.DuckDBPyRelation:
        from journeykit.evidence._leaving import leaving  # noqa: PLC0415

        if isinstance(self.table, SparkTable):
            return self.table.relation(cursor)
        given: object = customers
        if given is not None and given != "raw" and not isinstance(given, Pseudonyms):
            raise ArgumentError(f'customers={given!r}: give Pseudonyms(key=...), or "raw" for the ids as they are')
        pseudonyms = of_this_process() if customers is None else None if customers == "raw" else customers
        return leaving(self.table, cursor, pseudonyms, verbatims=verbatims)

    def __repr__(self) -> str:
        # A file's name may hold what steers a terminal.
        return f"{type(self).__name__}({fit_text(str(self.report))})"

    def _repr_html_(self) -> str:
        # A notebook is sent around: it shows how much there is of what, never rows, which hold customer ids and what people said.
        columns = [(name, kind.lower()) for name, kind in self.columns.items() if not name.startswith("_")]
        facts = table_html(["in short", ""], self._in_short(), caption=type(self).__name__)
        return facts + table_html(["column", "type"], columns) + self.report._repr_html_()

    def _in_short(self) -> list[tuple[str, str]]:
        """How many rows, from when to when, and (while that is quickly counted) how many customers and event names."""
        size, columns = len(self), self.columns
        facts: list[tuple[str, str]] = [("rows", cell_text(size))]
        if isinstance(self.table, SparkTable):
            return facts
        counted = [name for name in ("customer", "event", "kpi") if name in columns and size <= _QUICK]
        # The names stand here, so that no name of the data gets into the statement.
        asked = [f'count(DISTINCT "{name}")' for name in counted]
        if "time" in columns:
            asked += ['min("time")', 'max("time")']
        if not asked:
            return facts
        query = f"SELECT {', '.join(asked)} FROM {identifier(self.table.name)}"  # noqa: S608
        (found,) = self.table.cursor().execute(query).fetchall()
        facts += [(f"different {name}s", cell_text(n)) for name, n in zip(counted, found, strict=False)]
        if "time" in columns and found[-1] is not None:
            first, last = (cell_text(moment.replace(tzinfo=UTC)) for moment in found[-2:])
            facts += [("first", first), ("last", last)]
        return facts


@frozen(eq=False, repr=False)
class EventLog(_Table):
    """What customers did: one row an event, with its ``report``.

    ``observed_until`` (aware, UTC) is how far the log was watched; None stands for an empty log.
    """

    observed_until: datetime | None = None

    def _in_short(self) -> list[tuple[str, str]]:
        return [*super()._in_short(), ("observed until", cell_text(self.observed_until))]


@frozen(eq=False, repr=False)
class Feedback(_Table):
    """What customers said: one row an answer (a rating, a score, a comment), with its ``report``."""


@frozen(eq=False, repr=False)
class Metrics(_Table):
    """Figures over time: one row a value of a KPI, with its ``report``."""


@frozen(eq=False, repr=False)
class Customers(_Table):
    """Who the customers are: one row a customer with attributes, with its ``report``."""


@frozen(kw_only=True)
class Evidence:
    """All that is known about the customers of a journey; each part may be absent. `ArgumentError` for what is no such table."""

    events: EventLog | None = None
    feedback: Feedback | None = None
    metrics: Metrics | None = None
    customers: Customers | None = None

    def __attrs_post_init__(self) -> None:
        parts = {"events": EventLog, "feedback": Feedback, "metrics": Metrics, "customers": Customers}
        for name, kind in parts.items():
            given: object = getattr(self, name)
            if given is not None and not isinstance(given, kind):
                raise ArgumentError(
                    f"{name}= is not what read_{name}() returns but of the type {type(given).__name__}: read it with "
                    f"read_{name}(...) first"
                )

    def _repr_html_(self) -> str:
        tables = (self.events, self.feedback, self.metrics, self.customers)
        reports = [table.report for table in tables if table is not None]
        rows = [(r.kind, r.source, r.format, r.rows_in, r.rows_kept, r.rows_rejected) for r in reports]
        head = ["table", "source", "format", "rows in", "kept", "rejected"]
        return table_html(head, rows, caption="Evidence" if rows else "Evidence: nothing was read")


def _library(name: str, purpose: str) -> Any:
    try:
        return import_module(name)
    except ImportError as err:
        raise MissingLibraryError(name, purpose) from err
