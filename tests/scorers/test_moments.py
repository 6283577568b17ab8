"""Moments of truth: the largest of four criteria on fixed anchors, and peak-end of the journey."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit import read_feedback
from journeykit.evidence import Evidence
from journeykit.model import Emotion, Moment
from journeykit.scorers._moments_criteria import Places, most_intense, peak_end
from journeykit.scorers.moments import MomentsScorer

SCORER = MomentsScorer(draws=100)


@pytest.fixture(scope="session")
def rated(tmp_path_factory):
    """Feedback: for every touchpoint the scores of 5 its raters gave; the same number is the same customer."""

    def read(**scores):
        path = tmp_path_factory.mktemp("feedback") / "feedback.csv"
        rows = [f"c{i},{id},rating,{score},1,5\n" for id, found in scores.items() for i, score in enumerate(found)]
        path.write_text("customer,about,kind,score,scale_low,scale_high\n" + "".join(rows), encoding="utf-8")
        return read_feedback(path)

    return read


@pytest.fixture(scope="session")
def mapped(make_scoring):
    """A scoring with declared valences and moments (kind) by touchpoint id."""

    def make(journeys, *, valences=None, moments=None, feedback=None, **options):
        scoring = make_scoring(journeys, **options)
        journey = scoring.journey
        for id, valence in (valences or {}).items():
            journey = journey.replace(id, emotions=[Emotion(valence=valence)])
        for id, kind in (moments or {}).items():
            journey = journey.replace(id, moment=Moment(kind=kind, label="ZMOT"))
        return attrs.evolve(scoring, journey=journey, evidence=Evidence(feedback=feedback))

    return make


def by_id(scores):
    return {score.subject.id: score for score in scores}


def component(score):
    (only,) = score.components
    return only


def test_peak_end_as_published(reference):
    """Kahneman's two patients remember (peak + end) / 2."""
    case = reference["peak_end"]
    found = [float(peak_end(p["peak"], p["end"])) for p in (case["inputs"]["A"], case["inputs"]["B"])]

    assert case["expected"] == found


def test_most_intense():
    """The farthest from neutral; the unhappy one of two as far, nothing where there is nothing."""
    rows = np.array([[1.0, -1.5, np.nan], [1.0, -1.0, 0.0], [0.5, 0.2, np.nan], [np.nan] * 3, [0.0, np.nan, np.nan]])

    np.testing.assert_array_equal([-1.5, -1.0, 0.5, np.nan, 0.0], most_intense(rows))


def test_first_and_last(mapped):
    """First and last are shares of the closed journeys that begin and end here; the open one is left out."""
    scores = by_id(SCORER.score(mapped([("AB", True)] * 30 + [("CB", False)] * 10 + [("EA", False)], still_open=[40])))

    assert ("first", 0.75, 40) == (component(scores["a"]).name, scores["a"].value, scores["a"].n)
    assert ("last", 1.0, 40) == (component(scores["b"]).name, scores["b"].value, scores["b"].n)
    assert 0.25 == scores["c"].value
    assert ("not-estimable", "not-reached") == (scores["e"].status, scores["e"].reason)
    assert "1 open journey left out" in scores["a"].explanation


def test_a_path_ends_with_its_success(mapped):
    """Where a touchpoint claims the success, converters end there."""
    scores = by_id(SCORER.score(mapped([("A", True)] * 40 + [("A", False)] * 10, success="E")))

    assert ("last", 0.8) == (component(scores["e"]).name, scores["e"].value)
    assert ("first", 1.0) == (component(scores["a"]).name, scores["a"].value)


def test_decision(mapped):
    """Even ways on weigh with their entropy over ln k, corrected, times the share of journeys that come here."""
    journeys = [("ABC", True)] * 30 + [("ABD", False)] * 10 + [("ABBC", False)] * 20 + [("AC", True)] * 40
    score = by_id(SCORER.score(mapped(journeys)))["b"]
    entropy = -(5 / 6) * math.log(5 / 6) - (1 / 6) * math.log(1 / 6) + 1 / (2 * 60)
    found = component(score)

    assert ("decision", 60) == (found.name, found.n)
    assert entropy / math.log(2) == pytest.approx(found.raw)
    assert 0.6 * entropy / math.log(2) == pytest.approx(score.value)
    assert "over 2 ways on x reach 0.60" in score.explanation


def test_leaving_and_succeeding_are_two_ways_on(mapped):
    """A touchpoint after which half succeed and half leave is a decision, also where nothing follows on the map."""
    score = by_id(SCORER.score(mapped([("A", True), ("A", False)] * 50)))["a"]

    assert "decision 1.00" in score.explanation


