"""Every figure of the small log of methods.md, each beside the nearest wrong definition, which must give another figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit import measures
from journeykit.evidence import EventLog
from journeykit.measures._moves import moved_again
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

Cases = dict[str, list[tuple[int, str]]]
MINUTE = timedelta(minutes=1)
NAMES = ("home", "catalog", "cart", "purchase")
JOURNEY = Journey(
    id="shop",
    title="Shop",
    outcome=Outcome(success=Match(event="purchase")),
    stages=[
        Stage(
            id="buy", title="Buy", touchpoints=[Touchpoint(id=f"at-{n}", title=n, match=Match(event=n)) for n in NAMES]
        )
    ],
)


def names(cases: Cases) -> list[list[str]]:
    return [[event for _, event in events] for events in cases.values()]


def test_transitions(small_log: EventLog, small_cases: Cases) -> None:
    """Directly-follows counts consecutive pairs within a case, self-loops kept."""
    expected = {
        ("cart", "home"): 2,
        ("cart", "purchase"): 3,
        ("cart", "search"): 1,
        ("catalog", "cart"): 3,
        ("catalog", "catalog"): 1,
        ("catalog", "home"): 1,
        ("catalog", "purchase"): 1,
        ("home", "cart"): 1,
        ("home", "catalog"): 4,
        ("home", "home"): 1,
        ("home", "search"): 1,
        ("search", "cart"): 1,
        ("search", "purchase"): 1,
    }
    flows = measures.transitions(small_log)

    assert expected == {(flow.source, flow.target): flow.count for flow in flows}

    def without_loops() -> Counter[tuple[str, str]]:
        return Counter(p for c in names(small_cases) for p in pairwise(c) if p[0] != p[1])

    def eventually() -> Counter[tuple[str, str]]:
        return Counter((c[i], c[j]) for c in names(small_cases) for i in range(len(c)) for j in range(i + 1, len(c)))

    def across_cases() -> Counter[tuple[str, str]]:
        joined = [event for case in names(small_cases) for event in case]
        return Counter(pairwise(joined))

    assert all(expected != wrong() for wrong in (without_loops, eventually, across_cases))


def test_terminals(small_log: EventLog, small_cases: Cases) -> None:
    """Starts and ends count a case's first and last event."""
    flows = measures.transitions(small_log)

    assert {"home": 5, "catalog": 1, "cart": 1} == {start.label: start.count for start in flows.starts}
    assert {"purchase": 5, "home": 2} == {end.label: end.count for end in flows.ends}

    def events_without_predecessor() -> set[str]:
        return {a for c in names(small_cases) for a in c} - {b for c in names(small_cases) for b in c[1:]}

    assert events_without_predecessor() != {start.label for start in flows.starts}


def test_gaps(small_log: EventLog, small_cases: Cases) -> None:
    """A pair's quantiles are of that pair's gaps, linear, in microseconds."""
    flow = measures.transitions(small_log)["cart", "purchase"]
    gaps = [60, 128 * 60, 60]

    assert timedelta(seconds=60) == flow.median
    assert timedelta(seconds=6156) == flow.p90
    assert sum(gaps) / 3 == 2600

    def ungrouped() -> float:
        every = [b[0] - a[0] for c in small_cases.values() for a, b in pairwise(c)]
        return float(np.quantile(every, 0.9)) * 60

    def nearest() -> float:
        return float(np.quantile(gaps, 0.9, method="higher"))

    def weibull() -> float:
        return float(np.quantile(gaps, 0.9, method="weibull"))

    assert all(flow.p90.total_seconds() != wrong() for wrong in (ungrouped, nearest, weibull))
    assert flow.median.total_seconds() != sum(gaps) / 3


