"""A wide map on several pages, and one map beside another."""

from __future__ import annotations

from importlib import util
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import attrs
import pytest

import journeykit as jk
from journeykit.drawing.scene import texts
from journeykit.drawing.swimlane import pages, plan
from journeykit.drawing.swimlane.sketch import paged, sketch
from journeykit.errors import ArgumentError
from journeykit.model import Emotion, Journey, Persona
from journeykit.renderers.swimlane import SwimlaneRenderer
from journeykit.results import Rendering

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


def said(rendering: Rendering) -> list[str]:
    tree = ET.fromstring(rendering.body)
    return ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]


def words(scene: object) -> list[str]:
    return ["".join(line.text + " " * line.space for line in text.lines) for text in texts(scene.marks)]


# -- pages -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 3, 7, 14, 30, 100])
def test_pages_hold_every_column_once(most: int) -> None:
    """No column is lost or drawn twice, and no page holds more than it may."""
    whole = sketch(J.long(30), None)
    parts = paged(whole, most)

    assert whole.cells == tuple(cell for part in parts for cell in part.cells)
    assert max(len(part.cells) for part in parts) <= most
    assert [(i, len(parts)) for i in range(1, len(parts) + 1)] == [(part.page, part.pages) for part in parts]


def test_pages_end_where_a_stage_ends() -> None:
    """Stages of five touchpoints on pages of twelve: two stages a page."""
    assert [10, 10, 10] == [len(part.cells) for part in paged(sketch(J.long(30), None), 12)]


def test_a_stage_longer_than_a_page_is_cut_evenly() -> None:
    """Ten touchpoints of one stage on pages of seven are five and five, and the second says that it goes on."""
    journey = J.shoes()
    stage = attrs.evolve(journey.stages[0], touchpoints=journey.touchpoints())
    made = pages(attrs.evolve(journey, stages=(stage,)), columns_per_page=7)

    assert [5, 5] == [sum("tp" == g.kind for g in _groups(scene)) for scene in made]
    assert "Discover (continued)" in words(made[1])
    assert "Discover" in words(made[0])


def _groups(scene: object) -> list:
    return next(mark for mark in scene.marks if getattr(mark, "kind", None) == "touchpoints").marks


def test_every_page_is_a_map_of_its_own() -> None:
    """Title, number of the page, legend and source stand on each; all are equally wide; their ids differ."""
    made = pages(J.long(30), J.card(J.long(30)), columns_per_page=12)

    assert 1 == len({scene.width for scene in made})
    for number, scene in enumerate(made, 1):
        assert {"A map of 30 touchpoints", f"Page {number} of 3", "Legend"} <= set(words(scene))
        assert any("Source: " in text for text in words(scene))


def test_pages_speak_of_the_whole_map() -> None:
    """Peak and lowest point are tagged once, and the first bar of a page knows the last of the page before."""
    journey = J.shoes()
    made = pages(journey, J.card(journey, J.SHOES_BOARD), columns_per_page=5)
    each = [words(scene) for scene in made]

    assert [0, 1] == [page.count("Peak") for page in each]
    assert "▼\xa019\xa0pts" in each[1]
    assert [text for text in words(plan(journey, J.card(journey))) if "bar " in text] == [
        text for text in words(pages(journey, J.card(journey), columns_per_page=5)[1]) if "bar " in text
    ]


def test_the_file_holds_all_pages_and_each_is_a_file_too() -> None:
    """The picture stacks its pages under each other; `Rendering.pages` are whole files; ids are unique in each and all."""
    journey = J.long(30)
    made = SwimlaneRenderer(columns_per_page=12).render(journey, J.card(journey))
    trees = [ET.fromstring(body) for body in (made.body, *made.pages)]
    ids = [[e.attrib["id"] for e in tree.iter() if "id" in e.attrib] for tree in trees]

    assert 3 == len(made.pages)
    assert all(len(set(own)) == len(own) for own in ids)
    assert {f"Page {i} of 3" for i in (1, 2, 3)} <= set(said(made))
    assert float(trees[0].attrib["height"]) > sum(float(tree.attrib["height"]) for tree in trees[1:])
    assert () == SwimlaneRenderer().render(journey).pages


def test_one_page_is_the_map_itself() -> None:
    """A map that fits its page is drawn as without the setting, to the byte."""
    journey = J.shoes()

    assert SwimlaneRenderer().render(journey).body == SwimlaneRenderer(columns_per_page=10).render(journey).body


@pytest.mark.parametrize("columns", [0, -1, 2.5, True, "14"])
def test_a_page_has_a_whole_number_of_columns(columns: object) -> None:
    """Anything else is refused where it is set."""
    with pytest.raises(ArgumentError, match="columns_per_page"):
        SwimlaneRenderer(columns_per_page=columns)


def test_a_single_word_is_no_list_of_lanes() -> None:
    """``lanes="emotion"`` would be taken letter by letter."""
    assert ("emotion",) == SwimlaneRenderer(lanes=["emotion"]).lanes
    with pytest.raises(ArgumentError, match="give a list"):
        SwimlaneRenderer(lanes="emotion")


