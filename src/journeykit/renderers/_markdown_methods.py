"""How to read a score, and when not to believe it: one text a method, found by how its name begins."""

from __future__ import annotations

from journeykit.renderers._markdown_text import code, escaped
from journeykit.results import Scorecard

__all__ = ["methods_section", "reading_of"]

_OTHER_DOUBT = "See the explanation of each of its scores."
_ASSOCIATION = "An association, never a cause: customers who pass a touchpoint differ from those who do not."
_CHAIN = (
    "The closed journeys are a Markov chain that remembers as many touchpoints as the name of the method says. A chain "
    "forgets: nothing that lies before that many touchpoints which every path ends in can show an excess. A touchpoint that "
    "nearly every closed journey passes has nothing to be compared with. A step without which there is no success (paying, "
    "receiving) has a high value by definition, not because it persuades. Where the events are a sample of single events, "
    "paths mean nothing, and neither does this figure. Do not act on it with few conversions, or when the log misses "
    "channels that matter."
)
_DEALT = (
    f"{_ASSOCIATION} It deals conversions out and looks at nothing else: what failed journeys passed does not count, so what "
    "everybody passes can get most. Where the events are a sample of single events it means nothing."
)
_THUMB = f"{_DEALT} A rule of thumb that somebody chose, not a measurement, hence without an interval."
# The longest beginning of the method's name decides.
_READINGS = {
    "impact-excess": "0 is no more than its reach explains, 0.100 is 10 % of all conversions more than that, and below 0 is "
    "less. *n* is the closed journeys that pass it before their success; *p* tests whether the value differs from 0, adjusted "
    "for the number of touchpoints.",
    "impact-removal": "1 is that every conversion would be lost with it. *n* is the closed journeys that pass it before their "
    "success.",
    "impact": "The share of the conversions dealt to it; the shares sum to 1. *n* is the closed journeys that pass it before "
    "their success, and those that pass it without one.",
    "friction": "0 is not in the way at all, 1 is the worst that the scale can show. *n* is the closed journeys that reach it "
    "up to their end.",
    "emotion": "−2 is frustrated, 0 is neutral, +2 is delighted. *n* is the customers who rated it, each with one voice; the "
    "interval serves to compare touchpoints.",
    "moments": "The largest of four criteria: how far the emotion lies from neutral, how many journeys begin here, how many "
    "end here, and how evenly customers divide over the ways on. 0 is none of them, 1 the most that one of them can be. *n* "
    "counts what the largest rests on, customers or closed journeys.",
    "peak-end": "The mean of the most intense emotion and of the emotion at the end, from −2 to +2. *n* is the closed journeys "
    "that end at a touchpoint with an emotion.",
    "kpi": "Each KPI stands in its own unit, in the order of the map. *n* is the entrants of a funnel, or the points in time "
    "of a metric.",
    "priority": "One more is twice as much, and 0 is the most there can be. *n* is the smaller of the journeys behind impact "
    "and behind friction.",
    "priority-rice": "The logarithm to base 2 of reach × impact × confidence / effort: one more is twice as much. *n* is the "
    "customers whose reach was measured, or 1 where people estimated it.",
}
_DOUBTS = {
    "impact-excess": f"{_ASSOCIATION} The removal effect is the share of conversions that would be lost if every visit to the "
    "touchpoint were lost; it mostly measures reach. The value is what is left of it after the mean of the same effect "
    "with conversions shuffled among all closed journeys. Busy customers see more of everything and convert more, which may lend "
    "every touchpoint a small excess (up to about 0.06 in a simulation in which only the number of visits mattered). "
    f"{_CHAIN} *p* is two-sided, from the same shuffles (999 unless the scorer was told otherwise, so never below 0.001), and "
    "Benjamini-Hochberg adjusted over the touchpoints. The interval comes from a bootstrap instead; where few conversions pass a "
    "touchpoint it is too narrow and the two can disagree: believe *p* then.",
    "impact-excess-by-length": f"{_ASSOCIATION} The removal effect is the share of conversions that would be lost if every visit "
    "to the touchpoint were lost; it mostly measures reach. The value is what is left of it after the mean of the same effect "
    "with conversions shuffled among journeys of about equal length. In a funnel, where length is progress, that takes away "
    f"the very effect that is asked for. {_CHAIN}",
    "impact-removal": f"{_ASSOCIATION} It is the share of conversions that would be lost if every visit to the touchpoint were "
    f"lost, and mostly measures reach: a touchpoint that everybody passes has nearly 1. {_CHAIN}",
    "impact-shapley": f"{_DEALT} Each conversion goes in equal shares to the different touchpoints before it, whatever their "
    "order and number. The interval tells how much the shares would vary with other conversions, not whether they are deserved.",
    "impact-linear-distinct": f"{_THUMB} Each conversion goes in equal shares to the different touchpoints before it.",
    "impact-linear-touch": f"{_THUMB} Each conversion goes in equal shares to every touch before it, so what people come to "
    "often gets much.",
    "impact-first": f"{_THUMB} Each conversion goes to the first touch before it; what led from there to success gets nothing.",
    "impact-last": f"{_THUMB} Each conversion goes to the last touch before it, which is often a step that nobody can skip.",
    "impact-position": f"{_THUMB} Each conversion gives 40 % to the first touch, 40 % to the last and the rest to those between.",
    "impact-time-decay": f"{_THUMB} A touch weighs half as much for each half-life (in the name of the method) that it lies "
    "before the last one, so slow beginnings get little.",
    "impact": _THUMB,
    "friction": "The weights are a convention: each score's explanation says how its rank moves when one is halved or doubled. "
    "A part is at its worst at a share of 50 % or at 64 times the expected wait, and beyond that no difference shows. It is "
    "counted by journey: ten returns by one customer weigh as much as two. It shows where journeys stall, not why; a page "
    "that people come back to on purpose scores as rework, and where the log misses what came next, as drop-off. Five minutes "
    "are expected to the next touchpoint unless the map says otherwise.",
    "friction@1+feedback": "Two fifths of the value are what customers said: those who answer differ from those who do not.",
    "emotion": "Only those who answered are heard, and the very happy and the very angry answer more. At the end of a journey "
    "only those rate who came so far. Three of five stars and five of ten points are not known to mean the same. What the "
    "map claims has no weight where there are ratings; where there are none it is the whole value, *n* is 0, and nothing is "
    "measured. The interval compares touchpoints: where customers rated several, their own level is taken out, so it is not the "
    "uncertainty of the level of all customers. The explanations also give a band that holds at every touchpoint at once: use it "
    "to look for the one that stands out.",
    "moments": "A heuristic: what is remembered and what decides is not observed. A page with ten links taken equally often "
    "looks like a dilemma. What is first and last depends on what the map has touchpoints for, and on where success ends the "
    "path. The largest of several uncertain figures is a little too large: look at the share of resamples in which a "
    "touchpoint ranks first. A claim of the map counts only where no criterion rests on enough data, and the score is then "
    "not ranked.",
    "peak-end": "A heuristic for what is remembered. Peak and end are means over many customers, and none of them needs to have "
    "had both. Where ratings are few, the most intense of them is partly chance.",
    "kpi": "That a touchpoint or an objective belongs to a KPI is declared on the map, not measured. A metric is taken as "
    "reported, and a reported figure does not tell its error. A funnel counts open journeys too, some of which may still get "
    "through. Trends, seasons and values that resemble the one before make control limits too narrow.",
    "priority": "Low, medium and high effort are taken for 1, 2 and 3, which is a convention. Opportunities of one touchpoint "
    "differ by their effort alone. Impact counts by its size, whatever its sign, and a size that is chance is not 0 either: the "
    "explanation says where its interval holds 0. Friction at an important place says where to look; only an experiment tells "
    "what mending it changes.",
    "priority-rice": "It orders what people believe: impact, confidence and effort are estimates, and their only doubt is the "
    "confidence they state. A reach that is measured takes the customers of the log for a steady stream of new ones. Words such "
    "as a high impact are an order and cannot be multiplied, so an opportunity without RICE is not ranked among those with it.",
}


