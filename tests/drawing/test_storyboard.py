"""Whose story the storyboard tells, and what each panel holds."""

from __future__ import annotations

import pytest

from journeykit.drawing.scene import Group, texts
from journeykit.drawing.storyboard import plan
from journeykit.drawing.storyboard.person import mood
from journeykit.drawing.storyboard.tale import hero_of, tales
from journeykit.drawing.viewing import view
from journeykit.errors import ArgumentError
from journeykit.model import Emotion, Journey, Pain, Persona, Stage, Thought, Touchpoint

JOURNEY = Journey(
    id="j",
    title="J",
    personas=[Persona(id="ann", name="Ann"), Persona(id="bob", name="Bob")],
    stages=[
        Stage(
            id="one",
            title="One",
            touchpoints=[
                Touchpoint(
                    id="a",
                    title="A",
                    emotions=[Emotion(valence=1, persona="bob"), Emotion(valence=-1, persona="ann", basis="assumed")],
                    thoughts=[Thought(text="Fine."), Thought(text="Bob's only.", persona="bob")],
                    pains=[Pain(text="small", severity=1), Pain(text="Ann's", severity=3, persona="ann")],
                ),
                Touchpoint(
                    id="b",
                    title="B",
                    emotions=[Emotion(valence=-2)],
                    thoughts=[Thought(text="Terrible!")],
                    pains=[Pain(text="big", severity=3), Pain(text="middling"), Pain(text="middling too")],
                ),
            ],
        ),
        Stage(id="two", title="Two"),
    ],
)


Panel = tuple[list[float | None], int | None, str | None, list[str], int]


def told(persona: str | None) -> tuple[str | None, list[Panel]]:
    seen = view(JOURNEY, None)
    hero, curve = hero_of(seen, persona)
    return hero.id if hero else None, [
        (
            [point.valence if point else None for point in tale.points],
            tale.scene,
            tale.quote,
            [pain.text for pain in tale.pains],
            tale.more,
        )
        for tale in tales(seen, hero, curve)
    ]


def test_the_story_is_told_through_one_person() -> None:
    """Bob's panels hold his feelings and everyone's, not Ann's; the scene is where the feeling is strongest."""
    bob = ([1, -2], 1, "Terrible!", ["big", "middling", "middling too"], 1)

    assert ("bob", [bob, ([], None, None, [], 0)]) == told("bob")


def test_without_a_choice_the_first_with_feelings_is_the_hero() -> None:
    """The hero is the first persona whose feelings are on the map; the worst pains come first, the rest is counted."""
    ann = ([-1, -2], 1, "Terrible!", ["Ann's", "big", "middling"], 2)

    assert ("ann", [ann, ([], None, None, [], 0)]) == told(None)


def panel(*feelings: tuple[float | None, str | None]) -> Journey:
    touchpoints = [
        Touchpoint(
            id=f"t{i}",
            title="T",
            emotions=[] if valence is None else [Emotion(valence=valence)],
            thoughts=[Thought(text=text)] if text else [],
        )
        for i, (valence, text) in enumerate(feelings)
    ]
    return Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=touchpoints)])


def test_no_mean_hides_a_low() -> None:
    """Delight and anger in one panel are both there: the face is that of what is said, and every touchpoint has its own."""
    journey = panel((1.5, None), (-1.6, "Late!"), (0.2, "Hm."))
    (tale,) = tales(view(journey, None), *hero_of(view(journey, None), None))
    said = [line.text for text in texts(plan(journey).marks) for line in text.lines]

    assert -1.6 == (tale.felt.valence if tale.felt else None)
    assert all(words in said for words in ("+1.5", "\N{MINUS SIGN}1.6", "+0.2", "Peak", "Lowest point"))


def test_a_scene_without_a_feeling_of_its_own_shows_the_strongest_one() -> None:
    """What is said chooses the scene; where nothing is felt there, the face is that of the strongest feeling."""
    journey = panel((0.4, None), (None, "Here I am."), (-1, None))
    (tale,) = tales(view(journey, None), *hero_of(view(journey, None), None))

    assert (1, -1) == (tale.scene, tale.felt.valence if tale.felt else None)


@pytest.mark.parametrize(
    ("panels", "rows"), [(1, [1]), (2, [2]), (3, [3]), (4, [2, 2]), (5, [3, 2]), (7, [3, 2, 2]), (8, [3, 3, 2])]
)
def test_no_row_has_an_empty_place(panels: int, rows: list[int]) -> None:
    """Panels fill the page from edge to edge, three in a row at most."""
    stages = [Stage(id=f"s{i}", title="S") for i in range(panels)]
    scene = plan(Journey(id="j", title="J", stages=stages))
    boxes = [g.marks[0].box for g in scene.marks if isinstance(g, Group) and g.kind == "panel"]  # type: ignore[union-attr]
    tops = sorted({box.y for box in boxes})

    assert rows == [sum(box.y == top for box in boxes) for top in tops]
    assert [scene.width - 32] * len(rows) == [max(box.right for box in boxes if box.y == top) for top in tops]


def test_a_panel_without_feelings_says_so() -> None:
    """No face is made up."""
    said = [line.text for text in texts(plan(JOURNEY).marks) for line in text.lines]

    assert "no feeling named" in said
    assert "and 2 more" in said


def test_an_unknown_persona_is_named() -> None:
    """The caller is told who there is."""
    with pytest.raises(ArgumentError, match="no persona 'zoe' in journey 'j'; it has ann, bob"):
        plan(JOURNEY, persona="zoe")


def test_moods_are_told_as_everywhere() -> None:
    """Half a point around neutral is neutral."""
    assert [-1, 0, 0, 0, 1] == [mood(valence) for valence in (-0.5, -0.49, 0.0, 0.49, 0.5)]


@pytest.mark.parametrize(("valence", "word"), [(0.4, "Neutral"), (0.5, "Happy"), (-0.5, "Unhappy"), (1.5, "Delighted")])
def test_the_word_of_a_feeling_is_that_of_its_face(valence: float, word: str) -> None:
    """A face that is no longer neutral is not called so."""
    said = [line.text for text in texts(plan(panel((valence, "Hm."))).marks) for line in text.lines]

    assert any(text.endswith(word) and text[0] in "+\N{MINUS SIGN}" for text in said)
