"""From command-line options to evidence: ``--events F --events-columns customer=user_id,time=ts`` and its kin."""

from __future__ import annotations

import argparse
import json
import re
import shlex
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from journeykit.cli._terminal import Steps

if TYPE_CHECKING:
    from journeykit.evidence import Evidence

__all__ = [
    "add_options",
    "as_options",
    "columns_option",
    "event_columns_option",
    "read_evidence",
    "scale_option",
    "when_option",
]

_KINDS = ("events", "feedback", "metrics", "customers")
# What double quotes do not keep from a shell.
_OF_SHELLS = frozenset('"$`\\!')
# Names that each kind has.
_MAPPED = {
    "events": "customer=user_id,time=created_at; event=stage+action makes the event of several, value= leaves one out",
    "feedback": "score=Q1,text=comment",
    "metrics": "kpi=name,time=month",
    "customers": "customer=user_id",
}


def columns_option(text: str) -> dict[str, str | None]:
    """``customer=user_id,time=event time`` as a mapping; a comma splits only where a new ``name=`` follows.

    Nothing behind the sign, as in ``value=``, leaves the canonical column out.
    """
    pairs: dict[str, str | None] = {}
    for part in re.split(r",(?=[a-z_]+=)", text):
        name, equals, column = part.partition("=")
        if not equals or not name:
            raise argparse.ArgumentTypeError(f"{part!r} is not NAME=COLUMN, such as customer=user_id")
        if name in pairs:
            raise argparse.ArgumentTypeError(f"{name!r} is given twice")
        pairs[name] = column or None
    return pairs


def event_columns_option(text: str) -> dict[str, str | list[str] | None]:
    """As `columns_option`; ``event=stage+action`` makes the event of several columns (``++`` is a plus in a name)."""
    pairs: dict[str, str | list[str] | None] = dict(columns_option(text))
    if isinstance(event := pairs.get("event"), str):
        parts = [part.replace("++", "+") for part in re.split(r"(?<!\+)\+(?!\+)", event)]
        pairs["event"] = parts[0] if len(parts) == 1 else parts
    return pairs


def scale_option(text: str) -> tuple[float, float]:
    """``1:5`` as the lowest and the highest score of a scale."""
    low, _, high = text.partition(":")
    try:
        scale = float(low), float(high)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not LOW:HIGH, such as 1:5") from None
    if not scale[0] < scale[1]:
        raise argparse.ArgumentTypeError(f"{text!r}: the low end of a scale lies below its high end")
    return scale


def when_option(text: str) -> datetime:
    """A moment with its zone, in ISO 8601."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2024-03-01T00:00:00+00:00") from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} has no zone; write it as {moment.isoformat()}+00:00 or with your own"
        )
    return moment


def add_options(parser: argparse.ArgumentParser, kinds: Sequence[str] = _KINDS, *, needs_events: bool = True) -> None:
    """The options that say what to read and how."""
    for kind in kinds:
        group = parser.add_argument_group(kind)
        group.add_argument(
            f"--{kind}", metavar="F", action="append", required=needs_events and kind == "events",
            help=f"a file or glob with {kind}; may be given several times",
        )  # fmt: skip
        group.add_argument(f"--{kind}-format", metavar="NAME", help="the importer ('journeykit formats' lists them)")
        group.add_argument(
            f"--{kind}-encoding",
            metavar="NAME",
            help="the encoding of CSV that is not UTF-8, such as cp1252 or shift_jis",
        )
        group.add_argument(
            f"--{kind}-columns", metavar="NAME=COLUMN,...",
            type=event_columns_option if kind == "events" else columns_option,
            help=f"which column of yours is which of ours, such as {_MAPPED[kind]}",
        )  # fmt: skip
        if kind == "feedback":
            group.add_argument(
                "--feedback-kind", metavar="KIND", help="what every row is, when no column says: rating, csat, ces, ..."
            )
            group.add_argument(
                "--feedback-scale", metavar="LOW:HIGH", type=scale_option, help="the scale of the scores, such as 1:5"
            )
            group.add_argument(
                "--feedback-about", metavar="ID", help="the touchpoint, event or channel that every row is about"
            )
    group = parser.add_argument_group("times and duplicates")
    group.add_argument("--tz", metavar="ZONE", help="the zone of times that carry none, such as Europe/Berlin")
    group.add_argument("--time-format", metavar="PATTERN", help="how times are written, such as '%%d.%%m.%%Y %%H:%%M'")
    group.add_argument(
        "--on-duplicate", choices=("keep", "drop", "raise"), default="keep",
        help="what becomes of exactly equal rows (default: keep)",
    )  # fmt: skip
    group.add_argument(
        "--observed-until", metavar="TIME", type=when_option,
        help="the moment up to which the events are complete (default: the last one)",
    )  # fmt: skip
    group.add_argument(
        "--memory-limit", metavar="SIZE",
        help="how much memory the engine may use for the events, such as 4GB; the rest is spilled to disk",
    )  # fmt: skip


def refuse_idle_options(arguments: argparse.Namespace) -> None:
    """Refuse an option about a table that is not read: it was meant to do something."""
    from journeykit.errors import ArgumentError  # noqa: PLC0415

    for kind in _KINDS:
        given = [name for name, value in vars(arguments).items() if name.startswith(f"{kind}_") and value is not None]
        if given and not getattr(arguments, kind):
            options = ", ".join(f"--{name.replace('_', '-')}" for name in given)
            raise ArgumentError(f"{options} without --{kind}: say which file it is about with --{kind} F")


def read_evidence(arguments: argparse.Namespace, steps: Steps) -> Evidence:
    """Every table that the options name."""
    from journeykit import api  # noqa: PLC0415
    from journeykit.evidence import Evidence  # noqa: PLC0415

    found: dict[str, Any] = {}
    for kind in _KINDS:
        files = getattr(arguments, kind, None)
        if not files:
            continue
        options: dict[str, Any] = {
            "tz": arguments.tz,
            "time_format": arguments.time_format,
            "on_duplicate": arguments.on_duplicate,
        }
        if kind == "events":
            options["observed_until"] = arguments.observed_until
            options["memory_limit"] = arguments.memory_limit
        if kind == "feedback":
            options |= {
                "kind": arguments.feedback_kind,
                "scale": arguments.feedback_scale,
                "about": arguments.feedback_about,
            }
        with steps.step(f"Reading {kind}"):
            source = files[0] if len(files) == 1 else files
            options["columns"] = getattr(arguments, f"{kind}_columns")
            format = _format(arguments, kind)
            read = getattr(api, f"read_{kind}")
            found[kind] = _advised(kind, partial(read, source, format, **options))
    return Evidence(**found)


def _format(arguments: argparse.Namespace, kind: str) -> Any:
    """The importer's name, or where an encoding is given the importer itself; only CSV comes in several."""
    format, encoding = getattr(arguments, f"{kind}_format"), getattr(arguments, f"{kind}_encoding")
    if encoding is None:
        return format
    from journeykit.errors import ArgumentError  # noqa: PLC0415
    from journeykit.importers.csv import CsvImporter  # noqa: PLC0415

    if format not in (None, CsvImporter.name):
        raise ArgumentError(f"--{kind}-encoding is for CSV, not for --{kind}-format {format}; leave one of them out")
    return CsvImporter(encoding=encoding)