@pytest.mark.parametrize(("n", "shown"), [(49, "not measured: emotion, decision"), (50, "decision 1.00")])
def test_decisions_need_journeys(mapped, n, shown):
    """A decision point needs 50 journeys that come to it."""
    journeys = [("A" + "BC"[i % 2], True) for i in range(n)]

    assert shown in by_id(SCORER.score(mapped(journeys)))["a"].explanation


def test_peak_and_pit(mapped, rated):
    """The distance of the measured valence from neutral, over the end of the scale: sign in the name, not in the value."""
    journeys = [("ABCDE", True)] * 40
    feedback = rated(b=[5] * 20 + [4] * 10, c=[1] * 25 + [2] * 5, d=[4] * 19 + [5])
    scores = by_id(SCORER.score(mapped(journeys, feedback=feedback, valences={"b": -2})))
    b, c = component(scores["b"]), component(scores["c"])

    assert ("peak", "pit") == (b.name, c.name)
    assert [5 / 3, -11 / 6] == pytest.approx([b.raw, c.raw])
    assert [5 / 6, 11 / 12] == pytest.approx([scores["b"].value, scores["c"].value])
    assert (30, "ok") == (scores["b"].n, scores["b"].status)
    assert scores["b"].interval.low < scores["b"].value < scores["b"].interval.high
    assert ("feedback", 30) in {(e.table, e.rows) for e in scores["b"].evidence}


def test_low_n(mapped, rated):
    """Where nothing rests on enough the largest of all stands, low-n, with the winner's reason; it is not ranked."""
    feedback = rated(d=[5] * 18 + [4])
    scores = by_id(SCORER.score(mapped([("AB", True)] * 30, valences={"c": -1.8}, feedback=feedback)))
    few = by_id(SCORER.score(mapped([("ABCD", True)] * 29)))

    assert ("low-n", "few-customers", 19) == (scores["d"].status, scores["d"].reason, scores["d"].n)
    assert "as too few customers rate it" in scores["d"].explanation
    assert ("low-n", "declared-only", 0, 0.9) == (
        scores["c"].status,
        scores["c"].reason,
        scores["c"].n,
        scores["c"].value,
    )
    assert "rests on too little to be ranked" in scores["c"].explanation
    # How sure a claim is no resample can tell.
    assert scores["c"].interval is None
    assert ("ok", None) == (scores["a"].status, scores["a"].reason)
    assert "ranks first in 50 % of resamples" in scores["a"].explanation
    assert ("low-n", "few-journeys", 1.0) == (few["a"].status, few["a"].reason, few["a"].value)
    assert "first 1.00 (too few journeys)" in few["a"].explanation


def test_what_rests_on_enough_wins(mapped, rated):
    """An intense claim, or an intense rating by too few, does not hide what enough journeys show."""
    feedback = rated(b=[5] * 19)
    journeys = [("ABC", True)] * 30 + [("BAC", True)] * 10
    scores = by_id(SCORER.score(mapped(journeys, valences={"a": -2}, feedback=feedback)))

    assert ("first", 0.75, "ok") == (component(scores["a"]).name, scores["a"].value, scores["a"].status)
    assert "emotion 1.00 (valence -2.00 as the map claims it, not measured)" in scores["a"].explanation
    assert ("first", 0.25, "ok") == (component(scores["b"]).name, scores["b"].value, scores["b"].status)


def test_no_rule_no_place(mapped):
    """A touchpoint without a match rule has only its emotion; without that it has no score, and the reason is told."""
    scoring = mapped([("AB", True)] * 40, valences={"c": 1.0})
    journey = scoring.journey.replace("c", match=None).replace("d", match=None)
    scores = by_id(SCORER.score(attrs.evolve(scoring, journey=journey)))

    assert ("peak", 0.5) == (component(scores["c"]).name, scores["c"].value)
    assert ("not-estimable", "no-match-rule") == (scores["d"].status, scores["d"].reason)


