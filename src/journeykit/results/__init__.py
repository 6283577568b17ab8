"""What follows: scores, scorecards, findings and renderings. Data only; no algorithm lives here."""

# A picture of a map alone needs no class of a scorecard, and each class costs as much to make as a touchpoint to draw.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from journeykit.results.findings import Finding
    from journeykit.results.records import Records
    from journeykit.results.renderings import Rendering
    from journeykit.results.scores import (
        Component,
        Coverage,
        EvidenceRef,
        Interval,
        Move,
        Score,
        Scorecard,
        Subject,
        TouchpointCount,
    )

__all__ = [
    "Component",
    "Coverage",
    "EvidenceRef",
    "Finding",
    "Interval",
    "Move",
    "Records",
    "Rendering",
    "Score",
    "Scorecard",
    "Subject",
    "TouchpointCount",
]

_HOMES = {"Finding": "findings", "Records": "records", "Rendering": "renderings"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'scores')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