# -- one map beside another --------------------------------------------------------------------------------------------------


def test_both_maps_stand_on_the_same_columns() -> None:
    """A touchpoint of both maps has one column with two cards; every change says its word and shows its sign."""
    journey = J.shoes()
    made = jk.render(journey, "swimlane", beside=J.better(journey))
    shown = said(made)
    tree = ET.fromstring(made.body)

    assert 12 == sum("-tp-" in g.attrib.get("id", "") for g in tree.iter(f"{SVG}g"))
    # The word on its card and once in the legend.
    assert {"New": 3, "Dropped": 2, "Changed": 3, "Moved": 2} == {
        word: shown.count(word) for word in ("New", "Dropped", "Changed", "Moved")
    }
    assert 3 == shown.count("Not on this map")
    assert {"Waits and opens the tracking link", "name, emotion, pain points", "now in Receive"} <= set(shown)
    assert any("2 new, 1 dropped, 2 changed, 1 moved, 6 unchanged" in text for text in shown)


def test_the_maps_are_named_by_their_status() -> None:
    """Current and future are as is and to be, in whichever order; two of one status are before and after."""
    journey = J.shoes()
    names = [
        {text for text in said(jk.render(one, beside=two)) if text in ("As is", "To be", "Before", "After")}
        for one, two in ((journey, J.better(journey)), (J.better(journey), journey), (journey, journey))
    ]

    assert [{"As is", "To be"}, {"As is", "To be"}] == names[:2]
    assert set() == names[2] - {"Before", "After"}
    assert names[2]


def test_each_map_has_its_curve_and_they_go_on_across_what_is_missing() -> None:
    """A touchpoint the other map does not have is no gap in its curve; one without an emotion is."""
    journey = J.shoes()
    better = J.better(journey)

    def lines(other: Journey) -> list[tuple[str, str | None]]:
        tree = ET.fromstring(SwimlaneRenderer(lanes=("emotion",), beside=other).render(journey).body)
        curve = next(g for g in tree.iter(f"{SVG}g") if g.attrib.get("id", "").endswith("-curve"))
        return [
            (p.attrib["stroke"], p.attrib.get("stroke-dasharray"))
            for p in curve.iter(f"{SVG}path")
            if "stroke" in p.attrib
        ]

    assert 2 == len(lines(better)) == len(set(lines(better)))
    assert 3 == len(lines(better.replace("search", emotions=())))


def test_a_lane_that_says_the_same_is_drawn_once() -> None:
    """Where both maps agree, one row is enough."""
    journey = J.shoes()
    other = journey.replace("ad", title="Another")
    shown = said(SwimlaneRenderer(lanes=("thoughts", "pains"), beside=other).render(journey))

    assert [] == [text for text in shown if text in ("Before", "After")]


def test_scores_are_those_of_the_first_map() -> None:
    """A scorecard is drawn on the map it was computed for; the other map may not stand in for it."""
    journey = J.shoes()
    card = J.card(journey, J.SHOES_BOARD)
    shown = said(jk.render(journey, scores=card, beside=J.better(journey)))

    assert "1,240 events" in shown
    with pytest.raises(ArgumentError, match="'running-shoes', not of"):
        jk.render(J.better(journey), scores=card, beside=journey)


def test_several_personas_share_the_room_for_curves() -> None:
    """Two curves of each map are drawn, and the rest is named with its map."""
    personas = tuple(Persona(id=id, name=id.upper()) for id in "abc")
    journey = attrs.evolve(J.shoes(), personas=personas)
    for touchpoint in journey.touchpoints():
        journey = journey.replace(
            touchpoint.id, emotions=tuple(Emotion(valence=k - 1.0, persona=p.id) for k, p in enumerate(personas))
        )
    shown = " ".join(said(SwimlaneRenderer(lanes=("emotion",), beside=journey).render(journey)))

    assert "Not drawn, to keep the curves apart: Before: C, After: C" in shown


def test_a_renderer_that_draws_one_journey_says_so() -> None:
    """``beside=`` is refused where it would be ignored, and so is what is no journey."""
    with pytest.raises(ArgumentError, match="'json' draws one journey"):
        jk.render(J.plain(), "json", beside=J.plain())
    with pytest.raises(ArgumentError, match="not str"):
        jk.render(J.plain(), beside="other.yaml")


def test_both_maps_are_told_in_words() -> None:
    """Who hears the picture hears both maps at every column, and what became of it."""
    journey = J.shoes()
    told = pages(journey, beside=J.better(journey))[0].description

    assert "As is: 6. Fills the basket" in told
    assert "To be: 5. Sees the full price first (Web shop), emotion +0.6 (calm)" in told
    assert "Changed (name, emotion, pain points)" in told
    assert "As is: 5. Asks whether sending back is free (Live chat), emotion +0.3. To be: Dropped." in told
    assert "To be: 8. Gets a message when the parcel is late, emotion +0.9, New." in told
