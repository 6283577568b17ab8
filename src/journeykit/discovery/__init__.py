"""From a log to a first map: a `Journey` measured from data, as a draft that people edit."""

from journeykit.discovery.drafting import discover

__all__ = ["discover"]
