"""The funnel: how many journeys got at least this far in the order of the map."""

from journeykit.drawing.funnel.plan import plan

__all__ = ["plan"]
