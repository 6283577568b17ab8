"""The fold on Spark: cases are brought together and ordered there, every partition folds itself, only states travel.

The order within a case is time, then ``order`` where the log has it, then the event's name; whatever else two rows of one
name and time could differ in that a figure shows (touchpoint, outcome, segment) orders them too, so that a figure never depends
on how Spark cut or moved the rows.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence.engines.spark import SparkTable, quoted, spark_functions
from journeykit.measures._spark_packing import ROWS, Packing, partition_keys
from journeykit.measures._spark_session import large_batches, slots, told
from journeykit.measures._spark_worker import Errand
from journeykit.measures.batches import Batch
from journeykit.problems import Problem

if TYPE_CHECKING:
    from journeykit.evidence import EventLog
    from journeykit.measures.folds import Accumulator
    from journeykit.measures.ordering import Progress, View

__all__ = ["fold_on_spark"]

Column = Any

_LAST = (1 << 63) - 1
_PARCELS = "key int, data binary"
_STATES = "partition int, state int, piece int, data binary"
_MISMATCH = "journeykit-worker:"
# Fewer rows than this are not worth a task of their own.
_FEW = 1 << 16


def fold_on_spark(
    events: EventLog,
    table: SparkTable,
    accumulators: Sequence[Accumulator[Any]],
    view: View,
    keys: tuple[str, ...],
    *,
    progress: Progress | None = None,
) -> None:
    """`journeykit.measures.fold` for a log on Spark; ``keys`` are the columns that name a case.

    ``progress`` is told the share of Spark's tasks that are done, as so many rows of all.
    """
    for accumulator in accumulators:
        accumulator._check_part(view.part)  # noqa: SLF001  (before the work, not after it)
    session, total = table.frame.sparkSession, len(table)
    if progress is not None:
        progress(0, total)
    share = None if progress is None else (lambda done: progress(int(done * total), total))
    with large_batches(session):
        states = _states(table, accumulators, view, keys, slots(session))
        pieces = told(lambda: _collected(states), session, share)
    strays = sum(int(data) for state, data in pieces if state == -1)
    if strays:
        raise ArgumentError(
            f"{strays:,} of {len(events):,} events have no {keys[-1]!r} and belong to no case; "
            "fill the column, leave those events out of the source, or count by another case"
        )
    # A frame that is made anew for every job may hold other rows every time; then nothing would fit together.
    seen = sum(int(data) for state, data in pieces if state == -2)
    if seen != total:
        raise EvidenceError([_restless(seen, total)])
    for index, accumulator in enumerate(accumulators):
        found = [pickle.loads(data) for state, data in pieces if state == index]  # noqa: S301  (see `_spark_worker.run`)
        _take(accumulator, found, view)
    if progress is not None:
        progress(total, total)


def _take(accumulator: Accumulator[Any], states: list[Any], view: View) -> None:
    if not states:
        ids = () if view.journey is None else tuple(touchpoint.id for touchpoint in view.journey.touchpoints())
        accumulator.update(_empty(view.part, ids))
        return
    whole = states[0]
    for state in states[1:]:
        whole.merge(state)
    # The partitions were those of one job; what is left is one log, as if it had been read in one piece.
    whole._as_part(view.part)  # noqa: SLF001  (these are the fold's own)
    whole._rows = _as_one_part(whole._rows, view.part)  # noqa: SLF001
    accumulator.merge(whole)


def _as_one_part(batches: Sequence[Batch], part: str) -> list[Batch]:
    """The rows that a continuing state keeps, their cases numbered through."""
    found: list[Batch] = []
    first = 0
    for batch in batches:
        found.append(attrs.evolve(batch, part=part, cases=batch.cases + first))
        first += len(batch)
    return found


def _empty(part: str, labels: tuple[str, ...]) -> Batch:
    none = np.empty(0, dtype=np.int64)
    codes = np.empty(0, dtype=np.int32)
    return Batch(
        part=part,
        labels=labels,
        cases=none,
        offsets=np.zeros(1, dtype=np.int64),
        times=none,
        codes=codes,
        segments=codes,
    )


def _states(
    table: SparkTable, accumulators: Sequence[Accumulator[Any]], view: View, keys: tuple[str, ...], slots: int
) -> Any:
    """The frame of the states of all partitions: rows packed, parcels exchanged, partitions folded."""
    count = _partitions(len(table), slots)
    rows, group = _selected(table, view, keys, count)
    errand = Errand(
        states=[accumulator._alike() for accumulator in accumulators],  # noqa: SLF001  (the fold owns the states)
        keys=tuple(f"k{i}" for i in range(len(keys))),
        labels=None if view.journey is None else tuple(touchpoint.id for touchpoint in view.journey.touchpoints()),
        names=view.names,
        order="order" in table.columns,
        group=group,
        named=view.keys,
    )
    parcels = rows.mapInArrow(_packer(Packing(keys=partition_keys(count))), _PARCELS)
    return parcels.repartition(count, "key").mapInArrow(_folder(errand), _STATES)


def _partitions(rows: int, slots: int) -> int:
    """So many that none holds more rows than a worker should, and that all tasks which run at once have one."""
    least = -(-rows // ROWS)
    wanted = max(least, min(slots, -(-rows // _FEW)), 1)
    # The last round of tasks is a full one.
    return -(-wanted // slots) * slots if slots < wanted < 8 * slots else wanted


def _selected(table: SparkTable, view: View, keys: tuple[str, ...], count: int) -> tuple[Any, str | None]:
    """The columns that are counted, with the bucket of each row; and how the values of the segment column become text."""
    f = spark_functions()
    columns = table.columns
    frame, flags = table.frame, list[str]()
    if view.journey is not None:
        frame, flags = _claimed(table, view.journey, columns)
    selected: dict[str, Column] = {f"k{i}": f.col(quoted(key)).cast("string") for i, key in enumerate(keys)}
    # Cases with one hash only share a worker: their texts go along and keep them apart.
    bucket = f.pmod(f.xxhash64(*selected.values()), f.lit(count)).cast("int")
    selected |= {"bucket": bucket, "time": f.unix_micros(f.col("time")), "event": f.col("event")}
    if "order" in columns:
        selected["order"] = f.coalesce(f.col("order"), f.lit(_LAST))
    selected |= {flag.removeprefix("_jk_"): f.col(flag) for flag in flags}
    kind = None
    if view.by is not None:
        kind, selected["group"] = _group(view.by, columns[view.by])
    return frame.select(*(column.alias(name) for name, column in selected.items())), kind


def _claimed(table: SparkTable, journey: Any, columns: dict[str, str]) -> tuple[Any, list[str]]:
    import narwhals as nw  # noqa: PLC0415

    from journeykit.evidence.matching import abandon, success, touchpoint_code  # noqa: PLC0415

    flags = {
        "_jk_code": touchpoint_code(journey, columns),
        "_jk_success": success(journey, columns),
        "_jk_abandon": abandon(journey, columns),
    }
    return nw.from_native(table.frame).with_columns(**flags).to_native(), list(flags)


def _group(name: str, kind: str) -> tuple[str, Column]:
    """How the values of a segment column become text, and the column to send."""
    f = spark_functions()
    column = f.col(quoted(name))
    if kind in {"DOUBLE", "FLOAT"}:
        # Java writes 1.0E10; as numbers they come to the worker, which writes them as DuckDB does.
        return "float", column.cast("double")
    if kind == "TIMESTAMP WITH TIME ZONE":
        return "time", f.unix_micros(column)
    return "text", column.cast("string")


def _packer(packing: Packing) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """The function that Spark takes to its workers for the rows as they lie."""
    check, data = _checker(), pickle.dumps(packing, protocol=5)

    def pack(batches: Iterator[Any]) -> Iterator[Any]:
        import pickle as unpacking  # noqa: PLC0415

        import pyarrow as pa  # noqa: PLC0415

        check()
        from journeykit.measures import _spark_packing  # noqa: PLC0415

        for keys, parcels in _spark_packing.packed(unpacking.loads(data), batches):  # noqa: S301
            yield pa.RecordBatch.from_arrays([pa.array(keys, pa.int32()), parcels], names=["key", "data"])

    return pack


def _folder(errand: Errand) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """The function that Spark takes to its workers for the parcels of a partition."""
    check, data = _checker(), pickle.dumps(errand, protocol=5)

    def fold(batches: Iterator[Any]) -> Iterator[Any]:
        import pickle as unpacking  # noqa: PLC0415

        import pyarrow as pa  # noqa: PLC0415
        from pyspark import TaskContext  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

        check()
        from journeykit.measures import _spark_worker  # noqa: PLC0415

        task = TaskContext.get()
        number = task.partitionId() if task is not None else 0
        parcels = (
            (key, parcel.as_buffer())
            for batch in batches
            for key, parcel in zip(batch.column(0).to_pylist(), batch.column(1), strict=True)
        )
        for state, piece, part in _spark_worker.run(unpacking.loads(data), parcels):  # noqa: S301
            cells = [pa.array([value], pa.int32()) for value in (number, state, piece)]
            cells.append(pa.array([part], pa.binary()))
            yield pa.RecordBatch.from_arrays(cells, names=["partition", "state", "piece", "data"])

    return fold


def _checker() -> Callable[[], None]:
    """Refuses a worker that is not as the driver is; it goes by value, so that one without journeykit can say so."""
    # Looked up, not imported: the root package lies above this room.
    version, python, mark = sys.modules["journeykit"].__version__, sys.version_info[:2], _MISMATCH

    def check() -> None:
        import sys as here  # noqa: PLC0415

        try:
            from journeykit.measures import _spark_worker  # noqa: F401, PLC0415
        except ImportError as err:
            message = f"{mark} the Python of a Spark worker, {here.executable}, cannot import journeykit ({err}){mark}"
            raise RuntimeError(message) from err
        theirs = here.modules["journeykit"].__version__
        if theirs != version or here.version_info[:2] != python:
            message = (
                f"{mark} a Spark worker runs journeykit {theirs} on Python {here.version_info[0]}.{here.version_info[1]}, "
                f"the driver {version} on {python[0]}.{python[1]}{mark}"
            )
            raise RuntimeError(message)

    return check


def _collected(states: Any) -> list[tuple[int, Any]]:
    """The states of all partitions, in the order of the partitions, each in one piece again."""
    try:
        rows = states.collect()
    except Exception as err:
        # Spark wraps what a worker raises into a class of its own, which differs between releases.
        _, found, rest = str(err).partition(_MISMATCH)
        if not found:
            raise
        said = rest.partition(_MISMATCH)[0].strip()
        raise EvidenceError([_unlike(said)]) from err
    pieces: dict[tuple[int, int], list[Any]] = {}
    for partition, state, _, data in sorted(rows, key=lambda row: tuple(row)[:3]):
        pieces.setdefault((partition, state), []).append(data)
    return [(state, data[0] if len(data) == 1 else b"".join(data)) for (_, state), data in pieces.items()]


def _unlike(said: str) -> Problem:
    hint = (
        "install the same journeykit for the same Python on every worker, and say which Python that is before the session "
        "starts: the environment variable PYSPARK_PYTHON, or spark.pyspark.python"
    )
    return Problem(code="spark-worker", message=said, hint=hint)


def _restless(seen: int, before: int) -> Problem:
    return Problem(
        code="changing-frame",
        message=f"the Spark DataFrame held {before:,} events when it was read and {seen:,} now",
        hint="give jk.read_events a frame that stays as it is: cached, or read from files that nobody writes to",
    )
