"""The names of the points: beside them where there is room, else their number alone, and never on each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.curve import Point
from journeykit.drawing.matrix.dots import Dot
from journeykit.drawing.placing import Surroundings, place
from journeykit.drawing.scene import Box, Mark, Rule
from journeykit.drawing.viewing import View

__all__ = ["labels"]

_WIDTH, _REACH, _FAR, _BESIDE = 132.0, 9.0, 22.0, 8.5
# Above this a label would stand on another one or on a point (`journeykit.drawing.placing`).
_TAKEN = 5_000.0
_MANY = 26


def labels(
    drawn: View, found: Sequence[Dot], at: Sequence[Point], plot: Box, there: tuple[Sequence[Box], Sequence[Rule]]
) -> list[Mark]:
    """Texts, and thin lines to those that stand away from their point; ``there`` are the words and the lines of the plot.

    The points at the rim choose first.
    """
    taken, rules = there
    lines = [place_ for rule in rules for place_ in _along(rule)]
    room = Box(x=plot.x + 4, y=plot.y + 4, width=plot.width - 8, height=plot.height - 8)
    markers = [Box(x=x - 8, y=y - 8, width=16, height=16) for x, y in at]
    done: list[Box] = list(taken)
    marks: list[Mark] = []
    middle = plot.x + plot.width / 2, plot.y + plot.height / 2
    order = sorted(
        range(len(found)), key=lambda i: (-round(abs(at[i][0] - middle[0]) + abs(at[i][1] - middle[1]), 3), i)
    )
    for index in order:
        x, y = at[index]
        around = Surroundings(room=room, labels=done, markers=markers, lines=lines)
        for words in _ways(drawn, found[index], many=len(found) > _MANY):
            size = words.width + 4, words.height
            box = _corner(size, (x, y), around)
            cost = 0.0
            if box is None:
                box, cost = place(size, (x, y), around, reach=_REACH, up=True)
            if cost < _TAKEN:
                marks += _drawn(words, box, (x, y))
                done.append(box)
                break
    return marks


def _corner(size: tuple[float, float], at: Point, around: Surroundings) -> Box | None:
    """The first of the four places between the arms of a point's interval where the label stands on nothing."""
    (width, height), (x, y) = size, at
    for left, top in (
        (x + _BESIDE, y - height - 1),
        (x - _BESIDE - width, y - height - 1),
        (x + _BESIDE, y + 1),
        (x - _BESIDE - width, y + 1),
    ):
        box = Box(x=left, y=top, width=width, height=height)
        free = around.room.contains(box) and not any(box.overlaps(other) for other in (*around.labels, *around.markers))
        if free and not any(box.x < px < box.right and box.y < py < box.bottom for px, py in around.lines):
            return box
    return None


def _along(rule: Rule) -> Iterator[Point]:
    """Points close together on a line."""
    steps = max(1, int(max(abs(rule.x2 - rule.x1), abs(rule.y2 - rule.y1)) // 5))
    for i in range(steps + 1):
        yield rule.x1 + (rule.x2 - rule.x1) * i / steps, rule.y1 + (rule.y2 - rule.y1) * i / steps


def _ways(drawn: View, dot: Dot, *, many: bool) -> Iterator[Block]:
    """The ways to name a point, the fullest first."""
    number = drawn.words.number(dot.spot.number)
    if not many:
        yield block(f"{number} {dot.spot.touchpoint.title}", 0, 0, _WIDTH, size=12, weight=600, most=3)
    yield block(number, 0, 0, 60, size=12, weight=600, most=1)


def _drawn(words: Block, box: Box, at: Point) -> list[Mark]:
    text = words.text
    said = "".join(line.text + (" " if line.space else "") for line in text.lines)
    made = block(said, box.x + 2, box.y, words.width + 0.01, size=12, weight=600, align="left", most=len(text.lines))
    near = min(max(at[0], box.x), box.right), min(max(at[1], box.y), box.bottom)
    far = max(abs(near[0] - at[0]), abs(near[1] - at[1]))
    marks: list[Mark] = [made.text]
    if far > _FAR:
        marks.insert(0, Rule(x1=at[0], y1=at[1], x2=near[0], y2=near[1], stroke="subtle", width=1))
    return marks
