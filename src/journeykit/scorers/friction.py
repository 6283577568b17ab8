"""Friction: where customers stall, turn back, repeat themselves and leave; optionally with what they said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from journeykit.inference import generator, percentile, resamples, sample
from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, EvidenceRef, Interval, Score, Subject
from journeykit.scorers._feedback import Voice, voices
from journeykit.scorers._friction_counts import Steps
from journeykit.scorers._subjects import event_evidence, left_out, missing, percent

__all__ = ["EVENT_WEIGHTS", "FEEDBACK_WEIGHTS", "FrictionScorer"]

Floats = NDArray[np.float64]

# The published weights of friction@1; changing one is a new version of the method.
EVENT_WEIGHTS = {"drop-off": 0.4, "rework": 0.2, "backtrack": 0.2, "delay": 0.2}
FEEDBACK_WEIGHTS = {
    **{name: 0.6 * weight for name, weight in EVENT_WEIGHTS.items()},
    "negative-feedback": 0.25,
    "effort": 0.15,
}
# A share of one half is as bad as it gets; 64 times the expected wait is as slow as it gets.
_WORST_SHARE = 0.5
_WORST_DOUBLINGS = 6
_EXPECTED = timedelta(minutes=5)
_SECOND = timedelta(seconds=1)
_AT_CAP = " (all it can: worse would not show)"


@frozen(kw_only=True)
class FrictionScorer:
    """How much a touchpoint stands in the customer's way, from 0 (not at all) to 1.

    ``friction@1`` (events alone) = .4 drop-off + .2 rework + .2 backtrack + .2 delay, over closed journeys up to their first
    success. Drop-off is the share of reaching journeys that end there without success, rework the share that come
    more than once, backtrack the share that move from it to an earlier touchpoint of the map, each divided by .5; delay is
    log2(p90 gap to the next touchpoint / expected) / 6, expected being the touchpoint's own or 5 minutes; each is held to
    [0, 1], anchors that never depend on the data. ``feedback=True`` gives ``friction@1+feedback``: .6 of that, .25
    negative feedback (share of ratings in the lower 40 % of their scale) and .15 effort (CES, 1 minus its mean place).

    The interval is a percentile bootstrap of journeys (and of customers for feedback). A score is ``low-n`` where a component
    rests on fewer than ``min_n``, ``not-estimable`` where one is missing. Weights are a convention: the explanation says
    how the rank moves when any one of them is halved or doubled.
    """

    feedback: bool = field(default=False, validator=validators.instance_of(bool))
    draws: int = field(default=1000, validator=validators.ge(100))
    min_n: int = field(default=30, validator=validators.ge(1))

    @property
    def name(self) -> str:
        """``friction``."""
        return "friction"

    @property
    def version(self) -> str:
        """The method with the version of its definition, as scores name it."""
        return "friction@1+feedback" if self.feedback else "friction@1"

    @property
    def weights(self) -> dict[str, float]:
        """The weight of every component, summing to 1."""
        return FEEDBACK_WEIGHTS if self.feedback else EVENT_WEIGHTS

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score a touchpoint, in map order; those that cannot be estimated say why."""
        paths = scoring.paths.select(~scoring.paths.open)
        touchpoints = scoring.journey.touchpoints()
        measured = _Measured.of(scoring, Steps.of(paths), self)
        components: dict[str, list[Component]] = {}
        for i, touchpoint in enumerate(touchpoints):
            parts = measured.components(i, touchpoint)
            present = [part for part in parts.values() if part is not None]
            if present and len(present) == len(parts):
                components[touchpoint.id] = present
        draws = measured.draws(scoring, touchpoints, self)
        ranked = {id: parts for id, parts in components.items() if min(part.n for part in parts) >= self.min_n}
        ranks = _rank_ranges(ranked)
        scores = []
        for i, touchpoint in enumerate(touchpoints):
            if touchpoint.id in components:
                scores.append(self._score(scoring, touchpoint, components[touchpoint.id], draws[:, i], measured, ranks))
                continue
            reason = self._reason(scoring, touchpoint, measured, i)
            n = measured.reached(i)
            scores.append(
                missing(
                    scoring, touchpoint, scorer=self.name, method=self.version, unit="index 0..1", reason=reason, n=n
                )
            )
        return scores

    def _reason(self, scoring: Scoring, touchpoint: Touchpoint, measured: _Measured, index: int) -> str:
        if scoring.journey.outcome is None:
            return "no-outcome"
        if touchpoint.match is None:
            return "no-match-rule"
        if len(scoring.paths) and not len(measured.steps):
            return "all-open"
        if not measured.reached(index):
            return "not-reached"
        absent = [name for name, part in measured.components(index, touchpoint).items() if part is None]
        return {"delay": "no-next-event", "negative-feedback": "no-feedback", "effort": "no-effort-feedback"}[absent[0]]

    def _score(
        self,
        scoring: Scoring,
        touchpoint: Touchpoint,
        components: list[Component],
        draws: Floats,
        measured: _Measured,
        ranks: dict[str, tuple[int, int, int]],
    ) -> Score:
        value = sum(component.contribution for component in components)
        interval = percentile(value, draws, sampled=measured.sampled, total=len(measured.steps), unit=measured.unit)
        thin = min(components, key=lambda component: component.n)
        low = thin.n < self.min_n
        return Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            value=value,
            unit="index 0..1",
            interval=interval,
            n=components[0].n,
            status="low-n" if low else "ok",
            reason=f"few-observations-of-{thin.name}" if low else None,
            components=tuple(components),
            method=self.version,
            evidence=(*event_evidence(scoring, touchpoint), *self._feedback_evidence(scoring, components)),
            explanation=_explained(scoring, touchpoint, components, interval, ranks.get(touchpoint.id), len(ranks)),
        )

    def _feedback_evidence(self, scoring: Scoring, components: list[Component]) -> Iterator[EvidenceRef]:
        feedback = scoring.evidence.feedback
        if self.feedback and feedback is not None:
            rows = sum(component.n for component in components if component.name in ("negative-feedback", "effort"))
            yield EvidenceRef(table="feedback", sources=(feedback.report.source,), rows=rows)


