"""What a model class accepts and refuses."""

from __future__ import annotations

import pickle
import sys
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings

from journeykit.errors import JourneyError
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
from journeykit.testing.strategies import journeys

DAY = date(2026, 3, 1)


def problems(make: Any, **fields: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(JourneyError) as caught:
        make(**fields)
    return [(problem.address.path, problem.code) for problem in caught.value.problems]


GOOD: dict[type, dict[str, Any]] = {
    Journey: {"id": "j", "title": "J"},
    Persona: {"id": "p", "name": "P"},
    Objective: {"id": "o", "statement": "O"},
    Kpi: {"id": "k", "name": "K"},
    FunnelSource: {"funnel": ["a", "b"]},
    Stage: {"id": "s", "title": "S"},
    Touchpoint: {"id": "t", "title": "T"},
    Emotion: {"valence": 1},
    Thought: {"text": "t"},
    Pain: {"text": "t"},
    Moment: {"kind": "delight"},
    Opportunity: {"title": "t"},
    Rice: {"impact": 1, "confidence": 0.5, "effort": 1},
    Outcome: {"success": Match(event="e")},
    Transition: {"source": "a", "target": "b"},
}

# By the kind of a field's rule, what it refuses and with which code.
TEXT: list[tuple[Any, str]] = [
    ("", "empty-text"),
    (" \t\n", "empty-text"),
    (7, "wrong-type"),
    (b"x", "wrong-type"),
    ("a\x00", "forbidden-character"),
    ("a\r\n", "forbidden-character"),
    ("a\x1f", "forbidden-character"),
    ("a\ud800", "forbidden-character"),
]
ID: list[tuple[Any, str]] = [(x, "invalid-id") for x in ("", "A", "a b", "-a", "_a", "ä", "a" * 65, "a\n", "a.b", 7)]
DATE: list[tuple[Any, str]] = [(x, "wrong-type") for x in ("2026-03-01", datetime(2026, 3, 1), 7)]
DURATION: list[tuple[Any, str]] = [
    ("1d", "wrong-type"),
    (5, "wrong-type"),
    (timedelta(0), "out-of-range"),
    (timedelta(days=-1), "out-of-range"),
    (timedelta(microseconds=1), "out-of-range"),
]
NUMBER: list[tuple[Any, str]] = [
    ("1", "wrong-type"),
    (True, "wrong-type"),
    (float("nan"), "invalid-value"),
    (float("inf"), "invalid-value"),
    (10**400, "invalid-value"),
    (-(10**5000), "invalid-value"),
]
LIST: list[tuple[Any, str]] = [("abc", "wrong-type"), ({"a": 1}, "wrong-type"), (7, "wrong-type"), (b"x", "wrong-type")]


def cases() -> list[tuple[type, str, Any, str]]:
    table: list[tuple[type, str, list[tuple[Any, str]]]] = [
        *((cls, "id", ID) for cls in (Journey, Persona, Objective, Kpi, Stage, Touchpoint)),
        *((Objective, name, ID) for name in ("kpi", "persona")),
        *((Transition, name, ID) for name in ("source", "target")),
        *((cls, "persona", ID) for cls in (Emotion, Thought, Pain, Moment)),
        (Opportunity, "objective", ID),
        *((Journey, name, TEXT) for name in ("title", "scenario", "owner", "version", "case")),
        *((Persona, name, TEXT) for name in ("name", "summary", "quote", "portrait")),
        *((Objective, name, TEXT) for name in ("statement", "unit", "owner", "need")),
        *((Kpi, name, TEXT) for name in ("name", "unit")),
        *((Stage, name, TEXT) for name in ("title", "goal")),
        *((Touchpoint, name, TEXT) for name in ("title", "actor", "owner")),
        *((Moment, name, TEXT) for name in ("why", "plan")),
        *((Opportunity, name, TEXT) for name in ("title", "owner")),
        (Emotion, "label", TEXT),
        (Thought, "text", TEXT),
        (Pain, "text", TEXT),
        (Journey, "reviewed", DATE),
        (Persona, "updated", DATE),
        (Opportunity, "due", DATE),
        *((Objective, name, DATE) for name in ("start", "due")),
        *((cls, "as_of", DATE) for cls in (Emotion, Thought, Pain, Moment)),
        (Journey, "review_every", DURATION),
        (Outcome, "within", DURATION),
        (FunnelSource, "within", DURATION),
        (Touchpoint, "expected", DURATION),
        *((Objective, name, NUMBER) for name in ("baseline", "target")),
        (Emotion, "valence", [*NUMBER, (2.01, "out-of-range"), (-3, "out-of-range"), (None, "wrong-type")]),
        (Emotion, "spread", [*NUMBER, (-0.1, "out-of-range"), (4.1, "out-of-range")]),
        (Transition, "share", [*NUMBER, (-0.1, "out-of-range"), (1.1, "out-of-range")]),
        (Rice, "reach", [*NUMBER, (-1, "out-of-range")]),
        (Rice, "impact", [("high", "wrong-type"), (True, "wrong-type"), (4, "unknown-choice"), (0, "unknown-choice")]),
        (Rice, "confidence", [*NUMBER, (-0.1, "out-of-range"), (80, "out-of-range")]),
        (Rice, "effort", [*NUMBER, (0, "out-of-range"), ("low", "wrong-type")]),
        (Opportunity, "rice", [("x", "wrong-type"), ({"reach": 1}, "wrong-type")]),
        (
            Pain,
            "severity",
            [(0, "out-of-range"), (4, "out-of-range"), (2.0, "wrong-type"), (True, "wrong-type"), ("2", "wrong-type")],
        ),
        *((Journey, name, LIST) for name in ("personas", "objectives", "kpis", "stages", "planned")),
        *((Persona, name, LIST) for name in ("goals", "pains", "behaviours", "channels")),
        *(
            (Touchpoint, name, LIST)
            for name in ("channels", "actions", "thoughts", "emotions", "pains", "opportunities")
        ),
        *((Touchpoint, name, LIST) for name in ("backstage", "kpis")),
        *((Stage, name, LIST) for name in ("objectives", "touchpoints")),
        *((cls, "sources", LIST) for cls in (Emotion, Thought, Pain, Moment)),
        (FunnelSource, "funnel", [*LIST, ([], "too-few"), (["a"], "too-few")]),
        (Persona, "demographics", [([], "wrong-type"), ("x", "wrong-type")]),
        (Persona, "segment", [("x", "wrong-type"), ({"event": "x"}, "wrong-type")]),
        (Touchpoint, "match", [("x", "wrong-type")]),
        (Touchpoint, "moment", [("x", "wrong-type")]),
        (Outcome, "success", [("x", "wrong-type"), (None, "wrong-type")]),
        (Outcome, "abandon", [("x", "wrong-type")]),
        (Journey, "outcome", [("x", "wrong-type")]),
        (
            Journey,
            "language",
            [
                *((tag, "invalid-value") for tag in ("", "en_GB", "e", "xx-yy-zz", "en-", "de-1", "en-GB-latn")),
                (7, "wrong-type"),
            ],
        ),
        (Kpi, "source", [("", "empty-text"), (" ", "empty-text"), (7, "wrong-type"), (["a", "b"], "wrong-type")]),
        *(
            (cls, name, [("x", "unknown-choice"), (7, "unknown-choice"), (["observed"], "unknown-choice")])
            for cls, name in [
                (Journey, "status"),
                (Kpi, "direction"),
                (Moment, "kind"),
                (Moment, "label"),
                (Opportunity, "impact"),
                (Opportunity, "effort"),
                (Opportunity, "status"),
                (Pain, "basis"),
            ]
        ),
    ]
    return [(cls, name, value, code) for cls, name, bad in table for value, code in bad]


@pytest.mark.parametrize(
    ("cls", "name", "value", "code"),
    cases(),
    ids=[f"{case[0].__name__}-{case[1]}-{i}" for i, case in enumerate(cases())],
)
def test_a_field_refuses_what_breaks_its_rule(cls: type, name: str, value: Any, code: str) -> None:
    """The error names the field and says what kind of fault it is."""
    assert [(name, code)] == problems(cls, **{**GOOD[cls], name: value})


@pytest.mark.parametrize("cls", list(GOOD), ids=lambda cls: cls.__name__)
def test_every_field_has_a_rule_or_a_test_of_its_own(cls: type) -> None:
    """No field is added without a test of what it refuses."""
    tested = {name for tested, name, _, _ in cases() if tested is cls}
    # tested on one class for all: the basis and sources of every claim
    shared = {"basis"} if cls in (Emotion, Thought, Moment) else set()

    assert {field.name for field in attrs.fields(cls)} == tested | shared


def test_members_are_named_by_their_index() -> None:
    """Every member that breaks the rule is told, all at once, with its place in the list."""
    assert [("goals[1]", "empty-text"), ("goals[2]", "wrong-type")] == problems(
        Persona, id="p", name="P", goals=["a", "", 7]
    )
    assert [("kpis[0]", "invalid-id")] == problems(Touchpoint, id="t", title="T", kpis=["A b"])
    assert [("demographics.age", "empty-text"), ("demographics. ", "empty-text")] == problems(
        Persona, id="p", name="P", demographics={"age": "", " ": "x"}
    )
    assert [("pains[0]", "wrong-type")] == problems(Touchpoint, id="t", title="T", pains=[Thought(text="x")])


def test_an_objective_is_not_due_before_it_starts() -> None:
    """The two dates agree; the same day is allowed."""
    assert [("due", "due-before-start")] == problems(Objective, id="o", statement="O", start=DAY, due=date(2026, 2, 28))
    assert DAY == Objective(id="o", statement="O", start=DAY, due=DAY).due


def test_a_near_id_is_offered() -> None:
    """An id that is nearly one is answered with the id it could be."""
    with pytest.raises(JourneyError, match="did you mean 'first-order-2026'"):
        Journey(id="First Order (2026)", title="J")
    with pytest.raises(JourneyError) as caught:
        Journey(id="支付", title="J")
    assert caught.value.problems[0].hint is None


def test_measures_are_floats_whatever_was_given() -> None:
    """A whole number given for a measure becomes a float, so that 1 and 1.0 are the same journey on paper too."""
    values = (
        Emotion(valence=1).valence,
        Objective(id="o", statement="O", target=2).target,
        Transition(source="a", target="b", share=1).share,
    )

    assert ["1.0", "2.0", "1.0"] == [repr(value) for value in values]
    assert sys.float_info.max == Objective(id="o", statement="O", target=sys.float_info.max).target


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("eq", None),
        ("eq", ["a"]),
        ("eq", float("nan")),
        ("eq", float("inf")),
        ("eq", 2**63),
        ("eq", -(2**63) - 1),
        ("in", ()),
        ("in", "abc"),
        ("in", (None,)),
        ("in", (float("nan"),)),
        ("glob", 7),
        ("lt", True),
        ("ge", None),
        ("null", 1),
        ("null", "true"),
        ("not", "a"),
        ("any", ()),
        ("any", ("a",)),
        ("all", Condition("eq", 1)),
    ],
)
def test_a_condition_refuses_what_does_not_fit_its_operator(op: Any, value: Any) -> None:
    """The error names the operator."""
    assert [(op, "wrong-type")] == problems(lambda: Condition(op, value))


