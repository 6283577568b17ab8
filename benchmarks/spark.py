"""journeykit's one pass on Spark beside native Spark SQL for directly-follows alone: one log, one session, interleaved runs.

The native query counts consecutive pairs (a window, then a group); journeykit counts transitions with exact medians and p90,
variants (the hundred most frequent are told), an ordered funnel with a window, and sessions. Needs pyspark and Java (`nox -s
bench_spark`). CPU seconds are those of all processes; load on the machine changes them less. Exit code 1 where journeykit is
slower.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from event_log import FUNNEL, write

import journeykit as jk
from journeykit.evidence import EventLog
from journeykit.measures import Funnel, Sessions, Transitions, Variants, fold

# Every pair of consecutive events, counted; ties broken as journeykit breaks them on Spark.
NATIVE = """
    SELECT event, next, count(*) AS n FROM (
        SELECT event, lead(event) OVER (PARTITION BY customer ORDER BY time, event) AS next FROM log
    ) WHERE next IS NOT NULL GROUP BY event, next"""
# The same with what journeykit says of every pair.
NATIVE_QUANTILES = """
    SELECT event, next, count(*) AS n, count(DISTINCT customer), percentile(gap, 0.5), percentile(gap, 0.9) FROM (
        SELECT customer, event, lead(event) OVER w AS next, unix_micros(lead(time) OVER w) - unix_micros(time) AS gap
        FROM log WINDOW w AS (PARTITION BY customer ORDER BY time, event)
    ) WHERE next IS NOT NULL GROUP BY event, next"""


def session(master: str, memory: str) -> Any:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    warnings.filterwarnings("ignore", category=FutureWarning)
    from pyspark.sql import SparkSession  # noqa: PLC0415  (after the settings above)

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.memory": memory,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master(master)
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def native(spark: Any, query: str) -> int:
    return sum(row["n"] for row in spark.sql(query).collect())


def one_pass(log: EventLog) -> int:
    states = [Transitions(), Variants(top=100), Funnel(FUNNEL, within=timedelta(days=7)), Sessions()]
    fold(log, states)
    flows, variants, _, _ = (state.result() for state in states)
    assert sum(variant.count for variant in variants)
    return sum(flow.count for flow in flows)


def alone(log: EventLog) -> int:
    state = Transitions()
    fold(log, [state])
    return sum(flow.count for flow in state.result())


def spent() -> float:
    """The CPU seconds of this process and all that came from it: the Java machine and the workers; 0 where there is no /proc."""
    parents: dict[int, int] = {}
    seconds: dict[int, float] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            rest = file.read_text().rpartition(")")[2].split()
        except OSError:
            # It has ended meanwhile.
            continue
        number = int(file.parent.name)
        parents[number] = int(rest[1])
        seconds[number] = sum(map(int, rest[11:15])) / os.sysconf("SC_CLK_TCK")
    found = 0.0
    for number, used in seconds.items():
        above = number
        while above not in (0, 1, os.getpid()):
            above = parents.get(above, 0)
        found += used if above == os.getpid() else 0.0
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="events of the log (default ten million)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each (default 3)")
    parser.add_argument("--master", default="local[4]", help="where Spark runs (default local[4])")
    parser.add_argument("--memory", default="2g", help="memory of the Java machine (default 2g)")
    parser.add_argument("--file", type=Path, help="the log, kept; else it is made in a temporary folder")
    parser.add_argument("--quantiles", action="store_true", help="also native cases, medians and p90 (minutes a run)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = write(arguments.file or Path(folder) / "events.parquet", arguments.rows)
        spark = session(arguments.master, arguments.memory)
        frame = spark.read.parquet(str(path))
        frame.createOrReplaceTempView("log")
        log = jk.read_events(frame)
        contenders: dict[str, Callable[[], int]] = {
            "Spark SQL, directly-follows": lambda: native(spark, NATIVE),
            "journeykit, transitions alone": lambda: alone(log),
            "journeykit, everything in one pass": lambda: one_pass(log),
            "journeykit, jk.read_events": lambda: len(jk.read_events(frame)),
        }
        if arguments.quantiles:
            contenders["Spark SQL, with cases, median and p90"] = lambda: native(spark, NATIVE_QUANTILES)
        times: dict[str, list[float]] = {name: [] for name in contenders}
        cpu: dict[str, list[float]] = {name: [] for name in contenders}
        counts: dict[str, set[int]] = {name: set() for name in contenders}
        # One round more: the first one compiles, and is not counted.
        for run in range(arguments.runs + 1):
            for name, contender in contenders.items():
                start, before = time.perf_counter(), spent()
                counts[name].add(contender())
                if run:
                    times[name].append(time.perf_counter() - start)
                    cpu[name].append(spent() - before)
        print(f"{arguments.rows:,} events, Spark {spark.version} on {arguments.master}, medians of {arguments.runs}")
        spark.stop()
    medians = {name: statistics.median(values) for name, values in times.items()}
    bound = medians["Spark SQL, directly-follows"]
    cpu_bound = statistics.median(cpu["Spark SQL, directly-follows"])
    for name, seconds in medians.items():
        used = statistics.median(cpu[name])
        wall = f"{seconds:6.2f} s (least {min(times[name]):.2f})   ratio {seconds / bound:.2f}"
        print(f"  {name:<38} {wall}   CPU {used:6.2f} s" + (f"   ratio {used / cpu_bound:.2f}" if cpu_bound else ""))
    pairs = {frozenset(found) for name, found in counts.items() if "read_events" not in name}
    if len(pairs) > 1:
        print(f"the counts differ: {counts}")
        return 1
    return int(medians["journeykit, everything in one pass"] > bound)


if __name__ == "__main__":
    sys.exit(main())
