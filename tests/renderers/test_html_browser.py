"""The page in a real browser: what it does, what it never does, and that everyone can use it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from journeykit.model import Journey, Stage, Thought, Touchpoint
from journeykit.renderers.html import HtmlRenderer
from journeykit.testing import _hostile
from journeykit.testing.worlds import journey as full_journey

Page = Any


def _beside(name: str) -> ModuleType:
    spec = util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J, B = _beside("_journeys"), _beside("_browser")
LANGUAGES = ("en", "de", "ja", "ar")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = B.chromium()
    if program is None:
        pytest.skip("Chromium is not installed, so the page cannot be tried in a browser")
    browser = B.Browser(program)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages on disk: shoes in four languages with scores, a map of two personas, and a long one."""
    folder = tmp_path_factory.mktemp("pages")
    two = full_journey()
    said = [Thought(text="Only Ann says so", persona="ann"), Thought(text="Only Bob says so", persona="bob")]
    two = two.replace("cart", thoughts=said).replace("call", thoughts=[said[1]], channels=["phone"])
    maps = {language: (J.shoes(language), J.card(J.shoes(language), J.SHOES_BOARD)) for language in LANGUAGES}
    maps |= {"two": (two, _hostile.card(two)), "long": (J.long(45), None)}
    for name, (journey, card) in maps.items():
        HtmlRenderer().render(journey, card).save(folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in maps}


@pytest.fixture
def page(browser: Any, pages: dict[str, Path]) -> Iterator[Page]:
    """The English page, whose console must stay silent and which must ask for nothing."""
    page = browser.open(pages["en"])
    yield page
    faults = page.faults()
    page.close()

    assert [] == faults


def hits(page: Page) -> str:
    return page.ask("document.querySelector('#hits').textContent")


def focused(page: Page) -> str:
    return page.ask("document.activeElement.closest('.tp, article')?.id ?? document.activeElement.id")


def shown(page: Page) -> str | None:
    """The article in the open panel."""
    return page.ask(
        "document.querySelector('#panel').hidden ? null : document.querySelector('article:not([hidden])').id"
    )


# -- what it does --------------------------------------------------------------------------------------------------------


def test_searching_leaves_what_holds_every_word(page: Page) -> None:
    """Words typed into the search fade the other touchpoints, hide their rows and are counted; Escape takes them back."""
    page.press("/")
    page.type("SHIPPING last")
    found = page.ask("[...document.querySelectorAll('.tp:not(.dim)')].map((g) => g.id)")
    rows = page.ask("[...document.querySelectorAll('[data-tp]:not([hidden])')].map((r) => r.dataset.tp)")

    assert (["tp-basket"], ["basket"], "1 / 10") == (found, rows, hits(page))

    page.press("Escape")

    assert "10 / 10" == hits(page)


def test_a_channel_filters_and_several_add_up(page: Page) -> None:
    """Pressed channels show the touchpoints of any of them; the state is said to screen readers."""
    assert not page.ask("document.querySelector('[data-channel]').checkVisibility()")

    page.click("#menu-channel summary")
    page.click("[data-channel='2']")

    assert "2 / 10" == hits(page)
    assert "1" == page.ask("document.querySelector('#menu-channel .count').textContent")

    page.click("[data-channel='0']")

    assert "3 / 10" == hits(page)
    assert "true" == page.ask("document.querySelector('[data-channel=\"0\"]').getAttribute('aria-pressed')")

    page.press("Escape")

    assert not page.ask("document.querySelector('[data-channel]').checkVisibility()")
    assert "menu-channel" == page.ask("document.activeElement.parentNode.id")

    page.click("#reset")

    assert ("10 / 10", "") == (hits(page), page.ask("document.querySelector('#menu-channel .count').textContent"))


