"""Files made to hurt, or merely unlucky, get a sentence and never more than that."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeykit.codec import load, loads
from journeykit.errors import JourneyError
from journeykit.problems import Problem

HEAD = "journeykit: 1\nid: j\ntitle: J\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{this}: &{this} [{', '.join([f'*{last}'] * 9)}]\n" for last, this in zip("abcdefgh", "bcdefghi", strict=True)
)


def code_of(text: str | bytes) -> str:
    with pytest.raises(JourneyError) as caught:
        load(text) if isinstance(text, bytes) else loads(text)
    return caught.value.problems[0].code


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "syntax", (1, 1)),
        ("# only a comment\n", "syntax", (1, 1)),
        ("- a\n- b\n", "wrong-type", (1, 1)),
        ("just text\n", "wrong-type", (1, 1)),
        ("---\n", "wrong-type", None),
        (HEAD + "---\nid: k\n", "syntax", (4, 1)),
        (HEAD + "owner: !!python/object/apply:os.system [rm]\n", "tag", (4, 8)),
        (HEAD + "owner: !!str x\n", "tag", (4, 8)),
        (HEAD + "owner: !local x\n", "tag", (4, 8)),
        (HEAD + "owner: &a x\n", "anchor", (4, 8)),
        (HEAD + "owner: *a\n", "alias", (4, 8)),
        (HEAD + "<<: {owner: x}\n", "unknown-key", (4, 1)),
        (HEAD + "? [a, b]\n: c\n", "invalid-key", (4, 3)),
        (HEAD + "? {a: b}\n: {c: d}\n", "invalid-key", (4, 3)),
        (HEAD + "owner: x\nowner: y\n", "duplicate-key", (5, 1)),
        (HEAD + "owner: x\n'owner': y\n", "duplicate-key", (5, 1)),
        (HEAD + "\towner: x\n", "syntax", None),
        (HEAD + "owner: 'x\n", "syntax", None),
        (HEAD + "owner: [a\n", "syntax", None),
        (HEAD + "owner: a: b\n", "syntax", (4, 9)),
        (HEAD + "owner: @x\n", "syntax", (4, 8)),
        (HEAD + "owner: a\x07b\n", "syntax", (4, 9)),
        (HEAD + "owner: a\x00b\n", "syntax", (4, 9)),
        (HEAD + "owner: a\ud800b\n", "syntax", (4, 9)),
        (HEAD + 'owner: "a\\u0007b"\n', "forbidden-character", (4, 8)),
        (HEAD + "review_every: 99999999999999999999d\n", "wrong-type", (4, 15)),
        (HEAD + "review_every: 999999999w\n", "wrong-type", (4, 15)),
        (HEAD + "x: " + "[" * 100 + "]" * 100, "syntax", (4, 67)),
        (HEAD + "x: " + "{a: " * 100 + "}" * 100, "syntax", None),
        (HEAD + "x:" + "".join(f"\n{' ' * i}- a:" for i in range(100)), "syntax", None),
    ],
)
def test_a_hostile_text_gets_one_first_sentence(
    text: str, code: str, place: tuple[int, int] | None, faults: Callable[..., list[Problem]]
) -> None:
    """Each is refused with a code and the place where it begins."""
    problem = faults(text)[0]

    assert code == problem.code
    assert place in (None, (problem.address.line, problem.address.column))


def test_a_billion_laughs_are_not_laughed(faults: Callable[..., list[Problem]]) -> None:
    """Aliases are faults and are never expanded."""
    started = time.perf_counter()
    problems = faults(HEAD + BOMB)

    assert {"alias", "anchor", "unknown-key"} == {problem.code for problem in problems}
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("format", ["yaml", "json"])
@pytest.mark.parametrize("sign", ["[", '{"a":'])
def test_depth_bombs_stop_early(format: str, sign: str, faults: Callable[..., list[Problem]]) -> None:
    """A million levels are refused at the 65th, with its place, in both formats."""
    problems = faults(sign * 1_000_000, format)

    assert ["nested deeper than 64 levels"] == [problem.message for problem in problems]
    assert 64 * len(sign) + 1 == problems[0].address.column


def test_rules_nest_at_most_eight_deep(faults: Callable[..., list[Problem]]) -> None:
    """A rule that the engines would have to recurse over is refused where it goes too deep."""
    text = HEAD + "outcome: {success: {event: " + "{not: " * 9 + "x" + "}" * 11 + "\n"

    assert ["too-deep"] == [problem.code for problem in faults(text)]


@pytest.mark.parametrize(
    "number",
    ["9" * 5000, "-" + "9" * 5000, "9" * 400, "1e999", "0x" + "f" * 5000, ".nan", "-.inf", "9223372036854775808"],
)
def test_huge_numbers_are_refused(number: str, faults: Callable[..., list[Problem]]) -> None:
    """No number is too long to be told that it is; rules hold what 64 bits hold."""
    rule = f"{HEAD}outcome: {{success: {{event: {number}}}}}\n"
    target = f"{HEAD}objectives: [{{id: o, statement: S, target: {number}}}]\n"

    assert ["wrong-type"] == [problem.code for problem in faults(rule)]
    assert number == "9223372036854775808" or ["objectives[0].target"] == [p.address.path for p in faults(target)]


def test_a_million_faults_are_cut_off(faults: Callable[..., list[Problem]]) -> None:
    """After a thousand faults reading stops, and says so."""
    started = time.perf_counter()
    problems = faults(HEAD + "".join(f"key{i}: x\n" for i in range(100_000)))

    assert 1_001 == len(problems)
    assert "too-many-faults" == problems[-1].code
    assert time.perf_counter() - started < 20


def test_faults_while_parsing_are_cut_off_too(faults: Callable[..., list[Problem]]) -> None:
    """Also where the text itself holds them: a thousand aliases and no more."""
    problems = faults(HEAD + "x: [" + "*a, " * 5_000 + "]\n")

    assert 1_001 == len(problems)


def test_an_oversize_text_is_refused_unread(faults: Callable[..., list[Problem]]) -> None:
    """Beyond 16 MB nothing is parsed."""
    text = "x" * (16 * 1024 * 1024 + 1)

    assert ["too-large"] == [problem.code for problem in faults(text)]
    assert "too-large" == code_of(text.encode())


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        (b"journeykit: 1\nid: \xff\n", "the byte 0xFF is not UTF-8 text", (2, 5)),
        (
            "journeykit: 1\ntitle: Größe \udcff".encode("utf-8", "surrogateescape"),
            "the byte 0xFF is not UTF-8 text",
            (2, 14),
        ),
        ("journeykit: 1\n".encode("utf-16"), "the byte 0xFF is not UTF-8 text", (1, 1)),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "the byte 0x89 is not UTF-8 text", (1, 1)),
        (b"\x1f\x8b\x08\x00", "the byte 0x8B is not UTF-8 text", (1, 2)),
        (b"PK\x03\x04", "the character U+0003 cannot stand in a YAML file", (1, 3)),
    ],
)
def test_binary_files_are_told_apart(content: bytes, message: str, place: tuple[int, int]) -> None:
    """What is no UTF-8 text is refused at the byte where that shows."""
    with pytest.raises(JourneyError) as caught:
        load(content)
    (problem,) = caught.value.problems

    assert (message, place) == (problem.message, (problem.address.line, problem.address.column))


@pytest.mark.parametrize(
    "text",
    [HEAD, "\ufeff" + HEAD, HEAD.replace("\n", "\r\n"), "%YAML 1.2\n---\n" + HEAD, HEAD + "...\n", "# hello\n" + HEAD],
)
def test_harmless_oddities_are_read(text: str) -> None:
    """A byte order mark, Windows line ends, a YAML directive and comments change nothing."""
    assert loads(HEAD) == loads(text) == load(text.encode("utf-8"))


def test_a_byte_order_mark_does_not_move_the_columns(faults: Callable[..., list[Problem]]) -> None:
    """Positions are those an editor shows."""
    problems = faults("\ufeffid: 'A b'\njourneykit: 1\ntitle: J\n")

    assert (1, 5) == (problems[0].address.line, problems[0].address.column)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("j: : null", (1, 4)),
        (HEAD + "owner: [a", (4, 10)),
        (HEAD + "owner", (4, 6)),
        (HEAD + "owner\n", (5, 1)),
        (HEAD + "x: {a: b, null", (4, 15)),
        (HEAD + 'owner: "a', (4, 10)),
    ],
)
def test_the_end_of_a_cut_text_is_in_the_text(
    text: str, place: tuple[int, int], faults: Callable[..., list[Problem]]
) -> None:
    """What is missing at the end is missing behind the last character, not on a line that no editor shows."""
    problem = faults(text)[0]

    assert place == (problem.address.line, problem.address.column)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("format", ["yaml", "json"])
def test_lines_end_as_in_an_editor(end: str, format: str, faults: Callable[..., list[Problem]]) -> None:
    """LF, CRLF and CR end a line in both formats, for faults of values, of syntax and of bytes."""
    sound = '{\n"journeykit": 1,\n"id": "j", "title": "J",\n"owner": '.replace("\n", end)
    rests = {'""}': 10, "]}": 10, '"\x07"}': 11}
    found = [faults(sound + rest, format)[0].address for rest in rests]
    with pytest.raises(JourneyError) as caught:
        load(sound.encode() + b'"\xff"}')
    found.append(caught.value.problems[0].address)

    assert [(4, column) for column in (*rests.values(), 11)] == [(place.line, place.column) for place in found]


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_separators_that_only_yaml_counts_are_no_lines(sign: str, faults: Callable[..., list[Problem]]) -> None:
    """NEL and the Unicode separators end a line for the parser and for no editor; addresses are the editor's."""
    text = f'{HEAD}# a{sign}owner: "x{sign}y"{sign}language: ""\nversion: [\n'
    value = faults(text.replace("[", "{}"))
    syntax = faults(text)

    assert [(4, 28), (5, 10)] == [(problem.address.line, problem.address.column) for problem in value]
    assert [(6, 1)] == [(problem.address.line, problem.address.column) for problem in syntax]


