"""One batch out of many: labels matched by name, and a later span of time put behind an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.measures.batches import Batch

Ints = NDArray[np.int64]
S = TypeVar("S", bound=np.generic)


def joined(earlier: Sequence[Batch], later: Sequence[Batch]) -> Batch:
    """All rows as one batch in which each case's later rows follow its earlier ones.

    Cases are numbered anew: those of ``earlier`` in their order, then those that only ``later`` has. Raises `ArgumentError`
    when a later event lies before the end of its case, or one state holds two cases of one name.
    """
    batches = [*earlier, *later]
    if not batches:
        raise ArgumentError("there is nothing to join: neither state has counted a batch")
    labels = _union(batch.labels for batch in batches)
    groups = _union(batch.groups for batch in batches)
    events = _union(batch.events for batch in batches)
    before, after = _cases(earlier, groups), _cases(later, groups)
    for cases in (before, after):
        if len({key for key, _ in cases}) < len(cases):
            raise ArgumentError(
                "two parts of one state hold a case of the same name, so what comes later belongs to nobody for sure; "
                "join each part on its own, or name the cases apart"
            )
    numbers, segments = _numbered([*before, *after])
    owners = [_owners(batch, numbers) for batch in batches]
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    counts = np.bincount(owner, minlength=len(numbers))
    parts = {batch.part for batch in batches if len(batch)}
    whole = Batch(
        part=parts.pop() if len(parts) == 1 else "",
        labels=labels,
        groups=groups,
        events=events,
        keys=tuple(numbers),
        cases=np.arange(len(numbers)),
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        segments=np.array(segments, dtype=np.int32),
        times=np.concatenate([batch.times for batch in batches])[order],
        codes=np.concatenate([_recoded(batch.codes, batch.labels, labels) for batch in batches])[order],
        names=_whole([_recoded(batch.names, batch.events, events) for batch in batches], order),
        success=_whole([batch.success for batch in batches], order),
        abandon=_whole([batch.abandon for batch in batches], order),
        ties=sum(batch.ties for batch in batches) + _seams(batches, owners),
    )
    if not whole.ordered():
        raise ArgumentError("the later state holds events before the end of their case in the earlier one")
    return whole


_Case = tuple[tuple[str, ...], int]


def _cases(batches: Sequence[Batch], groups: tuple[str, ...]) -> list[_Case]:
    """The name and segment of every case, in the order in which their logs numbered them, however they were cut."""
    found: list[tuple[str, int, _Case]] = []
    for batch in batches:
        segments = _recoded(batch.segments, batch.groups, groups)
        rows = zip(batch.cases.tolist(), batch.keys, segments.tolist(), strict=True)
        found += [(batch.part, number, (key, segment)) for number, key, segment in rows]
    return [case for _, _, case in sorted(found, key=lambda entry: entry[:2])]


def _numbered(cases: Sequence[_Case]) -> tuple[dict[tuple[str, ...], int], list[int]]:
    numbers: dict[tuple[str, ...], int] = {}
    segments: list[int] = []
    for key, segment in cases:
        if numbers.setdefault(key, len(numbers)) == len(segments):
            segments.append(segment)
    return numbers, segments


def _union(labels: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for some in labels:
        found.update(dict.fromkeys(some))
    return tuple(found)


def _recoded(codes: NDArray[np.int32], old: tuple[str, ...], new: tuple[str, ...]) -> NDArray[np.int32]:
    if old == new[: len(old)]:
        return codes
    places = {label: place for place, label in enumerate(new)}
    # The last entry is what -1, "none of them", points to.
    return np.array([*(places[label] for label in old), -1], dtype=np.int32)[codes]


def _whole(parts: list[NDArray[S]], order: Ints) -> NDArray[S]:
    rows = np.concatenate(parts)
    return rows[order] if len(rows) else rows


def _seams(batches: Sequence[Batch], owners: Sequence[Ints]) -> int:
    """How many cases go on in a later batch at the very time at which they ended: the cut decided the order."""
    last: dict[int, int] = {}
    ties = 0
    for batch, owner in zip(batches, owners, strict=True):
        starts, ends = batch.offsets[:-1], batch.offsets[1:] - 1
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            case = int(owner[start])
            ties += last.get(case) == int(batch.times[start])
            last[case] = int(batch.times[end])
    return ties


def _owners(batch: Batch, numbers: Mapping[tuple[str, ...], int]) -> Ints:
    own = np.array([numbers[key] for key in batch.keys], dtype=np.int64)
    return np.repeat(own, np.diff(batch.offsets))
