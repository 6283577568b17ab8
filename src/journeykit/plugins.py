"""Finding plugins: entry points, loaded only when asked for. Built-ins are found like strangers."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeVar

from journeykit.errors import PluginAmbiguousError, PluginBrokenError, PluginError, PluginMissingError, one_of
from journeykit.protocols import Importer, Renderer, Scorer

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from journeykit.evidence import Kind, Sample

__all__ = ["Registry", "importer_for", "importers", "renderers", "scorers"]

P = TypeVar("P", Importer, Scorer, Renderer)
V = TypeVar("V")
Group = Literal["importers", "scorers", "renderers"]
# A module and what it holds; the extras of old that may follow are left to the standard library.
_SIMPLE = re.compile(r"[\w.]+\s*:\s*[\w.]+")


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
        offer = _sole_offer(f"journeykit.{self.group}", plugin)
        return self._load(self._point(plugin) if offer is None else offer)

    def _point(self, plugin: str) -> EntryPoint:
        """The entry point of this name, however it is installed; an error where there is none to choose."""
        points = [point for point in self._points() if point.name == plugin]
        if not points:
            import difflib  # noqa: PLC0415  # for faults alone

            names = self.names()
            near = difflib.get_close_matches(plugin, names, n=1)
            asked = f"{plugin!r}" + (f" (did you mean {near[0]!r}?)" if near else "")
            there = one_of(names) or "none is installed"
            raise PluginMissingError(self.kind, plugin, f"no {self.kind} is called {asked}; there is {there}")
        # A package that is seen twice (installed, and on the path) offers the same thing: that is no choice to make.
        offered = {(point.module, point.attr): point for point in reversed(points)}
        if len(offered) > 1:
            offers = _and(sorted(f"{_package(point)} ({point.value})" for point in offered.values()))
            message = (
                f"several packages offer a {self.kind} called {plugin!r}: {offers}; uninstall one or pass an object"
            )
            raise PluginAmbiguousError(self.kind, plugin, message)
        return points[0]

    def packages(self, name: str) -> tuple[str, ...]:
        """The packages that offer this name, sorted: those to mend or uninstall when something is wrong with it."""
        return tuple(sorted({_package(point) for point in self._points() if point.name == name}))

    def returned(self, plugin: P, value: object, wanted: type[V]) -> V:
        """What the plugin returned, which may be anything, whatever its annotation says; `PluginBrokenError` for another type."""
        if not isinstance(value, wanted):
            raise self.broken(plugin, f"returned a {type(value).__name__}, not a {wanted.__name__}")
        return value

    def broken(self, plugin: P, fault: str) -> PluginBrokenError:
        """The error for what a plugin did that its protocol forbids (``returned a str, not a Rendering``): says whose it is."""
        module = type(plugin).__module__
        top = module.partition(".")[0]
        own = [point for point in self._points() if point.name == plugin.name and point.module.partition(".")[0] == top]
        whose = _package(own[0]) if own else module
        return PluginBrokenError(self.kind, plugin.name, f"the {self.kind} {plugin.name!r} of {whose} {fault}")

    def _points(self) -> list[EntryPoint]:
        return _entry_points(f"journeykit.{self.group}")

    def _load(self, point: EntryPoint | _Offer) -> P:
        try:
            plugin = point.load()()
        except Exception as err:  # a stranger's import may raise anything; the message says whose it was
            message = f"the {self.kind} {point.name!r} of {self._package(point)} cannot be loaded: {type(err).__name__}: {err}"
            raise PluginBrokenError(self.kind, point.name, message) from err
        checked = self._checked(plugin, point.name, point)
        if checked.name != point.name:
            message = f"the {self.kind} {point.name!r} of {self._package(point)} calls itself {checked.name!r}; one must change"
            raise PluginBrokenError(self.kind, point.name, message)
        return checked

    def _package(self, point: EntryPoint | _Offer) -> str:
        return _package(self._point(point.name) if isinstance(point, _Offer) else point)

    def _checked(self, plugin: object, name: str, point: EntryPoint | _Offer | None = None) -> P:
        """The plugin, if it is of the kind; ``point`` is where it was installed, None for an object of the caller."""
        if not isinstance(plugin, type) and isinstance(plugin, self.protocol):
            return plugin
        article = "an" if self.kind[0] == "i" else "a"
        whose = f" of {self._package(point)}" if point else ""
        if isinstance(plugin, type):
            # It has every part as an attribute, so that without this its first call would fail obscurely.
            mend = f"its entry point {name!r}{whose} must make one" if point else f"pass an object, {plugin.__name__}()"
            message = f"{plugin.__name__} is a class, not {article} {self.kind}: {mend}"
            raise PluginBrokenError(self.kind, plugin.__name__, message)
        missing = [part for part in _parts(self.protocol) if not hasattr(plugin, part)]
        message = f"{name!r}{whose} is not {article} {self.kind}: it lacks {_and(missing)}"
        raise PluginBrokenError(self.kind, name, message)


class _Offer(NamedTuple):
    """An entry point as `_sole_offer` finds it; `load` is that of `importlib.metadata.EntryPoint`."""

    package: str
    group: str
    name: str
    value: str

    def load(self) -> Any:
        module, _, attr = self.value.partition(":")
        return reduce(getattr, attr.strip().split("."), import_module(module.strip()))


def _entry_points(group: str) -> list[EntryPoint]:
    # Late: with the mail and archive modules it brings, it costs more than drawing a map.
    from importlib.metadata import entry_points  # noqa: PLC0415

    return list(entry_points(group=group))


def _sole_offer(group: str, name: str) -> _Offer | None:
    """The one thing of this name that the folders of the path offer; None where `importlib.metadata` must be asked.

    That is where there is nothing or a choice to tell of, and wherever packages may be installed in another way than as folders
    beside each other: archives, eggs, finders of strangers. It is a short cut to the same answer, never to another one.
    """
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return None
    known: set[str] = set()
    found: dict[str, _Offer] = {}
    for entry in sys.path:
        folder = os.fspath(entry) or "."
        if folder.endswith(".egg"):
            return None
        try:
            packages, offers = _offers(folder, Path(folder).stat().st_mtime_ns)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            return None
        # Of a package that is seen twice the first counts, as it does for what is imported from it.
        for offer in offers:
            if offer.package not in known and (offer.group, offer.name) == (group, name):
                found[offer.value] = offer
        known |= packages
    return next(iter(found.values())) if len(found) == 1 and all(map(_SIMPLE.fullmatch, found)) else None


@lru_cache(maxsize=64)
def _offers(folder: str, _changed: int) -> tuple[frozenset[str], tuple[_Offer, ...]]:
    """The packages in the folder and what they offer journeykit; installing or removing one changes the folder's time."""
    found: dict[str, tuple[_Offer, ...]] = {}
    with os.scandir(folder) as children:
        for child in children:
            stem, _, suffix = child.name.rpartition(".")
            if suffix in ("dist-info", "egg-info"):
                package = re.sub(r"[-_.]+", "_", stem.partition("-")[0]).lower()
                if package not in found:
                    found[package] = tuple(_read(f"{child.path}/entry_points.txt", package))
    return frozenset(found), tuple(offer for offers in found.values() for offer in offers)


def _read(path: str, package: str) -> Iterator[_Offer]:
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123  # a Path for each package costs more than its file
            text = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return
    group = ""
    for line in map(str.strip, text.splitlines() if "[journeykit." in text else ()):
        if line.startswith("[") and line.endswith("]"):
            group = line.strip("[]")
        elif line and not line.startswith("#") and group.startswith("journeykit."):
            name, _, value = map(str.strip, line.partition("="))
            yield _Offer(package, group, name, value)


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
