"""Emotion is what customers say, else what the map claims, and never a mixture of the two."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit import read_feedback
from journeykit.evidence import Evidence
from journeykit.model import Emotion, Persona
from journeykit.scorers.emotion import EmotionScorer

SCORER = EmotionScorer()
HEADER = "customer,about,kind,score,scale_low,scale_high\n"


@pytest.fixture(scope="session")
def feedback(tmp_path_factory):
    def read(rows):
        path = tmp_path_factory.mktemp("feedback") / "feedback.csv"
        path.write_text(HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
        return read_feedback(path)

    return read


@pytest.fixture(scope="session")
def felt(make_scoring):
    """What a scorer reads: one journey over A to E, with the claims (touchpoint, valence, persona, basis) and ratings given."""

    def make(claims=(), feedback=None, personas=(), journeys=(("AB", True),)):
        scoring = make_scoring(list(journeys), feedback=feedback)
        journey = scoring.journey.replace("map", personas=[Persona(id=p, name=p.capitalize()) for p in personas])
        for id in {claim[0] for claim in claims}:
            own = [Emotion(valence=v, persona=p, basis=b) for i, v, p, b in claims if i == id]
            journey = journey.replace(id, emotions=own)
        return attrs.evolve(scoring, journey=journey)

    return make


def by_id(scores, segment=None):
    return {score.subject.id: score for score in scores if score.segment == segment}


def parts(score):
    return {component.name: component for component in score.components}


def test_ratings_become_valence(felt, feedback):
    """-2 + 4 (score - low) / (high - low), whatever the scale, averaged over customers."""
    rows = [("x", "a", "rating", 1, 1, 5), ("y", "a", "csat", 4, 1, 5), ("z", "a", "comment", 9, 0, 10)]
    score = by_id(SCORER.score(felt(feedback=feedback(rows))))["a"]

    assert (-2 + 1 + 1.6) / 3 == pytest.approx(score.value)
    assert (0 + 0.75 + 0.9) / 3 == pytest.approx(parts(score)["measured"].raw)
    assert ("emotion@1", "valence -2..+2", 3) == (score.method, score.unit, score.n)


def test_what_is_not_an_emotion(felt, feedback):
    """NPS, CES and scores of a kind nobody knows are no emotion, nor are ratings of nothing on the map."""
    rows = [("x", "a", kind, 5, 0, 10) for kind in ("nps", "ces", "other")] + [("x", "elsewhere", "rating", 5, 1, 5)]
    score = by_id(SCORER.score(felt(feedback=feedback(rows))))["a"]

    assert ("not-estimable", "no-emotion", None, 0) == (score.status, score.reason, score.value, score.n)
    assert "no rating is about it and the map claims none" in score.explanation


def test_each_customer_has_one_voice(felt, feedback):
    """A customer who answers ten times counts once, with the mean; rows without a customer count each for itself."""
    rows = [("x", "a", "rating", 5, 1, 5)] * 10 + [("y", "a", "rating", 1, 1, 5), ("", "a", "rating", 1, 1, 5)]
    rows += [("", "a", "rating", 1, 1, 5)]
    score = by_id(SCORER.score(felt(feedback=feedback(rows))))["a"]

    assert (2 - 2 - 2 - 2) / 4 == score.value
    assert 4 == score.n
    assert {("feedback", 13)} == {(e.table, e.rows) for e in score.evidence}


def test_measured_and_declared_are_never_averaged(felt, feedback):
    """Where customers spoke the claim has no weight, and the explanation says how far it is off."""
    rows = [(f"c{i}", "a", "rating", 2 + i % 2, 1, 5) for i in range(40)]
    claims = [("a", 1.0, None, "assumed"), ("a", 2.0, None, "observed"), ("b", -1.0, None, None)]
    scores = by_id(SCORER.score(felt(claims, feedback(rows))))
    told = parts(scores["a"])["declared"]

    assert -0.5 == scores["a"].value
    assert "ok" == scores["a"].status
    assert (1.5, 0.0, 0.0, 2) == (told.raw, told.weight, told.contribution, told.n)
    assert "The map claims +1.50 (2 claims: 1 assumed, 1 observed), 2.00 above what customers say" in (
        scores["a"].explanation
    )
    assert "Associated with" in scores["a"].explanation
    assert ("low-n", "declared-only", -1.0, 0) == (
        scores["b"].status,
        scores["b"].reason,
        scores["b"].value,
        scores["b"].n,
    )
    assert "nothing of this is measured" in scores["b"].explanation
    assert scores["b"].interval is None
    assert {"journey"} == {e.table for e in scores["b"].evidence}


def test_a_claim_that_is_right(felt, feedback):
    """A claim that meets the ratings is said to."""
    rows = [(f"c{i}", "a", "rating", 3 + i % 2, 1, 5) for i in range(40)]
    score = by_id(SCORER.score(felt([("a", 0.5, None, "inferred")], feedback(rows))))["a"]

    assert "The map claims +0.50 (1 claim: 1 inferred), which is what customers say" in score.explanation


@pytest.mark.parametrize(("n", "status"), [(19, ("low-n", "few-customers")), (20, ("ok", None))])
def test_low_n(felt, feedback, n, status):
    """Fewer than 20 customers are low-n; the explanation says how many they are, not of how many."""
    rows = [(f"c{i}", "a", "rating", 1 + i % 5, 1, 5) for i in range(n)] + [("d", "b", "rating", 3, 1, 5)]
    score = by_id(SCORER.score(felt(feedback=feedback(rows))))["a"]

    assert status == (score.status, score.reason)
    assert f" rating scale. {n} customers rated it, in {n} answers." in score.explanation


def test_published_interval(felt, feedback, reference):
    """On the data of Loftus and Masson the half-widths are Morey's, on our scale."""
    case = reference["loftus_masson1994"]
    rows = [
        (f"s{i}", "abc"[j], "rating", score, 0, 26)
        for i, scores in enumerate(case["inputs"]["data"])
        for j, score in enumerate(scores)
    ]
    scores = by_id(SCORER.score(felt(feedback=feedback(rows))))
    found = [scores[id] for id in "abc"]

    assert [-2 + 4 * m / 26 for m in case["expected"]["means"]] == pytest.approx([s.value for s in found])
    halves = [(s.interval.high - s.interval.low) / 2 * 26 / 4 for s in found]
    assert [0.431, 0.643, 0.587] == pytest.approx(halves, abs=5e-4)
    assert "compares touchpoints" in found[0].explanation


