from __future__ import annotations

import gc
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from journeykit.evidence.engines.duckdb import Database, identifier, literal

TEXT = "customer,time,event\n" + "".join(f"u{i % 7},2024-01-01T10:00:{i % 60:02}Z,e{i % 3}\n" for i in range(5000))


def test_two_threads_may_read_one_log(read, csv_file):
    """Threads that count, fetch and iterate the same log at once all get the right figures."""
    log = read(csv_file(TEXT + ",,\n" * 50))
    found: list[tuple[int, int, int]] = []

    def work() -> None:
        for _ in range(10):
            query = "SELECT count(DISTINCT customer) FROM events"
            found.append((len(log), len(log.to_polars()), len(list(log.rejected()))))
            assert [(7,)] == log.table.cursor().execute(query).fetchall()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [(5000, 5000, 50)] * 40 == found


def test_stored_order_is_source_order(read, csv_file):
    """The rows of a log stand in the order of the file."""
    log = read(csv_file(TEXT))

    assert list(range(1, 5001)) == log.to_polars()["_record"].to_list()


def test_the_spill_folder_goes_with_the_last_table():
    """The private folder lives while a table uses it and is gone with the last one."""
    database = Database()
    directory = database.directory
    table = database.table("t")
    database.connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    del database
    gc.collect()

    assert directory.is_dir()
    assert 1 == len(table)
    del table
    gc.collect()
    assert not directory.exists()


@pytest.mark.parametrize("end", ["raise KeyboardInterrupt", "raise RuntimeError", "sys.exit(3)", "pass"])
def test_the_spill_folder_goes_at_any_end(end, tmp_path):
    """Whatever ends the interpreter, no spill folder is left, and a clean end leaves stderr empty."""
    code = (
        "import sys, tempfile\n"
        f"tempfile.tempdir = {str(tmp_path)!r}\n"
        "from journeykit.evidence.engines.duckdb import Database\n"
        "d = Database(); d.connection.execute('CREATE TABLE t AS SELECT 1 AS a'); r = d.table('t').relation(d.cursor())\n"
        f"{end}\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert [] == list(tmp_path.iterdir())
    assert "nanobind" not in done.stderr
    if end in {"pass", "sys.exit(3)"}:
        assert "" == done.stderr


def test_a_database_sees_neither_variables_nor_extensions():
    """SQL cannot reach a Python variable by its name, and no extension is fetched."""
    database = Database()
    connection = database.connection
    secret = duckdb.sql("SELECT 1 AS a")  # noqa: F841 - it is there to be not found
    with pytest.raises(duckdb.Error):
        connection.execute("SELECT * FROM secret")
    settings = "SELECT value FROM duckdb_settings() WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')"

    assert {"false"} == {value for (value,) in connection.execute(settings).fetchall()}


def test_the_spill_folder_is_private_and_unused_folders_stay_clean(tmp_path, monkeypatch):
    """Nothing is written into the user's working folder."""
    monkeypatch.chdir(tmp_path)
    database = Database()
    database.connection.execute("CREATE TABLE t AS SELECT range AS a FROM range(100000)")

    assert [] == list(Path.cwd().iterdir())


@pytest.mark.parametrize("name", ['a"b', "a'b", "a;b", "a\nb", "ä", " "])
def test_quoting_is_lossless(name):
    """Any name and any text comes back as it was."""
    database = Database()
    connection = database.connection
    connection.execute(f"CREATE TABLE t AS SELECT {literal(name)} AS {identifier(name)}")

    assert ([name], [(name,)]) == (
        [row[0] for row in connection.execute("DESCRIBE t").fetchall()],
        connection.execute("SELECT * FROM t").fetchall(),
    )
