"""The invariants of a whole journey, and the edits that keep them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeykit.errors import ArgumentError, JourneyError
from journeykit.model import (
    Emotion,
    FunnelSource,
    Journey,
    Kpi,
    Match,
    Moment,
    Objective,
    Opportunity,
    Persona,
    Stage,
    Touchpoint,
    Transition,
)
from journeykit.testing.strategies import journeys


@pytest.fixture
def journey() -> Journey:
    cart = Touchpoint(id="cart", title="Cart", match=Match(event="cart"), kpis=["conversion"])
    pay = Touchpoint(
        id="pay",
        title="Pay",
        emotions=[Emotion(valence=-1, persona="anna")],
        moment=Moment(kind="decision", persona="anna"),
        opportunities=[Opportunity(title="Faster", objective="more")],
    )
    return Journey(
        id="order",
        title="Order",
        personas=[Persona(id="anna", name="Anna")],
        objectives=[Objective(id="more", statement="More", kpi="conversion", persona="anna")],
        kpis=[Kpi(id="conversion", name="Conversion", source=FunnelSource(funnel=["cart", "pay"]))],
        stages=[
            Stage(id="buy", title="Buy", objectives=["more"], touchpoints=[cart, pay]),
            Stage(id="use", title="Use"),
        ],
        planned=[Transition(source="cart", target="pay")],
    )


def ids(journey: Journey) -> list[str]:
    return [touchpoint.id for touchpoint in journey.touchpoints()]


def test_parts_are_found_by_id(journey: Journey) -> None:
    """Every part is reached by its id, and what is not there is said."""
    found = [journey[id].id for id in ("anna", "more", "conversion", "buy", "cart")]

    assert ["anna", "more", "conversion", "buy", "cart"] == found
    assert ("cart" in journey, "gone" in journey, 7 in journey) == (True, False, False)
    assert ["cart", "pay"] == ids(journey)
    assert "buy" == journey.stage_of("pay").id
    with pytest.raises(KeyError):
        journey["gone"]
    with pytest.raises(ArgumentError, match="no touchpoint 'use' in journey 'order'"):
        journey.stage_of("use")


def test_repeated_ids_and_dangling_references_are_told_all_at_once() -> None:
    """Ids are unique across kinds, references point to a part of the right kind, with the nearest name offered."""
    with pytest.raises(JourneyError) as caught:
        Journey(
            id="j",
            title="J",
            personas=[Persona(id="anna", name="A"), Persona(id="j", name="B")],
            objectives=[Objective(id="o", statement="O", kpi="konversion", persona="o")],
            kpis=[Kpi(id="conversion", name="C", source=FunnelSource(funnel=["t", "anna"]))],
            stages=[
                Stage(id="s", title="S", objectives=["x"], touchpoints=[Touchpoint(id="t", title="T", kpis=["q"])]),
                Stage(
                    id="anna",
                    title="A",
                    touchpoints=[
                        Touchpoint(
                            id="u",
                            title="U",
                            opportunities=[Opportunity(title="O", objective="s")],
                            moment=Moment(kind="last", persona="ana"),
                            emotions=[Emotion(valence=0), Emotion(valence=0, persona="t")],
                        )
                    ],
                ),
            ],
            planned=[Transition(source="t", target="s")],
        )
    found = [(problem.address.path, problem.code, problem.hint) for problem in caught.value.problems]

    assert [
        ("personas[1].id", "repeated-id", None),
        ("stages[1].id", "repeated-id", None),
        ("objectives[0].kpi", "unknown-kpi", "did you mean 'conversion'?"),
        ("objectives[0].persona", "unknown-persona", None),
        ("kpis[0].source.funnel[1]", "unknown-touchpoint", None),
        ("stages[0].objectives[0]", "unknown-objective", None),
        ("stages[0].touchpoints[0].kpis[0]", "unknown-kpi", None),
        ("stages[1].touchpoints[0].opportunities[0].objective", "unknown-objective", None),
        ("stages[1].touchpoints[0].emotions[1].persona", "unknown-persona", None),
        ("stages[1].touchpoints[0].moment.persona", "unknown-persona", "did you mean 'anna'?"),
        ("planned[0].target", "unknown-touchpoint", None),
    ] == found


@pytest.mark.parametrize("id", ["anna", "more", "conversion", "buy", "cart", "order"])
def test_replace_changes_one_part_and_nothing_else(journey: Journey, id: str) -> None:
    """The part of the id has the new field, the old journey is untouched, undoing it gives the old journey."""
    name = {"anna": "name", "conversion": "name", "more": "statement"}.get(id, "title")
    old = getattr(journey if id == "order" else journey[id], name)
    new = journey.replace(id, **{name: "Changed"})

    assert "Changed" == getattr(new if id == "order" else new[id], name)
    assert journey != new
    assert journey == new.replace(id, **{name: old})


def test_replace_refuses_what_would_not_be_valid(journey: Journey) -> None:
    """Unknown ids and fields are the caller's mistake; a broken rule is a JourneyError."""
    with pytest.raises(ArgumentError, match="holds nothing with the id 'gone'"):
        journey.replace("gone", title="x")
    with pytest.raises(ArgumentError, match="a Touchpoint has no field name, titel; it has title, channels"):
        journey.replace("cart", titel="x", name="y")
    with pytest.raises(ArgumentError, match="ids are stable for ever"):
        journey.replace("cart", id="basket")
    with pytest.raises(JourneyError, match="title: must not be empty"):
        journey.replace("cart", title="")
    with pytest.raises(JourneyError, match=r"stages\[0\]\.touchpoints\[0\]\.kpis\[0\]: no kpi has the id 'gone'"):
        journey.replace("cart", kpis=["gone"])


