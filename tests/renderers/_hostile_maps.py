"""A map that uses every field, and the same map with foreign text in each of them, the model's own refusals passed by."""

from __future__ import annotations

import copy
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import attrs

from journeykit.model import (
    Condition,
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
    Rice,
    Stage,
    Thought,
    Touchpoint,
    Transition,
)
from journeykit.model import _checks as check
from journeykit.model._frozen import FrozenMap

# A text that is told apart from every other, wherever it comes out.
Field = tuple[str, str]


def everything() -> Journey:
    """Four touchpoints in two stages, and something in every field of every class."""
    words: dict[str, Any] = {"basis": "observed", "sources": ["Interviews 2024"], "as_of": date(2024, 2, 1)}
    one = Touchpoint(
        id="search",
        title="Looks for shoes",
        channels=["Web search", "shop"],
        actor="Ann",
        match=Match(any=[
            Match(event=["view", "page_view"], where={"page": Condition("glob", "/shoes/*"), "device": "phone"}),
            Match(event=Condition("any", [Condition("eq", "open"), Condition("not", Condition("eq", "shut"))])),
        ]),
        expected=timedelta(hours=1),
        actions=["Types a word", "Reads on"],
        thoughts=[Thought(text="So many lists", persona="ann", **words), Thought(text="Which one?")],
        emotions=[
            Emotion(valence=-1.5, label="annoyed", spread=0.5, persona="ann", **words),
            Emotion(valence=0.5, label="calm", persona="bob"),
        ],
        pains=[Pain(text="Ads on top", severity=3, persona="ann", **words)],
        opportunities=[
            Opportunity(
                title="A guide", impact="high", effort="low", owner="Content desk", status="planned",
                due=date(2024, 9, 1), objective="more", rice=Rice(reach=900, impact=2, confidence=0.8, effort=1.5),
            ),
        ],
        moment=Moment(kind="decision", label="ZMOT", why="They choose here", plan="Be there", persona="ann", **words),
        backstage=["Search engine", "Content desk"],
        kpis=["orders"],
        owner="Marketing",
    )  # fmt: skip
    two = attrs.evolve(one, id="cart", title="Fills the cart", match=Match(event="cart"), moment=None)
    two = attrs.evolve(two, emotions=[Emotion(valence=1.0, persona="ann"), Emotion(valence=-1.0, persona="bob")])
    three = attrs.evolve(one, id="pay", title="Pays", match=Match(event="pay"))
    three = attrs.evolve(three, emotions=[Emotion(valence=1.5, label="glad")])
    four = Touchpoint(id="call", title="Calls", channels=["phone"])
    ann = Persona(
        id="ann", name="Ann", summary="Runs twice a week", demographics={"age": "34", "town": "Bonn"},
        goals=["New shoes"], pains=["No time"], behaviours=["Compares"], channels=["web"], quote="By Saturday, please",
        portrait="https://example.org/ann.png", segment=Match(event="sign up", where={"plan": "free"}),
        updated=date(2024, 1, 1),
    )  # fmt: skip
    return Journey(
        id="shoes",
        title="Buying shoes",
        scenario="A first order",
        status="future",
        owner="Shop team",
        version="3.1",
        language="en",
        reviewed=date(2024, 5, 1),
        review_every=timedelta(days=90),
        case="session",
        outcome=Outcome(success=Match(event="order"), abandon=Match(event="left"), within=timedelta(days=7)),
        personas=[ann, attrs.evolve(ann, id="bob", name="Bob")],
        objectives=[
            Objective(
                id="more", statement="More orders", kpi="orders", baseline=10, target=20, unit="a day",
                start=date(2024, 1, 1), due=date(2024, 12, 31), owner="Shop", persona="ann", need="To find shoes",
            ),
        ],
        kpis=[
            Kpi(id="orders", name="Orders", unit="a day", source="orders"),
            Kpi(id="buyers", name="Buyers", unit="%", source=FunnelSource(funnel=["search", "pay"])),
        ],
        stages=[
            Stage(id="find", title="Find", goal="See what there is", objectives=["more"], touchpoints=[one, two]),
            Stage(id="buy", title="Buy", goal="Get it", touchpoints=[three, four]),
        ],
        planned=[Transition(source="search", target="cart"), Transition(source="cart", target="pay")],
    )  # fmt: skip


def free(field: attrs.Attribute[Any], kind: Any) -> bool:
    """Whether the field takes any text: no id, no choice from a list, no language tag."""
    return _holds_text(kind) and not any(
        rule in (check.slug, check.language_tag) or hasattr(rule, "allowed") for rule in _rules(field.validator)
    )


def _rules(rule: Any) -> Iterator[Any]:
    while rule is not None:
        yield rule
        rule = getattr(rule, "optional", None) or getattr(rule, "rule", None)


def _holds_text(kind: Any) -> bool:
    return kind in (str, Any) or any(_holds_text(part) for part in typing.get_args(kind))


def text_fields(cls: type[Any] = Journey, seen: set[type[Any]] | None = None) -> set[Field]:
    """Every field of the journey, and of all that a journey may hold, that takes any text: found by their types."""
    seen = set() if seen is None else seen
    if cls in seen:
        return set()
    seen.add(cls)
    found: set[Field] = set()
    hints = typing.get_type_hints(cls)
    for field in attrs.fields(cls):
        if free(field, hints[field.name]):
            found.add((cls.__name__, field.name))
        for inner in _classes(hints[field.name]):
            found |= text_fields(inner, seen)
    return found


def _classes(kind: Any) -> Iterator[type[Any]]:
    if isinstance(kind, type) and not isinstance(kind, types.GenericAlias) and attrs.has(kind):
        yield kind
    for part in typing.get_args(kind):
        yield from _classes(part)


class Texts:
    """Puts texts into fields, one after the other in turn, so that few maps bring every text to every place."""

    def __init__(self, texts: tuple[str, ...], *, only: Field | None = None, ids: bool = False, first: int = 0,
                 most: int | None = None) -> None:  # fmt: skip
        self.texts, self.only, self.ids, self.place, self.left = texts, only, ids, first, most
        self.filled: set[Field] = set()

    def text(self) -> str:
        self.place += 1
        return self.texts[self.place % len(self.texts)]

    def put(self, value: Any) -> Any:
        """A copy of the value with its texts replaced; the model, which would refuse many of them, is not asked."""
        if isinstance(value, tuple):
            return tuple(map(self.put, value))
        if isinstance(value, Mapping):
            return FrozenMap({key: self.put(member) for key, member in value.items()})
        if not attrs.has(type(value)):
            return value
        made, hints = copy.copy(value), typing.get_type_hints(type(value))
        for field in attrs.fields(type(value)):
            old, name = getattr(value, field.name), (type(value).__name__, field.name)
            new = self.put(old)
            wanted = self.only in (None, name) and _holds_text(hints[field.name]) and self.left != 0
            if wanted and (self.ids or free(field, hints[field.name])) and (texts := self._for(new)) is not new:
                new = texts
                self.filled.add(name)
                self.left = None if self.left is None else self.left - 1
            object.__setattr__(made, field.name, new)
        return made

    def _for(self, old: Any) -> Any:
        if isinstance(old, str):
            return self.text()
        if isinstance(old, tuple) and old and all(isinstance(member, str) for member in old):
            return tuple(self.text() for _ in old)
        if isinstance(old, Mapping) and old:
            return FrozenMap(
                {self.text(): self.text() if isinstance(member, str) else member for member in old.values()}
            )
        return old
