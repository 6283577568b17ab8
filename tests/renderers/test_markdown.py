"""The report: complete, honest and unbreakable by what it quotes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from journeykit.evidence import ImportReport
from journeykit.measures import Said
from journeykit.model import Journey, Kpi, Match, Moment, Opportunity, Outcome, Pain, Persona, Rice, Stage, Touchpoint
from journeykit.problems import Address, Problem
from journeykit.renderers._markdown_text import block, code, duration, escaped, number
from journeykit.renderers.markdown import MarkdownRenderer
from journeykit.results import Component, Coverage, Interval, Records, Score, Scorecard, Subject, TouchpointCount
from journeykit.scorers._kpi_figures import REASONS as KPI_REASONS
from journeykit.scorers._subjects import REASONS as TOUCHPOINT_REASONS

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
                Touchpoint(
                    id="pay", title="Pay", match=Match(event="pay"), pains=[Pain(text="Pop-up is blocked", severity=3)]
                ),
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


def report(*scores: Score, journey: Journey = JOURNEY, **coverage: Any) -> str:
    counts: dict[str, Any] = {
        "events": 100, "claimed": 90, "unclaimed": 10, "cases": 50, "journeys": 48, "off_map": 2, "closed": 40, "open": 8,
        "converted": 10, "abandoned": 0, "late": 3, "first": MOMENT, "last": MOMENT, "observed_until": MOMENT,
        "tie_rule": "file and record", "ties": 4, "unclaimed_events": (("scroll|ed", 10),),
        "touchpoints": (
            TouchpointCount(id="home", events=0, journeys=0, on_board=0),
            TouchpointCount(id="pay", events=9, journeys=8, on_board=7),
        ),
    }  # fmt: skip
    seen = Coverage(**(counts | coverage))
    card = Scorecard(
        journey="shop", coverage=seen, scores=Records(scores, kind=Score, key=("subject", "scorer")), seed=11
    )
    return MarkdownRenderer().render(journey, card).text


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
        "- Success: event = order (the first)",
        "A journey shows 1.9 events of the map on average.",
        "- Counted as one journey: all events of one customer",
        "Of 40 closed journeys 10 converted (25.0 %; 95 % interval 14.2 to 40.2 %, Wilson). Of the 30 that did not, 3 reached "
        "success only after the window, which does not count.",
        "8 journeys are still open: the success, or else the last event of the window, lies less than 30 d before the end of the "
        "log, and nobody gave up. Open journeys are left out of every score, those with a success too.",
        "Events at the same moment: 4, ordered by file and record.",
        "Events that no touchpoint claims: `scroll¦ed` 10.",
        "| Home | no rule |  |  |",
        "| Pay | 9 | 8 | 7 |",
        "- Seed of everything that depends on chance: 11.",
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
    assert "| Pay | friction | not-estimable |  |  | 40 | no closed journey reached it before its path ended |" in lines


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
    assert re.findall(r"(?<!\\)\[", text) == []
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
    zero = {a.name: 0 for a in attrs.fields(Coverage) if a.type in ("int", "int | None") and a.default is attrs.NOTHING}
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
        ("a|b", "a\\|b"), ("<i>", "&lt;i>"), ("a < b > c", "a < b > c"), ("AT&T", "AT&T"), ("&lt;", "&amp;lt;"),
        ("*b* _i_ order_kept", "\\*b\\* \\_i\\_ order_kept"), ("[x](y)", "\\[x](y)"), ("~5 $5 `x`", "\\~5 \\$5 \\`x\\`"),
        ("C:\\new", "C:\\new"), ("\\*", "\\\\\\*"), ("end\\", "end\\\\"), ("{a} b^2 #3", "{a} b^2 #3"),
        ("https://x.org", "https:&#47;/x.org"), ("www.x.org", "www&#46;x.org"), ("a@b.org", "a&#64;b.org"), ("@me", "&#64;me"),
        ("(friction@1)", "(friction@1)"),
        ("up\u202edown", "up down"), ("Why? 31 % (yes)", "Why? 31 % (yes)"), ("\x1b[2J", "\\[2J"), ("1. x", "1. x"),
    ],
)  # fmt: skip
def test_escaping(text: str, shown: str) -> None:
    """Every sign that Markdown or a browser would act on is shown as itself; every other sign is left as it is."""

    assert shown == escaped(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", "1\\. first"), ("2) second", "2\\) second"), ("1.0", "1.0"), ("12", "12"), ("- item", "\\- item"),
        ("+ item", "\\+ item"), ("# no", "\\# no"), ("C #", "C \\#"), ("> quote", "\\> quote"), ("===", "\\==="),
        ("C# #1", "C# #1"),
    ],
)  # fmt: skip
def test_escaping_at_the_start_of_a_line(text: str, shown: str) -> None:
    """Nothing that opens a list, a heading, a quote or a rule does so; a version number keeps its dot."""

    assert shown == block(text)


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(days=365), "365 d"), (timedelta(hours=36), "36 h"), (timedelta(minutes=10), "10 min"),
        (timedelta(seconds=90), "90 s"), (timedelta(milliseconds=1500), "1.5 s"),
    ],
)  # fmt: skip
def test_durations_are_exact(length: timedelta, shown: str) -> None:
    """A length of time is said in the largest unit that divides it."""

    assert shown == duration(length)


def test_the_version_has_no_backslash() -> None:
    """What stands after a label needs no escape of a line's start."""
    text = MarkdownRenderer().render(attrs.evolve(JOURNEY, version="1.0")).text

    assert "- Version: 1.0" in text.splitlines()


