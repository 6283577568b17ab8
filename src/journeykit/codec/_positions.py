"""Where a part of a journey stands in its text, for findings about maps that are valid."""

from __future__ import annotations

from collections.abc import Iterable

from journeykit.codec._nodes import Faults, nearest, values_by_path
from journeykit.codec._texts import Format, read
from journeykit.errors import JourneyError


def positions(text: str, paths: Iterable[str], *, format: Format = "yaml") -> dict[str, tuple[int, int]]:
    """Line and column (1-based) of each path, such as ``stages[0].moment``, in the text of a journey.

    What the text leaves out is placed where the closest part around it begins. Raises `JourneyError` when the text is
    not of the format that was said. In Mermaid a place is the line of its section or task.
    """
    if format == "mermaid":
        from journeykit.codec._mermaid_read import mermaid_positions  # noqa: PLC0415

        return mermaid_positions(text, paths)
    by_path, problems = read(text, "<text>", format, Faults(), lambda _, root: values_by_path(root))
    if by_path is None:
        raise JourneyError(problems)
    found = {path: nearest(by_path, path) for path in paths}
    return {path: (node.line, node.column) for path, node in found.items()}
