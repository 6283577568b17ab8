"""What an importer may ask of its source: files, or a table in memory."""

from __future__ import annotations

from typing import Any

from journeykit.errors import ArgumentError
from journeykit.evidence.sources import Source

__all__ = ["files_of", "frame_of"]


def files_of(source: Source, format: str) -> tuple[str, ...]:
    """The files of the source; `ArgumentError` when it is a table in memory."""
    if not source.files:
        raise ArgumentError(f'format="{format}" reads files, and the source is a table in memory; leave format= out')
    return source.files


def frame_of(source: Source, format: str) -> Any:
    """The table in memory; `ArgumentError` when the source is files."""
    if source.frame is None:
        raise ArgumentError(f'format="{format}" reads tables in memory, and the source is a file; leave format= out')
    return source.frame