@frozen(kw_only=True, eq=False)
class _Measured:
    steps: Steps
    weights: dict[str, float]
    ratings: dict[str, Voice]
    efforts: dict[str, Voice]
    customers: int
    sampled: int
    unit: str

    @classmethod
    def of(cls, scoring: Scoring, steps: Steps, scorer: FrictionScorer) -> _Measured:
        ratings: dict[str, Voice] = {}
        efforts: dict[str, Voice] = {}
        customers = 0
        if scorer.feedback and scoring.evidence.feedback is not None and scoring.journey.outcome is not None:
            ratings, efforts, customers = voices(scoring.evidence.feedback, scoring.journey)
        return cls(
            # Without an outcome nobody can be said to have left, so nothing may be counted as drop-off.
            steps=steps if scoring.journey.outcome is not None else steps.select(np.zeros(0, dtype=np.int64)),
            weights=scorer.weights,
            ratings=ratings,
            efforts=efforts,
            customers=customers,
            sampled=len(sample(len(steps), generator(scoring.seed, "friction", "sample"))),
            unit="journeys and of customers giving feedback" if scorer.feedback else "journeys",
        )

    def reached(self, index: int) -> int:
        return int(self.steps.reached[:, [index]].sum())

    def components(self, index: int, touchpoint: Touchpoint) -> dict[str, Component | None]:
        """Every component by name, None where there is nothing to measure it on; empty where no journey comes here."""
        n = self.reached(index)
        if not n:
            return {}
        everyone = np.ones((1, len(self.steps)))
        raw = {
            name: float(v[0])
            for name, v in self._raw(self.steps, index, touchpoint, everyone, self._everyone()).items()
        }
        counts = {
            "delay": len(self.steps.gaps[index].length),
            "negative-feedback": len(self.ratings[touchpoint.id].score) if touchpoint.id in self.ratings else 0,
            "effort": len(self.efforts[touchpoint.id].score) if touchpoint.id in self.efforts else 0,
        }
        parts: dict[str, Component | None] = {}
        for name, weight in self.weights.items():
            scaled = float(_scaled(name, np.array([raw[name]]), touchpoint)[0])
            parts[name] = (
                Component(
                    name=name,
                    raw=raw[name],
                    scaled=scaled,
                    weight=weight,
                    contribution=weight * scaled,
                    n=counts.get(name, n),
                )
                if np.isfinite(raw[name])
                else None
            )
        return parts

    def draws(self, scoring: Scoring, touchpoints: tuple[Touchpoint, ...], scorer: FrictionScorer) -> Floats:
        """The bootstrap draws of the total, (draws, touchpoints); NaN where a component did not exist in the draw."""
        if not len(self.steps) or not touchpoints:
            return np.full((scorer.draws, len(touchpoints)), np.nan)
        chosen = sample(len(self.steps), generator(scoring.seed, "friction", "sample"))
        part = self.steps.select(chosen)
        chance = generator(scoring.seed, "friction", "bootstrap")
        answers = generator(scoring.seed, "friction", "feedback")
        cells = max(self.customers, part.longest)
        blocks = []
        for weights in scoring.watched(resamples(len(part), scorer.draws, chance, cells=cells), scorer.draws):
            drawn = list(resamples(self.customers, len(weights), answers))
            people = np.concatenate(drawn) if drawn else np.ones((len(weights), 0))
            blocks.append(
                np.stack([self._total(part, i, t, weights, people) for i, t in enumerate(touchpoints)], axis=1)
            )
        return np.concatenate(blocks)

    def _total(self, steps: Steps, index: int, touchpoint: Touchpoint, weights: Floats, people: Floats) -> Floats:
        raw = self._raw(steps, index, touchpoint, weights, people)
        return np.asarray(sum(w * _scaled(name, raw[name], touchpoint) for name, w in self.weights.items()))

    def _everyone(self) -> Floats:
        return np.ones((1, self.customers))

    def _raw(
        self, steps: Steps, index: int, touchpoint: Touchpoint, weights: Floats, people: Floats
    ) -> dict[str, Floats]:
        reached = weights @ steps.reached[:, [index]].toarray().ravel()
        raw = {}
        for name, matrix in (("drop-off", steps.dropped), ("rework", steps.repeated), ("backtrack", steps.back)):
            with np.errstate(invalid="ignore", divide="ignore"):
                raw[name] = np.where(reached > 0, weights @ matrix[:, [index]].toarray().ravel() / reached, np.nan)
        raw["delay"] = steps.gaps[index].p90(weights) / 1e6
        nothing = np.full(len(weights), np.nan)
        rating, effort = self.ratings.get(touchpoint.id), self.efforts.get(touchpoint.id)
        raw["negative-feedback"] = nothing if rating is None else rating.negative(people)
        raw["effort"] = nothing if effort is None else effort.effort(people)
        return raw


