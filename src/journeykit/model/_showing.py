"""How a journey shows itself in a notebook: as its map, drawn by an installed renderer, or as the page of another."""

from __future__ import annotations

from typing import Any

from journeykit.errors import PluginMissingError

# The renderer is found by its name among the entry points, as a stranger's would be: the model imports no picture, registers
# itself nowhere, and shows itself wherever `_repr_mimebundle_` is asked for (Jupyter, VS Code, Colab, marimo).
_GROUP = "journeykit.renderers"
_RENDERER = "swimlane"
_PAGE = "html"
_TITLE = 60


def line(journey: Any) -> str:
    """What the journey is, in one short line of printable signs: id, title and how much it holds."""
    title = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in journey.title)
    title = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}\N{HORIZONTAL ELLIPSIS}"
    held = {"stages": journey.stages, "touchpoints": journey.touchpoints(), "personas": journey.personas}
    return f"Journey {journey.id}: {title} ({', '.join(f'{what}: {len(parts)}' for what, parts in held.items())})"


def shown(journey: Any) -> dict[str, str]:
    """The renderer's own display with a short line as plain text; that line alone where the renderer is not installed."""
    from importlib.metadata import entry_points  # noqa: PLC0415  # costs as much as the whole model

    plain = line(journey)
    points = list(entry_points(group=_GROUP, name=_RENDERER))
    if not points:
        return {"text/plain": plain}
    bundle = points[0].load()().render(journey)._repr_mimebundle_()
    return {**bundle, "text/plain": plain}


def paged(journey: Any, scores: Any) -> Any:
    """The Rendering of the installed page renderer; `PluginMissingError` where there is none."""
    from importlib.metadata import entry_points  # noqa: PLC0415

    points = list(entry_points(group=_GROUP, name=_PAGE))
    if not points:
        message = f"no renderer is called {_PAGE!r}, which makes the interactive page; install journeykit again"
        raise PluginMissingError("renderer", _PAGE, message)
    return points[0].load()().render(journey, scores)
