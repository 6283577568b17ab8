"""Priority: which opportunity to take up first, by its touchpoint's impact and friction and its effort, or by RICE."""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist
from typing import Literal

import attrs
import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from journeykit.inference import generator
from journeykit.model import Opportunity, Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import EvidenceRef, Interval, Score, Subject
from journeykit.scorers._ranking import FLOOR, among_first, factor, place
from journeykit.scorers._rice import RICE, rice_scores
from journeykit.scorers._subjects import percent
from journeykit.scorers.friction import FrictionScorer
from journeykit.scorers.impact import ImpactScorer

__all__ = ["EFFORTS", "FLOOR", "PriorityScorer"]

Floats = NDArray[np.float64]

# The levels are an order, not amounts; taking them for 1, 2 and 3 is a convention of priority@1.
EFFORTS = {"low": 1.0, "medium": 2.0, "high": 3.0}
_UNIT = "log2 of impact x friction / effort"
_LEVEL = 0.95
_SETTLED = ("done", "dropped")


@frozen(kw_only=True, eq=False)
class _Candidate:
    """An opportunity that can be scored: its subject, and the scores of its touchpoint that it is made of."""

    subject: Subject
    touchpoint: Touchpoint
    opportunity: Opportunity
    impact: Score
    friction: Score
    effort: float

    @property
    def low(self) -> str | None:
        """Why it is ``low-n``, if an input is."""
        for score in (self.impact, self.friction):
            if score.status != "ok":
                return f"{score.scorer}-{score.reason}"
        return None


