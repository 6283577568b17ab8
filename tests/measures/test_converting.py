from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit import measures
from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.measures import Batch
from journeykit.measures._incidences import Curve
from journeykit.measures.converting import Converting
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

Make = Callable[..., EventLog]
SECOND = timedelta(seconds=1)
START = datetime(2024, 1, 1)
JOURNEY = Journey(
    id="shop",
    title="Shop",
    outcome=Outcome(success=Match(event="pay"), abandon=Match(event="quit"), within=timedelta(hours=1)),
    stages=[
        Stage(id="all", title="All", touchpoints=[Touchpoint(id="look", title="Looks", match=Match(event="look"))])
    ],
)
LABELS = {"a": "a", "b": "b", "win": "win"}


def ints(values: Any) -> Any:
    return np.array(list(values), dtype=np.int64)


def test_reference_value(shared_data: Path) -> None:
    """The published identity: .4722, where 1 - Kaplan-Meier would say .5800."""
    values = json.loads((shared_data.parent / "reference_values.json").read_text())["values"]
    (value,) = (value for value in values if value["id"] == "aalen_johansen_identity")
    rows = list(zip(value["inputs"]["t"], value["inputs"]["event(1=convert,2=abandon,0=censored)"], strict=True))
    curve = Curve.of(*(ints(t for t, kind in rows if kind == wanted) for wanted in (1, 2, 0)))

    assert value["expected"]["cif"] == pytest.approx(curve.converted[-1], abs=value["tolerance"])


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30))
@settings(max_examples=100)
def test_without_censoring(found: list[tuple[int, bool]]) -> None:
    """When all is seen, the incidence is the plain share, its variance that of a share, and nobody is left."""
    curve = Curve.of(ints(t for t, won in found if won), ints(t for t, won in found if not won), ints(()))
    for place, time in enumerate(curve.times.tolist()):
        share = sum(won and t <= time for t, won in found) / len(found)

        assert share == pytest.approx(curve.converted[place])
        assert share * (1 - share) / len(found) == pytest.approx(curve.variance[place], abs=1e-12)
    assert curve.converted[-1] + curve.abandoned[-1] == pytest.approx(1)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=1, max_size=25))
@settings(max_examples=150)
def test_against_a_loop(found: list[tuple[int, int]]) -> None:
    """The estimates are those of the recursion over the times, written out."""
    curve = Curve.of(*(ints(t for t, kind in found if kind == wanted) for wanted in (1, 2, 0)))
    survival, incidence, lost = 1.0, 0.0, 0.0
    points = {}
    for time in sorted({t for t, kind in found if kind}):
        n = sum(t >= time for t, _ in found)
        won, gone = (sum((t, kind) == (time, wanted) for t, kind in found) for wanted in (1, 2))
        incidence += survival * won / n
        lost += survival * gone / n
        survival *= 1 - (won + gone) / n
        points[time] = (n, incidence, lost)

    assert sorted(points) == curve.times.tolist()
    for place, time in enumerate(curve.times.tolist()):
        n, share, gave_up = points[time]
        assert n == curve.by(time)[0]
        assert (share, gave_up) == pytest.approx((curve.converted[place], curve.abandoned[place]))
    for time in range(8):
        assert sum(t >= time for t, _ in found) == curve.by(time)[0]
    assert (curve.variance >= -1e-12).all()


def test_on_a_log(make_log: Make) -> None:
    """Converted at the success, abandoned at the abandon event or after the silence, open cases censored at the log's end."""
    hour = timedelta(hours=1)
    rows = [
        ("won", START, "look"), ("won", START + 20 * SECOND, "pay"),
        ("quit", START, "look"), ("quit", START + 30 * SECOND, "quit"),
        ("late", START, "look"), ("late", START + 2 * hour, "pay"),
        ("open", START + 3 * hour, "look"),
    ]  # fmt: skip
    log = make_log(rows, observed_until=(START + 3 * hour + 60 * SECOND).replace(tzinfo=UTC))
    found = measures.time_to_convert(log, journey=JOURNEY, at=(10 * SECOND, 25 * SECOND, hour))
    (summary,) = found.summaries

    assert (4, 1, 2, 1) == (summary.cases, summary.converted, summary.abandoned, summary.open)
    assert None is summary.median
    assert [(0.0, 0.0), (0.25, 0.0), (0.25, 0.75)] == [(row.converted, row.abandoned) for row in found]
    assert [4, 3, 1] == [row.at_risk for row in found]
    assert found[hour].interval.low < 0.25 < found[hour].interval.high


def test_cases_off_the_map(make_log: Make) -> None:
    """With a map a case counts where a touchpoint, the success or giving up claims an event of it, as on a trace."""
    rows = [
        ("won", START, "look"), ("won", START + SECOND, "pay"),
        ("pays at once", START, "pay"),
        ("quits at once", START, "quit"),
        ("off", START, "scroll"), ("off", START + SECOND, "scroll"),
    ]  # fmt: skip
    log = make_log(rows, observed_until=(START + timedelta(days=9)).replace(tzinfo=UTC))
    seen = measures.trace(log, JOURNEY).coverage
    (summary,) = measures.time_to_convert(log, journey=JOURNEY).summaries

    assert (4, 3, 1) == (seen.cases, seen.journeys, seen.off_map)
    assert (3, 2, 1, 0) == (summary.cases, summary.converted, summary.abandoned, summary.open)
    assert 4 == measures.time_to_convert(log, "pay").summaries[None].cases


