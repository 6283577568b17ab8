"""The moves customers made between touchpoints, held against the moves the map plans."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.measures import Paths
from journeykit.model import Journey

__all__ = ["Fit", "Moves", "fit", "moves", "planned_moves"]

Counts = NDArray[np.int64]


@frozen(kw_only=True)
class Fit:
    """How many journeys keep to the map: ``fitting`` of the ``moving`` ones; ``share`` is None where none moves.

    ``journeys`` are the closed ones with a visit, ``moving`` those of them with a move. ``moves`` are all moves,
    ``off_plan`` those that the map does not plan.
    """

    journeys: int
    moving: int
    fitting: int
    moves: int
    off_plan: int
    share: float | None


@frozen(kw_only=True, eq=False)
class Moves:
    """Moves by source (row) and target (column), in the order of the map: how often, and in how many journeys."""

    touchpoints: tuple[str, ...]
    counts: Counts
    journeys: Counts

    @property
    def total(self) -> int:
        """All moves."""
        return int(self.counts.sum())

    def departures(self) -> Counts:
        """The moves away from each touchpoint."""
        return np.asarray(self.counts.sum(axis=1), dtype=np.int64)


def planned_moves(journey: Journey) -> NDArray[np.bool_]:
    """Which moves (source, target; in the order of the map) the map plans; staying is always planned.

    With ``planned`` these are its transitions, and the detours that nobody could see: where a touchpoint has no match rule,
    a plan that leads through it is a plan to move from the one before to the one behind. Without ``planned`` the order of the
    map is all it says, so every move forward is planned.
    """
    ids = [touchpoint.id for touchpoint in journey.touchpoints()]
    size = len(ids)
    if not journey.planned:
        return np.triu(np.ones((size, size), dtype=np.bool_))
    place = {id: i for i, id in enumerate(ids)}
    plan = np.eye(size, dtype=np.bool_)
    for move in journey.planned:
        plan[place[move.source], place[move.target]] = True
    # Warshall's closure (1962), through the touchpoints that no event can show only.
    for touchpoint in journey.touchpoints():
        if touchpoint.match is None:
            hidden = place[touchpoint.id]
            plan |= np.outer(plan[:, hidden], plan[hidden])
    return plan


def moves(paths: Paths) -> Moves:
    """Every move of the closed journeys, up to and including their success.

    A move is a visit that is followed by a visit to *another* touchpoint; events that no touchpoint claims lie between
    visits and are none.
    """
    _, owners, sources, targets = _moves(paths)
    size = max(len(paths.touchpoints), 1)
    pairs = sources * size + targets
    having = np.unique(owners * size * size + pairs) % (size * size)
    shape = (len(paths.touchpoints),) * 2
    counts, journeys = (np.bincount(found, minlength=size * size)[: shape[0] ** 2] for found in (pairs, having))
    return Moves(touchpoints=paths.touchpoints, counts=counts.reshape(shape), journeys=journeys.reshape(shape))


def fit(paths: Paths, journey: Journey) -> Fit:
    """The share of journeys that fit the map.

    A closed journey *fits* when each of its moves (`moves`), up to and including its success, is one that the map plans
    (`planned_moves`). Journeys that stay at one touchpoint have no move to be judged by and are left out of the share, or a
    log of bounces would fit every map; a journey that stops early may fit, for what is missing is a matter of conversion. Open
    journeys are left out too. This is the fraction of fitting traces of conformance checking (Rozinat and van der Aalst
    2008) on the directly-follows relation, with touchpoints that no event can show taken as silent steps.
    """
    closed, owners, sources, targets = _moves(paths)
    wrong = ~planned_moves(journey)[sources, targets]
    moving = len(np.unique(owners))
    fitting = moving - len(np.unique(owners[wrong]))
    return Fit(
        journeys=int((closed.lengths() > 0).sum()),
        moving=moving,
        fitting=fitting,
        moves=len(owners),
        off_plan=int(wrong.sum()),
        share=fitting / moving if moving else None,
    )


def _moves(paths: Paths) -> tuple[Paths, Counts, Counts, Counts]:
    """The closed paths, and for every move its journey, source and target."""
    closed = paths.select(~paths.open).to_end()
    owners, codes = closed.owners(), closed.codes.astype(np.int64)
    here = (owners[1:] == owners[:-1]) & (codes[1:] != codes[:-1])
    return closed, owners[1:][here], codes[:-1][here], codes[1:][here]
