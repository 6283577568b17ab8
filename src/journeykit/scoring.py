"""How a scorecard is made: the evidence counted on the map once, every scorer heard, small groups withheld."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from journeykit import plugins
from journeykit.errors import ArgumentError, one_of
from journeykit.evidence import EventLog, Evidence
from journeykit.measures import Trace, trace
from journeykit.measures.people import common_names, customers
from journeykit.model import Journey
from journeykit.protocols import Scorer, Scoring, part_of
from journeykit.results import Records, Score, Scorecard
from journeykit.results.small_groups import checked_floor, small_touchpoints, withheld

__all__ = ["must_be_of", "scorecard"]

Progress = Callable[[int, int], None]


def scorecard(
    journey: Journey,
    evidence: Evidence,
    scorers: Sequence[Scorer],
    *,
    seed: int,
    floor: int,
    progress: Progress | None = None,
) -> Scorecard:
    """The scores of every scorer, as they may leave; `journeykit.score` says what the arguments and errors mean.

    Touchpoints of few are left out before a scorer sees anything, what rests on few is withheld after.
    """
    checked_floor(floor)
    seeded: object = seed
    if isinstance(seeded, bool) or not isinstance(seeded, int) or seeded < 0:
        raise ArgumentError(f"seed={seed!r}: give a whole number from 0 on")
    events = _events(evidence)
    names = [scorer.name for scorer in scorers]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ArgumentError(
            f"several scorers are called {one_of(repeated)}; a scorecard tells scores apart by that name"
        )
    parts = 1 + len(scorers)
    seen, few = _counted(events, journey, floor, part_of(progress, 0, parts))
    scoring = Scoring(
        journey=journey, evidence=evidence, paths=seen.paths, coverage=seen.coverage, seed=seed, progress=progress
    )
    scores = [found for i, scorer in enumerate(scorers, 1) for found in _scored(scorer, scoring.part(i, parts))]
    records = Records(scores, kind=Score, key=("subject", "scorer"))
    card = Scorecard(journey=journey.id, version=journey.version, coverage=seen.coverage, scores=records, seed=seed)
    unclaimed = [name for name, _ in seen.coverage.unclaimed_events]
    # Customers of a touchpoint of few must not make a name common that they share with rows no touchpoint claims.
    known = common_names(events, floor, unclaimed, off=journey if few else None) if floor > 1 else None
    return withheld(card, journey, few=few, floor=floor, names=known)


def must_be_of(card: Scorecard, journey: Journey) -> None:
    """Refuse scores that were made of something else: beside this map they would say what was never measured."""
    if card.journey != journey.id:
        raise ArgumentError(f"the scorecard holds the scores of {card.journey!r}, not of {journey.id!r}")
    scored = {count.id: None for count in card.coverage.touchpoints}
    scored |= {score.subject.id: None for score in card if score.subject.kind == "touchpoint"}
    mapped = {touchpoint.id: None for touchpoint in journey.touchpoints()}
    gone, new = [id for id in scored if id not in mapped], [id for id in mapped if id not in scored]
    parts = [f"it scores {', '.join(gone)}, not on the map"] if gone else []
    parts += [f"the map has {', '.join(new)}, not scored"] if new else []
    if parts:
        raise ArgumentError(
            f"the scorecard was made from another version of the map {journey.id!r}: {'; '.join(parts)}. Score the map again"
        )


def _events(evidence: Evidence) -> EventLog:
    if evidence.events is None:
        raise ArgumentError("there is nothing to score on: the evidence holds no events; read some with read_events()")
    report = evidence.events.report
    if report.rows_rejected and not report.rows_kept:
        raise ArgumentError(f"there is nothing to score on: {report.why_empty()}")
    return evidence.events


def _counted(events: EventLog, journey: Journey, floor: int, progress: Progress | None) -> tuple[Trace, frozenset[str]]:
    """What scorers get to see, and the touchpoints that it is without because few came to them."""
    whole = trace(events, journey, progress=progress)
    people = customers(events, journey) if journey.case != "customer" and floor > 1 else {}
    few = small_touchpoints(whole.coverage.touchpoints, people, floor)
    return whole.without(few), few


def _scored(scorer: Scorer, scoring: Scoring) -> Iterable[Score]:
    # A plugin may return anything, whatever its annotation says.
    scores: object = scorer.score(scoring)
    if isinstance(scores, str | bytes) or not isinstance(scores, Iterable):
        raise plugins.scorers().broken(scorer, f"returned a {type(scores).__name__}, not Scores one after another")
    for found in scores:
        if not isinstance(found, Score):
            raise plugins.scorers().broken(scorer, f"returned a {type(found).__name__} among its scores, not a Score")
        if found.scorer != scorer.name:
            raise plugins.scorers().broken(scorer, f"returned a score of {found.scorer!r}, which is not its own")
        yield found
    scoring.tell(1, 1)
