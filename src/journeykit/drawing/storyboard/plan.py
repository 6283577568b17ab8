"""Puts the panels on a page, in rows; the panels of a row share their heights."""

from __future__ import annotations

from journeykit.drawing.blocks import Block, block, span
from journeykit.drawing.feelings import Point
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Box, Circle, Group, Icon, Mark, Path, Rect, Rule, Scene
from journeykit.drawing.sheet import MARGIN, Draw, Key, foot, heading, page, short
from journeykit.drawing.storyboard.moving import moved
from journeykit.drawing.storyboard.person import INKS, face, mood
from journeykit.drawing.storyboard.staging import PAD, Part, backdrop, scene
from journeykit.drawing.storyboard.tale import Ends, Tale, extremes, hero_of, tales
from journeykit.drawing.viewing import View, view
from journeykit.model import Journey, Persona
from journeykit.results import Scorecard

__all__ = ["plan"]

_GAP = 24.0
_PAGES = {1: 880.0, 2: 1120.0, 3: 1400.0}


def plan(journey: Journey, scores: Scorecard | None = None, *, persona: str | None = None) -> Scene:
    """The scene of the storyboard, told through ``persona`` (an id; None: the first whose feelings are on the map).

    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey or the persona is
    unknown.
    """
    drawn = view(journey, scores)
    words = drawn.words
    hero, curve = hero_of(drawn, persona)
    told = tales(drawn, hero, curve)
    rows = _rows(len(told))
    width = _PAGES[max(rows, default=1)]
    head, y = heading(drawn, width, words.text("story.title"), _facts(drawn, hero))
    marks: list[Mark] = [head]
    if not told:
        said = block(words.text("no-stages-yet"), MARGIN, y + 20, width - 2 * MARGIN, size=14, colour="muted")
        marks.append(said.text)
        y += 20 + said.height
    y += 24
    ends = extremes(told)
    start = 0
    for columns in rows:
        inner = (width - 2 * MARGIN - (columns - 1) * _GAP) / columns
        row, height = _row(drawn, told[start : start + columns], (hero, ends), inner, y, len(told))
        marks += row
        start += columns
        y += height + _GAP
    legend, bottom = foot(drawn, words, width, y, _keys(drawn, told))
    name = words.text("view.title", title=short(journey.title), view=words.text("story.title"))
    said_ = " ".join(
        [*(f"{fact.rstrip('.')}." for fact in _facts(drawn, hero)), *(_tell(drawn, tale) for tale in told)]
    )
    return page(drawn, width, bottom, (name, said_ or name), (*marks, legend))


