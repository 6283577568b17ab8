"""Make ``src/journeykit/drawing/advances.py`` from fonts: the widest advance of every character over six families.

Run it where the fonts of FONTS are installed (Debian: fonts-liberation fonts-inter fonts-noto-core fonts-roboto-unhinted
fonts-open-sans fonts-lato) and fontTools is importable::

    python docs/scripts/make_advances.py > src/journeykit/drawing/advances.py
"""

from __future__ import annotations

import math
import sys
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path("/usr/share/fonts")
FONTS = {
    "REGULAR": (
        "truetype/liberation/LiberationSans-Regular.ttf",
        "opentype/inter/Inter-Regular.otf",
        "truetype/noto/NotoSans-Regular.ttf",
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
        "truetype/open-sans/OpenSans-Regular.ttf",
        "truetype/lato/Lato-Regular.ttf",
    ),
    "BOLD": (
        "truetype/liberation/LiberationSans-Bold.ttf",
        "opentype/inter/Inter-Bold.otf",
        "truetype/noto/NotoSans-Bold.ttf",
        "truetype/roboto/unhinted/RobotoTTF/Roboto-Bold.ttf",
        "truetype/open-sans/OpenSans-Bold.ttf",
        "truetype/lato/Lato-Bold.ttf",
    ),
}
# Latin with its extensions, Greek, Cyrillic, Vietnamese, punctuation, currency, and the signs the pictures use.
RANGES = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x192, 0x193),
    (0x1CD, 0x1DD),
    (0x218, 0x21C),
    (0x2C6, 0x2DE),
    (0x386, 0x3CF),
    (0x400, 0x460),
    (0x490, 0x494),
    (0x1EA0, 0x1EFA),
    (0x2010, 0x2028),
    (0x202F, 0x2050),
    (0x2070, 0x2090),
    (0x20A0, 0x20C0),
    (0x2116, 0x2117),
    (0x2122, 0x2123),
    (0x2190, 0x2194),
    (0x2202, 0x2203),
    (0x2211, 0x221F),
    (0x2248, 0x2266),
    (0x25B2, 0x25CB),
)


def widest(paths: tuple[str, ...]) -> dict[int, int]:
    """Character to its widest advance, in hundredths of an em, rounded up."""
    table: dict[int, int] = {}
    for path in paths:
        font = TTFont(ROOT / path, lazy=True)
        advances, units = font["hmtx"].metrics, font["head"].unitsPerEm
        for code, glyph in font.getBestCmap().items():
            if any(low <= code < high for low, high in RANGES) and unicodedata.category(chr(code)) not in ("Mn", "Cf"):
                table[code] = max(table.get(code, 0), math.ceil(100 * advances[glyph][0] / units))
    return table


def runs(table: dict[int, int]) -> list[tuple[int, list[int]]]:
    found: list[tuple[int, list[int]]] = []
    for code in sorted(table):
        if found and found[-1][0] + len(found[-1][1]) == code:
            found[-1][1].append(table[code])
        else:
            found.append((code, [table[code]]))
    return found


def main() -> None:
    write = sys.stdout.write
    write(
        '"""How wide characters are at most: hundredths of an em, by code point. Made by docs/scripts/make_advances.py.\n\n'
    )
    write(
        "The maximum over Liberation Sans (Arial's metrics), Inter, Noto Sans, Roboto, Open Sans and Lato, so that a line\n"
    )
    write('measured with it fits whichever of them the reader has. `BOLD` serves the weights 600 and 700.\n"""\n\n')
    write("from __future__ import annotations\n\n")
    write('__all__ = ["BOLD", "REGULAR"]\n\n\n')
    write("def _table(*runs: tuple[int, str]) -> dict[int, int]:\n")
    write(
        "    return {start + i: int(width) for start, widths in runs for i, width in enumerate(widths.split())}\n\n\n"
    )
    parts = []
    for name, paths in FONTS.items():
        lines = [f"{name} = _table("]
        for start, widths in runs(widest(paths)):
            rows = [" ".join(map(str, widths[i : i + 30])) for i in range(0, len(widths), 30)]
            if len(rows) == 1:
                lines.append(f'    (0x{start:04X}, "{rows[0]}"),')
            else:
                lines += ["    (", f"        0x{start:04X},"]
                lines += [f'        "{row}{" " if i < len(rows) - 1 else ""}"' for i, row in enumerate(rows)]
                lines[-1] += ","
                lines += ["    ),"]
        parts.append("\n".join([*lines, ")"]))
    write("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
