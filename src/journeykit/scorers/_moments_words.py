"""What the scores of moments of truth say in words, made from their figures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from journeykit.model import Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Component, Interval
from journeykit.scorers._emotion_values import in_words
from journeykit.scorers._moments_figures import CRITERIA, Figures
from journeykit.scorers._subjects import left_out, percent

__all__ = ["declared_beside", "no_moment", "told", "whole_journey"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# The kind of a declared moment and the criterion that would find it; the sign is the one its valence must have.
_KINDS = {
    "delight": ("emotion", 1),
    "friction": ("emotion", -1),
    "first": ("first", 0),
    "last": ("last", 0),
    "decision": ("decision", 0),
}
_UNREMEMBERED = {
    "no-emotion": "no touchpoint has a rating or a declared emotion",
    "no-closed-journeys": "no closed journey visits a touchpoint",
    "no-emotion-at-the-end": "no touchpoint at which closed journeys end has a rating or a declared emotion",
}


def told(
    scoring: Scoring,
    touchpoint: Touchpoint,
    figures: Figures,
    *,
    index: int,
    criteria: Floats,
    solid: Bools,
    component: Component,
    interval: Interval | None,
    first_in: float,
    rated: bool,
) -> str:
    """What the score is, which criterion won, what the others are and how often it ranks first."""
    span = f" ({100 * interval.level:.0f} % interval {interval.low:.2f} to {interval.high:.2f})" if interval else ""
    shown = {name: f"{value:.2f}" for name, value in zip(CRITERIA, criteria, strict=True) if np.isfinite(value)}
    for name in shown.keys() & {"first", "last"}:
        shown[name] += "" if solid[CRITERIA.index(name)] else " (too few journeys)"
    if "emotion" in shown:
        few = "" if solid[0] else "too few "
        whose = f"as {few}customers rate it" if rated else "as the map claims it, not measured"
        shown["emotion"] += f" (valence {in_words(float(figures.valence[0, index]))} {whose})"
    if "decision" in shown:
        even, reach = float(figures.even[0, index]), float(figures.reach[0, index])
        ways = int(figures.options[0, index])
        on = "one way on" if ways == 1 else f"{ways} ways on"
        shown["decision"] += f" (evenness {even:.2f} over {on} x reach {reach:.2f})"
    parts = "; ".join(f"{name} {value}" for name, value in shown.items())
    absent = [name for name in CRITERIA if name not in shown]
    unknown = f"; not measured: {', '.join(absent)}" if absent else ""
    place = (
        f"It ranks first in {percent(first_in)} of resamples" if solid.any() else "It rests on too little to be ranked"
    )
    return (
        f"{touchpoint.title} scores {component.contribution:.2f} of 1 as a moment of truth{span}, by {component.name}: "
        f"{parts}{unknown}. {place}{left_out(scoring)}."
    )


def declared_beside(touchpoint: Touchpoint, criteria: Floats, valence: float, threshold: float) -> str:
    """What the map declares against what was found, in one sentence."""
    found = _found_kinds(criteria, valence, threshold)
    moment = touchpoint.moment
    if moment is None:
        if not found:
            return "The map declares no moment here and none is found."
        return f"Found but not declared on the map: {', '.join(found)} ({threshold:.2f} or more)."
    label = f" ({moment.label})" if moment.label else ""
    others = [kind for kind in found if kind != moment.kind]
    also = f"; found but not declared: {', '.join(others)}" if others else ""
    if moment.kind in found:
        return f"The map declares it a {moment.kind} moment{label}, and it is found{also}."
    criterion, _ = _KINDS[moment.kind]
    if not np.isfinite(criteria[CRITERIA.index(criterion)]):
        return f"The map declares it a {moment.kind} moment{label}, which could not be measured{also}."
    return f"The map declares it a {moment.kind} moment{label}, but it is not found (below {threshold:.2f}){also}."


def no_moment(scoring: Scoring, touchpoint: Touchpoint) -> str:
    """Why a touchpoint has no score."""
    why = "the map gives it no match rule" if touchpoint.match is None else "no closed journey reached it"
    return (
        f"Whether {touchpoint.title} is a moment of truth cannot be estimated: {why}, and it has neither ratings nor a "
        f"declared emotion{left_out(scoring)}."
    )


def whole_journey(
    scoring: Scoring,
    figures: Figures,
    criteria: Floats,
    components: tuple[Component, ...],
    interval: Interval | None,
    *,
    reason: str | None,
    threshold: float,
) -> str:
    """Peak-end in words, and where the map and the data disagree about moments."""
    compared = _compared(scoring, figures, criteria, threshold)
    if reason is not None:
        return f"Peak-end of the journey cannot be estimated: {_UNREMEMBERED[reason]}{left_out(scoring)}. {compared}"
    peak, end = components
    span = (
        f" ({100 * interval.level:.0f} % interval {in_words(interval.low)} to {in_words(interval.high)})"
        if interval
        else ""
    )
    valences = figures.valence[0]
    where = " and ".join(
        t.title for i, t in enumerate(scoring.journey.touchpoints()) if abs(valences[i] - peak.raw) < 1e-9
    )
    return (
        f"Peak-end of the journey is {in_words(peak.contribution + end.contribution)}{span} on a scale from -2 to +2: the mean "
        f"of the most intense valence, {in_words(peak.raw)} at {where}, and of the end, {in_words(end.raw)} on average over the "
        f"last touchpoints of {end.n:,} closed journeys{left_out(scoring)}. {compared} A heuristic for what is remembered: "
        "associated with it, not its cause."
    )


def _compared(scoring: Scoring, figures: Figures, criteria: Floats, threshold: float) -> str:
    missed, undeclared = [], []
    for i, touchpoint in enumerate(scoring.journey.touchpoints()):
        found = _found_kinds(criteria[:, i], float(figures.valence[0, i]), threshold)
        kind = touchpoint.moment.kind if touchpoint.moment else None
        if kind is not None and kind not in found:
            missed.append(f"{touchpoint.title} ({kind})")
        undeclared += [f"{touchpoint.title} ({other})" for other in found if other != kind]
    return (
        f"Moments declared but not found: {', '.join(missed) or 'none'}. "
        f"Found but not declared: {', '.join(undeclared) or 'none'}."
    )


def _found_kinds(criteria: Floats, valence: float, threshold: float) -> list[str]:
    found = []
    for kind, (criterion, sign) in _KINDS.items():
        value = criteria[CRITERIA.index(criterion)]
        # Written so that NaN, which is "not measured", is not found.
        if value >= threshold and (not sign or valence * sign > 0):
            found.append(kind)
    return found
