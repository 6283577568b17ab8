"""The geometry of the single views, asked of the layout before anything is drawn."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from importlib import util
from itertools import combinations, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.drawing.flow import plan as flow
from journeykit.drawing.funnel import plan as funnel
from journeykit.drawing.matrix import chances
from journeykit.drawing.matrix import plan as matrix
from journeykit.drawing.scene import Box, Group, Mark, Rect, Scene, texts
from journeykit.drawing.scene import Path as Path_
from journeykit.drawing.storyboard import plan as storyboard
from journeykit.model import Emotion, Journey, Match, Opportunity, Pain, Persona, Stage, Thought, Touchpoint
from journeykit.results import Move, Scorecard


def _examples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", Path(__file__).parents[1] / "renderers" / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _examples()
LONG = (
    "Eine sehr lange Beschreibung mit Donaudampfschifffahrtsgesellschaftskapitänsmütze und 🎉👨‍👩‍👧‍👦 und 長い文章。 "
    * 5
)[:400]
VIEWS: dict[str, Callable[..., Scene]] = {
    "flow": flow,
    "flow across": lambda *given_: flow(*given_, turned=False),
    "flow down": lambda *given_: flow(*given_, turned=True),
    "everything that flows": lambda *given_: flow(*given_, share=1.0),
    "funnel": funnel,
    "funnel of stages": lambda *given_: funnel(*given_, by="stage"),
    "matrix": matrix,
    "chances": chances,
    "storyboard": storyboard,
}


def walked(journey: Journey, card: Scorecard, journeys: int = 300, seed: int = 7) -> Scorecard:
    """The scorecard with the moves of customers who mostly go on, sometimes skip, repeat, turn back, or leave."""
    ids, chance = [t.id for t in journey.touchpoints()], random.Random(seed)
    found: Counter[tuple[str | None, str | None]] = Counter()
    for _ in range(journeys if ids else 0):
        at = min(int(chance.expovariate(1.0)), len(ids) - 1)
        path: list[str | None] = [None, ids[at]]
        while chance.random() < 0.85 and at < len(ids) - 1:
            at = max(0, min(len(ids) - 1, at + chance.choice((1, 1, 1, 1, 2, 3, 0, -1, -2))))
            path.append(ids[at])
        found.update(pairwise([*path, None]))
    place: dict[str | None, int] = {None: -1} | {id: i for i, id in enumerate(ids)}
    order = sorted(found, key=lambda move: (place[move[0]], move[1] is None, place[move[1]]))
    moves = tuple(Move(source=a, target=b, count=found[a, b] * 37, journeys=found[a, b]) for a, b in order)
    return attrs.evolve(card, coverage=attrs.evolve(card.coverage, moves=moves))


def wordy() -> Journey:
    journey = J.shoes("de").replace("compare", title=LONG, thoughts=(Thought(text=LONG),), pains=(Pain(text=LONG),) * 4)
    journey = journey.replace("ad", title="W" * 400, channels=("Web", "App", "Telefon", "Filiale"))
    journey = journey.replace("use", title=LONG, goal=LONG).replace(
        "wait",
        opportunities=(Opportunity(title=LONG, impact="low", effort="high", owner=LONG), Opportunity(title=LONG)),
    )
    return attrs.evolve(journey, title=LONG, scenario=LONG)


def scored(journey: Journey) -> tuple[Journey, Scorecard | None]:
    return journey, walked(journey, J.card(journey))


JOURNEYS: dict[str, Callable[[], tuple[Journey, Scorecard | None]]] = {
    **{language: lambda language=language: scored(J.shoes(language)) for language in J.WORDS},
    "unscored": lambda: (J.plain(), None),
    "plain": lambda: scored(J.plain()),
    "one": lambda: scored(J.long(1)),
    "twenty": lambda: scored(J.long(20)),
    "forty": lambda: scored(J.long(40)),
    "sixty": lambda: scored(J.long(60)),
    "wordy": lambda: scored(wordy()),
    "empty": lambda: scored(Journey(id="bare", title="Bare", stages=[Stage(id="one", title="One")])),
}


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


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("name", list(JOURNEYS))
def test_texts_stay_in_their_boxes_and_apart(name: str, view: str) -> None:
    """No line leaves its box or the page, no two lines overlap, in every view of every journey."""
    assert [] == faults(VIEWS[view](*JOURNEYS[name]()))


def groups(marks: tuple[Mark, ...]) -> list[Group]:
    return [g for mark in marks if isinstance(mark, Group) for g in (mark, *groups(mark.marks))]


def boxes(marks: tuple[Mark, ...]) -> list[Box]:
    return [mark.box for mark in marks if isinstance(mark, Rect)]


@pytest.mark.parametrize("view", ["flow", "flow across", "flow down", "everything that flows"])
@pytest.mark.parametrize("name", ["en", "de", "ar", "plain", "twenty", "forty", "sixty"])
def test_the_figures_of_a_flow_stand_apart(name: str, view: str) -> None:
    """No pill covers another one or a touchpoint, and no two touchpoints overlap."""
    found = {group.kind: group for group in groups(VIEWS[view](*JOURNEYS[name]()).marks)}
    pills = boxes(found["figures"].marks)
    cards = [boxes(g.marks)[0] for g in groups(found["touchpoints"].marks) if g.kind == "tp"]

    assert len(pills) > 3
    assert [] == [pair for pair in combinations(pills, 2) if pair[0].overlaps(pair[1])]
    assert [] == [(pill, card) for pill in pills for card in cards if pill.overlaps(card)]
    assert [] == [pair for pair in combinations(cards, 2) if pair[0].overlaps(pair[1])]


def runs_through(box: Box, course: list[tuple[float, ...]]) -> bool:
    """Whether any of 60 places on each stretch of a line lies in the box, a pixel from its edge."""
    return any(
        box.x + 1 < a[0] + (b[0] - a[0]) * i / 60 < box.right - 1
        and box.y + 1 < a[1] + (b[1] - a[1]) * i / 60 < box.bottom - 1
        for a, b in pairwise(course)
        for i in range(61)
    )


@pytest.mark.parametrize(
    ("name", "view"),
    [
        *((name, view) for name in ("en", "de", "ja", "plain") for view in ("flow across", "flow down")),
        *((name, "flow") for name in ("one", "twenty", "forty", "sixty")),
    ],
)
def test_no_figure_stands_where_lines_cross(name: str, view: str) -> None:
    """Through a pill runs the line it belongs to and no other move's."""
    found = {group.kind: group for group in groups(VIEWS[view](*JOURNEYS[name]()).marks)}
    courses = [
        (group.name, [numbers[-2:] for _, numbers in path.commands if numbers])
        for group in groups(found["moves"].marks)
        for path in group.marks
        if isinstance(path, Path_) and path.stroke not in (None, "bg")
    ]
    hits = [{move for move, course in courses if runs_through(pill, course)} for pill in boxes(found["figures"].marks)]

    assert [] == [moves for moves in hits if len(moves) > 1]


