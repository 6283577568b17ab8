"""The emotions of a map as curves: who has one, and what stands on it."""

from __future__ import annotations

import pytest

from journeykit.drawing.feelings import curve_of, curves
from journeykit.model import Emotion, Journey, Persona, Stage, Touchpoint


def with_personas(*claims: tuple[str | None, float | None]) -> Journey:
    """One touchpoint a row of claims: (persona, valence); three personas exist."""
    return Journey(
        id="j",
        title="J",
        personas=[Persona(id=id, name=id.upper()) for id in ("ann", "bob", "cem")],
        stages=[
            Stage(
                id="s",
                title="S",
                touchpoints=[
                    Touchpoint(
                        id=f"t{i}", title="T", emotions=[] if v is None else [Emotion(valence=v, persona=persona)]
                    )
                    for i, (persona, v) in enumerate(claims)
                ],
            )
        ],
    )


def one(*emotions: Emotion) -> Journey:
    stage = Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T", emotions=emotions)])
    return Journey(id="j", title="J", stages=[stage])


def test_missing_emotions_are_gaps() -> None:
    """A touchpoint without a claim has no point."""
    curve = curves(with_personas((None, 1), (None, None), (None, -1), (None, 0)))[0]

    assert [1, None, -1, 0] == [point.valence if point else None for point in curve.points]


def test_one_curve_a_persona() -> None:
    """Personas that claims name have a curve each; the others share one."""
    found = curves(with_personas(("bob", 1), ("ann", -1), (None, 0)))

    assert [("ann", "ANN"), ("bob", "BOB"), (None, "Everyone else")] == [(c.persona, c.name) for c in found]


def test_claim_of_everyone_stands_in() -> None:
    """A claim without a persona holds for a persona that has none of its own there."""
    ann = curves(with_personas(("ann", 1), (None, -1)))[0]

    assert [1, -1] == [point.valence for point in ann.points if point]


def test_everyone_has_no_curve_where_every_persona_has_its_own() -> None:
    """When all personas are told apart, no curve of the rest is drawn."""
    found = curves(with_personas(("ann", 1), ("bob", 1), ("cem", 0), (None, 0)))

    assert ["ANN", "BOB", "CEM"] == [curve.name for curve in found]


def test_the_curve_of_a_persona_without_claims_of_its_own_is_everyones() -> None:
    """Whoever no claim names feels as everyone does."""
    curve = curve_of(with_personas(("ann", 1), (None, -1)), "cem")

    assert ("CEM", [None, -1]) == (curve.name, [point.valence if point else None for point in curve.points])


def test_several_claims_become_their_mean_with_the_spread_of_the_mixture() -> None:
    """Two claims on one point: the mean, and the standard deviation of the mixture of both."""
    point = curves(one(Emotion(valence=1, spread=0.5), Emotion(valence=-1, spread=0.5)))[0].points[0]

    assert point is not None
    assert (0.0, pytest.approx(1.25**0.5)) == (point.valence, point.spread)


def test_a_spread_that_one_claim_lacks_is_unknown() -> None:
    """A mean of which one part has no spread gets no band, and is assumed only if every part is."""
    both = Emotion(valence=1, spread=0.5, label="glad", basis="assumed"), Emotion(valence=0, label="glad")
    point = curves(one(*both))[0].points[0]

    assert point is not None
    assert (None, False, "glad") == (point.spread, point.assumed, point.label)
