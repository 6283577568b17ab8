"""Foreign text in every field, past every refusal of the model: all outputs stay whole, run nothing and ask for nothing."""

from __future__ import annotations

import base64
import io
import pkgutil
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib import util
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import pytest
from markdown_it import MarkdownIt

from journeykit import plugins, renderers
from journeykit.model import Journey
from journeykit.results import Move, Records, Rendering, Scorecard, Subject, TouchpointCount
from journeykit.testing import _hostile
from journeykit.testing._wellformed import MARK, faults
from journeykit.testing.worlds import events, feedback, metrics

HERE = Path(__file__).parent


def _beside(name: str) -> ModuleType:
    spec = util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


B, H = _beside("_browser"), _beside("_hostile_maps")
# A renderer that is added later is found here without a change of this file.
BUILT_IN = sorted({p.name for p in entry_points(group="journeykit.renderers") if p.value.startswith("journeykit.")})
RAN = "console.error('a hostile text ran')"
TEXTS = {
    "markup": _hostile.TEXTS["markup"],
    "Markdown": _hostile.TEXTS["Markdown"],
    "handlers": f"\"'><img src=x onerror=\"{RAN}\"><svg/onload=\"{RAN}\"><{MARK} onmouseover={RAN}><base href=//evil.invalid/>",
    "an address that runs": f"javascript:{RAN}//http://evil.invalid/x.png",
    "data that runs": f"data:text/html,<script>{RAN}</script>",
    "the end of a style sheet": "red}*{background:url(http://evil.invalid/c)}/*]]></style><style>@import '//evil.invalid/s';",
    "the end of a script": f"</script><script>{RAN}</script>\\u003c/script\u2028{RAN}//<!--<script>",
    "a document type": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;<?xml-stylesheet href="//evil.invalid"?>',
    "an address": "//evil.invalid/x.png",
    "a formula": '=HYPERLINK("http://evil.invalid";"x")',
    "a directive": "%%{init: {'securityLevel':'loose'}}%%\nclick a \"javascript:x\"\nsection s\n  t: 5: a ${7*7} {{ 7*7 }}",
    "controls": _hostile.CONTROLS + "\x1b]0;title\x07\x1b]8;;http://evil.invalid\x07\x85\x0b\r\nb\rc",
    "lone surrogates": "a\ud800b\udfffc \ufffe\uffff\ufdd0",
    "overrides of the direction": "abc \u202egnp.exe \u202d\u2067\u2066\u200f\u05d0\u05d1\u061c 12 \ufeff\u200b\u2069\u2069",
    "nothing to be seen": " \u200b\u00ad\u2060 ",
}  # fmt: skip
# What would run or ask for something where it is let through; these are opened in the browser one by one.
ACTING = ("markup", "handlers", "an address that runs", "the end of a style sheet", "the end of a script")
LONG = ("word " * 20_000, "x" * 100_000, "結" * 100_000, "<&" * 50_000, "`" * 100_000)
# One text of 100,000 characters must not hold a page up for longer than this; so many together may not either.
MOST_SECONDS = 60  # a guard against quadratic work (minutes), not a measure of speed: it takes 1 to 3 s
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def made(name: str, journey: Journey, scores: Scorecard | None) -> Rendering:
    return plugins.renderers().get(name).render(journey, scores)


def hostile_map(text: str) -> Journey:
    return H.Texts((text,)).put(H.everything())


def card(journey: Journey, text: str) -> Scorecard:
    """The text in every field of a scorecard, and as the id of things that are not on the map too."""
    made = _hostile.card(journey, text)
    kinds = ("journey", "stage", "touchpoint", "kpi", "persona")
    scores = [
        attrs.evolve(score, subject=Subject(kind=kind, id=text)) for kind, score in zip(kinds, made, strict=False)
    ]
    seen = attrs.evolve(
        made.coverage,
        touchpoints=(*made.coverage.touchpoints, TouchpointCount(id=text, events=50, journeys=40, on_board=30)),
        moves=(*made.coverage.moves, Move(source=text, target=text, count=50, journeys=40)),
    )
    return attrs.evolve(
        made, scores=Records([*made, *scores], kind=made.scores.kind, key=made.scores.key), coverage=seen
    )


