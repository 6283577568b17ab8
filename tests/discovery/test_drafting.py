"""A draft: every event on it once, in the order in which cases come to it, with the moves that most of them make."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.codec import dumps
from journeykit.errors import ArgumentError, JourneyError
from journeykit.evidence import EventLog
from journeykit.measures import trace
from journeykit.model import Condition, Journey, Match, Outcome

MakeLog = Callable[..., EventLog]
Log = dict[str, list[tuple[int, str]]]

# Logs of a few cases, whose drafts are to hold whatever is in them.
discover = partial(jk.discover, floor=1)

# Names as strangers give them: controls, a wildcard, a page of text, one that differs from another in a control only.
NAMES = ["a", "b", "A", "cart", "Cart", " cart", "a?", "*", "x\x01y", "x\x02y", "\x1b[31m", "ünï", "支付", "other", "stage-1",
         "l" * 1_200, "l" * 1_200 + "m", "k" * 2_000, "\t", "e\x00f"]  # fmt: skip


def logs(names: Sequence[str] = NAMES) -> st.SearchStrategy[Log]:
    """Cases of events at different minutes, so that no tie decides anything."""
    case = st.lists(st.sampled_from(names), min_size=1, max_size=8)
    return st.lists(case, min_size=1, max_size=6).map(
        lambda cases: {f"c{i}": [(10 * k + i, name) for k, name in enumerate(case)] for i, case in enumerate(cases)}
    )


def passes(test: Condition, name: str) -> bool:
    """The rules of a draft in plain Python."""
    match test.op:
        case "eq":
            return name == test.value
        case "in":
            return name in test.value
        case "glob":
            pattern = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in test.value)
            return re.fullmatch(pattern, name, re.DOTALL) is not None
        case "null":
            return bool(test.value) is False
        case "any":
            return any(passes(part, name) for part in test.value)
        case "not":
            return not passes(test.value, name)
    raise AssertionError(test)


def owners(draft: Journey, name: str) -> list[str]:
    return [t.id for t in draft.touchpoints() if t.match and t.match.event and passes(t.match.event, name)]


def steps(draft: Journey, log: Log) -> dict[str, list[int]]:
    """For every touchpoint the steps at which the cases that have it first come to it, counted by hand."""
    found: dict[str, list[int]] = {}
    for events in log.values():
        visited = list(dict.fromkeys(owners(draft, name)[0] for _, name in sorted(events)))
        for step, id in enumerate(visited, start=1):
            found.setdefault(id, []).append(step)
    return found


@settings(max_examples=25, deadline=None)
@given(log=logs(), most=st.integers(2, 8))
def test_every_event_is_claimed_by_exactly_one_touchpoint(make_log: MakeLog, log: Log, most: int) -> None:
    """Whatever the names, the rules claim each once, in Python and on the engine, on at most so many touchpoints."""
    events = make_log(log)
    draft = discover(events, title="t", max_touchpoints=most)
    names = {name for case in log.values() for _, name in case}
    coverage = trace(events, draft).coverage

    assert dict.fromkeys(names, 1) == {name: len(owners(draft, name)) for name in names}
    assert 0 == coverage.unclaimed
    assert {t.id: sum(owners(draft, n) == [t.id] for c in log.values() for _, n in c) for t in draft.touchpoints()} == {
        count.id: count.events for count in coverage.touchpoints
    }
    assert len(draft.touchpoints()) <= most


@settings(max_examples=25, deadline=None)
@given(log=logs(), most=st.integers(2, 8))
def test_touchpoints_stand_in_the_order_of_their_steps(make_log: MakeLog, log: Log, most: int) -> None:
    """Along the map the median step never falls, equal medians are ordered by mean, and no stage parts equal medians."""
    draft = discover(make_log(log), title="t", max_touchpoints=most)
    by_id = steps(draft, log)
    keys = [(statistics.median(by_id[t.id]), Fraction(sum(by_id[t.id]), len(by_id[t.id]))) for t in draft.touchpoints()]
    seams = [(a.touchpoints[-1].id, b.touchpoints[0].id) for a, b in pairwise(draft.stages)]

    assert sorted(keys) == keys
    assert [] == [pair for pair in seams if statistics.median(by_id[pair[0]]) == statistics.median(by_id[pair[1]])]


@settings(max_examples=25, deadline=None)
@given(log=logs(), most=st.integers(2, 8), seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(make_log: MakeLog, log: Log, most: int, seed: Any) -> None:
    """Where no times are tied, the same events in another order of rows and customers give the same draft."""
    cases = list(log.items())
    seed.shuffle(cases)
    other = {f"other {name}": seed.sample(events, len(events)) for name, events in cases}

    assert discover(make_log(log), title="t", max_touchpoints=most) == discover(
        make_log(other), title="t", max_touchpoints=most
    )


@settings(max_examples=12, deadline=None)
@given(log=logs())
def test_a_draft_survives_its_file(make_log: MakeLog, tmp_path_factory: pytest.TempPathFactory, log: Log) -> None:
    """Saved as YAML or JSON and loaded again, a draft is the same."""
    draft = discover(make_log(log), title="t", max_touchpoints=6)
    folder = tmp_path_factory.mktemp("maps")

    assert [draft, draft] == [jk.load(jk.save(draft, folder / name)) for name in ("map.yaml", "map.json")]


def test_what_most_cases_reach_is_on_the_map_and_the_rest_is_other(make_log: MakeLog) -> None:
    """The most reached names become touchpoints, ties by frequency, then by name; "Other" says how many it holds."""
    log = {
        "1": [(0, "home"), (1, "view"), (2, "rare"), (3, "rare"), (4, "zoo"), (5, "ant")],
        "2": [(0, "home"), (1, "view")],
        "3": [(0, "home")],
    }
    draft = discover(make_log(log), title="t", max_touchpoints=4)

    assert ["home", "view", "rare", "other"] == [t.id for t in draft.touchpoints()]
    assert ["Home", "View", "Rare", "Other (2 event names)"] == [t.title for t in draft.touchpoints()]
    assert Match(event=Condition("not", Condition("in", ("home", "view", "rare")))) == draft.touchpoints()[3].match


def test_the_outcome_is_always_on_the_map(make_log: MakeLog) -> None:
    """An event that the outcome names is a touchpoint however few cases reach it."""
    log = {str(i): [(0, "a"), (1, "b"), (2, "c"), (3, "d")] for i in range(5)} | {"x": [(0, "pay")]}
    plain = discover(make_log(log), title="t", max_touchpoints=3)
    aimed = discover(make_log(log), title="t", max_touchpoints=3, outcome="pay")

    assert "pay" not in plain
    assert Outcome(success=Match(event="pay")) == aimed.outcome
    assert {"a", "pay", "other"} == {t.id for t in aimed.touchpoints()}


def test_outcome_may_be_a_rule_or_an_outcome(make_log: MakeLog) -> None:
    """A rule is the success; an Outcome is taken with its window."""
    events = make_log({"1": [(0, "a"), (1, "b")]})
    rule = Match(event="b", where={"customer": "1"})
    aim = Outcome(success=rule, within=timedelta(days=7))

    assert Outcome(success=rule) == discover(events, title="t", outcome=rule).outcome
    assert aim == discover(events, title="t", outcome=aim).outcome


def test_given_stages_hold_exactly_the_named_events(make_log: MakeLog) -> None:
    """With stages the named events stand where they are put, in that order, and all others are "Other", last."""
    log = {"1": [(0, "view"), (1, "search"), (2, "cart"), (3, "pay"), (4, "return")]}
    stages = {"Consider": ["search", "view"], "Buy it": ["pay"], "支付": []}
    draft = discover(make_log(log), title="t", stages=stages, max_touchpoints=2)

    assert [("consider", "Consider"), ("buy-it", "Buy it"), ("stage-3", "支付"), ("rest", "In no stage")] == [
        (stage.id, stage.title) for stage in draft.stages
    ]
    assert [["search", "view"], ["pay"], [], ["other"]] == [[t.id for t in stage.touchpoints] for stage in draft.stages]


def test_stages_that_hold_every_event_leave_no_other(make_log: MakeLog) -> None:
    """Where the stages name every event there is no "Other" and no stage for it."""
    draft = discover(make_log({"1": [(0, "a"), (1, "b")]}), title="t", stages={"One": ["a"], "Two": ["b"]})

    assert ["one", "two"] == [stage.id for stage in draft.stages]


def test_ids_are_slugs_and_unique(make_log: MakeLog) -> None:
    """Ids are the ASCII of the names, numbered where there is none or it is taken, the journey's own included."""
    names = ["add_to_cart", "add to cart", "支付", "Ünï", "t", "chooseLoginType", "x" * 80, "X" * 80, "other", "z"]
    log = {str(i): [(k, name) for k, name in enumerate(names[: len(names) - i])] for i in range(len(names))}
    draft = discover(make_log(log), title="t", max_touchpoints=10)

    assert [
        "add-to-cart",
        "add-to-cart-2",
        "event-3",
        "n",
        "t-2",
        "choose-login-type",
        "x" * 60,
        "x" * 60 + "-2",
        "other",
        "z",
    ] == [t.id for t in draft.touchpoints()]


