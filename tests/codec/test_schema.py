"""The schema and the codec accept the same documents."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from journeykit.codec import journey_to_tree, load, loads, schema, scorecard_schema
from journeykit.codec._classes import reader
from journeykit.errors import JourneyError
from journeykit.model import Journey
from journeykit.problems import Problem
from journeykit.testing.strategies import journeys

# The rules JSON Schema cannot say; the documentation of the schema names the same ones.
UNSAYABLE = {
    "repeated-id",
    "unknown-persona",
    "unknown-objective",
    "unknown-kpi",
    "unknown-touchpoint",
    "too-deep",
    "due-before-start",
}

JUNK = [
    None,
    True,
    False,
    0,
    1,
    2,
    2.0,
    2.5,
    -1,
    5,
    10**30,
    -(10**400),
    1.7e308,
    "",
    " ",
    "\t\n",
    "x",
    "A b",
    "no",
    "null",
    "1",
    "a" * 65,
    "x\n",
    "\x00",
    "\r",
    "\ud800",
    "\u0085",
    "2026-02-28",
    "2026-02-30",
    "2026-2-3",
    "20260228",
    "2026-02-28\n",
    "0000-01-01",
    "0d",
    "1d",
    "1d\n",
    "7",
    "1h1d",
    "P1D",
    "1w2d3h4m5s",
    "٣d",
    "en",
    "en_GB",
    "current",
    "observed",
    "high",
    "ZMOT",
    [],
    ["x"],
    [1, "x"],
    [[]],
    [None],
    {},
    {"id": "x"},
    {"event": "x"},
    {"event": []},
    {"event": {}},
    {"where": {}},
    {"where": {"c": None}},
    {"where": {" ": 1}},
    {"any": []},
    {"any": [{"event": "x"}]},
    {"any": [{"event": "x"}], "event": "y"},
    {"eq": 1},
    {"eq": [1]},
    {"in": "x"},
    {"in": ["x"]},
    {"glob": 1},
    {"glob": "*"},
    {"lt": True},
    {"ge": 1, "lt": "b"},
    {"null": 1},
    {"null": False},
    {"not": {"not": "x"}},
    {"all": [{"any": [1, 2.5, True]}]},
    {"bogus": 1},
    {"funnel": ["a", "b"]},
    {"funnel": ["a"]},
    {"funnel": ["a", "b"], "within": "1d"},
    {"text": "x"},
    {"valence": 2},
    {"valence": 2.1},
    {"kind": "delight"},
    {"source": "a", "target": "b"},
]
KEYS = [
    "id",
    "title",
    "name",
    "text",
    "bogus",
    "journeykit",
    "event",
    "where",
    "any",
    "eq",
    "match",
    "stages",
    "valence",
    "persona",
    "",
]


@st.composite
def documents(draw: st.DrawFn) -> Any:
    """A valid document with up to three random mutations: values exchanged, keys removed or added, members repeated."""
    tree: Any = copy.deepcopy(journey_to_tree(draw(journeys())))
    for _ in range(draw(st.integers(0, 3))):
        holder, key = draw(st.sampled_from(list(_slots(tree))))
        action = draw(st.sampled_from(["replace", "replace", "delete", "add", "repeat"]))
        if action == "replace":
            holder[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        elif action == "delete":
            del holder[key]
        elif action == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(KEYS))] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        if not tree:
            break
    return tree


def _slots(tree: Any) -> Any:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(pairs):
        yield tree, key
        yield from _slots(value)


@pytest.fixture(scope="module")
def accepts() -> Callable[[Any], bool]:
    validator = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return lambda tree: bool(validator.is_valid(tree))


def test_schema_and_codec_agree_on_mutated_documents(accepts: Callable[[Any], bool]) -> None:
    """A document is valid by the schema exactly when the codec finds no fault but those that no schema can say."""

    @settings(max_examples=400)
    @given(tree=documents())
    def check(tree: Any) -> None:
        try:
            loads(json.dumps(tree), format="json")
            problems: tuple[Problem, ...] = ()
        except JourneyError as err:
            problems = err.problems
        sayable = [problem for problem in problems if problem.code not in UNSAYABLE]
        event("valid" if not sayable else "faulty")

        assert (not sayable) == accepts(tree), sayable

    check()


@settings(max_examples=60)
@given(journey=journeys())
def test_every_valid_journey_fits_the_schema(journey: Journey) -> None:
    """What the codec writes is valid by the schema."""
    jsonschema.Draft202012Validator(schema()).validate(journey_to_tree(journey))


MAP = {"journeykit": 1, "id": "j", "title": "J"}


@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: ascii(junk)[:30])
@pytest.mark.parametrize(
    "place",
    [
        "id",
        "title",
        "status",
        "language",
        "reviewed",
        "review_every",
        "outcome",
        "success",
        "test",
        "personas",
        "demographics",
        "target",
        "source",
        "valence",
        "severity",
        "sources",
    ],
)
def test_schema_and_codec_agree_on_every_kind_of_value(place: str, junk: Any, accepts: Callable[[Any], bool]) -> None:
    """Every awkward value in every kind of field is judged alike."""
    touchpoint: dict[str, Any] = {"id": "t", "title": "T"}
    holders: dict[str, dict[str, Any]] = {
        "success": {"outcome": {"success": junk}},
        "test": {"outcome": {"success": {"event": junk}}},
        "demographics": {"personas": [{"id": "p", "name": "P", "demographics": junk}]},
        "target": {"objectives": [{"id": "o", "statement": "O", "target": junk}]},
        "source": {"kpis": [{"id": "k", "name": "K", "source": junk}]},
        "valence": {
            "stages": [{"id": "s", "title": "S", "touchpoints": [{**touchpoint, "emotions": [{"valence": junk}]}]}]
        },
        "severity": {
            "stages": [
                {"id": "s", "title": "S", "touchpoints": [{**touchpoint, "pains": [{"text": "x", "severity": junk}]}]}
            ]
        },
        "sources": {
            "stages": [
                {"id": "s", "title": "S", "touchpoints": [{**touchpoint, "thoughts": [{"text": "x", "sources": junk}]}]}
            ]
        },
    }
    tree = {**MAP, **holders.get(place, {place: junk})}
    try:
        loads(json.dumps(tree), format="json")
        problems: tuple[Problem, ...] = ()
    except JourneyError as err:
        problems = err.problems

    assert accepts(tree) == (not [problem for problem in problems if problem.code not in UNSAYABLE]), problems


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"personas": [{"id": "j", "name": "x"}]}, "repeated-id"),
        ({"planned": [{"source": "x", "target": "x"}]}, "unknown-touchpoint"),
        (
            {"objectives": [{"id": "o", "statement": "x", "start": "2026-02-02", "due": "2026-02-01"}]},
            "due-before-start",
        ),
        (
            {
                "outcome": {
                    "success": {"event": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": 1}}}}}}}}}
                }
            },
            "too-deep",
        ),
        ({"review_every": "999999999w"}, "wrong-type"),
    ],
)
def test_what_the_schema_cannot_say_is_known(change: dict[str, Any], code: str, accepts: Callable[[Any], bool]) -> None:
    """Each rule the schema leaves out: the schema accepts the document, the codec names the fault."""
    with pytest.raises(JourneyError) as caught:
        loads(json.dumps({**MAP, **change}), format="json")

    assert {code} == {problem.code for problem in caught.value.problems}
    assert accepts({**MAP, **change})


@pytest.mark.parametrize(("name", "make"), [("journey", schema), ("scorecard", scorecard_schema)])
def test_the_published_schema_is_the_generated_one(name: str, make: Callable[[], dict[str, Any]]) -> None:
    """docs/schema holds what the classes say today, and it is a schema."""
    published = Path(__file__).parents[2] / "docs" / "schema" / f"{name}.schema.json"
    jsonschema.Draft202012Validator.check_schema(make())

    assert json.loads(published.read_text(encoding="utf-8")) == make()


def test_the_golden_journey_fits_the_schema(golden: Path) -> None:
    """The golden JSON file is valid, and stays itself when it is read."""
    tree = json.loads((golden / "full.journey.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema()).validate(tree)

    assert tree == journey_to_tree(load(golden / "full.journey.json"))


@pytest.mark.parametrize("hint", [bytes, int | str, str | int | Journey])
def test_a_type_the_format_does_not_know_is_refused(hint: Any) -> None:
    """A field of a new type cannot slip into the model without a reader for it."""
    with pytest.raises(TypeError, match="the file format knows no"):
        reader(hint)
