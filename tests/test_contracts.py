"""The contracts towards the outside that no data file shows: the plugin protocols and the command line.

To accept a meant change, run with JOURNEYKIT_GOLDEN=write and read the difference.
"""

from __future__ import annotations

import argparse
import inspect
import os
from pathlib import Path
from typing import Any

import attrs
import pytest

from journeykit import cli, protocols
from journeykit.cli._exits import MEANINGS

GOLDEN = Path(__file__).parent / "golden"


def agrees(name: str, lines: list[str]) -> None:
    file, text = GOLDEN / name, "\n".join(lines) + "\n"
    if os.environ.get("JOURNEYKIT_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")

    assert file.read_text(encoding="utf-8") == text


def test_plugin_protocols() -> None:
    """What a plugin must offer, and what a scorer is given, changes only on purpose: strangers build on it."""
    lines = []
    for protocol in (protocols.Importer, protocols.Scorer, protocols.Renderer):
        for name, part in sorted(vars(protocol).items()):
            if isinstance(part, property):
                lines.append(f"{protocol.__name__}.{name}: {inspect.get_annotations(part.fget)['return']}")
            elif inspect.isfunction(part) and not name.startswith("_"):
                _, *parameters = inspect.signature(part).parameters.values()
                given = ", ".join(map(str, parameters))
                lines.append(f"{protocol.__name__}.{name}({given}) -> {inspect.signature(part).return_annotation}")
    lines += [f"Scoring.{field.name}: {field.type}" for field in attrs.fields(protocols.Scoring)]
    agrees("protocols.txt", lines)


def test_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, options and exit codes change only on purpose: scripts and CI jobs build on them."""
    seen: list[argparse.ArgumentParser] = []

    def stop(parser: argparse.ArgumentParser, *_: Any) -> None:
        seen.append(parser)
        raise SystemExit(0)

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", stop)
    cli.main([])  # no command, so that the parser holds all of them
    (commands,) = (action for action in seen[0]._actions if isinstance(action, argparse._SubParsersAction))
    lines = [f"exit {code.value}: {meaning}" for code, meaning in MEANINGS.items()]
    for command, parser in sorted(commands.choices.items()):
        for action in parser._actions:
            what = " ".join(action.option_strings) or action.dest
            choices = f" one of {', '.join(map(str, action.choices))}" if action.choices else ""
            lines.append(f"{command} {what}{choices}{' required' if action.required else ''}")
    agrees("command-line.txt", lines)
