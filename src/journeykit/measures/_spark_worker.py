"""What a Spark worker does with one partition after the exchange: parcels become batches in order, batches states.

A parcel holds all rows of its cases that one worker met (`_spark_packing`), so the parcels of one key hold whole cases. Within
a case rows are ordered by time, then ``order``, then the event's name, then whatever else a figure can show.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.measures._spark_packing import opened
from journeykit.measures.batches import Batch

__all__ = ["CHUNK", "Errand", "ordered_rows", "run"]

# A cell of Spark holds 2 GB at most, and its buffers like less.
CHUNK = 1 << 25
_EPOCH = np.datetime64("1970-01-01T00:00:00", "us")
_WORD = 64
# Microseconds to a second and to a millisecond, which most times are whole numbers of.
_UNITS = (1_000_000, 1_000)

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]


@frozen(kw_only=True)
class Errand:
    """What is to be done with every partition.

    ``states`` are empty accumulators; ``keys`` the columns that name a case; ``labels`` the touchpoints, None where events go by
    their own names; ``names``, ``order`` and ``group`` say which columns come along, ``group`` being how its values become
    text: ``text``, ``float`` or ``time``. ``named`` hands over the names of the cases.
    """

    states: Sequence[Any]
    keys: tuple[str, ...]
    labels: tuple[str, ...] | None
    names: bool
    order: bool
    group: str | None
    named: bool = False


def run(errand: Errand, parcels: Iterator[tuple[int, Any]]) -> Iterator[tuple[int, int, bytes]]:
    """The states of a partition as (state, piece, bytes); state -1 says how many rows have no case, -2 how many there are."""
    held: dict[int, list[Any]] = {}
    for key, parcel in parcels:
        held.setdefault(key, []).append(parcel)
    reader = _Reader(errand)
    while held:
        key, mine = held.popitem()
        for batch in reader.batches(key, mine):
            for state in errand.states:
                state.update(batch)
    yield -1, 0, str(reader.strays).encode()
    yield -2, 0, str(reader.rows).encode()
    if not reader.rows:
        return
    for index, state in enumerate(errand.states):
        # Written and read by one release of journeykit on one user's machines (`_on_spark` compares), and kept nowhere.
        data = pickle.dumps(state, protocol=5)
        for piece, start in enumerate(range(0, len(data), CHUNK)):
            yield index, piece, data[start : start + CHUNK]


class _Reader:
    """Parcels as `Batch`es of whole cases."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self.strays = 0
        self.rows = 0

    def batches(self, key: int, parcels: Sequence[Any]) -> Iterator[Batch]:
        """All rows of one key, if there are any."""
        table = opened(parcels)
        if table.column("time").null_count or table.column("event").null_count:
            # A row that lost its time or name is none of those that were read: the frame has changed since.
            table = table.filter(table.column("time").is_valid()).combine_chunks()
            table = table.filter(table.column("event").is_valid()).combine_chunks()
        self.rows += table.num_rows
        self.strays += max(table.column(name).null_count for name in self.errand.keys)
        if table.num_rows:
            yield self._batch(f"#{key}", table)

    def _batch(self, part: str, table: Any) -> Batch:
        errand = self.errand
        cases = _numbers(table, errand.keys)
        names, events = _coded(table.column("event"), "text")
        values, groups = _coded(table.column("group"), errand.group) if errand.group is not None else (None, ())
        times = table.column("time").to_numpy()
        orders = [table.column("order").to_numpy()] if errand.order else []
        flags = errand.labels is not None
        codes = table.column("code").to_numpy() if flags else names
        success, abandon = (_booleans(table, name) if flags else _NO_FLAGS for name in ("success", "abandon"))
        rest = [names, *((codes, success, abandon) if flags else ()), *(() if values is None else (values,))]
        rows = ordered_rows([cases, times, *orders, *rest])
        cases, times = cases[rows], times[rows]
        new = np.concatenate([[True], cases[1:] != cases[:-1]])
        tied = ~new[1:] & (np.diff(times) == 0)
        for order in orders:
            tied &= np.diff(order[rows]) == 0
        starts = np.flatnonzero(new)
        return Batch(
            part=part,
            labels=events if errand.labels is None else errand.labels,
            cases=np.arange(len(starts)),
            offsets=np.append(starts, len(cases)),
            times=times,
            codes=codes[rows],
            segments=np.full(len(starts), -1, dtype=np.int32) if values is None else values[rows[starts]],
            groups=groups,
            keys=_called(table, errand.keys, rows[starts]) if errand.named else (),
            names=names[rows] if errand.names else np.empty(0, dtype=np.int32),
            events=events if errand.names else (),
            success=success[rows] if flags else _NO_FLAGS,
            abandon=abandon[rows] if flags else _NO_FLAGS,
            ties=int(tied.sum()),
        )