@cache
def hostile(name: str, what: str) -> Rendering:
    journey = hostile_map(TEXTS[what])
    return made(name, journey, card(journey, TEXTS[what]))


@cache
def scripts_of(name: str) -> int:
    """How many scripts it writes for a harmless map; once asked, what it needs is imported."""
    calm = H.everything()
    return made(name, calm, card(calm, "plain")).body.count(b"<script")


# -- whole documents -----------------------------------------------------------------------------------------------------


def found_faults(rendering: Rendering) -> list[str]:
    """What is wrong with the document, by the rules of its media type."""
    check = CHECKS.get(rendering.media_type, lambda body: iter(()))
    return [*faults(rendering.media_type, rendering.body), *check(rendering.body)]


def _svg(body: bytes) -> Iterator[str]:
    # Nothing but the elements of a drawing: entities, document types and instructions are refused.
    root = _strict(body)
    drawn = {"svg", "g", "a", "defs", "style", "title", "desc", "text", "tspan", "path", "rect", "circle", "line", "use",
             "clipPath", "metadata", "polygon", "polyline", "ellipse", "marker", "pattern", "linearGradient", "stop"}  # fmt: skip
    for element in root.iter():
        space, _, tag = element.tag[1:].rpartition("}")
        if space == "http://www.w3.org/2000/svg" and tag not in drawn:
            yield f"<{tag}> is no element of a drawing"
        for key, value in element.attrib.items():
            local = key.rpartition("}")[2]
            if local in ("href", "src") and not re.match(r"#[\w-]+$|https?://|mailto:", value):
                yield f"{local} leads to {value[:60]!r}"
            if local in ("style", "fill", "stroke", "clip-path", "filter", "mask") and re.search(r"url\((?!#)", value):
                yield f"{local} loads {value[:60]!r}"


def _strict(body: bytes) -> ET.Element:
    # Foreign text has its angle brackets escaped, so what is left of these is the document's own.
    refused = re.search(rb"<!(DOCTYPE|ENTITY)|<\?(?!xml version)", body)

    assert refused is None

    return ET.fromstring(body)


def _pptx(body: bytes) -> Iterator[str]:
    import pptx

    with zipfile.ZipFile(io.BytesIO(body)) as file:
        if broken := file.testzip():
            yield f"the part {broken} is damaged"
        for name in file.namelist():
            # The printer settings come with python-pptx's own template.
            if re.search(r"vba|embeddings|activeX|externalLink|(?<!printerSettings1)\.bin$", name):
                yield f"it carries {name}"
            if name.endswith((".xml", ".rels")):
                root = _strict(file.read(name))
                if any(element.get("TargetMode") == "External" for element in root.iter()):
                    yield f"{name} leads outside"
    if not list(pptx.Presentation(io.BytesIO(body)).slides):
        yield "it has no slide"


def _markdown(body: bytes) -> Iterator[str]:
    for token in _tokens(MarkdownIt("commonmark").enable("table").parse(body.decode())):
        if token.type.startswith("html") or token.type == "image":
            yield f"foreign text became {token.type}: {token.content[:60]!r}"
        if token.type == "link_open" and not str(token.attrs["href"]).startswith("#"):
            yield f"foreign text became a link to {token.attrs['href']!r}"


def _tokens(tokens: Any) -> Iterator[Any]:
    for token in tokens:
        yield token
        yield from _tokens(token.children or ())


# One entity or one sign that means nothing in Mermaid's grammar, as the picture's rules say.
_WORDS = r"(?:#\d+;|[^:;#,%<>&{}\"`\\\n])+"
_MERMAID = re.compile(rf"journey|  title {_WORDS}|  section {_WORDS}|    {_WORDS}: \d(\.\d+)?: {_WORDS}(, ?{_WORDS})*|"
                      rf"    {_WORDS}: \d(\.\d+)?:? ?| *%% [^%]*")  # fmt: skip