def test_declared_against_found(mapped, rated):
    """Each touchpoint says whether its declared moment is found, and what is found but not declared; the journey sums up."""
    journeys = [("ABC", True)] * 40
    moments = {"a": "first", "b": "friction", "c": "decision", "d": "last", "e": "delight"}
    feedback = rated(b=[5] * 20 + [4] * 10)
    scores = by_id(SCORER.score(mapped(journeys, valences={"e": 2}, moments=moments, feedback=feedback)))

    assert "declares it a first moment (ZMOT), and it is found." in scores["a"].explanation
    assert "a friction moment (ZMOT), but it is not found (below 0.50); found but not declared: delight." in (
        scores["b"].explanation
    )
    assert "a decision moment (ZMOT), which could not be measured; found but not declared: last." in (
        scores["c"].explanation
    )
    # What the map declares twice, as a moment and as an emotion, is not found by that.
    assert "a delight moment (ZMOT), which could not be measured." in scores["e"].explanation
    whole = scores["map"].explanation
    assert "declared but not found: B (friction), C (decision), D (last), E (delight)." in whole
    assert "Found but not declared: B (delight), C (last)." in whole
    plain = by_id(SCORER.score(mapped([("ABC", True)] * 40)))
    assert "Found but not declared on the map: first" in plain["a"].explanation
    assert "declares no moment here and none is found" in plain["b"].explanation


def test_who_ranks_first(mapped):
    """The share of resamples in which a touchpoint is first: all for the certain one, half for each of two that tie."""
    sure = by_id(SCORER.score(mapped([("ABC", True)] * 30 + [("DBC", True)] * 20)))
    tied = by_id(SCORER.score(mapped([("ABC", True)] * 30)))

    assert "ranks first in 100 % of resamples" in sure["c"].explanation
    assert "ranks first in 0 % of resamples" in sure["a"].explanation
    assert "ranks first in 50 % of resamples" in tied["a"].explanation


def test_peak_end_of_the_journey(mapped, rated):
    """Peak is the most intense valence, end the mean over the last touchpoints of closed journeys that have one."""
    journeys = [("ABC", True)] * 30 + [("AB", False)] * 10 + [("AE", False)] * 10
    feedback = rated(a=[1] * 29 + [2], b=[3] * 20 + [5] * 20, c=[4] * 25)
    score = by_id(SCORER.score(mapped(journeys, feedback=feedback)))["map"]
    peak, end = -2 + 1 / 30, (30 * 1.0 + 10 * 1.0) / 40

    assert [peak / 2, end / 2] == pytest.approx([c.contribution for c in score.components])
    assert (peak + end) / 2 == pytest.approx(score.value)
    assert ("journey", "peak-end@1", "valence -2..+2", 40, "ok") == (
        score.subject.kind,
        score.method,
        score.unit,
        score.n,
        score.status,
    )
    assert score.interval.low < score.value < score.interval.high
    assert "at A" in score.explanation
    assert {("feedback", 95)} == {(e.table, e.rows) for e in score.evidence}


@pytest.mark.parametrize(
    ("journeys", "valences", "still_open", "reason"),
    [
        ([("AB", True)], {}, (), "no-emotion"),
        ([("AB", True)], {"a": 1}, (0,), "no-closed-journeys"),
        ([("AB", True)], {"a": 1}, (), "no-emotion-at-the-end"),
        ([("", True)], {"a": 1}, (), "no-closed-journeys"),
        ([], {"a": 1}, (), "no-closed-journeys"),
    ],
)
def test_nothing_to_remember(mapped, journeys, valences, still_open, reason):
    """What peak-end lacks is named, and there is no value."""
    score = by_id(SCORER.score(mapped(journeys, valences=valences, still_open=still_open)))["map"]

    assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)


@pytest.mark.parametrize(
    ("rows", "valences", "journeys", "reason"),
    [
        ({"b": [4] * 30}, {"a": 2.0}, 40, "declared-only"),
        ({"b": [4] * 19}, {}, 40, "few-customers"),
        ({"b": [4] * 30}, {}, 29, "few-journeys"),
        ({"b": [4] * 30}, {"a": 0.5}, 30, None),
    ],
)
def test_doubt_about_the_journey(mapped, rated, rows, valences, journeys, reason):
    """The journey's score is low-n when its peak or any of its ends rests on too little; a claim it does not use is no doubt."""
    scoring = mapped([("AB", True)] * journeys, valences=valences, feedback=rated(**rows))
    score = by_id(SCORER.score(scoring))["map"]

    assert reason == score.reason
    assert ("low-n" if reason else "ok") == score.status
    assert (reason == "declared-only") == (score.interval is None)


