"""What a score says, in sentences of the reader's language, made from its fields and never from its English text.

Scorers explain themselves in English (`Score.explanation`). Every other language gets sentences of its own from the same
figures: value, interval and level, n, status and reason, components; with the same reserve as the English ones (associated
with, not cause; claimed, not measured). What a score does not carry as a field is not said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from journeykit.drawing.terms import goal_of, length, part_name, unit_name
from journeykit.drawing.wording import Wording
from journeykit.model import Journey
from journeykit.results import Component, Interval, Score, Scorecard

__all__ = ["explained", "knows", "subject_name"]

Written = Callable[[float], str]
_BY_US = re.compile(
    r"friction@1(\+feedback)?|emotion@1|moments@1|peak-end@1|kpi@1|priority-rice@1|priority[a-z-]*@1(\+feedback)?"
    r"|impact-(excess|excess-by-length|removal)-order-\d+@1"
    r"|impact-(first|last|linear-distinct|linear-touch|position|shapley|time-decay-\w+)@1"
)
# What the sentences of a scorer speak of; a scorecard from elsewhere may be without.
_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "impact": (("removal-effect",), ("credit",)),
    "emotion": (("measured",), ("declared",)),
    "priority": (("impact", "friction", "effort"), ("rice", "reach", "impact", "confidence", "effort")),
}
_RULE = re.compile(r"impact-(first|last|linear-distinct|linear-touch|position|shapley|time-decay)\b.*")
_TOP = re.compile(r"p-top-(\d+)")
# The ends of the scale of valence, and the level of the band that `emotion@1` is defined with.
_LOWEST, _HIGHEST, _BAND = -2, 2, 0.95
_LEAST_P = 0.0005


def knows(score: Score) -> bool:
    """Whether the sentences say what the score's own explanation says: it is by a method of ours, or there is no value."""
    if score.value is None:
        return True
    names = {part.name for part in score.components}
    needed = _NEEDED.get(score.scorer, ((),))
    return _BY_US.fullmatch(score.method) is not None and any(names.issuperset(parts) for parts in needed)


def explained(score: Score, journey: Journey, card: Scorecard, words: Wording) -> str:
    """The score in sentences of the wording's language; in English (or for want of a catalogue) as its scorer wrote it."""
    if words.written == "en":
        return score.explanation
    gap = "" if words.written == "ja" else " "
    return gap.join(filter(None, _Explaining(score, journey, card, words).sentences()))


def subject_name(score: Score, journey: Journey, words: Wording) -> str:
    """What a score speaks of by its name on the map, with the persona or segment it is limited to."""
    subject = score.subject
    name = str(subject)
    if subject.kind == "journey":
        name = words.text("html.whole")
    elif subject.kind == "opportunity":
        id, _, place = subject.id.rpartition("#")
        chances = next((t.opportunities for t in journey.touchpoints() if t.id == id), ())
        if place.isdigit() and 0 < int(place) <= len(chances):
            name = words.quoted(chances[int(place) - 1].title)
    elif subject.id in journey:
        part = journey[subject.id]
        named = getattr(part, "title", None) or getattr(part, "name", None)
        name = named if isinstance(named, str) else name
    if score.segment is None:
        return name
    people = {persona.id: persona.name for persona in journey.personas}
    return f"{name} · {people.get(score.segment, score.segment)}"


