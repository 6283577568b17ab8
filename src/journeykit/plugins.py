"""Finding plugins: entry points, loaded only when asked for. Built-ins are found like strangers."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Generic, Literal, TypeVar

from journeykit.errors import PluginAmbiguousError, PluginBrokenError, PluginMissingError, one_of
from journeykit.evidence import Kind, Sample
from journeykit.protocols import Importer, Renderer, Scorer

__all__ = ["Registry", "importer_for", "importers", "renderers", "scorers"]

P = TypeVar("P", Importer, Scorer, Renderer)
Group = Literal["importers", "scorers", "renderers"]


class Registry(Generic[P]):
    """The installed plugins of one kind, by name. Reads the entry points anew each time, so it holds no state."""

    def __init__(self, group: Group, protocol: type[P]) -> None:
        self.group: Group = group
        self.protocol: type[P] = protocol

    @property
    def kind(self) -> str:
        """What the plugins are, in the singular: ``importer``, ``scorer``, ``renderer``."""
        return self.group.removesuffix("s")

    def names(self) -> tuple[str, ...]:
        """The names of every installed plugin, sorted; none is imported."""
        return tuple(sorted({point.name for point in self._points()}))

    def get(self, plugin: str | P) -> P:
        """The plugin of this name, ready to use; an object is checked and passed through.

        Raises `PluginMissingError` (no such name), `PluginAmbiguousError` (several packages offer the name) or
        `PluginBrokenError` (it cannot be imported or lacks a part of its protocol).
        """
        if not isinstance(plugin, str):
            return self._checked(plugin, type(plugin).__name__)
        points = [point for point in self._points() if point.name == plugin]
        if not points:
            names = one_of(self.names()) or "none is installed"
            raise PluginMissingError(self.kind, plugin, f"no {self.kind} is called {plugin!r}; there is {names}")
        if len({point.value for point in points}) > 1:
            offers = one_of(sorted(f"{_package(p)} ({p.value})" for p in points)).replace(" or ", " and ")
            message = (
                f"several packages offer a {self.kind} called {plugin!r}: {offers}; uninstall one or pass an object"
            )
            raise PluginAmbiguousError(self.kind, plugin, message)
        return self._load(points[0])

    def _points(self) -> list[EntryPoint]:
        return list(entry_points(group=f"journeykit.{self.group}"))

    def _load(self, point: EntryPoint) -> P:
        try:
            plugin = point.load()()
        except Exception as err:  # a stranger's import may raise anything; the message says whose it was
            message = (
                f"the {self.kind} {point.name!r} of {_package(point)} cannot be loaded: {type(err).__name__}: {err}"
            )
            raise PluginBrokenError(self.kind, point.name, message) from err
        return self._checked(plugin, point.name)

    def _checked(self, plugin: object, name: str) -> P:
        if not isinstance(plugin, self.protocol):
            wanted = _parts(self.protocol)
            missing = [part for part in wanted if not hasattr(plugin, part)]
            message = f"{name!r} is not {'an' if self.kind[0] == 'i' else 'a'} {self.kind}: it lacks {one_of(missing)}"
            raise PluginBrokenError(self.kind, name, message.replace(" or ", " and "))
        return plugin


def _parts(protocol: type) -> list[str]:
    return sorted(name for name in vars(protocol) if not name.startswith("_"))


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.module


def importers() -> Registry[Importer]:
    """The installed importers."""
    return Registry("importers", Importer)  # type: ignore[type-abstract]


def scorers() -> Registry[Scorer]:
    """The installed scorers."""
    return Registry("scorers", Scorer)  # type: ignore[type-abstract]


def renderers() -> Registry[Renderer]:
    """The installed renderers."""
    return Registry("renderers", Renderer)  # type: ignore[type-abstract]


def importer_for(sample: Sample, kind: Kind) -> Importer | None:
    """The one dedicated importer that recognises the sample, None when no one does.

    Raises `PluginAmbiguousError` when several do; pass ``format=`` then.
    """
    registry = importers()
    takers = [i for i in map(registry.get, registry.names()) if kind in i.yields and i.recognizes(sample)]
    if len(takers) > 1:
        names = one_of([importer.name for importer in takers]).replace(" or ", " and ")
        message = f"{sample.name} is recognised by several importers: {names}; say which with format="
        raise PluginAmbiguousError("importer", sample.name, message)
    return takers[0] if takers else None
