"""What a map lacks by itself is found, with its place and the next step."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from journeykit.conformance import lint
from journeykit.model import (
    Emotion,
    FunnelSource,
    Journey,
    Kpi,
    Match,
    Moment,
    Objective,
    Opportunity,
    Outcome,
    Pain,
    Persona,
    Stage,
    Thought,
    Touchpoint,
    Transition,
)
from journeykit.results import Finding
from journeykit.testing.strategies import journeys

SOUND: dict[str, Any] = {"basis": "observed", "sources": ["interviews"]}


def complete(**changes: Any) -> Journey:
    """A map with nothing to find."""
    fields: dict[str, Any] = {
        "id": "order",
        "title": "Order",
        "owner": "CX",
        "outcome": Outcome(success=Match(event="purchase")),
        "personas": [Persona(id="anna", name="Anna")],
        "objectives": [objective()],
        "kpis": [Kpi(id="conversion", name="Conversion", source=FunnelSource(funnel=["cart", "pay"]))],
        "stages": [stage(touchpoint("cart"), touchpoint("pay"))],
    }
    return Journey(**{**fields, **changes})


def objective(**changes: Any) -> Objective:
    fields: dict[str, Any] = {
        "id": "more",
        "statement": "More",
        "kpi": "conversion",
        "baseline": 0.1,
        "target": 0.2,
        "owner": "CX",
    }
    return Objective(**{**fields, "due": date(2026, 12, 31), **changes})


def touchpoint(id: str, **changes: Any) -> Touchpoint:
    return Touchpoint(**{"id": id, "title": id, "channels": ["web"], "match": Match(event=id), **changes})


def stage(*touchpoints: Touchpoint, **changes: Any) -> Stage:
    return Stage(**{"id": "buy", "title": "Buy", "objectives": ["more"], "touchpoints": touchpoints, **changes})


def cart(**changes: Any) -> Journey:
    return complete(stages=[stage(touchpoint("cart", **changes), touchpoint("pay"))])


def test_a_complete_map_has_no_findings() -> None:
    """Where everything is there, there is nothing to say."""
    assert [] == list(lint(complete()))


POINT = "stages[0].touchpoints[0]"


@pytest.mark.parametrize(
    ("journey", "findings"),
    [
        (complete(outcome=None), [("no-outcome", "warning", "outcome")]),
        (complete(owner=None), [("no-owner", "info", "owner")]),
        (complete(review_every=timedelta(days=90)), [("never-reviewed", "warning", "review_every")]),
        (complete(review_every=timedelta(days=90), reviewed=date(2020, 1, 1)), []),
        (complete(personas=[]), [("no-personas", "warning", "personas")]),
        (
            complete(stages=[], kpis=[Kpi(id="conversion", name="C", source="m")]),
            [("no-stages", "error", "stages"), ("unused-objective", "info", "objectives[0]")],
        ),
        (
            complete(
                objectives=[], stages=[stage(touchpoint("cart", kpis=["conversion"]), touchpoint("pay"), objectives=[])]
            ),
            [
                ("no-objectives", "warning", "objectives"),
                ("stage-without-objective", "warning", "stages[0].objectives"),
            ],
        ),
        (
            complete(
                personas=[Persona(id="anna", name="A"), Persona(id="boris", name="B", segment=Match(where={"age": 30}))]
            ),
            [("unused-persona", "info", "personas[0]")],
        ),
        (
            complete(
                personas=[Persona(id="anna", name="A"), Persona(id="boris", name="B")],
                objectives=[objective(persona="anna")],
                stages=[
                    stage(touchpoint("cart", thoughts=[Thought(text="x", persona="boris", **SOUND)]), touchpoint("pay"))
                ],
            ),
            [],
        ),
        (
            complete(objectives=[objective(kpi=None)]),
            [("objective-without-metric", "warning", "objectives[0].kpi"), ("unused-kpi", "info", "kpis[0]")],
        ),
        (
            complete(objectives=[objective(baseline=None)]),
            [("objective-without-baseline", "warning", "objectives[0].baseline")],
        ),
        (
            complete(objectives=[objective(target=None)]),
            [("objective-without-target", "warning", "objectives[0].target")],
        ),
        (complete(objectives=[objective(owner=None)]), [("objective-without-owner", "warning", "objectives[0].owner")]),
        (complete(objectives=[objective(due=None)]), [("objective-without-deadline", "warning", "objectives[0].due")]),
        (
            complete(objectives=[objective(target=0.1)]),
            [("objective-without-change", "warning", "objectives[0].target")],
        ),
        (
            complete(objectives=[objective(target=0.05)]),
            [("target-against-direction", "warning", "objectives[0].target")],
        ),
        (
            complete(kpis=[Kpi(id="conversion", name="C", direction="lower", source="m")]),
            [("target-against-direction", "warning", "objectives[0].target")],
        ),
        (
            complete(
                kpis=[Kpi(id="conversion", name="C", direction="lower", source="m")],
                objectives=[objective(target=0.05)],
            ),
            [],
        ),
        (
            complete(
                stages=[
                    stage(
                        touchpoint("cart"),
                        touchpoint("pay", opportunities=[Opportunity(title="O", objective="more")]),
                        objectives=[],
                    )
                ]
            ),
            [("stage-without-objective", "warning", "stages[0].objectives")],
        ),
        (complete(kpis=[Kpi(id="conversion", name="C")]), [("kpi-without-source", "warning", "kpis[0].source")]),
        (
            complete(
                stages=[stage(touchpoint("cart"), touchpoint("pay")), Stage(id="use", title="Use", objectives=["more"])]
            ),
            [("stage-without-touchpoints", "warning", "stages[1].touchpoints")],
        ),
        (cart(match=None), [("touchpoint-without-match", "warning", f"{POINT}.match")]),
        (cart(channels=[]), [("touchpoint-without-channel", "info", f"{POINT}.channels")]),
        (cart(moment=Moment(kind="first", **SOUND)), [("moment-without-plan", "warning", f"{POINT}.moment.plan")]),
        (cart(moment=Moment(kind="first", plan="p", **SOUND)), []),
        (
            cart(pains=[Pain(text="x", severity=3, **SOUND)]),
            [("pain-without-opportunity", "info", f"{POINT}.pains[0]")],
        ),
        (cart(pains=[Pain(text="x", severity=2, **SOUND)]), []),
        (cart(pains=[Pain(text="x", severity=3, **SOUND)], opportunities=[Opportunity(title="O")]), []),
        (
            cart(opportunities=[Opportunity(title="O", status="idea"), Opportunity(title="P", status="doing")]),
            [("opportunity-without-owner", "warning", f"{POINT}.opportunities[1].owner")],
        ),
        (cart(opportunities=[Opportunity(title="P", status="planned", owner="CX")]), []),
        (
            cart(emotions=[Emotion(valence=1)], moment=Moment(kind="first", plan="p")),
            [
                ("claim-without-basis", "warning", f"{POINT}.emotions[0].basis"),
                ("claim-without-basis", "warning", f"{POINT}.moment.basis"),
            ],
        ),
        (
            cart(thoughts=[Thought(text="x", basis="inferred")]),
            [("claim-without-source", "warning", f"{POINT}.thoughts[0].sources")],
        ),
        (cart(thoughts=[Thought(text="x", basis="assumed")]), []),
        (complete(planned=[Transition(source="cart", target="pay", share=x) for x in (1 / 3, 1 / 3, 1 / 3)]), []),
        (
            complete(planned=[Transition(source="cart", target="pay", share=x) for x in (0.5, None, 0.6, 0.2)]),
            [("shares-above-one", "error", "planned[2].share")],
        ),
    ],
)
def test_each_gap_is_found_and_nothing_else(journey: Journey, findings: list[tuple[str, str, str]]) -> None:
    """One gap in a complete map gives its finding, at its place."""
    assert findings == [(finding.code, finding.severity, finding.address.path) for finding in lint(journey)]


def test_a_finding_reads_as_a_sentence_with_a_next_step() -> None:
    """Its text says where, how bad, what and what to do."""
    (finding,) = lint(complete(outcome=None))

    assert (
        "outcome: warning: the journey has no outcome, so no conversion can be estimated [no-outcome]; "
        "say which event is success: outcome: {success: {event: ...}}"
    ) == str(finding)
    assert finding == lint(complete(outcome=None))["no-outcome"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(journey=journeys())
def test_every_finding_is_complete_and_repeatable(journey: Journey) -> None:
    """For any journey the same findings come twice, each with a code, a place and a next step."""
    findings = lint(journey)

    assert findings == lint(journey)
    assert Finding is findings.kind
    assert all(
        f.code and f.message and f.next_step and f.address.path and f.severity in ("info", "warning", "error")
        for f in findings
    )
