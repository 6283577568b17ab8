"""The verbs: which importer reads, what a scorecard needs, and what the root promises."""

from __future__ import annotations

import importlib
import io
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import frozen

import journeykit as jk
from journeykit.errors import ArgumentError, EvidenceError, PluginBrokenError, PluginMissingError
from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Finding, Rendering, Score, Scorecard, Subject

CSV = "customer,time,event\n" + "".join(
    f"u{i},2026-01-01T10:00:0{i}Z,{e}\n" for i in range(3) for e in ("home", "order")
)


@pytest.fixture
def journey() -> Journey:
    home = Touchpoint(id="home", title="Home", match=Match(event="home"))
    return Journey(
        id="shop",
        title="Shop",
        outcome=Outcome(success=Match(event="order")),
        stages=[Stage(id="s", title="S", touchpoints=[home])],
    )


@pytest.fixture
def events(tmp_path: Path) -> jk.Evidence:
    (tmp_path / "events.csv").write_text(CSV, "utf-8")
    return jk.Evidence(events=jk.read_events(tmp_path / "events.csv"))


@frozen(kw_only=True)
class Counter:
    """A scorer of a stranger: one score, the seed it was given."""

    name: str = "counter"
    returns: str = "counter"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        yield Score(
            subject=Subject(kind="journey", id=scoring.journey.id), scorer=self.returns, value=float(scoring.seed), unit="count",
            n=len(scoring.paths), status="ok", method="counter@1", explanation="The seed.",
        )  # fmt: skip


@frozen(kw_only=True)
class Upper:
    """An importer of a stranger, passed as an object."""

    name: str = "upper"
    yields: tuple[Kind, ...] = ("events",)

    def recognizes(self, sample: Sample) -> bool:
        return False

    def read(self, source: Source, kind: Kind) -> RawTable:
        from journeykit.importers.csv import CsvImporter

        return CsvImporter().read(source, kind)


def test_root_surface_is_sorted_small_and_importable() -> None:
    """The root offers at most 25 names, sorted, each of which can be imported."""

    assert sorted(jk.__all__) == jk.__all__
    assert len(jk.__all__) <= 25
    assert [name for name in jk.__all__ if not hasattr(importlib.import_module("journeykit"), name)] == []
    assert dir(jk) == jk.__all__


