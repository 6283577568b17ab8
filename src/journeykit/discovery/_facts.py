"""What the log says about its event names before any map is laid over it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from attrs import frozen

from journeykit.discovery._names import readable
from journeykit.discovery._on_spark import on_spark
from journeykit.discovery._visits import Names
from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.evidence.engines.duckdb import identifier
from journeykit.evidence.engines.spark import SparkTable
from journeykit.measures import fold
from journeykit.measures.people import common_names
from journeykit.results.redacting import redacted

__all__ = ["Facts", "facts_of"]

# A channel is a name's own when at least this share of its events came through it.
_DOMINANT = 0.5
# "Did you mean" compares with this many names at most, the most reached ones.
_SUGGESTIBLE = 2_000
_SHOWN = 5


@frozen(kw_only=True)
class Facts:
    """The names of a log, the most reached first, and where the log comes from.

    ``reached`` counts the cases that have a name at all, ``counts`` its events; ``channels`` holds the names with a channel
    of their own. ``first`` and ``last`` are the days (UTC) of the first and last event. ``tellable`` are the names that a map
    may show: enough customers have them, and they hold no address and no number to call.
    """

    names: tuple[str, ...]
    reached: Mapping[str, int]
    counts: Mapping[str, int]
    channels: Mapping[str, str]
    first: date
    last: date
    sources: tuple[str, ...]
    tellable: frozenset[str]

    def check(self, wanted: Iterable[str], argument: str) -> None:
        """`ArgumentError` for all the names that the log does not have."""
        if unknown := [name for name in dict.fromkeys(wanted) if name not in self.reached]:
            parts = []
            told = [name for name in self.names if name in self.tellable]
            for name in unknown:
                near = difflib.get_close_matches(str(name), told[:_SUGGESTIBLE], n=1)
                parts.append(f"{name!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
            some = ", ".join(repr(readable(name)) for name in told[:_SHOWN])
            most = f"; the most reached are {some}" if some else ""
            raise ArgumentError(f"{argument}: the log has no event {', '.join(parts)}{most}")


def facts_of(events: EventLog, case: str, floor: int) -> Facts:
    """Count the names; one ordered pass for the cases, two scans for the rest. Raises `ArgumentError` without events.

    What fewer than ``floor`` customers have is not tellable.
    """
    if not len(events):
        raise ArgumentError(f"there is nothing to discover: {events.report.why_empty()}")
    state = Names()
    fold(events, [state], case=case)
    reached, counts = state.result()
    first, last, through = on_spark(events.table) if isinstance(events.table, SparkTable) else _scanned(events)
    channels: dict[str, str] = {}
    for event, channel, count in through:
        if count >= _DOMINANT * counts[event] and redacted(channel) == channel:
            # Of two halves the first by name stands.
            channels.setdefault(event, readable(channel))
    return Facts(
        names=tuple(name for _, _, name in sorted((-cases, -counts[name], name) for name, cases in reached.items())),
        reached=reached,
        counts=counts,
        channels=channels,
        first=first.date(),
        last=last.date(),
        # The names alone: where a file lies differs from machine to machine, and is nobody's business in a shared map.
        sources=tuple(readable(Path(file).name or file) for file in events.report.files or (events.report.source,)),
        tellable=frozenset(name for name in common_names(events, floor) if redacted(name) == name),
    )


def _scanned(events: EventLog) -> tuple[datetime, datetime, list[tuple[str, str, int]]]:
    """The first and the last time, and how many events of each name came through each channel, in order of name and channel."""
    table = identifier(events.table.name)
    cursor = events.table.cursor()
    ((first, last),) = cursor.execute(f"SELECT min(time), max(time) FROM {table}").fetchall()  # noqa: S608
    if "channel" not in events.columns:
        return first, last, []
    query = f"SELECT event, channel, count(*) FROM {table} WHERE channel IS NOT NULL GROUP BY ALL ORDER BY ALL"  # noqa: S608
    return first, last, cursor.execute(query).fetchall()
