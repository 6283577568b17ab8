"""One batch seen case by case: where each path ends, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.measures.batches import Batch

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class CaseArrays:
    """The cases on the map; fields as in `Paths`. ``gave_up``: an abandon event was seen."""

    part: str
    numbers: Ints
    offsets: Ints
    codes: NDArray[np.int32]
    times: Ints
    cut: Ints
    success_code: NDArray[np.int32]
    converted: Bools
    late: Bools
    gave_up: Bools
    first: Ints
    ended: Ints

    @property
    def nbytes(self) -> int:
        """The bytes of all arrays."""
        arrays = (getattr(self, a.name) for a in attrs.fields(CaseArrays) if a.name != "part")
        return int(sum(array.nbytes for array in arrays))

    def whole(self) -> bool:
        """Whether the columns fit together: as many values as cases or visits, and ends inside the paths."""
        cases, visits = len(self.numbers), len(self.codes)
        long = {"codes": visits, "times": visits, "offsets": cases + 1}
        fields = (a.name for a in attrs.fields(CaseArrays) if a.name != "part")
        if any(getattr(self, name).shape != (long.get(name, cases),) for name in fields):
            return False
        lengths = np.diff(self.offsets)
        inside = bool((lengths >= 0).all()) and bool(((self.cut >= 0) & (self.cut <= lengths)).all())
        return inside and (int(self.offsets[0]), int(self.offsets[-1])) == (0, visits)

    @classmethod
    def all(cls, pieces: Sequence[CaseArrays]) -> CaseArrays:
        """The pieces as one, in the order of first events however the cases were cut, numbered and merged.

        Cases that begin at one time stand in an order that follows from what they are, so that every engine draws the same
        samples of them; only cases that are equal in everything can change places.
        """
        if not pieces:
            none = {name: np.empty(0, dtype=kind) for name, kind in _KINDS.items()}
            return cls(part="", offsets=np.zeros(1, dtype=np.int64), **none)
        whole = {name: np.concatenate([getattr(piece, name) for piece in pieces]) for name in _KINDS}
        lengths = np.concatenate([np.diff(piece.offsets) for piece in pieces])
        starts = np.cumsum(lengths) - lengths
        order = _order(whole, starts, lengths)
        offsets = np.concatenate([[0], np.cumsum(lengths[order])]).astype(np.int64)
        # Row j of case i of the result is row starts[order[i]] + j of the pieces.
        rows = np.repeat(starts[order] - offsets[:-1], lengths[order]) + np.arange(offsets[-1])
        sorted_ = {name: values[rows if name in ("codes", "times") else order] for name, values in whole.items()}
        return cls(part="", offsets=offsets, **sorted_)


def _order(whole: dict[str, NDArray[Any]], starts: Ints, lengths: Ints) -> Ints:
    first = whole["first"]
    order = np.argsort(first, kind="stable")
    ordered = first[order]
    tied = np.zeros(len(order), dtype=np.bool_)
    tied[1:] = ordered[1:] == ordered[:-1]
    tied[:-1] |= tied[1:]
    if not tied.any():
        return order
    order[tied] = (some := order[tied])[np.lexsort((_digest(whole, starts, lengths, some), first[some]))]
    return order


# Odd constants of 64 bits (the golden ratio's, and those of MurmurHash 3), to mix the bits of whole numbers.
_MIX = np.array([0x9E3779B97F4A7C15, 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53], dtype=np.uint64)


def _digest(whole: dict[str, NDArray[Any]], starts: Ints, lengths: Ints, some: Ints) -> NDArray[np.uint64]:
    """A number for each of some cases that follows from its figures alone; it orders them and stands for nothing else."""
    found = np.zeros(len(some), dtype=np.uint64)
    for name in sorted(_KINDS):
        if name not in ("numbers", "codes", "times"):
            found = _mixed(found ^ whole[name][some].astype(np.int64).view(np.uint64))
    sizes = lengths[some]
    found = _mixed(found ^ sizes.view(np.uint64))
    rows = np.repeat(starts[some] - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) + np.arange(sizes.sum())
    place = np.arange(len(rows)) - np.repeat(np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
    visits = _mixed(whole["times"][rows].view(np.uint64) + place.view(np.uint64) * _MIX[0])
    visits = _mixed(visits ^ whole["codes"][rows].astype(np.int64).view(np.uint64))
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(visits, dtype=np.uint64)])
    ends = np.cumsum(sizes)
    return _mixed(found ^ (sums[ends] - sums[ends - sizes]))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(33))) * _MIX[1]
    values = (values ^ (values >> np.uint64(33))) * _MIX[2]
    return np.asarray(values ^ (values >> np.uint64(33)), dtype=np.uint64)


_KINDS: dict[str, type[Any]] = {
    "numbers": np.int64,
    "codes": np.int32,
    "times": np.int64,
    "cut": np.int64,
    "success_code": np.int32,
    "converted": np.bool_,
    "late": np.bool_,
    "gave_up": np.bool_,
    "first": np.int64,
    "ended": np.int64,
}


def cases_of(batch: Batch, within: int | None) -> CaseArrays:
    """The batch's cases that are on the map; ``within`` in microseconds from the case's first event, inclusive.

    The window closes the path: what comes after it is neither success nor abandonment, and no part of the path.
    """
    starts, stops = batch.offsets[:-1], batch.offsets[1:]
    owners = batch.owners()
    claimed = batch.codes >= 0
    first = batch.times[starts]
    inside = np.ones(len(batch.times), dtype=np.bool_) if within is None else batch.times - first[owners] <= within
    ends = starts + np.bincount(owners[inside], minlength=len(batch)) - 1
    ended = batch.times[ends]
    success = np.full(len(batch), -1, dtype=np.int64)
    winning = np.flatnonzero(batch.success)
    cases, at = np.unique(owners[winning], return_index=True)
    success[cases] = winning[at]
    has = success >= 0
    converted = has & inside[success]
    ended[converted] = batch.times[success[converted]]
    gave_up = np.zeros(len(batch), dtype=np.bool_)
    gave_up[owners[batch.abandon & inside]] = True
    visits = np.concatenate([[0], np.cumsum(claimed)])
    lengths = visits[stops] - visits[starts]
    cut = np.where(converted, visits[success], visits[ends + 1]) - visits[starts]
    success_code = np.where(converted, batch.codes[success], -1).astype(np.int32)
    on_map = (lengths > 0) | has
    on_map[owners[batch.abandon]] = True
    rows = claimed & on_map[owners]
    return CaseArrays(
        part=batch.part,
        numbers=batch.cases[on_map],
        offsets=np.concatenate([[0], np.cumsum(lengths[on_map])]).astype(np.int64),
        codes=batch.codes[rows],
        times=batch.times[rows],
        cut=cut[on_map],
        success_code=success_code[on_map],
        converted=converted[on_map],
        late=(has & ~converted)[on_map],
        gave_up=gave_up[on_map],
        first=first[on_map],
        ended=ended[on_map],
    )
