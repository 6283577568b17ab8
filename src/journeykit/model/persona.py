"""Who travels: a persona and the rule that finds its customers in the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from journeykit.model import _checks as check
from journeykit.model._frozen import Value
from journeykit.model.matching import Match

__all__ = ["Persona"]


@frozen(kw_only=True, eq=False, repr=False)
class Persona(Value):
    """A kind of customer. ``portrait`` is a link or file name; ``segment`` picks its customers in the evidence."""

    id: str = field(validator=check.slug)
    name: str = field(validator=check.filled)
    summary: str | None = field(default=None, validator=check.optional(check.filled))
    demographics: Mapping[str, str] = field(factory=dict, converter=check.as_map, validator=check.texts_by_text)
    goals: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    pains: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    behaviours: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    channels: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    quote: str | None = field(default=None, validator=check.optional(check.filled))
    portrait: str | None = field(default=None, validator=check.optional(check.filled))
    segment: Match | None = field(default=None, validator=check.optional(check.instance_of(Match)))
    updated: date | None = field(default=None, validator=check.optional(check.day))
