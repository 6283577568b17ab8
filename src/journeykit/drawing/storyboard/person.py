"""The person of the story: head, shoulders and a face that shows the feeling."""

from __future__ import annotations

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Circle, Mark, Path
from journeykit.drawing.text import graphemes

__all__ = ["INKS", "face", "mood", "person"]

INKS = {1: "pos", 0: "muted", -1: "neg"}
"""The role of a mood's colour."""


def mood(valence: float) -> int:
    """1 for positive, -1 for negative, 0 for what reads as neutral."""
    return 0 if abs(valence) < 0.5 else 1 if valence > 0 else -1


def face(x: float, y: float, r: float, valence: float | None, *, assumed: bool) -> list[Mark]:
    """A face around a middle that shows the feeling; blank and dashed without one, dashed where it is assumed."""
    ink = INKS[mood(valence or 0.0)]
    dash = ("4 3" if r > 20 else "2.5 2.5") if assumed or valence is None else None
    marks: list[Mark] = [Circle(x=x, y=y, r=r, fill="card", stroke=ink, width=max(1.8, 0.087 * r), dash=dash)]
    if valence is None:
        return marks
    smile = (
        ("M", (x - 0.44 * r, y + (0.36 - 0.06 * valence) * r)),
        ("Q", (x, y + (0.36 + 0.22 * valence) * r, x + 0.44 * r, y + (0.36 - 0.06 * valence) * r)),
    )
    eyes = [Circle(x=x + side * 0.34 * r, y=y - 0.2 * r, r=0.12 * r, fill=ink) for side in (-1, 1)]
    return [*marks, *eyes, Path(commands=smile, stroke=ink, width=max(1.6, 0.1 * r))]


def person(x: float, bottom: float, valence: float | None, name: str | None, *, assumed: bool) -> list[Mark]:
    """Somebody standing at ``x`` on ``bottom``, 118 px tall."""
    shoulders = (
        ("M", (x - 50, bottom)),
        ("C", (x - 50, bottom - 40, x - 30, bottom - 52, x, bottom - 52)),
        ("C", (x + 30, bottom - 52, x + 50, bottom - 40, x + 50, bottom)),
        ("Z", ()),
    )
    marks: list[Mark] = [Path(commands=shoulders, fill="stage3"), *face(x, bottom - 86, 30.0, valence, assumed=assumed)]
    if name and (letters := name.strip()):
        initial = next(graphemes(letters)).upper()
        marks.append(
            block(initial, x - 20, bottom - 34, 40, size=16, weight=700, colour="onstage", align="middle", most=1).text
        )
    return marks
