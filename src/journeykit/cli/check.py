"""``journeykit check``: a map's findings, one a line, and an exit code for CI."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from journeykit.cli._exits import Exit
from journeykit.cli._terminal import say

if TYPE_CHECKING:
    from journeykit.results import Finding

__all__ = ["add", "run"]

_RANK = {"info": 0, "warning": 1, "error": 2, "never": 3}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "check",
        help="check a map: is it valid, and is anything missing or doubtful in it",
        description="Print every finding as 'file:line:column path: severity: message [code]; next step'.",
        epilog="A map that cannot be read at all ends with exit code 2 and every fault on stderr.",
    )
    parser.add_argument("map", metavar="MAP", help="the map file (.yaml or .json)")
    parser.add_argument(
        "--fail-on",
        choices=("warning", "error", "never"),
        default="error",
        help="the lowest severity that makes the exit code 1 (default: error)",
    )
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; 1 when one is at or above the level."""
    from journeykit import api  # noqa: PLC0415

    findings = api.check(api.load(arguments.map))
    for line in _lines(findings, Path(arguments.map)):
        say(line)
    counts = {severity: sum(f.severity == severity for f in findings) for severity in ("error", "warning", "info")}
    words = [f"{n} {name if n == 1 or name == 'info' else name + 's'}" for name, n in counts.items() if n]
    say(f"{arguments.map}: {', '.join(words) or 'nothing to complain about'}")
    worst = max((_RANK[finding.severity] for finding in findings), default=-1)
    return Exit.FINDINGS if worst >= _RANK[arguments.fail_on] else Exit.DONE


def _lines(findings: Iterable[Finding], file: Path) -> Iterator[str]:
    """The findings with the line and column that their paths have in the file."""
    from journeykit import codec  # noqa: PLC0415

    found = list(findings)
    paths = {finding.address.path or "" for finding in found}
    places = codec.positions(
        file.read_text("utf-8"), paths, format="json" if file.suffix.lower() == ".json" else "yaml"
    )
    for finding in found:
        line, column = places[finding.address.path or ""]
        where = f"{file}:{line}:{column} {finding.address.path or ''}".rstrip()
        yield f"{where}: {finding.severity}: {finding.message} [{finding.code}]; {finding.next_step}"
