"""Friction is four shares on fixed anchors, and two more where customers spoke."""

from __future__ import annotations

import math
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.scorers._friction_counts import Gaps
from journeykit.scorers.friction import EVENT_WEIGHTS, FEEDBACK_WEIGHTS, FrictionScorer

SCORER = FrictionScorer(draws=100)

# The small log of methods.md on the map home > catalog > search > cart > purchase, its success being the purchase.
SMALL = [
    ("HCK", True, [0, 1, 2, 3]),
    ("HCCKH", False, [0, 1, 2, 5, 6]),
    ("CHK", True, [0, 1, 2, 130]),
    ("HSKS", True, [0, 1, 2, 3, 4]),
    ("HH", False, [0, 1]),
    ("KHC", True, [0, 10, 11, 12]),
    ("HCK", True, [0, 1, 2, 3]),
]


@pytest.fixture
def small(make_scoring):
    journeys = [(visits, won) for visits, won, _ in SMALL]
    return make_scoring(journeys, touchpoints="HCSKP", success="P", times=[t for *_, t in SMALL])


def by_id(scores):
    return {score.subject.id: score for score in scores}


def raw(score):
    return {component.name: component.raw for component in score.components}


def test_weights_sum_to_one():
    """The weights of both variants sum to 1, and the events' part of the second is .6 of the first."""
    assert 1 == pytest.approx(sum(EVENT_WEIGHTS.values()))
    assert 1 == pytest.approx(sum(FEEDBACK_WEIGHTS.values()))
    assert 0.6 == pytest.approx(sum(FEEDBACK_WEIGHTS[name] for name in EVENT_WEIGHTS))


def test_small_log(small):
    """Home, counted by hand: 7 reach it, 2 end there, 2 repeat it, u3 and u6 move on, none but u2's and u5's stay."""
    home = by_id(SCORER.score(small))["h"]

    assert {"drop-off": 2 / 7, "rework": 2 / 7, "backtrack": 0.0, "delay": 60.0} == pytest.approx(raw(home))
    assert 7 == home.n
    assert 0.4 * (2 / 7) / 0.5 + 0.2 * (2 / 7) / 0.5 == pytest.approx(home.value)


def test_small_log_cart(small):
    """Cart: 6 reach it; u2 and u6 go back home, u4 back to search; its gaps are 1, 1, 128, 1, 10 and 1 minutes."""
    cart = by_id(SCORER.score(small))["k"]
    gaps = np.array([1, 1, 128, 1, 10, 1]) * 60.0

    assert {
        "drop-off": 0.0,
        "rework": 0.0,
        "backtrack": 0.5,
        "delay": float(np.quantile(gaps, 0.9)),
    } == pytest.approx(raw(cart))
    assert 0.2 * 1 + 0.2 * math.log2(69 * 60 / 300) / 6 == pytest.approx(cart.value)


def test_no_next_event(small):
    """Nothing follows the purchase, so its delay, and with it the score, is not estimable; its n is still told."""
    purchase = by_id(SCORER.score(small))["p"]

    assert ("not-estimable", "no-next-event", None, 5) == (
        purchase.status,
        purchase.reason,
        purchase.value,
        purchase.n,
    )


def test_what_follows_success_is_not_on_the_path(make_scoring):
    """A path ends at its first success: coming back later to buy again is no rework."""
    scoring = make_scoring([("A", True)] * 2, touchpoints="AB", success="B")
    more = make_scoring([("A", True)] * 2, touchpoints="AB", success="B")
    paths = more.paths
    import attrs

    longer = attrs.evolve(
        paths,
        offsets=np.array([0, 4, 6]),
        codes=np.array([0, 1, 0, 1, 0, 1], dtype=np.int32),
        times=np.array([0, 60, 120, 180, 0, 60]) * 1_000_000,
    )
    later = by_id(SCORER.score(attrs.evolve(more, paths=longer)))
    first = by_id(SCORER.score(scoring))

    assert raw(first["a"]) == raw(later["a"])


def test_expected_gap_is_the_touchpoint_s_own(make_scoring):
    """A wait that the map expects is no delay; the same wait is one where 5 minutes are expected."""
    journeys, times = [("AB", False)] * 40, [[0, 80]] * 40
    patient = make_scoring(journeys, times=times, expected=timedelta(minutes=80))
    hasty = make_scoring(journeys, times=times)

    assert 0 == by_id(SCORER.score(patient))["a"].value
    assert 0.2 * 4 / 6 == pytest.approx(by_id(SCORER.score(hasty))["a"].value)


def test_anchors_do_not_depend_on_the_others(make_scoring):
    """Adding a touchpoint that is far worse moves no other score: nothing is min-max scaled."""
    calm = make_scoring([("AB", False), ("AB", True)] * 30)
    worse = make_scoring([("AB", False), ("AB", True)] * 30 + [("CDCD", False)] * 50)
    before, after = by_id(SCORER.score(calm)), by_id(SCORER.score(worse))

    assert before["a"].value == after["a"].value


