"""What a Spark worker does with one partition: rows in order become batches, batches become states, states travel.

A partition holds whole cases, ordered by case, then time, then the tie rule; its columns are those that `_on_spark` selects.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from journeykit.errors import ArgumentError
from journeykit.measures.batches import Batch

__all__ = ["CHUNK", "Errand", "run"]

# Rows of one batch; large enough that numpy's calls cost nothing a row.
_ROWS = 1 << 18
# A cell of Spark holds 2 GB at most, and its buffers like less.
CHUNK = 1 << 25
_EPOCH = np.datetime64("1970-01-01T00:00:00", "us")


@frozen(kw_only=True)
class Errand:
    """What is to be done with every partition.

    ``states`` are empty accumulators; ``keys`` the columns that name a case; ``labels`` the touchpoints, None where events go by
    their own names; ``names``, ``order`` and ``group`` say which columns come along, ``group`` being how its values become
    text: ``text``, ``float`` or ``time``.
    """

    states: Sequence[Any]
    keys: tuple[str, ...]
    labels: tuple[str, ...] | None
    names: bool
    order: bool
    group: str | None


def run(errand: Errand, number: int, batches: Iterator[Any]) -> Iterator[tuple[int, int, bytes]]:
    """The states of a partition as (state, piece, bytes); state -1 says how many rows have no case, -2 how many there are."""
    reader = _Reader(errand, f"#{number}")
    some = False
    for batch in reader.batches(batches):
        some = True
        for state in errand.states:
            state.update(batch)
    yield -1, 0, str(reader.strays).encode()
    yield -2, 0, str(reader.rows).encode()
    if not some:
        return
    for index, state in enumerate(errand.states):
        # Written and read by one release of journeykit on one user's machines (`_on_spark` compares), and kept nowhere.
        data = pickle.dumps(state, protocol=5)
        for piece, start in enumerate(range(0, len(data), CHUNK)):
            yield index, piece, data[start : start + CHUNK]


class _Reader:
    """Arrow batches as `Batch`es of whole cases, names numbered as the partition shows them."""

    def __init__(self, errand: Errand, part: str) -> None:
        self.errand = errand
        self.part = part
        self.strays = 0
        self.rows = 0
        self._cases = 0
        self._names = _Labels()
        self._groups = _Labels()

    def batches(self, incoming: Iterator[Any]) -> Iterator[Batch]:
        import pyarrow as pa  # noqa: PLC0415  (Spark brings it)

        held: list[Any] = []
        count = 0
        for rows in incoming:
            held.append(rows)
            count += rows.num_rows
            if count < _ROWS:
                continue
            table = pa.Table.from_batches(held).combine_chunks()
            starts = _starts(table, self.errand.keys)
            cut = int(starts[-1])
            if cut:
                yield self._batch(table.slice(0, cut), starts[:-1])
            # A copy: a slice would keep the whole table alive.
            held = pa.concat_tables([table.slice(cut)]).combine_chunks().to_batches() if cut else table.to_batches()
            count = table.num_rows - cut
        if count:
            table = pa.Table.from_batches(held).combine_chunks()
            yield self._batch(table, _starts(table, self.errand.keys))

    def _batch(self, table: Any, starts: NDArray[np.int64]) -> Batch:
        errand = self.errand
        self.rows += table.num_rows
        self.strays += max(table.column(key).null_count for key in errand.keys)
        time = table.column("time").to_numpy()
        named = self._names.code(table.column("event")) if errand.names or errand.labels is None else None
        tied = np.diff(time) == 0
        tied[starts[1:] - 1] = False
        if errand.order:
            tied &= np.diff(table.column("order").to_numpy()) == 0
        cases = np.arange(self._cases, self._cases + len(starts))
        self._cases += len(starts)
        nothing = np.empty(0, dtype=np.int32)
        flags = errand.labels is not None
        return Batch(
            part=self.part,
            labels=self._names.all if errand.labels is None else errand.labels,
            cases=cases,
            offsets=np.append(starts, table.num_rows).astype(np.int64),
            times=time,
            codes=table.column("code").to_numpy() if flags else _some(named),
            segments=self._segments(table, starts),
            groups=self._groups.all,
            names=_some(named) if errand.names else nothing,
            events=self._names.all if errand.names else (),
            success=_booleans(table.column("success")) if flags else np.empty(0, dtype=np.bool_),
            abandon=_booleans(table.column("abandon")) if flags else np.empty(0, dtype=np.bool_),
            ties=int(tied.sum()),
        )

    def _segments(self, table: Any, starts: NDArray[np.int64]) -> NDArray[np.int32]:
        if self.errand.group is None:
            return np.full(len(starts), -1, dtype=np.int32)
        import pyarrow as pa  # noqa: PLC0415

        values = table.column("group").take(pa.array(starts))
        if self.errand.group != "text":
            values = pa.array(map(_TEXTS[self.errand.group], values.to_pylist()), pa.string())
        return self._groups.code(values)


@frozen
class _Labels:
    """Texts by the numbers they got."""

    numbers: dict[str, int] = field(factory=dict)

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self.numbers)

    def code(self, texts: Any) -> NDArray[np.int32]:
        """The number of each text, -1 for none; unknown ones get the next."""
        import pyarrow as pa  # noqa: PLC0415

        coded = texts.dictionary_encode()
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        texts = coded.dictionary.to_pylist()
        # In order, so that partitions that show the same names number them alike, and states merge without translation.
        for text in sorted(set(texts) - self.numbers.keys()):
            self.numbers[text] = len(self.numbers)
        own = [self.numbers[text] for text in texts]
        # The last place is what "none" points to.
        places: NDArray[np.int32] = coded.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)
        return np.array([*own, -1], dtype=np.int32)[places]


def _starts(table: Any, keys: Sequence[str]) -> NDArray[np.int64]:
    """The first row of every case; a missing name is a case of its own, which is reported."""
    import pyarrow.compute as pc  # noqa: PLC0415

    new = np.zeros(table.num_rows, dtype=np.bool_)
    new[0] = True
    for key in keys:
        values = pc.fill_null(table.column(key), "").combine_chunks()
        new[1:] |= pc.not_equal(values[1:], values[:-1]).to_numpy(zero_copy_only=False)
    return np.flatnonzero(new)


def _booleans(column: Any) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(), dtype=np.bool_)


def _some(codes: NDArray[np.int32] | None) -> NDArray[np.int32]:
    if codes is None:
        raise ArgumentError("this view has no names")
    return codes


def _moment(micros: int | None) -> str | None:
    """As DuckDB writes a time: without a zone, and without digits that say nothing."""
    if micros is None:
        return None
    text = str(_EPOCH + np.timedelta64(micros, "us")).replace("T", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(value: float | None) -> str | None:
    return None if value is None else repr(value)


_TEXTS = {"float": _number, "time": _moment}
