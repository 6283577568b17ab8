"""The person of the story: head, shoulders and a face that shows the feeling."""

from __future__ import annotations

from journeykit.drawing.blocks import block
from journeykit.drawing.scene import Circle, Mark, Path
from journeykit.drawing.text import graphemes

__all__ = ["mood", "person"]

_LOOKS = {1: ("pos", "posbg"), 0: ("muted", "card"), -1: ("neg", "negbg")}


def mood(valence: float) -> int:
    """1 for positive, -1 for negative, 0 for what reads as neutral."""
    return 0 if abs(valence) < 0.5 else 1 if valence > 0 else -1


def person(x: float, bottom: float, valence: float | None, name: str | None, *, assumed: bool) -> list[Mark]:
    """Somebody standing at ``x`` on ``bottom``, 118 px tall; without a feeling the face is blank and dashed."""
    r, y = 30.0, bottom - 86
    shoulders = (
        ("M", (x - 50, bottom)),
        ("C", (x - 50, bottom - 40, x - 30, bottom - 52, x, bottom - 52)),
        ("C", (x + 30, bottom - 52, x + 50, bottom - 40, x + 50, bottom)),
        ("Z", ()),
    )
    ink, ground = _LOOKS[mood(valence or 0.0)]
    dash = "4 3" if assumed or valence is None else None
    marks: list[Mark] = [
        Path(commands=shoulders, fill="stage3"),
        Circle(x=x, y=y, r=r, fill=ground, stroke=ink, width=2.6, dash=dash),
    ]
    if name and (letters := name.strip()):
        initial = next(graphemes(letters)).upper()
        marks.append(
            block(initial, x - 20, bottom - 34, 40, size=16, weight=700, colour="onstage", align="middle", most=1).text
        )
    if valence is None:
        return marks
    smile = (
        ("M", (x - 0.44 * r, y + (0.36 - 0.06 * valence) * r)),
        ("Q", (x, y + (0.36 + 0.22 * valence) * r, x + 0.44 * r, y + (0.36 - 0.06 * valence) * r)),
    )
    eyes = [Circle(x=x + side * 0.34 * r, y=y - 0.2 * r, r=0.12 * r, fill=ink) for side in (-1, 1)]
    return [*marks, *eyes, Path(commands=smile, stroke=ink, width=3)]
