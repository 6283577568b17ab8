"""Impact is the exact removal effect, and what of it reach alone does not explain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.scorers._markov import Moves, strata
from journeykit.scorers.impact import ImpactScorer

REMOVAL = ImpactScorer(method="removal", order=1, draws=100)


def values(scores):
    return {score.subject.id: score.value for score in scores}


def shares(scores):
    found = {id: value for id, value in values(scores).items() if value is not None}
    return {id: value / sum(found.values()) for id, value in found.items()}


def test_toy_with_losses(make_scoring, reference):
    """Bryl's example gives his shares, .2 / .4 / .4."""
    case = reference["markov_toy_analyzecore"]
    scoring = make_scoring([("ABC", True), ("A", False), ("BC", False)], touchpoints="ABC")
    expected = dict(zip("abc", case["expected"].values(), strict=True))

    assert expected == pytest.approx(shares(REMOVAL.score(scoring)), abs=case["tolerance"])
    assert {"a": 0.5, "b": 1.0, "c": 1.0} == pytest.approx(values(REMOVAL.score(scoring)))


def test_toy_without_losses(make_scoring, reference):
    """ChannelAttribution's vignette, sampled there, is met within its own tolerance: 2 of 3 conversions and 1 of 3."""
    case = reference["markov_toy_vignette"]
    paths = [path.replace(">", "") for path in case["inputs"]["paths"]]
    found = shares(REMOVAL.score(make_scoring([(path, True) for path in paths], touchpoints="AB")))

    assert case["expected"]["A"] == pytest.approx(3 * found["a"], abs=case["tolerance"])
    assert case["expected"]["B"] == pytest.approx(3 * found["b"], abs=case["tolerance"])


def test_success_event_is_not_a_touch(make_scoring):
    """A touchpoint that only claims the success event is the outcome, not a cause of it."""
    scores = {s.subject.id: s for s in REMOVAL.score(make_scoring([("AB", True), ("A", False)], success="C"))}

    assert ("not-estimable", "is-outcome", None) == (scores["c"].status, scores["c"].reason, scores["c"].value)
    assert ("not-estimable", "not-reached") == (scores["d"].status, scores["d"].reason)


def test_excess_is_removal_minus_reach(make_scoring):
    """The excess has the raw effect and minus the expected one as its only components."""
    journeys = [("AB", True)] * 60 + [("AC", False)] * 60 + [("BC", True)] * 30 + [("CB", False)] * 30
    scoring = make_scoring(journeys)
    raw = values(ImpactScorer(method="removal", order=2).score(scoring))
    for score in ImpactScorer().score(scoring):
        if score.value is None:
            continue
        effect, expected = score.components

        assert raw[score.subject.id] == pytest.approx(effect.contribution)
        assert 0 < expected.raw < 1
        assert score.value == pytest.approx(effect.raw - expected.raw)


def test_a_touchpoint_everyone_passes_has_no_excess(make_scoring):
    """Every journey passes A: removing it loses everything, and its reach explains all of that."""
    journeys = [("AB", True), ("AB", False), ("AC", False), ("AC", True)] * 40
    first = next(iter(ImpactScorer(draws=100).score(make_scoring(journeys))))

    assert 1.0 == pytest.approx(first.components[0].raw)
    assert 0.0 == pytest.approx(first.value, abs=1e-9)
    assert 1.0 == pytest.approx(first.p_value)


def test_excess_finds_what_drives(make_scoring):
    """Where B doubles conversion, B has positive excess and an adjusted p below .05."""
    rng = np.random.default_rng(5)
    journeys = []
    for _ in range(1500):
        path = "A" + "".join(t for t in "CB" if rng.random() < 0.5)
        journeys.append((path, bool(rng.random() < (0.45 if "B" in path else 0.2))))
    scores = {s.subject.id: s for s in ImpactScorer(draws=200).score(make_scoring(journeys))}

    assert scores["b"].value > 0.1
    assert scores["b"].p_value < 0.05
    assert scores["b"].interval.low > 0


def funnel(rng, n, chance):
    """Journeys that look (A), perhaps ask (B), and fill the basket (C), which alone leads on, by ``chance(asked)``."""
    journeys = []
    for _ in range(n):
        asked = rng.random() < 0.5
        basket = rng.random() < chance(asked)
        path = "A" + "B" * asked + "C" * basket
        journeys.append((path, bool(basket and rng.random() < 0.8)))
    return journeys


def test_a_funnel_step_shows_its_excess(make_scoring):
    """In a funnel, asking doubles conversion and the basket is the way to it: both have an excess; equal lengths hide it."""
    scoring = make_scoring(funnel(np.random.default_rng(7), 2000, lambda asked: 0.6 if asked else 0.3))
    scores = {s.subject.id: s for s in ImpactScorer(draws=200).score(scoring)}
    by_length = {s.subject.id: s for s in ImpactScorer(draws=200, strata="length").score(scoring)}

    assert scores["b"].interval.low > 0.05
    assert scores["c"].interval.low > 0.3
    assert scores["b"].p_value < 0.01
    assert by_length["b"].value < 0.01
    assert ("impact-excess-order-2@1", "impact-excess-by-length-order-2@1") == (
        scores["b"].method,
        by_length["b"].method,
    )