def test_a_condition_refuses_an_unknown_operator() -> None:
    """Rules are data: there is no way to say anything else."""
    assert [("op", "unknown-choice")] == problems(lambda: Condition("regex", ".*"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("op", "value"), [("eq", "a\x00"), ("in", ["a", "b\ud800"]), ("glob", "\x07*"), ("lt", "\x01")]
)
def test_texts_in_rules_obey_the_rule_for_texts(op: Any, value: Any) -> None:
    """No text in a journey holds what its file cannot."""
    assert [("value", "forbidden-character")] == problems(lambda: Condition(op, value))


def test_conditions_tell_types_apart() -> None:
    """True, 1 and 1.0 are different tests, also inside a list, and hash alike only when they are equal."""
    assert Condition("eq", True) != Condition("eq", 1)
    assert Condition("eq", 1) != Condition("eq", 1.0)
    assert Condition("in", [1, True]) != Condition("in", [True, 1])
    assert 1 == len({Condition("in", ["a", 1]), Condition("in", ("a", 1))})


def test_rules_nest_at_most_eight_deep() -> None:
    """Both kinds of nesting are bounded, because every engine recurses over them."""
    test, rule = Condition("eq", 1), Match(event="e")
    for _ in range(7):
        test, rule = Condition("not", test), Match(any=[rule])

    assert (8, 8) == (test.depth(), rule.depth())
    assert 8 == Condition("any", (Condition("eq", 1), test.value)).depth()
    assert [("not", "too-deep")] == problems(lambda: Condition("not", test))
    assert [("any", "too-deep")] == problems(Match, any=[rule])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, (None, "empty-rule")),
        ({"where": {}}, (None, "empty-rule")),
        ({"any": []}, (None, "empty-rule")),
        ({"event": "a", "any": [Match(event="b")]}, ("any", "invalid-rule")),
        ({"where": {"c": 1}, "any": [Match(event="b")]}, ("any", "invalid-rule")),
        ({"any": ["a"]}, ("any", "wrong-type")),
        ({"any": "ab"}, ("any", "wrong-type")),
        ({"any": Match(event="a")}, ("any", "wrong-type")),
        ({"where": {"c": None}}, ("where", "wrong-type")),
        ({"where": ["c"]}, ("where", "wrong-type")),
        ({"where": {" ": 1}}, ("where", "empty-text")),
    ],
)
def test_a_rule_says_something_and_one_thing(fields: dict[str, Any], problem: tuple[str | None, str]) -> None:
    """A rule has tests or alternatives, not both and not neither."""
    path, code = problem

    assert [(path or "", code)] == [(found or "", kind) for found, kind in problems(Match, **fields)]


