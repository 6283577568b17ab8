"""Moments of truth: the touchpoints that decide what is remembered and what happens next; peak-end of the journey."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import field, frozen, validators
from numpy.typing import NDArray

from journeykit.inference import percentile
from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, EvidenceRef, Interval, Score, Subject
from journeykit.scorers._moments_criteria import most_intense
from journeykit.scorers._moments_figures import CRITERIA, Counted, Figures, Resampled
from journeykit.scorers._moments_words import declared_beside, no_moment, told, whole_journey
from journeykit.scorers._subjects import event_evidence

__all__ = ["MomentsScorer"]

_UNIT = "index 0..1"
_JOURNEY_UNIT = "valence -2..+2"
Bools = NDArray[np.bool_]


@frozen(kw_only=True, eq=False)
class _Found:
    """Everything counted; ``known``, ``solid`` and ``counting`` are (4, touchpoints).

    ``known`` are the criteria that have a figure, ``solid`` those of them that rest on enough data, ``counting`` those that
    the value is the largest of. ``first_in`` is how often each touchpoint ranks first among those with a solid criterion.
    """

    counted: Counted
    figures: Figures
    resampled: Resampled
    known: Bools
    solid: Bools
    counting: Bools
    drawn: NDArray[np.float64]
    centre: NDArray[np.float64]
    first_in: NDArray[np.float64]


@frozen(kw_only=True)
class MomentsScorer:
    """How much a touchpoint is a moment of truth, from 0 to 1, and what is remembered of the whole journey.

    ``moments@1`` is the largest of four criteria that rest on enough data, each on fixed anchors in [0, 1], so that another
    touchpoint on the map moves none of them; the winning criterion is the only component:

    - ``peak`` or ``pit``: how far the valence of the emotion score (see `EmotionScorer`) lies from neutral, abs(valence) / 2:
      0 is neutral, 1 the end of the scale;
    - ``first`` and ``last``: the share of closed journeys that begin or end here: 1 is every journey;
    - ``decision``: how evenly customers divide over the ways on from here, times its reach. Evenness is the entropy of
      the next touchpoint (or of leaving, or succeeding) with Miller and Madow's correction, over ln k for the k ways that were
      taken; reach is the share of closed journeys that come here. Only with ``min_decisions`` such journeys.

    A path is what happened up to the first success; open journeys are left out. The interval is a percentile bootstrap
    (``draws``) of journeys and of customers who rated, and the explanation gives the share of resamples in which the
    touchpoint ranks first. Enough is ``min_customers`` who rated it for the emotion, and ``min_journeys`` closed journeys for
    first and last; a declared emotion is none. Where no criterion has enough the score is the largest of all, ``low-n``
    with the winner's reason: ``declared-only`` (then without an interval), ``few-customers`` or ``few-journeys``. A
    criterion with enough data and a value of ``found`` or more is a moment found; the explanation compares these with the
    ``moment`` the map declares.

    The journey itself has a score (subject ``journey``): peak-end = (peak + end) / 2 (Kahneman, Fredrickson, Schreiber and
    Redelmeier 1993), a valence from -2 to +2. Peak is the most intense valence of any touchpoint, end the mean valence of
    the touchpoints at which closed journeys end. All of it speaks of everyone, not of single personas, and is a heuristic.
    """

    draws: int = field(default=1000, validator=validators.ge(100))
    min_customers: int = field(default=20, validator=validators.ge(2))
    min_journeys: int = field(default=30, validator=validators.ge(1))
    min_decisions: int = field(default=50, validator=validators.ge(1))
    found: float = field(default=0.5, validator=[validators.gt(0), validators.le(1)])

    @property
    def name(self) -> str:
        """``moments``."""
        return "moments"

    @property
    def version(self) -> str:
        """The method with the version of its definition, as scores name it."""
        return "moments@1"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """The score of the journey (``peak-end@1``), then one a touchpoint in map order."""
        found = self._found(scoring)
        touchpoints = [self._touchpoint(scoring, t, found, i) for i, t in enumerate(scoring.journey.touchpoints())]
        return [self._journey(scoring, found), *touchpoints]

    def _found(self, scoring: Scoring) -> _Found:
        counted = Counted.of(scoring)
        figures = counted.everyone()
        known = self._known(scoring, counted, figures)
        solid = known & self._enough(counted)
        counting = np.where(solid.any(axis=0), solid, known)
        resampled = counted.resampled(scoring, self.draws)
        drawn = _largest(resampled.draws.criteria(counting))
        ranked = np.where(solid.any(axis=0), drawn, np.nan)
        highest = np.fmax.reduce(ranked, axis=1, initial=-np.inf)
        # Rounding must not break a tie; those who tie share the first rank.
        firsts = ranked >= highest[:, None] - 1e-12
        with np.errstate(invalid="ignore", divide="ignore"):
            shares = firsts / firsts.sum(axis=1)[:, None]
        return _Found(
            counted=counted,
            figures=figures,
            resampled=resampled,
            known=known,
            solid=solid,
            counting=counting,
            drawn=drawn,
            centre=_largest(resampled.centre.criteria(counting))[0],
            first_in=np.nan_to_num(shares).mean(axis=0),
        )

    def _known(self, scoring: Scoring, counted: Counted, figures: Figures) -> Bools:
        """Which criteria (4, touchpoints) have a figure at all; decided on all the data, not anew in every draw."""
        reached = np.asarray(counted.places.visited.sum(axis=0)).ravel()
        ruled = np.array([touchpoint.match is not None for touchpoint in scoring.journey.touchpoints()], dtype=np.bool_)
        seen = ruled & (reached > 0)
        return np.stack([np.isfinite(figures.valence[0]), seen, seen, seen & (reached >= self.min_decisions)])

    def _enough(self, counted: Counted) -> Bools:
        journeys = np.full(len(counted.measured), len(counted.places) >= self.min_journeys)
        decisions = np.ones(len(counted.measured), dtype=np.bool_)
        return np.stack([counted.within.n >= self.min_customers, journeys, journeys, decisions])

    def _touchpoint(self, scoring: Scoring, touchpoint: Touchpoint, found: _Found, index: int) -> Score:
        if not found.known[:, index].any():
            return self._missing(scoring, touchpoint)
        place = int(np.nanargmax(found.figures.criteria(found.counting)[:, 0, index]))
        component = _component(found, place, index)
        status = None if found.solid[place, index] else _thin(found, place, index)
        sampled, total = found.resampled.customers if CRITERIA[place] == "emotion" else found.resampled.journeys
        value = component.contribution
        interval = None
        if status != "declared-only":
            interval = _interval(value, found.drawn[:, index], float(found.centre[index]), sampled, total)
        text = told(
            scoring,
            touchpoint,
            found.figures,
            index=index,
            criteria=found.figures.criteria(found.known)[:, 0, index],
            solid=found.solid[:, index],
            component=component,
            interval=interval,
            first_in=float(found.first_in[index]),
            rated=bool(found.counted.measured[index]),
        )
        measured = found.figures.criteria(found.solid)[:, 0, index]
        beside = declared_beside(touchpoint, measured, float(found.figures.valence[0, index]), self.found)
        return Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            value=value,
            unit=_UNIT,
            interval=interval,
            n=component.n if CRITERIA[place] != "emotion" or found.counted.measured[index] else 0,
            status="low-n" if status else "ok",
            reason=status,
            components=(component,),
            method=self.version,
            evidence=(*event_evidence(scoring, touchpoint), *self._felt_evidence(scoring, found, [index])),
            explanation=f"{text} {beside} A heuristic, associated with what customers remember and do next, not its cause.",
        )

    def _missing(self, scoring: Scoring, touchpoint: Touchpoint) -> Score:
        reason = "no-match-rule" if touchpoint.match is None else "not-reached"
        return Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            value=None,
            unit=_UNIT,
            n=0,
            status="not-estimable",
            reason=reason,
            method=self.version,
            evidence=event_evidence(scoring, touchpoint),
            explanation=no_moment(scoring, touchpoint),
        )

    def _journey(self, scoring: Scoring, found: _Found) -> Score:
        value, end = float(found.figures.memory()[0]), float(found.figures.end()[0])
        ends = _ends(found)
        felt = [i for i, valence in enumerate(found.figures.valence[0]) if np.isfinite(valence)]
        reason = self._unremembered(found, felt, end)
        doubt = reason or self._doubt(found, felt, ends)
        components: tuple[Component, ...] = ()
        interval = None
        if reason is None:
            peak = float(most_intense(found.figures.valence)[0])
            at = [i for i in felt if abs(found.figures.valence[0, i] - peak) < 1e-9]
            n_peak = max(int(found.counted.within.n[i]) for i in at)
            components = (_half("peak", peak, n_peak), _half("end", end, ends))
            value = sum(component.contribution for component in components)
            centre = float(found.resampled.centre.memory()[0])
            if doubt != "declared-only":
                interval = _interval(value, found.resampled.draws.memory(), centre, *found.resampled.journeys)
        return Score(
            subject=Subject(kind="journey", id=scoring.journey.id),
            scorer=self.name,
            value=value if reason is None else None,
            unit=_JOURNEY_UNIT,
            interval=interval,
            n=ends,
            status="not-estimable" if reason else "low-n" if doubt else "ok",
            reason=doubt,
            components=components,
            method="peak-end@1",
            evidence=tuple(self._felt_evidence(scoring, found, felt)),
            explanation=whole_journey(
                scoring,
                found.figures,
                found.figures.criteria(found.solid)[:, 0],
                components,
                interval,
                reason=reason,
                threshold=self.found,
            ),
        )

    def _unremembered(self, found: _Found, felt: list[int], end: float) -> str | None:
        if not felt:
            return "no-emotion"
        if not len(found.counted.places):
            return "no-closed-journeys"
        return None if np.isfinite(end) else "no-emotion-at-the-end"

    def _doubt(self, found: _Found, felt: list[int], ends: int) -> str | None:
        """Why the journey's score rests on too little: one figure that enters it does."""
        valence, last = found.figures.valence[0], found.figures.last[0]
        most = max(abs(valence[i]) for i in felt)
        used = [i for i in felt if abs(valence[i]) > most - 1e-9 or last[i] > 0]
        if any(not found.counted.measured[i] for i in used):
            return "declared-only"
        if any(found.counted.within.n[i] < self.min_customers for i in used):
            return "few-customers"
        return "few-journeys" if ends < self.min_journeys else None

    def _felt_evidence(self, scoring: Scoring, found: _Found, indices: list[int]) -> Iterable[EvidenceRef]:
        feedback, touchpoints = scoring.evidence.feedback, scoring.journey.touchpoints()
        answers = int(found.counted.feelings.answers(None)[indices].sum())
        if feedback is not None and answers:
            files = tuple(feedback.report.files or (feedback.report.source,))
            named = ", ".join(touchpoints[i].id for i in indices if found.counted.measured[i])
            rule = f"kind in [rating, csat, comment] and about {named}"
            yield EvidenceRef(table="feedback", sources=files, rule=rule, rows=answers)
        claimed = [touchpoints[i] for i in indices if not found.counted.measured[i] and touchpoints[i].emotions]
        for touchpoint in claimed:
            rule = f"{touchpoint.id}.emotions"
            rows = len(touchpoint.emotions)
            yield EvidenceRef(table="journey", sources=(scoring.journey.id,), rule=rule, rows=rows)