@pytest.mark.parametrize(
    ("journeys", "options", "reason"),
    [
        ([("AB", True)], {"outcome": False}, "no-outcome"),
        ([("AB", True)], {"still_open": (0,)}, "all-open"),
        ([("B", False)], {}, "not-reached"),
    ],
)
def test_not_estimable(make_scoring, journeys, options, reason):
    """What cannot be estimated has no value and says why."""
    score = next(iter(SCORER.score(make_scoring(journeys, **options))))

    assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)


def test_low_n(make_scoring):
    """A component under 30 observations marks the score and is named: here gaps are fewer than journeys."""
    few = by_id(SCORER.score(make_scoring([("AB", True)] * 29 + [("A", False)])))["a"]
    enough = by_id(SCORER.score(make_scoring([("AB", True)] * 30)))["a"]

    assert ("low-n", "few-observations-of-delay", 30) == (few.status, few.reason, few.n)
    assert ("ok", None) == (enough.status, enough.reason)


def test_interval_covers(make_scoring):
    """The bootstrap interval of a drop-off near one half lies around the value, as wide as a share of n allows."""
    scoring = make_scoring([("AB", True)] * 150 + [("A", False)] * 50)
    score = next(iter(FrictionScorer(draws=1000).score(scoring)))
    # Only the drop-off varies: value = .4 x share / .5, so its interval is .8 x that of a share of 50 in 200.
    half = 0.8 * 1.96 * math.sqrt(0.25 * 0.75 / 200)

    assert 0.8 * 0.25 == pytest.approx(score.value)
    assert [score.value - half, score.value + half] == pytest.approx(
        [score.interval.low, score.interval.high], abs=0.015
    )


def test_explanation_names_parts_rank_and_limits(make_scoring):
    """The sentence is made of the fields: every component, the rank's range, the open journeys, and no claim of cause."""
    scoring = make_scoring([("ABAB", False), ("AB", True)] * 30 + [("CD", False), ("B", False)], still_open=[61])
    text = by_id(SCORER.score(scoring))["a"].explanation
    for part in (
        "drop-off",
        "rework",
        "backtrack",
        "delay",
        "Rank ",
        "of 2",
        "1 open journey left out",
        "Associated with",
    ):
        assert part in text


def test_a_map_without_touchpoints_has_no_scores(make_scoring):
    """Nothing to score is no scores, not a crash."""
    scoring = make_scoring([("", True), ("", False)], touchpoints="")

    assert [] == list(SCORER.score(scoring))


@given(st.integers(0, 10_000), st.sampled_from([1, 7, 30]))
def test_p90_of_many_gaps_needs_only_the_longest(seed, most):
    """With many gaps only the upper fifth is looked at, unless a resample asks for more: the figure is the same."""
    rng = np.random.default_rng(seed)
    lengths = np.sort(rng.integers(0, 10**9, size=3000))
    owners = rng.integers(0, 50, size=3000)
    weights = rng.integers(0, most, size=(4, 50)).astype(float)
    # A resample of the owners of short gaps alone reaches below the upper fifth.
    weights[0] = np.bincount(owners[:40], minlength=50) > 0
    owners[1500:][weights[0][owners[1500:]] > 0] = np.flatnonzero(weights[0] == 0)[0]
    found = Gaps(length=lengths, owner=owners).p90(weights)
    for row, value in zip(weights.astype(int), found, strict=True):
        repeated = np.repeat(lengths, row[owners])

        assert (np.rint(np.quantile(repeated, 0.9)) if len(repeated) else np.nan) == pytest.approx(
            value, abs=1, nan_ok=True
        )


journeys_strategy = st.lists(st.tuples(st.text("ABCD", min_size=1, max_size=6), st.booleans()), min_size=1, max_size=25)


@given(journeys_strategy)
def test_additive_and_bounded(make_scoring, journeys):
    """value = baseline + the sum of the contributions, to 1e-9, each component and the whole in [0, 1]."""
    for score in SCORER.score(make_scoring(journeys, success="E")):
        if score.value is not None:
            assert math.isclose(
                score.baseline + sum(c.contribution for c in score.components), score.value, abs_tol=1e-9
            )
            assert 0 <= score.value <= 1
            assert all(0 <= c.scaled <= 1 and c.contribution == c.weight * c.scaled for c in score.components)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.data())
def test_weighted_p90_equals_repeated_gaps(lengths, data):
    """A journey with weight k counts as k journeys: the weighted quantile is numpy's on the repeated gaps."""
    ordered = np.sort(np.array(lengths, dtype=np.int64))
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(lengths), max_size=len(lengths))))
    gaps = Gaps(length=ordered, owner=np.arange(len(lengths)))
    found = gaps.p90(times[None].astype(float))[0]
    repeated = np.repeat(ordered, times)

    if len(repeated):
        assert np.rint(np.quantile(repeated, 0.9)) == pytest.approx(found, abs=1)
    else:
        assert np.isnan(found)
