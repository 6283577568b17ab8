"""Every point of the matrix with its figures, by quadrant, in as many columns as the plot is high; and what has no place."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from journeykit.drawing.blocks import Block, block
from journeykit.drawing.matrix.dots import Dot
from journeykit.drawing.scene import Box, Group, Mark, Rule
from journeykit.drawing.viewing import Spot, View
from journeykit.results import Score

__all__ = ["Table", "digits", "listed", "table"]

_NUMBER, _GAP = 34.0, 28.0
_INKS = {"mend-first": "neg", "keep": "pos"}


def digits(found: Sequence[Score]) -> int:
    """The decimals of a column of figures: two significant ones for the smallest of them, three at most."""
    least = min((abs(s.value) for s in found if s.value), default=1.0)
    return 1 if least >= 10 else 2 if least >= 0.1 else 3


@frozen(kw_only=True)
class _Row:
    """A point, or the name of the quadrant that the points beneath it lie in."""

    dot: Dot | None
    said: str
    height: float
    ink: str = "ink"


@frozen(kw_only=True)
class Table:
    """The rows in columns of ``width``, not yet in their place."""

    drawn: View
    names: tuple[str, str]
    columns: tuple[tuple[_Row, ...], ...]
    width: float
    head: float
    places: tuple[int, int]

    @property
    def figures(self) -> float:
        """The width of a column of figures."""
        return 84.0 if len(self.columns) == 1 else 64.0

    @property
    def across(self) -> float:
        """The width of all columns."""
        return len(self.columns) * (self.width + _GAP) - _GAP

    @property
    def height(self) -> float:
        """The height of the longest column."""
        return self.head + max((sum(row.height for row in column) for column in self.columns), default=0.0)

    def at(self, x: float, top: float) -> Group:
        """The table with its left upper corner here."""
        marks: list[Mark] = []
        for place, column in enumerate(self.columns):
            marks += self._column(column, x + place * (self.width + _GAP), top)
        return Group(kind="table", marks=tuple(marks))

    def _column(self, rows: Sequence[_Row], x: float, top: float) -> list[Mark]:
        right = x + self.width
        ends = (right - 2 * self.figures, right - self.figures)
        marks: list[Mark] = [
            block(name, at, top, self.figures, size=12, weight=600, colour="subtle", align="right", most=2).text
            for at, name in zip(ends, self.names, strict=True)
        ]
        y = top + self.head
        for row in rows:
            if row.dot is None:
                said = block(row.said, x, y + row.height - 23, ends[0] - x, size=13, weight=700, colour=row.ink, most=1)
                marks.append(said.text)
            else:
                marks.append(Rule(x1=x, y1=y, x2=right, y2=y, stroke="line"))
                marks += self._point(row.dot, row.said, x, y + 5, ends)
            y += row.height
        return marks

    def _point(self, dot: Dot, said: str, x: float, y: float, ends: tuple[float, float]) -> list[Mark]:
        words = self.drawn.words
        number = words.number(dot.spot.number)
        marks: list[Mark] = [block(number, x, y, _NUMBER - 8, size=12.5, weight=700, colour="accent", most=1).text]
        marks.append(block(said, x + _NUMBER, y, ends[0] - x - _NUMBER, size=12.5, most=4).text)
        for at, score, places in zip(ends, (dot.x, dot.y), self.places, strict=True):
            weight, ink = (600, "ink") if score.status == "ok" else (400, "subtle")
            figure = words.number(score.value or 0.0, places)
            marks.append(
                block(figure, at, y, self.figures, size=12.5, weight=weight, colour=ink, align="right", most=1).text
            )
        return marks


def table(
    drawn: View, quadrants: Sequence[tuple[str | None, Sequence[Dot]]], names: tuple[str, str], room: float
) -> Table:
    """The table in one column, or in two or three where one would be higher than ``room``.

    ``quadrants`` are the keys of their names (None: no name) with their points.
    """
    found = [dot for _, dots in quadrants for dot in dots]
    places = digits([dot.x for dot in found]), digits([dot.y for dot in found])
    made = Table(drawn=drawn, names=names, columns=((),), width=400.0, head=0.0, places=places)
    for count in (1, 2, 3):
        width, figures = (400.0, 84.0) if count == 1 else (330.0, 64.0)
        head = max(block(name, 0, 0, figures, size=12, weight=600, most=2).height for name in names) + 4
        rows = _rows(drawn, quadrants, width - 2 * figures - _NUMBER)
        columns = _split(rows, count)
        made = Table(drawn=drawn, names=names, columns=columns, width=width, head=head, places=places)
        if made.height <= room:
            break
    return made


def _rows(drawn: View, quadrants: Sequence[tuple[str | None, Sequence[Dot]]], room: float) -> list[_Row]:
    rows: list[_Row] = []
    for key, dots in quadrants:
        if key is not None and dots:
            # The first one stands beside the heads of the columns.
            name, ink = drawn.words.text(f"matrix.{key}"), _INKS.get(key, "muted")
            rows.append(_Row(dot=None, said=name, height=34.0 if rows else 0.0, ink=ink))
        for dot in dots:
            title = dot.spot.touchpoint.title
            rows.append(_Row(dot=dot, said=title, height=block(title, 0, 0, room, size=12.5, most=4).height + 10))
    return rows


def _split(rows: Sequence[_Row], count: int) -> tuple[tuple[_Row, ...], ...]:
    """The rows in columns of nearly the same height; the name of a quadrant is never the last of its column."""
    least = sum(row.height for row in rows) / count
    columns: list[list[_Row]] = [[]]
    for row in rows:
        full = sum(other.height for other in columns[-1])
        if len(columns) < count and columns[-1] and full + row.height / 2 > least:
            named = columns[-1][-1].dot is None
            # At the head of a column the name stands beside the heads of the figures.
            columns.append([evolve(columns[-1].pop(), height=0.0)] if named else [])
        columns[-1].append(row)
    return tuple(tuple(column) for column in columns if column)


def listed(drawn: View, left: Sequence[tuple[Spot, str]], box: Box, columns: int) -> tuple[Group, float]:
    """What has no place, each with its reason, in columns from the corner of ``box`` on; and the y below them."""
    words = drawn.words
    title = block(words.text("matrix.unplaced"), box.x, box.y, box.width, size=13, weight=700, colour="muted")
    marks: list[Mark] = [title.text]
    width = (box.width - (columns - 1) * _GAP) / columns
    y = box.y + title.height + 6
    for start in range(0, len(left), columns):
        tallest = 0.0
        for place, (spot, why) in enumerate(left[start : start + columns]):
            x = box.x + place * (width + _GAP)
            number = block(words.number(spot.number), x, y, _NUMBER - 8, size=12.5, weight=700, colour="subtle", most=1)
            name = block(spot.touchpoint.title, x + _NUMBER, y, width - _NUMBER, size=12.5, weight=600, most=2)
            said: Block = block(why, x + _NUMBER, y + name.height, width - _NUMBER, size=12, colour="subtle", most=3)
            marks += [number.text, name.text, said.text]
            tallest = max(tallest, name.height + said.height)
        y += tallest + 9
    return Group(kind="unplaced", marks=tuple(marks)), y
