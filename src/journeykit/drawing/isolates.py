"""Directional isolates (Unicode UAX 9) over line breaks: what opens in a line closes in it."""

from __future__ import annotations

from journeykit.drawing.text import Line

__all__ = ["balanced"]

_OPENERS = ("\N{LEFT-TO-RIGHT ISOLATE}", "\N{RIGHT-TO-LEFT ISOLATE}", "\N{FIRST STRONG ISOLATE}")
_CLOSER = "\N{POP DIRECTIONAL ISOLATE}"


def balanced(lines: tuple[Line, ...]) -> list[str]:
    """What is drawn of each line, every isolate closed at its end and opened again in the next.

    A line is a paragraph of its own to whoever orders its letters: an isolate left open would swallow what encloses it.
    """
    if all(line.shown.isascii() for line in lines):
        return [line.shown for line in lines]
    shown: list[str] = []
    open_: list[str] = []
    for line in lines:
        begin = "".join(open_)
        for character in line.shown if not line.shown.isascii() else "":
            if character in _OPENERS:
                open_.append(character)
            elif character == _CLOSER and open_:
                open_.pop()
        shown.append(begin + line.shown + _CLOSER * len(open_))
    return shown