def test_a_persona_leaves_what_is_hers_or_everyone_s(browser: Any, pages: dict[str, Path]) -> None:
    """Ann's filter takes away what only Bob says and feels, in picture, table and details; what speaks of him alone fades."""
    page = browser.open(pages["two"])
    gone = "[...document.querySelectorAll('.by-bob')].every((e) => getComputedStyle(e).display === 'none')"
    there = "[...document.querySelectorAll('.by-ann')].some((e) => getComputedStyle(e).display === 'none')"
    quoted = "document.querySelectorAll('#d-cart .by-bob.off').length"
    tall = "document.querySelector('.map').viewBox.baseVal.height"
    before = page.ask(gone), page.ask(tall)
    page.click("#menu-persona summary")
    page.click("[data-persona=ann]")
    filtered = page.ask(gone), page.ask(there)
    curves = page.ask("document.querySelectorAll('.lane-emotion > g > .by-bob.off').length")
    call = page.ask("document.querySelector('#tp-call').classList.contains('dim')")
    in_details, less = page.ask(quoted), page.ask(tall)
    page.click("#reset")
    after = page.ask(gone), page.ask(tall)
    page.close()

    assert (True, False) == filtered
    assert call
    assert curves >= 1
    assert in_details >= 1
    assert before[0] is False
    assert less < before[1] - 10
    assert before == after


def test_what_is_left_of_a_cell_closes_up(browser: Any, pages: dict[str, Path]) -> None:
    """Bob's quote stands below Ann's; without hers it stands where hers stood, and no two texts lie on each other."""
    page = browser.open(pages["two"])
    top = (
        "(() => { const t = [...document.querySelectorAll('#tp-cart text')].find((t) => t.textContent.includes('{}')); "
        "return t.getBoundingClientRect().top - document.querySelector('.map').getBoundingClientRect().top; })()"
    )
    first, second = page.ask(top.replace("{}", "Only Ann")), page.ask(top.replace("{}", "Only Bob"))
    page.click("#menu-persona summary")
    page.click("[data-persona=bob]")
    moved = page.ask(top.replace("{}", "Only Bob"))
    page.close()

    assert second > first + 10
    assert first == pytest.approx(moved, abs=1)


def test_hidden_lanes_close_their_gap(page: Page) -> None:
    """A lane that is switched off is gone, what stood below moves up, and the picture is as much shorter."""
    box = "document.querySelector('{}').getBoundingClientRect().{}"
    top = f"{box.format('.lane-pains text', 'top')} - {box.format('.map', 'top')}"
    tall = box.format(".map", "height")
    inside = (
        "(() => { const s = document.querySelector('.map').getBoundingClientRect(); return [...document.querySelectorAll("
        "'.map text')].filter((t) => t.getClientRects().length).every((t) => t.getBoundingClientRect().bottom <= s.bottom); })()"
    )
    before = page.ask(top), page.ask(tall)
    page.click("#menu-lane summary")
    page.click("[data-lane=emotion]")
    after = page.ask(top), page.ask(tall)
    gone = page.ask(
        "[...document.querySelectorAll('.lane-emotion')].every((g) => getComputedStyle(g).display === 'none')"
    )
    lost = before[1] - after[1]

    assert gone
    assert lost > 100
    assert lost == pytest.approx(before[0] - after[0], abs=0.5)
    assert page.ask(inside)

    for lane in ("thoughts", "pains", "opportunities", "board", "scores", "backstage"):
        page.click(f"[data-lane={lane}]")

    assert page.ask(inside)

    for lane in ("emotion", "thoughts", "pains", "opportunities", "board", "scores", "backstage"):
        page.click(f"[data-lane={lane}]")

    assert before == (page.ask(top), page.ask(tall))


