"""For authors of plugins: contract suites for their own tests, worlds to score on, and strategies that invent journeys.

A suite is subclassed in pytest, one test a law, or checked in one call:

>>> from journeykit.renderers.json import JsonRenderer
>>> from journeykit.testing import check_renderer
>>> check_renderer(JsonRenderer)

hypothesis is imported only by the law and the module (`journeykit.testing.strategies`) that need it.
"""

from __future__ import annotations

from journeykit.testing.importing import Example, ImporterContract, check_importer
from journeykit.testing.rendering import RendererContract, check_renderer
from journeykit.testing.scoring import ScorerContract, check_scorer

__all__ = [
    "Example",
    "ImporterContract",
    "RendererContract",
    "ScorerContract",
    "check_importer",
    "check_renderer",
    "check_scorer",
]
