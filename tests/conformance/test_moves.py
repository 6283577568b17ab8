"""Moves, plans and fit are what their definitions say, counted again in plain Python."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.conformance import Fit, fit, moves, planned_moves
from journeykit.measures import Paths
from journeykit.model import Journey, Match, Stage, Touchpoint, Transition

IDS = "abcd"


def paths_of(cases: list[tuple[str, int | None, bool]]) -> Paths:
    """Paths from (visits, place of the success in them or None, open)."""
    size = len(cases)
    codes = [IDS.index(sign) for visits, _, _ in cases for sign in visits]
    lengths = [len(visits) for visits, _, _ in cases]
    won = [place for _, place, _ in cases]
    none = np.zeros(size, dtype=np.bool_)
    return Paths(
        touchpoints=tuple(IDS),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        codes=np.array(codes, dtype=np.int32),
        times=np.arange(len(codes), dtype=np.int64),
        cut=np.array([n if w is None else w for n, w in zip(lengths, won, strict=True)], dtype=np.int64),
        success_code=np.array([-1 if w is None else IDS.index(v[w]) for (v, w, _) in cases], dtype=np.int32),
        converted=np.array([w is not None for w in won], dtype=np.bool_),
        abandoned=none,
        late=none,
        open=np.array([waiting for _, _, waiting in cases], dtype=np.bool_),
        first=np.zeros(size, dtype=np.int64),
        ended=np.zeros(size, dtype=np.int64),
    )


def journey(planned: list[str], hidden: str = "") -> Journey:
    """A map of a, b, c, d; ``planned`` are moves such as "ab", the touchpoints in ``hidden`` have no rule."""
    points = [Touchpoint(id=id, title=id, match=None if id in hidden else Match(event=id)) for id in IDS]
    moves = [Transition(source=source, target=target) for source, target in planned]
    return Journey(id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=points)], planned=moves)


@st.composite
def cases(draw: st.DrawFn) -> list[tuple[str, int | None, bool]]:
    found = []
    for visits in draw(st.lists(st.text(IDS, max_size=6), max_size=8)):
        won = draw(st.none() | st.integers(0, len(visits) - 1)) if visits else None
        found.append((visits, won, draw(st.booleans())))
    return found


@given(cases=cases(), planned=st.lists(st.text(IDS, min_size=2, max_size=2), max_size=6))
def test_moves_and_fit_equal_a_plain_count(cases: list[tuple[str, int | None, bool]], planned: list[str]) -> None:
    """Counts, journeys and fit are those of a loop over the closed journeys up to their success."""
    closed = [visits if won is None else visits[: won + 1] for visits, won, waiting in cases if not waiting]
    steps = [[x + y for x, y in pairwise(visits) if x != y] for visits in closed]
    allowed = set(planned) or {x + y for x in IDS for y in IDS if x <= y}
    moving = [made for made in steps if made]
    fitting = sum(set(made) <= allowed for made in moving)

    found = moves(paths_of(cases))
    counts, journeys = Counter(m for made in steps for m in made), Counter(m for made in steps for m in set(made))
    assert counts == {IDS[i] + IDS[j]: found.counts[i, j] for i, j in np.argwhere(found.counts)}
    assert journeys == {IDS[i] + IDS[j]: found.journeys[i, j] for i, j in np.argwhere(found.journeys)}
    assert found.total == sum(counts.values())
    assert [sum(n for move, n in counts.items() if move[0] == id) for id in IDS] == found.departures().tolist()
    assert Fit(
        journeys=sum(bool(visits) for visits in closed),
        moving=len(moving),
        fitting=fitting,
        moves=sum(counts.values()),
        off_plan=sum(n for move, n in counts.items() if move not in allowed),
        share=fitting / len(moving) if moving else None,
    ) == fit(paths_of(cases), journey(planned))


@pytest.mark.parametrize(
    ("planned", "hidden", "expected"),
    [
        ([], "", "ab ac ad bc bd cd"),
        (["ab", "bc"], "", "ab bc"),
        # What leads through touchpoints that no event shows is planned from end to end.
        (["ab", "bc"], "b", "ab bc ac"),
        (["ab", "bc", "cd"], "bc", "ab bc cd ac bd ad"),
        (["cb", "bd", "ac"], "bc", "cb bd ac ab cd ad"),
        (["ab", "cd"], "bc", "ab cd"),
    ],
)
def test_the_plan_is_the_transitions_and_what_lies_behind_the_unseen(
    planned: list[str], hidden: str, expected: str
) -> None:
    """Without a plan every move forward is planned; with one, its moves and those through unseen touchpoints; staying always."""
    plan: Any = planned_moves(journey(planned, hidden))

    assert {*expected.split(), "aa", "bb", "cc", "dd"} == {IDS[i] + IDS[j] for i, j in np.argwhere(plan)}


def test_a_map_without_touchpoints_has_no_moves() -> None:
    """Nothing to move between is an empty count, not an error."""
    empty = Journey(id="j", title="J")

    assert (0, 0) == planned_moves(empty).shape