def test_interval_stays_on_the_scale(felt, feedback):
    """An interval never promises more than delighted; where all agree there is none, which is not certainty."""
    rows = [(f"c{i}", "a", "rating", 5 if i else 1, 1, 5) for i in range(5)]
    rows += [(f"d{i}", "b", "rating", 4, 1, 5) for i in range(30)]
    scores = by_id(SCORER.score(felt(feedback=feedback(rows))))

    assert 2 == scores["a"].interval.high
    assert -2 < scores["a"].interval.low
    assert ("ok", 1.0, None) == (scores["b"].status, scores["b"].value, scores["b"].interval)
    assert "all ratings agree" in scores["b"].explanation


def rated(touchpoints="abc", n=30, marks=(1, 2, 4, 5, 5)):
    """Ratings by n customers of these touchpoints, about which they do not all agree."""
    return [
        (f"c{i}", id, "rating", marks[(i * 7 + k * 3) % 5], 1, 5) for i in range(n) for k, id in enumerate(touchpoints)
    ]


def test_band_holds_the_interval(felt, feedback):
    """Beside the value stand the ends of the simultaneous band: no part of it, on the scale, around the interval."""
    score = by_id(SCORER.score(felt([("a", 1.0, None, None)], feedback(rated()))))["a"]
    low, high = (parts(score)[f"band-{end}"] for end in ("low", "high"))

    assert -2 <= low.raw < score.interval.low <= score.interval.high < high.raw <= 2
    assert [0.0] * 4 == [low.weight, low.contribution, high.weight, high.contribution]
    assert ["measured", "declared", "band-low", "band-high"] == [part.name for part in score.components]
    assert "The band that holds at every touchpoint of the curve at once (95 %) is " in score.explanation
    assert "over 3 means, each resampled on its own, 1000 draws" in score.explanation


def test_band_needs_two_touchpoints_with_enough_raters(felt, feedback):
    """A touchpoint that fewer than 20 rated is in no band, one alone has none, and neither has what is only claimed."""
    rows = [*rated("ab"), *rated("c", n=19)]
    two = by_id(SCORER.score(felt([("d", 1.0, None, None)], feedback(rows))))
    one = by_id(SCORER.score(felt(feedback=feedback([*rated("a"), *rated("c", n=19)]))))

    assert ["a", "b"] == [id for id, score in two.items() if "band-low" in parts(score)]
    assert "over 2 means" in two["a"].explanation
    assert [] == [id for id, score in one.items() if "band-low" in parts(score)]


