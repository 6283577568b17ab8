"""Impact's alternatives deal every conversion out over its touches; each rule is what its name says."""

from __future__ import annotations

import csv
import itertools
import math
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit import api
from journeykit.evidence import Evidence
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint
from journeykit.scorers.impact import ImpactScorer

METHODS = ("first", "last", "linear-distinct", "linear-touch", "position", "shapley", "time-decay")


def scored(scoring, method, **settings):
    return {s.subject.id: s for s in ImpactScorer(method=method, draws=100, **settings).score(scoring)}


def values(scoring, method, **settings):
    return {id: s.value for id, s in scored(scoring, method, **settings).items() if s.value is not None}


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("first", "ABCA", {"a": 1, "b": 0, "c": 0}),
        ("last", "ABCB", {"a": 0, "b": 1, "c": 0}),
        ("linear-touch", "ABCA", {"a": 0.5, "b": 0.25, "c": 0.25}),
        ("linear-distinct", "ABCA", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        ("shapley", "ABCA", {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        ("position", "ABCCB", {"a": 0.4, "b": 0.4 + 0.2 / 3, "c": 0.4 / 3}),
        ("position", "AB", {"a": 0.5, "b": 0.5}),
        ("position", "A", {"a": 1}),
        ("time-decay", "ABC", {"a": 1 / 7, "b": 2 / 7, "c": 4 / 7}),
    ],
)
def test_one_conversion(make_scoring, method, path, expected):
    """One conversion is dealt out as the rule's name says, repeated visits being touches of their own."""
    scoring = make_scoring([(path, True), ("AB", False)])
    found = values(scoring, method, half_life=timedelta(minutes=1))

    assert expected == pytest.approx({id: found[id] for id in expected})


def test_success_event_is_no_touch(make_scoring):
    """The touchpoint that claims the success gets nothing of it, and says so."""
    found = scored(make_scoring([("AB", True), ("A", False)], success="C"), "last")

    assert (1.0, 0.0) == (found["b"].value, found["a"].value)
    assert ("not-estimable", "is-outcome", None) == (found["c"].status, found["c"].reason, found["c"].value)
    assert ("not-estimable", "not-reached") == (found["d"].status, found["d"].reason)


def test_conversions_without_a_touch_are_named(make_scoring):
    """Shares are of the conversions that have a touch; the explanation counts the others."""
    found = scored(make_scoring([("AB", True), ("", True), ("", True), ("A", False)]), "linear-touch")

    assert 1.0 == pytest.approx(found["a"].value + found["b"].value)
    assert "of 1 conversions" in found["a"].explanation
    assert "2 more had no touch before and are dealt to nobody" in found["a"].explanation


@pytest.mark.parametrize(
    ("journeys", "options", "reason"),
    [
        ([("A", True)], {"outcome": False}, "no-outcome"),
        ([("A", True), ("A", False)], {"still_open": (0, 1)}, "all-open"),
        ([("A", False)], {}, "no-conversions"),
        ([], {}, "no-conversions"),
        ([("", True), ("A", False)], {}, "no-touches"),
    ],
)
@pytest.mark.parametrize("method", ["last", "shapley"])
def test_not_estimable(make_scoring, journeys, options, reason, method):
    """Without conversions that follow a touch there is nothing to deal out, which is said and is never a 0."""
    for score in scored(make_scoring(journeys, **options), method).values():
        assert ("not-estimable", reason, None) == (score.status, score.reason, score.value)


def test_low_n(make_scoring):
    """The floors of impact hold for every method: 100 conversions, 30 journeys through the touchpoint."""
    few = scored(make_scoring([("A", True)] * 99), "first")["a"]
    many = scored(make_scoring([("A", True)] * 100 + [("BA", True)] * 29), "first")

    assert ("low-n", "few-conversions") == (few.status, few.reason)
    assert ("ok", None) == (many["a"].status, many["a"].reason)
    assert ("low-n", "few-journeys") == (many["b"].status, many["b"].reason)


def test_only_shapley_has_an_interval(make_scoring):
    """A rule of thumb has no error to estimate and says what it is; the Shapley share has a bootstrap around its value."""
    scoring = make_scoring([("AB", True)] * 80 + [("B", True)] * 40 + [("A", False)] * 50)
    for method in METHODS:
        score = scored(scoring, method)["a"]

        assert (method == "shapley") == (score.interval is not None)
        assert ("rule of thumb" in score.explanation) == (method != "shapley")
        assert "associated with the outcome, which is not to say it causes it" in score.explanation.lower()
    share = scored(scoring, "shapley")["a"]
    # 80 of 120 conversions give it a half: the standard error of that mean is sqrt(p (1 - p) / 120) / 2.
    half_width = 1.96 * math.sqrt(2 / 3 / 3 / 120) / 2

    assert 1 / 3 == pytest.approx(share.value)
    assert 2 * half_width == pytest.approx(share.interval.high - share.interval.low, rel=0.25)
    assert "converting journeys" in share.interval.method


def test_a_large_log_is_sampled(make_scoring, monkeypatch):
    """Above the limit the Shapley interval rests on a sample of conversions and says so; the value uses all of them."""
    scoring = make_scoring([("AB", True), ("A", True)] * 100)
    whole = scored(scoring, "shapley")["b"]
    monkeypatch.setattr("journeykit.inference.resampling.sample.__defaults__", (50,))
    part = scored(scoring, "shapley")["b"]

    assert whole.value == part.value
    assert "sample of 50 of 200" in part.interval.method


@pytest.mark.parametrize(
    ("settings", "version"),
    [
        ({"method": "shapley"}, "impact-shapley@1"),
        ({"method": "time-decay"}, "impact-time-decay-7d@1"),
        ({"method": "time-decay", "half_life": timedelta(hours=36)}, "impact-time-decay-36h@1"),
        ({"method": "linear-touch"}, "impact-linear-touch@1"),
    ],
)
def test_version_names_the_rule(make_scoring, settings, version):
    """The method of a score tells one rule from another, half-life included."""
    scores = list(ImpactScorer(draws=100, **settings).score(make_scoring([("A", True)])))

    assert {version} == {score.method for score in scores}


def test_half_life_must_be_positive():
    """A half-life of nothing would divide by nothing."""
    with pytest.raises(ValueError, match="half_life"):
        ImpactScorer(method="time-decay", half_life=timedelta(0))


def test_long_waits_do_not_underflow(make_scoring):
    """Touches thousands of half-lives before the success still share it: the last one takes it all, the shares sum to 1."""
    scoring = make_scoring([("AB", True)], times=[[0, 60 * 24 * 365 * 20]])

    assert {"a": 0.0, "b": 1.0} == pytest.approx(values(scoring, "time-decay", half_life=timedelta(minutes=1)))


def brute_force(players, worth):
    """Shapley values by definition: the mean marginal contribution over all orders of arrival."""
    total = dict.fromkeys(players, 0.0)
    for order in itertools.permutations(players):
        for i, player in enumerate(order):
            total[player] += worth(frozenset(order[: i + 1])) - worth(frozenset(order[:i]))
    return {player: value / math.factorial(len(players)) for player, value in total.items()}


def test_the_oracle_knows_the_glove_game(reference):
    """The brute force that checks the closed form gives Shapley's textbook values of the glove game."""
    case = reference["shapley_glove"]
    found = brute_force(case["inputs"]["players"], lambda group: float("L" in group and len(group) > 1))

    assert case["expected"] == pytest.approx(list(found.values()), abs=case["tolerance"])


journeys_strategy = st.lists(st.tuples(st.text("ABCD", max_size=6), st.booleans()), min_size=1, max_size=20)


@given(journeys_strategy)
def test_shapley_equals_its_definition(make_scoring, journeys):
    """Zhao's closed form is the Shapley value of the game worth the conversions whose touchpoints all take part."""
    won = [frozenset(path) for path, converted in journeys if converted and path]
    found = values(make_scoring(journeys), "shapley")
    if not won:
        assert {} == found
        return
    expected = brute_force("ABCD", lambda group: sum(path <= group for path in won) / len(won))

    assert {id: expected[id.upper()] for id in found} == pytest.approx(found)


@given(journeys_strategy, st.sampled_from(METHODS))
def test_shares_sum_to_one(make_scoring, journeys, method):
    """Whatever the rule, the shares sum to 1 where any conversion has a touch, and each is its only component."""
    scores = scored(make_scoring(journeys), method)
    found = [score for score in scores.values() if score.value is not None]
    for score in found:
        assert score.value == pytest.approx(score.baseline + sum(c.contribution for c in score.components), abs=1e-9)
        assert sum(score.subject.id.upper() in path for path, _ in journeys) == score.n
    if any(converted and path for path, converted in journeys):
        assert 1.0 == pytest.approx(sum(score.value for score in found))
    else:
        assert [] == found


@given(journeys_strategy, st.sampled_from(METHODS))
def test_journeys_that_failed_change_nothing(make_scoring, journeys, method):
    """Attribution looks at conversions alone: more failures through the same touchpoints leave every share as it was."""
    failures = [(path, False) for path, _ in journeys]

    assert values(make_scoring(journeys), method) == values(make_scoring([*journeys, *failures]), method)


def test_same_seed_same_score(make_scoring):
    """The Shapley interval comes from the seed alone."""
    journeys = [("AB", True), ("A", True), ("BA", False)] * 40
    one, same, other = (list(scored(make_scoring(journeys, seed=s), "shapley").values()) for s in (1, 1, 2))

    assert one == same
    assert one[0].interval != other[0].interval


def channel_map(channels, success):
    touchpoints = [Touchpoint(id=slug(c), title=c, match=Match(event=c)) for c in sorted(channels)]
    outcome = Outcome(success=Match(event=success))
    return Journey(id="map", title="Map", outcome=outcome, stages=[Stage(id="s", title="S", touchpoints=touchpoints)])


def slug(name):
    return name.lower().replace(" ", "-").replace("_", "-")


def written(tmp_path, rows):
    file = tmp_path / "events.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("customer", "time", "event"), *rows])
    return file


def rows_of(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_paths_are_those_of_fractribution(shared_data, tmp_path):
    """Snowplow's own expected paths, dealt out by hand, give the shares that journeykit measures from the same sessions."""
    folder = shared_data / "snowplow_fractribution"
    sessions = rows_of(folder / "expected_sessions_by_customer_id.csv")
    orders = [r for r in rows_of(folder / "snowplow_fractribution_events.csv") if r["tr_total"]]
    rows = [(r["customer_id"], r["visit_start_tstamp"], r["channel"]) for r in sessions]
    rows += [(f"f{r['domain_userid']}", r["derived_tstamp"], "order") for r in orders]
    # Watched until long after the last order, so that no journey is open.
    until = datetime.fromisoformat("2023-01-01T00:00:00+00:00")
    events = api.read_events(written(tmp_path, rows), tz="UTC", observed_until=until)
    journey = channel_map({r["channel"] for r in sessions}, "order")
    last, distinct = defaultdict(float), defaultdict(float)
    for row in rows_of(folder / "expected_path_summary_with_channels.csv"):
        if row["ATTRIBUTION_TYPE"] == "last_touch":
            path = row["TRANSFORMED_PATH"].split(" > ")
            for channel in path:
                last[slug(channel)] += float(row[channel.upper()]) * float(row["CONVERSIONS"]) / 6
                distinct[slug(channel)] += float(row["CONVERSIONS"]) / len(set(path)) / 6
    for method, expected in (("last", last), ("linear-distinct", distinct), ("shapley", distinct)):
        card = api.score(journey, Evidence(events=events), [ImpactScorer(method=method)], floor=1)
        found = {s.subject.id: s.value for s in card if s.value is not None}

        assert {id: expected[id] for id in found} == pytest.approx(found)
        assert 1.0 == pytest.approx(sum(found.values()))


def by_hand(path, days, method):
    """The shares of one conversion by a rule, written out as its definition reads."""
    share = Counter()
    if method == "first":
        share[path[0]] += 1
    elif method == "last":
        share[path[-1]] += 1
    elif method == "linear-touch":
        for channel in path:
            share[channel] += 1 / len(path)
    elif method == "time-decay":
        weights = [0.5 ** ((days[-1] - day).days / 7) for day in days]
        for channel, weight in zip(path, weights, strict=True):
            share[channel] += weight / sum(weights)
    else:
        for channel in set(path):
            share[channel] += 1 / len(set(path))
    return share


@pytest.mark.parametrize("method", ["first", "last", "linear-touch", "linear-distinct", "shapley", "time-decay"])
def test_real_touches(shared_data, tmp_path, method):
    """On 3,549 real touches and 250 conversions the shares equal a count by hand, customer by customer."""
    folder = shared_data / "attribution_touch"
    touches = [(r["user_id"], day_of(r["touch_date"]), r["channel"]) for r in rows_of(folder / "customer_journey.csv")]
    won = {r["user_id"]: day_of(r["conversion_date"]) for r in rows_of(folder / "conversions.csv")}
    rows = [(user, f"{day}T12:00:00Z", channel) for user, day, channel in touches]
    rows += [(user, f"{day}T18:00:00Z", "order") for user, day in won.items()]
    events = api.read_events(
        written(tmp_path, rows), observed_until=datetime.fromisoformat("2026-06-01T00:00:00+00:00")
    )
    expected, dealt = Counter(), 0
    for user, bought in won.items():
        # Touches of one day stand in the order of the file, as the events' tie rule keeps them.
        mine = sorted(((day, c) for u, day, c in touches if u == user and day <= bought), key=lambda touch: touch[0])
        if mine:
            expected.update(by_hand([c for _, c in mine], [day for day, _ in mine], method))
            dealt += 1
    journey = channel_map({channel for *_, channel in touches}, "order")
    card = api.score(journey, Evidence(events=events), [ImpactScorer(method=method)], floor=1)
    found = {s.subject.id: s.value for s in card}

    assert {slug(channel): share / dealt for channel, share in expected.items()} == pytest.approx(found)


def day_of(text):
    day, month, year = map(int, text.split("-"))
    return date(year, month, day)
