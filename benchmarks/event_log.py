"""One synthetic event log for every contender of `peers.py`: the same rows on every machine, written in pieces.

Customers walk a Markov chain over twelve event names, ten events on average (geometric lengths); a gap is some minutes, one
in eight some days. Rows are sorted by time within pieces of about ten million, and the pieces follow each other in
time, as the files of a log do. Ids are texts (``u00000017``) unless numbers are asked for. Times are UTC, in milliseconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

EVENTS = (
    "home", "catalog", "search", "product", "reviews", "cart", "checkout", "payment", "purchase", "help", "account", "exit",
)  # fmt: skip
FUNNEL = ("home", "product", "cart", "purchase")
_MEAN = 10
_PIECE = 10_000_000
_MINUTE, _DAY = 60_000, 86_400_000
_START = 1_704_067_200_000  # 2024-01-01


def write(path: Path, rows: int, *, numbers: bool = False) -> Path:
    """A Parquet file of exactly ``rows`` rows: customer, time, event, channel."""
    if path.exists():
        return path
    part = path.with_suffix(".part")
    kind = pa.int64() if numbers else pa.string()
    schema = pa.schema([
        ("customer", kind), ("time", pa.timestamp("us", tz="UTC")), ("event", pa.string()), ("channel", pa.string()),
    ])  # fmt: skip
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for customer, time, event, channel in _pieces(rows):
            ids = pa.array(customer)
            if not numbers:
                ids = pa.array(np.char.add("u", np.char.zfill(customer.astype("U8"), 8)))
            table = pa.table(
                [
                    ids,
                    pa.array(time * 1000, type=pa.timestamp("us", tz="UTC")),
                    pa.DictionaryArray.from_arrays(event, list(EVENTS)).cast(pa.string()),
                    pa.DictionaryArray.from_arrays(channel, ["web", "app", "store"]).cast(pa.string()),
                ],
                schema=schema,
            )
            writer.write_table(table, row_group_size=122_880)
    part.replace(path)
    return path


Ints = NDArray[np.int64]


def _pieces(rows: int) -> Iterator[tuple[Ints, Ints, NDArray[np.int32], NDArray[np.int32]]]:
    done = first = piece = 0
    while done < rows:
        chance = np.random.default_rng([20241121, piece])
        lengths = chance.geometric(1 / _MEAN, size=min(rows - done, _PIECE) // _MEAN + 1)
        if done + lengths.sum() < rows and rows - done <= _PIECE:
            lengths[-1] += rows - done - lengths.sum()
        columns = _walks(chance, lengths, first, piece)
        keep = min(rows - done, len(columns[0]))
        yield tuple(column[:keep] for column in columns)  # type: ignore[misc]
        done += keep
        first += len(lengths)
        piece += 1


def _walks(
    chance: np.random.Generator, lengths: Ints, first: int, piece: int
) -> tuple[Ints, Ints, NDArray[np.int32], NDArray[np.int32]]:
    moves = _chain()
    ends = lengths.cumsum()
    starts = ends - lengths
    total = int(ends[-1])
    event = np.empty(total, dtype=np.int32)
    event[starts] = np.searchsorted([0.6, 0.8, 0.95], chance.random(len(lengths)))
    alive = np.flatnonzero(lengths > 1)
    step = 1
    while len(alive):
        rows = starts[alive] + step
        draws = chance.random(len(alive))
        event[rows] = (moves[event[rows - 1]] < draws[:, None]).sum(axis=1)
        step += 1
        alive = alive[lengths[alive] > step]
    gap = (chance.exponential(4 * _MINUTE, total) + 200).astype(np.int64)
    late = chance.random(total) < 1 / 8
    gap[late] += chance.exponential(3 * _DAY, int(late.sum())).astype(np.int64)
    gap[starts] = 0
    begun = _START + piece * 30 * _DAY + chance.integers(0, 30 * _DAY, len(lengths))
    spent = gap.cumsum()
    time = spent - np.repeat(spent[starts], lengths) + np.repeat(begun, lengths)
    customer = np.repeat(np.arange(first, first + len(lengths)), lengths)
    order = np.argsort(time, kind="stable")
    channel = chance.integers(0, 3, total).astype(np.int32)
    return customer[order], time[order], event[order], channel


def _chain() -> NDArray[np.float64]:
    """The cumulated rows of the chain: the same for all pieces."""
    size = len(EVENTS)
    moves = np.random.default_rng(7).dirichlet(np.full(size, 0.4), size=size).cumsum(axis=1)
    moves[:, -1] = 1.0
    return moves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("--numbers", action="store_true", help="customers are numbers, not texts")
    arguments = parser.parse_args()
    write(arguments.path, arguments.rows, numbers=arguments.numbers)


if __name__ == "__main__":
    main()
