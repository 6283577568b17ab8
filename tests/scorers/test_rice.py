"""RICE ranks opportunities by estimates in amounts; only a measured reach has doubt, and words are never mixed in."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import attrs
import pytest

import journeykit as jk
from journeykit.model import Journey, Match, Opportunity, Rice, Stage, Touchpoint
from journeykit.results import Coverage, TouchpointCount
from journeykit.scorers.priority import FLOOR, PriorityScorer
from journeykit.testing import worlds

START = datetime(2024, 1, 1, tzinfo=UTC)


def rice(reach=None, impact=1.0, confidence=1.0, effort=1.0, **more):
    estimates = Rice(reach=reach, impact=impact, confidence=confidence, effort=effort)
    return Opportunity(title="Mend it", rice=estimates, **more)


def scores(make_scoring, todo, *, counts=(), days=90.0, case="customer", scorer=None, seed=0):
    """Scores by id of ``todo`` (opportunities by touchpoint), where ``counts`` customers came in ``days``."""
    scoring = make_scoring([("A", True)], touchpoints="ABC", seed=seed)
    stage = scoring.journey.stages[0]
    touchpoints = [attrs.evolve(t, opportunities=todo.get(t.id, ())) for t in stage.touchpoints]
    journey = attrs.evolve(scoring.journey, stages=[attrs.evolve(stage, touchpoints=touchpoints)], case=case)
    seen: Coverage = attrs.evolve(
        scoring.coverage,
        first=START,
        last=START + timedelta(days=days / 2),
        observed_until=START + timedelta(days=days),
        touchpoints=tuple(
            TouchpointCount(id=t.id, events=0, journeys=dict(counts).get(t.id, 0), on_board=0) for t in touchpoints
        ),
    )
    found = (scorer or PriorityScorer(draws=4000)).score(attrs.evolve(scoring, journey=journey, coverage=seen))
    return {score.subject.id: score for score in found}


def parts(score):
    return {part.name: part for part in score.components}


# Worked examples of product management guides: hashbuilds.com (three) and the Awesome time tracking handbook (the last).
PUBLISHED = [
    ((5000, 2, 0.8, 2), 4000),
    ((10, 3, 1, 6), 5),
    ((10000, 3, 1, 0.5), 60000),
    ((2000, 2, 0.8, 4), 800),
]


@pytest.mark.parametrize(("estimates", "expected"), PUBLISHED)
def test_published_examples(make_scoring, estimates, expected):
    """The product is the one that is published, its logarithm the value, and the factors add up to it."""
    score = scores(make_scoring, {"a": [rice(*estimates)]})["a#1"]

    assert expected == pytest.approx(parts(score)["rice"].raw)
    assert math.log2(expected) == pytest.approx(score.value)
    assert score.value == pytest.approx(math.fsum(part.contribution for part in score.components), abs=1e-9)
    assert list(estimates) == [parts(score)[name].raw for name in ("reach", "impact", "confidence", "effort")]
    assert ("ok", "priority-rice@1", 1, None) == (score.status, score.method, score.n, score.interval)


def test_a_declared_map_has_no_chances(make_scoring):
    """Where every reach is declared nothing is drawn: no share of draws is shown, and the words say what it rests on."""
    found = scores(make_scoring, {"a": [rice(450, 2, 0.8, 3)], "b": [rice(100)]})

    assert [] == [part for score in found.values() for part in score.components if part.name.startswith("p-top")]
    assert "estimated by people, none of it measured" in found["a#1"].explanation
    assert "RICE score 240" in found["a#1"].explanation


def test_measured_reach_is_customers_a_quarter(make_scoring):
    """A reach that is not declared is the customers who came, per 90 days up to which the log was watched."""
    score = scores(make_scoring, {"b": [rice(None, 2, 0.5, 4)]}, counts={"b": 300}, days=30)["b#1"]

    assert 900 == pytest.approx(parts(score)["reach"].raw)
    assert math.log2(900 * 2 * 0.5 / 4) == pytest.approx(score.value)
    assert (300, "ok") == (score.n, score.status)
    assert "300 customers in 30 days" in score.explanation
    assert ["b#1.rice"] == [ref.rule for ref in score.evidence if ref.table == "journey"]


def test_interval_of_a_measured_reach_is_poissons(make_scoring):
    """The interval is that of a Poisson count: 95 % of 100 lies between about 82 and 121 (Jeffreys), in logarithms."""
    score = scores(make_scoring, {"a": [rice()]}, counts={"a": 100})["a#1"]

    from scipy.stats import gamma

    low, high = gamma(100.5).ppf([0.025, 0.975])
    assert (math.log2(low), math.log2(high)) == pytest.approx((score.interval.low, score.interval.high), abs=0.02)
    assert "measured reach (Poisson), 4000 draws" in score.interval.method


def test_chance_of_a_place_at_the_top(make_scoring):
    """Of two with the same estimates, the chance to be first is that of one Poisson rate exceeding the other."""
    found = scores(
        make_scoring,
        {"a": [rice()], "b": [rice()], "c": [rice(1)]},
        counts={"a": 110, "b": 100},
        scorer=PriorityScorer(draws=20_000, top=1),
    )
    chance = {id: parts(score)["p-top-1"].raw for id, score in found.items()}

    # The difference of two gammas of shape 110.5 and 100.5 is near normal: P = Phi(10 / sqrt(211)).
    assert 0.7545 == pytest.approx(chance["a#1"], abs=0.015)
    assert (1.0, 0.0) == (pytest.approx(chance["a#1"] + chance["b#1"]), chance["c#1"])


def test_opportunities_of_one_touchpoint_share_its_draws(make_scoring):
    """Two at one touchpoint differ by their estimates alone, so that the better one is ahead in every draw."""
    found = scores(
        make_scoring, {"a": [rice(effort=2), rice(effort=1)]}, counts={"a": 40}, scorer=PriorityScorer(top=1)
    )

    assert [0.0, 1.0] == [parts(score)["p-top-1"].raw for score in found.values()]


def test_words_are_not_amounts(make_scoring):
    """On a map with RICE an opportunity in words has no priority: an order cannot be ranked among amounts."""
    words = Opportunity(title="In words", impact="high", effort="low")
    found = scores(make_scoring, {"a": [words, rice(10, impact=1)]})

    assert ("not-estimable", "no-rice", None) == (found["a#1"].status, found["a#1"].reason, found["a#1"].value)
    assert "words and amounts cannot be ranked together" in found["a#1"].explanation
    assert "ok" == found["a#2"].status


def test_both_on_one_opportunity(make_scoring):
    """Words beside RICE change nothing of the figure, and the explanation says so."""
    found = scores(make_scoring, {"a": [rice(10), rice(10, impact=1)], "b": []})
    both = scores(make_scoring, {"a": [attrs.evolve(rice(10), impact="low", effort="high")]})["a#1"]

    assert found["a#1"].value == both.value
    assert "an order, not amounts" in both.explanation


def test_the_method_can_be_asked_for(make_scoring):
    """``measured`` ignores RICE, ``rice`` asks for it of a map without; auto follows what the map declares."""
    todo = {"a": [rice(10, effort=1)]}
    measured = scores(make_scoring, todo, scorer=PriorityScorer(method="measured"))["a#1"]
    asked = scores(make_scoring, {"a": [Opportunity(title="x", effort="low")]}, scorer=PriorityScorer(method="rice"))

    assert "priority@1" == measured.method
    assert ("priority-rice@1", "no-rice") == (asked["a#1"].method, asked["a#1"].reason)
    assert ["priority@1", "priority@1", "priority-rice@1"] == [
        PriorityScorer(method=method).version for method in ("auto", "measured", "rice")
    ]
    with pytest.raises(ValueError, match="method"):
        PriorityScorer(method="words")


def test_settled_ones_do_not_decide_the_method(make_scoring):
    """A finished opportunity with RICE does not turn the map's open ones, which are in words, into RICE."""
    done = rice(10, status="done")
    found = scores(make_scoring, {"a": [done, Opportunity(title="x", effort="low")]})

    assert ["a#2"] == list(found)
    assert "priority@1" == found["a#2"].method