def test_the_keyboard_reaches_everything(page: Page) -> None:
    """Arrows go from touchpoint to touchpoint, Enter opens one, Escape closes it and gives the focus back."""
    page.ask("document.querySelector('#tp-ad .hit').focus()")
    page.press("ArrowRight")
    page.press("ArrowRight")

    assert "tp-compare" == focused(page)
    assert "0" == page.ask("document.querySelector('#tp-compare .hit').getAttribute('tabindex')")
    assert "none" != page.ask("getComputedStyle(document.querySelector('#tp-compare .hit')).stroke")
    assert page.ask(
        "getComputedStyle(document.querySelector('#tp-compare .hit')).stroke"
        " !== getComputedStyle(document.querySelector('#tp-ad .hit')).stroke"
    )

    page.press("Enter")

    assert ("d-compare", "d-compare") == (shown(page), focused(page))

    page.press("Escape")

    assert (None, "tp-compare") == (shown(page), focused(page))

    page.press("End")

    assert "tp-review" == focused(page)

    page.press("ArrowRight")

    assert "tp-review" == focused(page)

    page.press("Home")

    assert "tp-ad" == focused(page)


def test_arrows_follow_the_direction_of_reading(browser: Any, pages: dict[str, Path]) -> None:
    """On an Arabic page the next touchpoint lies to the left, and the left arrow goes there."""
    page = browser.open(pages["ar"])
    page.ask("document.querySelector('#tp-ad .hit').focus()")
    page.press("ArrowLeft")
    place = page.ask(
        "['ad', 'search'].map((id) => document.querySelector(`#tp-${id} .hit`).getBoundingClientRect().left)"
    )
    at = focused(page)
    page.close()

    assert "tp-search" == at
    assert place[1] < place[0]


def test_a_click_opens_the_details_down_to_the_evidence(page: Page) -> None:
    """A click on a card opens its panel; a score there opens to its components and its evidence; the cross closes it."""
    page.click("#tp-basket .hit")

    assert "d-basket" == shown(page)
    assert "#tp-basket" == page.ask("location.hash")

    page.click("#d-basket .score summary")
    seen = page.ask("document.querySelector('#d-basket .score[open] table').checkVisibility()")
    words = page.ask("document.querySelector('#d-basket').innerText").replace("\N{NO-BREAK SPACE}", " ")

    assert seen
    assert "Drop-off" in words
    assert "n = " in words
    assert "Why is shipping only shown at the very last step?" in words

    page.click("#next")

    assert "d-pay" == shown(page)

    page.click("#close")

    assert (None, "") == (shown(page), page.ask("location.hash"))


def test_a_link_to_a_touchpoint_opens_it(browser: Any, pages: dict[str, Path]) -> None:
    """The page opened at #tp-wait shows that touchpoint, in sight, with its panel; another hash leads on to another."""
    page = browser.open(pages["long"], fragment="#tp-t30")
    left, right = page.ask(
        "(() => { const b = document.querySelector('#tp-t30 .hit').getBoundingClientRect(); return [b.left, b.right]; })()"
    )
    first = shown(page), focused(page)
    page.ask("location.hash = '#tp-t2'")
    moved = page.until(lambda: shown(page) == "d-t2")
    page.close()

    assert ("d-t30", "d-t30") == first
    assert 0 <= left < right <= 1440
    assert moved


def test_zooming_keeps_the_place_and_dragging_moves_it(page: Page) -> None:
    """Keys and buttons zoom around the middle of the picture, the mouse drags it, and a drag opens nothing."""
    middle = (
        "(() => { const s = document.querySelector('.map').getBoundingClientRect(); "
        "return (innerWidth / 2 - s.left) / s.width; })()"
    )
    width = "document.querySelector('.map').getBoundingClientRect().width"
    for _ in range(3):
        page.press("+")
    wide, at = page.ask(width), page.ask(middle)
    page.press("+")

    assert page.ask(width) == pytest.approx(1.25 * wide, rel=0.01)
    assert page.ask(middle) == pytest.approx(at, abs=0.01)

    left = page.ask("document.querySelector('#view').scrollLeft")
    page.mouse("mousePressed", 700, 500)
    page.mouse("mouseMoved", 600, 500)
    page.mouse("mouseMoved", 500, 500)
    page.mouse("mouseReleased", 500, 500)

    assert page.ask("document.querySelector('#view').scrollLeft") == pytest.approx(left + 200, abs=3)
    assert shown(page) is None

    page.press("0")

    assert page.ask(width) == pytest.approx(page.ask("document.querySelector('#view').clientWidth"), abs=1)


