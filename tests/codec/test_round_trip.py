"""What is written reads back as the same journey."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest
import yaml
from hypothesis import given, settings

from journeykit.codec import dumps, journey_to_tree, load, loads
from journeykit.errors import ArgumentError
from journeykit.model import Condition, Journey, Match, Stage, Touchpoint
from journeykit.testing.strategies import conditions, journeys, rules


def with_rule(rule: Match) -> Journey:
    return Journey(
        id="j", title="J", stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(id="t", title="T", match=rule)])]
    )


@pytest.mark.parametrize("format", ["yaml", "json"])
@settings(max_examples=80)
@given(journey=journeys())
def test_every_valid_journey_round_trips(format: str, journey: Journey) -> None:
    """loads(dumps(j)) == j, and writing it again gives the same text, which ends with one newline."""
    text = dumps(journey, format)
    back = loads(text, format=format)

    assert journey == back
    assert text == dumps(back, format)
    assert text.endswith("\n")
    assert not text.endswith("\n\n") or format == "yaml"


@settings(max_examples=60)
@given(journey=journeys())
def test_both_formats_hold_the_same_tree(journey: Journey) -> None:
    """YAML and JSON agree: the tree is what json reads, and what a YAML 1.1 reader of another house reads where it quotes."""
    tree = json.loads(dumps(journey, "json"))

    assert journey_to_tree(journey) == tree
    assert loads(dumps(journey)) == loads(json.dumps(tree), format="json")
    assert list(tree)[:3] == ["journeykit", "id", "title"]


@settings(max_examples=80)
@given(journey=journeys())
def test_another_yaml_reader_sees_the_same_texts(journey: Journey) -> None:
    """PyYAML's own reader, which knows YAML 1.1, finds the same tree (dates apart): no text needs journeykit to be a text."""
    seen = yaml.load(dumps(journey), Loader=_Undated)

    assert _numbers(journey_to_tree(journey)) == _numbers(seen)


class _Undated(yaml.CSafeLoader):
    """PyYAML without dates, which the file writes plain because who takes them for dates is right."""

    yaml_implicit_resolvers: ClassVar = {
        key: [(tag, form) for tag, form in pairs if not tag.endswith("timestamp")]
        for key, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _numbers(tree: Any) -> Any:
    # YAML 1.1 takes 1e+16 for a text, every later reader for the number.
    if isinstance(tree, dict):
        return {key: _numbers(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_numbers(value) for value in tree]
    if isinstance(tree, float):
        return repr(tree)
    return tree


@settings(max_examples=150)
@given(test=conditions())
def test_every_condition_round_trips_with_its_types(test: Condition) -> None:
    """True, 1, 1.0 and "1" stay four different values, in both formats."""
    journey = with_rule(Match(event=test))

    assert journey == loads(dumps(journey))
    assert journey == loads(dumps(journey, "json"), format="json")


@settings(max_examples=100)
@given(rule=rules())
def test_every_rule_round_trips(rule: Match) -> None:
    """A rule reads back as it was written."""
    journey = with_rule(rule)

    assert journey == loads(dumps(journey))


@pytest.mark.parametrize(
    ("written", "test"),
    [
        ("cart", Condition("eq", "cart")),
        ("3", Condition("eq", 3)),
        ("0x10", Condition("eq", 16)),
        ("0o17", Condition("eq", 15)),
        ("3.0", Condition("eq", 3.0)),
        ("1e3", Condition("eq", 1000.0)),
        ('"3"', Condition("eq", "3")),
        ("true", Condition("eq", True)),
        ("yes", Condition("eq", "yes")),
        ("no", Condition("eq", "no")),
        ("12:30", Condition("eq", "12:30")),
        ("1_000", Condition("eq", "1_000")),
        ("2026-03-01", Condition("eq", "2026-03-01")),
        ("[view, 2]", Condition("in", ("view", 2))),
        ('{glob: "/x*"}', Condition("glob", "/x*")),
        ("{ge: 3, lt: 10}", Condition("all", (Condition("ge", 3), Condition("lt", 10)))),
        ("{all: [{ge: 3}, {lt: 10}]}", Condition("all", (Condition("ge", 3), Condition("lt", 10)))),
        ("{not: {in: [a, b]}}", Condition("not", Condition("in", ("a", "b")))),
        ("{not: a}", Condition("not", Condition("eq", "a"))),
        ("{any: [a, {null: true}]}", Condition("any", (Condition("eq", "a"), Condition("null", True)))),
        ("{eq: a}", Condition("eq", "a")),
    ],
)
def test_a_test_means_what_the_file_format_says(written: str, test: Condition) -> None:
    """Scalars by the core rules of YAML 1.2, lists as in, several operators as all of them."""
    text = "journeykit: 1\nid: j\ntitle: J\nstages: [{id: s, title: S, touchpoints: [{id: t, title: T, match: {event: %s}}]}]\n"

    assert test == loads(text % written)["t"].match.event


@pytest.mark.parametrize("written", ["no", "12:30", "1e3", "0x1F", "2026-03-01", "1.10", "true", ".inf", "=", "<<"])
def test_a_text_field_reads_what_is_written(written: str) -> None:
    """No text becomes a truth value, a number or a date because it looks like one."""
    journey = loads(f"journeykit: 1\nid: j\ntitle: {written}\nversion: {written}\n")

    assert (written, written) == (journey.title, journey.version)


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("30m", "30m"),
        ("90m", "1h30m"),
        ("2w", "14d"),
        ("36h", "1d12h"),
        ("1d12h", "1d12h"),
        ("45s", "45s"),
        ("1w1d1h1m1s", "8d1h1m1s"),
    ],
)
def test_durations_have_one_canonical_form(written: str, canonical: str) -> None:
    """Weeks become days, and no unit holds more than the next one."""
    journey = loads(f"journeykit: 1\nid: j\ntitle: J\nreview_every: {written}\n")

    assert canonical == journey_to_tree(journey)["review_every"]


