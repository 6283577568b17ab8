"""What every single-view picture has around it: a title, a legend and the line that says where the figures come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

from journeykit.drawing.blocks import block, span
from journeykit.drawing.scene import Box, Clip, Group, Mark, Rect, Rule, Scene, mirrored
from journeykit.drawing.text import collapse
from journeykit.drawing.viewing import View
from journeykit.drawing.wording import Wording

__all__ = ["MARGIN", "Draw", "Key", "foot", "heading", "page", "short", "source"]

Draw = Callable[[float, float], tuple[Mark, ...]]

MARGIN = 32.0
_ROW = 28.0


def short(text: str, most: int = 400) -> str:
    """The text as a description says it: white space collapsed, cut where nobody would follow."""
    text = collapse(text[: 4 * most])
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def heading(drawn: View, width: float, view: str, facts: Sequence[str]) -> tuple[Group, float]:
    """The journey's title, what this view is, and its facts in one line or more; and the y below them."""
    full = width - 2 * MARGIN
    title = block(drawn.journey.title, MARGIN, 31, full, size=30, weight=700, most=3)
    name = block(view, MARGIN, 31 + title.height + 4, full, size=16, weight=600, colour="accent", most=2)
    marks: list[Mark] = [title.text, name.text]
    y = 31 + title.height + 4 + name.height
    for fact in facts:
        line = block(fact, MARGIN, y + 4, full, size=13.5, colour="muted", most=4)
        marks.append(line.text)
        y += 4 + line.height
    return Group(kind="header", marks=tuple(marks)), y


@frozen(kw_only=True)
class Key:
    """A sign of the legend: how wide it is, how it is drawn around a middle line, and its words."""

    width: float
    draw: Draw
    words: str


def foot(drawn: View, words: Wording, width: float, top: float, keys: Sequence[Key]) -> tuple[Group, float]:
    """The legend in as many rows as it needs, the source line, and the y below them."""
    right = width - MARGIN
    marks: list[Mark] = [Rule(x1=MARGIN, y1=top, x2=right, y2=top, stroke="line")]
    y = top + 24
    if keys:
        name = block(words.text("legend"), MARGIN, y - 8, 120, size=12.5, weight=600, most=1)
        marks.append(name.text)
        x = indent = MARGIN + name.width + 24
        for key in keys:
            room = min(span(key.words, 12.5) + 0.5, right - indent - key.width - 8)
            if x > indent and x + key.width + 8 + room > right:
                x, y = indent, y + _ROW
            said = block(key.words, x + key.width + 8, y - 8, room, size=12.5, colour="muted", most=3)
            marks += [*key.draw(x, y), said.text]
            y += max(0.0, said.height - 16.5)
            x += key.width + 8 + room + 24
        y += _ROW - 4
    line = block(source(drawn, words), MARGIN, y - 8, right - MARGIN, size=12, colour="subtle", most=6)
    marks.append(line.text)
    return Group(kind="legend", marks=tuple(marks)), y - 8 + line.height + 18


def page(
    drawn: View, width: float, height: float, told: tuple[str, str], marks: Sequence[Mark], clips: Sequence[Clip] = ()
) -> Scene:
    """The scene on its ground, mirrored for right-to-left languages; ``told`` are its title and its description."""
    ground = Rect(box=Box(x=0, y=0, width=width, height=height), fill="bg")
    scene = Scene(
        id=drawn.journey.id,
        width=width,
        height=height,
        title=told[0],
        description=told[1],
        language=drawn.journey.language,
        marks=(Group(kind="ground", decorative=True, marks=(ground,)), *marks),
        clips=tuple(clips),
    )
    return mirrored(scene) if drawn.backwards else scene


def source(drawn: View, words: Wording) -> str:
    """Where the figures come from, in one sentence or two."""
    coverage, journey = drawn.coverage, drawn.journey
    if coverage is None:
        parts = [words.text("source.none")]
    else:
        said = words.evidence(coverage)
        if coverage.first and coverage.last:
            first, last = words.day(coverage.first), words.day(coverage.last)
            span = (
                words.text("source.day", day=first)
                if first == last
                else words.text("source.span", first=first, last=last)
            )
            said = f"{said} · {span}"
        parts = [said]
    if journey.version:
        parts.append(words.text("source.version", version=short(journey.version, 60)))
    if journey.reviewed:
        parts.append(words.text("source.reviewed", day=words.day(journey.reviewed)))
    return " · ".join(parts)
