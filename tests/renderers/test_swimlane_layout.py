"""The geometry of the picture, asked of the layout before anything is drawn."""

from __future__ import annotations

from importlib import util
from itertools import combinations
from operator import mul
from pathlib import Path as File
from types import ModuleType

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.drawing.scene import Box, Group, Icon, Mark, Path, Rect, Scene, Text, texts
from journeykit.drawing.swimlane import pages, plan, stacked
from journeykit.model import Emotion, Journey, Match, Moment, Opportunity, Pain, Persona, Stage, Thought, Touchpoint


def _examples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", File(__file__).parent / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _examples()
Place = tuple[float, float]
LONG = (
    "Eine sehr lange Beschreibung mit Donaudampfschifffahrtsgesellschaftskapitänsmütze und 🎉👨‍👩‍👧‍👦 und 長い文章。 "
    * 5
)[:400]


def wordy() -> Journey:
    journey = J.shoes("de").replace(
        "compare", title=LONG, thoughts=(Thought(text=LONG),), pains=(Pain(text=LONG), Pain(text="x"))
    )
    journey = journey.replace("ad", title="W" * 400, channels=("Web", "App", "Telefon", "Filiale"), actions=(LONG,))
    journey = journey.replace("use", title=LONG, goal=LONG).replace(
        "wait", opportunities=(Opportunity(title=LONG, impact="low"),) * 3
    )
    return attrs.evolve(journey, title=LONG, scenario=LONG)


def torn(personas: int, apart: float = 0.7) -> Journey:
    """Several personas whose curves cross, or lie on each other."""
    names = ("Maya", "Jonas the very patient bargain hunter of the north", "Priya", "Otto")[:personas]
    journey = attrs.evolve(J.shoes(), personas=tuple(Persona(id=f"p{i}", name=name) for i, name in enumerate(names)))
    for i, touchpoint in enumerate(journey.touchpoints()):
        emotions = tuple(
            Emotion(
                valence=max(-2.0, min(2.0, J.VALENCES[i] + apart * ((i * k) % 5 - 2))),
                persona=f"p{k}",
                label=("really disappointed", "calm", None)[(i + k) % 3],
                spread=0.6 if k % 2 else None,
            )
            for k in range(personas)
        )
        journey = journey.replace(touchpoint.id, emotions=emotions)
    return journey


def talkative() -> Journey:
    """Four personas of whom a few words are known, with names of unlike length."""
    journey = torn(4)
    names = ("Jo", "Priyanka Raghunathan", "Kim", "Maximiliane von und zu Hohenstein-Wittgenstein")
    known = zip(journey.personas, names, strict=True)
    return attrs.evolve(
        journey, personas=[attrs.evolve(p, name=name, summary="Runs twice a week") for p, name in known]
    )


SCENES = {
    **{
        language: lambda language=language: (J.shoes(language), J.card(J.shoes(language), J.SHOES_BOARD))
        for language in J.WORDS
    },
    "plain": lambda: (J.plain(), None),
    "one": lambda: (J.long(1), J.card(J.long(1))),
    "thirty": lambda: (J.long(30), J.card(J.long(30))),
    "sixty": lambda: (J.long(60), J.card(J.long(60))),
    "torn": lambda: (torn(4), J.card(torn(4))),
    "alike": lambda: (torn(4, 0.0), None),
    "talkative": lambda: (talkative(), J.card(torn(4))),
    "wordy": lambda: (wordy(), J.card(wordy())),
    "second page": lambda: pages(J.long(40), J.card(J.long(40)), columns_per_page=14)[1],
    "last page": lambda: pages(J.long(31), J.card(J.long(31)), columns_per_page=6)[-1],
    "stacked": lambda: stacked(pages(J.shoes("ar"), J.card(J.shoes("ar")), columns_per_page=4)),
    **{
        f"beside {language}": lambda language=language: pages(
            J.shoes(language), J.card(J.shoes(language), J.SHOES_BOARD), beside=J.better(J.shoes(language))
        )[0]
        for language in J.WORDS
    },
    "beside, second page": lambda: pages(J.shoes("de"), beside=J.better(J.shoes("de")), columns_per_page=5)[1],
    "another map": lambda: pages(J.shoes(), J.card(J.shoes()), beside=J.plain())[0],
}


