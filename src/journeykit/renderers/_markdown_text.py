"""Markdown that foreign text cannot break, escaped no more than needed so that it reads well as plain text too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import lru_cache

__all__ = ["block", "code", "duration", "escaped", "number", "p_value", "percent", "table"]

# What CommonMark and its table, strike-through and maths extensions give a meaning to anywhere in a line: a backslash only
# before a sign, an underscore only at the edge of a word.
_SIGNS = re.compile(r"(\\(?=[!-/:-@\[-`{-~]|$)|[`*\[|~$]|(?<![^\W_])_|_(?![^\W_]))")
# No HTML starts, no entity is read, and no bare address (its domain has a dot) becomes a link or a mention; the version of
# a method (friction@1) is neither.
_ENTITIES = re.compile(r"<(?=[a-zA-Z/!?])|&(?=#?\w+;)|(?<!\w)@(?=\w)|@(?=[\w.-]*\.\w)|@(?=[^\W\d])")
_ENTITY = {"<": "&lt;", "&": "&amp;", "@": "&#64;"}
_ADDRESSES = re.compile(r"(?i)\b(?:(https?|ftp):/(?=/)|(www)\.)")
# A list, a quote, a heading, a rule or its underline begins only at the start of a line; a heading may end in signs.
_OPENINGS = re.compile(r"^(\d+)([.)])(?=\s|$)|^()([-+=>#])|(?<=\s)()(#)(?=#*$)")


def escaped(text: object) -> str:
    """Foreign text as Markdown within a line, shown as it is."""
    return _escaped(str(text))


# A report names the same few titles in every table; without a memory a title of 100,000 signs would cost seconds.
@lru_cache(maxsize=64)
def _escaped(text: str) -> str:
    line = " ".join(_plain(text).split())
    line = _ENTITIES.sub(lambda found: _ENTITY[found[0]], _SIGNS.sub(r"\\\1", line))
    return _ADDRESSES.sub(lambda found: f"{found[1]}:&#47;" if found[1] else f"{found[2]}&#46;", line)


def block(text: object) -> str:
    """Foreign text as a line of its own (a paragraph, a heading, an item of a list)."""
    return _OPENINGS.sub(
        lambda found: "\\".join(filter(None, found.groups())) if found[1] else f"\\{found[0]}", escaped(text)
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


def p_value(value: float | None) -> str:
    """Three decimals; what would round to 0 is ``< 0.001``, because no p-value is 0."""
    return "&lt; 0.001" if value is not None and value < 0.0005 else number(value)


def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return f"{100 * share:.1f} %"


def duration(length: timedelta) -> str:
    """A length of time in the largest unit that divides it: 365 d, 2 h, 10 min, 1.5 s."""
    for size, unit in (("days", "d"), ("hours", "h"), ("minutes", "min")):
        if not length % timedelta(**{size: 1}):
            return f"{length // timedelta(**{size: 1}):,} {unit}"
    return f"{length.total_seconds():,g} s"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> str:
    """A pipe table; the cells are Markdown already."""
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rule, *rows))


def _plain(text: str) -> str:
    # Invisible signs could turn the reading order of a line around or hide in it; line breaks end a table row.
    # The two joiners stay, because Persian, Hindi and emoji need them.
    if text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs") and sign not in "\u200c\u200d" else sign
        for sign in text
    )
