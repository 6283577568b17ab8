"""JSON and NDJSON: one object a line, one array of objects, or objects one after the other.

Nested objects become columns with dotted names (``device.category``) down to eight levels; lists, and what lies deeper, are
kept as JSON text. NDJSON is read line by line; an array or a pretty-printed document is read whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
from attrs import define, field, frozen

from journeykit.errors import EvidenceError
from journeykit.evidence.engines.duckdb import Database
from journeykit.evidence.reading.loading import TextLoader
from journeykit.evidence.reading.texts import HINT, encoding_of, fault, is_clean, open_text
from journeykit.evidence.sources import RawTable
from journeykit.problems import Address, Problem

__all__ = ["Item", "flatten", "items", "read_json"]

_DEPTH = 8
_BATCH = 5_000
_SPACE = " \t\r\n"
_TOLD = 10
_FORMS = "records are read from one object a line, an array of objects, or objects one after the other"


@frozen
class Item:
    """One value of the document with the line it starts on, or the sentence that says why it cannot be read."""

    line: int
    value: Any = None
    fault: str | None = None


class _TwiceError(ValueError):
    pass


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f'the key "{twin}" stands twice in one object')
    return result


_DECODER = json.JSONDecoder(object_pairs_hook=_no_twins, parse_constant=lambda _: None)


def items(lines: Iterator[str]) -> Iterator[Item]:
    """Every record of a document, whichever of the three forms it has."""
    number, first = 0, ""
    for first in lines:
        number += 1
        if first.strip(_SPACE):
            break
    else:
        return
    start = first.strip(_SPACE)
    if start[0] != "[" and _is_whole(start):
        yield _item(first, number)
        for line in lines:
            number += 1
            if line.strip(_SPACE):
                yield _item(line, number)
        return
    rest = first + "".join(lines)
    yield from _document(rest, number)


def _is_whole(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        # A line that is broken inside but closes as it opened is still a line of NDJSON.
        return line.startswith("{") and line.endswith("}") and line != "{}" and len(line) > 2
    return True


def _item(text: str, line: int) -> Item:
    try:
        value, end = _DECODER.raw_decode(text.strip(_SPACE))
        if end != len(text.strip(_SPACE)):
            return Item(line, fault="has something after the object")
    except _TwiceError as err:
        return Item(line, fault=str(err))
    except json.JSONDecodeError as err:
        return Item(line, fault=f"is not whole JSON: {err.msg} at character {err.colno}")
    except RecursionError:
        return Item(line, fault="is nested too deeply")
    return Item(line, value)


def _document(text: str, line: int) -> Iterator[Item]:
    """The elements of one array, or objects that follow each other; what is cut or broken ends the reading."""
    position = _skip(text, 0)
    in_array = text[position] == "["
    position = _skip(text, position + 1) if in_array else position
    counted = 0
    while position < len(text):
        if in_array and text[position] == "]":
            if _skip(text, position + 1) < len(text):
                yield Item(line + text.count("\n", counted, position), fault="has something after the array")
            return
        line += text.count("\n", counted, position)
        counted = position
        try:
            value, position = _DECODER.raw_decode(text, position)
        except _TwiceError as err:
            yield Item(line, fault=f"{err}; nothing after it was read")
            return
        except json.JSONDecodeError as err:
            yield Item(line, fault=f"is not whole JSON ({err.msg}, line {err.lineno}); nothing after it was read")
            return
        except RecursionError:
            yield Item(line, fault="is nested too deeply; nothing after it was read")
            return
        yield Item(line, value)
        position = _skip(text, position)
        if in_array and position < len(text) and text[position] == ",":
            position = _skip(text, position + 1)
        elif in_array and position < len(text) and text[position] != "]":
            yield Item(line, fault="is not followed by a comma; nothing after it was read")
            return
    if in_array:
        yield Item(line + text.count("\n", counted), fault="the array is not closed; the file is cut here")


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position] in _SPACE:
        position += 1
    return position


def flatten(value: Mapping[str, Any]) -> dict[str, Any]:
    """Nested objects as dotted names; lists and what lies deeper than eight levels as JSON text; nulls left out.

    Raises ValueError where two paths give one name.
    """
    result: dict[str, Any] = {}
    _flatten(value, "", 1, result)
    return result


def _flatten(value: Mapping[str, Any], prefix: str, depth: int, result: dict[str, Any]) -> None:
    for key, member in value.items():
        name = prefix + key
        if isinstance(member, dict) and depth < _DEPTH:
            _flatten(member, f"{name}.", depth + 1, result)
            continue
        if member is None:
            continue
        if name in result:
            raise ValueError(f'two values are called "{name}"')
        result[name] = json.dumps(member, ensure_ascii=False) if isinstance(member, dict | list) else member


@define
class _Filling:
    """What the records so far have shown of each column."""

    loader: TextLoader
    kinds: dict[str, set[str]] = field(factory=dict)
    waiting: list[tuple[int, int, Mapping[str, str]]] = field(factory=list)

    def add(self, file: int, record: int, line: int, cells: Mapping[str, Any]) -> None:
        texts: dict[str, str] = {}
        for name, value in cells.items():
            kind = "bool" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "text"
            self.kinds.setdefault(name, set()).add(kind)
            texts[name] = str(value).lower() if kind == "bool" else value if isinstance(value, str) else repr(value)
        self.waiting.append((record, line, texts))
        if len(self.waiting) >= _BATCH:
            self.flush(file)

    def flush(self, file: int) -> None:
        self.loader.add_mappings(file, self.waiting)
        self.waiting.clear()


def read_json(files: tuple[str, ...]) -> RawTable:
    """Every file's objects as text columns; a broken line, or what is no object, is a rejection.

    Raises `EvidenceError` for an empty or binary file, for one in another encoding than UTF-8 or UTF-16 with a mark, and
    where no record at all can be read.
    """
    database = Database()
    filling = _Filling(loader=TextLoader(database))
    problems: list[Problem] = []
    for index, name in enumerate(files):
        encoding = encoding_of(name, None)
        if not encoding.startswith("utf-16") and not is_clean(name, encoding):
            raise fault("bad-encoding", name, f"is not {encoding} text", HINT.split(", or ")[1])
        record = 0
        with open_text(name, encoding) as text:
            for item in items(iter(text)):
                record += 1
                if problem := _fill(filling, index, record, item):
                    place = Address(file=name, line=item.line, record=record)
                    problems.append(Problem(code="bad-json", message=problem, address=place))
        if not record:
            raise fault("empty-file", name, "the file is empty", "export it again")
        filling.flush(index)
    loader = filling.loader
    if not loader.count:
        # Nothing in it is an object, so that the columns to ask for would be none.
        raise EvidenceError(attrs.evolve(problem, hint=_FORMS) for problem in problems[:_TOLD])
    table = loader.table()
    untyped = frozenset(loader.renamed(name) for name, kinds in filling.kinds.items() if kinds == {"number"})
    count = loader.count + len(problems)
    return RawTable(table=table, problems=tuple(problems), rows_in=count, files=files, untyped=untyped)


def _fill(filling: _Filling, file: int, record: int, item: Item) -> str | None:
    if item.fault is not None:
        return item.fault
    if not isinstance(item.value, dict):
        return f"is {'a list' if isinstance(item.value, list) else 'a bare value'}, not an object"
    try:
        cells = flatten(item.value)
        for value in cells.values():
            if isinstance(value, str):
                value.encode()
    except UnicodeEncodeError:
        return "holds half of a surrogate pair, which is no text"
    except (ValueError, RecursionError) as err:
        return str(err) if isinstance(err, ValueError) else "is nested too deeply"
    filling.add(file, record, item.line, cells)
    return None