_NO_FLAGS = np.empty(0, dtype=np.bool_)


def ordered_rows(columns: Sequence[NDArray[Any]]) -> Ints:
    """The rows in the order of whole numbers in columns, the first of which decides first, the second (times) next.

    Of rows that are equal in all columns any may come first. The columns stand side by side in words of 64 bits, as few as
    possible, because one word is sorted many times faster than several columns.
    """
    wide = [column.astype(np.int64, copy=False) for column in columns]
    lows = [column.min(initial=np.iinfo(np.int64).max) if len(column) else np.int64(0) for column in wide]
    # Differences of 64 bits are right as numbers without a sign, whatever they run over.
    apart = [(column - low).view(np.uint64) for column, low in zip(wide, lows, strict=True)]
    if sum(map(_bits, apart)) > _WORD:
        apart[1] = _coarser(apart[1])
    words: list[NDArray[np.uint64]] = []
    free = 0
    for values in apart:
        bits = _bits(values)
        if bits == 0 and words:
            continue
        if not words or bits > free:
            words.append(values)
            free = _WORD - bits
        else:
            words[-1] = (words[-1] << np.uint64(bits)) | values
            free -= bits
    found = np.argsort(words[0]) if len(words) == 1 else np.lexsort(words[::-1])
    return np.asarray(found, dtype=np.int64)


def _bits(values: NDArray[np.uint64]) -> int:
    return int(values.max(initial=0)).bit_length()


def _coarser(times: NDArray[np.uint64]) -> NDArray[np.uint64]:
    for unit in _UNITS:
        whole = times // np.uint64(unit)
        if bool((whole * np.uint64(unit) == times).all()):
            return whole
    return times


def _numbers(table: Any, keys: Sequence[str]) -> Ints:
    """The number of each row's case: equal texts have equal numbers, never by a hash; a missing name is a case of its own."""
    found: Ints = np.zeros(table.num_rows, dtype=np.int64)
    for key in keys:
        coded = table.column(key).combine_chunks().dictionary_encode()
        size = len(coded.dictionary) + 1
        own = coded.indices.fill_null(size - 1).to_numpy(zero_copy_only=False)
        found = found * size + own
    return found


def _called(table: Any, keys: Sequence[str], rows: Ints) -> tuple[tuple[str, ...], ...]:
    import pyarrow as pa  # noqa: PLC0415

    columns = [table.column(key).take(pa.array(rows)).to_pylist() for key in keys]
    return tuple(zip(*columns, strict=True))


def _coded(column: Any, kind: str) -> tuple[Codes, tuple[str, ...]]:
    """Values as positions in the list of their texts, which is in order; -1 for none."""
    import pyarrow as pa  # noqa: PLC0415

    coded = column.combine_chunks()
    if not isinstance(coded, pa.DictionaryArray):
        coded = coded.dictionary_encode()
    texts = [_TEXTS[kind](value) for value in coded.dictionary.to_pylist()]
    # In order, so that partitions that show the same names number them alike, and states merge without translation.
    known = {text: place for place, text in enumerate(sorted(set(texts)))}
    # The last place is what "none" points to.
    own = np.array([*(known[text] for text in texts), -1], dtype=np.int32)
    return own[coded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)], tuple(known)


def _booleans(table: Any, name: str) -> NDArray[np.bool_]:
    return np.asarray(table.column(name).to_numpy(), dtype=np.bool_)


def _moment(micros: int) -> str:
    """As DuckDB writes a time: without a zone, and without digits that say nothing."""
    text = str(_EPOCH + np.timedelta64(micros, "us")).replace("T", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


_TEXTS: dict[str, Any] = {"text": str, "float": repr, "time": _moment}
