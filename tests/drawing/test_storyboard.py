"""Whose story the storyboard tells, and what each panel holds."""

from __future__ import annotations

import pytest

from journeykit.drawing.scene import texts
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


def told(persona: str | None) -> tuple[str | None, list[tuple[float | None, bool, str | None, list[str], int]]]:
    seen = view(JOURNEY, None)
    hero, curve = hero_of(seen, persona)
    found = tales(seen, hero, curve)
    return hero.id if hero else None, [
        (tale.feeling, tale.assumed, tale.quote, [pain.text for pain in tale.pains], tale.more) for tale in found
    ]


def test_the_story_is_told_through_one_person() -> None:
    """Bob's panels hold his feelings and everyone's, not Ann's; the quote is the one of the strongest feeling."""
    bob = (-0.5, False, "Terrible!", ["big", "middling", "middling too"], 1)

    assert ("bob", [bob, (None, False, None, [], 0)]) == told("bob")


def test_without_a_choice_the_first_with_feelings_is_the_hero() -> None:
    """The hero is the first persona whose feelings are on the map; the worst pains come first, the rest is counted."""
    ann = (-1.5, False, "Terrible!", ["Ann's", "big", "middling"], 2)

    assert ("ann", [ann, (None, False, None, [], 0)]) == told(None)


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
