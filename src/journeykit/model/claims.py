"""What we claim about a moment in the journey, each claim with its basis, so that evidence can be told from belief."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from journeykit.model import _checks as check

__all__ = [
    "Basis",
    "Claim",
    "Emotion",
    "Level",
    "Moment",
    "MomentKind",
    "MomentLabel",
    "Opportunity",
    "Pain",
    "Thought",
]

Basis = Literal["observed", "inferred", "assumed"]
Level = Literal["low", "medium", "high"]
MomentKind = Literal["decision", "delight", "friction", "first", "last"]
MomentLabel = Literal["ZMOT", "FMOT", "SMOT", "UMOT"]


@frozen(kw_only=True)
class Claim:
    """What every claim may carry: whose it is and what it rests on.

    ``persona`` is the id of the persona it speaks of (None: of everyone on the map). ``basis`` says whether it was
    observed in data, inferred from data or assumed; ``sources`` name the studies, tables or links; ``as_of`` is the day
    it was last known to hold.
    """

    persona: str | None = field(default=None, validator=check.optional(check.slug))
    basis: Basis | None = field(default=None, validator=check.optional(check.choice("observed", "inferred", "assumed")))
    sources: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    as_of: date | None = field(default=None, validator=check.optional(check.day))


@frozen(kw_only=True)
class Emotion(Claim):
    """How customers feel: ``valence`` from -2 (frustrated) to +2 (delighted), ``spread`` as a standard deviation."""

    valence: float = field(converter=check.as_float, validator=check.number(-2, 2))
    label: str | None = field(default=None, validator=check.optional(check.filled))
    spread: float | None = field(
        default=None, converter=check.as_optional_float, validator=check.optional(check.number(0, 4))
    )


@frozen(kw_only=True)
class Thought(Claim):
    """What customers think or say, in their words."""

    text: str = field(validator=check.filled)


@frozen(kw_only=True)
class Pain(Claim):
    """What hurts, with a severity of 1 (low), 2 (medium) or 3 (high)."""

    text: str = field(validator=check.filled)
    severity: int = field(default=2, validator=check.whole(1, 3))


@frozen(kw_only=True)
class Moment(Claim):
    """A moment of truth: why it is one, and the plan for it. ``label`` is the field's name for its place in the journey."""

    kind: MomentKind = field(validator=check.choice("decision", "delight", "friction", "first", "last"))
    label: MomentLabel | None = field(
        default=None, validator=check.optional(check.choice("ZMOT", "FMOT", "SMOT", "UMOT"))
    )
    why: str | None = field(default=None, validator=check.optional(check.filled))
    plan: str | None = field(default=None, validator=check.optional(check.filled))


@frozen(kw_only=True)
class Opportunity:
    """What we could do: expected impact and effort, who owns it, by when, for which objective (its id)."""

    title: str = field(validator=check.filled)
    impact: Level | None = field(default=None, validator=check.optional(check.choice("low", "medium", "high")))
    effort: Level | None = field(default=None, validator=check.optional(check.choice("low", "medium", "high")))
    owner: str | None = field(default=None, validator=check.optional(check.filled))
    status: Literal["idea", "planned", "doing", "done", "dropped"] | None = field(
        default=None, validator=check.optional(check.choice("idea", "planned", "doing", "done", "dropped"))
    )
    due: date | None = field(default=None, validator=check.optional(check.day))
    objective: str | None = field(default=None, validator=check.optional(check.slug))
