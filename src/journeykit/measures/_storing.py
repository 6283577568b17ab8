"""States in files: a header of JSON and plain arrays of numbers in a zip archive; nothing in it is ever executed.

A file may come from anywhere, so it is read by what it may hold: known classes, arrays of whole numbers whose size is
that of the file, no compression (a small file cannot become a large state), and a result that can be made of it.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Hashable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import attrs
import numpy as np

from journeykit.errors import ArgumentError, EvidenceError, unwritable
from journeykit.problems import Address, Problem

__all__ = ["fingerprint", "read_state", "write_state"]

_VERSION = 1
_MARK = "journeykit-state"
_HEADER = "state.json"
_LARGEST_HEADER = 1 << 30
# What another path mends; a full disk is not the caller's mistake.
_ELSEWHERE = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
_KINDS = {np.dtype(kind) for kind in ("<i8", "<i4", "<u8", "|b1")}


def fingerprint(settings: tuple[Hashable, ...]) -> str:
    """What tells settings apart: a digest of how they are written."""
    return hashlib.sha256(repr(settings).encode()).hexdigest()


def write_state(path: Path, measure: str, settings: str, values: dict[str, Any]) -> None:
    """Write the values; a file that is there is replaced when all is written. `ArgumentError` where none can be written."""
    writer = _Writer()
    tree = {name: writer.tree(value) for name, value in values.items()}
    header = {_MARK: _VERSION, "measure": measure, "settings": settings, "texts": writer.texts, "state": tree}
    try:
        # A name that nobody else has or can foresee: two may write to one path, and a folder may be anybody's.
        handle, part = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    except _ELSEWHERE as err:
        raise ArgumentError(unwritable(path, err)) from err
    try:
        with os.fdopen(handle, "wb") as whole, zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
            # A fixed time: equal states are equal files.
            archive.writestr(zipfile.ZipInfo(_HEADER), json.dumps(header, ensure_ascii=False))
            for index, array in enumerate(writer.arrays):
                with archive.open(zipfile.ZipInfo(f"{index}.npy"), "w", force_zip64=True) as file:
                    np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
        Path(part).chmod(_mode(path))
        Path(part).replace(path)
    except _ELSEWHERE as err:
        raise ArgumentError(unwritable(path, err)) from err
    finally:
        with suppress(FileNotFoundError):
            Path(part).unlink()


def _mode(path: Path) -> int:
    """The rights of the file that is replaced, else those that only the owner has: a state holds ids."""
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        return 0o600


def read_state(path: Path, measure: str, settings: str, wanted: Iterable[str]) -> dict[str, Any]:
    """The values of such a file; `EvidenceError` when it is foreign, of another version or measure, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            header = _header(path, archive)
            _same(path, header, measure, settings)
            reader = _Reader(archive, header["texts"])
            tree = header["state"]
            if not isinstance(tree, dict) or set(tree) != set(wanted):
                _refuse(path, "it does not hold what this state is made of")
            return {name: reader.value(part) for name, part in tree.items()}
    except FileNotFoundError:
        _refuse(path, "there is no such file")
    except IsADirectoryError:
        _refuse(path, "it is a folder; name the file in it")
    except PermissionError:
        _refuse(path, "it may not be read: this user has no right to")
    except zipfile.BadZipFile:
        _refuse(path, "it is no state of journeykit, or it is damaged")
    except EvidenceError:
        raise
    except Exception as err:  # noqa: BLE001  (a file may be broken in more ways than zipfile and json have errors for)
        _refuse(path, f"it is damaged: {err}")


def _header(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    names = archive.namelist()
    if _HEADER not in names:
        _refuse(path, "it is no state of journeykit")
    if any(info.compress_type != zipfile.ZIP_STORED for info in archive.infolist()):
        _refuse(path, "it is compressed, which a state never is")
    if archive.getinfo(_HEADER).file_size > _LARGEST_HEADER:
        _refuse(path, "its header is too large")
    header = json.loads(archive.read(_HEADER))
    if not isinstance(header, dict) or _MARK not in header:
        _refuse(path, "it is no state of journeykit")
    if header[_MARK] != _VERSION:
        _refuse(
            path, f"it is a state of version {header[_MARK]!r}, and this journeykit reads {_VERSION}: count it anew"
        )
    return header


def _same(path: Path, header: dict[str, Any], measure: str, settings: str) -> None:
    if header.get("measure") != measure:
        _refuse(path, f"it is a state of {header.get('measure')!r}, not of {measure}")
    if header.get("settings") != settings:
        _refuse(path, f"it is a state of {measure} with other settings; open this one with those it was saved with")


def _refuse(path: Path, message: str) -> NoReturn:
    raise EvidenceError([Problem(code="bad-state", message=message, address=Address(file=str(path)))])


class _DamageError(Exception):
    """What a file cannot mean."""


@cache
def _classes() -> dict[str, type[Any]]:
    # Late: these modules import the states, which import this one.
    from journeykit.measures._cases import CaseArrays  # noqa: PLC0415
    from journeykit.measures._gaps import Gaps  # noqa: PLC0415
    from journeykit.measures._incidences import Endings  # noqa: PLC0415
    from journeykit.measures._packing import PathCounts  # noqa: PLC0415
    from journeykit.measures._tallies import SessionCounts  # noqa: PLC0415
    from journeykit.measures.batches import Batch  # noqa: PLC0415

    return {kind.__name__: kind for kind in (Batch, CaseArrays, Endings, Gaps, PathCounts, SessionCounts)}


def _fields(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind)) if attrs.has(kind) else kind.__slots__


