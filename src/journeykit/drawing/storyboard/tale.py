"""What each panel tells: how the person feels there, what they say, and what hurts most."""

from __future__ import annotations

from attrs import frozen

from journeykit.drawing.feelings import Curve, Point, curve_of, curves
from journeykit.drawing.viewing import Spot, View
from journeykit.errors import ArgumentError
from journeykit.model import Pain, Persona, Stage

__all__ = ["Ends", "Tale", "extremes", "hero_of", "tales"]

MOST_PAINS = 3


@frozen(kw_only=True)
class Tale:
    """One panel: a stage, its touchpoints with the feeling at each (None: nobody names one), its scene, and its worst pains.

    The scene is one of the touchpoints, ``scene`` by its place in the panel (None: there is none): of those where something is
    said the one with the strongest feeling. No mean is drawn: of delight and anger it would make indifference. ``more`` is how
    many pains are left out.
    """

    number: int
    stage: Stage
    spots: tuple[Spot, ...]
    points: tuple[Point | None, ...]
    scene: int | None
    quote: str | None
    pains: tuple[Pain, ...]
    more: int

    @property
    def felt(self) -> Point | None:
        """The feeling in the scene; where nothing is felt there, the strongest one of the panel."""
        here = self.points[self.scene] if self.scene is not None else None
        known = [point for point in self.points if point is not None]
        return here or max(known, key=lambda point: abs(point.valence), default=None)


@frozen(kw_only=True)
class Ends:
    """The best and the worst moment of a story; None where it has no ups and downs."""

    peak: Point | None = None
    lowest: Point | None = None


def extremes(told: tuple[Tale, ...]) -> Ends:
    """The ends of a story in which the feeling changes."""
    known = [point for tale in told for point in tale.points if point is not None]
    peak, lowest = (pick(known, key=lambda p: p.valence, default=None) for pick in (max, min))
    if peak is None or lowest is None or peak.valence == lowest.valence:
        return Ends()
    return Ends(peak=peak, lowest=lowest)


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
        points = tuple(curve.points[spot.number - 1] if curve else None for spot in spots)
        pains = sorted(
            (pain for spot in spots for pain in spot.touchpoint.pains if _told_by(pain.persona, hero)),
            key=lambda pain: -pain.severity,
        )
        scene, quote = _scene(spots, points, hero)
        found.append(
            Tale(
                number=index + 1,
                stage=stage,
                spots=spots,
                points=points,
                scene=scene,
                quote=quote,
                pains=tuple(pains[:MOST_PAINS]),
                more=max(0, len(pains) - MOST_PAINS),
            )
        )
    return tuple(found)


def _told_by(persona: str | None, hero: Persona | None) -> bool:
    """Whether a claim is the hero's, or everyone's."""
    return persona is None or hero is None or persona == hero.id


def _scene(
    spots: tuple[Spot, ...], points: tuple[Point | None, ...], hero: Persona | None
) -> tuple[int | None, str | None]:
    """The touchpoint that is shown, and what is said there."""
    best: tuple[tuple[bool, float, int], str | None] | None = None
    for place, (spot, point) in enumerate(zip(spots, points, strict=True)):
        said = next((t.text for t in spot.touchpoint.thoughts if _told_by(t.persona, hero)), None)
        rank = said is not None, abs(point.valence) if point else -1.0, -place
        if best is None or rank > best[0]:
            best = rank, said
    return (-best[0][2], best[1]) if best else (None, None)
