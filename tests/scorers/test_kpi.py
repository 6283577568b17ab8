"""A KPI stands where its metric or its funnel says; its targets are set beside it, never mixed in."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit import api
from journeykit.codec import dumps_scorecard, loads_scorecard
from journeykit.evidence import Evidence
from journeykit.measures import funnel
from journeykit.model import FunnelSource, Journey, Kpi, Match, Objective, Opportunity, Stage, Touchpoint
from journeykit.scorers.kpi import KpiScorer

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
FUNNEL = FunnelSource(funnel=("look", "pay"))


def journey_of(*kpis, objectives=(), ruled=("look", "pay")):
    touchpoints = [
        Touchpoint(
            id=id,
            title=id.title(),
            match=Match(event=id) if id in ruled else None,
            kpis=[kpi.id for kpi in kpis][:1] if id == "pay" else (),
            opportunities=[Opportunity(title="Mend it", objective=objectives[0].id)] if objectives else (),
        )
        for id in ("look", "pay")
    ]
    stage = Stage(id="shop", title="Shop", objectives=[o.id for o in objectives], touchpoints=touchpoints)
    return Journey(id="map", title="Map", kpis=kpis, objectives=objectives, stages=[stage])


@pytest.fixture
def events(tmp_path):
    """``events(entrants, paid)``: that many look at 10:00, and the first of them pay an hour later."""

    def make(entrants, paid, until=UNTIL):
        file = tmp_path / "events.csv"
        rows = [(f"c{i}", "2026-01-05T10:00:00Z", "look") for i in range(entrants)]
        rows += [(f"c{i}", "2026-01-05T11:00:00Z", "pay") for i in range(paid)]
        with file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([("customer", "time", "event"), *rows])
        return api.read_events(file, observed_until=until)

    return make


@pytest.fixture
def metrics(tmp_path):
    """``metrics(rows)``: (kpi, day, value[, segment]) as a metrics table."""

    def make(rows):
        file = tmp_path / "metrics.csv"
        with file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(("kpi", "time", "value", "segment"))
            writer.writerows((*row, "") if len(row) == 3 else row for row in rows)
        return api.read_metrics(file, tz="UTC")

    return make


def scored(journey, scorer=None, **evidence):
    return {s.subject.id: s for s in api.score(journey, Evidence(**evidence), [scorer or KpiScorer()], floor=1)}


def parts(score):
    return {component.name: component.raw for component in score.components}


def test_latest_metric(events, metrics):
    """The value is the metric's latest, whatever the order of its rows, and n counts its points in time."""
    table = metrics([("csat", "2026-02-10", 3.9), ("csat", "2026-01-10", 3.4), ("nps", "2026-02-20", 30)])
    found = scored(
        journey_of(Kpi(id="csat", name="Satisfaction", unit="points", source="csat")),
        events=events(3, 1),
        metrics=table,
    )
    score = found["csat"]

    assert (3.9, "points", 2, "ok", None) == (score.value, score.unit, score.n, score.status, score.interval)
    assert ("kpi", "kpi@1") == (score.subject.kind, score.method)
    assert {"metric": 3.9, "previous": 3.4, "days-between": 31.0} == parts(score)
    assert ("metrics", "kpi = 'csat'", 2) == tuple(getattr(score.evidence[0], f) for f in ("table", "rule", "rows"))


@pytest.mark.parametrize(
    ("direction", "before", "words"),
    [
        ("higher", 3.4, "It stood at 3.4 points 31 days before, so it got better by 0.5"),
        ("lower", 3.4, "It stood at 3.4 points 31 days before, so it got worse by 0.5"),
        ("higher", 4.0, "It stood at 4 points 31 days before, so it got worse by 0.1"),
        ("higher", 3.9, "It is as it was 31 days before"),
    ],
)
def test_the_value_before_is_told_and_adds_nothing(events, metrics, direction, before, words):
    """The metric's value before the latest stands beside it with weight 0, and the explanation says what changed."""
    table = metrics([("csat", "2026-02-10", 3.9), ("csat", "2026-01-10", before), ("csat", "2025-12-10", 1)])
    kpi = Kpi(id="csat", name="Satisfaction", unit="points", direction=direction, source="csat")
    score = scored(journey_of(kpi), events=events(3, 1), metrics=table)["csat"]
    beside = [component for component in score.components if component.name != "metric"]

    assert {"metric": 3.9, "previous": before, "days-between": 31.0} == parts(score)
    assert [(0.0, 0.0)] * 2 == [(component.weight, component.contribution) for component in beside]
    assert 3.9 == score.baseline + sum(component.contribution for component in score.components)
    assert words in score.explanation


