"""Scores in sentences of every language: the figures are the score's, and so is the reserve."""

from __future__ import annotations

import re
from typing import Any

import attrs
import pytest

from journeykit.drawing.explaining import explained, knows, subject_name
from journeykit.drawing.terms import interval_method, length, part_name, unit_name
from journeykit.drawing.wording import LANGUAGES, wording
from journeykit.model import Journey, Kpi, Moment, Objective, Opportunity, Persona, Stage, Touchpoint
from journeykit.results import Component, Coverage, Interval, Records, Score, Scorecard, Subject

OTHERS = sorted(set(LANGUAGES) - {"en"})
SPAN = Interval(low=0.3021, high=0.5044, level=0.9, method="percentile bootstrap of journeys, 1000 draws")
JOURNEY = Journey(
    id="j",
    title="J",
    personas=(Persona(id="ann", name="Ann"),),
    kpis=(Kpi(id="sales", name="Sales"),),
    objectives=(Objective(id="grow", statement="Grow", kpi="sales"),),
    stages=[
        Stage(
            id="s",
            title="S",
            touchpoints=[
                Touchpoint(
                    id="pay",
                    title="Pays",
                    moment=Moment(kind="friction"),
                    opportunities=(Opportunity(title="Show the price"), Opportunity(title="Remember the card")),
                )
            ],
        )
    ],
)


def coverage(**changes: Any) -> Coverage:
    counts: Any = {
        "events": 900, "claimed": 800, "unclaimed": 100, "cases": 400, "journeys": 390, "off_map": 10, "closed": 351,
        "open": 39, "converted": 120, "abandoned": 0, "late": 0, "ties": 0,
    }  # fmt: skip
    return Coverage(
        **{**counts, **changes}, first=None, last=None, observed_until=None, tie_rule="record", touchpoints=()
    )


def score(**changes: Any) -> Score:
    plain: dict[str, Any] = {
        "subject": Subject(kind="touchpoint", id="pay"),
        "scorer": "friction",
        "value": 0.4113,
        "unit": "index 0..1",
        "interval": SPAN,
        "n": 217,
        "status": "ok",
        "method": "friction@1",
        "explanation": "Friction of Pays is 0.41.",
    }
    return Score(**{**plain, **changes})


def part(name: str, raw: float, **changes: Any) -> Component:
    plain: dict[str, Any] = {"scaled": raw, "weight": 1.0, "contribution": raw, "n": 217}
    return Component(name=name, raw=raw, **{**plain, **changes})


def card(*scores: Score, **changes: Any) -> Scorecard:
    return Scorecard(journey="j", coverage=coverage(**changes), scores=Records(scores, kind=Score), seed=0)


def said(one: Score, language: str, *others: Score, **changes: Any) -> str:
    """The sentences, without the isolates that set figures apart."""
    text = explained(one, JOURNEY, card(one, *others, **changes), wording(language))
    return re.sub("[\u2066-\u2069]", "", text)


