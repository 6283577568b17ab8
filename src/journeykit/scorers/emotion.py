"""Emotion: how customers feel at a touchpoint, as they say and as the map claims, the two never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, field, frozen, validators

from journeykit.inference import Band, Within, generator, simultaneous_band
from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, EvidenceRef, Interval, Score, Subject
from journeykit.results.scores import Status
from journeykit.scorers._emotion_values import PRIVATE, Declared, Feelings, declared, in_words
from journeykit.scorers._subjects import percent

__all__ = ["EmotionScorer"]

_UNIT = "valence -2..+2"


@frozen(kw_only=True)
class _Measured:
    """The ratings at one touchpoint: mean ``place`` on the scale, ``valence``, the customers ``n`` who gave them."""

    place: float
    valence: float
    interval: Interval | None
    band: Interval | None
    n: int
    several: int
    answers: int


@frozen(kw_only=True)
class EmotionScorer:
    """How customers feel at a touchpoint, from -2 (frustrated) over 0 (neutral) to +2 (delighted).

    ``emotion@1``: where there are ratings about the touchpoint the value is their mean valence, -2 + 4 (score - low) /
    (high - low), first over the answers of a customer, then over customers, so that each has one voice. Ratings, CSAT and scores
    of comments count; NPS is a promise and CES is effort, so neither is an emotion. What the map declares is
    then shown beside it as a component of weight 0, and the explanation says how far it is off: measured and declared are
    never averaged. Without ratings the value is the mean of the declared claims, ``low-n`` with reason ``declared-only``.
    Nothing is smoothed over touchpoints. ``n`` is the number of customers who rated.

    The interval is the within-subject interval of Cousineau (2005) with Morey's correction (2008), which takes each
    customer's own level out and so serves to compare touchpoints; where customers rated only one, it is the t
    interval (``journeykit.inference.within_subject`` says how). It is held to the scale, and there is none where all ratings
    agree. Fewer than ``min_n`` customers are ``low-n``.

    An interval speaks of one touchpoint. The components ``band-low`` and ``band-high`` (weight 0, ``raw`` is the valence) are the
    ends of the simultaneous band, which holds at all touchpoints of the curve at once with 95 %
    (``journeykit.inference.simultaneous_band``, ``draws`` resamples); it is there where at least two touchpoints of the curve are
    ``ok``, over those. Nothing that is declared has one.

    There is one score a touchpoint for everyone, and one a touchpoint and persona (``segment`` is the persona's id) for
    personas that claims name or whose ``segment`` rule picks raters from the table of customers. A persona's mean is
    ``suppressed`` where it would tell fewer than 10 customers apart, alone or by subtraction.
    """

    min_n: int = field(default=20, validator=validators.ge(2))
    draws: int = field(default=1000, validator=validators.ge(100))

    @property
    def name(self) -> str:
        """``emotion``."""
        return "emotion"

    @property
    def version(self) -> str:
        """The method with the version of its definition, as scores name it."""
        return "emotion@1"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        """One score a touchpoint in map order for everyone, then as many for every persona that has anything of its own."""
        feelings = Feelings.of(scoring)
        withheld = [feelings.private(position) for position in range(feelings.size)]
        scores = []
        curves = (None, *feelings.personas())
        for done, persona in enumerate(curves, 1):
            within, answers = feelings.within(persona), feelings.answers(persona)
            shown = [position for position in range(feelings.size) if persona not in withheld[position]]
            band = self._band(scoring, persona, within, shown)
            for position, touchpoint in enumerate(scoring.journey.touchpoints()):
                if persona in withheld[position]:
                    scores.append(self._withheld(scoring, touchpoint, persona))
                    continue
                measured = _measured(within, position, int(answers[position]), band)
                scores.append(self._score(scoring, touchpoint, persona, measured, feelings))
            scoring.tell(done, len(curves))
        return scores

    def _band(self, scoring: Scoring, persona: str | None, within: Within, shown: list[int]) -> Band | None:
        """The band of one curve, over the touchpoints that enough customers rated and that are shown."""
        ids = [touchpoint.id for touchpoint in scoring.journey.touchpoints()]
        enough = [position for position in shown if within.n[position] >= self.min_n]
        return simultaneous_band(
            within,
            enough,
            lambda position: generator(scoring.seed, self.name, "band", persona or "", ids[position]),
            draws=self.draws,
        )

    def _score(
        self,
        scoring: Scoring,
        touchpoint: Touchpoint,
        persona: str | None,
        measured: _Measured | None,
        feelings: Feelings,
    ) -> Score:
        claimed = declared(touchpoint, persona)
        components = tuple(_components(measured, claimed))
        status, reason = self._status(measured, claimed)
        blank = Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            segment=persona,
            value=None,
            unit=_UNIT,
            n=measured.n if measured else 0,
            status="not-estimable",
            reason="no-emotion",
            method=self.version,
            evidence=tuple(_evidence(scoring, touchpoint, persona, measured, claimed)),
            explanation=_explained(scoring, touchpoint, persona, measured, claimed, feelings),
        )
        if status == "not-estimable":
            return blank
        return evolve(
            blank,
            value=sum(component.contribution for component in components),
            interval=measured.interval if measured else None,
            status=status,
            reason=reason,
            components=components,
        )

    def _status(self, measured: _Measured | None, claimed: Declared | None) -> tuple[Status, str | None]:
        if measured is None:
            return ("not-estimable", "no-emotion") if claimed is None else ("low-n", "declared-only")
        return ("low-n", "few-customers") if measured.n < self.min_n else ("ok", None)

    def _withheld(self, scoring: Scoring, touchpoint: Touchpoint, persona: str | None) -> Score:
        explanation = (
            f"Emotion of {touchpoint.title}{_of(scoring, persona)} is withheld: it would tell fewer than {PRIVATE} customers "
            "apart, alone or by comparison with the other figures. How many there are is withheld too."
        )
        return Score(
            subject=Subject(kind="touchpoint", id=touchpoint.id),
            scorer=self.name,
            segment=persona,
            value=None,
            unit=_UNIT,
            n=0,
            status="suppressed",
            reason="small-group",
            method=self.version,
            explanation=explanation,
        )


def _measured(within: Within, position: int, answers: int, band: Band | None) -> _Measured | None:
    n = int(within.n[position])
    if not n:
        return None
    # Rounding may carry a mean of best marks past the end of the scale.
    mean = min(max(float(within.mean[position]), -2.0), 2.0)
    return _Measured(
        place=(mean + 2) / 4,
        valence=mean,
        interval=_on_scale(within.interval(position)),
        band=_on_scale(band.intervals.get(position)) if band is not None else None,
        n=n,
        several=int(within.several[position]),
        answers=answers,
    )


def _on_scale(interval: Interval | None) -> Interval | None:
    return interval and evolve(interval, low=max(interval.low, -2.0), high=min(interval.high, 2.0))


def _components(measured: _Measured | None, claimed: Declared | None) -> Iterator[Component]:
    if measured is not None:
        yield Component(
            name="measured",
            raw=measured.place,
            scaled=measured.valence,
            weight=1.0,
            contribution=measured.valence,
            n=measured.n,
        )
    if claimed is not None:
        weight = 0.0 if measured is not None else 1.0
        yield Component(
            name="declared",
            raw=claimed.valence,
            scaled=claimed.valence,
            weight=weight,
            # Not a product: nought times a negative claim would be minus nought.
            contribution=claimed.valence if weight else 0.0,
            n=len(claimed.claims),
        )
    if measured is not None and measured.band is not None:
        for name, end in (("band-low", measured.band.low), ("band-high", measured.band.high)):
            yield Component(name=name, raw=end, scaled=end, weight=0.0, contribution=0.0, n=measured.n)


def _evidence(
    scoring: Scoring, touchpoint: Touchpoint, persona: str | None, measured: _Measured | None, claimed: Declared | None
) -> Iterator[EvidenceRef]:
    feedback, customers = scoring.evidence.feedback, scoring.evidence.customers
    if feedback is not None and measured is not None:
        files = tuple(feedback.report.files or (feedback.report.source,))
        rule = f"kind in [rating, csat, comment] and about {touchpoint.id}"
        yield EvidenceRef(table="feedback", sources=files, rule=rule, rows=measured.answers)
        segment = next((p.segment for p in scoring.journey.personas if p.id == persona), None)
        if customers is not None and segment is not None:
            files = tuple(customers.report.files or (customers.report.source,))
            yield EvidenceRef(table="customers", sources=files, rule=str(segment), rows=measured.n)
    if claimed is not None:
        rule = f"{touchpoint.id}.emotions"
        yield EvidenceRef(table="journey", sources=(scoring.journey.id,), rule=rule, rows=len(claimed.claims))


def _explained(
    scoring: Scoring,
    touchpoint: Touchpoint,
    persona: str | None,
    measured: _Measured | None,
    claimed: Declared | None,
    feelings: Feelings,
) -> str:
    subject = f"{touchpoint.title}{_of(scoring, persona)}"
    why = feelings.ratings.unasked.get(persona or "")
    alone = f" Whose ratings are {_name(scoring, persona)}'s cannot be told: {why}." if why else ""
    if measured is None:
        if claimed is None:
            return f"Emotion of {subject} cannot be estimated: no rating is about it and the map claims none.{alone}"
        return (
            f"Emotion of {subject} is {in_words(claimed.valence)} as the map claims it ({claimed.told()}); no rating is about "
            f"it, so nothing of this is measured.{alone}"
        )
    text = f"Emotion of {subject} is {in_words(measured.valence)}"
    if measured.interval is not None:
        span = measured.interval
        text += f" ({100 * span.level:.0f} % interval {in_words(span.low)} to {in_words(span.high)})"
    elif measured.n > 1:
        text += " (no interval: all ratings agree, which tells nothing of the spread)"
    # Not of how many who rated anything: where the others rated one touchpoint more, that would count its raters.
    heard = f"{measured.n:,} {'customer' if measured.n == 1 else 'customers'} rated it"
    text += (
        f" on a scale from -2 (frustrated) to +2 (delighted): {percent(measured.place)} of the way up the rating scale. "
        f"{heard}, in {measured.answers:,} {'answer' if measured.answers == 1 else 'answers'}"
    )
    if measured.several:
        text += (
            f"; {measured.several:,} of them rated other touchpoints too, and their own level is taken out of the interval, "
            "which therefore compares touchpoints"
        )
    if measured.band is not None:
        span = measured.band
        text += (
            f". The band that holds at every touchpoint of the curve at once ({100 * span.level:.0f} %) is {in_words(span.low)} "
            f"to {in_words(span.high)} ({span.method})"
        )
    text += f". {_beside(measured, claimed)} "
    return (
        text
        + "Associated with the touchpoint, which is not to say it causes the feeling; only those who answered are heard."
    )


def _beside(measured: _Measured, claimed: Declared | None) -> str:
    if claimed is None:
        return "The map claims no emotion here."
    gap = measured.valence - claimed.valence
    if abs(gap) < 0.005:
        off = "which is what customers say"
    else:
        off = f"{abs(gap):.2f} {'below' if gap > 0 else 'above'} what customers say"
    return (
        f"The map claims {in_words(claimed.valence)} ({claimed.told()}), {off}; the claim has no weight in the value."
    )


def _of(scoring: Scoring, persona: str | None) -> str:
    return f" for {_name(scoring, persona)}" if persona is not None else ""


def _name(scoring: Scoring, persona: str | None) -> str:
    return next((p.name for p in scoring.journey.personas if p.id == persona), "")
