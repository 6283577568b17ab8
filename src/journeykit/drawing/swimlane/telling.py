"""The picture in words, for those who hear it: a title, and a description that names every touchpoint."""

from __future__ import annotations

from journeykit.drawing.swimlane.figures import decimals, shares
from journeykit.drawing.swimlane.frame import records
from journeykit.drawing.swimlane.sketch import Sketch
from journeykit.drawing.swimlane.words import count, doubt, figure, reason, signed
from journeykit.drawing.text import collapse

__all__ = ["describe", "telling"]

_MOST = 400


def _short(text: str) -> str:
    text = collapse(text[: 4 * _MOST])
    return text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…"


def telling(sketch: Sketch, index: int) -> str:
    """One touchpoint in a sentence: what it is, how it feels, how often it was seen, how it scores."""
    cell = sketch.cells[index]
    touchpoint = cell.touchpoint
    if touchpoint is None:
        return f"Stage {_short(sketch.stages[cell.stage].title)} has no touchpoint."
    parts = []
    for voice, point in zip(sketch.voices, cell.feelings, strict=False):
        if point:
            whose = f" of {_short(voice.name)}" if len(sketch.voices) > 1 else ""
            word = f" ({_short(point.label)})" if point.label else ""
            assumed = ", assumed" if point.assumed else ""
            parts.append(f"emotion{whose} {signed(point.valence)}{word}{assumed}")
    if words := records(sketch, cell):
        parts.append(words)
    share = shares(sketch)[index]
    if share is not None:
        parts.append(f"{100 * share:.3g} percent still on board")
    if touchpoint.moment:
        label = f", {touchpoint.moment.label}" if touchpoint.moment.label else ""
        why = f": {_short(touchpoint.moment.why)}" if touchpoint.moment.why else ""
        parts.append(f"moment of truth ({touchpoint.moment.kind}{label}{why})")
    for score in cell.scores:
        if score.value is None:
            parts.append(f"{score.scorer} {score.status.replace('-', ' ')} ({reason(score.reason)})")
        else:
            unsure = f" ({doubt(score.status, score.reason).lower()})" if score.status != "ok" else ""
            parts.append(f"{score.scorer} {figure(score.value, decimals(sketch, score.scorer))}{unsure}")
    channels = f" ({_short(', '.join(touchpoint.channels))})" if touchpoint.channels else ""
    return f"{cell.number}. {_short(touchpoint.title)}{channels}{''.join(f', {part}' for part in parts)}."


def describe(sketch: Sketch) -> tuple[str, str]:
    """The title of the picture and its description."""
    journey = sketch.journey
    number = len(sketch.touchpoints)
    whose = f" for {', '.join(_short(p.name) for p in journey.personas)}" if journey.personas else ""
    stages = f"{len(sketch.stages)} {'stage' if len(sketch.stages) == 1 else 'stages'}"
    touchpoints = f"{number} {'touchpoint' if number == 1 else 'touchpoints'}"
    parts = [f"Journey map{whose}: {stages}, {touchpoints}."]
    if sketch.coverage:
        parts.append(f"{count(sketch.coverage.journeys)} journeys, {count(sketch.coverage.open)} of them still open.")
    if sketch.unheard:
        parts.append(f"The emotions of {', '.join(map(_short, sketch.unheard))} are not drawn.")
    parts += [telling(sketch, index) for index in range(len(sketch.cells))]
    peak, lowest = sketch.peak(), sketch.lowest()
    if peak and peak.touchpoint and lowest and lowest.touchpoint:
        parts.append(
            f"Highest point: {_short(peak.touchpoint.title)}. Lowest point: {_short(lowest.touchpoint.title)}."
        )
    return f"{_short(journey.title)} – customer journey map", " ".join(parts)
