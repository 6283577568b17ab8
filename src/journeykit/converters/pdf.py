"""SVG to PDF through typst: real text, searchable and to be copied, in every script that a font here has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from attrs import field, frozen

from journeykit.converters._dressing import Dressed, dressed
from journeykit.converters._missing import warn_of_missing
from journeykit.converters._typesetting import typeset
from journeykit.errors import MissingLibraryError, RenderingError

if TYPE_CHECKING:
    from journeykit.results import Rendering

__all__ = ["PdfConverter"]

_POINTS = 0.75  # a pixel of the SVG is 1/96 inch, a point 1/72
_LONGEST_SIDE = 14_400  # points; readers are not bound to show larger pages (PDF 1.7, annex C.2)


@frozen(kw_only=True)
class PdfConverter:
    """Makes a PDF of an SVG, in the colours of a light page and without a date; a pixel becomes 3/4 point.

    The PDF has a page for each of ``rendering.pages``, else one. It is tagged, with the picture's description as its alternative
    text. ``fonts`` are files and folders of fonts to use instead of the machine's.
    """

    name: str = field(default="pdf", init=False)
    fonts: Sequence[str | Path] | None = None

    def convert(self, rendering: Rendering) -> Rendering:
        """The PDF; warns of letters that no font has.

        Raises `RenderingError` for a page longer than 14,400 points, `ArgumentError` for fonts that are not there,
        `MissingLibraryError` without typst.
        """
        try:
            import typst  # noqa: PLC0415
        except ImportError as err:
            raise MissingLibraryError("typst", "making a PDF of an SVG picture", extra="pdf") from err
        pages = [dressed(body, self.fonts) for body in rendering.pages or (rendering.body,)]
        for page in pages:
            _must_fit(page)
        warn_of_missing("".join(sorted({letter for page in pages for letter in page.missing})))
        body = typeset(typst, rendering, pages, unit=_POINTS)
        return attrs.evolve(rendering, media_type="application/pdf", body=body, pages=())


def _must_fit(page: Dressed) -> None:
    width, height = page.width * _POINTS, page.height * _POINTS
    if max(width, height) > _LONGEST_SIDE:
        raise RenderingError(
            f"a PDF page holds at most {_LONGEST_SIDE:,} points a side, the picture is {width:,.0f} by {height:,.0f}; draw it "
            "in pages, or fewer touchpoints"
        )
