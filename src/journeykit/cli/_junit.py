"""Findings as JUnit XML, which every CI system shows as tests: one test a check, so that its history has one name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from journeykit.cli._located import location, said
from journeykit.cli._terminal import safe

if TYPE_CHECKING:
    from journeykit.conformance import Check
    from journeykit.results import Finding

__all__ = ["junit"]

# XML 1.0 has no way to write these, not even as references.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OPTIONS = {"columns": "--events", "events": "--events", "feedback": "--feedback", "metrics": "--metrics"}
# After these nothing else is looked for in the events.
_HALTS = ("not-compared", "no-events")


def junit(
    findings: Sequence[Finding],
    checks: Iterable[Check],
    read: frozenset[str],
    file: Path,
    fails: Callable[[Finding], bool],
) -> str:
    """One test suite for the map, one test case a check (ASCII).

    A check fails when one of its findings ``fails``; milder findings are its output. A check whose table was not ``read``
    is skipped, and so is one of the events where an error kept the map from being laid over them.
    """
    halted = any(finding.code in _HALTS for finding in findings)
    cases, failed, skipped = [], 0, 0
    for check in checks:
        mine = [finding for finding in findings if finding.code == check.code]
        bad = [finding for finding in mine if fails(finding)]
        idle = "" if mine else _idle(check, read, halted=halted)
        failed += bool(bad)
        skipped += bool(idle)
        cases.append(_case(check, mine, bad, file, idle))
    head = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="{skipped}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="journeykit check" {head}>',
        f"  <testsuite name={_quoted(str(file))} {head}>",
        *cases,
        "  </testsuite>",
        "</testsuites>",
    ]
    # Whatever cannot be printed where the output goes is a reference, so no encoding can spoil the document.
    return "\n".join(lines).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _idle(check: Check, read: frozenset[str], *, halted: bool) -> str:
    """Why the check was not made; empty when it was."""
    option = _OPTIONS.get(check.needs)
    if option is not None and option.removeprefix("--") not in read:
        return f"needs {option}"
    return "the map could not be laid over the events" if halted and check.needs == "events" else ""


def _case(check: Check, mine: Sequence[Finding], bad: Sequence[Finding], file: Path, idle: str) -> str:
    line = f' line="{mine[0].address.line}"' if mine and mine[0].address.line else ""
    start = f'    <testcase classname="journeykit.{check.needs}" name="{check.code}" file={_quoted(str(file))}{line} time="0"'
    inner = []
    if idle:
        inner.append(f"<skipped message={_quoted(idle)}/>")
    if bad:
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        message = _quoted(f"{check.title}: {bad[0].message}{more}")
        inner.append(f'<failure type="{bad[0].severity}" message={message}>{_lines(bad)}</failure>')
    if mild := [finding for finding in mine if finding not in bad]:
        inner.append(f"<system-out>{_lines(mild)}</system-out>")
    if not inner:
        return f"{start}/>"
    return "\n".join([f"{start}>", *(f"      {part}" for part in inner), "    </testcase>"])


def _lines(findings: Sequence[Finding]) -> str:
    return "\n".join(_text(f"{location(finding)}: {said(finding)}") for finding in findings)


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub(lambda found: ascii(found[0])[1:-1], safe(text)))


def _quoted(text: str) -> str:
    return '"' + _text(text).replace('"', "&quot;") + '"'
