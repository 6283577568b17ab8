"""Text for the emotion curve: installed fonts, measured widths and wrapped lines, all without pyplot."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from attrs import frozen

from journeykit.drawing.canvas import clean
from journeykit.drawing.text import graphemes

__all__ = ["Pen", "families"]

# Latin first, then one face for each script that the Latin ones lack; only the installed ones are used.
_FAMILIES: Final = (
    "Inter", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "DejaVu Sans",
    "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Tamil",
    "Noto Sans Thai", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Noto Sans KR",
    "Hiragino Sans", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "PingFang SC",
    "Noto Sans Symbols", "Noto Sans Symbols 2",
)  # fmt: skip
# Closing signs never start a line, opening ones never end one.
_NO_START: Final = frozenset("、。，．・：；？！）］｝」』】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々")
_NO_END: Final = frozenset("（［｛「『【〈《")
# Signs without a shape; matplotlib's PDF writer fails on those that its shaping merges into nothing.
_UNSEEN: Final = re.compile("[\u00ad\u200b\u2060-\u2064\u202a-\u202c\ufeff]")
# What is beyond so many signs a line no line can hold; nobody waits for the measuring of the rest.
_MOST_A_LINE: Final = 400


@lru_cache(maxsize=16)
def families(first: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The installed families of ``first`` and of the font stack; never empty, because matplotlib ships DejaVu Sans."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415

    # Colour fonts hold pictures, which matplotlib cannot draw.
    installed = {font.name for font in fontManager.ttflist if "Emoji" not in font.name}
    return tuple(name for name in dict.fromkeys((*first, *_FAMILIES)) if name in installed)


@frozen
class Pen:
    """Measures and wraps text at one resolution (dots an inch); widths are in pixels, sizes in points."""

    dpi: float
    fonts: tuple[str, ...] = ()

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """The advance width of the text on one line, its line breaks and tabs drawn as spaces."""
        return _extent(" ".join(text.split()), size, bold, self.dpi, self.fonts)[0]

    def leading(self, texts: Sequence[Sequence[str]], size: float, *, bold: bool = False) -> float:
        """The distance of lines that all these texts share, so that what stands in one row stands on one baseline."""
        lines = {line for lines in texts for line in lines if line}
        return max(
            [self.line(size), *(1.12 * _extent(line, size, bold, self.dpi, self.fonts)[1] for line in sorted(lines))]
        )

    def line(self, size: float) -> float:
        """The height of one line of Latin text, leading included."""
        return size * 1.45 * self.dpi / 72

    def wrap(self, text: str, width: float, size: float, *, bold: bool = False, most: int = 12) -> list[str]:
        """The text in lines no wider than ``width``: broken at spaces and between CJK signs, words only where they must.

        With more than ``most`` lines the last that is kept ends in an ellipsis.
        """
        lines: list[str] = []
        line, wide = "", 0.0
        for piece in _pieces(_UNSEEN.sub("", clean(text[: (most + 1) * _MOST_A_LINE]))):
            if len(lines) > most:
                break
            own = self.width(piece, size, bold=bold)
            gap = self._space(size, bold) if line.endswith(" ") else 0.0
            if line and wide + gap + own > width:
                lines.append(line.rstrip())
                line, wide, gap = "", 0.0, 0.0
            line, wide = line + piece, wide + gap + own
            while wide > width and len(line.rstrip()) > 1 and len(lines) <= most:
                head, rest = self._cut(line.rstrip(), width, size, bold=bold)
                if not rest:
                    break
                lines.append(head)
                line = rest + line[len(line.rstrip()) :]
                wide = self.width(rest, size, bold=bold)
        lines = [kept for kept in (*lines, line.rstrip()) if kept] or [""]
        if len(lines) > most:
            lines = [*lines[: most - 1], self._shortened(lines[most - 1], width, size, bold=bold)]
        return lines

    def _space(self, size: float, bold: bool) -> float:
        return self.width("n n", size, bold=bold) - self.width("nn", size, bold=bold)

    def _cut(self, word: str, width: float, size: float, *, bold: bool) -> tuple[str, str]:
        """The longest head of a too-wide word (with its hyphen) and the rest; never inside a combined sign."""
        signs = list(graphemes(word[:_MOST_A_LINE]))

        def wide(end: int) -> float:
            return self.width("".join(signs[:end]) + "-", size, bold=bold)

        # The widths of heads grow, so the longest that fits is found by halving.
        best = max(1, bisect_right(range(1, len(signs) + 1), width, key=wide))
        head = "".join(signs[:best])
        rest = word[len(head) :]
        hyphen = "-" if rest and head[-1].isalpha() and rest[0].isalpha() and not _wide(rest[0]) else ""
        return head + hyphen, rest

    def _shortened(self, line: str, width: float, size: float, *, bold: bool) -> str:
        signs = list(graphemes(line))
        while signs and self.width(f"{''.join(signs)}…", size, bold=bold) > width:
            signs.pop()
        return f"{''.join(signs).rstrip()}…"


@lru_cache(maxsize=8)
def _renderer(dpi: float) -> Any:
    from matplotlib.backends.backend_agg import RendererAgg  # noqa: PLC0415

    renderer: Any = RendererAgg  # matplotlib does not say what its canvas takes and gives
    return renderer(8, 8, dpi)


@lru_cache(maxsize=64)
def _font(size: float, bold: bool, fonts: tuple[str, ...]) -> Any:
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    return FontProperties(family=list(families(fonts)), size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=16384)
def _extent(text: str, size: float, bold: bool, dpi: float, fonts: tuple[str, ...]) -> tuple[float, float]:
    """Width and height of the text on one line, in pixels."""
    wide, high, _ = _renderer(dpi).get_text_width_height_descent(text, _font(size, bold, fonts), False)
    return float(wide), float(high)


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _pieces(text: str) -> Iterator[str]:
    """The smallest parts that stay together on a line, each with the space that follows it."""
    piece = ""
    for sign in " ".join(text.split()):
        apart = bool(piece) and (
            piece[-1] == " "
            or (piece[-1] in "-/–" and sign.isalpha())
            or ((_wide(sign) or _wide(piece[-1])) and sign not in _NO_START and piece[-1] not in _NO_END)
        )
        if apart and sign != " ":
            yield piece
            piece = sign
        else:
            piece += sign
    if piece:
        yield piece