def test_titles_can_be_read(make_log: MakeLog) -> None:
    """Titles are one line of visible signs; names that would look the same keep their own."""
    names = [
        "add_to_cart",
        "  WHITE\tMUG ",
        "Cart",
        "cart",
        "\x1b]0;x\x07",
        "\u202eevil",
        "\t",
        "l" * 500,
        "/a_b",
        "iPhone",
    ]
    log = {"1": [(k, name) for k, name in enumerate(names)]}
    shown = [t.title for t in discover(make_log(log), title="t").touchpoints()]

    assert [
        "Add to cart", "White mug", "Cart", "cart", "\\x1b]0;x\\x07", "\\u202eevil", "(blank)", "L" + "l" * 78 + "…", "/a_b",
        "iPhone",
    ] == shown  # fmt: skip


def test_a_name_no_map_can_hold_is_claimed_by_a_glob_or_reported(make_log: MakeLog) -> None:
    """A control character becomes `?` where that fits one name only; else the name is in "Other" and the scenario says so."""
    draft = discover(make_log({"1": [(0, "x\x01y"), (1, "x\x02y"), (2, "p\x01q"), (3, "a")]}), title="t")
    rules = [t.match for t in draft.touchpoints()]

    assert Match(event=Condition("glob", "p?q")) in rules
    assert ["Other (2 event names)"] == [t.title for t in draft.touchpoints() if t.id == "other"]
    assert "2 frequent event names with characters that a map cannot hold are part of Other" in str(draft.scenario)


