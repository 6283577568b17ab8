"""A score cannot contradict itself, and a scorecard finds it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest

from journeykit.errors import ArgumentError, UnknownNameError
from journeykit.results import (
    Component,
    Coverage,
    EvidenceRef,
    Interval,
    Records,
    Score,
    Scorecard,
    Subject,
    TouchpointCount,
)


def score(id: str, value: float | None = 0.5, **changes: Any) -> Score:
    fields: dict[str, Any] = {
        "subject": Subject(kind="touchpoint", id=id),
        "scorer": "friction",
        "value": value,
        "unit": "0 to 1",
        "n": 100,
        "status": "ok",
        "method": "friction@1",
        "explanation": "x",
    }
    return Score(**{**fields, **changes})


COVERAGE = Coverage(
    **dict.fromkeys(("events", "claimed", "unclaimed", "cases", "journeys", "off_map"), 0),
    **dict.fromkeys(("closed", "open", "converted", "abandoned", "late", "ties"), 0),
    first=None,
    last=None,
    observed_until=None,
    tie_rule="none",
    touchpoints=(),
)
CARD = Scorecard(
    journey="j",
    coverage=COVERAGE,
    seed=0,
    scores=Records(
        [
            score("a", 0.2),
            score("b", 0.9),
            score("b", 0.95, segment="mobile"),
            score("c", 0.9),
            score("d", 0.99, status="low-n", reason="12 journeys"),
            score("e", None, status="not-estimable", reason="no-outcome"),
            score("b", 0.1, scorer="impact"),
        ],
        kind=Score,
    ),
)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": None},
        {"value": 0.0, "status": "suppressed", "reason": "n < 10"},
        {"value": 0.0, "status": "not-estimable", "reason": "no-outcome"},
        {"value": None, "status": "not-estimable"},
        {"value": None, "status": "suppressed", "reason": ""},
        {"value": 0.1, "status": "low-n"},
    ],
)
def test_a_score_that_contradicts_itself_is_refused(fields: dict[str, Any]) -> None:
    """A value is there exactly when it can be said, and what is not ok has a reason."""
    with pytest.raises(ArgumentError):
        score("a", **fields)


def test_scores_are_found_by_subject_and_scorer() -> None:
    """The subject gives all of its scores, subject and scorer the one of everybody."""
    assert [0.9, 0.95, 0.1] == [found.value for found in CARD["b"]]
    assert 0.9 == CARD["b", "friction"].value
    assert 0.1 == CARD["b", "impact"].value
    assert 7 == len(CARD) == len(list(CARD))
    for missing in ("z", ("b", "curve"), ("z", "friction")):
        with pytest.raises(KeyError):
            CARD[missing]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("z", "no score of 'z'; this scorecard has 'a', 'b', 'c'"),
        (("z", "friction"), "no score of 'z'; this scorecard has 'a', 'b', 'c'"),
        (("b", "curve"), "no score 'curve' of 'b'; there is 'friction' or 'impact'"),
        (("a", "b", "c"), "no score of ('a', 'b', 'c'); this scorecard has"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(key: Any, said: str) -> None:
    """The error is journeykit's, and its sentence names the subjects, or the scores that the subject has."""
    with pytest.raises(UnknownNameError) as caught:
        CARD[key]

    assert said in str(caught.value)


def test_the_ranking_leaves_out_what_is_uncertain() -> None:
    """Only scores that are ok and speak of everybody are ranked; ties keep the map's order."""
    assert ["b", "c", "a"] == [found.subject.id for found in CARD.top("friction")]
    assert ["b", "c"] == [found.subject.id for found in CARD.top("friction", 2)]


def test_an_unknown_scorer_is_named() -> None:
    """Asking for a ranking that was not computed says which ones were."""
    with pytest.raises(ArgumentError, match="no scorer 'curve' on this scorecard; it has friction, impact"):
        CARD.top("curve")
    with pytest.raises(ArgumentError, match="it has none"):
        attrs.evolve(CARD, scores=Records([], kind=Score)).top("friction")


def test_a_scorecard_becomes_frames_and_a_table() -> None:
    """One row a score in each library."""
    pytest.importorskip("pandas")

    assert 7 == CARD.to_arrow().num_rows == len(CARD.to_polars()) == len(CARD.to_pandas())


