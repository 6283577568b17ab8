"""Along and across, on the page."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.scene import Box

__all__ = ["Axes"]


@frozen(kw_only=True)
class Axes:
    """Turns places along and across into places on the page; ``turned`` pictures run downwards, moves forward at their right."""

    turned: bool
    x: float
    y: float

    def place(self, main: float, cross: float) -> tuple[float, float]:
        """The place on the page."""
        return (self.x - cross, self.y + main) if self.turned else (self.x + main, self.y + cross)

    def box(self, main: float, cross: float, length: float, breadth: float) -> Box:
        """The box around a middle, of this length along and this breadth across."""
        x, y = self.place(main, cross)
        width, height = (breadth, length) if self.turned else (length, breadth)
        return Box(x=x - width / 2, y=y - height / 2, width=width, height=height)
