"""Journeys from the text of a Mermaid user journey: our own without loss, anybody's as far as it goes.

A line ``%% journeykit: {...}`` says all about the section or task before it; where line and diagram disagree, somebody has
edited one of them, and the reader says so instead of choosing. Sections and tasks without such a line become stages and
touchpoints with feelings that are marked as assumed.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from attrs import define, field

from journeykit.codec._mermaid_write import NEUTRAL, OWN_COMMENTS, score_text, visible
from journeykit.errors import JourneyError
from journeykit.model import Journey
from journeykit.problems import Address, Problem

_KEPT = re.compile(r"%%\s*journeykit:\s*(?P<json>\{.*)$")
_ENTITY = re.compile(r"#(\w+);")
_COMMENT = re.compile(r"(?:(?<!\})%%|#(?!\w+;)).*$")
_HEAD = re.compile(r"(?P<word>title|section)\s+(?P<text>.+)$", re.IGNORECASE)
_ACCESSIBLE = re.compile(r"acc(title|descr)\s*(?P<sign>[:{])", re.IGNORECASE)
_PLACE = re.compile(r"stages\[(?P<stage>\d+)\](?:\.touchpoints\[(?P<touchpoint>\d+)\])?")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)")


@define
class _Piece:
    """A section or a task: where it stands, what it says, and what its own line keeps."""

    line: int
    name: str
    score: str = ""
    actors: tuple[str, ...] = ()
    kept: dict[str, Any] | None = None
    kept_line: int = 0
    tasks: list[_Piece] = field(factory=list)


def read_mermaid(text: str, name: str, build: Callable[[str], Journey]) -> Journey:
    """The journey in the text; ``build`` reads its JSON form. `JourneyError` with every fault, each with its line."""
    reader = _Reader(name)
    reader.read(text.removeprefix("\ufeff"))
    reader.compare()
    if reader.problems:
        raise JourneyError(sorted(reader.problems, key=lambda problem: problem.address.line or 0))
    tree = reader.tree()
    try:
        return build(json.dumps(tree, ensure_ascii=False))
    except JourneyError as err:
        raise JourneyError([reader.placed(problem) for problem in err.problems]) from err


def mermaid_positions(text: str, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Line and column of the section or task that each path lies in, else of the diagram's head."""
    reader = _Reader("<text>")
    reader.read(text.removeprefix("\ufeff"))
    if reader.problems:
        raise JourneyError(reader.problems)
    return {path: (reader.line_of(path), 1) for path in paths}


def mermaid_comment_line(text: str) -> int | None:
    """The line of the first comment or setting that writing the journey anew would lose; None when there is none."""
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        words = line.strip()
        lost = words.startswith(("%%", "---", "acc")) and not words.startswith(OWN_COMMENTS)
        if lost or ((found := _COMMENT.search(words)) and not words.startswith("%%") and found[0]):
            return number
    return None


