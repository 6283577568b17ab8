"""Cut blocks as an Arrow stream, the one form in which the engine takes text without a Python object for every cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
from attrs import frozen

from journeykit.evidence.reading._cutting import Cut

__all__ = ["TAKES_STREAMS", "Blocks"]

# DuckDB 1.4 takes an Arrow stream through pyarrow only.
TAKES_STREAMS = tuple(map(int, duckdb.__version__.split(".")[:2])) >= (1, 5)


@frozen(eq=False)
class Blocks:
    """Blocks of one table, each with the record and the line it begins behind; columns ``r``, ``l``, ``c0``, ``c1``..."""

    blocks: Sequence[tuple[Cut, int, int]]
    width: int

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        import nanoarrow  # noqa: PLC0415  (imported where rows are read)
        from nanoarrow.c_array_stream import CArrayStream  # noqa: PLC0415

        arrays = [self._array(nanoarrow, *block) for block in self.blocks]
        return CArrayStream.from_c_arrays(arrays, self._schema(nanoarrow), move=True).__arrow_c_stream__()

    def _schema(self, nanoarrow: Any) -> Any:
        # A new one each time: whatever takes a schema uses it up.
        cells = {f"c{index}": nanoarrow.string() for index in range(self.width)}
        return nanoarrow.c_schema(nanoarrow.struct({"r": nanoarrow.int64(), "l": nanoarrow.int64(), **cells}))

    def _array(self, nanoarrow: Any, cut: Cut, record: int, line: int) -> Any:
        rows = len(cut.records)
        build = nanoarrow.c_array_from_buffers
        columns = [build(nanoarrow.int64(), rows, [None, cut.records + (record + 1)])]
        columns.append(build(nanoarrow.int64(), rows, [None, cut.lines + (line + 1)]))
        for index in range(self.width):
            offsets = cut.offsets[index * rows : (index + 1) * rows + 1]
            text = cut.text[offsets[0] : offsets[-1]]
            columns.append(build(nanoarrow.string(), rows, [None, offsets - offsets[0], text]))
        return build(self._schema(nanoarrow), rows, [None], children=columns)
