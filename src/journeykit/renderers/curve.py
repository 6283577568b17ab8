"""The emotion curve: how customers feel from touchpoint to touchpoint, drawn with matplotlib, never through pyplot."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import attrs
from attrs import field, frozen

from journeykit.drawing.canvas import clean
from journeykit.drawing.theme import Theme
from journeykit.drawing.wording import wording
from journeykit.errors import ArgumentError
from journeykit.model import Journey
from journeykit.renderers._curve_drawing import Drawing
from journeykit.renderers._curve_lines import lines_of
from journeykit.results import Rendering, Scorecard

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurveRenderer", "draw"]

_MEDIA = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}
# What each format would say of its making; a date or a version would change the bytes.
_UNSAID: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# matplotlib's settings and Python's warning filters are process-wide, so only one thread may hold them changed.
_LOCK = threading.Lock()


def _known_format(_: object, __: attrs.Attribute[Any], value: object) -> None:
    if value not in _MEDIA:
        raise ArgumentError(f"format={value!r}: the curve is drawn as 'png', 'svg' or 'pdf'")


def _sane_dpi(_: object, __: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, int | float) or not 50 <= value <= 600:
        raise ArgumentError(f"dpi={value!r}: give a number from 50 to 600")


def _theme(_: object, __: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, Theme):
        raise ArgumentError(f"theme is a journeykit.drawing.theme.Theme, not {type(value).__name__}")


def _beside(_: object, __: attrs.Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, Scorecard | Journey):
        raise ArgumentError(
            f"beside is the scorecard of another period, or another journey, not {type(value).__name__}"
        )


@frozen(kw_only=True)
class CurveRenderer:
    """Draws emotion over touchpoints, grouped by stage, in the language of the map.

    Without scores it draws what the map claims, one line a persona where claims name personas; a touchpoint without an emotion
    is a gap, and the band is one standard deviation (``spread``) to either side. With scores of the scorer ``emotion`` that rest
    on ratings it draws what customers said: one line for everyone (and one a persona where several were rated), with the
    interval of each mean; what the map only claims is hollow, what is withheld is a gap. ``persona`` draws one persona alone.

    ``beside`` is a second line to compare with: a `Scorecard` of the same journey over another period, or another `Journey`
    (as it is to be) whose touchpoints have the same ids.

    The line between two points is a monotone cubic (PCHIP; Fritsch and Carlson 1980), which never rises above or falls below its
    points; the points themselves are never smoothed. Moments of truth carry a star, their kind and their label, a single line
    its peak and its lowest point. More than 24 touchpoints stand in rows. ``format`` is ``png`` (``dpi`` dots an inch), ``svg``
    or ``pdf``; ``theme`` holds colours and fonts, and is drawn in its dark ones where its ``mode`` is ``dark``. The same input
    gives the same bytes with the same fonts and matplotlib.
    """

    format: Literal["png", "svg", "pdf"] = field(default="png", validator=_known_format)
    dpi: float = field(default=144, validator=_sane_dpi)
    theme: Theme = field(factory=Theme, validator=_theme)
    persona: str | None = None
    beside: Scorecard | Journey | None = field(default=None, validator=_beside, repr=False)

    @property
    def name(self) -> str:
        """``curve``."""
        return "curve"

    @property
    def media_type(self) -> str:
        """``image/png``, ``image/svg+xml`` or ``application/pdf``, as ``format`` says."""
        return _MEDIA[self.format]

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:
        """The finished picture.

        Raises `RenderingError` when there is no emotion at all, `ArgumentError` when a scorecard is of another journey or there
        is nothing to compare with ``beside``.
        """
        drawing = self._drawing(journey, scores)
        with _LOCK:
            body = self._drawn(drawing)
        title = wording(journey.language).text("curve.title", title=clean(journey.title))
        return Rendering(media_type=self.media_type, body=body, title=title, renderer=self.name)

    def draw(self, journey: Journey, *, ax: Axes, scores: Scorecard | None = None) -> Axes:
        """Draw the curve on the given axes (cleared settings are the caller's) and return them.

        The text is laid out for the size that the axes have now; in columns under 0.62 inches touchpoints are called by their
        numbers on the map, and moments have their star alone. Raises as `render` does.
        """
        drawing = self._drawing(journey, scores)
        with _LOCK, _no_glyph_warnings():
            drawing.on(ax)
        return ax

    def _drawing(self, journey: Journey, scores: Scorecard | None) -> Drawing:
        words = wording(journey.language)
        return Drawing(
            journey=journey,
            lines=lines_of(journey, words, scores=scores, beside=self.beside, persona=self.persona),
            palette=self.theme.dark if self.theme.mode == "dark" else self.theme.light,
            words=words,
            fonts=() if self.theme.fonts == Theme().fonts else self.theme.fonts,
        )

    def _drawn(self, drawing: Drawing) -> bytes:
        from matplotlib import rc_context, style  # noqa: PLC0415

        body = io.BytesIO()
        with style.context("default"), rc_context({"svg.hashsalt": "journeykit"}), _no_glyph_warnings():
            figure = drawing.figure(self.dpi)
            figure.savefig(body, format=self.format, dpi=self.dpi, metadata=_UNSAID[self.format])
        return body.getvalue()


def draw(
    journey: Journey,
    *,
    ax: Axes,
    scores: Scorecard | None = None,
    beside: Scorecard | Journey | None = None,
    persona: str | None = None,
    theme: Theme | None = None,
) -> Axes:
    """Draw the emotion curve on matplotlib axes of your own and return them; `CurveRenderer` says what the arguments mean.

    The text is laid out for the size that the axes have now; what lies around them (a title, a legend) is yours. pyplot is
    neither used nor loaded.
    """
    renderer = CurveRenderer(theme=theme or Theme(), beside=beside, persona=persona)
    return renderer.draw(journey, ax=ax, scores=scores)


@contextmanager
def _no_glyph_warnings() -> Iterator[None]:
    # A sign that no installed font has becomes a box in the picture; the console need not hear of it.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")
        yield