def test_channel_is_the_one_that_dominates() -> None:
    """A touchpoint has the channel of at least half its events, and none where no channel has that."""
    rows = [
        ("home", "web"),
        ("home", "web"),
        ("home", "app"),
        ("home", None),
        ("shop", "web"),
        ("shop", None),
        ("shop", None),
    ]
    rows += [("call\x01", "pho\x01ne"), ("both", "web"), ("both", "app")]
    frame = {"customer": ["1"] * len(rows), "time": [f"2024-01-01T00:00:0{i}Z" for i in range(len(rows))]}
    frame |= {"event": [event for event, _ in rows], "channel": [channel for _, channel in rows]}
    draft = discover(jk.read_events(pl.DataFrame(frame)), title="t")

    assert {"home": ("web",), "shop": (), "call": ("pho\\x01ne",), "both": ("app",)} == {
        t.id: t.channels for t in draft.touchpoints()
    }


def test_expected_is_the_median_gap_rounded_for_readers(make_log: MakeLog) -> None:
    """The usual time to the next event: minutes from an hour, hours from a day, none at an end or where there is no wait."""
    log = {
        str(i): [(0, "now"), (0, "soon"), (59, "later"), (59 + 61, "much later"), (59 + 61 + 1500, "end")]
        for i in range(3)
    }
    draft = discover(make_log(log), title="t")
    hours = timedelta(hours=1)

    assert {"now": None, "soon": 59 * hours / 60, "later": 61 * hours / 60, "much-later": 25 * hours, "end": None} == {
        t.id: t.expected for t in draft.touchpoints()
    }


