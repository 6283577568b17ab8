"""``--customers``: who the personas' customers are, in ``build`` and ``check``; and what is said where a scorer gives nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from journeykit import codec
from journeykit.cli import main

PERSONAS = """\
personas:
- id: ann
  name: Ann the regular
  segment: {where: {tier: gold}}
- id: bob
  name: Bob the new one
  segment: {where: {tier: basic}}
outcome:
"""


@pytest.fixture
def club(shop: Path) -> Path:
    """The shop with personas by tier, a table of 120 customers with columns of other names, and ratings of the cart."""
    text = (shop / "map.yaml").read_text("utf-8")
    (shop / "map.yaml").write_text(text.replace("outcome:\n", PERSONAS, 1), "utf-8")
    people = [f"u{i};{'gold' if i % 3 else 'basic'}" for i in range(120)]
    (shop / "people.csv").write_text("\n".join(["id;tier", *people]), "utf-8")
    answers = [f"u{i},cart,{(4 if i % 3 else 1) + i % 2}" for i in range(90)]
    (shop / "said.csv").write_text("\n".join(["customer,about,score", *answers]), "utf-8")
    return shop


def build(shop: Path, *more: object) -> int:
    command = ["build", shop / "map.yaml", "--events", shop / "events.csv", "-o", shop / "out", *more]
    return main([str(part) for part in command])


def rated(shop: Path) -> list[object]:
    return ["--feedback", shop / "said.csv", "--feedback-scale", "1:5"]


def people(shop: Path) -> list[object]:
    return ["--customers", shop / "people.csv", "--customers-columns", "customer=id"]


def test_personas_have_the_ratings_of_their_customers(club: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a table of customers each persona has scores of its own: in the scorecard, on the terminal and in the report."""
    assert build(club, *rated(club), *people(club), "--scorers", "emotion") == 0

    shown = capsys.readouterr().out
    card = codec.loads_scorecard((club / "out" / "scorecard.json").read_text("utf-8"))
    cart = {score.segment: score for score in card["cart"]}
    report = (club / "out" / "report.md").read_text("utf-8")
    assert {None: 90, "ann": 60, "bob": 30} == {segment: score.n for segment, score in cart.items()}
    assert {"customers", "feedback", "journey"} == {ref.table for ref in cart["ann"].evidence}
    assert (1.5, -1.5) == pytest.approx((cart["ann"].value, cart["bob"].value))
    assert all(name in text for name in ("Ann the regular", "Bob the new one") for text in (shown, report))
    assert "120 rows in" in next(line for line in shown.splitlines() if line.startswith("  customers"))
    assert "no score uses them" not in shown


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("no-feedback", "they pick whose ratings count for a persona, and there is no --feedback"),
        ("no-emotion", "--scorers emotion, with --feedback, shows how each persona's customers feel"),
        ("no-rule", "no persona of the map has a segment rule that picks its customers"),
        ("no-raters", "no rating about a touchpoint is of a persona's customers, or of too few to be shown"),
    ],
)
def test_customers_that_no_score_uses(club: Path, capsys: pytest.CaptureFixture[str], case: str, words: str) -> None:
    """A table of customers that changes nothing is named, with what would change that."""
    more = [*people(club), *([] if case == "no-feedback" else rated(club))]
    if case != "no-emotion":
        more += ["--scorers", "emotion"]
    if case == "no-rule":
        text = (club / "map.yaml").read_text("utf-8")
        (club / "map.yaml").write_text(text.replace("  segment: {where: {tier: gold}}\n", "")
                                       .replace("  segment: {where: {tier: basic}}\n", ""), "utf-8")  # fmt: skip
    if case == "no-raters":
        rows = (club / "said.csv").read_text("utf-8").replace("\nu", "\nstranger-")
        (club / "said.csv").write_text(rows, "utf-8")
    assert build(club, *more) == 0

    assert f"the customers were read, but no score uses them: {words}" in capsys.readouterr().out


def test_idle_options(club: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Columns of a table of customers that is not read are refused."""
    assert build(club, "--customers-columns", "customer=id") == 2
    assert "--customers-columns without --customers: say which file" in capsys.readouterr().err


def test_a_table_without_customers_is_an_error(club: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column that must be mapped is asked for by the option that maps it."""
    assert build(club, "--customers", club / "people.csv") == 2
    assert '--customers-columns "customer=' in capsys.readouterr().err


def test_check_asks_segments_of_the_customers(club: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A segment whose column the customers have is no finding; one that no table has is."""
    command = ["check", club / "map.yaml", "--events", club / "events.csv", "--format", "json"]
    main([str(part) for part in [*command, *people(club)]])
    found = {finding["code"] for finding in json.loads(capsys.readouterr().out)}
    main([str(part) for part in command])
    without = {finding["code"] for finding in json.loads(capsys.readouterr().out)}

    assert {"segment-column-missing"} == without - found


def test_a_scorer_that_gives_nothing_is_named(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scorer that was asked for and gave no score does not vanish silently: the build says so, and why."""
    text = (shop / "map.yaml").read_text("utf-8")
    (shop / "map.yaml").write_text(
        text.replace("      effort: low\n", "      effort: low\n      status: done\n"), "utf-8"
    )
    assert build(shop, "--scorers", "friction,kpi,priority") == 0

    shown = capsys.readouterr().out
    assert "no score by kpi: the map declares no KPI" in shown
    assert "no score by priority: every opportunity of the map is done or dropped" in shown
    assert "no score by friction" not in shown
