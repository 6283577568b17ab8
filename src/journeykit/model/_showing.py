"""How a journey shows itself in a notebook: as its map, drawn by an installed renderer."""

from __future__ import annotations

from typing import Any

# The renderer is found by its name among the entry points, as a stranger's would be: the model imports no picture, registers
# itself nowhere, and shows itself wherever `_repr_mimebundle_` is asked for (Jupyter, VS Code, Colab, marimo).
_GROUP = "journeykit.renderers"
_RENDERER = "swimlane"


def shown(journey: Any) -> dict[str, str]:
    """The renderer's own display with a short line as plain text; that line alone where the renderer is not installed."""
    from importlib.metadata import entry_points  # noqa: PLC0415  # costs as much as the whole model

    stages, touchpoints = len(journey.stages), len(journey.touchpoints())
    plain = f"Journey {journey.id}: {journey.title} (stages: {stages}, touchpoints: {touchpoints})"
    points = list(entry_points(group=_GROUP, name=_RENDERER))
    if not points:
        return {"text/plain": plain}
    bundle = points[0].load()().render(journey)._repr_mimebundle_()
    return {**bundle, "text/plain": plain}