def test_short_forms_of_rules() -> None:
    """A scalar stands for eq, a list for in."""
    rule = Match(event=["a", "b"], where={"page": "/x", "n": Condition("ge", 3)})

    assert (
        Match(event=Condition("in", ("a", "b")), where={"n": Condition("ge", 3), "page": Condition("eq", "/x")}) == rule
    )
    assert frozenset({"event", "page", "n"}) == rule.columns()
    assert frozenset({"event", "c"}) == Match(any=[Match(event="a"), Match(where={"c": 1})]).columns()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(journey=journeys())
def test_a_journey_is_a_value(journey: Journey) -> None:
    """It hashes, pickles and equals its copy."""
    copy = pickle.loads(pickle.dumps(journey))

    assert journey == copy
    assert hash(journey) == hash(copy)
    assert 1 == len({journey, copy})


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(journey=journeys())
def test_the_parts_of_a_journey_show_what_attrs_would_show(journey: Journey) -> None:
    """Their ``repr`` names every field with its value, as the one does that attrs writes for a class."""
    for part in [*journey.personas, *journey.objectives, *journey.kpis, *journey.stages, *journey.touchpoints()]:
        names = [attribute.name for attribute in attrs.fields(type(part))]
        like = attrs.make_class(type(part).__name__, names, kw_only=True)

        assert repr(like(**{name: getattr(part, name) for name in names})) == repr(part)
    assert "Transition(source='a', target='b', share=None)" == repr(Transition(source="a", target="b"))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(journey=journeys())
