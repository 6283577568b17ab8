"""``render``: the suffix picks the renderer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from journeykit import codec
from journeykit.cli import main


@pytest.mark.parametrize(
    ("name", "start"),
    [("x.svg", b"<"), ("x.PNG", b"\x89PNG"), ("x.json", b'{\n  "journey"'), ("x.md", b"# A small shop")],
)
def test_suffix_picks_the_renderer(shop: Path, name: str, start: bytes) -> None:
    """Each known suffix writes its own format."""
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / name)])

    assert code == 0
    assert (shop / name).read_bytes().startswith(start)


def test_a_renderer_of_several_formats_follows_the_suffix(shop: Path) -> None:
    """The curve is written as SVG when the file is called so."""
    code = main(["render", str(shop / "map.yaml"), "-o", str(shop / "curve.svg"), "--renderer", "curve"])

    assert code == 0
    assert b"<svg" in (shop / "curve.svg").read_bytes()


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("x.gif", [], "no renderer is known for '.gif'"),
        ("x", [], "no renderer is known for a file without a suffix; write .svg (swimlane)"),
        ("folder.svg", [], "folder.svg: it is a folder; name a file in it"),
        ("x.svg", ["--scores", "folder.svg"], "folder.svg cannot be read"),
        ("x.svg", ["--scores", "map.yaml"], "map.yaml:1:1: not JSON"),
        ("x.svg", ["--renderer", "json"], "makes application/json, which is not saved as 'x.svg'"),
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
