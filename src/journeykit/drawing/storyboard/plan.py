"""Puts the panels on a page, in rows; the panels of a row share their heights."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Box, Circle, Group, Icon, Mark, Path, Rect, Rule, Scene
from journeykit.drawing.sheet import MARGIN, Key, foot, heading, page, short
from journeykit.drawing.storyboard.moving import moved
from journeykit.drawing.storyboard.person import mood, person
from journeykit.drawing.storyboard.tale import Tale, hero_of, tales
from journeykit.drawing.viewing import View, view
from journeykit.model import Journey, Persona
from journeykit.results import Scorecard

__all__ = ["plan"]

_GAP, _PAD, _PERSON = 24.0, 18.0, 132.0
_PAGES = {1: 880.0, 2: 1120.0, 3: 1400.0}


@frozen(kw_only=True)
class _Part:
    """The marks of one part of a panel, with nought as its top, and its height."""

    marks: tuple[Mark, ...]
    height: float


def plan(journey: Journey, scores: Scorecard | None = None, *, persona: str | None = None) -> Scene:
    """The scene of the storyboard, told through ``persona`` (an id; None: the first whose feelings are on the map).

    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey or the persona is
    unknown.
    """
    drawn = view(journey, scores)
    words = drawn.words
    hero, curve = hero_of(drawn, persona)
    told = tales(drawn, hero, curve)
    columns = 1 if len(told) <= 1 else 2 if len(told) in (2, 4) else 3
    width = _PAGES[columns]
    head, y = heading(drawn, width, words.text("story.title"), _facts(drawn, hero))
    marks: list[Mark] = [head]
    if not told:
        said = block(words.text("no-stages-yet"), MARGIN, y + 20, width - 2 * MARGIN, size=14, colour="muted")
        marks.append(said.text)
        y += 20 + said.height
    y += 24
    inner = (width - 2 * MARGIN - (columns - 1) * _GAP) / columns
    for start in range(0, len(told), columns):
        row, height = _row(drawn, told[start : start + columns], hero, inner, y, len(told))
        marks += row
        y += height + _GAP
    legend, bottom = foot(drawn, words, width, y, _keys(drawn, told))
    name = words.text("view.title", title=short(journey.title), view=words.text("story.title"))
    said_ = " ".join(
        [*(f"{fact.rstrip('.')}." for fact in _facts(drawn, hero)), *(_tell(drawn, tale) for tale in told)]
    )
    return page(drawn, width, bottom, (name, said_ or name), (*marks, legend))


def _facts(drawn: View, hero: Persona | None) -> list[str]:
    found = []
    if hero is not None:
        about = [hero.name, hero.summary or "", drawn.words.quoted(hero.quote) if hero.quote else ""]
        found.append(" · ".join(part for part in about if part))
        if hero.goals:
            found.append(f"{drawn.words.text('story.goals')}: {' · '.join(hero.goals)}")
    if drawn.journey.scenario:
        found.append(drawn.journey.scenario)
    return found


def _tell(drawn: View, tale: Tale) -> str:
    words = drawn.words
    parts = [f"{words.number(tale.number)}. {short(tale.stage.title, 120)}"]
    if tale.stage.goal:
        parts.append(short(tale.stage.goal, 160))
    known = tale.feeling is not None
    parts.append(
        words.text("tell.emotion", value=words.signed(tale.feeling or 0.0)) if known else words.text("story.no-feeling")
    )
    parts += [short(spot.touchpoint.title, 120) for spot in tale.spots]
    return words.text("comma").join(parts) + "."


def _row(
    drawn: View, row: tuple[Tale, ...], hero: Persona | None, width: float, top: float, total: int
) -> tuple[list[Mark], float]:
    """The panels of one row; what stands in the same place in each has the same height."""
    parts = [
        (
            _head(drawn, tale, width),
            _stage(drawn, tale, hero, width),
            _steps(drawn, tale, width),
            _pains(drawn, tale, width),
        )
        for tale in row
    ]
    heights = [max(part.height for part in column) for column in zip(*parts, strict=True)]
    height = sum(heights)
    marks: list[Mark] = []
    for place, (tale, own) in enumerate(zip(row, parts, strict=True)):
        x = MARGIN + place * (width + _GAP)
        panel: list[Mark] = [
            Rect(box=Box(x=x, y=top, width=width, height=height), radius=14, fill="card", stroke="edge")
        ]
        panel.append(_banner(Box(x=x, y=top, width=width, height=heights[0]), _tone(tale.number - 1, total)))
        panel.append(Rect(box=Box(x=x + 0.5, y=top + heights[0], width=width - 1, height=heights[1]), fill="band"))
        y = top
        for part, tall in zip(own, heights, strict=True):
            shift = (tall - part.height) / 2 if part is own[0] else tall - part.height if part is own[1] else 0.0
            panel += [moved(mark, x, y + shift) for mark in part.marks]
            y += tall
        if place < len(row) - 1:
            panel.append(_arrow(x + width + _GAP / 2, top + heights[0] + heights[1] / 2))
        marks.append(Group(kind="panel", name=tale.stage.id, title=tale.stage.title, marks=tuple(panel)))
    return marks, height


def _tone(index: int, total: int) -> str:
    return f"stage{1 + (4 * index // (total - 1) if total > 1 else 0)}"


def _banner(box: Box, fill: str) -> Path:
    """The head of a panel, round at its upper corners."""
    r = 14.0
    return Path(
        commands=(
            ("M", (box.x, box.bottom)),
            ("L", (box.x, box.y + r)),
            ("Q", (box.x, box.y, box.x + r, box.y)),
            ("L", (box.right - r, box.y)),
            ("Q", (box.right, box.y, box.right, box.y + r)),
            ("L", (box.right, box.bottom)),
            ("Z", ()),
        ),
        fill=fill,
    )


def _arrow(x: float, y: float) -> Path:
    return Path(commands=(("M", (x - 4, y - 9)), ("L", (x + 5, y)), ("L", (x - 4, y + 9))), stroke="subtle", width=3)


def _head(drawn: View, tale: Tale, width: float) -> _Part:
    number = drawn.words.number(tale.number)
    room = width - 2 * _PAD - 42
    title = block(tale.stage.title, _PAD + 42, 14, room, size=17, weight=700, colour="onstage", most=3)
    goal = block(tale.stage.goal or "", _PAD + 42, 15 + title.height, room, size=13, colour="onstage2", most=4)
    height = max(58.0, 15 + title.height + goal.height + 13)
    middle = height / 2
    badge = block(number, _PAD, middle - 10, 30, size=15, weight=700, colour="onstage", align="middle", most=1)
    ring = Circle(x=_PAD + 15, y=middle, r=16, stroke="onstage", width=1.8)
    texts = (title.text, goal.text) if tale.stage.goal else (title.text,)
    return _Part(marks=(ring, badge.text, *texts), height=height)


def _stage(drawn: View, tale: Tale, hero: Persona | None, width: float) -> _Part:
    """The person, how they feel, and what they say."""
    words = drawn.words
    if tale.feeling is None:
        feeling, ink = words.text("story.no-feeling"), "subtle"
    else:
        feeling = f"{words.signed(tale.feeling)} {words.text(f'valence.{round(tale.feeling)}')}"
        ink = {1: "pos", 0: "muted", -1: "neg"}[mood(tale.feeling)]
    said = block(feeling, _PAD - 8, 0, _PERSON + 4, size=13, weight=700, colour=ink, align="middle", most=2)
    left, room = _PAD + _PERSON + 22, width - _PAD - 14 - (_PAD + _PERSON + 22)
    quote = block(words.quoted(tale.quote), left, 0, room, size=14, italic=True, most=7) if tale.quote else None
    bubble = quote.height + 26 if quote else 0.0
    height = max(said.height + 12 + 126, bubble + 44)
    marks: list[Mark] = [
        block(feeling, _PAD - 8, 12, _PERSON + 4, size=13, weight=700, colour=ink, align="middle", most=2).text
    ]
    marks += person(
        _PAD - 8 + (_PERSON + 4) / 2, height, tale.feeling, hero.name if hero else None, assumed=tale.assumed
    )
    if quote and tale.quote:
        top = (height - bubble) / 2 - 4
        box = Box(x=left - 16, y=top, width=width - 14 - (left - 16), height=bubble)
        tip = min(box.bottom - 16, max(box.y + 26, height - 84))
        marks += _bubble(box, tip)
        marks.append(block(words.quoted(tale.quote), left, top + 13, room, size=14, italic=True, most=7).text)
    return _Part(marks=tuple(marks), height=height)


def _bubble(box: Box, tip: float) -> list[Mark]:
    """What is said, with a tip that points at the person."""
    point = (("M", (box.x + 1, tip - 9)), ("L", (box.x - 13, tip + 4)), ("L", (box.x + 1, tip + 9)))
    return [
        Rect(box=box, radius=12, fill="card", stroke="edge"),
        Path(commands=(*point, ("Z", ())), fill="card"),
        Path(commands=point, stroke="edge"),
    ]


def _steps(drawn: View, tale: Tale, width: float) -> _Part:
    """The touchpoints, each with the sign of its channel."""
    marks: list[Mark] = []
    y = 16.0
    if not tale.spots:
        none = block(drawn.words.text("no-touchpoint-yet"), _PAD, y, width - 2 * _PAD, size=13, colour="subtle")
        return _Part(marks=(none.text,), height=y + none.height + 12)
    room = width - 2 * _PAD - 42
    for spot in tale.spots:
        touchpoint = spot.touchpoint
        title = block(touchpoint.title, _PAD + 42, y, room, size=13.5, weight=600, most=5)
        about: list[Block] = []
        bottom = y + title.height
        if touchpoint.channels:
            names = drawn.words.text("comma").join(touchpoint.channels)
            about.append(block(names, _PAD + 42, bottom, room, size=12, colour="subtle", most=2))
            bottom += about[-1].height
        icon = icon_for(touchpoint.channels[0]) if touchpoint.channels else "neutral"
        marks += [Circle(x=_PAD + 15, y=y + 15, r=15, fill="chip"), Icon(name=icon, x=_PAD + 5, y=y + 5)]
        marks += [title.text, *(line.text for line in about)]
        if touchpoint.moment:
            name = drawn.words.text("moment-of-truth")
            star = block(name, _PAD + 64, bottom + 2, room - 22, size=12, weight=600, colour="moment", most=1)
            marks += [Icon(name="star", x=_PAD + 42, y=bottom + 2, size=16, stroke="moment", width=2.0), star.text]
            bottom += 20
        y = max(bottom, y + 30) + 10
    return _Part(marks=tuple(marks), height=y + 2)


def _pains(drawn: View, tale: Tale, width: float) -> _Part:
    """The worst pains, with their severity as bars and as a word."""
    if not tale.pains:
        return _Part(marks=(), height=4.0)
    words = drawn.words
    marks: list[Mark] = [Rule(x1=_PAD, y1=0, x2=width - _PAD, y2=0, stroke="line")]
    title = block(words.text("lane.pains"), _PAD, 12, width - 2 * _PAD, size=12.5, weight=700, colour="muted", most=1)
    marks.append(title.text)
    y = 12 + title.height + 5
    for pain in tale.pains:
        for place in range(3):
            bar = Box(x=_PAD + 0.5 + 13 * place, y=y + 5, width=10, height=7)
            marks.append(Rect(box=bar, radius=2, fill="neg" if place < pain.severity else None, stroke="neg"))
        level = block(
            words.text(f"severity.{pain.severity}"), _PAD + 46, y, 110, size=12, weight=600, colour="neg", most=1
        )
        said = block(pain.text, _PAD, y + level.height + 1, width - 2 * _PAD, size=13, most=4)
        marks += [level.text, said.text]
        y += level.height + said.height + 8
    if tale.more:
        left = words.text("story.more-pains", n=tale.more)
        more = block(left, _PAD, y - 2, width - 2 * _PAD, size=12, colour="subtle", most=1)
        marks.append(more.text)
        y += more.height
    return _Part(marks=tuple(marks), height=y + 8)


def _keys(drawn: View, told: tuple[Tale, ...]) -> list[Key]:
    words = drawn.words
    keys = []
    if any(tale.feeling is not None for tale in told):
        keys.append(Key(width=22, draw=_face, words=words.text("story.mean")))
    if any(tale.assumed for tale in told):
        keys.append(Key(width=22, draw=_ring, words=words.text("legend.assumed")))
    return keys


def _face(x: float, y: float) -> tuple[Mark, ...]:
    smile = (("M", (x + 7, y + 2.5)), ("Q", (x + 11, y + 6.5, x + 15, y + 2.5)))
    eyes = (Circle(x=x + at, y=y - 2, r=1.2, fill="muted") for at in (8, 14))
    return (
        Circle(x=x + 11, y=y, r=9, fill="card", stroke="muted", width=2),
        *eyes,
        Path(commands=smile, stroke="muted", width=1.6),
    )


def _ring(x: float, y: float) -> tuple[Mark, ...]:
    return (Circle(x=x + 11, y=y, r=9, fill="card", stroke="muted", width=2, dash="4 3"),)
