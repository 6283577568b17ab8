"""The picture as a browser draws it: real glyph widths in six font families, four languages and ten maps."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from functools import cache
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

import journeykit as jk
from journeykit.drawing.painting import paint
from journeykit.drawing.scene import Scene, Text, texts
from journeykit.drawing.swimlane import pages, plan
from journeykit.drawing.theme import Theme
from journeykit.model import Journey
from journeykit.results import Scorecard

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LANGUAGES = ("en", "de", "ja", "ar")
FAMILIES = ("Inter", "Liberation Sans", "Noto Sans", "Roboto", "Open Sans", "Lato")
FALLBACKS = ("Noto Sans Arabic", "Noto Sans CJK JP", "Noto Color Emoji", "sans-serif")
DATA = Path(__file__).parents[2].parent / "shared" / "data"
MAPS = ("shoes", "beside", "several", "long", "page", "plain", "shop", "onboarding", "storefront", "storefront page")
# Real logs, as they lie beside the project: the file, how it is read, and how it is discovered.
LOGS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "shop": (
        "shopeasy/customer_journey.csv",
        {"columns": {"customer": "CustomerID", "time": "VisitDate", "event": ["Stage", "Action"]}, "tz": "UTC"},
        {},
    ),
    "onboarding": (
        "mobile_app/train_ns.csv",
        {"columns": {"customer": "user_pseudo_id", "event": "event_name", "time": "event_timestamp"}, "tz": "UTC"},
        {},
    ),
    # Page by page: the titles of the 56 pages that ten visitors or more saw, and "Other".
    "storefront": (
        "ua_malloy/ga_sample_half_a.parquet",
        {"columns": {"event": "page_title"}, "format": "ga360"},
        {"case": "session", "max_touchpoints": 60, "outcome": "Checkout Confirmation"},
    ),
}
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=30000", "--dump-dom",
)  # fmt: skip
Line = tuple[float, float, float, float]
Drawn = dict[tuple[str, str, str], tuple[list[Text], list[list[Line]], Scene]]
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


def installed() -> set[str]:
    """The font families that are here: a picture in one that is not would only be drawn in another."""
    program = shutil.which("fc-list")
    if program is None:
        return set(FAMILIES)
    listed = subprocess.run([program, ":", "family"], capture_output=True, text=True, check=True).stdout
    return {name for line in listed.splitlines() for name in line.split(",")} & set(FAMILIES)


@cache
def real(name: str) -> tuple[Journey, Scorecard] | None:
    """The map of a real log, as discovered and scored."""
    file, reading, discovering = LOGS[name]
    if not (DATA / file).is_file():
        return None
    events = jk.read_events(DATA / file, **reading)
    found = jk.discover(events, title="Discovered from a log", **discovering)
    return found, jk.score(found, jk.Evidence(events=events))


def mapped(name: str, language: str) -> Scene | None:
    """One of the maps, with the picture's own words in a language."""
    shoes: Journey = J.shoes(language)
    log, *rest = name.split()
    if log in LOGS:
        found = real(log)
        if found is None:
            return None
        about = attrs.evolve(found[0], language=language), found[1]
        return pages(*about, columns_per_page=12)[2] if rest else plan(*about)
    if name == "several":
        return plan(J.several(language), J.card(shoes, J.SHOES_BOARD))
    if name == "beside":
        return pages(shoes, J.card(shoes, J.SHOES_BOARD), beside=J.better(shoes))[0]
    if name == "plain":
        return plan(attrs.evolve(J.plain(), language=language), J.card(J.plain()))
    if name in ("long", "page"):
        journey = attrs.evolve(J.long(44), language=language)
        return pages(journey, J.card(journey), columns_per_page=13 if name == "page" else None)[-1]
    return plan(shoes, J.card(shoes, J.SHOES_BOARD))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """By map, language and font: the texts of the layout, the boxes the browser gave their lines, and the layout itself.

    All pictures stand on one page, so that the browser starts once.
    """
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so real glyph widths cannot be measured")
    scenes = {(name, language): mapped(name, language) for name in MAPS for language in LANGUAGES}
    fonts = installed()
    keys = [(*key, family) for key, scene in scenes.items() if scene for family in FAMILIES if family in fonts]
    pictures = []
    for name, language, family in keys:
        scene = scenes[name, language]
        assert scene is not None
        pictures.append(paint(scene, Theme(fonts=(family, *FALLBACKS), mode="light")).split("\n", 1)[1])
    body = "\n".join(pictures)
    folder = tmp_path_factory.mktemp("browser")
    page = folder / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{body}<script>{MEASURE}</script>", encoding="utf-8")
    run = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", page.as_uri()]
    dom = subprocess.run(run, capture_output=True, text=True, timeout=240, check=True).stdout
    found = re.search(r"<title>(.*?)</title>", dom[dom.index("<head>") :], re.DOTALL)
    assert found is not None
    boxes = json.loads(html.unescape(found[1]))
    made: Drawn = {}
    for key, own in zip(keys, boxes, strict=True):
        scene = scenes[key[0], key[1]]
        assert scene is not None
        made[key] = (list(texts(scene.marks)), own, scene)
    return made


def of(drawn: Drawn, language: str, family: str) -> list[tuple[str, list[Text], list[list[Line]], Scene]]:
    """Every map in a language and a font; skips where the font is not installed."""
    found = [(key[0], *made) for key, made in drawn.items() if key[1:] == (language, family)]
    if not found:
        pytest.skip(f"the font {family} is not installed")
    return found


def test_enough_was_looked_at(drawn: Drawn) -> None:
    """At least four families, and with the sample files beside the project three maps of real logs, one of 57 touchpoints."""
    if len(installed()) < 4:
        pytest.skip(f"of {', '.join(FAMILIES)} only {len(installed())} are installed")
    names = {key[0] for key in drawn}

    assert {"shoes", "beside", "several", "long", "page", "plain"} <= names
    if not set(LOGS) <= names:
        pytest.skip("the real sample files are not beside the project, so no discovered map was drawn")
    storefront = real("storefront")
    assert storefront is not None
    assert 57 == len(list(storefront[0].touchpoints()))
    assert 4 * len(MAPS) * len(installed()) == len(drawn)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_leaves_its_box_or_the_page(drawn: Drawn, language: str, family: str) -> None:
    """What the layout measured is enough for the glyphs of every family (a slanted last letter may lean out by 2 px)."""
    outside = [
        (name, mark.lines[0].text, line)
        for name, planned, boxes, scene in of(drawn, language, family)
        for mark, lines in zip(planned, boxes, strict=True)
        for line in lines
        if line[0] < mark.box.x - 2
        or line[2] > mark.box.right + 2
        or line[0] < 0
        or line[2] > scene.width
        or line[1] < 0
        or line[3] > scene.height
    ]

    assert [] == outside


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_lines_overlap(drawn: Drawn, language: str, family: str) -> None:
    """No letters stand on other letters."""
    over = []
    for name, planned, boxes, _ in of(drawn, language, family):
        lines = sorted(
            ((*line, mark.lines[0].text) for mark, own in zip(planned, boxes, strict=True) for line in own),
            key=lambda line: line[1],
        )
        for index, a in enumerate(lines):
            for b in lines[index + 1 :]:
                if b[1] >= a[3]:
                    break
                if a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5:
                    over.append((name, a[4], b[4]))

    assert [] == over
