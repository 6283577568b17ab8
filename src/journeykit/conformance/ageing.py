"""What a map says that time may have overtaken: reviews, deadlines and the age of claims, as of one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from journeykit.conformance._wording import claims_of, counted, found
from journeykit.conformance.thresholds import Thresholds
from journeykit.model import Journey, Touchpoint
from journeykit.results import Finding

__all__ = ["ageing"]


def ageing(
    journey: Journey, today: date, *, chosen: str = "given", thresholds: Thresholds | None = None
) -> tuple[Finding, ...]:
    """Every date of the map that ``today`` lies past, in the order of the map.

    The first finding, ``checked-as-of``, records the day and how it was ``chosen``; a map without dates has none.
    ``review_every`` counts calendar days from ``reviewed``; a day on which something is due is not past.
    """
    limits = thresholds if thresholds is not None else Thresholds()
    if not _dated(journey):
        return ()
    stated = found(
        "checked-as-of",
        "info",
        "",
        f"dates on the map were compared with {today.isoformat()} ({chosen})",
        "to check as of another day, say which: today= in Python, --today on the command line",
    )
    return stated, *_review(journey, today), *_goals(journey, today), *_parts(journey, today, limits.claim_age)


def _dated(journey: Journey) -> bool:
    claims = [claim for touchpoint in journey.touchpoints() for _, claim in claims_of(touchpoint)]
    chances = [chance for touchpoint in journey.touchpoints() for chance in touchpoint.opportunities]
    dates = [
        journey.reviewed if journey.review_every is not None else None,
        *(persona.updated for persona in journey.personas),
        *(goal.due for goal in journey.objectives),
        *(chance.due for chance in chances),
        *(claim.as_of for claim in claims),
    ]
    return any(day is not None for day in dates)


def _review(journey: Journey, today: date) -> Iterator[Finding]:
    if journey.reviewed is None or journey.review_every is None:
        return
    due = _later(journey.reviewed, journey.review_every)
    if due < today:
        every = counted(journey.review_every.days, "day") if journey.review_every.days else str(journey.review_every)
        yield found(
            "review-overdue",
            "warning",
            "reviewed",
            f"the map was last reviewed on {journey.reviewed} and is to be reviewed every {every}: "
            f"overdue since {due}, by {counted((today - due).days, 'day')}",
            "review the map against the latest evidence and set reviewed to that day",
        )


def _goals(journey: Journey, today: date) -> Iterator[Finding]:
    for i, goal in enumerate(journey.objectives):
        if goal.due is not None and goal.due < today:
            yield found(
                "objective-past-due",
                "warning",
                f"objectives[{i}].due",
                f"the objective {goal.id!r} was due on {goal.due}, {counted((today - goal.due).days, 'day')} ago",
                "note whether it was reached, then set a new date or replace the objective",
            )


def _parts(journey: Journey, today: date, age: timedelta) -> Iterator[Finding]:
    for i, persona in enumerate(journey.personas):
        if persona.updated is not None and _later(persona.updated, age) < today:
            message = (
                f"the persona {persona.id!r} was last updated on {persona.updated}, {_old(persona.updated, today)}"
            )
            next_step = "ask whether these customers are still as described, and set updated"
            yield found("persona-out-of-date", "info", f"personas[{i}].updated", message, next_step)
    for i, stage in enumerate(journey.stages):
        for j, touchpoint in enumerate(stage.touchpoints):
            yield from _touchpoint(f"stages[{i}].touchpoints[{j}]", touchpoint, today, age)


def _touchpoint(path: str, touchpoint: Touchpoint, today: date, age: timedelta) -> Iterator[Finding]:
    for name, claim in claims_of(touchpoint):
        if claim.as_of is not None and _later(claim.as_of, age) < today:
            what = type(claim).__name__.lower()
            message = (
                f"the {what} at {touchpoint.id!r} was last known to hold on {claim.as_of}, {_old(claim.as_of, today)}"
            )
            next_step = "look whether it still holds, and set as_of to the day of the newer source"
            yield found("claim-out-of-date", "info", f"{path}.{name}.as_of", message, next_step)
    for i, chance in enumerate(touchpoint.opportunities):
        if chance.due is not None and chance.due < today and chance.status not in ("done", "dropped"):
            state = f"is still {chance.status!r}" if chance.status is not None else "has no status"
            message = f"the opportunity at {touchpoint.id!r} was due on {chance.due} and {state}"
            next_step = "set its status to done or dropped, or give it a new date"
            yield found("opportunity-past-due", "warning", f"{path}.opportunities[{i}].due", message, next_step)


def _later(day: date, span: timedelta) -> date:
    try:
        # Through a datetime, so that hours of a span such as 36h are not lost day by day.
        return (datetime.combine(day, datetime.min.time()) + span).date()
    except OverflowError:
        return date.max


def _old(day: date, today: date) -> str:
    return f"{counted((today - day).days, 'day')} ago"
