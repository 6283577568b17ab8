"""What tests/spark/test_connect.py runs: a Spark Connect server and its client cannot share a process with another session."""

from __future__ import annotations

import os
import sys
import warnings

import pandas as pd

import journeykit as jk
from journeykit import measures as m
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

JOURNEY = Journey(
    id="map",
    title="Map",
    outcome=Outcome(success=Match(event="d")),
    stages=[
        Stage(
            id="all",
            title="All",
            touchpoints=[Touchpoint(id=name, title=name, match=Match(event=name)) for name in "abc"],
        )
    ],
)


def main() -> None:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    warnings.simplefilter("ignore")
    from pyspark.sql import SparkSession

    settings = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    builder = SparkSession.builder.remote("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    start = pd.Timestamp("2024-01-01", tz="UTC")
    rows = [
        (f"u{i * 7 % 40}", start + pd.Timedelta(minutes=i), "abcd"[(i * 5 + i // 7) % 4], "xyz"[i % 3])
        for i in range(600)
    ]
    table = pd.DataFrame(rows, columns=["customer", "time", "event", "channel"])
    settings = spark.conf.getAll
    duck, there = jk.read_events(table), jk.read_events(spark.createDataFrame(table))
    told: list[int] = []
    figures = {
        "transitions": lambda log: tuple(m.transitions(log, by="channel")),
        "variants": lambda log: tuple(m.variants(log)),
        "progress": lambda log: tuple(m.reach(log, progress=lambda done, _: told.append(done))),
        "sessionize": lambda log: tuple(m.variants(m.sessionize(log), case="session")),
        "score": lambda log: tuple(jk.score(JOURNEY, jk.Evidence(events=log), seed=1)),
        "check": lambda log: tuple(jk.check(JOURNEY, jk.Evidence(events=log))),
        "discover": lambda log: jk.discover(log, title="Draft", outcome="d"),
        "duplicates": lambda log: log.report.duplicates,
    }
    for name, figure in figures.items():
        print(name, "the same" if figure(duck) == figure(there) else "DIFFERS")
    print("settings", "the same" if settings == spark.conf.getAll else "DIFFER")
    spark.stop()


if __name__ == "__main__":
    main()
