"""The swimlane picture: its file, its words and its figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from importlib import util
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import attrs
import pytest

from journeykit.drawing.swimlane import LANES
from journeykit.errors import ArgumentError
from journeykit.model import Emotion, Journey, Kpi, Objective, Opportunity, Pain, Persona, Stage, Thought, Touchpoint
from journeykit.protocols import Renderer
from journeykit.renderers.swimlane import SwimlaneRenderer
from journeykit.results import Interval, Records, Score, Scorecard

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"


def _examples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", HERE / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _examples()


def root(journey: Journey, scores: Scorecard | None = None, **settings: object) -> ET.Element:
    return ET.fromstring(SwimlaneRenderer(**settings).render(journey, scores).body)


def words(element: ET.Element) -> list[str]:
    """What can be read in the picture, one entry a text."""
    return ["".join(text.itertext()) for text in element.iter(f"{SVG}text")]


def lanes(element: ET.Element) -> list[str]:
    ids = [g.attrib.get("id", "") for g in element.iter(f"{SVG}g")]
    return [id.split("-lane-")[1] for id in ids if "-lane-" in id]


def test_it_is_a_renderer() -> None:
    """It keeps the protocol and says what it makes."""
    renderer = SwimlaneRenderer()
    made = renderer.render(J.plain())

    assert isinstance(renderer, Renderer)
    assert ("swimlane", "image/svg+xml", "image/svg+xml") == (renderer.name, renderer.media_type, made.media_type)
    assert "Getting a library card – customer journey map" == made.title


def test_the_golden_picture() -> None:
    """A small journey gives the file beside this test, to the byte.

    To accept a change that is meant: JOURNEYKIT_GOLDEN=write, then look at the picture.
    """
    golden = HERE / "test_swimlane.golden.svg"
    made = SwimlaneRenderer().render(J.plain(), J.card(J.plain(), (1240, 900, 620, 80))).body
    if os.environ.get("JOURNEYKIT_GOLDEN") == "write":
        golden.write_bytes(made)

    assert golden.read_bytes() == made


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_same_bytes_whatever_the_hash_seed(seed: str) -> None:
    """Two processes with other hash seeds write the same file."""
    code = (
        "import sys, hashlib; sys.path.insert(0, sys.argv[1]); import _journeys as J;"
        "from journeykit.renderers.swimlane import SwimlaneRenderer as R;"
        "j = J.shoes('de'); r = R(beside=J.better(j), columns_per_page=4);"
        "print(hashlib.sha256(R().render(j, J.card(j)).body + r.render(j, J.card(j)).body).hexdigest())"
    )
    run = [sys.executable, "-c", code, str(HERE)]
    other = subprocess.run(run, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
    import hashlib

    journey = J.shoes("de")
    renderers = SwimlaneRenderer(), SwimlaneRenderer(beside=J.better(journey), columns_per_page=4)
    own = hashlib.sha256(b"".join(r.render(journey, J.card(journey)).body for r in renderers)).hexdigest()

    assert own == other.stdout.strip()


def test_every_id_is_unique_and_ours() -> None:
    """Ids are made of the journey's id and the touchpoint's; none occurs twice, and every reference has its target."""
    tree = root(J.shoes(), J.card(J.shoes()))
    ids = [element.attrib["id"] for element in tree.iter() if "id" in element.attrib]
    references = set(re.findall(r"url\(#([^)]*)\)", ET.tostring(tree, encoding="unicode")))

    assert len(set(ids)) == len(ids)
    assert {f"running-shoes-tp-{id}" for id in J.IDS} == {id for id in ids if "-tp-" in id}
    assert references <= set(ids)


def test_the_picture_is_told_in_words() -> None:
    """It is an image with a title and a description that names every touchpoint with its emotion and its counts."""
    tree = root(J.shoes(), J.card(J.shoes(), J.SHOES_BOARD))
    labels = tree.attrib["aria-labelledby"].split()
    told = {child.attrib["id"]: child.text for child in tree if child.tag in (f"{SVG}title", f"{SVG}desc")}
    description = told["running-shoes-desc"]

    assert "img" == tree.attrib["role"]
    assert labels == list(told)
    assert [] == [title for title in J.WORDS["en"]["titles"] if title not in description]
    assert (
        "8. Waits and opens the tracking link (E-mail), emotion −1.6, 520 events, 38\xa0% still on board" in description
    )
    assert "Lowest point: Waits and opens the tracking link." in description


def test_everything_the_map_says_can_be_read() -> None:
    """Titles, channels, quotes, pains, opportunities and systems stand in the picture, joined without losing a space."""
    tree = root(J.shoes(), J.card(J.shoes()))
    said = " | ".join(words(tree))
    source = J.WORDS["en"]
    expected = [*source["titles"], *source["channels"], *source["thoughts"], *source["backstage"]]
    expected += [
        *source["pains"].values(),
        *source["opportunities"].values(),
        *(t for pair in source["stages"] for t in pair),
    ]

    assert [] == [text for text in expected if text not in said]


def test_lanes_without_content_vanish() -> None:
    """Without emotions, thoughts and evidence only the filled lanes are drawn."""
    assert ["touchpoints", "pains", "backstage"] == lanes(root(J.plain()))


def test_all_lanes_come_in_their_order() -> None:
    """With a scorecard every lane is there."""
    assert list(LANES) == lanes(root(J.shoes(), J.card(J.shoes())))


def test_lanes_can_be_chosen_and_ordered() -> None:
    """The setting picks lanes and their order."""
    tree = root(J.shoes(), J.card(J.shoes()), lanes=("scores", "emotion", "touchpoints"))

    assert ["scores", "emotion", "touchpoints"] == lanes(tree)


@pytest.mark.parametrize("chosen", [("emotions",), ("emotion", "emotion")])
def test_unknown_and_repeated_lanes_are_refused(chosen: tuple[str, ...]) -> None:
    """A lane there is not, or one named twice, raises."""
    with pytest.raises(ArgumentError, match="lane"):
        SwimlaneRenderer(lanes=chosen)


def test_a_scorecard_of_another_journey_is_refused() -> None:
    """Scores are drawn only on the map they were computed for."""
    with pytest.raises(ArgumentError, match="'running-shoes', not of 'library-card'"):
        SwimlaneRenderer().render(J.plain(), J.card(J.shoes()))


def test_without_evidence_no_figure_is_claimed() -> None:
    """The map alone shows no record counts and says so."""
    said = words(root(J.shoes()))

    assert [] == [text for text in said if text.endswith("events") or "Completion" in text]
    assert any("no evidence was counted" in text for text in said)


def test_counts_and_shares_come_from_the_coverage() -> None:
    """Cards carry the claimed events, bars the share on board, and losses are the differences of what is shown."""
    said = words(root(J.shoes(), J.card(J.shoes(), J.SHOES_BOARD)))

    assert ["1,240 events", "1,135 events"] == [text for text in said if text.endswith(" events")][:2]
    assert ["100\xa0%", "91\xa0%", "78\xa0%", "66\xa0%", "61\xa0%"] == [
        t for t in said if re.fullmatch(r"\d+\xa0%", t)
    ][1:6]
    assert {"▼\xa09\xa0pts", "▼\xa019\xa0pts"} <= set(said)
    assert "of 1,087 closed journeys" in said


def test_what_no_rule_can_count_is_not_measured() -> None:
    """A touchpoint without a match rule shows no nought: neither events nor a loss of everyone."""
    said = words(root(J.plain(), J.card(J.plain(), (1240, 900, 620, 0))))

    assert ["not measured", "Not measured"] == [text for text in said if "ot measured" in text]
    assert [] == [text for text in said if text in ("0 events", "0\xa0%")]


def test_small_shares_are_not_rounded_to_nothing() -> None:
    """When whole per cents would hide what is left, all shares have a decimal."""
    said = words(root(J.shoes(), J.card(J.shoes(), (1240, 39, 20, 12, 12, 12, 9, 5, 1, 0))))

    assert {"100\xa0%", "3.1\xa0%", "1.0\xa0%", "0.1\xa0%", "0\xa0%"} <= set(said)


def test_what_cannot_be_estimated_is_said_in_words() -> None:
    """Not-estimable and low-n scores name their status and reason; a missing value is never a nought."""
    said = words(root(J.shoes(), J.card(J.shoes())))

    assert {"Not estimable", "no closed journey comes here", "Uncertain: fewer than 30 journeys"} <= set(said)
    assert "0.00" not in said


def test_a_scorer_without_any_estimate_says_so_once() -> None:
    """The same reason at every touchpoint is one line."""
    card = J.card(J.shoes())
    scores = [
        attrs.evolve(s, value=None, status="not-estimable", reason="no-outcome", interval=None)
        for s in card
        if s.scorer == "impact"
    ]
    said = words(root(J.shoes(), attrs.evolve(card, scores=Records(scores, kind=Score))))

    assert 1 == sum("not estimable at any touchpoint, the map names no outcome" in text for text in said)


def test_nothing_is_interpolated_across_a_gap() -> None:
    """A touchpoint without emotion breaks the curve in two."""
    journey = J.shoes().replace("compare", emotions=())
    curves = [
        sum(1 for path in root(j).iter(f"{SVG}path") if path.attrib.get("class") == "s-curve")
        for j in (J.shoes(), journey)
    ]

    # One more in both: the line in the legend is not a path.
    assert [1, 2] == curves


def torn(*names: str, spread: float | None = None) -> Journey:
    """Three touchpoints that every persona feels differently about."""
    personas = tuple(Persona(id=name.lower(), name=name) for name in names)
    touchpoints = tuple(
        Touchpoint(
            id=f"t{i}",
            title="T",
            emotions=[
                Emotion(valence=1.5 - 0.5 * i - 0.4 * k, persona=p.id, label="so so", spread=spread)
                for k, p in enumerate(personas)
            ],
        )
        for i in range(3)
    )
    return Journey(
        id="torn", title="Torn", personas=personas, stages=(Stage(id="s", title="S", touchpoints=touchpoints),)
    )


def strokes(element: ET.Element) -> list[tuple[str, str | None]]:
    """Colour and dash of every emotion curve, without the samples in the legend."""
    curve = next(g for g in element.iter(f"{SVG}g") if g.attrib.get("id", "").endswith("-curve"))
    lines = [path for path in curve.iter(f"{SVG}path") if "stroke" in path.attrib]
    return [(line.attrib["stroke"], line.attrib.get("stroke-dasharray")) for line in lines]


def test_every_persona_has_a_curve_of_its_own() -> None:
    """Two personas make two curves with dashes of their own, named beside the line and in the legend."""
    tree = root(torn("Ann", "Bob"))
    said = words(tree)

    assert 2 == len({dash for _, dash in strokes(tree)}) == len(strokes(tree))
    assert (2, 2) == tuple(
        sum(name == text for text in said) - 1 for name in ("Ann", "Bob")
    )  # beside the line and in the legend; once more in the header
    assert {"+1.5 so so", "+1.1 so so"} <= set(said)
    assert "emotion of Ann +1.5 (so so), emotion of Bob +1.1 (so so)" in "".join(tree.itertext())


def test_one_persona_can_be_asked_for() -> None:
    """The setting draws one curve, with no word of the others; an unknown persona raises."""
    journey = torn("Ann", "Bob")

    assert {"+1.1 so so"} == {t for t in words(root(journey, persona="bob")) if t in ("+1.1 so so", "+1.5 so so")}
    with pytest.raises(ArgumentError, match="no persona 'cid'"):
        SwimlaneRenderer(persona="cid").render(journey)


def test_curves_that_do_not_fit_are_named() -> None:
    """Of six personas four are drawn, each with a sample of its line before its figures, and the map says who is not."""
    tree = root(torn("Ann", "Bob", "Cem", "Dan", "Eve", "Fay"))

    assert [2, 2, 2, 2] == list(Counter(strokes(tree)).values())
    assert "Not drawn, to keep the curves apart: Eve, Fay" in words(tree)
    assert "The emotions of Eve, Fay are not drawn." in "".join(tree.itertext())


def test_only_the_first_curve_has_a_band() -> None:
    """Bands over bands could not be read: the second persona's spreads are error bars."""
    tree = root(torn("Ann", "Bob", spread=0.5))
    curve = next(g for g in tree.iter(f"{SVG}g") if g.attrib.get("id", "").endswith("-curve"))
    bars = [line for line in curve.iter(f"{SVG}line") if line.attrib["stroke"] == "#7A2E8E"]

    assert 1 == sum(1 for path in curve.iter(f"{SVG}path") if "fill-opacity" in path.attrib)
    assert 9 == len(bars)


