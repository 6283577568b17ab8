"""Reading through an importer, and canonical tables as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from journeykit.evidence.canonical import canonical
from journeykit.evidence.reading import resolve


@pytest.fixture
def read() -> Callable[..., Any]:
    """``read(importer, source, kind, **canonical arguments)``: the canonical table."""

    def run(importer: Any, source: Any, kind: str = "events", **arguments: Any) -> Any:
        found = resolve(source)
        return canonical(importer.read(found, kind), kind, format=importer.name, source=found.name, **arguments)

    return run


@pytest.fixture
def lines() -> Callable[[Any], str]:
    """The rows, then the rejections, then the notes of a canonical table, one JSON object a line; empty cells left out."""

    def run(table: Any) -> str:
        names = list(table.table.columns)
        rows = table.table.cursor().execute(f'SELECT * FROM "{table.table.name}"').fetchall()
        found = [{n: c for n, c in zip(names, row, strict=True) if c is not None} for row in rows]
        found += [
            {"rejected": p.code, "line": p.address.line, "record": p.address.record, "field": p.address.field}
            for p in table.rejected()
        ]
        return "".join(json.dumps(entry, default=str, ensure_ascii=False) + "\n" for entry in found)

    return run


@pytest.fixture
def query() -> Callable[[Any, str], list[tuple[Any, ...]]]:
    """``query(table, sql)`` on the database of a canonical table."""

    def run(table: Any, sql: str) -> list[tuple[Any, ...]]:
        return list(table.table.cursor().execute(sql).fetchall())

    return run
