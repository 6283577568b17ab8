"""The example package is built, installed beside journeykit and used, as any third party's would be."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

PACKAGE = Path(__file__).parents[2] / "examples" / "plugin"
POINTS = {"combined": "events", "dwell": "The median time", "table": "text/csv"}


@frozen
class Installed:
    """A copy of the package, and the folder it is installed to; neither is in the environment of the tests."""

    home: Path
    target: Path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python with the installed package on its path, in the copy's folder."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.home,
            env={**os.environ, "PYTHONPATH": str(self.target), **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    def journeykit(self, *arguments: str) -> str:
        """What ``journeykit`` prints, having succeeded and said nothing on stderr."""
        done = self.run("-m", "journeykit", *arguments)

        assert (0, "") == (done.returncode, done.stderr)
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("plugin")
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    found = Installed(home=shutil.copytree(PACKAGE, folder / "plugin", ignore=ignored), target=folder / "target")
    # Offline: the build backend is in the tests' environment, and what the package depends on is there already.
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(found.target))
    done = found.run("-m", "pip", "install", *options, ".")

    assert 0 == done.returncode, done.stderr
    return found


@pytest.fixture(scope="module")
def built(installed: Installed) -> Path:
    """The folder that the README's build and render wrote to."""
    for line in readme_commands():
        if line.startswith("journeykit"):
            installed.journeykit(*shlex.split(line)[1:])
    return installed.home / "out"


def readme_commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (PACKAGE / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_without_installing_it_nothing_is_there() -> None:
    """The tests' own environment does not have the package, so that the other tests prove something."""
    from journeykit.plugins import importers, renderers, scorers

    names = {*importers().names(), *scorers().names(), *renderers().names()}

    assert set() == names & set(POINTS)


def test_formats_lists_its_three_plugins(installed: Installed) -> None:
    """``journeykit formats`` lists importer, scorer and renderer of the package among the built-in ones."""
    printed = installed.journeykit("formats")

    for name, shown in POINTS.items():
        assert re.search(rf"^  {name} .*{shown}", printed, re.MULTILINE)
    assert re.search(r"^  csv ", printed, re.MULTILINE)


def test_the_readme_lists_its_three_plugins() -> None:
    """The README names every entry point of the package."""
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)` \((?:importer|scorer|renderer)\)", readme, re.MULTILINE)) == set(POINTS)


def test_the_build_of_the_readme_scores_dwell(built: Path) -> None:
    """A build recognises the log by itself and scores it with the package's scorer among others."""
    card = json.loads((built / "scorecard.json").read_text(encoding="utf-8"))
    dwell = {score["subject"]["id"]: score for score in card["scores"] if score["scorer"] == "dwell"}

    assert {"impact", "friction", "dwell"} == {score["scorer"] for score in card["scores"]}
    assert ["home", "shoe", "cart", "failure"] == list(dwell)
    assert (40.0, 1, "low-n") == tuple(dwell["home"][name] for name in ("value", "n", "status"))
    assert "| `access.log` | combined | events | 13 | 8 | 5 |" in (built / "report.md").read_text(encoding="utf-8")


def test_the_render_of_the_readme_writes_the_table(built: Path) -> None:
    """The package's renderer, named on the command line, writes every score as a row."""
    with (built / "map.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    card = json.loads((built / "scorecard.json").read_text(encoding="utf-8"))

    assert len(card["scores"]) == len(rows)
    assert {"impact", "friction", "dwell"} == {row["scorer"] for row in rows}


def test_the_format_can_be_named(installed: Installed) -> None:
    """--events-format names the package's importer, on a log whose beginning would not be recognised."""
    log = installed.home / "late.log"
    log.write_text("started\n" + (installed.home / "access.log").read_text(encoding="utf-8"), encoding="utf-8")
    printed = installed.journeykit(
        "build", "shop.journey.yaml", "--events", log.name, "--events-format", "combined", "--scorers", "dwell", "-o", "late"
    )  # fmt: skip

    assert "14 rows in  8 kept  6 rejected" in printed


def test_seen_twice_is_not_two(installed: Installed, tmp_path: Path) -> None:
    """The same package in two folders of the path is one offer, not an ambiguity."""
    twin = shutil.copytree(installed.target, tmp_path / "twin")
    path = os.pathsep.join([str(twin), str(installed.target)])
    done = installed.run(
        "-c", "from journeykit.plugins import scorers; print(scorers().get('dwell').name)", PYTHONPATH=path
    )

    assert ("dwell\n", "") == (done.stdout, done.stderr)


def test_its_own_tests_pass(installed: Installed) -> None:
    """The package's tests, with the contract suites in them, pass against what was installed."""
    done = installed.run("-m", "pytest", "tests", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "no:xdist")

    assert 0 == done.returncode, done.stdout[-3000:]
    assert re.search(r"^\d+ passed", done.stdout.splitlines()[-1])
