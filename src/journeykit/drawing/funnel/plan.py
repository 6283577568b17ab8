"""Puts the funnel on a page: a row a step, with its bar, its interval, its figures and what was lost before it."""

from __future__ import annotations

from collections.abc import Sequence

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.funnel.steps import Step, steps
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Box, Circle, Group, Icon, Mark, Path, Rect, Rule, Scene
from journeykit.drawing.sheet import MARGIN, Draw, Key, foot, heading, page, short
from journeykit.drawing.viewing import View, view
from journeykit.model import Journey
from journeykit.results import Scorecard

__all__ = ["plan"]

WIDTH = 1180.0
_BIG_LOSS = 0.15
_LABEL, _BARS, _SHARE, _LOST = MARGIN, 336.0, 848.0, 1000.0
# The height of a bar and from one row to the next; with more steps than this the rows are closer.
_BAR, _PITCH, _CLOSE_BAR, _CLOSE_PITCH, _MANY = 34.0, 66.0, 26.0, 48.0, 14
_BAR_WIDTH = _SHARE - _BARS - 36


def plan(
    journey: Journey,
    scores: Scorecard | None = None,
    *,
    steps_: Sequence[str] | None = None,
    by: str = "touchpoint",
) -> Scene:
    """The scene of the funnel over all touchpoints or stages (``by``), or over those whose ids are given.

    Mirrored for right-to-left languages. Raises `ArgumentError` when the scorecard belongs to another journey, or for an id
    that is not on the map.
    """
    drawn = view(journey, scores)
    words = drawn.words
    found = steps(drawn, steps_, by)
    head, y = heading(drawn, WIDTH, words.text("funnel.title"), _facts(drawn))
    marks: list[Mark] = [head]
    if found:
        columns, y = _columns(drawn, y + 22)
        marks.append(columns)
        rows, y = _rows(drawn, found, y + 6)
        marks.append(rows)
    else:
        said = block(words.text("no-touchpoint-yet"), MARGIN, y + 20, WIDTH - 2 * MARGIN, size=14, colour="muted")
        marks.append(said.text)
        y += 20 + said.height
    legend, bottom = foot(drawn, words, WIDTH, y + 22, _keys(drawn, found))
    title = words.text("view.title", title=short(journey.title), view=words.text("funnel.title"))
    told = ". ".join(part.rstrip(".") for part in (*_facts(drawn), *(_tell(drawn, step) for step in found))) + "."
    return page(drawn, WIDTH, bottom, (title, told), (*marks, legend))


def _facts(drawn: View) -> list[str]:
    words, coverage = drawn.words, drawn.coverage
    if coverage is None:
        return [words.text("funnel.variant"), words.text("view.no-scores")]
    counted = words.text("journeys", n=coverage.journeys)
    if drawn.journey.outcome is not None and coverage.closed:
        share = f"{words.text('chip.completion')} {words.percent(coverage.converted / coverage.closed)}"
        closed = words.text("chip.completion.note", closed=coverage.closed)
        counted = f"{counted} · {words.text('tell.with', what=share, detail=closed)}"
    return [words.text("funnel.variant"), counted]


def _columns(drawn: View, top: float) -> tuple[Group, float]:
    """The words over the columns of figures."""
    words = drawn.words
    share = block(words.text("lane.board"), _SHARE - 20, top, 150, size=12, weight=600, colour="subtle", most=2)
    lost = block(
        words.text("funnel.lost"), _LOST, top, WIDTH - MARGIN - _LOST, size=12, weight=600, colour="subtle", most=2
    )
    return Group(kind="columns", marks=(share.text, lost.text)), top + max(share.height, lost.height)


