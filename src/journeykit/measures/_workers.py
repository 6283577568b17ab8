"""Counting in threads: each takes the next piece, puts it in order and counts it on states of its own, which are merged.

States merge to the same figures whichever of them saw which cases, so no figure depends on it; numpy works outside Python's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from journeykit.measures._gathering import processors

if TYPE_CHECKING:
    from journeykit.measures.batches import Batch
    from journeykit.measures.folds import Accumulator

    Piece = Callable[[], Batch]

__all__ = ["count"]


def count(
    pieces: Sequence[Piece],
    accumulators: Sequence[Accumulator[Any]],
    *,
    part: str = "",
    told: Callable[[int], object] = int,
) -> None:
    """Show every piece of one log to every accumulator; what one of them raises is raised here, after which no more is counted.

    ``told`` is called with the rows of each piece that was counted.
    """
    if len(pieces) == 1:
        # One piece is counted sooner than threads are started, and an error has the shortest way.
        batch = pieces[0]()
        for accumulator in accumulators:
            accumulator.update(batch)
        told(len(batch.times))
        return
    for accumulator in accumulators:
        accumulator._check_part(part)  # noqa: SLF001  (before the work, not after it)
    todo: SimpleQueue[Piece] = SimpleQueue()
    for piece in pieces:
        todo.put(piece)
    done: SimpleQueue[int | BaseException] = SimpleQueue()
    with _threads(todo, done, accumulators, min(processors(), len(pieces))) as workers:
        for _ in pieces:
            told(_rows(done.get()))
    for index, accumulator in enumerate(accumulators):
        whole = workers[0].states[index]
        for worker in workers[1:]:
            whole.merge(worker.states[index])
        # The pieces' numbers were those of one reading: what is left is one log.
        whole._as_part(part)  # noqa: SLF001
        accumulator.merge(whole)


def _rows(outcome: int | BaseException) -> int:
    try:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome
    finally:
        # An error that its own frames keep would keep all that they know.
        del outcome


class _Worker:
    def __init__(
        self,
        todo: SimpleQueue[Piece],
        done: SimpleQueue[int | BaseException],
        accumulators: Sequence[Accumulator[Any]],
    ) -> None:
        self.states = [accumulator._alike() for accumulator in accumulators]  # noqa: SLF001
        self._todo, self._done = todo, done
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="journeykit counting", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Begin no further piece."""
        self._stopped = True

    def wait(self) -> None:
        """Until it has ended."""
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped:
            try:
                piece = self._todo.get_nowait()
            except Empty:
                return
            try:
                batch = piece()
                for state in self.states:
                    state.update(batch)
                self._done.put(len(batch.times))
            except BaseException as err:  # noqa: BLE001  (raised again in the thread that asked)
                self._done.put(err)


@contextmanager
def _threads(
    todo: SimpleQueue[Piece],
    done: SimpleQueue[int | BaseException],
    accumulators: Sequence[Accumulator[Any]],
    number: int,
) -> Iterator[list[_Worker]]:
    workers: list[_Worker] = []
    try:
        # One by one: where a thread cannot be started, those before it are known and end.
        for _ in range(number):
            workers.append(_Worker(todo, done, accumulators))  # noqa: PERF401
        yield workers
    finally:
        # All pieces are counted, or no more of them shall be.
        for worker in workers:
            worker.stop()
        try:
            for worker in workers:
                worker.wait()
        except BaseException:
            # Ctrl-C while waiting: no thread is left behind.
            for worker in workers:
                worker.wait()
            raise
