"""What we claim about a moment in the journey, each claim with its basis, so that evidence can be told from belief."""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from journeykit.model import _checks as check
from journeykit.model._frozen import Value

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
    "Rice",
    "Thought",
]

Basis = Literal["observed", "inferred", "assumed"]
Level = Literal["low", "medium", "high"]
MomentKind = Literal["decision", "delight", "friction", "first", "last"]
MomentLabel = Literal["ZMOT", "FMOT", "SMOT", "UMOT"]


@frozen(kw_only=True, eq=False, repr=False)
class Claim(Value):
    """What every claim may carry: whose it is and what it rests on.

    ``persona`` is the id of the persona it speaks of (None: of everyone on the map). ``basis`` says whether it was
    observed in data, inferred from data or assumed; ``sources`` name the studies, tables or links; ``as_of`` is the day
    it was last known to hold.
    """

    persona: str | None = field(default=None, validator=check.optional(check.slug))
    basis: Basis | None = field(default=None, validator=check.optional(check.choice("observed", "inferred", "assumed")))
    sources: tuple[str, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.filled))
    as_of: date | None = field(default=None, validator=check.optional(check.day))


@frozen(kw_only=True, eq=False, repr=False)
class Emotion(Claim):
    """How customers feel: ``valence`` from -2 (frustrated) to +2 (delighted), ``spread`` as a standard deviation."""

    valence: float = field(converter=check.as_float, validator=check.number(-2, 2))
    label: str | None = field(default=None, validator=check.optional(check.filled))
    spread: float | None = field(
        default=None, converter=check.as_optional_float, validator=check.optional(check.number(0, 4))
    )


@frozen(kw_only=True, eq=False, repr=False)
class Thought(Claim):
    """What customers think or say, in their words."""

    text: str = field(validator=check.filled)


@frozen(kw_only=True, eq=False, repr=False)
class Pain(Claim):
    """What hurts, with a severity of 1 (low), 2 (medium) or 3 (high)."""

    text: str = field(validator=check.filled)
    severity: int = field(default=2, validator=check.whole(1, 3))


@frozen(kw_only=True, eq=False, repr=False)
class Moment(Claim):
    """A moment of truth: why it is one, and the plan for it. ``label`` is the field's name for its place in the journey."""

    kind: MomentKind = field(validator=check.choice("decision", "delight", "friction", "first", "last"))
    label: MomentLabel | None = field(
        default=None, validator=check.optional(check.choice("ZMOT", "FMOT", "SMOT", "UMOT"))
    )
    why: str | None = field(default=None, validator=check.optional(check.filled))
    plan: str | None = field(default=None, validator=check.optional(check.filled))


@frozen(kw_only=True, eq=False, repr=False)
class Rice(Value):
    """The estimates of RICE (Sean McBride, Intercom): reach x impact x confidence / effort, in amounts that may be multiplied.

    ``reach`` is how many customers it touches in a quarter (90 days); None leaves it to be measured from the events.
    ``impact`` is on the published scale: 3 massive, 2 high, 1 medium, .5 low, .25 minimal. ``confidence`` is the share from 0 to
    1 in which the estimates are trusted (1 high, .8 medium, .5 low). ``effort`` is in person-months of the whole team.
    """

    reach: float | None = field(
        default=None, converter=check.as_optional_float, validator=check.optional(check.number(0))
    )
    impact: float = field(converter=check.as_float, validator=check.step(0.25, 0.5, 1, 2, 3))
    confidence: float = field(converter=check.as_float, validator=check.number(0, 1))
    effort: float = field(converter=check.as_float, validator=check.number(0.01))


@frozen(kw_only=True, eq=False, repr=False)
class Opportunity(Value):
    """What we could do: expected impact and effort, who owns it, by when, for which objective (its id).

    ``impact`` and ``effort`` are words, an order and no amounts; amounts stand in ``rice``, so that the two cannot be mixed.
    """

    title: str = field(validator=check.filled)
    impact: Level | None = field(default=None, validator=check.optional(check.choice("low", "medium", "high")))
    effort: Level | None = field(default=None, validator=check.optional(check.choice("low", "medium", "high")))
    owner: str | None = field(default=None, validator=check.optional(check.filled))
    status: Literal["idea", "planned", "doing", "done", "dropped"] | None = field(
        default=None, validator=check.optional(check.choice("idea", "planned", "doing", "done", "dropped"))
    )
    due: date | None = field(default=None, validator=check.optional(check.day))
    objective: str | None = field(default=None, validator=check.optional(check.slug))
    rice: Rice | None = field(default=None, validator=check.optional(check.instance_of(Rice)))
