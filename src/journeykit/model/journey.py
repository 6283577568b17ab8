"""The journey itself: the map as one immutable value, its invariants, and the edits that keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, Literal

import attrs
from attrs import field, frozen

from journeykit.errors import ArgumentError, JourneyError
from journeykit.model import _checks as check
from journeykit.model._frozen import Value
from journeykit.model._showing import line, paged, shown
from journeykit.model.claims import Claim
from journeykit.model.goals import FunnelSource, Kpi, Objective
from journeykit.model.matching import Match
from journeykit.model.persona import Persona
from journeykit.model.stages import Stage, Touchpoint
from journeykit.problems import Address, Problem

__all__ = ["Journey", "Outcome", "Part", "Transition"]

_MANY = 1_000

Part = Persona | Objective | Kpi | Stage | Touchpoint


@frozen(kw_only=True, eq=False, repr=False)
class Outcome(Value):
    """How a journey ends: the event that is success, the one that is giving up, and the window for both.

    ``within`` is the conversion window, counted from a case's first event and inclusive; it is also how long a case must
    have been silent before it counts as closed (default 30 days).
    """

    success: Match = field(validator=check.instance_of(Match))
    abandon: Match | None = field(default=None, validator=check.optional(check.instance_of(Match)))
    within: timedelta | None = field(default=None, validator=check.optional(check.duration))


@frozen(kw_only=True, eq=False, repr=False)
class Transition(Value):
    """A planned move from one touchpoint (its id) to another; ``share`` is the expected share of departures, 0 to 1."""

    source: str = field(validator=check.slug)
    target: str = field(validator=check.slug)
    share: float | None = field(
        default=None, converter=check.as_optional_float, validator=check.optional(check.number(0, 1))
    )


@frozen(kw_only=True, eq=False, repr=False)
class Journey(Value):
    """A customer journey map: what we believe, as typed data.

    ``case`` says what one journey is counted by: ``customer``, ``session`` or any column of the events. ``reviewed`` is
    the day of the last review, ``review_every`` the longest time between two. All ids are unique across the journey.
    """

    id: str = field(validator=check.slug)
    title: str = field(validator=check.filled)
    scenario: str | None = field(default=None, validator=check.optional(check.filled))
    status: Literal["current", "future"] = field(default="current", validator=check.choice("current", "future"))
    owner: str | None = field(default=None, validator=check.optional(check.filled))
    version: str | None = field(default=None, validator=check.optional(check.filled))
    language: str = field(default="en", validator=check.language_tag)
    reviewed: date | None = field(default=None, validator=check.optional(check.day))
    review_every: timedelta | None = field(default=None, validator=check.optional(check.duration))
    case: str = field(default="customer", validator=check.filled)
    outcome: Outcome | None = field(default=None, validator=check.optional(check.instance_of(Outcome)))
    personas: tuple[Persona, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Persona))
    )
    objectives: tuple[Objective, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Objective))
    )
    kpis: tuple[Kpi, ...] = field(default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Kpi)))
    stages: tuple[Stage, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Stage))
    )
    planned: tuple[Transition, ...] = field(
        default=(), converter=check.as_tuple, validator=check.each(check.instance_of(Transition))
    )

    def __attrs_post_init__(self) -> None:
        if problems := [*self._repeated_ids(), *self._dangling_references()]:
            raise JourneyError(problems)

    def __repr__(self) -> str:
        # All of a map fills the screen; its parts show themselves whole, and dumps() writes it.
        return f"<{line(self)}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return shown(self)

    def interactive(self, scores: Any = None) -> Any:
        """The map as an interactive page: a `Rendering` by the installed ``html`` renderer, which a notebook shows in a frame.

        With a `Scorecard` of this journey as ``scores``, the page goes from each score down to what it was counted from.
        Raises `PluginMissingError` when no renderer is called ``html``, `ArgumentError` for scores of another journey.
        """
        return paged(self, scores)

    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """Every touchpoint in the order of the map."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)

    def stage_of(self, touchpoint: str) -> Stage:
        """The stage that holds the touchpoint of this id; `ArgumentError` when there is none."""
        for stage in self.stages:
            if any(t.id == touchpoint for t in stage.touchpoints):
                return stage
        raise ArgumentError(f"no touchpoint {touchpoint!r} in journey {self.id!r}")

    def __getitem__(self, id: str) -> Part:
        """The persona, objective, KPI, stage or touchpoint of this id; `KeyError` when there is none."""
        for _, part in self._parts():
            if part.id == id:
                return part
        raise KeyError(id)

    def __contains__(self, id: object) -> bool:
        return any(part.id == id for _, part in self._parts())

    def replace(self, id: str, /, **changes: Any) -> Journey:
        """A new journey in which the part of this id (or the journey itself) has the given fields changed.

        An id itself never changes, because maps, scores and histories refer to it. Raises `ArgumentError` when there is
        no such id or field, `JourneyError` when the result would not be valid.
        """
        part = self if id == self.id else self._part(id)
        known = [a.name for a in attrs.fields(type(part)) if a.name != "id"]
        if "id" in changes:
            raise ArgumentError("ids are stable for ever: add a part with the new id and remove the old one")
        if unknown := sorted(set(changes) - set(known)):
            raise ArgumentError(f"a {type(part).__name__} has no field {', '.join(unknown)}; it has {', '.join(known)}")
        if isinstance(part, Journey):
            return attrs.evolve(self, **changes)
        new = attrs.evolve(part, **changes)
        return self._mapped(lambda member: (new,) if member.id == id else (member,))

    def with_touchpoint(self, touchpoint: Touchpoint, *, stage: str, after: str | None = None) -> Journey:
        """A new journey with the touchpoint added to a stage: behind ``after``, else at the stage's end."""
        found = self._part(stage)
        if not isinstance(found, Stage):
            raise ArgumentError(f"{stage!r} is a {type(found).__name__}, not a Stage")
        return self.replace(stage, touchpoints=_inserted(found.touchpoints, touchpoint, after))

    def with_stage(self, stage: Stage, *, after: str | None = None) -> Journey:
        """A new journey with the stage added: behind the stage ``after``, else at the end."""
        return attrs.evolve(self, stages=_inserted(self.stages, stage, after))

    def with_persona(self, persona: Persona) -> Journey:
        """A new journey with the persona added."""
        return self.replace(self.id, personas=(*self.personas, persona))

    def with_objective(self, objective: Objective) -> Journey:
        """A new journey with the objective added."""
        return self.replace(self.id, objectives=(*self.objectives, objective))

    def with_kpi(self, kpi: Kpi) -> Journey:
        """A new journey with the KPI added."""
        return self.replace(self.id, kpis=(*self.kpis, kpi))

    def without(self, id: str) -> Journey:
        """A new journey without the part of this id; `JourneyError` names what still refers to it."""
        self._part(id)
        return self._mapped(lambda member: () if member.id == id else (member,))

    def _part(self, id: str) -> Part:
        if id not in self:
            raise ArgumentError(f"journey {self.id!r} holds nothing with the id {id!r}")
        return self[id]

    def _mapped(self, change: Callable[[Any], tuple[Any, ...]]) -> Journey:
        def changed(members: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple(new for member in members for new in change(member))

        stages = tuple(
            attrs.evolve(stage, touchpoints=inner)
            if (inner := changed(stage.touchpoints)) != stage.touchpoints
            else stage
            for stage in changed(self.stages)
        )
        return attrs.evolve(
            self,
            personas=changed(self.personas),
            objectives=changed(self.objectives),
            kpis=changed(self.kpis),
            stages=stages,
        )

    def _parts(self) -> Iterator[tuple[str, Part]]:
        for name in ("personas", "objectives", "kpis"):
            for i, part in enumerate(getattr(self, name)):
                yield f"{name}[{i}]", part
        for i, stage in enumerate(self.stages):
            yield f"stages[{i}]", stage
            for j, touchpoint in enumerate(stage.touchpoints):
                yield f"stages[{i}].touchpoints[{j}]", touchpoint

    def _repeated_ids(self) -> Iterator[Problem]:
        first = {self.id: "the journey itself"}
        for path, part in self._parts():
            if part.id in first:
                message = f"the id {part.id!r} is taken by {first[part.id]}; ids are unique across the journey"
                yield Problem(code="repeated-id", message=message, address=Address(path=f"{path}.id"))
            first.setdefault(part.id, path)

    def _dangling_references(self) -> Iterator[Problem]:
        ids: dict[str, set[str]] = {
            "persona": set(),
            "objective": set(),
            "kpi": set(),
            "stage": set(),
            "touchpoint": set(),
        }
        for _, part in self._parts():
            ids[type(part).__name__.lower()].add(part.id)
        for path, kind, id in self._references():
            if id not in ids[kind]:
                # Quadratic, so only where a person could have written the map by hand.
                import difflib  # noqa: PLC0415  # for faults alone

                near = difflib.get_close_matches(id, sorted(ids[kind]), n=1) if len(ids[kind]) <= _MANY else []
                yield Problem(
                    code=f"unknown-{kind}",
                    message=f"no {kind} has the id {id!r}",
                    address=Address(path=path),
                    hint=f"did you mean {near[0]!r}?" if near else None,
                )

    def _references(self) -> Iterator[tuple[str, str, str]]:
        """Every reference in the journey as (path, kind of the target, id)."""
        for path, part in self._parts():
            if isinstance(part, Objective):
                if part.kpi:
                    yield f"{path}.kpi", "kpi", part.kpi
                if part.persona:
                    yield f"{path}.persona", "persona", part.persona
            elif isinstance(part, Kpi) and isinstance(part.source, FunnelSource):
                for i, id in enumerate(part.source.funnel):
                    yield f"{path}.source.funnel[{i}]", "touchpoint", id
            elif isinstance(part, Stage):
                for i, id in enumerate(part.objectives):
                    yield f"{path}.objectives[{i}]", "objective", id
            elif isinstance(part, Touchpoint):
                yield from _touchpoint_references(path, part)
        for i, move in enumerate(self.planned):
            yield f"planned[{i}].source", "touchpoint", move.source
            yield f"planned[{i}].target", "touchpoint", move.target


def _touchpoint_references(path: str, touchpoint: Touchpoint) -> Iterator[tuple[str, str, str]]:
    for i, id in enumerate(touchpoint.kpis):
        yield f"{path}.kpis[{i}]", "kpi", id
    for i, opportunity in enumerate(touchpoint.opportunities):
        if opportunity.objective:
            yield f"{path}.opportunities[{i}].objective", "objective", opportunity.objective
    claims: list[tuple[str, Claim]] = [
        (f"{name}[{i}]", claim)
        for name in ("thoughts", "emotions", "pains")
        for i, claim in enumerate(getattr(touchpoint, name))
    ]
    if touchpoint.moment:
        claims.append(("moment", touchpoint.moment))
    for place, claim in claims:
        if claim.persona:
            yield f"{path}.{place}.persona", "persona", claim.persona


def _inserted(members: tuple[Any, ...], new: Any, after: str | None) -> tuple[Any, ...]:
    if after is None:
        return (*members, new)
    ids = [member.id for member in members]
    if after not in ids:
        raise ArgumentError(f"nothing to insert after: no {after!r} among {', '.join(ids) or 'no members'}")
    place = ids.index(after) + 1
    return (*members[:place], new, *members[place:])
