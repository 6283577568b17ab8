"""How wide text is and where it breaks: measuring and wrapping without a browser.

SVG does not wrap. Widths come from the static table in `journeykit.drawing.advances` (an upper bound over six common font
families); lines break at spaces, behind hyphens and slashes between letters, and between CJK characters, never inside a
grapheme cluster. Breaking follows Unicode UAX 14 in spirit: the no-start and no-end sets below are the ones readers notice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from attrs import frozen

from journeykit.drawing.advances import BOLD, REGULAR

__all__ = [
    "Line",
    "collapse",
    "graphemes",
    "is_upright",
    "joined",
    "longest_word",
    "measure",
    "reads_right_to_left",
    "wrap",
]

# The no-break spaces (U+00A0, U+202F, U+2007) are left out on purpose: "38 %" stays together.
_SPACES = re.compile("[\\t\\n\\x0b\\x0c\\r \\x85\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]+")
_NO_START = frozenset(
    "!%),.:;?]}¢°’”†‡›℃∶、。〃〆〕〗〙〛〞〟々〻‐‼⁇⁈⁉・ヽヾゝゞーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ"
    "ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ〉》」』】〜゠–—…‥！％），．：；？］｝｠｡｣､･ｰﾞﾟ》"
)
_NO_END = frozenset("$([{£¥‘“‹〈《「『【〔〖〘〝＄（［｛｟￡￥￦｢#№")
_GLUE = frozenset("\u00a0\u202f\u2007\u2060\ufeff")
_ZERO_WIDTH_SPACE = "\u200b"
_SOFT_HYPHEN = "\u00ad"
_JOINER = "\u200d"
_ELLIPSIS = "…"
# Sums of the same widths in another order differ in their last digits; a word must fit a box of its own width.
_SLACK = 1e-7
_FINAL = 0.35
# Only texts up to this length are remembered.
_SHORT = 500
_REGULAR, _BOLD = ({chr(code): width / 100 for code, width in table.items()} for table in (REGULAR, BOLD))
# Letters written without joining, whose broken words take a hyphen.
_HYPHENATED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")


@frozen
class Line:
    """One wrapped line.

    ``text`` is what it holds of the source, ``shown`` what is drawn (with the hyphen of a broken word), ``width`` is in the
    unit of the font size, ``space`` says whether a space of the source stood behind it.
    """

    text: str
    shown: str
    width: float
    space: bool


def collapse(text: str) -> str:
    """The text with every run of breaking white space as one space, none at the ends."""
    return _SPACES.sub(" ", text).strip(" ")


def joined(lines: tuple[Line, ...]) -> str:
    """The text the lines were wrapped from (collapsed)."""
    return "".join(line.text + (" " if line.space else "") for line in lines)


def _extends(character: str) -> bool:
    """Whether the character belongs to the grapheme before it."""
    code = ord(character)
    if code < 0x300:
        return False
    return (
        unicodedata.category(character) in ("Mn", "Mc", "Me")
        or character == _JOINER
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # flags of regions are spelt in tags
        or code in (0x0E33, 0x0EB3, 0xFF9E, 0xFF9F, 0x200C)
        or 0x1160 <= code <= 0x11FF  # Hangul vowels and finals
    )


def _virama(character: str) -> bool:
    return unicodedata.combining(character) == 9


@lru_cache(maxsize=8192)
def _joins(last: str, character: str) -> bool:
    """Whether a character goes on with the grapheme that ends in ``last``; flags apart, which need its length."""
    return (
        # A sign after a space stands alone: words are laid out one by one, so it cannot join what is before the space.
        (_extends(character) and last != " ")
        or last == _JOINER
        or (_virama(last) and character.isalpha())
        or (last == "\r" and character == "\n")
    )


def graphemes(text: str) -> Iterator[str]:
    """The text in user-perceived characters: accents, conjuncts, flags and joined emoji stay whole (UAX 29)."""
    if text.isascii() and "\r" not in text:
        yield from text
        return
    cluster = ""
    for character in text:
        if not cluster:
            cluster = character
        elif _joins(cluster[-1], character) or (len(cluster) == 1 and _regional(cluster) and _regional(character)):
            cluster += character
        else:
            yield cluster
            cluster = character
    if cluster:
        yield cluster


def _regional(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


@lru_cache(maxsize=4096)
def _is_emoji(cluster: str) -> bool:
    code = ord(cluster[0])
    return 0x1F000 <= code <= 0x1FAFF or "\ufe0f" in cluster or (0x2600 <= code <= 0x27BF)


def _is_cjk(character: str) -> bool:
    code = ord(character)
    return (
        0x2E80 <= code <= 0x31FF
        or 0x3200 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE4F
        or 0xFF00 <= code <= 0xFF9F
        or 0x20000 <= code <= 0x3FFFD
    )


@lru_cache(maxsize=8192)
def _advance(cluster: str, bold: bool) -> float:
    """The widest a grapheme may be, in em."""
    known = (BOLD if bold else REGULAR).get(ord(cluster[0]))
    if known is not None and "\ufe0f" not in cluster:
        return known / 100
    if _is_emoji(cluster) or _regional(cluster[0]):
        return 1.25
    return _advance_by_script(cluster[0], bold)


def _advance_by_script(character: str, bold: bool) -> float:
    code = ord(character)
    if unicodedata.category(character) in ("Cf", "Cc", "Mn", "Me"):
        return 0.0 if unicodedata.category(character) != "Cc" else 1.0
    if 0x0590 <= code <= 0x05FF:
        return 0.62 if bold else 0.58
    if 0x0600 <= code <= 0x08FF or 0xFB50 <= code <= 0xFEFC:
        return 0.58 if bold else 0.54
    if unicodedata.east_asian_width(character) in ("W", "F") or 0xFF61 <= code <= 0xFF9F:
        return 1.0
    # Scripts outside the table (Thai, Devanagari, Georgian ...): their letters rarely pass this.
    return 0.9 if bold else 0.84


def _is_arabic(cluster: str) -> bool:
    return "\u0620" <= cluster <= "\u08ff"


def _ems(clusters: Iterable[str], bold: bool) -> float:
    known = _BOLD if bold else _REGULAR
    width, arabic = 0.0, False
    for cluster in clusters:
        width += known.get(cluster) or _advance(cluster, bold)
        # Arabic letters are measured as they are on average, joined; the last of a word takes its wider final form.
        if arabic and not _is_arabic(cluster):
            width += _FINAL
        arabic = _is_arabic(cluster)
    return width + _FINAL if arabic else width


def measure(text: str, size: float, weight: int = 400) -> float:
    """The greatest width of the text at this font size, whichever common font draws it; from ``weight`` 600 on as bold."""
    return size * _ems(graphemes(text), weight >= 600)


@lru_cache(maxsize=8192)
def _breaks_between(left: str, right: str) -> bool:
    """Whether a line may end between two graphemes that no space parts."""
    last, first = left[-1], right[0]
    if last == _ZERO_WIDTH_SPACE or left == _SOFT_HYPHEN:
        return True
    if last in _GLUE or first in _GLUE or left[0] in _NO_END or first in _NO_START or right == _SOFT_HYPHEN:
        return False
    if left[0] in "-‐–—/" and first.isalpha():
        return True
    return _is_cjk(left[0]) or _is_cjk(first) or _is_emoji(left) or _is_emoji(right)


class _Unit(NamedTuple):
    """What no ordinary break divides: its graphemes, its width in em, and whether a space follows."""

    clusters: tuple[str, ...]
    width: float
    space: bool


def _words(text: str) -> Iterator[str]:
    """The words between spaces; what must not be parted ("38 %", "9 h", French "! ?") stays one word with its space."""
    held = ""
    for word in collapse(text).split(" "):
        if held and (word[:1] in _NO_START or (held[-1].isdigit() and len(word) <= 2 and word.isalpha())):
            held += " " + word
            continue
        if held:
            yield held
        held = word
    if held:
        yield held


def _pieces(word: str) -> Iterator[tuple[str, ...]]:
    """The parts of a word between which a line may end."""
    clusters = tuple(graphemes(word))
    if word.isascii() and "-" not in word and "/" not in word:
        yield clusters
        return
    start = 0
    for place, (cluster, following) in enumerate(pairwise(clusters)):
        # A hyphen that opens a word is a sign or a bullet, not a place to break.
        if (place or cluster[0] not in "-‐–—/") and _breaks_between(cluster, following):
            yield clusters[start : place + 1]
            start = place + 1
    yield clusters[start:]


def _cut_up(text: str, bold: bool) -> Iterator[_Unit]:
    words = list(_words(text))
    for index, word in enumerate(words):
        pieces = list(_pieces(word))
        for place, clusters in enumerate(pieces):
            ends_word = place == len(pieces) - 1
            yield _Unit(clusters, _ems(clusters, bold), ends_word and index < len(words) - 1)


@lru_cache(maxsize=2048)
def _remembered(text: str, bold: bool) -> tuple[_Unit, ...]:
    return tuple(_cut_up(text, bold))


def _units(text: str, bold: bool) -> Iterable[_Unit]:
    # Most texts are asked for several times: for the width of a column, the height of a row, and to be drawn.
    return _remembered(text, bold) if len(text) <= _SHORT else _cut_up(text, bold)


def longest_word(text: str, size: float, weight: int = 400) -> float:
    """The width of the widest part that cannot be broken well: the least box that breaks no word."""
    return max((size * unit.width for unit in _units(text, weight >= 600)), default=0.0)


def _takes_hyphen(left: str, right: str) -> bool:
    if not (left[0].isalpha() and right[0].isalpha()):
        return False
    return unicodedata.name(left[0], "").startswith(_HYPHENATED)


class _Lines:
    """Collects lines; widths are summed as they come, so that a text of any length costs linear time."""

    def __init__(self, box: float, size: float, bold: bool, most: int | None) -> None:
        self.box, self.size, self.bold, self.most = box + _SLACK, size, bold, most
        self.done: list[Line] = []
        self.parts: list[str] = []
        self.width = 0.0
        self.pending = False  # a space stands between the parts and what comes next

    @property
    def full(self) -> bool:
        return self.most is not None and len(self.done) > self.most

    def advance(self, cluster: str) -> float:
        return self.size * _advance(cluster, self.bold)

    def end(self, *, space: bool, hyphen: bool = False, last: bool = False) -> None:
        text = "".join(self.parts)
        soft = text.endswith(_SOFT_HYPHEN) and not space and not last
        shown = text.rstrip(_SOFT_HYPHEN) + "-" if hyphen or soft else text
        self.done.append(Line(text, shown, self.width + (self.advance("-") if hyphen or soft else 0.0), space))
        self.parts, self.width, self.pending = [], 0.0, False

    def add(self, unit: _Unit) -> None:
        width = self.size * unit.width
        # The hyphen a soft hyphen turns into needs its room too.
        needed = width + (self.advance("-") if unit.clusters[-1] == _SOFT_HYPHEN else 0.0)
        gap = self.advance(" ") if self.pending else 0.0
        if self.parts and self.width + gap + needed > self.box:
            self.end(space=self.pending)
            gap = 0.0
        if self.pending:
            self.parts.append(" ")
        if needed <= self.box:
            self.parts += unit.clusters
            self.width += gap + width
        else:
            self.break_up(unit.clusters)
        self.pending = unit.space

    def break_up(self, clusters: tuple[str, ...]) -> None:
        arabic, final = False, self.size * _FINAL
        for index, cluster in enumerate(clusters):
            before = clusters[index - 1] if index else ""
            follows = clusters[index + 1] if index + 1 < len(clusters) else ""
            width = self.advance(cluster) + (final if arabic and not _is_arabic(cluster) else 0.0)
            hyphen = follows == _SOFT_HYPHEN or bool(follows and _takes_hyphen(cluster, follows))
            room = self.advance("-") if hyphen else final if _is_arabic(cluster) else 0.0
            if self.parts and self.width + width + room > self.box:
                self.width += final if arabic else 0.0
                self.end(space=False, hyphen=bool(before) and _takes_hyphen(before, cluster))
                if self.full:
                    return
                width = self.advance(cluster)
            self.parts.append(cluster)
            self.width += width
            arabic = _is_arabic(cluster)
        self.width += final if arabic else 0.0


def wrap(text: str, box: float, size: float, weight: int = 400, *, most: int | None = None) -> tuple[Line, ...]:
    """The text in lines at most ``box`` wide (same unit as ``size``); white space is collapsed first.

    A word wider than the box is broken between graphemes, with a hyphen where the script has one. A grapheme wider than
    the box stands alone. With ``most`` the lines are cut there and the last one ends in an ellipsis.
    """
    if len(text) <= _SHORT:
        return _known_lines(text, box, size, weight, most)
    return _broken(text, box, size, weight, most)


def _broken(text: str, box: float, size: float, weight: int, most: int | None) -> tuple[Line, ...]:
    lines = _Lines(box, size, weight >= 600, most)
    for unit in _units(text, weight >= 600):
        lines.add(unit)
        if lines.full:
            break
    if lines.parts:
        lines.end(space=False, last=True)
    if most is not None and len(lines.done) > most:
        return (*lines.done[: most - 1], _cut(lines.done[most - 1], box, size, weight))
    return tuple(lines.done)


_known_lines = lru_cache(maxsize=2048)(_broken)


def _cut(line: Line, box: float, size: float, weight: int) -> Line:
    """The line shortened so that an ellipsis fits behind it."""
    clusters = list(graphemes(line.text))
    while clusters and measure("".join(clusters) + _ELLIPSIS, size, weight) > box:
        clusters.pop()
    text = "".join(clusters).rstrip(" ,;:-") + _ELLIPSIS
    return Line(text, text, measure(text, size, weight), False)


def reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction is a right-to-left one.

    What stands in isolates is left out (UAX 9, P2), unless all of the text does: a list of isolated words.
    """
    if text.isascii():
        return False
    depth, inside = 0, ""
    for character in text[:1000]:
        direction = unicodedata.bidirectional(character)
        if direction in ("LRI", "RLI", "FSI"):
            depth += 1
        elif direction == "PDI":
            depth = max(0, depth - 1)
        elif direction in ("L", "R", "AL"):
            if not depth:
                return direction != "L"
            inside = inside or direction
    return inside in ("R", "AL")


def is_upright(text: str) -> bool:
    """Whether the text holds letters that have no italics: CJK, Hangul, Arabic, Hebrew, Indic, South-East Asian."""
    return not text.isascii() and any(
        0x0590 <= ord(c) <= 0x1CFF or 0x2E80 <= ord(c) <= 0xFFDC or ord(c) >= 0x20000 for c in text[:1000]
    )
