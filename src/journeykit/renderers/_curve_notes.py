"""What the emotion curve says in words: its heading, its footnote and its moments of truth."""

from __future__ import annotations

from collections.abc import Sequence

from journeykit.drawing.canvas import clean
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.renderers._curve_lines import Line
from journeykit.renderers._curve_points import lone
from journeykit.renderers._curve_text import Pen

__all__ = ["footnote", "moments", "subtitle"]


def subtitle(journey: Journey, lines: Sequence[Line], words: Wording, pen: Pen, width: float, size: float) -> list[str]:
    """What is drawn, and the scenario: in one line with a dot between them if they fit."""
    whose = lines[0].name if len(lines) == 1 and lines[0].name != words.text("everyone") else ""
    parts = [
        words.text("curve.heading-of", name=whose) if whose else words.text("curve.heading"),
        *([journey.scenario] if journey.scenario else []),
    ]
    parts = [clean(part) for part in parts]
    # Measuring a text of any length costs time; what is longer than this fits no line.
    line = " · ".join(parts)
    return [line] if len(line) < 400 and pen.width(line, size) <= width else parts


def footnote(lines: Sequence[Line], words: Wording) -> str:
    """What scale, bands, hollow points and gaps mean, of those that are there."""
    points = [point for line in lines for point in line.points]
    known = [point for point in points if point is not None]
    measured = any(line.measured for line in lines)
    low, high = words.text("valence.-2"), words.text("valence.2")
    notes = [words.text("curve.scale", low=words.signed(-2, 0), worst=low, high=words.signed(2, 0), best=high)]
    if any(point.low is not None for point in known):
        alone = any(lone(line) for line in lines)
        notes.append(words.text(f"curve.{'interval' if measured else 'spread'}{'-alone' if alone else ''}"))
    if any(point.assumed for point in known):
        notes.append(words.text("curve.hollow-claimed" if measured else "curve.hollow-assumed"))
    if len(known) < len(points):
        notes.append(words.text("curve.gap-unknown" if measured else "curve.gap"))
    return words.text("curve.note").join(notes) + words.text("curve.end")


def moments(journey: Journey, words: Wording, pen: Pen, column: float, size: float) -> list[list[str]]:
    """Kind and label of every moment of truth; in one line with a dot between them if they fit."""
    found: list[list[str]] = []
    for moment in (touchpoint.moment for touchpoint in journey.touchpoints()):
        kind = words.text(f"moment.{moment.kind}") if moment else ""
        parts = [kind[:1].upper() + kind[1:], *([moment.label] if moment.label else [])] if moment else []
        line = " · ".join(parts)
        parts = [line] if len(line) < 200 and pen.width(line, size, bold=True) <= column * 0.94 else parts
        found.append([row for part in parts for row in pen.wrap(part, column * 0.94, size, bold=True, most=4) if row])
    return found
