"""Finding plugins: entry points, loaded only when asked for. Built-ins are found like strangers."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from journeykit.errors import PluginAmbiguousError, PluginBrokenError, PluginError, PluginMissingError, one_of
from journeykit.protocols import Importer, Renderer, Scorer

if TYPE_CHECKING:
    from journeykit.evidence import Kind, Sample

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
        `PluginBrokenError` (it cannot be imported or made, lacks a part of its protocol, or has another name than its
        entry point).
        """
        if not isinstance(plugin, str):
            return self._checked(plugin, type(plugin).__name__)
        points = [point for point in self._points() if point.name == plugin]
        if not points:
            names = one_of(self.names()) or "none is installed"
            raise PluginMissingError(self.kind, plugin, f"no {self.kind} is called {plugin!r}; there is {names}")
        # A package that is seen twice (installed, and on the path) offers the same thing: that is no choice to make.
        offered = {(point.module, point.attr): point for point in reversed(points)}
        if len(offered) > 1:
            offers = _and(sorted(f"{_package(point)} ({point.value})" for point in offered.values()))
            message = (
                f"several packages offer a {self.kind} called {plugin!r}: {offers}; uninstall one or pass an object"
            )
            raise PluginAmbiguousError(self.kind, plugin, message)
        return self._load(points[0])

    def packages(self, name: str) -> tuple[str, ...]:
        """The packages that offer this name, sorted: those to mend or uninstall when something is wrong with it."""
        return tuple(sorted({_package(point) for point in self._points() if point.name == name}))

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
        checked = self._checked(plugin, point.name)
        if checked.name != point.name:
            message = (
                f"the {self.kind} {point.name!r} of {_package(point)} calls itself {checked.name!r}; one must change"
            )
            raise PluginBrokenError(self.kind, point.name, message)
        return checked

    def _checked(self, plugin: object, name: str) -> P:
        article = "an" if self.kind[0] == "i" else "a"
        if isinstance(plugin, type):
            # It has every part as an attribute, so that without this its first call would fail obscurely.
            message = f"{plugin.__name__} is a class, not {article} {self.kind}: pass an object, {plugin.__name__}()"
            raise PluginBrokenError(self.kind, plugin.__name__, message)
        if not isinstance(plugin, self.protocol):
            missing = [part for part in _parts(self.protocol) if not hasattr(plugin, part)]
            message = f"{name!r} is not {article} {self.kind}: it lacks {_and(missing)}"
            raise PluginBrokenError(self.kind, name, message)
        return plugin


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


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

    Every importer is asked, so that two takers are found out. One that cannot be asked might be the taker: then this
    raises too (`PluginBrokenError` or `PluginAmbiguousError`), naming the packages to mend. With several takers it raises
    `PluginAmbiguousError`. ``format=`` avoids all of it.
    """
    registry = importers()
    takers: list[Importer] = []
    faults: list[PluginError] = []
    for name in registry.names():
        try:
            importer = registry.get(name)
            if _takes(importer, sample, kind):
                takers.append(importer)
        except PluginError as err:
            faults.append(err)
    if faults:
        raise _unasked(registry, sample, faults) from faults[0]
    if len(takers) > 1:
        names = _and([importer.name for importer in takers])
        message = f"{sample.name} is recognised by several importers: {names}; say which with format="
        raise PluginAmbiguousError("importer", sample.name, message)
    return takers[0] if takers else None


def _takes(importer: Importer, sample: Sample, kind: Kind) -> bool:
    try:
        return kind in importer.yields and bool(importer.recognizes(sample))
    except Exception as err:  # as for its import: whatever it is, the message says whose it was
        message = f"the importer {importer.name!r} fails on the beginning of the source: {type(err).__name__}: {err}"
        raise PluginBrokenError("importer", importer.name, message) from err


def _unasked(registry: Registry[Importer], sample: Sample, faults: Sequence[PluginError]) -> PluginError:
    """The error that names every importer that could not be asked, the packages to mend, and the way around."""
    packages = list(dict.fromkeys(package for fault in faults for package in registry.packages(fault.name)))
    message = (
        f"which importer recognises {sample.name} cannot be told, because not every one could be asked: "
        f"{'; '.join(str(fault) for fault in faults)}. Upgrade or uninstall {one_of(packages)}; or say format=, which asks no "
        "other importer"
    )
    return type(faults[0])("importer", faults[0].name, message)
