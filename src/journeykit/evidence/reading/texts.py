"""Text files as they come: gzipped or not, with or without a byte order mark, with bytes that are no text."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.problems import Address, Problem

__all__ = ["encoding_of", "head_bytes", "is_clean", "open_bytes", "open_text", "suffix_of", "text_of"]

HEAD = 65_536
_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_EXPORT = "export it as CSV"
# What is said only in Python stands last, behind "; in Python, ": the command line leaves it out.
_SHEET = 'save it as "CSV UTF-8"; in Python, read it with pandas.read_excel() and pass the frame'
_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", f"unzip it; if it is a workbook, {_SHEET}"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook or another Office file", _SHEET),
    (b"PAR1", "a Parquet file", 'say format="parquet"'),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV; in Python, pass a frame that a query gave"),
    (b"%PDF", "a PDF file", _EXPORT),
    (b"\x89PNG", "a picture", _EXPORT),
    (b"GIF8", "a picture", _EXPORT),
    (b"\xff\xd8\xff", "a picture", _EXPORT),
)
# What a script saves that was not signed in; a header that begins so would be strange.
_PAGES = (b"<!doctype html", b"<html")
# A text of two bytes a letter is half zeros, in any script with digits and commas at least a tenth; other files are not.
_ZEROS = 0.1


def suffix_of(name: str) -> str:
    """The suffix that says the format, in lower case, ``.gz`` apart."""
    return Path(Path(name).stem if name.lower().endswith(".gz") else name).suffix.lower()


@contextmanager
def open_bytes(name: str) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked when it is gzipped (told by its first two bytes, not by its name)."""
    try:
        with Path(name).open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not packed:
                yield file
                return
            with gzip.open(file) as unpacked:
                yield unpacked  # type: ignore[misc]
    except (EOFError, gzip.BadGzipFile, zlib.error) as err:
        raise fault("bad-gzip", name, f"the gzip file is damaged or cut: {err}", "transfer it again") from err
    except OSError as err:
        raise fault("unreadable-file", name, f"cannot be read: {err.strerror or err}", None) from err


def head_bytes(name: str) -> bytes:
    """The first 64 kB of the (unpacked) file."""
    with open_bytes(name) as file:
        return file.read(HEAD)


def text_of(head: bytes) -> str | None:
    """The beginning of a file as text, a cut last character left out; None when it is not text."""
    mark = next((encoding for start, encoding in _MARKS if head.startswith(start)), None)
    if mark is None and b"\x00" in head:
        return None
    return codecs.getincrementaldecoder(mark or "utf-8")("replace").decode(head)


def encoding_of(name: str, encoding: str | None) -> str:
    """The encoding to read the file with: as asked for, else by its byte order mark, else UTF-8.

    Raises `EvidenceError` for a file that is not text at all.
    """
    head = head_bytes(name)
    for magic, what, hint in _MAGIC:
        if head.startswith(magic):
            raise fault("not-text", name, f"is {what}, not a text file", hint)
    if head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:20].lower().startswith(_PAGES):
        raise fault("not-text", name, "is a web page, not a table", "was it saved from a sign-in page? Export it again")
    if encoding is not None:
        try:
            return codecs.lookup(encoding).name
        except LookupError as err:
            raise ArgumentError(f"no encoding is called {encoding!r}") from err
    for start, found in _MARKS:
        if head.startswith(start):
            return found
    if b"\x00" in head:
        if head.count(b"\x00") < _ZEROS * len(head):
            raise fault("not-text", name, "is a binary file, not text", "export it as CSV, JSON or Parquet")
        raise fault("not-text", name, "holds zero bytes, so it is not UTF-8 text", UTF_16)
    return "utf-8"


@contextmanager
def open_text(name: str, encoding: str, *, errors: str = "strict") -> Iterator[io.TextIOWrapper]:
    """The file as text with its line ends as they are; a byte that is no text raises `EvidenceError` unless escaped."""
    with open_bytes(name) as file:
        text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
        try:
            yield text
        except UnicodeDecodeError as err:
            raise fault("bad-encoding", name, f"is not {encoding} text: {err.reason}", HINT) from err
        finally:
            text.detach()


HINT = 'say its encoding: format=CsvImporter(encoding="cp1252") from journeykit.importers.csv, or convert it to UTF-8'
UTF_16 = f"{HINT.replace('cp1252', 'utf-16-le')}, if it is text"


def is_clean(name: str, encoding: str) -> bool:
    """Whether every byte of the file is text in this encoding; reads it once, in blocks."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with open_bytes(name) as file:
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def fault(code: str, name: str, message: str, hint: str | None, line: int | None = None) -> EvidenceError:
    """One fault of a whole file, ready to be raised."""
    return EvidenceError([Problem(code=code, message=message, address=Address(file=name, line=line), hint=hint)])