def _rows(drawn: View, found: Sequence[Step], top: float) -> tuple[Group, float]:
    groups: list[Mark] = []
    y = top
    before: tuple[float, float] | None = None
    # One decimal for all as soon as whole per cents would hide what is left.
    tall, pitch = (_CLOSE_BAR, _CLOSE_PITCH) if len(found) > _MANY else (_BAR, _PITCH)
    digits = 1 if any(step.share is not None and 0 < step.share < 0.095 for step in found) else 0
    for step in found:
        label = _label(drawn, step, y)
        height = max(pitch, label.height + pitch / 3)
        middle = y + height / 2
        marks: list[Mark] = []
        if step.share is None:
            marks += _missing(drawn, step, middle, tall)
        else:
            if before is not None and before[0] > step.share:
                marks.append(_slope(before, (step.share, middle - tall / 2)))
            marks += _bar(step, before, middle, tall)
            marks += _figures(drawn, step, middle, digits)
            before = (step.share, middle + tall / 2)
        name = block(
            label.said, _LABEL + 44, middle - label.height / 2, _BARS - _LABEL - 60, size=13, weight=600, most=3
        )
        marks += [
            Circle(x=_LABEL + 17, y=middle, r=16, fill="chip"),
            *_sign(drawn, step, middle),
            name.text,
        ]
        groups.append(Group(kind="step", name=step.id, title=_tell(drawn, step), marks=tuple(marks)))
        y += height
    return Group(kind="steps", marks=tuple(groups)), y


class _Label:
    """The words of a row and their height."""

    def __init__(self, said: str, of: Block) -> None:
        self.said, self.height = said, of.height


def _label(drawn: View, step: Step, y: float) -> _Label:
    said = f"{drawn.words.number(step.number)} {step.title}"
    return _Label(said, block(said, 0, y, _BARS - _LABEL - 60, size=13, weight=600, most=3))


def _sign(drawn: View, step: Step, middle: float) -> list[Mark]:
    if step.channel:
        return [Icon(name=icon_for(step.channel), x=_LABEL + 7, y=middle - 10)]
    number = drawn.words.number(step.number)
    return [
        block(number, _LABEL + 1, middle - 8.5, 32, size=13, weight=700, colour="muted", align="middle", most=1).text
    ]


def _slope(before: tuple[float, float], now: tuple[float, float]) -> Path:
    """What was lost, as the slope between two bars."""
    (share, top), (here, bottom) = before, now
    big = share - here >= _BIG_LOSS
    left, right = _BARS + _BAR_WIDTH * here, _BARS + _BAR_WIDTH * share
    shape = (("M", (_BARS, top)), ("L", (right, top)), ("L", (left, bottom)), ("L", (_BARS, bottom)), ("Z", ()))
    return Path(commands=shape, fill="negfill" if big else "chip", opacity=0.75)


def _bar(step: Step, before: tuple[float, float] | None, middle: float, tall: float) -> list[Mark]:
    share = step.share or 0.0
    top, width = middle - tall / 2, max(1.5, _BAR_WIDTH * share)
    marks: list[Mark] = []
    if before is not None and before[0] > share:
        big = before[0] - share >= _BIG_LOSS
        ghost = Box(x=_BARS + width, y=top + 0.5, width=_BAR_WIDTH * (before[0] - share), height=tall - 1)
        look = ("negfill", "neg") if big else (None, "subtle")
        marks.append(Rect(box=ghost, radius=3, fill=look[0], stroke=look[1], dash="3 3"))
    bar = Box(x=_BARS, y=top, width=width, height=tall)
    marks.append(Rect(box=bar, radius=min(4.0, width / 2), fill="bar" if share else "edge"))
    if step.interval:
        low, high = (_BARS + _BAR_WIDTH * end for end in (step.interval.low, step.interval.high))
        ends = [Rule(x1=x, y1=middle - 7, x2=x, y2=middle + 7, stroke="bg", width=4.4) for x in (low, high)]
        seam = Rule(x1=low, y1=middle, x2=high, y2=middle, stroke="bg", width=4.4)
        marks += [seam, *ends, Rule(x1=low, y1=middle, x2=high, y2=middle, stroke="ink", width=1.6)]
        marks += [Rule(x1=x, y1=middle - 6, x2=x, y2=middle + 6, stroke="ink", width=1.6) for x in (low, high)]
    return marks


def _figures(drawn: View, step: Step, middle: float, digits: int) -> list[Mark]:
    words = drawn.words
    share = block(words.percent(step.share or 0.0, digits), _SHARE - 20, middle - 21, 90, size=17, weight=700, most=1)
    marks: list[Mark] = [share.text]
    x = _SHARE - 20 + share.width + 10
    journeys = words.number(step.count or 0)
    marks.append(block(journeys, x, middle - 18, _LOST - x - 8, size=12.5, weight=600, colour="muted", most=1).text)
    if step.interval:
        low, high = (words.percent(end, max(1, digits)) for end in (step.interval.low, step.interval.high))
        said = words.text("interval", low=low, high=high)
        marks.append(block(said, _SHARE - 20, middle + 3, _LOST - _SHARE + 8, size=12, colour="subtle", most=1).text)
    if step.lost and step.loss is not None:
        ink = "neg" if step.loss >= _BIG_LOSS else "muted"
        room = WIDTH - MARGIN - _LOST
        said = _points(drawn, step.loss)
        down = block(said, _LOST, middle - 19, room, size=13.5, weight=600, colour=ink, most=1)
        many = block(words.text("journeys", n=step.lost), _LOST, middle + 2, room, size=12, colour="subtle", most=1)
        marks += [down.text, many.text]
    return marks


def _points(drawn: View, loss: float) -> str:
    """A loss in points, with one decimal only where it is small."""
    points = 100 * loss
    if points >= 9.5:
        return drawn.words.text("points-lost", n=round(points))
    # The words choose their plural by the number, and would write two decimals of a number below one.
    small = round(points, 1)
    return drawn.words.text("points-lost", n=small).replace(
        drawn.words.number(small), drawn.words.number(small, 0 if small == round(small) else 1)
    )


def _missing(drawn: View, step: Step, middle: float, tall: float) -> list[Mark]:
    track = Box(x=_BARS, y=middle - tall / 2, width=_BAR_WIDTH, height=tall)
    said = block(_why(drawn, step), _BARS + 12, middle - 8, _BAR_WIDTH - 24, size=12.5, colour="subtle", most=1)
    return [Rect(box=track, radius=4, stroke="edge", dash="4 4"), said.text]


def _why(drawn: View, step: Step) -> str:
    words = drawn.words
    if step.why == "withheld":
        return words.text("withheld")
    if step.why == "no-match-rule":
        return words.text("score.with-reason", status=words.text("not-measured"), reason=words.reason("no-match-rule"))
    return words.text("not-measured")


def _tell(drawn: View, step: Step) -> str:
    """One step in a line."""
    words = drawn.words
    start = f"{words.number(step.number)}. {short(step.title, 160)}"
    if step.share is None:
        return f"{start}: {_why(drawn, step)}"
    parts = [words.text("tell.on-board", share=words.percent(step.share, 1)), words.text("journeys", n=step.count or 0)]
    if step.lost:
        parts.append(f"{words.text('funnel.lost')} {words.number(step.lost)}")
    return f"{start}: {words.text('comma').join(parts)}"


def _keys(drawn: View, found: Sequence[Step]) -> list[Key]:
    words = drawn.words
    keys = []
    if any(step.interval for step in found):
        keys.append(Key(width=34, draw=_whisker, words=words.text("funnel.interval", level=words.percent(0.95))))
    if any(step.loss is not None and 0 < step.loss < _BIG_LOSS for step in found):
        keys.append(Key(width=24, draw=_lost(None, "subtle"), words=words.text("funnel.lost")))
    if any(step.loss is not None and step.loss >= _BIG_LOSS for step in found):
        points = words.number(round(100 * _BIG_LOSS))
        keys.append(Key(width=24, draw=_lost("negfill", "neg"), words=words.text("legend.loss", points=points)))
    return keys


def _whisker(x: float, y: float) -> tuple[Mark, ...]:
    return (
        Rect(box=Box(x=x, y=y - 6, width=22, height=12), radius=3, fill="bar"),
        Rule(x1=x + 14, y1=y, x2=x + 32, y2=y, stroke="bg", width=4.4),
        Rule(x1=x + 14, y1=y, x2=x + 32, y2=y, stroke="ink", width=1.6),
        *(Rule(x1=x + dx, y1=y - 5, x2=x + dx, y2=y + 5, stroke="ink", width=1.6) for dx in (14, 32)),
    )


def _lost(fill: str | None, stroke: str) -> Draw:
    return lambda x, y: (
        Rect(box=Box(x=x, y=y - 6.5, width=24, height=13), radius=3, fill=fill, stroke=stroke, dash="3 3"),
    )
