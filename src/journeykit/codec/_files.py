"""Journeys from and to files."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import IO

from journeykit.codec._lines import Lines
from journeykit.codec._nodes import MAX_BYTES
from journeykit.codec._texts import Format, dumps, loads, too_large
from journeykit.errors import ArgumentError, JourneyError, unwritable
from journeykit.model import Journey
from journeykit.problems import Address, Problem

_MERMAID = re.compile(r"journey[ \t]*(\r|\n|$)", re.IGNORECASE)
_FORMATS: dict[str, Format] = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".mmd": "mermaid"}


def load(source: str | os.PathLike[str] | bytes | IO[str] | IO[bytes]) -> Journey:
    """The journey in a file: a path (.yaml, .yml, .json, or .mmd for Mermaid), an open stream, or the bytes themselves.

    Bytes and streams without a telling name are JSON when they begin with ``{``, Mermaid when their first line is
    ``journey``, else YAML. Text is UTF-8. Raises `JourneyError` with every fault and its address (also when there is no
    such file), `ArgumentError` for another suffix.
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        # Read first: of a file that is not there, the suffix is the lesser fault.
        content = _read(path)
        return _loads(content, str(path), _format(path))
    if isinstance(source, bytes):
        return _loads(source, "<bytes>", None)
    if not hasattr(source, "read"):
        raise ArgumentError(
            f"a map is loaded from a path, a stream or bytes, not from a value of {type(source).__name__}"
        )
    name = getattr(source, "name", None)
    known = _FORMATS.get(Path(name).suffix.lower()) if isinstance(name, str) else None
    return _loads(source.read(MAX_BYTES + 1), name if isinstance(name, str) else "<stream>", known)


def save(journey: Journey, path: str | os.PathLike[str], *, drop_comments: bool = False) -> Path:
    """Write the journey in its canonical form and return the path; the suffix (.yaml, .yml, .json, .mmd) decides the format.

    The file is replaced in one step, so that no reader sees half of it. Raises `ArgumentError` when the suffix is another,
    when no file can be written there, or when the file that is there holds comments, which would be lost, unless
    ``drop_comments`` is true.
    """
    _must_be_savable(journey, path)
    path = Path(path)
    format = _format(path)
    text = dumps(journey, format)
    # Writing through a link changes what it points to, not the link.
    target = Path(os.path.realpath(path))
    if format != "json" and not drop_comments and target.exists():
        line = _first_comment(_read(target).decode("utf-8", "replace"), format)
        if line is not None:
            message = f"{path} holds comments (the first in line {line}), which saving would lose"
            raise ArgumentError(f"{message}; pass drop_comments=True or save to another file")
    _replace(target, text.encode("utf-8"))
    return path


def _must_be_savable(journey: object, path: object) -> None:
    if isinstance(path, Journey):
        raise ArgumentError("save(journey, path) takes the map first, then the file: the two are swapped")
    if not isinstance(journey, Journey):
        raise ArgumentError(f"a map is saved, not a value of {type(journey).__name__}: save(journey, path)")
    if not isinstance(path, str | os.PathLike):
        raise ArgumentError(f"a map is saved to a path, not to a value of {type(path).__name__}: save(journey, path)")


def _first_comment(text: str, format: Format) -> int | None:
    if format == "mermaid":
        from journeykit.codec._mermaid_read import mermaid_comment_line  # noqa: PLC0415

        return mermaid_comment_line(text)
    from journeykit.codec._read_yaml import comment_line  # noqa: PLC0415

    return comment_line(text)


def _format(path: Path) -> Format:
    try:
        return _FORMATS[path.suffix.lower()]
    except KeyError:
        kind = f"{path.suffix!r} is no suffix" if path.suffix else "a name without a suffix is none"
        raise ArgumentError(f"{path}: {kind} of a journey file; use .yaml, .yml, .json or .mmd") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as err:
        message = f"cannot be read: {err.strerror or err}"
        raise JourneyError([Problem(code="unreadable-file", message=message, address=Address(file=str(path)))]) from err


def _loads(content: str | bytes, name: str, format: Format | None) -> Journey:
    if len(content) > MAX_BYTES:
        raise JourneyError([too_large(name)])
    text = content if isinstance(content, str) else _decoded(content, name)
    return loads(text, name=name, format=format or _guess(text.lstrip("\ufeff \t\r\n")))


def _guess(text: str) -> Format:
    """JSON begins with a brace, a Mermaid user journey with that word alone in its line; neither begins a map in YAML."""
    if text.startswith("{"):
        return "json"
    return "mermaid" if _MERMAID.match(text) else "yaml"


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as err:
        before = content[: err.start].decode("utf-8").removeprefix("\ufeff")
        line, column = Lines(before).place(len(before))
        problem = Problem(
            code="not-utf-8",
            message=f"the byte 0x{content[err.start]:02X} is not UTF-8 text",
            address=Address(file=name, line=line, column=column),
            hint="save the file as UTF-8",
        )
        raise JourneyError([problem]) from err


def _replace(target: Path, content: bytes) -> None:
    draft = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            draft.chmod(target.stat().st_mode & 0o7777)
        draft.replace(target)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as err:
        # What the caller can mend by another path; a full disk is nothing of the kind.
        with suppress(OSError):
            draft.unlink()
        raise ArgumentError(unwritable(target, err)) from err
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
