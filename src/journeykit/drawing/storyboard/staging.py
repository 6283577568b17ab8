"""The scene of a panel: the person with the feeling of the moment, what they say, and where they are."""

from __future__ import annotations

from math import copysign, floor

from attrs import frozen

from journeykit.drawing.blocks import block
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Box, Circle, Icon, Mark, Path, Rect
from journeykit.drawing.storyboard.moving import moved
from journeykit.drawing.storyboard.person import INKS, mood, person
from journeykit.drawing.storyboard.tale import Tale
from journeykit.drawing.viewing import View
from journeykit.model import Persona

__all__ = ["PAD", "Part", "backdrop", "scene"]

PAD = 18.0
"""The room between a panel's edge and what stands in it."""

_PERSON = 132.0
_LEAST_BUBBLE, _PROP = 120.0, 26.0


@frozen(kw_only=True)
class Part:
    """The marks of one part of a panel, with nought as its top, and its height."""

    marks: tuple[Mark, ...]
    height: float


def backdrop(tale: Tale) -> str:
    """The role of the colour behind the scene: that of its mood."""
    felt = tale.felt
    return {1: "posbg", 0: "band", -1: "negbg"}[mood(felt.valence if felt else 0.0)]


def scene(drawn: View, tale: Tale, hero: Persona | None, width: float) -> Part:
    """The person at one side, their words in a bubble at the other, and beneath it the channel they are in."""
    words, felt = drawn.words, tale.felt
    if felt is None:
        feeling, ink = words.text("story.no-feeling"), "subtle"
    else:
        feeling = f"{words.signed(felt.valence)} {words.text(f'valence.{_named(felt.valence)}')}"
        ink = INKS[mood(felt.valence)]
    left = PAD + _PERSON + 22
    room = width - PAD - 14 - left
    place = _place(tale, left - 16, room + 16)
    said = block(feeling, PAD - 8, 12, _PERSON + 4, size=13, weight=700, colour=ink, align="middle", most=2)
    quote = block(words.quoted(tale.quote), left, 0, room, size=14.5, italic=True, most=7) if tale.quote else None
    bubble = quote.height + 26 if quote else 0.0
    right = (bubble + 14 if quote else 0.0) + (place.height if place else 0.0)
    height = max(said.height + 12 + 126, right + 32)
    felt_there = felt.valence if felt else None
    x = PAD - 8 + (_PERSON + 4) / 2
    marks: list[Mark] = [said.text]
    marks += person(x, height, felt_there, hero.name if hero else None, assumed=felt.assumed if felt else False)
    # What is said starts at the height of the face; without words the channel takes its place.
    y = max(16.0, (height - right) / 2)
    if quote and tale.quote:
        box = Box(x=left - 16, y=y, width=max(_LEAST_BUBBLE, quote.width + 32), height=bubble)
        marks += _bubble(box, min(box.bottom - 16, max(box.y + 26, height - 84)))
        marks.append(block(words.quoted(tale.quote), left, y + 13, room, size=14.5, italic=True, most=7).text)
        y += bubble + 14
    if place:
        marks += [moved(mark, 0.0, y) for mark in place.marks]
    return Part(marks=tuple(marks), height=height)


def _named(valence: float) -> int:
    """The nearest of the five feelings that have a name; half a point is no longer neutral, as everywhere (`mood`)."""
    return int(copysign(floor(abs(valence) + 0.5), valence))


def _place(tale: Tale, x: float, width: float) -> Part | None:
    """The channel of the scene, as a sign and by name; None where nothing says where it plays."""
    spot = tale.spots[tale.scene] if tale.scene is not None else None
    if spot is None or not spot.touchpoint.channels:
        return None
    channel, r = spot.touchpoint.channels[0], _PROP
    start, room = x + 2 * r + 12, width - 2 * r - 14
    name = block(channel, start, 0, room, size=13, weight=600, most=2)
    height = max(2 * r, name.height)
    name = block(channel, start, (height - name.height) / 2, room, size=13, weight=600, most=2)
    ring = Circle(x=x + r, y=height / 2, r=r, fill="card", stroke="edge")
    sign = Icon(name=icon_for(channel), x=x + r - 15, y=height / 2 - 15, size=30)
    return Part(marks=(ring, sign, name.text), height=height)


def _bubble(box: Box, tip: float) -> list[Mark]:
    """What is said, with a tip that points at the person."""
    point = (("M", (box.x + 1, tip - 9)), ("L", (box.x - 13, tip + 4)), ("L", (box.x + 1, tip + 9)))
    return [
        Rect(box=box, radius=12, fill="card", stroke="edge"),
        Path(commands=(*point, ("Z", ())), fill="card"),
        Path(commands=point, stroke="edge"),
    ]
