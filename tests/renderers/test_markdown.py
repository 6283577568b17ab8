"""The report: complete, honest and unbreakable by what it quotes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from journeykit.evidence import ImportReport
from journeykit.model import Journey, Match, Moment, Opportunity, Outcome, Pain, Stage, Touchpoint
from journeykit.problems import Address, Problem
from journeykit.renderers._markdown_text import code, escaped, number
from journeykit.renderers.markdown import MarkdownRenderer
from journeykit.results import Coverage, Interval, Records, Score, Scorecard, Subject, TouchpointCount

MOMENT = datetime(2026, 1, 1, 10, tzinfo=UTC)
NASTY = "a|b <script>alert(1)</script> [x](javascript:1)\n# no"
JOURNEY = Journey(
    id="shop",
    title="Shop",
    outcome=Outcome(success=Match(event="order")),
    stages=[
        Stage(
            id="s",
            title="S",
            touchpoints=[
                Touchpoint(id="home", title="Home", moment=Moment(kind="first", label="ZMOT", why="W")),
                Touchpoint(
                    id="cart",
                    title=NASTY,
                    opportunities=[
                        Opportunity(title="Small", impact="low", effort="low"),
                        Opportunity(title="Great", impact="high", effort="high"),
                        Opportunity(title="Finished", impact="high", status="done"),
                    ],
                ),
                Touchpoint(id="pay", title="Pay", pains=[Pain(text="Pop-up is blocked", severity=3)]),
            ],
        )
    ],
)


def score(id: str, scorer: str = "friction", **changes: Any) -> Score:
    fields: dict[str, Any] = {
        "value": 0.5, "unit": "index 0..1", "n": 40, "status": "ok", "method": f"{scorer}@1", "explanation": f"About {id}.",
        "interval": Interval(low=0.4, high=0.6, method="bootstrap of journeys"),
    }  # fmt: skip
    return Score(subject=Subject(kind="touchpoint", id=id), scorer=scorer, **(fields | changes))


def report(*scores: Score, **coverage: Any) -> str:
    counts: dict[str, Any] = {
        "events": 100, "claimed": 90, "unclaimed": 10, "cases": 50, "journeys": 48, "off_map": 2, "closed": 40, "open": 8,
        "converted": 10, "abandoned": 0, "late": 3, "first": MOMENT, "last": MOMENT, "observed_until": MOMENT,
        "tie_rule": "file and record", "ties": 4, "unclaimed_events": (("scroll|ed", 10),),
        "touchpoints": (TouchpointCount(id="home", events=60, journeys=48, on_board=48),),
    }  # fmt: skip
    seen = Coverage(**(counts | coverage))
    card = Scorecard(
        journey="shop", coverage=seen, scores=Records(scores, kind=Score, key=("subject", "scorer")), seed=11
    )
    return MarkdownRenderer().render(JOURNEY, card).text


ALL = (
    score("home", value=0.1),
    score("cart", value=0.7),
    score("pay", value=None, interval=None, status="not-estimable", reason="not-reached"),
)


@pytest.mark.parametrize(
    "line",
    [
        "| Events | 100 | = 90 claimed + 10 unclaimed |",
        "| Cases | 50 | = 48 on the map + 2 off the map |",
        "| Journeys | 48 | = 40 closed + 8 open |",
        "Of 40 closed journeys 10 converted (25.0 %); 3 reached success only after the window, which does not count.",
        "8 journeys are still open (their last event is too recent to say how they end) and are left out of every score.",
        "Events at the same moment: 4, ordered by file and record.",
        "Events that no touchpoint claims: `scroll¦ed` 10.",
        "| Home | 60 | 48 | 48 |",
        "- Seed of everything that depends on chance: 11.",
        "- Intervals: bootstrap of journeys.",
        "| Home | first · ZMOT | W |  | not stated |",
    ],
)
def test_every_sum_is_reported(line: str) -> None:
    """What was counted, what was left out, the tie rule, the seed: each is a line of the report."""

    assert line in report(*ALL).splitlines()


def test_ranking_is_by_value_with_interval_and_n() -> None:
    """The ranking runs from the highest score down and carries interval and n; the rest stands apart with its reason."""
    lines = report(*ALL).splitlines()
    ranked = [line for line in lines if line.startswith(("| 1 |", "| 2 |", "| 3 |"))]

    assert [line.split(" | ")[2:] for line in ranked] == [
        ["0.700", "0.400 to 0.600 (95 %)", "40 |"],
        ["0.100", "0.400 to 0.600 (95 %)", "40 |"],
    ]
    assert "| Pay | friction | not-estimable |  |  | 40 | no closed journey reached it |" in lines


def test_adjusted_p_values_have_a_column_where_there_are_any() -> None:
    """A scorer that tests shows its p-values."""
    text = report(score("home", "impact", p_value=0.04), score("cart", "impact", p_value=0.5))

    assert "| # | Subject | Value | Interval | n | p (adjusted) |" in text
    assert "| 0.040 |" in text


def test_next_steps_are_the_open_opportunities_where_friction_is_highest() -> None:
    """Highest friction first, greatest impact first, finished work left out, a gap named as one."""
    text = report(score("home", value=0.1), score("cart", value=0.7), score("pay", value=0.6))
    part = text.split("## What to do next")[1].split("\n##")[0]
    rows = [line.split(" | ")[1] for line in part.splitlines() if line.startswith("| ") and "---" not in line][1:]

    assert rows == [
        "Great",
        "Small",
        "*none on the map yet; worst pain on the map: Pop-up is blocked*",
        "*none on the map yet*",
    ]


def test_foreign_text_breaks_nothing() -> None:
    """No title of the map becomes HTML, a link, a heading or another column."""
    text = report(*ALL)
    rows = [line for line in text.splitlines() if line.startswith("|")]

    assert "<script>" not in text
    assert "[x](" not in text
    assert "# no" not in [line.strip() for line in text.splitlines()]
    only_tables = [line if line.startswith("|") else "" for line in text.splitlines()]
    tables = "\n".join(only_tables).split("\n\n")
    widths = [
        {row.replace("\\|", "").count("|") for row in table.strip().splitlines()} for table in tables if table.strip()
    ]
    assert rows
    assert [width for width in widths if len(width) != 1] == []


def test_how_the_data_were_read_shows_reasons_and_addresses_but_no_cell() -> None:
    """Rows in, kept, rejected by reason with the first addresses; the sentences, which may quote a cell, stay out."""
    found = ImportReport(
        source="a.csv", format="csv", kind="events", rows_in=10, rows_kept=7, rows_rejected=3, rejections={"bad-time": 3},
        problems=tuple(
            Problem(code="bad-time", message="the time 'anna@example.org' cannot be read", address=Address(file="a.csv", line=i))
            for i in range(2, 5)
        ),
        duplicates=1, notes=("renamed a column",),
    )  # fmt: skip
    text = MarkdownRenderer(imports=[found]).render(JOURNEY, scores=None).text
    without = report(*ALL)

    assert "How the data were read" not in without
    scored = Scorecard(journey="shop", coverage=_empty(), scores=Records([], kind=Score), seed=0)
    full = MarkdownRenderer(imports=[found]).render(JOURNEY, scored).text
    assert "| `a.csv` | csv | events | 10 | 7 | 3 | 1 |" in full
    assert "- bad-time: 3 rows, first at `a.csv:2`; `a.csv:3`; `a.csv:4`" in full
    assert "anna" not in full + text


def _empty() -> Coverage:
    zero = {a.name: 0 for a in attrs.fields(Coverage) if a.type in (int, "int")}
    return Coverage(**zero, first=None, last=None, observed_until=None, tie_rule="", touchpoints=())  # type: ignore[arg-type]


def test_a_map_without_scores_has_a_report_too() -> None:
    """Without scores the report tells what the map holds, and nothing that was not counted."""
    text = MarkdownRenderer().render(JOURNEY).text

    assert text.startswith("# Shop\n")
    assert "## Moments of truth" in text
    assert "Great" in text
    assert "What was counted" not in text


def test_empty_scorecard_is_said_in_words() -> None:
    """Nothing to rank is a sentence, not an empty table."""
    blank = score("home", value=None, interval=None, status="not-estimable", reason="no-outcome")

    assert "No subject has enough data for a rank." in report(blank)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "a\\|b"), ("<i>", "&lt;i&gt;"), ("1. first", "1\\. first"), ("1.0", "1.0"), ("- item", "\\- item"),
        ("*b* _i_", "\\*b\\* \\_i\\_"),
        ("https://x.org", "https:&#47;/x.org"), ("www.x.org", "www&#46;x.org"), ("a@b.org", "a&#64;b.org"),
        ("up\u202edown", "up down"), ("Why? 31 % (yes)", "Why? 31 % (yes)"), ("\x1b[2J", "\\[2J"),
    ],
)  # fmt: skip
def test_escaping(text: str, shown: str) -> None:
    """Every sign that Markdown or a browser would act on is shown as itself."""

    assert shown == escaped(text)


def test_code_spans_hold_back_ticks_and_figures_their_minus() -> None:
    """A code span outlasts back-ticks in it; a rounded zero has no sign."""

    assert ["``a`b``", "`a¦b`", "−0.250", "0.000", ""] == [
        code("a`b"),
        code("a|b"),
        number(-0.25),
        number(-0.0001),
        number(None),
    ]
