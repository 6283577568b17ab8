"""Where the journey goes: stages, and the touchpoints in them."""

from __future__ import annotations

from datetime import timedelta

from attrs import field, frozen

from journeykit.model import _checks as check
from journeykit.model._frozen import Value
from journeykit.model.claims import Emotion, Moment, Opportunity, Pain, Thought
from journeykit.model.matching import Match

__all__ = ["Stage", "Touchpoint"]


@frozen(kw_only=True, eq=False, repr=False)
class Touchpoint(Value):
    """One contact of the customer with us, and the rule that finds it in the events.

    ``expected`` is the time to the next touchpoint that a customer would find normal (the yardstick of delay);
    ``kpis`` are ids; ``backstage`` names the people and systems behind the line of visibility.
    """

    id: str = field(validator=check.slug)
    title: str = field(validator=check.filled)
    channels: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    actor: str | None = field(default=None, validator=check.optional(check.filled))
    match: Match | None = field(default=None, validator=check.optional(check.instance_of(Match)))
    expected: timedelta | None = field(default=None, validator=check.optional(check.duration))
    actions: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    thoughts: tuple[Thought, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Thought))
    )
    emotions: tuple[Emotion, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Emotion))
    )
    pains: tuple[Pain, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Pain)))
    opportunities: tuple[Opportunity, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Opportunity))
    )
    moment: Moment | None = field(default=None, validator=check.optional(check.instance_of(Moment)))
    backstage: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    kpis: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.slug))
    owner: str | None = field(default=None, validator=check.optional(check.filled))


@frozen(kw_only=True, eq=False, repr=False)
class Stage(Value):
    """A phase of the journey with the customer's goal in it; ``objectives`` are ids."""

    id: str = field(validator=check.slug)
    title: str = field(validator=check.filled)
    goal: str | None = field(default=None, validator=check.optional(check.filled))
    objectives: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.slug))
    touchpoints: tuple[Touchpoint, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Touchpoint))
    )
