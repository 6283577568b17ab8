"""``journeykit check``: a map's findings, by itself or against data, and an exit code for CI."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeykit.cli._exits import Exit
from journeykit.cli._floor import add_floor, least_of
from journeykit.cli._located import asks_for_nothing, located, location, said
from journeykit.cli._output import must_be_writable, write_one
from journeykit.cli._reading import add_options, read_evidence, refuse_idle_options
from journeykit.cli._terminal import complain, safe, say, watching

if TYPE_CHECKING:
    from journeykit.evidence import Evidence
    from journeykit.results import Finding

__all__ = ["add", "day_option", "run", "share_option"]

_RANK = {"info": 0, "warning": 1, "error": 2, "never": 3}


def day_option(text: str) -> date:
    """A day in ISO 8601."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-03-01") from None


def share_option(text: str) -> float:
    """A share from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1, such as 0.8")
    return share


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """The command's arguments."""
    parser = commands.add_parser(
        "check",
        help="check a map: is anything missing or overdue in it, and do the data contradict it",
        description="Print every finding as 'file:line:column path: severity: message [code]; next step', then a summary. "
        "With --events, --feedback, --metrics or --customers the map is also held against the data.",
        epilog="A map that cannot be read at all ends with exit code 2 and every fault on stderr.",
    )
    parser.add_argument("map", metavar="MAP", help="the map file (.yaml, .json or .mmd)")
    parser.add_argument(
        "--fail-on",
        choices=("info", "warning", "error", "never"),
        default="error",
        help="the lowest severity that makes the exit code 1 (default: error); figures such as the fit never do",
    )
    parser.add_argument(
        "--today", metavar="DATE", type=day_option,
        help="the day that reviews, deadlines and claims are compared with (default: the last day of the events, else today)",
    )  # fmt: skip
    parser.add_argument(
        "--least-fit", metavar="SHARE", type=share_option, default=0.0,
        help="a smaller share of journeys that fit the map is a warning, such as 0.8",
    )  # fmt: skip
    parser.add_argument(
        "--least-coverage", metavar="SHARE", type=share_option, default=0.0,
        help="a smaller share of events that are on the map is a warning, such as 0.9",
    )  # fmt: skip
    parser.add_argument(
        "--format", choices=("text", "sarif", "junit", "json"), default="text",
        help="how findings are written: lines of text (default), SARIF 2.1.0, JUnit XML, or a JSON list",
    )  # fmt: skip
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="the file to write the findings to (default: stdout)"
    )
    add_floor(parser)
    add_options(parser, needs_events=False)
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Print or write the findings; 1 when one is at or above the level."""
    from journeykit import api  # noqa: PLC0415
    from journeykit.conformance import Thresholds  # noqa: PLC0415

    file, output = Path(arguments.map), arguments.output
    refuse_idle_options(arguments)
    if output is not None:
        must_be_writable(output.parent)
    journey = api.load(file)
    steps = watching()
    evidence = read_evidence(arguments, steps)
    if _unreadable(evidence):
        return Exit.NOTHING_KEPT
    limits = Thresholds(fit=arguments.least_fit, coverage=arguments.least_coverage, least=least_of(arguments))
    with steps.step("Checking") as progress:
        found = api.check(journey, evidence, today=arguments.today, thresholds=limits, progress=progress)
    findings = located(found, file)
    level = _RANK[arguments.fail_on]
    failing = [f for f in findings if _RANK[f.severity] >= level and not asks_for_nothing(f)]
    document = _document(arguments.format, findings, failing, evidence, file)
    if output is not None:
        write_one(output, f"{document}\n".encode() if document else b"")
    elif document:
        print(document)
    # A document for a machine stays alone on stdout.
    if output is not None or arguments.format == "text":
        say(f"{file}: {_summary(findings)}")
    return Exit.FINDINGS if failing else Exit.DONE


def _unreadable(evidence: Evidence) -> bool:
    """Whether the events hold rows and none could be used; the reasons are told."""
    from journeykit.cli._summary import show_rejections  # noqa: PLC0415

    events = evidence.events
    if events is None or len(events) or not events.report.rows_in:
        return False
    show_rejections(evidence, complain)
    complain(f"journeykit check: every row of {events.report.source} was rejected; the map was not checked against it")
    return True


def _document(
    format: str, findings: Sequence[Finding], failing: Sequence[Finding], evidence: Evidence, file: Path
) -> str:
    from journeykit.cli._junit import junit  # noqa: PLC0415
    from journeykit.cli._sarif import sarif  # noqa: PLC0415
    from journeykit.conformance import CHECKS  # noqa: PLC0415

    read = frozenset(name for name in ("events", "feedback", "metrics") if getattr(evidence, name) is not None)
    if format == "sarif":
        return sarif(findings, CHECKS.values(), file)
    if format == "junit":
        return junit(findings, CHECKS.values(), read, file, lambda finding: finding in failing)
    if format == "json":
        return json.dumps([_tree(finding) for finding in findings], indent=2)
    return "\n".join(safe(f"{location(finding)}: {said(finding)}") for finding in findings)


def _tree(finding: Finding) -> dict[str, Any]:
    address = finding.address
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "next_step": finding.next_step,
        "file": address.file,
        "line": address.line,
        "column": address.column,
        "path": address.path,
    }


def _summary(findings: Sequence[Finding]) -> str:
    counts = {severity: sum(f.severity == severity for f in findings) for severity in ("error", "warning", "info")}
    words = [f"{n} {name if n == 1 or name == 'info' else name + 's'}" for name, n in counts.items() if n]
    return ", ".join(words) or "nothing to complain about"