def test_root_knows_no_other_name() -> None:
    """A misspelt verb is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        jk.lode  # type: ignore[attr-defined]  # noqa: B018


def test_importing_the_root_loads_nothing_else() -> None:
    """``import journeykit`` loads no third-party module, and none of its own rooms."""
    code = "import sys; before = set(sys.modules); import journeykit; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "['journeykit']\n"


def test_every_verb_returns_its_noun(journey: Journey, events: jk.Evidence, tmp_path: Path) -> None:
    """Load, save, score, render and check compose."""
    saved = jk.save(journey, tmp_path / "map.yaml")
    cards = jk.score(jk.load(saved), events)

    assert jk.load(io.StringIO(saved.read_text("utf-8"))) == journey
    assert isinstance(cards, Scorecard)
    assert isinstance(jk.render(journey, scores=cards), Rendering)
    assert jk.render(journey).renderer == "swimlane"
    assert jk.check(journey).kind is Finding


def test_generic_importer_is_taken_by_what_the_source_is(tmp_path: Path, events: jk.Evidence) -> None:
    """A suffix, or being a table in memory, picks the generic importer; the report names it and the source."""
    import polars as pl

    assert events.events is not None
    frame = pl.read_csv(io.StringIO(CSV))
    in_memory = jk.read_events(frame).report

    assert (events.events.report.format, events.events.report.source) == ("csv", str(tmp_path / "events.csv"))
    assert (in_memory.format, in_memory.rows_kept) == ("frame", 6)


def test_importer_by_name_object_and_recognition(tmp_path: Path) -> None:
    """A name or an object decides; else the one dedicated importer that knows the format; a wrong name says what there is."""
    path = tmp_path / "events.dat"
    path.write_text(CSV, "utf-8")
    head = "StartDate,EndDate,ResponseId,Q1\nStart Date,End Date,Response ID,How easy?\n"
    ids = '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\n'
    (tmp_path / "survey.csv").write_text(head + ids + "2026-01-01 10:00:00,2026-01-01 10:01:00,R_1,5\n", "utf-8")

    assert jk.read_events(path, "csv").report.rows_kept == 6
    assert jk.read_events(path, Upper()).report.format == "upper"
    assert (
        jk.read_feedback(tmp_path / "survey.csv", columns={"score": "Q1"}, scale=(1, 7), tz="UTC").report.format
        == "qualtrics"
    )
    with pytest.raises(PluginMissingError, match=r"no importer is called 'cvs' \(did you mean 'csv'\?\); there is csv"):
        jk.read_events(path, "cvs")
    with pytest.raises(EvidenceError):
        jk.read_events(path)


def test_an_importer_reads_only_what_it_yields(tmp_path: Path) -> None:
    """Asking an importer for a kind that it does not read is an error that says what it reads."""
    (tmp_path / "x.csv").write_text(CSV, "utf-8")

    with pytest.raises(ArgumentError, match="'upper' reads events, not feedback"):
        jk.read_feedback(tmp_path / "x.csv", Upper())


def test_the_other_tables_are_read(tmp_path: Path) -> None:
    """Metrics, customers and feedback come back with their reports."""
    (tmp_path / "m.csv").write_text("kpi,time,value\ncsat,2026-01-01T00:00:00Z,3.9\n", "utf-8")
    (tmp_path / "c.csv").write_text("customer,segment\nu1,new\n", "utf-8")
    (tmp_path / "f.csv").write_text("customer,time,score\nu1,2026-01-01T00:00:00Z,4\n", "utf-8")
    read = [
        jk.read_metrics(tmp_path / "m.csv"),
        jk.read_customers(tmp_path / "c.csv"),
        jk.read_feedback(tmp_path / "f.csv", kind="csat", scale=(1, 5), about="home"),
    ]

    assert [("metrics", 1), ("customers", 1), ("feedback", 1)] == [(t.report.kind, t.report.rows_kept) for t in read]


def test_a_scorer_may_be_a_name_or_an_object_and_gets_the_seed(journey: Journey, events: jk.Evidence) -> None:
    """Scores come in the order of the scorers; the seed reaches them and stays on the card."""
    cards = jk.score(journey, events, ["friction", Counter()], seed=5, floor=1)

    assert ["friction", "counter"] == [score.scorer for score in cards]
    assert (5.0, 5) == (cards["shop", "counter"].value, cards.seed)


def test_scores_of_another_map_are_refused(journey: Journey, events: jk.Evidence) -> None:
    """Scores of another journey, or of a version with other touchpoints, are not drawn, and every touchpoint is named."""
    cards = jk.score(journey, events, ["friction"])
    touchpoint = journey.touchpoints()[0]
    older = journey.without("home").with_touchpoint(attrs.evolve(touchpoint, id="renamed"), stage="s")
    added = journey.with_touchpoint(attrs.evolve(touchpoint, id="new", match=None), stage="s")
    retitled = journey.replace("home", title="Another title")

    assert jk.render(retitled, "json", scores=cards).media_type == "application/json"
    with pytest.raises(ArgumentError, match="it scores home, not on the map; the map has renamed, not scored"):
        jk.render(older, "json", scores=cards)
    with pytest.raises(ArgumentError, match="of the map 'shop': the map has new, not scored"):
        jk.render(added, scores=cards)
    with pytest.raises(ArgumentError, match="holds the scores of 'shop', not of 'other'"):
        jk.render(attrs.evolve(journey, id="other"), scores=cards)


def test_progress_is_called(journey: Journey, events: jk.Evidence) -> None:
    """A callback hears how far the counting is, up to its end."""
    heard: list[tuple[int, int]] = []
    jk.score(journey, events, [], progress=lambda done, total: heard.append((done, total)))

    assert heard
    assert heard[-1][0] == heard[-1][1]


def test_progress_goes_on_while_scorers_work(journey: Journey, events: jk.Evidence) -> None:
    """Counting and every scorer are equal parts of one total; the figure never falls and reaches the end of each."""
    heard: list[tuple[int, int]] = []
    names = ["impact", "friction", "priority", "moments", "emotion", "kpi", Counter()]
    jk.score(journey, events, names, progress=lambda done, total: heard.append((done, total)))
    done = [at for at, _ in heard]

    assert {8000} == {total for _, total in heard}
    assert sorted(done) == done
    assert {1000 * i for i in range(1, 9)} <= set(done)


def test_an_exception_in_progress_stops_a_scorer(journey: Journey, events: jk.Evidence) -> None:
    """A service can end a scoring that has become pointless, also while scorers work."""

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        jk.score(journey, events, ["friction"], progress=stop)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"scorers": "friction"}, r"give a list, such as scorers=\['friction'\]"),
        ({"scorers": ["friction", Counter(name="friction")]}, "several scorers are called friction"),
        ({"evidence": jk.Evidence()}, "holds no events"),
        ({"evidence": "events.csv"}, r"put what was read into one Evidence, such as Evidence\(events=events\)"),
        ({"seed": -1}, "seed=-1: give a whole number from 0 on"),
        ({"seed": "7"}, "seed='7': give a whole number"),
    ],
)
def test_scoring_arguments_are_checked(
    journey: Journey, events: jk.Evidence, arguments: dict[str, Any], words: str
) -> None:
    """What cannot be scored is an error that says why."""
    with pytest.raises(ArgumentError, match=words):
        jk.score(journey, **({"evidence": events} | arguments))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda journey, events: jk.render("map.yaml"), r"journey='map.yaml': load the map with load\(...\) first"),
        (lambda journey, events: jk.check("map.yaml"), "journey='map.yaml'"),
        (lambda journey, events: jk.score("map.yaml", events), "journey='map.yaml'"),
        (
            lambda journey, events: jk.render(journey, scores="scorecard.json"),
            "scores='scorecard.json': give the scorecard",
        ),
        (lambda journey, events: jk.render(journey, scores=[]), r"scores=list\(...\): give the scorecard"),
        (
            lambda journey, events: jk.discover("events.csv", title="T"),
            r"read the events with read_events\(...\) first",
        ),
        (lambda journey, events: jk.load(journey), "not from a value of Journey"),
        (lambda journey, events: jk.Evidence(feedback=events.events), r"read it with read_feedback\(...\) first"),
    ],
)
def test_what_is_of_another_kind_is_refused_in_words(
    journey: Journey, events: jk.Evidence, call: Callable[[Any, Any], object], words: str
) -> None:
    """A path in place of what was read from it is the caller's mistake, and the error says what to call first."""
    with pytest.raises(ArgumentError, match=words):
        call(journey, events)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"columns": "customer"}, "columns='customer': say which column is which"),
        ({"observed_until": "2026-04-01"}, "observed_until='2026-04-01': give a datetime with a zone"),
    ],
)
def test_reading_arguments_of_another_type_are_refused(tmp_path: Path, arguments: dict[str, Any], words: str) -> None:
    """What an argument cannot be is said by its name, not by an attribute that is missing."""
    path = tmp_path / "events.csv"
    path.write_text("customer,time,event\na,2026-01-01T00:00:00Z,view\n")

    with pytest.raises(ArgumentError, match=words):
        jk.read_events(path, **arguments)


