"""The engine's memory is bounded, its spill goes away however the work ends, and files that are read in place stay the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from journeykit import api, measures
from journeykit.errors import ArgumentError, EvidenceError, SpaceError
from journeykit.evidence import EventLog, canonical
from journeykit.evidence.engines.duckdb import Database, limited, room


def setting(log: EventLog, name: str) -> str:
    return str(log.table.cursor().execute(f"SELECT current_setting('{name}')").fetchall()[0][0])


def parquet(path: Path, rows: int, *, more: str = "") -> Path:
    """A log of ``rows`` events, five a customer, in Parquet."""
    query = (
        f"SELECT concat('customer ', i % ({rows} // 5 + 1)) AS customer, concat('event ', i % 7) AS event, "
        f"TIMESTAMPTZ '2024-01-01 00:00:00+00' + INTERVAL (i) SECOND AS time {more} FROM range({rows}) t(i)"
    )
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as large."""
    monkeypatch.setattr(canonical, "_LARGE", 0)


def test_memory_limit(tmp_path: Path) -> None:
    """memory_limit= bounds the engine of this log, in bytes or words, and the default is at most 3 GB."""
    path = parquet(tmp_path / "events.parquet", 10)

    assert "476.8 MiB" == setting(api.read_events(path, memory_limit="500 MB"), "memory_limit")
    assert "190.7 MiB" == setting(api.read_events(path, memory_limit=200_000_000), "memory_limit")
    assert setting(api.read_events(path), "memory_limit") in {"2.7 GiB", *(f"{n / 10:.1f} GiB" for n in range(28))}
    for wrong in ("much", "-1GB", 5, "1 KB", True, "4 gigs"):
        with pytest.raises(ArgumentError, match="memory_limit="):
            api.read_events(path, memory_limit=wrong)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    """When memory and spill are used up, the error says what is full and what to do, and nothing is left in the folder."""
    path = parquet(tmp_path / "events.parquet", 3_000_000)
    log = api.read_events(path, memory_limit="100MB")
    log.table.connection.execute("SET max_temp_directory_size = '1MB'")
    with pytest.raises(SpaceError, match=r"TMPDIR.*memory_limit="):
        measures.transitions(log)
    folder = log.table.database.directory  # type: ignore[union-attr]

    assert folder.is_dir()
    del log
    assert not folder.exists()


def test_spilling_gives_the_same(tmp_path: Path) -> None:
    """With a tenth of the memory the figures are the same to the last digit."""
    path = parquet(tmp_path / "events.parquet", 2_000_000)
    large, small = api.read_events(path), api.read_events(path, memory_limit="120MB")

    assert measures.transitions(large) == measures.transitions(small)