def _largest(criteria: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.fmax.reduce(criteria, axis=0))


def _interval(value: float, draws: NDArray[np.float64], centre: float, sampled: int, total: int) -> Interval | None:
    """The bootstrap interval; not asked for where a claim enters, because how sure that is no resample can tell."""
    unit = "journeys and of customers who rated"
    return percentile(value, draws, centre=centre, sampled=sampled, total=total, unit=unit)


def _thin(found: _Found, place: int, index: int) -> str:
    """Why a criterion that has a figure does not rest on enough."""
    if CRITERIA[place] == "emotion":
        return "few-customers" if found.counted.measured[index] else "declared-only"
    return "few-journeys"


def _component(found: _Found, place: int, index: int) -> Component:
    """The winning criterion, as measured (a valence, a share, an evenness) and on its anchor."""
    scaled = float(found.figures.criteria(found.known)[place, 0, index])
    figures, within = found.figures, found.counted.within
    if CRITERIA[place] == "emotion":
        raw = float(figures.valence[0, index])
        claims = len(found.counted.feelings.journey.touchpoints()[index].emotions)
        n = int(within.n[index]) or claims
        return Component(
            name="pit" if raw < 0 else "peak", raw=raw, scaled=scaled, weight=1.0, contribution=scaled, n=n
        )
    n = len(found.counted.places)
    raw = scaled
    if CRITERIA[place] == "decision":
        raw = float(figures.even[0, index])
        n = int(found.counted.places.visited[:, [index]].sum())
    return Component(name=CRITERIA[place], raw=raw, scaled=scaled, weight=1.0, contribution=scaled, n=n)


def _half(name: str, valence: float, n: int) -> Component:
    return Component(name=name, raw=valence, scaled=valence, weight=0.5, contribution=valence / 2, n=n)


def _ends(found: _Found) -> int:
    """The closed journeys that end at a touchpoint with a valence."""
    known = np.isfinite(found.figures.valence[0])
    return int(np.asarray(found.counted.places.last.sum(axis=0)).ravel()[known].sum())