def test_moments_carry_their_basis(make_log: MakeLog) -> None:
    """Where a quarter of the cases begin or end is a moment: observed, with the name of the file and the last day."""
    log = {str(i): [(0, "home"), (1, f"page{i}"), (2, "pay" if i else "leave")] for i in range(3)}
    draft = discover(make_log(log, files=("/secret/place/log.csv",)), title="t")
    home, pay = draft["home"], draft["pay"]
    flat = discover(make_log({str(i): [(0, f"page{i}")] for i in range(5)}), title="t")

    assert ("first", "3 of 3 customers begin here (100 %).") == (home.moment.kind, home.moment.why)  # type: ignore[union-attr]
    assert ("last", "2 of 3 customers end here (66.7 %).") == (pay.moment.kind, pay.moment.why)  # type: ignore[union-attr]
    assert {("observed", ("log.csv",), date(2024, 1, 1))} == {
        (t.moment.basis, t.moment.sources, t.moment.as_of) for t in draft.touchpoints() if t.moment
    }
    assert "/secret" not in str(draft.scenario)
    assert [] == [t for t in flat.touchpoints() if t.moment]


def test_planned_moves_are_the_main_ones(make_log: MakeLog) -> None:
    """From each touchpoint the strongest move and those of a fifth of departures; never a repeat, never to "Other"."""
    ways = [["a", "b"]] * 6 + [["a", "c"]] * 2 + [["a", "d"]] * 1 + [["a", "a"]] * 1 + [["z"]] + [["y"]]
    log = {str(i): list(enumerate(way)) for i, way in enumerate(ways)}
    draft = discover(make_log(log), title="t", max_touchpoints=5)

    # Eleven departures from a: six to b, two to c, one to d, one to itself, one end.
    assert [("a", "b", 0.545)] == [(move.source, move.target, move.share) for move in draft.planned]
    assert {"a", "b", "c", "d", "other"} == {t.id for t in draft.touchpoints()}


def test_shares_never_add_up_to_more_than_all(make_log: MakeLog) -> None:
    """Shares are rounded down: a sixth, a sixth and two thirds stay within one."""
    ways = [["a", "b"]] * 4 + [["a", "c"]] * 2
    draft = discover(make_log({str(i): list(enumerate(way)) for i, way in enumerate(ways)}), title="t")

    assert [0.666, 0.333] == [move.share for move in draft.planned]


def test_a_stage_is_called_after_what_most_customers_meet_there(make_log: MakeLog) -> None:
    """Its two most reached touchpoints in the order of the map, or one where both would be long; "Other" only by itself."""
    long = "a page with a title of very many words indeed"
    ways = [["home", "list", "cart", long, "pay"]] * 9 + [["list", "home", "rare", "cart", long, "pay"]]
    log = {str(i): [(60 * step, name) for step, name in enumerate(way)] for i, way in enumerate(ways)}
    stages = {"max_touchpoints": 9, "floor": 1}
    told = {
        stage.title: [t.title for t in stage.touchpoints]
        for stage in jk.discover(make_log(log), title="t", **stages).stages
    }

    assert all(title == " · ".join(t for t in titles if t in title.split(" · ")) for title, titles in told.items())
    assert all(len(title.split(" · ")) <= 2 and (len(title) <= 48 or " · " not in title) for title in told)
    assert not any("Other" in title for title, titles in told.items() if len(titles) > 1)
    assert not any(title.startswith("Stage") for title in told)


def test_a_log_of_one_day_says_so(make_log: MakeLog) -> None:
    """Between a day and the same day lies nothing."""
    draft = discover(make_log({"1": [(0, "a"), (5, "b")]}), title="t")

    assert "of 1 customer on 2024-01-01 in test:" in str(draft.scenario)


def test_the_scenario_says_what_was_counted(make_log: MakeLog) -> None:
    """Events, cases, days and files, what one case is, and how many times were tied where they are many."""
    log = {"1": [(0, "a"), (0, "b"), (3000, "a")]}
    draft = discover(make_log(log, files=("a.csv", "b.csv", "c.csv", "d.csv")), title="t", case="customer")

    assert (
        "Discovered from 3 events of 1 customer between 2024-01-01 and 2024-01-03 in a.csv, b.csv, c.csv and 1 more: "
        "a draft for people to edit. 1 of the events has the time of the one before it; their order is that of the file."
    ) == draft.scenario


