"""What leaves with a scorecard: no figure of few people, and none that gives one away by subtraction."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.errors import ArgumentError
from journeykit.model import FunnelSource, Journey, Kpi, Match, Stage, Touchpoint
from journeykit.results import (
    Component,
    Coverage,
    EvidenceRef,
    Interval,
    Move,
    Records,
    Score,
    Scorecard,
    Subject,
    TouchpointCount,
)
from journeykit.results.small_groups import FLOOR, count_text, is_small, small_touchpoints, withheld

IDS = "abcd"
JOURNEY = Journey(
    id="m",
    title="M",
    stages=[
        Stage(id="s", title="S", touchpoints=[Touchpoint(id=i, title=i.upper(), match=Match(event=i)) for i in IDS])
    ],
)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def coverage(paths: dict[str, int], without: str = "", **changes: Any) -> Coverage:
    """What is counted of paths ("abd") that so many customers take, in plain Python; ``without`` some touchpoints."""
    rows = sum(len(path) * n for path, n in paths.items()) + 5
    made_of = [("".join(t for t in path if t not in without), n) for path, n in paths.items()]
    every = [path for path, n in made_of if path for _ in range(n)]
    furthest = [max((IDS.index(t) for t in path), default=-1) for path in every]
    moves: Counter[tuple[str | None, str | None]] = Counter()
    movers: Counter[tuple[str | None, str | None]] = Counter()
    for path in every:
        made = list(pairwise([None, *path, None]))
        moves.update(made)
        movers.update(set(made))
    fields: dict[str, Any] = {
        "events": rows,
        "claimed": sum(map(len, every)),
        "unclaimed": rows - sum(map(len, every)),
        **dict.fromkeys(("cases", "journeys", "closed"), len(every)),
        **dict.fromkeys(("off_map", "open", "converted", "abandoned", "late", "ties"), 0),
        **dict.fromkeys(("first", "last", "observed_until"), AT),
        "tie_rule": "record",
        "touchpoints": tuple(
            TouchpointCount(
                id=id,
                events=sum(path.count(id) for path in every),
                journeys=sum(id in path for path in every),
                on_board=sum(place >= i for place in furthest),
            )
            for i, id in enumerate(IDS)
        ),
        "unclaimed_events": (("scroll", 3), ("help ann@post.example", 2)),
        "moves": tuple(Move(source=s, target=t, count=n, journeys=movers[s, t]) for (s, t), n in moves.items()),
    }
    return Coverage(**{**fields, **changes})


def card(seen: Coverage, *scores: Score) -> Scorecard:
    return Scorecard(journey="m", coverage=seen, scores=Records(scores, kind=Score, key=("subject", "scorer")), seed=0)


def score(id: str = "a", kind: str = "touchpoint", **changes: Any) -> Score:
    n = changes.get("n", 40)
    fields: dict[str, Any] = {
        "subject": Subject(kind=kind, id=id),
        "scorer": "friction",
        "value": 0.5,
        "unit": "index",
        "interval": Interval(low=0.4, high=0.6, method="bootstrap"),
        "n": n,
        "status": "ok",
        "components": (Component(name="x", raw=1, scaled=1, weight=0.5, contribution=0.5, n=n),),
        "method": "friction@1",
        "evidence": (EvidenceRef(table="events", sources=("e",), rule=f"event = {id}", rows=400),),
        "explanation": f"{n} journeys.",
    }
    return Score(**{**fields, **changes})


def left(seen: Coverage, *scores: Score, **options: Any) -> Scorecard:
    return withheld(card(seen, *scores), JOURNEY, **options)


BIG = {"ab": 60, "abc": 30}


def test_nothing_small_nothing_withheld() -> None:
    """Where every group is large the card stays as it is, but for its floor; none at all is no group."""
    seen = coverage(BIG, unclaimed_events=(("scroll", 5),))
    whole = card(seen, score(), score("b"))

    assert attrs.evolve(whole, floor=10) == withheld(whole, JOURNEY)
    assert (0, 0) == (left(seen).coverage.touchpoints[3].journeys, left(seen).coverage.touchpoints[3].events)


def test_floor_1_withholds_nothing() -> None:
    """Who may see the log may see its figures: the card is the same."""
    whole = card(coverage({"ab": 3, "d": 1}), score(n=1))

    assert whole == withheld(whole, JOURNEY, floor=1)


@pytest.mark.parametrize("floor", [0, -1, True, 2.5, "10", None])
def test_a_floor_is_a_count(floor: Any) -> None:
    """Anything but a whole number from 1 on is refused."""
    with pytest.raises(ArgumentError, match="floor="):
        withheld(card(coverage(BIG)), JOURNEY, floor=floor)


FEW = {**BIG, "abd": 4}


def test_a_small_touchpoint_alone_is_withheld() -> None:
    """Its counts go; those of all others stay, for they were counted without it."""
    seen = coverage(FEW, without="d")
    found = left(seen, few={"d"}).coverage

    assert (None, None, None) == attrs.astuple(found.touchpoints[3])[1:]
    assert seen.touchpoints[:3] == found.touchpoints[:3]
    assert (seen.moves, None, 0) == (found.moves, found.moves_rounded_to, found.withheld_moves)
    assert (94, 94, 94, 30) == (found.journeys, *(count.journeys for count in found.touchpoints[:3]))


def test_the_rows_left_over_could_be_those_of_nine_journeys() -> None:
    """Names of unclaimed events are left out, rarest first, until each touchpoint could have nine; too few rows are not told."""

    def found(few: str, unclaimed: int) -> tuple[int | None, list[str]]:
        events = coverage(FEW, without="d").claimed + unclaimed
        names = (("scroll", 20), ("zoom", 4))
        seen = left(
            coverage(FEW, without="d", events=events, unclaimed=unclaimed, unclaimed_events=names), few=set(few)
        ).coverage

        assert (seen.events is None) == (seen.unclaimed is None)

        return seen.unclaimed, [name for name, _ in seen.unclaimed_events]

    assert (33, ["scroll", "zoom"]) == found("d", 33)
    assert (29, ["scroll"]) == found("d", 29)
    assert (28, []) == found("d", 28)
    assert (10, []) == found("d", 10)
    assert (None, []) == found("d", 9)
    assert (None, []) == found("d", 4)
    assert (None, []) == found("cd", 18)
    assert (24, ["scroll", "zoom"]) == found("", 24)


def test_few_journeys_or_few_customers_are_few() -> None:
    """A touchpoint of 1 to 9 journeys is small, and one of 1 to 9 customers however often they came; one of none is not."""
    counts = coverage({"a": 90, "b": 9, "c": 90}).touchpoints

    assert {"b"} == small_touchpoints(counts, {}, 10)
    assert {"b", "c"} == small_touchpoints(counts, {"a": 90, "b": 9, "c": 2, "d": 0}, 10)
    assert set() == small_touchpoints(counts, {"c": 2}, 1)


def test_a_share_does_not_count_those_who_end_at_a_withheld_touchpoint() -> None:
    """Of all journeys so many end there: that is the size of the group, whatever the share is of."""
    ends = score("c", scorer="moments", n=300, value=4 / 300)
    (found,) = left(coverage({**BIG, "ab": 56, "abc": 4}, without="c"), ends, few={"c"})

    assert ("suppressed", None, None) == (found.status, found.value, found.n)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.text(IDS, min_size=1, max_size=5), st.integers(1, 40), min_size=1, max_size=8),
    st.sampled_from([2, 5, 10]),
)
def test_where_a_move_is_missing_the_others_are_rounded(paths: dict[str, int], floor: int) -> None:
    """Small moves are left out; then every other one is its true number to the nearest multiple of the floor, else exact."""
    few = small_touchpoints(coverage(paths).touchpoints, {}, floor)
    true = coverage(paths, without="".join(few))
    seen = left(true, few=few, floor=floor).coverage
    known = {(m.source, m.target): m for m in true.moves}
    enough = {ends for ends, m in known.items() if not is_small(m.journeys, floor)}

    assert enough == {(m.source, m.target) for m in seen.moves}
    assert len(known) - len(enough) == seen.withheld_moves
    for move in seen.moves:
        was = known[move.source, move.target]
        if seen.moves_rounded_to is None:
            assert was == move
        else:
            assert all(n % floor == 0 and n for n in (move.count, move.journeys))
            assert all(2 * abs(n - m) <= floor for n, m in ((move.count, was.count), (move.journeys, was.journeys)))
    assert (floor if seen.withheld_moves else None) == seen.moves_rounded_to


def test_names_of_few_and_names_that_lead_to_people_are_not_listed() -> None:
    """Unclaimed events are named where enough customers have them and nothing in the name leads to anybody."""
    seen = coverage(BIG)

    assert (("scroll", 3),) == left(seen).coverage.unclaimed_events
    assert () == left(seen, names=["help ann@post.example"]).coverage.unclaimed_events


@pytest.mark.parametrize(
    "small",
    [
        {"n": 9},
        {"n": 1, "status": "low-n", "reason": "few-journeys"},
        {
            "n": 4,
            "status": "not-estimable",
            "reason": "no-next-event",
            "value": None,
            "interval": None,
            "components": (),
        },
        {"components": (Component(name="x", raw=1, scaled=1, weight=0.5, contribution=0.5, n=3),)},
        {"n": 9, "evidence": ()},
    ],
)
def test_a_score_on_few_is_withheld_whole(small: dict[str, Any]) -> None:
    """Value, interval, p, n, components, evidence and explanation of a score that rests on few are gone."""
    (found,) = left(coverage(BIG), score(p_value=0.04, **small))

    assert ("suppressed", "fewer-than-10", None, None, None, None, (), ()) == (
        *(found.status, found.reason, found.value, found.interval, found.p_value, found.n),
        *(found.components, found.evidence),
    )
    assert found.explanation == "Friction of A is withheld: it rests on fewer than 10 customers or journeys."
    assert "< 10" == count_text(found)


@pytest.mark.parametrize(
    "kept",
    [
        {"n": 10},
        {"n": 0, "status": "not-estimable", "reason": "not-reached", "value": None, "interval": None, "components": ()},
        # One value of a metric, two claims of the map, a target beside the value: no people.
        {"n": 1, "evidence": (EvidenceRef(table="metrics", sources=("k",), rows=1),)},
        {"n": 0, "components": (Component(name="declared", raw=1, scaled=1, weight=1, contribution=0.5, n=2),)},
        {"components": (Component(name="target", raw=1, scaled=1, weight=0, contribution=0.5, n=2),)},
    ],
)
def test_what_rests_on_enough_or_on_nobody_stays(kept: dict[str, Any]) -> None:
    """A score on ten, on none, on a metric or on the map's own claims is told as it is."""
    given = score(**kept)

    assert [given] == list(left(coverage(BIG), given))
    assert f"{given.n:,}" == count_text(given)


