"""What the journey is for: objectives, and the KPIs that measure them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from attrs import field, frozen

from journeykit.model import _checks as check
from journeykit.model._frozen import Value

__all__ = ["FunnelSource", "Kpi", "Objective"]


@frozen(kw_only=True, eq=False, repr=False)
class FunnelSource(Value):
    """A KPI measured from events: the share of entrants of the first touchpoint that reach the last, in order.

    ``funnel`` lists touchpoint ids; ``within`` is the conversion window from entry to the first step, inclusive.
    """

    funnel: tuple[str, ...] = field(converter=check.as_tuple, validator=check.each(check.slug, least=2))
    within: timedelta | None = field(default=None, validator=check.optional(check.duration))


@frozen(kw_only=True, eq=False, repr=False)
class Kpi(Value):
    """A figure we steer by. ``source`` is the name of a metric in the evidence, or a funnel measured from events."""

    id: str = field(validator=check.slug)
    name: str = field(validator=check.filled)
    unit: str | None = field(default=None, validator=check.optional(check.filled))
    direction: Literal["higher", "lower"] = field(default="higher", validator=check.choice("higher", "lower"))
    source: str | FunnelSource | None = field(default=None, validator=check.optional(check.text_or(FunnelSource)))


@frozen(kw_only=True, eq=False, repr=False)
class Objective(Value):
    """What should become true, by when, measured by which KPI (its id), for which customer need."""

    id: str = field(validator=check.slug)
    statement: str = field(validator=check.filled)
    kpi: str | None = field(default=None, validator=check.optional(check.slug))
    baseline: float | None = field(
        default=None, converter=check.as_optional_float, validator=check.optional(check.number())
    )
    target: float | None = field(
        default=None, converter=check.as_optional_float, validator=check.optional(check.number())
    )
    unit: str | None = field(default=None, validator=check.optional(check.filled))
    start: date | None = field(default=None, validator=check.optional(check.day))
    due: date | None = field(default=None, validator=check.optional(check.day))
    owner: str | None = field(default=None, validator=check.optional(check.filled))
    persona: str | None = field(default=None, validator=check.optional(check.slug))
    need: str | None = field(default=None, validator=check.optional(check.filled))

    def __attrs_post_init__(self) -> None:
        if self.start and self.due and self.due < self.start:
            raise check.invalid("due", f"{self.due} lies before start {self.start}", "due-before-start")
