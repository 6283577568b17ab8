"""How the emotion curve is laid out: every height comes from measured text, so nothing is cut and nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from math import ceil
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from journeykit.drawing.swimlane.sketch import reads_backwards
from journeykit.drawing.theme import Palette
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.renderers._curve_lines import Line
from journeykit.renderers._curve_notes import footnote, moments, subtitle
from journeykit.renderers._curve_points import aside, lone, runs, smooth
from journeykit.renderers._curve_text import Pen, families
from journeykit.renderers._curve_values import HIGH, LOW, SMALL, Value, look, placed, shade

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Drawing", "stretches"]

_VALENCES: Final = (2, 1, 0, -1, -2)
_STAGES: Final = ("stage1", "stage2", "stage3", "stage4", "stage5")
LABEL, TITLE = 9.0, 16.0
# Inches: in narrower columns words would be broken everywhere.
_LEAST_COLUMN = 0.62
# More touchpoints than this stand in rows, of about so many each.
_MOST, _ROW = 24, 20


@frozen(kw_only=True)
class Drawing:
    """One journey's lines, ready to be drawn on a figure of their own or on given axes."""

    journey: Journey
    lines: tuple[Line, ...]
    palette: Palette
    words: Wording
    fonts: tuple[str, ...] = ()
    count: int = field(init=False)
    mirrored: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "count", len(self.journey.touchpoints()))
        object.__setattr__(self, "mirrored", reads_backwards(self.journey.language))

    def figure(self, dpi: float) -> Figure:
        """A figure as wide as the touchpoints and as high as the texts ask for."""
        from matplotlib.figure import Figure  # noqa: PLC0415

        pen = self._pen(dpi)
        parts = stretches(self.journey)
        most = max(stop - first for first, stop in parts)
        column = max(0.86, min(1.45, 22 / most)) * dpi
        edge = 0.3 * dpi
        side = max(1.05 * dpi, edge + 0.12 * dpi + max(pen.width(self._valence(v), LABEL) for v in _VALENCES))
        plot = max(column * most, 3.6 * dpi)
        wide = plot + side + edge
        title = pen.wrap(self.journey.title, wide - 2 * edge, TITLE, bold=True, most=4)
        under = [
            line
            for part in subtitle(self.journey, self.lines, self.words, pen, wide - 2 * edge, LABEL)
            for line in pen.wrap(part, wide - 2 * edge, LABEL, most=6)
        ]
        foot = pen.wrap(footnote(self.lines, self.words), wide - 2 * edge, SMALL, most=20)
        titled = len(title) * pen.leading([title], TITLE, bold=True) + 0.04 * dpi
        head = titled + len(under) * pen.leading([under], LABEL) + 0.2 * dpi
        keys = self._keys(pen, wide - 2 * edge)
        keyed = len(keys) * pen.line(LABEL) * 1.25 + 0.1 * dpi
        labels = self._labels(pen, plot / most)
        footed = len(foot) * pen.leading([foot], SMALL)
        below = max(map(len, labels)) * pen.leading(labels, LABEL) + 0.36 * dpi
        tall_plot = 3.7 * dpi + self._header_height(pen, plot / most, parts)
        high = edge + head + keyed + len(parts) * (tall_plot + below) + footed + edge
        figure = Figure(figsize=(wide / dpi, high / dpi), dpi=dpi, facecolor=self.palette.bg)
        top = edge + head + keyed
        self._write(figure, pen, edge, title, size=TITLE, weight="bold", color=self.palette.ink)
        self._write(figure, pen, edge + titled, under, size=LABEL, color=self.palette.muted)
        self._write(figure, pen, high - edge * 0.7 - footed, foot, size=SMALL, color=self.palette.subtle)
        self._draw_keys(figure, keys, pen, edge + head)
        for row, (first, stop) in enumerate(parts):
            own = plot * (stop - first) / most
            left = edge + plot - own if self.mirrored else side
            lower = top + row * (tall_plot + below) + tall_plot
            self.on(
                figure.add_axes((left / wide, 1 - lower / high, own / wide, tall_plot / high)), first=first, stop=stop
            )
        return figure

    def on(self, ax: Axes, *, first: int = 0, stop: int | None = None) -> None:
        """Draw on these axes: stages, scale, bands, lines, points, moments and the touchpoints' names.

        Only the touchpoints from ``first`` to before ``stop`` are in sight; what goes on beyond them is cut.
        """
        pen = self._pen(float(ax.figure.dpi))
        box = ax.get_window_extent()
        stop = self.count if stop is None else stop
        column = box.width / (stop - first)
        header = self._header_height(pen, column, [(first, stop)])
        unit = (HIGH - LOW) / max(box.height - header, 40.0)
        sides = first - 0.5, stop - 0.5
        ax.set_xlim(sides[::-1] if self.mirrored else sides)
        ax.set_ylim(LOW, HIGH + header * unit)
        self._scale(ax)
        self._stages(ax, pen, column, unit, first, stop)
        values = [v for v in placed(self.lines, pen, column, unit, self.palette, self.words) if first <= v.x < stop]
        self._moments(ax, pen, column, unit, values, first, stop)
        for number, (line, places) in enumerate(zip(self.lines, aside(self.lines), strict=True)):
            self._line(ax, line, number, places)
        self._values(ax, pen, unit, column, values)
        ax.set_xticks(range(first, stop), [""] * (stop - first))
        texts = self._labels(pen, column)
        leading = pen.leading(texts, LABEL)
        for x, rows in enumerate(texts[first:stop], start=first):
            top = LOW - 0.1 * pen.dpi * unit
            self._rows(ax, x, top, rows, leading * unit, size=LABEL, color=self.palette.ink, gid=f"name-{x}")

    # -- texts ---------------------------------------------------------------------------------------------------------

    def _pen(self, dpi: float) -> Pen:
        return Pen(dpi, self.fonts)

    def _face(self) -> dict[str, Any]:
        return {"family": list(families(self.fonts)), "parse_math": False}

    def _valence(self, valence: int) -> str:
        return self.words.text(f"valence.{valence}")

    def _rows(self, ax: Axes, x: float, top: float, rows: Sequence[str], leading: float, **style: Any) -> None:
        """Lines of text one by one, each on its own baseline: set as one text, its glyphs would move the whole."""
        for i, row in enumerate(rows):
            ax.text(x, top - (i + 0.77) * leading, row, ha="center", va="baseline", **style, **self._face())

    def _write(self, figure: Figure, pen: Pen, top: float, rows: Sequence[str], size: float, **style: Any) -> None:
        """Lines of text from the figure's edge on, ``top`` pixels below its upper one."""
        wide, high = figure.bbox.width, figure.bbox.height
        edge = 0.3 * pen.dpi / wide
        start, align = (1 - edge, "right") if self.mirrored else (edge, "left")
        leading = pen.leading([rows], size, bold=style.get("weight") == "bold")
        for i, row in enumerate(rows):
            y = 1 - (top + (i + 0.77) * leading) / high
            figure.text(start, y, row, ha=align, va="baseline", size=size, **style, **self._face())

    def _labels(self, pen: Pen, column: float) -> list[list[str]]:
        if self._close(pen, column):
            return [[self.words.number(place)] for place in range(1, self.count + 1)]
        return [pen.wrap(t.title, column * 0.9, LABEL) for t in self.journey.touchpoints()]

    def _close(self, pen: Pen, column: float) -> bool:
        """Whether a column is too narrow for words; then touchpoints have their numbers on the map, and moments a star alone."""
        return column < _LEAST_COLUMN * pen.dpi

    def _told(self, pen: Pen, column: float) -> list[list[str]]:
        """What stands over the star of every moment of truth."""
        if not self._close(pen, column):
            return moments(self.journey, self.words, pen, column, SMALL)
        return [[""] if touchpoint.moment else [] for touchpoint in self.journey.touchpoints()]

    def _stage_titles(
        self, pen: Pen, column: float, first: int, stop: int
    ) -> list[tuple[int, float, float, list[str]]]:
        """Every stage in sight: its place among those that have touchpoints, where it begins and ends, and its title."""
        low, high = first - 0.5, stop - 0.5
        found, start = [], -0.5
        for place, stage in enumerate(s for s in self.journey.stages if s.touchpoints):
            left, right = max(low, start), min(high, start + len(stage.touchpoints))
            start += len(stage.touchpoints)
            if left < right:
                room = column * (right - left) - pen.dpi * 0.16
                found.append((place, left, right, pen.wrap(stage.title, room, LABEL, bold=True, most=6)))
        return found

    def _stage_height(self, pen: Pen, column: float, parts: Sequence[tuple[int, int]]) -> float:
        titles = [title for first, stop in parts for *_, title in self._stage_titles(pen, column, first, stop)]
        return max(map(len, titles)) * pen.leading(titles, LABEL, bold=True) + 0.14 * pen.dpi

    def _header_height(self, pen: Pen, column: float, parts: Sequence[tuple[int, int]]) -> float:
        texts = self._told(pen, column)
        most = max(map(len, texts)) * pen.leading(texts, SMALL, bold=True)
        star = 0.26 * pen.dpi if most else 0.0
        return self._stage_height(pen, column, parts) + (most if star else 0.0) + star + 0.06 * pen.dpi

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _scale(self, ax: Axes) -> None:
        ax.set_facecolor("none")
        for side in ax.spines.values():
            side.set_visible(False)
        for valence in _VALENCES:
            neutral = valence == 0
            ax.axhline(valence, color=self.palette.edge if neutral else self.palette.line, lw=1.0 if neutral else 0.7, zorder=1,
                       ls="-" if neutral else (0, (2, 3)))  # fmt: skip
        ax.set_yticks(list(_VALENCES))
        names = [self._valence(valence) for valence in _VALENCES]
        ax.set_yticklabels(names, fontsize=LABEL, color=self.palette.muted, **self._face())
        if self.mirrored:
            ax.yaxis.tick_right()
        ax.tick_params(length=0, pad=7)
        start = 0
        for i, stage in enumerate(s for s in self.journey.stages if s.touchpoints):
            if i % 2 == 0:
                ax.axvspan(start - 0.5, start + len(stage.touchpoints) - 0.5, color=self.palette.band, lw=0, zorder=0)
            start += len(stage.touchpoints)

    def _stages(self, ax: Axes, pen: Pen, column: float, unit: float, first: int, stop: int) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        top = ax.get_ylim()[1]
        high = self._stage_height(pen, column, [(first, stop)]) * unit
        last = max(sum(1 for stage in self.journey.stages if stage.touchpoints) - 1, 1)
        gap = 0.03 * pen.dpi / column
        titles = self._stage_titles(pen, column, first, stop)
        leading = pen.leading([rows for *_, rows in titles], LABEL, bold=True)
        for place, left, right, rows in titles:
            colour = getattr(self.palette, _STAGES[round(place * (len(_STAGES) - 1) / last)])
            ax.add_patch(
                Rectangle((left + gap / 2, top - high), right - left - gap, high, facecolor=colour, lw=0, zorder=2)
            )
            upper = top - (high - len(rows) * leading * unit) / 2
            self._rows(ax, (left + right) / 2, upper, rows, leading * unit, size=LABEL, weight="bold",
                       color=self.palette.onstage, zorder=3)  # fmt: skip

    def _moments(
        self, ax: Axes, pen: Pen, column: float, unit: float, values: list[Value], first: int, stop: int
    ) -> None:
        """Kind and label of every moment of truth, its star, and a dotted line down to the highest point there."""
        top = ax.get_ylim()[1] - (self._stage_height(pen, column, [(first, stop)]) + 0.06 * pen.dpi) * unit
        texts = self._told(pen, column)
        leading = pen.leading(texts, SMALL, bold=True)
        colours = self.palette
        dots: dict[str, Any] = {"color": colours.moment, "lw": 1.0, "ls": (0, (1, 2)), "zorder": 2}
        for x, rows in enumerate(texts[first:stop], start=first):
            if not rows:
                continue
            self._rows(ax, x, top, rows, leading * unit, size=SMALL, weight="bold", color=colours.moment, zorder=6)
            star = top - (len(rows) * leading + 0.1 * pen.dpi) * unit
            ax.plot(
                [x], [star], marker="*", ms=10, mfc=colours.momentbg, mec=colours.moment, mew=1.1, ls="none", zorder=6
            )
            here = [(point, x in lone(line)) for line in self.lines if (point := line.points[x])]
            known = [p.high if alone and p.high is not None else p.valence for p, alone in here]
            start, end = star - 0.08 * pen.dpi * unit, max(known, default=-2.0)
            middle = (x + 0.5) * column
            own = [v.box for v in values if v.x == x and v.box.x < middle < v.box.right]
            for box in sorted(own, key=lambda box: box.y):
                if HIGH - box.y * unit > end:
                    ax.plot([x, x], [HIGH - (box.y - 2) * unit, start], **dots)
                    start = HIGH - (box.bottom + 2) * unit
            if start - end > 8 * unit:
                ax.plot([x, x], [end, start], **dots)

    def _line(self, ax: Axes, line: Line, number: int, places: list[float]) -> None:
        alone, colours = len(self.lines) == 1, self.palette
        role, dash, marker = look(number) if not alone else ("curve", "-", "o")
        colour = getattr(colours, role)
        for start, stop in runs(point is not None for point in line.points):
            xs, ys = smooth(places[start:stop], [point.valence for point in line.points[start:stop] if point])
            if alone:
                ax.fill_between(xs, ys, 0, where=ys >= 0, color=colours.posfill, lw=0, interpolate=True, zorder=1.2)
                ax.fill_between(xs, ys, 0, where=ys <= 0, color=colours.negfill, lw=0, interpolate=True, zorder=1.2)
            ax.plot(xs, ys, color=colour, lw=2.1, ls=dash, zorder=4, solid_capstyle="round")
        for start, stop in runs(point is not None and point.low is not None for point in line.points):
            ends = [(p.low, p.high) for p in line.points[start:stop] if p and p.low is not None and p.high is not None]
            if stop - start == 1:
                ax.plot([places[start]] * 2, ends[0], color=colour, lw=1.1, marker="_", ms=8, mew=1.1, zorder=3)
                continue
            xs, low = smooth(places[start:stop], [low for low, _ in ends])
            _, high = smooth(places[start:stop], [high for _, high in ends])
            ax.fill_between(xs, low, high, color=colours.edge if alone else colour, alpha=0.22, lw=0, zorder=2)
        for x, point in enumerate(line.points):
            if point is not None:
                own = getattr(colours, shade(point.valence)) if alone else colour
                inside, rim = (colours.bg, own) if point.assumed else (own, colours.bg)
                ax.plot([places[x]], [point.valence], marker=marker, ms=8, mfc=inside, mec=rim,
                        mew=1.6 if point.assumed else 1.0, ls="none", zorder=5)  # fmt: skip

    def _values(self, ax: Axes, pen: Pen, unit: float, column: float, values: list[Value]) -> None:
        """The signed figures and their tags, each where `placed` found room; a thin halo keeps gridlines off the letters."""
        from matplotlib.patheffects import withStroke  # noqa: PLC0415

        halo = [withStroke(linewidth=pen.dpi / 72 * 1.1, foreground=self.palette.bg)]
        for value in values:
            leading = value.box.height / len(value.lines)
            x = (value.box.x + value.box.width / 2) / column - 0.5
            top = HIGH - value.box.y * unit
            self._rows(ax, x, top, value.lines, leading * unit, size=SMALL, weight="bold", color=value.colour, zorder=7,
                       path_effects=halo)  # fmt: skip

    # -- the key of several lines ---------------------------------------------------------------------------------------

    def _keys(self, pen: Pen, width: float) -> list[list[tuple[float, int, str]]]:
        """Rows of (x, number, name): every line's sample and name, wrapped to the width."""
        if len(self.lines) == 1:
            return []
        rows: list[list[tuple[float, int, str]]] = [[]]
        x = 0.0
        for number, line in enumerate(self.lines):
            name = pen.wrap(line.name, width * 0.6, LABEL, most=1)[0]
            step = 0.5 * pen.dpi + pen.width(name, LABEL) + 0.3 * pen.dpi
            if x + step > width and rows[-1]:
                rows.append([])
                x = 0.0
            rows[-1].append((x, number, name))
            x += step
        return rows

    def _draw_keys(self, figure: Figure, rows: list[list[tuple[float, int, str]]], pen: Pen, top: float) -> None:
        from matplotlib.lines import Line2D  # noqa: PLC0415

        wide, high, edge = figure.bbox.width, figure.bbox.height, 0.3 * pen.dpi
        for i, row in enumerate(rows):
            y = 1 - (top + (i + 0.5) * pen.line(LABEL) * 1.25) / high
            for x, number, name in row:
                role, dash, marker = look(number)
                at = [edge + x, edge + x + 0.2 * pen.dpi, edge + x + 0.4 * pen.dpi]
                xs = [1 - v / wide if self.mirrored else v / wide for v in at]
                figure.add_artist(Line2D(xs, [y] * 3, color=getattr(self.palette, role), ls=dash, lw=2.1, marker=marker,
                                         markevery=[1], ms=7, mec=self.palette.bg))  # fmt: skip
                text = edge + x + 0.5 * pen.dpi
                baseline = y - 0.26 * pen.line(LABEL) / high
                figure.text(1 - text / wide if self.mirrored else text / wide, baseline, name, size=LABEL,
                            color=self.palette.ink, va="baseline", ha="right" if self.mirrored else "left",
                            **self._face())  # fmt: skip


def stretches(journey: Journey) -> list[tuple[int, int]]:
    """The rows of a picture as half-open (first, stop) pairs of touchpoints; a row ends with a stage where it is nearly full."""
    count = len(journey.touchpoints())
    if count <= _MOST:
        return [(0, count)]
    each = ceil(count / ceil(count / _ROW))
    ends = set(accumulate(len(stage.touchpoints) for stage in journey.stages))
    found: list[tuple[int, int]] = []
    first = 0
    while first < count:
        full = min(first + each, count)
        stop = max((end for end in ends if first + 0.7 * each <= end <= full), default=full)
        found.append((first, stop))
        first = stop
    return found