def test_rows_of_a_withheld_touchpoint_are_withheld_in_evidence() -> None:
    """A score's evidence does not tell the events of a withheld touchpoint, whichever score cites them."""
    journey = score("m", kind="journey", evidence=(*score().evidence, *score("d").evidence))
    found = left(coverage(FEW, without="d"), score(), journey, few={"d"})

    assert [[400], [400, None]] == [[ref.rows for ref in s.evidence] for s in found]


def test_a_kpi_through_a_withheld_touchpoint_is_withheld() -> None:
    """It was counted as if nobody came there, so its value would be wrong; one that leads elsewhere stays."""
    kpis = [score(f"to-{id}", kind="kpi", evidence=score(id).evidence) for id in "cd"]

    assert ["ok", "suppressed"] == [s.status for s in left(coverage(FEW, without="d"), *kpis, few={"d"})]


def test_a_kpi_that_begins_at_a_withheld_touchpoint_does_not_say_that_nobody_enters() -> None:
    """Its funnel finds nobody, so it cites no rows; that few did enter is withheld, not denied."""
    sources = {"from-d": ("d", "a"), "from-a": ("a", "b")}
    kpis = [Kpi(id=id, name=id, unit="%", source=FunnelSource(funnel=funnel)) for id, funnel in sources.items()]
    nobody: dict[str, Any] = {"n": 0, "value": None, "interval": None, "components": (), "evidence": ()}
    nobody |= {"status": "not-estimable", "reason": "no-entrants"}
    scores = [score(id, kind="kpi", **nobody) for id in sources]
    found = withheld(card(coverage(FEW, without="d"), *scores), attrs.evolve(JOURNEY, kpis=kpis), few={"d"})

    assert [("suppressed", "fewer-than-10"), ("not-estimable", "no-entrants")] == [(s.status, s.reason) for s in found]


