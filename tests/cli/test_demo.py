"""``demo``: a whole example from nothing, the same everywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from journeykit import api
from journeykit.cli import main
from journeykit.cli.demo._shop import shop_data

Run = Any
FILES = [
    "curve.png", "events.csv", "first-order.journey.yaml", "map.html", "map.svg", "report.md", "reviews.csv", "scorecard.json",
]  # fmt: skip


@pytest.fixture(scope="module")
def data() -> tuple[str, str]:
    return shop_data(2026)


def test_writes_a_whole_example_and_says_what_next(tmp_path: Path, run: Run) -> None:
    """The demo ends with 0, a clean stderr and every file; the commands it proposes work."""
    done = run("demo", "-o", tmp_path / "demo")
    next_steps = [line.strip() for line in done.stdout.splitlines() if line.startswith("  journeykit ")]

    assert (0, "") == (done.returncode, done.stderr)
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == FILES
    assert [0, 0] == [main(shlex.split(line)[1:]) for line in next_steps]


def test_an_edited_map_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second demo in the same folder is fine, unless its map was edited: then nothing is written."""
    folder = tmp_path / "demo"
    assert main(["demo", "-o", str(folder)]) == 0
    assert main(["demo", "-o", str(folder)]) == 0
    edited = (folder / "first-order.journey.yaml").read_text("utf-8") + "\n# mine\n"
    (folder / "first-order.journey.yaml").write_text(edited, "utf-8")

    assert main(["demo", "-o", str(folder)]) == 2
    assert edited == (folder / "first-order.journey.yaml").read_text("utf-8")
    assert "has been edited" in capsys.readouterr().err


def test_data_are_the_same_everywhere(data: tuple[str, str]) -> None:
    """The made-up data are pinned to the byte; they rest on whole-number arithmetic and a guaranteed generator."""

    assert ["d5cb5a2b0ed169e1", "ff660050e5a0a960"] == [hashlib.sha256(text.encode()).hexdigest()[:16] for text in data]


def test_another_seed_is_another_shop(data: tuple[str, str]) -> None:
    """The seed decides the data."""

    assert shop_data(1) != data


def test_data_are_believable(data: tuple[str, str]) -> None:
    """About 2,000 customers, 60 days, every touchpoint used, a few bad rows."""
    rows = list(csv.DictReader(io.StringIO(data[0])))
    customers = {row["customer"] for row in rows} - {""}
    days = {row["time"][:10] for row in rows if row["time"].startswith("2026")}
    faults = Counter(
        "customer" if not row["customer"] else "time" for row in rows if not row["customer"] or row["time"] < "2026"
    )

    assert 1_990 <= len(customers) <= 2_000
    assert (min(days), len(days) <= 60) == ("2026-01-05", True)
    assert {"customer": 9, "time": 3} == dict(faults)


def test_every_touchpoint_is_measured_and_no_claim_is_unfounded(tmp_path: Path) -> None:
    """The example map is free of errors, and every one of its touchpoints has events and feedback of 30 and more."""
    assert main(["demo", "-o", str(tmp_path)]) == 0
    journey = api.load(tmp_path / "first-order.journey.yaml")
    answers = Counter(
        row["about"] for row in csv.DictReader((tmp_path / "reviews.csv").read_text("utf-8").splitlines())
    )

    assert [f for f in api.check(journey) if f.severity == "error"] == []
    assert [t.id for t in journey.touchpoints() if answers[t.id] < 60 or not t.emotions] == []
