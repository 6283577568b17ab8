"""A small shop for the command line: a map, events that every row of is known, and a way to run a command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

MAP = """\
journeykit: 1
id: small-shop
title: A small shop
outcome:
  success:
    event: order
  within: 1d
stages:
- id: shop
  title: Shop
  touchpoints:
  - id: home
    title: Opens the home page
    match:
      event: home
    emotions:
    - valence: 1
  - id: cart
    title: Fills the cart
    match:
      event: cart
    emotions:
    - valence: -1
      spread: 0.5
    opportunities:
    - title: Show the fee early
      impact: high
      effort: low
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with map.yaml and events.csv: 151 customers, 50 of whom order, one late; one search is not on the map."""
    (tmp_path / "map.yaml").write_text(MAP, "utf-8")
    rows = ["customer,time,event"]
    for i in range(150):
        rows.append(f"u{i},2026-01-{1 + i % 9:02}T10:00:00Z,home")
        if i % 3:
            rows.append(f"u{i},2026-01-{1 + i % 9:02}T10:05:00Z,cart")
        if i % 3 == 1:
            rows.append(f"u{i},2026-01-{1 + i % 9:02}T10:09:00Z,order")
    rows += [
        "u0,2026-01-01T10:01:00Z,search",
        ",2026-01-01T10:00:00Z,home",
        "u1,yesterday,home",
        "u150,2026-02-20T10:00:00Z,home",
    ]
    (tmp_path / "events.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Run ``python -m journeykit`` in a process of its own, as a user does."""

    def command(
        *arguments: object, code: str | None = None, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        start: Sequence[str] = ["-c", code] if code else ["-m", "journeykit"]
        return subprocess.run(
            [sys.executable, *start, *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            cwd=cwd,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            timeout=120,
            check=False,
        )

    return command
