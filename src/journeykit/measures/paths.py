"""The journeys customers really made, seen through a map: flat arrays that scorers count, resample and solve on."""

from __future__ import annotations

from collections.abc import Collection

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.measures.batches import Batch

__all__ = ["Paths"]


@frozen(kw_only=True, eq=False)
class Paths:
    """Every case that is on the map (one claimed event, or an outcome event, at least), in order of first appearance.

    Journey ``i`` visits ``codes[offsets[i]:offsets[i + 1]]`` at ``times[...]``: positions in ``touchpoints`` (the ids in the
    order of the map), and UTC microseconds since 1970, in the order the measures use. Events that no touchpoint claims are
    not in the path but count for ``first`` and ``last``.

    A path ends at its first success inside the outcome's window, else with the window (`to_end`). ``cut[i]`` is how many
    visits lie before that success (all of the path where it has none); the success event itself is never part of that
    prefix (`before_success`), even where a touchpoint claims it: that touchpoint's position is ``success_code[i]`` (-1
    where no touchpoint claims the success event, or there is none). ``converted``, ``abandoned``, ``late`` (a success after
    the window only) and ``open`` are booleans a journey; ``ended[i]`` is the time of the success, else of the last event
    in the window.
    """

    touchpoints: tuple[str, ...]
    offsets: NDArray[np.int64]
    codes: NDArray[np.int32]
    times: NDArray[np.int64]
    cut: NDArray[np.int64]
    success_code: NDArray[np.int32]
    converted: NDArray[np.bool_]
    abandoned: NDArray[np.bool_]
    late: NDArray[np.bool_]
    open: NDArray[np.bool_]
    first: NDArray[np.int64]
    ended: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def lengths(self) -> NDArray[np.int64]:
        """The number of visits a journey."""
        return np.diff(self.offsets)

    def owners(self) -> NDArray[np.int64]:
        """For every visit, the index of its journey."""
        return np.repeat(np.arange(len(self)), self.lengths())

    def batch(self) -> Batch:
        """The visits as a fold takes them, so that a measure over touchpoints needs no further pass over the events."""
        return Batch(
            labels=self.touchpoints,
            cases=np.arange(len(self)),
            offsets=self.offsets,
            times=self.times,
            codes=self.codes,
            segments=np.full(len(self), -1, dtype=np.int32),
        )

    def to_end(self) -> Paths:
        """The paths alone, up to and including the success: without the visits that came after their end."""
        return self._headed(self.cut + (self.success_code >= 0))

    def before_success(self) -> Paths:
        """The visits that came before the success (all of the path where there is none)."""
        return self._headed(self.cut)

    def _headed(self, lengths: NDArray[np.int64]) -> Paths:
        place = np.arange(len(self.codes)) - np.repeat(self.offsets[:-1], self.lengths())
        kept = place < np.repeat(lengths, self.lengths())
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return attrs.evolve(self, offsets=offsets, codes=self.codes[kept], times=self.times[kept])

    def select(self, keep: NDArray[np.bool_]) -> Paths:
        """The journeys where ``keep`` (one boolean a journey) is true, order kept."""
        visits = np.repeat(keep, self.lengths())
        offsets = np.concatenate([[0], np.cumsum(self.lengths()[keep])]).astype(np.int64)
        per_journey = ("cut", "success_code", "converted", "abandoned", "late", "open", "first", "ended")
        changes = {name: getattr(self, name)[keep] for name in per_journey}
        return attrs.evolve(self, offsets=offsets, codes=self.codes[visits], times=self.times[visits], **changes)

    def without(self, left_out: Collection[str]) -> Paths:
        """As if the map did not have these touchpoints (ids): their visits go, and journeys that nothing else ties to it."""
        shown = np.array([id not in left_out for id in self.touchpoints], dtype=np.bool_)
        kept, owners, size = shown[self.codes], self.owners(), len(self)
        place = np.arange(len(self.codes)) - np.repeat(self.offsets[:-1], self.lengths())
        lengths = np.bincount(owners[kept], minlength=size)
        winner = self.success_code.copy()
        claimed = winner >= 0
        winner[claimed] = np.where(shown[winner[claimed]], winner[claimed], -1)
        fewer = attrs.evolve(
            self,
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            codes=self.codes[kept],
            times=self.times[kept],
            cut=np.bincount(owners[kept & (place < self.cut[owners])], minlength=size),
            success_code=winner,
        )
        # A journey without a visit is on the map by its outcome.
        outcome = (self.lengths() == 0) | self.converted | self.abandoned | self.late
        return fewer.select((lengths > 0) | outcome)
