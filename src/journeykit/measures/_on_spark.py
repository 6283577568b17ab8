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

import numpy as np

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence.engines.spark import SparkTable, quoted, spark_functions
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
_SCHEMA = "partition int, state int, piece int, data binary"
_MISMATCH = "journeykit-worker:"


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

    ``progress`` is called when the job begins and when it ends: between the two Spark itself shows how far it is.
    """
    if any(accumulator.continuing for accumulator in accumulators):
        raise ArgumentError(
            "a state that keeps the rows of its cases (continuing=True) is not folded on Spark, where rows stay; fold each "
            "span of time apart, or read the log as files"
        )
    if progress is not None:
        progress(0, len(table))
    rows, errand = _arranged(table, accumulators, view, keys)
    pieces = _collected(rows.mapInArrow(_carrier(errand), _SCHEMA))
    strays = sum(int(data) for state, data in pieces if state == -1)
    if strays:
        raise ArgumentError(
            f"{strays:,} of {len(events):,} events have no {keys[-1]!r} and belong to no case; "
            "fill the column, leave those events out of the source, or count by another case"
        )
    # A frame that is made anew for every job may hold other rows every time; then nothing would fit together.
    seen = sum(int(data) for state, data in pieces if state == -2)
    if seen != len(table):
        raise EvidenceError([_restless(seen, len(table))])
    for index, accumulator in enumerate(accumulators):
        states = [pickle.loads(data) for state, data in pieces if state == index]  # noqa: S301  (see `_spark_worker.run`)
        _take(accumulator, states, view)
    if progress is not None:
        progress(len(table), len(table))


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
    accumulator.merge(whole)


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


def _arranged(
    table: SparkTable, accumulators: Sequence[Accumulator[Any]], view: View, keys: tuple[str, ...]
) -> tuple[Any, Errand]:
    """The rows, each case in one partition and in order, and what is to be done with them."""
    f = spark_functions()
    columns = table.columns
    frame, flags = table.frame, list[str]()
    if view.journey is not None:
        frame, flags = _claimed(table, view.journey, columns)
    selected: dict[str, Column] = {f"k{i}": f.col(quoted(key)).cast("string") for i, key in enumerate(keys)}
    names = tuple(selected)
    # Spark orders whole numbers faster than texts; the texts behind them keep cases with one hash apart.
    selected["hash"] = f.xxhash64(*selected.values())
    selected["time"] = f.unix_micros(f.col("time"))
    if "order" in columns:
        selected["order"] = f.coalesce(f.col("order"), f.lit(_LAST))
    if view.names or view.journey is None:
        selected["event"] = f.col("event")
    selected |= {flag.removeprefix("_jk_"): f.col(flag) for flag in flags}
    kind = None
    if view.by is not None:
        kind, selected["group"] = _group(view.by, columns[view.by])
    ties = [f.col("event")] if "event" not in selected else []
    rows = frame.select(*(column.alias(name) for name, column in selected.items()), *(t.alias("tie") for t in ties))
    order = ["hash", *names, "time", "order", "tie", "event", "code", "success", "abandon", "group"]
    rows = rows.repartition(*names).sortWithinPartitions(*(name for name in order if name in rows.columns))
    labels = None if view.journey is None else tuple(touchpoint.id for touchpoint in view.journey.touchpoints())
    errand = Errand(
        states=[accumulator._fresh() for accumulator in accumulators],  # noqa: SLF001  (the fold owns the states)
        keys=names,
        labels=labels,
        names=view.names,
        order="order" in columns,
        group=kind,
    )
    return rows.drop("hash", "tie"), errand


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


def _carrier(errand: Errand) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """The function that Spark takes to its workers: by value, so that a worker without journeykit can say so."""
    data = pickle.dumps(errand, protocol=5)
    # Looked up, not imported: the root package lies above this room.
    version, python, mark = sys.modules["journeykit"].__version__, sys.version_info[:2], _MISMATCH

    def carry(batches: Iterator[Any]) -> Iterator[Any]:
        import pickle as unpacking  # noqa: PLC0415
        import sys as here  # noqa: PLC0415

        import pyarrow as pa  # noqa: PLC0415
        from pyspark import TaskContext  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

        try:
            from journeykit.measures import _spark_worker  # noqa: PLC0415
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
        task = TaskContext.get()
        number = task.partitionId() if task is not None else 0
        for state, piece, part in _spark_worker.run(unpacking.loads(data), number, batches):  # noqa: S301
            yield pa.RecordBatch.from_arrays(
                [pa.array([value], kind) for value, kind in zip((number, state, piece), [pa.int32()] * 3, strict=True)]
                + [pa.array([part], pa.binary())],
                names=["partition", "state", "piece", "data"],
            )

    return carry


def _collected(states: Any) -> list[tuple[int, bytes]]:
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
    pieces: dict[tuple[int, int], list[bytes]] = {}
    for partition, state, _, data in sorted(rows, key=lambda row: tuple(row)[:3]):
        pieces.setdefault((partition, state), []).append(bytes(data))
    return [(state, b"".join(data)) for (_, state), data in pieces.items()]


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
