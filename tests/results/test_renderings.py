"""A rendering is saved as what it is and shown in a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeykit.errors import RenderingError
from journeykit.results import Rendering

SVG = Rendering(media_type="image/svg+xml", body="<svg>é</svg>".encode(), title='A "map" <x>', renderer="swimlane")


def test_a_rendering_is_saved_as_it_is(tmp_path: Path) -> None:
    """The file holds the body, and the path comes back; the suffix may be in capitals."""
    path = SVG.save(tmp_path / "map.SVG")

    assert SVG.body == path.read_bytes()
    assert "<svg>é</svg>" == SVG.text


@pytest.mark.parametrize(("name", "shown"), [("map.json", "'.json'"), ("map", "without a suffix")])
def test_another_suffix_is_refused(name: str, shown: str, tmp_path: Path) -> None:
    """The error names the renderer, what it made and which suffix that needs; nothing is written."""
    with pytest.raises(RenderingError, match=f"'swimlane' made image/svg\\+xml, which is saved as .svg.*not {shown}"):
        SVG.save(tmp_path / name)

    assert [] == list(tmp_path.iterdir())


def test_a_plugin_s_own_media_type_takes_any_suffix(tmp_path: Path) -> None:
    """What journeykit does not know it does not refuse."""
    path = Rendering(media_type="text/vnd.mermaid", body=b"journey", title="m", renderer="mermaid").save(
        tmp_path / "m.mmd"
    )

    assert b"journey" == path.read_bytes()


def test_pictures_are_shown_in_a_notebook() -> None:
    """As an image alone, so that its ids stay its own, with an escaped text; Markdown as such, other media as a line."""
    bundle = SVG._repr_mimebundle_()
    png = Rendering(media_type="image/png", body=b"\x89PNG", title="p", renderer="curve")._repr_mimebundle_()
    json = Rendering(media_type="application/json", body=b"{}", title="j", renderer="json")._repr_mimebundle_()
    report = Rendering(media_type="text/markdown", body=b"# Map", title="m", renderer="markdown")._repr_mimebundle_()

    assert {"text/html", "text/plain"} == set(bundle)
    assert "# Map" == report["text/markdown"]
    assert 'alt="A &quot;map&quot; &lt;x&gt;"' in bundle["text/html"]
    assert {"text/html", "text/plain"} == set(png)
    assert {"text/plain": "j (application/json, 2 bytes)"} == json


def test_the_repr_is_short() -> None:
    """The body does not flood the screen."""
    assert "<13 bytes>" in repr(SVG)
