"""The same input gives the same bytes, whatever the process and its hash seed, from every built-in renderer."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from functools import cache
from importlib import util
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

import pytest

from journeykit import plugins
from journeykit.testing import _hostile

HERE = Path(__file__).parent
# A renderer that is added later is found here without a change of this file.
BUILT_IN = sorted({p.name for p in entry_points(group="journeykit.renderers") if p.value.startswith("journeykit.")})


def _maps() -> ModuleType:
    spec = util.spec_from_file_location("_hostile_maps", HERE / "_hostile_maps.py")
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def processes() -> tuple[dict[str, str], ...]:
    """The digests of two new processes, started together, with other hash seeds, zones and languages."""
    places = {"0": ("UTC", "C"), "12345": ("Asia/Tokyo", "C.UTF-8")}
    started = [
        subprocess.Popen(
            [sys.executable, str(HERE / "_digests.py")],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language},
            stdout=subprocess.PIPE,
        )
        for seed, (zone, language) in places.items()
    ]
    said = [process.communicate()[0] for process in started]

    assert [0, 0] == [process.returncode for process in started]

    return tuple(json.loads(text) for text in said)


@pytest.mark.parametrize("scores", ["with scores", "without scores"])
@pytest.mark.parametrize("name", BUILT_IN)
def test_the_same_bytes_in_every_process(name: str, scores: str) -> None:
    """Two processes with other hash seeds, zones and languages, and this one, make the same file."""
    journey = _maps().everything()
    card = _hostile.card(journey) if scores == "with scores" else None
    own = hashlib.sha256(plugins.renderers().get(name).render(journey, card).body).hexdigest()

    assert [own, own] == [found[f"{name} {scores}"] for found in processes()]


@pytest.mark.parametrize("suffix", [".png", ".pdf"])
def test_a_converted_picture_has_the_same_bytes(suffix: str) -> None:
    """So have the PNG and the PDF of a map."""
    first, second = (found[suffix] for found in processes())

    assert first == second
