"""A rendering is saved as what it is and shown in a notebook."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

from journeykit.errors import ArgumentError, MissingLibraryError, RenderingError
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
    with pytest.raises(
        RenderingError, match=rf"'swimlane' made image/svg\+xml, which is saved as \.svg, \.png or \.pdf, not {shown}"
    ):
        SVG.save(tmp_path / name)

    assert [] == list(tmp_path.iterdir())


def test_where_no_file_can_be_written_is_said(tmp_path: Path) -> None:
    """A missing folder, and a folder in place of the file, are errors that say what to do."""
    (tmp_path / "x.svg").mkdir()
    with pytest.raises(RenderingError, match=r"there is no folder .*gone; make it first, or name another"):
        SVG.save(tmp_path / "gone" / "map.svg")
    with pytest.raises(RenderingError, match=r"x\.svg: it is a folder; name a file in it"):
        SVG.save(tmp_path / "x.svg")


def test_a_plugin_s_own_media_type_takes_any_suffix(tmp_path: Path) -> None:
    """What journeykit does not know it does not refuse."""
    path = Rendering(media_type="text/x-oil", body=b"oil", title="m", renderer="oil").save(tmp_path / "m.oil")

    assert b"oil" == path.read_bytes()


@pytest.mark.parametrize(
    ("suffix", "maker"),
    [(".pptx", "pptx"), (".html", "html"), (".json", "json"), (".md", "markdown"), (".mmd", "mermaid")],
)
def test_the_refusal_names_who_makes_such_a_file(suffix: str, maker: str) -> None:
    """A suffix that another renderer makes is refused with that renderer's name."""
    with pytest.raises(RenderingError, match=f"map{suffix}; the renderer '{maker}' makes that"):
        SVG.converted(f"map{suffix}")


def test_what_has_its_suffix_is_not_converted() -> None:
    """A rendering asked for as what it is comes back as it is."""
    assert SVG.converted("map.svg") is SVG


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("map.svg", {"scale": 2}, "scale= has no meaning for image/svg"),
        ("map.png", {"dpi": 2}, "dpi= is no setting for .png; there is scale or fonts"),
        ("map.pdf", {"scale": 2}, "scale= is no setting for .pdf; there is fonts"),
    ],
)
def test_settings_that_mean_nothing_are_refused(name: str, settings: dict[str, object], words: str) -> None:
    """A setting of another format is an error, never passed over."""
    with pytest.raises(ArgumentError, match=words):
        SVG.converted(name, **settings)


@pytest.mark.parametrize(("suffix", "library"), [("png", "typst"), ("pdf", "typst")])
def test_an_absent_library_is_one_line_that_says_how_to_get_it(
    suffix: str, library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without the extra the error is a sentence with the command to run, and no file is made."""
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        MissingLibraryError, match=rf"needs {library}, .* pip install 'journeykit\[{suffix}\]'$"
    ) as caught:
        SVG.save(tmp_path / f"map.{suffix}")

    assert [] == list(tmp_path.iterdir())
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))


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
    assert {"text/plain": 'j (application/json, 2 bytes); .save("name.json") writes it to a file'} == json


def test_the_repr_is_short() -> None:
    """The body does not flood the screen."""
    assert "<13 bytes>" in repr(SVG)
