"""SVG to PNG through typst, which draws with resvg, with the fonts named and given: the same machine makes the same bytes."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from journeykit.converters._dressing import Dressed, dressed
from journeykit.converters._missing import warn_of_missing
from journeykit.converters._typesetting import typeset
from journeykit.errors import ArgumentError, MissingLibraryError, RenderingError

if TYPE_CHECKING:
    from journeykit.results import Rendering

__all__ = ["MOST_PIXELS", "PngConverter"]

MOST_PIXELS = 100_000_000
"""A PNG of more pixels (400 MB in memory) is refused."""

_LONGEST_SIDE = 32_767  # what most programs that show pictures can take
_DOTS_PER_METRE = 96 / 0.0254


def _sane_scale(_: object, __: attrs.Attribute[Any], value: object) -> None:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    if not 0.05 <= number <= 20:
        raise ArgumentError(f"scale={value!r}: give a number from 0.05 to 20 (dots a pixel of the SVG)")


@frozen(kw_only=True)
class PngConverter:
    """Makes a PNG of an SVG, with ``scale`` dots a pixel (2 is 192 dots an inch), in the colours of a light page.

    ``fonts`` are files and folders of fonts to use instead of the machine's.
    """

    name: str = field(default="png", init=False)
    scale: float = field(default=2.0, validator=_sane_scale)
    fonts: Sequence[str | Path] | None = None

    def convert(self, rendering: Rendering) -> Rendering:
        """The PNG; warns of letters that no font has.

        Raises `RenderingError` for more than `MOST_PIXELS` or too long a side, `ArgumentError` for fonts that are not there,
        `MissingLibraryError` without typst.
        """
        try:
            import typst  # noqa: PLC0415
        except ImportError as err:
            raise MissingLibraryError("typst", "making a PNG of an SVG picture", extra="png") from err
        ready = dressed(rendering.body, self.fonts)
        _must_be_drawable(ready, self.scale)
        warn_of_missing(ready.missing)
        # A pixel is a point here, of which there are 72 in an inch.
        body = typeset(typst, rendering, [ready], unit=1, format="png", dots=72 * self.scale)
        png = _with_resolution(body, self.scale)
        return attrs.evolve(rendering, media_type="image/png", body=png, pages=())


def _must_be_drawable(ready: Dressed, scale: float) -> None:
    width, height = math.ceil(ready.width * scale), math.ceil(ready.height * scale)
    if max(width, height) <= _LONGEST_SIDE and width * height <= MOST_PIXELS:
        return
    fits = min(_LONGEST_SIDE / max(ready.width, ready.height), math.sqrt(MOST_PIXELS / (ready.width * ready.height)))
    raise RenderingError(
        f"a PNG at scale={scale:g} would have {width:,} by {height:,} pixels; at most {_LONGEST_SIDE:,} a side and "
        f"{MOST_PIXELS:,} in all can be made: scale={math.floor(fits * 100) / 100:g} fits, and a PDF has no such limit"
    )


def _with_resolution(png: bytes, scale: float) -> bytes:
    """The PNG with its dots an inch, so that documents show it as large as the SVG."""
    dots = round(_DOTS_PER_METRE * scale)
    chunk = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    head = png[:33]  # the signature and the header chunk
    return head + struct.pack(">I", 9) + chunk + struct.pack(">I", zlib.crc32(chunk)) + png[33:]