def test_several_personas_are_told_apart() -> None:
    """One persona is one; several are counted, with a sign between them that no name holds by custom."""
    people = [Persona(id="a", name="Maya, 34"), Persona(id="b", name="Timur")]
    one, two = (MarkdownRenderer().render(attrs.evolve(JOURNEY, personas=people[:n])).text.splitlines() for n in (1, 2))

    assert "- Persona: Maya, 34" in one
    assert "- Personas (2): Maya, 34; Timur" in two


def test_how_others_ended_adds_up() -> None:
    """Giving up and late success are told of those that did not convert, and may overlap."""
    journey = attrs.evolve(
        JOURNEY, outcome=Outcome(success=Match(event="order"), abandon=Match(event="stop"), within=timedelta(hours=2))
    )
    text = report(*ALL, journey=journey, converted=10, abandoned=25, late=9)

    assert (
        "Of the 30 that did not, 25 gave up and 9 reached success only after the window, which does not count (a journey can "
        "have done both)." in text
    )
    assert "- Success: event = order (the first, at most 2 h after the journey's first event)" in text.splitlines()
    assert "less than 2 h before the end of the log" in text


def test_paths_of_hardly_an_event_are_doubted() -> None:
    """Where a journey shows hardly more than one event, the report says what that may mean."""

    assert "1.2 events of the map on average, which is hardly a path" in report(*ALL, claimed=58, unclaimed=42)


def test_what_cannot_be_told_from_nothing_is_named() -> None:
    """A high place in a ranking is no finding where the p-value is not small; no p-value is shown as 0."""
    text = report(score("home", "impact", p_value=0.0001), score("pay", "impact", p_value=0.2))

    assert "Cannot be told from 0 (p of 0.05 or more): Pay." in text
    assert "| &lt; 0.001 |" in text


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (
            "impact-excess-order-2@1",
            (
                "A chain forgets",
                "by definition",
                "small excess (up to about 0.06",
                "paths mean nothing",
                "two-sided",
                "too narrow",
            ),
        ),
        ("impact-excess-by-length-order-1@1", ("In a funnel, where length is progress", "A chain forgets")),
        ("impact-removal-order-1@1", ("mostly measures reach",)),
        ("impact-shapley@1", ("deals conversions out", "whatever their order")),
        ("impact-first@1", ("A rule of thumb", "first touch")),
        ("impact-last@1", ("A rule of thumb", "nobody can skip")),
        ("impact-linear-touch@1", ("A rule of thumb", "every touch")),
        ("impact-linear-distinct@1", ("A rule of thumb", "different touchpoints")),
        ("impact-position@1", ("A rule of thumb", "40 %")),
        ("impact-time-decay-7d@1", ("A rule of thumb", "half-life")),
        ("emotion@1", ("Only those who answered are heard", "The interval compares touchpoints")),
        ("moments@1", ("looks like a dilemma", "a little too large")),
        ("peak-end@1", ("none of them needs to have had both",)),
        ("kpi@1", ("declared on the map, not measured", "open journeys too")),
        ("priority@1", ("which is a convention", "only an experiment tells")),
        ("priority-removal@1+feedback", ("which is a convention",)),
        ("friction@1", ("The weights are a convention", "a share of 50 %", "64 times the expected wait", "by journey")),
        ("friction@1+feedback", ("The weights are a convention", "those who answer differ")),
        ("luck@3", ("See the explanation of each of its scores.",)),
    ],
)
def test_every_method_says_when_not_to_believe_it(method: str, words: tuple[str, ...]) -> None:
    """The section on methods has the doubts and the intervals of each method, and no other's."""
    text = report(score("home", method.split("-", maxsplit=1)[0].split("@", maxsplit=1)[0], method=method)).split(
        "## Methods"
    )[1]

    assert [word for word in words if word not in text] == []
    assert "Intervals: bootstrap of journeys." in text
    assert ("rule of thumb" in text) == ("A rule of thumb" in words)


