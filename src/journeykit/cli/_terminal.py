"""What reaches the terminal: text that cannot steer it, aligned tables, and progress only where someone is watching."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

__all__ = ["Steps", "aligned", "complain", "safe", "say", "watching"]

Callback = Callable[[int, int], None]


def safe(text: object) -> str:
    r"""The text with everything that could steer a terminal written out (``\x1b``): names come from foreign files."""
    return "".join(_safe_sign(sign) for sign in str(text))


def _safe_sign(sign: str) -> str:
    # Cc are the controls (escape, newline, C1), Cf the invisible formats (bidi overrides), Zl and Zp line breaks, Cs halves;
    # the two joiners stay, because Persian, Hindi and emoji need them.
    if sign not in "\u200c\u200d" and unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co"):
        return sign.encode("unicode_escape").decode("ascii")
    return sign


def say(text: object = "") -> None:
    """One line on stdout."""
    print(safe(text))


def complain(text: object) -> None:
    """One line on stderr."""
    print(safe(text), file=sys.stderr)


def aligned(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset(), indent: str = "  ") -> list[str]:
    """The rows as lines with columns lined up; ``right`` names the columns that are set flush right."""
    shown = [[safe(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    lines = []
    for row in shown:
        cells = [
            " " * (wide - _width(cell)) + cell if i in right else cell + " " * (wide - _width(cell))
            for i, (cell, wide) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


class Steps:
    """The steps of a long command; each shows a bar while it runs."""

    @contextmanager
    def step(self, name: str) -> Iterator[Callback | None]:  # noqa: ARG002
        """Nothing is shown where nobody watches."""
        yield None


class _WatchedSteps(Steps):
    @contextmanager
    def step(self, name: str) -> Iterator[Callback | None]:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            # A file name in square brackets is a name, not a colour.
            task = progress.add_task(safe(name).replace("[", r"\["), total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)


def watching() -> Steps:
    """Steps with progress bars when stderr is a terminal, else silent ones."""
    return _WatchedSteps() if sys.stderr.isatty() else Steps()
