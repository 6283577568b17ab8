"""What `jk.read_events` costs beside `pandas.read_csv` and DuckDB's own reader: one file, interleaved runs, medians.

The others only parse; journeykit also checks, types and reports every row. Needs pandas. Exit code 1 above the target.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd

import journeykit as jk

TARGET = 2.5  # seconds for a million rows
COLUMNS = ("customer", "time", "event", "channel", "value", "page")


def write(path: Path, rows: int, quoting: int) -> None:
    """An event log of six columns, the same on every machine."""
    chance = random.Random(1)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
        writer.writerow(COLUMNS)
        for second in range(rows):
            moment = (start + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
            event = chance.choice(("home", "catalog", "search", "cart", "purchase"))
            channel = chance.choice(("web", "app", "store"))
            value, page = chance.randrange(10_000) / 100, f"/p/{chance.randrange(5_000)}"
            writer.writerow((f"u{chance.randrange(rows // 8 + 1)}", moment, event, channel, value, page))


def with_journeykit(path: Path) -> int:
    return len(jk.read_events(path))


def with_pandas(path: Path) -> int:
    return len(pd.read_csv(path, parse_dates=["time"]))


def with_duckdb(path: Path) -> int:
    connection = duckdb.connect()
    columns = dict.fromkeys(COLUMNS, "VARCHAR")
    relation = connection.read_csv(
        str(path), header=True, columns=columns, auto_detect=False, delimiter=",", quotechar='"'
    )
    relation.create("events")
    return int(connection.execute("SELECT count(*) FROM events").fetchall()[0][0])


READERS: dict[str, Callable[[Path], int]] = {
    "jk.read_events": with_journeykit,
    "pandas.read_csv": with_pandas,
    "DuckDB read_csv": with_duckdb,
}


def measure(path: Path, runs: int) -> dict[str, list[float]]:
    # One after the other in turn, so that a machine that slows down slows all.
    times: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(runs):
        for name, reader in READERS.items():
            start = time.perf_counter()
            reader(path)
            times[name].append(time.perf_counter() - start)
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each reader (default 5)")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the file (default a million)")
    arguments = parser.parse_args()
    slowest = 0.0
    for title, quoting in (("plain", csv.QUOTE_MINIMAL), ("every cell quoted", csv.QUOTE_ALL)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.csv"
            write(path, arguments.rows, quoting)
            times = measure(path, arguments.runs)
            size = path.stat().st_size / 1e6
        medians = {name: statistics.median(values) for name, values in times.items()}
        ours = medians["jk.read_events"]
        slowest = max(slowest, ours)
        print(f"{title}: {arguments.rows:,} rows, {size:.0f} MB, medians of {arguments.runs}")
        for name, seconds in medians.items():
            print(f"  {name:<16} {seconds:6.2f} s (least {min(times[name]):.2f})   ratio {ours / seconds:.1f}")
    limit = TARGET * arguments.rows / 1e6
    print(f"jk.read_events at most {slowest:.2f} s, target {limit:.2f} s")
    return int(slowest > limit)


if __name__ == "__main__":
    sys.exit(main())
