from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from journeykit.evidence import EventLog, ImportReport
from journeykit.evidence.engines.duckdb import Database, identifier
from journeykit.measures import Batch

SMALL = """
u1 home0 catalog1 cart2 purchase3
u2 home0 catalog1 catalog2 cart5 home6
u3 catalog0 home1 cart2 purchase130
u4 home0 search1 cart2 search3 purchase4
u5 home0 home1
u6 cart0 home10 catalog11 purchase12
u7 home0 catalog1 cart2 purchase3
"""


def _make_log(
    rows: Sequence[tuple[Any, ...]], *, extra: dict[str, str] | None = None, observed_until: datetime | None = None
) -> EventLog:
    """An event log of rows ``(customer, time, event, *extra)``, recorded in the order given."""
    database = Database()
    columns = {"customer": "VARCHAR", "time": "TIMESTAMP", "event": "VARCHAR", **(extra or {})}
    columns |= {"_file": "INTEGER", "_record": "BIGINT"}
    listed = ", ".join(f"{identifier(name)} {type_}" for name, type_ in columns.items())
    database.connection.execute(f"CREATE TABLE events ({listed})")
    marks = ", ".join("?" * len(columns))
    if rows:
        numbered = [(*row, 0, record) for record, row in enumerate(rows, start=1)]
        database.connection.executemany(f"INSERT INTO events VALUES ({marks})", numbered)
    report = ImportReport(source="test", format="test", kind="events", rows_in=len(rows), rows_kept=len(rows))
    if observed_until is None and rows:
        observed_until = max(row[1] for row in rows).replace(tzinfo=UTC)
    return EventLog(database.table("events"), report, observed_until=observed_until)


@pytest.fixture(scope="session")
def make_log() -> Callable[..., EventLog]:
    return _make_log


@pytest.fixture(scope="session")
def small_cases() -> dict[str, list[tuple[int, str]]]:
    """The small log of methods.md: customer -> (minutes, event)."""
    cases = {}
    for line in SMALL.split("\n"):
        if line:
            customer, *events = line.split()
            parts = [re.fullmatch(r"([a-z]+)(\d+)", event) for event in events]
            cases[customer] = [(int(part[2]), part[1]) for part in parts if part]
    return cases


@pytest.fixture(scope="session")
def small_log(small_cases: dict[str, list[tuple[int, str]]]) -> EventLog:
    start = datetime(2024, 1, 1)
    rows = [
        (customer, start + timedelta(days=day, minutes=minute), event)
        for day, (customer, events) in enumerate(small_cases.items())
        for minute, event in events
    ]
    return _make_log(rows)


Case = tuple[int, "str | None", Sequence[tuple[int, str]]]


def _make_batch(
    cases: Sequence[Case],
    *,
    labels: dict[str, str],
    success: str = "",
    abandon: str = "",
    part: str = "",
    reverse: bool = False,
) -> Batch:
    """A batch of cases ``(number, segment, [(time, event name)])``; ``labels`` maps event names to labels, in order;
    ``reverse`` codes the segments the other way round."""
    names = ("a", "b", "win", "quit", "noise")
    listed = tuple(labels.values())
    groups = ("y", "x") if reverse else ("x", "y")
    rows = [row for _, _, events in cases for row in events]
    lengths = [len(events) for _, _, events in cases]
    return Batch(
        part=part,
        labels=listed,
        groups=groups,
        cases=np.array([number for number, _, _ in cases], dtype=np.int64),
        offsets=np.cumsum([0, *lengths]).astype(np.int64),
        times=np.array([time for time, _ in rows], dtype=np.int64),
        codes=np.array([listed.index(labels[name]) if name in labels else -1 for _, name in rows], dtype=np.int32),
        segments=np.array([-1 if s is None else groups.index(s) for _, s, _ in cases], dtype=np.int32),
        keys=tuple((f"customer {number}",) for number, _, _ in cases),
        names=np.array([names.index(name) for _, name in rows], dtype=np.int32),
        events=names,
        success=np.array([name == success for _, name in rows], dtype=np.bool_),
        abandon=np.array([name == abandon for _, name in rows], dtype=np.bool_),
        ties=sum(one[0] == two[0] for _, _, events in cases for one, two in pairwise(events)),
    )


@pytest.fixture(scope="session")
def make_batch() -> Callable[..., Batch]:
    return _make_batch
