"""Google Analytics 4, the nested BigQuery export (``events_YYYYMMDD``), as Parquet, NDJSON or JSON.

Customer is ``user_pseudo_id`` (``columns={"customer": "user_id"}`` takes the signed-in id), session is that id and the event
parameter ``ga_session_id``, order is ``event_bundle_sequence_id``, value is ``ecommerce.purchase_revenue``, channel is the
medium that first brought the user (``traffic_source.medium``). Every event parameter becomes a column under its own name, or
``param_...`` where another column has it; ``page`` is the path of ``page_location``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

import duckdb
from attrs import frozen

from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.engines.duckdb import Database, column_list, identifier, literal
from journeykit.evidence.reading.json_files import items
from journeykit.evidence.reading.loading import TextLoader
from journeykit.evidence.reading.nested import binds, member
from journeykit.evidence.reading.parquet_files import read_parquet
from journeykit.evidence.reading.requirements import files_of
from journeykit.evidence.reading.texts import encoding_of, fault, head_bytes, open_text, text_of
from journeykit.problems import Address, Problem

__all__ = ["Ga4Importer"]

_REQUIRED = ("event_timestamp", "event_name", "event_params")
# Our column: the path of it in the export.
_FIELDS: Mapping[str, str] = {
    "user_pseudo_id": "user_pseudo_id",
    "event_timestamp": "event_timestamp",
    "event_name": "event_name",
    "bundle_sequence_id": "event_bundle_sequence_id",
    "purchase_revenue": "ecommerce.purchase_revenue",
    "traffic_medium": "traffic_source.medium",
    "traffic_source": "traffic_source.source",
    "traffic_campaign": "traffic_source.name",
    "user_id": "user_id",
    "device": "device.category",
    "operating_system": "device.operating_system",
    "browser": "device.web_info.browser",
    "language": "device.language",
    "country": "geo.country",
    "region": "geo.region",
    "city": "geo.city",
    "hostname": "event_dimensions.hostname",
    "platform": "platform",
    "stream_id": "stream_id",
    "transaction_id": "ecommerce.transaction_id",
    "total_item_quantity": "ecommerce.total_item_quantity",
    "event_value_in_usd": "event_value_in_usd",
}
_ALWAYS = ("user_pseudo_id", "event_timestamp", "event_name")
_COLUMNS = {
    "customer": "user_pseudo_id",
    "time": "event_timestamp",
    "event": "event_name",
    "channel": "traffic_medium",
    "value": "purchase_revenue",
    "session": "session_key",
    "order": "bundle_sequence_id",
}
_CANONICAL = frozenset(_COLUMNS) | {"case"}
_MOST_PARAMETERS = 500


def _parameter(key: str) -> str:
    """The column of an event parameter."""
    taken = key.lower() in {*_FIELDS, *_CANONICAL, "page", "session_key"} or key.startswith("_")
    return f"param_{key}" if taken else key


@frozen(kw_only=True)
class Ga4Importer:
    """Reads the nested GA4 export; strict about the three columns that make it one."""

    name: ClassVar[str] = "ga4"
    yields: ClassVar[tuple[Kind, ...]] = ("events",)

    def recognizes(self, sample: Sample) -> bool:
        """Whether event name, time and nested parameters are there, as Google names them."""
        if sample.schema:
            params = sample.schema.get("event_params", "")
            return set(_REQUIRED) <= set(sample.schema) and "STRUCT" in params and "string_value" in params
        text = text_of(sample.head) or ""
        if text.lstrip()[:1] not in {"{", "["}:
            return False
        return all(f'"{name}"' in text for name in (*_REQUIRED, "key", "value"))

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002 - the protocol's signature
        """One row an event; `EvidenceError` when a file is no such export."""
        files = files_of(source, self.name)
        packed = {head_bytes(name).startswith(b"PAR1") for name in files}
        if len(packed) > 1:
            raise fault(
                "unknown-format", source.name, "Parquet and JSON files cannot be read together", "read them apart"
            )
        return _from_parquet(files) if packed.pop() else _from_json(files)


def _from_parquet(files: tuple[str, ...]) -> RawTable:
    raw = read_parquet(files)
    columns = raw.table.columns
    if lacking := [name for name in _REQUIRED if name not in columns]:
        raise fault("not-ga4", files[0], f"has no column {', '.join(lacking)}, so it is no GA4 export", None)
    cursor = raw.table.cursor()
    view = identifier(raw.table.name)
    try:
        keys = _keys(cursor, view, files[0])
        fields = {name: member(path) for name, path in _FIELDS.items() if binds(cursor, raw.table.name, member(path))}
        made = {**fields, **{name: "NULL::VARCHAR" for name in _ALWAYS if name not in fields}}
        params = {key: _value_of(cursor, raw.table.name, key) for key in keys}
        made.update({_parameter(key): value for key, value in params.items()})
        if "ga_session_id" in params:
            made["session_key"] = f"{made['user_pseudo_id']} || '.' || {params['ga_session_id']}"
        if "page_location" in params:
            path = f"regexp_extract({params['page_location']}, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*([^?#]*)', 1)"
            made["page"] = (
                f"CASE WHEN {params['page_location']} LIKE '%://%' THEN coalesce(nullif({path}, ''), '/') END"
            )
        parts = ", ".join(f"{value} AS {identifier(name)}" for name, value in made.items())
        rest = f"hash({column_list(name for name in columns if name not in {'_file', '_record'})}) AS _source"
        # A table, not a view: the parameters are cut out once, and the canonical table is made from it in several looks.
        cursor.execute(f"CREATE TABLE ga4_rows AS SELECT {parts}, {rest}, _file, _record FROM {view}")  # noqa: S608
    except duckdb.Error as err:
        message = f"cannot be read as a GA4 export: {str(err).splitlines()[0]}"
        raise fault("not-ga4", files[0], message, "is it the nested BigQuery export?") from err
    table = raw.table.database.table("ga4_rows") if raw.table.database else raw.table
    there = table.columns
    return RawTable(
        table=table,
        columns={name: column for name, column in _COLUMNS.items() if column in there},
        rows_in=raw.rows_in,
        files=files,
        untyped=frozenset(_parameter(key) for key in keys),
        notes=raw.notes,
    )


def _keys(cursor: duckdb.DuckDBPyConnection, view: str, file: str) -> list[str]:
    query = f"SELECT DISTINCT unnest(list_transform(event_params, lambda p: p.key)) AS k FROM {view} ORDER BY k"  # noqa: S608
    keys = [str(key) for (key,) in cursor.execute(query).fetchall() if key]
    if len(keys) > _MOST_PARAMETERS:
        message = f"has {len(keys):,} different event parameters; more than {_MOST_PARAMETERS} cannot be columns"
        raise fault("too-many-columns", file, message, None)
    # Names that differ by case alone would be one column to the engine; the first is taken.
    by_lower = {key.lower(): key for key in reversed(keys)}
    return sorted(by_lower.values())


def _value_of(cursor: duckdb.DuckDBPyConnection, table: str, key: str) -> str:
    """SQL: the value of an event parameter as text, whichever of its types is set."""
    # list_filter, never a correlated unnest: that is forty times slower.
    value = f"list_filter(event_params, lambda p: p.key = {literal(key)})[1].value"
    kinds = [
        f"CAST({value}.{kind} AS VARCHAR)"
        for kind in ("string_value", "int_value", "double_value", "float_value")
        if binds(cursor, table, f"{value}.{kind}")
    ]
    return f"coalesce({', '.join(kinds)})" if kinds else "NULL::VARCHAR"


def _from_json(files: tuple[str, ...]) -> RawTable:
    database = Database()
    loader = TextLoader(database, own=("_source",))
    loader.declare([*_ALWAYS, "_source"])
    problems: list[Problem] = []
    for index, name in enumerate(files):
        waiting: list[tuple[int, int, Mapping[str, str]]] = []
        record = 0
        with open_text(name, encoding_of(name, None)) as text:
            for item in items(iter(text)):
                record += 1
                trouble = item.fault or (None if isinstance(item.value, dict) else "is not an object")
                if trouble is None:
                    row = _event(item.value)
                    trouble = row if isinstance(row, str) else None
                if trouble is not None:
                    place = Address(file=name, line=item.line, record=record)
                    problems.append(Problem(code="bad-json", message=trouble, address=place))
                    continue
                waiting.append((record, item.line, row))  # type: ignore[arg-type]
                if len(waiting) >= 5_000:
                    loader.add_mappings(index, waiting)
                    waiting.clear()
        loader.add_mappings(index, waiting)
        if not record:
            raise fault("empty-file", name, "the file is empty", "export it again")
    table = loader.table()
    there = table.columns
    fields = frozenset(_FIELDS)
    return RawTable(
        table=table,
        columns={name: column for name, column in _COLUMNS.items() if column in there},
        problems=tuple(problems),
        rows_in=loader.count + len(problems),
        files=files,
        untyped=frozenset(n for n in there if not n.startswith("_") and n not in fields - _NUMBERS),
    )


_NUMBERS = frozenset({"total_item_quantity", "event_value_in_usd", "stream_id"})


def _event(event: Mapping[str, Any]) -> dict[str, str] | str:
    """One event as our columns, or the sentence that says why not."""
    row = {name: text for name, path in _FIELDS.items() if (text := _text(_at(event, path)))}
    params = event.get("event_params") or []
    if not isinstance(params, list):
        return '"event_params" is not a list'
    values: dict[str, str] = {}
    for param in params:
        if not isinstance(param, dict) or not isinstance(param.get("key"), str):
            return 'an entry of "event_params" has no key'
        value = param.get("value") or {}
        kinds = ("string_value", "int_value", "double_value", "float_value")
        found = (
            next((value[kind] for kind in kinds if value.get(kind) is not None), None)
            if isinstance(value, dict)
            else None
        )
        if found is not None:
            values.setdefault(param["key"], _text(found))
    row.update({_parameter(key): text for key, text in values.items()})
    if "ga_session_id" in values and "user_pseudo_id" in row:
        row["session_key"] = f"{row['user_pseudo_id']}.{values['ga_session_id']}"
    if "://" in values.get("page_location", ""):
        row["page"] = _path(values["page_location"])
    row["_source"] = hashlib.blake2b(json.dumps(event, sort_keys=True).encode(), digest_size=16).hexdigest()
    try:
        "".join(row.values()).encode()
    except UnicodeEncodeError:
        return "holds half of a surrogate pair, which is no text"
    return row


def _path(location: str) -> str:
    try:
        return urlsplit(location).path or "/"
    except ValueError:
        return ""


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)
