"""JSON text (RFC 8259) to nodes with positions; strings are read by the standard library, so escapes are its own."""

from __future__ import annotations

import json
import re

from journeykit.codec._lines import Lines
from journeykit.codec._nodes import MAX_DEPTH, Faults, ListNode, MapNode, Node, ScalarNode, SyntaxFaultError, keep

_SPACE = re.compile(r"[ \t\n\r]*")
_LITERAL = re.compile(r"true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[-+.\w]{1,20}|[\s\S]")
_STRING = json.JSONDecoder()


def parse_json(text: str, faults: Faults) -> Node:
    """The one value in the text; `SyntaxFaultError` where it cannot be read on. A repeated key is a fault."""
    return _Reader(text, faults).document()


class _Reader:
    def __init__(self, text: str, faults: Faults) -> None:
        self.text = text
        self.faults = faults
        self.at = 0
        self.lines = Lines(text)

    def document(self) -> Node:
        self._space()
        if self.at == len(self.text):
            raise SyntaxFaultError(1, 1, "the file is empty")
        root = self._value(0)
        self._space()
        if self.at < len(self.text):
            raise self._error("the file ends with one value; something follows it")
        return root

    def _error(self, message: str) -> SyntaxFaultError:
        return SyntaxFaultError(*self.lines.place(self.at), f"not JSON: {message}")

    def _found(self) -> str:
        word = _WORD.match(self.text, self.at)
        return ascii(word[0]) if word else "the end of the file"

    def _space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _next(self, *wanted: str) -> str:
        self._space()
        sign = self.text[self.at : self.at + 1]
        if sign not in wanted or not sign:
            raise self._error(f"expected {' or '.join(wanted)}, found {self._found()}")
        self.at += 1
        return sign

    def _value(self, depth: int) -> Node:
        self._space()
        line, column = self.lines.place(self.at)
        sign = self.text[self.at : self.at + 1]
        if sign == '"':
            return self._string()
        if sign in ("{", "["):
            if depth >= MAX_DEPTH:
                raise SyntaxFaultError(line, column, f"nested deeper than {MAX_DEPTH} levels")
            self.at += 1
            return self._mapping(line, column, depth) if sign == "{" else self._list(line, column, depth)
        if literal := _LITERAL.match(self.text, self.at):
            self.at = literal.end()
            return ScalarNode(literal[0], "literal", line, column)
        raise self._error(f"expected a value, found {self._found()}")

    def _string(self) -> ScalarNode:
        line, column = self.lines.place(self.at)
        try:
            value, self.at = _STRING.raw_decode(self.text, self.at)
        except json.JSONDecodeError as err:
            self.at = err.pos
            raise self._error(err.msg) from err
        return ScalarNode(value, "quoted", line, column)

    def _list(self, line: int, column: int, depth: int) -> ListNode:
        node = ListNode(line, column)
        self._space()
        if self.text.startswith("]", self.at):
            self.at += 1
            return node
        while True:
            node.items.append(self._value(depth + 1))
            if self._next(",", "]") == "]":
                return node

    def _mapping(self, line: int, column: int, depth: int) -> MapNode:
        node = MapNode(line, column)
        self._space()
        if self.text.startswith("}", self.at):
            self.at += 1
            return node
        while True:
            self._next('"')
            self.at -= 1
            key = self._string()
            self._next(":")
            keep(node, key, self._value(depth + 1), self.faults)
            if self._next(",", "}") == "}":
                return node
