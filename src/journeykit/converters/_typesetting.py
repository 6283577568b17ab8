"""Pictures on pages of typst, which draws SVG with resvg: one library for PDF and PNG."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeykit.converters._dressing import Dressed
from journeykit.drawing.canvas import clean
from journeykit.errors import RenderingError

if TYPE_CHECKING:
    from journeykit.results import Rendering

__all__ = ["typeset"]

# Everything that varies comes in as data, so that no text of a map is ever read as typst's own markup.
_PAGE = """
#page(width: float(sys.inputs.width{n}) * 1pt, height: float(sys.inputs.height{n}) * 1pt, margin: 0pt, fill: none, image(
  bytes(sys.inputs.svg{n}), format: "svg", width: 100%, height: 100%, fit: "stretch", alt: sys.inputs.alt{n},
))"""
_HEAD = """#set document(title: sys.inputs.title, date: none)
#set text(lang: sys.inputs.lang)
"""


def typeset(
    typst: Any,
    rendering: Rendering,
    pages: Sequence[Dressed],
    *,
    unit: float,
    format: str = "pdf",
    dots: float | None = None,
) -> bytes:
    """The pictures through typst, which finds their fonts and nothing else in a folder of its own.

    A pixel of a picture is ``unit`` points of its page; ``dots`` an inch are drawn where the format has dots. Raises
    `RenderingError` for what typst cannot draw.
    """
    title = clean(rendering.title)
    source = _HEAD + "".join(_PAGE.format(n=n) for n in range(len(pages)))
    inputs = {"title": title, "lang": _language(pages[0].language)}
    for n, page in enumerate(pages):
        inputs |= {f"width{n}": str(page.width * unit), f"height{n}": str(page.height * unit)}
        inputs |= {f"svg{n}": page.svg, f"alt{n}": page.description or title}
    with tempfile.TemporaryDirectory(prefix="journeykit-") as folder:
        files = dict.fromkeys(file for page in pages for file in page.files)
        for number, file in enumerate(files):
            _bring(Path(file), Path(folder) / f"{number:04}{Path(file).suffix}")
        try:
            body = typst.compile(
                source.encode(),
                root=folder,
                font_paths=[folder],
                ignore_system_fonts=True,
                format=format,
                ppi=dots,
                sys_inputs=inputs,
                timestamp=0,
            )
        except BaseException as err:
            # A fault in typst itself is a panic, which is no Exception.
            if not isinstance(err, typst.TypstError) and type(err).__name__ != "PanicException":
                raise
            said = f"typst cannot draw the picture of the renderer {rendering.renderer!r}: {err}"
            raise RenderingError(said) from err
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
