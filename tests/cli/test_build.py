"""``build``: the files, the figures it prints, and what wrong input gets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from journeykit import api, codec
from journeykit.cli import main
from journeykit.cli._summary import show_summary
from journeykit.evidence import Evidence

Run = Any
FILES = ["curve.png", "map.html", "map.svg", "report.md", "scorecard.json"]


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
    assert "51 of 302 events are claimed by no touchpoint: order 50\n" in shown
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
        ("out-is-file", 2, "is a file, not a folder; choose another name"),
        ("header-only", 3, "events.csv has no row of data, so there is nothing to score"),
        ("png", 2, "events.csv: is a picture, not a text file (export it as CSV)"),
        ("png-suffix", 2, "the suffix does not say what this is"),
        ("csv-as-map", 2, "use .yaml, .yml, .json or .mmd"),
        ("naive", 2, "say in which zone they are: --tz Europe/Berlin, or --tz UTC"),
        ("zone", 2, "--tz Mars/Base is no time zone"),
        ("foreign-name", 2, "--events-columns maps canonical names"),
        ("no-scorer", 2, "--scorers ' , ' names no scorer; there is "),
        ("idle", 2, "--feedback-kind, --feedback-scale without --feedback: say which file"),
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
        case "header-only":
            events.write_text("customer,time,event\n", "utf-8")
        case "png" | "png-suffix":
            events.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
            if change == "png-suffix":
                events = events.rename(shop / "events.png")
        case "csv-as-map":
            (shop / "map.yaml").rename(shop / "map.csv")
        case "naive":
            events.write_text(events.read_text("utf-8").replace("Z,", ","), "utf-8")
        case "zone":
            more = ["--tz", "Mars/Base"]
        case "foreign-name":
            more = ["--events-columns", "foo=event"]
        case "no-scorer":
            more = ["--scorers", " , "]
        case "idle":
            more = ["--feedback-kind", "rating", "--feedback-scale", "1:5"]
        case "out-is-file":
            (shop / "out").write_text("mine", "utf-8")
    map = "map.csv" if change == "csv-as-map" else "map.yaml"
    found = build(shop, *more, map=map, events=events.name)
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
    assert (
        "the 120 answers of the feedback are in report.md, but no score uses them: friction+feedback needs ratings and effort "
        "scores (ces) about a touchpoint, and no touchpoint has both" in shown
    )
    assert "| Opens the home page | CSAT | 1 to 5 | 60 | 60 |" in (shop / "out" / "report.md").read_text("utf-8")
    assert json.loads((shop / "out" / "scorecard.json").read_text("utf-8"))["coverage"]["first"].startswith(
        "2026-01-01T09:00:00"
    )


@pytest.mark.parametrize(
    ("kinds", "about", "options", "words"),
    [
        ("rating", None, [], "they are about no touchpoint. Where a column says what each is about"),
        ("rating", "moon", [], 'no score in them is about a touchpoint. What "about" may hold'),
        ("nps", "home", [], "NPS speaks of no single touchpoint"),
        (
            "rating",
            None,
            ["--feedback-about", "cart"],
            "has both; --scorers impact,friction,emotion shows how customers",
        ),
        ("ces", "home", [], "no touchpoint has both\n"),
        ("rating ces", "home", [], "--scorers impact,friction+feedback weighs them for the touchpoint with ratings"),
    ],
)
def test_feedback_that_no_score_uses(
    shop: Path, capsys: pytest.CaptureFixture[str], kinds: str, about: str | None, options: list[str], words: str
) -> None:
    """What is said of unused feedback is what would really change it: no advice that ends in no score at all."""
    named = f",{about}" if about else ""
    rows = [f"u{i},{kind},4,0,10{named}\n" for kind in kinds.split() for i in range(40)]
    text = f"customer,kind,score,scale_low,scale_high{',about' if about else ''}\n{''.join(rows)}"
    (shop / "said.csv").write_text(text, "utf-8")
    assert build(shop, "--feedback", shop / "said.csv", *options) == 0
    shown = capsys.readouterr().out

    assert f"the {len(rows)} answers of the feedback are in report.md, but no score uses them: " in shown
    assert words in shown
    advised = "--scorers impact,friction+feedback" in shown
    assert build(shop, "--feedback", shop / "said.csv", *options, "--scorers", "friction+feedback") == 0
    card = codec.loads_scorecard((shop / "out" / "scorecard.json").read_text("utf-8"))
    assert advised == any(score.value is not None for score in card)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "outcome:\n  success:\n    event: order\n  within: 1d\n",
            "",
            "which event is success: outcome: {success: {event: ...}}",
        ),
        ("within: 1d", "within: 900d", "or to --observed-until"),
    ],
)
def test_what_no_touchpoint_can_be_estimated_for_is_said_once(
    shop: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, words: str
) -> None:
    """Where every touchpoint lacks its score for one reason, one line says it, with what to do; no row repeats it."""
    text = (shop / "map.yaml").read_text("utf-8")
    assert old in text
    (shop / "map.yaml").write_text(text.replace(old, new), "utf-8")
    code = build(shop)
    said = capsys.readouterr().out

    assert code == 0
    assert said.count("no touchpoint can be ranked: ") == 2
    assert said.count(words) == 2
    assert "not-estimable" not in said


def test_the_ranking_has_three_decimals_p_values_and_numbers(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every figure has three decimals and no zero a sign; impact shows its p; the count of journeys has a heading."""
    assert build(shop) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("friction"))
    figures = [part for line in lines[at + 2 : at + 4] for part in line.split() if part[:2] in ("0.", "1.")]

    assert ["#", "touchpoint", "value", "interval", "journeys"] == lines[at + 1].split()
    assert "-0.000" not in "\n".join(lines)
    assert figures
    assert {3} == {len(figure.partition(".")[2]) for figure in figures}
    assert [line.split()[-1] for line in lines if line.startswith("  not ranked ")] != []