@settings(max_examples=300)
@given(
    text=st.text(st.sampled_from("journeykit: 1\n-[]{}&*!|>'\"%@`#,?\t \\é😀~x"), max_size=40),
    format=st.sampled_from(["yaml", "json"]),
)
def test_no_text_breaks_the_reader(text: str, format: str) -> None:
    """Whatever the text is, it is a journey or a JourneyError."""
    problems = "none"
    try:
        loads(text, format=format)
    except JourneyError as err:
        problems = str(err)

    assert problems


@settings(max_examples=200)
@given(content=st.binary(max_size=60))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    """Whatever the bytes are, they are a journey or a JourneyError."""
    problems = "none"
    try:
        load(content)
    except JourneyError as err:
        problems = str(err)

    assert problems


@pytest.mark.parametrize("format", ["yaml", "json"])
@settings(max_examples=150)
@given(data=st.data())
def test_no_damage_breaks_the_reader(format: str, data: st.DataObject, golden: Path) -> None:
    """A sound file with pieces cut out, doubled or overwritten is a journey or a JourneyError whose places exist."""
    text = (golden / f"full.journey.{format}").read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        middle = data.draw(
            st.sampled_from(["", text[start:end] * 2, *"\n\r\x85\u2028", ": ", "- ", "[", "}", '"', "null", "😀", "\t"])
        )
        text = text[:start] + middle + text[end:]
    lines = re.split("\r\n|\r|\n", text)
    places: list[tuple[int, int]] = []
    try:
        loads(text, format=format)
    except JourneyError as err:
        places = [(problem.address.line or 0, problem.address.column or 0) for problem in err.problems]

    assert all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in places)
    assert places == sorted(places)
