"""Fixtures every room's tests share."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Whole journeys and maps are big values: how long one takes says nothing about the law. CI judges the same examples every
# time; the search for new ones is for the desk, where somebody reads what it finds.
settings.register_profile(
    "house", deadline=None, suppress_health_check=list(HealthCheck), derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("house")

SHARED = Path(__file__).parents[1].parent / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files beside the project; tests that need it skip without it."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"the real sample files are not there: {SHARED / 'data'}")
    return SHARED / "data"


@pytest.fixture(scope="session")
def reference() -> dict[str, dict[str, Any]]:
    """Published values by id; tests that need them skip without the file."""
    file = SHARED / "reference_values.json"
    if not file.is_file():
        pytest.skip(f"the published reference values are not there: {file}")
    return {value["id"]: value for value in json.loads(file.read_text(encoding="utf-8"))["values"]}
