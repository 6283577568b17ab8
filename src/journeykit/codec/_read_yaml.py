"""YAML text to nodes, on the events of the C parser: a position for every value, and none of YAML 1.1's magic."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.events import MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent

from journeykit.codec._lines import Lines
from journeykit.codec._nodes import (
    MAX_DEPTH,
    BrokenNode,
    Faults,
    ListNode,
    MapNode,
    Node,
    ScalarNode,
    Style,
    SyntaxFaultError,
    keep,
)

# What libyaml would refuse without saying where.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")

# The first line of a block scalar, to whichever line end YAML knows.
_HEADER = re.compile("[^\n\r\x85\u2028\u2029]*")

_FRAME = frozenset((yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent))


def parse_yaml(text: str, faults: Faults) -> Node:
    """The one document in the text.

    Raises `SyntaxFaultError` where the text cannot be read on; duplicate keys, anchors, aliases and tags are faults.
    """
    lines = Lines(text)
    if found := _UNREADABLE.search(text):
        raise SyntaxFaultError(
            *lines.place(found.start()),
            f"the character U+{ord(found[0]):04X} cannot stand in a YAML file",
            "remove it; is the file UTF-8 text?",
        )
    loader = yaml.CSafeLoader(text)
    try:
        return _document(loader, lines, faults)
    except yaml.MarkedYAMLError as err:
        mark: Any = err.problem_mark or err.context_mark
        line, column = lines.place(mark.index) if mark else (1, 1)
        what = " ".join(part for part in (err.context, err.problem) if part)
        raise SyntaxFaultError(line, column, f"not YAML: {what}") from err
    finally:
        loader.dispose()


def _document(loader: yaml.CSafeLoader, lines: Lines, faults: Faults) -> Node:
    """One loop over the events, without recursion; most of them are plain scalars, so these come first."""
    root: Node | None = None
    stack: list[Node] = []
    keys: list[Node | None] = []  # for each open mapping the key that waits for its value
    top: Node | None = None
    get_event = loader.get_event
    place = lines.place
    while True:
        event: Any = get_event()
        kind = type(event)
        if kind is ScalarEvent and event.tag is None and event.anchor is None:
            style: Style = "plain" if event.implicit[0] else "quoted"
            node: Node = ScalarNode(event.value, style, *place(event.start_mark.index))
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            stack.pop()
            keys.pop()
            top = stack[-1] if stack else None
            continue
        elif kind in _FRAME:
            if kind is yaml.StreamEndEvent:
                break
            if kind is yaml.DocumentStartEvent and root is not None:
                message = "a second document begins here; a file holds one journey"
                raise SyntaxFaultError(*place(event.start_mark.index), message)
            continue
        else:
            node = _node(event, *place(event.start_mark.index), faults)
        if top is None:
            root = node
        elif type(top) is ListNode:
            top.items.append(node)
        elif (key := keys[-1]) is None:
            keys[-1] = node
        else:
            keep(top, key, node, faults)  # type: ignore[arg-type]  # what is open and no list is a mapping
            keys[-1] = None
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            if len(stack) >= MAX_DEPTH:
                raise SyntaxFaultError(node.line, node.column, f"nested deeper than {MAX_DEPTH} levels")
            stack.append(node)
            keys.append(None)
            top = node
    if root is None:
        raise SyntaxFaultError(1, 1, "the file is empty")
    return root


def _node(event: Any, line: int, column: int, faults: Faults) -> Node:
    """The node of an event that begins a list or mapping, or that carries what is not allowed."""
    node: Node
    if type(event) is yaml.AliasEvent:
        node = BrokenNode(line, column)
        faults.add(node, "alias", "an alias (*) is not allowed here", hint="write the value out, or quote the text")
        return node
    if type(event) is ScalarEvent:
        node = ScalarNode(event.value, "quoted" if event.style else "plain", line, column)
    else:
        node = ListNode(line, column) if type(event) is SequenceStartEvent else MapNode(line, column)
    if event.anchor is not None:
        faults.add(node, "anchor", "an anchor (&) is not allowed here", hint="remove it, or quote the text")
    if event.tag is not None:
        faults.add(node, "tag", "a tag (!) is not allowed here", hint="remove it, or quote the text")
    return node


def comment_line(text: str) -> int | None:
    """The line of the first YAML comment in the text, None when there is none.

    A text that is not YAML counts every ``#`` as one: what cannot be understood is not thrown away.
    """
    text = text.removeprefix("\ufeff")
    end = 0  # of the last token: a number sign between tokens begins a comment, one inside a token is text
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            mark: Any = token.start_mark
            if "#" in text[end : mark.index]:
                break
            if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
                header = _HEADER.match(text, mark.index)
                if header and "#" in header[0]:
                    return Lines(text).place(mark.index)[0]
            end = max(end, token.end_mark.index)
    except yaml.YAMLError:
        end = 0
    at = text.find("#", end)
    return None if at < 0 else Lines(text).place(at)[0]
