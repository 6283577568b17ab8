"""``build``: the files, the figures it prints, and what wrong input gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from journeykit import codec
from journeykit.cli import main

Run = Any
FILES = ["curve.png", "map.svg", "report.md", "scorecard.json"]


def build(shop: Path, *more: object, map: str = "map.yaml", events: str = "events.csv") -> int:
    return main(["build", str(shop / map), "--events", str(shop / events), "-o", str(shop / "out"), *map_(more)])


def map_(values: tuple[object, ...]) -> list[str]:
    return [str(value) for value in values]


def test_writes_every_file_and_nothing_to_stderr(shop: Path, run: Run) -> None:
    """A build ends with 0, four files and a clean stderr."""
    done = run("build", shop / "map.yaml", "--events", shop / "events.csv", "-o", shop / "out")

    assert (0, "") == (done.returncode, done.stderr)
    assert sorted(path.name for path in (shop / "out").iterdir()) == FILES
    assert sorted(path.name for path in shop.iterdir()) == ["events.csv", "map.yaml", "out"]


def test_prints_what_was_counted(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The summary adds up: rows in, kept and rejected, journeys closed and open, unclaimed events."""
    assert build(shop) == 0

    shown = capsys.readouterr().out
    # 150 home + 100 cart + 50 orders + search + two bad rows + one late visitor.
    assert "304 rows in  302 kept  2 rejected (bad-time 1, missing-customer 1)" in shown
    assert "151 journeys on the map: 150 closed, 50 converted (33.3 % of closed), 1 still open" in shown
    assert "say --time-format for others" in shown
    assert "51 of 302 events are claimed by no touchpoint: order 50, search 1" in shown
    assert f'rejected: {shop / "events.csv"}:303 column "customer"' in shown


def test_scorecard_is_read_back_and_agrees_with_plain_counting(shop: Path) -> None:
    """scorecard.json is a scorecard, and its counts are those of the rows."""
    assert build(shop) == 0

    card = codec.loads_scorecard((shop / "out" / "scorecard.json").read_text("utf-8"))
    counts = {count.id: (count.events, count.journeys) for count in card.coverage.touchpoints}
    assert counts == {"home": (151, 151), "cart": (100, 100)}
    assert {score.scorer for score in card} == {"impact", "friction"}


def test_same_bytes_twice(shop: Path) -> None:
    """Two builds of the same input with the same seed give the same bytes."""
    assert build(shop) == 0
    first = {name: (shop / "out" / name).read_bytes() for name in FILES}
    assert build(shop) == 0

    assert first == {name: (shop / "out" / name).read_bytes() for name in FILES}


def test_no_emotion_means_no_curve_and_a_sentence(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A map without emotions is built without a curve, and the output says so."""
    text = (shop / "map.yaml").read_text("utf-8")
    for claim in ("    emotions:\n    - valence: 1\n", "    emotions:\n    - valence: -1\n      spread: 0.5\n"):
        text = text.replace(claim, "")
    (shop / "map.yaml").write_text(text, "utf-8")

    assert build(shop) == 0
    assert "no curve.png: the map holds no emotion" in capsys.readouterr().out
    assert not (shop / "out" / "curve.png").exists()


def test_a_typo_in_a_key_is_named_with_its_place(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown key ends with 2, the line and column, and a guess at what was meant."""
    path = shop / "map.yaml"
    path.write_text(path.read_text("utf-8").replace("emotions:", "emotoins:", 1), "utf-8")
    code = build(shop)
    said = capsys.readouterr().err

    assert code == 2
    assert f"{path}:16:" in said
    assert "emotions" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ("map-missing", 2, "no such file"),
        ("events-missing", 2, "events.csv"),
        ("events-empty", 2, "events.csv"),
        ("all-rejected", 3, "every row of"),
        ("no-column", 2, "customer"),
        ("unknown-format", 2, "no importer is called 'xyz'"),
        ("wrong-kind", 2, "the importer 'qualtrics' reads feedback, not events"),
        ("unknown-scorer", 2, "no scorer is called 'luck'"),
        ("unknown-switch", 2, "no yes-or-no setting 'fun'; it has feedback"),
        ("twice", 2, "several scorers are called friction"),
        ("out-is-file", 2, "is a file, not a folder"),
    ],
)
def test_wrong_input_is_a_sentence_and_writes_nothing(
    shop: Path, capsys: pytest.CaptureFixture[str], change: str, code: int, words: str
) -> None:
    """Whatever is wrong with the input: the right exit code, a sentence on stderr, no traceback, no output folder."""
    more: list[object] = []
    events = shop / "events.csv"
    match change:
        case "map-missing":
            (shop / "map.yaml").unlink()
        case "events-missing":
            events.unlink()
        case "events-empty":
            events.write_text("", "utf-8")
        case "all-rejected":
            events.write_text("customer,time,event\nu1,never,home\n,2026-01-01T00:00:00Z,home\n", "utf-8")
        case "no-column":
            events.write_text("when,what\n2026-01-01T00:00:00Z,home\n", "utf-8")
        case "unknown-format":
            more = ["--events-format", "xyz"]
        case "wrong-kind":
            more = ["--events-format", "qualtrics"]
        case "unknown-scorer":
            more = ["--scorers", "luck"]
        case "unknown-switch":
            more = ["--scorers", "friction+fun"]
        case "twice":
            more = ["--scorers", "friction,friction+feedback"]
        case "out-is-file":
            (shop / "out").write_text("mine", "utf-8")
    found = build(shop, *more)
    said = capsys.readouterr().err

    assert code == found
    assert words in said.lower() if change == "map-missing" else words in said
    assert "Traceback" not in said
    assert not (shop / "out").is_dir()


