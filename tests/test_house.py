"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import configparser
import importlib
import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "journeykit"

LONGEST = 400
# path below src/journeykit: why it may be longer
LONG_FOR_A_REASON: dict[str, str] = {}

# Public by name for other files of the house, not for users: module -> names left out of its __all__.
FOR_THE_HOUSE: dict[str, set[str]] = {
    "journeykit.errors": {"one_of", "unwritable"},
    "journeykit.evidence.reading.resolving": {"frame_schema", "is_frame", "is_pandas"},
    "journeykit.evidence.reading.texts": {"fault"},
    "journeykit.measures.ordering": {"case_columns"},
    "journeykit.measures.tracing": {"furthest_position", "touchpoint_counts"},
    "journeykit.measures.visits": {"checked_timeout"},
}


def sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def public_modules() -> list[str]:
    names = (dotted(path) for path in sources())
    return [name for name in names if not any(part.startswith("_") for part in name.split("."))]


def layers() -> list[set[str]]:
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    lines = config["importlinter:contract:layers"]["layers"].strip().splitlines()
    return [{room.strip() for room in re.split(r"[|:]", line)} for line in lines]


def kind_then_name(name: str) -> tuple[int, str]:
    """The order of ruff's RUF022: CONSTANTS, Classes, everything else."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1, name) if name[:1].isupper() else (2, name)


def test_every_room_is_in_a_layer_and_every_layer_is_a_room() -> None:
    """What lies directly under journeykit is exactly what .importlinter declares."""
    rooms = {path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"}
    rooms |= {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}

    assert set().union(*layers()) == rooms


def test_rooms_are_packages_with_an_init() -> None:
    """A folder without __init__.py would be invisible to the layer check, so there is none."""
    folders = {path.parent for path in sources()}

    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


def test_modules_stay_short() -> None:
    """No module is longer than 400 lines unless it is listed with a reason, and no listed one has become short."""
    long = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources()
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST
    }

    assert set(LONG_FOR_A_REASON) == long
    assert all(LONG_FOR_A_REASON.values())


def test_no_name_that_says_nothing() -> None:
    """No module is called utils, helpers, common, base or manager."""
    vague = re.compile(r"_?(utils?|helpers?|common|base|managers?|misc)")

    assert [str(path) for path in sources() if vague.fullmatch(path.stem)] == []


def test_the_version_is_in_one_place() -> None:
    """The version is written in journeykit/__init__.py and nowhere else; metadata, docs and code read it from there."""
    import journeykit

    literal = re.compile(rf"""["']{re.escape(journeykit.__version__)}["']""")
    files = [*sources(), ROOT / "pyproject.toml", ROOT / "docs" / "conf.py", ROOT / "noxfile.py"]
    holders = [path.relative_to(ROOT).as_posix() for path in files if literal.search(path.read_text(encoding="utf-8"))]

    assert holders == ["src/journeykit/__init__.py"]


@pytest.mark.parametrize("name", public_modules())
def test_all_is_sorted_and_complete(name: str) -> None:
    """A public module's __all__ is sorted, every name in it exists, and it holds every public class and function."""
    module = importlib.import_module(name)
    listed = list(getattr(module, "__all__", []))

    assert listed == sorted(set(listed), key=kind_then_name)
    assert [entry for entry in listed if not hasattr(module, entry)] == []
    assert defined(module) - set(listed) - FOR_THE_HOUSE.get(name, set()) == set()


def test_what_is_left_out_of_an_all_exists_and_is_left_out() -> None:
    """The list of names for the house holds no name that is gone, or that its module does offer to users."""
    found = {module: defined(importlib.import_module(module)) for module in FOR_THE_HOUSE}
    listed = {module: set(importlib.import_module(module).__all__) for module in FOR_THE_HOUSE}

    assert {m: names for m, names in FOR_THE_HOUSE.items() if not names <= found[m] - listed[m]} == {}


def defined(module: ModuleType) -> set[str]:
    """Public classes and functions of the module; for a room's __init__ also those it fetches from its own files."""
    tree = ast.parse(Path(inspect.getfile(module)).read_text(encoding="utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)}
    if hasattr(module, "__path__"):
        # What the __init__ itself works with was not fetched to be handed on.
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{module.__name__}."):
                names |= {alias.asname or alias.name for alias in node.names} - used
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("name", public_modules())
def test_public_names_have_docstrings(name: str) -> None:
    """Every public module, every class and function in its __all__ and every public method says what it is for."""
    module = importlib.import_module(name)
    silent = [] if module.__doc__ else [name]
    for entry in getattr(module, "__all__", []):
        value = getattr(module, entry)
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if not own_doc(value):
            silent.append(f"{name}.{entry}")
        if inspect.isclass(value):
            silent += [f"{name}.{entry}.{method}" for method in silent_methods(value)]

    assert silent == []


def own_doc(value: object) -> bool:
    """Whether it has words of its own; dataclass-like signatures and inherited sentences do not count."""
    text = getattr(value, "__doc__", None)
    return bool(text and text.strip()) and not str(text).startswith("Method generated by attrs")


def silent_methods(cls: type) -> list[str]:
    found = []
    for method, value in vars(cls).items():
        if method.startswith("_"):
            continue
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        function = function.fget if isinstance(function, property) else function
        inherited = any(own_doc(getattr(parent, method, None)) for parent in cls.__mro__[1:])
        if inspect.isfunction(function) and not own_doc(function) and not inherited and not told_elsewhere(cls, method):
            found.append(method)
    return found


def told_elsewhere(cls: type, method: str) -> bool:
    """A plugin's one method is explained by its protocol."""
    from journeykit import protocols

    roles = {"Importer": protocols.Importer, "Scorer": protocols.Scorer, "Renderer": protocols.Renderer}
    return any(cls.__name__.endswith(role) and hasattr(protocol, method) for role, protocol in roles.items())


def test_every_built_in_plugin_is_an_entry_point_of_its_own_name() -> None:
    """The entry point `ga4` is journeykit.importers.ga4:...: file stem, entry point and plugin.name agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wrong = []
    for group, points in project["entry-points"].items():
        for name, value in points.items():
            module, _, cls = value.partition(":")
            plugin = getattr(importlib.import_module(module), cls)()
            if not (module == f"{group}.{name}" and plugin.name == name):
                wrong.append(f"{group}: {name} = {value} ({plugin.name})")

    assert wrong == []


def test_the_root_imports_nothing_of_others() -> None:
    """`import journeykit` loads no third-party module and no room."""
    code = "import sys; old = set(sys.modules); import journeykit; print('\\n'.join(sorted(set(sys.modules) - old)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["journeykit"]


def test_the_readme_is_short_of_no_command() -> None:
    """README shows the two commands, and CI runs the second of them word for word."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/journeykit demo -o demo"
    second = "python3 -m venv .venv && .venv/bin/pip install nox && .venv/bin/nox -s tests"

    assert [command in readme for command in (first, second)] == [True, True]
    assert second in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_picture_in_the_readme_is_what_the_demo_draws(tmp_path: Path) -> None:
    """docs/_static/demo-map.svg is the demo's map to the byte; CONTRIBUTING.md says how to renew it."""
    command = [sys.executable, "-m", "journeykit", "demo", "-o", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    shown = ROOT / "docs" / "_static" / "demo-map.svg"

    assert shown.read_bytes() == (tmp_path / "map.svg").read_bytes()
    assert shown.stat().st_size < 150_000
