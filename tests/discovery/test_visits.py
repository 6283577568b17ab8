"""The fold behind a draft: the same figures however the cases are cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest

from journeykit.discovery._visits import Names, Visits
from journeykit.evidence import EventLog
from journeykit.measures import Batch, View, ordered
from journeykit.model import Journey, Match, Stage, Touchpoint

JOURNEY = Journey(
    id="j",
    title="J",
    stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id=n, title=n, match=Match(event=n)) for n in "abc"])],
)
LOG = {
    "1": [(0, "a"), (1, "a"), (3, "b"), (3, "c")],
    "2": [(0, "b"), (9, "a")],
    "3": [(0, "c"), (1, "noise"), (7, "c")],
    "4": [(0, "noise")],
    "5": [(0, "a"), (2, "b"), (4, "a")],
}


@pytest.fixture
def log(make_log: Callable[..., EventLog]) -> EventLog:
    return make_log(LOG)


def test_by_hand(log: EventLog) -> None:
    """Steps count different touchpoints, gaps run to the next event on the map, a last event has none."""
    visits = Visits()
    for batch in ordered(log, View(journey=JOURNEY)):
        visits.update(batch)
    seen = visits.result()
    a, b, c = (seen.visits[name] for name in "abc")

    assert (3, Fraction(1), Fraction(4, 3)) == (a.cases, a.median, a.mean)
    assert (3, Fraction(2), Fraction(5, 3)) == (b.cases, b.median, b.mean)
    assert (2, Fraction(2), Fraction(2)) == (c.cases, c.median, c.mean)
    assert [timedelta(minutes=2), timedelta(minutes=2), timedelta(minutes=7)] == [a.gap, b.gap, c.gap]
    assert 1 == seen.ties


def alone(batch: Batch, index: int) -> Batch:
    """One case of the batch as a batch of its own."""
    start, stop = batch.offsets[index : index + 2].tolist()
    rows = {name: getattr(batch, name)[start:stop] for name in ("times", "codes", "names", "success", "abandon")}
    return attrs.evolve(
        batch,
        cases=batch.cases[index : index + 1],
        segments=batch.segments[index : index + 1],
        keys=batch.keys[index : index + 1],
        offsets=np.array([0, stop - start]),
        ties=int((np.diff(rows["times"]) == 0).sum()),
        **rows,
    )


@pytest.mark.parametrize("continuing", [False, True])
@pytest.mark.parametrize("measure", [Names, Visits])
def test_merging_gives_the_same(log: EventLog, measure: type[Names | Visits], continuing: bool) -> None:
    """However the cases are cut into batches and in whatever order the states merge, the result is the same."""
    whole = measure()
    for batch in ordered(log, View(journey=JOURNEY)):
        whole.update(batch)
    parts: list[Any] = []
    for batch in ordered(log, View(journey=JOURNEY, keys=True)):
        for index in range(len(batch)):
            parts.append(measure(continuing=continuing))
            parts[-1].update(alone(batch, index))
    last = parts.pop()
    for part in parts:
        last.merge(part)

    assert len(parts) == 4
    assert whole.result() == last.result()
    assert last.nbytes > 0


def test_names_by_hand(log: EventLog) -> None:
    """Cases that have a name once or more, and all its events."""
    names = Names()
    for batch in ordered(log, View()):
        names.update(batch)

    assert ({"a": 3, "b": 3, "c": 2, "noise": 2}, {"a": 5, "b": 3, "c": 3, "noise": 2}) == names.result()
