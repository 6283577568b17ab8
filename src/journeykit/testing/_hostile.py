"""Maps and scorecards whose every text tries to break out of the document it is written into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import attrs

from journeykit.errors import JourneyError
from journeykit.model import Journey, Match
from journeykit.results import (
    Component,
    Coverage,
    EvidenceRef,
    Interval,
    Move,
    Records,
    Score,
    Scorecard,
    Subject,
    TouchpointCount,
)
from journeykit.results.scores import Status
from journeykit.testing._wellformed import MARK

__all__ = ["CONTROLS", "TEXTS", "card", "spoken"]

_BREAK_OUT = f'</text></title></script><script>alert(1)</script><{MARK} onload="x()"/>"\'>]]>--><!--&#0;&lt;'
# What is special about it: a text the model accepts.
TEXTS: Mapping[str, str] = {
    "markup": _BREAK_OUT,
    "Markdown": "# x | [y](javascript:alert(1)) ![z](http://evil.example/p.png) `" + f"<{MARK}> ```\n| --- |\n> q",
    "a formula": '=HYPERLINK("https://evil.example";"x")',
    "a formula behind a sign": '@SUM(1+1)*cmd|"/C calc"!A0',
    "line ends and separators": "one\ntwo\t\u2028three\u2029four\u0085five",
    "text that turns its direction": "abc \u202egnp.exe\u202c \u2067\u05d0\u05d1 123 \ufeff\u200b",
    "text that is never broken": "x" * 1000,
    "long text": "Wide words 结账支付 and ordinary ones, one after the other. " * 20,
    "templates": "{{ 7*7 }} ${x} %s {0} $(id) <%= y %> #{z} \\u003c",
}
# The model refuses these, but nothing checks the texts of a scorecard.
CONTROLS = "a\x00b\x07c\x1b[31md\x0ce\x7ff\x9bg"


def spoken(value: Any, text: str) -> Any:
    """The value with this text in every field that takes any text; ids, choices and match rules stay."""
    if isinstance(value, tuple):
        return tuple(spoken(member, text) for member in value)
    if not attrs.has(type(value)) or isinstance(value, Match):
        return value
    for name, old in _fields(value):
        for new in _replaced(old, text):
            try:
                value = attrs.evolve(value, **{name: new})
                break
            except JourneyError:
                # The field has rules of its own, so no foreign text gets there.
                continue
    return value


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    for field in attrs.fields(type(value)):
        yield field.name, getattr(value, field.name)


def _replaced(old: Any, text: str) -> Iterator[Any]:
    if isinstance(old, str) or old is None:
        yield text
    elif isinstance(old, Mapping):
        yield {text: text}
    elif isinstance(old, tuple) and all(isinstance(member, str) for member in old):
        yield (text, f"{text} again")
    elif isinstance(old, tuple) or attrs.has(type(old)):
        yield spoken(old, text)


def card(journey: Journey, text: str = "plain words") -> Scorecard:
    """A scorecard with every status, scorers nobody knows, subjects that are not on the map, and this text everywhere."""
    ids = [touchpoint.id for touchpoint in journey.touchpoints()]
    # One touchpoint without any score, and scores of one that is gone.
    subjects = [Subject(kind="touchpoint", id=id) for id in ids[1:]]
    subjects += [Subject(kind="stage", id=stage.id) for stage in journey.stages]
    subjects += [Subject(kind="journey", id=journey.id), Subject(kind="touchpoint", id="gone-touchpoint")]
    subjects += [Subject(kind="kpi", id=kpi.id) for kpi in journey.kpis]
    subjects += [Subject(kind="planet", id=text)]
    statuses: tuple[Status, ...] = ("ok", "low-n", "suppressed", "not-estimable")
    scores = [
        _score(subject, scorer, statuses[(i + j) % 4], text, segment)
        for j, scorer in enumerate(("friction", "impact", "a scorer nobody knows", text))
        for i, subject in enumerate(subjects)
        for segment in ((None, text) if i == 0 else (None,))
    ]
    at = datetime(2024, 3, 1, tzinfo=UTC)
    # The third is withheld, as a touchpoint of few customers is.
    counts = tuple(
        TouchpointCount(id=id, events=90 - i, journeys=80 - i, on_board=70 - i)
        if i != 2
        else TouchpointCount(id=id, events=None, journeys=None, on_board=None)
        for i, id in enumerate(ids)
    )
    # Every way round: on, back, again, from the start, to the end, and by a touchpoint that is gone.
    path = (None, *ids, *ids[:1], *ids[:1], "gone-touchpoint", None)
    moves = tuple(
        Move(source=a, target=b, count=99 - i, journeys=80 - i)
        for i, (a, b) in enumerate(dict.fromkeys(pairwise(path)))
    )
    coverage = Coverage(
        events=900,
        claimed=800,
        unclaimed=100,
        cases=100,
        journeys=90,
        off_map=10,
        closed=80,
        open=10,
        converted=40,
        abandoned=5,
        late=2,
        first=at,
        last=at,
        observed_until=at,
        tie_rule=text,
        ties=3,
        touchpoints=(*counts, TouchpointCount(id="gone-touchpoint", events=0, journeys=0, on_board=0)),
        unclaimed_events=((text, 99), ("newsletter", 1)),
        moves=moves,
        withheld_moves=3,
    )
    records = Records(scores, kind=Score, key=("subject", "scorer"))
    return Scorecard(journey=journey.id, version=text, coverage=coverage, scores=records, seed=0)


def _score(subject: Subject, scorer: str, status: Status, text: str, segment: str | None) -> Score:
    there = status in ("ok", "low-n")
    part = Component(name=text, raw=-0.25, scaled=-0.25, weight=1.0, contribution=-0.25, n=50)
    return Score(
        subject=subject,
        scorer=scorer,
        segment=segment,
        value=-0.25 if there else None,
        unit=text,
        interval=Interval(low=-0.5, high=0.125, method=text) if there else None,
        p_value=0.04 if there else None,
        n=50 if there else None if status == "suppressed" else 0,
        status=status,
        reason=None if status == "ok" else text,
        components=(part,) if there else (),
        method=text,
        evidence=(EvidenceRef(table="events", sources=(text,), rule=text, rows=50),),
        explanation=text,
    )
