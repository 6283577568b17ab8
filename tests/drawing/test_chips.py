"""The figures in the header: KPIs against their targets."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from journeykit.drawing.swimlane.chips import Chip, chips
from journeykit.drawing.swimlane.foot import source
from journeykit.drawing.swimlane.sketch import sketch
from journeykit.model import FunnelSource, Journey, Kpi, Objective, Stage, Touchpoint
from journeykit.results import Component, Coverage, Records, Score, Scorecard, Subject, TouchpointCount

WHEN = datetime(2025, 3, 1, tzinfo=UTC)


def chip(
    kpi: Kpi,
    value: float | None,
    *,
    baseline: float | None = None,
    target: float | None = None,
    language: str = "en",
    before: tuple[float, float] | None = None,
) -> Chip:
    """The last chip of a map with one KPI, as measured; ``before`` is the value before and the days since."""
    goal = Objective(id="goal", statement="x", kpi="k", baseline=baseline, target=target, due=date(2025, 12, 31))
    touchpoints = (Touchpoint(id="a", title="A"), Touchpoint(id="b", title="B"))
    stages = (Stage(id="s", title="S", touchpoints=touchpoints),)
    journey = Journey(id="j", title="J", language=language, stages=stages, kpis=(kpi,), objectives=(goal,))
    parts = []
    if value is not None and target is not None:
        way = target - value if kpi.direction == "higher" else value - target
        parts.append(Component(name="goal:distance", raw=way, scaled=way, weight=0.0, contribution=0.0, n=40))
    for name, raw in zip(("previous", "days-between"), before or (), strict=False):
        parts.append(Component(name=name, raw=raw, scaled=raw, weight=0.0, contribution=0.0, n=2))
    score = Score(
        subject=Subject(kind="kpi", id="k"),
        scorer="kpi",
        value=value,
        unit=kpi.unit or "share of entrants",
        n=40,
        status="ok" if value is not None else "not-estimable",
        reason=None if value is not None else "no-metrics",
        components=tuple(parts),
        method="kpi@1",
        explanation="x",
    )
    coverage = Coverage(
        events=10, claimed=10, unclaimed=0, cases=5, journeys=5, off_map=0, closed=5, open=0, converted=0, abandoned=0, late=0,
        first=WHEN, last=WHEN, observed_until=WHEN, tie_rule="x", ties=0, touchpoints=(),
    )  # fmt: skip
    card = Scorecard(journey="j", coverage=coverage, scores=Records([score], kind=Score), seed=0)
    return chips(sketch(journey, card))[-1]


CSAT = Kpi(id="k", name="CSAT", unit="/ 5", source="csat")
HOURS = Kpi(id="k", name="Delay", unit="h", direction="lower", source="delay")
RATE = Kpi(id="k", name="Order rate", source=FunnelSource(funnel=("a", "b")))


def test_a_kpi_below_its_target_says_by_how_much() -> None:
    """The value, the distance with its sign, and which way it went since the baseline."""
    made = chip(CSAT, 3.9, baseline=3.4, target=4.3)

    assert ("CSAT", "3.9\xa0/ 5") == (made.label, made.value)
    assert ("▼\xa00.40 under target", "neg") == made.state
    assert ("target 4.3\xa0/ 5", "▲\xa0better than 3.4\xa0/ 5", "due 2025-12-31") == made.notes


def test_lower_can_be_better() -> None:
    """A delay above its target is over it, and one that fell is better."""
    made = chip(HOURS, 9.0, baseline=12.0, target=4.0)

    assert ("▲\xa05 over target", "neg") == made.state
    assert "▼\xa0better than 12\xa0h" in made.notes


@pytest.mark.parametrize(("baseline", "note"), [(4.5, "▼\xa0worse than 4.5\xa0/ 5"), (4.4, "as before")])
def test_a_reached_target_is_said_in_words(baseline: float, note: str) -> None:
    """Nothing is left to go; the way since the baseline is told all the same."""
    made = chip(CSAT, 4.4, baseline=baseline, target=4.3)

    assert ("target 4.3\xa0/ 5 reached", "pos") == made.state
    assert note in made.notes


def test_shares_are_told_in_per_cent_and_their_distance_in_points() -> None:
    """Five per cent under the target could be taken as a part of it."""
    made = chip(RATE, 0.38, target=0.45)

    assert ("38\xa0%", "▼\xa07\xa0pts under target") == (made.value, (made.state or ("",))[0])
    assert "target 45\xa0%" in made.notes


def test_a_kpi_that_cannot_be_measured_shows_its_target() -> None:
    """Without a value there is the aim and where it stood when it was set."""
    made = chip(CSAT, None, baseline=3.4, target=4.3)

    assert ("CSAT, target", "≥\xa04.3\xa0/ 5", None) == (made.label, made.value, made.state)
    assert ("from 3.4\xa0/ 5", "due 2025-12-31") == made.notes


@pytest.mark.parametrize(
    ("kpi", "value", "before", "note"),
    [
        (CSAT, 3.9, (3.7, 31.0), "▲\xa0better by 0.20 in 31 days"),
        (CSAT, 3.5, (3.7, 1.0), "▼\xa0worse by 0.20 in 1 day"),
        (CSAT, 3.7, (3.7, 7.0), "unchanged for 7 days"),
        (HOURS, 9.0, (12.0, 0.25), "▼\xa0better by 3 in 6 h"),
        (RATE, 0.38, (0.4, 31.0), "▼\xa0worse by 2\xa0pts in 31 days"),
    ],
)
def test_the_trend_is_that_of_the_last_period(kpi: Kpi, value: float, before: tuple[float, float], note: str) -> None:
    """The change since the value before, how long ago that was, and whether it is good; the baseline is not told then."""
    notes = chip(kpi, value, baseline=3.4, target=4.3, before=before).notes

    assert note in notes
    assert not any("3.4" in told for told in notes)


def test_a_share_is_told_in_per_cent_before_it_is_measured() -> None:
    """The target of a funnel reads the same whether or not the KPI was scored."""
    made = chip(RATE, None, baseline=0.4, target=0.45)

    assert ("≥\xa045\xa0%", "from 40\xa0%") == (made.value, made.notes[0])


def test_so_few_that_nothing_may_be_told_are_not_none() -> None:
    """A log of fewer than ten people is withheld; the picture claims neither events nor their absence."""
    journey = Journey(
        id="j", title="J", stages=(Stage(id="s", title="S", touchpoints=(Touchpoint(id="a", title="A"),)),)
    )
    coverage = Coverage(
        events=42, claimed=0, unclaimed=42, cases=6, journeys=0, off_map=6, closed=0, open=0, converted=0, abandoned=0, late=0,
        first=WHEN, last=WHEN, observed_until=WHEN, tie_rule="x", ties=0,
        touchpoints=(TouchpointCount(id="a", events=None, journeys=None, on_board=None),),
    )  # fmt: skip
    drawn = sketch(journey, Scorecard(journey="j", coverage=coverage, scores=Records([], kind=Score), seed=0))

    assert [("Evidence", "Withheld", True)] == [(made.label, made.value, made.lacks) for made in chips(drawn)]
    assert source(drawn).startswith("Withheld: too few people to stay anonymous")


def test_words_in_place_of_a_figure_do_not_shout() -> None:
    """What could not be estimated is said smaller and lighter than a figure."""
    figure, words = Chip(label="Completion", value="38 %"), Chip(label="Completion", value="Not estimable", lacks=True)

    assert words.look < figure.look


def test_a_kpi_without_an_objective_is_shown_with_what_it_rests_on() -> None:
    """There is nothing to compare it with."""
    made = chip(CSAT, 3.9)

    assert ("3.9\xa0/ 5", ("n\xa0=\xa040",), None) == (made.value, made.notes, made.state)


def test_figures_follow_the_language() -> None:
    """German: decimal comma, words and days."""
    made = chip(CSAT, 3.9, baseline=3.4, target=4.3, language="de")

    assert ("3,9\xa0/ 5", "▼\xa00,40 unter dem Ziel") == (made.value, (made.state or ("",))[0])
    assert "bis 31.12.2025" in made.notes
