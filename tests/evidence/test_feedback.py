from __future__ import annotations

import pytest

from journeykit.errors import ArgumentError, EvidenceError

HEAD = "customer,time,score,text\n"
T = "2024-01-01T10:00:00Z"


def test_constants_hold_for_every_row(read, rows, csv_file):
    """kind, scale and about given for the table stand in every row, the file's name as its source."""
    table = read(csv_file(f"{HEAD}u1,{T},4,good\n"), "feedback", feedback_kind="csat", scale=(1, 5), about="checkout")

    assert {"kind": "csat", "scale_low": 1.0, "scale_high": 5.0, "about": "checkout", "source": "events.csv"} == {
        name: rows(table)[0][name] for name in ("kind", "scale_low", "scale_high", "about", "source")
    }


def test_scores_need_a_scale(read, csv_file):
    """Scores without a scale are an error that asks for it."""
    with pytest.raises(EvidenceError, match="scale="):
        read(csv_file(f"{HEAD}u1,{T},4,good\n"), "feedback")


def test_nps_has_its_own_scale(read, rows, csv_file):
    """Only NPS is 0 to 10 by definition."""
    table = read(csv_file(f"{HEAD}u1,{T},9,\nu2,{T},11,\n"), "feedback", feedback_kind="nps")

    assert [(9.0, 0.0, 10.0)] == [(row["score"], row["scale_low"], row["scale_high"]) for row in rows(table)]
    assert {"out-of-scale": 1} == table.report.rejections


def test_scores_outside_their_scale_are_rejected(read, rows, csv_file):
    """A score outside the scale is rejected, never clipped; the ends belong to the scale."""
    body = "".join(f"u1,{T},{score},\n" for score in (0, 1, 5, 6, "five"))
    table = read(csv_file(HEAD + body), "feedback", scale=(1, 5))

    assert [1.0, 5.0] == [row["score"] for row in rows(table)]
    assert {"bad-number": 1, "out-of-scale": 2} == table.report.rejections


def test_a_scale_may_stand_in_each_row(read, rows, csv_file):
    """Scales given in columns hold for their row; a backward or half scale is rejected."""
    text = f"time,score,scale_low,scale_high\n{T},4,1,5\n{T},4,5,1\n{T},4,1,\n{T},70,0,100\n{T},3,,\n"
    table = read(csv_file(text), "feedback")

    assert [(4.0, 5.0), (70.0, 100.0)] == [(row["score"], row["scale_high"]) for row in rows(table)]
    assert {"bad-scale": 2, "missing-scale": 1} == table.report.rejections


def test_an_answer_is_a_score_or_a_text(read, rows, csv_file):
    """Rows with neither are rejected; without a kind, a score is a rating and a text alone a comment."""
    table = read(csv_file(f"{HEAD}u1,{T},4,\nu1,{T},,fine\nu1,{T},,\n"), "feedback", scale=(1, 5))

    assert [("rating", 1.0), ("comment", None)] == [(row["kind"], row["scale_low"]) for row in rows(table)]
    assert {"no-answer": 1} == table.report.rejections


def test_kinds_are_a_closed_list(read, rows, csv_file):
    """A kind column is read without case; what is no kind is rejected, and as an argument refused."""
    path = csv_file(f"time,kind,score\n{T},NPS,9\n{T},stars,3\n{T},,3\n")
    table = read(path, "feedback", scale=(0, 10))

    assert ["nps", "rating"] == [row["kind"] for row in rows(table)]
    assert {"bad-kind": 1} == table.report.rejections
    for bad in ({"feedback_kind": "stars"}, {"scale": (5, 1)}, {"scale": (1, float("nan"))}):
        with pytest.raises(ArgumentError):
            read(path, "feedback", **bad)


def test_time_and_customer_may_be_missing(read, rows, csv_file):
    """Feedback needs neither customer nor time, but a time that is there must be readable."""
    table = read(csv_file(f"{HEAD},,4,\nu1,soon,4,\n"), "feedback", scale=(1, 5))

    assert [(None, None)] == [(row["customer"], row["time"]) for row in rows(table)]
    assert {"bad-time": 1} == table.report.rejections


def test_a_text_of_none_is_a_text(read, rows, csv_file):
    """A comment that reads None or nan is what the customer wrote, not a missing value."""
    table = read(csv_file("text\nNone\nnan\n"), "feedback")

    assert ["None", "nan"] == [row["text"] for row in rows(table)]


def test_without_score_and_text_it_is_no_feedback(read, csv_file):
    """A table with neither column is an error that lists what is there."""
    with pytest.raises(EvidenceError, match="Rating"):
        read(csv_file("Rating\n3\n"), "feedback")
