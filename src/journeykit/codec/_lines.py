"""Positions in a text as an editor shows them."""

from __future__ import annotations

import re
from bisect import bisect_right

_BREAK = re.compile("\r\n?|\n")


class Lines:
    """The lines of a text; they end in LF, CRLF or CR.

    The YAML parser counts differently: NEL and the Unicode line and paragraph separators end a line for it too, and the end
    of a text that ends in mid-line stands on a line of its own, which no editor shows.
    """

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def place(self, index: int) -> tuple[int, int]:
        """The 1-based line and column of a character, or of the end of the text."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1
