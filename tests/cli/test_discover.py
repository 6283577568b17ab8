"""``discover``: the file it writes, what it says, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import journeykit as jk
from journeykit.cli import main
from journeykit.model import Match, Outcome

Run = Any


def discover(shop: Path, *more: str, output: str = "draft.journey.yaml") -> int:
    given = ["--events", str(shop / "events.csv"), "--title", "A small shop", "-o", str(shop / output)]
    return main(["discover", *given, *more])


def test_writes_a_map_and_nothing_to_stderr(shop: Path, run: Run) -> None:
    """In a process of its own: exit 0, a clean stderr, one new file, which is a map of what the log holds."""
    done = run(
        "discover",
        "--events",
        shop / "events.csv",
        "--title",
        "A small shop",
        "-o",
        shop / "new.yaml",
        "--success",
        "order",
        "--floor",
        "1",
    )
    draft = jk.load(shop / "new.yaml")

    assert (0, "") == (done.returncode, done.stderr)
    assert ["events.csv", "map.yaml", "new.yaml"] == sorted(path.name for path in shop.iterdir())
    assert ["home", "cart", "search", "order"] == [t.id for t in draft.touchpoints()]
    assert Outcome(success=Match(event="order")) == draft.outcome
    assert "302 kept, 2 rejected" in done.stdout
    assert "Discovered from 302 events of 151 customers" in done.stdout
    assert f"wrote {shop / 'new.yaml'}" in done.stdout


@pytest.mark.parametrize("name", ["draft.json", "draft.yml", "deep/er/draft.yaml"])
def test_the_suffix_is_the_format(shop: Path, name: str) -> None:
    """JSON and YAML hold the same map; a folder is made when it is not there."""
    assert discover(shop, "--max-touchpoints", "2", "--id", "mine", "--language", "de", output=name) == 0
    draft = jk.load(shop / name)

    assert ("mine", "de", ["Home", "Übrige (3 Ereignisnamen)"]) == (
        draft.id,
        draft.language,
        [t.title for t in draft.touchpoints()],
    )


def test_the_python_verb_gives_the_same_map(shop: Path) -> None:
    """The command writes what `jk.discover` returns."""
    assert discover(shop) == 0
    events = jk.read_events(shop / "events.csv")

    assert jk.discover(events, title="A small shop") == jk.load(shop / "draft.journey.yaml")


def test_an_event_of_several_columns(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``event=a+b`` joins columns, ``++`` is a plus in a column's name."""
    (shop / "events.csv").write_text(
        "who,when,area,do+it\n1,2024-01-01 00:00,Shop,view\n1,2024-01-01 00:01,Shop,\n2,2024-01-01 00:01,,\n", "utf-8"
    )
    code = discover(shop, "--events-columns", "customer=who,time=when,event=area+do++it", "--tz", "UTC", "--floor", "1")

    assert code == 0
    assert ["Shop / view", "Shop"] == [t.title for t in jk.load(shop / "draft.journey.yaml").touchpoints()]
    assert "missing-event" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "output", "sentence"),
    [
        (["--success", "ordr"], "d.yaml", "--success: the log has no event 'ordr' (did you mean 'order'?)"),
        (["--max-touchpoints", "1"], "d.yaml", "--max-touchpoints 1: give a whole number of 2 or more"),
        (["--case", "session"], "d.yaml", "the events have no column 'session'"),
        (["--id", "No Slug"], "d.yaml", "did you mean 'no-slug'?"),
        ([], "d.svg", "a map is written as .yaml or .json, not to 'd.svg'"),
        ([], "map.yaml", "is there already"),
        ([], "events.csv/d.yaml", "is a file, not a folder"),
    ],
)
def test_what_cannot_be_done_is_said(
    shop: Path, capsys: pytest.CaptureFixture[str], more: list[str], output: str, sentence: str
) -> None:
    """A wrong option or place ends with 2 and a sentence in the command's own words; nothing is written or lost."""
    before = (shop / "map.yaml").read_bytes()
    code = discover(shop, *more, output=output)
    said = capsys.readouterr().err

    assert code == 2
    assert sentence in said
    assert "Traceback" not in said
    assert before == (shop / "map.yaml").read_bytes()
    assert ["events.csv", "map.yaml"] == sorted(path.name for path in shop.iterdir())


def test_a_log_that_is_rejected_whole_gives_no_map(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When no row can be used, the exit code says so and no file appears."""
    (shop / "events.csv").write_text("customer,time,event\n1,yesterday,home\n", "utf-8")
    code = discover(shop)

    assert code == 3
    assert "every row of" in capsys.readouterr().err
    assert not (shop / "draft.journey.yaml").exists()


def test_strange_names_cannot_steer_the_terminal(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An event called by an escape sequence is written out, in what is printed and in the map."""
    with (shop / "events.csv").open("a", encoding="utf-8") as file:
        file.write("u1,2026-01-01T11:00:00Z,\x1b]0;owned\x07\u202e\n" * 60)
    assert discover(shop, "--floor", "1") == 0
    shown = capsys.readouterr().out + (shop / "draft.journey.yaml").read_text("utf-8")

    assert "\\x1b]0;owned\\x07\\u202e" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_a_draft_of_nothing_but_other_says_what_to_do(tmp_path: Path, run: Run) -> None:
    """Where few customers share each event name the draft holds one card; the option that names them is said."""
    lines = [f"c{i},2026-03-01T10:00:00Z,event-{i}" for i in range(12)]
    (tmp_path / "events.csv").write_text("\n".join(["customer,time,event", *lines]), "utf-8")
    hidden = run("discover", "--events", tmp_path / "events.csv", "--title", "T", "-o", tmp_path / "a.yaml")
    shown = run(
        "discover", "--events", tmp_path / "events.csv", "--title", "T", "-o", tmp_path / "b.yaml", "--floor", 1
    )

    assert "--floor 1 names them all" in hidden.stdout
    assert "--floor" not in shown.stdout


def test_another_encoding_and_a_column_left_out(tmp_path: Path, run: Run) -> None:
    """A German export (cp1252, decimal commas) is read with the two options that its errors say."""
    lines = [f"c{i};2026-03-01T10:0{i % 9}:00Z;Käufe;3,50" for i in range(30)]
    path = tmp_path / "events.csv"
    path.write_bytes("\n".join(["customer;time;event;value", *lines]).encode("cp1252"))
    command = ["discover", "--events", path, "--title", "T", "-o", tmp_path / "a.yaml"]
    refused = run(*command)
    encoded = run(*command, "--events-encoding", "cp1252")
    wrong = run(*command, "--events-format", "json", "--events-encoding", "x")
    read = run(*command, "--events-encoding", "cp1252", "--events-columns", "value=")

    assert "--events-encoding cp1252" in refused.stderr
    assert '--events-columns "value="' in encoded.stderr
    assert (0, True) == (read.returncode, "Käufe" in read.stdout)
    assert "is for CSV, not for --events-format json" in wrong.stderr
