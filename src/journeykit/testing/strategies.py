"""Hypothesis strategies that build valid journeys, with every field in use and texts that break careless code.

``hypothesis`` is imported here and nowhere else in journeykit: ``pip install hypothesis``.

::

    from hypothesis import given
    from journeykit.testing.strategies import journeys


    @given(journeys())
    def test_my_renderer_draws_every_journey(journey): ...
"""

from __future__ import annotations

import string
from datetime import date, timedelta
from typing import Any, Literal, get_args

from hypothesis import strategies as st

from journeykit.model import (
    Condition,
    Emotion,
    FunnelSource,
    Journey,
    Kpi,
    Match,
    Moment,
    Objective,
    Opportunity,
    Outcome,
    Pain,
    Persona,
    Rice,
    Stage,
    Thought,
    Touchpoint,
    Transition,
)
from journeykit.model.claims import Basis, Level, MomentKind, MomentLabel
from journeykit.model.matching import MAX_NUMBER, MIN_NUMBER

__all__ = ["conditions", "durations", "journeys", "rules", "slugs", "texts"]

# Texts that YAML, CSV, HTML or a terminal takes for something else, and scripts that a Latin eye forgets.
_AWKWARD = (
    "no",
    "12:30",
    "~",
    "null",
    "1e3",
    "0x1F",
    "007",
    ".5",
    ".inf",
    "2026-03-01",
    "- x",
    "#",
    "a # b",
    "a: b",
    "'",
    '"',
    "\\",
    "{x}",
    "[x]",
    "*x",
    "&x",
    "!x",
    "| x",
    "%x",
    "@x",
    "`x`",
    "---",
    "...",
    "<<",
    "=",
    "?",
    " leading",
    "trailing ",
    "tab\there",
    "two\nlines",
    "two\n\n  indented\nlines\n\n",
    "\n starts with a line break",
    "ends with one\n",
    "结账 支付",
    "שלום עולם",
    "مرحبا",
    "e\u0301 combining",
    "👩‍👩‍👧 family",
    "\u2028separator",
    "\u0085next line",
    "\ufeffmark",
    "\ue000private",
    "</script>&amp;",
    "$(x) ${y} %s {0}",
    "x" * 200,
)
_SAFE = st.characters(exclude_categories=["Cs"], exclude_characters=[chr(c) for c in range(32) if chr(c) not in "\t\n"])