SCRIPT = """
import sys, tempfile
from journeykit import api, measures
tempfile.tempdir = sys.argv[2]
log = api.read_events(sys.argv[1], memory_limit="100MB")
print("ready", flush=True)
while True:
    measures.transitions(log)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_behind(tmp_path: Path, kind: signal.Signals) -> None:
    """Ctrl-C or a polite end in the middle of the counting leaves no file of the engine."""
    path, spill = parquet(tmp_path / "events.parquet", 2_000_000), tmp_path / "spill"
    spill.mkdir()
    script = SCRIPT
    if kind is signal.SIGTERM:
        # Python itself knows no cleaning up on SIGTERM; services turn it into an exit, as every manual says.
        script = "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(1))\n" + script
    command = [sys.executable, "-c", script, str(path), str(spill)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "ready\n" == running.stdout.readline()
        end = time.monotonic() + 60
        while not (there := [*spill.iterdir()]) and time.monotonic() < end:
            time.sleep(0.005)
        assert there
        running.send_signal(kind)
        running.wait(timeout=60)

    assert [] == [*spill.iterdir()]
    assert 0 != running.returncode


def test_an_interrupt_in_a_query() -> None:
    """What the engine makes of Ctrl-C is a KeyboardInterrupt, which no `except Exception` of a caller takes for a fault."""
    with pytest.raises(KeyboardInterrupt), room():
        raise RuntimeError("Query interrupted")
    with pytest.raises(RuntimeError, match="another"), room():
        raise RuntimeError("another")


@pytest.mark.usefixtures("in_place")
class TestInPlace:
    """A large table that can be read again is not copied."""

    def read_twice(self, path: Path, monkeypatch: pytest.MonkeyPatch, **more: Any) -> tuple[EventLog, EventLog]:
        here = api.read_events(path, **more)
        with monkeypatch.context() as patch:
            patch.setattr(canonical, "_LARGE", 10**9)
            return here, api.read_events(path, **more)

    @pytest.mark.parametrize("more", ["", ", i % 3 AS value, NULL::INTEGER AS channel, 'nan' AS session"])
    def test_same_log(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: str) -> None:
        """In place or copied, report, columns, rows and figures are the same."""
        here, copied = self.read_twice(parquet(tmp_path / "e.parquet", 500, more=more), monkeypatch)

        assert copied.report == here.report
        assert copied.columns == here.columns
        assert copied.observed_until == here.observed_until
        query = "SELECT * FROM events ORDER BY _file, _record"
        assert copied.table.cursor().execute(query).fetchall() == here.table.cursor().execute(query).fetchall()
        assert measures.transitions(copied) == measures.transitions(here)

    def test_rejects_and_duplicates(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rejected rows are counted, shown and left out, duplicates counted, kept, dropped or refused."""
        rows = "('u', '2024-01-01 00:00:00Z', 'a'), ('u', '2024-01-01 00:00:00Z', 'a'), (' nan ', '2024-01-02 00:00:00Z', 'a'), "
        rows += "('v', NULL, 'b'), ('w', '2024-01-03 00:00:00Z', ''), ('1234', '2024-01-03 00:00:00Z', 'long name ')"
        path = tmp_path / "e.parquet"
        columns = "customer, time::TIMESTAMPTZ AS time, event"
        duckdb.connect().execute(f"COPY (SELECT {columns} FROM (VALUES {rows}) t(customer, time, event)) TO '{path}'")
        here, copied = self.read_twice(path, monkeypatch)

        assert copied.report == here.report
        assert (6, 3, 3, 1) == (
            here.report.rows_in, here.report.rows_kept, here.report.rows_rejected, here.report.duplicates,
        )  # fmt: skip
        assert [p.code for p in copied.rejected()] == [p.code for p in here.rejected()]
        assert [p.address for p in copied.rejected()] == [p.address for p in here.rejected()]
        assert measures.reach(copied) == measures.reach(here)
        assert 2 == len(api.read_events(path, on_duplicate="drop"))
        with pytest.raises(EvidenceError, match="exact copy"):
            api.read_events(path, on_duplicate="raise")

    def test_frames(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A frame is copied once and not twice."""
        polars = pytest.importorskip("polars")
        frame = polars.DataFrame({"customer": ["u", "v"], "time": ["2024-01-01 10:00Z"] * 2, "event": ["a", "b"]})
        log = api.read_events(frame)

        assert ["source_frame"] == [
            name
            for (name,) in log.table.cursor().execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
            if name != "rejected_rows"
        ]
        assert 2 == len(measures.reach(log))

    def test_naive_times(self, tmp_path: Path) -> None:
        """Times without a zone are refused before anything is counted, and the first of them is named."""
        path = tmp_path / "e.parquet"
        duckdb.connect().execute(
            f"COPY (SELECT 'u' AS customer, TIMESTAMP '2024-01-01' AS time, 'a' AS event) TO '{path}'"
        )
        with pytest.raises(EvidenceError, match="times carry no zone") as raised:
            api.read_events(path)

        assert 1 == raised.value.problems[0].address.record
        assert 1 == len(api.read_events(path, tz="Europe/Berlin"))

    @pytest.mark.parametrize(
        "change", [lambda p: p.unlink(), lambda p: os.utime(p, ns=(1, 1)), lambda p: parquet(p, 60)]
    )
    def test_a_changed_file(self, tmp_path: Path, change: Callable[[Path], object]) -> None:
        """A file that is no longer the one that was read gives an error, not other figures."""
        path = parquet(tmp_path / "e.parquet", 50)
        log = api.read_events(path)
        measures.transitions(log)
        change(path)
        with pytest.raises(EvidenceError, match="changed or removed") as raised:
            measures.transitions(log)

        assert "changed-file" == raised.value.problems[0].code


def test_a_file_that_changes_under_the_pass(tmp_path: Path, in_place: None) -> None:
    """A file that changes after the pass has begun gives an error at its end: cases and rows are read one after another."""
    path = parquet(tmp_path / "e.parquet", 50)
    log = api.read_events(path)
    with pytest.raises(EvidenceError, match="changed or removed"):
        measures.transitions(log, progress=lambda done, total: os.utime(path, ns=(1, 1)))


def test_small_files_are_copied(tmp_path: Path) -> None:
    """A small file may go once it is read."""
    path = parquet(tmp_path / "e.parquet", 50)
    log = api.read_events(path)
    path.unlink()

    assert 50 == len(log)
    assert timedelta(seconds=11) == measures.transitions(log)[0].median


def test_the_limit_ends_with_its_block() -> None:
    """A limit holds for the databases of its block alone."""
    with limited("200MB"):
        inside = Database()
    outside = Database()

    with limited("999999999999999TB"):
        boundless = Database()

    query = "SELECT current_setting('memory_limit')"
    assert [("888.1 PiB",)] == boundless.connection.execute(query).fetchall()
    assert ("190.7 MiB",) == inside.connection.execute(query).fetchall()[0]
    assert ("190.7 MiB",) != outside.connection.execute(query).fetchall()[0]