def reading_of(method: str) -> str:
    """What the value, n and p of a method mean, as Markdown; empty for a method of another package."""
    return _longest(_READINGS, method)


def methods_section(scores: Scorecard) -> str:
    """The section on methods: each method once, how its intervals were made, and the seed."""
    lines = []
    for method, scorer in dict.fromkeys((score.method, score.scorer) for score in scores):
        doubt = _longest(_DOUBTS, method) or _OTHER_DOUBT
        if method.startswith("friction@1+feedback"):
            doubt = f"{_DOUBTS['friction']} {doubt}"
        intervals = [s.interval.method for s in scores if s.method == method and s.interval]
        made = f" Intervals: {'; '.join(map(escaped, dict.fromkeys(intervals)))}." if intervals else ""
        lines.append(f"- {code(method)} ({escaped(scorer)}). {doubt}{made}")
    lines.append(
        "- Intervals and p-values take journeys as independent. Where one customer makes several (as when they are counted by "
        "session), intervals are too narrow and p-values too small."
    )
    lines.append(f"- Seed of everything that depends on chance: {scores.seed}.")
    return "## Methods, and when not to believe them\n\n" + "\n".join(lines)


def _longest(texts: dict[str, str], method: str) -> str:
    begins = [name for name in texts if method.startswith(name)]
    return texts[max(begins, key=len)] if begins else ""