@pytest.mark.parametrize("scale", [5, (1,), ("1", "5")])
def test_a_scale_that_is_no_pair_is_refused(tmp_path: Path, scale: Any) -> None:
    """A scale has a lowest and a highest score."""
    path = tmp_path / "feedback.csv"
    path.write_text("score\n4\n")

    with pytest.raises(ArgumentError, match="two finite numbers with low < high"):
        jk.read_feedback(path, kind="csat", scale=scale)


def test_a_scorer_that_speaks_for_another_is_broken(journey: Journey, events: jk.Evidence) -> None:
    """Every score must carry the name of its scorer, because that name is how it is found."""
    with pytest.raises(
        PluginBrokenError, match=f"'counter' of {__name__} returned a score of 'other', which is not its own"
    ):
        jk.score(journey, events, [Counter(returns="other")])


@frozen(kw_only=True)
class Anything:
    """A plugin of a stranger that keeps the names of its protocol and breaks its types."""

    gives: Any
    name: str = "anything"
    media_type: str = "text/plain"
    yields: tuple[Kind, ...] = ("events",)

    def recognizes(self, sample: Sample) -> bool:
        return False

    def read(self, source: Source, kind: Kind) -> Any:
        return self.gives

    def render(self, journey: Journey, scores: Any = None) -> Any:
        return self.gives

    def score(self, scoring: Scoring) -> Any:
        return self.gives


@pytest.mark.parametrize(
    ("gives", "call", "fault"),
    [
        ("<svg/>", "render", "renderer 'anything' of {} returned a str, not a Rendering"),
        (None, "render", "renderer 'anything' of {} returned a NoneType, not a Rendering"),
        ([], "read", "importer 'anything' of {} returned a list, not a RawTable"),
        (None, "score", "scorer 'anything' of {} returned a NoneType, not Scores one after another"),
        ("none", "score", "scorer 'anything' of {} returned a str, not Scores one after another"),
        ([0.5], "score", "scorer 'anything' of {} returned a float among its scores, not a Score"),
    ],
)
def test_a_plugin_that_returns_something_else_is_broken(
    journey: Journey, events: jk.Evidence, tmp_path: Path, gives: Any, call: str, fault: str
) -> None:
    """What a plugin returns is checked where it comes in, and laid to whose it is."""
    plugin = Anything(gives=gives)
    calls = {
        "render": lambda: jk.render(journey, plugin),
        "read": lambda: jk.read_events(tmp_path / "events.csv", plugin),
        "score": lambda: jk.score(journey, events, [plugin]),
    }
    with pytest.raises(PluginBrokenError, match=f"^the {fault.format(__name__)}$"):
        calls[call]()