def test_the_rest_of_the_head_is_as_given(make_log: MakeLog) -> None:
    """Title, id, case and language are the caller's; without an id it is made from the title."""
    events = make_log({"1": [(0, "a")]})
    named = discover(events, title="Erste Bestellung", id="first", language="de")
    nameless = discover(events, title="支付")

    assert ("first", "de", "customer") == (named.id, named.language, named.case)
    assert "journey" == nameless.id


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"max_touchpoints": 1}, "max_touchpoints=1: give a whole number of 2 or more"),
        ({"max_touchpoints": True}, "max_touchpoints=True"),
        ({"stages": {}}, "stages= maps the title of each stage"),
        ({"stages": ["a"]}, "stages= maps the title of each stage"),
        ({"stages": {"One": "cart"}}, "stages['One']='cart': give a list"),
        ({"stages": {"One": ["cart"], "Two": ["cart"]}}, "the event 'cart' stands in 'One' and again in 'Two'"),
        (
            {"stages": {"One": ["carts", "vew"]}},
            "no event 'carts' (did you mean 'cart'?), 'vew' (did you mean 'view'?)",
        ),
        ({"stages": {"One": ["x\x01y"]}}, "no rule can tell 'x\\x01y' from the other events"),
        ({"outcome": "order"}, "outcome=: the log has no event 'order'"),
        ({"outcome": Match(event="cart", where={"chanel": "web"})}, "outcome.success.where.chanel"),
        ({"outcome": 3}, "outcome=3: give the name of an event, a Match or an Outcome"),
        ({"case": "visit"}, "the events have no column 'visit'"),
    ],
)
def test_what_has_no_meaning_is_refused(make_log: MakeLog, arguments: dict[str, Any], sentence: str) -> None:
    """Every argument that cannot be meant is an ArgumentError that names it."""
    events = make_log({"1": [(0, "view"), (1, "cart"), (2, "x\x01y"), (3, "x\x02y")]})
    with pytest.raises(ArgumentError, match=re.escape(sentence)):
        discover(events, title="t", **arguments)


def test_an_empty_log_gives_no_map(make_log: MakeLog) -> None:
    """Without events there is nothing to discover; without a title there is no map."""
    with pytest.raises(ArgumentError, match="there is nothing to discover: test holds no row of events"):
        discover(make_log({}), title="t")
    with pytest.raises(JourneyError, match="title"):
        discover(make_log({"1": [(0, "a")]}), title=" ")


def test_bytes_do_not_depend_on_hash_seeds(tmp_path: Path) -> None:
    """The map is the same to the byte under other hash seeds."""
    rows = [f"c{i % 7},2024-01-01T00:00:{i % 3}{i % 10}Z,e{i * i % 23},{'web' if i % 2 else 'app'}" for i in range(200)]
    (tmp_path / "log.csv").write_text("\n".join(["customer,time,event,channel", *rows]) + "\n", "utf-8")
    code = (
        "import journeykit as jk; from journeykit import codec; "
        "print(codec.dumps(jk.discover(jk.read_events('log.csv'), title='t', max_touchpoints=9, floor=2)))"
    )

    def printed(seed: str) -> str:
        env = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=env).stdout

    first = printed("1")

    assert "Other (4 event names)" in first
    assert [first, first] == [printed("2"), printed("77")]


def test_what_few_customers_do_is_part_of_other(make_log: MakeLog) -> None:
    """Names of fewer than ten customers, and names that lead to somebody, are claimed by Other; the scenario counts them."""
    log: Log = {f"c{i}": [(i, "home"), (i + 100, "cart"), (i + 200, "help ann@post.example")] for i in range(12)}
    log["c0"] += [(300, "vip room"), (301, "vip room")]
    draft = jk.discover(make_log(log), title="t")
    everything = jk.discover(make_log(log), title="t", floor=1)
    asked = jk.discover(make_log(log), title="t", outcome="vip room")

    assert ["Home", "Cart", "Other (2 event names)"] == [t.title for t in draft.touchpoints()]
    assert "2 event names of fewer than 10 customers, or with an address or a number to call, are part of Other" in (
        draft.scenario or ""
    )
    assert "ann@post" not in dumps(draft)
    assert "ann@post" not in dumps(everything)
    assert "Vip room" in [t.title for t in everything.touchpoints()]
    assert "Vip room" in [t.title for t in asked.touchpoints()]


