"""The rejected rows of a Spark DataFrame, told without telling who anybody is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import field, frozen

from journeykit.evidence._spark_plan import CODE, FIELD, SHOWN
from journeykit.evidence._staging import HINTS, MESSAGES
from journeykit.evidence.engines.spark import spark_functions
from journeykit.evidence.tables import Rejects, quotation
from journeykit.problems import Address, Problem

__all__ = ["SparkRejects"]

_OWNER, _KNOWN = "_jk_owner", "_jk_known"


@frozen(kw_only=True)
class SparkRejects(Rejects):
    """The rejected rows, fetched from Spark one partition after the other when they are asked for.

    ``staged`` holds all rows with their faults, ``kept`` the canonical ones. As in DuckDB a quoted value that is the id of
    somebody, be it of a rejected row, becomes its pseudonym, and so does the id of the row itself within the value.
    """

    staged: Any = field(repr=False)
    kept: Any = field(repr=False)
    name: str
    copies: int = 0

    def __iter__(self) -> Iterator[Problem]:
        yield from self._told(self._flagged(self._rows()).toLocalIterator())
        for _ in range(self.copies):
            yield self._copy()

    def first(self, count: int) -> tuple[Problem, ...]:
        """At most as many of them, the same ones every time."""
        order = (CODE, FIELD, SHOWN, _OWNER)
        some = self._rows().orderBy(*order).limit(count)
        found = list(self._told(self._flagged(some).orderBy(*order).collect()))
        return (*found, *[self._copy()] * min(self.copies, count - len(found)))

    def _copy(self) -> Problem:
        return Problem(code="duplicate", message=MESSAGES["duplicate"], address=Address(file=self.name))

    def _rows(self) -> Any:
        f = spark_functions()
        rows = self.staged.where(f.col(CODE).isNotNull())
        return rows.select(CODE, FIELD, SHOWN, f.col("customer").alias(_OWNER))

    def _flagged(self, rows: Any) -> Any:
        """The rows, each with what it shows once more where that is the id of somebody: columns that slipped put ids anywhere."""
        f = spark_functions()
        people = self.kept.select(f.col("customer").alias(_KNOWN))
        # Those, too, whose every row is rejected.
        others = self._rows().select(f.col(_OWNER).alias(_KNOWN))
        return rows.join(people.unionAll(others).distinct(), f.col(SHOWN) == f.col(_KNOWN), "left")

    def _told(self, rows: Any) -> Iterator[Problem]:
        for code, column, shown, owner, known in rows:
            quote = quotation(shown, code, () if known is None else (known,), owner)
            message = MESSAGES[code].replace("{value}", quote)
            yield Problem(
                code=code, message=message, address=Address(file=self.name, field=column), hint=HINTS.get(code)
            )
