"""The built-in importers keep the contract of importers, and the contract notices an importer that does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import define, evolve, frozen

from journeykit.errors import EvidenceError
from journeykit.evidence import Sample
from journeykit.evidence.reading.tabular import read_tabular
from journeykit.importers.qualtrics import QualtricsImporter
from journeykit.plugins import importers
from journeykit.problems import Address, Problem
from journeykit.testing import Example, ImporterContract, check_importer

GOLDEN = Path(__file__).parents[1] / "importers" / "golden"
LAWS = sorted(name for name in vars(ImporterContract) | vars(ImporterContract.__base__) if name.startswith("test_"))
OWN = [name for name in importers().names() if importers().packages(name) == ("journeykit",)]
SURVEY = {"columns": {"score": "Q1", "text": "Q2"}, "scale": (1, 5), "feedback_kind": "rating"}

TABLES = {
    "events": "customer,time,event\nann,2024-03-01T10:00:00Z,view\nbob,2024-03-01T10:05:00Z,pay\n",
    "feedback": "customer,time,about,kind,score\nann,2024-03-01T10:00:00Z,pay,rating,4\nbob,2024-03-02T10:00:00Z,pay,rating,1\n",
    "metrics": "kpi,time,value\norders,2024-03-01T00:00:00Z,10\norders,2024-03-02T00:00:00Z,12\n",
    "customers": "customer,city\nann,Rome\nbob,Oslo\n",
}


def golden(folder: str, kind: str = "events", **options: object) -> Example:
    return Example(source=next((GOLDEN / folder).glob("input.*")), kind=kind, options=options)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory):
    """Small sources for every built-in importer, one of each kind it yields."""
    pandas = pytest.importorskip("pandas")
    folder = tmp_path_factory.mktemp("samples")
    made: dict[str, list[Example]] = {"csv": [], "json": [], "parquet": [], "frame": []}
    for kind, text in TABLES.items():
        options = {"scale": (1, 5)} if kind == "feedback" else {}
        (folder / f"{kind}.csv").write_text(text)
        frame = pandas.read_csv(folder / f"{kind}.csv")
        (folder / f"{kind}.ndjson").write_text(frame.to_json(orient="records", lines=True))
        frame.to_parquet(folder / f"{kind}.parquet")
        sources = {
            name: folder / f"{kind}.{end}" for name, end in (("csv", "csv"), ("json", "ndjson"), ("parquet", "parquet"))
        }
        for name, source in {**sources, "frame": frame}.items():
            made[name].append(Example(source=source, kind=kind, options=options))
    made["ga4"] = [golden("ga4"), golden("ga4_parquet")]
    made["ga360"] = [golden("ga360")]
    made["qualtrics"] = [golden("qualtrics", "feedback", **SURVEY)]
    return made


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", OWN)
def test_every_built_in_importer_keeps_every_law(name, law, samples):
    """Each installed importer of journeykit passes each law; a new one needs samples here."""
    importer = importers().get(name)
    generic = name in {"csv", "json", "parquet", "frame"}
    suite = type("Suite", (ImporterContract,), {"plugin": importer, "samples": samples[name], "generic": generic})

    getattr(suite(), law)()


def test_settings_are_under_the_contract_too():
    """An importer object with settings is checked as it is."""
    importer = QualtricsImporter(questions={"Q1": "checkout", "Q2": "checkout"})

    check_importer(importer, [golden("qualtrics", "feedback", scale=(1, 5))])


@frozen(kw_only=True)
class Pipes:
    """A good importer of a format of its own: a first line of PIPES, then a header, cells between bars."""

    name: str = "pipes"
    yields: tuple[str, ...] = ("events",)

    def recognizes(self, sample):
        return sample.head.startswith(b"#pipes|")

    def read(self, source, kind):
        return read_tabular(source.files, delimiter="|")


@pytest.fixture
def pipes(tmp_path):
    path = tmp_path / "events.pipes"
    path.write_text(
        "#pipes|customer|time|event\n1|ann|2024-03-01T10:00:00Z|view\n2|bob|2024-03-01T10:01:00Z|pay\n3|bob\n"
    )
    return [path]


def test_a_good_importer_of_a_stranger(pipes):
    """An importer that is installed nowhere can be checked, by class or by object."""
    check_importer(Pipes, pipes)
    check_importer(Pipes(), pipes)


class Anything(Pipes):
    def recognizes(self, sample):
        return bool(sample.head)


class Nothing(Pipes):
    def recognizes(self, sample):
        return False


class Unsure(Pipes):
    def recognizes(self, sample):
        return None


class Unplugged(Pipes):
    def recognizes(self, sample):
        return sample.head[0] == ord("#")


class Loses(Pipes):
    def read(self, source, kind):
        raw = read_tabular(source.files, delimiter="|")
        return evolve(raw, problems=())


class Miscounts(Pipes):
    def read(self, source, kind):
        raw = read_tabular(source.files, delimiter="|")
        return evolve(raw, problems=(*raw.problems, *raw.problems), rows_in=raw.rows_in + 7)


class Misnames(Pipes):
    def read(self, source, kind):
        return evolve(read_tabular(source.files, delimiter="|"), columns={"value": "gone"})


class Anonymous(Pipes):
    def read(self, source, kind):
        raw = read_tabular(source.files, delimiter="|")
        return evolve(raw, problems=tuple(Problem(code="bad", message="bad", address=Address()) for _ in raw.problems))


class Renumbers(Pipes):
    def read(self, source, kind):
        raw = read_tabular(source.files, delimiter="|")
        raw.table.cursor().execute(f'UPDATE "{raw.table.name}" SET _record = 1')
        return raw


class Falls(Pipes):
    def read(self, source, kind):
        text = Path(source.files[0]).read_bytes()
        if text.count(b"|") < 3:
            raise IndexError("list index out of range")
        return read_tabular(source.files, delimiter="|")


class Scribbles(Pipes):
    def read(self, source, kind):
        raw = read_tabular(source.files, delimiter="|")
        path = Path(source.files[0])
        path.write_bytes(path.read_bytes() + b"9|zoe|2024-03-01T11:00:00Z|pay\n")
        return raw


class Mute(Pipes):
    def read(self, source, kind):
        raw = read_tabular(source.files, delimiter="|")
        raw.table.cursor().execute(f"ALTER TABLE \"{raw.table.name}\" ADD COLUMN no VARCHAR DEFAULT 'dull'")
        return evolve(raw, rejecting="no")


@define
class Remembers:
    name: str = "pipes"
    yields: tuple[str, ...] = ("events",)
    recognizes = Pipes.recognizes
    read = Pipes.read


class Hoards(Pipes):
    seen: list[str] = []  # noqa: RUF012 - the very fault

    def read(self, source, kind):
        self.seen.append(source.name)
        return read_tabular(source.files, delimiter="|")


class Lacks:
    name = "lacks"
    yields = ("events",)


@pytest.mark.parametrize(
    ("mutant", "law", "words"),
    [
        (Anything, "it recognizes nothing else", "it takes these for its own: csv, csv-semicolon, tsv"),
        (Nothing, "it recognizes its samples", "is not recognised"),
        (Unsure, "it recognizes its samples", "say True or False"),
        (Unplugged, "it recognizes nothing else", "raised IndexError"),
        (Loses, "every row is kept or rejected", "rows_in is 3, with 2 in the table and 0 problems"),
        (Miscounts, "every row is kept or rejected", "rows_in is 10, with 2 in the table and 2 problems"),
        (Misnames, "what it names is there", "it names gone, but its table has"),
        (Anonymous, "every row says where it came from", "does not name its file"),
        (Renumbers, "every row says where it came from", "several rows have the same _file, _record"),
        (Falls, "damaged files are refused or rejected", "cut after one byte raised IndexError"),
        (Scribbles, "reading twice gives the same", "a second reading differs"),
        (Mute, "what it names is there", "the rejection codes dull have no sentence"),
        (Remembers, "it is frozen and keeps nothing", "can be changed"),
        (Hoards, "it is frozen and keeps nothing", "its work changed Hoards.seen"),
    ],
)
def test_a_broken_law_is_noticed(mutant, law, words, pipes):
    """Each law is broken by an importer made to break it, and the sentence says how."""
    suite = type("Suite", (ImporterContract,), {"plugin": mutant, "samples": pipes})
    with pytest.raises(AssertionError, match=re.escape(words)):
        getattr(suite(), f"test_{law.replace(' ', '_')}")()


def test_an_importer_without_its_parts(broken, pipes):
    """What lacks parts of the protocol is told which."""
    assert "it lacks read, recognizes" in broken(check_importer, Lacks, pipes)["it fits its protocol"]


def test_a_kind_without_a_sample(broken, pipes):
    """An importer that says it yields more than the samples show is not believed."""
    found = broken(check_importer, Pipes(yields=("events", "metrics")), pipes)

    assert "it yields metrics but no sample shows it" in found["it yields known kinds and has a sample of each"]


def test_a_name_that_its_entry_point_does_not_have(broken, pipes, monkeypatch):
    """An installed importer under another name than its own is noticed."""
    from importlib.metadata import EntryPoint

    from journeykit.testing import _laws

    point = EntryPoint(name="tubes", value=f"{__name__}:Pipes", group="journeykit.importers")
    monkeypatch.setattr(_laws, "entry_points", lambda group: [point])
    found = broken(check_importer, Pipes, pipes)

    assert "the entry point 'tubes' makes what calls itself 'pipes'" in found["it is found by its own name"]


def test_no_samples_no_contract(broken):
    """Without samples nothing is promised."""
    assert "the contract needs samples" in broken(check_importer, Pipes, [])["it recognizes its samples"]


def test_evidence_error_needs_a_problem(broken, pipes):
    """An EvidenceError that names no problem helps nobody."""

    class Silent(Pipes):
        def read(self, source, kind):
            if b"3|bob" not in Path(source.files[0]).read_bytes():
                raise EvidenceError([])
            return read_tabular(source.files, delimiter="|")

    found = broken(check_importer, Silent, pipes)

    assert "raised EvidenceError without a problem" in found["damaged files are refused or rejected"]


def test_the_collection_of_foreign_files_is_not_empty_talk():
    """Dedicated importers find their own format in the collection, so it is worth something."""
    from journeykit.testing.importing import _foreign_samples

    taken = {label for label, sample in _foreign_samples() for name in OWN if importers().get(name).recognizes(sample)}

    assert {"ga4", "ga360", "qualtrics"} == taken
    assert isinstance(dict(_foreign_samples())["csv"], Sample)
