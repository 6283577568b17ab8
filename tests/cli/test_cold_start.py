"""What drawing a map in a new process loads: names, because its time is mostly that of importing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MAP = "journeykit: 1\nid: small\ntitle: Small\nstages:\n- {id: s, title: S, touchpoints: [{id: t, title: T}]}\n"
PROGRAM = """
import sys
old = set(sys.modules)
from journeykit.cli import main
code = main(sys.argv[1:])
import json
print(json.dumps([code, sorted(set(sys.modules) - old)]))
"""
OURS = {
    "journeykit", "journeykit.cli", "journeykit.cli._exits", "journeykit.cli._output", "journeykit.cli._parsing",
    "journeykit.cli._terminal", "journeykit.cli.render", "journeykit.codec", "journeykit.codec._classes",
    "journeykit.codec._files", "journeykit.codec._journeys", "journeykit.codec._leaves", "journeykit.codec._lines",
    "journeykit.codec._nodes", "journeykit.codec._rules", "journeykit.codec._scalars", "journeykit.codec._texts",
    "journeykit.errors", "journeykit.plugins", "journeykit.problems", "journeykit.protocols", "journeykit.renderers",
    "journeykit.renderers.swimlane", "journeykit.results", "journeykit.results.renderings",
    "journeykit.results.showing",
}  # fmt: skip
# Each costs between one and twenty milliseconds, and none has a part in drawing a map.
IDLE = {
    "csv", "difflib", "email", "hashlib", "html", "importlib.metadata", "importlib.resources", "logging", "secrets",
    "socket", "tempfile", "zipfile",
}  # fmt: skip


def loaded(folder: Path, name: str, text: str) -> set[str]:
    (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, "render", str(folder / name), "-o", str(folder / "map.svg")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stdout.splitlines()[-1])

    assert code == 0, done.stderr
    return set(modules)


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is loaded when the first picture of a YAML map is drawn."""
    return loaded(tmp_path_factory.mktemp("cold"), "map.yaml", MAP)


def test_a_picture_loads_two_libraries(modules: set[str]) -> None:
    """A map becomes an SVG with attrs and the YAML parser alone."""
    tops = {name.partition(".")[0] for name in modules if "cython" not in name}

    assert {"attr", "attrs", "yaml", "journeykit"} == tops - set(sys.stdlib_module_names)


def test_a_picture_loads_only_the_parts_that_draw_it(modules: set[str]) -> None:
    """Neither another command, nor scorecards, nor another format, nor another view is loaded; a new part is named here."""
    rest = {name for name in modules if name.startswith("journeykit") and "." in name} | {"journeykit"}
    rooms = ("journeykit.drawing", "journeykit.model")
    views = {name for name in modules if name.startswith("journeykit.drawing.") and name.count(".") > 2}

    assert OURS | {"journeykit.codec._read_yaml"} == {name for name in rest if not name.startswith(rooms)}
    assert {"journeykit.drawing.swimlane"} == {name.rpartition(".")[0] for name in views}


def test_a_picture_leaves_heavy_modules_of_python_alone(modules: set[str]) -> None:
    """Mail, archives, hashes and logging stay out, which importing a single name could bring in."""
    assert set() == modules & IDLE


def test_a_map_in_json_needs_no_yaml(tmp_path: Path) -> None:
    """A map in JSON is drawn without the YAML parser."""
    tree = {"journeykit": 1, "id": "small", "title": "Small", "stages": [{"id": "s", "title": "S"}]}
    found = loaded(tmp_path, "map.json", json.dumps(tree))

    assert "journeykit.codec._read_json" in found
    assert {"yaml", "journeykit.codec._read_yaml"} & found == set()