def test_a_value_before_with_two_opinions_is_none(events, metrics):
    """Two different values at the time before the latest give no change, and a single value has nothing before it."""
    kpi = Kpi(id="csat", name="Satisfaction", source="csat")
    rows = [("csat", "2026-02-10", 3.9), ("csat", "2026-01-10", 3.4), ("csat", "2026-01-10", 3.5)]
    found = [scored(journey_of(kpi), events=events(3, 1), metrics=metrics(some))["csat"] for some in (rows, rows[:1])]

    assert [{"metric": 3.9}] * 2 == [parts(score) for score in found]


def test_funnel_equals_the_measure(events):
    """A KPI with a funnel is what the measure says of the same steps, with its Wilson interval and its window."""
    log = events(40, 25)
    for within, reached in ((None, 25), (timedelta(minutes=30), 0)):
        source = FunnelSource(funnel=("look", "pay"), within=within)
        journey = journey_of(Kpi(id="rate", name="Rate", source=source))
        last = funnel(log, source.funnel, within=within, journey=journey)[-1]
        score = scored(journey, events=log)["rate"]

        assert (reached / 40, "share of entrants", 40, "ok") == (score.value, score.unit, score.n, score.status)
        assert (last.share, last.interval) == (score.value, score.interval)
        assert ("get through Look > Pay within 30m" in score.explanation) == (within is not None)


def test_per_cent(events):
    """A funnel whose KPI is in per cent is measured in per cent, interval included; the raw share stays visible."""
    share = scored(journey_of(Kpi(id="rate", name="Rate", source=FUNNEL)), events=events(40, 25))["rate"]
    score = scored(journey_of(Kpi(id="rate", name="Rate", unit="%", source=FUNNEL)), events=events(40, 25))["rate"]

    assert (62.5, "%", 0.625) == (score.value, score.unit, score.components[0].raw)
    assert 100 * share.interval.high == pytest.approx(score.interval.high)


def goal(**settings):
    return Objective(**{"id": "more", "statement": "More", "kpi": "csat", "target": 4.0, **settings})


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "value", "distance", "way"),
    [
        ("higher", 3.0, 4.0, 3.5, 0.5, 0.5),
        ("higher", 3.0, 4.0, 4.5, -0.5, 1.5),
        ("higher", 3.0, 4.0, 2.0, 2.0, -1.0),
        ("lower", 10.0, 5.0, 6.0, 1.0, 0.8),
        ("lower", 10.0, 5.0, 4.0, -1.0, 1.2),
    ],
)
def test_distance(events, metrics, direction, baseline, target, value, distance, way):
    """What is to go is counted towards the good side; the way is the share between baseline and target."""
    kpi = Kpi(id="csat", name="Satisfaction", direction=direction, source="csat")
    journey = journey_of(kpi, objectives=[goal(baseline=baseline, target=target)])
    score = scored(journey, events=events(3, 1), metrics=metrics([("csat", "2026-02-10", value)]))["csat"]

    assert {
        "metric": value,
        "more:baseline": baseline,
        "more:target": target,
        "more:distance": pytest.approx(distance),
        "more:way": pytest.approx(way),
    } == parts(score)
    assert ("reached" in score.explanation) == (distance <= 0)
    assert value == score.baseline + sum(component.contribution for component in score.components)


def test_days_left(events, metrics):
    """Days are counted from the day that is given, else from the last day the evidence speaks of, which is said."""
    journey = journey_of(Kpi(id="csat", name="Satisfaction", source="csat"), objectives=[goal(due=date(2026, 3, 11))])
    early = {"events": events(3, 1), "metrics": metrics([("csat", "2026-02-10", 3.5)])}
    by_events = scored(journey, **early)["csat"]
    by_hand = scored(journey, KpiScorer(today=date(2026, 3, 12)), **early)["csat"]
    by_metrics = scored(journey, events=events(3, 1), metrics=metrics([("csat", "2026-03-10", 3.5)]))["csat"]

    assert [10.0, -1.0, 1.0] == [parts(score)["more:days-left"] for score in (by_events, by_hand, by_metrics)]
    assert "10 days left on 2026-03-01 (the last day of the evidence)" in by_events.explanation
    assert "due 2026-03-11, 1 day ago on 2026-03-12;" in f"{by_hand.explanation.replace('. ', '; ')};"
    assert "1 day left on 2026-03-10" in by_metrics.explanation


