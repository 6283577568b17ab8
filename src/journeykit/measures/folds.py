"""The fold: one ordered pass over the log serves any number of measures.

Every measure is an `Accumulator`. However the cases are cut into batches, and in whatever order the states are merged, the
result is the same to the last digit, because a state holds only whole numbers, labels and multisets of durations; shares
and quantiles are made in `Accumulator.result`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures._joining import joined
from journeykit.measures._on_spark import fold_on_spark
from journeykit.measures._partitions import Partitions
from journeykit.measures._storing import fingerprint, read_state, write_state
from journeykit.measures._workers import count
from journeykit.measures.batches import Batch
from journeykit.measures.ordering import Progress, View, arranged, case_columns
from journeykit.model import Journey
from journeykit.problems import Address, Problem

__all__ = ["Accumulator", "fold"]

R = TypeVar("R")
S = TypeVar("S", bound="Accumulator[Any]")


class Accumulator(ABC, Generic[R]):
    """The state of one measure.

    By default a state keeps summaries only and forgets the rows, so a later log cannot be joined to it. With
    ``continuing=True`` it keeps the integer-coded rows of its cases (about 20 bytes a row) and `then` works, on batches
    whose cases have names (``View(keys=True)``).
    """

    #: Whether the measure reads the events' own names beside the touchpoints' (``View(names=True)``).
    needs_names = False
    #: The attributes that are the figures so far, which `save` writes; empty for a state that cannot be saved.
    kept: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, continuing: bool = False) -> None:
        self.continuing = continuing
        self._partitions = Partitions()
        self._rows: list[Batch] = []

    def update(self, batch: Batch) -> None:
        """Count a batch of whole cases that this state has not seen.

        Raises `ArgumentError` for a batch out of order, for a case that was counted before, and for a continuing state
        when the batch does not name its cases. A refused batch leaves the state as it was.
        """
        if not batch.ordered():
            raise ArgumentError(
                "a batch must be ordered by case and time; this one is not, so nothing can be counted on it"
            )
        if self.continuing and len(batch.keys) != len(batch):
            raise ArgumentError("a state that is to be continued needs batches that name their cases: View(keys=True)")
        seen = self._partitions.plus(Partitions.of(batch))
        if self.continuing:
            self._rows.append(batch)
        else:
            self._count(batch)
        self._partitions = seen

    def merge(self: S, other: S) -> None:
        """Take in the state of *other cases*; in any order. Labels are matched by name.

        Raises `ArgumentError` when the two may have counted one case both, or are not of one measure with one set of settings.
        A refused state leaves this one as it was.
        """
        self._same(other)
        seen = self._partitions.plus(other._partitions)  # noqa: SLF001  (a state of the same class)
        if self.continuing:
            self._rows += other._rows  # noqa: SLF001
        else:
            self._absorb(other)
        self._partitions = seen

    def then(self: S, later: S) -> None:
        """Continue with the state of a *later span of time*, which may hold the same cases; associative, not commutative.

        Raises `ArgumentError` unless both states keep their rows (``continuing=True``), and when an event of ``later``
        lies before the end of its case here.
        """
        self._same(later)
        if not self.continuing:
            raise ArgumentError(
                "this state kept summaries only, so a later log cannot be joined to it; open both with continuing=True"
            )
        self._rows = [joined(self._rows, later._rows)]  # noqa: SLF001
        self._partitions = Partitions.of(self._rows[0])

    def _alike(self: S) -> S:
        """An empty state that can be merged with this one."""
        fresh = self._fresh()
        fresh.continuing = self.continuing
        return fresh

    def _check_part(self, part: str) -> None:
        """`ArgumentError` when cases of a whole log of this part cannot be taken in."""
        bounds = (np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64))
        self._partitions.plus(Partitions({part: bounds}))

    def _as_part(self, part: str) -> None:
        """Take the cases of all parts for those of one log: for engines that cut a log into parts of their own."""
        self._partitions = self._partitions.as_part(part)

    def result(self) -> R:
        """The figures so far; the state may be updated further."""
        if not self.continuing:
            return self._finish()
        fresh = self._fresh()
        for batch in self._rows:
            fresh._count(batch)  # noqa: SLF001
        return fresh._finish()  # noqa: SLF001

    def save(self, path: str | Path) -> Path:
        """Write the state to a file, to be taken up again with `load`; a file that is there is replaced.

        The file (a zip archive of JSON and plain arrays) holds the labels and every gap, and, for a continuing state, names
        and rows of all cases; a new one can be read by its owner alone. Raises `ArgumentError` for a measure whose state
        cannot be saved, and where no file can be written.
        """
        target = Path(path)
        values = {name: getattr(self, name) for name in self._names()}
        runs = {part: (starts, ends) for part, (starts, ends) in self._partitions.runs.items()}
        write_state(target, type(self).__name__, self._print(), {**values, "partitions": runs})
        return target

    def load(self: S, path: str | Path) -> S:
        """Take up the state in a file that `save` wrote, of the same measure with the same settings; returns itself.

        It must not have counted anything yet: load into a fresh state, and `merge` that. Files are read with care, as they
        may come from anywhere. Raises `EvidenceError` for a file that is no such state, is of another version, or is damaged.
        """
        if self._partitions.runs:
            raise ArgumentError("this state has counted already; load into a fresh one and merge() that")
        source, names = Path(path), self._names()
        values = read_state(source, type(self).__name__, self._print(), [*names, "partitions"])
        fresh = self._fresh()
        fresh.continuing = self.continuing
        try:
            fresh._partitions = Partitions.stored(values.pop("partitions"))  # noqa: SLF001
            for name, value in values.items():
                setattr(fresh, name, value)
            # What no figures can be made of is refused here, not where the figures are needed.
            fresh._check(self)  # noqa: SLF001
        except Exception as err:
            problem = Problem(code="bad-state", message=f"it is damaged: {err}", address=Address(file=str(source)))
            raise EvidenceError([problem]) from err
        for name in names:
            setattr(self, name, getattr(fresh, name))
        self._partitions = fresh._partitions  # noqa: SLF001
        return self

    def _check(self: S, like: S) -> None:
        """Raise an error of any kind unless this state is made as the other, and figures can be made of it."""
        for name in self._names():
            if type(getattr(self, name)) is not type(getattr(like, name)) and name != "_span":
                raise TypeError(f"{name} is not what it must be")
        if not all(batch.whole() for batch in self._rows):
            raise ValueError("its rows do not fit together")
        self.result()

    def _names(self) -> tuple[str, ...]:
        if not self.kept:
            raise ArgumentError(f"a state of {type(self).__name__} cannot be saved")
        return ("_rows",) if self.continuing else self.kept

    def _print(self) -> str:
        return fingerprint((*self.settings(), self.continuing))

    @property
    def nbytes(self) -> int:
        """About how many bytes of arrays the state holds."""
        rows = sum(int(getattr(batch, name).nbytes) for batch in self._rows for name in _ARRAYS)
        return rows + self._partitions.nbytes + self._held()

    def settings(self) -> tuple[Hashable, ...]:
        """What two states must share to be merged, beside the measure itself."""
        return ()

    def _same(self: S, other: S) -> None:
        if type(self) is not type(other) or self.settings() != other.settings():
            raise ArgumentError(
                f"a state of {type(self).__name__}{self.settings()} cannot take in one of "
                f"{type(other).__name__}{other.settings()}"
            )
        if self.continuing != other.continuing:
            raise ArgumentError("one state keeps its rows and the other does not; open both alike (continuing=)")
        if self is other:
            raise ArgumentError("a state cannot take in itself: every case would count twice")

    @abstractmethod
    def _count(self, batch: Batch) -> None:
        """Add the figures of a batch."""

    @abstractmethod
    def _absorb(self: S, other: S) -> None:
        """Add the figures of another state."""

    @abstractmethod
    def _finish(self) -> R:
        """The result of the figures."""

    @abstractmethod
    def _fresh(self: S) -> S:
        """An empty state with the same settings that keeps summaries."""

    def _held(self) -> int:
        return 0


_ARRAYS = ("cases", "offsets", "times", "codes", "segments", "names", "success", "abandon")


def fold(
    events: EventLog,
    accumulators: Sequence[Accumulator[Any]],
    *,
    journey: Journey | None = None,
    case: str | None = None,
    by: str | None = None,
    part: str = "",
    progress: Progress | None = None,
) -> None:
    """Run the accumulators over the log in one ordered pass; ask each for its ``result()`` afterwards.

    ``journey``, ``case`` and ``by`` are those of `View`. ``part`` names this log where several logs of *different* cases
    are folded apart and merged: states of different parts are taken to share no case, which is the caller's word.
    Raises `ArgumentError` as `ordered` and `Accumulator.update` do.
    """
    if len({id(accumulator) for accumulator in accumulators}) < len(accumulators):
        raise ArgumentError("one state stands twice among the accumulators: every case would count twice")
    view = View(
        journey=journey,
        case=case,
        by=by,
        part=part,
        names=any(accumulator.needs_names for accumulator in accumulators),
        keys=any(accumulator.continuing for accumulator in accumulators),
    )
    if isinstance(events.table, SparkTable):
        keys = case_columns(view, events.columns)
        fold_on_spark(events, events.table, accumulators, view, keys, progress=progress)
        return
    with arranged(events, view, progress=progress) as (pieces, told):
        count(pieces, accumulators, part=part, told=told)