def test_a_log_of_few_customers_names_nothing_unasked(make_log: MakeLog) -> None:
    """Of a log with fewer than ten customers the draft holds Other alone, and says so; moves, waits and moments of few go too."""
    draft = jk.discover(make_log({f"c{i}": [(i, "a"), (i + 9, "b")] for i in range(9)}), title="t")
    thin = jk.discover(
        make_log({f"c{i}": [(i, "a"), *([(i + 60, "b")] if i < 9 else [(i + 60, "c")])] for i in range(40)}), title="t"
    )

    assert ["Other (2 event names)"] == [t.title for t in draft.touchpoints()]
    assert "All 2 event names, of fewer than 10 customers or with an address" in (draft.scenario or "")
    assert "floor=1 (--floor 1) names them" in (draft.scenario or "")
    assert [("a", "c")] == [(move.source, move.target) for move in thin.planned]


def test_names_that_differ_in_writing_alone_stay_apart_and_are_told(make_log: MakeLog) -> None:
    """Capitals, width and separators: nothing is joined unasked, the scenario names them with the rule that would join them."""
    names = ["video", "Video", "VIDEO", "add_to_cart", "Add to cart", "pay"]
    log: Log = {f"c{i}": [(10 * k, name) for k, name in enumerate(names)] for i in range(12)}
    log["c1"].append((90, "Pay"))
    draft = jk.discover(make_log(log), title="t")
    told = (draft.scenario or "").partition(" Names ")[2]
    rest = jk.discover(make_log({f"c{i}": [(0, "a"), (1, "b"), (2, "c"), (3, "C")] for i in range(12)}), title="t", stages={
        "All": ["a", "b"]
    })  # fmt: skip

    assert [*names, "other"] == [
        str(t.match.event.value) if t.id != "other" and t.match and t.match.event else t.id for t in draft.touchpoints()
    ]
    assert (
        'that differ only in how they are written are kept apart: "Add to cart", "add_to_cart"; "VIDEO", "Video", "video". '
        'Where they are one thing, one touchpoint can claim them all: match: {event: ["Add to cart", "add_to_cart"]}.'
    ) == told
    # What only one customer did is not told, nor what is no touchpoint anyway.
    assert "Names" not in (rest.scenario or "")


@pytest.mark.parametrize(
    ("language", "other", "begin", "scenario", "stage"),
    [
        ("de-AT", "Übrige (1 Ereignisname)", "12 von 12 Personen beginnen hier (100 %).", "24 Ereignisse", "In keiner Phase"),
        ("ja", "その他（イベント名1件）", "顧客12人のうち12がここから始まります（100%）。", "2024年", "どの段階にも属さない"),
        ("ar", "أخرى (أسماء الأحداث: 1)", "يبدأ هنا 12 من أصل 12 عميلًا (100 %).", "24 حدثًا، 12 عميلًا", "خارج المراحل"),
        ("nl", "Other (1 event name)", "12 of 12 customers begin here (100 %).", "Discovered from 24", "In no stage"),
    ],
)  # fmt: skip
def test_a_draft_speaks_the_language_of_the_map(
    make_log: MakeLog, language: str, other: str, begin: str, scenario: str, stage: str
) -> None:
    """What the draft says by itself is in the language asked for, without invisible signs; English where nothing is known."""
    log: Log = {f"c{i}": [(0, "a"), (5, "b")] for i in range(12)}
    draft = jk.discover(make_log(log), title="t", language=language, stages={"S": ["a"]})
    [first, last] = draft.touchpoints()

    assert (other, stage) == (last.title, draft.stages[-1].title)
    assert first.moment is not None
    assert begin == first.moment.why
    assert scenario in (draft.scenario or "")
    assert not re.search("[\u2066-\u2069]", dumps(draft))


@pytest.mark.parametrize("floor", [0, True, "ten"])
def test_a_floor_that_is_none(make_log: MakeLog, floor: Any) -> None:
    """The floor is a whole number from 1 on."""
    with pytest.raises(ArgumentError, match="floor="):
        jk.discover(make_log({"1": [(0, "a")]}), title="t", floor=floor)
