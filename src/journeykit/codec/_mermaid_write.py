"""A journey as the text of a Mermaid user journey, with everything the diagram cannot show in lines that Mermaid ignores.

Mermaid knows a title, sections, and tasks with a score and actors. What else a journey holds stands, piece by piece, in
comments of one line: ``%% journeykit: {"touchpoint": {...}}``; `_mermaid_read` makes an equal journey of them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from math import fsum
from typing import Any

from journeykit.codec._journeys import journey_to_tree
from journeykit.model import Journey, Touchpoint

# What ends a text in Mermaid's grammar, begins a comment, a directive or an entity, or is markup where the text is drawn.
_SPECIAL = re.compile('[:;#,%<>&{}"`\\\\\ufb02\xb6]')
# Texts that begin with a word of the grammar, which needs no space behind it ("journeys end" would begin a diagram).
_KEYWORD = re.compile(r"title|section|journey|acc|---|style|classdef", re.IGNORECASE)
_BLANK = re.compile("[\\s\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]+")
_UNFIT = re.compile("[\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff\\u202a-\\u202e]")
_HIDDEN = re.compile("[%<>&\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]")
NEUTRAL = 3.0
OWN_COMMENTS = (
    "%% journeykit: {",
    "%% Scores run from 1 ",
    "%% No feeling is claimed for ",
    "%% The diagram does not show ",
    "%% The scorecard (",
)
"""How the comments begin that writing the journey makes anew."""


def visible(text: str) -> str:
    """The text as it stands in the diagram: one line, every sign of Mermaid's grammar as a numbered entity."""
    words = _UNFIT.sub("\N{REPLACEMENT CHARACTER}", _BLANK.sub(" ", text)).strip()
    if not words:
        return "#32;"
    found = _SPECIAL.sub(lambda sign: f"#{ord(sign[0])};", words)
    return f"#{ord(words[0])};{found[1:]}" if _KEYWORD.match(found) else found


def score_text(valences: Iterable[float]) -> str:
    """The score of a task: the mean valence on Mermaid's scale from 1 to 5; 3 where no feeling is claimed."""
    known = list(valences)
    score = NEUTRAL + fsum(known) / len(known) if known else NEUTRAL
    return f"{score:.2f}".rstrip("0").rstrip(".")


def kept(kind: str, tree: Mapping[str, Any]) -> str:
    """The line that keeps a piece whole. Nothing in it can end the comment, open a directive or be drawn."""
    text = json.dumps({kind: tree}, ensure_ascii=False, allow_nan=False)
    return "%% journeykit: " + _HIDDEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def dumps_mermaid(journey: Journey, *, notes: Iterable[str] = ()) -> str:
    """The journey as a Mermaid user journey that keeps everything else in comments; ``notes`` are further lines at its head."""
    tree = journey_to_tree(journey)
    stages = tree.pop("stages", [])
    lines = ["journey", f"  title {visible(journey.title)}"]
    lines += [f"  %% {_comment(note)}" for note in (*_losses(journey), *notes)]
    lines.append(f"  {kept('journey', tree)}")
    for stage, part in zip(journey.stages, stages, strict=True):
        touchpoints = part.pop("touchpoints", [])
        lines += [f"  section {visible(stage.title)}", f"    {kept('stage', part)}"]
        for touchpoint, own in zip(stage.touchpoints, touchpoints, strict=True):
            lines += [f"    {_task(journey, touchpoint)}", f"    {kept('touchpoint', own)}"]
    return "\n".join(lines) + "\n"


def _task(journey: Journey, touchpoint: Touchpoint) -> str:
    names = {persona.id: persona.name for persona in journey.personas}
    feeling = dict.fromkeys(names[e.persona] for e in touchpoint.emotions if e.persona is not None)
    actors = [touchpoint.actor] if touchpoint.actor else list(feeling)
    line = f"{visible(touchpoint.title)}: {score_text(e.valence for e in touchpoint.emotions)}"
    return f"{line}: {', '.join(map(visible, actors))}" if actors else line


def _comment(note: str) -> str:
    """A line of comment that cannot become anything else."""
    plain = _UNFIT.sub("", note).replace("%", "").replace("{", "(").replace("}", ")")
    return _BLANK.sub(" ", plain).strip()


def _losses(journey: Journey) -> Iterator[str]:
    """What the diagram does not show, in words."""
    yield "Scores run from 1 (frustrated) to 5 (delighted): the mean valence of the touchpoint, plus 3."
    touchpoints = journey.touchpoints()
    if unfelt := [touchpoint.id for touchpoint in touchpoints if not touchpoint.emotions]:
        yield f"No feeling is claimed for {', '.join(unfelt)}: drawn at 3."
    counts = {
        "personas": len(journey.personas),
        "objectives": len(journey.objectives),
        "KPIs": len(journey.kpis),
        "planned moves": len(journey.planned),
        "goals of stages": sum(stage.goal is not None for stage in journey.stages),
        "thoughts": sum(len(t.thoughts) for t in touchpoints),
        "pains": sum(len(t.pains) for t in touchpoints),
        "opportunities": sum(len(t.opportunities) for t in touchpoints),
        "moments of truth": sum(t.moment is not None for t in touchpoints),
        "channels": sum(len(t.channels) for t in touchpoints),
        "match rules": sum(t.match is not None for t in touchpoints),
    }
    if lost := [f"{count} {name}" for name, count in counts.items() if count]:
        yield f"The diagram does not show {', '.join(lost)}; the journeykit lines keep them."
