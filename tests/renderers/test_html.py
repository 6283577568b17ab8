"""The page as a file: what is in it, what is not, and that no text of a map becomes anything but text."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import util
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import journeykit as jk
from journeykit.cli.demo._shop import shop_data
from journeykit.codec import dumps
from journeykit.drawing.scene import texts
from journeykit.drawing.swimlane import plan
from journeykit.drawing.text import joined
from journeykit.drawing.wording import wording
from journeykit.errors import ArgumentError, RenderingError
from journeykit.model import Emotion, Journey, Persona, Stage, Thought, Touchpoint
from journeykit.renderers._html_markup import data_script, linked, tag
from journeykit.renderers._html_picture import lanes_of
from journeykit.renderers.html import HtmlRenderer
from journeykit.results import Records, Score, Scorecard
from journeykit.testing import _hostile
from journeykit.testing._wellformed import MARK, faults
from journeykit.testing.worlds import journey as full_journey

VOID = {"meta", "input", "rect", "circle", "line", "path"}


def _beside(name: str) -> ModuleType:
    spec = util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _beside("_journeys")


class Elements(HTMLParser):
    """Every element with its attributes, and the text inside the elements with an id."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self._tag = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self._tag = tag
        if tag in ("script", "style"):
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag in ("script", "style"):
            self.scripts[-1] += data
        else:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.found if name == tag]


def _shoes(language: str = "en") -> tuple[Journey, str]:
    journey = J.shoes(language)
    return journey, HtmlRenderer().render(journey, J.card(journey, J.SHOES_BOARD)).text


def _part(page: str, start: str, end: str) -> str:
    return page[page.index(start) : page.index(end, page.index(start))]


def _plain(markup: str) -> str:
    words = Elements(markup).words
    return " ".join(" ".join(words).split())


# -- one file, and nothing else ------------------------------------------------------------------------------------------


