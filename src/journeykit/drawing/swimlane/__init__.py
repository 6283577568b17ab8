"""The swimlane picture as data: from a journey and its scorecard to a scene; nothing is drawn here."""

from journeykit.drawing.swimlane.paging import pages, stacked
from journeykit.drawing.swimlane.plan import LANES, plan

__all__ = ["LANES", "pages", "plan", "stacked"]