def test_band_follows_the_seed(felt, feedback):
    """Chance moves the band alone, and the same seed gives the same one."""
    scoring = felt(feedback=feedback(rated()))
    first, again, other = (by_id(SCORER.score(attrs.evolve(scoring, seed=seed)))["a"] for seed in (1, 1, 2))

    assert first == again
    assert parts(first)["band-low"] != parts(other)["band-low"]
    assert (first.value, first.interval) == (other.value, other.interval)


def test_claims_by_persona(felt):
    """A persona's own claims win over those about everyone, which stand in where it has none; nobody else's count."""
    claims = [("a", 1.0, None, None), ("a", -2.0, "ann", None), ("b", 0.5, None, None), ("c", 2.0, "ann", None)]
    claims += [("c", 0.0, "bob", None), ("c", -1.0, "bob", None)]
    scores = list(SCORER.score(felt(claims, personas=("ann", "bob", "eve"))))

    assert [-2.0, 0.5, 2.0, None] == [by_id(scores, "ann")[id].value for id in "abcd"]
    assert [1.0, 0.5, -0.5, None] == [by_id(scores, "bob")[id].value for id in "abcd"]
    # Everyone: claims in nobody's name, else the mean of the personas' means.
    assert [1.0, 0.5, 0.75, None] == [by_id(scores)[id].value for id in "abcd"]
    assert {None, "ann", "bob"} == {score.segment for score in scores}


def test_feedback_without_a_subject(felt, tmp_path):
    """A table whose answers are about nothing in particular leaves the claims as they are."""
    path = tmp_path / "feedback.csv"
    path.write_text("customer,score\nx,3\n", encoding="utf-8")
    score = by_id(SCORER.score(felt([("a", 1.0, None, None)], read_feedback(path, scale=(1, 5)))))["a"]

    assert ("declared-only", 1.0) == (score.reason, score.value)


answers = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.sampled_from([1, 2, 2.5, 4, 5])), max_size=30
)
said = st.lists(st.tuples(st.sampled_from("abcd"), st.floats(-2, 2), st.none(), st.none()), max_size=5)


@settings(max_examples=20, deadline=None)  # each example reads a table
@given(answers, said)
def test_additive_and_bounded(felt, feedback, answers, said):
    """value = the sum of the contributions, on the scale, inside its interval; open journeys and chance change nothing."""
    table = feedback([(f"c{who}", id, "rating", score, 1, 5) for who, id, score in answers]) if answers else None
    scoring = felt(said, table)
    scores = list(SCORER.score(scoring))
    for score in scores:
        if score.value is not None:
            assert math.isclose(sum(c.contribution for c in score.components), score.value, abs_tol=1e-9)
            assert -2 <= score.value <= 2
        if score.interval is not None:
            assert -2 <= score.interval.low <= score.value <= score.interval.high <= 2

    opened = attrs.evolve(scoring.paths, open=np.ones(1, dtype=bool))
    assert scores == list(SCORER.score(attrs.evolve(scoring, paths=opened, seed=7)))


@settings(max_examples=20, deadline=None)  # each example reads a table
@given(answers)
def test_the_order_of_touchpoints_does_not_matter(felt, feedback, answers):
    """The map drawn backwards gives every touchpoint the same score."""
    table = feedback([(f"c{who}", id, "rating", score, 1, 5) for who, id, score in answers]) if answers else None
    scoring = felt([("a", 1.0, None, None)], table)
    stage = scoring.journey.stages[0]
    turned = scoring.journey.replace(stage.id, touchpoints=stage.touchpoints[::-1])
    there, back = by_id(SCORER.score(scoring)), by_id(SCORER.score(attrs.evolve(scoring, journey=turned)))

    for id in "abcde":
        assert (there[id].value, there[id].status, there[id].n) == (back[id].value, back[id].status, back[id].n)
        ends = [(s.interval.low, s.interval.high) if s.interval else None for s in (there[id], back[id])]
        assert ends[0] == pytest.approx(ends[1], abs=1e-9)


def test_no_evidence(felt):
    """Without feedback the map's claims are all there is; without those there is nothing."""
    scoring = attrs.evolve(felt([("a", -1.5, None, "inferred")]), evidence=Evidence())
    scores = by_id(SCORER.score(scoring))

    assert (-1.5, "declared-only") == (scores["a"].value, scores["a"].reason)
    assert (None, "no-emotion") == (scores["b"].value, scores["b"].reason)
