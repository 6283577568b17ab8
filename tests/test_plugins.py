"""Plugins are found by name; missing, broken and ambiguous ones are three different errors."""

from __future__ import annotations

import sys
import zipfile
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


def make_a_class():
    return Loud


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
        monkeypatch.setattr(plugins, "_entry_points", lambda group: made)

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
    with pytest.raises(
        PluginMissingError, match=r"no scorer is called 'laud' \(did you mean 'loud'\?\); there is loud"
    ):
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


def test_what_is_installed_and_no_plugin_names_its_package(packaged):
    """An entry point that leads to something else, or makes a class, says which package to mend."""
    packaged("acme-pictures", "half", f"{__name__}:Mute", group="journeykit.renderers")
    packaged("acme-scores", "loud", f"{__name__}:make_a_class", group="journeykit.scorers")
    with pytest.raises(
        PluginBrokenError, match="'half' of acme-pictures is not a renderer: it lacks media_type and render"
    ):
        plugins.renderers().get("half")
    with pytest.raises(PluginBrokenError, match="its entry point 'loud' of acme-scores must make one"):
        plugins.scorers().get("loud")


def test_what_a_plugin_returned_is_laid_to_its_package(packaged):
    """A value of another type than the protocol's names plugin and package; an object of the caller names its module."""
    packaged("acme-scores", "loud", f"{__name__}:Loud", group="journeykit.scorers")
    installed, own = plugins.scorers().get("loud"), Mute()

    assert [] == plugins.scorers().returned(installed, [], list)
    with pytest.raises(PluginBrokenError, match="the scorer 'loud' of acme-scores returned a str, not a list"):
        plugins.scorers().returned(installed, "x", list)
    with pytest.raises(PluginBrokenError, match=f"the scorer 'mute' of {__name__} returned a str, not a list"):
        plugins.scorers().returned(own, "x", list)


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


class Thrower(Taker):
    def __init__(self):
        super().__init__("thrower")

    def recognizes(self, sample):
        raise IndexError("list index out of range")


class Yes(Taker):
    def __init__(self):
        super().__init__("yes")


SAMPLE = Sample(name="events.csv", head=b"", columns=(), schema={})


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """``packaged(package, entry point, value)`` puts installed packages of strangers on the path, each in a folder of its own."""
    made = []

    def install(package, name, value, group="journeykit.importers"):
        made.append(package)
        info = tmp_path / str(len(made)) / f"{package.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {value}\n")
        monkeypatch.syspath_prepend(info.parent)

    return install


def test_a_broken_importer_names_its_package_and_the_way_around(packaged):
    """Recognising stops at an importer that cannot be loaded, and says whose it is, what to do, and that format= avoids it."""
    packaged("acme-door-logs", "doorlog", "acme_door_logs:Importer")
    with pytest.raises(PluginBrokenError) as caught:
        plugins.importer_for(SAMPLE, "events")
    message = str(caught.value)

    assert "events.csv" in message
    assert "the importer 'doorlog' of acme-door-logs cannot be loaded: ModuleNotFoundError" in message
    assert "Upgrade or uninstall acme-door-logs; or say format=" in message
    assert isinstance(caught.value.__cause__, PluginBrokenError)


def test_every_broken_importer_is_named_at_once(packaged):
    """Two broken importers and one that falls over the sample are told in one error."""
    packaged("acme-door-logs", "doorlog", "acme_door_logs:Importer")
    packaged("beta", "beta", f"{__name__}:Mute")
    packaged("gamma", "thrower", f"{__name__}:Thrower")
    with pytest.raises(PluginBrokenError) as caught:
        plugins.importer_for(SAMPLE, "events")
    message = str(caught.value)

    assert "'beta' of beta is not an importer: it lacks read, recognizes and yields" in message
    assert "'thrower' fails on the beginning of the source: IndexError: list index out of range" in message
    assert "Upgrade or uninstall beta, acme-door-logs or gamma" in message


def test_a_broken_importer_does_not_hinder_a_named_format(packaged, tmp_path):
    """With format= no other importer is asked, so that a broken one is no obstacle."""
    import journeykit as jk

    packaged("acme-door-logs", "doorlog", "acme_door_logs:Importer")
    log = tmp_path / "events.csv"
    log.write_text("customer,time,event\nann,2024-03-01T10:00:00Z,view\n")

    assert 1 == len(jk.read_events(log, format="csv"))
    with pytest.raises(PluginBrokenError, match="say format="):
        jk.read_events(log)


def test_an_ambiguous_name_is_told_while_recognising(packaged):
    """Two packages with one name stop the recognising too, as the ambiguity that it is, with both named."""
    packaged("one", "taker", "one:Taker")
    packaged("two", "taker", "two:Taker")
    with pytest.raises(PluginAmbiguousError, match=r"one \(one:Taker\) and two \(two:Taker\).*uninstall one or two"):
        plugins.importer_for(SAMPLE, "events")


def test_a_package_seen_twice_is_one_offer(packaged, installed):
    """The same package in two folders of the path, or the same value spelt otherwise, is not ambiguous."""
    packaged("acme", "yes", f"{__name__}:Yes")
    packaged("acme", "yes", f"{__name__}:Yes")

    assert "yes" == plugins.importers().get("yes").name
    assert "yes" == plugins.importer_for(SAMPLE, "events").name
    installed(("loud", f"{__name__}:Loud"), ("loud", f"{__name__} : Loud"))
    assert "loud" == plugins.scorers().get("loud").name