def test_the_policy_names_the_one_script_and_the_one_style_by_their_hashes() -> None:
    """A browser runs the page's own script and style sheet, loads nothing, and nothing else in the file can run."""
    page = Elements(_shoes()[1])
    (policy,) = [m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    style, data, script = page.scripts

    def named(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert [{}] == page.all("style")
    assert [{"type": "application/json", "id": "data"}, {}] == page.all("script")
    assert {
        "default-src 'none'", f"script-src {named(script)}", f"style-src {named(style)}", "base-uri 'none'",
        "form-action 'none'",
    } == set(policy.split("; "))  # fmt: skip
    assert json.loads(data)["touchpoints"][0]["id"] == "ad"


def test_no_element_carries_a_style_a_handler_or_an_address_to_load() -> None:
    """No style="", no on...="", no src; links lead to places on the page."""
    page = Elements(_shoes()[1])
    attributes = {name for _, own in page.found for name in own}
    links = {own["href"] for own in page.all("a")}

    assert set() == {
        name for name in attributes if name in ("style", "src", "srcset") or name.startswith(("on", "xlink"))
    }
    assert {f"#tp-{id}" for id in J.IDS} == links
    assert "@import" not in page.scripts[0]
    assert [] == re.findall(r"url\((?!#)", page.scripts[0])


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ja", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(language: str, direction: str) -> None:
    """A screen reader speaks the map's language, and Arabic runs from right to left."""
    (head,) = Elements(_shoes(language)[1]).all("html")

    assert {"lang": language, "dir": direction} == head


def test_a_language_without_words_of_its_own_still_runs_its_way() -> None:
    """Hebrew has no catalogue yet: the words are English, the direction is right to left."""
    journey = attrs.evolve(J.plain(), language="he")

    assert [{"lang": "he", "dir": "rtl"}] == Elements(HtmlRenderer().render(journey).text).all("html")


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    """Two processes with different hash seeds write the same page."""
    code = (
        "import hashlib; from journeykit.renderers.html import HtmlRenderer; from journeykit.testing import _hostile, worlds;"
        "j = worlds.journey(); print(hashlib.sha256(HtmlRenderer().render(j, _hostile.card(j)).body).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert 1 == len(made)


def test_the_demo_s_page_is_small(tmp_path: Path) -> None:
    """Ten touchpoints with two scores each, down to their components, fit in 120 kB."""
    events, answers = shop_data(2026)
    (tmp_path / "events.csv").write_text(events, encoding="utf-8")
    (tmp_path / "reviews.csv").write_text(answers, encoding="utf-8")
    journey = jk.load(Path(jk.__file__).parent / "cli" / "demo" / "first-order.journey.yaml")
    evidence = jk.Evidence(
        events=jk.read_events(tmp_path / "events.csv"), feedback=jk.read_feedback(tmp_path / "reviews.csv")
    )
    page = HtmlRenderer().render(journey, jk.score(journey, evidence))

    assert len(page.body) < 120_000
    assert str(tmp_path) not in page.text
    assert "events.csv" in page.text


def test_settings_that_mean_nothing_are_refused() -> None:
    """A lane or a paper nobody knows is the caller's mistake, said at once."""
    with pytest.raises(ArgumentError, match="no lane 'weather'"):
        HtmlRenderer(lanes=("emotion", "weather"))
    with pytest.raises(ArgumentError, match="stands once"):
        HtmlRenderer(lanes=("emotion", "emotion"))
    with pytest.raises(ArgumentError, match="A3, A4 or Letter"):
        HtmlRenderer(paper="A0")  # type: ignore[arg-type]


def test_the_paper_is_the_one_asked_for() -> None:
    """A wide map is printed across the paper, a tall one upright."""
    wide = HtmlRenderer(paper="A4").render(J.shoes("en")).text
    tall = HtmlRenderer().render(J.plain(), J.card(J.plain(), [9, 8, 7, 6])).text
    scene = plan(J.plain(), J.card(J.plain(), [9, 8, 7, 6]))

    assert "@page{size:A4 landscape;" in wide
    assert f"@page{{size:A3 {'landscape' if scene.width >= scene.height else 'portrait'};" in tall


# -- the picture and the table -------------------------------------------------------------------------------------------


def test_every_touchpoint_is_a_group_with_an_empty_button_in_reading_order() -> None:
    """The picture is a group of touchpoints; each has one empty rectangle as its button, named by number and title."""
    journey, page = _shoes()
    found = Elements(_part(page, "<svg", "</svg>")).found
    groups = [own["id"] for name, own in found if name == "g" and own.get("class") == "tp"]
    buttons = [own["aria-label"] for name, own in found if own.get("role") == "button" and name == "rect"]

    assert "group" == found[0][1]["role"]
    assert [f"tp-{t.id}" for t in journey.touchpoints()] == groups
    assert [f"{i}. {t.title}" for i, t in enumerate(journey.touchpoints(), start=1)] == buttons
    assert 0 == len(re.findall(r'class="hit"[^>]*[^/]>', page))


@pytest.mark.parametrize("language", ["en", "de", "ja", "ar"])
def test_everything_in_the_picture_is_in_the_tables(language: str) -> None:
    """Every text of the scene stands beside the picture too: cards, curve, figures, chips, legend and source line."""
    journey = J.shoes(language)
    card = J.card(journey, J.SHOES_BOARD)
    table = _plain(_part(HtmlRenderer().render(journey, card).text, '<div class="more">', "</main>"))
    drawn = {" ".join(joined(text.lines).split()) for text in texts(plan(journey, card).marks) if text.lines}
    # The words of the scale and the letter on the persona's disc say nothing that is not said in full.
    scale = {wording(language).text(f"valence.{valence}") for valence in range(-2, 3)}
    missing = {words for words in drawn if words not in table and not (words in scale or len(words) == 1)}
    figures = {figure for words in drawn for figure in re.findall(r"\d[\d.,:/]*\d|\d", words)}

    assert set() == missing
    assert set() == figures - set(re.findall(r"\d[\d.,:/]*\d|\d", table))


def test_the_table_tells_whose_emotion_it_is() -> None:
    """Of several personas each has a line of its own under its name, in the order of the map, at every touchpoint."""
    feelings = (Emotion(valence=1.5, label="glad", persona="b"), Emotion(valence=-0.5, label="cross", persona="a"))
    touchpoints = [Touchpoint(id=id, title=f"Does {id}", emotions=feelings) for id in ("x", "y")]
    stage = Stage(id="s", title="S", touchpoints=touchpoints)
    people = (Persona(id="a", name="Ann"), Persona(id="b", name="Bob"))
    page = HtmlRenderer().render(Journey(id="j", title="J", personas=people, stages=[stage])).text

    assert 2 == page.count(
        '<td><div class="by-a">Ann · \N{MINUS SIGN}0.5 cross</div><div class="by-b">Bob · +1.5 glad</div>'
    )


def test_the_lanes_close_without_a_gap() -> None:
    """The slices of the lanes follow each other from the first label to the foot of the columns."""
    scene = plan(J.shoes("en"), J.card(J.shoes("en"), J.SHOES_BOARD))
    lanes = lanes_of(scene)

    assert ["touchpoints", "emotion", "thoughts", "pains", "opportunities", "board", "scores", "backstage"] == [
        lane.name for lane in lanes
    ]
    assert all(abs(a.top + a.height - b.top) < 0.01 for a, b in pairwise(lanes))
    assert all(lane.height > 20 for lane in lanes)
    assert lanes[-1].top + lanes[-1].height < scene.height


def test_a_map_of_one_persona_and_one_channel_has_no_filters() -> None:
    """A filter that could only leave everything is not shown; the lanes always are."""
    one = Journey(id="one", title="One", stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T")])])
    page = HtmlRenderer().render(one).text

    assert 'data-channel="' not in page
    assert 'data-persona="' not in page
    assert 'data-persona="' in HtmlRenderer().render(full_journey()).text
    assert 'data-lane="emotion"' in HtmlRenderer().render(full_journey()).text


@pytest.mark.parametrize("stages", [(), (Stage(id="s", title="S"),)])
def test_a_map_without_touchpoints_is_a_page_too(stages: tuple[Stage, ...]) -> None:
    """Nothing to show is shown as such, not as a fault."""
    page = HtmlRenderer().render(Journey(id="bare", title="Bare", stages=stages)).text

    assert [] == list(faults("text/html", page.encode()))
    assert '"touchpoints":[]' in page


# -- the details ---------------------------------------------------------------------------------------------------------


def test_a_score_goes_down_to_what_it_was_counted_from() -> None:
    """The panel holds value, interval, n, every component, the method, and the tables and rules behind it."""
    journey = full_journey()
    card = _hostile.card(journey, "plain words")
    page = HtmlRenderer().render(journey, card).text
    article = _plain(_part(page, '<article id="d-cart"', "</article>"))
    score = card["cart", "friction"]
    (part,), (ref,) = score.components or (None,), score.evidence

    assert "3. Cart" in article
    assert {"ok", "low-n"} & {s.status for s in card["cart"]}
    assert "−0.500 to 0.125" in article
    assert f"n = {score.n}" in article
    assert "95 %, plain words" in article
    assert part is None or part.name in article
    assert f"{ref.rows} rows of events · plain words · plain words" in article
    assert score.explanation in article


def test_the_sum_of_the_components_is_the_value() -> None:
    """The last row of a score's parts is the score, and the parts before it add up to it."""
    journey = J.shoes("en")
    page = HtmlRenderer().render(journey, J.card(journey, J.SHOES_BOARD)).text
    article = _part(page, '<article id="d-basket"', "</article>")
    rows = [_plain(row).split() for row in _part(article, "<tbody>", "</table>").split("<tr>")[1:]]
    total = float(rows[-1][-1])

    assert total == pytest.approx(sum(float(row[-2] if len(row) > 3 else row[-1]) for row in rows[:-1]), abs=0.002)


def test_quotes_and_claims_say_what_they_rest_on() -> None:
    """A quote stands with its persona, its basis, its sources and its day; a source that is an address is a link."""
    sources = ("https://example.org/study?a=1&b=2", "javascript:alert(1)", "12 interviews", "mailto:ux@example.org")
    said = Thought(text="Why now?", persona="ann", basis="observed", sources=sources)
    journey = full_journey().replace("cart", thoughts=[said])
    article = _part(HtmlRenderer().render(journey).text, '<article id="d-cart"', "</article>")

    assert "“Why now?”" in article
    assert "Ann · observed · https://example.org/study?a=1&b=2 · javascript:alert(1) · 12 interviews" in " ".join(
        "".join(Elements(article).words).split()
    )
    assert ["https://example.org/study?a=1&b=2", "mailto:ux@example.org"] == [
        own["href"] for own in Elements(article).all("a")
    ]
    assert all(own["rel"] == "noopener noreferrer" for own in Elements(article).all("a"))


def test_what_strangers_write_is_marked_as_english() -> None:
    """On a German page a plugin's English sentence stands beside German ones of ours, and is spoken as English."""
    journey = J.shoes("de")
    card = J.card(journey, J.SHOES_BOARD)
    foreign = [attrs.evolve(score, method="theirs@1", scorer="weather", explanation="Rain.") for score in card.scores]
    page = HtmlRenderer().render(journey, attrs.evolve(card, scores=Records(foreign, kind=Score))).text
    article = _part(page, '<article id="d-basket"', "</article>")

    assert '<p lang="en">Rain.' in article
    assert f"<p>Weather, {journey['basket'].title}: 0," in article


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Journey, Scorecard]:
    """The demo with every scorer that has a language of its own to speak."""
    folder = tmp_path_factory.mktemp("demo")
    events, answers = shop_data(2026)
    (folder / "events.csv").write_text(events, encoding="utf-8")
    (folder / "reviews.csv").write_text(answers, encoding="utf-8")
    journey = jk.load(Path(jk.__file__).parent / "cli" / "demo" / "first-order.journey.yaml")
    evidence = jk.Evidence(
        events=jk.read_events(folder / "events.csv"), feedback=jk.read_feedback(folder / "reviews.csv")
    )
    scorers = ("impact", "friction", "emotion", "moments", "kpi", "priority")
    return journey, jk.score(journey, evidence, scorers=scorers)


# What every language writes so: names of methods and measures, the names of the files, and the letters of formulas.
_NAMES = {
    "p", "n", "t", "r", "log2", "Wilson", "KPI", "RICE", "CSAT", "FMOT", "SMOT", "ZMOT", "UMOT", "events", "reviews", "csv",
    "Cousineau", "Morey", "UTC", "M", "pt", "A3", "A4", "Letter",
}  # fmt: skip


@pytest.mark.parametrize("language", ["de", "fr", "es", "ja", "ar"])
def test_a_page_holds_no_english_but_the_map_s_own(demo: tuple[Journey, Scorecard], language: str) -> None:
    """Whatever we say on a page (explanations, units, methods of intervals, parts) is said in the language of the map."""
    journey, card = attrs.evolve(demo[0], language=language), demo[1]
    page = HtmlRenderer().render(journey, card).text
    shown = re.sub(r"<code>.*?</code>|<script.*?</script>|<style.*?</style>", " ", page, flags=re.DOTALL)
    told = " ".join([*Elements(shown).words, *re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', shown)])
    own = set(re.findall(r"[A-Za-z][A-Za-z0-9]*", dumps(demo[0]))) | {journey.id}
    words = set(re.findall(r"[A-Za-z][A-Za-z0-9]*", told)) - own - _NAMES
    english = set(re.findall(r"[A-Za-z][A-Za-z0-9]*", " ".join(score.explanation for score in card)))
    if language in ("ja", "ar"):
        assert set() == words
    else:
        # Words that both languages write alike are no sentence; the small words of English are.
        assert set() == words & english & {
            "the", "of", "and", "which", "not", "with", "that", "is", "it", "its", "to", "from", "at", "by", "say", "they",
            "adds", "interval", "weight", "draws", "reach", "journeys", "closed", "open", "left", "out", "causes",
        } - ({"journeys"} if language == "de" else set())  # fmt: skip
        assert 'lang="en"' not in page
    for score in card:
        assert score.explanation not in page


# -- hostile texts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [*_hostile.TEXTS, "controls", "a lone surrogate"])
def test_hostile_texts_stay_text(what: str) -> None:
    """Whatever stands in a field, the page keeps its elements, its attributes, its two scripts and its policy."""
    plain = full_journey()
    if what == "controls":
        journey, text = plain, _hostile.CONTROLS
    elif what == "a lone surrogate":
        journey, text = plain, "a\ud800b\udfffc"
    else:
        text = _hostile.TEXTS[what]
        journey = _hostile.spoken(plain, text)
    page = HtmlRenderer().render(journey, _hostile.card(journey, text)).text
    found = Elements(page)
    known = {"html", "head", "meta", "title", "style", "body", "header", "h1", "div", "input", "span", "button", "bdi", "main",
             "details", "summary", "p", "table", "caption", "tbody", "thead", "tr", "th", "td", "small", "a", "aside", "article",
             "h2", "h3", "ul", "li", "section", "b", "strong", "dl", "dt", "dd", "code", "blockquote", "script", "svg", "defs",
             "g", "clippath", "rect", "path", "circle", "line", "text", "tspan"}  # fmt: skip

    assert [] == list(faults("text/html", page.encode()))
    assert set() == {name for name, _ in found.found} - known
    assert MARK not in {name for name, _ in found.found}
    assert 2 == len(found.all("script"))
    assert set() == {name for _, own in found.found for name in own if name.startswith("on") or name == "style"}
    assert all(re.match(r"#tp-[a-z-]+$|https?:|mailto:", own["href"]) for own in found.all("a"))


def test_the_style_sheet_holds_nothing_of_the_map() -> None:
    """No text of a journey reaches the style sheet or the script."""
    plain = full_journey()
    loud = _hostile.spoken(plain, _hostile.TEXTS["markup"])
    pages = [Elements(HtmlRenderer().render(j, _hostile.card(j)).text) for j in (plain, loud)]

    assert all("alert" not in page.scripts[0] + page.scripts[-1] for page in pages)
    assert pages[0].scripts[-1] == pages[1].scripts[-1]


@pytest.mark.parametrize(
    "attributes",
    [{"style": "color:red"}, {"onclick": "x()"}, {"href": "javascript:x()"}, {"src": "x.png"}, {"A b": "1"}],
)
def test_an_element_cannot_be_made_to_act(attributes: dict[str, str]) -> None:
    """Styles, handlers, addresses to load and links with other schemes are refused where elements are made."""
    with pytest.raises(RenderingError):
        tag("a", "x", **attributes)


@pytest.mark.parametrize(
    "words",
    ["javascript:alert(1)", " JAVASCRIPT:alert(1)", "data:text/html,x", "//evil.example", "http://", "#x", "see x"],
)
def test_only_addresses_become_links(words: str) -> None:
    """A source that is no web or mail address is written as it is."""
    assert "<a" not in linked(words)


def test_embedded_data_cannot_leave_its_element() -> None:
    """In embedded JSON <, >, & and the two line separators are written as escapes, and mean the same."""
    text = "</script><!-- & \u2028\u2029 \ud800"
    made = data_script("data", {"x": [text]})
    body = made.removeprefix('<script type="application/json" id="data">').removesuffix("</script>")

    assert set() == set("<>&\u2028\u2029") & set(body)
    assert {"x": [text.replace("\ud800", "\ufffd")]} == json.loads(body)
