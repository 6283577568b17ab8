"""The lines of an emotion curve: what the map claims, or what customers said where a scorecard holds it; of one period or two."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from journeykit.drawing.feelings import curve_of, curves
from journeykit.drawing.wording import Wording
from journeykit.errors import ArgumentError, RenderingError
from journeykit.model import Journey
from journeykit.results import Score, Scorecard

__all__ = ["MOST_LINES", "Line", "Point", "lines_of"]

MOST_LINES = 8
"""More lines than this have no look of their own."""

_SCORER = "emotion"
_ALIKE = (
    0.5  # at least this share of a beside-journey's touchpoints must be on the map, else the two are not one journey
)


@frozen(kw_only=True)
class Point:
    """One emotion: its valence from -2 to 2, the ends of its band, and whether it is claimed rather than measured."""

    valence: float
    low: float | None = None
    high: float | None = None
    assumed: bool = False


@frozen(kw_only=True)
class Line:
    """One line of the picture: a point for every touchpoint of the map, None where nothing is known.

    ``measured`` when its points are what customers said; then a band is the interval of the mean, else the spread of a claim.
    """

    name: str
    points: tuple[Point | None, ...]
    measured: bool = False


def lines_of(
    journey: Journey,
    words: Wording,
    *,
    scores: Scorecard | None = None,
    beside: Scorecard | Journey | None = None,
    persona: str | None = None,
) -> tuple[Line, ...]:
    """The lines to draw, at most `MOST_LINES`.

    Raises `ArgumentError` when a scorecard is of another journey, the persona is unknown or what is beside has nothing to
    compare, and `RenderingError` when there is no emotion at all.
    """
    if persona is not None and persona not in {p.id for p in journey.personas}:
        raise ArgumentError(f"journey {journey.id!r} has no persona {persona!r}")
    for card in (scores, beside):
        if isinstance(card, Scorecard) and card.journey != journey.id:
            raise ArgumentError(f"the scorecard is of journey {card.journey!r}, not of {journey.id!r}")
    measured = _rated(journey, scores)
    if beside is None:
        found = _measured(journey, measured, words, persona) if measured else _declared(journey, words, persona)
    elif isinstance(beside, Scorecard):
        found = _periods(journey, scores, beside, words, persona)
    else:
        found = _two_maps(journey, beside, words, persona)
    found = tuple(line for line in found if any(line.points))
    if not found:
        raise RenderingError(
            f"journey {journey.id!r} holds no emotion, so there is no curve to draw: give a touchpoint "
            "emotions: [{valence: ...}] with a valence from -2 to 2, or scores= with ratings that the scorer 'emotion' read"
        )
    return found[:MOST_LINES]


def _rated(journey: Journey, card: Scorecard | None) -> tuple[Score, ...]:
    """The emotion scores of the map's touchpoints; none where not a single one rests on ratings."""
    known = {touchpoint.id for touchpoint in journey.touchpoints()}
    found = tuple(
        score
        for score in (card.scores if card else ())
        if score.scorer == _SCORER and score.subject.kind == "touchpoint" and score.subject.id in known
    )
    return found if any(score.value is not None and not _claimed(score) for score in found) else ()


def _claimed(score: Score) -> bool:
    return score.reason == "declared-only"


def _line(journey: Journey, scores: Iterable[Score], name: str) -> Line:
    by_id = {score.subject.id: score for score in scores}
    return Line(name=name, points=tuple(_point(by_id.get(t.id)) for t in journey.touchpoints()), measured=True)


def _point(score: Score | None) -> Point | None:
    if score is None or score.value is None:
        return None
    low, high = (score.interval.low, score.interval.high) if score.interval else (None, None)
    return Point(valence=_held(score.value), low=low, high=high, assumed=_claimed(score))


def _held(value: float) -> float:
    """A plugin called ``emotion`` may score on any scale; the picture has this one."""
    if not -2 <= value <= 2:
        raise RenderingError(f"an emotion of {value:g} is outside the scale of the curve, -2 to 2")
    return value


