"""What a check found: a stable code, how bad it is, where it is and what to do next."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from journeykit.problems import Address

__all__ = ["Finding", "Severity"]

Severity = Literal["info", "warning", "error"]


@frozen(kw_only=True)
class Finding:
    """One finding of `journeykit.check`: ``next_step`` says what to do about it."""

    code: str
    severity: Severity
    message: str
    address: Address
    next_step: str

    def __str__(self) -> str:
        where = f"{place}: " if (place := str(self.address)) else ""
        return f"{where}{self.severity}: {self.message} [{self.code}]; {self.next_step}"