class _Writer:
    def __init__(self) -> None:
        self.arrays: list[np.ndarray[Any, Any]] = []
        self.texts: list[list[str]] = []
        self._known: dict[tuple[str, ...], int] = {}

    def tree(self, value: Any) -> Any:
        """The value as JSON; lists of labels, which recur in every batch, and arrays are numbered and stand elsewhere."""
        if value is None or isinstance(value, bool | int | str):
            return value
        if isinstance(value, np.ndarray):
            self.arrays.append(value)
            return {"array": len(self.arrays) - 1}
        if isinstance(value, tuple) and value and all(isinstance(part, str) for part in value):
            index = self._known.setdefault(value, len(self.texts))
            if index == len(self.texts):
                self.texts.append(list(value))
            return {"texts": index}
        if isinstance(value, tuple | list):
            return {type(value).__name__: [self.tree(part) for part in value]}
        if isinstance(value, dict):
            kind = "counter" if isinstance(value, Counter) else "dict"
            return {kind: [[self.tree(key), self.tree(part)] for key, part in value.items()]}
        has = {name: self.tree(getattr(value, name)) for name in _fields(type(value))}
        return {"is": type(value).__name__, "has": has}


class _Reader:
    def __init__(self, archive: zipfile.ZipFile, texts: Any) -> None:
        self._archive = archive
        if not all(isinstance(part, list) and all(isinstance(text, str) for text in part) for part in texts):
            raise _DamageError("its labels are no texts")
        self._texts = [tuple(part) for part in texts]
        self._read: set[str] = set()

    def value(self, tree: Any) -> Any:
        """What a tree stands for."""
        if tree is None or isinstance(tree, bool | int | str):
            return tree
        if not isinstance(tree, dict):
            raise _DamageError("its header is not made as a header is")
        if set(tree) == {"is", "has"}:
            return self._object(tree["is"], tree["has"])
        ((kind, content),) = tree.items()
        if kind == "array":
            return self._array(content)
        if kind == "texts":
            return self._texts[content]
        if kind in ("tuple", "list"):
            parts = [self.value(part) for part in content]
            return tuple(parts) if kind == "tuple" else parts
        pairs = [(self.value(key), self.value(part)) for key, part in content]
        if kind == "counter":
            return _counted(pairs)
        if kind != "dict":
            raise _DamageError("its header is not made as a header is")
        return dict(pairs)

    def _object(self, name: str, has: dict[str, Any]) -> Any:
        kind = _classes()[name]
        if set(has) != set(_fields(kind)):
            raise _DamageError(f"a {name} is not whole")
        values = {field: self.value(part) for field, part in has.items()}
        if attrs.has(kind):
            found = kind(**values)
            # Offsets or counts that promise more rows than there are would be rows of memory.
            if hasattr(found, "whole") and not found.whole():
                raise _DamageError(f"the columns of a {name} do not fit together")
            return found
        made: Any = object.__new__(kind)
        for field, value in values.items():
            setattr(made, field, value)
        return made

    def _array(self, index: int) -> np.ndarray[Any, Any]:
        name = f"{int(index)}.npy"
        if name in self._read:
            # A header may name an array a million times, and each time would be a copy of its own.
            raise _DamageError("an array stands in two places")
        self._read.add(name)
        data = io.BytesIO(self._archive.read(name))
        if np.lib.format.read_magic(data) != (1, 0):
            raise _DamageError("an array is of another format")
        shape, by_columns, kind = np.lib.format.read_array_header_1_0(data)
        size = int(np.prod(shape, dtype=object)) * kind.itemsize
        plain = kind in _KINDS and len(shape) in (1, 2) and not (by_columns and len(shape) == 2)
        if not plain or size != len(data.getbuffer()) - data.tell():
            raise _DamageError("an array is not what it says")
        # A copy: an array over a file's bytes cannot be written to.
        return np.frombuffer(data.read(), dtype=kind).reshape(shape).copy()


def _counted(pairs: list[tuple[Any, Any]]) -> Counter[Any]:
    if not all(isinstance(count, int) and count >= 0 for _, count in pairs):
        raise _DamageError("a count is no number")
    return Counter(dict(pairs))
