"""Prints a digest of every file that the built-in renderers and converters make of a map that uses every field.

Run as a program, so that other processes and other Pythons can be compared: ``python tests/renderers/_digests.py``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib.metadata import entry_points
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import _hostile_maps

from journeykit import plugins
from journeykit.testing import _hostile


def digests() -> dict[str, str]:
    """The renderer and whether scores are shown (or the suffix of a converted picture) -> SHA-256 of the file."""
    journey = _hostile_maps.everything()
    found = {}
    for name in sorted(
        {p.name for p in entry_points(group="journeykit.renderers") if p.value.startswith("journeykit.")}
    ):
        for scores in (None, _hostile.card(journey)):
            made = plugins.renderers().get(name).render(journey, scores)
            found[f"{name} {'with' if scores else 'without'} scores"] = hashlib.sha256(made.body).hexdigest()
    for suffix in (".png", ".pdf"):
        made = plugins.renderers().get("swimlane").render(journey, None).converted(f"map{suffix}")
        found[suffix] = hashlib.sha256(made.body).hexdigest()
    return found


if __name__ == "__main__":
    print(json.dumps(digests(), indent=1))
