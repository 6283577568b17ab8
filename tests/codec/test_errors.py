"""Every fault at once, each with file, line, column, path and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from journeykit.codec import load, loads, positions
from journeykit.errors import JourneyError
from journeykit.problems import Problem

HEAD = "journeykit: 1\nid: j\ntitle: J\n"


def test_the_faulty_golden_file_gets_its_golden_list(golden: Path) -> None:
    """Every fault of a file full of them is told in one go, in the order of the file."""
    with pytest.raises(JourneyError) as caught:
        load(golden / "faulty.journey.yaml")
    told = str(caught.value).replace(str(golden) + "/", "")

    assert (golden / "faulty.errors.txt").read_text(encoding="utf-8") == told + "\n"


def test_the_design_s_own_example(faults: Callable[..., list[Problem]]) -> None:
    """An emotion beyond the scale is told as the design promises."""
    touchpoint = "  - {id: t, title: T, emotions: [{valence: 3.2}]}\n"
    text = f"{HEAD}stages:\n- id: s\n  title: S\n  touchpoints:\n{touchpoint}"

    assert ["map:8:44 stages[0].touchpoints[0].emotions[0].valence: 3.2 is outside [-2, 2]"] == [
        str(problem) for problem in faults(text)
    ]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("owner: ''\n", "map:4:8 owner: must not be empty"),
        ("owner: [a]\n", "map:4:8 owner: expected text, got a list"),
        ("owner: {a: b}\n", "map:4:8 owner: expected text, got a mapping"),
        ("personas: {}\n", "map:4:11 personas: expected a list, got a mapping"),
        ("personas: [anna]\n", "map:4:12 personas[0]: expected a persona as a mapping of keys to values, got anna"),
        ("outcome: purchase\n", "map:4:10 outcome: expected an outcome as a mapping of keys to values, got purchase"),
        ("outcome: {}\n", "map:4:10 outcome.success: is missing; an outcome needs it"),
        (
            "outcome: {success: purchase}\n",
            "map:4:20 outcome.success: expected a rule such as {event: add_to_cart}, got purchase",
        ),
        ("outcome: {success: {}}\n", "map:4:20 outcome.success: a rule needs event, where or any"),
        (
            "outcome: {success: {any: []}}\n",
            "map:4:26 outcome.success.any: holds nothing (leave the key out, or give it a test)",
        ),
        (
            "outcome: {success: {where: {}}}\n",
            "map:4:28 outcome.success.where: holds nothing (leave the key out, or give it a test)",
        ),
        (
            "outcome: {success: {where: [a]}}\n",
            "map:4:28 outcome.success.where: expected a mapping of column to test, got a list",
        ),
        (
            "outcome: {success: {event: {}}}\n",
            "map:4:28 outcome.success.event: holds nothing (leave the key out, or give it a test)",
        ),
        (
            "outcome: {success: {event: {in: a}}}\n",
            "map:4:33 outcome.success.event.in: expected a list of values, got a",
        ),
        ("outcome: {success: {event: [[a]]}}\n", "map:4:29 outcome.success.event[0]: expected a value, got a list"),
        (
            "outcome: {success: {event: {null: 1}}}\n",
            "map:4:35 outcome.success.event.null: expected true or false, got 1",
        ),
        (
            "outcome: {success: {event: {lt: true}}}\n",
            "map:4:33 outcome.success.event.lt: True does not fit the operator 'lt'",
        ),
        ("outcome: {success: {event: .inf}}\n", "map:4:28 outcome.success.event: inf does not fit the operator 'eq'"),
        ("reviewed: [1]\n", "map:4:11 reviewed: expected a date such as 2026-03-01, got a list"),
        ("review_every: 5\n", "map:4:15 review_every: expected a duration such as 30m, 7d, 1d12h or 2w, got 5"),
        (
            "objectives: [{id: o, statement: S, target: .nan}]\n",
            "map:4:44 objectives[0].target: nan is not a finite number",
        ),
        (
            "objectives: [{id: o, statement: S, target: 1e999}]\n",
            "map:4:44 objectives[0].target: inf is not a finite number",
        ),
        (
            "kpis: [{id: k, name: K, source: [a, b]}]\n",
            "map:4:33 kpis[0].source: expected text or a funnel source as a mapping, got a list",
        ),
    ],
)
def test_a_fault_is_told_at_its_place(body: str, told: str, faults: Callable[..., list[Problem]]) -> None:
    """One fault, one sentence, at the offending value."""
    assert [told] == [str(problem) for problem in faults(HEAD + body)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"journeykit": 1, "id": "j", "title": 7}', "map:1:39 title: expected text, got 7 (put it in quotes)"),
        (
            '{"journeykit": 1, "id": "j",\n "title": "J", "reviewed": 20260301}',
            "map:2:28 reviewed: expected a date such as 2026-03-01, got 20260301",
        ),
        (
            '{"journeykit": 1, "id": "j", "title": null}',
            "map:1:39 title: has no value; expected text (leave the key out where there is nothing to "
            "say, and quote the word null where it is a text)",
        ),
        (
            '{"journeykit": 1, "id": "j", "title": "J", "id": "k"}',
            "map:1:44 id: the key stands here twice; it was first given at line 1, column 19",
        ),
        ('{"journeykit": 1, "id": "j", "title": NaN}', "map:1:39: not JSON: expected a value, found 'NaN'"),
        ('{"journeykit": 1, "id": "j", "title": -Infinity}', "map:1:39: not JSON: expected a value, found '-Infinity'"),
        ('{"a": [1, 2,]}', "map:1:13: not JSON: expected a value, found ']'"),
        ('{"a": 1,}', "map:1:9: not JSON: expected \", found '}'"),
        ('{"a" 1}', "map:1:6: not JSON: expected :, found '1'"),
        ('{"a": 01}', "map:1:8: not JSON: expected , or }, found '1'"),
        ("{'a': 1}", 'map:1:2: not JSON: expected ", found "\'"'),
        ('{"a": "x\ny"}', "map:1:9: not JSON: Invalid control character at"),
        ('{"a": "\\x"}', "map:1:8: not JSON: Invalid \\escape"),
        ('{"a": 1', "map:1:8: not JSON: expected , or }, found the end of the file"),
        ("[1, 2] x", "map:1:8: not JSON: the file ends with one value; something follows it"),
        (" \n", "map:1:1: the file is empty"),
    ],
)
def test_json_has_positions_too(text: str, told: str, faults: Callable[..., list[Problem]]) -> None:
    """JSON is read as strictly, and its faults have lines and columns."""
    assert [told] == [str(problem) for problem in faults(text, "json")]


def test_surrogate_pairs_in_json_are_one_character() -> None:
    """An escaped pair is the character it stands for; half of one is refused."""
    assert "😀" == loads('{"journeykit": 1, "id": "j", "title": "\\ud83d\\ude00"}', format="json").title
    with pytest.raises(JourneyError, match=r"<text>:1:39 title: holds the character U\+D83D"):
        loads('{"journeykit": 1, "id": "j", "title": "\\ud83d"}', format="json")


def test_json_s_two_is_a_whole_number() -> None:
    """JSON and its schema do not tell 2.0 from 2, so a severity may be written either way."""
    text = (
        '{"journeykit": 1.0, "id": "j", "title": "J", "stages": [{"id": "s", "title": "S",'
        '"touchpoints": [{"id": "t", "title": "T", "pains": [{"text": "p", "severity": 3.0}]}]}]}'
    )

    assert "3" == repr(loads(text, format="json")["t"].pains[0].severity)


def test_a_newer_file_gets_one_clear_sentence(faults: Callable[..., list[Problem]]) -> None:
    """What a newer format may hold is not called wrong; the reader is told to upgrade."""
    problems = faults("journeykit: 2\nid: j\nheadline: new\n")

    assert [("newer-format", "upgrade journeykit", 1, 13)] == [
        (p.code, p.hint, p.address.line, p.address.column) for p in problems
    ]


@pytest.mark.parametrize("version", ["0", "one", "'1'", "[1]", "true"])
def test_an_unknown_version_is_a_fault(version: str, faults: Callable[..., list[Problem]]) -> None:
    """The format version is the number 1."""
    problems = faults(f"journeykit: {version}\nid: j\ntitle: J\n")

    assert [("unknown-format", "journeykit")] == [(p.code, p.address.path) for p in problems]


def test_a_file_without_a_version_says_what_is_missing(faults: Callable[..., list[Problem]]) -> None:
    """A file that does not begin with its format is told so, beside its other faults."""
    problems = faults("id: j\n")

    assert {("missing-version", "journeykit"), ("missing-key", "title")} == {(p.code, p.address.path) for p in problems}


def test_references_are_checked_beside_field_faults(faults: Callable[..., list[Problem]]) -> None:
    """A misspelt reference is told together with a field that is wrong, not after it."""
    text = HEAD + "language: x\nkpis: [{id: a, name: A}]\nobjectives: [{id: o, statement: S, kpi: b}]\n"

    assert [("language", "invalid-value"), ("objectives[0].kpi", "unknown-kpi")] == [
        (p.address.path, p.code) for p in faults(text)
    ]


@pytest.mark.parametrize(
    "stages",
    [
        "stages: [{id: s, title: S, touchpoint: [{id: t, title: T}]}]",
        "stages: [{id: s, title: S, touchpoints: t}]",
        "stages: nothing",
        "stage: [{id: s, title: S, touchpoints: [{id: t, title: T}]}]",
        "stages: [{id: s, title: S, touchpoints: [{title: T}]}]",
    ],
)
def test_what_cannot_be_read_makes_no_echo(stages: str, faults: Callable[..., list[Problem]]) -> None:
    """Where the touchpoints themselves are unreadable, references to them are not called wrong as well."""
    problems = faults(f"{HEAD}{stages}\nplanned: [{{source: t, target: t}}]\n")

    assert 1 == len(problems)


def test_a_faulty_part_still_counts_for_references(faults: Callable[..., list[Problem]]) -> None:
    """A touchpoint with a fault inside is still there for those who refer to it."""
    stages = "stages: [{id: s, title: S, touchpoints: [{id: t, title: '', emotions: [{valence: 9, persona: p}]}]}]\n"
    problems = faults(f"{HEAD}{stages}planned: [{{source: t, target: t}}]\n")

    expected = [("empty-text", "''"), ("out-of-range", "9"), ("unknown-persona", "p}")]

    assert [(code, stages.index(value) + 1) for code, value in expected] == [
        (p.code, p.address.column) for p in problems
    ]


def test_errors_survive_hostile_keys(faults: Callable[..., list[Problem]]) -> None:
    """A key that no terminal can show is escaped in the address, and the sentence can be encoded."""
    problems = faults('{"journeykit": 1, "id": "j", "title": "J", "\\ud800\\u001b[2J": 1}', "json")
    told = "\n".join(map(str, problems))

    assert told.encode("utf-8")
    assert "\x1b" not in told


@pytest.mark.parametrize("format", ["yaml", "json"])
def test_the_place_of_any_part_is_known(format: str, golden: Path) -> None:
    """A path gives the line and column of its value; what is left out gives the part around it."""
    text = (golden / f"full.journey.{format}").read_text(encoding="utf-8")
    found = positions(
        text, ["title", "stages[0].touchpoints[1].id", "stages[0].touchpoints[1].match", "nothing[3]"], format=format
    )
    lines = text.split("\n")

    def at(path: str) -> str:
        line, column = found[path]
        return lines[line - 1][column - 1 :].strip(' ,"')

    assert "First order in the web shop" == at("title")
    assert "pay" == at("stages[0].touchpoints[1].id")
    assert found["stages[0].touchpoints[1].match"][0] == found["stages[0].touchpoints[1].id"][0] - (format == "json")
    assert (1, 1) == found["nothing[3]"]


def test_a_text_without_places_is_refused() -> None:
    """Where nothing can be read, nothing stands anywhere."""
    with pytest.raises(JourneyError, match="the file is empty"):
        positions("", ["title"])
