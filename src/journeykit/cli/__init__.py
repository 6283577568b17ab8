"""The command line: one verb a command, errors as sentences, exit codes that mean something.

Only argparse is imported here; what a command needs is imported when it runs, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import journeykit
from journeykit.cli import build, check, demo, formats, render, schema
from journeykit.cli._exits import MEANINGS, Exit
from journeykit.cli._terminal import complain

__all__ = ["main"]

_COMMANDS = (demo, build, check, render, formats, schema)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (the list is in ``journeykit --help``).

    >>> main(["schema", "no-such-thing"])  # the sentence is on stderr
    2
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows its code; that is no reason to fail.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        _quiet_libraries()
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except KeyboardInterrupt:
        complain("journeykit: stopped")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.CLOSED
    except Exception as err:  # noqa: BLE001 - a fault must not look like a finding (1) to a CI job
        return _failed(err, arguments.command)
    return code


def _quiet_libraries() -> None:
    import logging  # noqa: PLC0415

    # matplotlib tells of its font cache on stderr, which is kept for what the user must know.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _failed(err: Exception, command: str) -> Exit:
    """Say what was wrong: a sentence for what the user can mend, a traceback for what only we can."""
    from journeykit.errors import JourneykitError  # noqa: PLC0415

    problems = getattr(err, "problems", ())
    if isinstance(err, JourneykitError) and problems:
        for problem in problems:
            complain(problem)
        complain(f"journeykit {command}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    elif isinstance(err, OSError) and err.strerror:
        complain(f"journeykit {command}: {f'{err.filename}: ' if err.filename else ''}{err.strerror}")
    elif isinstance(err, JourneykitError):
        complain(f"journeykit {command}: {err}")
    else:
        import traceback  # noqa: PLC0415

        for line in "".join(traceback.format_exception(err)).splitlines():
            complain(line)
        complain(f"journeykit {command}: this is a fault in journeykit or in a plugin, not in what you typed")
        return Exit.FAULT
    return Exit.INVALID


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code.value:3}  {meaning}" for code, meaning in MEANINGS.items())
    parser = argparse.ArgumentParser(
        prog="journeykit",
        description="Customer journey maps as text, tied to evidence: check them, score them, draw them.",
        epilog=f"exit codes:\n{codes}\n\nStart with: journeykit demo -o demo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"journeykit {journeykit.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        added = command.add(commands)
        added.set_defaults(run=command.run)
    return parser