def test_two_fingers_zoom(browser: Any, pages: dict[str, Path]) -> None:
    """On a touch screen a pinch changes the picture's size, not the page's."""
    page = browser.open(pages["en"], size=(390, 844), phone=True)
    page.call("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=2)
    before = page.ask("document.querySelector('.map').getBoundingClientRect().width")
    for kind, gap in (("touchStart", 50), ("touchMove", 75), ("touchMove", 100)):
        points = [{"x": 195 - gap, "y": 500, "id": 0}, {"x": 195 + gap, "y": 500, "id": 1}]
        page.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    page.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    after = page.ask("document.querySelector('.map').getBoundingClientRect().width")
    page.close()

    assert after == pytest.approx(2 * before, rel=0.02)


@pytest.mark.parametrize(("name", "way"), [("long", 1), ("ar", -1)])
def test_the_names_of_the_lanes_stay_in_sight(browser: Any, pages: dict[str, Path], name: str, way: int) -> None:
    """Who scrolls past the labels sees each lane's name at the edge, where the lane begins; a folded lane has none."""
    page = browser.open(pages[name], size=(600, 900))
    shown = (
        "[...document.querySelectorAll('.pins span')].filter((s) => s.checkVisibility())"
        ".map((s) => s.getBoundingClientRect().{})"
    )
    first = page.ask(shown.format("top"))
    page.ask(f"document.querySelector('#view').scrollLeft = {way * 300}")
    ready = page.until(lambda: bool(page.ask(shown.format("top"))))
    tops, lefts = page.ask(shown.format("top")), page.ask(shown.format("left"))
    rules = page.ask(
        "[...document.querySelectorAll('.map > [class^=lane-]')].map((g) => g.getBoundingClientRect().top)"
    )
    page.ask("document.querySelector('[data-lane=emotion]').click()")
    fewer = page.ask(shown.format("top"))
    page.close()

    assert ([], True) == (first, ready)
    assert all(0 <= left < 600 for left in lefts)
    assert len(rules) == len(tops) == len(fewer) + 1
    assert all(abs(top - rule) < 30 for top, rule in zip(tops, rules, strict=True))


def test_keys_zoom_only_the_map(page: Page) -> None:
    """A digit typed while a button outside of the map has the focus is no command."""
    page.ask("document.querySelector('#theme').focus()")
    before = page.ask("document.querySelector('#zoom').textContent")
    page.press("+")

    assert before == page.ask("document.querySelector('#zoom').textContent")

    page.ask("document.querySelector('#view').focus()")
    page.press("+")

    assert before != page.ask("document.querySelector('#zoom').textContent")


def test_light_and_dark_can_be_changed_by_hand(page: Page) -> None:
    """The page follows the reader's system until its own button says otherwise, and back."""
    ground = "getComputedStyle(document.body).backgroundColor"

    assert "rgb(255, 255, 255)" == page.ask(ground)

    page.click("#theme")

    assert "rgb(11, 18, 32)" == page.ask(ground)

    page.media(dark=True)
    page.click("#theme")

    assert "rgb(255, 255, 255)" == page.ask(ground)


# -- paper, phone, no script ---------------------------------------------------------------------------------------------


_IN_POINTS = {"A3": (1190.6, 841.9), "A4": (841.9, 595.3), "Letter": (792.0, 612.0)}
_FILLED = (
    "(() => { dispatchEvent(new Event('beforeprint')); const b = document.querySelector('.map').viewBox.baseVal, "
    "own = [...document.querySelectorAll('.map text')].filter((t) => t.getClientRects().length).map((t) => t.getBBox()), "
    "cards = [...document.querySelectorAll('.tp .hit')].map((r) => r.getCTM().e); "
    "const made = [b.width / b.height, b.x, b.x + b.width, cards.every((x, i) => !i || x !== cards[i - 1])]; "
    "dispatchEvent(new Event('afterprint')); return made; })()"
)


def _sheets(body: bytes) -> tuple[int, list[tuple[float, float]]]:
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", body)
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", body)), [(float(width), float(height)) for width, height in boxes]


@pytest.mark.parametrize("name", ["en", "ar"])
def test_it_prints_on_one_page_of_a3(browser: Any, pages: dict[str, Path], name: str) -> None:
    """Whatever is open or zoomed, the print is one sheet of A3 across, which the picture fills, and nothing else."""
    page = browser.open(pages[name], fragment="#tp-basket", dark=True)
    page.press("+")
    whole = page.ask("document.querySelector('.map').outerHTML")
    ratio, left, right, apart = page.ask(_FILLED)
    again = page.ask("document.querySelector('.map').outerHTML")
    count, sizes = _sheets(page.pdf())
    page.close()

    assert 1 == count
    assert sizes[0] == pytest.approx(_IN_POINTS["A3"], abs=1)
    assert (420 - 16) / (297 - 16) == pytest.approx(ratio, rel=0.02)
    assert apart
    assert left < right
    assert whole == again


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_reader_chooses_the_paper(browser: Any, pages: dict[str, Path], paper: str) -> None:
    """A button of the print menu changes the sheet, whatever the author had in mind."""
    page = browser.open(pages["en"])
    page.ask("window.print = () => {}")
    page.click("#menu-print summary")
    page.click(f"[data-paper={paper}]")
    ratio = page.ask(_FILLED)[0]
    count, sizes = _sheets(page.pdf())
    faults = page.faults()
    page.close()

    assert 1 == count
    assert sizes[0] == pytest.approx(_IN_POINTS[paper], abs=1)
    # The picture has the shape of what the margins (8 mm) leave, or is wider by itself.
    assert ratio >= 0.98 * (sizes[0][0] - 45.4) / (sizes[0][1] - 45.4)
    assert [] == faults


def test_a_map_far_wider_than_the_paper_goes_on_several_sheets(browser: Any, pages: dict[str, Path]) -> None:
    """Forty-five columns on one sheet are a line of dust: each sheet has its share of them, with the labels of the lanes."""
    page = browser.open(pages["long"])
    page.ask("dispatchEvent(new Event('beforeprint'))")
    seen = page.ask(
        "[...document.querySelectorAll('.sheet')].map((s) => [s.viewBox.baseVal.width / s.viewBox.baseVal.height, "
        "s.children.length])"
    )
    named = page.ask("document.querySelectorAll('.sheet:not(:first-of-type) .stages text[transform]').length")
    heads = page.ask("document.querySelectorAll('.sheet .top').length")
    page.ask("dispatchEvent(new Event('afterprint'))")
    left = page.ask("document.querySelectorAll('.sheet').length")
    count, sizes = _sheets(page.pdf())
    page.close()

    assert 3 <= count == len(seen) <= 6
    assert {2} == {parts for _, parts in seen}
    assert all(1 < ratio < 2 for ratio, _ in seen)
    # The stage that runs on from the sheet before has its name again; the header stands on the first sheet only.
    assert named >= 1
    assert 2 == heads
    assert 0 == left
    assert sizes[0] == pytest.approx(_IN_POINTS["A3"], abs=1)


_COVERED = (
    "(() => { dispatchEvent(new Event('beforeprint')); const bad = []; "
    "for (const sheet of document.querySelectorAll('.sheet')) { "
    "const body = sheet.lastChild, own = body.viewBox.baseVal; "
    "const at = body.getScreenCTM(), start = at.a * own.x + at.e, end = at.a * (own.x + own.width) + at.e; "
    "const boxes = (s) => [...body.querySelectorAll(s)].map((e) => [e.textContent, e.getBoundingClientRect()]); "
    "for (const [text, b] of boxes('.top text')) for (const [, c] of boxes('.top rect')) { "
    "const over = b.right > c.left + 1 && b.left < c.right - 1 && b.bottom > c.top && b.top < c.bottom; "
    "if (over && b.left < c.left) bad.push(text); } "
    "for (const [text, b] of boxes('.stages text')) "
    "if (b.left > start - 1 && b.left < end && b.right > end + 1) bad.push(text); } "
    "const made = [document.querySelectorAll('.sheet').length, bad]; dispatchEvent(new Event('afterprint')); return made; })()"
)


def test_no_word_is_covered_or_cut_where_a_print_has_several_sheets(browser: Any, tmp_path: Path) -> None:
    """The key figures come to the first sheet, where a scenario makes room; a stage begun at the end is named whole."""
    long = J.long(15)
    stages = [
        Stage(
            id=stage.id,
            title=f"Onboarding and Implementation {i}",
            touchpoints=tuple(Touchpoint(id=t.id, title="Looks around") for t in stage.touchpoints),
        )
        for i, stage in enumerate(long.stages)
    ]
    scenario = (
        "From the first look at the shop, through the first order, to the day of the renewal, and as a draft to edit."
    )
    journey = Journey(id="low", title="Low", scenario=scenario, stages=tuple(stages))
    HtmlRenderer(paper="A4").render(journey, J.card(journey)).save(tmp_path / "low.html")
    page = browser.open(tmp_path / "low.html")
    sheets, bad = page.ask(_COVERED)
    page.close()

    assert sheets > 1
    assert [] == bad


@pytest.mark.parametrize("name", ["en", "ar"])
def test_a_phone_gets_a_folded_bar_and_a_picture_to_read(browser: Any, pages: dict[str, Path], name: str) -> None:
    """At 390 px the options wait behind a button, the picture starts at 60 %, and only the picture scrolls sideways."""
    page = browser.open(pages[name], size=(390, 844), phone=True)
    folded = page.ask("document.querySelector('#options').checkVisibility()")
    wide = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    start = page.ask("document.querySelector('#zoom').textContent"), page.ask(wide)
    bar = page.ask("document.querySelector('.bar').getBoundingClientRect().height")
    page.click("#more")
    unfolded = page.ask("document.querySelector('#options').checkVisibility()")
    page.click("#more")
    page.click("#tp-search .hit")
    panel = page.ask(
        "(() => { const b = document.querySelector('#panel').getBoundingClientRect(); return [b.width, b.bottom]; })()"
    )
    page.ask("document.querySelector('.more details').open = true")
    page.ask("for (const d of document.querySelectorAll('#panel details')) d.open = true")
    with_all = page.ask(wide), page.ask("document.querySelector('#panel').scrollWidth")
    page.close()

    assert (False, ("60 %", 390), True) == (folded, start, unfolded)
    assert bar < 80
    assert [390, 844] == panel
    assert (390, 390) == with_all


def test_without_scripts_everything_can_be_read(browser: Any, pages: dict[str, Path]) -> None:
    """Where scripts are off, the picture, the table and the details stand in the page, and no button that does nothing."""
    page = browser.open(pages["en"], scripts=False)
    document = page.call("DOM.getDocument")["root"]["nodeId"]

    def box(selector: str) -> bool:
        node = page.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        try:
            return bool(page.call("DOM.getBoxModel", nodeId=node)["model"]["height"])
        except RuntimeError:
            return False

    seen = {
        selector: box(selector)
        for selector in (".map", ".more summary", "#d-basket h2", "#d-review", "#controls", ".head")
    }
    page.close()

    assert seen == {
        ".map": True, ".more summary": True, "#d-basket h2": True, "#d-review": True, "#controls": False, ".head": False,
    }  # fmt: skip


# -- for everyone, and for nobody else -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, from $JOURNEYKIT_AXE or the package that carries it."""
    named = os.environ.get("JOURNEYKIT_AXE")
    found = util.find_spec("axe_core_python")
    if named is None and (found is None or not found.submodule_search_locations):
        pytest.skip("axe-core is not installed (pip install axe-core-python, or name axe.min.js in $JOURNEYKIT_AXE)")
    file = Path(named) if named else Path(next(iter(found.submodule_search_locations))) / "axe.min.js"  # type: ignore[union-attr]
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], axe: str, language: str, dark: bool) -> None:
    """No violation of any rule of axe-core with the table, a panel and its scores open, and nothing on the console."""
    page = browser.open(pages[language], dark=dark, fragment="#tp-basket")
    page.ask("for (const d of document.querySelectorAll('details')) d.open = true")
    page.ask(f"{axe};1")
    run = (
        "axe.run(document, {resultTypes: ['violations']}).then((r) => "
        "JSON.stringify([r.violations.map((v) => [v.id, v.nodes[0].html]), r.passes.length]))"
    )
    violations, passes = json.loads(page.ask(run))
    faults = page.faults()
    page.close()

    assert [] == violations
    assert passes > 20
    assert [] == faults