@pytest.fixture(scope="module", params=list(SCENES))
def scene(request: pytest.FixtureRequest) -> Scene:
    made = SCENES[request.param]()
    return made if isinstance(made, Scene) else plan(*made)


def faults(scene: Scene) -> list[str]:
    """Texts that leave their box, boxes that leave the page, and texts that overlap."""
    found = []
    page = Box(x=0, y=0, width=scene.width, height=scene.height)
    placed = [(text, extent) for text in texts(scene.marks) for extent in text.extents()]
    found += [f"leaves its box: {t.lines}" for t, extent in placed if not t.box.contains(extent, slack=0.6)]
    found += [f"leaves the page: {t.lines}" for t, extent in placed if not page.contains(extent)]
    placed.sort(key=lambda pair: pair[1].y)
    for index, (text, extent) in enumerate(placed):
        for other, below in placed[index + 1 :]:
            if below.y >= extent.bottom:
                break
            if extent.overlaps(below):
                found.append(f"overlap: {text.lines} and {other.lines}")
    return found


def test_texts_stay_in_their_boxes_and_apart(scene: Scene) -> None:
    """No line leaves its box or the page, no two lines overlap."""
    assert [] == faults(scene)


def shapes(marks: tuple[Mark, ...], at: Place = (0.0, 0.0)) -> list[Rect]:
    found = []
    for mark in marks:
        if isinstance(mark, Group):
            found += shapes(mark.marks, (at[0] + mark.dx, at[1] + mark.dy))
        elif isinstance(mark, Rect):
            found.append(attrs.evolve(mark, box=mark.box.moved(*at)))
    return found


def groups(marks: tuple[Mark, ...], at: Place = (0.0, 0.0)) -> list[tuple[Group, Place]]:
    found = []
    for mark in marks:
        if isinstance(mark, Group):
            place = (at[0] + mark.dx, at[1] + mark.dy)
            found += [(mark, place), *groups(mark.marks, place)]
    return found


def icons(marks: tuple[Mark, ...], at: Place = (0.0, 0.0)) -> list[Box]:
    found = []
    for mark in marks:
        if isinstance(mark, Group):
            found += icons(mark.marks, (at[0] + mark.dx, at[1] + mark.dy))
        elif isinstance(mark, Icon):
            found.append(Box(x=mark.x + at[0], y=mark.y + at[1], width=mark.size, height=mark.size))
    return found


def test_no_text_stands_on_an_icon(scene: Scene) -> None:
    """Icons of channels, lanes and moments have their own room."""
    lines = [(extent, text.lines) for text in texts(scene.marks) for extent in text.extents()]
    covered = [words for box in icons(scene.marks) for extent, words in lines if extent.overlaps(box)]

    assert [] == covered