def test_parts_are_added(journey: Journey) -> None:
    """Each kind of part has its own verb, which puts it where it belongs."""
    new = (
        journey.with_persona(Persona(id="boris", name="Boris"))
        .with_objective(Objective(id="less", statement="Less"))
        .with_kpi(Kpi(id="nps", name="NPS"))
        .with_stage(Stage(id="leave", title="Leave"))
        .with_stage(Stage(id="wait", title="Wait"), after="buy")
        .with_touchpoint(Touchpoint(id="ship", title="Ship"), stage="wait")
        .with_touchpoint(Touchpoint(id="review", title="Review"), stage="buy", after="cart")
    )

    assert ["cart", "review", "pay", "ship"] == ids(new)
    assert ["buy", "wait", "use", "leave"] == [stage.id for stage in new.stages]
    assert ("boris", "less", "nps") == (new.personas[-1].id, new.objectives[-1].id, new.kpis[-1].id)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda j: j.with_touchpoint(Touchpoint(id="x", title="X"), stage="gone"), "holds nothing with the id 'gone'"),
        (
            lambda j: j.with_touchpoint(Touchpoint(id="x", title="X"), stage="cart"),
            "'cart' is a Touchpoint, not a Stage",
        ),
        (
            lambda j: j.with_touchpoint(Touchpoint(id="x", title="X"), stage="buy", after="use"),
            "no 'use' among cart, pay",
        ),
        (
            lambda j: j.with_touchpoint(Touchpoint(id="x", title="X"), stage="use", after="cart"),
            "no 'cart' among no members",
        ),
        (lambda j: j.with_stage(Stage(id="x", title="X"), after="cart"), "no 'cart' among buy, use"),
        (lambda j: j.without("gone"), "holds nothing with the id 'gone'"),
    ],
)
def test_an_edit_without_a_place_is_refused(journey: Journey, edit: Any, message: str) -> None:
    """What to insert behind, into or remove must be there; the sentence says what is."""
    with pytest.raises(ArgumentError, match=message):
        edit(journey)


def test_an_edit_that_breaks_a_rule_is_refused(journey: Journey) -> None:
    """An id that is taken cannot be added; a part that others refer to cannot be removed."""
    with pytest.raises(JourneyError, match="the id 'cart' is taken by"):
        journey.with_persona(Persona(id="cart", name="C"))
    with pytest.raises(JourneyError) as caught:
        journey.without("anna")

    assert [
        "objectives[0].persona",
        "stages[0].touchpoints[1].emotions[0].persona",
        "stages[0].touchpoints[1].moment.persona",
    ] == [problem.address.path for problem in caught.value.problems]


def test_parts_are_removed(journey: Journey) -> None:
    """Removing what was added gives the journey back, whichever kind it is."""
    added = (
        journey.with_persona(Persona(id="boris", name="Boris"))
        .with_stage(Stage(id="wait", title="Wait"), after="buy")
        .with_touchpoint(Touchpoint(id="ship", title="Ship"), stage="wait")
    )

    assert journey == added.without("boris").without("ship").without("wait")
    assert journey == added.without("wait").without("boris")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(journey=journeys(), data=st.data())
def test_edits_keep_every_journey_valid(journey: Journey, data: st.DataObject) -> None:
    """Adding a part to any journey and removing it again is no change; the id can be found in between."""
    stage = Stage(id="z-new", title="New", touchpoints=[Touchpoint(id="z-point", title="Point")])
    after = data.draw(st.sampled_from([None, *(stage.id for stage in journey.stages)]))
    added = journey.with_stage(stage, after=after)

    assert stage == added["z-new"] == added.stage_of("z-point")
    assert journey == added.without("z-new")
    assert journey == added.replace("z-point", title="Other").without("z-new")
