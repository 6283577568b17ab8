"""Directly-follows pairs in columns: numbers of pairs, how often and in how many cases each occurs, and every gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.measures._gathering import processors
from journeykit.measures.batches import Batch
from journeykit.measures.quantiles import MEDIAN, P90, duration, quantile

Ints = NDArray[np.int64]

_SMALL = 1 << 16
# With more stretches of gaps than this, and few gaps in each, sorting all gaps at once is cheaper than going from pair to pair.
_MANY = 1 << 16
_SHORT = 64
# From so many gaps on threads are worth their start.
_LONG = 1 << 20


@frozen(kw_only=True, eq=False)
class Gaps:
    """The pairs of some cases, rising: a pair's number is ((segment + 1) x labels + source) x labels + target.

    ``gaps`` are microseconds, those of the first pair first; pair ``i`` has ``counts[i]`` of them, in ``cases[i]`` cases.
    """

    labels: tuple[str, ...]
    groups: tuple[str, ...]
    pairs: Ints
    counts: Ints
    cases: Ints
    gaps: Ints

    @property
    def nbytes(self) -> int:
        """The bytes of the columns."""
        return self.pairs.nbytes + self.counts.nbytes + self.cases.nbytes + self.gaps.nbytes

    def whole(self) -> bool:
        """Whether the columns fit together: as many gaps as are counted, and pairs of labels that are there."""
        columns = (self.pairs, self.counts, self.cases)
        if any(column.shape != (len(self.pairs),) for column in columns) or self.gaps.ndim != 1:
            return False
        if not len(self.pairs):
            return not len(self.gaps)
        size = _size(self.groups, self.labels)
        return (
            0 <= int(self.pairs.min()) <= int(self.pairs.max()) < size
            and bool(((self.cases >= 1) & (self.cases <= self.counts) & (self.counts <= len(self.gaps))).all())
            and int(self.counts.sum()) == len(self.gaps)
        )

    @classmethod
    def of(cls, batch: Batch) -> Gaps:
        """The pairs of a batch whose rows all have labels."""
        width, size = len(batch.labels), _size(batch.groups, batch.labels)
        # numpy sorts 16 bits by radix, several times faster; stable, so that each pair's cases stay in order.
        kind: Any = np.uint16 if size < _SMALL else np.int64
        codes = batch.codes.astype(kind)
        pairs = codes[:-1] * kind(width) + codes[1:]
        owners = batch.owners()[1:]
        if len(batch.groups):
            pairs += (batch.segments + 1).astype(kind)[owners] * kind(width * width)
        # Between two cases is no pair: a number beyond all pairs comes last, and is cut off.
        pairs[batch.offsets[1:-1] - 1] = size
        order = np.argsort(pairs, kind="stable")[: max(len(codes) - len(batch), 0)]
        pairs, owners = pairs[order], owners[order]
        change = np.concatenate([[True], pairs[1:] != pairs[:-1]])[: len(pairs)]
        starts = np.flatnonzero(change)
        change[1:] |= owners[1:] != owners[:-1]
        return cls(
            labels=batch.labels,
            groups=batch.groups,
            pairs=pairs[starts].astype(np.int64),
            counts=np.diff(np.append(starts, len(pairs))),
            cases=np.add.reduceat(change, starts, dtype=np.int64) if len(starts) else starts,
            gaps=np.diff(batch.times)[order],
        )

    def recoded(self, labels: tuple[str, ...], groups: tuple[str, ...]) -> Gaps:
        """The same pairs under other lists of labels and segments, which hold these at least; pairs rise no more."""
        if (labels, groups) == (self.labels, self.groups):
            return self
        place = {label: i for i, label in enumerate(labels)}
        group = {name: i for i, name in enumerate(groups)}
        places = np.array([place[label] for label in self.labels], dtype=np.int64)
        segments = np.array([0, *(group[name] + 1 for name in self.groups)], dtype=np.int64)
        old, new = len(self.labels), len(labels)
        rest, target = np.divmod(self.pairs, old)
        segment, source = np.divmod(rest, old)
        pairs = (segments[segment] * new + places[source]) * new + places[target]
        return Gaps(labels=labels, groups=groups, pairs=pairs, counts=self.counts, cases=self.cases, gaps=self.gaps)


@frozen(kw_only=True)
class Pair:
    """One pair over all cases."""

    segment: str | None
    source: str
    target: str
    count: int
    cases: int
    median: timedelta
    p90: timedelta


def pairs_of(pieces: Sequence[Gaps]) -> Iterator[Pair]:
    """Every pair over all pieces, with the quantiles of its gaps, in no order worth knowing."""
    if not pieces:
        return
    labels = pieces[0].labels
    groups = pieces[0].groups
    if any((piece.labels, piece.groups) != (labels, groups) for piece in pieces):
        labels = tuple(sorted({label for piece in pieces for label in piece.labels}))
        groups = tuple(sorted({name for piece in pieces for name in piece.groups}))
    _size(groups, labels)
    pieces = [piece.recoded(labels, groups) for piece in pieces]
    every = np.concatenate([piece.pairs for piece in pieces])
    pairs, at = np.unique(every, return_inverse=True)
    counts = np.zeros(len(pairs), dtype=np.int64)
    cases = np.zeros(len(pairs), dtype=np.int64)
    np.add.at(counts, at, np.concatenate([piece.counts for piece in pieces]))
    np.add.at(cases, at, np.concatenate([piece.cases for piece in pieces]))
    scattered = len(every) > _MANY and int(counts.sum()) < _SHORT * len(every)
    found = _sorted(pieces, at, counts) if scattered else _gathered(pieces, at, counts)
    width = max(len(labels), 1)
    for number, count, having, (median, p90) in zip(
        pairs.tolist(), counts.tolist(), cases.tolist(), found, strict=True
    ):
        rest, target = divmod(number, width)
        segment, source = divmod(rest, width)
        yield Pair(
            segment=groups[segment - 1] if segment else None,
            source=labels[source],
            target=labels[target],
            count=count,
            cases=having,
            median=median,
            p90=p90,
        )


def _size(groups: Sequence[str], labels: Sequence[str]) -> int:
    """How many pairs there can be; `ArgumentError` where their numbers do not fit 64 bits, for they would run into each other."""
    size = (len(groups) + 1) * len(labels) ** 2
    if size >= 1 << 63:
        raise ArgumentError(
            f"{len(labels):,} event names in {len(groups):,} segments make more pairs than can be told apart; "
            "use fewer names (a journey's touchpoints) or a by= column with fewer values"
        )
    return size


_Quantiles = tuple[timedelta, timedelta]


def _gathered(pieces: Sequence[Gaps], at: Ints, counts: Ints) -> Iterator[_Quantiles]:
    """The quantiles pair by pair, each from its stretches of the pieces."""
    stretches: list[list[Ints]] = [[] for _ in counts]
    start = 0
    for piece in pieces:
        ends = np.cumsum(piece.counts)
        mine = at[start : start + len(piece.pairs)]
        start += len(piece.pairs)
        for pair, low, high in zip(mine.tolist(), (ends - piece.counts).tolist(), ends.tolist(), strict=True):
            stretches[pair].append(piece.gaps[low:high])
    if int(counts.sum()) < _LONG:
        yield from map(_middle, stretches)
        return
    with ThreadPoolExecutor(processors()) as pool:
        yield from pool.map(_middle, stretches)


def _middle(stretch: list[Ints]) -> _Quantiles:
    median, p90 = duration(stretch, MEDIAN, P90)
    assert median is not None and p90 is not None  # noqa: S101, PT018  (a pair has a gap)
    return median, p90


def _sorted(pieces: Sequence[Gaps], at: Ints, counts: Ints) -> Iterator[_Quantiles]:
    """The quantiles of very many pairs, from one sort of all gaps."""
    owners = np.repeat(at, np.concatenate([piece.counts for piece in pieces]))
    gaps = np.concatenate([piece.gaps for piece in pieces])
    gaps = gaps[np.lexsort((gaps, owners))]
    ends = np.cumsum(counts)
    for low, high in zip((ends - counts).tolist(), ends.tolist(), strict=True):
        median, p90 = (quantile(gaps[low:high], share) for share in (MEDIAN, P90))
        assert median is not None and p90 is not None  # noqa: S101, PT018  (a pair has a gap)
        yield timedelta(microseconds=median), timedelta(microseconds=p90)
