"""``render``: the suffix picks the renderer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from journeykit import codec
from journeykit.cli import main
from journeykit.plugins import Registry


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("x.svg", b"<"),
        ("x.PNG", b"\x89PNG"),
        ("x.pdf", b"%PDF-"),
        ("x.pptx", b"PK"),
        ("x.html", b"<!"),
        ("x.json", b'{\n  "journey"'),
        ("x.md", b"# A small shop"),
        ("x.mmd", b"journey"),
    ],
)
def test_suffix_picks_the_renderer(shop: Path, name: str, start: bytes) -> None:
    """Each known suffix writes its own format."""
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / name)])

    assert code == 0
    assert (shop / name).read_bytes().startswith(start)


@pytest.mark.parametrize(("name", "start"), [("c.svg", b"<?xml"), ("c.png", b"\x89PNG"), ("c.pdf", b"%PDF-")])
def test_a_renderer_of_several_formats_follows_the_suffix(shop: Path, name: str, start: bytes) -> None:
    """The curve is written in the format of the file's name, by itself: its PNG has its own resolution."""
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / name), "--renderer", "curve"])

    assert code == 0
    assert (shop / name).read_bytes().startswith(start)


def test_the_scale_gives_the_size(shop: Path) -> None:
    """A PNG at scale 1 has half the width of the default."""
    widths = []
    for more in ([], ["--scale", "1"]):
        assert main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.png"), *more]) == 0
        widths.append(int.from_bytes((shop / "x.png").read_bytes()[16:20]))

    assert widths[0] == 2 * widths[1]


def test_a_wide_map_is_cut_into_pages(shop: Path) -> None:
    """With --columns-per-page a presentation has a slide for each page."""
    import pptx

    more = ["--columns-per-page", "1"]
    assert main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.pptx"), *more]) == 0

    assert len(codec.load(shop / "map.yaml").touchpoints()) == len(pptx.Presentation(str(shop / "x.pptx")).slides)


@pytest.mark.parametrize(("suffix", "library"), [("png", "typst"), ("pdf", "typst"), ("pptx", "pptx")])
def test_an_absent_library_is_one_line(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, suffix: str, library: str
) -> None:
    """Without its extra the command ends with 2, one line says what to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, library, None)
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / f"x.{suffix}")])
    said = capsys.readouterr().err

    assert code == 2
    assert said.rstrip().endswith(f"pip install 'journeykit[{suffix}]'")
    assert 1 == said.count("\n")
    assert not (shop / f"x.{suffix}").exists()


def test_letters_without_a_font_are_told_of(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that lacks letters is written, and the user hears which."""
    from journeykit.converters import _dressing

    plain = tuple(place for place in _dressing.folders() if place.name.startswith("DejaVu"))
    monkeypatch.setattr(_dressing, "folders", lambda: plain)
    text = (shop / "map.yaml").read_text("utf-8").replace("A small shop", "A small 店")
    (shop / "map.yaml").write_text(text, "utf-8")
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.png")])

    assert code == 0
    assert "no font on this machine has U+5E97" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("x.gif", [], "no renderer is known for '.gif'"),
        ("x", [], "no renderer is known for a file without a suffix; write .svg (swimlane)"),
        ("folder.svg", [], "folder.svg: it is a folder; name a file in it"),
        ("x.svg", ["--scores", "folder.svg"], "folder.svg cannot be read"),
        ("x.svg", ["--scores", "map.yaml"], "map.yaml:1:1: not JSON"),
        ("x.svg", ["--renderer", "json"], "made application/json, which is saved as .json, not '.svg'"),
        ("x.pptx", ["--renderer", "swimlane"], "the renderer 'pptx' makes that"),
        ("x.png", ["--scale", "0"], "give a number from 0.05 to 20"),
        ("x.svg", ["--scale", "2"], "scale= has no meaning for image/svg+xml"),
        ("x.png", ["--scale", "20"], "pixels; at most 32,767 a side"),
        ("x.json", ["--columns-per-page", "3"], "the renderer 'json' makes no pages"),
        ("x.pdf", ["--columns-per-page", "0"], "columns_per_page=0"),
        ("x.svg", ["--renderer", "oil"], "no renderer is called 'oil'"),
        ("x.svg", ["--scores", "gone.json"], "No such file"),
    ],
)
def test_what_cannot_be_drawn_is_a_sentence(
    shop: Path, capsys: pytest.CaptureFixture[str], name: str, more: list[str], words: str
) -> None:
    """A suffix, renderer, folder or scorecard that does not fit ends with 2 and writes nothing."""
    (shop / "folder.svg").mkdir()
    files = [str(shop / value) if (shop / value).exists() else value for value in more]
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / name), *files])
    said = capsys.readouterr().err

    assert code == 2
    assert words in said
    assert "Traceback" not in said
    assert not (shop / name).is_file()


