"""The contract of importers: what `ImporterContract` tests in pytest and `check_importer` checks in one call."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar, cast, get_args

from attrs import Factory, frozen

from journeykit import plugins
from journeykit.errors import EvidenceError, PluginError
from journeykit.evidence import Kind, RawTable, Sample, reading
from journeykit.evidence.canonical import canonical
from journeykit.protocols import Importer
from journeykit.testing._foreign import FILES, SCHEMAS
from journeykit.testing._laws import Contract, asked, check, must

__all__ = ["Example", "ImporterContract", "check_importer"]

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@frozen(kw_only=True)
class Example:
    """A source the importer reads: a small file (or a table in memory), and what it is evidence of.

    ``options`` are the arguments a user would give for it: ``columns``, ``tz``, ``time_format``, and for feedback
    ``feedback_kind``, ``scale`` and ``about``.
    """

    source: object
    kind: Kind = "events"
    options: Mapping[str, Any] = Factory(dict)


class ImporterContract(Contract):
    """The laws of an importer, one test method each; subclass it in your tests.

    ::

        class TestMyImporter(ImporterContract):
            plugin = MyImporter
            samples = ["tests/data/events.mine"]

    ``plugin`` is the class or an instance. ``samples`` are files (or `Example`), at least one for each kind it yields.
    ``generic`` says that it recognises nothing, because any tool writes its format. ``formats`` names those entries of the
    suite's own collection of foreign files that are its format after all (an error tells which).
    """

    registry: ClassVar[plugins.Registry[Any]] = plugins.importers()
    samples: ClassVar[Sequence[Any]] = ()
    generic: ClassVar[bool] = False
    formats: ClassVar[Sequence[str]] = ()

    def examples(self) -> tuple[Example, ...]:
        """The samples, plain paths taken as the first kind the importer yields."""
        must(len(self.samples) > 0, "the contract needs samples: small files that the importer reads")
        first = self.made().yields[0]
        return tuple(s if isinstance(s, Example) else Example(source=s, kind=first) for s in self.samples)

    def used(self, plugin: Any) -> None:
        """Recognise and read every sample."""
        for example in self.examples():
            _recognized(plugin, reading.sample(reading.resolve(example.source)))
            _table(plugin, example)

    def test_it_yields_known_kinds_and_has_a_sample_of_each(self) -> None:
        """``yields`` names kinds of evidence, and the samples cover all of them."""
        yields = tuple(self.made().yields)
        known = get_args(Kind)
        must(bool(yields) and set(yields) <= set(known), f"yields is {yields!r}; it names some of {', '.join(known)}")
        missing = sorted(set(yields) - {example.kind for example in self.examples()})
        must(not missing, f"it yields {', '.join(missing)} but no sample shows it; add Example(source=..., kind=...)")

    def test_it_recognizes_its_samples(self) -> None:
        """It recognises every one of its samples; a generic format recognises none, because any tool writes it."""
        for example in self.examples():
            found = reading.resolve(example.source)
            answer = _recognized(self.made(), reading.sample(found))
            wrong = "recognised, though the format is generic" if self.generic else "not recognised"
            must(answer is not self.generic, f"the sample {found.name} is {wrong}")

    def test_it_recognizes_nothing_else(self) -> None:
        """It takes no file of another format: two takers are an error for the user, and a guess would read nonsense."""
        plugin = self.made()
        own = {plugin.name, *self.formats}
        taken = [label for label, sample in _foreign_samples() if label not in own and _recognized(plugin, sample)]
        advice = "if one is its own format, list it in formats"
        must(not taken, f"it takes these for its own: {', '.join(dict.fromkeys(taken))}; {advice}")

    def test_no_other_importer_takes_its_samples(self) -> None:
        """No other installed importer recognises its samples, else users must always say format=."""
        name = self.made().name
        for other in _others(name):
            for example in self.examples():
                found = reading.resolve(example.source)
                both = f"the sample {found.name} is also recognised by the importer {other.name!r}"
                must(not _recognized(other, reading.sample(found)), both)

    def test_every_row_is_kept_or_rejected(self) -> None:
        """Rows in are rows kept plus rows rejected, every rejection can be listed, and the samples keep some rows."""
        for example in self.examples():
            raw = _raw(self.made(), example)
            tally = f"{len(raw.table)} in the table and {len(raw.problems)} problems"
            must(raw.rows_in == len(raw.table) + len(raw.problems), f"rows_in is {raw.rows_in}, with {tally}")
            table = _table(self.made(), example)
            report, listed = table.report, sum(1 for _ in table.rejected())
            must(
                report.rows_in == raw.rows_in == report.rows_kept + listed,
                f"{report.source}: {report.rows_in} rows in, {report.rows_kept} kept, {listed} rejections listed",
            )
            must(report.rows_kept > 0, f"{report.source}: no row of the sample is kept: {dict(report.rejections)}")

    def test_every_row_says_where_it_came_from(self) -> None:
        """Every row carries its file and record, no two the same, and every problem its file, place, code and sentence."""
        for example in self.examples():
            raw = _raw(self.made(), example)
            _check_addresses(raw)
            for problem in raw.problems:
                must(bool(_CODE.fullmatch(problem.code)), f"the problem code {problem.code!r} is not kebab-case")
                must(bool(problem.message.strip()), f"the problem {problem.code} has no sentence")
                place = problem.address
                must(not raw.files or place.file in raw.files, f"the problem {problem} does not name its file")
                must((place.record or place.line or 0) > 0, f"the problem {problem} has neither record nor line")

    def test_what_it_names_is_there(self) -> None:
        """The columns it maps, calls untyped or rejects by are in its table, and each rejection code has its sentence."""
        for example in self.examples():
            raw = _raw(self.made(), example)
            there = raw.table.columns
            named = {*raw.columns.values(), *raw.untyped, *([raw.rejecting] if raw.rejecting else [])}
            absent = sorted(named - set(there))
            must(not absent, f"it names {', '.join(absent)}, but its table has {', '.join(there)}")
            if raw.rejecting:
                cursor = raw.table.cursor()
                codes = {
                    row[0] for row in raw.table.relation(cursor).project(f'"{raw.rejecting}"').distinct().fetchall()
                }
                silent = sorted(codes - {None} - set(raw.reasons))
                must(not silent, f"the rejection codes {', '.join(silent)} have no sentence in reasons")

    def test_reading_twice_gives_the_same(self) -> None:
        """Reading a second time, or in two threads at once, gives the same rows and report and leaves the file as it was."""
        plugin = self.made()
        for example in self.examples():
            files = reading.resolve(example.source).files
            bytes_before = [Path(name).read_bytes() for name in files]
            first = _content(_table(plugin, example))
            must(
                first == _content(_table(plugin, example)), f"{example.source}: a second reading differs from the first"
            )
            with ThreadPoolExecutor(2) as pool:
                both = list(pool.map(lambda e: _content(_table(plugin, e)), (example, example)))
            must(both == [first, first], f"{example.source}: two threads at once read other rows than one")
            must(
                bytes_before == [Path(name).read_bytes() for name in files],
                f"{example.source}: reading changed the file",
            )

    def test_damaged_files_are_refused_or_rejected(self) -> None:
        """Empty, cut, binary and foreign files give EvidenceError or rejections, never another exception."""
        plugin = self.made()
        for example in self.examples():
            for label, path in _damaged(example):
                what = f"reading the sample {example.source} {label}"
                with asked(what):
                    try:
                        table = _read(plugin, Example(source=path, kind=example.kind, options=example.options))
                    except EvidenceError as err:
                        must(bool(err.problems), f"{what} raised EvidenceError without a problem")
                        continue
                    for problem in table.rejected():
                        must(bool(problem.message.strip()), f"{what}: the problem {problem.code} has no sentence")


def check_importer(
    importer: Importer | type[Importer],
    samples: Sequence[Any],
    *,
    generic: bool = False,
    formats: Sequence[str] = (),
) -> None:
    """Check every law of `ImporterContract` at once; its docstring says what the arguments are.

    Raises AssertionError with one line for each broken law.
    """
    check(ImporterContract, plugin=importer, samples=samples, generic=generic, formats=formats)


def _recognized(plugin: Any, sample: Sample) -> bool:
    what = f"{plugin.name!r} recognizing {sample.name}"
    with asked(what):
        answer = plugin.recognizes(sample)
    must(isinstance(answer, bool), f"{what} answered {answer!r}; say True or False")
    return bool(answer)


def _raw(plugin: Any, example: Example) -> RawTable:
    with asked(f"reading the sample {example.source}"):
        raw = plugin.read(reading.resolve(example.source), example.kind)
    must(isinstance(raw, RawTable), f"reading gave a {type(raw).__name__}, not a RawTable")
    return cast("RawTable", raw)


def _table(plugin: Any, example: Example) -> Any:
    with asked(f"reading the sample {example.source}"):
        return _read(plugin, example)


def _read(plugin: Any, example: Example) -> Any:
    """The canonical table; what the reading itself raises comes through."""
    source = reading.resolve(example.source)
    raw = plugin.read(source, example.kind)
    return canonical(raw, example.kind, format=plugin.name, source=source.name, **example.options)


def _content(table: Any) -> tuple[Any, ...]:
    rows = table.table.cursor().execute(f'SELECT * FROM "{table.table.name}"').fetchall()  # noqa: S608 - a kind of evidence
    return tuple(table.columns.items()), rows, table.report, tuple(table.rejected())


def _check_addresses(raw: RawTable) -> None:
    there = raw.table.columns
    must({"_file", "_record"} <= set(there), f"the table lacks _file or _record; it has {', '.join(there)}")
    parts = ["_file", "_record", *(["_part"] if "_part" in there else [])]
    cursor = raw.table.cursor()
    rows = raw.table.relation(cursor).project(", ".join(parts)).fetchall()
    most = max(len(raw.files), 1)
    lost = [row for row in rows if row[0] is None or not 0 <= row[0] < most or row[1] is None or row[1] < 1]
    must(not lost, f"these rows have no file or no record: {lost[:3]} ({', '.join(parts)})")
    must(len(set(rows)) == len(rows), f"several rows have the same {', '.join(parts)}")


def _foreign_samples() -> Iterator[tuple[str, Sample]]:
    yield "nothing", Sample(name="nothing")
    for label, schema in SCHEMAS.items():
        yield label, Sample(name=f"{label} table", columns=tuple(schema), schema=schema)
    with tempfile.TemporaryDirectory(prefix="journeykit-testing-") as folder:
        for label, (name, content) in FILES.items():
            path = Path(folder) / name
            path.write_bytes(content)
            try:
                sample = reading.sample(reading.resolve(path))
            except EvidenceError:
                # A damaged file whose head cannot even be looked at comes before no importer.
                continue
            yield label, sample


def _others(name: str) -> Iterator[Importer]:
    registry = plugins.importers()
    for other in registry.names():
        try:
            if other != name:
                yield registry.get(other)
        except PluginError:
            # Another package's fault is not this plugin's.
            continue


def _damaged(example: Example) -> Iterator[tuple[str, Path]]:
    """Files a transfer, a full disk or a wrong click leaves behind."""
    files = reading.resolve(example.source).files
    if not files:
        return
    whole, name = Path(files[0]).read_bytes(), Path(files[0]).name
    middle = len(whole) // 2
    broken = {
        "cut after one byte": whole[:1],
        "cut at a third": whole[: len(whole) // 3],
        "cut in the middle": whole[:middle],
        "cut before its last byte": whole[:-1],
        "with bytes that are no text": whole[:middle] + b"\xff\xfe\x00\x80" + whole[middle:],
        "with a byte flipped": whole[:middle] + bytes([whole[middle] ^ 0x10]) + whole[middle + 1 :] if whole else b"",
        "with an endless line": whole + b"x" * 300_000,
        "twice": whole + whole,
        "with its lines ended by CRLF": whole.replace(b"\n", b"\r\n"),
        **{f"replaced by {label}": content for label, (_, content) in FILES.items()},
    }
    with tempfile.TemporaryDirectory(prefix="journeykit-testing-") as folder:
        for label, content in broken.items():
            path = Path(folder) / name
            path.write_bytes(content)
            yield label, path