def said(**changes: Any) -> Said:
    fields: dict[str, Any] = {
        "kind": "rating", "touchpoint": None, "scale_low": 1.0, "scale_high": 5.0, "answers": 1363, "customers": 100, "tied": 0,
        "mean": 3.675, "negative": 0.25, "interval": Interval(low=0.2, high=0.3, method="wilson"), "nps": None,
    }  # fmt: skip
    return Said(**(fields | changes))


def spoken(*found: Said) -> str:
    return MarkdownRenderer(said=found).render(JOURNEY).text


def test_what_customers_said() -> None:
    """Each kind on its scale with n; each touchpoint by its title; few answers are marked; comments have no figure."""
    nps = said(
        kind="nps", scale_low=0.0, scale_high=10.0, answers=200, mean=7.0, negative=None, interval=None, nps=-12.4
    )
    comment = said(kind="comment", scale_low=None, scale_high=None, answers=7, mean=None, negative=None, interval=None)
    pay = said(kind="ces", touchpoint="pay", answers=29, customers=19, tied=29, mean=2.0, negative=0.5)
    lines = spoken(nps, said(tied=29), comment, pay).splitlines()

    assert [
        "| NPS | 0 to 10 | 200 | 100 | NPS −12 |  | 0 |",
        "| rating | 1 to 5 | 1,363 | 100 | mean 3.67 | 25.0 % (20.0 to 30.0) | 29 |",
        "| comment |  | 7 | 100 |  |  | 0 |",
        "| Pay | CES | 1 to 5 | 29\\* | 19 | mean 2.00 | 50.0 % (20.0 to 30.0) |",
    ] == [line for line in lines if line.startswith(("| NPS", "| rating", "| comment", "| Pay"))]
    assert "29 of 1,570 answers are about a touchpoint of the map." in lines
    assert [line for line in lines if "\\* fewer than 30 answers" in line and "CES is read" in line] != []


def test_feedback_about_no_touchpoint_says_what_is_missing() -> None:
    """Answers that cannot be tied are said to count for no score, with what would tie them."""
    text = spoken(said())

    assert "None of the 1,363 answers is about a touchpoint of the map, so no score uses them. A column `about`" in text
    assert "What customers said" not in MarkdownRenderer().render(JOURNEY).text


def test_without_a_rank_there_is_no_touchpoint_of_highest_friction() -> None:
    """Where no friction can be ranked, the open opportunities follow the map, and the report says why."""
    text = report(score("home", value=None, interval=None, status="not-estimable", reason="no-outcome"))

    assert "No friction score rests on enough data. Open opportunities of the map, in its order." in text
    assert "Great" in text


def test_code_spans_hold_back_ticks_and_figures_their_minus() -> None:
    """A code span outlasts back-ticks in it; a rounded zero has no sign."""

    assert ["``a`b``", "`a¦b`", "−0.250", "0.000", ""] == [
        code("a`b"),
        code("a|b"),
        number(-0.25),
        number(-0.0001),
        number(None),
    ]


MORE = attrs.evolve(
    JOURNEY,
    personas=[Persona(id="ann", name="Ann | 34")],
    kpis=[Kpi(id="csat", name="Satisfaction", unit="points"), Kpi(id="sold", name="Turnover", unit="EUR")],
)


def about(kind: str, id: str, scorer: str, **changes: Any) -> Score:
    return attrs.evolve(score(id, scorer, **changes), subject=Subject(kind=kind, id=id))


def section(text: str, title: str) -> list[str]:
    return [line for line in text.split(f"## {title}\n")[1].split("\n## ", maxsplit=1)[0].splitlines() if line]


def test_kpis_are_a_list_in_their_own_units() -> None:
    """KPIs keep the order of the map, carry name, unit and target, and are never said to be higher than one another."""
    part = {"raw": 4.5, "scaled": 4.5, "weight": 0.0, "contribution": 0.0, "n": 3}
    parts = [
        Component(name="metric", raw=4.0, scaled=4.0, weight=1.0, contribution=4.0, n=3),
        Component(name="o:target", **part),
        Component(name="o:distance", **(part | {"raw": 0.5})),
    ]
    lines = section(
        report(
            about("kpi", "csat", "kpi", value=4.0, unit="points", n=3, interval=None, components=parts),
            about("kpi", "sold", "kpi", value=-123456.0, unit="EUR", n=7, interval=None),
            journey=MORE,
        ),
        "KPI",
    )

    assert [
        "| KPI | Value | Unit | Interval | Target | n |",
        "| --- | ---: | --- | --- | --- | ---: |",
        "| Satisfaction | 4.000 | points |  | 4.500, 0.500 to go | 3 |",
        "| Turnover | −123,456 | EUR |  |  | 7 |",
        "In words:",
        "1. About csat.",
        "2. About sold.",
    ] == lines[1:]