@pytest.mark.parametrize("name", ["en", "de", "ja", "ar", "forty"])
def test_texts_of_a_card_stay_inside_it(name: str) -> None:
    """What stands on a touchpoint of the flow, or in a panel of the storyboard, does not leave it."""
    outside = []
    for view, kind in (("flow across", "tp"), ("flow down", "tp"), ("storyboard", "panel")):
        for group in groups(VIEWS[view](*JOURNEYS[name]()).marks):
            if group.kind == kind:
                box = boxes(group.marks)[0]
                outside += [t.lines for t in texts(group.marks) for e in t.extents() if not box.contains(e)]

    assert [] == outside


def test_right_to_left_is_a_mirror() -> None:
    """The first touchpoint of an Arabic flow stands at the right, that of an English one at the left."""

    def first(language: str) -> float:
        scene = flow(*scored(J.shoes(language)), turned=False)
        card = next(group for group in groups(scene.marks) if group.kind == "tp")
        return boxes(card.marks)[0].x / scene.width

    assert first("en") < 0.1
    assert first("ar") > 0.8


WORDS = st.text(st.sampled_from("abcdefg hijk ÄÖß-/ 漢字、。 مرحبا 🎉"), min_size=1, max_size=120).filter(str.strip)


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    maybe = st.lists(WORDS, max_size=2)
    touchpoints = [
        Touchpoint(
            id=f"t{i}",
            title=draw(WORDS),
            match=draw(st.sampled_from([None, Match(event="x")])),
            channels=tuple(draw(maybe)),
            thoughts=tuple(Thought(text=text) for text in draw(maybe)),
            pains=tuple(Pain(text=text, severity=draw(st.integers(1, 3))) for text in draw(maybe)),
            opportunities=tuple(
                Opportunity(title=text, impact="high", effort=draw(st.sampled_from([None, "low"])))
                for text in draw(maybe)
            ),
            emotions=tuple(Emotion(valence=v) for v in draw(st.lists(st.floats(-2, 2), max_size=2))),
        )
        for i in range(draw(st.integers(0, 7)))
    ]
    cut = draw(st.integers(0, len(touchpoints)))
    stages = (
        Stage(id="a", title=draw(WORDS), goal=draw(WORDS), touchpoints=tuple(touchpoints[:cut])),
        Stage(id="b", title=draw(WORDS), touchpoints=tuple(touchpoints[cut:])),
    )
    return Journey(
        id="j",
        title=draw(WORDS),
        language=draw(st.sampled_from(["en", "de", "ja", "ar"])),
        personas=(Persona(id="p", name=draw(WORDS), quote=draw(WORDS)),),
        stages=stages,
    )


@settings(max_examples=60, deadline=None)
@given(journeys(), st.sampled_from(sorted(VIEWS)), st.integers(0, 10**6) | st.none())
def test_any_journey_is_laid_out_without_faults(journey: Journey, view: str, seed: int | None) -> None:
    """Whatever is on the map and whatever customers did, nothing overlaps and nothing is cut."""
    card: Any = None if seed is None else walked(journey, J.card(journey), 40, seed)

    assert [] == faults(VIEWS[view](journey, card))
