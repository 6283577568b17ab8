"""The picture as a browser draws it: real glyph widths in six font families and four languages."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from journeykit.drawing.painting import paint
from journeykit.drawing.scene import texts
from journeykit.drawing.swimlane import plan
from journeykit.drawing.theme import Theme

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FAMILIES = ("Inter", "Liberation Sans", "Noto Sans", "Roboto", "Open Sans", "Lato")
FALLBACKS = ("Noto Sans Arabic", "Noto Sans CJK JP", "Noto Color Emoji", "sans-serif")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=10000", "--dump-dom",
)  # fmt: skip
# Every line of every text as drawn, relative to its picture; shrunk to the letters' height, because a font's line box is
# taller than what it inks.
MEASURE = """
const out = [];
for (const svg of document.querySelectorAll('svg')) {
  const at = svg.getBoundingClientRect(), found = [];
  for (const text of svg.querySelectorAll('text')) {
    const size = parseFloat(text.getAttribute('font-size')), lines = [];
    for (const span of text.querySelectorAll('tspan')) {
      const words = span.textContent, from = words.length - words.trimStart().length, to = words.trimEnd().length;
      const range = document.createRange(), node = span.firstChild;
      range.setStart(node, from); range.setEnd(node, to);
      const box = range.getBoundingClientRect(), base = parseFloat(span.getAttribute('y'));
      lines.push([box.left - at.left, base - 0.75 * size, box.right - at.left, base + 0.15 * size]);
    }
    found.push(lines);
  }
  out.push(found);
}
document.body.innerHTML = '';
document.title = JSON.stringify(out);
"""


def _examples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", Path(__file__).parent / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _examples()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[list, list]]:
    """By language and font: the texts of the layout, and the boxes the browser gave their lines."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so real glyph widths cannot be measured")
    scenes = {language: plan(J.shoes(language), J.card(J.shoes(language), J.SHOES_BOARD)) for language in J.WORDS}
    keys = [(language, family) for language in scenes for family in FAMILIES]
    pictures = [paint(scenes[language], Theme(fonts=(family, *FALLBACKS))) for language, family in keys]
    body = "\n".join(picture.split("\n", 1)[1] for picture in pictures)
    folder = tmp_path_factory.mktemp("browser")
    page = folder / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{body}<script>{MEASURE}</script>", encoding="utf-8")
    run = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", page.as_uri()]
    dom = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r"<title>(.*?)</title>", dom[dom.index("<head>") :], re.DOTALL)
    assert found is not None
    boxes = json.loads(html.unescape(found[1]))
    return {key: (list(texts(scenes[key[0]].marks)), own) for key, own in zip(keys, boxes, strict=True)}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", ["en", "de", "ja", "ar"])
def test_no_line_leaves_the_box_it_was_laid_out_in(drawn: dict, language: str, family: str) -> None:
    """What the layout measured is enough for the glyphs of every family (a slanted last letter may lean out by 2 px)."""
    planned, boxes = drawn[language, family]
    outside = [
        (mark.lines[0].text, line)
        for mark, lines in zip(planned, boxes, strict=True)
        for line in lines
        if line[0] < mark.box.x - 2 or line[2] > mark.box.right + 2
    ]

    assert [] == outside


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", ["en", "de", "ja", "ar"])
def test_no_two_lines_overlap(drawn: dict, language: str, family: str) -> None:
    """No letters stand on other letters."""
    planned, boxes = drawn[language, family]
    lines = sorted(
        ((*line, mark.lines[0].text) for mark, own in zip(planned, boxes, strict=True) for line in own),
        key=lambda line: line[1],
    )
    over = [
        (a[4], b[4])
        for i, a in enumerate(lines)
        for b in lines[i + 1 :]
        if b[1] < a[3] and a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5
    ]

    assert [] == over