def test_a_spread_without_neighbours_is_an_error_bar() -> None:
    """A single known spread draws no band to the edge of the page."""
    journey = J.shoes()
    for id in J.IDS[:-1]:
        journey = journey.replace(id, emotions=(Emotion(valence=0.5),))
    tree = root(journey)

    assert [] == [p for p in tree.iter(f"{SVG}path") if "fill-opacity" in p.attrib]
    assert "± 1 standard deviation" in words(tree)


def test_bars_of_one_scorer_share_their_zero() -> None:
    """Where a score can be negative, zero stands at one place in every card, and the range is told."""
    card = J.card(J.shoes())
    scores = [
        attrs.evolve(
            s, value=(-0.3, 0.004, 0.2)[i % 3], interval=Interval(low=-0.35, high=0.25, method="x"), status="ok"
        )
        for i, s in enumerate(s for s in card if s.scorer == "impact")
    ]
    tree = root(J.shoes(), attrs.evolve(card, scores=Records(scores, kind=Score)))
    zeros = [
        line.attrib["x1"]
        for group in tree.iter(f"{SVG}g")
        if group.attrib.get("class") == "lane-scores"
        for line in group.iter(f"{SVG}line")
        if line.attrib["class"] == "s-muted"
    ]

    assert (10, 1) == (len(zeros), len(set(zeros)))
    assert {"Impact bar −0.5\xa0to\xa00.5", "Zero: bars to its left are negative"} <= set(words(tree))
    assert {"−0.30", "0.00", "0.20"} <= set(words(tree))


