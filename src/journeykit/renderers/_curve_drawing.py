"""How the emotion curve is laid out: every height comes from measured text, so nothing is cut and nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from journeykit.model import Journey
from journeykit.renderers._curve_points import Curve, Point, runs
from journeykit.renderers._curve_text import SPACING, Pen, families

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Drawing"]

INK, MUTED, SUBTLE, GRID, BAND, ZONE = "#0F172A", "#475569", "#55647A", "#D5DCE6", "#8FA0B8", "#F5F7FB"
POSITIVE, POSITIVE_SOFT, NEGATIVE, NEGATIVE_SOFT = "#0B5CAD", "#D6E6F8", "#B4410A", "#FBDCC8"
MOMENT, MOMENT_LINE = "#8A5A00", "#C99A2E"
STAGES: Final = ("#1B2A4E", "#263B66", "#2F4C7E", "#3A588C", "#436399")
# Several curves differ in colour, in dash and in marker: never in colour alone.
LINES: Final = (("#0B5CAD", "-", "o"), ("#B4410A", "--", "s"), ("#6B3FA0", "-.", "^"), ("#0F6E66", ":", "D"))
WORDS: Final = ((2, "Delighted"), (1, "Happy"), (0, "Neutral"), (-1, "Unhappy"), (-2, "Frustrated"))
RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur", "yi"})
# The room of the scale: -2 and +2, and above and below them one value label.
LOW, HIGH = -2.62, 2.62
LABEL, SMALL, TITLE = 9.0, 8.0, 16.0


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
        under = pen.wrap(self._subtitle(), wide - 2 * edge, LABEL)
        foot = pen.wrap(self._footnote(), wide - 2 * edge, SMALL)
        titled = pen.height(title, TITLE, bold=True) + 0.06 * dpi
        head = titled + pen.height(under, LABEL) + 0.2 * dpi
        keys = self._keys(pen, wide - 2 * edge)
        labels = self._labels(pen, plot / self.count)
        footed = pen.height(foot, SMALL)
        below = max(pen.height(lines, LABEL) for lines in labels) + 0.3 * dpi + footed
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
        self._moments(ax, pen, column, unit)
        for place, curve in enumerate(self.curves):
            self._curve(ax, curve, place)
        self._values(ax)
        texts = self._labels(pen, column)
        ax.set_xticks(range(self.count))
        ax.set_xticklabels(
            ["\n".join(lines) for lines in texts], fontsize=LABEL, color=INK, linespacing=SPACING, **_face()
        )

    # -- texts ---------------------------------------------------------------------------------------------------------

    def _subtitle(self) -> str:
        whose = f" of {self.curves[0].name}" if len(self.curves) == 1 and self.curves[0].name != "Everyone" else ""
        scenario = f" · {self.journey.scenario}" if self.journey.scenario else ""
        return f"Emotion{whose} along the journey{scenario}"

    def _footnote(self) -> str:
        points = [point for curve in self.curves for point in curve.points]
        known = [point for point in points if point is not None]
        notes = ["Valence from −2 (frustrated) to +2 (delighted)"]
        if any(point.spread for point in known):
            notes.append("band: one standard deviation to either side")
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
        return [
            pen.wrap(
                " · ".join(filter(None, (t.moment.kind.capitalize(), t.moment.label))), column * 0.94, SMALL, bold=True
            )
            if t.moment
            else []
            for t in self.journey.touchpoints()
        ]

    def _stage_height(self, pen: Pen, column: float) -> float:
        return max(pen.height(lines, LABEL, bold=True) for lines in self._stage_titles(pen, column)) + 0.16 * pen.dpi

    def _header_height(self, pen: Pen, column: float) -> float:
        most = max(pen.height(lines, SMALL, bold=True) for lines in self._moment_texts(pen, column))
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
        for i, (stage, lines) in enumerate(zip(stages, self._stage_titles(pen, column), strict=True)):
            colour = STAGES[round(i * (len(STAGES) - 1) / max(len(stages) - 1, 1))]
            wide = len(stage.touchpoints)
            ax.add_patch(
                Rectangle((start - 0.5 + gap / 2, top - high), wide - gap, high, facecolor=colour, lw=0, zorder=2)
            )
            middle = "center_baseline" if len(lines) == 1 else "center"
            ax.text(start - 0.5 + wide / 2, top - high / 2, "\n".join(lines), size=LABEL, weight="bold", color="white",
                    ha="center", va=middle, linespacing=SPACING, zorder=3, **_face())  # fmt: skip
            start += wide

    def _moments(self, ax: Axes, pen: Pen, column: float, unit: float) -> None:
        top = ax.get_ylim()[1] - (self._stage_height(pen, column) + 0.06 * pen.dpi) * unit
        for x, lines in enumerate(self._moment_texts(pen, column)):
            if not lines:
                continue
            ax.text(x, top, "\n".join(lines), size=SMALL, weight="bold", color=MOMENT, ha="center", va="top",
                    linespacing=SPACING, zorder=6, **_face())  # fmt: skip
            star = top - (pen.height(lines, SMALL, bold=True) + 0.1 * pen.dpi) * unit
            ax.plot([x], [star], marker="*", ms=10, mfc="#FFF4D6", mec=MOMENT, mew=1.1, ls="none", zorder=6)
            values = [curve.points[x] for curve in self.curves]
            to = max((point.valence for point in values if point), default=-2.0)
            ax.plot([x, x], [to, star - 0.08 * pen.dpi * unit], color=MOMENT_LINE, lw=1.1, ls=(0, (1, 2)), zorder=2)

    def _curve(self, ax: Axes, curve: Curve, place: int) -> None:
        colour, dash, marker = LINES[place % len(LINES)] if len(self.curves) > 1 else (INK, "-", "o")
        for start, stop in runs(point is not None for point in curve.points):
            xs, ys = _smooth(start, [point.valence for point in curve.points[start:stop] if point])
            if len(self.curves) == 1:
                ax.fill_between(xs, ys, 0, where=ys >= 0, color=POSITIVE_SOFT, lw=0, interpolate=True, zorder=1.2)
                ax.fill_between(xs, ys, 0, where=ys <= 0, color=NEGATIVE_SOFT, lw=0, interpolate=True, zorder=1.2)
            ax.plot(xs, ys, color=colour, lw=2.1, ls=dash, zorder=4, solid_capstyle="round")
        for start, stop in runs(point is not None and point.spread is not None for point in curve.points):
            inside = [point for point in curve.points[start:stop] if point]
            xs, low = _smooth(start, [max(p.valence - (p.spread or 0), -2) for p in inside])
            _, high = _smooth(start, [min(p.valence + (p.spread or 0), 2) for p in inside])
            ax.fill_between(xs, low, high, color=BAND if len(self.curves) == 1 else colour, alpha=0.22, lw=0, zorder=2)
        for x, point in enumerate(curve.points):
            if point is not None:
                own = _shade(point) if len(self.curves) == 1 else colour
                ax.plot([x], [point.valence], marker=marker, ms=8, mfc="white" if point.assumed else own, mec=own if
                        point.assumed else "white", mew=1.6 if point.assumed else 1.0, ls="none", zorder=5)  # fmt: skip

    def _values(self, ax: Axes) -> None:
        """The signed figures: above the highest point and below the lowest one of each touchpoint."""
        only = self.curves[0].points if len(self.curves) == 1 else ()
        known = [point.valence for point in only if point]
        for x in range(self.count):
            points = sorted((c.points[x] for c in self.curves if c.points[x]), key=lambda p: p.valence if p else 0.0)
            found = [point for point in points if point]
            if not found:
                continue
            ends = [(found[-1], True), (found[0], False)]
            if found[0].valence == found[-1].valence:
                ends = [(found[-1], not _dip(only, x) if only else found[-1].valence >= 0)]
            for point, above in ends:
                tag = _tag(point.valence, known, only, x)
                text = f"{tag}\n{signed(point.valence)}" if above else f"{signed(point.valence)}\n{tag}"
                ax.annotate(text.strip(), (x, point.valence), (0, 8 if above else -8), textcoords="offset points",
                            ha="center", va="bottom" if above else "top", size=SMALL, weight="bold", linespacing=1.2,
                            color=_shade(point), zorder=7, annotation_clip=False,
                            bbox={"boxstyle": "round,pad=0.14", "fc": "white", "ec": "none", "alpha": 0.82},
                            **_face())  # fmt: skip

    # -- the key of several curves ---------------------------------------------------------------------------------------

    def _keys(self, pen: Pen, width: float) -> list[list[tuple[float, int, str]]]:
        """Rows of (x, place, name): every curve's line sample and name, wrapped to the width."""
        if len(self.curves) == 1:
            return []
        rows: list[list[tuple[float, int, str]]] = [[]]
        x = 0.0
        for place, curve in enumerate(self.curves):
            name = pen.wrap(curve.name, width * 0.6, LABEL, most=1)[0]
            step = 0.5 * pen.dpi + pen.width(name, LABEL) + 0.3 * pen.dpi
            if x + step > width and rows[-1]:
                rows.append([])
                x = 0.0
            rows[-1].append((x, place, name))
            x += step
        return rows

    def _draw_keys(
        self, figure: Figure, rows: list[list[tuple[float, int, str]]], pen: Pen, edge: float, top: float,
        wide: float, high: float,
    ) -> None:  # fmt: skip
        from matplotlib.lines import Line2D  # noqa: PLC0415

        for i, row in enumerate(rows):
            y = 1 - top - (i + 0.5) * pen.line(LABEL) * 1.25 / high
            for x, place, name in row:
                colour, dash, marker = LINES[place % len(LINES)]
                at = [edge + x, edge + x + 0.2 * pen.dpi, edge + x + 0.4 * pen.dpi]
                xs = [1 - v / wide if self.mirrored else v / wide for v in at]
                figure.add_artist(
                    Line2D(xs, [y] * 3, color=colour, ls=dash, lw=2.1, marker=marker, markevery=[1], ms=7, mec="white")
                )
                text = edge + x + 0.5 * pen.dpi
                figure.text(1 - text / wide if self.mirrored else text / wide, y, name, size=LABEL, color=INK,
                            va="center_baseline", ha="right" if self.mirrored else "left", **_face())  # fmt: skip


