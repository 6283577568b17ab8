"""What a draft needs of a log on Spark beside its folds: when it begins and ends, and the channels of its names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from journeykit.evidence.engines.spark import SparkTable, spark_functions

__all__ = ["on_spark"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def on_spark(table: SparkTable) -> tuple[datetime, datetime, list[tuple[str, str, int]]]:
    """The first and the last time (UTC), and how many events of each name came through each channel, in order of both."""
    f = spark_functions()
    ends = f.min(f.unix_micros(f.col("time"))), f.max(f.unix_micros(f.col("time")))
    ((first, last),) = table.frame.agg(*ends).collect()
    moments = [_EPOCH + timedelta(microseconds=end) for end in (first, last)]
    through: list[tuple[str, str, int]] = []
    if "channel" in table.columns:
        counted = table.frame.where(f.col("channel").isNotNull()).groupBy("event", "channel").count()
        through = sorted((str(event), str(channel), int(count)) for event, channel, count in counted.collect())
    return moments[0], moments[1], through
