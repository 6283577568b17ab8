"""Findings as SARIF 2.1.0 (OASIS 2020), which GitHub, GitLab, Azure DevOps and editors show beside the lines they speak of."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from journeykit.cli._located import asks_for_nothing
from journeykit.cli._terminal import safe

if TYPE_CHECKING:
    from journeykit.conformance import Check
    from journeykit.results import Finding

__all__ = ["sarif"]

_LEVELS = {"info": "note", "warning": "warning", "error": "error"}
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def sarif(findings: Sequence[Finding], checks: Iterable[Check], file: Path) -> str:
    """The findings of one map, and the checks that were made, as a SARIF log with one run (ASCII)."""
    import journeykit  # noqa: PLC0415

    rules = [_rule(check) for check in checks]
    places = {rule["id"]: i for i, rule in enumerate(rules)}
    uri, same = _uri(file), Counter[str]()
    driver = {"name": "journeykit", "semanticVersion": journeykit.__version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places, uri, same) for finding in findings],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.code,
        "shortDescription": {"text": _text(check.title)},
        "fullDescription": {"text": _text(check.why)},
        "help": {"text": _text(f"{check.title}. {check.why}")},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
        "properties": {"needs": check.needs},
    }


def _result(finding: Finding, places: dict[str, int], uri: str, same: Counter[str]) -> dict[str, Any]:
    address = finding.address
    physical = {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": address.line or 1, "startColumn": address.column or 1},
    }
    spot: dict[str, Any] = {"physicalLocation": physical}
    if address.path:
        spot["logicalLocations"] = [{"fullyQualifiedName": safe(address.path)}]
    stated = asks_for_nothing(finding)
    return {
        "ruleId": finding.code,
        **({"ruleIndex": places[finding.code]} if finding.code in places else {}),
        # A figure is no fault; SARIF wants the level "none" for every kind but "fail".
        "kind": "informational" if stated else "fail",
        "level": "none" if stated else _LEVELS[finding.severity],
        "message": {"text": _text(f"{finding.message}. Next: {finding.next_step}")},
        "locations": [spot],
        "partialFingerprints": {"journeykit/v1": _fingerprint(finding, same)},
    }


def _text(text: str) -> str:
    """The text as a SARIF message: braces stand for arguments and ``[text](target)`` is a link unless they are escaped."""
    # SARIF 2.1.0, 3.11.5 and 3.11.6; brackets alone are no link and stay readable.
    text = safe(text).replace("{", "{{").replace("}", "}}")
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _fingerprint(finding: Finding, same: Counter[str]) -> str:
    """The same for the same finding although its figures change from night to night."""
    key = "\n".join([finding.code, finding.address.path or "", _NUMBER.sub("0", finding.message)])
    same[key] += 1
    return hashlib.sha256(f"{key}\n{same[key]}".encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _uri(file: Path) -> str:
    """Relative to the working folder, where CI runs and repositories begin; elsewhere absolute."""
    path, here = Path(os.path.normpath(file.absolute())), Path.cwd()
    return quote(os.fsencode(path.relative_to(here).as_posix())) if path.is_relative_to(here) else path.as_uri()
