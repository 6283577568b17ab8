"""What a text holds before it has types: nodes that remember where they stand, and the faults found on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from journeykit.problems import Address, Problem

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 64
MAX_PROBLEMS = 1_000

Style = Literal["plain", "quoted", "literal"]

# No address may hold what a terminal or an encoder chokes on, even where a hostile key does.
# Compiled (and kept, by ``re``) when there is something to tell.
_UNSAFE = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"


class Node:
    """A value in a text; ``line`` and ``column`` are 1-based."""

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column


class ScalarNode(Node):
    """A text and how it was written: ``plain`` (YAML, unquoted), ``quoted``, or a JSON ``literal`` (number, true, null)."""

    __slots__ = ("style", "text")

    def __init__(self, text: str, style: Style, line: int, column: int) -> None:
        self.line = line  # not through super(): a file is mostly scalars
        self.column = column
        self.text = text
        self.style: Style = style


class ListNode(Node):
    __slots__ = ("items",)

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.items: list[Node] = []


class MapNode(Node):
    """A mapping as written: the keys are unique, because a second one is a fault and is not kept."""

    __slots__ = ("items",)

    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.items: dict[str, tuple[ScalarNode, Node]] = {}


class BrokenNode(Node):
    """Where a fault has already been reported: nothing more is said about it."""

    __slots__ = ()


class _Fault(NamedTuple):
    node: Node
    below: str
    code: str
    message: str
    hint: str | None


class TooManyFaultsError(Exception):
    """Raised to stop reading: a text with this many faults is not a journey with mistakes in it."""


class SyntaxFaultError(Exception):
    """Raised where the text cannot be read on."""

    def __init__(self, line: int, column: int, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint


class Faults:
    """Collects what is wrong with nodes; addresses are worked out at the end, so that a sound text pays nothing.

    ``nulls`` says whether null stands for an absent value in this file format (in a scorecard it does, in a journey not).
    """

    def __init__(self, *, nulls: bool = False) -> None:
        self._faults: list[_Fault] = []
        self.nulls = nulls

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, node: Node, code: str, message: str, *, hint: str | None = None, below: str = "") -> None:
        """A fault of this node, or of the place ``below`` it (a path such as ``.sources[1]``)."""
        self._faults.append(_Fault(node, below, code, message, hint))
        if len(self._faults) >= MAX_PROBLEMS:
            raise TooManyFaultsError

    def problems(self, root: Node | None, file: str) -> tuple[Problem, ...]:
        """Every fault as a problem with file, line, column and path, in the order of the text."""
        if not self._faults:
            return ()
        by_node = {id(node): path for path, node in places(root)} if root is not None else {}
        # Without a root the text could not be read to its end; the nodes themselves still know where they stand.
        by_path = values_by_path(root) if root is not None else {}
        found: list[Problem] = []
        for fault in self._faults:
            path = (by_node.get(id(fault.node), "") + fault.below).lstrip(".")
            place = nearest(by_path, path) if fault.below and by_path else fault.node
            address = Address(file=file, line=place.line, column=place.column, path=printable(path) or None)
            found.append(Problem(code=fault.code, message=fault.message, address=address, hint=fault.hint))
        return tuple(sorted(dict.fromkeys(found), key=_position))

    def paths(self, root: Node) -> Iterator[tuple[str, str, str | None]]:
        """The path, code and hint of every fault so far."""
        by_node = {id(node): path for path, node in places(root)}
        for fault in self._faults:
            yield (by_node.get(id(fault.node), "") + fault.below).lstrip("."), fault.code, fault.hint


def keep(mapping: MapNode, key: Node, value: Node, faults: Faults) -> None:
    """Add a pair to a mapping, or say why not."""
    if not isinstance(key, ScalarNode):
        if not isinstance(key, BrokenNode):
            faults.add(key, "invalid-key", "a key is one piece of text, not a list or mapping")
    elif (first := mapping.items.get(key.text)) is not None:
        second = first[1] if isinstance(first[1], BrokenNode) else BrokenNode(key.line, key.column)
        mapping.items[key.text] = (first[0], second)
        where = f"line {first[0].line}, column {first[0].column}"
        faults.add(second, "duplicate-key", f"the key stands here twice; it was first given at {where}")
    else:
        mapping.items[key.text] = (key, value)


def _position(problem: Problem) -> tuple[int, int]:
    return problem.address.line or 0, problem.address.column or 0


def values_by_path(root: Node) -> dict[str, Node]:
    """The value (not the key) at every path."""
    found: dict[str, Node] = {}
    for path, node in places(root):
        found.setdefault(path, node)
    return found


def nearest(by_path: dict[str, Node], path: str) -> Node:
    """The node at the path, else the closest one around it."""
    while path not in by_path:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return by_path[path]


def printable(path: str) -> str:
    """The path with what cannot be printed written as an escape."""
    return re.sub(_UNSAFE, lambda found: ascii(found[0])[1:-1], path)


def places(root: Node) -> Iterator[tuple[str, Node]]:
    """Every value and key below the root with its path; a key comes after the value it names."""
    waiting: list[tuple[str, Node]] = [("", root)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        if isinstance(node, ListNode):
            waiting += [(f"{path}[{i}]", item) for i, item in enumerate(node.items)]
        elif isinstance(node, MapNode):
            for name, (key, value) in node.items.items():
                below = f"{path}.{name}" if path else name
                waiting += [(below, key), (below, value)]
