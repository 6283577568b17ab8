"""The single views as a browser draws them, and the Mermaid text as Mermaid reads it."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib import util
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

import journeykit as jk
from journeykit import codec
from journeykit.drawing.flow import plan as flow
from journeykit.drawing.funnel import plan as funnel
from journeykit.drawing.matrix import chances
from journeykit.drawing.matrix import plan as matrix
from journeykit.drawing.painting import paint
from journeykit.drawing.scene import Scene, texts
from journeykit.drawing.storyboard import plan as storyboard
from journeykit.drawing.theme import Theme
from journeykit.model import Journey
from journeykit.renderers.mermaid import MermaidRenderer
from journeykit.results import Move, Scorecard

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=20000", "--dump-dom",
)  # fmt: skip
ROOT = Path(__file__).parents[2]
VIEWS: dict[str, Callable[..., Scene]] = {
    "flow": flow,
    "flow across": lambda *given: flow(*given, turned=False),
    "flow down": lambda *given: flow(*given, turned=True),
    "funnel": funnel,
    "matrix": matrix,
    "chances": chances,
    "storyboard": storyboard,
}
FAMILIES = ("Inter", "Noto Sans", "Roboto", "Liberation Sans")
FALLBACKS = ("Noto Sans Arabic", "Noto Sans CJK JP", "Noto Color Emoji", "sans-serif")
# Every line of every text as drawn, relative to its picture; shrunk to the letters' height.
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
# Where Mermaid's script lies, for who has it: npm install -g mermaid, or this variable.
MERMAID = os.environ.get("JOURNEYKIT_MERMAID_JS", "")
DRAW = """
(async () => {
  const out = [];
  mermaid.initialize({startOnLoad: false});
  for (const [i, text] of TEXTS.entries()) {
    try {
      await mermaid.parse(text);
      const { svg } = await mermaid.render('drawn' + i, text);
      const tree = new DOMParser().parseFromString(svg, 'text/html');
      const said = [...tree.querySelectorAll('text, .label')].map(e => e.textContent.trim().replace(/\\s+/g, ' '));
      out.push({said, planted: tree.querySelectorAll('script, jk-hostile').length});
    } catch (error) { out.push({error: String(error)}); }
  }
  document.body.innerHTML = '';
  document.title = JSON.stringify(out);
})();
"""


def _module(path: Path) -> ModuleType:
    spec = util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _module(Path(__file__).parent / "_journeys.py")


def opened(page: Path, timeout: int = 180) -> Any:
    """The title that the page's script leaves, as data."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed, so nothing can be drawn for real")
    run = [CHROMIUM, *FLAGS, f"--user-data-dir={page.parent / 'profile'}", page.as_uri()]
    dom = subprocess.run(run, capture_output=True, text=True, timeout=timeout, check=True).stdout
    found = re.search(r"<title>(.*?)</title>", dom, re.DOTALL)
    assert found is not None
    return json.loads(html.unescape(found[1]))


def moved(journey: Journey, card: Scorecard) -> Scorecard:
    """The scorecard with moves onward, over one, and back over three."""
    ids = [t.id for t in journey.touchpoints()]
    pairs = [*pairwise(ids), *zip(ids, ids[2:], strict=False), *zip(ids[3:], ids, strict=False)]
    moves = [Move(source=a, target=b, count=max(11, 1234 - 40 * i), journeys=9) for i, (a, b) in enumerate(pairs)]
    moves += [
        Move(source=None, target=ids[0], count=900, journeys=9),
        Move(source=ids[-1], target=None, count=800, journeys=9),
    ]
    return attrs.evolve(card, coverage=attrs.evolve(card.coverage, moves=tuple(moves)))


def counted(journey: Journey) -> tuple[Journey, Scorecard]:
    return journey, moved(journey, J.card(journey))


def shoes(language: str) -> tuple[Journey, Scorecard]:
    """Everything in one of the map's languages; the picture's own words alone in the others."""
    journey = J.shoes(language) if language in J.WORDS else attrs.evolve(J.shoes("en"), language=language)
    return journey, moved(journey, J.card(journey, J.SHOES_BOARD))


def surgery() -> tuple[Journey, Scorecard]:
    return counted(codec.load(ROOT / "docs" / "gallery" / "arzttermin.journey.yaml"))


def orders() -> tuple[Journey, Scorecard]:
    folder = ROOT / "examples" / "rees46"
    card = codec.loads_scorecard((folder / "scorecard.json").read_text(encoding="utf-8"))
    return codec.load(folder / "first_order.journey.yaml"), card


def discovered(file: str, title: str, **how: Any) -> tuple[Journey, Scorecard]:
    """A map that is measured from real data beside the project, with its real scores."""
    path = ROOT.parent / "shared" / "data" / file
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    events = jk.read_events(path, **how)
    journey = jk.discover(events, title=title)
    return journey, jk.score(journey, jk.Evidence(events=events))


