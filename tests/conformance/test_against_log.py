"""Where map and log disagree is found, with counts, at its place in the map; where they agree nothing is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeykit import api
from journeykit.conformance import Thresholds, against_log, checking
from journeykit.evidence import Evidence
from journeykit.model import Condition, Match, Outcome, Persona, Stage, Touchpoint, Transition
from journeykit.results import Finding

HAPPY = "home cart pay order"
FIGURES = {"coverage", "fit"}
MOVES = {"unplanned-move", "planned-move-not-made", "order-violated"}


def listed(found: Any) -> list[tuple[str, str, str | None]]:
    """Code, severity and path of all but the figures that are always there."""
    return [(f.code, f.severity, f.address.path) for f in found if f.code not in FIGURES or f.severity != "info"]


def of_moves(found: Any, code: str = "") -> list[tuple[str, str, str | None]]:
    """`listed`, of the findings about moves only, or of one code."""
    return [entry for entry in listed(found) if entry[0] in ({code} if code else MOVES)]


def one(found: Any, code: str) -> Finding:
    (finding,) = [f for f in found if f.code == code]
    return finding


def test_a_map_that_fits_its_log_has_only_its_figures(log: Any, shop: Any) -> None:
    """Where every event is claimed and every move planned, coverage and fit are stated and nothing is found."""
    found = against_log(shop(), log({HAPPY: 30, "home cart cart": 5, "home": 5}))

    assert ["coverage", "fit"] == [f.code for f in found]
    assert found[0].message == "140 of 140 events (100 %) are on the map"
    assert found[1].message == (
        "35 of 35 closed journeys (100 %) that move between touchpoints make planned moves only; "
        "5 journeys of 40 closed ones stay at one touchpoint"
    )


def test_events_that_no_rule_claims_are_named_by_their_share(log: Any, shop: Any) -> None:
    """From 5 % of all events on an unclaimed name is a warning, from 1 % an info, below it is one of the rare ones."""
    events = log({HAPPY: 234, "home search": 25, "home help": 5, "home one": 1, "home two": 1})
    found = [f for f in against_log(shop(), events) if f.code.startswith("unclaimed")]

    assert [
        ("warning", "the event 'search' is claimed by no touchpoint: 25 of 1,000 events (2.5 %)"),
        ("info", "the event 'help' is claimed by no touchpoint: 5 of 1,000 events (0.5 %)"),
        ("info", "2 rare event names are claimed by no touchpoint, 2 of 1,000 events (0.2 %): 'one' 1, 'two' 1"),
    ] == [
        (f.severity, f.message)
        for f in against_log(shop(), events, thresholds=Thresholds(unclaimed=0.005, unclaimed_warning=0.025, least=1))
        if f.code.startswith("unclaimed")
    ]
    assert [("info", "unclaimed-event"), ("info", "unclaimed-rare-events")] == [(f.severity, f.code) for f in found]


def test_what_few_customers_have_is_counted_and_not_named(log: Any, shop: Any) -> None:
    """An event of fewer than 10 customers, or one that holds an address, is told by number; neither is it suggested."""
    events = log({HAPPY: 30, "home ann@shop.example": 12, "home vip_9": 9})
    wrong = shop(rules={"sign": Match(event="vip_8")}, planned=[])
    text = "\n".join(map(str, against_log(wrong, events)))

    assert "ann@shop.example" not in text
    assert "vip_9" not in text
    assert one(against_log(shop(), events), "unclaimed-rare-events").message == (
        "2 rare event names are claimed by no touchpoint, 21 of 162 events (13 %), none of 10 customers or more"
    )


def test_part_of_an_event_may_be_unclaimed(log: Any, shop: Any) -> None:
    """Where a rule claims some of the events of a name, the finding says how many are left."""
    pages = iter(["/", "/other"] * 15)
    events = log({"home cart": 30}, page=lambda event: next(pages) if event == "home" else None)
    found = one(against_log(shop(rules={"home": Match(event="home", where={"page": "/"})}), events), "unclaimed-event")

    assert found.message == "15 of 30 'home' events are claimed by no touchpoint: 15 of 60 events (25 %)"
    assert found.next_step.startswith("widen the rule")


def test_events_of_the_outcome_are_on_the_map(log: Any, shop: Any) -> None:
    """Success and giving up need no touchpoint to be known to the map."""
    outcome = Outcome(success=Match(event="order"), abandon=Match(event="bye"))
    found = against_log(shop(outcome=outcome), log({HAPPY: 30, "home bye": 5}))

    assert [] == listed(found)
    assert one(found, "coverage").message == "130 of 130 events (100 %) are on the map"


def test_cases_that_never_touch_the_map_are_counted(log: Any, shop: Any) -> None:
    """A customer without any event of the map is off it, and the coverage says how many there are."""
    found = against_log(shop(), log({HAPPY: 30, "search": 10}))

    assert "; 10 of 40 cases (25 %) never touch the map" in one(found, "coverage").message


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_rule_for_an_unclaimed_event_removes_exactly_its_finding(log: Any, shop: Any, data: st.DataObject) -> None:
    """Each unclaimed name is a finding; a touchpoint that claims one of them removes that finding and no other."""
    names = st.sampled_from(["home", "cart", "pay", "order", "a", "b", "c", "d"])
    paths = data.draw(st.lists(st.lists(names, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6))
    events = log(dict.fromkeys(paths, 2))
    everything = Thresholds(unclaimed=0.0, least=1)
    journey = shop()

    def unclaimed(journey: Any) -> list[str]:
        return [f.message for f in against_log(journey, events, thresholds=everything) if f.code == "unclaimed-event"]

    before = unclaimed(journey)
    expected = sorted({name for path in paths for name in path.split()} & set("abcd"))
    assert expected == sorted(message.split("'")[1] for message in before)
    if expected:
        chosen = data.draw(st.sampled_from(expected))
        touchpoint = Touchpoint(id="new", title="New", match=Match(event=chosen))
        after = unclaimed(journey.with_touchpoint(touchpoint, stage="look"))

        assert [message for message in before if f"'{chosen}'" not in message] == after


def test_touchpoints_that_are_never_seen_are_found_with_what_was_meant(log: Any, shop: Any) -> None:
    """A rule that claims nothing is a warning at the rule, with the near event name; one event is enough to be seen."""
    events = log({HAPPY: 30, "home signup": 10})
    wrong = shop(rules={"sign": Match(event="sign_up")}, planned=[])

    assert ("touchpoint-never-seen", "warning", "stages[1].touchpoints[2].match") in listed(against_log(wrong, events))
    finding = one(against_log(wrong, events), "touchpoint-never-seen")
    assert finding.message == ("the touchpoint 'sign' is never seen in 140 events (the log has no event 'sign_up')")
    assert finding.next_step.startswith("did you mean 'signup'?")
    right = shop(rules={"sign": Match(event="signup")}, planned=[])
    assert [] == listed(against_log(right, events))


def test_a_touchpoint_without_a_rule_is_no_matter_of_the_log(log: Any, shop: Any) -> None:
    """What has no rule cannot be seen; that is said by lint, once."""
    assert [] == listed(against_log(shop(rules={"use": None}), log({HAPPY: 30})))


def test_a_rule_whose_rows_are_all_taken_is_shadowed(log: Any, shop: Any) -> None:
    """The first rule that fits wins; the finding names who takes the rows, and one row of its own is enough."""
    late = {
        "late": Match(event=["cart", "pay"]),
        "never": Match(event="cart", where={"customer": Condition("glob", "x*")}),
    }
    found = against_log(shop(rules=late), log({HAPPY: 30, "home cart": 3}))

    assert one(found, "rule-shadowed").message == (
        "the rule of 'late' fits 63 events, but touchpoints before it claim them all: 'cart' (33), 'pay' (30)"
    )
    assert one(found, "rule-shadowed").address.path == "stages[1].touchpoints[2].match"
    # A rule that fits nothing at all is not shadowed, although its event is there.
    assert one(found, "touchpoint-never-seen").address.path == "stages[1].touchpoints[3].match"
    some = {"late": Match(event=["cart", "pay", "gift"])}
    assert "rule-shadowed" not in {f.code for f in against_log(shop(rules=some), log({HAPPY: 30, "home gift": 1}))}


def test_an_outcome_that_never_happens_is_an_error(log: Any, shop: Any) -> None:
    """Without one success no conversion can be estimated; giving up that never happens is only worth a thought."""
    outcome = Outcome(success=Match(event="ordered"), abandon=Match(event="bye"), within=timedelta(days=1))
    found = against_log(shop(outcome=outcome), log({HAPPY: 30}))

    assert ("outcome-never-seen", "error", "outcome.success") in listed(found)
    assert ("abandon-never-seen", "info", "outcome.abandon") in listed(found)
    assert one(found, "outcome-never-seen").next_step.startswith("did you mean 'order'?")
    # An event after the window is still an event that was seen.
    seen = Outcome(success=Match(event="order"), abandon=Match(event="pay"), within=timedelta(seconds=1))
    codes = {f.code for f in against_log(shop(outcome=seen), log({HAPPY: 30}))}
    assert not codes & {"outcome-never-seen", "abandon-never-seen"}


def test_rules_that_do_not_fit_the_log_are_findings_and_stop_the_comparison(log: Any, shop: Any) -> None:
    """Every column that is missing or of another type is an error at its place in the rule, and nothing is counted."""
    rules = {
        "home": Match(any=[Match(event="home"), Match(where={"chanel": "web"})]),
        "cart": Match(event="cart", where={"page": Condition("ge", 3)}),
    }
    outcome = Outcome(success=Match(event="order", where={"paid": True}), abandon=Match(where={"gone": True}))
    events = log({HAPPY: 30}, page=lambda _: "/", channel=lambda _: "web")
    found = against_log(shop(rules=rules, outcome=outcome), events)

    assert [
        ("rule-column-missing", "error", "stages[0].touchpoints[0].match.any[1].where.chanel"),
        ("rule-type-mismatch", "error", "stages[1].touchpoints[0].match.where.page"),
        ("rule-column-missing", "error", "outcome.success.where.paid"),
        ("rule-column-missing", "error", "outcome.abandon.where.gone"),
        ("not-compared", "info", None),
    ] == listed(found)
    assert found[0].next_step.startswith("did you mean 'channel'?")


def test_the_column_of_the_cases_must_be_there_and_filled(log: Any, shop: Any) -> None:
    """A case column that is absent or has gaps is an error at ``case``; a full one is none."""
    absent = against_log(shop(case="session"), log({HAPPY: 30}))
    gaps = against_log(shop(case="trip"), log({HAPPY: 30}, trip=lambda event: None if event == "pay" else "t"))
    full = against_log(shop(case="trip"), log({HAPPY: 30}, trip=lambda _: "t"))

    assert [("case-column-missing", "error", "case"), ("not-compared", "info", None)] == listed(absent)
    assert [("case-column-empty", "error", "case"), ("not-compared", "info", None)] == listed(gaps)
    assert gaps[0].message == "30 of 120 events have no 'trip' and belong to no journey"
    assert not {"case-column-empty", "case-column-missing", "not-compared"} & {f.code for f in full}


def test_a_log_without_events_is_an_error(log: Any, shop: Any) -> None:
    """Nothing can be held against an empty log."""
    assert [("no-events", "error", None)] == listed(against_log(shop(), log({})))


def test_personas_whose_segment_cannot_be_asked_are_found(log: Any, shop: Any) -> None:
    """A segment may read the events or the customers; what neither has is a warning, and the log is still compared."""
    personas = [
        Persona(id="anna", name="A", segment=Match(where={"age": Condition("ge", 30)})),
        Persona(id="boris", name="B", segment=Match(event="cart")),
        Persona(id="cleo", name="C", segment=Match(where={"event": Condition("ge", 30)})),
    ]
    journey, events = shop(personas=personas), log({HAPPY: 30})
    found = [f for f in api.check(journey, Evidence(events=events)) if f.code.startswith("segment-")]

    assert [
        ("segment-column-missing", "warning", "personas[0].segment.where.age"),
        ("segment-type-mismatch", "warning", "personas[2].segment.where.event"),
    ] == listed(found)
    assert "fit" in {f.code for f in api.check(journey, Evidence(events=events))}


def test_moves_that_are_not_planned_are_found_by_their_share(log: Any, shop: Any) -> None:
    """From 15 % of the moves away on a move off the plan is an info, from 30 % a warning; below ten journeys it is none."""
    found = against_log(shop(), log({"home cart": 60, "home pay": 40, "cart home pay": 9}))
    quiet = against_log(shop(), log({"home cart": 60, "home pay": 9}))
    mild = against_log(shop(), log({"home cart": 80, "home pay": 20}))

    assert [("unplanned-move", "warning", "stages[0].touchpoints[0]")] == of_moves(found, "unplanned-move")
    assert one(found, "unplanned-move").message == (
        "49 of 109 moves (45 %) away from 'home' go to 'pay', which is not planned (in 49 journeys)"
    )
    assert [] == of_moves(quiet)
    assert [("unplanned-move", "info", "stages[0].touchpoints[0]")] == of_moves(mild)


def test_without_a_plan_no_move_is_unplanned(log: Any, shop: Any) -> None:
    """A map that plans no moves is only held to its order."""
    found = against_log(shop(planned=[]), log({"home pay": 40, "cart pay": 40}))

    assert [] == of_moves(found)
    assert (
        "80 of 80 closed journeys (100 %) that move between touchpoints only move forward" in one(found, "fit").message
    )


def test_planned_moves_that_nobody_makes_are_found(log: Any, shop: Any) -> None:
    """With thirty moves away and none (or under 1 %) of them the planned one, the plan is doubted at its place."""
    none = against_log(shop(), log({"home cart home": 30, "home pay": 1}))
    few = against_log(shop(), log({"home cart home": 29, "home pay": 1}))
    rare = against_log(shop(), log({"home cart home": 150, "home cart pay": 1}))
    some = against_log(shop(), log({"home cart home": 99, "home cart pay": 1}))
    code = "planned-move-not-made"

    assert [(code, "warning", "planned[1]")] == of_moves(none, code)
    assert one(none, code).message == (
        "the planned move from 'cart' to 'pay' is made in 0 of 30 moves (0 %) away from there"
    )
    assert [] == of_moves(few, code)
    assert [(code, "info", "planned[1]")] == of_moves(rare, code)
    assert [] == of_moves(some, code)


def test_a_planned_move_to_what_is_never_seen_is_said_once(log: Any, shop: Any) -> None:
    """Where an end of the move is never seen at all, only that is reported."""
    found = against_log(shop(rules={"pay": Match(event="paid")}), log({"home cart home": 40, "order": 1}))

    assert "touchpoint-never-seen" in {f.code for f in found}
    assert "planned-move-not-made" not in {f.code for f in found}


def test_moves_back_on_the_map_are_found_together(log: Any, shop: Any) -> None:
    """From 5 % of all moves on going back is an info, from 25 % a warning, and the most frequent ways back are named."""
    much = against_log(shop(planned=[]), log({"home cart home": 20, "cart pay cart": 20, "pay order": 1}))
    some = against_log(shop(planned=[]), log({"home cart": 90, "home cart home": 10, "order": 1}))
    little = against_log(shop(planned=[]), log({"home cart": 195, "home cart home": 5, "order": 1}))

    assert [("order-violated", "warning", "stages")] == of_moves(much)
    assert one(much, "order-violated").message == (
        "40 of 80 moves (50 %) go back on the map, 20 of them to an earlier stage; "
        "most often 'cart' to 'home' 20, 'pay' to 'cart' 20"
    )
    assert [("order-violated", "info", "stages")] == of_moves(some)
    assert [] == of_moves(little)


def test_a_planned_loop_is_not_out_of_order(log: Any, shop: Any) -> None:
    """A way back that is planned violates nothing."""
    plan = [Transition(source="home", target="cart"), Transition(source="cart", target="home")]

    assert [] == listed(against_log(shop(planned=plan), log({"home cart home": 30, "pay order": 1})))


def test_open_journeys_say_nothing_about_moves(log: Any, shop: Any) -> None:
    """While every journey is open the moves are not judged, and that is said."""
    found = against_log(shop(), log({"home pay order": 30}, observed_for=timedelta(minutes=10)))

    assert ("no-closed-journeys", "info", "outcome") in listed(found)
    assert not {"fit", "unplanned-move", "order-violated"} & {f.code for f in found}


def test_a_low_fit_or_coverage_is_a_warning_where_one_is_asked_for(log: Any, shop: Any) -> None:
    """The figures ask for nothing unless a least share is set; a share at it is enough."""
    events = log({"home cart": 20, "home pay": 20, "home search order": 10})
    limits = {share: Thresholds(fit=share, coverage=share) for share in (0.5, 0.51, 0.92)}
    found = {share: against_log(shop(), events, thresholds=limit) for share, limit in limits.items()}

    assert {0.5: ("info", "info"), 0.51: ("warning", "info"), 0.92: ("warning", "warning")} == {
        share: (one(f, "fit").severity, one(f, "coverage").severity) for share, f in found.items()
    }


def test_few_journeys_are_called_too_few(log: Any, shop: Any) -> None:
    """Below thirty journeys that move, the fit says so itself."""
    assert ", too few to judge by" in one(against_log(shop(), log({HAPPY: 29})), "fit").message
    assert ", too few" not in one(against_log(shop(), log({HAPPY: 30})), "fit").message
    nobody = one(against_log(shop(), log({"home": 5, "order": 1})), "fit")
    assert nobody.message.startswith("no closed journey moves between touchpoints")


def test_the_log_is_read_in_two_passes_at_most(log: Any, shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """One ordered pass counts everything; one plain scan more is made only where a touchpoint is never seen."""
    from journeykit.conformance import _rules
    from journeykit.conformance import against_log as room
    from journeykit.measures import fold

    made: list[str] = []
    module = __import__("sys").modules[room.__module__]
    monkeypatch.setattr(module, "fold", lambda *a, **k: (made.append("pass"), fold(*a, **k))[1])
    scan = _rules.shadows
    monkeypatch.setattr(_rules, "shadows", lambda *a: (made.append("scan"), scan(*a))[1])
    against_log(shop(), log({HAPPY: 3}))
    assert made == ["pass"]
    made.clear()
    against_log(shop(rules={"x": Match(event="x"), "y": Match(event="home")}), log({HAPPY: 3}))
    assert made == ["pass", "scan"]


def test_findings_are_the_same_every_time(log: Any, shop: Any) -> None:
    """The same map and log give the same findings in the same order, whatever order the source is in."""
    paths = {"home pay cart": 20, "search home": 20, "find home cart home": 20, "a": 1, "b": 1}
    turned = dict(reversed(paths.items()))

    assert checking.check(shop(), Evidence(events=log(paths))) == checking.check(shop(), Evidence(events=log(turned)))


def test_a_map_without_stages_is_held_against_a_log(log: Any, shop: Any) -> None:
    """Nothing breaks where there is nothing to lay over the log."""
    found = against_log(shop(stages=[], planned=[]), log({HAPPY: 30}))
    bare = against_log(shop(stages=[Stage(id="s", title="S")], planned=[], outcome=None), log({HAPPY: 30}))

    assert {"coverage", "unclaimed-event", "fit"} == {f.code for f in found}
    assert {"coverage", "unclaimed-event"} == {f.code for f in bare}


def test_progress_is_told(log: Any, shop: Any) -> None:
    """The caller hears of the rows counted and of all there are."""
    told: list[tuple[int, int]] = []
    api.check(shop(), Evidence(events=log({HAPPY: 30})), progress=lambda done, total: told.append((done, total)))

    assert told[-1] == (120, 120)
