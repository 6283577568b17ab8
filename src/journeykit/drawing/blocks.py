"""A wrapped text as a mark, and the height it takes: what every picture is built from."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.scene import Align, Box, Text
from journeykit.drawing.text import is_upright, wrap
from journeykit.model._frozen import Value

__all__ = ["MOST_LINES", "Block", "block", "legible", "span"]

# A text longer than this would push everything else off the screen; it ends in an ellipsis and stands whole in the tooltip.
MOST_LINES = 40
_MOST_CHARACTERS = 4000
_LEADING = 1.3


@frozen(kw_only=True, eq=False, repr=False)
class Block(Value):
    """A wrapped text and the height it takes."""

    text: Text
    height: float

    @property
    def width(self) -> float:
        """The width of the longest line."""
        return max((line.width for line in self.text.lines), default=0.0)


def legible(text: str) -> str:
    """The text, cut where no reader would follow it."""
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + "…"


def span(text: str, size: float, weight: int = 400) -> float:
    """The width the text takes in one line, as a block measures it: word by word."""
    return max((line.width for line in wrap(text, 1e9, size, weight)), default=0.0)


def block(
    text: str,
    x: float,
    top: float,
    width: float,
    *,
    size: float = 13,
    weight: int = 400,
    colour: str = "ink",
    align: Align = "left",
    italic: bool = False,
    most: int = MOST_LINES,
) -> Block:
    """The text wrapped into ``width``, its first line at ``top``; ``x`` is the left edge of its box whatever the alignment."""
    lines = wrap(legible(text), width, size, weight, most=most)
    leading = round(2 * _LEADING * size) / 2
    height = leading * len(lines)
    # The line's box is 1.02 em high, its baseline 0.8 em below the top of that.
    baseline = top + (leading - 1.02 * size) / 2 + 0.8 * size
    edge = {"left": x, "middle": x + width / 2, "right": x + width}[align]
    mark = Text(
        lines=lines,
        x=edge,
        y=baseline,
        size=size,
        weight=weight,
        leading=leading,
        colour=colour,
        align=align,
        italic=italic and not is_upright(text),
        box=Box(x=x, y=top, width=width, height=height),
    )
    return Block(text=mark, height=height)
