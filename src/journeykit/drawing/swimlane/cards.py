"""The touchpoint cards: channel, number, what the customer does, how often it was seen, and moments of truth."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.icons import icon_for
from journeykit.drawing.scene import Align, Box, Circle, Icon, Mark, Rect
from journeykit.drawing.swimlane.frame import INSET, Column, Frame, LaneMarks, records
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.text import measure
from journeykit.drawing.wording import Wording
from journeykit.model import Touchpoint
from journeykit.model._frozen import Value

__all__ = ["CHANGES", "PAD", "cards", "change_pill"]

PAD = 12.0
CHANGES = {
    "added": ("pos", "posbg"),
    "removed": ("neg", "negbg"),
    "changed": ("moment", "momentbg"),
    "moved": ("ink", "chip"),
}
"""Ink and ground of what can happen to a touchpoint; each also has a sign of its own and its word."""
_PILL = 21.0
_HEAD = 52.0
_BARE = 30.0
_BADGE = 24.0


@frozen(kw_only=True, eq=False, repr=False)
class _Card(Value):
    title: Block
    actions: tuple[Block, ...]
    bottom: float  # of the texts, from the top of the card


def _texts(cell: Cell, touchpoint: Touchpoint, column: Column, top: float, head: float) -> _Card:
    x, width = INSET + PAD, column.inner - 2 * PAD
    title = block(touchpoint.title, x, top + head, width, size=14, weight=600)
    y = top + head + title.height
    actions: list[Block] = []
    for action in touchpoint.actions:
        actions.append(block(action, x, y + 4, width, size=12.5, colour="muted"))
        y += 4 + actions[-1].height
    if cell.change and cell.change.note:
        ink = CHANGES[cell.change.kind][0]
        actions.append(block(cell.change.note, x, y + 5, width, size=12, colour=ink, most=5))
        y += 5 + actions[-1].height
    return _Card(title=title, actions=tuple(actions), bottom=y - top)


def _channel(sketch: Sketch, cell: Cell, touchpoint: Touchpoint, column: Column, top: float) -> Block:
    """The channels beside the icon, level with it, left of the number."""
    names = ", ".join(touchpoint.channels)
    x = INSET + 46
    room = column.width - INSET - 10 - measure(sketch.words.number(cell.number), 12, 600) - 5 - x
    height = block(names, x, top, room, size=12.5, weight=600, most=3).height
    y = top + max(9.0, 26 - height / 2)
    return block(names, x, y, room, size=12.5, weight=600, colour="muted", most=3)


def cards(sketch: Sketch, frame: Frame, top: float) -> LaneMarks:
    """One card a touchpoint, all of one height."""
    pairs = list(zip(sketch.cells, frame.columns, strict=True))
    channels = [
        _channel(sketch, cell, cell.touchpoint, column, top) if cell.touchpoint else None for cell, column in pairs
    ]
    # Three lines of channels stand higher than the icon; then every text starts lower. A map that names no channel at all
    # needs no row of the same sign on every card.
    named = _named(sketch)
    head = max([_HEAD, *(c.text.box.bottom - top + 6 for c in channels if c)]) if named else _BARE
    texts = [_texts(cell, cell.touchpoint, column, top, head) if cell.touchpoint else None for cell, column in pairs]
    counted = any(records(sketch, cell) for cell in sketch.cells)
    moments = any(cell.touchpoint and cell.touchpoint.moment for cell in sketch.cells)
    foot = (24 if counted else 0) + (_BADGE + 8 if moments else 0)
    height = max(
        [
            96.0,
            *(t.bottom + 10 + _foot(cell, foot, counted) + 8 for t, (cell, _) in zip(texts, pairs, strict=True) if t),
        ]
    )
    drawn: list[tuple[Mark, ...]] = []
    for (cell, column), channel, text in zip(pairs, channels, texts, strict=True):
        if cell.touchpoint is None or channel is None or text is None:
            drawn.append(_empty(sketch, cell, column, top, height))
        else:
            box = Box(x=INSET, y=top, width=column.inner, height=height)
            about = channel, text, records(sketch, cell)
            drawn.append(_card(sketch, cell, cell.touchpoint, box, about, named=named))
    return LaneMarks(height=height, cells=tuple(drawn))


def _named(sketch: Sketch) -> bool:
    """Whether any card of the map, or of the one beside it, names a channel."""
    return any(cell.touchpoint and cell.touchpoint.channels for cell in sketch.touchpoints)


def _foot(cell: Cell, foot: float, counted: bool) -> float:
    moment = cell.touchpoint is not None and cell.touchpoint.moment is not None
    return min(foot, (24 if counted else 0) + (_BADGE + 8 if moment else 0))


def _empty(sketch: Sketch, cell: Cell, column: Column, top: float, height: float) -> tuple[Mark, ...]:
    box = Box(x=INSET, y=top, width=column.inner, height=height)
    said = sketch.words
    lacks = said.text("change.absent" if _marked(cell, "added", "removed") else "no-touchpoint-yet")
    words = block(lacks, INSET + PAD, top + 18, column.inner - 2 * PAD, size=12.5, colour="subtle")
    marks: list[Mark] = [Rect(box=box, radius=sketch.spacing.radius, stroke="edge", dash="4 4"), words.text]
    return (*marks, *change_pill(said, "removed", box)) if _marked(cell, "removed") else tuple(marks)


def _marked(cell: Cell, *kinds: str) -> bool:
    return cell.change is not None and cell.change.kind in kinds


def change_pill(said: Wording, kind: str, box: Box) -> tuple[Mark, ...]:
    """What happened to the card in ``box``, on its upper edge: a sign and a word."""
    ink, ground = CHANGES[kind]
    top = box.y - _PILL / 2
    word = said.text(f"change.{kind}")
    words = block(word, box.x + 31, top + 2.5, box.width - 80, size=12, weight=600, colour=ink, most=1)
    pill = Box(x=box.x + 10, y=top, width=words.width + 31, height=_PILL)
    sign = Icon(name=f"change-{kind}", x=pill.x + 5, y=top + 3, size=15, stroke=ink, width=2.4)
    return (Rect(box=pill, radius=_PILL / 2, fill=ground, stroke=ink), sign, words.text)


def _card(
    sketch: Sketch, cell: Cell, touchpoint: Touchpoint, box: Box, about: tuple[Block, _Card, str], *, named: bool
) -> tuple[Mark, ...]:
    channel, text, counted = about
    words = sketch.words
    moment = touchpoint.moment is not None
    edge, width = ("momentedge", 2.0) if moment else ("pos", 2.0) if _marked(cell, "added") else ("edge", 1.0)
    names, top = touchpoint.channels, box.y
    spot: tuple[float, Align] = (box.right - 34, "right") if named else (INSET + PAD, "left")
    place = block(words.number(cell.number), spot[0], top + 9, 24, size=12, weight=600, colour="subtle", align=spot[1])
    marks: list[Mark] = [
        Rect(box=box, radius=sketch.spacing.radius, fill="card", stroke=edge, width=width),
        *(_sign(names, top) if named else ()),
        place.text,
        text.title.text,
        *(action.text for action in text.actions),
    ]
    if channel.text.lines:
        marks.append(channel.text)
    if cell.change and cell.change.kind in CHANGES:
        marks += change_pill(words, cell.change.kind, box)
    # The counts of all cards stand on one line, whether or not a badge stands above.
    y = box.bottom - 8
    if counted:
        marks.append(block(counted, INSET + PAD, y - 20, box.width - 2 * PAD, size=12, colour="subtle", most=1).text)
        y -= 24
    if moment:
        marks += _badge(words, box, y - _BADGE)
    return tuple(marks)


def _sign(names: tuple[str, ...], top: float) -> tuple[Mark, ...]:
    icon = Icon(name=icon_for(names[0]) if names else "neutral", x=INSET + 16, y=top + 16)
    return Circle(x=INSET + 26, y=top + 26, r=15, fill="chip"), icon


def _badge(said: Wording, box: Box, y: float) -> list[Mark]:
    words = block(
        said.text("moment-of-truth"), INSET + 32, y + 4, box.width - 44, size=12, weight=600, colour="moment", most=1
    )
    pill = Box(x=INSET + 8, y=y, width=min(words.width + 34, box.width - 16), height=_BADGE)
    star = Icon(name="star", x=INSET + 13, y=y + 4, size=16, stroke="moment", width=2.0)
    return [Rect(box=pill, radius=12, fill="momentbg"), star, words.text]