@pytest.mark.parametrize(
    ("counts", "days", "case", "reason"),
    [
        ({}, 90, "customer", "not-reached"),
        ({"a": 50}, 3, "customer", "short-log"),
        ({"a": 50}, 90, "session", "reach-not-customers"),
    ],
)
def test_a_reach_that_cannot_be_measured(make_scoring, counts, days, case, reason):
    """Nobody there, too short a log, or journeys that are no customers: no value, and the reason is named."""
    score = scores(make_scoring, {"a": [rice()]}, counts=counts, days=days, case=case)["a#1"]

    assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)
    assert score.explanation.startswith("The priority of 'Mend it' at A cannot be estimated: ")


def test_few_customers(make_scoring):
    """Under 30 customers a measured reach is low-n, and neither ranked itself nor in the way of others."""
    found = scores(make_scoring, {"a": [rice()], "b": [rice(1)], "c": [rice()]}, counts={"a": 29, "c": 30})

    assert [("low-n", "few-customers-reached"), ("ok", None), ("ok", None)] == [
        (score.status, score.reason) for score in found.values()
    ]
    assert [False, True, True] == ["p-top-3" in parts(score) for score in found.values()]
    assert "too little to be ranked" in found["a#1"].explanation


def test_few_customers_are_withheld_and_estimates_are_not():
    """On a scorecard a reach of fewer than 10 customers is withheld; an estimate of people is no figure about customers."""
    rows = [{"customer": f"c{i}", "time": START + timedelta(days=i), "event": "a" if i < 9 else "b"} for i in range(60)]
    todo = {"a": [rice(), rice(5)], "b": [rice()]}
    touchpoints = [Touchpoint(id=id, title=id, match=Match(event=id), opportunities=todo[id]) for id in "ab"]
    journey = Journey(id="m", title="M", stages=[Stage(id="s", title="S", touchpoints=touchpoints)])
    card = jk.score(journey, jk.Evidence(events=worlds.events(rows)), ["priority"])

    assert ["suppressed", "ok", "ok"] == [score.status for score in card]
    assert card["b#1", "priority"].n == 51


def test_a_factor_of_nought_is_floored(make_scoring):
    """No confidence at all counts as a thousandth, which is said, and comes last; the product itself stays nought."""
    score = scores(make_scoring, {"a": [rice(10, confidence=0)]})["a#1"]

    assert math.log2(10 * FLOOR) == pytest.approx(score.value)
    assert 0 == parts(score)["rice"].raw
    assert "confidence below 0.001 is taken for 0.001" in score.explanation


def test_same_seed_same_score(make_scoring):
    """Chance comes from the seed alone, and an opportunity elsewhere does not change the draws here."""
    counts = {"a": 60, "b": 70}
    one, other = (scores(make_scoring, {"a": [rice()]}, counts=counts, seed=s)["a#1"] for s in (1, 2))
    more = scores(make_scoring, {"a": [rice()], "b": [rice()]}, counts=counts, seed=1)["a#1"]

    assert one.interval != other.interval
    assert one.interval == more.interval