@frozen(kw_only=True)
class PriorityScorer:
    """Where an hour of work meets most: the open opportunities of the map, by touchpoint.

    ``value = log2(|impact| x friction / effort)``, of the touchpoint's scores and the opportunity's declared effort (low 1,
    medium 2, high 3: an order taken for amounts). 0 is the most there can be, one more is twice as much. It is additive in
    logarithms: the components show each factor (``raw``), what of it counts (``scaled``, at least .001) and its logarithm
    (``contribution``). Impact counts by its size: a touchpoint that goes with losing is as worth mending as one that goes with
    winning. The words the map has for the impact it expects are no part of it.

    Where an open opportunity of the map declares ``rice``, the card ranks all of them by RICE instead (Sean McBride, Intercom):
    ``value = log2(reach x impact x confidence / effort)``, in customers a quarter, marks from .25 to 3, a share and
    person-months; the product itself is the component ``rice`` of weight 0. A reach that is not declared is measured: the
    customers of the log that came to the touchpoint, per 90 days. ``method`` ("auto", "measured", "rice") can ask for one of
    the two. Words are an order and RICE is made of amounts, so they are never mixed: an opportunity without ``rice`` is then
    ``not-estimable`` (``no-rice``).

    Subjects are ``TOUCHPOINT#k``, the k-th opportunity of the touchpoint as the map lists them (from 1); those ``done`` or
    ``dropped`` are left out. The scorer runs ``impact`` and ``friction`` itself, with these settings, which costs what
    they cost; ``feedback`` lets friction weigh ratings and effort scores too. The interval, and the share of draws in
    which an opportunity is among the ``top`` of those with status ``ok`` (component ``p-top-K`` of weight 0), come from
    ``draws`` normal draws over the inputs' intervals, independent of each other; effort is taken as certain. A score is
    ``low-n`` where an input is, ``not-estimable`` where an input is or no effort is declared.
    """

    impact: ImpactScorer = field(factory=ImpactScorer, validator=validators.instance_of(ImpactScorer))
    friction: FrictionScorer = field(factory=FrictionScorer, validator=validators.instance_of(FrictionScorer))
    feedback: bool = field(default=False, validator=validators.instance_of(bool))
    top: int = field(default=3, validator=validators.ge(1))
    draws: int = field(default=2000, validator=validators.ge(100))
    method: Literal["auto", "measured", "rice"] = field(
        default="auto", validator=validators.in_(("auto", "measured", "rice"))
    )

    @property
    def name(self) -> str:
        """``priority``."""
        return "priority"

    @property
    def version(self) -> str:
        """The method with the version of its definition; inputs other than the default are part of it.

        With ``method="auto"`` a map that declares RICE has ``priority-rice@1`` on its scores instead.
        """
        if self.method == "rice":
            return RICE
        other = "" if self.impact.method == "excess" else f"-{self.impact.method}"
        return f"priority{other}@1{'+feedback' if self._friction().feedback else ''}"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score an open opportunity, in map order; those that cannot be estimated say why."""
        todo = [
            (Subject(kind="opportunity", id=f"{touchpoint.id}#{k}"), touchpoint, opportunity)
            for touchpoint in scoring.journey.touchpoints()
            for k, opportunity in enumerate(touchpoint.opportunities, 1)
            if opportunity.status not in _SETTLED
        ]
        if not todo:
            return []
        if self.method == "rice" or (self.method == "auto" and any(one.rice for *_, one in todo)):
            return rice_scores(scoring, todo, scorer=self.name, top=self.top, draws=self.draws)
        impact = {score.subject.id: score for score in self.impact.score(scoring.part(0, 2))}
        friction = {score.subject.id: score for score in self._friction().score(scoring.part(1, 2))}
        candidates: dict[Subject, _Candidate] = {}
        scores: dict[Subject, Score] = {}
        for subject, touchpoint, opportunity in todo:
            inputs = (impact[touchpoint.id], friction[touchpoint.id])
            reason = self._reason(opportunity, inputs)
            if reason is not None or opportunity.effort is None:
                scores[subject] = self._missing(subject, touchpoint, opportunity, inputs, reason or "no-effort")
                continue
            candidates[subject] = _Candidate(
                subject=subject,
                touchpoint=touchpoint,
                opportunity=opportunity,
                impact=inputs[0],
                friction=inputs[1],
                effort=EFFORTS[opportunity.effort],
            )
        found = list(candidates.values())
        draws = self._draws(scoring, found)
        first = among_first(draws, [candidate.low is None for candidate in found], self.top)
        for i, candidate in enumerate(found):
            scores[candidate.subject] = self._score(scoring, candidate, draws[:, i], first.get(i))
        return [scores[subject] for subject, *_ in todo]

    def _friction(self) -> FrictionScorer:
        return attrs.evolve(self.friction, feedback=True) if self.feedback else self.friction

    def _reason(self, opportunity: Opportunity, inputs: tuple[Score, Score]) -> str | None:
        for score in inputs:
            if score.value is None:
                return f"{score.scorer}-{score.reason}"
        return "no-effort" if opportunity.effort is None else None

    def _missing(
        self,
        subject: Subject,
        touchpoint: Touchpoint,
        opportunity: Opportunity,
        inputs: tuple[Score, Score],
        reason: str,
    ) -> Score:
        because = next(
            (score.explanation for score in inputs if score.value is None), "the map declares no effort for it."
        )
        return Score(
            subject=subject,
            scorer=self.name,
            value=None,
            unit=_UNIT,
            n=min(score.n or 0 for score in inputs),
            status="not-estimable",
            reason=reason,
            method=self.version,
            evidence=_evidence(inputs),
            explanation=f"The priority of {opportunity.title!r} at {touchpoint.title} cannot be estimated: {because}",
        )

    def _draws(self, scoring: Scoring, candidates: list[_Candidate]) -> Floats:
        """Draws of the value, (draws, candidates); opportunities of one touchpoint share the draws of its inputs."""
        drawn: dict[str, tuple[Floats, Floats]] = {}
        for candidate in candidates:
            id = candidate.touchpoint.id
            if id not in drawn:
                # A stream a touchpoint: what the map adds elsewhere does not change the draws here.
                rng = generator(scoring.seed, self.name, id)
                drawn[id] = _spread(candidate.impact, self.draws, rng), _spread(candidate.friction, self.draws, rng)
        columns = [_worth(np.abs(drawn[c.touchpoint.id][0]), drawn[c.touchpoint.id][1], c.effort) for c in candidates]
        return np.stack(columns, axis=1) if columns else np.zeros((self.draws, 0))

    def _score(self, scoring: Scoring, candidate: _Candidate, draws: Floats, first: float | None) -> Score:
        inputs = (candidate.impact, candidate.friction)
        n = min(score.n or 0 for score in inputs)
        components = [
            factor(score.scorer, score.value or 0.0, max(abs(score.value or 0.0), FLOOR), 1.0, _thinnest(score))
            for score in inputs
        ]
        components.append(factor("effort", candidate.effort, candidate.effort, -1.0, n))
        value = sum(component.contribution for component in components)
        if first is not None:
            components.append(place(self.top, first, n))
        interval = self._interval(value, draws, inputs)
        return Score(
            subject=candidate.subject,
            scorer=self.name,
            value=value,
            unit=_UNIT,
            interval=interval,
            n=n,
            status="low-n" if candidate.low else "ok",
            reason=candidate.low,
            components=tuple(components),
            method=self.version,
            evidence=(
                *_evidence(inputs),
                EvidenceRef(table="journey", sources=(scoring.journey.id,), rule=candidate.subject.id, rows=1),
            ),
            explanation=self._explained(candidate, value, interval, first),
        )

    def _interval(self, value: float, draws: Floats, inputs: tuple[Score, Score]) -> Interval | None:
        known = [score.scorer for score in inputs if score.interval is not None]
        if not known:
            return None
        low, high = (float(q) for q in np.quantile(draws, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]))
        # The size of an impact near 0 is drawn larger than it is measured; the interval still holds what was measured.
        method = f"Monte Carlo over the intervals of {' and '.join(known)}, {len(draws)} draws"
        return Interval(low=min(low, value), high=max(high, value), level=_LEVEL, method=method)

    def _explained(self, candidate: _Candidate, value: float, interval: Interval | None, first: float | None) -> str:
        impact, friction, opportunity = candidate.impact, candidate.friction, candidate.opportunity
        span = ""
        if interval is not None:
            span = f" ({100 * interval.level:.0f} % interval {interval.low:.2f} to {interval.high:.2f})"
        size, rub = impact.value or 0.0, friction.value or 0.0
        text = (
            f"Priority of {opportunity.title!r} at {candidate.touchpoint.title} is {value:.2f}{span}: impact {size:+.3f} "
            f"({impact.method}) x friction {rub:.2f} ({friction.method}) / effort {candidate.effort:g} "
            f"({opportunity.effort}: low 1, medium 2, high 3 is a convention)"
        )
        small = [score.scorer for score in (impact, friction) if abs(score.value or 0.0) < FLOOR]
        if small:
            text += f"; {' and '.join(small)} below {FLOOR:g} is taken for {FLOOR:g}"
        if impact.interval is not None and impact.interval.low <= 0 <= impact.interval.high and size:
            text += "; the interval of its impact holds 0, so its size may be chance"
        if without := [score.scorer for score in (impact, friction) if score.interval is None]:
            text += f"; {' and '.join(without)} has no interval, so its doubt is not in these figures"
        if first is not None:
            text += f". It is among the first {self.top} in {percent(first)} of the draws"
        else:
            text += ". It rests on too little to be ranked"
        if opportunity.impact is not None:
            text += f". The map expects a {opportunity.impact} impact, which is no part of the figure"
        return (
            f"{text}. One more is twice as much. Impact is associated with the outcome and friction with leaving, "
            "which is not to say that mending it changes either."
        )


def _thinnest(score: Score) -> int:
    """The fewest that any part of a score rests on: what is too few there is too few here, and is withheld here too."""
    return min([score.n or 0, *(part.n for part in score.components if part.weight)])


def _worth(size: Floats, rub: Floats, effort: float) -> Floats:
    return np.asarray(np.log2(np.maximum(size, FLOOR)) + np.log2(np.maximum(rub, FLOOR)) - math.log2(effort))


def _spread(score: Score, draws: int, rng: np.random.Generator) -> Floats:
    """Normal draws around a score as wide as its interval; the score itself where it has none."""
    value = score.value or 0.0
    steps = rng.standard_normal(draws)
    if score.interval is None:
        return np.full(draws, value)
    width = 2 * NormalDist().inv_cdf((1 + score.interval.level) / 2)
    return np.clip(value + steps * (score.interval.high - score.interval.low) / width, -1.0, 1.0)


def _evidence(inputs: Iterable[Score]) -> tuple[EvidenceRef, ...]:
    """What the inputs rest on, each table and rule once."""
    return tuple(dict.fromkeys(ref for score in inputs for ref in score.evidence))
