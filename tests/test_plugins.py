"""Plugins are found by name; missing, broken and ambiguous ones are three different errors."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from journeykit import plugins
from journeykit.errors import PluginAmbiguousError, PluginBrokenError, PluginError, PluginMissingError
from journeykit.evidence import Sample


class Loud:
    """A scorer of a stranger."""

    name = "loud"

    def score(self, scoring):
        return []


class Mute:
    name = "mute"


class Taker:
    yields = ("events",)

    def __init__(self, name, answer=True):
        self.name = name
        self.answer = answer

    def recognizes(self, sample):
        return self.answer

    def read(self, source, kind):
        raise AssertionError("never read here")


@pytest.fixture
def installed(monkeypatch):
    """Stands in for installed packages: name and value of entry points, all of one group."""

    def install(*points):
        made = [EntryPoint(name=name, value=value, group="any") for name, value in points]
        monkeypatch.setattr(plugins, "entry_points", lambda group: made)

    return install


def test_built_ins_are_found_like_strangers():
    """Every built-in plugin is installed as an entry point, loads, and has the name it is found by."""
    for registry in (plugins.importers(), plugins.scorers(), plugins.renderers()):
        assert registry.names()
        for name in registry.names():
            assert name == registry.get(name).name


def test_missing(installed):
    """A name nobody offers names those that are offered."""
    installed(("loud", f"{__name__}:Loud"))
    with pytest.raises(PluginMissingError, match="no scorer is called 'laud'; there is loud"):
        plugins.scorers().get("laud")


def test_nothing_installed(installed):
    """Without any plugin the error says so instead of listing nothing."""
    installed()
    with pytest.raises(PluginMissingError, match="none is installed"):
        plugins.scorers().get("loud")


def test_broken_import(installed):
    """A plugin that cannot be imported is broken, with the cause chained."""
    installed(("loud", "no_such_module_anywhere:Loud"))
    with pytest.raises(
        PluginBrokenError, match=r"'loud' of no_such_module_anywhere cannot be loaded: ModuleNot"
    ) as caught:
        plugins.scorers().get("loud")

    assert isinstance(caught.value.__cause__, ModuleNotFoundError)


def test_broken_protocol():
    """A plugin that lacks a part of its protocol is broken, with the part named."""
    with pytest.raises(PluginBrokenError, match="'Mute' is not a scorer: it lacks score"):
        plugins.scorers().get(Mute())


def test_ambiguous(installed):
    """Two packages offering one name are both named; neither is chosen."""
    installed(("loud", "one:Loud"), ("loud", "two:Loud"))
    with pytest.raises(PluginAmbiguousError, match=r"one \(one:Loud\) and two \(two:Loud\)"):
        plugins.scorers().get("loud")


def test_an_object_in_place_of_a_name():
    """An object of the kind is passed through as it is."""
    loud = Loud()

    assert loud is plugins.scorers().get(loud)


def test_one_taker(monkeypatch):
    """The one importer that recognises a sample is chosen, none when no one does, an error when two do."""
    takers = {"a": Taker("a"), "b": Taker("b", answer=False)}
    monkeypatch.setattr(plugins.Registry, "names", lambda self: tuple(takers))
    monkeypatch.setattr(plugins.Registry, "get", lambda self, name: takers[name])
    sample = Sample(name="events.csv", head=b"", columns=(), schema={})

    assert takers["a"] is plugins.importer_for(sample, "events")
    assert plugins.importer_for(sample, "metrics") is None
    takers["b"].answer = True
    with pytest.raises(PluginAmbiguousError, match="recognised by several importers: a and b; say which with format="):
        plugins.importer_for(sample, "events")


def test_errors_survive_pickling():
    """A plugin error keeps its data through a process boundary."""
    import pickle

    error = pickle.loads(pickle.dumps(PluginMissingError("scorer", "loud", "gone")))

    assert ("scorer", "loud", "gone") == (error.kind, error.name, str(error))
    assert isinstance(error, PluginError)