def test_scores_of_a_build_are_drawn(shop: Path) -> None:
    """A scorecard on disk goes into the document as it was."""
    assert main(["build", str(shop / "map.yaml"), "--events", str(shop / "events.csv"), "-o", str(shop / "out")]) == 0
    scores = shop / "out" / "scorecard.json"
    assert main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.json"), "--scores", str(scores)]) == 0

    document = json.loads((shop / "x.json").read_text("utf-8"))
    assert codec.loads_scorecard(json.dumps(document["scorecard"])) == codec.loads_scorecard(scores.read_text("utf-8"))


@pytest.mark.parametrize("body", [b"{}", b"\xff\xfe", b"[1]"])
def test_a_file_that_is_no_scorecard_is_a_sentence(shop: Path, capsys: pytest.CaptureFixture[str], body: bytes) -> None:
    """Any other file given as scores ends with 2."""
    (shop / "s.json").write_bytes(body)
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.svg"), "--scores", str(shop / "s.json")])

    assert code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_scores_of_another_map_are_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scorecard is drawn on its own map only."""
    assert main(["build", str(shop / "map.yaml"), "--events", str(shop / "events.csv"), "-o", str(shop / "out")]) == 0
    text = (shop / "map.yaml").read_text("utf-8").replace("small-shop", "other-shop")
    (shop / "other.yaml").write_text(text, "utf-8")
    code = main(
        [
            "render",
            str(shop / "other.yaml"),
            "-o",
            str(shop / "x.svg"),
            "--scores",
            str(shop / "out" / "scorecard.json"),
        ]
    )

    assert code == 2
    assert "holds the scores of 'small-shop', not of 'other-shop'" in capsys.readouterr().err


def test_scores_of_an_older_version_of_the_map_are_refused(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scorecard whose touchpoints are not the map's is not drawn on it; the touchpoints are named."""
    assert main(["build", str(shop / "map.yaml"), "--events", str(shop / "events.csv"), "-o", str(shop / "out")]) == 0
    text = (shop / "map.yaml").read_text("utf-8").replace("- id: cart", "- id: basket")
    (shop / "newer.yaml").write_text(text, "utf-8")
    scores = str(shop / "out" / "scorecard.json")
    code = main(["render", str(shop / "newer.yaml"), "-o", str(shop / "x.svg"), "--scores", scores])

    assert code == 2
    assert "it scores cart, not on the map; the map has basket, not scored" in capsys.readouterr().err
    assert not (shop / "x.svg").exists()


def test_another_map_is_drawn_beside(shop: Path) -> None:
    """--beside draws both maps; a renderer that draws one journey refuses it, and so does a map that is not there."""
    other = (shop / "map.yaml").read_text("utf-8").replace("id: small-shop", "id: small-shop-2")
    (shop / "other.yaml").write_text(other, "utf-8")
    beside = ["--beside", str(shop / "other.yaml")]

    assert main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.svg"), *beside]) == 0
    assert "Before" in (shop / "x.svg").read_text("utf-8")
    assert main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.json"), *beside]) == 2
    assert main(["render", str(shop / "map.yaml"), "-o", str(shop / "y.svg"), "--beside", str(shop / "no.yaml")]) != 0


class Half:
    """A renderer of a stranger that returns its text alone."""

    name = "half"
    media_type = "text/plain"

    def render(self, journey: object, scores: object = None) -> str:
        return "half"


def test_a_renderer_that_returns_no_rendering_is_named(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fault is laid to the plugin, in a sentence; nothing is written."""
    monkeypatch.setattr(Registry, "get", lambda self, name: Half())
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / "x.txt"), "--renderer", "half"])

    assert code == 2
    assert f"the renderer 'half' of {__name__} returned a str, not a Rendering" in capsys.readouterr().err
    assert not (shop / "x.txt").exists()
