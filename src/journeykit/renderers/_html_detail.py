"""The detail panel: everything the map and its scorecard hold about one touchpoint, and about the journey as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from journeykit.drawing.explaining import subject_name
from journeykit.drawing.wording import Wording
from journeykit.model import Claim, Emotion, Journey, Opportunity, Pain, Persona, Stage, Thought, Touchpoint
from journeykit.renderers._html_markup import Markup, apart, joined, linked, tag
from journeykit.renderers._html_scores import counted, facts, score_details
from journeykit.results import Score, Scorecard, TouchpointCount

__all__ = ["details"]


def details(journey: Journey, scores: Scorecard | None, wording: Wording) -> Markup:
    """One article a touchpoint in the order of the map, and one about the journey; only what is known stands in them."""
    panel = _Panel(journey, scores, wording)
    return joined(*(joined(article, "\n") for article in panel.articles()))


class _Panel:
    def __init__(self, journey: Journey, scores: Scorecard | None, wording: Wording) -> None:
        self.journey, self.scores, self.wording = journey, scores, wording
        self.text = wording.text
        self.backwards = wording.written == "ar"
        self.personas = {persona.id: persona.name for persona in journey.personas}
        self.counts = {count.id: count for count in scores.coverage.touchpoints} if scores is not None else {}

    def articles(self) -> Iterator[Markup]:
        yield self.whole()
        number = 0
        for stage in self.journey.stages:
            for touchpoint in stage.touchpoints:
                number += 1
                yield self.touchpoint(number, stage, touchpoint)

    # -- one touchpoint ------------------------------------------------------------------------------------------------

    def touchpoint(self, number: int, stage: Stage, touchpoint: Touchpoint) -> Markup:
        kicker = self.wording.joined([stage.title, *touchpoint.channels])
        return self.article(
            touchpoint.id,
            kicker,
            f"{number}. {touchpoint.title}",
            tag("ul", (tag("li", action) for action in touchpoint.actions)) if touchpoint.actions else None,
            self.moment(touchpoint),
            self.part("lane.scores", [self.score(s) for s in self.scored("touchpoint", touchpoint.id)]),
            self.part("html.counted", self.counted(touchpoint)),
            self.part("lane.thoughts", [self.thought(thought) for thought in touchpoint.thoughts]),
            self.part("lane.emotion", [self.emotion(emotion) for emotion in touchpoint.emotions]),
            self.part("lane.pains", [self.pain(pain) for pain in touchpoint.pains]),
            self.part("lane.opportunities", list(self.opportunities(touchpoint))),
            self.part("lane.backstage", self.behind(touchpoint)),
        )

    def article(self, id: str, kicker: str, title: str, *parts: Markup | None) -> Markup:
        head = (tag("p", kicker, class_="kicker"), tag("h2", title, tabindex="-1"))
        return tag("article", head, parts, id=f"d-{id}")

    def part(self, key: str, body: Markup | Sequence[Markup | None] | None) -> Markup | None:
        return tag("section", tag("h3", self.text(key)), body) if body else None

    def scored(self, kind: str, id: str) -> Iterator[Score]:
        yield from (s for s in self.scores or () if (s.subject.kind, s.subject.id) == (kind, id))

    def score(self, score: Score, subject: str | None = None) -> Markup | None:
        if self.scores is None:
            return None
        return score_details(score, self.wording, journey=self.journey, card=self.scores, subject=subject)

    def counted(self, touchpoint: Touchpoint) -> Markup | None:
        count = self.counts.get(touchpoint.id)
        if self.scores is None or count is None:
            return None
        if touchpoint.match is None:
            return tag("p", self.wording.reason("no-match-rule"))
        return facts(self.figures(count, self.scores.coverage.journeys))

    def figures(self, count: TouchpointCount, journeys: int) -> Iterator[tuple[str, str]]:
        yield self.text("html.events"), counted(count.events, self.wording)
        yield self.text("html.journeys"), counted(count.journeys, self.wording)
        known = count.on_board is not None and journeys
        share = f" ({self.wording.percent((count.on_board or 0) / journeys, 1)})" if known else ""
        yield self.text("lane.board"), counted(count.on_board, self.wording) + share

    def moment(self, touchpoint: Touchpoint) -> Markup | None:
        moment = touchpoint.moment
        if moment is None:
            return None
        kind = ", ".join(filter(None, (self.text(f"moment.{moment.kind}"), moment.label)))
        name = tag("p", tag("b", self.text("moment-of-truth")), f" ({kind})")
        why = facts([(self.text("html.why"), moment.why), (self.text("html.plan"), moment.plan)])
        return tag("section", name, why, self.footing(moment), class_="moment")

    def thought(self, thought: Thought) -> Markup:
        said = tag("blockquote", tag("p", self.wording.quoted(thought.text)))
        return self.voiced(thought, said)

    def emotion(self, emotion: Emotion) -> Markup:
        spread = f" ± {self.wording.number(emotion.spread, 1)}" if emotion.spread is not None else ""
        words = (tag("b", self.wording.signed(emotion.valence)), spread, " ", emotion.label)
        return self.voiced(emotion, tag("p", words))

    def pain(self, pain: Pain) -> Markup:
        severity = tag("b", self.text(f"severity.{pain.severity}"), f" ({pain.severity}/3)")
        return self.voiced(pain, tag("p", severity, " ", apart(pain.text, self.backwards)))

    def voiced(self, claim: Claim, said: Markup) -> Markup:
        """A claim; that of one persona can be filtered away."""
        whole = joined(said, self.footing(claim))
        return tag("div", whole, class_=f"by-{claim.persona}") if claim.persona else whole

    def opportunities(self, touchpoint: Touchpoint) -> Iterator[Markup]:
        """Each with what it is ranked by, which speaks of it alone."""
        for place, opportunity in enumerate(touchpoint.opportunities, start=1):
            yield self.opportunity(opportunity)
            yield from filter(None, (self.score(s) for s in self.scored("opportunity", f"{touchpoint.id}#{place}")))

    def opportunity(self, opportunity: Opportunity) -> Markup:
        text = self.text
        about = [text(f"impact.{opportunity.impact}")] if opportunity.impact else []
        about += [text(f"effort.{opportunity.effort}")] if opportunity.effort else []
        about += [text(f"status.{opportunity.status}")] if opportunity.status else []
        about += [opportunity.owner] if opportunity.owner else []
        about += [text("chip.due", day=self.wording.day(opportunity.due))] if opportunity.due else []
        goal = next((o.statement for o in self.journey.objectives if o.id == opportunity.objective), None)
        return joined(
            tag("p", tag("b", opportunity.title)),
            tag("p", self.wording.joined(about), class_="footing") if about else None,
            tag("p", goal, class_="footing") if goal else None,
        )

    def behind(self, touchpoint: Touchpoint) -> Markup | None:
        names = [*touchpoint.backstage, *([self.text("owner", owner=touchpoint.owner)] if touchpoint.owner else [])]
        return tag("ul", (tag("li", name) for name in names)) if names else None

    def footing(self, claim: Claim) -> Markup | None:
        """Whose claim it is and what it rests on."""
        parts: list[str | Markup] = [self.personas[claim.persona]] if claim.persona else []
        parts += [self.text(f"html.{claim.basis}")] if claim.basis else []
        parts += [linked(source) for source in claim.sources]
        parts += [self.text("html.as-of", day=self.wording.day(claim.as_of))] if claim.as_of else []
        between = [part for one in parts for part in (" · ", apart(one, self.backwards))][1:]
        return tag("p", between, class_="footing") if parts else None

    # -- the whole journey ---------------------------------------------------------------------------------------------

    def whole(self) -> Markup:
        journey = self.journey
        others = [s for s in self.scores or () if s.subject.kind not in ("touchpoint", "opportunity")]
        goals = [tag("li", objective.statement) for objective in journey.objectives]
        return self.article(
            "",
            journey.scenario or "",
            journey.title,
            self.part("html.coverage", facts(self.coverage())),
            self.part("lane.scores", [self.score(s, subject=self.subject(s)) for s in others]),
            self.part("html.objectives", tag("ul", goals) if goals else None),
            *(self.persona(persona) for persona in journey.personas),
        )

    def subject(self, score: Score) -> str | None:
        """What a score speaks of where that is not the journey."""
        if score.subject.kind == "journey":
            return None
        return subject_name(attrs.evolve(score, segment=None), self.journey, self.wording)

    def coverage(self) -> Iterator[tuple[str, str | None]]:
        if self.scores is None:
            return
        seen, number = self.scores.coverage, self.wording.number
        for name in ("events", "claimed", "cases", "journeys", "closed", "converted", "abandoned", "open"):
            count = getattr(seen, name)
            yield self.text(f"html.{name}"), self.wording.doubt("suppressed", None) if count is None else number(count)
        if seen.first and seen.last:
            days = (self.wording.day(seen.first), self.wording.day(seen.last))
            yield self.text("html.span"), self.text("source.span", first=days[0], last=days[1])

    def persona(self, persona: Persona) -> Markup:
        said = tag("blockquote", tag("p", self.wording.quoted(persona.quote))) if persona.quote else None
        lists = [tag("ul", (tag("li", words) for words in own)) for own in (persona.goals, persona.pains) if own]
        summary = tag("p", persona.summary) if persona.summary else None
        return tag("section", tag("h3", persona.name), summary, said, lists)
