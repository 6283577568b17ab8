"""Loading from and saving to files."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from journeykit.codec import dumps, load, save
from journeykit.errors import ArgumentError, JourneyError
from journeykit.model import Journey
from journeykit.testing.strategies import journeys

SMALL = Journey(id="j", title="J # not a comment", scenario="one\n# two\nthree")


@pytest.mark.parametrize("name", ["map.yaml", "map.yml", "map.journey.yaml", "map.json", "MAP.JSON"])
def test_a_saved_journey_loads(name: str, tmp_path: Path) -> None:
    """save and load agree, and nothing else is left in the folder."""
    path = save(SMALL, tmp_path / name)

    assert SMALL == load(path) == load(str(path))
    assert [tmp_path / name] == list(tmp_path.iterdir())
    assert dumps(SMALL, "json" if "json" in name.lower() else "yaml").encode() == path.read_bytes()


def test_where_no_file_can_be_written_is_said(tmp_path: Path) -> None:
    """A missing folder, and a folder in place of the file, are errors that say what to do; nothing is left behind."""
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(ArgumentError, match=r"there is no folder .*gone; make it first, or name another"):
        save(SMALL, tmp_path / "gone" / "map.yaml")
    with pytest.raises(ArgumentError, match=r"x\.yaml: it is a folder; name a file in it"):
        save(SMALL, tmp_path / "x.yaml", drop_comments=True)

    assert [tmp_path / "x.yaml"] == list(tmp_path.iterdir())


@settings(max_examples=30)
@given(journey=journeys())
def test_saving_what_was_loaded_changes_nothing(journey: Journey, tmp_path_factory: pytest.TempPathFactory) -> None:
    """save(load(x)) is the same bytes, and no text of a journey is taken for a comment."""
    path = save(journey, tmp_path_factory.mktemp("maps") / "a.yaml")
    before = path.read_bytes()

    assert before == save(load(path), path).read_bytes()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# why\njourneykit: 1\nid: j\ntitle: J\n", 1),
        ("journeykit: 1\nid: j # why\ntitle: J\n", 2),
        ("journeykit: 1\nid: j\ntitle: 'a # b'\n# why\n", 4),
        ("journeykit: 1\nid: j\ntitle: | # why\n  a # b\n", 3),
        ("journeykit: 1\nid: j\ntitle: |\n  a # b\n# why\n", 5),
        ("journeykit: 1\nid: j\ntitle: [ # broken\n", 3),
    ],
)
def test_comments_are_not_lost_by_accident(text: str, line: int, tmp_path: Path) -> None:
    """Saving over a file with comments is refused, names the first and leaves the file; it can be asked for."""
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ArgumentError, match=rf"holds comments \(the first in line {line}\).*drop_comments=True"):
        save(SMALL, path)
    assert text == path.read_text(encoding="utf-8")
    assert SMALL == load(save(SMALL, path, drop_comments=True))


@pytest.mark.parametrize(
    "text", ["title: 'a # b'\n", "title: a#b\n", 'title: "#"\n', "title: |\n  # text\n", "", "not: a journey\n"]
)
def test_what_is_no_comment_does_not_stop_saving(text: str, tmp_path: Path) -> None:
    """A number sign inside a text is not a comment."""
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")

    assert SMALL == load(save(SMALL, path))


def test_a_file_that_is_no_text_is_not_overwritten_blindly(tmp_path: Path) -> None:
    """What cannot be understood and might hold comments is not thrown away."""
    path = tmp_path / "map.yaml"
    path.write_bytes(b"\xff\xfe # \x00")

    with pytest.raises(ArgumentError, match="holds comments"):
        save(SMALL, path)


@pytest.mark.parametrize("name", ["nope", "nope.txt", "nope.yaml"])
def test_a_file_that_is_not_there_is_named_as_missing(name: str, tmp_path: Path) -> None:
    """Whatever its suffix, a missing file is said to be missing; that its suffix is wrong too can wait."""
    with pytest.raises(JourneyError) as raised:
        load(tmp_path / name)

    assert [("unreadable-file", "cannot be read: No such file or directory")] == [
        (problem.code, problem.message) for problem in raised.value.problems
    ]


@pytest.mark.parametrize("name", ["map.toml", "map", "map.yaml.bak"])
def test_another_suffix_is_refused(name: str, tmp_path: Path) -> None:
    """The suffix names the format, or the caller is told which suffixes do; nothing is written."""
    with pytest.raises(ArgumentError, match=r"use \.yaml, \.yml, \.json or \.mmd"):
        save(SMALL, tmp_path / name)
    assert [] == list(tmp_path.iterdir())

    (tmp_path / name).write_text(dumps(SMALL), "utf-8")
    with pytest.raises(ArgumentError, match=r"use \.yaml, \.yml, \.json or \.mmd"):
        load(tmp_path / name)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is told by name."""
    (tmp_path / "folder.yaml").mkdir()

    with pytest.raises(JourneyError, match=r"gone\.yaml: cannot be read: No such file"):
        load(tmp_path / "gone.yaml")
    with pytest.raises(JourneyError, match=r"folder\.yaml: cannot be read: Is a directory"):
        load(tmp_path / "folder.yaml")


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_streams_and_bytes_are_read(format: str, tmp_path: Path) -> None:
    """Text streams, binary streams and bytes hold the same journey as the file, whichever format it is."""
    text = dumps(SMALL, format)
    path = save(SMALL, tmp_path / f"map.{format}")
    with path.open(encoding="utf-8") as as_text, path.open("rb") as as_bytes:
        streams = [load(as_text), load(as_bytes)]

    assert [SMALL] * 5 == [*streams, load(io.StringIO(text)), load(io.BytesIO(text.encode())), load(text.encode())]


def test_addresses_name_the_stream(tmp_path: Path) -> None:
    """A stream's faults carry its name where it has one."""
    path = tmp_path / "map.yaml"
    path.write_text("journeykit: 1\n", encoding="utf-8")
    with path.open(encoding="utf-8") as stream, pytest.raises(JourneyError) as named:
        load(stream)
    with pytest.raises(JourneyError) as unnamed:
        load(io.StringIO("journeykit: 1\n"))

    assert {str(path)} == {problem.address.file for problem in named.value.problems}
    assert {"<stream>"} == {problem.address.file for problem in unnamed.value.problems}


def test_saving_keeps_the_mode_and_follows_links(tmp_path: Path) -> None:
    """A link stays a link and the file behind it keeps who may read it."""
    target = save(SMALL, tmp_path / "target.yaml")
    target.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(target)
    save(SMALL.replace("j", title="New"), link)

    assert link.is_symlink()
    assert 0o640 == target.stat().st_mode & 0o777
    assert "New" == load(target).title


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fails half-way, the old file is whole and no draft is left."""
    path = save(SMALL, tmp_path / "map.yaml")

    def fail(handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        save(SMALL.replace("j", title="New"), path)

    assert SMALL == load(path)
    assert [path] == list(tmp_path.iterdir())


def test_saving_something_else_says_what_to_do(tmp_path: Path) -> None:
    """Swapped arguments, no map and no path are the caller's mistakes, each in a sentence."""
    path: Any = tmp_path / "map.yaml"
    wrong: Any = {"id": "j"}
    with pytest.raises(ArgumentError, match="the map first, then the file: the two are swapped"):
        save(path, SMALL)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="a map is saved, not a value of dict"):
        save(wrong, path)
    with pytest.raises(ArgumentError, match="to a path, not to a value of dict"):
        save(SMALL, wrong)

    assert [] == list(tmp_path.iterdir())