def test_probabilities(small_log: EventLog, small_cases: Cases) -> None:
    """Out-probabilities are shares of all occurrences of the source, the end included."""
    found = measures.transitions(small_log).probabilities()

    assert pytest.approx(0.4444, abs=5e-5) == found["home", "catalog"].share
    assert pytest.approx(0.2222, abs=5e-5) == found["home", None].share
    assert sum(d.share for d in found if d.source == "home") == pytest.approx(1)

    def of_departures() -> float:
        followers = [b for c in names(small_cases) for a, b in pairwise(c) if a == "home"]
        return followers.count("catalog") / len(followers)

    assert of_departures() != pytest.approx(found["home", "catalog"].share)


def test_variants(small_log: EventLog, small_cases: Cases) -> None:
    """A variant is the ordered tuple of a case's events; top cuts the list, not the share."""
    found = measures.variants(small_log)

    assert NAMES == found[0].path
    assert [2, 1, 1, 1, 1, 1] == [variant.count for variant in found]
    assert found[:2] == measures.variants(small_log, top=2)[:2]
    assert len(measures.variants(small_log, top=2)) == 2
    assert 2 / 7 == measures.variants(small_log, top=1)[0].share

    def as_sets() -> list[int]:
        return sorted(Counter(frozenset(c) for c in names(small_cases)).values(), reverse=True)

    def without_repeats() -> list[int]:
        squeezed = (
            tuple(e for e, before in zip(c, [None, *c], strict=False) if e != before) for c in names(small_cases)
        )
        return sorted(Counter(squeezed).values(), reverse=True)

    assert [v.count for v in found] != as_sets()
    assert {v.path for v in found} != {tuple(dict.fromkeys(c)) for c in names(small_cases)}
    assert without_repeats() == [2, 1, 1, 1, 1, 1]
    assert ("home", "home") in {v.path for v in found}


def test_rework(small_log: EventLog, small_cases: Cases) -> None:
    """Rework counts cases that have an event twice or more, next to each other or not."""
    found = {record.label: record.cases for record in measures.rework(small_log) if record.cases}

    assert {"home": 2, "catalog": 1, "search": 1} == found

    def in_a_row() -> Counter[str]:
        return Counter(a for c in names(small_cases) for a, b in pairwise(c) if a == b)

    def customers_merged() -> set[str]:
        return {event for event, n in Counter(e for c in names(small_cases) for e in c).items() if n > 1}

    assert found != in_a_row()
    assert set(found) != customers_merged()


def test_reach(small_log: EventLog, small_cases: Cases) -> None:
    """Reach is a share of cases, not of events."""
    found = measures.reach(small_log)

    assert {"home": 7, "cart": 6, "catalog": 5, "purchase": 5, "search": 1} == {r.label: r.cases for r in found}
    assert 6 / 7 == found["cart"].share

    occurrences = Counter(e for c in names(small_cases) for e in c)
    assert occurrences != {r.label: r.cases for r in found}
    assert occurrences["cart"] / sum(occurrences.values()) != found["cart"].share


