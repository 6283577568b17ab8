"""The command line: one verb a command, errors as sentences, exit codes that mean something.

Nothing is imported here: `main` imports argparse, so that Ctrl-C is heard from the start, and what a command needs is
imported when it runs, so that ``--help`` is quick.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

__all__ = ["main"]

# In the order of the help; each is the module of its name.
_COMMANDS = ("demo", "discover", "build", "check", "render", "formats", "schema")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (the list is in ``journeykit --help``).

    >>> main(["schema", "no-such-thing"])  # the sentence is on stderr
    2
    """
    try:
        return _run(argv)
    except KeyboardInterrupt:
        import sys  # noqa: PLC0415

        # In words of its own: what `_run` imports may be what was interrupted.
        sys.stderr.write("journeykit: stopped\n")
        return 130


def _run(argv: Sequence[str] | None) -> int:
    import gc  # noqa: PLC0415
    import os  # noqa: PLC0415
    import sys  # noqa: PLC0415

    from journeykit.cli._exits import Exit  # noqa: PLC0415

    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a letter shows its code; that is no reason to fail.
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    try:
        arguments = _parser(sys.argv[1:] if argv is None else argv).parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        if arguments.command != "render" or arguments.renderer:
            # The renderers that a suffix picks never come to matplotlib, and logging alone costs a twentieth of a picture.
            _quiet_libraries()
        code = int(arguments.run(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would complain once more when it flushes stdout at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.CLOSED
    except Exception as err:
        # A fault must not look like a finding (1) to a CI job.
        if _was_interrupted(err):
            raise KeyboardInterrupt from err
        return _failed(err, arguments.command)
    if argv is None and "duckdb" not in sys.modules:
        # The process ends here and takes its memory with it: a last look for garbage costs a tenth of a picture's time.
        # DuckDB needs it, because it complains of what is left.
        gc.freeze()
    return code


def _was_interrupted(err: BaseException | None) -> bool:
    """Whether Ctrl-C is behind the error: inside a query, DuckDB makes an error of its own of it."""
    while err is not None:
        if isinstance(err, KeyboardInterrupt) or type(err).__name__ == "InterruptException":
            return True
        if isinstance(err, RuntimeError) and str(err) == "Query interrupted":
            return True
        err = err.__cause__ or err.__context__
    return False


def _quiet_libraries() -> None:
    import logging  # noqa: PLC0415

    # matplotlib tells of its font cache on stderr, which is kept for what the user must know.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)


def _failed(err: Exception, command: str) -> int:
    """Say what was wrong: a sentence for what the user can mend, a traceback for what only we can."""
    from journeykit.cli._exits import Exit  # noqa: PLC0415
    from journeykit.cli._terminal import complain  # noqa: PLC0415
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


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that is asked for, of every command where none is or help is wanted."""
    import argparse  # noqa: PLC0415
    from importlib import import_module  # noqa: PLC0415

    import journeykit  # noqa: PLC0415
    from journeykit.cli._exits import MEANINGS  # noqa: PLC0415
    from journeykit.cli._parsing import Parser  # noqa: PLC0415

    codes = "\n".join(f"  {code.value:3}  {meaning}" for code, meaning in MEANINGS.items())
    parser = Parser(
        prog="journeykit",
        description="Customer journey maps as text, tied to evidence: check them, score them, draw them.",
        epilog=f"exit codes:\n{codes}\n\nStart with: journeykit demo -o demo",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"journeykit {journeykit.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in given[:1] if given and given[0] in _COMMANDS else _COMMANDS:
        command = import_module(f"journeykit.cli.{name}")
        added = command.add(commands)
        added.set_defaults(run=command.run)
    return parser
