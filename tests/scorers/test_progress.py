"""Long work says how far it is, where somebody watches."""

from __future__ import annotations

import attrs
import pytest

from journeykit.protocols import part_of
from journeykit.scorers.friction import FrictionScorer
from journeykit.scorers.impact import ImpactScorer
from journeykit.scorers.moments import MomentsScorer
from journeykit.scorers.priority import PriorityScorer


@pytest.mark.parametrize(
    "scorer", [FrictionScorer(), ImpactScorer(), ImpactScorer(method="shapley"), MomentsScorer()], ids=str
)
def test_resamples_are_told_block_by_block(make_scoring, scorer):
    """A bootstrap of many journeys tells its progress several times, never backwards, up to its end."""
    heard = []
    scoring = make_scoring([("ABC", True), ("AB", False), ("BC", True)] * 4000, touchpoints="ABC")
    watched = attrs.evolve(scoring, progress=lambda done, total: heard.append(done / total))
    watched_scores = list(scorer.score(watched))

    assert len(set(heard)) > 1
    assert sorted(heard) == heard
    assert 1 == heard[-1]
    assert list(scorer.score(scoring)) == watched_scores


def test_a_scorer_in_a_scorer_is_part_of_it(make_scoring):
    """Priority runs impact and friction, and tells both as halves of its own work."""
    from journeykit.model import Opportunity

    heard = []
    scoring = make_scoring([("AB", True), ("A", False)] * 50, touchpoints="AB")
    journey = scoring.journey.replace("a", opportunities=[Opportunity(title="x", effort="low")])
    watched = attrs.evolve(scoring, journey=journey, progress=lambda done, total: heard.append(done / total))
    list(PriorityScorer().score(watched))

    assert {0.25, 0.5, 1.0} <= set(heard)
    assert sorted(heard) == heard


def test_parts_of_parts():
    """A part of a part is told as its share of the whole; a total of nothing is done, and too much is no more than all."""
    heard = []
    whole = part_of(lambda done, total: heard.append(done / total), 1, 2)
    inner = part_of(whole, 3, 4)
    inner(1, 2)
    inner(0, 0)
    inner(5, 2)

    assert [0.5 + 0.5 * 0.875, 1.0, 1.0] == pytest.approx(heard)
    assert part_of(None, 0, 2) is None