def test_the_packages_behind_a_name(packaged):
    """A registry says which packages offer a name."""
    packaged("two", "taker", "two:Taker")
    packaged("one", "taker", "one:Taker")

    assert ("one", "two") == plugins.importers().packages("taker")
    assert ("journeykit",) == plugins.importers().packages("csv")
    assert () == plugins.importers().packages("nobody")


def test_a_name_that_is_not_its_own(installed):
    """A plugin that calls itself otherwise than its entry point is broken: reports and scores would bear another name."""
    installed(("quiet", f"{__name__}:Loud"))
    with pytest.raises(PluginBrokenError, match=r"'quiet' of .* calls itself 'loud'; one must change"):
        plugins.scorers().get("quiet")


def test_a_class_in_place_of_an_object():
    """A class is not its object; the error shows how to make one."""
    with pytest.raises(PluginBrokenError, match=r"Loud is a class, not a scorer: pass an object, Loud\(\)"):
        plugins.scorers().get(Loud)


def test_errors_survive_pickling():
    """A plugin error keeps its data through a process boundary."""
    import pickle

    error = pickle.loads(pickle.dumps(PluginMissingError("scorer", "loud", "gone")))

    assert ("scorer", "loud", "gone") == (error.kind, error.name, str(error))
    assert isinstance(error, PluginError)


def test_the_short_cut_finds_what_the_long_way_finds():
    """For every plugin that is installed, the folders of the path give the entry point that importlib.metadata gives."""
    groups = ("journeykit.importers", "journeykit.scorers", "journeykit.renderers")
    points = [point for group in groups for point in plugins._entry_points(group)]
    offers = [plugins._sole_offer(point.group, point.name) for point in points]

    assert points
    assert [(p.group, p.name, p.value) for p in points] == [(o.group, o.name, o.value) for o in offers]
    assert [p.load() for p in points] == [o.load() for o in offers]


@pytest.fixture
def long_way(monkeypatch):
    """Counts how often importlib.metadata is asked."""
    asked = []
    found = plugins._entry_points
    monkeypatch.setattr(plugins, "_entry_points", lambda group: asked.append(group) or found(group))
    return asked


def test_a_plugin_alone_of_its_name_is_found_without_importlib_metadata(packaged, long_way):
    """What is installed in the usual way is found in its folder, also when it was installed a moment ago."""
    packaged("acme", "yes", f"{__name__}:Yes")
    first = plugins.importers().get("yes")
    packaged("other", "loud", f"{__name__}:Loud", group="journeykit.scorers")
    second = plugins.scorers().get("loud")

    assert ("yes", "loud", []) == (first.name, second.name, long_way)


def test_a_package_hides_the_same_package_further_down_the_path(packaged, long_way):
    """Of two versions of a package the first on the path counts, also where it no longer offers the plugin."""
    packaged("acme", "yes", f"{__name__}:Thrower")
    packaged("Acme", "yes", f"{__name__}:Yes")

    assert "yes" == plugins.importers().get("yes").name
    assert [] == long_way
    packaged("acme", "other", f"{__name__}:Yes")
    with pytest.raises(PluginMissingError):
        plugins.importers().get("yes")


def test_packages_in_an_archive_are_found_the_long_way(tmp_path, monkeypatch, long_way):
    """An archive on the path may hold packages too: then importlib.metadata is asked, and finds one and the choice of two."""
    for name in ("one", "two"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            points = f"[journeykit.importers]\nyes = {__name__}:Yes\nyes2 = {name}:Yes\n"
            archive.writestr(f"{name}-1.0.dist-info/entry_points.txt", points)
        monkeypatch.syspath_prepend(tmp_path / f"{name}.zip")

    assert "yes" == plugins.importers().get("yes").name
    assert ["journeykit.importers"] == long_way
    with pytest.raises(PluginAmbiguousError, match=r"one \(one:Yes\) and two \(two:Yes\)"):
        plugins.importers().get("yes2")


def test_a_finder_of_a_stranger_is_asked(monkeypatch, long_way):
    """Where packages are installed in a way of somebody's own, their finder is asked as importlib.metadata asks it."""
    from importlib.metadata import Distribution

    class Installed(Distribution):
        def read_text(self, filename):
            texts = {"METADATA": "Name: acme\n", "entry_points.txt": f"[journeykit.importers]\nyes = {__name__}:Yes\n"}
            return texts.get(filename)

        def locate_file(self, path):
            raise FileNotFoundError(path)

    class Finder:
        def find_spec(self, *_):
            return None

        def find_distributions(self, *_):
            return [Installed()]

    monkeypatch.setattr("sys.meta_path", [*sys.meta_path, Finder()])

    assert "yes" == plugins.importers().get("yes").name
    assert ["journeykit.importers"] == long_way


def test_old_spellings_of_an_entry_point_still_load(packaged, long_way):
    """A value with extras behind it is left to importlib.metadata; one with blanks is understood."""
    packaged("acme", "yes", f"{__name__}:Yes [extra]")
    assert "yes" == plugins.importers().get("yes").name
    assert 1 == len(long_way)
    packaged("beta", "thrower", f"{__name__} : Thrower")

    assert "thrower" == plugins.importers().get("thrower").name
    assert 1 == len(long_way)
