"""How findings are made and worded: one place for the address, for numbers and for places in the map."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from journeykit.model import Claim, Journey, Touchpoint
from journeykit.problems import Address
from journeykit.results import Finding
from journeykit.results.findings import Severity


def found(code: str, severity: Severity, path: str, message: str, next_step: str) -> Finding:
    """A finding at a path of the map; the empty path is the map as a whole."""
    return Finding(
        code=code, severity=severity, message=message, address=Address(path=path or None), next_step=next_step
    )


def places(journey: Journey) -> dict[str, str]:
    """The path of every touchpoint, by its id, in the order of the map."""
    return {
        touchpoint.id: f"stages[{i}].touchpoints[{j}]"
        for i, stage in enumerate(journey.stages)
        for j, touchpoint in enumerate(stage.touchpoints)
    }


def claims_of(touchpoint: Touchpoint) -> Iterator[tuple[str, Claim]]:
    """Every claim at a touchpoint with its path below it."""
    for name in ("thoughts", "emotions", "pains"):
        for i, claim in enumerate(getattr(touchpoint, name)):
            yield f"{name}[{i}]", claim
    if touchpoint.moment is not None:
        yield "moment", touchpoint.moment


def counted(n: int, one: str, many: str | None = None) -> str:
    """``1 event``, ``2,000 events``."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def percent(part: int, whole: int) -> str:
    """``12.5 %``; a share that is not nothing and not all is never shown as 0 or 100."""
    share = 100 * part / whole
    if 0 < share < 0.1:
        return "under 0.1 %"
    if 99.9 < share < 100:
        return "over 99.9 %"
    return f"{share:.1f} %".replace(".0 %", " %")


def of(part: int, whole: int, one: str, many: str | None = None) -> str:
    """``3 of 12 events (25 %)``."""
    return f"{part:,} of {counted(whole, one, many)} ({percent(part, whole)})"


def meant(name: str, known: Iterable[str]) -> str:
    """``did you mean 'add_to_cart'?``, or nothing where no known name is near."""
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""