def test_no_separator_begins_or_ends_a_line() -> None:
    """Dots stand between two things of one line, never at its edge."""
    lines = [
        span.text.strip()
        for journey in (J.shoes(), J.long(12), torn("Ann", "Bob"))
        for span in root(journey, J.card(journey)).iter(f"{SVG}tspan")
    ]

    assert [] == [line for line in lines if line.startswith("·") or line.endswith("·")]


@pytest.mark.parametrize("count", [3, 10])
def test_chips_are_never_cut(count: int) -> None:
    """Names of figures wrap; on a narrow map as on a wide one nothing under 60 characters ends in an ellipsis."""
    kpis = tuple(
        Kpi(id=f"k{i}", name=f"Baskets that become paid orders in time {i}", unit="points of 5") for i in range(3)
    )
    objectives = tuple(
        Objective(id=f"o{i}", statement="x", kpi=f"k{i}", baseline=3.4, target=4, due=date(2026, 6, 30))
        for i in range(3)
    )
    journey = attrs.evolve(J.long(count), kpis=kpis, objectives=objectives)
    said = words(root(journey, J.card(journey)))

    assert [] == [text for text in said if "…" in text]
    assert [f"{kpi.name}, target" for kpi in kpis] == [t for t in said if t.startswith("Baskets")]
    assert 3 == sum("due 2026-06-30" in text for text in said)


