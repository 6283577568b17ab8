"""The machine's fonts, read from their files: family, weight, slope and the letters they have. Neither resvg nor typst tells.

Formats: OpenType 1.9 (tables ``name``, ``OS/2``, ``cmap`` formats 4 and 12). A file that is none is no font here.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from attrs import frozen

__all__ = ["Face", "covered", "faces_in", "folders"]

_SUFFIXES = (".otf", ".ttf", ".ttc", ".otc")
_MOST_FACES = 64
_NORMAL_WIDTH = 5


@frozen
class Face:
    """One face of a font file; ``upright`` is False for italics, ``narrow`` True for any width but the normal one."""

    path: str
    offset: int
    family: str
    weight: int
    upright: bool
    narrow: bool


def folders() -> tuple[Path, ...]:
    """Where this machine keeps fonts, the user's own first; at the end DejaVu Sans, which comes with matplotlib."""
    home = Path.home()
    if sys.platform == "win32":
        local, windows = os.environ.get("LOCALAPPDATA"), os.environ.get("WINDIR", r"C:\Windows")
        found = [Path(local) / "Microsoft/Windows/Fonts"] if local else []
        found.append(Path(windows) / "Fonts")
    elif sys.platform == "darwin":
        found = [home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")]
    else:
        data = os.environ.get("XDG_DATA_HOME")
        own = Path(data) if data else home / ".local/share"
        found = [own / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    if spec := find_spec("matplotlib"):
        # Not its whole folder: one font in there has a box for every letter there is.
        for place in spec.submodule_search_locations or ():
            found += [Path(place) / "mpl-data/fonts/ttf" / name for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")]
    return tuple(found)


@lru_cache(maxsize=8)
def faces_in(places: tuple[Path, ...]) -> tuple[Face, ...]:
    """Every face of the files and folders, sorted by path within each; broken files are passed over."""
    found: list[Face] = []
    for place in places:
        files = [place] if place.is_file() else sorted(_files(place))
        for file in files:
            try:
                found += _read(file)
            except (OSError, ValueError, struct.error, IndexError):
                # What cannot be read draws no letter either; the next font is asked.
                continue
    return tuple(found)


def _files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent) / name for name in names if name.lower().endswith(_SUFFIXES))


def _read(file: Path) -> list[Face]:
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        offsets = [0]
        if data[:4] == b"ttcf":
            (count,) = struct.unpack_from(">I", data, 8)
            offsets = list(struct.unpack_from(f">{min(count, _MOST_FACES)}I", data, 12))
        return [face for offset in offsets if (face := _face(data, offset, str(file)))]


def _tables(data: mmap.mmap, offset: int) -> dict[bytes, tuple[int, int]]:
    (count,) = struct.unpack_from(">H", data, offset + 4)
    rows = (struct.unpack_from(">4sIII", data, offset + 12 + 16 * i) for i in range(count))
    return {tag: (start, length) for tag, _, start, length in rows}


def _face(data: mmap.mmap, offset: int, path: str) -> Face | None:
    tables = _tables(data, offset)
    if b"OS/2" not in tables or b"name" not in tables or b"cmap" not in tables:
        return None
    os2 = tables[b"OS/2"][0]
    weight, width = struct.unpack_from(">HH", data, os2 + 4)
    (selection,) = struct.unpack_from(">H", data, os2 + 62)
    family = _family(data, tables[b"name"][0])
    slanted = bool(selection & 0b10_0000_0001)  # italic or oblique
    return Face(path, offset, family, weight, not slanted, width != _NORMAL_WIDTH) if family else None


def _family(data: mmap.mmap, start: int) -> str:
    """The typographic family (name 16), else the family (name 1), in English where it has one."""
    _, count, strings = struct.unpack_from(">HHH", data, start)
    best: tuple[tuple[bool, bool], str] | None = None
    records = struct.iter_unpack(">6H", data[start + 6 : start + 6 + 12 * count])
    for platform, _, language, name, length, place in records:
        if name not in (1, 16) or platform not in (0, 3):
            continue
        rank = (name == 16, language in (0, 0x409))
        if best is None or rank > best[0]:
            at = start + strings + place
            best = rank, data[at : at + length].decode("utf-16-be", "replace")
    return best[1] if best else ""


@lru_cache(maxsize=1024)
def _ranges(face: Face) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code point of every stretch that the face has letters for, sorted."""
    with Path(face.path).open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = _tables(data, face.offset)[b"cmap"][0]
        (count,) = struct.unpack_from(">H", data, start + 2)
        spans: list[tuple[int, int]] = []
        for i in range(count):
            platform, _, place = struct.unpack_from(">HHI", data, start + 4 + 8 * i)
            if platform in (0, 3):
                spans = max(spans, _spans(data, start + place), key=len)
    spans.sort()
    return tuple(first for first, _ in spans), tuple(last for _, last in spans)


def _spans(data: mmap.mmap, at: int) -> list[tuple[int, int]]:
    (kind,) = struct.unpack_from(">H", data, at)
    if kind == 12:
        (count,) = struct.unpack_from(">I", data, at + 12)
        return [struct.unpack_from(">II", data, at + 16 + 12 * i) for i in range(count)]
    if kind == 4:
        (twice,) = struct.unpack_from(">H", data, at + 6)
        ends = struct.unpack_from(f">{twice // 2}H", data, at + 14)
        starts = struct.unpack_from(f">{twice // 2}H", data, at + 16 + twice)
        return [(first, last) for first, last in zip(starts, ends, strict=True) if first < 0xFFFF]
    return []


def covered(face: Face, letters: Iterable[str]) -> set[str]:
    """Those of the letters that the face has."""
    try:
        starts, ends = _ranges(face)
    except (OSError, ValueError, struct.error, IndexError, KeyError):
        return set()
    return {letter for letter in letters if _within(ord(letter), starts, ends)}


def _within(code: int, starts: Sequence[int], ends: Sequence[int]) -> bool:
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]
