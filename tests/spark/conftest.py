"""One Spark session for all of these tests. Without pyspark or Java they skip: `nox -s spark`."""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from journeykit import read_events
from journeykit.evidence import EventLog

HERE = Path(__file__).parent
# Where the tests run: local threads, or a cluster that is there already (tests/spark/cluster.py starts one).
MASTER = os.environ.get("JOURNEYKIT_SPARK_MASTER", "local[2]")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # pyspark says at every call that it does not know pandas 3 yet, and leaves sockets to the collector.
            item.add_marker(pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::DeprecationWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


def missing() -> str | None:
    """What is not there that Spark needs; None when all is."""
    if lacking := [name for name in ("pyspark", "pyarrow", "pandas") if importlib.util.find_spec(name) is None]:
        return f"{' and '.join(lacking)} not installed: nox -s spark"
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        return "Spark needs a Java virtual machine (17 or newer); there is no java on the path, nor in JAVA_HOME"
    return None


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    if (why := missing()) is not None:
        pytest.skip(why)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.driver.memory": "2g",
        "spark.executor.memory": "512m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # Not UTC, so that a figure that leans on the session's zone is found out.
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "5",
        # Else the few rows of a test would all come into one partition.
        "spark.sql.adaptive.enabled": "false",
    }
    builder = SparkSession.builder.master(MASTER).appName("journeykit tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


EVENTS = ("home", "catalog", "cart", "purchase", "größe", "quit")


@pytest.fixture(scope="session")
def table() -> Any:
    """About 1,900 events of 300 customers, shuffled; no customer has two events at one time."""
    pa = pytest.importorskip("pyarrow")
    chance = random.Random(4)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    rows: list[tuple[Any, ...]] = []
    for number in range(300):
        # Many customers begin at the same time: their order among each other must follow from the data.
        moment = start + timedelta(minutes=number % 37)
        for index in range(chance.randrange(1, 12)):
            rows.append(
                (
                    f"u{number}",
                    moment,
                    chance.choice(EVENTS),
                    chance.choice(["web", "app", None]),
                    chance.choice([1.5, 2.0, 1e10, None, 1e-5]),
                    chance.randrange(5),
                    f"s{index // 4}",
                    chance.random() < 0.5,
                    None if chance.random() < 0.1 else f"/p/{chance.randrange(9)}",
                )
            )
            moment += timedelta(
                seconds=chance.choice([1, 5, 60, 600, 2500, 86400]), microseconds=chance.choice([0, 1, 123456])
            )
    chance.shuffle(rows)
    names = ("customer", "time", "event", "channel", "amount", "n", "session", "flag", "page")
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return pa.table(columns | {"time": pa.array(columns["time"], pa.timestamp("us", tz="UTC"))})


@pytest.fixture(scope="session")
def on_duckdb(table: Any) -> EventLog:
    # A frame, because it has the name that a Spark frame has.
    return read_events(table.to_pandas())


@pytest.fixture(scope="session")
def on_spark(spark: Any, table: Any) -> EventLog:
    return read_events(spark.createDataFrame(table).repartition(3))


@pytest.fixture(scope="session")
def same(on_duckdb: EventLog, on_spark: EventLog) -> Callable[[Callable[[EventLog], Any]], None]:
    """Asserts that a figure is the same on both engines, to the last digit."""

    def check(figure: Callable[[EventLog], Any]) -> None:
        expected, actual = figure(on_duckdb), figure(on_spark)

        assert expected == actual
        assert repr(expected) == repr(actual)

    return check


@pytest.fixture(scope="session")
def leaks() -> Callable[[dict[str, str], list[str]], dict[str, list[str]]]:
    """Which of the secrets stand in which texts."""
    return lambda texts, secrets: {
        name: found for name, text in texts.items() if (found := [secret for secret in secrets if secret in text])
    }
