"""What a fold eats: integer-coded rows of whole cases, in order."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["Batch"]

Ints = NDArray[np.int64]


@frozen(kw_only=True, eq=False)
class Batch:
    """The rows of whole cases, ordered by case, then time, then the tie rule.

    Case ``cases[i]`` (a number, unique within ``part``) owns the rows ``offsets[i]:offsets[i + 1]`` of ``times`` (UTC
    microseconds since 1970), ``codes`` (positions in ``labels``; -1: the journey claims the row nowhere), ``names``
    (positions in ``events``, the name of the event itself; empty unless asked for), ``success`` and ``abandon``. ``ties``
    counts the rows whose place behind the row before them only the tie rule decided. ``segments[i]`` is a position in
    ``groups``, -1 where no segment was asked for or the case has none. ``keys`` name the cases across logs; empty
    unless the fold is to be continued with a later log.
    """

    part: str = ""
    labels: tuple[str, ...]
    cases: Ints
    offsets: Ints
    times: Ints
    codes: NDArray[np.int32]
    segments: NDArray[np.int32]
    groups: tuple[str, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    names: NDArray[np.int32] = attrs.field(factory=lambda: np.empty(0, dtype=np.int32))
    events: tuple[str, ...] = ()
    success: NDArray[np.bool_] = attrs.field(factory=lambda: np.empty(0, dtype=np.bool_))
    abandon: NDArray[np.bool_] = attrs.field(factory=lambda: np.empty(0, dtype=np.bool_))
    ties: int = 0

    def __len__(self) -> int:
        return len(self.cases)

    def owners(self) -> Ints:
        """For every row, the index of its case in this batch."""
        return self._owners

    @cached_property
    def _owners(self) -> Ints:
        # Every measure asks for it.
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def ordered(self) -> bool:
        """Whether cases rise strictly and times never fall within a case."""
        if len(self.cases) > 1 and bool((np.diff(self.cases) <= 0).any()):
            return False
        falls = np.diff(self.times) < 0
        inner = self.offsets[1:-1]
        falls[inner[(inner > 0) & (inner < len(self.times))] - 1] = False
        return not bool(falls.any())

    def whole(self) -> bool:
        """Whether the columns fit together: as many values as rows, codes that stand for something, cases in order."""
        rows, cases = len(self.times), len(self.cases)
        optional = (self.names, self.success, self.abandon)
        fits = (
            len(self.offsets) == cases + 1
            and len(self.segments) == cases
            and len(self.keys) in (0, cases)
            and len(self.codes) == rows
            and all(len(column) in (0, rows) for column in optional)
            and (int(self.offsets[0]), int(self.offsets[-1])) == (0, rows)
            and bool((np.diff(self.offsets) >= 0).all())
        )
        return (
            fits
            and self.ordered()
            and all(
                len(codes) == 0 or (int(codes.min()) >= low and int(codes.max()) < high)
                for codes, low, high in (
                    (self.codes, -1, len(self.labels)),
                    (self.names, 0, len(self.events)),
                    (self.segments, -1, len(self.groups)),
                )
            )
        )

    def claimed(self) -> Batch:
        """Without the rows that have no label, and without the cases that have no other rows."""
        keep = self.codes >= 0
        if bool(keep.all()) and bool((np.diff(self.offsets) > 0).all()):
            return self
        counts = np.bincount(self.owners()[keep], minlength=len(self))
        return self._rows(keep, counts)

    def segment(self, index: int) -> str | None:
        """The name of a segment by its position; None for -1."""
        return self.groups[index] if index >= 0 else None

    def _rows(self, keep: NDArray[np.bool_], counts: Ints) -> Batch:
        cases = counts > 0
        rows = {
            name: values[keep] if len(values := getattr(self, name)) else values
            for name in ("times", "codes", "names", "success", "abandon")
        }
        return attrs.evolve(
            self,
            cases=self.cases[cases],
            segments=self.segments[cases],
            keys=tuple(key for key, kept in zip(self.keys, cases, strict=False) if kept),
            offsets=np.concatenate([[0], np.cumsum(counts[cases])]).astype(np.int64),
            **rows,
        )