def texts() -> st.SearchStrategy[str]:
    """Texts that a journey may hold and that say something (not only white space)."""
    free = st.text(_SAFE, min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
    return st.sampled_from(_AWKWARD) | free


def slugs() -> st.SearchStrategy[str]:
    """Ids."""
    first = string.ascii_lowercase + string.digits
    return st.builds(str.__add__, st.sampled_from(first), st.text(first + "-_", max_size=12)) | st.sampled_from(
        ("no", "null", "1e3", "007", "0x1f", "true", "a" * 64)
    )


def durations() -> st.SearchStrategy[timedelta]:
    """Durations of whole seconds, from one second to the longest there is."""
    usual = st.integers(1, 10**9)
    return st.builds(lambda seconds: timedelta(seconds=seconds), usual | st.integers(1, 999_999_999 * 86_400 + 86_399))


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _some(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most)


def _choice(kind: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(kind))


def _dates() -> st.SearchStrategy[date]:
    return st.dates()


def _numbers(low: float | None = None, high: float | None = None) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def _values() -> st.SearchStrategy[str | int | float | bool]:
    text = st.sampled_from(_AWKWARD) | st.text(_SAFE, max_size=12)
    return text | st.booleans() | _ordered_numbers()


def _ordered_numbers() -> st.SearchStrategy[int | float]:
    return st.integers(MIN_NUMBER, MAX_NUMBER) | _numbers(-9e18, 9e18)


def conditions() -> st.SearchStrategy[Condition]:
    """Tests of one column with every operator, nested at most three deep."""
    text = st.sampled_from(_AWKWARD)
    comparisons = st.builds(Condition, st.sampled_from(("lt", "le", "gt", "ge")), _ordered_numbers() | text)
    leaves = st.one_of(
        st.builds(Condition, st.just("eq"), _values()),
        st.builds(Condition, st.just("in"), st.lists(_values(), min_size=1, max_size=3).map(tuple)),
        st.builds(Condition, st.just("glob"), text),
        st.builds(Condition, st.just("null"), st.booleans()),
        comparisons,
    )

    def nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.builds(Condition, st.just("not"), inner) | st.builds(
            Condition, st.sampled_from(("any", "all")), several
        )

    return st.one_of(leaves, nested(leaves), nested(nested(leaves)))


def rules() -> st.SearchStrategy[Match]:
    """Match rules, plain ones and ones that hold several."""
    where = st.dictionaries(texts(), conditions(), max_size=2)
    plain = st.builds(Match, event=conditions(), where=where) | st.builds(
        Match, where=st.dictionaries(texts(), conditions(), min_size=1, max_size=2)
    )
    return plain | st.builds(Match, any=st.lists(plain, min_size=1, max_size=2))


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """Valid journeys of up to three stages with up to three touchpoints each; every reference points to a part."""
    ids = draw(st.lists(slugs(), unique=True, min_size=1, max_size=16))
    journey, *rest = ids
    counts = [draw(st.integers(0, 2)) for _ in range(3)] + [draw(st.integers(0, 3))]
    people, kpis, goals, stages = (tuple(_take(rest, count)) for count in counts)
    points = [tuple(_take(rest, draw(st.integers(0, 3)))) for _ in stages]
    known = {
        "persona": people,
        "kpi": kpis,
        "objective": goals,
        "touchpoint": tuple(id for ids in points for id in ids),
    }
    return Journey(
        id=journey,
        title=draw(texts()),
        scenario=draw(_maybe(texts())),
        status=draw(st.sampled_from(("current", "future"))),
        owner=draw(_maybe(texts())),
        version=draw(_maybe(texts() | st.just("1.10"))),
        language=draw(st.sampled_from(("en", "no", "pt-BR", "zh-Hant"))),
        reviewed=draw(_maybe(_dates())),
        review_every=draw(_maybe(durations())),
        case=draw(st.sampled_from(("customer", "session")) | texts()),
        outcome=draw(_maybe(st.builds(Outcome, success=rules(), abandon=_maybe(rules()), within=_maybe(durations())))),
        personas=[draw(_persona(id)) for id in people],
        objectives=[draw(_objective(id, known)) for id in goals],
        kpis=[draw(_kpi(id, known)) for id in kpis],
        stages=[draw(_stage(id, inner, known)) for id, inner in zip(stages, points, strict=True)],
        planned=draw(_planned(known)),
    )


def _take(ids: list[str], count: int) -> list[str]:
    taken, ids[:] = ids[:count], ids[count:]
    return taken


def _one(ids: tuple[str, ...]) -> st.SearchStrategy[str | None]:
    return _maybe(st.sampled_from(ids)) if ids else st.none()


def _several(ids: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(ids), max_size=3) if ids else st.just([])


def _persona(id: str) -> st.SearchStrategy[Persona]:
    several = _some(texts())
    return st.builds(
        Persona,
        id=st.just(id),
        name=texts(),
        summary=_maybe(texts()),
        demographics=st.dictionaries(texts(), texts(), max_size=3),
        goals=several,
        pains=several,
        behaviours=several,
        channels=several,
        quote=_maybe(texts()),
        portrait=_maybe(texts()),
        segment=_maybe(rules()),
        updated=_maybe(_dates()),
    )


def _objective(id: str, known: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Objective]:
    def build(span: tuple[date | None, date | None], **fields: Any) -> Objective:
        start, due = span if None in span else tuple(sorted(day for day in span if day is not None))
        return Objective(id=id, start=start, due=due, **fields)

    return st.builds(
        build,
        span=st.tuples(_maybe(_dates()), _maybe(_dates())),
        statement=texts(),
        kpi=_one(known["kpi"]),
        baseline=_maybe(_numbers()),
        target=_maybe(_numbers()),
        unit=_maybe(texts()),
        owner=_maybe(texts()),
        persona=_one(known["persona"]),
        need=_maybe(texts()),
    )


def _kpi(id: str, known: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Kpi]:
    source: st.SearchStrategy[Any] = texts()
    if known["touchpoint"]:
        steps = st.lists(st.sampled_from(known["touchpoint"]), min_size=2, max_size=4)
        source |= st.builds(FunnelSource, funnel=steps, within=_maybe(durations()))
    return st.builds(
        Kpi,
        id=st.just(id),
        name=texts(),
        unit=_maybe(texts()),
        direction=st.sampled_from(("higher", "lower")),
        source=_maybe(source),
    )


def _stage(id: str, points: tuple[str, ...], known: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Stage]:
    return st.builds(
        Stage,
        id=st.just(id),
        title=texts(),
        goal=_maybe(texts()),
        objectives=_several(known["objective"]),
        touchpoints=st.tuples(*(_touchpoint(point, known) for point in points)),
    )


def _touchpoint(id: str, known: dict[str, tuple[str, ...]]) -> st.SearchStrategy[Touchpoint]:
    claim: dict[str, Any] = {
        "persona": _one(known["persona"]),
        "basis": _maybe(_choice(Basis)),
        "sources": _some(texts()),
        "as_of": _maybe(_dates()),
    }
    moment = st.builds(
        Moment,
        kind=_choice(MomentKind),
        label=_maybe(_choice(MomentLabel)),
        why=_maybe(texts()),
        plan=_maybe(texts()),
        **claim,
    )
    rice = st.builds(
        Rice,
        reach=_maybe(_numbers(0)),
        impact=st.sampled_from([0.25, 0.5, 1, 2, 3]),
        confidence=_numbers(0, 1),
        effort=_numbers(0.01),
    )
    opportunity = st.builds(
        Opportunity,
        title=texts(),
        impact=_maybe(_choice(Level)),
        effort=_maybe(_choice(Level)),
        owner=_maybe(texts()),
        status=_maybe(_choice(Literal["idea", "planned", "doing", "done", "dropped"])),
        due=_maybe(_dates()),
        objective=_one(known["objective"]),
        rice=_maybe(rice),
    )
    emotion = st.builds(Emotion, valence=_numbers(-2, 2), label=_maybe(texts()), spread=_maybe(_numbers(0, 4)), **claim)
    return st.builds(
        Touchpoint,
        id=st.just(id),
        title=texts(),
        channels=_some(texts()),
        actor=_maybe(texts()),
        match=_maybe(rules()),
        expected=_maybe(durations()),
        actions=_some(texts()),
        thoughts=_some(st.builds(Thought, text=texts(), **claim)),
        emotions=_some(emotion),
        pains=_some(st.builds(Pain, text=texts(), severity=st.integers(1, 3), **claim)),
        opportunities=_some(opportunity),
        moment=_maybe(moment),
        backstage=_some(texts()),
        kpis=_several(known["kpi"]),
        owner=_maybe(texts()),
    )


def _planned(known: dict[str, tuple[str, ...]]) -> st.SearchStrategy[list[Transition]]:
    if not known["touchpoint"]:
        return st.just([])
    point = st.sampled_from(known["touchpoint"])
    return _some(st.builds(Transition, source=point, target=point, share=_maybe(_numbers(0, 1))))
