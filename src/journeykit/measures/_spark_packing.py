"""What a Spark worker does before the exchange: rows become parcels of columns, one for each partition to come.

Spark exchanges and sorts row by row; of a log's short rows that is most of the work. A parcel holds the rows of many cases as
Arrow columns, names as numbers, so that the exchange moves a few large values, and the order is made where the parcels are
opened (`_spark_worker`), of whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["ROWS", "Packing", "opened", "packed", "partition_keys"]

ROWS = 1 << 19
"""Rows that a worker holds at once: large enough for numpy, small beside the memory that a cluster leaves to Python."""

# Long ids: an array of texts of Arrow ends at 2 GB.
_BYTES = 1 << 28
_TEXTS = ("event", "group")


@frozen(kw_only=True)
class Packing:
    """Into which partitions rows go: those with bucket ``i`` travel under the key ``keys[i]``."""

    keys: Sequence[int]


def packed(packing: Packing, batches: Iterator[Any]) -> Iterator[tuple[list[int], Any]]:
    """The rows of Arrow batches as keys and an Arrow array with the parcel of each; rows of one bucket keep their order."""
    held: list[Any] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= ROWS or size >= _BYTES:
            yield _parcels(packing, held)
            held, rows, size = [], 0, 0
    if rows:
        yield _parcels(packing, held)


def opened(parcels: Sequence[Any]) -> Any:
    """The rows of several parcels as one Arrow table in one piece, their names under common numbers."""
    import pyarrow as pa  # noqa: PLC0415  (Spark brings it)

    batches = [pa.ipc.open_stream(parcel).read_next_batch() for parcel in parcels]
    return pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()


def _parcels(packing: Packing, batches: Sequence[Any]) -> tuple[list[int], Any]:
    import pyarrow as pa  # noqa: PLC0415

    table = pa.Table.from_batches(batches).combine_chunks()
    buckets = table.column("bucket").to_numpy()
    table = table.drop_columns(["bucket"])
    for name in _TEXTS:
        place = table.schema.get_field_index(name)
        if place >= 0 and not pa.types.is_primitive(table.schema.field(place).type):
            table = table.set_column(place, name, table.column(place).dictionary_encode())
    counts = np.bincount(buckets, minlength=len(packing.keys))
    ends = np.cumsum(counts)
    (whole,) = table.take(pa.array(_grouped(buckets, len(packing.keys)))).combine_chunks().to_batches()
    found = np.flatnonzero(counts).tolist()
    cut = [whole.slice(int(ends[bucket] - counts[bucket]), int(counts[bucket])) for bucket in found]
    return [packing.keys[bucket] for bucket in found], _written(cut)


def _grouped(buckets: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    # numpy sorts 16 bits by radix, several times faster.
    kind: Any = np.uint16 if count <= 1 << 16 else np.int32
    return np.argsort(buckets.astype(kind), kind="stable")


def _written(parcels: Sequence[Any]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    # All into one buffer: an array made of many is a copy, and one made of their memoryviews never lets go of them (pyarrow 26).
    sink = pa.BufferOutputStream()
    ends = [0]
    for rows in parcels:
        with pa.ipc.new_stream(sink, rows.schema) as writer:
            writer.write_batch(rows)
        ends.append(sink.tell())
    places = pa.py_buffer(np.array(ends, dtype=np.int32))
    return pa.Array.from_buffers(pa.binary(), len(parcels), [None, places, sink.getvalue()])


def partition_keys(count: int) -> list[int]:
    """For each of ``count`` partitions the least whole number from 0 up that Spark's ``repartition`` puts there.

    Spark deals keys out by their hash, so of as many keys as partitions some would share one. Were the hash another one, all
    figures would be the same, and only the load be spread worse.
    """
    found = np.full(count, -1, dtype=np.int64)
    first, step = 0, max(16 * count, 1 << 10)
    # Some partition could go without for ever if the hash were not what it is; then it stays empty.
    while first < 64 * step and bool((found < 0).any()):
        keys = np.arange(first, first + step)
        places = _hashed(keys) % count
        # Backwards, so that the least key of a partition is the one that stays.
        fresh = found.copy()
        fresh[places[::-1]] = keys[::-1]
        found = np.where(found < 0, fresh, found)
        first += step
    return [int(key) for key in np.where(found < 0, np.arange(count), found)]


def _hashed(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """MurmurHash 3 (x86, 32 bits; Appleby 2011) of whole numbers of 32 bits with the seed 42, signed, as Spark has it."""
    mask = np.uint64(0xFFFFFFFF)

    def turned(values: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
        return ((values << np.uint64(bits)) | (values >> np.uint64(32 - bits))) & mask

    mixed = turned(keys.astype(np.uint64) * np.uint64(0xCC9E2D51) & mask, 15) * np.uint64(0x1B873593) & mask
    found = (turned(mixed ^ np.uint64(42), 13) * np.uint64(5) + np.uint64(0xE6546B64)) & mask
    found ^= np.uint64(4)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        found = (found ^ (found >> np.uint64(shift))) * np.uint64(factor) & mask
    return (found ^ (found >> np.uint64(16))).astype(np.uint32).view(np.int32).astype(np.int64)
