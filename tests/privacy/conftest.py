"""Everything that journeykit writes, prints or shows about a log, as text by the name of where it stands."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import frozen

import journeykit as jk
from journeykit import plugins
from journeykit.cli import main
from journeykit.evidence import EventLog, Feedback
from journeykit.measures import said

DATA = Path(__file__).parents[2] / "../shared/data"
# Shorter ids and texts stand in other texts by chance.
SHORTEST = 5
_RUN = re.compile(r"[\w@.+%-]+")
_WORD = re.compile(r"\w+")


@frozen(kw_only=True)
class Job:
    """One log with its map: what the command line is given, and the same for Python."""

    map: Path
    events: Path
    options: tuple[str, ...] = ()
    feedback: Path | None = None
    feedback_options: tuple[str, ...] = ()
    read: Mapping[str, Any] = {}
    read_feedback: Mapping[str, Any] = {}


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real files beside the project."""
    if not DATA.is_dir():
        pytest.skip("the real files are not here: ../shared/data beside the project is absent")
    return DATA.resolve()


@pytest.fixture(scope="session")
def job() -> type[Job]:
    """What a run is told."""
    return Job


@pytest.fixture(scope="session")
def outputs() -> Callable[[Job, Path], dict[str, str]]:
    """Runs every command, renderer, display and conversion on a job."""
    return _outputs


@pytest.fixture(scope="session")
def leaks() -> Callable[[Mapping[str, str], Iterable[str]], dict[str, list[str]]]:
    """Where which of the secrets stand: whole tokens for ids, anywhere for secrets with a blank or an at sign."""
    return _leaks


def _leaks(texts: Mapping[str, str], secrets: Iterable[str]) -> dict[str, list[str]]:
    known = {secret for secret in secrets if len(secret) >= SHORTEST}
    whole = {secret for secret in known if _RUN.fullmatch(secret) and "@" not in secret}
    found: dict[str, list[str]] = {}
    for name, text in texts.items():
        tokens = set(_RUN.findall(text)) | set(_WORD.findall(text))
        tokens |= {token.strip(".-+%") for token in tokens}
        hits = (tokens & whole) | {secret for secret in known - whole if secret in text}
        if hits:
            found[name] = sorted(hits)[:5]
    return found


def _outputs(job: Job, folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    events = ["--events", str(job.events), *job.options]
    said_too = ["--feedback", str(job.feedback), *job.feedback_options] if job.feedback else []
    texts |= _ran("build", ["build", str(job.map), *events, *said_too, "-o", str(folder / "built")])
    texts |= _ran("discover", ["discover", *events, "--title", "A draft", "-o", str(folder / "draft.yaml")])
    for format in ("text", "json", "sarif", "junit"):
        to = ["-o", str(folder / f"check.{format}")]
        texts |= _ran(
            f"check {format}",
            ["check", str(job.map), *events, *said_too, "--fail-on", "never", "--format", format, *to],
        )
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        texts[str(path.relative_to(folder))] = _text(path.read_bytes())
    return texts | _in_python(job)


def _ran(name: str, arguments: list[str]) -> dict[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    assert code == 0, (name, err.getvalue())
    return {f"{name}, printed": out.getvalue() + err.getvalue()}


def _in_python(job: Job) -> dict[str, str]:
    journey, events = jk.load(job.map), jk.read_events(job.events, **job.read)
    feedback = jk.read_feedback(job.feedback, **job.read_feedback) if job.feedback else None
    card = jk.score(
        journey, jk.Evidence(events=events, feedback=feedback), ("impact", "friction", "emotion", "moments")
    )
    texts = {
        "scorecard repr": repr(card),
        "scorecard display": str(card._repr_mimebundle_()),
        "scores": card.to_pandas().to_csv(),
    }
    for name in plugins.renderers().names():
        renderer: Any = plugins.renderers().get(name)
        if name == "markdown" and feedback is not None:
            renderer = attrs.evolve(
                renderer, said=tuple(said(feedback, journey)), imports=(events.report, feedback.report)
            )
        made = jk.render(journey, renderer, scores=card)
        texts[f"{name}, rendered"] = _text(made.body)
        texts[f"{name}, display"] = str(made._repr_mimebundle_())
    for table in (events, feedback):
        if table is not None:
            texts |= _of_table(type(table).__name__, table)
    found = jk.check(journey, jk.Evidence(events=events, feedback=feedback))
    return texts | {"findings": repr(found) + found._repr_html_() + found.to_pandas().to_csv()}


def _of_table(name: str, table: EventLog | Feedback) -> dict[str, str]:
    return {
        f"{name} repr": repr(table) + repr(table.report) + str(table.report),
        f"{name} display": table._repr_html_() + table.report._repr_html_(),
        f"{name} rejected": "\n".join(f"{problem!r} {problem}" for problem in table.rejected()),
        f"{name} to_pandas": table.to_pandas().to_csv(),
        f"{name} to_polars": table.to_polars().write_csv(),
        f"{name} verbatims": table.to_polars(verbatims=True).write_csv(),
        f"{name} to_arrow": str(table.to_arrow().to_pydict()),
    }


def _text(body: bytes) -> str:
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return body.decode("utf-8", "replace")