class _Reader:
    """What a text says, line by line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.begun = 0
        self.title: tuple[int, str] | None = None
        self.head: tuple[int, dict[str, Any]] | None = None
        self.sections: list[_Piece] = []
        self.last: tuple[str, _Piece] | None = None
        self.skipping: str | None = None

    def fault(self, line: int, code: str, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(code=code, message=message, address=Address(file=self.name, line=line), hint=hint))

    def read(self, text: str) -> None:
        lines = re.split("\r\n|\r|\n", text)
        start = 0
        if lines and lines[0].strip() == "---":
            start = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), 0) + 1
        for number, raw in enumerate(lines[start:], start + 1):
            self._line(number, raw.strip())
        if not self.begun:
            self.fault(1, "no-diagram", "no Mermaid user journey: its first line is 'journey'")

    def _line(self, number: int, line: str) -> None:
        if self.skipping:
            self.skipping = None if self.skipping in line else self.skipping
        elif found := _KEPT.match(line):
            self._keep(number, found["json"])
        elif line.startswith("%%{"):
            self.skipping = None if "}%%" in line else "}%%"
        elif line := _COMMENT.sub("", line).strip():
            if not self.begun:
                self._begin(number, line)
            else:
                self._statement(number, line)

    def _begin(self, number: int, line: str) -> None:
        self.begun = number
        if line.lower() != "journey":
            self.fault(number, "no-diagram", f"a Mermaid user journey begins with 'journey', not with {_shown(line)}")

    def _statement(self, number: int, line: str) -> None:
        if found := _ACCESSIBLE.match(line):
            self.skipping = "}" if found["sign"] == "{" and "}" not in line else None
            return
        if ";" in _ENTITY.sub("", line):
            self.fault(number, "syntax", "a semicolon ends a text in Mermaid", "write #59; in its place")
            return
        found = _HEAD.match(line)
        if found and found["word"].lower() == "title":
            if self.title is not None:
                self.fault(number, "second-title", f"a second title; the first is in line {self.title[0]}")
            self.title = self.title or (number, found["text"].strip())
        elif found:
            piece = _Piece(number, found["text"].strip())
            self.sections.append(piece)
            self.last = "stage", piece
        else:
            self._task(number, line)

    def _task(self, number: int, line: str) -> None:
        parts = [part.strip() for part in line.split(":")]
        if len(parts) < 2 or len(parts) > 3 or not parts[0]:
            self.fault(
                number, "syntax", f"{_shown(line)} is no task", "write it as 'name: score: actors', a colon as #58;"
            )
            return
        score = parts[1]
        if not _NUMBER.fullmatch(score):
            self.fault(number, "no-score", f"the score {_shown(score)} is not a number", "a score is 1 to 5")
        elif not 1 <= float(score) <= 5:
            self.fault(
                number,
                "score-outside",
                f"the score {score} is outside 1 to 5",
                "the faces of Mermaid run from 1 (unhappy) to 5 (happy); bring other scales to it",
            )
        actors = tuple(a.strip() for a in parts[2].split(",") if a.strip()) if len(parts) == 3 else ()
        piece = _Piece(number, parts[0], score, actors)
        if not self.sections:
            self.sections.append(_Piece(number, self.title[1] if self.title else "Journey"))
        self.sections[-1].tasks.append(piece)
        self.last = "touchpoint", piece

    def _keep(self, number: int, text: str) -> None:
        try:
            value = json.loads(text, object_pairs_hook=_unique)
        except (ValueError, RecursionError) as err:
            self.fault(number, "syntax", f"the journeykit line is not JSON: {str(err)[:200]}")
            return
        kind, tree = next(iter(value.items()), ("", None)) if len(value) == 1 else ("", None)
        if not isinstance(tree, dict) or kind not in ("journey", "stage", "touchpoint"):
            self.fault(number, "syntax", 'a journeykit line holds one of {"journey": {...}}, "stage" and "touchpoint"')
        elif kind == "journey":
            if self.head is not None:
                self.fault(number, "stray-line", f"a second journey; the first is in line {self.head[0]}")
            self.head = self.head or (number, tree)
        elif self.last is None or self.last[0] != kind or self.last[1].kept is not None:
            what = "section" if kind == "stage" else "task"
            self.fault(
                number,
                "stray-line",
                f"this {kind} stands behind no {what} of its own",
                f"delete it, or write the {what} back",
            )
        else:
            self.last[1].kept, self.last[1].kept_line = tree, number

    def compare(self) -> None:
        """Say where a line of the diagram and the line that keeps it do not say the same."""
        if self.head is not None and self.title is not None:
            self._same(self.title[0], self.title[1], self.head[1].get("title"))
        for section in self.sections:
            if section.kept is not None:
                self._same(section.line, section.name, section.kept.get("title"))
            for task in section.tasks:
                if task.kept is None:
                    continue
                self._same(task.line, task.name, task.kept.get("title"))
                if (expected := _score_of(task.kept)) is not None and float(expected) != float(task.score or "nan"):
                    self._told(task.line, f"score {task.score}", f"a mean valence that gives {expected}")

    def _same(self, line: int, shown: str, title: object) -> None:
        # A title that is no text is the reader of the tree's to tell.
        if isinstance(title, str) and _decoded(shown) != _decoded(visible(title)):
            self._told(line, _shown(_decoded(shown)), _shown(title))

    def _told(self, line: int, diagram: str, kept: str) -> None:
        message = f"the diagram says {diagram}, its journeykit line {kept}"
        self.fault(line, "edited-beside", message, "change both alike, or delete the journeykit line")

    def tree(self) -> dict[str, Any]:
        """The journey as its JSON form holds it."""
        title = _decoded(self.title[1]) if self.title else "Journey"
        head: dict[str, Any] = dict(self.head[1]) if self.head else {"journeykit": 1, "id": "", "title": title}
        ids = _Ids(head, self.sections)
        head["id"] = head.get("id") or ids.new(title, "journey")
        people: dict[str, str] = {p["name"]: p["id"] for p in head.get("personas", []) if _named(p)}
        added: list[dict[str, str]] = []
        stages = []
        for section in self.sections:
            stage = section.kept
            if stage is None:
                stage = {"id": ids.new(_decoded(section.name), "stage"), "title": _decoded(section.name)}
            touchpoints = []
            for task in section.tasks:
                if task.kept is not None:
                    touchpoints.append(task.kept)
                    continue
                actors = [_decoded(actor) for actor in task.actors]
                for actor in dict.fromkeys(actors):
                    if actor not in people:
                        people[actor] = ids.new(actor, "persona")
                        added.append({"id": people[actor], "name": actor})
                touchpoints.append(_touchpoint(task, ids, [people[a] for a in dict.fromkeys(actors)]))
            stages.append({**stage, **({"touchpoints": touchpoints} if touchpoints else {})})
        if added:
            head["personas"] = [*head.get("personas", []), *added]
        return {**head, **({"stages": stages} if stages else {})}

    def placed(self, problem: Problem) -> Problem:
        """The problem with the line of the diagram, instead of a place in a text that nobody wrote."""
        path = problem.address.path or ""
        address = Address(file=self.name, line=self.line_of(path), path=path or None)
        return Problem(code=problem.code, message=problem.message, address=address, hint=problem.hint)

    def line_of(self, path: str) -> int:
        """The line that a part of the journey comes from: of what keeps it, else of the diagram."""
        found = _PLACE.match(path)
        if not found:
            return self.head[0] if self.head else self.begun
        piece = self.sections[int(found["stage"])]
        piece = piece.tasks[int(found["touchpoint"])] if found["touchpoint"] else piece
        return piece.kept_line or piece.line


def _touchpoint(task: _Piece, ids: _Ids, people: list[str]) -> dict[str, Any]:
    valence = round(float(task.score) - NEUTRAL, 6)
    whose: list[dict[str, Any]] = [{"persona": id} for id in people] or [{}]
    title = _decoded(task.name)
    emotions = [{**who, "basis": "assumed", "valence": valence} for who in whose]
    return {"id": ids.new(title, "touchpoint"), "title": title, "emotions": emotions}


class _Ids:
    """Ids made of titles, none twice and none that is taken."""

    def __init__(self, head: dict[str, Any], sections: list[_Piece]) -> None:
        parts = [head, *(p for k in ("personas", "objectives", "kpis") for p in _list(head.get(k)))]
        parts += [piece.kept for s in sections for piece in (s, *s.tasks) if piece.kept is not None]
        self.taken = {part.get("id") for part in parts if isinstance(part, dict)}

    def new(self, title: str, kind: str) -> str:
        plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or kind
        id, place = stem, 1
        while id in self.taken:
            place += 1
            id = f"{stem}-{place}"
        self.taken.add(id)
        return id


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _named(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("name"), str) and isinstance(part.get("id"), str)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _score_of(tree: dict[str, Any]) -> str | None:
    """The score that the kept feelings give; None where they are no feelings, which the reader of the tree tells."""
    emotions = tree.get("emotions", [])
    if not isinstance(emotions, list):
        return None
    valences = [e.get("valence") for e in emotions if isinstance(e, dict)]
    numbers = [float(v) for v in valences if isinstance(v, int | float) and not isinstance(v, bool)]
    return score_text(numbers) if len(numbers) == len(emotions) else None


def _decoded(text: str) -> str:
    """The text with Mermaid's entities as the signs they stand for, white space collapsed."""
    return " ".join(_ENTITY.sub(_sign, text).split())


def _sign(entity: re.Match[str]) -> str:
    name = entity[1]
    return html.unescape(f"&#{name};" if name.isdigit() else f"&{name};")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:79] + "…")