FRICTION = score(
    components=(
        part("drop-off", 0.31, contribution=0.17),
        part("rework", 0.6, scaled=1.0, contribution=0.2),
        part("delay", 5400.0, scaled=0.5, contribution=0.04),
    )
)
IMPACT = score(
    scorer="impact", value=-0.0181, unit="share of conversions", p_value=0.0002, method="impact-excess-order-2@1",
    interval=attrs.evolve(SPAN, low=-0.0312, high=0.0049),
    components=(part("removal-effect", 0.395), part("expected-by-reach", 0.413)),
)  # fmt: skip
EMOTION = score(
    scorer="emotion", value=0.62, unit="valence -2..+2", method="emotion@1", segment="ann",
    interval=attrs.evolve(SPAN, method="Cousineau-Morey within-subject t"),
    components=(part("measured", 0.655, n=42), part("declared", -0.7), part("band-low", 0.1), part("band-high", 1.06)),
)  # fmt: skip
MOMENTS = score(scorer="moments", method="moments@1", components=(part("pit", -0.8),))
PEAK_END = score(
    subject=Subject(kind="journey", id="j"), scorer="moments", value=0.98, unit="valence -2..+2", method="peak-end@1",
    components=(part("peak", 1.45), part("end", 0.52, n=351)),
)  # fmt: skip
KPI = score(
    subject=Subject(kind="kpi", id="sales"), scorer="kpi", value=0.679, unit="share of entrants", method="kpi@1",
    components=(
        part("funnel", 0.679, n=1218), part("grow:target", 0.45), part("grow:distance", 0.11), part("grow:days-left", 118.0),
    ),
)  # fmt: skip
PRIORITY = score(
    subject=Subject(kind="opportunity", id="pay#2"), scorer="priority", value=-6.27, method="priority@1",
    unit="log2 of impact x friction / effort",
    components=(
        part("impact", -0.0181), part("friction", 0.0001, scaled=0.001), part("effort", 2.0, weight=-1.0),
        part("p-top-3", 0.25, weight=0.0),
    ),
)  # fmt: skip
CREDIT = score(
    scorer="impact",
    value=0.21,
    method="impact-time-decay-7d@1",
    interval=None,
    components=(part("credit", 25.2, n=77),),
)
ALL = {
    "friction": (FRICTION, ["0.41", "0.30", "0.50", "31", "0.17", "0.20", "1.5", "217", "39"]),
    "impact": (IMPACT, ["−0.018", "−0.031", "+0.005", "0.001", "39.5", "41.3", "351", "120", "39"]),
    "emotion": (EMOTION, ["+0.62", "42", "66", "−0.70", "+0.10", "+1.06", "95", "Ann"]),
    "moments": (MOMENTS, ["0.41", "39"]),
    "peak-end": (PEAK_END, ["+0.98", "+1.45", "+0.52", "351", "39"]),
    "kpi": (KPI, ["0.68", "68", "1218", "Grow", "0.45", "0.11", "118"]),
    "priority": (PRIORITY, ["−6.27", "−0.018", "0.00", "2", "0.001", "25", "3", "Remember the card"]),
    "credit": (CREDIT, ["21.0", "77", "217", "39"]),
}  # fmt: skip


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", ALL)
def test_the_sentences_hold_the_figures_of_the_score(name: str, language: str) -> None:
    """Value, interval with its level, n, parts: what is a field of the score is in its sentences, in the language's writing."""
    one, figures = ALL[name]
    text = said(one, language)
    plain = re.sub("1[.,\u202f]218", "1218", text)
    if language in ("de", "fr", "es"):
        plain = plain.replace(",", ".")
    missing = [figure for figure in figures if figure not in plain]

    assert [] == missing
    assert one.interval is None or wording(language).percent(0.9).strip("\u2066\u2069") in text
    assert one.explanation not in text


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", ALL)
def test_no_sentence_claims_a_cause(name: str, language: str) -> None:
    """Every score of ours ends with the reserve of its scorer, in every language."""
    keys = {
        "friction": "friction", "impact": "outcome", "emotion": "feeling", "moments": "moment", "peak-end": "remembered",
        "kpi": "linked", "priority": "mending", "credit": "outcome",
    }  # fmt: skip

    assert said(ALL[name][0], language).endswith(wording(language).text(f"explain.{keys[name]}"))


@pytest.mark.parametrize("language", OTHERS)
def test_doubt_is_said(language: str) -> None:
    """What rests on too little says so and why; so does what is withheld, or cannot be estimated, or has no interval."""
    words = wording(language)
    unsure = attrs.evolve(FRICTION, status="low-n", reason="few-journeys")
    nothing: Any = {"value": None, "interval": None, "components": ()}
    missing = attrs.evolve(FRICTION, **nothing, status="not-estimable", reason="no-outcome")
    withheld = attrs.evolve(FRICTION, **nothing, n=None, status="suppressed", reason="fewer-than-10")
    declared = attrs.evolve(
        EMOTION, components=(part("declared", 0.6),), interval=None, status="low-n", reason="declared-only"
    )

    assert words.reason("few-journeys") in said(unsure, language)
    assert words.reason("no-outcome") in said(missing, language)
    assert "10" in said(withheld, language)
    assert "39" not in said(withheld, language)
    assert words.text("explain.claimed") in said(declared, language)
    assert words.text("explain.no-interval") in said(attrs.evolve(EMOTION, interval=None), language)
    assert words.text("explain.all-converted") in said(IMPACT, language, converted=351)
    assert words.text("explain.holds-zero") in said(PRIORITY, language, IMPACT)
    assert words.text("explain.holds-zero") not in said(PRIORITY, language)