@pytest.mark.parametrize(
    ("order", "strata", "alarms"), [(1, "none", 0), (1, "length", 0), (2, "length", 0), (2, "none", 4)]
)
def test_busy_customers(make_scoring, order, strata, alarms):
    """Where only the number of visits matters, not which, no touchpoint has an excess, but for the plain order 2.

    A chain that remembers can tell long journeys from short ones; then it lends every touchpoint a small excess,
    unless labels are permuted among equal lengths.
    """
    rng = np.random.default_rng(3)
    journeys = []
    for _ in range(2000):
        path = "".join(rng.choice(list("ABCD"), size=int(rng.integers(1, 7))))
        journeys.append((path, bool(rng.random() < len(path) / 8)))
    scores = ImpactScorer(draws=100, order=order, strata=strata).score(make_scoring(journeys))
    found = [score for score in scores if score.p_value is not None]

    assert alarms == sum(score.p_value < 0.05 for score in found)
    assert all(abs(score.value) < 0.07 for score in found)


def test_first_order_forgets(make_scoring):
    """A chain of order 1 remembers one touchpoint: behind one that every path ends in, nothing shows an excess."""
    journeys = [("BA", True)] * 90 + [("BA", False)] * 10 + [("CA", True)] * 10 + [("CA", False)] * 90
    scores = {s.subject.id: s for s in ImpactScorer(draws=100, order=1).score(make_scoring(journeys))}

    longer = {s.subject.id: s for s in ImpactScorer(draws=100, order=2).score(make_scoring(journeys))}

    assert 0 == pytest.approx(scores["b"].value, abs=1e-3)
    # Order 2 remembers: without B the chain keeps .5 x .1 of its .5 conversions, of which B's reach explains one half.
    assert 0.9 == pytest.approx(longer["b"].components[0].raw)
    assert 0.4 == pytest.approx(longer["b"].value, abs=0.02)
    assert "impact-excess-order-2@1" == longer["b"].method


def test_independent_outcomes_raise_few_alarms(make_scoring):
    """When conversion ignores the path, touchpoints are called significant no more often than the level allows."""
    rng, alarms, tests = np.random.default_rng(11), 0, 0
    for run in range(60):
        journeys = []
        for _ in range(300):
            path = "".join(t for t in "ABCD" if rng.random() < 0.5) or "A"
            journeys.append((path, bool(rng.random() < 0.4)))
        for score in ImpactScorer(draws=100, permutations=199).score(make_scoring(journeys, seed=run)):
            if score.p_value is not None:
                tests, alarms = tests + 1, alarms + (score.p_value < 0.05)

    assert 240 == tests
    # Adjusted at 5 %: at most 5 % of false rejections; 13 of 240 leaves room for chance.
    assert alarms <= 13


def test_raw_effect_measures_reach(make_scoring):
    """With conversion independent of the path, the raw effect is near the reach, and the excess near nothing."""
    rng = np.random.default_rng(2)
    chances = {"A": 0.7, "B": 0.5, "C": 0.3}
    journeys = []
    for _ in range(4000):
        path = "".join(t for t, chance in chances.items() if rng.random() < chance) or "D"
        journeys.append((path, bool(rng.random() < 0.5)))
    scoring = make_scoring(journeys)
    raw, excess = values(REMOVAL.score(scoring)), values(ImpactScorer(draws=100).score(scoring))
    for touchpoint, chance in chances.items():
        assert chance == pytest.approx(raw[touchpoint.lower()], abs=0.05)
        assert 0 == pytest.approx(excess[touchpoint.lower()], abs=0.03)


@pytest.mark.parametrize(
    ("journeys", "options", "reason"),
    [
        ([("A", True)], {"outcome": False}, "no-outcome"),
        ([("A", True), ("A", False)], {"still_open": (0, 1)}, "all-open"),
        ([("A", False)], {}, "no-conversions"),
        ([], {}, "no-conversions"),
        ([("A", True)] * 3, {}, "no-non-conversions"),
    ],
)
def test_not_estimable(make_scoring, journeys, options, reason):
    """What cannot be estimated has no value and says why; it is never a silent 0."""
    for score in ImpactScorer().score(make_scoring(journeys, **options)):
        assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)
        assert "cannot be estimated" in score.explanation


def test_low_n(make_scoring):
    """Under 100 conversions or 30 journeys a touchpoint the score is kept but marked."""
    few = {s.subject.id: s for s in REMOVAL.score(make_scoring([("A", True), ("AB", False)] * 99))}
    many = {s.subject.id: s for s in REMOVAL.score(make_scoring([("A", True), ("AB", False)] * 100 + [("C", True)]))}

    assert ("low-n", "few-conversions") == (few["a"].status, few["a"].reason)
    assert ("ok", None) == (many["a"].status, many["a"].reason)
    assert ("low-n", "few-journeys") == (many["c"].status, many["c"].reason)
    assert few["a"].value is not None