def _mermaid(body: bytes) -> Iterator[str]:
    for number, line in enumerate(body.decode().removesuffix("\n").split("\n"), 1):
        if not _MERMAID.fullmatch(line) or line != "".join(line.splitlines()):
            yield f"line {number} is no line of a Mermaid journey: {line[:80]!r}"


def _page(body: bytes) -> Iterator[str]:
    text = body.decode()
    if not text.lower().startswith("<!doctype html>"):
        yield "it has no document type"
    policy = re.search(r'http-equiv="?Content-Security-Policy"? content="([^"]*)"', text)
    if policy is None or "default-src 'none'" not in policy[1]:
        yield "its policy lets requests out"


CHECKS: dict[str, Callable[[bytes], Iterator[str]]] = {
    "image/svg+xml": _svg,
    "text/html": _page,
    "text/markdown": _markdown,
    "text/vnd.mermaid": _mermaid,
    PPTX: _pptx,
}


def test_every_built_in_renderer_is_tried() -> None:
    """Every public module among the renderers is found through the entry points."""
    there = sorted(m.name for m in pkgutil.iter_modules(renderers.__path__) if not m.name.startswith("_"))

    assert there == BUILT_IN


def test_every_text_field_is_filled() -> None:
    """The foreign texts reach every field, of every class a journey may hold, that takes any text."""
    texts = H.Texts(("x",))
    texts.put(H.everything())

    assert H.text_fields() == texts.filled
    assert {("Persona", "portrait"), ("Touchpoint", "backstage"), ("Moment", "why"), ("Match", "where")} <= texts.filled


@pytest.mark.parametrize("what", TEXTS)
@pytest.mark.parametrize("name", BUILT_IN)
def test_hostile_texts_leave_the_document_whole(name: str, what: str) -> None:
    """With one text in every field of a map and its scorecard, what is drawn is well-formed and holds nothing foreign."""
    assert [] == found_faults(hostile(name, what))


@pytest.mark.parametrize("name", BUILT_IN)
def test_hostile_texts_side_by_side(name: str) -> None:
    """So it is without scores, and with different texts beside each other: halves of an attack do not add up."""
    texts = (*TEXTS.values(), "<", '"', "'", "](", "`", "|", "*", "\\", "&", "--", "]]", "\n")
    maps = [H.Texts(texts, first=first).put(H.everything()) for first in (0, 5)]

    assert [[], []] == [found_faults(made(name, journey, None)) for journey in maps]


@pytest.mark.parametrize("what", ["markup", "lone surrogates"])
@pytest.mark.parametrize("name", BUILT_IN)
def test_foreign_ids_and_choices_are_refused_or_stay_text(name: str, what: str) -> None:
    """Even where ids, choices and the language tag hold foreign text, nothing is made of it but an error or text."""
    for ids_too in (H.Texts((TEXTS[what],), ids=True), H.Texts((TEXTS[what],), ids=True, only=("Journey", "language")),
                    H.Texts((TEXTS[what],), ids=True, only=("Persona", "id")),
                    H.Texts((TEXTS[what],), ids=True, only=("Touchpoint", "id"))):  # fmt: skip
        journey = ids_too.put(H.everything())
        try:
            rendering = made(name, journey, None)
        except Exception:  # noqa: BLE001 - no journey holds such a thing, so any refusal will do
            continue

        assert [] == found_faults(rendering)


@pytest.mark.parametrize("start", [0, 14, 28])
@pytest.mark.parametrize("name", BUILT_IN)
def test_endless_texts_take_bounded_time(name: str, start: int) -> None:
    """Fourteen fields with 100,000 characters each take bounded time together, and what is drawn is whole."""
    journey = plain = H.everything()
    scores = _hostile.card(plain)
    scripts_of(name)
    for place, field in enumerate(sorted(H.text_fields())[start : start + 14]):
        text = LONG[place % len(LONG)]
        journey = H.Texts((text,), only=field, most=1).put(journey)
    began = time.process_time()
    rendering = made(name, journey, scores)
    taken = time.process_time() - began

    assert taken < MOST_SECONDS
    assert [] == list(faults(rendering.media_type, rendering.body))


