"""Measures that need the order of the map: drop-off, still on board, backtrack."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.evidence import EventLog
from journeykit.inference import wilson
from journeykit.measures._tallies import distinct
from journeykit.measures.ordering import Progress
from journeykit.measures.paths import Paths
from journeykit.measures.tracing import touchpoint_counts, trace
from journeykit.model import Journey
from journeykit.results import Interval, Records

__all__ = ["Backtrack", "DropOff", "OnBoard", "backtrack", "drop_off", "on_board"]


@frozen(kw_only=True)
class DropOff:
    """Of the closed cases that ``reached`` the touchpoint, those ``dropped`` there: without success, it was their last.

    ``open`` cases that reached it are still under way and in neither number. ``share`` and its Wilson interval (95 %) are None
    where no closed case reached it.
    """

    touchpoint: str
    reached: int
    dropped: int
    open: int
    share: float | None
    interval: Interval | None


@frozen(kw_only=True)
class OnBoard:
    """How many cases have their furthest touchpoint in map order at this one or past it; ``share`` is of all on the map."""

    touchpoint: str
    cases: int
    share: float | None


@frozen(kw_only=True)
class Backtrack:
    """Of the cases that ``reached`` the touchpoint, those whose next touchpoint lay earlier on the map; ``moves`` in all."""

    touchpoint: str
    reached: int
    cases: int
    moves: int
    share: float | None


def drop_off(
    events: EventLog, journey: Journey, *, inactivity: timedelta | None = None, progress: Progress | None = None
) -> Records[DropOff]:
    """Where closed cases without success ended, touchpoint by touchpoint in map order.

    A path runs up to and including its success; ``inactivity`` and what is closed as in `trace`. Raises `ArgumentError`.
    """
    paths = _paths(events, journey, inactivity, progress)
    closed, waiting = paths.select(~paths.open), paths.select(paths.open)
    reached, still = _cases_at(closed), _cases_at(waiting)
    lost = ~closed.converted & (closed.lengths() > 0)
    last = closed.codes[closed.offsets[1:][lost] - 1]
    dropped = np.bincount(last, minlength=len(paths.touchpoints))
    rows = (
        DropOff(
            touchpoint=id,
            reached=int(reached[i]),
            dropped=int(dropped[i]),
            open=int(still[i]),
            share=_share(dropped[i], reached[i]),
            interval=wilson(int(dropped[i]), int(reached[i])),
        )
        for i, id in enumerate(paths.touchpoints)
    )
    return Records(rows, kind=DropOff, key=("touchpoint",))


def on_board(events: EventLog, journey: Journey, *, progress: Progress | None = None) -> Records[OnBoard]:
    """Still on board: the share of cases whose furthest touchpoint in map order is at or past each position.

    Falling by construction. Over all cases on the map, open ones included, over all their events. Raises `ArgumentError`.
    """
    paths = trace(events, journey, progress=progress).paths
    rows = (
        OnBoard(touchpoint=count.id, cases=count.on_board or 0, share=_share(count.on_board or 0, len(paths)))
        for count in touchpoint_counts(paths)
    )
    return Records(rows, kind=OnBoard, key=("touchpoint",))


def backtrack(events: EventLog, journey: Journey, *, progress: Progress | None = None) -> Records[Backtrack]:
    """From which touchpoints cases go straight back to an earlier position of the map, in map order.

    Over the paths up to and including their success, open cases included: what was observed. Raises `ArgumentError`.
    """
    paths = _paths(events, journey, None, progress)
    size = len(paths.touchpoints)
    owners = paths.owners()
    back = (owners[1:] == owners[:-1]) & (paths.codes[1:] < paths.codes[:-1])
    sources = paths.codes[:-1][back]
    moves = np.bincount(sources, minlength=size)
    movers = distinct(owners[:-1][back] * max(size, 1) + sources) % max(size, 1)
    cases = np.bincount(movers, minlength=size)
    reached = _cases_at(paths)
    rows = (
        Backtrack(
            touchpoint=id,
            reached=int(reached[i]),
            cases=int(cases[i]),
            moves=int(moves[i]),
            share=_share(cases[i], reached[i]),
        )
        for i, id in enumerate(paths.touchpoints)
    )
    return Records(rows, kind=Backtrack, key=("touchpoint",))


def _paths(events: EventLog, journey: Journey, inactivity: timedelta | None, progress: Progress | None) -> Paths:
    """The paths without what came after a success."""
    return trace(events, journey, inactivity=inactivity, progress=progress).paths.to_end()


def _cases_at(paths: Paths) -> NDArray[np.int64]:
    """How many journeys visit each touchpoint."""
    size = len(paths.touchpoints)
    visits = distinct(paths.owners() * max(size, 1) + paths.codes) % max(size, 1)
    return np.bincount(visits, minlength=size)


def _share(part: np.int64 | int, whole: np.int64 | int) -> float | None:
    return float(part) / float(whole) if whole else None
