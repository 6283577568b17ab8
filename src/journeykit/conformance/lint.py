"""What a map lacks by itself: gaps a practitioner would point out before any data is read.

Severities: an ``error`` makes figures impossible or contradicts the map, a ``warning`` is a gap to close before the map is
relied on, an ``info`` is worth a thought. A map that is only a sketch is still valid; these are findings, not faults.
"""

from __future__ import annotations

from collections.abc import Iterator

from journeykit.conformance._wording import claims_of, found
from journeykit.model import Claim, Journey, Objective, Touchpoint
from journeykit.results import Finding, Records

__all__ = ["lint"]


def lint(journey: Journey) -> Records[Finding]:
    """Every gap of the map, in the order of the map; the same findings for the same journey.

    Needs neither data nor a date. Each `Finding` has a stable code, a severity, the path of the place and the next step;
    a source for the objectives' rules is the SMART check (Doran 1981: specific, measurable, assignable, realistic,
    time-related).
    """
    findings = [
        *_journey(journey),
        *_personas(journey),
        *_objectives(journey),
        *_kpis(journey),
        *_stages(journey),
        *_planned(journey),
    ]
    return Records(findings, kind=Finding, key=("code",))


def _journey(journey: Journey) -> Iterator[Finding]:
    if journey.outcome is None:
        yield found(
            "no-outcome",
            "warning",
            "outcome",
            "the journey has no outcome, so no conversion can be estimated",
            "say which event is success: outcome: {success: {event: ...}}",
        )
    if not journey.stages:
        yield found(
            "no-stages", "error", "stages", "the journey has no stages", "add the phases the customer goes through"
        )
    if not journey.personas:
        yield found(
            "no-personas",
            "warning",
            "personas",
            "the journey has no persona",
            "say whose journey this is: add a persona",
        )
    if not journey.objectives:
        yield found(
            "no-objectives",
            "warning",
            "objectives",
            "the journey has no objective",
            "say what should become true, by when",
        )
    if journey.owner is None:
        yield found("no-owner", "info", "owner", "nobody owns the map", "name who keeps it up to date")
    if journey.review_every is not None and journey.reviewed is None:
        message = "the map is to be reviewed regularly, and no review is noted"
        yield found("never-reviewed", "warning", "review_every", message, "review it, and set reviewed to that day")


def _personas(journey: Journey) -> Iterator[Finding]:
    if len(journey.personas) < 2:
        return  # the only persona is whom the whole map speaks of
    used = {claim.persona for _, claim in _claims(journey)} | {goal.persona for goal in journey.objectives}
    for i, persona in enumerate(journey.personas):
        if persona.id not in used and persona.segment is None:
            yield found(
                "unused-persona",
                "info",
                f"personas[{i}]",
                f"no claim, objective or segment speaks of the persona {persona.id!r}",
                "say what this persona thinks or feels, or remove it",
            )


def _objectives(journey: Journey) -> Iterator[Finding]:
    served = {id for stage in journey.stages for id in stage.objectives}
    served |= {o.objective for t in journey.touchpoints() for o in t.opportunities if o.objective}
    for i, goal in enumerate(journey.objectives):
        path = f"objectives[{i}]"
        yield from _smart(path, goal)
        if goal.id not in served:
            yield found(
                "unused-objective",
                "info",
                path,
                f"no stage and no opportunity serves the objective {goal.id!r}",
                "name it in the stage that is responsible for it",
            )


def _smart(path: str, goal: Objective) -> Iterator[Finding]:
    gaps = (
        (
            "kpi",
            "objective-without-metric",
            "no KPI measures it",
            "name the KPI (its id) that tells whether it is reached",
        ),
        ("baseline", "objective-without-baseline", "it has no baseline", "give the figure it starts from"),
        ("target", "objective-without-target", "it has no target", "give the figure that counts as reached"),
        ("owner", "objective-without-owner", "nobody owns it", "name who answers for it"),
        ("due", "objective-without-deadline", "it has no deadline", "give the day by which it should be reached"),
    )
    for name, code, lack, next_step in gaps:
        if getattr(goal, name) is None:
            yield found(code, "warning", f"{path}.{name}", f"the objective {goal.id!r} is not SMART: {lack}", next_step)
    if goal.baseline is not None and goal.baseline == goal.target:
        message = f"the objective {goal.id!r} aims at its own baseline, {goal.baseline:g}"
        yield found("objective-without-change", "warning", f"{path}.target", message, "give a target that differs")