@pytest.mark.parametrize("name", BUILT_IN)
def test_an_endless_scorecard_takes_bounded_time(name: str) -> None:
    """A plugin's reason and explanation of 100,000 characters, and such a name of an unclaimed event, are bounded too."""
    plain = H.everything()
    scores = _hostile.card(plain)
    scripts_of(name)
    first, *others = scores
    long = attrs.evolve(first, explanation=LONG[0], reason=LONG[1], method=LONG[1], segment=LONG[2])
    seen = attrs.evolve(scores.coverage, unclaimed_events=((LONG[1], 99),))
    records = Records([long, *others], kind=scores.scores.kind, key=scores.scores.key)
    began = time.process_time()
    rendering = made(name, plain, attrs.evolve(scores, scores=records, coverage=seen))
    taken = time.process_time() - began

    assert taken < MOST_SECONDS
    assert [] == list(faults(rendering.media_type, rendering.body))


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
@pytest.mark.parametrize(
    "what", ["markup", "the end of a style sheet", "lone surrogates", "overrides of the direction"]
)
def test_converted_pictures_are_whole(what: str, suffix: str) -> None:
    """A picture of hostile texts becomes a PNG or PDF that is whole, larger than nothing, and opens no address."""
    rendering = hostile("storyboard", what).converted(f"x{suffix}")

    assert [] == list(faults(rendering.media_type, rendering.body))
    assert len(rendering.body) > 5_000
    assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|EmbeddedFile|SubmitForm)\b", rendering.body)


# -- in a browser --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = B.chromium()
    if program is None:
        pytest.skip("Chromium is not installed, so nothing can be tried in a browser")
    browser = B.Browser(program)
    yield browser
    browser.close()


def opened(browser: Any, file: Path, *questions: str) -> list[Any]:
    """What the console, the network and the scripts of a file say, then the answers to the questions."""
    page = browser.open(file)
    asked = [page.ask(question) for question in questions]
    # An event that is late comes with the next answer.
    page.ask("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 20)))")
    found = page.faults()
    page.close()
    return [found, *asked]


FOREIGN = "document.querySelectorAll('script, img, iframe, svg, style, base, object, jk-hostile').length"


def page_of(parts: list[str], folder: Path) -> Path:
    """A page with each part in a box of its own."""
    head = "<!doctype html><html><head><meta charset=utf-8><title>x</title></head><body>"
    file = folder / "parts.html"
    file.write_text(head + "".join(f"<div>{part}</div>" for part in parts), encoding="utf-8")
    return file


def drawn(media_type: str) -> list[str]:
    return [name for name in BUILT_IN if plugins.renderers().get(name).media_type == media_type]


@pytest.mark.parametrize("what", ACTING)
def test_pictures_and_pages_run_nothing_and_ask_for_nothing(browser: Any, tmp_path: Path, what: str) -> None:
    """Opened as documents in Chromium, pictures and pages run no foreign script, send no request and log nothing."""
    names = [*drawn("image/svg+xml"), *drawn("text/html")]
    for name in names:
        file = hostile(name, what).save(tmp_path / (f"{name}.html" if name in drawn("text/html") else f"{name}.svg"))
        kinds = "[...new Set([...document.querySelectorAll('*')].map((e) => e.localName))].sort()"
        scripts = "document.querySelectorAll('script').length"
        handlers = "[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()).filter((n) => n.startsWith('on'))"
        found, elements, count, acting = opened(browser, file, kinds, scripts, handlers)

        assert (name, [], scripts_of(name), []) == (name, found, count, acting)
        assert not {MARK, "parsererror", "iframe", "object", "embed", "base", "img", "foreignObject"} & set(elements)


