"""The figures behind moments of truth, on the data and on resamples of journeys and of customers."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from journeykit.inference import Within, generator, resamples, sample
from journeykit.protocols import Scoring
from journeykit.scorers._emotion_values import Feelings, declared
from journeykit.scorers._moments_criteria import Places, most_intense, peak_end

__all__ = ["CRITERIA", "Counted", "Figures", "Resampled"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CRITERIA = ("emotion", "first", "last", "decision")
"""In the order that decides which of two equal criteria wins."""


@frozen(kw_only=True, eq=False)
class Figures:
    """What every criterion is made of, (rows, touchpoints) each; NaN where a row has no such figure."""

    valence: Floats
    first: Floats
    last: Floats
    reach: Floats
    even: Floats
    options: Ints

    def criteria(self, eligible: Bools) -> Floats:
        """The criteria on their anchors, (4, rows, touchpoints) in the order of `CRITERIA`; NaN where not ``eligible``."""
        found = np.stack([np.abs(self.valence) / 2, self.first, self.last, self.even * self.reach])
        return np.where(eligible[:, None, :], found, np.nan)

    def end(self) -> Floats:
        """The mean valence of the touchpoints at which journeys end, a row; over those that have a valence."""
        known = np.isfinite(self.valence) & np.isfinite(self.last)
        weight = np.where(known, self.last, 0.0)
        total = weight.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray((weight * np.where(known, self.valence, 0.0)).sum(axis=1) / total)

    def memory(self) -> Floats:
        """Peak-end a row."""
        return peak_end(most_intense(self.valence), self.end())


@frozen(kw_only=True, eq=False)
class Resampled:
    """Bootstrap draws, the same figures on the sample they were drawn from, and how large that was of how many."""

    draws: Figures
    centre: Figures
    journeys: tuple[int, int]
    customers: tuple[int, int]


@frozen(kw_only=True, eq=False)
class Counted:
    """The closed journeys and the ratings, counted once. ``claimed`` are the declared valences, NaN where there is none."""

    places: Places
    feelings: Feelings
    within: Within
    claimed: Floats

    @classmethod
    def of(cls, scoring: Scoring) -> Counted:
        """Count the closed journeys, read the feedback."""
        feelings = Feelings.of(scoring)
        claims = [declared(touchpoint, None) for touchpoint in scoring.journey.touchpoints()]
        return cls(
            places=Places.of(scoring.paths.select(~scoring.paths.open)),
            feelings=feelings,
            within=feelings.within(None),
            claimed=np.array([claim.valence if claim else np.nan for claim in claims], dtype=np.float64),
        )

    @property
    def measured(self) -> Bools:
        """Which touchpoints have ratings."""
        return np.asarray(self.within.n > 0)

    def everyone(self) -> Figures:
        """The figures on all closed journeys and all customers, in one row."""
        drawn = np.clip(self.within.mean, -2, 2)[None, :]
        return self._figures(self.places, np.ones((1, len(self.places))), drawn)

    def resampled(self, scoring: Scoring, draws: int) -> Resampled:
        """The figures on ``draws`` resamples of journeys and, independently, of customers."""
        seed = scoring.seed
        journeys = sample(len(self.places), generator(seed, "moments", "sample"))
        part = self.places.select(journeys)
        cells = max(1, len(part.sources))
        blocks = resamples(len(part), draws, generator(seed, "moments", "journeys"), cells=cells)
        people, felt_all = self._felt(scoring.part(0, 2), draws)
        rows, done = [], 0
        for weights in scoring.part(1, 2).watched(blocks if len(part) else [np.ones((draws, 0))], draws):
            rows.append(self._figures(part, weights, felt_all[done : done + len(weights)]))
            done += len(weights)
        centre = self._figures(part, np.ones((1, len(part))), self._centre(seed))
        return Resampled(
            draws=Figures(**{name: np.concatenate([getattr(r, name) for r in rows]) for name in _NAMES}),
            centre=centre,
            journeys=(len(part), len(self.places)),
            customers=(people, self.feelings.ratings.customers),
        )

    def _felt(self, scoring: Scoring, draws: int) -> tuple[int, Floats]:
        ratings, seed = self.feelings.ratings, scoring.seed
        if not ratings.customers:
            return 0, np.full((draws, self.feelings.size), np.nan)
        part = ratings.select(sample(ratings.customers, generator(seed, "moments", "raters")))
        blocks = resamples(part.customers, draws, generator(seed, "moments", "customers"))
        watched = scoring.watched(blocks, draws)
        return part.customers, np.concatenate([part.means(weights, self.feelings.size) for weights in watched])

    def _centre(self, seed: int) -> Floats:
        ratings = self.feelings.ratings
        part = ratings.select(sample(ratings.customers, generator(seed, "moments", "raters")))
        return part.means(np.ones((1, part.customers)), self.feelings.size)

    def _figures(self, places: Places, weights: Floats, drawn: Floats) -> Figures:
        branching = places.branching(weights)
        return Figures(
            # A touchpoint with ratings has no valence where nobody who rated it is drawn: the claim does not step in.
            valence=np.where(self.measured, drawn, self.claimed),
            first=places.share(places.first, weights),
            last=places.share(places.last, weights),
            reach=places.share(places.visited, weights),
            even=branching.evenness,
            options=branching.options,
        )


_NAMES = ("valence", "first", "last", "reach", "even", "options")
