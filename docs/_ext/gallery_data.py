"""Made-up customers of the gallery's surgery: the same ones on every machine and Python version."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

__all__ = ["surgery_events"]

_START = datetime(2026, 2, 2, 7, tzinfo=UTC)
# What patients do next, in percent, and how many minutes later at most; the rest gives up.
_NEXT = {
    "symptome": (("suche", 88, 40),),
    "suche": (("anruf", 46, 120), ("online", 38, 60), ("symptome", 6, 300)),
    "anruf": (("termin", 52, 30), ("anruf", 24, 600), ("online", 12, 90)),
    "online": (("termin", 70, 15), ("suche", 9, 30)),
    "termin": (("wartezimmer", 93, 7_000),),
    "wartezimmer": (("gespraech", 97, 70),),
    "gespraech": (("rezept", 58, 300), ("befund_gelesen", 36, 6_000)),
    "rezept": (("befund_gelesen", 80, 6_000),),
    "befund_gelesen": (),
}


def surgery_events(patients: int = 900, seed: int = 7) -> str:
    """The events of all patients as the text of a CSV file."""
    chance = random.Random(seed)  # noqa: S311
    lines = ["customer,time,event"]
    for number in range(1, patients + 1):
        time = _START + timedelta(minutes=chance.getrandbits(16))
        event: str | None = "symptome" if chance.getrandbits(7) % 100 < 70 else "suche"
        for _ in range(25):
            if event is None:
                break
            lines.append(f"p{number:04},{time.isoformat()},{event}")
            event, minutes = _following(event, chance)
            time += timedelta(seconds=30 + chance.getrandbits(20) % (60 * minutes))
    return "\n".join([*lines, ""])


def _following(event: str, chance: random.Random) -> tuple[str | None, int]:
    drawn = chance.getrandbits(24) % 100
    for name, share, minutes in _NEXT[event]:
        if drawn < share:
            return name, minutes
        drawn -= share
    return None, 1
