"""Isolates over line breaks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.isolates import balanced
from journeykit.drawing.text import wrap

OPEN, CLOSE = "\u2066\u2067\u2068", "\u2069"


def depth(text: str) -> int:
    """How many isolates a text leaves open."""
    found = 0
    for character in text:
        found += (character in OPEN) - (character == CLOSE and found > 0)
    return found


def test_an_isolate_goes_on_in_the_next_line() -> None:
    """A name of two words that breaks is isolated in both lines."""
    lines = wrap("\u2068Maya Long\u2069 pays", 40, 12)

    assert ["\u2068Maya\u2069", "\u2068Long\u2069", "pays"] == balanced(lines)


@given(st.text(alphabet="ab \u2066\u2067\u2068\u2069\u05d0", max_size=60), st.integers(10, 100))
def test_every_line_is_closed(text: str, width: int) -> None:
    """However a text breaks, no line leaves an isolate open, and no other character is added or lost."""
    lines = wrap(text, width, 12)
    shown = balanced(lines)

    assert [0] * len(shown) == [depth(line) for line in shown]
    bare = [line.translate(dict.fromkeys(map(ord, OPEN + CLOSE))) for line in shown]
    assert [line.shown.translate(dict.fromkeys(map(ord, OPEN + CLOSE))) for line in lines] == bare
