"""Mermaid user journeys: our own come back whole, anybody's as far as they go, and Mermaid's grammar is kept."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.codec import dumps, dumps_mermaid, load, loads, positions, save
from journeykit.errors import ArgumentError, JourneyError
from journeykit.model import Emotion, Journey, Persona, Stage, Touchpoint
from journeykit.testing import strategies

REAL = Path(__file__).parents[2] / "../shared/data/mermaid"
# The rules of Mermaid 11's lexer for user journeys (journey.jison), in their order.
RULES = [
    (None, r"%%(?!\{)[^\n]*"),
    (None, r"[^}]%%[^\n]*"),
    ("NEWLINE", r"[\n]+"),
    (None, r"\s+"),
    (None, r"#[^\n]*"),
    ("journey", r"journey"),
    ("title", r"title\s[^#\n;]+"),
    ("acc", r"acctitle\s*:\s*|accdescr\s*:\s*|accdescr\s*\{\s*"),
    ("section", r"section\s[^#:\n;]+"),
    ("taskName", r"[^#:\n;]+"),
    ("taskData", r":[^#\n;]+"),
    (":", r":"),
    ("INVALID", r"."),
]
HOSTILE = [
    "title of a book", "section 9", "journeys end", "Journey", "acctitle: x", "accDescr {x}", "a: b; c # d, e", "50%% off",
    "%%{init: {}}%%", "---", "<script>alert(1)</script>", "&lt; &#60; #60; #quot;", 'say "hi" `now` \\ {x}', "style a:#b;c",
    "classDef a:#b;c", "two\nlines", "ﬂ°°60¶ß", "؀ مرحبا \u2067x\u2069", "🎉👨‍👩‍👧‍👦", "#", ";", ":", "%", ",",
]  # fmt: skip


def mapped(text: str) -> Journey:
    """A journey with this text wherever the diagram shows one."""
    touchpoint = Touchpoint(id="t", title=text, emotions=[Emotion(valence=-0.5, persona="p")])
    stage = Stage(id="s", title=text, goal=text, touchpoints=[touchpoint, Touchpoint(id="u", title=text, actor=text)])
    return Journey(id="j", title=text, scenario=text, personas=[Persona(id="p", name=text, quote=text)], stages=[stage])


def encoded(text: str) -> str:
    """What Mermaid does before its parser reads: comments out, entities hidden."""
    text = re.sub(r"^\s*%%(?!\{)[^\n]+\n?", "", text, flags=re.MULTILINE)
    return re.sub(r"#(\w+);", lambda m: ("ﬂ°°" if m[1].isdigit() else "ﬂ°") + m[1] + "¶ß", text)


def tokens(text: str) -> list[tuple[str, str]]:
    """The text in Mermaid's tokens: the first rule that matches wins."""
    found, at, text = [], 0, encoded(text)
    while at < len(text):
        name, match = next(
            (name, m) for name, rule in RULES if (m := re.compile(rule, re.IGNORECASE).match(text, at)) and m[0]
        )
        at = match.end()
        if name not in (None, "NEWLINE"):
            found.append((name, match[0]))
    return found


def drawn(text: str) -> str:
    """The text as a reader of the diagram sees it."""
    return html.unescape(text.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";"))


def plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_names(text: str) -> None:
    """Whatever a name holds, Mermaid reads one title, one section and its tasks, and shows the name as it was."""
    journey = mapped(text)
    found = tokens(dumps(journey, "mermaid"))

    assert ["journey", "title", "section", "taskName", "taskData", "taskName", "taskData"] == [
        name for name, _ in found
    ]
    shown = [plain(drawn(words)) for name, words in found if name in ("title", "section", "taskName")]
    assert [f"title {plain(text)}", f"section {plain(text)}", plain(text), plain(text)] == shown
    data = [words.split(":") for name, words in found if name == "taskData"]
    assert [["", " 2.5", 3], ["", " 3", 3]] == [[parts[0], parts[1], len(parts)] for parts in data]
    assert [plain(text)] * 2 == [plain(drawn(parts[2])) for parts in data]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_is_kept_can_leave_its_comment(text: str) -> None:
    """A line that keeps a piece is one line, opens no directive, and holds no markup."""
    lines = dumps(mapped(text), "mermaid").split("\n")
    kept = [line.strip() for line in lines if "journeykit:" in line]

    assert 4 == len(kept)
    assert all(line.startswith("%% journeykit: {") and line.count("%") == 2 for line in kept)
    assert not any(set(line) & set("<>&\u2028\u2029\u202e\x85") for line in kept)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_journeys_come_back(text: str) -> None:
    """Written and read, the journey is the same."""
    assert mapped(text) == loads(dumps(mapped(text), "mermaid"), format="mermaid")


