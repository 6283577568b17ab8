"""The list of checks is complete, and the thresholds refuse what has no meaning."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from journeykit import conformance
from journeykit.conformance import CHECKS, Thresholds
from journeykit.errors import ArgumentError

ROOM = Path(conformance.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "check.md"


def test_every_code_in_the_source_is_listed_and_the_other_way_round() -> None:
    """What the room can report is what `CHECKS` describes, each once, in sentences."""
    sources = [path.read_text("utf-8") for path in ROOM.glob("*.py") if path.name not in ("checks.py", "__init__.py")]
    quoted = {code for text in sources for code in re.findall(r'"([a-z]+(?:-[a-z]+)+|fit|coverage)"', text)}
    made = {f"{what}-{kind}" for what in ("rule", "segment") for kind in ("column-missing", "type-mismatch")}
    # Codes of problems that become findings, and their second halves.
    quoted -= {"unknown-column", "rule-type", "column-missing", "type-mismatch"}

    assert set(CHECKS) == quoted | made
    assert all(code == check.code and check.title and check.why.endswith(".") for code, check in CHECKS.items())
    assert {"checked-as-of", "coverage", "fit", "not-compared"} == {c.code for c in CHECKS.values() if c.figure}


def test_every_code_is_fired_by_a_test() -> None:
    """No code is without a test that makes it appear."""
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*.py") if p != Path(__file__))

    assert [code for code in CHECKS if f'"{code}"' not in tests] == []


def test_the_manual_lists_every_code_against_evidence() -> None:
    """The page on checking names each code that is looked for in dates or data."""
    page = PAGE.read_text("utf-8")

    assert [c.code for c in CHECKS.values() if c.needs != "map" and f"`{c.code}`" not in page] == []


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"fit": 1.1}, "fit=1.1: give a share from 0 to 1"),
        ({"unclaimed": -0.1}, "unclaimed=-0.1: give a share from 0 to 1"),
        ({"coverage": float("nan")}, "coverage=nan: give a share from 0 to 1"),
        ({"unseen": True}, "unseen=True: give a share from 0 to 1"),
        ({"least": 0}, "least=0: give a whole number from 1 on"),
        ({"reliable": 2.5}, "reliable=2.5: give a whole number from 1 on"),
        ({"claim_age": timedelta(-1)}, "claim_age=datetime.timedelta(days=-1): give a timedelta that is not negative"),
        ({"claim_age": 365}, "claim_age=365: give a timedelta that is not negative"),
    ],
)
def test_a_threshold_outside_its_range_is_refused(setting: dict[str, Any], sentence: str) -> None:
    """A share lies in [0, 1], a count from 1 on, an age is a duration."""
    with pytest.raises(ArgumentError, match=re.escape(sentence)):
        Thresholds(**setting)


def test_shares_at_their_ends_are_allowed() -> None:
    """0 and 1 are shares."""
    assert Thresholds(fit=0, coverage=1).coverage == 1