def test_a_journey_itself_is_one_short_line(journey: Journey) -> None:
    """At a prompt a whole map would fill the screen: it is shown by its id, its title and how much it holds."""
    shown = repr(journey)
    counts = len(journey.stages), len(journey.touchpoints()), len(journey.personas)

    assert shown.startswith(f"<Journey {journey.id}: ")
    assert shown.endswith("(stages: {}, touchpoints: {}, personas: {})>".format(*counts))
    assert shown.isprintable()
    assert len(shown) < 64 + 60 + 80


def test_parts_of_two_kinds_are_never_equal() -> None:
    """A thought and a pain with the same words are two things, and so are a part and a text."""
    thought, pain = Thought(text="slow"), Pain(text="slow")

    assert thought == Thought(text="slow")
    assert [True, True, True] == [thought != other for other in (pain, "slow", Thought(text="fast"))]
    assert hash(thought) == hash(Thought(text="slow"))
    assert 3 == len({thought, pain, Thought(text="slow"), Thought(text="fast")})


def test_a_journey_cannot_change() -> None:
    """Neither a field nor a mapping in it can be written, and no field can be added."""
    persona = Persona(id="p", name="P", demographics={"age": "30"})

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        persona.name = "Q"  # type: ignore[misc]
    with pytest.raises(TypeError):
        persona.demographics["age"] = "40"  # type: ignore[index]
    assert not hasattr(persona, "__dict__")
    assert "{'age': '30'}" == repr(persona.demographics)
    assert ("30", 1, ["age"]) == (persona.demographics["age"], len(persona.demographics), list(persona.demographics))


def test_the_order_of_a_mapping_is_no_difference() -> None:
    """Two personas whose demographics stand in another order are the same persona."""
    one, two = (
        Persona(id="p", name="P", demographics=dict(pairs))
        for pairs in ([("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")])
    )

    assert one == two
    assert hash(one) == hash(two)
    assert one.demographics is attrs.evolve(one, name="Q").demographics


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Match(event="cart"), "event {eq} cart"),
        (Match(event=["a", "b"]), "event in [a, b]"),
        (
            Match(event="a", where={"z": Condition("ge", 3), "b": Condition("null", True)}),
            "event {eq} a and b is missing and z {ge} 3",
        ),
        (Match(where={"a": Condition("not", Condition("null", False))}), "a not is present"),
        (Match(where={"a": Condition("any", (Condition("eq", 1), Condition("lt", 0)))}), "a ({eq} 1 or {lt} 0)"),
        (Match(where={"a": Condition("all", (Condition("gt", 1), Condition("le", 5)))}), "a ({gt} 1 and {le} 5)"),
        (Match(any=[Match(event="a"), Match(event="b")]), "(event {eq} a) or (event {eq} b)"),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: Match, sentence: str) -> None:
    """What a score names as its evidence can be read aloud."""
    from journeykit.model.matching import _SIGNS

    assert sentence.format(**_SIGNS) == str(rule)
