"""SVG to PDF through typst: real text, searchable and to be copied, in every script that a font here has."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from journeykit.converters._dressing import Dressed, dressed
from journeykit.converters._missing import warn_of_missing
from journeykit.drawing.canvas import clean
from journeykit.errors import MissingLibraryError, RenderingError

if TYPE_CHECKING:
    from journeykit.results import Rendering

__all__ = ["PdfConverter"]

_POINTS = 0.75  # a pixel of the SVG is 1/96 inch, a point 1/72
_LONGEST_SIDE = 14_400  # points; readers are not bound to show larger pages (PDF 1.7, annex C.2)

# Everything that varies comes in as data, so that no text of a map is ever read as typst's own markup.
_PAGE = """
#page(width: float(sys.inputs.width{n}) * 1pt, height: float(sys.inputs.height{n}) * 1pt, margin: 0pt, image(
  bytes(sys.inputs.svg{n}), format: "svg", width: 100%, height: 100%, fit: "stretch", alt: sys.inputs.alt{n},
))"""
_HEAD = """#set document(title: sys.inputs.title, date: none)
#set text(lang: sys.inputs.lang)
"""


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
        try:
            body = _compiled(typst, clean(rendering.title), pages)
        except typst.TypstError as err:
            raise RenderingError(
                f"typst cannot draw the picture of the renderer {rendering.renderer!r}: {err}"
            ) from err
        return attrs.evolve(rendering, media_type="application/pdf", body=body, pages=())


def _compiled(typst: Any, title: str, pages: Sequence[Dressed]) -> bytes:
    """The pages through typst, which finds their fonts and nothing else in a folder of its own."""
    source = _HEAD + "".join(_PAGE.format(n=n) for n in range(len(pages)))
    inputs = {"title": title, "lang": _language(pages[0].language)}
    for n, page in enumerate(pages):
        inputs |= {f"width{n}": str(page.width * _POINTS), f"height{n}": str(page.height * _POINTS)}
        inputs |= {f"svg{n}": page.svg, f"alt{n}": page.description or title}
    with tempfile.TemporaryDirectory(prefix="journeykit-") as folder:
        files = dict.fromkeys(file for page in pages for file in page.files)
        for number, file in enumerate(files):
            _bring(Path(file), Path(folder) / f"{number:04}{Path(file).suffix}")
        body = typst.compile(
            source.encode(),
            root=folder,
            font_paths=[folder],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            timestamp=0,
        )
    return bytes(body)


def _bring(file: Path, to: Path) -> None:
    """The font in typst's folder: a link where the system allows one."""
    try:
        to.symlink_to(file)
    except OSError:
        shutil.copyfile(file, to)


def _language(tag: str) -> str:
    """The first part of a language tag, as typst takes it: two or three letters."""
    first = tag.split("-", maxsplit=1)[0].lower()
    return first if len(first) in (2, 3) and first.isascii() and first.isalpha() else "en"


def _must_fit(page: Dressed) -> None:
    width, height = page.width * _POINTS, page.height * _POINTS
    if max(width, height) > _LONGEST_SIDE:
        raise RenderingError(
            f"a PDF page holds at most {_LONGEST_SIDE:,} points a side, the picture is {width:,.0f} by {height:,.0f}; draw it "
            "in pages, or fewer touchpoints"
        )