def test_today_is_a_day():
    """A moment is no day: a datetime is refused instead of failing later."""
    with pytest.raises(TypeError, match="today must be a datetime"):
        KpiScorer(today=UNTIL)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (None, "no-metrics"),
        ([("nps", "2026-02-10", 30)], "no-metric"),
        ([("csat", "2026-02-10", 3.5, "new customers")], "only-segments"),
        ([("csat", "2026-02-10", 3.5), ("csat", "2026-02-10", 3.6)], "conflicting-values"),
    ],
)
def test_no_metric(events, metrics, rows, reason):
    """A metric that does not say one thing is named with its reason; no figure is made up."""
    table = metrics(rows) if rows else None
    score = scored(journey_of(Kpi(id="csat", name="Satisfaction", source="csat")), events=events(3, 1), metrics=table)[
        "csat"
    ]

    assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)
    assert "cannot be measured" in score.explanation


def test_segments_do_not_mix(events, metrics):
    """Rows of a segment are not the KPI's own: the value and its points are of the rows without one."""
    table = metrics([("csat", "2026-02-10", 3.5), ("csat", "2026-02-11", 1.0, "new"), ("csat", "2026-02-10", 3.5)])
    score = scored(journey_of(Kpi(id="csat", name="Satisfaction", source="csat")), events=events(3, 1), metrics=table)[
        "csat"
    ]

    assert (3.5, 1) == (score.value, score.n)


def test_no_funnel(events):
    """A funnel nobody enters, or a step no rule finds, has no share; few entrants are marked."""
    kpi = Kpi(id="rate", name="Rate", source=FUNNEL)
    backwards = Kpi(id="rate", name="Rate", source=FunnelSource(funnel=("pay", "look")))

    assert "no-entrants" == scored(journey_of(backwards), events=events(9, 0))["rate"].reason
    assert "no-match-rule" == scored(journey_of(kpi, ruled=("look",)), events=events(9, 3))["rate"].reason
    assert "no-source" == scored(journey_of(Kpi(id="x", name="X")), events=events(9, 3))["x"].reason
    assert [("low-n", "few-entrants"), ("ok", None)] == [
        (score.status, score.reason)
        for n in (29, 30)
        for score in scored(journey_of(kpi), events=events(n, 3)).values()
    ]


def test_without_events(make_scoring):
    """A scorer that is handed evidence without events names that."""
    scoring = make_scoring([("A", True)])
    journey = attrs.evolve(scoring.journey, kpis=(Kpi(id="rate", name="Rate", source=FunnelSource(funnel=("a", "b"))),))
    score = next(iter(KpiScorer().score(attrs.evolve(scoring, journey=journey))))

    assert ("not-estimable", "no-events") == (score.status, score.reason)


@pytest.mark.parametrize(
    ("kpi_unit", "settings", "words"),
    [
        (None, {"target": 45.0}, "no share between 0 and 1"),
        ("%", {"target": 145.0}, "no share between 0 and 100"),
        (None, {"target": 0.45, "unit": "orders"}, "its target is in 'orders', the KPI in 'share of entrants'"),
    ],
)
def test_what_cannot_be_compared_is_not(events, kpi_unit, settings, words):
    """A target in another unit, or one that a share cannot reach, gets no distance but the reason."""
    kpi = Kpi(id="csat", name="Rate", unit=kpi_unit, source=FUNNEL)
    score = scored(journey_of(kpi, objectives=[goal(**settings)]), events=events(40, 20))["csat"]

    assert words in score.explanation
    assert not {"more:distance", "more:way"} & set(parts(score))


def test_links_are_told(events):
    """The explanation names the objective, stages, touchpoints and opportunities the map ties to the KPI, as declared."""
    journey = journey_of(Kpi(id="csat", name="Rate", source=FUNNEL), objectives=[goal(owner="Ann", target=0.5)])
    score = scored(journey, events=events(40, 20))["csat"]

    assert "Objective 'More', Ann: target 0.5, reached (the target lies inside the interval" in score.explanation
    assert "stages Shop; touchpoints Pay; opportunities at Look, Pay" in score.explanation
    assert "associated with it, not what moves it" in score.explanation
    assert [("journey", "objectives more")] == [(e.table, e.rule) for e in score.evidence if e.table == "journey"]


def test_open_journeys_are_named(events):
    """Journeys that may still get through the funnel are counted in the sentence."""
    score = scored(
        journey_of(Kpi(id="rate", name="Rate", source=FUNNEL)),
        events=events(40, 20, until=datetime(2026, 1, 6, tzinfo=UTC)),
    )["rate"]

    assert "40 open journeys may still get there" in score.explanation


