"""Sessions on Spark: the log with its column ``session``, as a plan that Spark carries out when it counts."""

from __future__ import annotations

from typing import Any

from journeykit.evidence.engines.spark import SparkTable, quoted, spark_functions

__all__ = ["sessionized"]


def sessionized(table: SparkTable, span: int) -> SparkTable:
    """The table with a session for every event: a gap of more than ``span`` microseconds begins a new one."""
    from importlib import import_module  # noqa: PLC0415

    f = spark_functions()
    window: Any = import_module("pyspark.sql.window").Window
    columns = list(table.columns)
    kept = [name for name in columns if name != "session"]
    place = max(kept.index(name) for name in ("customer", "time", "event", "channel", "value") if name in kept) + 1
    # Between events of one time there is no gap, so the order among them changes no session.
    mine = window.partitionBy("customer").orderBy("time")
    gap = f.unix_micros(f.col("time")) - f.lag(f.unix_micros(f.col("time"))).over(mine)
    marked = table.frame.withColumn("_jk_new", f.coalesce((gap > span).cast("int"), f.lit(1)))
    number = f.sum("_jk_new").over(mine.rowsBetween(window.unboundedPreceding, window.currentRow))
    session = f.concat(f.col("customer"), f.lit(":"), number.cast("string")).alias("session")
    listed = [f.col(quoted(name)) for name in kept]
    return SparkTable(marked.select(*listed[:place], session, *listed[place:]), len(table))