ORDERS = {"customer": "user_id", "time": "event_time", "event": "event_type", "session": "user_session"}
JOURNEYS: dict[str, Callable[[], tuple[Journey, Scorecard]]] = {
    **{language: lambda language=language: shoes(language) for language in ("en", "de", "fr", "es", "ja", "ar")},
    "surgery": surgery,
    "orders": orders,
    "found orders": lambda: discovered("rees46/2019-Oct_17k.csv", "Orders", columns=ORDERS),
    "found visits": lambda: discovered("ua_malloy/ga_sample_half_a.parquet", "Visits", format="ga360"),
    "three": lambda: counted(J.long(3)),
    "twenty": lambda: counted(J.long(20)),
    "forty": lambda: counted(J.long(40)),
    "sixty": lambda: counted(J.long(60)),
}


@pytest.fixture(scope="module", params=list(JOURNEYS))
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple]:
    journey, card = JOURNEYS[request.param]()
    scenes = {view: plan(journey, card) for view, plan in VIEWS.items()}
    # A brand's colours change nothing in the layout, but what is measured is what is drawn.
    themes = {family: Theme.branded("#00695C", fonts=(family, *FALLBACKS)) for family in FAMILIES}
    keys = [(view, family) for view in scenes for family in FAMILIES]
    pictures = [paint(scenes[view], themes[family]) for view, family in keys]
    body = "\n".join(picture.split("\n", 1)[1] for picture in pictures)
    page = tmp_path_factory.mktemp("views") / "page.html"
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{body}<script>{MEASURE}</script>", encoding="utf-8")
    # The pictures bring titles of their own; the page's one comes last.
    boxes = opened(page)
    return {key: (scenes[key[0]], own) for key, own in zip(keys, boxes, strict=True)}


@pytest.mark.parametrize("view", list(VIEWS))
def test_what_is_drawn_stays_in_its_box(drawn: dict, view: str) -> None:
    """The glyphs of every family stay in the box that was laid out for them (a slanted last letter may lean out by 2 px)."""
    outside = [
        (family, mark.lines[0].text, line)
        for family in FAMILIES
        for scene, boxes in (drawn[view, family],)
        for mark, lines in zip(texts(scene.marks), boxes, strict=True)
        for line in lines
        if line[0] < mark.box.x - 2 or line[2] > mark.box.right + 2
    ]

    assert [] == outside


@pytest.mark.parametrize("view", list(VIEWS))
def test_nothing_is_drawn_outside_the_page(drawn: dict, view: str) -> None:
    """Every line of every text lies on the page, in every family."""
    outside = [
        (family, line)
        for family in FAMILIES
        for scene, boxes in (drawn[view, family],)
        for lines in boxes
        for line in lines
        if line[0] < 0 or line[1] < 0 or line[2] > scene.width or line[3] > scene.height
    ]

    assert [] == outside


@pytest.mark.parametrize("view", list(VIEWS))
def test_no_two_drawn_lines_overlap(drawn: dict, view: str) -> None:
    """No letters stand on other letters."""
    over = []
    for family in FAMILIES:
        scene, boxes = drawn[view, family]
        lines = sorted(
            ((*line, mark.lines[0].text) for mark, own in zip(texts(scene.marks), boxes, strict=True) for line in own),
            key=lambda line: line[1],
        )
        for i, a in enumerate(lines):
            for b in lines[i + 1 :]:
                if b[1] >= a[3]:
                    break
                if a[0] < b[2] - 0.5 and b[0] < a[2] - 0.5:
                    over.append((family, a[4], b[4]))

    assert [] == over


def mermaid_script() -> Path | None:
    if MERMAID:
        return Path(MERMAID)
    npm = shutil.which("npm")
    if npm is None:
        return None
    root = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False, timeout=60).stdout.strip()
    script = Path(root) / "mermaid" / "dist" / "mermaid.min.js"
    return script if script.is_file() else None


def test_mermaid_draws_what_we_write(tmp_path: Path) -> None:
    """Real Mermaid parses and draws every map, hostile names too; every title is shown, and nothing is planted."""
    script = mermaid_script()
    if script is None:
        pytest.skip("Mermaid is not installed: npm install -g mermaid, or JOURNEYKIT_MERMAID_JS=.../mermaid.min.js")
    hostile = _module(Path(__file__).parents[1] / "codec" / "test_mermaid.py")
    journeys = [
        *(J.shoes(language) for language in J.WORDS),
        J.plain(),
        J.long(40),
        *map(hostile.mapped, hostile.HOSTILE),
    ]
    written = [MermaidRenderer().render(journey).text for journey in journeys]
    listed = json.dumps(written).replace("<", "\\u003c")
    page = tmp_path / "page.html"
    page.write_text(
        f"<!doctype html><meta charset=utf-8><title></title><body><script src={json.dumps(script.as_uri())}></script>"
        f"<script>const TEXTS = {listed};{DRAW}</script>",
        encoding="utf-8",
    )
    found = opened(page)

    assert [] == [(text, made["error"]) for text, made in zip(written, found, strict=True) if "error" in made]
    assert {0} == {made["planted"] for made in found}
    missing = [
        (touchpoint.title, made["said"])
        for journey, made in zip(journeys, found, strict=True)
        for touchpoint in journey.touchpoints()
        if " ".join(touchpoint.title.split()) not in made["said"]
    ]
    assert [] == missing
