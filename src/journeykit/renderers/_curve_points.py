"""The emotions of a map as curves: one point a touchpoint and persona, gaps kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from attrs import frozen

from journeykit.model import Emotion, Journey

__all__ = ["Curve", "Point", "curves", "runs"]


@frozen(kw_only=True)
class Point:
    """How one persona feels at one touchpoint; ``assumed`` when no claim behind it was observed or inferred."""

    valence: float
    spread: float | None
    assumed: bool


@frozen(kw_only=True)
class Curve:
    """One line of the picture: a point for every touchpoint of the map, None where nothing is claimed."""

    name: str
    points: tuple[Point | None, ...]


def curves(journey: Journey) -> tuple[Curve, ...]:
    """One curve for every persona that claims name, and one for everyone where a claim names nobody.

    A claim without a persona holds for everyone, so it also stands in a persona's own curve where that persona has no
    claim of its own. Several claims on one point become their mean; their spread is the standard deviation of the mixture.
    """
    touchpoints = journey.touchpoints()
    named = {emotion.persona for touchpoint in touchpoints for emotion in touchpoint.emotions}
    own = [persona for persona in journey.personas if persona.id in named]
    found = [
        Curve(name=persona.name, points=tuple(_point(t.emotions, persona.id) for t in touchpoints)) for persona in own
    ]
    if None in named and (not own or len(own) < len(journey.personas)):
        name = "Everyone else" if own else "Everyone"
        found.append(Curve(name=name, points=tuple(_point(t.emotions, None) for t in touchpoints)))
    return tuple(found)


def runs(present: Iterable[bool]) -> list[tuple[int, int]]:
    """The stretches without a gap as half-open (start, stop) pairs."""
    found: list[tuple[int, int]] = []
    for i, here in enumerate(present):
        if here and found and found[-1][1] == i:
            found[-1] = (found[-1][0], i + 1)
        elif here:
            found.append((i, i + 1))
    return found


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
    return Point(valence=mean, spread=spread, assumed=all(e.basis == "assumed" for e in claims))
