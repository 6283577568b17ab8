"""SVG to PDF: real text, one page for each page, light, and of a size that readers can show."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from journeykit.errors import RenderingError
from journeykit.results import Rendering

Draw = Callable[..., Rendering]


def unpacked(body: bytes) -> bytes:
    """The PDF with its compressed streams opened."""
    found = [body]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", body, re.DOTALL):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(found)


def boxes(body: bytes) -> list[tuple[float, float]]:
    """The size of every page."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", unpacked(body))
    return [(float(width), float(height)) for width, height in found]


def test_a_pixel_is_three_quarters_of_a_point(draw: Draw) -> None:
    """The page has the size of the picture, at 96 pixels an inch."""
    made = draw("Hello", size=(400, 200)).converted("x.pdf")

    assert made.media_type == "application/pdf"
    assert made.body.startswith(b"%PDF-")
    assert [(300.0, 150.0)] == boxes(made.body)


def test_every_page_of_a_rendering_is_a_page(draw: Draw) -> None:
    """A rendering in pages is a PDF of as many pages, each of its own size."""
    pages = tuple(draw("Hello", size=size).body for size in ((400, 200), (200, 400)))
    made = attrs.evolve(draw("Hello"), pages=pages).converted("x.pdf")

    assert [(300.0, 150.0), (150.0, 300.0)] == boxes(made.body)
    assert made.pages == ()


def test_the_pdf_has_no_date_and_says_what_it_is(draw: Draw) -> None:
    """Title, language and description are there, the time of making is not."""
    body = unpacked(draw("Hello", language="de-AT").converted("x.pdf").body)

    assert b"CreationDate" not in body
    assert b"CreateDate" not in body
    assert b"A map" in body
    assert b"/Lang" in body
    assert b"(de)" in body
    assert b"What there is to see" in body


def test_the_text_is_text(draw: Draw, tmp_path: Path) -> None:
    """Words of every script can be searched and copied."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    draw("Hello", "送料を見る").save(tmp_path / "x.pdf")
    said = subprocess.run(
        ["pdftotext", str(tmp_path / "x.pdf"), "-"], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout

    assert "Hello" in said
    assert "送料を見る" in said


def test_dark_readers_do_not_change_the_picture(draw: Draw) -> None:
    """The rules for dark screens are no part of a PDF."""
    rule = "<style>@media (prefers-color-scheme: dark){.f{fill:#000000}}</style>"
    ground = '<rect class="f" width="200" height="100" fill="#FF0000"/>'
    light = draw(before=ground).converted("x.pdf").body

    assert light == draw(before=rule + ground).converted("x.pdf").body


@pytest.mark.parametrize("words", ['#panic("x")', "$a$ \\ */ //", "= Heading", "&lt;b&gt;", "#sys.inputs", "a\x07b"])
def test_words_are_never_read_as_typst(draw: Draw, words: str) -> None:
    """What looks like typst's markup in a text or title is text."""
    rendering = attrs.evolve(draw(words.replace("\x07", "")), title=words + "\ud800")

    assert 1 == len(boxes(rendering.converted("x.pdf").body))


def test_a_page_too_long_for_readers_is_refused(draw: Draw) -> None:
    """The error names the limit and the way out."""
    with pytest.raises(
        RenderingError, match=r"at most 14,400 points a side, the picture is 22,500 by 75; draw it in pages"
    ):
        draw("Hello", size=(30_000, 100)).converted("x.pdf")
