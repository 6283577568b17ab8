"""The lanes of figures: who is still on board, and the scores with their intervals and their doubts."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.scene import Box, Mark, Rect, Rule
from journeykit.drawing.swimlane.frame import INSET, Column, Frame, LaneMarks, block
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.swimlane.words import count, figure, percent, reason, title_case
from journeykit.results import Score

__all__ = ["BIG_LOSS", "board", "has_big_loss", "scores", "shares"]

BIG_LOSS = 0.15
_BAR = 66.0
_ROW_GAP = 14.0


def shares(sketch: Sketch) -> list[float | None]:
    """For every cell the share of journeys still on board; None where nothing was counted."""
    total = sketch.coverage.journeys if sketch.coverage else 0
    return [cell.count.on_board / total if cell.count is not None and total else None for cell in sketch.cells]


def _losses(sketch: Sketch) -> list[float | None]:
    found: list[float | None] = []
    before: float | None = None
    for share in shares(sketch):
        found.append(None if share is None or before is None else before - share)
        before = share if share is not None else before
    return found


def has_big_loss(sketch: Sketch) -> bool:
    """Whether any step loses so much that it is marked."""
    return any(loss is not None and loss >= BIG_LOSS for loss in _losses(sketch))


def board(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """Bars of the share still on board, the bar before as a ghost, and the loss in points."""
    known = shares(sketch)
    # One decimal for all as soon as whole per cents would hide what is left.
    decimals = 1 if any(share is not None and 0 < share < 0.095 for share in known) else 0
    cells = [
        (_bar(column, top, share, loss, decimals) if share is not None else _unknown(column, top))
        if cell.touchpoint
        else ()
        for cell, column, share, loss in zip(sketch.cells, frame.columns, known, _losses(sketch), strict=True)
    ]
    return LaneMarks(height=26 + _BAR, cells=tuple(cells))


def _unknown(column: Column, top: float) -> tuple[Mark, ...]:
    return (block("Not measured", INSET + 2, top + 2, column.inner - 4, size=12.5, colour="subtle", most=2).text,)


def _bar(column: Column, top: float, share: float, loss: float | None, decimals: int) -> tuple[Mark, ...]:
    inner = column.inner
    big = loss is not None and loss >= BIG_LOSS
    now = round(100 * share, decimals)
    # The loss is taken between the figures shown, so that a reader's subtraction comes out.
    points = round(round(100 * (share + loss), decimals) - now, decimals) if loss is not None else 0.0
    marks: list[Mark] = [block(percent(share, decimals), INSET + 2, top, inner / 2, size=15, weight=700, most=1).text]
    if points > 0:
        unit = "pt" if points == 1 else "pts"
        ink = "neg" if big else "muted"
        words = f"▼\N{NO-BREAK SPACE}{points:g}\N{NO-BREAK SPACE}{unit}"
        half = inner / 2
        text = block(words, INSET + inner - 2 - half, top + 2, half, size=12.5, weight=600, colour=ink, align="right")
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


@frozen(kw_only=True)
class _Scale:
    """The range a scorer's bars are drawn in: 0 to 1, or -1 to 1 when something is negative; None when it goes beyond."""

    low: float
    high: float

    def place(self, value: float, width: float) -> float:
        return width * (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


def _scale(found: list[Score]) -> _Scale | None:
    ends = [s.value for s in found if s.value is not None]
    ends += [end for s in found if s.interval for end in (s.interval.low, s.interval.high)]
    if not ends or max(ends) > 1 or min(ends) < -1:
        return None
    return _Scale(low=-1.0 if min(ends) < 0 else 0.0, high=1.0)


def scores(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """One row a scorer; what could not be estimated says so in words and never shows a nought."""
    cells: list[list[Mark]] = [[] for _ in sketch.cells]
    page: list[Mark] = []
    y = top
    for index, scorer in enumerate(sketch.scorers):
        y += _ROW_GAP if index else 0
        found = [score for cell in sketch.cells for score in cell.scores if score.scorer == scorer]
        reasons = {score.reason for score in found}
        if all(score.status == "not-estimable" for score in found) and len(reasons) == 1:
            why = reason(found[0].reason)
            words = f"{title_case(scorer)}: not estimable at any touchpoint, {why}"
            line = block(words, frame.left + INSET, y, frame.right - frame.left - 2 * INSET, colour="muted", most=4)
            page.append(line.text)
            y += line.height
            continue
        scale = _scale(found)
        bottom = y
        for place, (cell, column) in enumerate(zip(sketch.cells, frame.columns, strict=True)):
            for score in _of(cell, scorer):
                marks, end = _score(score, column, y, scale)
                cells[place] += marks
                bottom = max(bottom, end)
        y = bottom
    return LaneMarks(height=y - top, cells=tuple(tuple(marks) for marks in cells), page=tuple(page))


def _of(cell: Cell, scorer: str) -> tuple[Score, ...]:
    return tuple(score for score in cell.scores if score.scorer == scorer)[:1]


def _score(score: Score, column: Column, top: float, scale: _Scale | None) -> tuple[list[Mark], float]:
    inner = column.inner
    sure = score.status == "ok"
    name = block(title_case(score.scorer), INSET, top + 2.5, inner - 56, size=12, weight=600, colour="muted", most=2)
    marks: list[Mark] = [name.text]
    y = top + max(20.0, name.height + 4)
    if score.value is None:
        y = top + name.height + 4
        status = score.status.replace("-", " ")
        state = block(status[:1].upper() + status[1:], INSET, y, inner, size=12.5, colour="muted")
        why = block(reason(score.reason), INSET, y + state.height, inner, size=12, colour="subtle", most=5)
        marks += [state.text, why.text] if why.text.lines else [state.text]
        return marks, y + state.height + why.height
    ink, weight = ("ink", 700) if sure else ("muted", 600)
    value = block(
        figure(score.value), INSET + inner - 56, top, 56, size=15, weight=weight, colour=ink, align="right", most=1
    )
    marks.append(value.text)
    if scale is not None:
        marks += _track(score, score.value, Box(x=INSET, y=y + 3, width=inner, height=6), scale)
        y += 15
    notes = []
    if score.interval is not None:
        notes.append(f"{figure(score.interval.low)} to {figure(score.interval.high)}")
    notes.append(f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count(score.n)}")
    note = block(" · ".join(notes), INSET, y, inner, size=12, colour="subtle", most=2)
    marks.append(note.text)
    y += note.height
    if not sure:
        doubt = block(f"{_status(score)}: {reason(score.reason)}", INSET, y, inner, size=12, colour="muted", most=4)
        marks.append(doubt.text)
        y += doubt.height
    return marks, y


def _status(score: Score) -> str:
    return "Low n" if score.status == "low-n" else score.status.replace("-", " ").capitalize()


def _track(score: Score, value: float, track: Box, scale: _Scale) -> list[Mark]:
    """A thin bar from nought to the value, with the interval as a whisker across it."""
    sure = score.status == "ok"
    x, y, width = track.x, track.y, track.width
    marks: list[Mark] = [Rect(box=track, radius=3, fill="line")]
    zero, end = scale.place(0.0, width), scale.place(value, width)
    bar = Box(x=x + min(zero, end), y=y, width=abs(end - zero), height=6)
    if bar.width > 0:
        marks.append(Rect(box=bar, radius=min(3.0, bar.width / 2), fill="bar" if sure else "edge"))
    if scale.low < 0:
        marks.append(Rule(x1=x + zero, y1=y - 2, x2=x + zero, y2=y + 8, stroke="subtle"))
    if score.interval is not None:
        low, high = (x + scale.place(v, width) for v in (score.interval.low, score.interval.high))
        ink = "ink" if sure else "subtle"
        marks.append(Rule(x1=low, y1=y + 3, x2=high, y2=y + 3, stroke=ink, width=1.2))
        marks += [Rule(x1=tick, y1=y, x2=tick, y2=y + 6, stroke=ink, width=1.2) for tick in (low, high)]
    return marks
