"""Writing results: all files or none, each whole; nothing half written is ever left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["must_be_a_file", "must_be_writable", "write_all", "write_one"]


def must_be_writable(directory: Path) -> None:
    """Refuse an output folder that cannot be written before long work is spent on it."""
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    there = _existing(directory)
    if not there.is_dir():
        raise ArgumentError(f"cannot write to {directory}: {there} is a file, not a folder; choose another name")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ArgumentError(
            f"cannot write to {directory}: no permission to create files in {there}; choose another folder"
        )


def write_all(directory: Path, files: Mapping[str, bytes]) -> None:
    """Write every file into the folder (made when absent); on an error or Ctrl-C before the last move, none appears.

    The files are first written beside their place, then moved over the old ones, while Ctrl-C waits.
    """
    import shutil  # noqa: PLC0415

    must_be_writable(directory)
    there = _existing(directory)
    staging = there / f".journeykit-{os.urandom(6).hex()}"
    try:
        _make(staging, directory)
        for name, body in files.items():
            (staging / name).write_bytes(body)
        with _interrupt_later():
            directory.mkdir(parents=True, exist_ok=True)
            for name in files:
                (staging / name).replace(directory / name)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def write_one(path: Path, body: bytes) -> None:
    """Write one file whole, or not at all."""
    must_be_a_file(path)
    write_all(path.parent, {path.name: body})


def must_be_a_file(path: Path) -> None:
    """Refuse an output path that is a folder."""
    if path.is_dir():
        from journeykit.errors import ArgumentError  # noqa: PLC0415

        raise ArgumentError(f"cannot write {path}: it is a folder; name a file in it")


def _make(staging: Path, directory: Path) -> None:
    # Some file systems refuse what their permissions allow; the name that the user gave is the one to name.
    try:
        staging.mkdir()
    except OSError as err:
        from journeykit.errors import ArgumentError  # noqa: PLC0415

        message = f"cannot write to {directory}: no file can be made in {staging.parent} ({err.strerror}); choose another folder"
        raise ArgumentError(message) from err


def _existing(path: Path) -> Path:
    path = path.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


@contextmanager
def _interrupt_later() -> Iterator[None]:
    """Hold Ctrl-C back for the few renames, so that old and new files never stand side by side."""
    import signal  # noqa: PLC0415
    import threading  # noqa: PLC0415

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []

    def remember(number: int, _: FrameType | None) -> None:
        caught.append(number)

    before: Any = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt
