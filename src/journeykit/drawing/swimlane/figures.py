"""The lanes of figures: who is still on board, and the scores with their intervals and their doubts."""

from __future__ import annotations

from itertools import cycle
from math import isfinite
from typing import TYPE_CHECKING

from attrs import frozen

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Box, Mark, Path, Rect, Rule
from journeykit.drawing.swimlane.frame import INSET, Column, Frame, LaneMarks, rows
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.text import measure
from journeykit.drawing.wording import Wording
from journeykit.model._frozen import Value

if TYPE_CHECKING:
    from journeykit.results import Score

__all__ = [
    "BIG_LOSS",
    "Scale",
    "board",
    "has_big_loss",
    "scale_of",
    "scores",
    "spans",
    "zero_sign",
]

BIG_LOSS = 0.15
_BAR = 66.0
_ROW_GAP = 14.0
# Reasons that hold for a whole map whatever the touchpoint.
_OF_THE_MAP = {"all-open", "no-conversions", "no-events", "no-non-conversions", "no-outcome"}


def has_big_loss(sketch: Sketch) -> bool:
    """Whether any step loses so much that it is marked."""
    return any(cell.loss is not None and cell.loss >= BIG_LOSS for cell in sketch.every)


def board(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """Bars of the share still on board, the bar before as a ghost, and the loss in points."""
    # One decimal for all as soon as whole per cents would hide what is left.
    decimals = 1 if any(cell.share is not None and 0 < cell.share < 0.095 for cell in sketch.every) else 0
    cells = [
        (
            _bar(sketch.words, cell, column, top, decimals)
            if cell.share is not None
            else _unknown(sketch, cell, column, top)
        )
        if cell.touchpoint
        else ()
        for cell, column in zip(sketch.cells, frame.columns, strict=True)
    ]
    return LaneMarks(height=26 + _BAR, cells=tuple(cells))


def _unknown(sketch: Sketch, cell: Cell, column: Column, top: float) -> tuple[Mark, ...]:
    words = sketch.words.text("not-measured" if cell.count is None else "withheld")
    return (
        block(
            words[:1].upper() + words[1:], INSET + 2, top + 2, column.inner - 4, size=12.5, colour="subtle", most=2
        ).text,
    )


def _bar(words: Wording, cell: Cell, column: Column, top: float, decimals: int) -> tuple[Mark, ...]:
    inner, share, loss = column.inner, cell.share or 0.0, cell.loss
    big = loss is not None and loss >= BIG_LOSS
    now = round(100 * share, decimals)
    # The loss is taken between the figures shown, so that a reader's subtraction comes out.
    points = round(round(100 * (share + loss), decimals) - now, decimals) if loss is not None else 0.0
    marks: list[Mark] = [
        block(words.percent(share, decimals), INSET + 2, top, inner / 2, size=15, weight=700, most=1).text
    ]
    if points > 0:
        ink = "neg" if big else "muted"
        lost = words.counted("points-lost", points, decimals)
        half = inner / 2
        text = block(lost, INSET + inner - 2 - half, top + 2, half, size=12.5, weight=600, colour=ink, align="right")
        marks.append(text.text)
    floor = top + 26 + _BAR
    height = _BAR * share
    if loss is not None and _BAR * loss > 1:
        ghost = Box(x=INSET + 0.5, y=floor - height - _BAR * loss, width=inner - 1, height=_BAR * loss)
        look = ("negfill", "neg") if big else (None, "edge")
        marks.append(Rect(box=ghost, radius=3, fill=look[0], stroke=look[1], dash="3 3"))
    if share > 0:
        tall = max(1.5, height)
        marks.append(
            Rect(box=Box(x=INSET, y=floor - tall, width=inner, height=tall), radius=min(3.0, tall / 2), fill="bar")
        )
    marks.append(Rule(x1=INSET, y1=floor, x2=INSET + inner, y2=floor, stroke="edge"))
    return tuple(marks)


@frozen(kw_only=True, eq=False, repr=False)
class Scale(Value):
    """The range that all bars of one scorer are drawn in; zero lies in it, at the same place in every column."""

    low: float
    high: float

    def place(self, value: float, width: float) -> float:
        """How far from the left end of a bar of this width the value stands."""
        return width * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


def _round(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten, at least 0.05, so that noise around nought does not fill the bar."""
    step, factors = 0.05, cycle((2.0, 2.0, 2.5))
    while value > step * (1 + 1e-9):
        step *= next(factors)
    return step


def scale_of(sketch: Sketch, scorer: str) -> Scale | None:
    """The range of the scorer's bars: 0 to 1 for shares and indices, further or to both sides where figures go there."""
    ends = list(sketch.figures(scorer))
    if not ends or not all(map(isfinite, ends)):
        return None
    low, high = min(ends), max(ends)
    if low >= 0:
        return Scale(low=0.0, high=max(1.0, _round(high)))
    return Scale(low=-_round(-low), high=_round(max(high, 0.0)))


def spans(sketch: Sketch) -> list[str]:
    """The range of every scorer's bars, in words."""
    words = sketch.words
    scales = [(scorer, scale_of(sketch, scorer)) for scorer in sketch.scorers]
    return [
        words.text(
            "lane.scores.span",
            scorer=words.scorer(scorer),
            low=_span(words, scale.low),
            high=_span(words, scale.high),
        )
        for scorer, scale in scales
        if scale
    ]


def _span(words: Wording, value: float) -> str:
    """The end of a range, without noughts behind its last digit."""
    plain = f"{value + 0.0:.6f}".rstrip("0").rstrip(".")
    return words.number(value, len(plain.partition(".")[2]))


@frozen(kw_only=True, eq=False, repr=False)
class _Row(Value):
    """How all scores of one scorer are written: ``stacked`` puts what they rest on in a line each, ``doubted`` says once for all
    of them that they are uncertain.
    """

    scale: Scale | None
    digits: int
    stacked: bool
    doubted: bool


def scores(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """One row a scorer; what could not be estimated says so in words and never shows a nought.

    What holds at every touchpoint is said once: scorers that nothing can be estimated for share a sentence, and a doubt
    about all figures of a scorer stands under its row.
    """
    cells: list[list[Mark]] = [[] for _ in sketch.cells]
    page: list[Mark] = []
    room = frame.seen - frame.left - 2 * INSET
    y = top
    for key, names in _together(sketch):
        y += _ROW_GAP if y > top else 0
        if key is None:
            y = _row(sketch, frame, names[0], y, cells)
        if said := key or _doubt(sketch, names[0]):
            who = sketch.words.joined(sketch.words.scorer(name) for name in names)
            words = sketch.words.text(said[0], scorer=who, reason=sketch.words.reason(said[1]))
            y += 0 if key else 4
            line = block(words, frame.left + INSET, y, room, size=12.5, colour="muted", most=4)
            page.append(line.text)
            y += line.height
    return LaneMarks(height=y - top, cells=tuple(tuple(marks) for marks in cells), page=tuple(page))


_Said = tuple[str, str | None]


def _together(sketch: Sketch) -> list[tuple[_Said | None, list[str]]]:
    """The scorers in their order; those without a single figure, for the same reason, are one entry, with what is said."""
    found: list[tuple[_Said | None, list[str]]] = []
    for scorer in sketch.scorers:
        said = _nowhere(sketch, scorer)
        known = next((names for key, names in found if key is not None and key == said), None)
        if known is None:
            found.append((said, [scorer]))
        else:
            known.append(scorer)
    return found


def _all(sketch: Sketch, scorer: str) -> list[Score]:
    return [score for cell in sketch.every for score in cell.scores if score.scorer == scorer]


def _nowhere(sketch: Sketch, scorer: str) -> _Said | None:
    """Why a scorer has no figure anywhere, where one reason holds at every touchpoint."""
    found = _all(sketch, scorer)
    lacks = {score.reason for score in found if score.status == "not-estimable"}
    withheld = {score.reason for score in found if score.status == "suppressed"}
    if any(score.value is not None or score.status not in ("not-estimable", "suppressed") for score in found):
        return None
    if len(lacks) == 1 and (not withheld or lacks <= _OF_THE_MAP):
        return "score.nowhere", lacks.pop()
    return ("score.withheld-everywhere", withheld.pop()) if not lacks and len(withheld) == 1 else None


def _doubt(sketch: Sketch, scorer: str) -> _Said | None:
    """Why all figures of a scorer are uncertain, where they are for one reason and are more than a reader takes in at once."""
    found = [score for score in _all(sketch, scorer) if score.value is not None]
    reasons = {score.reason for score in found}
    if len(found) > 2 and len(reasons) == 1 and all(score.status == "low-n" for score in found):
        return "score.unsure-everywhere", reasons.pop()
    return None


def _row(sketch: Sketch, frame: Frame, scorer: str, top: float, cells: list[list[Mark]]) -> float:
    """The scores of one scorer, added to the cells; the y below them."""
    digits = sketch.decimals[scorer]
    pairs = [
        (place, score, frame.columns[place]) for place, cell in enumerate(sketch.cells) for score in _of(cell, scorer)
    ]
    # One that needs two lines would stand out for its numbers' length alone.
    fits = all(len(rows(_rests(sketch.words, score, digits), column.inner, 12)) < 2 for _, score, column in pairs)
    doubted = _doubt(sketch, scorer) is not None
    look = _Row(scale=scale_of(sketch, scorer), digits=digits, stacked=not fits, doubted=doubted)
    bottom = top
    for place, score, column in pairs:
        marks, end = _score(sketch.words, score, column, top, look)
        cells[place] += marks
        bottom = max(bottom, end)
    return bottom


def _of(cell: Cell, scorer: str) -> tuple[Score, ...]:
    return tuple(score for score in cell.scores if score.scorer == scorer)[:1]


def _rests(words: Wording, score: Score, digits: int) -> list[str]:
    """The interval of a figure, and how many it is of."""
    notes = []
    if score.value is not None and score.interval is not None:
        low, high = (words.number(end, digits) for end in (score.interval.low, score.interval.high))
        notes.append(words.text("interval", low=low, high=high))
    return [*notes, words.text("n", n=score.n)] if score.value is not None and score.n is not None else notes


def _score(words: Wording, score: Score, column: Column, top: float, look: _Row) -> tuple[list[Mark], float]:
    inner = column.inner
    sure = score.status == "ok"
    shown = words.number(score.value, look.digits) if score.value is not None else ""
    room = min(inner / 2, max(40.0, measure(shown, 15, 700) + 2))
    name = block(
        words.scorer(score.scorer), INSET, top + 2.5, inner - room - 4, size=12, weight=600, colour="muted", most=3
    )
    marks: list[Mark] = [name.text]
    y = top + max(20.0, name.height + 4)
    if score.value is None:
        y = top + name.height + 4
        state = block(words.doubt(score.status, None), INSET, y, inner, size=12.5, colour="muted")
        why = block(words.reason(score.reason), INSET, y + state.height, inner, size=12, colour="subtle", most=5)
        marks += [state.text, why.text] if why.text.lines else [state.text]
        return marks, y + state.height + why.height
    ink, weight = ("ink", 700) if sure else ("muted", 600)
    value = block(shown, INSET + inner - room, top, room, size=15, weight=weight, colour=ink, align="right", most=1)
    marks.append(value.text)
    if look.scale is not None:
        marks += _track(score, score.value, Box(x=INSET, y=y + 3, width=inner, height=6), look.scale)
        y += 18 if look.scale.low < 0 else 15
    notes = _rests(words, score, look.digits)
    for line in notes if look.stacked else rows(notes, inner, 12):
        note = block(line, INSET, y, inner, size=12, colour="subtle", most=2)
        marks.append(note.text)
        y += note.height
    if not sure and not look.doubted:
        unsure = block(words.doubt(score.status, score.reason), INSET, y, inner, size=12, colour="muted", most=6)
        marks.append(unsure.text)
        y += unsure.height
    return marks, y


def _track(score: Score, value: float, track: Box, scale: Scale) -> list[Mark]:
    """A thin bar from nought to the value, with the interval as a whisker across it."""
    sure = score.status == "ok"
    x, y, width = track.x, track.y, track.width
    marks: list[Mark] = [Rect(box=track, radius=3, fill="line")]
    zero, end = x + scale.place(0.0, width), x + scale.place(value, width)
    bar = Box(x=min(zero, end), y=y, width=abs(end - zero), height=6)
    if bar.width > 0:
        # Against the zero line the bar is cut straight, so that even a short one shows to which side it goes.
        round_ = 0.0 if scale.low < 0 else min(3.0, bar.width / 2)
        marks.append(Rect(box=bar, radius=round_, fill="bar" if sure else "edge"))
    if score.interval is not None:
        low, high = (x + scale.place(v, width) for v in (score.interval.low, score.interval.high))
        ink = "ink" if sure else "subtle"
        marks.append(Rule(x1=low, y1=y + 3, x2=high, y2=y + 3, stroke=ink, width=1.2))
        marks += [Rule(x1=tick, y1=y - 2, x2=tick, y2=y + 8, stroke=ink, width=1.2) for tick in (low, high)]
    return [*marks, *zero_sign(zero, y)] if scale.low < 0 else marks


def zero_sign(x: float, y: float) -> tuple[Mark, ...]:
    """The place of zero on a bar that starts at ``y``: a line with a foot, so that no cap of an interval looks like it."""
    foot = (("M", (x, y + 6.5)), ("L", (x + 4, y + 12)), ("L", (x - 4, y + 12)), ("Z", ()))
    return (Rule(x1=x, y1=y - 3, x2=x, y2=y + 8, stroke="muted", width=1.2), Path(commands=foot, fill="muted"))
