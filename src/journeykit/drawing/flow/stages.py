"""The stages of the flow: chevrons over their touchpoints, or a bar at the head of the first one where the picture runs down."""

from __future__ import annotations

from collections.abc import Sequence

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.flow.axes import Axes
from journeykit.drawing.flow.routing import Node
from journeykit.drawing.scene import Group, Path, Rect
from journeykit.drawing.viewing import Spot, View

__all__ = ["bars", "chevrons", "heads"]

_GAP = 5.0


def heads(drawn: View, spots: Sequence[Spot], width: float) -> tuple[float, ...]:
    """The room that the bar of a stage takes before its first touchpoint; nought before the others."""
    found, last = [], -1
    for spot in spots:
        fresh = spot.stage != last
        found.append(_named(drawn, spot, 0.0, 0.0, width).height + 11 + _GAP if fresh else 0.0)
        last = spot.stage
    return tuple(found)


def _named(drawn: View, spot: Spot, x: float, y: float, width: float) -> Block:
    title = drawn.stages[spot.stage].title
    return block(title, x + 14, y, width - 28, size=14, weight=700, colour="onstage", most=3)


def bars(drawn: View, spots: Sequence[Spot], nodes: Sequence[Node], axes: Axes, half: float, *, column: int) -> Group:
    """The bars of one column; a stage that began in the column before is named again."""
    groups = []
    for spot, node in zip(spots, nodes, strict=True):
        if not node.head:
            continue
        stage = drawn.stages[spot.stage]
        box = axes.box(node.start + (node.head - _GAP) / 2, 0.0, node.head - _GAP, 2 * half)
        said = _named(drawn, spot, box.x, box.y + 5.5, box.width)
        first = all(other.stage != spot.stage for other in drawn.spots[: spot.number - 1])
        shape = Rect(box=box, radius=9, fill=_tone(drawn, spot.stage))
        kind = "stage" if first else f"stage-{column + 1}"
        groups.append(Group(kind=kind, name=stage.id, title=stage.title, marks=(shape, said.text)))
    return Group(kind="stages" if not column else None, marks=tuple(groups))


def chevrons(drawn: View, nodes: Sequence[Node], gap: float, top: float) -> tuple[Group, float]:
    """The stages as chevrons over their touchpoints, and the y below them."""
    spans = []
    for index, stage in enumerate(drawn.stages):
        own = [node for spot, node in zip(drawn.spots, nodes, strict=True) if spot.stage == index]
        if own:
            spans.append((index, stage, own[0].start - gap / 2 + 3, own[-1].end + gap / 2 - 3))
    blocks = [
        block(stage.title, left + 20, 0, right - left - 30, size=15, weight=700, colour="onstage", most=3)
        for _, stage, left, right in spans
    ]
    height = max(40.0, max(words.height for words in blocks) + 18)
    groups = []
    for (index, stage, left, right), words in zip(spans, blocks, strict=True):
        y = top + (height - words.height) / 2
        said = block(stage.title, left + 20, y, right - left - 30, size=15, weight=700, colour="onstage", most=3)
        shape = Path(commands=_chevron(left, right, top, height, first=index == 0), fill=_tone(drawn, index))
        groups.append(Group(kind="stage", name=stage.id, title=stage.title, marks=(shape, said.text)))
    return Group(kind="stages", marks=tuple(groups)), top + height


def _tone(drawn: View, index: int) -> str:
    total = len(drawn.stages)
    return f"stage{1 + (4 * index // (total - 1) if total > 1 else 0)}"


def _chevron(
    left: float, right: float, top: float, height: float, *, first: bool
) -> tuple[tuple[str, tuple[float, ...]], ...]:
    middle, bottom, tip = top + height / 2, top + height, 12.0
    notch = () if first else (("L", (left + tip - 2, middle)),)
    return (
        ("M", (left, top)),
        ("L", (right - 4, top)),
        ("L", (right + tip - 6, middle)),
        ("L", (right - 4, bottom)),
        ("L", (left, bottom)),
        *notch,
        ("Z", ()),
    )
