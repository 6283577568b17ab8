"""What customers said: exact figures, scales apart, and which touchpoint an answer is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journeykit import read_feedback
from journeykit.inference import wilson
from journeykit.measures import Said, about, said
from journeykit.model import Condition, Journey, Match, Stage, Touchpoint
from journeykit.results import Records

JOURNEY = Journey(
    id="shop",
    title="Shop",
    stages=[
        Stage(
            id="s",
            title="S",
            touchpoints=[
                Touchpoint(id="home", title="Home", match=Match(event="page")),
                Touchpoint(id="cart", title="Cart", match=Match(event="add")),
            ],
        )
    ],
)


def read(
    tmp_path: Path, rows: list[tuple[Any, ...]], header: str = "customer,about,kind,score,scale_low,scale_high,text"
):
    path = tmp_path / "said.csv"
    path.write_text(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows), "utf-8")
    return read_feedback(path)


def test_ratings_by_hand(tmp_path):
    """Five ratings of three customers: mean 3, two of five in the lower 40 % of 1 to 5, four of them about a touchpoint."""
    rows = [("a", "home", "rating", score, 1, 5, "") for score in (1, 2)]
    rows += [
        ("b", "page", "rating", 3, 1, 5, ""),
        ("c", "add", "rating", 4, 1, 5, ""),
        ("c", "moon", "rating", 5, 1, 5, ""),
    ]
    found = said(read(tmp_path, rows), JOURNEY)

    whole = {"kind": "rating", "scale_low": 1.0, "scale_high": 5.0, "nps": None}
    assert [
        Said(touchpoint=None, answers=5, customers=3, tied=4, mean=3.0, negative=0.4, interval=wilson(2, 5), **whole),
        Said(
            touchpoint="home", answers=3, customers=2, tied=3, mean=2.0, negative=2 / 3, interval=wilson(2, 3), **whole
        ),
        Said(touchpoint="cart", answers=1, customers=1, tied=1, mean=4.0, negative=0.0, interval=wilson(0, 1), **whole),
    ] == list(found)
    assert 2.0 == found["rating", "home", 1.0, 5.0].mean


def test_nps_is_no_mean_of_touchpoints(tmp_path):
    """NPS is 100 (promoters 9 and 10 - detractors 0 to 6) / n, over all answers only, and counts nobody as negative."""
    scores = [10, 9, 9, 8, 7, 6, 0]
    rows = [(f"c{i}", "home", "nps", score, "", "", "") for i, score in enumerate(scores)]
    (only,) = said(read(tmp_path, rows), JOURNEY)

    assert ("nps", None, 7, 7) == (only.kind, only.touchpoint, only.answers, only.tied)
    assert 100 * (3 - 2) / 7 == pytest.approx(only.nps)
    assert (None, None) == (only.negative, only.interval)


def test_scales_are_never_mixed(tmp_path):
    """One kind asked on two scales has two records; a comment has no figure."""
    rows = [("a", "", "csat", 5, 1, 5, ""), ("a", "", "csat", 4, 0, 10, ""), ("b", "", "comment", "", "", "", "Nice")]
    found = said(read(tmp_path, rows), JOURNEY)

    assert [("csat", 0.0, 10.0, 4.0, 1.0), ("csat", 1.0, 5.0, 5.0, 0.0), ("comment", None, None, None, None)] == [
        (s.kind, s.scale_low, s.scale_high, s.mean, s.negative) for s in found
    ]
    assert [0, 0, 0] == [s.tied for s in found]


@pytest.mark.parametrize(("score", "negative"), [(0, 1.0), (4, 1.0), (4.1, 0.0), (10, 0.0)])
def test_negative_is_the_lower_two_fifths_of_the_scale(tmp_path, score, negative):
    """The bound belongs to the lower part: 4 of 0 to 10 is negative, 4.1 is not."""
    (only,) = said(read(tmp_path, [("a", "", "rating", score, 0, 10, "")]), JOURNEY)

    assert negative == only.negative


def test_a_table_without_customers_and_subjects(tmp_path):
    """Feedback that names neither customers nor subjects is counted, and tied to nothing."""
    path = tmp_path / "said.csv"
    path.write_text("score\n1\n5\n", "utf-8")
    (only,) = said(read_feedback(path, scale=(1, 5)), JOURNEY)

    assert ("rating", 2, 0, 0, 3.0) == (only.kind, only.answers, only.customers, only.tied, only.mean)


def test_nothing_said(tmp_path):
    """No answers, no records."""

    assert Records([], kind=Said) == said(read(tmp_path, []), JOURNEY)


def test_the_order_of_the_rows_does_not_matter(tmp_path):
    """The figures are the same to the last digit however the answers are ordered."""
    rows = [(f"c{i % 7}", ("home", "cart")[i % 2], "rating", i % 10 / 10, 0, 1, "") for i in range(500)]

    assert said(read(tmp_path, rows), JOURNEY) == said(read(tmp_path, rows[::-1]), JOURNEY)


def test_what_feedback_is_about():
    """An id wins over an event, an event over a channel; what points at two touchpoints points at none."""
    touchpoints = [
        Touchpoint(id="cart", title="Cart", channels=["web"], match=Match(event=["add", "cart"])),
        Touchpoint(
            id="pay", title="Pay", channels=["web", "phone"], match=Match(any=[Match(event="pay"), Match(event="x")])
        ),
        Touchpoint(
            id="ask", title="Ask", channels=["chat"], match=Match(event="x", where={"a": Condition("null", False)})
        ),
        Touchpoint(id="add", title="Add", match=Match(event=Condition("glob", "a*"))),
        Touchpoint(id="none", title="None"),
    ]
    journey = Journey(id="map", title="Map", stages=[Stage(id="all", title="All", touchpoints=touchpoints)])
    expected = {
        "cart": "cart",
        "add": "add",
        "pay": "pay",
        "x": "pay",
        "phone": "pay",
        "ask": "ask",
        "chat": "ask",
        "none": "none",
    }

    assert expected == about(journey)