def _scaled(name: str, raw: Floats, touchpoint: Touchpoint) -> Floats:
    if name == "delay":
        expected = (touchpoint.expected or _EXPECTED) / _SECOND
        # A wait of nothing is no delay, not minus infinity.
        with np.errstate(divide="ignore"):
            return np.clip(np.log2(raw / expected) / _WORST_DOUBLINGS, 0, 1)
    if name in ("negative-feedback", "effort"):
        return np.clip(raw, 0, 1)
    return np.clip(raw / _WORST_SHARE, 0, 1)


def _rank_ranges(components: dict[str, list[Component]]) -> dict[str, tuple[int, int, int]]:
    """The rank of every subject (1 is most friction), and its best and worst when one weight is halved or doubled."""
    ranks: dict[str, list[int]] = {id: [] for id in components}
    names = [component.name for component in next(iter(components.values()), [])]
    for changed, factor in [("", 1.0), *((name, f) for name in names for f in (0.5, 2.0))]:
        total = {}
        for id, parts in components.items():
            weights = [part.weight * (factor if part.name == changed else 1.0) for part in parts]
            total[id] = sum(w * part.scaled for w, part in zip(weights, parts, strict=True)) / sum(weights)
        for id in components:
            ranks[id].append(1 + sum(other > total[id] + 1e-12 for other in total.values()))
    return {id: (found[0], min(found), max(found)) for id, found in ranks.items()}


def _explained(
    scoring: Scoring,
    touchpoint: Touchpoint,
    components: list[Component],
    interval: Interval | None,
    rank: tuple[int, int, int] | None,
    of: int,
) -> str:
    value = sum(component.contribution for component in components)
    span = f" ({100 * interval.level:.0f} % interval {interval.low:.2f} to {interval.high:.2f})" if interval else ""
    parts = "; ".join(
        f"{c.name} {_shown(c, touchpoint)} adds {c.contribution:.2f}{_AT_CAP if c.scaled >= 1 else ''}"
        for c in components
    )
    place = "Rests on too little to be ranked"
    if rank is not None:
        here, best, worst = rank
        moves = f"between {best} and {worst} when any one" if best != worst else "whichever one"
        place = f"Rank {here} of {of}, {moves} weight is halved or doubled"
    counted = f"{components[0].n:,} closed journeys reach it{left_out(scoring)}"
    return (
        f"Friction of {touchpoint.title} is {value:.2f}{span}: {parts}. {place}. {counted}. "
        "Associated with leaving and delay, which is not to say it causes them."
    )


def _shown(component: Component, touchpoint: Touchpoint) -> str:
    if component.name == "delay":
        expected = touchpoint.expected or _EXPECTED
        return f"(p90 {_words(component.raw)}, {_words(expected / _SECOND)} expected)"
    return percent(component.raw)


def _words(seconds: float) -> str:
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds:.3g} s"
