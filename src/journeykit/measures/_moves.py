"""What directly follows what on the map, counted over flat paths without a loop."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journeykit.measures.paths import Paths
from journeykit.results import Move

Counts = NDArray[np.int64]

_SHORT = 16


def moves_of(paths: Paths) -> tuple[Move, ...]:
    """Every move that was made, in the order of the map: starts first, and after each source's targets its ends.

    Paths count to their end: what came after a success is no move. A journey without a visit (its outcome is all there is)
    moves from its start to its end.
    """
    ended = paths.to_end()
    size, lengths = len(ended.touchpoints), ended.lengths()
    known = lengths > 0
    # A journey starts and ends once, so what is counted there is journeys as well.
    starts = np.bincount(ended.codes[ended.offsets[:-1][known]], minlength=size)
    finishes = np.bincount(ended.codes[ended.offsets[1:][known] - 1], minlength=size)
    counts, journeys = _inner(ended, lengths)
    names = ended.touchpoints
    found = [_move(None, names[target], starts[target], starts[target]) for target in np.flatnonzero(starts).tolist()]
    if empty := int((~known).sum()):
        found.append(_move(None, None, empty, empty))
    for source in range(size):
        targets = np.flatnonzero(counts[source]).tolist()
        found += [_move(names[source], names[t], counts[source, t], journeys[source, t]) for t in targets]
        if finishes[source]:
            found.append(_move(names[source], None, finishes[source], finishes[source]))
    return tuple(found)


def _move(source: str | None, target: str | None, count: Any, journeys: Any) -> Move:
    return Move(source=source, target=target, count=int(count), journeys=int(journeys))


def _inner(ended: Paths, lengths: Counts) -> tuple[Counts, Counts]:
    """From each touchpoint (row) to each (column): how often, and in how many journeys."""
    size = len(ended.touchpoints)
    here = np.ones(max(0, len(ended.codes) - 1), dtype=np.bool_)
    last = ended.offsets[1:][lengths > 0] - 1
    here[last[:-1]] = False
    codes = ended.codes.astype(np.int64)
    pairs = (codes[:-1] * size + codes[1:])[here]
    counts = np.bincount(pairs, minlength=size * size)
    steps = np.maximum(lengths - 1, 0)
    again = moved_again(pairs, steps)
    journeys = counts - np.bincount(pairs[again], minlength=size * size)
    return counts.reshape(size, size), journeys.reshape(size, size)


def moved_again(pairs: Counts, steps: Counts) -> NDArray[np.bool_]:
    """Which moves their journey made before. ``steps`` is how many each journey makes."""
    found = np.zeros(len(pairs), dtype=np.bool_)
    starts = np.cumsum(steps) - steps
    place = np.arange(len(pairs)) - np.repeat(starts, steps)
    # Most journeys are short: looking back step by step is many times faster than sorting them all.
    at = np.flatnonzero(place)
    short = np.repeat(steps <= _SHORT, steps)
    at = at[short[at]]
    for back in range(1, _SHORT):
        at = at[place[at] >= back]
        if not len(at):
            break
        found[at] |= pairs[at] == pairs[at - back]
    long = np.flatnonzero(~short)
    if len(long):
        whose = np.repeat(np.arange(len(steps)), steps)[long]
        order = np.lexsort((long, pairs[long], whose))
        same = (whose[order][1:] == whose[order][:-1]) & (pairs[long][order][1:] == pairs[long][order][:-1])
        found[long[order[1:][same]]] = True
    return found
