"""A user's Spark session for the time of one job: how many tasks it runs at once, how far it is, how rows go to Python."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any, TypeVar
from uuid import uuid4

__all__ = ["large_batches", "slots", "told"]

T = TypeVar("T")

# With a limit of bytes Spark (4.1 to 4.3) asks all Arrow columns for their sizes at every row, which is half of what it costs
# to send short rows to Python; the largest number means no limit. The number of rows limits a batch still.
_SETTINGS = {
    "spark.sql.execution.arrow.maxBytesPerBatch": str((1 << 31) - 1),
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(1 << 16),
}
_LOCK = threading.Lock()
_OPEN: dict[int, tuple[int, dict[str, str | None]]] = {}
# Where a server does not say how many tasks it runs at once.
_SOME = 16
_PATIENCE = 0.25


def slots(session: Any) -> int:
    """How many tasks the session runs at once; a guess over Spark Connect, which does not say."""
    try:
        return max(int(session.sparkContext.defaultParallelism), 1)
    except Exception:  # noqa: BLE001  (each release and each client says in its own way that it has no such thing)
        return _SOME


@contextmanager
def large_batches(session: Any) -> Iterator[None]:
    """While it is open, Spark sends rows to Python in large batches; then the session has its own settings again."""
    with _LOCK:
        count, before = _OPEN.get(id(session), (0, {}))
        if not count:
            before = _set(session)
        _OPEN[id(session)] = count + 1, before
    try:
        yield
    finally:
        with _LOCK:
            count, before = _OPEN.pop(id(session))
            if count > 1:
                # Another thread's job goes on.
                _OPEN[id(session)] = count - 1, before
            else:
                _restore(session, before)


def _set(session: Any) -> dict[str, str | None]:
    before: dict[str, str | None] = {}
    # A service may not let its settings be changed: then it is only slower.
    with suppress(Exception):
        own = session.conf.getAll
        for name, value in _SETTINGS.items():
            session.conf.set(name, value)
            before[name] = own.get(name)
    return before


def _restore(session: Any, before: dict[str, str | None]) -> None:
    # The session may have been stopped, which the user hears of elsewhere.
    with suppress(Exception):
        for name, value in before.items():
            if value is None:
                session.conf.unset(name)
            else:
                session.conf.set(name, value)


def told(job: Callable[[], T], session: Any, share: Callable[[float], None] | None) -> T:
    """The result of a job; ``share`` is told how much of it is done (0 to 1, rising), in the thread that asked.

    Ctrl-C ends the job on the cluster, too.
    """
    if share is None:
        return job()
    if hasattr(session, "registerProgressHandler") and not hasattr(session, "_jsc"):
        return _told_by_server(job, session, share)
    return _told_by_tracker(job, session, share)


class _Share:
    """How much is done: every stage counts alike, and there are two at least, before and after the exchange."""

    def __init__(self, share: Callable[[float], None]) -> None:
        self._share = share
        self._most = 0.0

    def tell(self, stages: dict[int, float]) -> None:
        done = sum(stages.values()) / max(len(stages), 2)
        if self._most < done < 1:
            self._most = done
            self._share(done)


def _told_by_tracker(job: Callable[[], T], session: Any, share: Callable[[float], None]) -> T:
    context, group = session.sparkContext, f"journeykit-{uuid4().hex}"
    found: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        context.setJobGroup(group, "journeykit counts")
        try:
            found.append(job())
        except BaseException as err:  # noqa: BLE001  (raised again in the thread that asked)
            failed.append(err)

    # It takes the user's own properties along (pool, tags), and leaves the user's job group alone.
    thread = import_module("pyspark").InheritableThread(target=run, daemon=True)
    shown, stages = _Share(share), dict[int, float]()
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_PATIENCE)
            shown.tell(_stages(context.statusTracker(), group, stages))
    except BaseException:
        with suppress(Exception):
            context.cancelJobGroup(group)
        thread.join()
        raise
    if failed:
        raise failed[0]
    return found[0]


def _stages(tracker: Any, group: str, known: dict[int, float]) -> dict[int, float]:
    """The share of each stage; one that Spark has forgotten since is what it was."""
    for number in tracker.getJobIdsForGroup(group):
        job = tracker.getJobInfo(number)
        for stage in job.stageIds if job is not None else ():
            info = tracker.getStageInfo(stage)
            if info is not None and info.numTasks:
                known[stage] = info.numCompletedTasks / info.numTasks
    return known


def _told_by_server(job: Callable[[], T], session: Any, share: Callable[[float], None]) -> T:
    shown = _Share(share)

    def tell(stages: Any, inflight_tasks: int, operation_id: str | None, done: bool) -> None:  # noqa: ARG001
        shown.tell({s.stage_id: s.num_completed_tasks / s.num_tasks for s in stages or () if s.num_tasks})

    session.registerProgressHandler(tell)
    try:
        return job()
    finally:
        session.removeProgressHandler(tell)
