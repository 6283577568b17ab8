"""The canonical columns of each kind, and which column of a source stands for which."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Literal

from attrs import field, frozen

from journeykit.errors import ArgumentError, EvidenceError, one_of
from journeykit.evidence._times import is_aware
from journeykit.evidence.engines.duckdb import DuckTable, identifier
from journeykit.evidence.reading.loading import RESERVED
from journeykit.evidence.sources import Kind, RawTable
from journeykit.problems import Address, Problem
from journeykit.results.redacting import redacted

__all__ = ["CANONICAL", "Canonical", "hidden_columns", "joined_columns", "mapping_of"]

# Rows whose times are looked at to say how to read them.
_LOOKED_AT = 100_000

Type = Literal["name", "text", "verbatim", "number", "integer", "time"]


@frozen
class Canonical:
    """One canonical column: its type, whether a row must have it, and the names it goes by elsewhere."""

    name: str
    type: Type
    required: bool = False
    aliases: tuple[str, ...] = field(default=(), kw_only=True)


# So many notes of the reader go with a missing column.
_NOTES = 3
_CUSTOMER = (
    "customer_id", "customerid", "user_id", "userid", "user_pseudo_id", "client_id", "clientid", "visitor_id", "visitorid",
    "fullvisitorid", "anonymous_id", "anonymousid", "distinct_id", "domain_userid", "member_id", "user", "client", "visitor",
    "case:concept:name", "case_id", "contact_id", "account_id", "patient",
)  # fmt: skip
_TIME = (
    "timestamp", "event_time", "event_timestamp", "time:timestamp", "datetime", "date_time", "date", "ts", "occurred_at",
    "created_at", "original_timestamp", "originaltimestamp", "received_at", "collector_tstamp", "derived_tstamp",
    "visitdate", "visit_date", "reviewdate", "review_date", "recordeddate", "submitted_at", "invoicedate", "order_date",
)  # fmt: skip
_EVENT = (
    "event_name", "event_type", "eventname", "eventtype", "activity", "concept:name", "action", "page", "page_path",
    "touchpoint", "step", "name", "handling", "type",
)  # fmt: skip
_SESSION = ("session_id", "sessionid", "user_session", "ga_session_id", "domain_sessionid", "visit_id", "visitid")
_VALUE = ("revenue", "amount", "price", "purchase_revenue", "total", "event_value")

# How the words of such columns begin in many languages, the surest first; they only ever make a suggestion. What is written
# without blanks, and German compounds (Bestelldatum), may also end so.
_STEMS: Mapping[str, tuple[str, ...]] = {
    "customer": (
        "kunde", "customer", "client", "klant", "nutzer", "benutzer", "besucher", "mitglied", "usuario", "utente", "utilisateur",
        "user", "visitor", "cookie", "member", "contact", "person", "patient", "fall", "case", "anonymous", "顧客", "会員",
        "ユーザ", "客户", "用户", "고객", "клиент", "пользовател", "عميل",
    ),
    "time": (
        "zeitpunkt", "zeitstempel", "timestamp", "datum", "uhrzeit", "zeit", "fecha", "hora", "horodat", "heure", "tijd", "data",
        "date", "time", "at", "tstamp", "wann", "when", "日時", "時刻", "日付", "时间", "時間", "日期", "시간", "일시", "дата",
        "время", "تاريخ",
    ),
    "event": (
        "ereignis", "event", "aktion", "action", "accion", "acción", "azione", "evento", "événement", "evenement", "gebeurtenis",
        "activit", "aktivit", "actividad", "schritt", "etape", "étape", "paso", "step", "page", "seite", "página", "pagina",
        "イベント", "行動", "操作", "事件", "行为", "이벤트", "событие", "действие", "حدث", "path", "screen", "url",
    ),
}  # fmt: skip
_ENDS = ("datum", "zeit", "zeitpunkt", "aktion", "seite", "kunde", "nutzer", "besucher")
_NO_PEOPLE = ("useragent", "user_agent", "user agent")

CANONICAL: Mapping[Kind, tuple[Canonical, ...]] = {
    "events": (
        Canonical("customer", "name", True, aliases=_CUSTOMER),
        Canonical("time", "time", True, aliases=_TIME),
        Canonical("event", "name", True, aliases=_EVENT),
        Canonical("channel", "text", aliases=("medium", "traffic_medium", "channelgrouping", "utm_medium")),
        Canonical("value", "number", aliases=_VALUE),
        Canonical("session", "text", aliases=_SESSION),
        Canonical("case", "text", aliases=("case_id", "case:concept:name", "journeyid", "journey_id")),
        Canonical("order", "integer", aliases=("sequence", "seq", "hit_number", "event_index", "click_order")),
    ),
    "feedback": (
        Canonical("customer", "text", aliases=_CUSTOMER),
        Canonical("time", "time", aliases=_TIME),
        Canonical("about", "text", aliases=("touchpoint", "page", "event", "channel")),
        Canonical("kind", "text"),
        Canonical(
            "score", "number", aliases=("rating", "nps", "csat", "ces", "stars", "satisfaction", "grade", "note")
        ),
        Canonical("scale_low", "number"),
        Canonical("scale_high", "number"),
        Canonical(
            "text", "verbatim", aliases=("reviewtext", "review_text", "review", "comment", "verbatim", "verbatims")
        ),
        Canonical("language", "text", aliases=("lang", "userlanguage", "locale")),
        Canonical("sentiment", "number"),
        Canonical("source", "text"),
    ),
    "metrics": (
        Canonical("kpi", "name", True, aliases=("metric", "measure", "name", "indicator")),
        Canonical("time", "time", True, aliases=(*_TIME, "day", "week", "month", "period")),
        Canonical("value", "number", True, aliases=("amount", "figure", "result")),
        Canonical("segment", "text", aliases=("group", "cohort")),
    ),
    "customers": (Canonical("customer", "name", True, aliases=_CUSTOMER),),
}


def hidden_columns(raw: RawTable) -> frozenset[str]:
    """The columns of a raw table that are no data of the source."""
    return frozenset(RESERVED if raw.rejecting is None else (*RESERVED, raw.rejecting))


def joined_columns(columns: Mapping[str, str | Sequence[str] | None] | None) -> dict[str, tuple[str, ...]]:
    """The canonical columns that the caller makes of several source columns; only ``event`` may be one."""
    mapping: object = columns
    if mapping is not None and not isinstance(mapping, Mapping):
        raise ArgumentError(
            f'columns={columns!r}: say which column is which, such as columns={{"customer": "user_id"}}'
        )
    found: dict[str, tuple[str, ...]] = {}
    for name, source in (columns or {}).items():
        if source is None or isinstance(source, str):
            continue
        given: object = source
        if name != "event" or not isinstance(given, Sequence):
            raise ArgumentError(
                f"columns= maps {name!r} to {source!r}: give one column; only an event is made of several"
            )
        parts = tuple(source)
        if not parts or len(set(parts)) < len(parts) or not all(isinstance(part, str) for part in parts):
            raise ArgumentError(
                f"columns= makes {name!r} of {source!r}: give the names of one or more different columns"
            )
        found[name] = parts
    return found


def mapping_of(
    raw: RawTable,
    kind: Kind,
    columns: Mapping[str, str | Sequence[str] | None] | None,
    available: Iterable[str],
    zone: str | None = None,
) -> dict[str, str]:
    """Canonical name to source column: what the caller said, what the importer said, what already has the name.

    What `joined_columns` makes of several columns is mapped to their names joined by " + ", to be shown.
    Raises `ArgumentError` for canonical names that do not exist, `EvidenceError` for source columns that do not exist and
    for missing required columns, with a suggestion of what to say, as far as ``zone`` goes of times too.
    """
    fields = CANONICAL[kind]
    names = [column.name for column in fields]
    available = list(available)
    there = [name for name in available if name not in hidden_columns(raw)]
    joined = joined_columns(columns)
    asked = {name: source for name, source in (columns or {}).items() if source is None or isinstance(source, str)}
    asked |= {name: " + ".join(parts) for name, parts in joined.items()}
    if unknown := [name for name in asked if name not in names]:
        raise ArgumentError(_unknown(unknown, kind, names))
    problems = [
        _missing(raw, f'there is no column "{source}" to be {name}', _near(source, there), source)
        for name, sources in asked.items()
        for source in joined.get(name, (sources,))
        if source is not None and source not in there
    ]
    problems += [
        _missing(
            raw,
            f'the importer reads {name} from a column "{source}" that it did not make',
            _near(source, there),
            source,
        )
        for name, source in raw.columns.items()
        if name not in asked and source not in available
    ]
    if problems:
        raise EvidenceError(problems)
    mapping: dict[str, str] = {}
    for name in names:
        by_itself = raw.columns.get(name, name if name in there else None)
        source = asked.get(name, by_itself)
        if source is not None:
            mapping[name] = source
    lacking = [column for column in fields if column.required and column.name not in mapping]
    if lacking:
        raise EvidenceError([_lacking(raw, kind, lacking, there, zone)])
    return mapping


def _unknown(unknown: list[str], kind: Kind, names: list[str]) -> str:
    parts = []
    for name in unknown:
        near = get_close_matches(name, names, 1)
        parts.append(f"{name!r}" + (f" (did you mean {near[0]!r}?)" if near else ""))
    listed = ", ".join(names)
    return f"columns= maps canonical names to source columns; {kind} have no {', '.join(parts)}; there are {listed}"


def _near(wanted: str, there: list[str]) -> str:
    near = get_close_matches(wanted, there, 1) or [name for name in there if name.lower() == wanted.lower()]
    return f'did you mean "{near[0]}"?' if near else f"there are: {_listed(there)}"


def _missing(raw: RawTable, message: str, hint: str, column: str) -> Problem:
    file = raw.files[0] if raw.files else None
    address = Address(file=file, field=column)
    return Problem(code="missing-column", message=message, address=address, hint=_with_notes(raw, hint))


def _lacking(raw: RawTable, kind: Kind, lacking: list[Canonical], there: list[str], zone: str | None) -> Problem:
    suggestion: dict[str, str | None] = {}
    for column in lacking:
        # One column is not two things.
        suggestion[column.name] = _suggested(column, [name for name in there if name not in suggestion.values()])
    wanted = one_of([column.name for column in lacking])
    message = f"no column is called {wanted}, which {kind} must have; there are: {_listed(there)}"
    known = {name: source or "..." for name, source in suggestion.items()}
    hint = f"say which they are: columns={json.dumps(known, ensure_ascii=False)}"
    if advice := _of_times(raw, suggestion.get("time"), zone):
        hint += f", {advice}"
    if any(suggestion.values()):
        hint += ", if that is what these columns are"
    if len(there) == 1 and raw.files and " " in there[0].strip():
        hint = "a line is cut at commas, semicolons, tabs or bars, and the first has none of them: " + hint
    if _looks_like_a_row(there):
        hint = "the first line must hold the names of the columns, and here it looks like data: put a line of names before it"
    file = raw.files[0] if raw.files else None
    return Problem(code="missing-column", message=message, address=Address(file=file), hint=_with_notes(raw, hint))


def _with_notes(raw: RawTable, hint: str) -> str:
    """The hint, and how the columns came to be called as they are: a column that is missed may have been renamed or left out."""
    return "; ".join([hint, *raw.notes[:_NOTES]])


def _looks_like_a_row(there: list[str]) -> bool:
    """Whether a name is a time or a number to the minute: nobody calls a column so."""
    return any(
        re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4} \d{1,2}:\d{2}", name)
        for name in there
    )


def _of_times(raw: RawTable, column: str | None, zone: str | None) -> str:
    """What must be said of the times of the suggested column too, so that nobody is told one fault after the other."""
    table: object = raw.table
    if column is None or not isinstance(table, DuckTable):
        return ""
    from journeykit.evidence._time_advice import ZONE, time_advice  # noqa: PLC0415  (late: only for what is refused anyway)

    kind = table.columns[column].upper()
    zone = zone if zone is not None else raw.tz
    if kind != "VARCHAR":
        naive = kind.startswith(("TIMESTAMP", "DATE")) and not is_aware(kind)
        return ZONE if naive and zone is None else ""
    texts = f"SELECT {identifier(column)} FROM {identifier(table.name)} LIMIT {_LOOKED_AT}"  # noqa: S608
    return time_advice(table.cursor(), texts, zone=zone)


def _suggested(column: Canonical, there: list[str]) -> str | None:
    by_lower = {name.lower(): name for name in reversed(there)}
    for alias in (column.name, *column.aliases):
        for spelling in (alias, alias.replace("_", " "), alias.replace("_", "")):
            if spelling in by_lower:
                return by_lower[spelling]
    words = {name: _words(name) for name in there}
    if column.name == "customer":
        words = {name: found for name, found in words.items() if not name.lower().startswith(_NO_PEOPLE)}
    stems = _STEMS.get(column.name, ())
    return next((name for stem in stems for name, parts in words.items() if _is_named(stem, parts)), None)


def _words(name: str) -> list[str]:
    """The words of a name in lower case, also of ``EngagementDate``."""
    return re.findall(r"\w+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").lower())


def _is_named(stem: str, words: list[str]) -> bool:
    if stem in ("at", "when", "wann"):
        return stem in words
    if not stem.isascii():
        return any(stem in word for word in words)
    return any(word.startswith(stem) or (stem in _ENDS and word.endswith(stem)) for word in words)


def _listed(names: list[str]) -> str:
    # A file without a header has people in its first row.
    shown = redacted(", ".join(names[:40]))
    return f"{shown}, and {len(names) - 40} more" if len(names) > 40 else shown or "none"
