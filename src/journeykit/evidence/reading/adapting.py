"""Tables that only promise their rows: how each comes to stream them.

What streams Arrow data by itself is read as it is (`frames`), Ibis tables among it; this is for what must be asked: a polars
LazyFrame, a pyarrow dataset or scanner, a dask frame, and what Narwhals wraps. Each is carried out once, by its own engine,
when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from journeykit.evidence.engines.spark import is_spark

__all__ = ["streaming"]


def streaming(table: object) -> Any | None:
    """The table in a form that streams Arrow data; None for what is no such table."""
    known = _KNOWN.get(type(table).__module__.split(".")[0])
    return None if known is None else known(table)


def _unwrapped(table: Any) -> Any | None:
    native = table.to_native() if hasattr(table, "to_native") else None
    if native is None or is_spark(native) or hasattr(native, "__arrow_c_stream__"):
        return native
    return streaming(native)


def _polars(table: Any) -> Any | None:
    if type(table).__name__ != "LazyFrame":
        return None
    # In batches, so that polars needs no more memory for the plan than for its result.
    return table.collect(engine="streaming")


def _pyarrow(table: Any) -> Any | None:
    if hasattr(table, "scanner"):
        return table.scanner().to_reader()
    return table.to_reader() if hasattr(table, "to_reader") else None


def _dask(table: Any) -> Any | None:
    return table.compute() if type(table).__name__ == "DataFrame" else None


_KNOWN: Mapping[str, Callable[[Any], Any | None]] = {
    "dask": _dask,
    "narwhals": _unwrapped,
    "polars": _polars,
    "pyarrow": _pyarrow,
}