@pytest.mark.parametrize("lane", ["touchpoints", "opportunities", "backstage"])
def test_boxes_of_one_lane_do_not_overlap(scene: Scene, lane: str) -> None:
    """Cards, opportunities and chips stand apart."""
    fills = {"touchpoints": "card", "opportunities": "posbg", "backstage": "chip"}[lane]
    boxes = [
        rect.box
        for group, at in groups(scene.marks)
        if group.css == f"lane-{lane}"
        for rect in shapes(group.marks, at)
        if rect.fill == fills
    ]

    assert [] == [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def test_the_texts_of_a_card_stay_inside_it(scene: Scene) -> None:
    """Everything in the touchpoint lane keeps 8 px from the edge of its card, but for the pills upon that edge."""
    outside = []
    for group, at in groups(scene.marks):
        if group.css == "lane-touchpoints":
            rects = shapes(group.marks, at)
            pills = [rect.box for rect in rects if rect.radius == 10.5]
            cards = [rect.box for rect in rects if rect.radius == 12 and rect.box.height > 24]
            inner = [Box(x=b.x + 8, y=b.y + 5, width=b.width - 16, height=b.height - 13) for b in cards]
            outside += [
                t.lines
                for t in texts(group.marks, *at)
                for e in t.extents()
                if not any(box.contains(e, slack=0.6) for box in (*inner, *pills))
            ]

    assert [] == outside


def test_stage_texts_stay_on_their_chevron(scene: Scene) -> None:
    """A stage's texts lie between its notch and its point, above and below its edges."""
    outside = []
    for group, at in groups(scene.marks):
        if group.kind != "stage":
            continue
        path = next(mark for mark in group.marks if not isinstance(mark, Text))
        numbers = [pair for _, values in path.commands for pair in zip(values[::2], values[1::2], strict=True)]
        xs, ys = sorted({x for x, _ in numbers}), [y for _, y in numbers]
        chevron = Box(x=xs[0], y=min(ys), width=xs[-1] - xs[0], height=max(ys) - min(ys))
        chevron = chevron.moved(*at)
        outside += [t.lines for t in texts(group.marks, *at) for e in t.extents() if not chevron.contains(e)]

    assert [] == outside


def test_labels_of_one_curve_hide_no_line() -> None:
    """Every signed number stands clear of the curve: no point of a drawn line lies in its box."""
    drawn = plan(J.shoes(), None, lanes=("emotion",))
    labels = [t.box for t in texts(drawn.marks) if t.weight == 700 and t.size == 12.5]
    paths = [m for group, _ in groups(drawn.marks) if group.kind == "curve" for m in group.marks if isinstance(m, Path)]
    line = next(path for path in paths if path.stroke == "curve")
    course, at = [], (0.0, 0.0)
    for letter, n in line.commands:
        if letter == "C":
            for t in (i / 60 for i in range(61)):
                weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
                xs, ys = (at[0], *n[::2]), (at[1], *n[1::2])
                course.append((sum(map(mul, weights, xs)), sum(map(mul, weights, ys))))
        at = n[-2:]

    assert 10 == len(labels)
    assert [] == [(x, y) for x, y in course for box in labels if box.x < x < box.right and box.y < y < box.bottom]


WORDS = st.text(st.sampled_from("abcdefg hijk ÄÖß-/ 漢字、。 مرحبا 🎉"), min_size=1, max_size=160).filter(str.strip)


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    count = draw(st.integers(1, 6))
    maybe = st.lists(WORDS, max_size=2)
    touchpoints = [
        Touchpoint(
            id=f"t{i}",
            title=draw(WORDS),
            match=draw(st.sampled_from([None, Match(event="x")])),
            channels=tuple(draw(maybe)),
            actions=tuple(draw(maybe)),
            thoughts=tuple(Thought(text=text) for text in draw(maybe)),
            pains=tuple(Pain(text=text, severity=draw(st.integers(1, 3))) for text in draw(maybe)),
            opportunities=tuple(Opportunity(title=text, impact="high") for text in draw(maybe)),
            emotions=tuple(
                Emotion(valence=v, spread=1, label="so so", persona=persona)
                for v, persona in draw(
                    st.lists(st.tuples(st.floats(-2, 2), st.sampled_from([None, *"pqr"])), max_size=5)
                )
            ),
            moment=draw(st.sampled_from([None, Moment(kind="decision")])),
            backstage=tuple(draw(maybe)),
        )
        for i in range(count)
    ]
    cut = draw(st.integers(0, count))
    stages = (
        Stage(id="a", title=draw(WORDS), goal=draw(WORDS), touchpoints=tuple(touchpoints[:cut])),
        Stage(id="b", title=draw(WORDS), touchpoints=tuple(touchpoints[cut:])),
    )
    return Journey(
        id="j",
        title=draw(WORDS),
        scenario=draw(WORDS),
        language=draw(st.sampled_from(["en", "ar"])),
        personas=tuple(Persona(id=id, name=draw(WORDS)) for id in "pqr"),
        stages=stages,
    )


@settings(max_examples=60, deadline=None)
@given(journeys(), st.booleans())
def test_any_journey_is_laid_out_without_faults(journey: Journey, scored: bool) -> None:
    """Whatever is on the map, with scores or without, nothing overlaps and nothing is cut."""
    made = plan(journey, J.card(journey) if scored else None)

    assert [] == faults(made)


def test_columns_widen_before_words_break() -> None:
    """A long German word gets its room up to 224 px; only beyond that it is broken."""
    shown = [line.shown for text in texts(plan(J.shoes("de")).marks) for line in text.lines]

    assert {"Auftragsbestätigung", "Verspätungsbenachrichtigung;", "Weiterempfehlen"} <= set(shown)


def test_a_page_is_as_wide_as_the_grid_says() -> None:
    """Ten plain columns make 32 + 176 + 10 x 160 + 32 px."""
    assert 1840 == plan(J.shoes()).width