def test_hostile_texts_run_nothing_and_send_nothing(browser: Any, tmp_path: Path) -> None:
    """Every hostile text, in every field, is only shown: no script runs, no request leaves, and the page still works."""
    plain = full_journey()
    for number, (what, text) in enumerate([*_hostile.TEXTS.items(), ("controls", _hostile.CONTROLS)]):
        journey = plain if what == "controls" else _hostile.spoken(plain, text)
        path = HtmlRenderer().render(journey, _hostile.card(journey, text)).save(tmp_path / f"{number}.html")
        page = browser.open(path, fragment="#tp-cart")
        opened = shown(page)
        page.ask("window.alert = () => { throw new Error('a hostile text ran'); }")
        page.press("/")
        page.type("<script>")
        # All hosts are hostile here: only a click of the reader may lead to one.
        elements = page.ask(
            "document.querySelectorAll('script:not(#data), iframe, object, embed, img, jk-hostile').length"
        )
        faults = page.faults()
        page.close()

        assert (what, "d-cart", 1, []) == (what, opened, elements, faults)


def test_the_page_works_in_the_frame_of_a_notebook(browser: Any, tmp_path: Path) -> None:
    """In a sandboxed frame without an origin its script runs, a card opens, and neither console nor network hears of it."""
    journey = J.shoes("en")
    bundle = journey.interactive(J.card(journey, J.SHOES_BOARD))._repr_mimebundle_()
    (tmp_path / "notebook.html").write_text(f"<!doctype html><title>n</title>{bundle['text/html']}", encoding="utf-8")
    page = browser.open(tmp_path / "notebook.html")
    frame = page.frame()
    ready = page.until(lambda: page.ask("document.documentElement.classList.contains('js')", frame))
    left, top = page.ask(
        "(() => { const b = document.querySelector('#tp-compare .hit').getBoundingClientRect(); "
        "return [b.left + 20, b.top + 20]; })()",
        frame,
    )
    corner = page.ask(
        "(() => { const b = document.querySelector('iframe').getBoundingClientRect(); return [b.left, b.top]; })()"
    )

    def opens() -> bool:
        # A click goes astray until the browser has drawn the frame for the first time.
        for kind in ("mousePressed", "mouseReleased"):
            page.mouse(kind, corner[0] + left, corner[1] + top)
        article = "document.querySelector('#panel:not([hidden]) article:not([hidden])')?.id"
        return page.ask(article, frame) == "d-compare"

    opened = page.until(opens)
    origin, printing = page.ask("[window.origin, document.querySelector('#menu-print').hidden]", frame)
    faults = [fault for fault in page.faults() if fault != "asked for about:srcdoc"]
    page.close()

    assert 'sandbox="allow-scripts"' in bundle["text/html"]
    assert (True, True, "null", True) == (ready, opened, origin, printing)
    assert [] == faults