def test_pictures_in_an_image_are_drawn(browser: Any, tmp_path: Path) -> None:
    """Every picture of every hostile text is one that Chromium's strict XML parser reads, and as an <img> it asks for nothing."""
    uris = [
        (name, what, base64.b64encode(hostile(name, what).body).decode())
        for name in drawn("image/svg+xml")
        for what in TEXTS
    ]
    images = "".join(f'<img alt="{name}: {what}" src="data:image/svg+xml;base64,{data}">' for name, what, data in uris)
    (tmp_path / "images.html").write_text(f"<!doctype html><title>x</title>{images}", encoding="utf-8")
    broken = "[...document.images].filter((i) => !i.complete || !i.naturalWidth).map((i) => i.alt)"
    page = browser.open(tmp_path / "images.html")
    lost, count = page.ask(broken), page.ask("document.images.length")
    # The images themselves are data: addresses.
    found = [fault for fault in page.faults() if not fault.startswith("asked for data:image/svg+xml;base64,")]
    page.close()

    assert ([], [], len(uris)) == (found, lost, count)
    assert uris


def test_reports_run_nothing_where_a_site_shows_them(browser: Any, tmp_path: Path) -> None:
    """Markdown that is turned into HTML with raw HTML let through gives pages without scripts, images and requests."""
    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    reports = [parser.render(hostile(name, what).text) for name in drawn("text/markdown") for what in TEXTS]
    found, count, divs = opened(browser, page_of(reports, tmp_path), FOREIGN, "document.body.children.length")

    assert ([], 0, len(reports)) == (found, count, divs)
    assert reports


# -- in a notebook -------------------------------------------------------------------------------------------------------


def displays(what: str) -> Iterator[tuple[str, dict[str, str]]]:
    """What a notebook gets to show of each thing that shows itself, with the text wherever it comes from data."""
    text = TEXTS[what]
    journey = hostile_map(text)
    cards = card(journey, text)
    at = cards.coverage.first
    said = text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    rows = [
        {"customer": said, "time": at, "event": said, "channel": said, "page": said},
        {"customer": "a", "time": said},
    ]
    shown: dict[str, Any] = {
        "journey": journey,
        "scorecard": cards,
        "score": cards.scores[0],
        "scores": cards.scores,
        "counts": Records(cards.coverage.touchpoints, kind=TouchpointCount, key=("id",)),
        "events": events(rows),
        "report": events(rows).report,
        "feedback": feedback([{"customer": said, "time": at, "about": said, "kind": said, "score": said}]),
        "metrics": metrics([{"kpi": said, "time": at, "value": 1}, {"kpi": said, "time": said, "value": said}]),
        **{f"rendering {name}": hostile(name, what) for name in BUILT_IN},
    }
    for name, value in shown.items():
        if hasattr(value, "_repr_mimebundle_"):
            yield name, value._repr_mimebundle_()
        else:
            yield name, {"text/html": value._repr_html_(), "text/plain": repr(value)}


@pytest.mark.parametrize("what", TEXTS)
def test_notebook_displays_hold_nothing_foreign(what: str) -> None:
    """Every display is safe in the page of a notebook and in a terminal: no element, id, style or control of foreign text."""
    for name, bundle in displays(what):
        outer = outside(bundle.get("text/html", ""))
        found = [*faults("text/html", outer.encode()), *faults("text/plain", bundle["text/plain"].encode())]

        assert (name, []) == (name, found)
        assert not re.search(r"<(script|style|svg|link|base)|\s(id|class)=", outer), name


def outside(markup: str) -> str:
    # What the frame holds is a document apart, tried above.
    return re.sub(r'srcdoc="[^"]*"', "", markup)


def test_notebook_displays_run_nothing(browser: Any, tmp_path: Path) -> None:
    """All displays with the texts that act, one after the other on one page: no script runs and no request leaves."""
    parts = [outside(bundle.get("text/html", "")) for what in ACTING for _, bundle in displays(what)]
    acting = (
        "document.body.querySelectorAll('script, iframe[src], svg, style, link, base, object, [id], jk-hostile').length"
    )
    found, count, divs = opened(browser, page_of(parts, tmp_path), acting, "document.body.children.length")
    found = [fault for fault in found if not fault.startswith("asked for data:image/")]

    assert ([], 0, len(parts)) == (found, count, divs)