def signed(value: float) -> str:
    """The valence with a sign and one decimal, as the picture writes it; a true minus, and no sign on zero."""
    shown = f"{abs(value):.1f}"
    return shown if shown == "0.0" else f"{'+' if value > 0 else '−'}{shown}"


def _face() -> dict[str, Any]:
    return {"family": list(families()), "parse_math": False}


def _shade(point: Point) -> str:
    if signed(point.valence) == "0.0":
        return MUTED
    return POSITIVE if point.valence > 0 else NEGATIVE


def _dip(points: Sequence[Point | None], x: int) -> bool:
    """Whether the curve turns upward at x, so that a figure below the point stays clear of the line."""
    here = points[x]
    beside = [p.valence for p in (*points[max(x - 1, 0) : x], *points[x + 1 : x + 2]) if p]
    if here is None or not beside:
        return here is not None and here.valence < 0
    return here.valence <= min(beside) and here.valence < max(beside)


def _tag(value: float, known: Sequence[float], only: Sequence[Point | None], x: int) -> str:
    """``Peak`` and ``Lowest point`` at the first touchpoint that has them, on a single curve of three points or more."""
    if len(known) < 3 or min(known) == max(known):
        return ""
    first = next(i for i, point in enumerate(only) if point and point.valence == value)
    if first != x:
        return ""
    return "Peak" if value == max(known) else "Lowest point" if value == min(known) else ""


def _smooth(start: int, values: Sequence[float]) -> tuple[Any, Any]:
    """A monotone cubic through the values at start, start + 1, ...; a single value is a short level line."""
    import numpy as np  # noqa: PLC0415
    from scipy.interpolate import PchipInterpolator  # noqa: PLC0415

    if len(values) == 1:
        return np.array([start - 0.12, start + 0.12]), np.array([values[0], values[0]])
    places = np.arange(start, start + len(values))
    fine = np.linspace(places[0], places[-1], 24 * (len(values) - 1) + 1)
    return fine, np.clip(PchipInterpolator(places, np.asarray(values, dtype=float))(fine), -2, 2)
