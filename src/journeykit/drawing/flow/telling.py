"""The flow in words: the figures on the lines, the facts under the title, the legend, and the whole for those who hear it."""

from __future__ import annotations

from journeykit.drawing.flow.weighing import Edge, Weighed
from journeykit.drawing.scene import Box, Mark, Path, Rect, Rule
from journeykit.drawing.sheet import Draw, Key, short
from journeykit.drawing.viewing import View
from journeykit.drawing.wording import Wording

__all__ = ["describe", "facts", "keys", "pill_words", "told"]


def pill_words(edge: Edge, words: Wording) -> str:
    """The figure on a line; nothing where nobody could count."""
    return "" if edge.count is None else words.number(edge.count)


def _name(position: int, drawn: View, words: Wording) -> str:
    touchpoints = drawn.journey.touchpoints()
    if position < 0:
        return words.text("start")
    return words.text("end") if position >= len(touchpoints) else short(touchpoints[position].title, 120)


def told(edge: Edge, drawn: View, words: Wording) -> str:
    """One move in a line: from where, to where, how often, in how many journeys, planned or not."""
    move = words.text("flow.move", source=_name(edge.source, drawn, words), target=_name(edge.target, drawn, words))
    parts = [move]
    if edge.count is not None:
        parts.append(words.text("flow.times", n=edge.count))
        parts.append(words.text("journeys", n=edge.journeys or 0))
    if edge.planned is False:
        parts.append(words.text("flow.unplanned"))
    return words.text("comma").join(parts)


def facts(drawn: View, weighed: Weighed, words: Wording) -> list[str]:
    """How much was counted, and what is not shown."""
    coverage = drawn.coverage
    if coverage is None:
        return [words.text("flow.no-scores")]
    if not weighed.total:
        hidden = coverage.withheld_moves or any(spot.withheld for spot in drawn.spots)
        return [words.doubt("suppressed", "small-group") if hidden else words.text("flow.no-moves")]
    found = [words.text("journeys", n=coverage.journeys), words.text("flow.moves", n=weighed.inner)]
    said = [" · ".join(found)]
    if weighed.left:
        said.append(words.text("flow.left", n=weighed.left, share=words.percent(weighed.left_share, 1)))
    if coverage.withheld_moves:
        said.append(words.text("flow.withheld", n=coverage.withheld_moves))
    if coverage.moves_rounded_to:
        said.append(words.text("flow.rounded", base=coverage.moves_rounded_to))
    return said


def keys(weighed: Weighed, words: Wording, *, noted: bool) -> list[Key]:
    """What the lines mean, and the signs of moves to another column (``noted``); only what is in the picture."""
    edges = weighed.edges
    way = "plan" if weighed.explicit else "order"
    found = []
    if any(edge.planned and edge.count for edge in edges):
        found.append(Key(width=34, draw=_stroke("bar", 4.0), words=words.text(f"flow.by-{way}")))
    if any(edge.planned and edge.count == 0 for edge in edges):
        found.append(Key(width=34, draw=_stroke("bar", 2.2, "2 5"), words=words.text("flow.unused")))
    if any(edge.planned and edge.count is None for edge in edges):
        key = "flow.uncounted" if any(edge.count is not None for edge in edges) else f"flow.by-{way}"
        found.append(Key(width=34, draw=_stroke("bar", 2.2, "2 5"), words=words.text(key)))
    if any(edge.planned is False for edge in edges):
        found.append(Key(width=34, draw=_against, words=words.text(f"flow.against-{way}")))
    if any(edge.planned is None for edge in edges):
        found.append(Key(width=34, draw=_stroke("subtle", 2.4), words=words.text("flow.ends")))
    if any(edge.count for edge in edges):
        found.append(Key(width=34, draw=_growing, words=words.text("flow.thick")))
    if noted:
        found.append(Key(width=34, draw=_noted, words=words.text("flow.elsewhere")))
    return found


def _noted(x: float, y: float) -> tuple[Mark, ...]:
    tip = (("M", (x + 20, y - 4)), ("L", (x + 25, y)), ("L", (x + 20, y + 4)))
    return (
        Rect(box=Box(x=x, y=y - 9, width=34, height=18), radius=9, fill="card", stroke="bar"),
        Path(commands=(("M", (x + 9, y)), ("L", (x + 24, y))), stroke="bar", width=1.8),
        Path(commands=tip, stroke="bar", width=1.8),
    )


def _stroke(stroke: str, width: float, dash: str | None = None) -> Draw:
    return lambda x, y: (Path(commands=(("M", (x, y)), ("L", (x + 34, y))), stroke=stroke, width=width, dash=dash),)


def _against(x: float, y: float) -> tuple[Mark, ...]:
    sign = (("M", (x + 17, y - 6)), ("L", (x + 23, y)), ("L", (x + 17, y + 6)), ("L", (x + 11, y)), ("Z", ()))
    return (Rule(x1=x, y1=y, x2=x + 34, y2=y, stroke="neg", width=3), Path(commands=sign, fill="neg"))


def _growing(x: float, y: float) -> tuple[Mark, ...]:
    wedge = (("M", (x, y - 0.6)), ("L", (x + 34, y - 4.5)), ("L", (x + 34, y + 4.5)), ("L", (x, y + 0.6)), ("Z", ()))
    return (Path(commands=wedge, fill="bar"),)


def describe(drawn: View, weighed: Weighed, words: Wording) -> tuple[str, str]:
    """The title of the picture and its description, which names every move that is drawn."""
    title = words.text("view.title", title=short(drawn.journey.title), view=words.text("flow.title"))
    strongest = sorted(weighed.edges, key=lambda e: (-(e.count or 0), e.source, e.target))
    parts = [*facts(drawn, weighed, words), *(told(edge, drawn, words) for edge in strongest)]
    return title, ". ".join(part.rstrip(".") for part in parts) + "."
