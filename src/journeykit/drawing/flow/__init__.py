"""The picture of what customers really do: touchpoints in the order of the map, and the moves between them."""

from journeykit.drawing.flow.plan import plan

__all__ = ["plan"]
