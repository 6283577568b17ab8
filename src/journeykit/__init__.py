"""journeykit: customer journey maps as typed, versioned text, tied to evidence.

A `Journey` (what we believe) and `Evidence` (what customers did and said) give a `Scorecard` (what follows), and all three
give a picture. Everything here is imported when it is first used, so that ``import journeykit`` costs nothing.
"""

# ``typing`` itself costs a third of an interpreter start; type checkers know this name without it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from journeykit.api import (
        check,
        discover,
        load,
        read_customers,
        read_events,
        read_feedback,
        read_metrics,
        render,
        save,
        score,
    )
    from journeykit.errors import JourneykitError
    from journeykit.evidence import Evidence
    from journeykit.model import Journey
    from journeykit.results import Rendering, Score, Scorecard

__version__ = "0.1.0"

__all__ = [
    "Evidence",
    "Journey",
    "JourneykitError",
    "Rendering",
    "Score",
    "Scorecard",
    "__version__",
    "check",
    "discover",
    "load",
    "read_customers",
    "read_events",
    "read_feedback",
    "read_metrics",
    "render",
    "save",
    "score",
]

_HOMES = {
    "Evidence": "evidence",
    "Journey": "model",
    "JourneykitError": "errors",
    "Rendering": "results",
    "Score": "results",
    "Scorecard": "results",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'journeykit' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f"journeykit.{_HOMES.get(name, 'api')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