def test_open_journeys_are_left_out(make_scoring):
    """An open journey changes nothing but the sentence that counts it."""
    closed = [("AB", True), ("B", False)] * 20
    with_open = make_scoring([*closed, ("C", False)], still_open=[40])
    without = make_scoring(closed)

    assert values(REMOVAL.score(without)) == values(REMOVAL.score(with_open))
    assert "1 open journey left out" in next(iter(REMOVAL.score(with_open))).explanation


def test_same_seed_same_score(make_scoring):
    """Chance comes from the seed alone: the same gives the same to the last digit, another gives another interval."""
    journeys = [("AB", True), ("A", False), ("BA", False)] * 50
    one, same, other = (list(ImpactScorer(draws=100).score(make_scoring(journeys, seed=s))) for s in (1, 1, 2))

    assert one == same
    assert one[1].interval != other[1].interval


def without(journeys, gone, order):
    """P(conversion) of the chain of this order with every arrival at ``gone`` lost, by walking it step by step."""
    moves = {}
    for path, won in journeys:
        state = ()
        for touchpoint in path:
            following = (*state, touchpoint)[-order:]
            moves.setdefault(state, []).append(following)
            state = following
        moves.setdefault(state, []).append("won" if won else "lost")
    share, total = {(): 1.0}, 0.0
    for _ in range(3000):
        onward = {}
        for state, mass in share.items():
            for target in moves[state]:
                if target == "won":
                    total += mass / len(moves[state])
                elif target != "lost" and target[-1] != gone:
                    onward[target] = onward.get(target, 0.0) + mass / len(moves[state])
        share = onward
    return total


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text("ABC", max_size=5), st.booleans()), min_size=1, max_size=8), st.integers(1, 3))
def test_removal_effect_of_any_order_equals_a_walk(make_scoring, journeys, order):
    """At every order, the exact solution equals walking the chain with the touchpoint's arrivals lost."""
    whole = without(journeys, None, order)
    for score in ImpactScorer(method="removal", draws=100, order=order).score(make_scoring(journeys)):
        if score.value is not None:
            assert 1 - without(journeys, score.subject.id.upper(), order) / whole == pytest.approx(
                score.value, abs=1e-6
            )


journeys_strategy = st.lists(st.tuples(st.text("ABCD", max_size=6), st.booleans()), min_size=1, max_size=30)


@given(journeys_strategy, st.sampled_from(["excess", "removal"]))
def test_additive(make_scoring, journeys, method):
    """value = baseline + the sum of the contributions, to 1e-9, and n counts the journeys that pass."""
    scores = ImpactScorer(method=method, draws=100, permutations=99).score(make_scoring(journeys))
    for score in scores:
        if score.value is not None:
            passing = sum(score.subject.id.upper() in path for path, _ in journeys)

            assert math.isclose(
                score.baseline + sum(c.contribution for c in score.components), score.value, abs_tol=1e-9
            )
            assert passing == score.n


@given(journeys_strategy)
def test_weights_repeat_journeys(make_scoring, journeys):
    """A journey with weight 2 counts as if it stood there twice."""
    paths = make_scoring(journeys).paths
    twice = make_scoring([journeys[0], *journeys]).paths
    weights = np.ones((1, len(journeys)))
    weights[0, 0] = 2
    weighted, repeated = Moves.of(paths, 1).chain(weights), Moves.of(twice, 1).chain(np.ones((1, len(journeys) + 1)))

    assert (repeated.moves == weighted.moves).all()
    assert (repeated.ends == weighted.ends).all()
    assert (repeated.converts == weighted.converts).all()


def test_strata_pool_thin_lengths():
    """Lengths with 20 journeys stand alone, thinner ones are pooled, a thin rest joins its neighbour."""
    lengths = np.array([1] * 25 + [2] * 10 + [3] * 12 + [9] * 3)
    found = strata(lengths)

    assert [0] * 25 + [1] * 25 == found.tolist()


def test_order_falls_back_where_states_are_too_many(make_scoring, monkeypatch):
    """Without an order it is 2, or 1 where order 2 has too many states; an order that was asked for is never changed."""
    scoring = make_scoring([("AB", True), ("BA", False)] * 5)

    assert "impact-removal-order-2@1" == next(iter(ImpactScorer(method="removal", draws=100).score(scoring))).method
    monkeypatch.setattr("journeykit.scorers.impact.MAX_STATES", 3)
    assert "impact-removal-order-1@1" == next(iter(ImpactScorer(method="removal", draws=100).score(scoring))).method
    asked = next(iter(ImpactScorer(method="removal", order=2, draws=100).score(scoring)))
    assert ("not-estimable", "too-many-states") == (asked.status, asked.reason)


def test_a_large_log_is_sampled(make_scoring, monkeypatch):
    """Above the limit the interval rests on a sample and says so; the value still uses every journey."""
    journeys = [("AB", True), ("A", False)] * 100
    whole = next(iter(ImpactScorer(draws=200).score(make_scoring(journeys))))
    monkeypatch.setattr("journeykit.inference.resampling.sample.__defaults__", (50,))
    part = next(iter(ImpactScorer(draws=200).score(make_scoring(journeys))))

    assert whole.value == part.value
    assert "sample of 50 of 200" in part.interval.method
