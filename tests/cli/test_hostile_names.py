"""Names of events, columns, channels and files that try to steer a terminal, a spreadsheet or a page."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from pathlib import Path

import pytest

from journeykit import read_events
from journeykit.cli import main
from journeykit.codec import loads_scorecard

NAMES = (
    "\x1b]0;title\x07\x1b[31mred\x1b[0m", "\x1b]8;;http://evil.invalid\x1b\\link", "\x9b31mC1", "a\x07b\rc\nd\x08e",
    "\u202egnp.exe", "[bold red]rich[/]", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "cart", "home",
)  # fmt: skip
# What a terminal obeys or what turns the reading order around; the line's end is the command's own.
STEERING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
FILES = (b"events.csv", b"ev\x1b[31m\x1b]0;x\x07.csv", b"ev\xff\xfe.csv")


@pytest.fixture(params=FILES, ids=["plain", "escapes", "no-utf-8"])
def events(request: pytest.FixtureRequest, shop: Path) -> str:
    """A log of 300 customers under a hostile file name, in which a row of each customer is rejected."""
    if sys.platform != "linux" and request.param != FILES[0]:
        pytest.skip("only Linux lets a file have any name")
    path = os.fsdecode(os.fsencode(shop) + b"/" + request.param)
    with Path(path).open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "time", "event", "channel", "pa\x1b[31mge"])
        for number in range(300):
            who = f"c{number}\x1b[1m"
            rows.writerows(
                [who, f"2026-01-05T10:{minute:02}:00Z", NAMES[(number + minute) % len(NAMES)], "\x1b[5mblink", "x"]
                for minute in range(4)
            )
            rows.writerow([who, "\x1b[31mno time", "home", "web", ""])
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    try:
        code = main(list(arguments))
    except SystemExit as err:
        code = int(err.code or 0)
    out, err = capsys.readouterr()
    return code, out + err


def test_the_commands_print_nothing_that_steers(shop: Path, events: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Build, discover and render print names with what is special about them written out; nothing fails on one."""
    draft, picture = str(shop / "draft.journey.yaml"), str(shop / "draft.svg")
    runs = [
        said(capsys, "build", str(shop / "map.yaml"), "--events", events, "-o", str(shop / "out")),
        said(capsys, "discover", "--title", "x", "--events", events, "-o", draft),
        said(capsys, "render", draft, "-o", picture),
    ]

    assert [0, 0, 0] == [code for code, _ in runs]
    assert [] == [text for _, text in runs if STEERING.search(text)]
    assert "rejected" in runs[0][1]


def test_the_files_hold_nothing_that_steers(shop: Path, events: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What people read raw (report, map, page) has no such sign; the scorecard escapes controls and is read back."""
    said(capsys, "build", str(shop / "map.yaml"), "--events", events, "-o", str(shop / "out"))
    shown = {name: (shop / "out" / name).read_text("utf-8") for name in ("map.svg", "report.md", "map.html")}
    card = (shop / "out" / "scorecard.json").read_text("utf-8")
    names = [name for name, _ in json.loads(card)["coverage"]["unclaimed_events"]]

    assert [] == [name for name, text in shown.items() if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e]", text)]
    assert not re.search("[\x00-\x08\x0b-\x1f]", card)
    assert set(NAMES[:8]) & set(names)
    assert len(loads_scorecard(card)) > 0


def test_mistakes_are_told_without_steering(shop: Path, events: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A name in the wrong place is told in one sentence, never by a failure of ours, and steers nothing either."""
    map, out = str(shop / "map.yaml"), str(shop / "out")
    name = Path(events).name
    wrong = [
        ("build", map, "--events", f"{events}-gone", "-o", out),
        ("build", map, "--events", events, "--tz", name, "-o", out),
        ("build", map, "--events", events, "--events-format", name, "-o", out),
        ("build", map, "--events", events, "--events-columns", f"time={name}", "-o", out),
        ("build", events, "--events", events, "-o", out),
        ("check", events),
        ("render", map, "-o", events),
        (name,),
    ]
    runs = [said(capsys, *arguments) for arguments in wrong]

    assert [2] * len(wrong) == [code for code, _ in runs]
    assert [] == [text for _, text in runs if STEERING.search(text)]


def test_a_table_tells_of_itself_without_steering(events: str) -> None:
    """In a Python prompt and a notebook, the table's own line has no control of its file's name."""
    log = read_events(events)
    texts = [repr(log), log._repr_html_(), log.report._repr_html_()]

    assert [] == [text for text in texts if STEERING.search(text) or not text.encode("utf-8")]