@pytest.mark.parametrize(
    ("direction", "points", "target", "words"),
    [
        (
            "higher",
            20,
            4.5,
            "4.5 lies outside the control limits of its own 20 values (2.968 to 4.032): it takes a change",
        ),
        (
            "higher",
            20,
            4.0,
            "4 lies inside the control limits of its own 20 values (2.968 to 4.032): single values may",
        ),
        ("lower", 20, 2.5, "2.5 lies outside the control limits"),
        ("lower", 20, 3.0, "3 lies inside the control limits"),
        ("higher", 20, 3.0, None),
        ("higher", 19, 4.5, None),
    ],
)
def test_achievable(events, metrics, direction, points, target, words):
    """With 20 values or more a target still ahead is held against the KPI's own control limits, else nothing is said."""
    rows = [("csat", date(2026, 1, 1) + timedelta(days=i), 3.5 + 0.1 * (-1) ** i) for i in range(points)]
    kpi = Kpi(id="csat", name="Satisfaction", direction=direction, source="csat")
    journey = journey_of(kpi, objectives=[goal(target=target)])
    score = scored(journey, events=events(3, 1), metrics=metrics(rows))["csat"]

    assert (words is not None) == ("control limits" in score.explanation)
    assert (words or "") in score.explanation
    assert "too narrow" not in score.explanation


def test_following_values_are_doubted(events, metrics):
    """Where each value resembles the one before, the limits are said to be too narrow."""
    rows = [("csat", date(2026, 1, 1) + timedelta(days=i), 3 + i / 100) for i in range(30)]
    journey = journey_of(Kpi(id="csat", name="Satisfaction", source="csat"), objectives=[goal()])
    score = scored(journey, events=events(3, 1), metrics=metrics(rows))["csat"]

    assert "so these limits are too narrow" in score.explanation


def test_several_objectives_and_json(events, metrics):
    """Each objective of a KPI has its own figures beside the value, and the card survives its JSON form."""
    goals = [goal(), goal(id="most", target=5.0, baseline=3.0)]
    journey = journey_of(Kpi(id="csat", name="Satisfaction", source="csat"), objectives=goals)
    evidence = Evidence(events=events(3, 1), metrics=metrics([("csat", "2026-02-10", 4.0)]))
    card = api.score(journey, evidence, ["kpi"])

    assert {"more:distance": 0.0, "most:distance": 1.0, "most:way": 0.5}.items() <= parts(card["csat", "kpi"]).items()
    assert card == loads_scorecard(dumps_scorecard(card))


def test_report_and_map_live_with_other_subjects(events, metrics):
    """Scores of KPIs and opportunities stand in the report by name; the map shows a KPI in its chip and is else as it is."""
    journey = journey_of(Kpi(id="csat", name="Satisfaction", source="csat"), objectives=[goal()])
    evidence = Evidence(events=events(3, 1), metrics=metrics([("csat", "2026-02-10", 4.0)]))
    card, rated, plain = (
        api.score(journey, evidence, scorers)
        for scorers in (["friction", "kpi", "priority"], ["friction", "priority"], ["friction"])
    )
    report = api.render(journey, "markdown", scores=card).body.decode()

    assert "Satisfaction" in report
    assert ["pay#1"] == [score.subject.id for score in card["pay#1"]]
    assert api.render(journey, "swimlane", scores=plain).body == api.render(journey, "swimlane", scores=rated).body
    assert api.render(journey, "swimlane", scores=plain).body != api.render(journey, "swimlane", scores=card).body


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.sampled_from([None, "%"]))
def test_a_share_is_a_share(make_log, counts, unit):
    """Of any counts, the value is paid / entrants in its unit, inside its interval, and additive."""
    entrants, paid = counts
    score = scored(journey_of(Kpi(id="rate", name="Rate", unit=unit, source=FUNNEL)), events=make_log(entrants, paid))[
        "rate"
    ]
    factor = 100 if unit else 1

    assert factor * paid / entrants == pytest.approx(score.value)
    assert score.interval.low - 1e-9 <= score.value <= score.interval.high + 1e-9
    assert score.value == pytest.approx(score.baseline + sum(c.contribution for c in score.components), abs=1e-9)


@pytest.fixture(scope="module")
def make_log():
    """The events of a funnel as a table in memory."""
    import pandas as pd

    def make(entrants, paid):
        rows = [(f"c{i}", "2026-01-05T10:00:00Z", "look") for i in range(entrants)]
        rows += [(f"c{i}", "2026-01-05T11:00:00Z", "pay") for i in range(paid)]
        return api.read_events(pd.DataFrame(rows, columns=["customer", "time", "event"]), observed_until=UNTIL)

    return make