def test_many_journeys_are_sampled(mapped, rated, monkeypatch):
    """Beyond the limit intervals come from a sample and say so; values use every journey and every customer."""
    journeys = [("ABC", True)] * 150 + [("DBC", False)] * 50
    feedback = rated(b=[1, 2, 3, 4, 5] * 30)
    scoring = mapped(journeys, feedback=feedback)
    whole = by_id(SCORER.score(scoring))
    from journeykit.inference import sample

    monkeypatch.setattr("journeykit.scorers._moments_figures.sample", lambda n, rng: sample(n, rng, limit=60))
    part = by_id(SCORER.score(scoring))

    assert [whole[id].value for id in "abcd"] == [part[id].value for id in "abcd"]
    assert "on a sample of 60 of 200" in part["a"].interval.method
    width = [s["a"].interval.high - s["a"].interval.low for s in (whole, part)]
    assert width[0] == pytest.approx(width[1], rel=0.5)


paths = st.lists(st.tuples(st.text("ABCD", min_size=1, max_size=5), st.booleans()), max_size=20)
claims = st.dictionaries(st.sampled_from("abcde"), st.floats(-2, 2), max_size=4)


@settings(deadline=None)
@given(paths, claims)
def test_additive_and_bounded(mapped, paths, claims):
    """value = the winning criterion alone, in [0, 1]; peak-end is the sum of its halves, in [-2, 2]; same seed, same score."""
    scorer = MomentsScorer(draws=100, min_decisions=1)
    scoring = mapped(paths, valences=claims, success="E")
    scores = list(scorer.score(scoring))

    assert scores == list(scorer.score(scoring))
    for score in scores:
        if score.value is None:
            continue
        low, many = (-2, 2) if score.subject.kind == "journey" else (0, 1)
        assert many == len(score.components)
        assert math.isclose(sum(c.contribution for c in score.components), score.value, abs_tol=1e-9)
        assert low <= score.value <= max(1, -low)
        assert score.interval is None or score.interval.low <= score.interval.high


@settings(deadline=None)
@given(paths, claims)
def test_the_order_of_touchpoints_does_not_matter(mapped, paths, claims):
    """The map drawn backwards gives every touchpoint, and the journey, the same score."""
    scorer = MomentsScorer(draws=100, min_decisions=1)
    there = by_id(scorer.score(mapped(paths, valences=claims)))
    back = by_id(scorer.score(mapped(paths, valences=claims, touchpoints="EDCBA")))
    fields = ("value", "status", "reason", "n")

    for id in ("map", *"abcde"):
        assert [getattr(there[id], f) for f in fields if f != "value"] == [
            getattr(back[id], f) for f in fields if f != "value"
        ]
        assert there[id].value == pytest.approx(back[id].value, abs=1e-9)


@given(paths, st.text("ABCDE", min_size=1, max_size=5))
def test_open_journeys_are_left_out(mapped, paths, visits):
    """An open journey changes no figure."""
    figures = ("value", "n", "status", "components", "interval")
    scorer = MomentsScorer(draws=100, min_decisions=1)
    without = by_id(scorer.score(mapped(paths)))
    with_open = by_id(scorer.score(mapped([*paths, (visits, False)], still_open=[len(paths)])))

    for id in ("map", *"abcde"):
        assert [getattr(without[id], f) for f in figures] == [getattr(with_open[id], f) for f in figures]


def test_another_touchpoint_moves_no_other(mapped):
    """Anchors are fixed: an intense touchpoint added to the map leaves the others' values as they are."""
    calm = by_id(SCORER.score(mapped([("AB", True)] * 40, valences={"a": 0.5, "b": -0.4})))
    more = by_id(SCORER.score(mapped([("AB", True)] * 40, valences={"a": 0.5, "b": -0.4, "c": -2})))

    assert [calm[id].value for id in "ab"] == [more[id].value for id in "ab"]


def test_coming_again_at_once_is_no_move(mapped):
    """A repeat counts neither as a way on nor as a share of one."""
    places = Places.of(mapped([("AAB", True), ("AB", True), ("ABA", False)]).paths)
    counts = np.asarray(places.moves.sum(axis=0)).ravel()

    assert [0, 0, 1, 1] == places.sources.tolist()
    assert [3, 1, 1, 2] == counts.tolist()


def test_no_claim_steps_in_for_a_rating_not_drawn(mapped, rated):
    """A resample without the one customer who rated a touchpoint has no valence there; the claim is not its valence."""
    feedback = rated(e=[3], a=[3] * 30)
    score = by_id(SCORER.score(mapped([("AB", True)] * 30, feedback=feedback, valences={"e": 2.0})))["e"]

    assert (0.0, 0.0, 0.0) == (score.value, score.interval.low, score.interval.high)
    assert "of them with a figure" in score.interval.method
