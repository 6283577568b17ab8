"""``check``: findings with their place, and an exit code that CI can use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from journeykit import api, codec
from journeykit.cli import main
from journeykit.problems import Address
from journeykit.results import Finding, Records


@pytest.mark.parametrize(
    ("severity", "level", "code"),
    [
        ("error", "error", 1), ("warning", "error", 0), ("warning", "warning", 1), ("info", "warning", 0),
        ("error", "never", 0), (None, "warning", 0),
    ],
)  # fmt: skip
def test_exit_code_follows_the_level(
    shop: Path, monkeypatch: pytest.MonkeyPatch, severity: str | None, level: str, code: int
) -> None:
    """The exit code is 1 exactly when a finding is at or above ``--fail-on``."""
    found = [Finding(code="x", severity=severity, message="m", address=Address(), next_step="n")] if severity else []  # type: ignore[arg-type]
    monkeypatch.setattr(api, "check", lambda _: Records(found, kind=Finding, key=("code",)))

    assert code == main(["check", str(shop / "map.yaml"), "--fail-on", level])


def test_every_finding_has_line_and_column(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finding is one line 'file:line:column path: severity: message [code]; next step', then a count."""
    path = shop / "map.yaml"
    assert main(["check", str(path), "--fail-on", "never"]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    pattern = re.compile(rf"{re.escape(str(path))}:\d+:\d+ .*: (info|warning|error): .+ \[[a-z-]+\]; .+")

    assert lines
    assert [line for line in lines if not pattern.fullmatch(line)] == []
    assert re.fullmatch(rf"{re.escape(str(path))}: .*\d+ (info|warnings?|errors?).*", last)


def test_places_are_those_of_the_text() -> None:
    """A path is placed where its value begins; what the text leaves out where the part around it begins."""
    text = "journeykit: 1\nid: a\ntitle: A\nstages:\n- id: s\n  title: S\n"

    assert {"title": (3, 8), "stages[0].title": (6, 10), "stages[0].goal": (5, 3), "": (1, 1)} == codec.positions(
        text, ["title", "stages[0].title", "stages[0].goal", ""]
    )


def test_json_maps_have_places_too(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A map in JSON is checked in the same way."""
    path = shop / "map.json"
    codec.save(codec.load(shop / "map.yaml"), path)
    assert main(["check", str(path), "--fail-on", "never"]) == 0

    assert f"{path}:" in capsys.readouterr().out


def test_every_fault_of_a_broken_map_is_listed(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A map that is not valid ends with 2 and all faults, each with its place."""
    (shop / "map.yaml").write_text("journeykit: 1\nid: A b\ntitel: x\nstages: 3\n", "utf-8")
    code = main(["check", str(shop / "map.yaml")])
    said = capsys.readouterr().err.splitlines()

    assert code == 2
    assert {"2", "3", "4"} <= {line.split(":")[1] for line in said if line.startswith(str(shop))}
    assert said[-1].startswith("journeykit check: ")