def test_segments_leave_no_small_rest() -> None:
    """The smallest segments are withheld until everyone else is nobody or enough; overlapping ones take nobody out."""

    def statuses(whole: int, *parts: int) -> list[str]:
        scores = [score(n=whole), *(score(segment=f"p{i}", n=n) for i, n in enumerate(parts))]
        return [s.status for s in left(coverage(BIG), *scores)]

    assert ["ok", "ok", "ok"] == statuses(90, 50, 40)
    assert ["ok", "ok", "suppressed"] == statuses(95, 50, 40)
    assert ["ok", "suppressed", "suppressed"] == statuses(45, 40, 5)
    assert ["ok", "ok", "suppressed"] == statuses(90, 40, 5)
    assert ["ok", "ok", "ok"] == statuses(60, 50, 40)


def test_shares_that_add_up_to_1_lose_a_second() -> None:
    """Of shares that sum to 1 one alone is never missing; where they sum to something else nothing more goes."""

    def statuses(*values: float) -> list[str]:
        scores = [
            score(id, value=v, unit="share of conversions", n=4 if i == 0 else 40 + i)
            for i, (id, v) in enumerate(zip(IDS, values, strict=False))
        ]
        return [s.status for s in left(coverage(BIG), *scores)]

    assert ["suppressed", "suppressed", "ok"] == statuses(0.1, 0.4, 0.5)
    assert ["suppressed", "ok", "ok"] == statuses(0.2, 0.4, 0.5)


def test_a_scorer_that_withholds_by_itself_tells_no_number() -> None:
    """A score that is suppressed already keeps its reason and loses its n."""
    own = score(status="suppressed", reason="small-group", value=None, interval=None, components=(), n=7)
    (found,) = left(coverage(BIG), own)

    assert ("small-group", None, "withheld") == (found.reason, found.n, count_text(found))


def test_what_is_withheld_reads_back() -> None:
    """The JSON form holds null for what is withheld, and gives the same card back."""
    from journeykit.codec import dumps_scorecard, loads_scorecard

    made = left(coverage(FEW, without="d"), score("d", n=4), score(), few={"d"})

    assert made == loads_scorecard(dumps_scorecard(made))
    assert '"journeys": null' in dumps_scorecard(made)
    assert FLOOR == loads_scorecard(dumps_scorecard(made)).floor
