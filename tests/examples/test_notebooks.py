"""The example notebooks run from scratch, and what they show in the repository is what they show when they run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

for library in ("nbclient", "nbformat", "ipykernel"):
    pytest.importorskip(library)

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
NAMES = ["first_map.ipynb", "ga4_what_to_mend.ipynb"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, FOLDER / "execute.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both notebooks, executed anew into a folder of their own."""
    into = tmp_path_factory.mktemp("executed")
    done = run("--into", into)
    assert done.returncode == 0, done.stderr[-4000:]
    return into


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def shown(path: Path) -> list[list[str]]:
    """What a reader of each cell sees. The bytes of a picture are left out: its words and that it is there remain."""
    return [[seen(output) for output in cell["outputs"]] for cell in code_cells(path)]


def seen(output: dict[str, Any]) -> str:
    if "data" not in output:
        return "".join(output.get("text", output.get("traceback", [])))
    page = "".join(output["data"].get("text/html", output["data"]["text/plain"]))
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,", page)


def test_these_are_the_notebooks() -> None:
    """No notebook lies there unrun."""
    assert NAMES == sorted(path.name for path in FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_shows_what_it_makes(name: str, fresh: Path) -> None:
    """Every cell runs in order without an error, and shows what is committed; if not: python examples/notebooks/execute.py."""
    cells = code_cells(fresh / name)

    assert shown(FOLDER / name) == shown(fresh / name)
    assert list(range(1, len(cells) + 1)) == [cell["execution_count"] for cell in cells]
    assert [] == [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"]
    assert [] == [output for cell in cells for output in cell["outputs"] if output.get("name") == "stderr"]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_small_and_clean(name: str) -> None:
    """Under 300 kB, with a map and a scorecard to see, and no customer, no folder of a machine and no page-wide style in it."""
    text = "".join(part for cell in shown(FOLDER / name) for part in cell)

    assert (FOLDER / name).stat().st_size < 300_000
    assert "data:image/svg+xml;base64," in text
    assert "<strong>Scorecard of " in text
    assert [] == re.findall(r"\bv\d+\b|\d+\.10\d{5}\b|/tmp/|/home/|/root/|<style|<script|\sid=", text)


def test_a_cell_that_fails_is_an_error(tmp_path: Path) -> None:
    """A broken notebook ends the run with the fault, and nothing is written."""
    import nbformat

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0", id="broken")])
    nbformat.write(book, tmp_path / "broken.ipynb")
    (tmp_path / "into").mkdir()
    done = run("--into", tmp_path / "into", tmp_path / "broken.ipynb")

    assert done.returncode != 0
    assert "ZeroDivisionError" in done.stderr
    assert [] == list((tmp_path / "into").iterdir())