def _measured(journey: Journey, scores: tuple[Score, ...], words: Wording, persona: str | None) -> tuple[Line, ...]:
    """A line for every persona whom ratings tell apart, else one for everyone; the one that is asked for alone."""
    everyone = _line(journey, (s for s in scores if s.segment is None), words.text("everyone"))
    own = [
        _line(journey, (s for s in scores if s.segment == p.id), p.name)
        for p in journey.personas
        if any(s.segment == p.id and s.value is not None and not _claimed(s) for s in scores)
        and (persona is None or p.id == persona)
    ]
    if persona is not None:
        return tuple(own) or (everyone,)
    return (everyone, *own) if len(own) > 1 else (everyone,)


def _declared(journey: Journey, words: Wording, persona: str | None) -> tuple[Line, ...]:
    found = curves(journey) if persona is None else (curve_of(journey, persona),)
    alone = len(found) == 1
    return tuple(
        Line(
            name=curve.name if curve.persona else words.text("everyone" if alone else "everyone-else"),
            points=tuple(
                Point(
                    valence=point.valence,
                    low=None if point.spread is None else max(point.valence - point.spread, -2.0),
                    high=None if point.spread is None else min(point.valence + point.spread, 2.0),
                    assumed=point.assumed,
                )
                if point
                else None
                for point in curve.points
            ),
        )
        for curve in found
    )


def _periods(
    journey: Journey, scores: Scorecard | None, beside: Scorecard, words: Wording, persona: str | None
) -> tuple[Line, ...]:
    """One line a scorecard, the earlier period first, each named by the days it covers."""
    cards = [card for card in (beside, scores) if card is not None]
    if len(cards) < 2 or not all(_rated(journey, card) for card in cards):
        raise ArgumentError(
            "beside= is a scorecard, so scores= must be one too, and both must hold ratings: score both periods with the scorer "
            "'emotion' on feedback"
        )
    if all(card.coverage.first for card in cards):
        cards.sort(key=lambda card: (card.coverage.first, card.coverage.last))
    names = [_span(card, words) for card in cards]
    if None in names or names[0] == names[1]:
        names = [words.text("beside.before"), words.text("beside.after")]
    found = []
    for card, name in zip(cards, names, strict=True):
        rated = _rated(journey, card)
        own = tuple(s for s in rated if s.segment == persona) or tuple(s for s in rated if s.segment is None)
        found.append(_line(journey, own, name or ""))
    return tuple(found)


def _span(card: Scorecard, words: Wording) -> str | None:
    first, last = card.coverage.first, card.coverage.last
    return f"{words.day(first)} – {words.day(last)}" if first and last else None


def _two_maps(journey: Journey, beside: Journey, words: Wording, persona: str | None) -> tuple[Line, ...]:
    """A line for each of two maps over the touchpoints of the first; what only the second has is not drawn."""
    own = [touchpoint.id for touchpoint in journey.touchpoints()]
    others = {touchpoint.id: place for place, touchpoint in enumerate(beside.touchpoints())}
    if sum(1 for id in own if id in others) < _ALIKE * min(len(own), len(others)):
        raise ArgumentError(
            f"journey {beside.id!r} has few touchpoints of {journey.id!r}: maps are compared by the ids of their touchpoints"
        )
    who = persona if persona in {p.id for p in beside.personas} else None
    first = _whole(journey, words, persona)
    second = _whole(beside, words, who)
    names = _stands(journey, beside, words)
    moved = tuple(second.points[others[id]] if id in others else None for id in own)
    return Line(name=names[0], points=first.points), Line(name=names[1], points=moved)


def _whole(journey: Journey, words: Wording, persona: str | None) -> Line:
    """The one line that stands for the map: the persona's, else the first."""
    found = _declared(journey, words, persona)
    return found[0] if found else Line(name="", points=(None,) * len(journey.touchpoints()))


def _stands(journey: Journey, beside: Journey, words: Wording) -> tuple[str, str]:
    """What the two maps are called: as is and to be where their status says so, else by their versions or titles."""
    states = {"current": words.text("beside.as-is"), "future": words.text("beside.to-be")}
    if journey.status != beside.status:
        return states[journey.status], states[beside.status]
    if journey.title != beside.title:
        return journey.title, beside.title
    return words.text("beside.before"), words.text("beside.after")
