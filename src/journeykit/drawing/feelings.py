"""The emotions of a map as curves: one point a touchpoint and persona, gaps kept. Every picture draws the same points."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from journeykit.model import Emotion, Journey
from journeykit.model._frozen import Value

__all__ = ["Curve", "Point", "curve_of", "curves"]


@frozen(kw_only=True, eq=False, repr=False)
class Point(Value):
    """How one persona feels at one touchpoint.

    ``valence`` is the mean of the claims, ``spread`` the standard deviation of their mixture (None unless every claim has
    one), ``label`` their words; ``assumed`` when no claim behind it was observed or inferred.
    """

    valence: float
    spread: float | None
    assumed: bool
    label: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Curve(Value):
    """One line of a picture: a point for every touchpoint of the map, None where nothing is claimed.

    ``persona`` is the id of the one who feels, None for those no claim tells apart.
    """

    persona: str | None
    name: str
    points: tuple[Point | None, ...]


def curves(journey: Journey) -> tuple[Curve, ...]:
    """One curve for every persona that claims name, and one for everyone where a claim names nobody.

    A claim without a persona holds for everyone, so it also stands in a persona's own curve where that persona has no
    claim of its own. Several claims on one point become their mean; their spread is the standard deviation of the mixture.
    """
    named = {emotion.persona for touchpoint in journey.touchpoints() for emotion in touchpoint.emotions}
    own = [persona for persona in journey.personas if persona.id in named]
    found = [curve_of(journey, persona.id) for persona in own]
    if None in named and (not own or len(own) < len(journey.personas)):
        found.append(curve_of(journey, None, "Everyone else" if own else "Everyone"))
    return tuple(found)


def curve_of(journey: Journey, persona: str | None, name: str = "Everyone") -> Curve:
    """The curve of one persona of the journey, or of everyone under the given name."""
    known = {p.id: p.name for p in journey.personas}
    points = tuple(_point(touchpoint.emotions, persona) for touchpoint in journey.touchpoints())
    return Curve(persona=persona, name=name if persona is None else known[persona], points=points)


def _point(emotions: Sequence[Emotion], persona: str | None) -> Point | None:
    claims = [e for e in emotions if e.persona == persona] or [e for e in emotions if e.persona is None]
    if not claims:
        return None
    mean = math.fsum(e.valence for e in claims) / len(claims)
    spreads = [e.spread for e in claims if e.spread is not None]
    spread = None
    if len(spreads) == len(claims):
        within = math.fsum(s * s for s in spreads) / len(claims)
        between = math.fsum((e.valence - mean) ** 2 for e in claims) / len(claims)
        spread = math.sqrt(within + between)
    return Point(
        valence=mean,
        spread=spread,
        assumed=all(e.basis == "assumed" for e in claims),
        label=", ".join(dict.fromkeys(e.label for e in claims if e.label)) or None,
    )
