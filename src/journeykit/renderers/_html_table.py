"""The picture as tables: every text of the scene, lane by lane, so that no figure is only to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from journeykit.drawing.scene import Circle, Group, Rect, Scene, Text, texts
from journeykit.drawing.text import collapse
from journeykit.drawing.text import joined as unwrapped
from journeykit.drawing.wording import Wording
from journeykit.model import Journey, Stage, Touchpoint
from journeykit.renderers._html_markup import Markup, joined, tag
from journeykit.renderers._html_picture import group_of, lanes_of, words_of

__all__ = ["map_table"]

# The cards stand in the head of each row, not in a column of their own.
_FIRST = "touchpoints"
_FELT = "emotion"
_BOLD, _BOLDEST = 600, 700


def map_table(journey: Journey, scene: Scene, wording: Wording) -> Markup:
    """The header's figures, then one row a touchpoint and one column a lane, then what the legend says."""
    about, figures = _head(scene)
    parts: list[Markup] = [*(tag("p", words) for words in about)]
    if figures:
        rows = [
            tag("tr", tag("th", label, scope="row"), tag("td", value), tag("td", notes))
            for label, value, notes in figures
        ]
        parts.append(_scrolled(tag("table", tag("caption", wording.text("html.figures")), tag("tbody", rows))))
    parts.append(_scrolled(_lanes(journey, scene, wording)))
    legend = Group(marks=group_of(scene, "legend"))
    parts += [tag("p", " · ".join(words_of(legend, deep=True)), class_="note")]
    return joined(*parts)


def _scrolled(table: Markup) -> Markup:
    # A wide table scrolls in a frame of its own; who has no mouse reaches it with the keyboard.
    return tag("div", table, class_="wide", tabindex="0")


def _head(scene: Scene) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What the header says: its running texts, and the figures of its chips as label, value and notes."""
    marks = group_of(scene, "header")
    own_texts = [mark for mark in marks if isinstance(mark, Text) and mark.lines]
    chips = [mark.box for mark in marks if isinstance(mark, Rect)]
    discs = [mark for mark in marks if isinstance(mark, Circle)]
    figures: list[tuple[str, str, str]] = []
    for box in chips:
        own = [text for text in own_texts if box.contains(text.box)]
        own_texts = [text for text in own_texts if not box.contains(text.box)]
        label, value, *notes = [*map(_words, own), "", ""]
        if label:
            figures.append((label, value, " · ".join(filter(None, notes))))
    # The letter on a persona's disc only repeats the name beside it.
    about = [t for t in own_texts if not any(abs(t.x - d.x) < 1 and abs(t.y - d.y) < d.r for d in discs)]
    return [_words(text) for text in about], figures


def _words(text: Text) -> str:
    return unwrapped(text.lines)


def _lanes(journey: Journey, scene: Scene, wording: Wording) -> Markup:
    lanes = [lane.name for lane in lanes_of(scene) if lane.name != _FIRST]
    notes = {mark.name: list(words_of(mark)) for mark in scene.marks if isinstance(mark, Group) and mark.kind == "lane"}
    head = []
    for lane in (_FIRST, *lanes):
        label = wording.text(f"lane.{lane}")
        own = (tag("small", words) for words in notes.get(lane, ()) if words != label)
        head.append(tag("th", label, own, scope="col"))
    drawn = {group.name: group for group in group_of(scene, "touchpoints") if isinstance(group, Group)}
    bodies: list[Markup] = []
    number = 0
    for stage in journey.stages:
        rows = [_stage_row(stage, len(lanes) + 1)]
        for touchpoint in stage.touchpoints:
            number += 1
            column = drawn.get(touchpoint.id)
            cells = [
                tag("td", _felt(column, journey, wording) if lane == _FELT else _cell(column, lane)) for lane in lanes
            ]
            rows.append(joined("\n", tag("tr", _row_head(touchpoint, number, column), cells, data_tp=touchpoint.id)))
        bodies.append(joined("\n", tag("tbody", rows)))
    return tag("table", tag("caption", scene.title), tag("thead", tag("tr", head)), bodies)


def _stage_row(stage: Stage, width: int) -> Markup:
    goal = tag("small", stage.goal) if stage.goal else None
    return tag("tr", tag("th", stage.title, goal, colspan=width, scope="rowgroup"), class_="stage")


def _row_head(touchpoint: Touchpoint, number: int, column: Group | None) -> Markup:
    """The touchpoint's number and title, and what else its card says."""
    title = tag("a", f"{number}. {touchpoint.title}", href=f"#tp-{touchpoint.id}")
    said = (str(number), collapse(touchpoint.title))
    return tag("th", title, _cell(column, _FIRST, said), scope="row")


def _cell(column: Group | None, lane: str, said: Sequence[str] = ()) -> Iterator[Markup]:
    """The texts of one lane at one touchpoint. What is set in bold begins a line, as it begins a thought in the picture.

    What one persona says stands in a line of its own, which goes when others are chosen.
    """
    line: list[str] = []
    whose: str | None = None
    for css, text in _texts(column, lane):
        words = _words(text)
        if words in said:
            continue
        if line and (text.weight >= _BOLD or css != whose):
            yield tag("div", " · ".join(line), class_=whose)
            line = []
        whose = css
        line.append(words)
    if line:
        yield tag("div", " · ".join(line), class_=whose)


def _felt(column: Group | None, journey: Journey, wording: Wording) -> Iterator[Markup]:
    """What is felt at one touchpoint: of several curves one line each, under its name, which the picture tells by colour."""
    said: dict[str | None, list[Text]] = {}
    for group in column.marks if column else ():
        if isinstance(group, Group) and group.css == f"lane-{_FELT}":
            for mark in group.marks:
                whose = mark.css.removeprefix("by-") if isinstance(mark, Group) and mark.css else None
                said.setdefault(whose, []).extend(text for text in texts((mark,)) if text.lines)
    names = {persona.id: collapse(persona.name) for persona in journey.personas}
    if not names.keys() & said.keys():
        yield from _cell(column, _FELT)
        return
    for persona, name in (*names.items(), (None, wording.text("everyone-else"))):
        # The name stands beside a curve once, in as many lines as it needs there; the values are bolder than it.
        own = [_words(text) for text in said.get(persona, ()) if text.weight >= _BOLDEST or _words(text) not in name]
        if own:
            yield tag("div", " · ".join([name, *own]), class_=f"by-{persona}" if persona else None)


def _texts(column: Group | None, lane: str) -> Iterator[tuple[str | None, Text]]:
    """The texts of one lane with the class of whose they are."""
    for group in column.marks if column else ():
        if isinstance(group, Group) and group.css == f"lane-{lane}":
            for mark in group.marks:
                own = mark.css if isinstance(mark, Group) else None
                yield from ((own, text) for text in texts((mark,)) if text.lines)
