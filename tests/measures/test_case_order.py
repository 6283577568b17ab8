"""The order of the journeys in `Paths`, on which every resampling with a seed stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from journeykit.measures import Batch, Paths, Tracing
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint

LABELS = {"a": "a", "b": "b", "win": "win"}
JOURNEY = Journey(
    id="map",
    title="Map",
    outcome=Outcome(success=Match(event="win"), abandon=Match(event="quit"), within=timedelta(seconds=1)),
    stages=[
        Stage(id="all", title="All", touchpoints=[Touchpoint(id=i, title=i, match=Match(event=i)) for i in LABELS])
    ],
)
# Few times and names, so that many cases begin together and some are the same in all that is measured.
events = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", "win", "quit"])), min_size=1, max_size=4)
logs = st.lists(events.map(lambda rows: sorted(rows, key=lambda row: row[0])), min_size=1, max_size=8)


def arrays(paths: Paths) -> dict[str, Any]:
    return {
        a.name: value.tolist() if isinstance(value := getattr(paths, a.name), np.ndarray) else value
        for a in attrs.fields(Paths)
    }


def traced(make_batch: Callable[..., Batch], log: list[Any]) -> Paths:
    state = Tracing(JOURNEY)
    state.update(make_batch(log, labels=LABELS, success="win", abandon="quit"))
    return state.result().paths


@given(log=logs, data=st.data())
def test_the_order_follows_from_the_journeys_alone(
    make_batch: Callable[..., Batch], log: list[Any], data: st.DataObject
) -> None:
    """However an engine numbers the cases, the journeys stand in one order, the first to begin first."""
    shuffled = data.draw(st.permutations(log))
    one, two = (traced(make_batch, [(n, None, rows) for n, rows in enumerate(cases)]) for cases in (log, shuffled))

    assert arrays(one) == arrays(two)
    assert one.first.tolist() == sorted(one.first.tolist())
