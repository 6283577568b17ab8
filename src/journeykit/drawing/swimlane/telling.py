"""The picture in words, for those who hear it: a title, and a description that names every touchpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from journeykit.drawing.swimlane.chips import hidden
from journeykit.drawing.swimlane.frame import records
from journeykit.drawing.swimlane.sketch import Cell, Sketch
from journeykit.drawing.text import collapse
from journeykit.model import Moment

__all__ = ["describe", "telling", "told"]

_MOST = 400


def _short(text: str) -> str:
    text = collapse(text[: 4 * _MOST])
    return text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…"


def telling(sketch: Sketch, cell: Cell) -> str:
    """One touchpoint in a sentence: what it is, how it feels, how often it was seen, how it scores."""
    words, touchpoint = sketch.words, cell.touchpoint
    if touchpoint is None:
        return words.text("tell.stage-empty", stage=_short(sketch.stages[cell.stage].title))
    facts = [*_felt(sketch, cell)]
    if seen := records(sketch, cell):
        facts.append(seen)
    if cell.share is not None:
        digits = 1 if 0 < cell.share < 0.095 else 0
        facts.append(words.text("tell.on-board", share=words.percent(cell.share, digits)))
    if touchpoint.moment:
        facts.append(_moment(sketch, touchpoint.moment))
    facts += _scored(sketch, cell)
    if cell.change and cell.change.kind != "same":
        word = words.text(f"change.{cell.change.kind}")
        facts.append(words.text("tell.with", what=word, detail=cell.change.note) if cell.change.note else word)
    title = _short(touchpoint.title)
    if touchpoint.channels:
        title = words.text("tell.with", what=title, detail=_short(words.joined(touchpoint.channels)))
    if not facts:
        return words.text("tell.touchpoint-bare", number=cell.number, title=title)
    return words.text("tell.touchpoint", number=cell.number, title=title, facts=words.text("comma").join(facts))


def told(sketch: Sketch, index: int) -> str:
    """One column in words; beside another map, what each of the two says there."""
    cell = sketch.cells[index]
    if sketch.other is None:
        return telling(sketch, cell)
    sides = ((sketch, cell), (sketch.other, sketch.other.cells[index]))
    parts = [
        sketch.words.text("tell.because", what=side.label, why=telling(side, own))
        for side, own in sides
        if own.touchpoint
    ]
    if sides[1][1].touchpoint is None and parts:
        parts.append(
            sketch.words.text("tell.because", what=sketch.other.label, why=sketch.words.text("change.removed")) + "."
        )
    return " ".join(parts) or telling(sketch, cell)


def _felt(sketch: Sketch, cell: Cell) -> Iterator[str]:
    words = sketch.words
    for voice, point in zip(sketch.voices, cell.feelings, strict=False):
        if point is None:
            continue
        value = words.signed(point.valence)
        named = len(sketch.voices) > 1
        said = (
            words.text("tell.emotion-of", persona=_short(voice.name), value=value)
            if named
            else words.text("tell.emotion", value=value)
        )
        if point.label:
            said = words.text("tell.with", what=said, detail=_short(point.label))
        yield words.text("comma").join([said, words.text("tell.assumed")]) if point.assumed else said


def _moment(sketch: Sketch, moment: Moment) -> str:
    words = sketch.words
    parts = [words.text(f"moment.{moment.kind}"), *([moment.label] if moment.label else [])]
    detail = words.text("comma").join(parts)
    if moment.why:
        detail = words.text("tell.because", what=detail, why=_short(moment.why))
    return words.text("tell.with", what=words.text("tell.moment"), detail=detail)


def _scored(sketch: Sketch, cell: Cell) -> Iterator[str]:
    words = sketch.words
    for score in cell.scores:
        name = words.scorer(score.scorer)
        if score.value is None:
            state = words.doubt(score.status, None)
            yield words.text("tell.with", what=f"{name} {state}", detail=words.reason(score.reason))
            continue
        value = words.number(score.value, sketch.decimals[score.scorer])
        said = words.text("tell.score", scorer=name, value=value)
        unsure = score.status != "ok"
        yield words.text("tell.with", what=said, detail=words.doubt(score.status, score.reason)) if unsure else said


def describe(sketch: Sketch, tales: Sequence[str]) -> tuple[str, str]:
    """The title of the picture and its description; ``tales`` are its columns in words, as `told` gives them."""
    journey, words = sketch.journey, sketch.words
    parts = []
    if sketch.pages > 1 and len(sketch.cells) < len(sketch.every):
        parts.append(words.text("page", page=sketch.page, pages=sketch.pages))
    sizes = {
        "stages": words.text("stages", n=len(sketch.stages)),
        "touchpoints": words.text("touchpoints", n=sum(1 for cell in sketch.every if cell.touchpoint)),
    }
    personas = words.joined(_short(p.name) for p in journey.personas)
    parts.append(
        words.text("tell.map-for", personas=personas, **sizes) if personas else words.text("tell.map", **sizes)
    )
    if sketch.coverage and not hidden(sketch.coverage):
        journeys = words.text("journeys", n=sketch.coverage.journeys)
        parts.append(words.text("tell.counted", journeys=journeys, open=sketch.coverage.open))
    if sketch.unheard:
        parts.append(words.text("tell.unheard", names=words.joined(map(_short, sketch.unheard))))
    if sketch.other:
        parts += [f"{part}." for part in sketch.subtitle]
    parts += tales
    peak, lowest = sketch.peak, sketch.lowest
    if peak and peak.touchpoint and lowest and lowest.touchpoint:
        ends = {"peak": _short(peak.touchpoint.title), "lowest": _short(lowest.touchpoint.title)}
        parts.append(words.text("tell.extremes", **ends))
    return words.text("tell.title", title=_short(journey.title)), " ".join(parts)
