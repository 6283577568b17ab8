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
    "everybody passes gets most. Where the events are a sample of single events it means nothing."
)
# The longest beginning of the method's name decides.
_READINGS = {
    "impact-excess": "0 is no more than its reach explains, 0.100 is 10 % of all conversions more than that, and below 0 is "
    "less. *n* is the closed journeys that pass it before their success; *p* tests whether the value differs from 0, adjusted "
    "for the number of touchpoints.",
    "impact-removal": "1 is that every conversion would be lost with it. *n* is the closed journeys that pass it before their "
    "success.",
    "impact": "The share of the conversions dealt to it. *n* is the closed journeys that pass it.",
    "friction": "0 is not in the way at all, 1 is the worst that the scale can show. *n* is the closed journeys that reach it "
    "up to their end.",
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
    "impact-shapley": _DEALT,
    "impact": f"{_DEALT} A rule of thumb that somebody chose, not a measurement, hence without an interval.",
    "friction": "The weights are a convention: each score's explanation says how its rank moves when one is halved or doubled. "
    "A part is at its worst at a share of 50 % or at 64 times the expected wait, and beyond that no difference shows. It is "
    "counted by journey: ten returns by one customer weigh as much as two. It shows where journeys stall, not why; a page "
    "that people come back to on purpose scores as rework, and where the log misses what came next, as drop-off. Five minutes "
    "are expected to the next touchpoint unless the map says otherwise.",
    "friction@1+feedback": "Two fifths of the value are what customers said: those who answer differ from those who do not.",
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