def test_an_unwritable_folder_is_refused_before_the_work(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that cannot be made is an error before anything is read."""
    (shop / "events.csv").unlink()
    code = main(["build", str(shop / "map.yaml"), "--events", "gone.csv", "-o", str(shop / "map.yaml" / "out")])

    assert code == 2
    assert "map.yaml is a file, not a folder" in capsys.readouterr().err


def test_columns_zone_and_feedback_options(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Foreign column names, naive times and a rating scale are said on the command line."""
    events = (shop / "events.csv").read_text("utf-8").replace("customer,time,event", "who,when,what").replace("Z,", ",")
    (shop / "events.csv").write_text(events, "utf-8")
    rows = "".join(f"u{i},2026-01-02T00:00:00,{'home' if i % 2 else 'cart'},{1 + i % 5}\n" for i in range(120))
    (shop / "said.csv").write_text("who,when,page,stars\n" + rows, "utf-8")
    code = build(
        shop, "--events-columns", "customer=who,time=when,event=what", "--tz", "Europe/Berlin",
        "--feedback", shop / "said.csv", "--feedback-columns", "customer=who,time=when,about=page,score=stars",
        "--feedback-scale", "1:5", "--feedback-kind", "csat",
    )  # fmt: skip
    shown = capsys.readouterr().out

    assert code == 0
    assert "120 rows in  120 kept  0 rejected" in shown
    assert "the feedback was read but no scorer used it" in shown
    assert json.loads((shop / "out" / "scorecard.json").read_text("utf-8"))["coverage"]["first"].startswith(
        "2026-01-01T09:00:00"
    )


def test_metrics_are_read_and_reported(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Metrics are read beside the events; several files of one kind are one table."""
    for part in ("a", "b"):
        (shop / f"{part}.csv").write_text("kpi,time,value\ncsat,2026-01-01T00:00:00Z,3.9\n", "utf-8")
    code = build(shop, "--metrics", shop / "a.csv", "--metrics", shop / "b.csv")

    assert code == 0
    assert "2 rows in" in next(line for line in capsys.readouterr().out.splitlines() if line.startswith("  metrics"))


def test_event_names_cannot_steer_the_terminal(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An event called by an escape sequence is shown as text, in the summary and in the report."""
    with (shop / "events.csv").open("a", encoding="utf-8") as file:
        file.write("u1,2026-01-01T11:00:00Z,\x1b]0;owned\x07\u202e<script>\n" * 60)
    assert build(shop) == 0
    shown = capsys.readouterr()
    report = (shop / "out" / "report.md").read_text("utf-8")

    assert "\\x1b]0;owned\\x07\\u202e<script>" in shown.out
    assert [sign for sign in shown.out + shown.err + report if sign in "\x1b\x07\u202e"] == []


def test_report_names_no_customer(shop: Path) -> None:
    """Neither the report nor the scorecard holds an id of a customer."""
    events = (shop / "events.csv").read_text("utf-8").replace("\nu", "\nsecret-person-")
    (shop / "events.csv").write_text(events, "utf-8")
    assert build(shop) == 0

    held = [name for name in FILES if b"secret-person" in (shop / "out" / name).read_bytes()]
    assert held == []
