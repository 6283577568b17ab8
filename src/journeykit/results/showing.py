"""Values as small HTML tables for a notebook: everything escaped, no id, no class and no style outside the cells.

Notebooks align all cells to the right; each cell says for itself where it stands, so that text reads from the left and
figures line up on the right whatever the page around it does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import attrs

__all__ = ["cell_text", "figure_text", "fit_text", "table_html", "text_html"]

# Controls but for tab and newline, halves of surrogate pairs, signs that are none, and the two overrides of the direction.
_UNFIT = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff\\u202d\\u202e]")


def fit_text(text: str) -> str:
    """The text with every sign that no page, message or terminal can bear as U+FFFD."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def text_html(text: str) -> str:
    """Foreign text as HTML, between tags or in a quoted attribute."""
    # Late: it brings the names of 2,000 signs, and most who make a picture show no table.
    from html import escape  # noqa: PLC0415

    return escape(fit_text(text), quote=True)


def table_html(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str | None = None, figures: Collection[str] = ()
) -> str:
    """The rows under their heads; a column of numbers, durations or nothing is aligned to the right. All text is escaped.

    ``figures`` are the heads of further columns to align so, whose figures are written out already.
    """
    body = [tuple(row) for row in rows]
    right = [
        name in figures or (all(_is_figure(row[i]) for row in body) and any(row[i] is not None for row in body))
        for i, name in enumerate(head)
    ]
    title = f'<caption style="text-align:left">{text_html(caption)}</caption>' if caption else ""
    top = "".join(_cell("th", name, to_right) for name, to_right in zip(head, right, strict=True))
    lines = "".join(
        "<tr>" + "".join(_cell("td", value, to_right) for value, to_right in zip(row, right, strict=True)) + "</tr>"
        for row in body
    )
    return f"<table>{title}<thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def cell_text(value: object) -> str:
    """A value in a few words: four digits of a fraction, thousands apart, times with their zone; None is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"
    if isinstance(value, timedelta):
        # A fraction of a second says nothing beside minutes; Python writes minus two minutes as "-1 day, 23:58:00".
        size = abs(value)
        size = timedelta(seconds=round(size.total_seconds())) if size >= timedelta(minutes=1) else size
        return f"-{size}" if value < timedelta(0) else str(size)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(map(cell_text, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{cell_text(key)} {cell_text(member)}" for key, member in value.items())
    if attrs.has(type(value)) and type(value).__str__ is object.__str__:
        named = ((a.name, getattr(value, a.name)) for a in attrs.fields(type(value)))  # type: ignore[arg-type]
        return ", ".join(f"{name} {cell_text(member)}" for name, member in named if member not in (None, ()))
    return str(value)


def figure_text(value: float | None) -> str:
    """A figure with three decimals, so that those of one column line up; none from a thousand on; None is nothing."""
    if value is None:
        return ""
    # Adding 0.0 takes the sign off a rounded zero.
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{round(value, 3) + 0.0:.3f}"


def _is_figure(value: object) -> bool:
    return value is None or (isinstance(value, int | float | timedelta) and not isinstance(value, bool))


def _cell(tag: str, value: object, to_right: bool) -> str:
    side = "right" if to_right else "left"
    return f'<{tag} style="text-align:{side}">{text_html(cell_text(value))}</{tag}>'
