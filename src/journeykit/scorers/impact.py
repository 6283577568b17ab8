"""Impact: what a touchpoint has to do with the outcome: the excess of its exact Markov removal effect, or a named alternative."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, cast

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from journeykit.inference import adjusted, generator, percentile, resamples, sample, two_sided
from journeykit.measures import Paths
from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, Interval, Score, Subject
from journeykit.scorers._attribution import ATTRIBUTIONS, Attribution, AttributionMethod
from journeykit.scorers._markov import Moves, strata
from journeykit.scorers._subjects import event_evidence, left_out, missing, percent

__all__ = ["MAX_STATES", "ImpactScorer"]

# Each draw inverts a matrix of this many rows; beyond it an answer would take minutes and rest on single journeys.
MAX_STATES = 400
_CELLS = 4_000_000
_UNIT = "share of conversions"
Floats = NDArray[np.float64]


@frozen(kw_only=True, eq=False)
class _Estimate:
    """Figures of the touchpoints that occur (``positions`` on the map); p-values are None for the removal effect."""

    positions: list[int]
    effect: Floats
    expected: Floats
    draws: Floats
    centre: Floats
    p_values: Floats | None
    touched: NDArray[np.int64]
    sampled: int


@frozen(kw_only=True)
class ImpactScorer:
    """What passing a touchpoint has to do with converting.

    The removal effect of touchpoint i is RE_i = 1 - P(conversion without i) / P(conversion) in the absorbing Markov chain of
    ``order`` (1 to 3: how many touchpoints it remembers) over the closed journeys, every arrival at i being lost; it is
    solved exactly (Anderl, Becker, von Wangenheim and Schumann 2016). It mostly measures reach. ``method="excess"`` (the
    default) therefore subtracts the mean removal effect under permuted conversion labels: 0 means "no more than its reach
    explains". ``method="removal"`` gives the raw effect. Labels are permuted among all closed journeys, or with
    ``strata="length"`` only among journeys of about equal length: that keeps busy customers, who see more of everything and
    convert more, from lending every touchpoint a small excess, but in a funnel, where length is progress, it takes away
    the very effect that is asked for.

    Intervals are percentile bootstraps of journeys (``draws``); p-values are two-sided permutation p-values
    (``permutations``), Benjamini-Hochberg adjusted over the touchpoints. A score is ``low-n`` with fewer than
    ``min_conversions`` conversions, or ``min_journeys`` journeys through the touchpoint. It never shows a cause, and a chain
    forgets: nothing that lies before ``order`` touchpoints which every path ends in can show an excess. Without an
    ``order`` it is 2 where that chain has at most 400 states, else 1; the method's name says which.

    The other methods deal the conversions out over the touches (visits before the success) and give each touchpoint's
    share; shares sum to 1 over the conversions that have a touch. ``shapley`` splits every converting journey equally over
    its different touchpoints (Zhao, Mahboobi and Bagheri 2018), with a bootstrap of converting journeys. The others are
    rules of thumb and have no interval: ``first``, ``last``, ``linear-touch`` (every touch the same), ``linear-distinct``
    (every different touchpoint the same: the value of ``shapley``), ``position`` (40 % first, 40 % last, 20 % between) and
    ``time-decay`` (a touch weighs half as much as one a ``half_life`` later). ``strata``, ``order`` and ``permutations``
    belong to the chain, ``half_life`` to ``time-decay``; elsewhere they change nothing.
    """

    method: Literal[
        "excess", "removal", "first", "last", "linear-distinct", "linear-touch", "position", "shapley", "time-decay"
    ] = field(default="excess", validator=validators.in_(("excess", "removal", *ATTRIBUTIONS)))
    strata: Literal["none", "length"] = field(default="none", validator=validators.in_(("none", "length")))
    order: Literal[1, 2, 3] | None = field(default=None, validator=validators.in_((1, 2, 3, None)))
    draws: int = field(default=1000, validator=validators.ge(100))
    permutations: int = field(default=999, validator=validators.ge(99))
    half_life: timedelta = field(default=timedelta(days=7), validator=validators.gt(timedelta(0)))
    min_conversions: int = field(default=100, validator=validators.ge(1))
    min_journeys: int = field(default=30, validator=validators.ge(1))

    @property
    def name(self) -> str:
        """``impact``."""
        return "impact"

    def version(self, order: int = 2) -> str:
        """The method, the order of its chain (where it has one) and the version of its definition, as scores name it."""
        if self.method in ATTRIBUTIONS:
            return self._attribution().version
        by_length = "-by-length" if self.method == "excess" and self.strata == "length" else ""
        return f"impact-{self.method}{by_length}-order-{order}@1"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score a touchpoint, in map order; those that cannot be estimated say why."""
        if self.method in ATTRIBUTIONS:
            return self._attribution().score(scoring)
        paths = scoring.paths.select(~scoring.paths.open)
        moves = self._moves(paths)
        blocked = self._blocked(scoring, moves)
        estimate = None if blocked else self._estimate(scoring, moves)
        outcome_codes = set(np.unique(paths.success_code[paths.converted]).tolist())
        scores = []
        for position, touchpoint in enumerate(scoring.journey.touchpoints()):
            if estimate is None or position not in estimate.positions:
                reached = "is-outcome" if position in outcome_codes else "not-reached"
                reason = "no-match-rule" if touchpoint.match is None else blocked or reached
                blank = missing(
                    scoring,
                    touchpoint,
                    scorer=self.name,
                    method=self.version(moves.order),
                    unit=_UNIT,
                    reason=reason,
                    n=0,
                )
                scores.append(blank)
                continue
            index = estimate.positions.index(position)
            scores.append(self._score(scoring, touchpoint, moves, estimate, index))
        return scores

    def _attribution(self) -> Attribution:
        return Attribution(
            method=cast("AttributionMethod", self.method),
            half_life=self.half_life,
            draws=self.draws,
            min_conversions=self.min_conversions,
            min_journeys=self.min_journeys,
            scorer=self.name,
            unit=_UNIT,
        )

    def _moves(self, paths: Paths) -> Moves:
        if self.order is not None:
            return Moves.of(paths, self.order)
        moves = Moves.of(paths, 2)
        return moves if moves.size <= MAX_STATES else Moves.of(paths, 1)

    def _blocked(self, scoring: Scoring, moves: Moves) -> str | None:
        if scoring.journey.outcome is None:
            return "no-outcome"
        if len(scoring.paths) and not len(moves):
            return "all-open"
        if not moves.converted.any():
            return "no-conversions"
        if self.method == "excess" and moves.converted.all():
            return "no-non-conversions"
        if moves.size > MAX_STATES:
            return "too-many-states"
        return None

    def _estimate(self, scoring: Scoring, moves: Moves) -> _Estimate:
        everyone = np.ones((1, len(moves)))
        chain = moves.chain(everyone)
        effect = chain.effects()[1][0]
        groups = strata(moves.lengths) if self.strata == "length" else np.zeros(len(moves), dtype=np.int64)
        expected, p_values = np.zeros_like(effect), None
        if self.method == "excess":
            rng = generator(scoring.seed, "impact", "permutation")
            shuffled = moves.permuted_converts(groups, self.permutations, rng)
            step = max(1, _CELLS // (moves.size + 1) ** 2)
            blocks = (shuffled[i : i + step] for i in range(0, len(shuffled), step))
            watched = scoring.part(0, 2).watched(blocks, len(shuffled))
            permuted = np.concatenate([chain.effects(block)[1] for block in watched])
            expected = permuted.mean(axis=0)
            p_values = adjusted(np.array([two_sided(v, permuted[:, i]) for i, v in enumerate(effect)]))
        chosen = sample(len(moves), generator(scoring.seed, "impact", "sample"))
        part, part_groups = moves.select(chosen), groups[chosen]
        rng = generator(scoring.seed, "impact", "bootstrap")
        drawn = resamples(len(part), self.draws, rng, cells=(moves.size + 1) ** 2)
        watched = scoring.part(1, 2).watched(drawn, self.draws)
        draws = np.concatenate([self._figures(part, part_groups, block) for block in watched])
        return _Estimate(
            positions=moves.touchpoints.tolist(),
            effect=effect,
            expected=expected,
            draws=draws,
            centre=self._figures(part, part_groups, np.ones((1, len(part))))[0],
            p_values=p_values,
            touched=np.asarray(moves.visited.sum(axis=0)).ravel().astype(np.int64),
            sampled=len(part),
        )

    def _figures(self, moves: Moves, groups: NDArray[np.int64], weights: Floats) -> Floats:
        chain = moves.chain(weights)
        effects = chain.effects()[1]
        if self.method == "removal":
            return effects
        # The mean over permutations is, to first order, the effect under each stratum's own conversion rate.
        return effects - chain.effects(moves.expected_converts(weights, groups))[1]

    def _score(self, scoring: Scoring, touchpoint: Touchpoint, moves: Moves, found: _Estimate, index: int) -> Score:
        effect, expected, n = float(found.effect[index]), float(found.expected[index]), int(found.touched[index])
        conversions = int(moves.converted.sum())
        components = [
            Component(name="removal-effect", raw=effect, scaled=effect, weight=1.0, contribution=effect, n=n),
        ]
        if self.method == "excess":
            by_reach = Component(
                name="expected-by-reach", raw=expected, scaled=expected, weight=-1.0, contribution=-expected, n=n
            )
            components.append(by_reach)
        value = sum(component.contribution for component in components)
        interval = percentile(
            value, found.draws[:, index], centre=float(found.centre[index]), sampled=found.sampled, total=len(moves)
        )
        reason = None
        if conversions < self.min_conversions:
            reason = "few-conversions"
        elif n < self.min_journeys:
            reason = "few-journeys"
        p_value = None if found.p_values is None else float(found.p_values[index])
        return Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            value=value,
            unit=_UNIT,
            interval=interval,
            p_value=p_value,
            n=n,
            status="low-n" if reason else "ok",
            reason=reason,
            components=tuple(components),
            method=self.version(moves.order),
            evidence=event_evidence(scoring, touchpoint),
            explanation=self._explained(scoring, touchpoint, components, interval, p_value, conversions, len(moves)),
        )

    def _explained(
        self,
        scoring: Scoring,
        touchpoint: Touchpoint,
        components: list[Component],
        interval: Interval | None,
        p_value: float | None,
        conversions: int,
        closed: int,
    ) -> str:
        effect = components[0]
        value = sum(component.contribution for component in components)
        # Adding 0.0 takes the sign off a rounded zero.
        text = f"Impact of {touchpoint.title} is {round(value, 3) + 0.0:+.3f} of all conversions"
        if interval is not None:
            low, high = (round(end, 3) + 0.0 for end in (interval.low, interval.high))
            text += f" ({100 * interval.level:.0f} % interval {low:+.3f} to {high:+.3f})"
        if p_value is not None:
            text += f", adjusted p {f'= {p_value:.3f}' if p_value >= 0.0005 else '< 0.001'}"
        text += f": the chain would lose {percent(effect.raw)} of conversions if every visit to it were lost"
        if self.method == "excess":
            text += f", where its reach alone explains {percent(components[1].raw)}"
        else:
            text += ", which mostly measures its reach"
        if conversions == closed:
            text += "; every closed journey converted, so only the ratios between touchpoints mean anything"
        counted = (
            f"{effect.n:,} of {closed:,} closed journeys pass it before their success; {conversions:,} converted in all"
        )
        return f"{text}. {counted}{left_out(scoring)}. Associated with the outcome, which is not to say it causes it."
