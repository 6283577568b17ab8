"""The emotion of every touchpoint as scorers use it: what was measured wins over what the map declares, and is never mixed."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.inference import Within, within_subject
from journeykit.model import Emotion, Journey, Touchpoint
from journeykit.protocols import Scoring
from journeykit.scorers._emotion_ratings import Ratings, ratings, valence

__all__ = ["PRIVATE", "Declared", "Feelings", "declared", "in_words"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A mean over fewer customers than this would tell about single people (the privacy floor of segments).
PRIVATE = 10


@frozen(kw_only=True)
class Declared:
    """What the map claims about one touchpoint: the mean ``valence`` of the claims that apply, and these claims."""

    valence: float
    claims: tuple[Emotion, ...]

    def told(self) -> str:
        """The claims by what they rest on: ``2 claims: 1 observed, 1 without a basis``."""
        bases = Counter(claim.basis or "without a basis" for claim in self.claims)
        parts = ", ".join(f"{n} {basis}" for basis, n in sorted(bases.items()))
        return f"{len(self.claims)} {'claim' if len(self.claims) == 1 else 'claims'}: {parts}"


def declared(touchpoint: Touchpoint, persona: str | None) -> Declared | None:
    """The claims that apply to a persona (its own, else those about everyone) or to everyone, as one valence.

    Everyone's are the claims that name no persona; where all name one, the mean of the personas' means, each counting once.
    """
    general = [claim for claim in touchpoint.emotions if claim.persona is None]
    own = [claim for claim in touchpoint.emotions if claim.persona == persona]
    claims = (own or general) if persona is not None else (general or list(touchpoint.emotions))
    if not claims:
        return None
    by_persona: dict[str | None, list[float]] = {}
    for claim in claims:
        by_persona.setdefault(claim.persona, []).append(claim.valence)
    means = [math.fsum(values) / len(values) for _, values in sorted(by_persona.items(), key=lambda e: e[0] or "")]
    return Declared(valence=math.fsum(means) / len(means), claims=tuple(claims))


@frozen(kw_only=True, eq=False)
class Feelings:
    """The ratings of everyone, and the touchpoints of the map they are about."""

    journey: Journey
    ratings: Ratings

    @classmethod
    def of(cls, scoring: Scoring) -> Feelings:
        """Read the feedback once."""
        evidence = scoring.evidence
        return cls(journey=scoring.journey, ratings=ratings(evidence.feedback, evidence.customers, scoring.journey))

    @property
    def size(self) -> int:
        """The number of touchpoints."""
        return len(self.journey.touchpoints())

    def within(self, persona: str | None) -> Within:
        """The mean valence a touchpoint with what its interval needs, over the customers of a persona (None: of all)."""
        mine = self.ratings.of(persona)
        _, customers = np.unique(self.ratings.customer[mine], return_inverse=True)
        values = np.asarray(valence(self.ratings.place[mine]), dtype=np.float64)
        return within_subject(customers, self.ratings.touchpoint[mine], values, self.size)

    def answers(self, persona: str | None) -> NDArray[np.int64]:
        """How many answers lie behind each touchpoint's mean."""
        mine = self.ratings.of(persona)
        found = np.zeros(self.size, dtype=np.int64)
        np.add.at(found, self.ratings.touchpoint[mine], self.ratings.answers[mine])
        return found

    def personas(self) -> list[str]:
        """The personas with something of their own: a claim in their name, or customers who rated; in map order."""
        named = {claim.persona for touchpoint in self.journey.touchpoints() for claim in touchpoint.emotions}
        return [p.id for p in self.journey.personas if p.id in named or self.ratings.of(p.id).any()]

    def private(self, position: int) -> set[str]:
        """The personas whose measured mean at this touchpoint must be withheld.

        A persona's figure is published only where no group of fewer than 10 customers can be told apart by it, also
        not by subtracting it from everyone's or from the figures of personas published before it.
        """
        here = self.ratings.touchpoint == position
        groups = np.zeros(int(here.sum()), dtype=np.int64)
        withheld = set()
        for persona in self.journey.personas:
            mine = self.ratings.of(persona.id)[here]
            if not mine.any():
                continue
            _, split = np.unique(groups * 2 + mine, return_inverse=True)
            if np.bincount(split).min() < PRIVATE:
                withheld.add(persona.id)
            else:
                groups = split
        return withheld


def in_words(value: float) -> str:
    """A valence with its sign and two decimals."""
    rounded = round(value, 2) + 0.0
    return "0.00" if rounded == 0 else f"{rounded:+.2f}"