def _kpis(journey: Journey) -> Iterator[Finding]:
    used = {goal.kpi for goal in journey.objectives} | {id for t in journey.touchpoints() for id in t.kpis}
    kpis = {kpi.id: kpi for kpi in journey.kpis}
    for i, goal in enumerate(journey.objectives):
        if goal.kpi is None or goal.baseline is None or goal.target is None:
            continue
        direction = kpis[goal.kpi].direction
        if goal.target != goal.baseline and (goal.target > goal.baseline) != (direction == "higher"):
            message = (
                f"the target {goal.target:g} is worse than the baseline {goal.baseline:g}: {direction} is better here"
            )
            yield found(
                "target-against-direction",
                "warning",
                f"objectives[{i}].target",
                message,
                f"correct the target, the baseline or the direction of the KPI {goal.kpi!r}",
            )
    for i, kpi in enumerate(journey.kpis):
        path = f"kpis[{i}]"
        if kpi.source is None:
            message = f"the KPI {kpi.id!r} has no source, so nothing measures it"
            next_step = "name the metric in the evidence, or a funnel of touchpoints"
            yield found("kpi-without-source", "warning", f"{path}.source", message, next_step)
        if kpi.id not in used:
            message = f"no objective and no touchpoint uses the KPI {kpi.id!r}"
            yield found("unused-kpi", "info", path, message, "link an objective or a touchpoint to it, or remove it")


def _stages(journey: Journey) -> Iterator[Finding]:
    for i, stage in enumerate(journey.stages):
        path = f"stages[{i}]"
        if not stage.objectives:
            message = f"the stage {stage.id!r} serves no objective"
            yield found(
                "stage-without-objective", "warning", f"{path}.objectives", message, "name the objective it serves"
            )
        if not stage.touchpoints:
            message = f"the stage {stage.id!r} has no touchpoint"
            next_step = "add where the customer meets you, or remove the stage"
            yield found("stage-without-touchpoints", "warning", f"{path}.touchpoints", message, next_step)
        for j, touchpoint in enumerate(stage.touchpoints):
            yield from _touchpoint(f"{path}.touchpoints[{j}]", touchpoint)


def _touchpoint(path: str, touchpoint: Touchpoint) -> Iterator[Finding]:
    if touchpoint.match is None:
        message = f"the touchpoint {touchpoint.id!r} has no match rule, so no event can be counted for it"
        yield found(
            "touchpoint-without-match",
            "warning",
            f"{path}.match",
            message,
            "say which events are it: match: {event: ...}",
        )
    if not touchpoint.channels:
        message = f"the touchpoint {touchpoint.id!r} names no channel"
        yield found("touchpoint-without-channel", "info", f"{path}.channels", message, "say where it happens")
    if touchpoint.moment is not None and touchpoint.moment.plan is None:
        message = f"the moment of truth at {touchpoint.id!r} has no plan"
        yield found(
            "moment-without-plan", "warning", f"{path}.moment.plan", message, "say how it shall be made to succeed"
        )
    for i, pain in enumerate(touchpoint.pains):
        if pain.severity == 3 and not touchpoint.opportunities:
            message = f"a severe pain at {touchpoint.id!r} meets no opportunity"
            next_step = "say what could be done about it: add an opportunity"
            yield found("pain-without-opportunity", "info", f"{path}.pains[{i}]", message, next_step)
    for i, opportunity in enumerate(touchpoint.opportunities):
        if opportunity.status in ("planned", "doing") and opportunity.owner is None:
            message = f"the opportunity at {touchpoint.id!r} is {opportunity.status} but nobody owns it"
            yield found(
                "opportunity-without-owner", "warning", f"{path}.opportunities[{i}].owner", message, "name who does it"
            )
    for place, claim in claims_of(touchpoint):
        yield from _claim(f"{path}.{place}", claim)


def _claim(path: str, claim: Claim) -> Iterator[Finding]:
    what = type(claim).__name__.lower()
    if claim.basis is None:
        message = f"the {what} has no basis: nobody can tell evidence from belief"
        yield found("claim-without-basis", "warning", f"{path}.basis", message, "say observed, inferred or assumed")
    elif claim.basis != "assumed" and not claim.sources:
        message = f"the {what} is said to be {claim.basis} but names no source"
        yield found("claim-without-source", "warning", f"{path}.sources", message, "name the study, table or link")


def _planned(journey: Journey) -> Iterator[Finding]:
    shares: dict[str, float] = {}
    for i, move in enumerate(journey.planned):
        shares[move.source] = shares.get(move.source, 0.0) + (move.share or 0.0)
        # 1e-9 forgives thirds written as decimals; only the move that goes over is named.
        if shares[move.source] > 1 + 1e-9 and shares[move.source] - (move.share or 0.0) <= 1 + 1e-9:
            message = f"the planned departures from {move.source!r} add up to more than 1"
            yield found(
                "shares-above-one",
                "error",
                f"planned[{i}].share",
                message,
                "lower the shares so that they add up to 1 at most",
            )


def _claims(journey: Journey) -> Iterator[tuple[str, Claim]]:
    for touchpoint in journey.touchpoints():
        yield from claims_of(touchpoint)
