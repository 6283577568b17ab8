"""A canonical table as it may leave: pseudonyms in place of people, no free text, and what is quoted redacted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from journeykit.evidence._columns import CANONICAL
from journeykit.evidence._values import is_scalar
from journeykit.evidence.engines.duckdb import DuckTable, identifier
from journeykit.evidence.pseudonyms import LONG_ENOUGH, Pseudonyms
from journeykit.results.redacting import HINTS, redacted

if TYPE_CHECKING:
    import duckdb

__all__ = ["leaving", "names_people"]

# A canonical name, or what such a column is called elsewhere; the same without anything but letters and digits.
_IDS = frozenset(
    re.sub(r"[^a-z0-9]", "", name)
    for column in (*CANONICAL["events"], *CANONICAL["customers"])
    if column.name in ("customer", "session", "case")
    for name in (column.name, *column.aliases)
)
_CONTACTS = frozenset(
    {"address", "birthname", "firstname", "fullname", "ip", "ipaddress", "lastname", "login", "mobile", "surname", "username"}
)  # fmt: skip
_CONTACT_WORDS = frozenset({"email", "mail", "phone", "telephone", "fax", "ssn", "iban"})


def names_people(column: str) -> bool:
    """Whether a column of this name holds who somebody is: an id, an address, a number to call."""
    words = re.split(r"[^a-z0-9]+", column.lower())
    plain = "".join(words)
    return plain in _IDS | _CONTACTS or bool(_CONTACT_WORDS & set(words)) or "email" in plain


def leaving(
    table: DuckTable, cursor: duckdb.DuckDBPyConnection, pseudonyms: Pseudonyms | None, *, verbatims: bool
) -> duckdb.DuckDBPyRelation:
    """The table as a relation of the cursor, in stored order; ``pseudonyms`` None leaves ids as they are."""
    kinds = {name: kind for name, kind in table.columns.items() if verbatims or _is_short(name, kind)}
    people = {name for name in kinds if names_people(name) and kinds[name].upper() != "BOOLEAN"}
    quoted = [name for name, kind in kinds.items() if name not in people and _is_text(kind)]
    changed = _redactions(table, cursor, {name: _text(name, kinds[name]) for name in quoted})
    listed = [
        f"{_value(name, kinds, people, pseudonyms, join=changed.get(name))} AS {identifier(name)}" for name in kinds
    ]
    rows = f"(SELECT *, row_number() OVER () AS _jk_row FROM {identifier(table.name)}) t"  # noqa: S608
    if not changed:
        return cursor.sql(f"SELECT {', '.join(listed)} FROM {identifier(table.name)} t")  # noqa: S608
    joins = "".join(
        f" LEFT JOIN _jk_redactions r{i} ON r{i}.place = {i} AND r{i}.raw = {_text(name, kinds[name])}"
        for name, i in changed.items()
    )
    # The rows of a join come in any order.
    return cursor.sql(f"SELECT {', '.join(listed)} FROM {rows}{joins} ORDER BY t._jk_row")  # noqa: S608


def _is_short(name: str, kind: str) -> bool:
    """Whether it is one value a cell; what people wrote, and what is nested, is not."""
    return name != "text" and is_scalar(kind)


def _is_text(kind: str) -> bool:
    return kind.upper() == "VARCHAR" or not is_scalar(kind)


def _text(name: str, kind: str) -> str:
    return f"t.{identifier(name)}" if kind.upper() == "VARCHAR" else f"CAST(t.{identifier(name)} AS VARCHAR)"


def _value(
    name: str, kinds: Mapping[str, str], people: set[str], pseudonyms: Pseudonyms | None, *, join: int | None
) -> str:
    cell, text = f"t.{identifier(name)}", _text(name, kinds[name])
    if name in people:
        return cell if pseudonyms is None else pseudonyms.sql(f"CAST({cell} AS VARCHAR)")
    if not _is_text(kinds[name]):
        return cell
    shown = text if join is None else f"coalesce(r{join}.shown, {text})"
    if pseudonyms is None or "customer" not in kinds:
        return shown
    # A page's address, a label or a session may spell out whose row it is.
    who = 't."customer"'
    spelt = f"length({who}) >= {LONG_ENOUGH} AND contains({shown}, {who})"
    return f"CASE WHEN {spelt} THEN replace({shown}, {who}, {pseudonyms.sql(who)}) ELSE {shown} END"


def _redactions(table: DuckTable, cursor: duckdb.DuckDBPyConnection, texts: Mapping[str, str]) -> dict[str, int]:
    """Under which number the values to be redacted of a column stand in ``_jk_redactions``; without columns that have none."""
    places: list[int] = []
    raws: list[str] = []
    shown: list[str] = []
    changed: dict[str, int] = {}
    for place, (name, text) in enumerate(texts.items()):
        # One large pattern is fifty times as slow as these one by one.
        found = " OR ".join([f"regexp_matches({text}, ?)"] * len(HINTS))
        query = f"SELECT DISTINCT {text} FROM {identifier(table.name)} t WHERE {found}"  # noqa: S608
        for (value,) in cursor.execute(query, list(HINTS)).fetchall():
            if (safe := redacted(value)) != value:
                changed[name] = place
                places.append(place)
                raws.append(value)
                shown.append(safe)
    if changed:
        query = "CREATE OR REPLACE TEMP TABLE _jk_redactions AS SELECT unnest(?) AS place, unnest(?) AS raw, unnest(?) AS shown"
        cursor.execute(query, [places, raws, shown])
    return changed
