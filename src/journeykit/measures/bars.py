"""A bar for long work, where somebody looks at a terminal or a notebook."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from journeykit.measures.ordering import Progress

__all__ = ["bar"]


@contextmanager
def bar(title: str = "Counting") -> Iterator[Progress]:
    """A progress bar to be given as ``progress=``, in a terminal (on standard error) or a notebook; elsewhere it shows nothing.

    It is gone when the block ends, also after an error or Ctrl-C.

    >>> from journeykit.measures import bar
    >>> with bar("Counting events") as progress:
    ...     progress(1, 2)
    """
    from rich.console import Console  # noqa: PLC0415  (only who wants a bar pays for it)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    console = Console()
    if not console.is_jupyter:
        console = Console(file=sys.stderr)
    seen = console.is_jupyter or console.is_terminal
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True, disable=not seen) as bars:
        task = bars.add_task(title, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