def test_the_golden_files_hold_the_same_journey(golden: Path) -> None:
    """The YAML and the JSON file are one journey, each in its canonical form to the last byte."""
    journey = load(golden / "full.journey.yaml")

    assert journey == load(golden / "full.journey.json")
    assert (golden / "full.journey.yaml").read_text(encoding="utf-8") == dumps(journey)
    assert (golden / "full.journey.json").read_text(encoding="utf-8") == dumps(journey, "json")


def test_the_golden_file_uses_every_field(golden: Path) -> None:
    """No field of any class is left at its default everywhere in the golden journey."""
    used: set[tuple[str, str]] = set()
    classes: set[type] = set()

    def visit(value: Any) -> None:
        if isinstance(value, tuple):
            for member in value:
                visit(member)
        elif attrs.has(type(value)):
            classes.add(type(value))
            for field in attrs.fields(type(value)):
                default = field.default.factory() if hasattr(field.default, "factory") else field.default
                if getattr(value, field.name) != default:
                    used.add((type(value).__name__, field.name))
                visit(getattr(value, field.name))

    visit(load(golden / "full.journey.yaml"))

    assert {(cls.__name__, field.name) for cls in classes for field in attrs.fields(cls)} == used
    assert len(classes) == 17


def test_emoji_are_written_as_themselves() -> None:
    """A character beyond the basic plane is not an escape in the file, even beside private-use characters."""
    text = dumps(Journey(id="j", title="👩‍👩‍👧 \ue000 \U00020000"))

    assert "👩‍👩‍👧 \ue000 \U00020000" in text


def test_more_rare_characters_than_stand_ins_still_round_trip() -> None:
    """Where the private-use characters run out, the escape stays and the text is the same."""
    journey = Journey(id="j", title="".join(map(chr, range(0x10000, 0x10000 + 6_500))))

    assert journey == loads(dumps(journey))


def test_an_unknown_format_is_named() -> None:
    """A format that does not exist is the caller's mistake, for both verbs."""
    journey = Journey(id="j", title="J")

    with pytest.raises(ArgumentError, match="'toml'"):
        dumps(journey, "toml")
    with pytest.raises(ArgumentError, match="'toml'"):
        loads("", format="toml")


@pytest.mark.parametrize("unit", ["a ", "\n", " \n", "a\n", "a \n", "é\t", "\u2028", "😀\n\n x"])
def test_long_texts_are_written_in_no_time(unit: str) -> None:
    """No text, however long and regular, makes writing or reading slow."""
    journey = Journey(id="j", title=f"x{unit * 20_000}.")
    started = time.perf_counter()

    assert journey == loads(dumps(journey))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("one\ntwo", "title: |-\n  one\n  two\n"),
        ("one\n\n\ntwo\n", "title: |\n  one\n\n\n  two\n"),
        (" one\ntwo", 'title: " one\\ntwo"\n'),
        ("one \ntwo", 'title: "one \\ntwo"\n'),
        ("one\n two", 'title: "one\\n two"\n'),
        ("one\ntwo\n\n", 'title: "one\\ntwo\\n\\n"\n'),
        ("# one\n- two: x", "title: |-\n  # one\n  - two: x\n"),
        ("a # b", "title: 'a # b'\n"),
        ("it's", "title: it's\n"),
        ("'", "title: ''''\n"),
        ("no", "title: 'no'\n"),
        ("", "''"),
    ],
)
def test_texts_are_written_for_people(text: str, written: str) -> None:
    """Several lines become a block where a block can hold them, what could mislead is quoted, the rest stands plain."""
    journey = Journey(id="j", title=text) if text else with_rule(Match(event=text))

    assert written in dumps(journey)
    assert journey == loads(dumps(journey))