def test_rice_stands_beside_the_words() -> None:
    """The amounts of RICE are in the list of what to do next, with their unit; words keep their place."""
    both = Opportunity(title="Both", impact="high", effort="low", rice=Rice(impact=2, confidence=0.8, effort=1.5))
    alone = Opportunity(title="Alone", rice=Rice(reach=100, impact=0.25, confidence=1, effort=3))
    touchpoint = JOURNEY.touchpoints()[0]
    text = MarkdownRenderer().render(JOURNEY.replace(touchpoint.id, opportunities=[both, alone])).text

    assert "| Both | high; RICE 2, confidence 80 % | low; 1.5 person-months |" in text
    assert "| Alone | RICE 0.25, confidence 100 % | 3 person-months |" in text


def test_opportunities_segments_and_the_journey_are_named() -> None:
    """An opportunity has its title, a segment the name of its persona, the journey as a whole a line of its own."""
    text = report(
        about("opportunity", "cart#2", "priority", value=-3.0),
        score("home", "emotion"),
        score("home", "emotion", segment="ann", p_value=0.3),
        score("pay", "emotion", segment="ann", value=None, interval=None, status="suppressed", reason="small-group"),
        about("journey", "shop", "moments", value=1.25, method="peak-end@1", unit="valence -2..+2"),
        journey=MORE,
    )

    assert [
        line for line in section(text, "Priority, highest first") if line.startswith("| 1 | Great (at: a\\|b")
    ] != []
    assert "| Home | Ann \\| 34 | 0.500 | 0.400 to 0.600 (95 %) | 40 | 0.300 |" in section(
        text, "Emotion, highest first"
    )
    assert section(text, "Moments")[0].startswith(
        "The journey as a whole: 1.250 (valence -2..+2; method `peak-end@1`; *n* 40; interval 0.400 to 0.600 (95 %)). The mean of"
    )
    assert (
        "| Pay | Ann \\| 34 | emotion | suppressed |  |  | withheld | withheld, so that nobody can be recognised by it |"
        in section(text, "Not ranked")
    )


def test_what_is_not_ranked_keeps_its_p() -> None:
    """A score on too little shows the p-value it has."""
    text = report(score("home", "impact", p_value=0.25, status="low-n", reason="few-conversions"))

    assert (
        "| Home | impact | low-n | 0.500 | 0.400 to 0.600 (95 %) | 0.250 | 40 | too few conversions (10) |"
        in section(text, "Not ranked")
    )


@pytest.mark.parametrize(
    ("kind", "scorer", "reason", "words"),
    [
        ("touchpoint", "emotion", "declared-only", "nobody rated it; the value is what the map claims"),
        ("journey", "moments", "declared-only", "a claim of the map enters it, not ratings alone"),
        ("touchpoint", "moments", "few-journeys", "too few closed journeys"),
        ("touchpoint", "impact", "few-journeys", "too few journeys pass it"),
        ("kpi", "kpi", "no-match-rule", "a step of its funnel has no match rule"),
        ("opportunity", "priority", "friction-no-next-event", "friction: no journey goes on from here"),
        ("opportunity", "priority", "impact-few-conversions", "impact: too few conversions (10)"),
        ("opportunity", "priority", "friction-few-observations-of-delay", "friction: too few observations of delay"),
        ("opportunity", "priority", "no-effort", "the map declares no effort for it"),
        ("touchpoint", "luck", "friction-is-fun", "friction-is-fun"),
    ],
)
def test_reasons_are_words(kind: str, scorer: str, reason: str, words: str) -> None:
    """Every reason reads as a sentence's part; one of another package is shown as it is."""
    found = about(kind, "x", scorer, status="low-n", reason=reason)

    assert section(report(found), "Not ranked")[-1].endswith(f"| {words} |")


def test_no_reason_of_our_scorers_lacks_words() -> None:
    """Whatever reason a scorer of this package can give has words in the report."""
    told = {"few-customers", "few-entrants", "declared-only", "no-emotion", "small-group", "no-closed-journeys", "no-effort",
            "no-emotion-at-the-end", "few-journeys", "few-conversions", *TOUCHPOINT_REASONS, *KPI_REASONS}  # fmt: skip
    words = {reason: section(report(score("x", status="low-n", reason=reason)), "Not ranked")[-1] for reason in told}

    assert [reason for reason, line in words.items() if line.endswith(f"| {reason} |")] == []