def _rows(panels: int) -> list[int]:
    """How many panels stand in each row: at most three, nearly as many in each, and never a gap at the end."""
    rows = -(-panels // 3)
    return [panels // rows + (row < panels % rows) for row in range(rows)]


def _facts(drawn: View, hero: Persona | None) -> list[str]:
    found = []
    if hero is not None:
        about = [hero.name, hero.summary or "", drawn.words.quoted(hero.quote) if hero.quote else ""]
        found.append(" · ".join(part for part in about if part))
        if hero.goals:
            goals = " · ".join(hero.goals)
            found.append(drawn.words.text("score.with-reason", status=drawn.words.text("story.goals"), reason=goals))
    if drawn.journey.scenario:
        found.append(drawn.journey.scenario)
    return found


def _tell(drawn: View, tale: Tale) -> str:
    words = drawn.words
    parts = [f"{words.number(tale.number)}. {short(tale.stage.title, 120)}"]
    if tale.stage.goal:
        parts.append(short(tale.stage.goal, 160))
    for spot, point in zip(tale.spots, tale.points, strict=True):
        said = (
            words.text("tell.emotion", value=words.signed(point.valence)) if point else words.text("story.no-feeling")
        )
        parts.append(words.text("tell.with", what=short(spot.touchpoint.title, 120), detail=said))
    return words.text("comma").join(parts) + "."


def _row(
    drawn: View, row: tuple[Tale, ...], who: tuple[Persona | None, Ends], width: float, top: float, total: int
) -> tuple[list[Mark], float]:
    """The panels of one row; what stands in the same place in each has the same height."""
    parts = [
        (
            _head(drawn, tale, width),
            scene(drawn, tale, who[0], width),
            _steps(drawn, tale, who[1], width),
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
        ground = Box(x=x + 0.5, y=top + heights[0], width=width - 1, height=heights[1])
        panel.append(Rect(box=ground, fill=backdrop(tale)))
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


def _head(drawn: View, tale: Tale, width: float) -> Part:
    number = drawn.words.number(tale.number)
    room = width - 2 * PAD - 42
    title = block(tale.stage.title, PAD + 42, 14, room, size=17, weight=700, colour="onstage", most=3)
    goal = block(tale.stage.goal or "", PAD + 42, 15 + title.height, room, size=13, colour="onstage2", most=4)
    height = max(58.0, 15 + title.height + goal.height + 13)
    middle = height / 2
    badge = block(number, PAD, middle - 10, 30, size=15, weight=700, colour="onstage", align="middle", most=1)
    ring = Circle(x=PAD + 15, y=middle, r=16, stroke="onstage", width=1.8)
    texts = (title.text, goal.text) if tale.stage.goal else (title.text,)
    return Part(marks=(ring, badge.text, *texts), height=height)


def _steps(drawn: View, tale: Tale, ends: Ends, width: float) -> Part:
    """The touchpoints, each with the sign of its channel and the feeling there."""
    marks: list[Mark] = []
    y = 16.0
    if not tale.spots:
        none = block(drawn.words.text("no-touchpoint-yet"), PAD, y, width - 2 * PAD, size=13, colour="subtle")
        return Part(marks=(none.text,), height=y + none.height + 12)
    tags = [_tag(drawn, point, ends) for point in tale.points]
    side = max((28.0 + 44 if point else 0.0 for point in tale.points), default=0.0)
    side = max(side, max((span(tag, 12, 600) for tag in tags), default=0.0)) + (12 if side else 0)
    room = width - 2 * PAD - 42 - side
    for spot, point, tag in zip(tale.spots, tale.points, tags, strict=True):
        touchpoint = spot.touchpoint
        title = block(touchpoint.title, PAD + 42, y, room, size=13.5, weight=600, most=5)
        about: list[Block] = []
        bottom = y + title.height
        if touchpoint.channels:
            names = drawn.words.text("comma").join(touchpoint.channels)
            about.append(block(names, PAD + 42, bottom, room, size=12, colour="subtle", most=2))
            bottom += about[-1].height
        icon = icon_for(touchpoint.channels[0]) if touchpoint.channels else "neutral"
        marks += [Circle(x=PAD + 15, y=y + 15, r=15, fill="chip"), Icon(name=icon, x=PAD + 5, y=y + 5)]
        marks += [title.text, *(line.text for line in about)]
        if touchpoint.moment:
            name = drawn.words.text("moment-of-truth")
            star = block(name, PAD + 64, bottom + 2, room - 22, size=12, weight=600, colour="moment", most=1)
            marks += [Icon(name="star", x=PAD + 42, y=bottom + 2, size=16, stroke="moment", width=2.0), star.text]
            bottom += 20
        if point:
            marks += _feeling(drawn, point, tag, width - PAD, y)
        y = max(bottom, y + (42 if tag else 30)) + 10
    return Part(marks=tuple(marks), height=y + 2)


def _tag(drawn: View, point: Point | None, ends: Ends) -> str:
    """The words for the best and the worst moment of the whole story."""
    if point is not None and point == ends.peak:
        return drawn.words.text("peak")
    return drawn.words.text("lowest-point") if point is not None and point == ends.lowest else ""


def _feeling(drawn: View, point: Point, tag: str, right: float, y: float) -> list[Mark]:
    """A small face, its figure, and beneath what it is the height or the depth of."""
    ink = INKS[mood(point.valence)]
    value = drawn.words.signed(point.valence)
    figure = block(value, right - 28 - 44, y + 2, 44, size=13, weight=700, colour=ink, align="right", most=1)
    marks = [*face(right - 12, y + 11, 10.5, point.valence, assumed=point.assumed), figure.text]
    if tag:
        room = span(tag, 12, 600) + 0.01
        said = block(tag, right - room, y + 24, room, size=12, weight=600, colour=ink, align="right", most=1)
        marks.append(said.text)
    return marks


def _pains(drawn: View, tale: Tale, width: float) -> Part:
    """The worst pains, with their severity as bars and as a word."""
    if not tale.pains:
        return Part(marks=(), height=4.0)
    words = drawn.words
    marks: list[Mark] = [Rule(x1=PAD, y1=0, x2=width - PAD, y2=0, stroke="line")]
    title = block(words.text("lane.pains"), PAD, 12, width - 2 * PAD, size=12.5, weight=700, colour="muted", most=1)
    marks.append(title.text)
    y = 12 + title.height + 5
    for pain in tale.pains:
        for place in range(3):
            bar = Box(x=PAD + 0.5 + 13 * place, y=y + 5, width=10, height=7)
            marks.append(Rect(box=bar, radius=2, fill="neg" if place < pain.severity else None, stroke="neg"))
        level = block(
            words.text(f"severity.{pain.severity}"), PAD + 46, y, 110, size=12, weight=600, colour="neg", most=1
        )
        said = block(pain.text, PAD, y + level.height + 1, width - 2 * PAD, size=13, most=4)
        marks += [level.text, said.text]
        y += level.height + said.height + 8
    if tale.more:
        left = words.text("story.more-pains", n=tale.more)
        more = block(left, PAD, y - 2, width - 2 * PAD, size=12, colour="subtle", most=1)
        marks.append(more.text)
        y += more.height
    return Part(marks=tuple(marks), height=y + 8)


def _keys(drawn: View, told: tuple[Tale, ...]) -> list[Key]:
    words = drawn.words
    known = [point for tale in told for point in tale.points if point is not None]
    keys = []
    if known:
        keys.append(Key(width=22, draw=_sign(assumed=False), words=words.text("story.feeling")))
    if any(point.assumed for point in known):
        keys.append(Key(width=22, draw=_sign(assumed=True), words=words.text("legend.assumed")))
    return keys


def _sign(*, assumed: bool) -> Draw:
    return lambda x, y: tuple(face(x + 11, y, 9.5, 0.0, assumed=assumed))
