"""What a draft says of itself, in the language of the map: what was counted, and what its reader must know."""

from __future__ import annotations

import json
import re
from typing import Literal

from attrs import field, frozen

from journeykit.discovery._facts import Facts
from journeykit.discovery._names import alike
from journeykit.drawing.wording import Wording, wording

__all__ = ["Telling", "telling"]

_SOURCES = 3
# From this share of tied events on, the order of the map is partly the order of the file, and the reader must know.
_MANY_TIES = 0.1
# So many sets of names that look alike are spelt out.
_ALIKE = 3
# A picture isolates what it prints by itself; in a map, which people edit, invisible signs would be in the way.
_ISOLATES = re.compile("[\u2066-\u2069]")


@frozen(kw_only=True)
class Telling:
    """The words of a draft; ``case`` is what one journey is counted by. Made by `telling`."""

    case: str
    _words: Wording = field(alias="words")

    def other(self, names: int) -> str:
        """The title of the touchpoint for so many other names."""
        return self._text("draft.other", n=names)

    def no_stage(self) -> str:
        """The title of the stage for what stands in none of the given ones."""
        return self._text("draft.no-stage")

    def moment(self, kind: Literal["first", "last"], count: int, total: int) -> str:
        """Why a touchpoint is where journeys begin or end."""
        share = self._words.number(100 * count / total)
        return self._text(f"draft.{kind}", n=count, people=self._people(total), share=share)

    def scenario(self, facts: Facts, kept: set[str], *, cases: int, ties: int, unnamed: int, floor: int) -> str:
        """What was counted, and where the draft is not what one might think; ``kept`` are the names of its touchpoints."""
        count = sum(facts.counts.values())
        said = [self._counted(facts, count, cases)]
        if ties >= _MANY_TIES * count:
            said.append(self._text("draft.ties", n=ties))
        if hidden := len([name for name in facts.names if name not in facts.tellable and name not in kept]):
            every = hidden == len(facts.names)
            said.append(self._text("draft.all-few" if every else "draft.few", n=hidden, floor=floor))
        if unnamed:
            said.append(self._text("draft.unnamed", n=unnamed))
        if sets := alike([name for name in facts.names if name in facts.tellable or name in kept], kept):
            spelt = [", ".join(map(_quoted, names)) for names in sets[:_ALIKE]]
            listed = "; ".join(spelt + ["…"] * (len(sets) > _ALIKE))
            said.append(self._text("draft.alike", names=listed, rule=f"match: {{event: [{spelt[0]}]}}"))
        return " ".join(said)

    def _counted(self, facts: Facts, count: int, cases: int) -> str:
        first, last = self._words.day(facts.first), self._words.day(facts.last)
        span = {"first": first, "last": last}
        days = self._text("draft.day", day=first) if facts.first == facts.last else self._text("draft.days", **span)
        files = self._words.joined(facts.sources[:_SOURCES])
        if (more := len(facts.sources) - _SOURCES) > 0:
            files = self._text("draft.more-files", files=files, more=more)
        events = self._text("events", n=count)
        return self._text("draft.counted", events=events, people=self._people(cases), days=days, files=files)

    def _people(self, number: int) -> str:
        return self._text(f"draft.{self.case if self.case in ('customer', 'session') else 'case'}s", n=number)

    def _text(self, key: str, **values: float | str) -> str:
        return _ISOLATES.sub("", self._words.text(key, **values))


def telling(language: str, case: str) -> Telling:
    """The words of a draft in this language; English where there is no catalogue."""
    return Telling(case=case, words=wording(language))


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
