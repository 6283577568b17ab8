"""How the emotion curve is laid out: every height comes from measured text, so nothing is cut and nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from journeykit.drawing.feelings import Curve
from journeykit.model import Journey
from journeykit.renderers._curve_points import aside, lone, runs, smooth
from journeykit.renderers._curve_text import SPACING, Pen, families
from journeykit.renderers._curve_values import HIGH, LOW, MUTED, SMALL, Value, look, placed, shade

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Drawing"]

INK, SUBTLE, GRID, BAND, ZONE = "#0F172A", "#55647A", "#D5DCE6", "#8FA0B8", "#F5F7FB"
POSITIVE_SOFT, NEGATIVE_SOFT = "#D6E6F8", "#FBDCC8"
MOMENT, MOMENT_LINE = "#8A5A00", "#C99A2E"
STAGES: Final = ("#1B2A4E", "#263B66", "#2F4C7E", "#3A588C", "#436399")
WORDS: Final = ((2, "Delighted"), (1, "Happy"), (0, "Neutral"), (-1, "Unhappy"), (-2, "Frustrated"))
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur", "yi"})
LABEL, TITLE = 9.0, 16.0


@frozen(kw_only=True)
class Drawing:
    """One journey's curves, ready to be drawn on a figure of their own or on given axes."""

    journey: Journey
    curves: tuple[Curve, ...]
    count: int = field(init=False)
    mirrored: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "count", len(self.journey.touchpoints()))
        object.__setattr__(self, "mirrored", self.journey.language.split("-")[0].lower() in RIGHT_TO_LEFT)

    def figure(self, dpi: float) -> Figure:
        """A figure as wide as the touchpoints and as high as the texts ask for."""
        from matplotlib.figure import Figure  # noqa: PLC0415

        pen = Pen(dpi)
        column = max(0.86, min(1.45, 22 / self.count)) * dpi
        side, edge = 1.05 * dpi, 0.3 * dpi
        plot = max(column * self.count, 3.6 * dpi)
        wide = plot + side + edge
        title = pen.wrap(self.journey.title, wide - 2 * edge, TITLE, bold=True)
        under = [
            line for part in self._subtitle(pen, wide - 2 * edge) for line in pen.wrap(part, wide - 2 * edge, LABEL)
        ]
        foot = pen.wrap(self._footnote(), wide - 2 * edge, SMALL)
        titled = pen.height(title, TITLE, bold=True) + 0.06 * dpi
        head = titled + pen.height(under, LABEL) + 0.2 * dpi
        keys = self._keys(pen, wide - 2 * edge)
        labels = self._labels(pen, plot / self.count)
        footed = pen.height(foot, SMALL)
        below = max(map(len, labels)) * pen.leading(labels, LABEL) + 0.36 * dpi + footed
        tall_plot = 3.7 * dpi + self._header_height(pen, plot / self.count)
        high = edge + head + len(keys) * pen.line(LABEL) * 1.25 + 0.1 * dpi + tall_plot + below + edge
        figure = Figure(figsize=(wide / dpi, high / dpi), dpi=dpi, facecolor="white")
        left = edge if self.mirrored else side
        top = edge + head + len(keys) * pen.line(LABEL) * 1.25 + 0.1 * dpi
        ax = figure.add_axes((left / wide, 1 - (top + tall_plot) / high, plot / wide, tall_plot / high))
        start, align = ((wide - edge) / wide, "right") if self.mirrored else (edge / wide, "left")
        place: dict[str, Any] = {"ha": align, "va": "top", "linespacing": SPACING, **_face()}
        figure.text(start, 1 - edge / high, "\n".join(title), size=TITLE, weight="bold", color=INK, **place)
        y = 1 - (edge + titled) / high
        figure.text(start, y, "\n".join(under), size=LABEL, color=MUTED, **place)
        figure.text(start, (edge * 0.7 + footed) / high, "\n".join(foot), size=SMALL, color=SUBTLE, **place)
        self._draw_keys(figure, keys, pen, edge, (edge + head) / high, wide, high)
        self.on(ax)
        return figure

    def on(self, ax: Axes) -> None:
        """Draw on these axes: stages, scale, bands, lines, points, moments and the touchpoints' names."""
        pen = Pen(float(ax.figure.dpi))
        box = ax.get_window_extent()
        column = box.width / self.count
        header = self._header_height(pen, column)
        unit = (HIGH - LOW) / max(box.height - header, 40.0)
        ax.set_xlim((self.count - 0.5, -0.5) if self.mirrored else (-0.5, self.count - 0.5))
        ax.set_ylim(LOW, HIGH + header * unit)
        self._scale(ax)
        self._stages(ax, pen, column, unit)
        values = placed(self.curves, pen, column, unit)
        self._moments(ax, pen, column, unit, values)
        for number, (curve, places) in enumerate(zip(self.curves, aside(self.curves), strict=True)):
            self._curve(ax, curve, number, places)
        self._values(ax, pen, unit, column, values)
        ax.set_xticks(range(self.count), [""] * self.count)
        texts = self._labels(pen, column)
        leading = pen.leading(texts, LABEL)
        for x, lines in enumerate(texts):
            top = LOW - 0.1 * pen.dpi * unit
            self._lines(ax, x, top, lines, leading * unit, size=LABEL, color=INK, gid=f"name-{x}")

    # -- texts ---------------------------------------------------------------------------------------------------------

    @staticmethod
    def _lines(ax: Axes, x: float, top: float, lines: Sequence[str], leading: float, **style: Any) -> None:
        """Lines of text one by one, each on its own baseline: set as one text, its glyphs would move the whole."""
        for i, line in enumerate(lines):
            ax.text(x, top - (i + 0.77) * leading, line, ha="center", va="baseline", **style, **_face())

    def _subtitle(self, pen: Pen, width: float) -> list[str]:
        """What is drawn, and the scenario: in one line with a dot between them if they fit."""
        whose = f" of {self.curves[0].name}" if len(self.curves) == 1 and self.curves[0].name != "Everyone" else ""
        parts = [f"Emotion{whose} along the journey", *([self.journey.scenario] if self.journey.scenario else [])]
        line = " · ".join(parts)
        return [line] if pen.width(line, LABEL) <= width else parts

    def _footnote(self) -> str:
        points = [point for curve in self.curves for point in curve.points]
        known = [point for point in points if point is not None]
        notes = ["Valence from −2 (frustrated) to +2 (delighted)"]
        if any(point.spread for point in known):
            alone = any(lone(curve) for curve in self.curves)
            notes.append(f"band{' or upright bar' if alone else ''}: one standard deviation to either side")
        if any(point.assumed for point in known):
            notes.append("hollow: assumed, not measured")
        if len(known) < len(points):
            notes.append("gap: the map says nothing")
        return "; ".join(notes) + "."

    def _labels(self, pen: Pen, column: float) -> list[list[str]]:
        return [pen.wrap(t.title, column * 0.9, LABEL) for t in self.journey.touchpoints()]

    def _stage_titles(self, pen: Pen, column: float) -> list[list[str]]:
        return [
            pen.wrap(stage.title, column * len(stage.touchpoints) - pen.dpi * 0.16, LABEL, bold=True)
            for stage in self.journey.stages
            if stage.touchpoints
        ]

    def _moment_texts(self, pen: Pen, column: float) -> list[list[str]]:
        """Kind and label of every moment of truth; in one line with a dot between them if they fit."""
        found: list[list[str]] = []
        for moment in (t.moment for t in self.journey.touchpoints()):
            parts = [moment.kind.capitalize(), *([moment.label] if moment.label else [])] if moment else []
            line = " · ".join(parts)
            parts = [line] if pen.width(line, SMALL, bold=True) <= column * 0.94 else parts
            found.append([row for part in parts for row in pen.wrap(part, column * 0.94, SMALL, bold=True) if row])
        return found

    def _stage_height(self, pen: Pen, column: float) -> float:
        titles = self._stage_titles(pen, column)
        return max(map(len, titles)) * pen.leading(titles, LABEL, bold=True) + 0.14 * pen.dpi

    def _header_height(self, pen: Pen, column: float) -> float:
        texts = self._moment_texts(pen, column)
        most = max(map(len, texts)) * pen.leading(texts, SMALL, bold=True)
        star = 0.26 * pen.dpi if most else 0.0
        return self._stage_height(pen, column) + most + star + 0.06 * pen.dpi

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _scale(self, ax: Axes) -> None:
        ax.set_facecolor("none")
        for side in ax.spines.values():
            side.set_visible(False)
        for valence, _ in WORDS:
            ax.axhline(valence, color=BAND if valence == 0 else GRID, lw=1.0 if valence == 0 else 0.7, zorder=1,
                       ls="-" if valence == 0 else (0, (2, 3)))  # fmt: skip
        ax.set_yticks([valence for valence, _ in WORDS])
        ax.set_yticklabels([word for _, word in WORDS], fontsize=LABEL, color=MUTED, **_face())
        if self.mirrored:
            ax.yaxis.tick_right()
        ax.tick_params(length=0, pad=7)
        start = 0
        for i, stage in enumerate(s for s in self.journey.stages if s.touchpoints):
            if i % 2 == 0:
                ax.axvspan(start - 0.5, start + len(stage.touchpoints) - 0.5, color=ZONE, lw=0, zorder=0)
            start += len(stage.touchpoints)

    def _stages(self, ax: Axes, pen: Pen, column: float, unit: float) -> None:
        from matplotlib.patches import Rectangle  # noqa: PLC0415

        top = ax.get_ylim()[1]
        high = self._stage_height(pen, column) * unit
        stages = [s for s in self.journey.stages if s.touchpoints]
        gap = 0.03 * pen.dpi / column
        start = 0
        titles = self._stage_titles(pen, column)
        leading = pen.leading(titles, LABEL, bold=True)
        for i, (stage, lines) in enumerate(zip(stages, titles, strict=True)):
            colour = STAGES[round(i * (len(STAGES) - 1) / max(len(stages) - 1, 1))]
            wide = len(stage.touchpoints)
            ax.add_patch(
                Rectangle((start - 0.5 + gap / 2, top - high), wide - gap, high, facecolor=colour, lw=0, zorder=2)
            )
            upper = top - (high - len(lines) * leading * unit) / 2
            self._lines(ax, start - 0.5 + wide / 2, upper, lines, leading * unit, size=LABEL, weight="bold",
                        color="white", zorder=3)  # fmt: skip
            start += wide

    def _moments(self, ax: Axes, pen: Pen, column: float, unit: float, values: list[Value]) -> None:
        high = ax.get_ylim()[1]
        top = high - (self._stage_height(pen, column) + 0.06 * pen.dpi) * unit
        texts = self._moment_texts(pen, column)
        leading = pen.leading(texts, SMALL, bold=True)
        for x, lines in enumerate(texts):
            if not lines:
                continue
            self._lines(ax, x, top, lines, leading * unit, size=SMALL, weight="bold", color=MOMENT, zorder=6)
            star = top - (len(lines) * leading + 0.1 * pen.dpi) * unit
            ax.plot([x], [star], marker="*", ms=10, mfc="#FFF4D6", mec=MOMENT, mew=1.1, ls="none", zorder=6)
            known = [
                point.valence + (point.spread or 0.0 if x in lone(curve) else 0.0)
                for curve in self.curves
                if (point := curve.points[x])
            ]
            start, end = star - 0.08 * pen.dpi * unit, max(known, default=-2.0)
            middle = (x + 0.5) * column
            own = [v.box for v in values if v.x == x and v.box.x < middle < v.box.right]
            for box in sorted(own, key=lambda box: box.y):
                if HIGH - box.y * unit > end:
                    ax.plot(
                        [x, x], [HIGH - (box.y - 2) * unit, start], color=MOMENT_LINE, lw=1.1, ls=(0, (1, 2)), zorder=2
                    )
                    start = HIGH - (box.bottom + 2) * unit
            if start - end > 8 * unit:
                ax.plot([x, x], [end, start], color=MOMENT_LINE, lw=1.1, ls=(0, (1, 2)), zorder=2)

    def _curve(self, ax: Axes, curve: Curve, number: int, places: list[float]) -> None:
        colour, dash, marker = look(number) if len(self.curves) > 1 else (INK, "-", "o")
        for start, stop in runs(point is not None for point in curve.points):
            xs, ys = smooth(places[start:stop], [point.valence for point in curve.points[start:stop] if point])
            if len(self.curves) == 1:
                ax.fill_between(xs, ys, 0, where=ys >= 0, color=POSITIVE_SOFT, lw=0, interpolate=True, zorder=1.2)
                ax.fill_between(xs, ys, 0, where=ys <= 0, color=NEGATIVE_SOFT, lw=0, interpolate=True, zorder=1.2)
            ax.plot(xs, ys, color=colour, lw=2.1, ls=dash, zorder=4, solid_capstyle="round")
        for start, stop in runs(point is not None and point.spread is not None for point in curve.points):
            inside = [point for point in curve.points[start:stop] if point]
            if stop - start == 1:
                ends = (
                    max(inside[0].valence - (inside[0].spread or 0), -2),
                    min(inside[0].valence + (inside[0].spread or 0), 2),
                )
                ax.plot([places[start]] * 2, ends, color=colour, lw=1.1, marker="_", ms=8, mew=1.1, zorder=3)
                continue
            xs, low = smooth(places[start:stop], [max(p.valence - (p.spread or 0), -2) for p in inside])
            _, high = smooth(places[start:stop], [min(p.valence + (p.spread or 0), 2) for p in inside])
            ax.fill_between(xs, low, high, color=BAND if len(self.curves) == 1 else colour, alpha=0.22, lw=0, zorder=2)
        for x, point in enumerate(curve.points):
            if point is not None:
                own = shade(point.valence) if len(self.curves) == 1 else colour
                ax.plot([places[x]], [point.valence], marker=marker, ms=8, mfc="white" if point.assumed else own, mec=own if
                        point.assumed else "white", mew=1.6 if point.assumed else 1.0, ls="none", zorder=5)  # fmt: skip

    def _values(self, ax: Axes, pen: Pen, unit: float, column: float, values: list[Value]) -> None:
        """The signed figures and their tags, each where `placed` found room; a thin halo keeps gridlines off the letters."""
        from matplotlib.patheffects import withStroke  # noqa: PLC0415

        for value in values:
            leading = value.box.height / len(value.lines)
            x = (value.box.x + value.box.width / 2) / column - 0.5
            top = HIGH - value.box.y * unit
            self._lines(ax, x, top, value.lines, leading * unit, size=SMALL, weight="bold", color=value.colour, zorder=7,
                        path_effects=[withStroke(linewidth=pen.dpi / 72 * 1.1, foreground="white")])  # fmt: skip

    # -- the key of several curves ---------------------------------------------------------------------------------------

    def _keys(self, pen: Pen, width: float) -> list[list[tuple[float, int, str]]]:
        """Rows of (x, number, name): every curve's line sample and name, wrapped to the width."""
        if len(self.curves) == 1:
            return []
        rows: list[list[tuple[float, int, str]]] = [[]]
        x = 0.0
        for number, curve in enumerate(self.curves):
            name = pen.wrap(curve.name, width * 0.6, LABEL, most=1)[0]
            step = 0.5 * pen.dpi + pen.width(name, LABEL) + 0.3 * pen.dpi
            if x + step > width and rows[-1]:
                rows.append([])
                x = 0.0
            rows[-1].append((x, number, name))
            x += step
        return rows

    def _draw_keys(
        self, figure: Figure, rows: list[list[tuple[float, int, str]]], pen: Pen, edge: float, top: float,
        wide: float, high: float,
    ) -> None:  # fmt: skip
        from matplotlib.lines import Line2D  # noqa: PLC0415

        for i, row in enumerate(rows):
            y = 1 - top - (i + 0.5) * pen.line(LABEL) * 1.25 / high
            for x, number, name in row:
                colour, dash, marker = look(number)
                at = [edge + x, edge + x + 0.2 * pen.dpi, edge + x + 0.4 * pen.dpi]
                xs = [1 - v / wide if self.mirrored else v / wide for v in at]
                figure.add_artist(
                    Line2D(xs, [y] * 3, color=colour, ls=dash, lw=2.1, marker=marker, markevery=[1], ms=7, mec="white")
                )
                text = edge + x + 0.5 * pen.dpi
                baseline = y - 0.26 * pen.line(LABEL) / high
                figure.text(1 - text / wide if self.mirrored else text / wide, baseline, name, size=LABEL, color=INK,
                            va="baseline", ha="right" if self.mirrored else "left", **_face())  # fmt: skip


def _face() -> dict[str, Any]:
    return {"family": list(families()), "parse_math": False}
