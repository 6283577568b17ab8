"""Findings with the file, line and column of the map that they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from journeykit.results import Finding

__all__ = ["asks_for_nothing", "located", "location", "said"]


def located(findings: Sequence[Finding], file: Path) -> list[Finding]:
    """The findings with the place that their paths have in the map's text; what it leaves out is placed around it."""
    import attrs  # noqa: PLC0415

    from journeykit import codec  # noqa: PLC0415

    format = {".json": "json", ".mmd": "mermaid"}.get(file.suffix.lower(), "yaml")
    paths = {finding.address.path or "" for finding in findings}
    places = codec.positions(file.read_text("utf-8"), paths, format=format)  # type: ignore[arg-type]
    found = []
    for finding in findings:
        line, column = places[finding.address.path or ""]
        address = attrs.evolve(finding.address, file=str(file), line=line, column=column)
        found.append(attrs.evolve(finding, address=address))
    return found


def location(finding: Finding) -> str:
    """``map.yaml:41:16 stages[2].touchpoints[5]``."""
    return str(finding.address)


def said(finding: Finding) -> str:
    """The finding in one line, without its place."""
    return f"{finding.severity}: {finding.message} [{finding.code}]; {finding.next_step}"


def asks_for_nothing(finding: Finding) -> bool:
    """Whether it only states a figure, such as the fit: no gate stops at it."""
    from journeykit.conformance import CHECKS  # noqa: PLC0415

    check = CHECKS.get(finding.code)
    return check is not None and check.figure and finding.severity == "info"