class _Explaining:
    def __init__(self, score: Score, journey: Journey, card: Scorecard, words: Wording) -> None:
        self.score, self.journey, self.card, self.words = score, journey, card, words
        self.text = words.text
        self.parts = {part.name: part for part in score.components}
        self.name = words.scorer(score.scorer)
        self.subject = subject_name(score, journey, words)

    def sentences(self) -> Iterator[str]:
        score = self.score
        if score.value is None:
            key = "explain.withheld" if score.status == "suppressed" else "explain.missing"
            yield self.text(key, scorer=self.name, subject=self.subject, reason=self.words.reason(score.reason))
            if score.status == "not-estimable" and score.scorer != "kpi":
                yield self.left_out()
            return
        yield from {
            "friction": self.friction,
            "impact": self.impact,
            "emotion": self.emotion,
            "moments": self.moments,
            "kpi": self.kpi,
            "priority": self.priority,
        }.get(score.scorer if knows(score) else "", self.plain)()

    # -- what all of them say ------------------------------------------------------------------------------------------

    def plain(self) -> Iterator[str]:
        """A score of a stranger: the figure and what it rests on; the stranger's own text has to say the rest."""
        yield self.head(lambda value: self.words.number(value, 3))
        if self.score.n is not None:
            yield self.text("explain.rests-on", count=self.score.n)
        yield self.unsure()

    def head(self, written: Written, around: str | None = None, unit: str = "") -> str:
        """The figure with its interval and its level."""
        value = written(self.score.value or 0.0)
        value = self.text(around, value=value) if around else f"{value} {unit}".rstrip()
        said: Any = {"scorer": self.name, "subject": self.subject, "value": value}
        span = self.score.interval
        if span is None:
            return self.text("explain.value", **said)
        ends: Any = {"low": written(span.low), "high": written(span.high)}
        return self.text("explain.value-between", **said, level=self.words.percent(span.level), **ends)

    def unsure(self) -> str:
        """Why the figure is to be doubted, where its scorer doubts it."""
        if self.score.status == "ok":
            return ""
        return self.text("explain.unsure", reason=self.words.reason(self.score.reason))

    def left_out(self) -> str:
        still_open = self.card.coverage.open
        return self.text("explain.open", count=still_open) if still_open else ""

    def no_interval(self) -> str:
        return self.text("explain.no-interval") if self.score.interval is None else ""

    # -- one scorer after the other ------------------------------------------------------------------------------------

    def friction(self) -> Iterator[str]:
        yield self.head(lambda value: self.words.number(value, 2))
        yield self.ended(self.text("comma").join(self.adds(part) for part in self.score.components))
        yield self.unsure()
        if self.score.n is not None:
            yield self.text("explain.reach", count=self.score.n)
        yield self.left_out()
        yield self.text("explain.friction")

    def adds(self, part: Component) -> str:
        """One component: what was measured, and what it adds."""
        words = self.words
        measured = words.percent(part.raw, 0 if part.raw >= 0.01 else 1)
        if part.name == "delay":
            measured = self.text("explain.delay", time=length(part.raw, words))
        key = "explain.adds-all" if part.scaled >= 1 else "explain.adds"
        name = part_name(part.name, words) or part.name
        return self.text(key, part=name, measured=measured, amount=words.number(part.contribution, 2))

    def ended(self, sentence: str) -> str:
        return sentence + ("。" if self.words.written == "ja" else ".")

    def impact(self) -> Iterator[str]:
        if credit := self.parts.get("credit"):
            yield from self.credited(credit)
            return
        words, seen = self.words, self.card.coverage
        yield self.head(lambda value: words.signed(value, 3), around="explain.of-conversions")
        p = self.score.p_value
        if p is not None:
            least = self.text("fewer-than", least=words.number(0.001, 3))
            yield self.text("explain.p", p=words.number(p, 3) if p >= _LEAST_P else least)
        effect, expected = self.parts["removal-effect"], self.parts.get("expected-by-reach")
        shares: Any = {"effect": words.percent(effect.raw, 1)}
        if expected is None:
            yield self.text("explain.removal", **shares)
        else:
            yield self.text("explain.excess", **shares, expected=words.percent(expected.raw, 1))
        yield self.unsure()
        if seen.closed and seen.converted == seen.closed:
            yield self.text("explain.all-converted")
        yield self.text("explain.passes", count=effect.n)
        yield self.text("explain.counted", closed=seen.closed, converted=seen.converted)
        yield self.left_out()
        yield self.text("explain.outcome")

    def credited(self, credit: Component) -> Iterator[str]:
        """An attribution: the rule is somebody's choice, and the sentences say so."""
        found = _RULE.fullmatch(self.score.method)
        rule = found[1] if found else "last"
        yield self.head(lambda value: self.words.percent(value, 1), around="explain.of-conversions")
        yield self.text("explain.credit", count=credit.n, rule=self.text(f"explain.rule.{rule}"))
        yield self.unsure()
        if self.score.n is not None:
            yield self.text("explain.journeys-passing", count=self.score.n)
        yield self.left_out()
        yield self.text("explain.shapley" if rule == "shapley" else "explain.chosen")
        yield self.text("explain.outcome")

    def emotion(self) -> Iterator[str]:
        words, text = self.words, self.text
        measured, declared = self.parts.get("measured"), self.parts.get("declared")
        yield self.head(lambda value: words.signed(value, 2))
        if measured is None:
            yield text("explain.claimed")
            return
        yield self.scale("explain.scale")
        yield text("explain.rated", count=measured.n, share=words.percent(measured.raw))
        yield self.unsure() or self.no_interval()
        if self.score.interval and "within-subject" in self.score.interval.method:
            yield text("explain.compares")
        low, high = self.parts.get("band-low"), self.parts.get("band-high")
        if low and high:
            ends: Any = {"low": words.signed(low.raw, 2), "high": words.signed(high.raw, 2)}
            yield text("explain.band", level=words.percent(_BAND), **ends)
        if declared is not None:
            yield text("explain.beside", value=words.signed(declared.raw, 2))
        yield text("explain.feeling")

    def scale(self, key: str, **more: Any) -> str:
        ends: Any = {"low": self.words.signed(_LOWEST, 0), "high": self.words.signed(_HIGHEST, 0)}
        return self.text(key, **ends, **more)

    def moments(self) -> Iterator[str]:
        words, text = self.words, self.text
        peak, end = self.parts.get("peak"), self.parts.get("end")
        if peak and end:
            yield self.head(lambda value: words.signed(value, 2))
            yield self.scale("explain.peak-end", peak=words.signed(peak.raw, 2), end=words.signed(end.raw, 2))
            yield text("explain.ends", count=end.n)
            yield self.unsure()
            yield self.left_out()
            yield text("explain.remembered")
            return
        yield self.head(lambda value: words.number(value, 2), around="explain.of-one")
        for part in self.score.components:
            yield text("explain.criterion", criterion=part_name(part.name, words) or part.name)
        yield self.unsure()
        touchpoint = next((t for t in self.journey.touchpoints() if t.id == self.score.subject.id), None)
        declared = touchpoint.moment if touchpoint else None
        kind = text(f"moment.{declared.kind}") if declared else ""
        yield text("explain.declares", kind=kind) if declared else text("explain.declares-none")
        yield self.left_out()
        yield text("explain.moment")

    def kpi(self) -> Iterator[str]:
        words, score = self.words, self.score
        unit = unit_name(score.unit, words) or score.unit
        yield self.head(words.number, unit=unit)
        if funnel := self.parts.get("funnel"):
            yield self.text("explain.funnel", share=words.percent(funnel.raw), count=funnel.n)
        elif metric := self.parts.get("metric"):
            yield self.text("explain.metric", count=metric.n)
        if (before := self.parts.get("previous")) and (days := self.parts.get("days-between")):
            value = f"{words.number(before.raw)} {unit}"
            yield self.text("explain.before", value=value, span=length(86_400 * days.raw, words))
        yield self.unsure()
        for goal in self.journey.objectives:
            if goal.kpi == score.subject.id:
                yield from self.towards(goal.id, words.quoted(goal.statement), unit)
        yield self.text("explain.linked")

    def towards(self, id: str, goal: str, unit: str) -> Iterator[str]:
        """How far an objective still is, from the components that stand beside the KPI's value."""
        words, text = self.words, self.text
        named = ((goal_of(part.name), part.raw) for part in self.score.components)
        found = {key[1]: raw for key, raw in named if key and key[0] == id}
        target, distance, way = found.get("target"), found.get("distance"), found.get("way")
        if target is None:
            yield text("explain.goal-none", goal=goal)
        else:
            said: Any = {"goal": goal, "target": words.number(target)}
            if distance is None:
                yield text("explain.goal-apart", **said)
            elif distance > 0:
                yield text("explain.goal", **said, distance=f"{words.number(distance)} {unit}")
            else:
                yield text("explain.goal-reached", **said)
            if distance is not None and self.holds(self.score.interval, target):
                yield text("explain.inside")
        if way is not None and "baseline" in found:
            yield text("explain.way", baseline=words.number(found["baseline"]), share=words.percent(way))
        if "days-left" in found:
            days = round(found["days-left"])
            yield text("explain.days" if days >= 0 else "explain.days-over", count=abs(days))

    def holds(self, span: Interval | None, value: float) -> bool:
        return span is not None and span.low <= value <= span.high

    def priority(self) -> Iterator[str]:
        words, text, parts = self.words, self.text, self.parts
        yield self.head(lambda value: words.number(value, 2))
        amounts: Any = {name: words.number(part.raw) for name, part in parts.items()}
        if "rice" in parts:
            share: Any = {"confidence": words.percent(parts["confidence"].raw)}
            yield text("explain.rice", **{k: amounts[k] for k in ("rice", "reach", "impact", "effort")}, **share)
            yield text("explain.estimated" if self.score.interval is None else "explain.reach-measured")
        else:
            size: Any = {
                "impact": words.signed(parts["impact"].raw, 3),
                "friction": words.number(parts["friction"].raw, 2),
            }
            yield text("explain.priority", **size, effort=amounts["effort"])
            if self.chance():
                yield text("explain.holds-zero")
            yield self.no_interval()
        small = [part for part in self.score.components if part.weight and abs(part.raw) < part.scaled]
        if small:
            named = (part_name(part.name, words) or part.name for part in small)
            yield text("explain.floor", least=words.number(small[0].scaled, 3), parts=words.joined(named))
        for name, part in parts.items():
            if found := _TOP.fullmatch(name):
                yield text("explain.first", count=int(found[1]), share=words.percent(part.raw))
        yield self.unsure()
        yield text("explain.twice")
        if "rice" not in parts:
            yield text("explain.mending")

    def chance(self) -> bool:
        """Whether the interval of the impact that enters holds 0, as far as the scorecard tells."""
        id = self.score.subject.id.rpartition("#")[0]
        own = (s for s in self.card.scores if (s.subject.id, s.scorer, s.segment) == (id, "impact", None))
        return any(self.holds(score.interval, 0.0) and bool(score.value) for score in own)