def _advised(kind: str, read: Callable[[], Any]) -> Any:
    """Read; what an error advises for Python is said as the options of this command."""
    import attrs  # noqa: PLC0415

    from journeykit.errors import ArgumentError, EvidenceError  # noqa: PLC0415

    try:
        return read()
    except EvidenceError as err:
        problems = [attrs.evolve(p, hint=p.hint and as_options(p.hint, kind)) for p in err.problems]
        raise EvidenceError(problems) from err
    except ArgumentError as err:
        raise ArgumentError(as_options(str(err), kind)) from err


def as_options(hint: str, kind: str) -> str:
    """``columns={"time": "ts"}`` as ``--events-columns "time=ts"``, ``tz="UTC"`` as ``--tz UTC``, and so on."""

    def pairs(found: re.Match[str]) -> str:
        try:
            members = json.loads(found[0].removeprefix("columns=").replace(": None", ": null"))
        except ValueError:
            return found[0]
        said = ",".join(f"{name}={column or ''}" for name, column in members.items())
        return f"--{kind}-columns {shlex.quote(said) if set(said) & _OF_SHELLS else _doubled(said)}"

    hint = re.sub(r"; in Python, .*$", "", hint)
    hint = re.sub(r'format=CsvImporter\(encoding="(.*?)"\)(?: from [\w.]+)?', rf"--{kind}-encoding \1", hint)
    hint = re.sub(r"columns=\{(.*?)\}", pairs, hint)
    hint = re.sub(r"\bscale=\((\S+), (\S+)\)", r"--feedback-scale \1:\2", hint)
    names = {
        name: name.replace("_", "-") for name in ("tz", "time_format", "on_duplicate", "observed_until", "memory_limit")
    }
    names |= {name: f"{kind}-{name}" for name in ("format", "columns", "kind", "scale", "about")}
    option = rf"""(?<![\w-])({"|".join(names)})="""
    value = r"""(?:(["'])(.*?)\2(?:((?:, ".*?")*)( or) "(.*?)")?)?(?=(\w?))"""

    def said(found: re.Match[str]) -> str:
        rest = f"{(found[4] or '').replace(chr(34), '')}{found[5]} {_quoted(found[6])}" if found[5] else ""
        value = _quoted(found[3] or "")
        return f"--{names[found[1]]}{' ' if value or found[7] else ''}{value}{rest}"

    return re.sub(option + value, said, hint)


def _doubled(value: str) -> str:
    # Double quotes hold in every shell, that of Windows included.
    return f'"{value}"'


def _quoted(value: str) -> str:
    """As a shell takes it for one word."""
    return f'"{value}"' if " " in value else value
