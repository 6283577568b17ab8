"""The report of an import: what came in, what was kept, what was rejected and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import Factory, field, frozen

from journeykit.evidence.sources import Kind
from journeykit.problems import Problem
from journeykit.results.showing import table_html, text_html

__all__ = ["ImportReport"]


def _counted(number: int | Callable[[], int]) -> int:
    return number() if callable(number) else number


def _known(number: int | Callable[[], int]) -> int | None:
    """The number; None where to count it is a job on a cluster, which a display must not begin."""
    return getattr(number, "known", None) if hasattr(number, "known") else _counted(number)


def _shown(number: int | Callable[[], int]) -> str:
    known = _known(number)
    return "not counted yet" if known is None else str(known)


@frozen(kw_only=True)
class ImportReport:
    """How an import went; ``rows_in == rows_kept + rows_rejected`` always.

    ``rejections`` counts the rejected rows by problem code (a row has one, its first fault), ``problems`` shows the first
    1,000 in full (``rejected()`` of the table iterates all), ``duplicates`` counts the surplus copies of exactly equal rows
    whatever was done with them (of a large table that is read in place, and on Spark, when they are asked for first), ``notes``
    says what the reader decided on its own (renamed columns, recognised types).
    """

    source: str
    format: str
    kind: Kind
    files: tuple[str, ...] = ()
    rows_in: int = 0
    rows_kept: int = 0
    rows_rejected: int = 0
    rejections: Mapping[str, int] = Factory(dict)
    problems: tuple[Problem, ...] = ()
    _duplicates: int | Callable[[], int] = field(default=0, eq=_counted, repr=_shown)
    notes: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if self.rows_in != self.rows_kept + self.rows_rejected or self.rows_rejected != sum(self.rejections.values()):
            counts = f"{self.rows_in} in, {self.rows_kept} kept, {self.rows_rejected} rejected {dict(self.rejections)}"
            raise ValueError(f"rows in must be rows kept plus rows rejected, and rejections must add up: {counts}")

    @property
    def duplicates(self) -> int:
        """The surplus copies of exactly equal rows."""
        return _counted(self._duplicates)

    def why_empty(self) -> str:
        """Why the table has no row, as a sentence for errors: nothing came in, or everything was rejected and for what."""
        if not self.rows_in:
            return f"{self.source} holds no row of {self.kind}"
        reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(self.rejections.items()))
        first = f"; the first: {self.problems[0]}" if self.problems else ""
        return f"every one of the {self.rows_in:,} rows of {self.source} was rejected ({reasons}){first}"

    def __str__(self) -> str:
        parts = [f"{self.source} ({self.format}, {self.kind}): {self.rows_in:,} rows in, {self.rows_kept:,} kept"]
        if self.rows_rejected:
            codes = ", ".join(f"{code} {count:,}" for code, count in sorted(self.rejections.items()))
            parts.append(f"{self.rows_rejected:,} rejected ({codes})")
        if copies := _known(self._duplicates):
            parts.append(f"{copies:,} exact duplicates")
        return ", ".join(parts)

    def _repr_html_(self) -> str:
        # Where a fault is, not the cell that has it: a cell may hold a customer's data, and notebooks are sent around.
        places: dict[str, str] = {}
        for problem in self.problems:
            places.setdefault(problem.code, str(problem.address))
        rows = [(code, count, places.get(code)) for code, count in sorted(self.rejections.items())]
        rejected = table_html(["rejected because", "rows", "first at"], rows) if rows else ""
        notes = "".join(f"<li>{text_html(note)}</li>" for note in self.notes)
        return f"<p>{text_html(str(self))}</p>{rejected}" + (f"<ul>{notes}</ul>" if notes else "")
