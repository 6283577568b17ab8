from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from journeykit.evidence import EventLog, ImportReport
from journeykit.evidence.engines.duckdb import Database

START = datetime(2024, 1, 1)
Cases = Mapping[str, Sequence[tuple[int, str]]]


def _make_log(cases: Cases, *, channel: Mapping[str, str] | None = None, files: tuple[str, ...] = ()) -> EventLog:
    """A log of cases ``{customer: [(minute, event), ...]}``; ``channel`` by event name."""
    database = Database()
    columns = "customer VARCHAR, time TIMESTAMP, event VARCHAR, channel VARCHAR, _file INTEGER, _record BIGINT"
    database.connection.execute(f"CREATE TABLE events ({columns})")
    rows = [
        (customer, START + timedelta(minutes=minute), event, (channel or {}).get(event))
        for customer, events in cases.items()
        for minute, event in events
    ]
    if rows:
        numbered = [(*row, 0, record) for record, row in enumerate(rows, start=1)]
        database.connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", numbered)
    if channel is None:
        database.connection.execute("ALTER TABLE events DROP channel")
    counts = {"rows_in": len(rows), "rows_kept": len(rows)}
    report = ImportReport(source="test", format="test", kind="events", files=files, **counts)
    last = max((row[1] for row in rows), default=START).replace(tzinfo=UTC)
    return EventLog(database.table("events"), report, observed_until=last)


@pytest.fixture(scope="session")
def make_log() -> Callable[..., EventLog]:
    return _make_log
