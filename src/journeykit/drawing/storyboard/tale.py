"""What each panel tells: how the person feels there, what they say, and what hurts most."""

from __future__ import annotations

from math import fsum

from attrs import frozen

from journeykit.drawing.feelings import Curve, curve_of, curves
from journeykit.drawing.viewing import Spot, View
from journeykit.errors import ArgumentError
from journeykit.model import Pain, Persona, Stage

__all__ = ["Tale", "hero_of", "tales"]

MOST_PAINS = 3


@frozen(kw_only=True)
class Tale:
    """One panel: a stage, its touchpoints, the mean feeling there (None: nobody names one), a quote, and its worst pains.

    ``more`` is how many pains are left out.
    """

    number: int
    stage: Stage
    spots: tuple[Spot, ...]
    feeling: float | None
    assumed: bool
    quote: str | None
    pains: tuple[Pain, ...]
    more: int


def hero_of(view: View, persona: str | None) -> tuple[Persona | None, Curve | None]:
    """Whose story it is, and the curve of their feelings: the persona asked for, else the first whose feelings are known.

    Raises `ArgumentError` for an unknown persona.
    """
    journey = view.journey
    people = {p.id: p for p in journey.personas}
    if persona is not None:
        if persona not in people:
            known = ", ".join(people) or "none"
            raise ArgumentError(f"no persona {persona!r} in journey {journey.id!r}; it has {known}")
        return people[persona], curve_of(journey, persona)
    found = curves(journey)
    if not found:
        return next(iter(journey.personas), None), None
    curve = found[0]
    named = people.get(curve.persona) if curve.persona else None
    return named or (journey.personas[0] if journey.personas else None), curve


def tales(view: View, hero: Persona | None, curve: Curve | None) -> tuple[Tale, ...]:
    """One tale a stage, in the order of the map."""
    found = []
    for index, stage in enumerate(view.stages):
        spots = tuple(spot for spot in view.spots if spot.stage == index)
        points = [curve.points[spot.number - 1] for spot in spots] if curve else []
        felt = [point for point in points if point is not None]
        pains = sorted(
            (pain for spot in spots for pain in spot.touchpoint.pains if _told_by(pain.persona, hero)),
            key=lambda pain: -pain.severity,
        )
        found.append(
            Tale(
                number=index + 1,
                stage=stage,
                spots=spots,
                feeling=fsum(point.valence for point in felt) / len(felt) if felt else None,
                assumed=bool(felt) and all(point.assumed for point in felt),
                quote=_quote(spots, curve, hero),
                pains=tuple(pains[:MOST_PAINS]),
                more=max(0, len(pains) - MOST_PAINS),
            )
        )
    return tuple(found)


def _told_by(persona: str | None, hero: Persona | None) -> bool:
    """Whether a claim is the hero's, or everyone's."""
    return persona is None or hero is None or persona == hero.id


def _quote(spots: tuple[Spot, ...], curve: Curve | None, hero: Persona | None) -> str | None:
    """What is said where the feeling is strongest."""
    best: tuple[float, str] | None = None
    for spot in spots:
        said = next((t.text for t in spot.touchpoint.thoughts if _told_by(t.persona, hero)), None)
        point = curve.points[spot.number - 1] if curve else None
        strength = abs(point.valence) if point else -1.0
        if said is not None and (best is None or strength > best[0]):
            best = strength, said
    return best[1] if best else None
