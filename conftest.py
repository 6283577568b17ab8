"""README, the manual and the docstrings are tests: their examples run, each document in an empty folder of its own."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import tempfile
from collections.abc import Generator
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, OutputChecker
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE


def enter_folder(namespace: dict[str, Any]) -> None:
    folder = tempfile.TemporaryDirectory(prefix="journeykit-docs-", ignore_cleanup_errors=True)
    namespace["_folder"] = folder, Path.cwd()
    os.chdir(folder.name)


def leave_folder(namespace: dict[str, Any]) -> None:
    folder, home = namespace.pop("_folder")
    # Tables that an example read hold temporary files; they go with their names.
    namespace.clear()
    os.chdir(home)
    folder.cleanup()


def write_map(example: Example) -> str | None:
    """A YAML block is a map, or an excerpt of one; where its first line is a file name, later blocks find it there."""
    from journeykit.codec import loads

    text = str(example.parsed)
    if not text.startswith(("# ", "journeykit:")):
        return f"a YAML block starts with 'journeykit: 1' or '# file name', not with {text.splitlines()[0]!r}"
    loads(text)
    if text.startswith("# "):
        Path(text.splitlines()[0].removeprefix("# ").strip()).write_text(text, encoding="utf-8")
    return None


def run_commands(example: Example) -> str | None:
    """Every ``$ journeykit`` line runs and exits with 0; output that is shown must be what is printed (``...`` any)."""
    for block in f"\n{example.parsed}".split("\n$ ")[1:]:
        line, _, expected = block.partition("\n")
        code, printed = _run(shlex.split(line, comments=True))
        if code != 0:
            return f"$ {line}\nended with exit code {code}:\n{printed}"
        if expected.strip() and not OutputChecker().check_output(
            f"{expected.strip()}\n", f"{printed.strip()}\n", FLAGS
        ):
            return f"$ {line}\nexpected:\n{expected}\nprinted:\n{printed}"
    return None


def _run(argv: list[str]) -> tuple[int, str]:
    from journeykit.cli import main

    if argv[0] != "journeykit":
        return 127, f"a console block may only run journeykit, not {argv[0]!r}; other commands go into a sh block"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            code: Any = main(argv[1:])
        except SystemExit as err:
            code = err.code
    return (code or 0) if isinstance(code, int | None) else 1, printed.getvalue()


manual = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=FLAGS),
        CodeBlockParser(language="yaml", evaluator=write_map),
        CodeBlockParser(language="console", evaluator=run_commands),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    excludes=["benchmarks/*", "docs/_build/*", "docs/changelog.d/*", "docs/gallery/made-*.md", "docs/gallery/_made/*"],
    setup=enter_folder,
    teardown=leave_folder,
)
docstrings = Sybil(
    parsers=[DocTestParser(optionflags=FLAGS)],
    path="src",
    patterns=["*.py"],
    document_types={".py": PythonDocStringDocument},
    setup=enter_folder,
    teardown=leave_folder,
)

pytest_collect_file = (manual + docstrings).pytest()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A failing example is shown without its causes: sybil cannot cut their tracebacks and would stop the whole run."""
    try:
        return (yield)
    except Exception as err:
        if isinstance(getattr(item, "example", None), Example):
            err.__cause__, err.__suppress_context__ = None, True
        raise
