"""The matrix: what matters against what it costs, with quadrants that have names."""

from journeykit.drawing.matrix.chances import chances
from journeykit.drawing.matrix.plan import plan

__all__ = ["chances", "plan"]
