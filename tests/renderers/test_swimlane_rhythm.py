"""What makes the picture calm: lines that align, nothing said twice, no room for what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import util
from pathlib import Path
from types import ModuleType

import attrs
import pytest

from journeykit.drawing.scene import Group, Icon, Mark, Scene, Text, texts
from journeykit.drawing.swimlane import pages, plan
from journeykit.drawing.swimlane.foot import _evened
from journeykit.drawing.swimlane.frame import frame
from journeykit.drawing.swimlane.sketch import paged, sketch
from journeykit.model import Emotion, Journey, Persona, Stage, Touchpoint
from journeykit.results import Interval, Records, Score, Scorecard


def _examples() -> ModuleType:
    spec = util.spec_from_file_location("swimlane_journeys", Path(__file__).parent / "_journeys.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


J = _examples()


def lane(scene: Scene, name: str) -> Iterator[Mark]:
    """The marks of a lane in every column."""

    def within(marks: tuple[Mark, ...]) -> Iterator[Mark]:
        for mark in marks:
            if isinstance(mark, Group):
                yield from mark.marks if mark.css == f"lane-{name}" else within(mark.marks)

    return within(scene.marks)


def said(marks: Iterator[Mark] | tuple[Mark, ...]) -> list[tuple[str, Text]]:
    return [("".join(f"{line.shown} " for line in text.lines).strip(), text) for text in texts(tuple(marks))]


def scored(change: object) -> Scorecard:
    """The card of the shoes with every score changed."""
    card = J.card(J.shoes())
    return attrs.evolve(card, scores=Records([change(score) for score in card], kind=Score))  # type: ignore[operator]


def test_counts_of_all_cards_stand_on_one_line() -> None:
    """A badge stands above the count, never in its place."""
    found = [
        text.y for words, text in said(lane(plan(J.shoes(), J.card(J.shoes())), "touchpoints")) if "event" in words
    ]

    assert (10, 1) == (len(found), len(set(found)))


def test_a_map_without_channels_draws_no_sign_for_them() -> None:
    """One neutral sign on every card says nothing; where some card has a channel, the others show that they have none."""
    bare = [t.id for t in J.shoes().touchpoints()]
    journey = J.shoes()
    for id in bare:
        journey = journey.replace(id, channels=())
    with_one = journey.replace("pay", channels=("Checkout",))
    signs = [
        [m.name for m in lane(plan(j), "touchpoints") if isinstance(m, Icon) and m.name != "star"]
        for j in (journey, with_one)
    ]
    tall = [min(t.y for _, t in said(lane(plan(j), "touchpoints")) if t.size == 14) for j in (journey, with_one)]

    assert ([], 9) == (signs[0], signs[1].count("neutral"))
    assert tall[0] < tall[1]


@pytest.mark.parametrize("status", ["suppressed", "not-estimable"])
def test_what_holds_everywhere_is_said_once(status: str) -> None:
    """Two scorers without any figure for one reason share one sentence; no card repeats it."""
    reason = "fewer-than-10" if status == "suppressed" else "no-outcome"
    bare = scored(lambda s: attrs.evolve(s, value=None, interval=None, status=status, reason=reason, components=()))
    drawn = plan(J.shoes(), bare)
    verb = (
        "withheld throughout, fewer than 10 people"
        if status == "suppressed"
        else "not estimable at any touchpoint, the map names no outcome"
    )

    assert [] == said(lane(drawn, "scores"))
    assert f"Friction, Impact: {verb}" in [words for words, _ in said(drawn.marks)]


def test_a_reason_of_one_touchpoint_is_not_said_of_all() -> None:
    """Where some figures are withheld, only what holds for the whole map may stand for the rest."""
    card = J.card(J.shoes())

    def lacking(reason: str) -> Scorecard:
        statuses = iter(("suppressed", *["not-estimable"] * 99))
        scores = [
            attrs.evolve(
                s,
                value=None,
                interval=None,
                status=status,
                reason="small-group" if status == "suppressed" else reason,
                components=(),
            )
            for s, status in zip((s for s in card if s.scorer == "impact"), statuses, strict=False)
        ]
        return attrs.evolve(card, scores=Records(scores, kind=Score))

    of_the_map, of_each = (
        said(lane(plan(J.shoes(), lacking(reason)), "scores")) for reason in ("no-outcome", "no-match-rule")
    )

    assert ([], 10) == (of_the_map, sum(words == "Impact" for words, _ in of_each))


def test_a_doubt_about_all_figures_is_said_once() -> None:
    """Where every figure is uncertain for one reason, the row says it; beside a certain one each card says its own."""
    unsure = scored(lambda s: attrs.evolve(s, value=0.4, status="low-n", reason="few-conversions"))
    mixed = scored(
        lambda s: attrs.evolve(
            s,
            value=0.4,
            status="ok" if s.subject.id == "pay" else "low-n",
            reason=None if s.subject.id == "pay" else "few-conversions",
        )
    )
    words = ["Uncertain: few conversions", "Impact: uncertain throughout, few conversions"]
    found = [
        [sum(told == word for told, _ in said(plan(J.shoes(), card).marks)) for word in words]
        for card in (unsure, mixed)
    ]

    assert [[0, 1], [18, 0]] == found


def test_all_figures_of_a_row_rest_on_as_many_lines() -> None:
    """One interval that is too long to share its line with n sends every n to a line of its own."""
    wide = scored(
        lambda s: attrs.evolve(
            s,
            value=0.0123,
            status="ok",
            reason=None,
            n=1_234_567 if s.subject.id == "pay" else 5,
            interval=Interval(low=-0.0123, high=-0.0122, method="x"),
        )
    )
    lines = [words for words, _ in said(lane(plan(J.shoes(), wide), "scores")) if "=" in words]

    assert 20 == len(lines)
    assert [] == [words for words in lines if " · " in words]


@pytest.mark.parametrize(
    ("widths", "room", "rows"),
    [
        ([100.0, 100, 100, 100], 500.0, [4]),
        ([100.0, 100, 100, 100], 400.0, [2, 2]),
        ([100.0] * 7, 480.0, [4, 3]),
        ([300.0, 50, 50], 330.0, [1, 2]),
        ([900.0], 100.0, [1]),
        ([], 100.0, []),
    ],
)
def test_the_rows_of_the_legend_are_even(widths: list[float], room: float, rows: list[int]) -> None:
    """As few rows as can be, and no last row of a single sign where two rows could share."""
    assert rows == [row.stop - row.start for row in _evened(widths, room)]


def test_columns_are_equal_where_that_costs_little() -> None:
    """A few wide words widen every column; a single very long one does not."""
    titles = ["Terminbestätigung prüfen"] * 4 + ["Bezahlen"] * 2
    calm, odd = (
        [c.width for c in frame(sketch(named(own), None)).columns]
        for own in (titles, ["Bezahlen"] * 9 + ["Donaudampfschifffahrtsgesellschaft"])
    )

    assert 1 == len(set(calm))
    assert {160.0, 224.0} == set(odd)


def named(titles: list[str]) -> Journey:
    touchpoints = [Touchpoint(id=f"t{i}", title=title) for i, title in enumerate(titles)]
    return Journey(id="named", title="Named", language="de", stages=[Stage(id="s", title="S", touchpoints=touchpoints)])


def test_few_columns_are_wide() -> None:
    """Three touchpoints fill a page that is wider than it is tall, not a narrow strip."""
    drawn = plan(named(["a", "b", "c"]))

    assert 1136 == drawn.width
    assert drawn.height < drawn.width


def test_later_pages_do_not_repeat_what_the_map_is_about() -> None:
    """The scenario stands on the first page; title and number of the page on each."""
    journey = J.shoes()
    told = [[words for words, _ in said(page.marks)] for page in pages(journey, columns_per_page=5)]

    assert [1, 0] == [sum(journey.scenario in words for words in own) for own in told]
    assert [1, 1] == [sum(words == journey.title for words in own) for own in told]


@pytest.mark.parametrize(
    ("sizes", "most", "cut"), [((9, 32, 13, 3), 12, [9, 11, 11, 10, 7, 9]), ((10, 30, 2), 14, [10, 10, 10, 12])]
)
def test_a_long_stage_is_shared_out_evenly(sizes: tuple[int, ...], most: int, cut: list[int]) -> None:
    """Pages within one stage hold about as many columns each, whatever comes behind it."""
    stages = [
        Stage(id=f"s{k}", title="S", touchpoints=[Touchpoint(id=f"t{k}-{i}", title="T") for i in range(size)])
        for k, size in enumerate(sizes)
    ]
    whole = sketch(Journey(id="long", title="Long", stages=stages), None)

    assert cut == [len(page.cells) for page in paged(whole, most)]


def voices(count: int) -> Journey:
    """As many personas who feel nearly the same."""
    personas = [Persona(id=f"p{k}", name=f"Persona {k}") for k in range(count)]
    touchpoints = [
        Touchpoint(
            id=f"t{i}",
            title="T",
            emotions=[
                Emotion(valence=round(0.2 * k - 0.3 * i, 1), persona=p.id, label="calm") for k, p in enumerate(personas)
            ],
        )
        for i in range(3)
    ]
    return Journey(
        id="voices", title="Voices", personas=personas, stages=[Stage(id="s", title="S", touchpoints=touchpoints)]
    )


def test_the_figures_of_many_personas_are_a_table() -> None:
    """From three curves on every figure stands once, in its column and the row of its persona, named at the left."""
    drawn = plan(voices(4))
    figures = [(words, text) for words, text in said(lane(drawn, "emotion")) if "calm" in words]
    rows = sorted({text.y for _, text in figures})
    names = {words: text.y for words, text in said(drawn.marks) if words.startswith("Persona") and text.size == 12.5}

    assert 12 == len(figures)
    assert rows == sorted(names.values())
    assert ["0.0 calm", "−0.3 calm", "−0.6 calm"] == [words for words, text in figures if text.y == rows[0]]


def test_two_personas_keep_their_figures_at_their_points() -> None:
    """Two curves leave room enough."""
    found = [text.y for words, text in said(lane(plan(voices(2)), "emotion")) if "calm" in words]

    assert len(set(found)) > 2


def test_what_is_known_of_personas_starts_on_one_line() -> None:
    """Under each other, whatever their names; four of a few words stand in two columns."""
    people = [Persona(id=f"p{k}", name="N" * (3 + 4 * k), summary="Knows what to do") for k in range(4)]
    two, four = (
        [
            text
            for words, text in said(plan(attrs.evolve(J.shoes(), personas=people[:count])).marks)
            if words == "Knows what to do"
        ]
        for count in (2, 4)
    )

    assert (1, 2) == (len({text.x for text in two}), len({text.y for text in two}))
    assert (2, 2) == (len({text.x for text in four}), len({text.y for text in four}))


def test_stage_titles_without_goals_stand_in_the_middle() -> None:
    """A chevron that is tall for another's long title keeps its own title in its middle."""
    stages = [
        Stage(id=id, title=title, touchpoints=[Touchpoint(id=f"t-{id}", title="T")])
        for id, title in (
            ("a", "Short"),
            ("b", "A title of so many words that it takes three lines of its chevron at the very least"),
        )
    ]
    boxes = {
        words: text.box
        for words, text in said(plan(Journey(id="j", title="J", stages=stages)).marks)
        if text.weight == 700 and text.size == 16
    }
    short, long = boxes["Short"], next(box for words, box in boxes.items() if words != "Short")

    assert abs(short.y + short.height / 2 - long.y - long.height / 2) < 0.01


def test_the_map_beside_does_not_repeat_what_it_leaves_as_it_is() -> None:
    """A quote of both maps stands once, with "Unchanged" under it; one that changed stands in both rows."""
    journey = J.shoes()
    told = [words for words, _ in said(pages(journey, beside=J.better(journey))[0].marks)]
    kept, changed = journey["ad"].thoughts[0].text, journey["wait"].thoughts[0].text
    changed_to = J.better(journey)["wait"].thoughts[0].text

    assert [1, 1, 1] == [sum(text in words for words in told) for text in (kept, changed, changed_to)]
    assert told.count("Unchanged") > 10


def test_on_a_very_wide_map_what_belongs_together_is_seen_together() -> None:
    """The figures of the header and the source line stand where the reader of the title sees them."""
    journey = J.long(60)
    drawn = plan(journey, J.card(journey))
    at = {words: text.box for words, text in said(drawn.marks)}
    source = next(box for words, box in at.items() if words.startswith("Source"))

    assert drawn.width > 8000
    assert max(at["Evidence"].right, at["Line of visibility"].right, source.right) <= 3840