class Cells(HTMLParser):
    """The rows of every table under its caption, as a browser would read them, and every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._rows: list[list[str]] = []
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._text = ""
        if tag == "table":
            self._rows = []
        if tag == "tr":
            self._rows.append([])

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self.tables[self._text] = self._rows
        if tag in ("td", "th"):
            self._rows[-1].append(self._text)


def shown(card: Scorecard) -> Cells:
    return Cells(card._repr_mimebundle_()["text/html"])


def test_a_scorecard_shows_a_ranking_for_each_scorer() -> None:
    """Highest first with interval, n and status in words; what is not ranked follows in map order without a place."""
    sure = Interval(low=0.1, high=0.3, method="bootstrap")
    card = attrs.evolve(CARD, scores=Records([score("z", 0.25, interval=sure, n=1234), *CARD.scores], kind=Score))
    tables = shown(card).tables

    assert [
        "friction, friction@1, 0 to 1",
        "friction by segment, friction@1, 0 to 1",
        "impact, friction@1, 0 to 1",
    ] == list(tables)
    assert [
        ["place", "subject", "score", "95 % interval", "n", "status"],
        ["1", "b", "0.900", "none", "100", "ok"],
        ["2", "c", "0.900", "none", "100", "ok"],
        ["3", "z", "0.250", "0.100 to 0.300", "1,234", "ok"],
        ["4", "a", "0.200", "none", "100", "ok"],
        ["", "d", "0.990", "none", "100", "uncertain: 12 journeys"],
        ["", "e", "", "none", "100", "not estimable: no outcome"],
    ] == tables["friction, friction@1, 0 to 1"]
    assert ["b", "mobile"] == tables["friction by segment, friction@1, 0 to 1"][1][:2]


def test_scores_in_several_units_say_which() -> None:
    """Where a scorer has no one unit, each row has its own."""
    mixed = [score("a", 12.0, unit="%"), score("b", 34567.0, unit="EUR")]
    (rows,) = shown(attrs.evolve(CARD, scores=Records(mixed, kind=Score))).tables.values()

    assert [["subject", "score", "unit"], ["b", "34,567", "EUR"], ["a", "12.000", "%"]] == [row[1:4] for row in rows]


def test_the_display_of_a_scorecard_stays_in_its_cell() -> None:
    """Text of the map is escaped, and no id, class, style sheet or script reaches the page; figures stand on the right."""
    nasty = score("a", 0.5, status="low-n", reason="<script>alert(1)</script>", unit="<style>", scorer="<b id=x>")
    cells = shown(attrs.evolve(CARD, journey="<i>", scores=Records([nasty, score("b")], kind=Score)))
    sides = {attributes["style"] for tag, attributes in cells.tags if tag == "td"}

    assert {"p", "strong", "br", "table", "caption", "thead", "tbody", "tr", "th", "td"} == {
        tag for tag, _ in cells.tags
    }
    assert {"style"} == {name for _, attributes in cells.tags for name in attributes}
    assert {"text-align:left", "text-align:right"} == sides
    assert "uncertain: <script>alert(1)</script>" in str(cells.tables)


def test_a_scorecard_without_scores_still_shows_what_was_counted() -> None:
    """Nothing scored is said in a line, not an error."""
    bundle = attrs.evolve(CARD, scores=Records([], kind=Score))._repr_mimebundle_()

    assert "Scorecard of j: 0 scores (none) on 0 journeys" == bundle["text/plain"]
    assert "0 journeys on the map" in re.sub("<[^>]*>", "", bundle["text/html"])


def test_a_scorecard_says_what_it_was_counted_without() -> None:
    """Touchpoints of few are left out of every figure, which whoever reads the figures in a notebook is told."""
    few = [TouchpointCount(id=id, events=None, journeys=None, on_board=None) for id in "ab"]
    coverage = attrs.evolve(CARD.coverage, touchpoints=tuple(few), events=None, unclaimed=None)
    text = re.sub("<[^>]*>", "", attrs.evolve(CARD, coverage=coverage, floor=10)._repr_mimebundle_()["text/html"])

    assert "events claimed by a touchpoint; without 2 touchpoints that fewer than 10 came to" in text


def test_a_table_of_scores_shows_what_a_reader_looks_for_first() -> None:
    """Records of scores show subject, value and interval as words, not every field; what none has is left out."""
    page = Records([score("a", interval=Interval(low=0.1, high=0.3, method="x"))], kind=Score)._repr_html_()
    (rows,) = Cells(page).tables.values()

    assert ["friction", "touchpoint a", "0.5", "0 to 1", "0.1 to 0.3 (95 %)", "100", "ok"] == rows[1]


def test_a_score_shows_the_way_down_to_its_rows() -> None:
    """A score by itself shows its words, its components as they add up to the value, and the rows it rests on."""
    parts = [
        Component(name="drop-off", raw=0.25, scaled=0.5, weight=0.4, contribution=0.2, n=80),
        Component(name="delay", raw=1234.5, scaled=1, weight=0.1, contribution=0.1, n=60),
    ]
    rows = EvidenceRef(table="events", sources=("a.csv", "b.csv"), rule="event = <cart>", rows=1234)
    one = score(
        "cart", 0.4, components=tuple(parts), baseline=0.1, evidence=(rows,), explanation="<b>Words</b>", segment="ann"
    )
    cells = Cells(one._repr_html_())

    assert [
        ["component", "measured", "scaled", "weight", "adds", "n"],
        ["baseline", "", "", "", "0.100", ""],
        ["drop-off", "0.25", "0.500", "0.4", "0.200", "80"],
        ["delay", "1,234", "1.000", "0.1", "0.100", "60"],
        ["in all", "", "", "", "0.400", "100"],
    ] == cells.tables["friction of touchpoint cart, ann, friction@1, 0 to 1"]
    assert ["events", "a.csv, b.csv", "event = <cart>", "1,234"] in cells._rows
    assert {"p", "table", "caption", "thead", "tbody", "tr", "th", "td"} == {tag for tag, _ in cells.tags}
    assert {"style"} == {name for _, attributes in cells.tags for name in attributes}
    assert "<p>x</p>" == score("a", None, status="not-estimable", reason="no-outcome")._repr_html_()
