"""A finished picture or document: bytes with a media type, which can be saved and shown in a notebook."""

from __future__ import annotations

import base64
import html
from pathlib import Path

from attrs import field, frozen

from journeykit.errors import RenderingError

__all__ = ["Rendering"]

_SUFFIXES = {
    "image/svg+xml": (".svg",),
    "image/png": (".png",),
    "application/json": (".json",),
    "text/html": (".html", ".htm"),
    "text/markdown": (".md",),
}


@frozen(kw_only=True)
class Rendering:
    """What a renderer made: ``body`` in ``media_type``; ``title`` is its alternative text, ``renderer`` who made it."""

    media_type: str
    body: bytes = field(repr=lambda body: f"<{len(body)} bytes>")
    title: str
    renderer: str

    @property
    def text(self) -> str:
        """The body as text (SVG, JSON, HTML and Markdown are UTF-8)."""
        return self.body.decode("utf-8")

    def fits(self, path: str | Path) -> bool:
        """Whether the file's suffix is one that this media type is saved with; a media type unknown here fits any."""
        allowed = _SUFFIXES.get(self.media_type)
        return allowed is None or Path(path).suffix.lower() in allowed

    def save(self, path: str | Path) -> Path:
        """Write the body to ``path`` and return it; `RenderingError` when the suffix does not fit the media type."""
        path = Path(path)
        if not self.fits(path):
            allowed = " or ".join(_SUFFIXES[self.media_type])
            raise RenderingError(
                f"the renderer {self.renderer!r} made {self.media_type}, which is saved as {allowed}, "
                f"not {repr(path.suffix) if path.suffix else 'without a suffix'}: {path}"
            )
        path.write_bytes(self.body)
        return path

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        plain = f"{self.title} ({self.media_type}, {len(self.body)} bytes)"
        if self.media_type == "text/markdown":
            return {"text/markdown": self.text, "text/plain": plain}
        if not self.media_type.startswith("image/"):
            return {"text/plain": plain}
        # An <img> keeps the picture's ids and styles out of the page. It goes alone: where a front end prefers a bare SVG, the
        # ids of two maps on one page would be each other's.
        data = base64.b64encode(self.body).decode("ascii")
        alt = html.escape(self.title, quote=True)
        image = f'<img style="max-width:100%" alt="{alt}" src="data:{self.media_type};base64,{data}">'
        return {"text/html": image, "text/plain": plain}