@settings(max_examples=60, deadline=None)
@given(strategies.journeys())
def test_every_journey_comes_back(journey: Journey) -> None:
    """Nothing is lost between a journey and its Mermaid text, and writing again gives the same bytes."""
    text = dumps(journey, "mermaid")

    assert journey == loads(text, format="mermaid")
    assert text == dumps(loads(text, format="mermaid"), "mermaid")


def test_a_file_ending_in_mmd_is_mermaid(tmp_path: Path) -> None:
    """`load` and `save` go by the suffix."""
    path = save(mapped("x"), tmp_path / "map.mmd")

    assert mapped("x") == load(path) == jk.load(path)
    assert path.read_text("utf-8").startswith("journey\n  title x\n")


@pytest.mark.parametrize(
    ("added", "line"), [("%% mine", 3), ("a: 3 %% mine", 3), ("%%{init: {}}%%", 3), ("accTitle: x", 3), ("", None)]
)
def test_saving_over_a_diagram_loses_no_comment(added: str, line: int | None, tmp_path: Path) -> None:
    """What somebody wrote into the file by hand is not thrown away without being asked."""
    path = save(mapped("x"), tmp_path / "map.mmd")
    words = path.read_text("utf-8").split("\n")
    path.write_text("\n".join([*words[:2], *([added] if added else []), *words[2:]]), "utf-8")

    if line is None:
        assert path == save(mapped("x"), path)
    else:
        with pytest.raises(ArgumentError, match=f"the first in line {line}"):
            save(mapped("x"), path)
        assert mapped("x") == load(save(mapped("x"), path, drop_comments=True))


def test_what_is_lost_in_the_diagram_is_reported_at_its_head() -> None:
    """A reader of the text sees what the picture leaves out, and where no feeling was claimed."""
    text = dumps_mermaid(mapped("x"), notes=["More %% {here}"])

    assert "%% No feeling is claimed for u: drawn at 3." in text
    assert "%% The diagram does not show 1 personas, 1 goals of stages; the journeykit lines keep them." in text
    assert "%% More (here)" in text


FOREIGN = """\
---
config:
  theme: dark
---
%%{init: {"theme": "base",
  "x": 1}}%%
Journey
  accTitle: Something
  accDescr {
    more: words
  }
  title Lunch: a story
  Queue up: 2: Ann, Bob   %% a comment
  section Eat #59; drink # another
    Soup#44; hot: 4.5
    Queue up: 1: Ann,
"""


def test_a_foreign_diagram_gives_what_it_says() -> None:
    """Sections are stages, tasks touchpoints, actors personas; scores become feelings that are marked as assumed."""
    found = loads(FOREIGN, format="mermaid")

    assert ("lunch-a-story", "Lunch: a story") == (found.id, found.title)
    assert [("ann", "Ann"), ("bob", "Bob")] == [(p.id, p.name) for p in found.personas]
    assert [("Lunch: a story", ["queue-up"]), ("Eat ; drink", ["soup-hot", "queue-up-2"])] == [
        (stage.title, [t.id for t in stage.touchpoints]) for stage in found.stages
    ]
    assert [
        [("ann", -1, "assumed"), ("bob", -1, "assumed")],
        [(None, 1.5, "assumed")],
        [("ann", -2, "assumed")],
    ] == [[(e.persona, e.valence, e.basis) for e in t.emotions] for t in found.touchpoints()]
    assert "Soup, hot" == found["soup-hot"].title


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["1: no Mermaid user journey: its first line is 'journey'"]),
        ("graph TD", ["1: a Mermaid user journey begins with 'journey', not with 'graph TD'"]),
        (
            "journey\n  A: 7\n  B: x\n  C\n  D: 1: E: F\n",
            [
                "2: the score 7 is outside 1 to 5",
                "3: the score 'x' is not a number",
                "4: 'C' is no task",
                "5: 'D: 1: E: F' is no task",
            ],
        ),
        ("journey\n  title A; B\n", ["2: a semicolon ends a text in Mermaid (write #59; in its place)"]),
        ("journey\ntitle A\ntitle B\n", ["3: a second title; the first is in line 2"]),
        ("journey\n%% journeykit: {oops\n", ["2: the journeykit line is not JSON"]),
        (
            'journey\n%% journeykit: {"stage": {"id": "a", "id": "b"}}\n',
            ["2: the journeykit line is not JSON: a key stands"],
        ),
        ('journey\n%% journeykit: {"stage": {}}\n', ["2: this stage stands behind no section of its own"]),
        ('journey\n%% journeykit: {"planet": {}}\n', ["2: a journeykit line holds one of"]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: list[str]) -> None:
    """Every fault at once, each with file and line."""
    with pytest.raises(JourneyError) as caught:
        loads(text, name="x.mmd", format="mermaid")
    lines = str(caught.value).split("\n")

    assert len(told) == len(caught.value.problems)
    assert all(any(f"x.mmd:{sentence}" in line for line in lines) for sentence in told)


