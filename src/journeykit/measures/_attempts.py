"""Which cases reach which step of a funnel, and how long after the entry: three ways of looking, all cases at once.

Each function returns, for every step, the cases (their index in the batch) that reach it and the microseconds from the entry
of step 1 in the attempt that reached it first; of several entries that lead to the same moment, the latest counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from journeykit.measures.batches import Batch

Ints = NDArray[np.int64]
Attempts = list[tuple[Ints, Ints]]


def in_order(batch: Batch, steps: Sequence[int], window: int | None) -> Attempts:
    """The steps one after another, anything in between.

    ``entry[i]`` is the row of the latest entry from which the step is reached at row i or before; the latest
    entry leaves the most of the window, so no other needs to be remembered (as ClickHouse's windowFunnel does).
    """
    wanted = np.zeros(len(batch.labels), dtype=np.bool_)
    wanted[[step for step in steps if step >= 0]] = True
    rows = np.flatnonzero(wanted[batch.codes]) if len(wanted) else np.empty(0, dtype=np.int64)
    codes, times, owners = batch.codes[rows], batch.times[rows], batch.owners()[rows]
    place = np.arange(len(rows))
    # A row of an earlier case lies before the first row of this one: that is how a leak is told.
    begin = np.searchsorted(rows, batch.offsets[:-1])[owners] if len(rows) else owners
    entry = np.maximum.accumulate(np.where(codes == steps[0], place, -1))
    found = [_firsts(owners, codes == steps[0], np.zeros(len(rows), dtype=np.int64))]
    for step in steps[1:]:
        before = np.concatenate([[-1], entry[:-1]])[: len(rows)]
        here = (codes == step) & (before >= begin)
        spent = times - times[before] if len(rows) else times
        if window is not None:
            here &= spent <= window
        found.append(_firsts(owners, here, spent))
        entry = np.maximum.accumulate(np.where(here, before, -1))
    return found


def strictly(batch: Batch, steps: Sequence[int], window: int | None) -> Attempts:
    """The very next event must be the next step."""
    codes, times, owners = batch.codes, batch.times, batch.owners()
    here = codes == steps[0]
    found = [_firsts(owners, here, np.zeros(len(codes), dtype=np.int64))]
    for depth, step in enumerate(steps[1:], start=1):
        begun = np.zeros(len(codes), dtype=np.bool_)
        begun[1:] = here[:-1] & (owners[1:] == owners[:-1])
        here = begun & (codes == step)
        spent = np.zeros(len(codes), dtype=np.int64)
        spent[depth:] = times[depth:] - times[:-depth] if depth < len(times) else 0
        if window is not None:
            here &= spent <= window
        found.append(_firsts(owners, here, spent))
    return found


def any_order(batch: Batch, steps: Sequence[int], window: int | None) -> Attempts:
    """Steps 2 to k all come after an entry of step 1, in whatever order."""
    codes, times, owners = batch.codes, batch.times, batch.owners()
    entries = np.flatnonzero(codes == steps[0])
    ends = batch.offsets[1:][owners[entries]]
    found = [_firsts(owners, codes == steps[0], np.zeros(len(codes), dtype=np.int64))]
    reached = entries.copy()
    alive = np.ones(len(entries), dtype=np.bool_)
    for step in steps[1:]:
        # The next row with this step, from each row on.
        ahead = np.where(codes == step, np.arange(len(codes)), len(codes))
        following = np.append(np.minimum.accumulate(ahead[::-1])[::-1], len(codes))[entries + 1]
        alive &= following < ends
        if window is not None and len(codes):
            alive &= times[np.minimum(following, len(codes) - 1)] - times[entries] <= window
        reached = np.maximum(reached, following)
        found.append(_soonest(owners, times, entries[alive], reached[alive]))
    return found


def _firsts(owners: Ints, here: NDArray[np.bool_], spent: Ints) -> tuple[Ints, Ints]:
    rows = np.flatnonzero(here)
    cases = owners[rows]
    # Owners rise, so the first row of a case is where its number is new.
    fresh = np.flatnonzero(np.concatenate([[True], cases[1:] != cases[:-1]])[: len(cases)])
    return cases[fresh], spent[rows[fresh]]


def _soonest(owners: Ints, times: Ints, entries: Ints, reached: Ints) -> tuple[Ints, Ints]:
    order = np.lexsort((-entries, reached, owners[entries]))
    entries, reached = entries[order], reached[order]
    cases, first = np.unique(owners[entries], return_index=True)
    return cases, times[reached[first]] - times[entries[first]]
