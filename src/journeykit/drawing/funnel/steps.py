"""The steps of the funnel: touchpoints or stages, with the share of journeys still on board and what was lost on the way."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from journeykit.drawing.viewing import Spot, View
from journeykit.errors import ArgumentError, one_of
from journeykit.inference import wilson
from journeykit.results import Interval

__all__ = ["Step", "steps"]


@frozen(kw_only=True)
class Step:
    """One bar: who it is, how many journeys got at least this far, of how many, and how many went since the bar before.

    ``why`` says why there is no figure (``no-scores``, ``no-match-rule``, ``withheld``, ``no-journeys``).
    """

    id: str
    number: int
    title: str
    channel: str | None = None
    count: int | None = None
    share: float | None = None
    interval: Interval | None = None
    lost: int | None = None
    loss: float | None = None
    why: str | None = None


def steps(view: View, ids: Sequence[str] | None, by: str) -> tuple[Step, ...]:
    """The bars in the order of the map; `ArgumentError` for an id that is not on it."""
    known = [stage.id for stage in view.stages] if by == "stage" else [spot.touchpoint.id for spot in view.spots]
    if unknown := [id for id in ids or () if id not in known]:
        raise ArgumentError(
            f"no {by} {one_of([repr(id) for id in unknown])} in journey {view.journey.id!r}; it has {one_of(known)}"
        )
    found: list[Step] = []
    before: Step | None = None
    for step in _stages(view) if by == "stage" else map(_touchpoint, view.spots):
        if ids is not None and step.id not in ids:
            continue
        made = _figured(view, step, before)
        found.append(made)
        before = made if made.count is not None else before
    return tuple(found)


def _touchpoint(spot: Spot) -> Step:
    why = None if spot.touchpoint.match is not None else "no-match-rule"
    channels = spot.touchpoint.channels
    return Step(
        id=spot.touchpoint.id,
        number=spot.number,
        title=spot.touchpoint.title,
        channel=channels[0] if channels else None,
        count=spot.count.on_board if spot.count else None,
        why=why or ("withheld" if spot.count and spot.count.on_board is None else None),
    )


def _stages(view: View) -> list[Step]:
    """A stage is reached with the first of its touchpoints that can be seen and is not withheld, or any later one."""
    found = []
    for index, stage in enumerate(view.stages):
        own = [_touchpoint(spot) for spot in view.spots if spot.stage == index]
        first = next((step for step in own if step.why is None), None)
        lacks = "withheld" if any(step.why == "withheld" for step in own) else "no-match-rule"
        count, why = (first.count, None) if first else (None, lacks)
        found.append(Step(id=stage.id, number=index + 1, title=stage.title, count=count, why=why))
    return found


def _figured(view: View, step: Step, before: Step | None) -> Step:
    if view.coverage is None:
        return _without(step, "no-scores" if step.why is None else step.why)
    total = view.coverage.journeys
    if step.count is None:
        return _without(step, step.why or "no-match-rule")
    if not total:
        return _without(step, "no-journeys")
    count = min(step.count, total)
    lost = None if before is None or before.count is None else before.count - count
    return Step(
        id=step.id,
        number=step.number,
        title=step.title,
        channel=step.channel,
        count=count,
        share=count / total,
        interval=wilson(count, total),
        lost=lost,
        loss=None if lost is None else lost / total,
    )


def _without(step: Step, why: str) -> Step:
    return Step(id=step.id, number=step.number, title=step.title, channel=step.channel, why=why)
