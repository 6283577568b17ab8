"""How many customers there are behind what is counted in events and journeys: ten visits may be one person's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import DuckTable
from journeykit.evidence.engines.spark import is_spark
from journeykit.model import Journey

__all__ = ["common_names", "customers"]


def customers(events: EventLog, journey: Journey) -> dict[str, int]:
    """The distinct customers of each touchpoint, by its id, over the whole log; one scan, on the engine that holds it."""
    from journeykit.evidence.matching import touchpoint_code  # noqa: PLC0415  (Narwhals is needed for rules only)

    with _rows(events) as rows:
        found = dict(_per(rows.with_columns(_jk_code=touchpoint_code(journey, events.columns)), "_jk_code"))
    return {touchpoint.id: int(found.get(i, 0)) for i, touchpoint in enumerate(journey.touchpoints())}


def common_names(
    events: EventLog, least: int, names: Collection[str] | None = None, *, off: Journey | None = None
) -> frozenset[str]:
    """The event names (of ``names``, or of all) that at least ``least`` customers have; those of few may tell who they are.

    With ``off`` only rows that no touchpoint of that map claims are looked at.
    """
    if names is not None and not names:
        return frozenset()
    import narwhals as nw  # noqa: PLC0415

    from journeykit.evidence.matching import touchpoint_code  # noqa: PLC0415

    with _rows(events) as rows:
        some = rows if names is None else rows.filter(nw.col("event").is_in(list(names)))
        some = some if off is None else some.filter(touchpoint_code(off, events.columns) < 0)
        return frozenset(str(name) for name, customers in _per(some, "event") if customers >= least)


@contextmanager
def _rows(events: EventLog) -> Iterator[Any]:
    """The log as a lazy Narwhals frame of its engine."""
    import narwhals as nw  # noqa: PLC0415

    from journeykit.evidence.matching import forget_engine  # noqa: PLC0415

    table = events.table
    if not isinstance(table, DuckTable):
        yield nw.from_native(table.frame)
        return
    cursor = table.cursor()
    try:
        yield nw.from_native(table.relation(cursor))
    finally:
        forget_engine()
        cursor.close()


def _per(rows: Any, key: str) -> list[tuple[Any, int]]:
    """The distinct customers a value of the column."""
    import narwhals as nw  # noqa: PLC0415

    native = rows.group_by(key).agg(_jk_customers=nw.col("customer").n_unique()).to_native()
    # A frame of Spark Connect has whatever attribute it is asked for: as a column of that name.
    found = native.collect() if is_spark(native) else native.fetchall()
    return [(value, int(customers)) for value, customers in found]
