"""Journeys and scorecards as text: YAML and JSON both ways, strict, with the address of every fault, and their schemas.

The one home of YAML. Reading never runs code, resolves no YAML 1.1 magic (``no`` and ``12:30`` are texts) and refuses
aliases, tags, duplicate keys, deep nesting and files beyond 16 MB. Writing is canonical: fixed key order, no defaults,
a newline at the end, the same bytes for the same journey.
"""

from journeykit.codec._files import load, save
from journeykit.codec._journeys import journey_to_tree
from journeykit.codec._texts import dumps, loads

# Who reads or writes a map alone makes neither the schema nor the classes of a scorecard nor Mermaid.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from journeykit.codec._mermaid_write import dumps_mermaid
    from journeykit.codec._positions import positions
    from journeykit.codec._schema import schema, scorecard_schema
    from journeykit.codec._scorecards import dumps_scorecard, loads_scorecard, scorecard_to_tree

__all__ = [
    "dumps",
    "dumps_mermaid",
    "dumps_scorecard",
    "journey_to_tree",
    "load",
    "loads",
    "loads_scorecard",
    "positions",
    "save",
    "schema",
    "scorecard_schema",
    "scorecard_to_tree",
]

_HOMES = {
    "dumps_mermaid": "_mermaid_write",
    "dumps_scorecard": "_scorecards",
    "loads_scorecard": "_scorecards",
    "positions": "_positions",
    "schema": "_schema",
    "scorecard_schema": "_schema",
    "scorecard_to_tree": "_scorecards",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
