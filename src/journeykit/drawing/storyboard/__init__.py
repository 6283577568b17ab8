"""The storyboard: one panel a stage, told through one person."""

from journeykit.drawing.storyboard.plan import plan

__all__ = ["plan"]
