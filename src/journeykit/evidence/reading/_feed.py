"""A text file as UTF-8 that can be taken by blocks and by lines in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from journeykit.evidence.reading.texts import open_bytes, open_text

__all__ = ["Feed", "open_feed"]

_CHUNK = 1 << 20
_BLOCK = 1 << 20
_PIECE = 1 << 16
_MARK = b"\xef\xbb\xbf"


@contextmanager
def open_feed(name: str, encoding: str) -> Iterator[Feed]:
    """The file from its beginning, without its byte order mark; at no time is more than some blocks of it in memory.

    A byte that is no text in this encoding comes as one that is none in UTF-8, except in UTF-16 and UTF-32: there it raises
    `EvidenceError`, because nothing behind it could be trusted.
    """
    if encoding in {"utf-8", "utf-8-sig"}:
        with open_bytes(name) as file:
            start = file.read(len(_MARK))
            if encoding == "utf-8" or start != _MARK:
                yield Feed(_chained(start, iter(lambda: file.read(_CHUNK), b"")), "surrogateescape")
            else:
                yield Feed(iter(lambda: file.read(_CHUNK), b""), "surrogateescape")
        return
    wide = encoding.startswith(("utf-16", "utf-32"))
    with open_text(name, encoding, errors="strict" if wide else "surrogateescape") as text:
        # An escaped byte may not become a byte of its own again: with its neighbours it could look like UTF-8.
        yield Feed(
            (part.encode("utf-8", "surrogatepass") for part in iter(lambda: text.read(_CHUNK), "")), "surrogatepass"
        )


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class Feed:
    """Hands out a text in UTF-8, either as a block to look at and `skip`, or as lines, by iterating.

    ``line`` counts the lines handed out. Lines end in LF, CRLF or CR. ``errors`` is how bytes that are no text are shown in
    a line.
    """

    def __init__(self, chunks: Iterator[bytes], errors: str) -> None:
        self.line = 0
        self._chunks = chunks
        self._errors = errors
        self._buffer = b""
        self._ended = False
        # The next lines, last one first; they come before the buffer.
        self._lines: list[str] = []

    def block(self) -> tuple[bytes, bool]:
        """What comes next, and whether that is all there is; empty at the end."""
        self.give_back(())
        return self._filled(_BLOCK), self._ended

    def skip(self, size: int, lines: int) -> None:
        """Leave out the beginning of the last block, which has this many lines."""
        self._buffer = self._buffer[size:]
        self.line += lines

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self._lines:
            piece = self._piece()
            if not piece:
                raise StopIteration
            self._buffer = self._buffer[len(piece) :]
            # Unlike that of text, splitlines of bytes knows LF, CRLF and CR only.
            lines = piece.splitlines(keepends=True)
            self._lines = [line.decode("utf-8", self._errors) for line in reversed(lines)]
        self.line += 1
        return self._lines.pop()

    def give_back(self, lines: tuple[str, ...]) -> None:
        """Put lines that were handed out before what comes next."""
        again = "".join((*lines, *reversed(self._lines)))
        self._buffer = again.encode("utf-8", self._errors) + self._buffer
        self._lines.clear()
        self.line -= len(lines)

    def _filled(self, size: int) -> bytes:
        """The buffer, filled to this size if there is that much."""
        if len(self._buffer) < size and not self._ended:
            parts, length = [self._buffer], len(self._buffer)
            while length < size:
                if not (chunk := next(self._chunks, b"")):
                    self._ended = True
                    break
                parts.append(chunk)
                length += len(chunk)
            self._buffer = b"".join(parts)
        return self._buffer

    def _piece(self) -> bytes:
        """Some whole lines."""
        size = _PIECE
        while True:
            data = self._filled(size)
            if self._ended and len(data) <= size:
                return data
            # A CR at the very end may be the first half of a CRLF.
            cut = data.rfind(b"\n", 0, size) + 1 or data.rfind(b"\r", 0, size - 1) + 1
            if cut:
                return data[:cut]
            size *= 2
