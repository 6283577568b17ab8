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

from journeykit.drawing.feelings import Curve, curves
from journeykit.errors import ArgumentError, RenderingError
from journeykit.model import Journey
from journeykit.renderers._curve_drawing import Drawing
from journeykit.results import Rendering, Scorecard

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurveRenderer"]

_MEDIA = {"png": "image/png", "svg": "image/svg+xml"}
# matplotlib's settings and Python's warning filters are process-wide, so only one thread may hold them changed.
_LOCK = threading.Lock()


def _known_format(_: object, __: attrs.Attribute[Any], value: object) -> None:
    if value not in _MEDIA:
        raise ArgumentError(f"format={value!r}: the curve is drawn as 'png' or 'svg'")


def _sane_dpi(_: object, __: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, int | float) or not 50 <= value <= 600:
        raise ArgumentError(f"dpi={value!r}: give a number from 50 to 600")


@frozen(kw_only=True)
class CurveRenderer:
    """Draws emotion over touchpoints, grouped by stage.

    One curve a persona where claims name personas; a touchpoint without an emotion is a gap. The line between two points
    is a monotone cubic (PCHIP; Fritsch and Carlson 1980), which never rises above or falls below its points; the points
    themselves are never smoothed. The band is one standard deviation (``spread``) to either side, cut at -2 and +2.
    Moments of truth carry a star, their kind and their label. ``format`` is ``png`` (at ``dpi`` dots an inch) or ``svg``;
    the same journey gives the same bytes with the same fonts and matplotlib.
    """

    format: Literal["png", "svg"] = field(default="png", validator=_known_format)
    dpi: float = field(default=144, validator=_sane_dpi)

    @property
    def name(self) -> str:
        """``curve``."""
        return "curve"

    @property
    def media_type(self) -> str:
        """``image/png`` or ``image/svg+xml``, as ``format`` says."""
        return _MEDIA[self.format]

    def render(self, journey: Journey, scores: Scorecard | None = None) -> Rendering:  # noqa: ARG002
        """The finished picture; `RenderingError` when the map holds no emotion at all. Scores are not part of it."""
        found = _curves(journey)
        with _LOCK:
            body = self._drawn(journey, found)
        return Rendering(
            media_type=self.media_type, body=body, title=f"Emotion curve of {journey.title}", renderer=self.name
        )

    def draw(self, journey: Journey, *, ax: Axes) -> Axes:
        """Draw the curve on the given axes (cleared settings are the caller's) and return them.

        The text is laid out for the size that the axes have now. Raises `RenderingError` as `render` does.
        """
        found = _curves(journey)
        with _LOCK, _no_glyph_warnings():
            Drawing(journey=journey, curves=found).on(ax)
        return ax

    def _drawn(self, journey: Journey, found: tuple[Curve, ...]) -> bytes:
        from matplotlib import rc_context, style  # noqa: PLC0415

        body = io.BytesIO()
        with style.context("default"), rc_context({"svg.hashsalt": "journeykit"}), _no_glyph_warnings():
            figure = Drawing(journey=journey, curves=found).figure(self.dpi)
            metadata: dict[str, Any] = {"Date": None, "Creator": None} if self.format == "svg" else {"Software": None}
            figure.savefig(body, format=self.format, dpi=self.dpi, metadata=metadata)
        return body.getvalue()


@contextmanager
def _no_glyph_warnings() -> Iterator[None]:
    # A sign that no installed font has becomes a box in the picture; the console need not hear of it.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")
        yield


def _curves(journey: Journey) -> tuple[Curve, ...]:
    found = curves(journey)
    if not found:
        raise RenderingError(
            f"journey {journey.id!r} holds no emotion, so there is no curve to draw: give a touchpoint "
            "emotions: [{valence: ...}] with a valence from -2 to 2"
        )
    return found
