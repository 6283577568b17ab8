"""The dwell scorer keeps the contract, and its figures are those of a hand count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from journeykit_example.dwell import DwellScorer
from scipy.stats import binom

import journeykit as jk
from journeykit.model import Journey, Match, Stage, Touchpoint
from journeykit.testing import ScorerContract
from journeykit.testing.worlds import events

START = datetime(2024, 3, 1, tzinfo=UTC)
LATER = START + timedelta(days=90)


class TestContract(ScorerContract):
    plugin = DwellScorer


@pytest.fixture
def journey():
    points = [Touchpoint(id=id, title=id.upper(), match=Match(event=id)) for id in ("a", "b")]
    return Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=points)])


def log(*gaps):
    """One customer a gap in seconds: a, then b; several gaps in a tuple are several visits of a."""
    rows = []
    for number, several in enumerate(gaps):
        at = START
        for gap in several if isinstance(several, tuple) else (several,):
            rows.append({"customer": f"c{number}", "time": at, "event": "a"})
            at += timedelta(seconds=gap)
        rows.append({"customer": f"c{number}", "time": at, "event": "b"})
    return jk.Evidence(events=events(rows, observed_until=LATER))


def test_the_median_journey(journey):
    """Each journey counts once, with the mean of its dwell times; the score is their median."""
    score = jk.score(journey, log(10, (20, 40), 1000), [DwellScorer(min_n=1)], floor=1)["a", "dwell"]

    assert (score.value, score.n, score.status) == (30.0, 3, "ok")


def test_where_no_one_goes_on(journey):
    """The last touchpoint of every journey has no dwell, and says why."""
    score = jk.score(journey, log(10, 20), [DwellScorer()], floor=1)["b", "dwell"]

    assert (score.value, score.status, score.reason) == (None, "not-estimable", "no-next-event")


def test_the_interval_lies_between_order_statistics(journey):
    """With 40 journeys it runs from the 14th to the 27th value, whose coverage is the first above 95 %."""
    score = jk.score(journey, log(*range(1, 41)), [DwellScorer()], floor=1)["a", "dwell"]

    assert (score.interval.low, score.interval.high) == (14.0, 27.0)
    assert 1 - 2 * binom.cdf(13, 40, 0.5) >= 0.95 > 1 - 2 * binom.cdf(14, 40, 0.5)


def test_few_journeys_have_no_interval(journey):
    """With five journeys no interval has 95 %, so there is none, and the score is low-n."""
    score = jk.score(journey, log(1, 2, 3, 4, 5), [DwellScorer()], floor=1)["a", "dwell"]

    assert (score.interval, score.status, score.reason) == (None, "low-n", "few-journeys")
