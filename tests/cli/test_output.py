"""Writing files: all or none, and nothing left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from journeykit.cli import _output
from journeykit.cli._output import must_be_writable, write_all, write_one
from journeykit.errors import ArgumentError


def test_writes_into_a_new_folder(tmp_path: Path) -> None:
    """Folders above are made, every file is there, nothing else."""
    write_all(tmp_path / "a" / "b", {"x.txt": b"1", "y.txt": b"2"})

    assert sorted(path.name for path in (tmp_path / "a" / "b").iterdir()) == ["x.txt", "y.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_failure_leaves_the_old_files(tmp_path: Path) -> None:
    """When one file cannot be written, none is replaced and no draft stays."""
    (tmp_path / "x.txt").write_bytes(b"old")
    with pytest.raises(OSError, match="b"):
        write_all(tmp_path, {"x.txt": b"new", "no/such/b": b"2"})

    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]
    assert (tmp_path / "x.txt").read_bytes() == b"old"


def test_ctrl_c_while_moving_waits_until_all_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Ctrl-C between two renames is kept until the set is whole, then raised."""
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        os.kill(os.getpid(), signal.SIGINT)
        return replace(self, target)

    monkeypatch.setattr(_output.Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path / "out", {"x.txt": b"1", "y.txt": b"2"})

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["x.txt", "y.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_one_file_is_not_written_over_a_folder(tmp_path: Path) -> None:
    """A folder of that name is an error, not a crash."""
    (tmp_path / "x.svg").mkdir()

    with pytest.raises(ArgumentError, match="it is a folder"):
        write_one(tmp_path / "x.svg", b"")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """The error names what stands where the folder should be."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(ArgumentError, match=r"file is a file, not a folder"):
        must_be_writable(tmp_path / "file" / "deeper" / "out")


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file system refuses what its permissions allow, the error names the folder that was asked for."""

    def refused(self: Path) -> None:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(_output.Path, "mkdir", refused)
    with pytest.raises(
        ArgumentError, match=r"cannot write to .*out: no file can be made in .* \(Read-only file system\)"
    ):
        write_all(tmp_path / "out", {"x.txt": b"1"})
