"""Priority is impact x friction / effort in logarithms, with its doubt drawn from the doubt of its inputs."""

from __future__ import annotations

import math

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.model import Opportunity
from journeykit.scorers._ranking import among_first
from journeykit.scorers.friction import FrictionScorer
from journeykit.scorers.impact import ImpactScorer
from journeykit.scorers.priority import EFFORTS, FLOOR, PriorityScorer

QUICK = PriorityScorer(impact=ImpactScorer(draws=100, permutations=99), friction=FrictionScorer(draws=100), draws=400)


def with_opportunities(scoring, **todo):
    """The scoring with opportunities, ``a=["low", None]``: effort levels, or whole opportunities, by touchpoint."""

    def filled(touchpoint):
        listed = [
            o if isinstance(o, Opportunity) else Opportunity(title=f"Mend {touchpoint.id} {k}", effort=o)
            for k, o in enumerate(todo.get(touchpoint.id, ()), 1)
        ]
        return attrs.evolve(touchpoint, opportunities=listed)

    stage = scoring.journey.stages[0]
    stage = attrs.evolve(stage, touchpoints=[filled(t) for t in stage.touchpoints])
    return attrs.evolve(scoring, journey=attrs.evolve(scoring.journey, stages=[stage]))


def scored(scoring, scorer=QUICK):
    return {score.subject.id: score for score in scorer.score(scoring)}


MANY = [("ABC", True)] * 60 + [("AB", False)] * 90 + [("AC", True)] * 60 + [("AAC", False)] * 40 + [("CB", False)] * 30


def test_value_is_the_product_of_its_factors(make_scoring):
    """2 ** value is |impact| x friction / effort of the very scores a card shows for the same seed and settings."""
    scoring = with_opportunities(make_scoring(MANY, touchpoints="ABC"), a=["low"], b=["high"])
    impact = {s.subject.id: s.value for s in QUICK.impact.score(scoring)}
    friction = {s.subject.id: s.value for s in QUICK.friction.score(scoring)}
    found = scored(scoring)
    for id, effort in (("a", 1), ("b", 3)):
        score = found[f"{id}#1"]
        expected = max(abs(impact[id]), FLOOR) * max(friction[id], FLOOR) / effort

        assert expected == pytest.approx(2**score.value)
        assert [impact[id], friction[id], effort] == [component.raw for component in score.components[:3]]
        assert ("opportunity", "priority@1", "ok") == (score.subject.kind, score.method, score.status)


def test_twice_the_effort_is_one_less(make_scoring):
    """Opportunities of one touchpoint differ by their effort alone, and the ids count them as the map lists them."""
    found = scored(with_opportunities(make_scoring(MANY, touchpoints="ABC"), b=["medium", "low", "high"]))

    assert ["b#1", "b#2", "b#3"] == list(found)
    assert 1.0 == pytest.approx(found["b#2"].value - found["b#1"].value)
    assert math.log2(3) == pytest.approx(found["b#2"].value - found["b#3"].value)


def test_settled_opportunities_are_left_out(make_scoring):
    """What is done or dropped has no priority; the ids of the others do not move."""
    done = Opportunity(title="Done", effort="low", status="done")
    dropped = Opportunity(title="Dropped", effort="low", status="dropped")
    doing = Opportunity(title="Doing", effort="low", status="doing")
    found = scored(with_opportunities(make_scoring(MANY, touchpoints="ABC"), a=[done, doing, dropped, "low"]))

    assert ["a#2", "a#4"] == list(found)
    assert [] == list(QUICK.score(make_scoring(MANY)))


def test_not_estimable(make_scoring):
    """Without an effort, or where an input cannot be estimated, there is no value and the reason names which."""
    scoring = with_opportunities(make_scoring(MANY, touchpoints="ABCD"), a=[None], d=["low"])
    found = scored(scoring)

    assert ("not-estimable", "no-effort", None) == (found["a#1"].status, found["a#1"].reason, found["a#1"].value)
    assert ("not-estimable", "impact-not-reached") == (found["d#1"].status, found["d#1"].reason)
    assert "no closed journey reached it" in found["d#1"].explanation
    blind = scored(with_opportunities(make_scoring(MANY, touchpoints="ABC", outcome=False), a=["low"]))
    assert "impact-no-outcome" == blind["a#1"].reason


def test_low_n(make_scoring):
    """A priority is no better than its inputs: where one rests on too little it does too, and is not ranked."""
    journeys = [*MANY, *[("D", False), ("DA", True)] * 3]
    found = scored(with_opportunities(make_scoring(journeys, touchpoints="ABCD"), a=["low"], d=["low"]))

    assert ("ok", "low-n", "impact-few-journeys") == (found["a#1"].status, found["d#1"].status, found["d#1"].reason)
    assert "p-top-3" in [component.name for component in found["a#1"].components]
    assert "p-top-3" not in [component.name for component in found["d#1"].components]
    assert "too little to be ranked" in found["d#1"].explanation


def test_a_factor_of_nought_is_floored(make_scoring):
    """A touchpoint everyone passes has no excess: it counts as a thousandth, which is said, and comes last."""
    journeys = [("AB", True), ("ABB", False), ("AC", False), ("A", False), ("AC", True)] * 60
    found = scored(with_opportunities(make_scoring(journeys, touchpoints="ABC"), a=["low"], b=["low"]))
    impact = found["a#1"].components[0]

    assert (0.0, FLOOR) == (pytest.approx(impact.raw, abs=1e-9), impact.scaled)
    assert math.log2(FLOOR) == pytest.approx(impact.contribution)
    assert "impact below 0.001 is taken for 0.001" in found["a#1"].explanation


