"""The variant of friction that also hears what customers said."""

from __future__ import annotations

import math

import numpy as np
import pytest

from journeykit import read_feedback
from journeykit.scorers.friction import FrictionScorer

SCORER = FrictionScorer(feedback=True, draws=100)
HEADER = "customer,about,kind,score,scale_low,scale_high\n"


@pytest.fixture
def feedback(tmp_path):
    def read(rows):
        path = tmp_path / "feedback.csv"
        path.write_text(HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        return read_feedback(path)

    return read


def scored(make_scoring, feedback):
    scoring = make_scoring([("AB", True), ("A", False), ("AB", False)] * 40, feedback=feedback)
    return {score.subject.id: score for score in SCORER.score(scoring)}


def test_components_and_value(make_scoring, feedback):
    """.6 of friction@1, .25 of the share of ratings in the lower 40 % of their scale, .15 of effort, as defined."""
    rows = [(f"c{i}", "a", "rating", 1 + i % 5, 1, 5) for i in range(50)]
    rows += [(f"c{i}", "a", "ces", 7 if i % 2 else 4, 1, 7) for i in range(40)]
    rows += [(f"c{i}", "a", "nps", 0, 0, 10) for i in range(40)]
    score = scored(make_scoring, feedback(rows))["a"]
    parts = {c.name: c for c in score.components}

    assert {"drop-off", "rework", "backtrack", "delay", "negative-feedback", "effort"} == set(parts)
    assert 2 / 5 == pytest.approx(parts["negative-feedback"].raw)
    assert 0.25 == pytest.approx(parts["effort"].raw)
    assert (50, 40) == (parts["negative-feedback"].n, parts["effort"].n)
    expected = 0.6 * 0.4 * (1 / 3) / 0.5 + 0.25 * 0.4 + 0.15 * 0.25
    assert expected == pytest.approx(score.value)
    assert math.isclose(sum(c.contribution for c in score.components), score.value, abs_tol=1e-9)
    assert score.interval.low < score.value < score.interval.high
    assert ("friction@1+feedback", "ok") == (score.method, score.status)
    assert {"feedback"} == {e.table for e in score.evidence}


@pytest.mark.parametrize(
    ("kinds", "reason"), [((), "no-feedback"), (("rating",), "no-effort-feedback"), (("ces",), "no-feedback")]
)
def test_one_variant_for_all(make_scoring, feedback, kinds, reason):
    """A touchpoint that lacks a component of the variant is not estimable, with the one it lacks named."""
    rows = [(f"c{i}", "a", kind, 3, 1, 7) for i in range(40) for kind in kinds] + [("c", "b", "rating", 1, 1, 5)]
    score = scored(make_scoring, feedback(rows))["a"]

    assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)


def test_without_any_feedback(make_scoring):
    """Without a feedback table the variant says so, too."""
    score = scored(make_scoring, None)["a"]

    assert ("not-estimable", "no-feedback") == (score.status, score.reason)


def test_feedback_without_a_subject(make_scoring, tmp_path):
    """Ratings that are about nothing in particular belong to no touchpoint."""
    path = tmp_path / "feedback.csv"
    path.write_text("customer,score\nx,3\n", encoding="utf-8")
    score = scored(make_scoring, read_feedback(path, scale=(1, 5)))["a"]

    assert "no-feedback" == score.reason


def test_resampled_by_customer(make_scoring, feedback):
    """Twenty ratings by one customer are one voice: the interval is far wider than that of as many customers."""
    score = lambda i: 1 if i % 2 else 5  # noqa: E731
    one_each = [(f"c{i}", "a", "rating", score(i), 1, 5) for i in range(200)]
    clustered = [(f"c{i // 20}", "a", "rating", score(i // 20), 1, 5) for i in range(200)]
    effort = [(f"e{i}", "a", "ces", 4, 1, 7) for i in range(40)]
    narrow, wide = (scored(make_scoring, feedback(rows + effort))["a"] for rows in (one_each, clustered))

    assert wide.value == pytest.approx(narrow.value)
    assert wide.interval.high - wide.interval.low > 1.5 * (narrow.interval.high - narrow.interval.low)


def test_an_effort_of_nobody_does_not_exist(make_scoring, feedback):
    """A resample that draws no customer of a touchpoint has no figure there, which is not a figure of 0."""
    from journeykit.scorers._feedback import Voice

    voice = Voice(score=np.array([0.5]), customer=np.array([1]))

    assert np.isnan(voice.effort(np.array([[1.0, 0.0]]))[0])
    assert 0.5 == voice.effort(np.array([[0.0, 2.0]]))[0]
