"""How the columns of a canonical event log are made of those of a Spark DataFrame, and which faults a row can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import field, frozen

from journeykit.errors import EvidenceError
from journeykit.evidence._columns import CANONICAL, Canonical, hidden_columns, joined_columns
from journeykit.evidence._spark_values import as_time, integer_of, name_of, number_of, present, time_of
from journeykit.evidence._values import is_scalar
from journeykit.evidence.engines.spark import quoted, spark_functions
from journeykit.evidence.reading.loading import unique_names
from journeykit.evidence.sources import RawTable
from journeykit.problems import Address, Problem

__all__ = ["CODE", "FIELD", "NAIVE", "OWN", "SHOWN", "TIME", "SparkPlan", "spark_plan"]

Column = Any

CODE, FIELD, SHOWN, NAIVE, TIME = "_jk_code", "_jk_field", "_jk_shown", "_jk_naive", "_jk_time"
OWN = (CODE, FIELD, SHOWN, NAIVE, TIME)
# Longer than what is quoted, so that an address is whole when it is redacted.
_LONGEST_SHOWN = 400
_CODES = {"time": "bad-time", "number": "bad-number", "integer": "bad-integer"}


@frozen
class SparkPlan:
    """The columns of the canonical table, and the faults of a row in the order in which they count.

    ``trusted`` are the columns of a log in which no row has a fault: nothing is asked of their cells any more.
    """

    raw: RawTable
    types: Mapping[str, str]
    made: dict[str, Column] = field(factory=dict)
    trusted: dict[str, Column] = field(factory=dict)
    faults: list[tuple[Column, str, str, Column]] = field(factory=list)
    notes: list[str] = field(factory=list)
    naive: list[Column] = field(factory=list)
    micros: list[Column] = field(factory=list)

    def staged(self, frame: Any) -> Any:
        """Every row of the raw frame with its values, and the code, column and shown value of its first fault."""
        f = spark_functions()
        first: list[Column] = [f.lit(None).cast("string")] * 3
        for condition, code, column, shown in reversed(self.faults):
            values = (f.lit(code), f.lit(column), shown)
            first = [f.when(condition, new).otherwise(old) for new, old in zip(values, first, strict=True)]
        own = zip(OWN, (*first, *self.naive, *self.micros), strict=True)
        return frame.select(*(column.alias(name) for name, column in (*self.made.items(), *own)))

    def kept(self, frame: Any, *, trusted: bool) -> Any:
        """The rows without a fault; ``trusted`` says that these are all rows."""
        if trusted:
            made = self.made | self.trusted
            return frame.select(*(column.alias(name) for name, column in made.items()))
        return self.staged(frame).where(spark_functions().col(CODE).isNull()).drop(*OWN)

    def _add(self, column: Canonical, sources: Sequence[str], shown: str, tz: str | None, pattern: str | None) -> None:
        f = spark_functions()
        cells = [(f.col(quoted(source)), self._scalar(source, column)) for source in sources]
        cell, kind = cells[0]
        if len(cells) > 1:
            joined = f.concat_ws(" / ", *(name_of(*part) for part in cells))
            cell, kind = f.when(joined != "", joined), "VARCHAR"
        there = present(cell, kind)
        if column.required:
            self.faults.append((~there, f"missing-{column.name}", shown, f.lit(None).cast("string")))
        value = self._value(column, cell, kind, tz, pattern)
        self.made[column.name] = value
        if column.required and kind == "VARCHAR" and column.type not in _CODES:
            self.trusted[column.name] = cell.cast("string")
        if (code := _CODES.get(column.type)) is not None:
            cut = f.substring(cell.cast("string"), 1, _LONGEST_SHOWN)
            self.faults.append((there & value.isNull(), code, shown, cut))

    def _value(self, column: Canonical, cell: Column, kind: str, tz: str | None, pattern: str | None) -> Column:
        if column.type == "time":
            reading = time_of(cell, kind, tz=tz, time_format=pattern)
            self.naive.append(reading.naive)
            self.micros.append(reading.utc)
            return as_time(reading.utc)
        if column.type == "number":
            return number_of(cell, kind)
        if column.type == "integer":
            return integer_of(cell, kind)
        return name_of(cell, kind, verbatim=column.type == "verbatim")

    def _scalar(self, source: str, column: Canonical) -> str:
        kind = self.types[source]
        if not is_scalar(kind):
            message = f'"{source}" is of type {kind[:60]} and cannot be {column.name}'
            address = Address(file=self.raw.files[0], field=source)
            raise EvidenceError([Problem(code="wrong-type", message=message, address=address, hint="flatten it first")])
        return kind

    def _attributes(self, used: Sequence[str]) -> None:
        """Every other column under its own name."""
        f = spark_functions()
        canonical = {column.name for column in CANONICAL["events"]}
        seen = [*self.made, *OWN]
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


def spark_plan(
    raw: RawTable,
    types: Mapping[str, str],
    mapping: Mapping[str, str],
    columns: Mapping[str, str | Sequence[str] | None] | None,
    *,
    tz: str | None,
    time_format: str | None,
) -> SparkPlan:
    """The plan for the columns of a frame (``types``), of which ``mapping`` says which are canonical.

    Raises `EvidenceError` for a nested column that should be a canonical one.
    """
    joined = joined_columns(columns)
    plan = SparkPlan(raw, types)
    for column in CANONICAL["events"]:
        if (shown := mapping.get(column.name)) is not None:
            plan._add(column, joined.get(column.name, (shown,)), shown, tz, time_format)  # noqa: SLF001  (made here)
    # The parts of a joined column stay attributes: rules may want them apart.
    plan._attributes([column for name, column in mapping.items() if name not in joined])  # noqa: SLF001
    plan.notes.extend(
        f"{name}: made of {' and '.join(map(quoted, parts))}" for name, parts in joined.items() if len(parts) > 1
    )
    return plan