def test_an_edit_beside_its_kept_line_is_told() -> None:
    """Who changes the diagram or the line behind it, but not both, is told both, by line."""
    text = dumps(mapped("x"), "mermaid").replace("x: 2.5", "y: 4").replace("section x", "section z")
    with pytest.raises(JourneyError) as caught:
        loads(text, name="x.mmd", format="mermaid")
    numbers = {line.strip(): place for place, line in enumerate(text.split("\n"), 1)}

    assert [
        (numbers["section z"], "the diagram says 'z', its journeykit line 'x'"),
        (numbers["y: 4: x"], "the diagram says 'y', its journeykit line 'x'"),
        (numbers["y: 4: x"], "the diagram says score 4, its journeykit line a mean valence that gives 2.5"),
    ] == [(problem.address.line, problem.message) for problem in caught.value.problems]


def test_a_line_added_by_hand_becomes_a_touchpoint() -> None:
    """A diagram of ours may grow: what has no kept line is read as anybody's, with an id nobody has."""
    text = dumps(mapped("x"), "mermaid") + "    x: 5: x\n    New one: 1: Zoe\n"
    found = loads(text, format="mermaid")

    assert ["t", "u", "x", "new-one"] == [t.id for t in found.touchpoints()]
    assert [("p", 2.0), ("zoe", -2.0)] == [
        (t.emotions[0].persona, t.emotions[0].valence) for t in found.touchpoints()[2:]
    ]
    assert ["p", "zoe"] == [p.id for p in found.personas]


def test_a_fault_inside_a_kept_line_has_its_line() -> None:
    """What the model refuses is told at the line that holds it."""
    text = dumps(mapped("x"), "mermaid").replace('"valence": -0.5', '"valence": -0.5, "spread": 9')
    with pytest.raises(JourneyError) as caught:
        loads(text, name="x.mmd", format="mermaid")
    line = next(place for place, words in enumerate(text.split("\n"), 1) if '"spread"' in words)

    assert [f"x.mmd:{line} stages[0].touchpoints[0].emotions[0].spread"] == [
        str(problem.address) for problem in caught.value.problems
    ]


def test_findings_find_their_line() -> None:
    """`positions` gives the line of the task that a path lies in."""
    text = dumps(mapped("x"), "mermaid")
    found = positions(text, ["stages[0].touchpoints[1].title", "stages[0]", "title"], format="mermaid")
    lines = text.split("\n")

    assert ['{"touchpoint": {"id": "u"', '{"stage": {"id": "s"', '{"journey": {"journeykit": 1'] == [
        re.search(r'\{"[^,}]*', lines[line - 1])[0]
        for line, _ in found.values()  # type: ignore[index]
    ]


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder ../shared/data with real files is not there")
def test_real_diagrams_are_read_or_told() -> None:
    """Every diagram of the collection is read, but for the two whose scores are on another scale."""
    refused = {}
    for path in sorted(REAL.glob("*.mmd")):
        try:
            journey = jk.load(path)
        except JourneyError as err:
            refused[path.name] = {problem.code for problem in err.problems}
            continue
        assert journey.touchpoints()
        assert journey == loads(dumps(journey, "mermaid"), format="mermaid")

    assert {"20_seekr_scores100.mmd": {"score-outside"}, "31_mcp_pt_scale10.mmd": {"score-outside"}} == refused


@settings(max_examples=100)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands in the file, the answer is a journey or a JourneyError with lines."""
    found: Journey | JourneyError
    try:
        found = loads("journey\n" + text, format="mermaid")
    except JourneyError as err:
        found = err

    told = found.problems if isinstance(found, JourneyError) else ()
    assert all(problem.address.line for problem in told)
    assert isinstance(found, JourneyError) or json.dumps(found.title)
