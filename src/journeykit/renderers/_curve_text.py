"""Text for the emotion curve: installed fonts, measured widths and wrapped lines, all without pyplot."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final

from attrs import frozen

__all__ = ["SPACING", "Pen", "families"]

SPACING: Final = 1.25

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


@cache
def families() -> tuple[str, ...]:
    """The families of the font stack that are installed; never empty, because matplotlib ships DejaVu Sans."""
    from matplotlib.font_manager import fontManager  # noqa: PLC0415

    installed = {font.name for font in fontManager.ttflist}
    return tuple(name for name in _FAMILIES if name in installed)


@frozen
class Pen:
    """Measures and wraps text at one resolution (dots an inch); widths are in pixels, sizes in points."""

    dpi: float

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """The advance width of the text on one line, its line breaks and tabs drawn as spaces."""
        return _width(" ".join(text.split()), size, bold, self.dpi)

    def height(self, lines: Sequence[str], size: float, *, bold: bool = False) -> float:
        """The height of these lines as matplotlib sets them, whatever its version; 0 for no text."""
        return _height("\n".join(lines), size, bold, self.dpi) if any(lines) else 0.0

    def leading(self, texts: Sequence[Sequence[str]], size: float, *, bold: bool = False) -> float:
        """The distance of lines that all these texts share, so that what stands in one row stands on one baseline."""
        return max(
            [self.line(size), *(1.06 * self.height([line], size, bold=bold) for lines in texts for line in lines)]
        )

    def line(self, size: float) -> float:
        """The height of one line of Latin text, leading included."""
        return max(size * 1.3 * self.dpi / 72, self.height(["lp"], size))

    def wrap(self, text: str, width: float, size: float, *, bold: bool = False, most: int | None = None) -> list[str]:
        """The text in lines no wider than ``width``: broken at spaces and between CJK signs, words only where they must.

        With ``most``, the last line that is kept ends in an ellipsis when text is left over.
        """
        lines: list[str] = []
        line = ""
        for piece in _pieces(text):
            if not line.strip() or self.width((line + piece).rstrip(), size, bold=bold) <= width:
                line = (line + piece) if line.strip() else piece.lstrip()
            else:
                lines.append(line.rstrip())
                line = piece.lstrip()
            while self.width(line.rstrip(), size, bold=bold) > width and len(line.rstrip()) > 1:
                head, line = self._cut(line.rstrip(), width, size, bold=bold)
                lines.append(head)
        lines.append(line.rstrip())
        lines = [line for line in lines if line] or [""]
        if most is not None and len(lines) > most:
            lines = [*lines[: most - 1], self._shortened(lines[most - 1], width, size, bold=bold)]
        return lines

    def _cut(self, word: str, width: float, size: float, *, bold: bool) -> tuple[str, str]:
        """The longest head of a too-wide word (with its hyphen) and the rest; never inside a combined sign."""
        best = 1
        for end in range(1, len(word)):
            if unicodedata.combining(word[end]) or word[end] == "\u200d" or word[end - 1] == "\u200d":
                continue
            if best > 1 and self.width(f"{word[:end]}-", size, bold=bold) > width:
                break
            best = end
        hyphen = "-" if word[best - 1].isalpha() and word[best].isalpha() and not _wide(word[best]) else ""
        return word[:best] + hyphen, word[best:]

    def _shortened(self, line: str, width: float, size: float, *, bold: bool) -> str:
        while line and self.width(f"{line}…", size, bold=bold) > width:
            line = line[:-1]
        return f"{line.rstrip()}…"


@lru_cache(maxsize=8192)
def _width(text: str, size: float, bold: bool, dpi: float) -> float:
    from matplotlib.backends.backend_agg import RendererAgg  # noqa: PLC0415
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    font = FontProperties(family=list(families()), size=size, weight="bold" if bold else "normal")
    renderer: Any = RendererAgg  # matplotlib does not say what its canvas takes and gives
    return float(renderer(8, 8, dpi).get_text_width_height_descent(text, font, False)[0])


@lru_cache(maxsize=1024)
def _height(text: str, size: float, bold: bool, dpi: float) -> float:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(1, 1), dpi=dpi)
    canvas: Any = FigureCanvasAgg(figure)
    style: dict[str, Any] = {"family": list(families()), "weight": "bold" if bold else "normal", "parse_math": False}
    set_text = figure.text(0, 0, text, size=size, linespacing=SPACING, **style)
    return float(set_text.get_window_extent(canvas.get_renderer()).height)


def _wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _pieces(text: str) -> list[str]:
    """The smallest parts that stay together on a line, each with the space that follows it."""
    pieces: list[str] = []
    for sign in " ".join(text.split()):
        apart = bool(pieces) and (
            pieces[-1].endswith((" ", "-", "/", "–"))
            or ((_wide(sign) or _wide(pieces[-1][-1])) and sign not in _NO_START and pieces[-1][-1] not in _NO_END)
        )
        if not pieces or (apart and sign != " "):
            pieces.append(sign)
        else:
            pieces[-1] += sign
    return pieces
