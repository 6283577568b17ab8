"""From what the user passes (path, glob, list of paths, table in memory) to a `Source`, and to the `Sample` of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from glob import glob
from pathlib import Path
from typing import Any

from journeykit.errors import ArgumentError, EvidenceError
from journeykit.evidence.engines.spark import is_spark
from journeykit.evidence.reading.adapting import streaming
from journeykit.evidence.reading.parquet_files import parquet_schema
from journeykit.evidence.reading.tabular import dialect_of, header_of
from journeykit.evidence.reading.texts import head_bytes, suffix_of, text_of
from journeykit.evidence.sources import Sample, Source
from journeykit.problems import Address, Problem

__all__ = ["generic_format", "resolve", "sample"]

_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "json",
    ".jsonl": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_SHEET = 'save it as "CSV UTF-8"; in Python, read it with pandas.read_excel() and pass the frame'
_DATABASE = "export the table as CSV or Parquet; in Python, pass a frame that a query gave"
_PYARROW = "write it as Parquet; in Python, read it with polars or pyarrow and pass the table"
# What people have that is read by way of something else.
_ELSEWHERE = {
    ".xlsx": _SHEET,
    ".xlsm": _SHEET,
    ".xls": _SHEET,
    ".ods": _SHEET,
    ".sqlite": _DATABASE,
    ".db": _DATABASE,
    ".duckdb": _DATABASE,
    ".feather": _PYARROW,
    ".arrow": _PYARROW,
    ".orc": _PYARROW,
    ".avro": _PYARROW,
    ".xes": "convert it to CSV or Parquet, for example with pm4py",
    ".zip": "unzip it and pass the files",
}
_WILD = frozenset("*?[")


def resolve(source: object) -> Source:
    """The source as files or as one table in memory.

    A path (``str`` or ``os.PathLike``, ``~`` is expanded), a glob (``exports/*.csv``, files in sorted order), a list of
    paths, a pandas or polars frame, a pyarrow table, a DuckDB relation, a Spark DataFrame, a polars LazyFrame, a pyarrow
    dataset, a dask frame, what Narwhals wraps, or anything with ``__arrow_c_stream__`` (an Ibis table). Raises
    `EvidenceError` for files that do not exist (all at once) and `ArgumentError` for what cannot be a source.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, str | os.PathLike):
        files = _files(os.fspath(source))
        name = files[0] if len(files) == 1 else os.fspath(source)
        return Source(name=str(name), files=files)
    if type(source).__module__.split(".")[0] != "narwhals" and (is_frame(source) or is_spark(source)):
        return Source(name=f"<{type(source).__name__}>", frame=source)
    if isinstance(source, list | tuple):
        return _several(source)
    kind = type(source).__name__
    if (frame := streaming(source)) is not None:
        return Source(name=f"<{kind}>", frame=frame)
    wanted = "a path, a glob, a list of paths, a data frame, an Arrow table or a relation"
    if kind == "DuckDBPyConnection":
        wanted = 'one of its tables or a query: connection.table("events"), connection.sql("SELECT ...")'
    raise ArgumentError(f"a value of {kind} is no source: pass {wanted}")


def is_frame(value: object) -> bool:
    """Whether the value is a table in memory: it streams Arrow data, or is a pandas frame (which does with pyarrow)."""
    return hasattr(value, "__arrow_c_stream__") or is_pandas(value)


def is_pandas(value: object) -> bool:
    """Whether the value is a pandas frame, told without importing pandas."""
    kind = type(value)
    return kind.__name__ == "DataFrame" and kind.__module__.split(".")[0] == "pandas"


def _several(paths: Iterable[object]) -> Source:
    files: list[str] = []
    problems: list[Problem] = []
    for path in paths:
        if not isinstance(path, str | os.PathLike):
            raise ArgumentError(f"a list of sources holds paths only, not a {type(path).__name__}")
        try:
            files.extend(_files(os.fspath(path)))
        except EvidenceError as err:
            problems.extend(err.problems)
    if problems:
        raise EvidenceError(problems)
    if not files:
        raise ArgumentError("the list of sources is empty")
    twice = sorted({name for name in files if files.count(name) > 1})
    if twice:
        raise ArgumentError(f"the same file is listed twice, its rows would count twice: {', '.join(twice)}")
    name = files[0] if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"
    return Source(name=name, files=tuple(files))


def _files(text: str | bytes) -> tuple[str, ...]:
    name = os.fsdecode(text)
    if not name:
        raise ArgumentError("the path of the source is empty: name a file")
    if "://" in name:
        raise ArgumentError(f"{name} is an address on the network; download it first, nothing here goes to the network")
    path = Path(name).expanduser()
    if path.is_file():
        return (str(path),)
    if path.is_dir():
        hint = f'pass a glob such as "{path / "*.csv"}"'
        raise EvidenceError([_fault("is-a-directory", name, "is a directory", hint)])
    if _WILD & set(name):
        # Not Path.glob: the pattern may be absolute.
        found = tuple(sorted(file for file in glob(str(path), recursive=True) if Path(file).is_file()))  # noqa: PTH207
        if found:
            return found
        raise EvidenceError([_fault("no-such-file", name, "no file matches this pattern", None)])
    raise EvidenceError([_fault("no-such-file", name, "there is no such file", None)])


def _fault(code: str, name: str, message: str, hint: str | None) -> Problem:
    return Problem(code=code, message=message, address=Address(file=name), hint=hint)


def generic_format(source: Source) -> str:
    """The generic format of a source: ``frame``, or ``csv``, ``json`` or ``parquet`` by the suffix (``.gz`` apart).

    Raises `EvidenceError` where the suffix says nothing or the files are of several formats.
    """
    if source.frame is not None:
        return "frame"
    formats = {_SUFFIXES.get(suffix_of(name)) for name in source.files}
    if len(formats) == 1 and (found := formats.pop()):
        return found
    known = ", ".join(_SUFFIXES)
    hint = 'say format="csv", "json" or "parquet"'
    if len(formats) > 1:
        raise EvidenceError([_fault("unknown-format", source.name, "files of several formats", hint)])
    suffix = suffix_of(source.files[0])
    message = (
        f"files that end in {suffix} are not read" if suffix in _ELSEWHERE else "the suffix does not say what this is"
    )
    hint = _ELSEWHERE.get(suffix, hint)
    raise EvidenceError([_fault("unknown-format", source.name, f"{message} (known: {known})", hint)])


def sample(source: Source) -> Sample:
    """The beginning of the source, for importers to recognise; costs one small read."""
    if source.frame is not None:
        schema = frame_schema(source.frame)
        return Sample(name=source.name, columns=tuple(schema), schema=schema)
    first = source.files[0]
    head = head_bytes(first)
    if head.startswith(b"PAR1"):
        schema = parquet_schema(first)
        return Sample(name=source.name, head=head, columns=tuple(schema), schema=schema)
    text = text_of(head)
    if text is None or suffix_of(first) in {".json", ".ndjson", ".jsonl"} or text.lstrip()[:1] in {"{", "["}:
        return Sample(name=source.name, head=head)
    return Sample(name=source.name, head=head, columns=header_of(text, dialect_of(text)))


def frame_schema(frame: Any) -> Mapping[str, str]:
    """Column name to type, as the table in memory itself spells the types."""
    if is_spark(frame):
        return {str(name): str(kind) for name, kind in frame.dtypes}
    if hasattr(frame, "dtypes") and hasattr(frame, "columns"):
        return {str(name): str(kind) for name, kind in zip(frame.columns, list(frame.dtypes), strict=False)}
    names = getattr(getattr(frame, "schema", None), "names", None)
    if names is not None:
        return {str(name): str(kind) for name, kind in zip(names, frame.schema.types, strict=False)}
    return {}