def test_an_empty_map_is_a_picture_too() -> None:
    """No stages, or a stage without touchpoints: the picture says so."""
    nothing = words(root(Journey(id="empty", title="Empty")))
    stage = words(root(Journey(id="bare", title="Bare", stages=(Stage(id="s", title="Later"),))))

    assert "This map has no stages yet." in nothing
    assert {"Later", "No touchpoint yet"} <= set(stage)


def test_stages_of_any_height_align_their_titles() -> None:
    """The titles of all stages stand on one line."""
    titles = [stage[0] for stage in J.WORDS["en"]["stages"]]
    tree = root(
        J.shoes().replace(
            "buy", goal="A goal so long that it takes several lines of the chevron to say it all, and more"
        )
    )
    lines = {
        "".join(t.itertext()): t[0].attrib["y"] for t in tree.iter(f"{SVG}text") if t.attrib.get("font-size") == "16"
    }

    assert titles == list(lines)
    assert 1 == len(set(lines.values()))


HOSTILE = [
    "<script>alert(1)</script>",
    "]]></style><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "&lt;&#0;&amp;&nope;",
    "<!--<![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>",
    "tab\tand\nnew line",
    "\u202etxt.exe\u202d \u2066isolate",
    "\u200b\u200d\ufe0f\u0301",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 40,
    "long word " + "W" * 100_000,
    "many words " * 10_000,
    "\ufffe\uffff\x7f\x85",
]


