"""A finished picture or document: bytes with a media type, which can be saved and shown in a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import field, frozen

from journeykit.errors import ArgumentError, RenderingError, one_of, unwritable
from journeykit.results.showing import fit_text

__all__ = ["Rendering"]

_SUFFIXES = {
    "image/svg+xml": (".svg",),
    "image/png": (".png",),
    "application/json": (".json",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "text/html": (".html", ".htm"),
    "text/markdown": (".md",),
    "text/vnd.mermaid": (".mmd",),
}
# Who makes what a rendering cannot be turned into.
_MAKERS = {
    ".svg": "swimlane", ".png": "swimlane", ".pdf": "swimlane", ".html": "html", ".htm": "html", ".pptx": "pptx",
    ".json": "json", ".md": "markdown", ".mmd": "mermaid",
}  # fmt: skip
# Converters stand in a room above and bring heavy libraries; they are found by name, as plugins are, and results stay data.
_GROUP = "journeykit.converters"
_FROM = "image/svg+xml"
_TO = {".png": "png", ".pdf": "pdf"}

# Pixels: a map of usual height at the size a page starts with, which most notebook windows hold without scrolling twice.
_FRAME = 760


@frozen(kw_only=True)
class Rendering:
    """What a renderer made: ``body`` in ``media_type``; ``title`` is its alternative text, ``renderer`` who made it.

    ``pages`` holds the same picture cut into pages, in the same media type, where the renderer was asked for them; a PDF
    has one page for each.
    """

    media_type: str
    body: bytes = field(repr=lambda body: f"<{len(body)} bytes>")
    # It becomes an attribute of a page and a line on a terminal.
    title: str = field(converter=fit_text)
    renderer: str
    pages: tuple[bytes, ...] = field(default=(), repr=lambda pages: f"<{len(pages)} pages>")

    @property
    def text(self) -> str:
        """The body as text (SVG, JSON, HTML and Markdown are UTF-8)."""
        return self.body.decode("utf-8")

    def fits(self, path: str | Path) -> bool:
        """Whether it can be saved under the file's suffix: its own, and for SVG also .png and .pdf.

        A media type unknown here fits any suffix.
        """
        suffix = Path(path).suffix.lower()
        allowed = _SUFFIXES.get(self.media_type)
        return allowed is None or suffix in allowed or (self.media_type == _FROM and suffix in _TO)

    def converted(self, path: str | Path, **settings: Any) -> Rendering:
        """The rendering as a file of this name holds it: itself under its own suffix, an SVG as PNG or PDF.

        Settings for .png: ``scale`` (dots a pixel, by default 2) and ``fonts`` (files and folders, by default the
        machine's); for .pdf: ``fonts``. Raises `RenderingError` for another suffix and for pictures too large,
        `MissingLibraryError` where typst is not installed, `ArgumentError` for other settings.
        """
        suffix = Path(path).suffix.lower()
        if not self.fits(path):
            raise RenderingError(self._refusal(Path(path)))
        if self.media_type != _FROM or suffix not in _TO:
            if settings:
                given = one_of([f"{name}=" for name in sorted(settings)])
                raise ArgumentError(f"{given} has no meaning for {self.media_type} saved as {suffix or 'it is'}")
            return self
        known = ("scale", "fonts") if suffix == ".png" else ("fonts",)
        if unknown := sorted(set(settings) - set(known)):
            raise ArgumentError(f"{unknown[0]}= is no setting for {suffix}; there is {one_of(known)}")
        from importlib.metadata import entry_points  # noqa: PLC0415  # costs more than all of results

        points = list(entry_points(group=_GROUP, name=_TO[suffix]))
        if not points:
            raise RenderingError(
                f"the converter for {suffix} is not registered: journeykit is on the path but not installed; pip install it"
            )
        made: Rendering = points[0].load()(**settings).convert(self)
        return made

    def save(self, path: str | Path, **settings: Any) -> Path:
        """Write the body to ``path`` and return it; an SVG is converted for .png and .pdf, with `converted`'s settings.

        Raises as `converted` does, then nothing is written; and `RenderingError` where no file can be written.
        """
        path = Path(path)
        made = self.converted(path, **settings)
        try:
            path.write_bytes(made.body)
        except OSError as err:
            raise RenderingError(unwritable(path, err)) from err
        return path

    def _refusal(self, path: Path) -> str:
        own = _SUFFIXES[self.media_type] + (tuple(_TO) if self.media_type == _FROM else ())
        message = (
            f"the renderer {self.renderer!r} made {self.media_type}, which is saved as {one_of(own)}, "
            f"not {repr(path.suffix) if path.suffix else 'without a suffix'}: {path}"
        )
        maker = _MAKERS.get(path.suffix.lower())
        return f"{message}; the renderer {maker!r} makes that" if maker and maker != self.renderer else message

    def _framed(self) -> str:
        import html  # noqa: PLC0415  # as below: a file that is saved needs neither

        # Its own scripts may run, but in an origin of their own: they reach neither the notebook nor its kernel.
        title, page = html.escape(self.title, quote=True), html.escape(self.text, quote=True)
        look = f'width="100%" height="{_FRAME}" style="border:0"'
        return f'<iframe sandbox="allow-scripts" title="{title}" {look} srcdoc="{page}"></iframe>'

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        plain = f"{self.title} ({self.media_type}, {len(self.body)} bytes)"
        if self.media_type == "text/markdown":
            return {"text/markdown": self.text, "text/plain": plain}
        if self.media_type == "text/html":
            return {"text/html": self._framed(), "text/plain": plain}
        if not self.media_type.startswith("image/"):
            own = _SUFFIXES.get(self.media_type)
            hint = f'; .save("name{own[0]}") writes it to a file' if own else ""
            return {"text/plain": plain + hint}
        import base64  # noqa: PLC0415
        import html  # noqa: PLC0415

        # An <img> keeps the picture's ids and styles out of the page. It goes alone: where a front end prefers a bare SVG, the
        # ids of two maps on one page would be each other's.
        data = base64.b64encode(self.body).decode("ascii")
        alt = html.escape(self.title, quote=True)
        image = f'<img style="max-width:100%" alt="{alt}" src="data:{self.media_type};base64,{data}">'
        return {"text/html": image, "text/plain": plain}