def test_an_impact_that_may_be_chance_is_named(make_scoring):
    """Where the interval of the impact holds 0, the explanation says that its size may be chance."""
    rng = np.random.default_rng(5)
    journeys = []
    for _ in range(800):
        path = "A" + "".join(t for t in "CB" if rng.random() < 0.5)
        journeys.append((path, bool(rng.random() < (0.6 if "B" in path else 0.2))))
    scoring = with_opportunities(make_scoring(journeys, touchpoints="ABC"), b=["low"], c=["low"])
    impact = {s.subject.id: s for s in QUICK.impact.score(scoring)}
    found = scored(scoring)

    assert impact["b"].interval.low > 0
    assert impact["c"].interval.low < 0 < impact["c"].interval.high
    assert [False, True] == ["its size may be chance" in found[f"{id}#1"].explanation for id in "bc"]


def test_chance_of_being_first(make_scoring):
    """The chances of being among the first k sum to k without ties, and follow the values."""
    journeys = [(path, won) for path in ("AB", "BC", "CD", "DA", "ABD", "CAB") for won in (True, False)] * 20
    journeys += [("AD", True)] * 30 + [("BD", False)] * 30 + [("CCD", False)] * 10
    todo = {"a": ["low"], "b": ["medium"], "c": ["high"], "d": ["low"]}
    scoring = with_opportunities(make_scoring(journeys, touchpoints="ABCD"), **todo)
    found = scored(scoring, attrs.evolve(QUICK, top=2))
    chances = {id: score.components[-1].raw for id, score in found.items()}

    assert {"p-top-2"} == {score.components[-1].name for score in found.values()}
    # Draws below the floor tie, and both of a tie are first.
    assert 2.0 == pytest.approx(sum(chances.values()), abs=0.05)
    assert max(chances, key=chances.get) == max(found, key=lambda one: found[one].value)


def test_ties_share_a_place():
    """Fewer than k others higher is being among the first k, so that equals are first or not together."""
    draws = np.array([[3.0, 3.0, 1.0, 2.0], [0.0, 1.0, 2.0, 3.0]])

    assert {0: 0.5, 1: 0.5, 3: 0.5} == among_first(draws, [True, True, False, True], 1)
    assert {} == among_first(draws, [False] * 4, 1)


def test_rules_have_no_doubt_to_draw(make_scoring):
    """With a rule of thumb for impact, only friction's interval is drawn from, and the method's name tells the rule."""
    scorer = attrs.evolve(QUICK, impact=ImpactScorer(method="last"))
    score = scored(with_opportunities(make_scoring(MANY, touchpoints="ABC"), c=["low"]), scorer)["c#1"]

    assert "priority-last@1" == score.method
    assert "Monte Carlo over the intervals of friction, 400 draws" == score.interval.method
    assert "impact has no interval" in score.explanation


def test_feedback_is_frictions(make_scoring):
    """``feedback`` is friction's own setting, for where only a yes or no can be said; the version tells."""
    scoring = with_opportunities(make_scoring(MANY, touchpoints="ABC"), a=["low"])
    score = scored(scoring, attrs.evolve(QUICK, feedback=True))["a#1"]

    assert ("priority@1+feedback", "friction-no-feedback") == (score.method, score.reason)


def test_declared_impact_is_no_part_of_it(make_scoring):
    """What the map expects of an opportunity is told beside the figure and does not change it."""
    high = Opportunity(title="X", effort="low", impact="high")
    found = scored(with_opportunities(make_scoring(MANY, touchpoints="ABC"), a=[high, "low"]))

    assert found["a#1"].value == found["a#2"].value
    assert "expects a high impact, which is no part of the figure" in found["a#1"].explanation
    assert "associated with" in found["a#1"].explanation


def test_same_seed_same_score(make_scoring):
    """Chance comes from the seed alone, and an opportunity elsewhere on the map does not change the draws here."""
    one, same, other = (
        scored(with_opportunities(make_scoring(MANY, touchpoints="ABC", seed=s), a=["low"])) for s in (1, 1, 2)
    )
    more = scored(with_opportunities(make_scoring(MANY, touchpoints="ABC", seed=1), a=["low"], b=["low"]))

    assert one == same
    assert one["a#1"].interval != other["a#1"].interval
    assert one["a#1"].interval == more["a#1"].interval


journeys_strategy = st.lists(st.tuples(st.text("ABC", max_size=5), st.booleans()), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None)
@given(journeys_strategy, st.lists(st.sampled_from([*EFFORTS, None]), max_size=3))
def test_additive_and_inside(make_scoring, journeys, efforts):
    """Whatever the log, a value is finite, at most 0, the sum of its contributions, and inside its interval."""
    for score in scored(with_opportunities(make_scoring(journeys, touchpoints="ABC"), a=efforts, b=efforts)).values():
        if score.value is None:
            continue

        assert score.value == pytest.approx(score.baseline + sum(c.contribution for c in score.components), abs=1e-9)
        assert math.isfinite(score.value)
        assert score.value <= 0
        if score.interval is not None:
            assert score.interval.low <= score.value <= score.interval.high


def test_what_is_withheld_of_an_input_is_withheld_of_the_priority() -> None:
    """A factor rests on the fewest that any part of its score rests on, so that a thin delay is not told by the priority."""
    from journeykit.results import Component, Score, Subject
    from journeykit.scorers.priority import _thinnest

    parts = [
        Component(name=n, raw=0, scaled=0, weight=w, contribution=0, n=k)
        for n, w, k in (("a", 1, 40), ("b", 0.2, 7), ("c", 0, 1))
    ]
    score = Score(
        subject=Subject(kind="touchpoint", id="a"), scorer="friction", value=0.0, unit="", n=42, status="ok", method="m@1",
        explanation="x", components=tuple(parts),
    )  # fmt: skip

    assert _thinnest(score) == 7