@pytest.mark.parametrize("language", ["en", "en-GB", "pt"])
def test_english_is_the_scorer_s_own(language: str) -> None:
    """In English, and for a language without a catalogue, the explanation stands as its scorer wrote it."""
    assert said(FRICTION, language) == FRICTION.explanation


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_stranger_scores_is_told_by_its_figures(language: str) -> None:
    """A method nobody here knows, and one of ours without its parts, give value, interval and n, and are known as such."""
    theirs = score(scorer="weather", method="rain@3")
    bare = attrs.evolve(IMPACT, components=())

    assert (False, False, True) == (knows(theirs), knows(bare), knows(FRICTION))
    assert "217" in said(theirs, language)
    assert "Weather" in said(theirs, language)
    assert said(bare, language)


def test_a_subject_has_its_name_on_the_map() -> None:
    """Touchpoints, KPIs and opportunities by their words, with the persona; what the map lost keeps its id."""
    words = wording("de")

    assert "Pays · Ann" == subject_name(EMOTION, JOURNEY, words)
    assert "„Remember the card“" == subject_name(PRIORITY, JOURNEY, words)
    assert "Sales" == subject_name(KPI, JOURNEY, words)
    assert "Ganze Journey" == subject_name(PEAK_END, JOURNEY, words)
    assert "touchpoint gone" == subject_name(score(subject=Subject(kind="touchpoint", id="gone")), JOURNEY, words)
    assert "opportunity pay#9" == subject_name(score(subject=Subject(kind="opportunity", id="pay#9")), JOURNEY, words)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("wilson", "Wilson"),
        ("percentile bootstrap of journeys, 1000 draws", "Perzentil-Bootstrap, 1.000 Ziehungen"),
        (
            "percentile bootstrap of journeys and of customers who rated, 500 draws, on a sample of 50000 of 90000, "
            "scaled by 0.745",
            "Perzentil-Bootstrap, 500 Ziehungen, auf einer Stichprobe von 50.000 aus 90.000, skaliert mit 0,745",
        ),
        ("Monte Carlo over the intervals of impact and friction, 2000 draws", "Monte Carlo, 2.000 Ziehungen"),
        ("Cousineau-Morey within-subject t, t for those with one value", "t, innerhalb der Personen (Cousineau und Morey)"),
        ("t", "t-Verteilung"),
        ("their own magic", None),
    ],
)  # fmt: skip
def test_methods_of_intervals_are_known_by_their_pattern(method: str, expected: str | None) -> None:
    """Ours are told in the language with their figures; a stranger's is None, and shown as it is."""
    assert expected == interval_method(method, wording("de"))


def test_units_parts_and_lengths() -> None:
    """Fixed terms have words; what is not ours has none; a length takes the largest unit that it fills."""
    words = wording("de")

    assert ("Index 0 bis 1", None) == (unit_name("index 0..1", words), unit_name("EUR", words))
    assert ("Abbruch", "Unter den ersten 3", "Zielwert (grow)", None) == (
        part_name("drop-off", words),
        part_name("p-top-3", words),
        part_name("grow:target", words),
        part_name("rain", words),
    )
    assert ["30 s", "2 min", "1,5 h", "2 T."] == [
        length(s, words).replace("\xa0", " ") for s in (30, 120, 5400, 172_800)
    ]
