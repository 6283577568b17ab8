"""Markdown that foreign text cannot break: escaping, tables, figures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

__all__ = ["code", "escaped", "number", "percent", "table"]

# What CommonMark and its table and maths extensions give a meaning to anywhere in a line.
_SIGNS = re.compile(r"([\\`*_{}\[\]#|~$^])")
# Entities: no HTML starts, and no bare address becomes a link.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})
_ADDRESSES = re.compile(r"(?i)\b(?:(https?|ftp):/(?=/)|(www)\.)")


def escaped(text: object) -> str:
    """Foreign text as one line of Markdown that shows it as it is."""
    line = " ".join(_plain(str(text)).split())
    line = _ADDRESSES.sub(
        lambda found: f"{found[1]}:&#47;" if found[1] else f"{found[2]}&#46;",
        _SIGNS.sub(r"\\\1", line).translate(_ENTITIES),
    )
    # A list, a rule or an underlined heading begins only at the start of a line.
    return re.sub(
        r"^(?:(\d+)([.)])(?=\s|$)|([-+=]))",
        lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}",
        line,
    )


def code(text: object) -> str:
    """Foreign text as a code span, also inside a table; longer back-tick fences where it holds back-ticks."""
    line = " ".join(_plain(str(text)).split()).replace("|", "¦")
    fence = "`" * (max((len(run) for run in re.findall(r"`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else "``"


def number(value: float | None) -> str:
    """Three decimals with a true minus, which is as far as any score is meant; empty for None."""
    if value is None:
        return ""
    shown = f"{value:.3f}"
    return shown.removeprefix("-") if float(shown) == 0 else shown.replace("-", "−")


def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * share:.1f} %"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """A pipe table; the cells are Markdown already."""
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _plain(text: str) -> str:
    # Invisible signs could turn the reading order of a line around or hide in it; line breaks end a table row.
    # The two joiners stay, because Persian, Hindi and emoji need them.
    return "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs") and sign not in "\u200c\u200d" else sign
        for sign in text
    )
