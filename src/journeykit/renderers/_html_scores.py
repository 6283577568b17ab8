"""Scores in the detail panel: the figure first, then what it is made of, what it was counted from, and in what words."""

from __future__ import annotations

from collections.abc import Iterable

from journeykit.drawing.explaining import explained, knows
from journeykit.drawing.terms import interval_method, part_name, unit_name
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.renderers._html_markup import Markup, apart, joined, tag
from journeykit.results import Component, EvidenceRef, Interval, Score, Scorecard

__all__ = ["counted", "facts", "score_details"]

_DIGITS = 3
# What a scorer of a stranger explains, and how it names its parts, is English as far as we know.
_BY_STRANGERS = "en"


def counted(value: int | None, wording: Wording) -> str:
    """A count, or the word for one that is withheld because few people stand behind it."""
    return wording.text("score.suppressed") if value is None else wording.number(value)


def facts(pairs: Iterable[tuple[str, str | Markup | None]]) -> Markup | None:
    """Names and values as a list; what has no value is left out, and the whole list when nothing is left."""
    rows = [(tag("dt", name), tag("dd", value)) for name, value in pairs if value]
    return tag("dl", rows) if rows else None


def score_details(
    score: Score, wording: Wording, *, journey: Journey, card: Scorecard, subject: str | None = None
) -> Markup:
    """One score: its line to read, and behind it the way down to components, counts and evidence."""
    lang = None if wording.written == _BY_STRANGERS else _BY_STRANGERS
    people = {persona.id: persona.name for persona in journey.personas}
    segment = people.get(score.segment or "", score.segment)
    name = " · ".join(filter(None, (wording.scorer(score.scorer), subject, segment)))
    value = wording.doubt(score.status, None) if score.value is None else wording.number(score.value, _DIGITS)
    notes = [_span(score.interval, wording)] if score.interval else []
    notes += [wording.text("n", n=score.n)] if score.n is not None and (score.n or score.value is not None) else []
    if score.status != "ok":
        notes.append(wording.reason(score.reason) if score.value is None else wording.doubt(score.status, score.reason))
    line = tag("summary", tag("b", name), tag("strong", value), tag("small", " · ".join(notes)))
    body = [
        tag("p", explained(score, journey, card, wording)),
        tag("p", score.explanation, lang=lang) if lang and not knows(score) else None,
        _components(score, wording, lang),
        facts(
            (
                (wording.text("html.unit"), _unit(score.unit, wording, lang)),
                (wording.text("html.interval"), _interval(score.interval, wording, lang)),
                (wording.text("html.p"), None if score.p_value is None else wording.number(score.p_value, _DIGITS)),
                (wording.text("html.method"), tag("code", score.method)),
                *((wording.text("html.rests-on"), _evidence(ref, wording)) for ref in score.evidence),
            )
        ),
    ]
    return tag("details", line, body, class_="score")


def _unit(unit: str, wording: Wording, lang: str | None) -> Markup:
    return apart((unit_name(unit, wording) if lang else None) or unit, wording.written == "ar")


def _span(interval: Interval, wording: Wording) -> str:
    low, high = (wording.number(end, _DIGITS) for end in (interval.low, interval.high))
    return wording.text("interval", low=low, high=high)


def _interval(interval: Interval | None, wording: Wording, lang: str | None) -> Markup | None:
    if interval is None:
        return None
    level = wording.percent(interval.level)
    known = interval_method(interval.method, wording) if lang else None
    method = apart(interval.method, always=False) if known is None and lang is None else None
    method = method or (tag("bdi", known) if known else tag("bdi", interval.method, lang=lang))
    return joined(level, wording.text("comma"), method)


def _components(score: Score, wording: Wording, lang: str | None) -> Markup | None:
    """What the value is the sum of, to the last row."""
    if not score.components or score.value is None:
        return None
    columns = ("measured", "scaled", "weight", "contribution")
    head = [tag("th", wording.text(f"html.{column}")) for column in ("part", *columns, "n")]
    rows = [_component(part, wording, lang) for part in score.components]
    if score.baseline:
        rows.append(_sum(wording.text("html.baseline"), score.baseline, wording))
    rows.append(_sum(wording.scorer(score.scorer), score.value, wording))
    return tag("table", tag("caption", wording.text("html.made-of")), tag("thead", tag("tr", head)), tag("tbody", rows))


def _component(part: Component, wording: Wording, lang: str | None) -> Markup:
    # What is measured may be seconds or shares: large figures need no fraction.
    raw = wording.number(part.raw, 0 if abs(part.raw) >= 100 else _DIGITS)
    figures = (part.scaled, _DIGITS), (part.weight, 2), (part.contribution, _DIGITS)
    cells = [tag("td", raw), *(tag("td", wording.number(value, digits)) for value, digits in figures)]
    known = part_name(part.name, wording)
    name = tag("th", known) if known else tag("th", part.name.replace("-", " "), lang=lang)
    return tag("tr", name, cells, tag("td", wording.number(part.n)))


def _sum(name: str, value: float, wording: Wording) -> Markup:
    return tag("tr", tag("th", name), tag("td", colspan=3), tag("td", wording.number(value, _DIGITS)), tag("td"))


def _evidence(ref: EvidenceRef, wording: Wording) -> Markup:
    """The rows that were used, the table they are of, and the rule that picked them."""
    # A page is passed on: the folder a file lay in on somebody's disk is nobody else's business.
    names = [source.replace("\\", "/").rstrip("/").rpartition("/")[2] for source in ref.sources]
    table = wording.text(f"html.table.{ref.table}")
    rows = [table, counted(None, wording)] if ref.rows is None else [wording.text("html.rows", n=ref.rows, table=table)]
    parts = [*rows, *([", ".join(names)] if names else [])]
    return joined(" · ".join(parts), *((" · ", tag("code", ref.rule)) if ref.rule else ()))
