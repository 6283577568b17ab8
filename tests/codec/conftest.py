"""What the tests of the codec share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from journeykit.codec import loads
from journeykit.errors import JourneyError
from journeykit.problems import Problem


@pytest.fixture(scope="session")
def golden() -> Path:
    return Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def faults() -> Callable[..., list[Problem]]:
    """What is wrong with a text, [] when nothing is."""

    def find(text: str, format: str = "yaml") -> list[Problem]:
        try:
            loads(text, name="map", format=format)
        except JourneyError as err:
            return list(err.problems)
        return []

    return find
