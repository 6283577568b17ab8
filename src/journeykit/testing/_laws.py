"""What every contract suite is made of: laws as test methods, and one report of every broken one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any, ClassVar

from journeykit.plugins import Registry

__all__ = ["Contract", "asked", "check", "fresh", "must"]


def must(holds: bool, sentence: str) -> None:
    """An assertion that also speaks where pytest rewrites no ``assert``, and under ``python -O``."""
    if not holds:
        raise AssertionError(sentence)


@contextmanager
def asked(what: str) -> Iterator[None]:
    """Whatever the plugin raises here breaks a law; the sentence says what it was asked to do."""
    try:
        yield
    except AssertionError:
        raise
    except Exception as err:  # a plugin may raise anything, which is just what is looked for
        raise AssertionError(f"{what} raised {type(err).__name__}: {err}") from err


class Contract:
    """The laws of every plugin; each kind adds its own."""

    plugin: ClassVar[Any] = None
    registry: ClassVar[Registry[Any]]

    def made(self) -> Any:
        """The plugin, ready to use: made without arguments where a class is given."""
        if isinstance(self.plugin, type):
            with asked(f"making {self.plugin.__name__}() without arguments"):
                return self.plugin()
        return self.plugin

    def installed(self) -> bool:
        """Whether the entry point of its name makes just this plugin, with its default settings."""
        plugin = self.made()
        return plugin.name in self.registry.names() and repr(self.registry.get(plugin.name)) == repr(plugin)

    def used(self, plugin: Any) -> None:
        """Put the plugin to work once, for the law that it keeps nothing of it."""
        raise NotImplementedError

    def test_it_fits_its_protocol(self) -> None:
        """It has every part of its protocol, and a name to be asked for by."""
        plugin, registry = self.made(), self.registry
        parts = sorted(part for part in vars(registry.protocol) if not part.startswith("_"))
        lacking = [part for part in parts if not hasattr(plugin, part)]
        must(not lacking, f"{plugin!r} is no {registry.kind}: it lacks {', '.join(lacking)}")
        name = plugin.name
        must(isinstance(name, str) and bool(name) and name == name.strip(), f"the name {name!r} cannot be asked for")

    def test_it_is_found_by_its_own_name(self) -> None:
        """Where it is installed, its entry point has its name, and that name finds it and nothing else."""
        plugin, group = self.made(), self.registry.group
        cls = type(plugin)
        for point in entry_points(group=f"journeykit.{group}"):
            if (point.module, point.attr) == (cls.__module__, cls.__qualname__):
                says = f"the entry point {point.name!r} makes what calls itself {plugin.name!r}"
                must(point.name == plugin.name, says)
                with asked(f"looking {point.name!r} up among the installed {group}"):
                    found = self.registry.get(point.name)
                must(type(found) is cls, f"the name {point.name!r} finds {found!r}")

    def test_it_is_frozen_and_keeps_nothing(self) -> None:
        """It cannot be changed, and is after its work what it was before: a service shares one among its threads."""
        plugin = self.made()
        must(not _takes_attributes(plugin), f"{plugin!r} can be changed; make it attrs.frozen or a frozen dataclass")
        before = _state(plugin)
        self.used(plugin)
        changed = sorted(name for name, value in _state(plugin).items() if before.get(name) != value)
        must(not changed, f"its work changed {', '.join(changed)} of {plugin!r}; a plugin keeps no state from data")


def _takes_attributes(plugin: Any) -> bool:
    names = ["journeykit_probe", *_own(plugin)[:1]]
    for name in names:
        old = getattr(plugin, name, None)
        try:
            setattr(plugin, name, old)
        except (AttributeError, TypeError):
            continue
        if name == "journeykit_probe":
            delattr(plugin, name)
        return True
    return False


def _own(plugin: Any) -> list[str]:
    slots = [name for cls in type(plugin).__mro__ for name in _as_tuple(vars(cls).get("__slots__", ()))]
    names = [*getattr(plugin, "__dict__", {}), *slots]
    return [name for name in names if not name.startswith("__") and hasattr(plugin, name)]


def _as_tuple(slots: Any) -> tuple[str, ...]:
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _state(plugin: Any) -> dict[str, str]:
    state = {name: repr(getattr(plugin, name)) for name in _own(plugin)}
    for cls in type(plugin).__mro__[:-1]:
        shared = {name: value for name, value in vars(cls).items() if not name.startswith("_abc")}
        state |= {f"{cls.__name__}.{name}": repr(value) for name, value in shared.items() if not name.startswith("__")}
    return state


def fresh(code: str) -> set[str]:
    """What this code prints in new Python processes with the same path and other hash seeds."""

    def run(hash_seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        done = subprocess.run(  # noqa: S603 - this very Python, with code of this room
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        must(done.returncode == 0, f"in another process it failed: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

    with ThreadPoolExecutor(2) as pool:
        return set(pool.map(run, ("1", "2")))


def check(suite: type[Contract], **attributes: Any) -> None:
    """Every law of the suite on one plugin; one AssertionError with a line for each that is broken."""
    contract = type(suite.__name__, (suite,), attributes)
    laws = dict.fromkeys(name for cls in reversed(contract.__mro__) for name in vars(cls) if name.startswith("test_"))
    # One fault often breaks several laws; it is told once, with all of them.
    broken: dict[str, list[str]] = {}
    first: AssertionError | None = None
    for law in laws:
        try:
            getattr(contract(), law)()
        except AssertionError as err:
            broken.setdefault(str(err), []).append(law.removeprefix("test_").replace("_", " "))
            first = first or err
            if law == "test_it_fits_its_protocol":
                # Every other law would only stumble over the part that is not there.
                break
    if broken:
        count = sum(map(len, broken.values()))
        lines = [f"- {'; '.join(names)}: {sentence}" for sentence, names in broken.items()]
        plugin = attributes["plugin"]
        name = plugin.__name__ if isinstance(plugin, type) else repr(plugin)
        title = f"{name} breaks {count} of the {len(laws)} laws:"
        raise AssertionError("\n".join([title, *lines])) from first
