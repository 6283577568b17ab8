"""One thread a measure, so that the engine sorts on while the batches that are there are counted.

Every measure still sees every batch once and in order, so no figure depends on it; numpy counts outside Python's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from queue import Queue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from journeykit.measures.batches import Batch
    from journeykit.measures.folds import Accumulator

__all__ = ["count"]

# Batches that may wait for one measure: few, for each holds a million numbers.
_AHEAD = 2


def count(batches: Iterator[Batch], accumulators: Sequence[Accumulator[Any]]) -> None:
    """Show every batch to every accumulator; what one of them raises is raised here, after which no more is counted."""
    first = next(batches, None)
    second = next(batches, None)
    if first is None or second is None:
        # A single batch is counted sooner than threads are started, and an error has the shortest way.
        for accumulator in accumulators if first is not None else ():
            accumulator.update(first)  # type: ignore[arg-type]
        return
    with _threads(accumulators) as workers:
        for batch in chain((first, second), batches):
            for worker in workers:
                worker.take(batch)


class _Worker:
    def __init__(self, accumulator: Accumulator[Any]) -> None:
        self.failure: BaseException | None = None
        self._stopped = False
        self._accumulator = accumulator
        self._queue: Queue[Batch | None] = Queue(_AHEAD)
        self._thread = threading.Thread(target=self._run, name=f"journeykit {type(accumulator).__name__}", daemon=True)
        self._thread.start()

    def take(self, batch: Batch) -> None:
        if self.failure is not None:
            raise self.failure
        self._queue.put(batch)

    def finish(self, *, abandoned: bool) -> None:
        """Wait until all is counted, or only until the batch at hand is."""
        self._stopped = abandoned
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        # After a failure it goes on taking, so that whoever gives does not wait for ever.
        while (batch := self._queue.get()) is not None:
            if self.failure is None and not self._stopped:
                try:
                    self._accumulator.update(batch)
                except BaseException as err:  # noqa: BLE001  (raised again in the thread that asked)
                    self.failure = err


@contextmanager
def _threads(accumulators: Sequence[Accumulator[Any]]) -> Iterator[list[_Worker]]:
    workers: list[_Worker] = []
    abandoned = True
    try:
        # One by one: where a thread cannot be started, those before it are known and end.
        workers.extend(_Worker(accumulator) for accumulator in accumulators)
        yield workers
        abandoned = False
    finally:
        try:
            for worker in workers:
                worker.finish(abandoned=abandoned)
        except BaseException:
            # Ctrl-C while waiting: no thread is left behind that waits for batches for ever.
            for worker in workers:
                worker.finish(abandoned=True)
            raise
    for worker in workers:
        if worker.failure is not None:
            raise worker.failure