def test_a_tested_figure_shows_its_p(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Impact on enough conversions has a column of p-values, and none of them is 0."""
    rows = ["customer,time,event"]
    for i in range(400):
        rows.append(f"u{i},2026-01-0{1 + i % 9}T10:00:00Z,home")
        rows += (
            [f"u{i},2026-01-0{1 + i % 9}T10:05:00Z,cart", f"u{i},2026-01-0{1 + i % 9}T10:09:00Z,order"] if i % 2 else []
        )
    rows.append("late,2026-02-20T10:00:00Z,home")
    (shop / "events.csv").write_text("\n".join(rows) + "\n", "utf-8")
    assert build(shop) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("impact"))

    assert ["#", "touchpoint", "value", "interval", "p", "journeys"] == lines[at + 1].split()
    assert ["0.002", "200"] == lines[at + 2].split()[-2:]


GOALS = """\
personas:
- id: ann
  name: Ann the regular
- id: bob
  name: Bob the new one
objectives:
- id: more
  statement: More carts
  kpi: carts
  target: 0.5
kpis:
- id: carts
  name: Visitors who fill a cart
  source:
    funnel: [home, cart]
- id: turnover
  name: Turnover
  unit: EUR
  source: turnover
- id: nowhere
  name: From nowhere
"""


@pytest.fixture
def rich(shop: Path) -> Path:
    """The shop with KPIs, an effort for its opportunity, and claims of personas that nobody rated."""
    text = (shop / "map.yaml").read_text("utf-8").replace("stages:", GOALS + "stages:")
    text = text.replace(
        "    - valence: 1\n", "    - valence: 1\n      persona: ann\n    - valence: 0.2\n      persona: bob\n"
    )
    (shop / "map.yaml").write_text(text, "utf-8")
    (shop / "kpis.csv").write_text("kpi,time,value\nturnover,2026-01-01T00:00:00Z,123456.7\n", "utf-8")
    return shop


def blocks(shown: str) -> dict[str, list[list[str]]]:
    """What was printed of every scorer: its lines as lists of cells."""
    parts = [part.splitlines() for part in shown.split("\n\n")]
    return {
        lines[0].split(",")[0].split(":")[0].split(" (")[0]: [re.split(r" {2,}", line.strip()) for line in lines]
        for lines in parts
        if lines
    }


def test_kpis_are_listed_by_name_in_their_own_unit(rich: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """KPIs are not ranked: each has its name, unit and target; n is not called journeys; a missing one says why."""
    assert build(rich, "--scorers", "kpi", "--metrics", rich / "kpis.csv") == 0
    found = blocks(capsys.readouterr().out)["kpi"]

    assert [
        ["kpi, each in its own unit (kpi@1)"],
        ["KPI", "value", "unit", "interval", "target", "n"],
        ["Visitors who fill a cart", "0.662", "share of entrants", "0.584 to 0.733", "0.500, reached", "151"],
        ["Turnover", "123,457", "EUR", "1"],
        ["left out", "status", "reason", "n"],
        ["From nowhere", "not-estimable", "no-source", "0"],
    ] == found


def test_opportunities_are_named(rich: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An opportunity is called by its title, not by the id of its score."""
    assert build(rich, "--scorers", "priority") == 0
    found = blocks(capsys.readouterr().out)["priority"]

    assert ["Show the fee early"] == [row[0] for row in found[2:]]


def test_segments_and_the_whole_journey_are_told_apart(rich: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scores of personas carry their names, the count is of customers, and the journey itself has one line."""
    assert build(rich, "--scorers", "emotion,moments") == 0
    shown = blocks(capsys.readouterr().out)

    assert ["not ranked", "segment", "status", "reason", "customers"] == shown["emotion"][1]
    assert [
        ["Opens the home page", "everyone", "low-n", "declared-only", "0"],
        ["Opens the home page", "Ann the regular", "low-n", "declared-only", "0"],
        ["Opens the home page", "Bob the new one", "low-n", "declared-only", "0"],
    ] == [row for row in shown["emotion"] if row[0].startswith("Opens")]
    assert ["#", "touchpoint", "value", "interval", "n"] == shown["moments"][1]
    assert [1] == [
        len(row)
        for row in shown["moments"]
        if row[0].startswith("whole journey: ") and row[0].endswith(" 150 journeys; low-n: declared-only")
    ]


def test_measured_segments_and_the_measured_journey_are_shown(rich: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Scores of personas that rest on enough stand beside everyone's, and peak-end is a line with its interval."""
    text = (rich / "map.yaml").read_text("utf-8")
    for name in ("Ann the regular", "Bob the new one"):
        rule = f"  segment:\n    where:\n      group: {name[:3].lower()}\n"
        text = text.replace(f"  name: {name}\n", f"  name: {name}\n{rule}")
    (rich / "map.yaml").write_text(text, "utf-8")
    pages = ("home", "cart")
    answers = [
        f"u{i},rating,{1 + (i // 2 + 2 * (page == 'cart')) % 5},1,5,{page}\n" for i in range(120) for page in pages
    ]
    (rich / "said.csv").write_text("customer,kind,score,scale_low,scale_high,about\n" + "".join(answers), "utf-8")
    people = [f"u{i},{'bob' if i % 2 else 'ann'}\n" for i in range(120)]
    (rich / "people.csv").write_text("customer,group\n" + "".join(people), "utf-8")
    journey = api.load(rich / "map.yaml")
    evidence = Evidence(
        events=api.read_events(rich / "events.csv"),
        feedback=api.read_feedback(rich / "said.csv"),
        customers=api.read_customers(rich / "people.csv"),
    )
    show_summary(journey, evidence, api.score(journey, evidence, ("emotion", "moments")))
    shown = blocks(capsys.readouterr().out)

    assert ["#", "touchpoint", "value", "interval", "customers"] == shown["emotion"][1]
    assert [
        ("Ann the regular", "60"), ("Ann the regular", "60"), ("Bob the new one", "60"), ("Bob the new one", "60"),
    ] == [(row[1], row[-1]) for row in shown["emotion"] if row[0] in ("Opens the home page", "Fills the cart")]  # fmt: skip
    assert re.fullmatch(
        r"whole journey: -?0\.\d{3} \(-?\d\.\d{3} to \d\.\d{3}\), valence -2\.\.\+2, peak-end@1, 150 journeys",
        next(row[0] for row in shown["moments"] if row[0].startswith("whole")),
    )


def test_metrics_are_read_and_reported(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Metrics are read beside the events; several files of one kind are one table."""
    for part in ("a", "b"):
        (shop / f"{part}.csv").write_text("kpi,time,value\ncsat,2026-01-01T00:00:00Z,3.9\n", "utf-8")
    code = build(shop, "--metrics", shop / "a.csv", "--metrics", shop / "b.csv")

    assert code == 0
    shown = capsys.readouterr().out
    assert "2 rows in" in next(line for line in shown.splitlines() if line.startswith("  metrics"))
    assert "the metrics were read, but no score uses them" in shown


def test_event_names_cannot_steer_the_terminal(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An event called by an escape sequence is shown as text, in the summary and in the report."""
    with (shop / "events.csv").open("a", encoding="utf-8") as file:
        file.write("u1,2026-01-01T11:00:00Z,\x1b]0;owned\x07\u202e<script>\n" * 60)
    assert build(shop, "--floor", "1") == 0
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


def test_the_floor_can_be_set(shop: Path) -> None:
    """--floor says how small a group is still shown: the default withholds below 10, 1 shows all, nonsense is refused."""
    with (shop / "events.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join(f"late{i},2026-01-01T10:00:00Z,help" for i in range(4)) + "\n")
    text = (shop / "map.yaml").read_text("utf-8").rstrip() + "\n  - {id: help, title: Help, match: {event: help}}\n"
    (shop / "map.yaml").write_text(text, "utf-8")
    shown = {}
    for floor in ((), ("--floor", "1"), ("--floor", "4")):
        assert build(shop, *floor) == 0
        card = codec.loads_scorecard((shop / "out" / "scorecard.json").read_text("utf-8"))
        shown[floor] = next(count.journeys for count in card.coverage.touchpoints if count.id == "help")

    assert {(): None, ("--floor", "1"): 4, ("--floor", "4"): 4} == shown
    for nonsense in ("0", "-3", "ten", "2.5"):
        assert build(shop, "--floor", nonsense) == 2


def test_the_help_names_the_floor_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    """The number in the help, which imports nothing, is the library's own."""
    from journeykit.results.small_groups import FLOOR

    for command in ("build", "check", "discover"):
        main([command, "--help"])
        assert f"shown (default: {FLOOR}; 1" in " ".join(capsys.readouterr().out.split())


def test_memory_limit(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--memory-limit bounds the engine, and an amount that is none is named as the option."""
    assert build(shop, "--memory-limit", "200MB") == 0
    assert build(shop, "--memory-limit", "lots") == 2

    assert "--memory-limit" in capsys.readouterr().err