def test_by_event(make_log: Make) -> None:
    """Without a map an event name is the conversion, and a segment column splits the cases."""
    rows = [
        ("u", START, "a", "web"),
        ("u", START + SECOND, "b", "app"),
        ("v", START, "b", "app"),
        ("w", START, "a", None),
    ]
    log = make_log(rows, extra={"channel": "VARCHAR"})
    found = measures.time_to_convert(log, "b", by="channel", at=(timedelta(0), SECOND))

    assert [0.0, 1.0] == [found["web", time].converted for time in (timedelta(0), SECOND)]
    assert SECOND == found.summaries["web"].median
    assert 1.0 == found["app", timedelta(0)].converted
    assert 1 == found.summaries[None].open
    assert 0.0 == measures.time_to_convert(log, "never")[timedelta(days=90)].converted


def test_refusals(make_log: Make) -> None:
    """Nothing to convert to, an unknown touchpoint and negative times are refused."""
    log = make_log([("u", START, "a")])
    for arguments, said in (
        ({}, "to= is missing"),
        ({"to": "cart", "journey": JOURNEY}, "no touchpoint 'cart'"),
        ({"to": "a", "inactivity": -SECOND}, "cannot be negative"),
        ({"to": "a", "at": (-SECOND,)}, "cannot be negative"),
    ):
        with pytest.raises(ArgumentError, match=said):
            measures.time_to_convert(log, **arguments)


def test_never_closed(make_log: Make) -> None:
    """A silence longer than any log leaves every case without conversion open."""
    log = make_log([("u", START, "a"), ("v", START, "a"), ("v", START + SECOND, "b")])
    found = measures.time_to_convert(log, "b", inactivity=timedelta.max)

    assert (1, 0, 1) == (found.summaries[None].converted, found.summaries[None].abandoned, found.summaries[None].open)


def test_around(make_log: Make) -> None:
    """Around an event, steps count from its first occurrence in the cases that have it, before and after."""
    walks = {"u": "abcb", "v": "b", "w": "aab", "x": "ac"}
    log = make_log([(u, START + i * SECOND, e) for u, walk in walks.items() for i, e in enumerate(walk)])
    found = {(s.step, s.label): s.cases for s in measures.steps(log, around="b", depth=2)}

    assert {
        (-2, None): 2, (-2, "a"): 1, (-1, "a"): 2, (-1, None): 1, (0, "b"): 3,
        (1, "c"): 1, (1, None): 2, (2, "b"): 1, (2, None): 2,
    } == found  # fmt: skip
    assert 0 == len(measures.steps(log, around="never"))


@given(
    walks=st.lists(st.tuples(st.sampled_from([None, "x"]), st.text("ab", min_size=1, max_size=6)), max_size=8),
    depth=st.integers(1, 3),
)
@settings(max_examples=100)
def test_around_reference(make_batch: Callable[..., Batch], walks: list[tuple[str | None, str]], depth: int) -> None:
    """The steps around an event are those of a plain loop over the cases."""
    state = measures.Steps(depth=depth, around="b", by=True)
    state.update(make_batch([(n, s, list(enumerate(walk))) for n, (s, walk) in enumerate(walks)], labels=LABELS))
    expected: dict[Any, int] = {}
    for segment, walk in walks:
        if "b" in walk:
            for step in range(-depth, depth + 1):
                place = walk.index("b") + step
                label = walk[place] if 0 <= place < len(walk) else None
                expected[segment, step, label] = expected.get((segment, step, label), 0) + 1

    assert expected == {(s.segment, s.step, s.label): s.cases for s in state.result()}


rows_of_cases = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["a", "win", "quit", "noise"])), min_size=1, max_size=6),
    max_size=8,
)


@given(
    log=rows_of_cases,
    until=st.integers(0, 12),
    inactivity=st.integers(0, 5),
    within=st.one_of(st.none(), st.integers(0, 5)),
)  # fmt: skip
@settings(max_examples=150)
def test_endings_reference(
    make_batch: Callable[..., Batch], log: list[Any], until: int, inactivity: int, within: int | None
) -> None:
    """Who converted, abandoned or is open, and after how long, is what a plain loop over the rows of each case says."""
    micro = timedelta(microseconds=1)
    log = [sorted(rows, key=lambda row: row[0]) for rows in log]
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    state = Converting(
        within=None if within is None else within * micro,
        inactivity=inactivity * micro,
        observed_until=epoch + until * micro,
        at=tuple(i * micro for i in range(14)),
    )
    state.update(
        make_batch([(n, None, rows) for n, rows in enumerate(log)], labels=LABELS, success="win", abandon="quit")
    )
    ends: tuple[list[int], list[int], list[int]] = ([], [], [])
    for rows in log:
        if {name for _, name in rows} == {"noise"}:
            continue
        first = rows[0][0]
        inside = [(t - first, name) for t, name in rows if within is None or t - first <= within]
        won, gone = ([t for t, name in inside if name == wanted] for wanted in ("win", "quit"))
        last = first + inside[-1][0]
        closed = until - last >= inactivity
        end = (last + inactivity if closed else until) - first
        end = end if within is None else min(end, within)
        kind, time = (0, won[0]) if won else (1, gone[0]) if gone else (1 if closed else 2, end)
        ends[kind].append(time)
    curve = Curve.of(*map(ints, ends))

    assert tuple(map(len, ends)) == curve.counts
    for row in state.result():
        assert curve.by(row.time // micro) == (row.at_risk, row.converted, row.interval, row.abandoned)
    assert all(a.converted <= b.converted for a, b in pairwise(state.result()))