def hostile(text: str) -> Journey:
    touchpoint = Touchpoint(
        id="t", title=text, channels=(text,), actions=(text,), thoughts=(Thought(text=text),), pains=(Pain(text=text),),
        emotions=(Emotion(valence=1, label=text),), opportunities=(Opportunity(title=text),), backstage=(text,), owner=text,
    )  # fmt: skip
    stage = Stage(id="s", title=text, goal=text, touchpoints=(touchpoint,))
    persona = Persona(id="p", name=text, summary=text, quote=text)
    return Journey(id="map", title=text, scenario=text, version=text, personas=(persona,), stages=(stage,))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text: str) -> None:
    """Whatever a map says, the file parses, holds no element and no attribute that runs or links, and stays within bounds."""
    body = SwimlaneRenderer().render(hostile(text)).body
    tree = ET.fromstring(body)
    tags = {element.tag.removeprefix(SVG) for element in tree.iter()}
    attributes = {name for element in tree.iter() for name in element.attrib}

    assert tags <= {
        "svg",
        "title",
        "desc",
        "defs",
        "style",
        "clipPath",
        "g",
        "rect",
        "circle",
        "line",
        "path",
        "text",
        "tspan",
    }
    assert [] == [name for name in attributes if name.startswith("on") or "href" in name]
    assert b"<script" not in body
    assert len(body) < 1_000_000


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_hostile_text_stays_text_beside_another_map_and_on_pages(text: str, language: str) -> None:
    """What goes into sentences of the picture's own words goes in as text too."""
    journey = attrs.evolve(hostile(text), language=language)
    other = attrs.evolve(hostile(f"{text} {text[:50]}"), id="other", language=language)
    made = SwimlaneRenderer(beside=other, columns_per_page=1).render(journey)

    for body in (made.body, *made.pages):
        tree = ET.fromstring(body)
        assert {"svg", "g", "text"} <= {element.tag.removeprefix(SVG) for element in tree.iter()}
        assert b"<script" not in body
        assert [] == [n for e in tree.iter() for n in e.attrib if n.startswith("on") or "href" in n]


def test_lone_surrogates_that_slip_past_the_model_are_replaced() -> None:
    """Text that was forced into a journey cannot break the file."""
    journey = hostile("fine")
    object.__setattr__(journey, "title", "bad \ud800 \x00 title")

    assert "bad \ufffd \ufffd title" in words(root(journey))


def test_no_text_of_the_map_reaches_the_style_sheet() -> None:
    """The style sheet is the same whatever the map says."""
    sheets = {root(hostile(text)).find(f".//{SVG}style").text for text in HOSTILE[:4]}

    assert 1 == len(sheets)


@pytest.mark.parametrize("language", ["ar", "he", "fa-IR", "ur"])
def test_right_to_left_languages_are_mirrored(language: str) -> None:
    """The first touchpoint stands at the right; text is an isolate, because resvg knows no ``direction``."""
    journey = attrs.evolve(J.shoes("ar"), language=language)
    tree = root(journey)
    places = [
        float(g.attrib["transform"].removeprefix("translate(").split()[0])
        for g in tree.iter(f"{SVG}g")
        if "-tp-" in g.attrib.get("id", "")
    ]
    title = next(text for text in tree.iter(f"{SVG}text") if "أحذية" in "".join(text.itertext()))

    assert sorted(places, reverse=True) == places
    assert "end" == title.attrib["text-anchor"]
    assert "\u2067شراء أحذية الجري عبر الإنترنت\u2069" == "".join(title.itertext())


def test_inserting_a_touchpoint_changes_few_lines() -> None:
    """Touchpoints stand in groups of their own coordinates: those behind a new one only move."""
    before = J.shoes()
    new = Touchpoint(id="new", title="Something new")
    after = before.with_touchpoint(new, stage="buy", after="pay")
    old, fresh = (
        SwimlaneRenderer(lanes=("touchpoints", "thoughts")).render(j).text.splitlines() for j in (before, after)
    )
    gone = set(old) - set(fresh)

    assert len(gone) < len(old) / 3
