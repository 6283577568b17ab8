"""The sessions that CI runs; `nox -l` lists them, CONTRIBUTING.md says which are slow."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2024.4.15"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "types", "layers", "tests", "docs", "build"]
nox.options.error_on_missing_interpreters = True

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")

# The rooms whose every branch is worth a test: a wrong figure here is a wrong decision somewhere else.
COVERED = ("model", "codec", "measures", "scorers")
ENTRY_POINTS = {name: sorted(points) for name, points in PYPROJECT["project"]["entry-points"].items()}


def group(*names: str) -> list[str]:
    return nox.project.dependency_groups(PYPROJECT, *names)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff: rules and format."""
    session.install(*group("lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict inside, and every public name fully typed for those who import the package."""
    session.install(*group("types"), ".")
    session.run("mypy", "--strict")
    session.run("pyright", "--verifytypes", "journeykit", "--ignoreexternal")


@nox.session
def layers(session: nox.Session) -> None:
    """The architecture: a room imports only rooms below it."""
    session.install(*group("layers"), "-e", ".")
    session.run("lint-imports", "--no-cache")


@nox.session
def tests(session: nox.Session) -> None:
    """Every test, README and docs and docstring examples included. Give arguments to run a part, without coverage."""
    # Editable, so that docstring examples and coverage speak of the files in src.
    session.install(*group("tests"), "-e", ".")
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    session.env["COVERAGE_FILE"] = str(Path(session.create_tmp()).resolve() / "coverage")
    session.run("coverage", "erase")
    # loadfile keeps the examples of one document on one worker: they share their names.
    session.run("pytest", "-n", "auto", "--dist", "loadfile", "--cov", "--cov-report=")
    rooms = ",".join(f"*/journeykit/{room}/*" for room in COVERED)
    session.run("coverage", "report", "--skip-covered", "--fail-under=0")
    session.run("coverage", "report", f"--include={rooms}", "--show-missing", "--skip-covered", "--fail-under=95")


@nox.session(venv_backend="none")
def same_bytes(session: nox.Session) -> None:
    """Every supported Python on this machine makes the same files; a Python that is absent is named."""
    tmp = Path(session.create_tmp()).resolve()
    found: dict[str, dict[str, str]] = {}
    for version in ("3.11", "3.12", "3.13"):
        python = shutil.which(f"python{version}")
        home = tmp / version
        if python is None or session.run(python, "-c", "", external=True, silent=True, success_codes=range(256)):
            session.warn(f"there is no python{version} here: not compared")
            continue
        session.run(python, "-m", "venv", "--clear", str(home), external=True)
        inside = str(home / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        session.run(inside, "-m", "pip", "install", "-q", f"{ROOT}[pdf,png,pptx]", external=True)
        text = session.run(inside, "tests/renderers/_digests.py", external=True, silent=True)
        found[version] = json.loads(text)
    if len(found) < 2:
        session.error("fewer than two of Python 3.11, 3.12 and 3.13 are here: nothing to compare")
    first, *others = found
    for other in others:
        if differing := sorted(name for name in found[first] if found[first][name] != found[other].get(name)):
            session.error(f"Python {first} and {other} make different files: {', '.join(differing)}")
    session.log(f"{len(found[first])} files are the same on Python {', '.join(found)}")


@nox.session
def docs(session: nox.Session) -> None:
    """The HTML manual in docs/_build/html; a warning is an error."""
    session.install(*group("docs"), ".")
    session.run("sphinx-build", "-W", "-n", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel, install the wheel into a fresh environment and run the demo from there."""
    session.install(*group("build"))
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", "dist")
    (wheel,) = (ROOT / "dist").glob("*.whl")
    _check_wheel(session, wheel)

    tmp = Path(session.create_tmp()).resolve()
    fresh, demo = tmp / "fresh", tmp / "demo"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(demo, ignore_errors=True)
    session.run("python", "benchmarks/installed_size.py", str(wheel), "--venv", str(fresh))
    programs = fresh / ("Scripts" if sys.platform == "win32" else "bin")
    # Away from the checkout, so that nothing is found there by chance.
    with session.chdir(tmp):
        session.run(str(programs / "journeykit"), "demo", "-o", str(demo), external=True)
        session.run(str(programs / "journeykit"), "formats", external=True)
    built = ("map.svg", "map.html", "curve.png", "scorecard.json", "report.md")
    missing = [name for name in built if not (demo / name).is_file()]
    if missing:
        session.error(f"the demo of the installed wheel did not write {', '.join(missing)}")


def _check_wheel(session: nox.Session, wheel: Path) -> None:
    """The wheel holds the type marker, the demo's data and every entry point of pyproject.toml."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (points,) = (archive.read(name).decode() for name in names if name.endswith(".dist-info/entry_points.txt"))
    if "journeykit/py.typed" not in names:
        session.error("py.typed is not in the wheel")
    packaged = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src" / "journeykit").rglob("*")}
    wanted = sorted(
        name
        for name in packaged
        if (ROOT / "src" / name).is_file() and "__pycache__" not in name and not name.endswith(".pyc")
    )
    if absent := [name for name in wanted if name not in names]:
        session.error(f"not in the wheel: {', '.join(absent)}")
    if not any("demo" in name and not name.endswith(".py") for name in names):
        session.error("the demo's data is not in the wheel")
    for kind, plugins in ENTRY_POINTS.items():
        for plugin in plugins:
            if f"[{kind}]" not in points or f"\n{plugin} = " not in points:
                session.error(f"the entry point {kind}:{plugin} is not in the wheel")


@nox.session
def bench_peers(session: nox.Session) -> None:
    """The one pass beside DuckDB's bare sort, pm4py, retentioneering, pandas and polars; minutes, and gigabytes of memory."""
    # Only here: peers are never dependencies, and pm4py's licence is not ours.
    session.install(".", "nanoarrow", "pandas", "polars", "pyarrow", "pm4py", "retentioneering>=5")
    session.run("python", "benchmarks/peers.py", *session.posargs)


@nox.session
def spark(session: nox.Session) -> None:
    """Every measure, the scores and discover on a real Spark, against DuckDB; ``-- --cluster``: a master and two workers."""
    _need_java(session)
    session.install(
        "pytest>=8.2", "hypothesis>=6.100", "sybil>=8.0", "polars>=1.0", "pyspark[connect]", "-e", ".[spark]"
    )
    arguments = [word for word in session.posargs if word != "--cluster"] or ["tests/spark"]
    # A name on the session's path: the command is started from inside the session's Python.
    before = ["tests/spark/cluster.py", "python"] if "--cluster" in session.posargs else []
    session.run("python", *before, "-m", "pytest", "-p", "no:cacheprovider", *arguments)


@nox.session
def bench_spark(session: nox.Session) -> None:
    """One pass of journeykit on Spark beside native Spark SQL, ten million events; arguments go to benchmarks/spark.py."""
    _need_java(session)
    session.install("-e", ".[spark]")
    session.run("python", "benchmarks/spark.py", *session.posargs)


def _need_java(session: nox.Session) -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        session.error(
            "Spark needs a Java virtual machine, 17 or newer: there is no java on the path, nor in JAVA_HOME. On Debian: "
            "apt-get install openjdk-17-jre-headless"
        )


@nox.session
def bench(session: nox.Session) -> None:
    """Import cost and installed size, as benchmarks/README.md reports them."""
    session.install(".")
    session.run("python", "benchmarks/import_time.py")
    session.run("python", "benchmarks/installed_size.py", ".")


@nox.session
def bench_pictures(session: nox.Session) -> None:
    """Pictures against Mermaid and a browser, as benchmarks/README.md reports them; needs Chromium, node and npm."""
    session.install(".[png]")
    session.run("python", "benchmarks/pictures.py", *session.posargs)
