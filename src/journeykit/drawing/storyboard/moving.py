"""Marks laid out at nought, put in their place on the page."""

from __future__ import annotations

import attrs

from journeykit.drawing.scene import Circle, Group, Icon, Mark, Path, Rect, Rule, Text

__all__ = ["moved"]


def moved(mark: Mark, dx: float, dy: float) -> Mark:
    """The mark shifted."""
    match mark:
        case Text():
            return attrs.evolve(mark, x=mark.x + dx, y=mark.y + dy, box=mark.box.moved(dx, dy))
        case Rect():
            return attrs.evolve(mark, box=mark.box.moved(dx, dy))
        case Rule():
            return attrs.evolve(mark, x1=mark.x1 + dx, y1=mark.y1 + dy, x2=mark.x2 + dx, y2=mark.y2 + dy)
        case Path():
            commands = tuple(
                (letter, tuple(value + (dy if i % 2 else dx) for i, value in enumerate(numbers)))
                for letter, numbers in mark.commands
            )
            return attrs.evolve(mark, commands=commands)
        case Circle() | Icon():
            return attrs.evolve(mark, x=mark.x + dx, y=mark.y + dy)
        case Group():
            return attrs.evolve(mark, marks=tuple(moved(inner, dx, dy) for inner in mark.marks))