def test_sessions(small_log: EventLog, small_cases: Cases) -> None:
    """A gap greater than half an hour starts a new session: u3 has two, the others one."""
    (summary,) = measures.sessions(small_log)
    per_customer = (
        measures.sessionize(small_log).to_polars(customers="raw").group_by("customer").n_unique().sort("customer")
    )

    assert ((1, 6), (2, 1)) == summary.per_customer
    assert (8, 1, 28) == (summary.sessions, summary.bounces, summary.events)
    assert [1, 1, 2, 1, 1, 1, 1] == per_customer["session"].to_list()

    def by_length_from_the_start() -> list[int]:
        return [len({minute // 5 for minute, _ in events}) for events in small_cases.values()]

    assert per_customer["session"].to_list() != by_length_from_the_start()


def test_session_limit(small_log: EventLog, small_cases: Cases) -> None:
    """A gap of exactly the timeout does not start a new session."""

    def with_timeout(minutes: float) -> int:
        return measures.sessions(small_log, timeout=minutes * MINUTE)[0].sessions

    assert 8 == with_timeout(128 - 1 / 60) == with_timeout(30)
    assert 7 == with_timeout(128)

    def from_the_timeout_on(minutes: int) -> int:
        gaps = [b[0] - a[0] for case in small_cases.values() for a, b in pairwise(case)]
        return len(small_cases) + sum(gap >= minutes for gap in gaps)

    assert from_the_timeout_on(128) != with_timeout(128)


FUNNELS = [
    ("ordered", ["home", "catalog", "cart", "purchase"], None, [7, 4, 3, 2]),
    ("ordered", ["home", "cart", "purchase"], None, [7, 5, 4]),
    ("ordered", ["home", "cart", "purchase"], 60, [7, 5, 3]),
    ("ordered", ["home", "purchase", "cart"], None, [7, 5, 0]),
    ("strict", ["home", "cart", "purchase"], None, [7, 1, 1]),
    ("strict", ["home", "catalog", "cart", "purchase"], None, [7, 4, 2, 2]),
    ("any-order", ["home", "purchase", "cart"], None, [7, 5, 4]),
    ("any-order", ["home", "cart", "purchase"], None, [7, 5, 4]),
]


@pytest.mark.parametrize(("mode", "steps", "minutes", "expected"), FUNNELS)
def test_funnels(small_log: EventLog, mode: Any, steps: list[str], minutes: int | None, expected: list[int]) -> None:
    """The three modes, with and without a window, give the figures of methods.md; shares are of the entrants of step 1."""
    within = None if minutes is None else minutes * MINUTE
    found = measures.funnel(small_log, steps, mode=mode, within=within)

    assert expected == [step.entered for step in found]
    assert [entered / 7 for entered in expected] == [step.share for step in found]
    assert [0, *(a - b for a, b in pairwise(expected))] == [step.lost for step in found]


def reached(cases: Cases, steps: list[str], ends: Callable[..., int]) -> list[int]:
    """How many cases reach each depth by a wrong definition."""
    depths = [ends(case, steps) for case in cases.values()]
    return [sum(depth > k for depth in depths) for k in range(len(steps))]


def test_wrong_strict(small_cases: Cases) -> None:
    """Strict is neither tolerant of a repeated step (PostHog: 7, 4, 3, 2) nor merely ordered."""

    def tolerant(case: list[tuple[int, str]], steps: list[str]) -> int:
        best = 0
        for start in range(len(case)):
            depth = 0
            for _, event in case[start:]:
                if depth < len(steps) and event == steps[depth]:
                    depth += 1
                elif not depth or event != steps[depth - 1]:
                    break
            best = max(best, depth)
        return best

    steps = ["home", "catalog", "cart", "purchase"]

    assert [7, 4, 3, 2] == reached(small_cases, steps, tolerant)
    assert [7, 4, 3, 2] != FUNNELS[5][3]


def test_wrong_ordered(small_cases: Cases) -> None:
    """Ordered is neither independent counts, nor without re-entry, nor with a window between steps."""

    def independent(case: list[tuple[int, str]], steps: list[str]) -> int:
        present = [step in {event for _, event in case} for step in steps]
        return present.index(False) if False in present else len(steps)

    def window_between_steps(case: list[tuple[int, str]], steps: list[str]) -> int:
        depth, last = 0, 0
        for minute, event in case:
            if depth < len(steps) and event == steps[depth] and (depth == 0 or minute - last <= 129):
                depth, last = depth + 1, minute
        return depth

    assert FUNNELS[0][3] != reached(small_cases, FUNNELS[0][1], independent)
    assert FUNNELS[3][3] != reached(small_cases, FUNNELS[3][1], independent)
    # u3 enters at 1 and buys at 130: 129 minutes from the entry, 128 from the step before.
    assert [7, 5, 4] == reached(small_cases, FUNNELS[1][1], window_between_steps)


def test_window_inclusive(small_log: EventLog, small_cases: Cases) -> None:
    """The window runs from the entry of step 1 and includes its last moment."""

    def converted(minutes: int) -> int:
        return measures.funnel(small_log, ["home", "cart", "purchase"], within=minutes * MINUTE)[-1].entered

    assert (4, 3) == (converted(129), converted(128))

    def minutes_to_purchase(since: str) -> list[int]:
        found = []
        for case in small_cases.values():
            path = [event for _, event in case if event in ("home", "cart", "purchase")]
            if path[-3:] == ["home", "cart", "purchase"]:
                times = {event: minute for minute, event in case}
                found.append(times["purchase"] - times[since])
        return found

    def exclusive(minutes: int) -> int:
        return sum(spent < minutes for spent in minutes_to_purchase("home"))

    def from_the_step_before(minutes: int) -> int:
        return sum(spent <= minutes for spent in minutes_to_purchase("cart"))

    assert 4 == sum(spent <= 129 for spent in minutes_to_purchase("home"))
    assert exclusive(129) != converted(129)
    assert from_the_step_before(128) != converted(128)


def test_any_order_after_entry(small_log: EventLog, small_cases: Cases) -> None:
    """In any order the later steps still come after an entry: u6's cart stands before its home."""
    found = measures.funnel(small_log, ["home", "cart", "purchase"], mode="any-order")

    def anywhere(case: list[tuple[int, str]], steps: list[str]) -> int:
        present = [step in {event for _, event in case} for step in steps]
        return present.index(False) if False in present else len(steps)

    assert [step.entered for step in found] != reached(small_cases, ["home", "cart", "purchase"], anywhere)


def test_reentry(make_log: Callable[..., EventLog]) -> None:
    """home@0, home@100, buy@101 with a window of 5 s converts, one second after the entry that counts."""
    start = datetime(2024, 1, 1)
    rows = [("u", start + timedelta(seconds=s), e) for s, e in ((0, "home"), (100, "home"), (101, "buy"))]
    found = measures.funnel(make_log(rows), ["home", "buy"], within=timedelta(seconds=5))

    assert [1, 1] == [step.entered for step in found]
    assert timedelta(seconds=1) == found["buy"].median_time

    def from_the_first_entry() -> bool:
        entry = next(time for _, time, event in rows if event == "home")
        return rows[-1][1] - entry <= timedelta(seconds=5)

    assert not from_the_first_entry()


def test_denominator(small_log: EventLog) -> None:
    """A funnel's share and interval are of the entrants of step 1, not of the step before nor of all cases."""
    found = measures.funnel(small_log, ["catalog", "cart", "purchase"])
    last = found["purchase"]

    assert [5, 4, 3] == [step.entered for step in found]
    assert 3 / 5 == last.share
    assert last.interval is not None
    assert (pytest.approx(0.2307, abs=1e-4), pytest.approx(0.8824, abs=1e-4)) == (last.interval.low, last.interval.high)
    assert found["catalog"].interval is None
    assert last.share not in (3 / 4, 3 / 7)


def test_steps(small_log: EventLog, small_cases: Cases) -> None:
    """The step matrix is a share of all cases; finished ones stay in it as the end."""
    found = measures.steps(small_log, depth=6)

    assert pytest.approx(0.571429, abs=5e-7) == found[3, "cart"].share
    assert pytest.approx(0.285714, abs=5e-7) == found[3, "catalog"].share
    assert pytest.approx(0.142857, abs=5e-7) == found[3, None].share
    assert 1 == found[6, None].share
    for step in range(1, 7):
        assert sum(share.share for share in found if share.step == step) == pytest.approx(1)

    def of_the_living() -> float:
        third = [case[2] for case in names(small_cases) if len(case) > 2]
        return third.count("cart") / len(third)

    assert of_the_living() != pytest.approx(found[3, "cart"].share)


def test_drop_off(small_log: EventLog, small_cases: Cases) -> None:
    """Drop-off divides closed cases that ended there without success by those that reached it."""
    found = measures.drop_off(small_log, JOURNEY, inactivity=timedelta(0))

    assert [2, 0, 0, 0] == [record.dropped for record in found]
    assert [7, 5, 6, 5] == [record.reached for record in found]
    assert 2 / 7 == found["at-home"].share

    def last_events() -> list[int]:
        last = Counter(case[-1] for case in names(small_cases))
        return [last[name] for name in NAMES]

    def of_visits() -> float:
        return 2 / sum(case.count("home") for case in names(small_cases))

    assert [record.dropped for record in found] != last_events()
    assert found["at-home"].share not in (of_visits(), 2 / 2)


def test_open(small_log: EventLog) -> None:
    """With the usual inactivity every case of the small log is still open, and open is never lost."""
    found = measures.drop_off(small_log, JOURNEY)

    assert [0, 0, 0, 0] == [record.dropped for record in found] == [record.reached for record in found]
    assert [7, 5, 6, 5] == [record.open for record in found]
    assert all(record.share is None and record.interval is None for record in found)


def test_on_board(small_log: EventLog, small_cases: Cases) -> None:
    """Still on board counts cases whose furthest touchpoint lies at or past a position."""
    found = measures.on_board(small_log, JOURNEY)

    assert [7, 6, 6, 5] == [record.cases for record in found]
    assert 6 / 7 == found["at-catalog"].share

    def reach() -> list[int]:
        return [sum(name in case for case in names(small_cases)) for name in NAMES]

    def last() -> list[int]:
        at = [max(i for i, n in enumerate(NAMES) if n in (case[-1], "home")) for case in names(small_cases)]
        return [sum(place >= k for place in at) for k in range(4)]

    assert all([record.cases for record in found] != wrong() for wrong in (reach, last))


def test_backtrack(small_log: EventLog, small_cases: Cases) -> None:
    """A backtrack is a move to an earlier position of the map; a repeat is none."""
    found = measures.backtrack(small_log, JOURNEY)

    assert [0, 1, 2, 0] == [record.cases for record in found] == [record.moves for record in found]
    assert 2 / 6 == found["at-cart"].share

    def to_anything_seen_before() -> list[int]:
        moves = Counter(a for c in names(small_cases) for i, (a, b) in enumerate(pairwise(c)) if b in c[: i + 1])
        return [moves[name] for name in NAMES]

    assert [record.moves for record in found] != to_anything_seen_before()


def test_trace(small_log: EventLog) -> None:
    """The trace of the small log: five conversions, two drops, two searches that no touchpoint claims."""
    found = measures.trace(small_log, JOURNEY, inactivity=timedelta(0)).coverage

    assert (28, 26, 2) == (found.events, found.claimed, found.unclaimed)
    assert (7, 7, 0, 7, 0, 5) == (found.cases, found.journeys, found.off_map, found.closed, found.open, found.converted)
    assert (("search", 2),) == found.unclaimed_events
    assert (0, "file and record") == (found.ties, found.tie_rule)
    assert [7, 6, 6, 5] == [touchpoint.on_board for touchpoint in found.touchpoints]


def test_moves(small_log: EventLog, small_cases: Cases) -> None:
    """What directly follows what up to the end, searches passed over; each start and each end is a move too."""
    found = measures.trace(small_log, JOURNEY, inactivity=timedelta(0)).coverage.moves
    paths = [[f"at-{name}" for name in path if name != "search"] for path in names(small_cases)]
    walked = [[None, *path, None] for path in paths]

    assert Counter(move for path in walked for move in pairwise(path)) == {
        (move.source, move.target): move.count for move in found
    }
    assert 7 == sum(move.count for move in found if move.source is None)
    assert 7 == sum(move.count for move in found if move.target is None)
    assert found[0].source is None


@given(st.lists(st.lists(st.integers(0, 4), max_size=40), max_size=6))
def test_repeated_moves_of_long_journeys_count_once_a_journey(journeys: list[list[int]]) -> None:
    """Short journeys are looked through backwards and long ones sorted; both find what was made before."""
    steps = np.array([len(journey) for journey in journeys], dtype=np.int64)
    pairs = np.array([move for journey in journeys for move in journey], dtype=np.int64)
    expected = [move in journey[:place] for journey in journeys for place, move in enumerate(journey)]

    assert expected == moved_again(pairs, steps).tolist()
