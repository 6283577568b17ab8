"""Universal Analytics (Google Analytics 360), the BigQuery export ``ga_sessions_YYYYMMDD`` as Parquet: sessions with nested hits.

One row a hit. The event is the e-commerce action where the hit has one (``product_click``, ``product_view``, ``add_to_cart``,
``remove_from_cart``, ``checkout``, ``purchase``, ``refund``, ``checkout_option``), else ``page_view`` for a page, ``screen_view``
for a screen of an app, else the event's action, or its category. Customer is ``fullVisitorId``, session that and ``visitId``,
order ``hitNumber``, channel ``channelGrouping``, value the transaction's revenue in units of its currency.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

import duckdb
from attrs import frozen

from journeykit.evidence import Kind, RawTable, Sample, Source
from journeykit.evidence.engines.duckdb import column_list, identifier
from journeykit.evidence.reading.nested import binds, member
from journeykit.evidence.reading.parquet_files import read_parquet
from journeykit.evidence.reading.requirements import files_of
from journeykit.evidence.reading.texts import fault

__all__ = ["Ga360Importer"]

_REQUIRED = ("fullVisitorId", "visitId", "visitStartTime", "hits")
_ACTIONS = {
    "1": "product_click",
    "2": "product_view",
    "3": "add_to_cart",
    "4": "remove_from_cart",
    "5": "checkout",
    "6": "purchase",
    "7": "refund",
    "8": "checkout_option",
}
# Our column: the path of it in the export, below the session or (hit...) below the hit.
_FIELDS: Mapping[str, str] = {
    "hit_number": "hit.hitNumber",
    "channel_grouping": "channelGrouping",
    "page": "hit.page.pagePath",
    "page_title": "hit.page.pageTitle",
    "hostname": "hit.page.hostname",
    "screen": "hit.appInfo.screenName",
    "hit_type": "hit.type",
    "event_category": "hit.eventInfo.eventCategory",
    "event_action": "hit.eventInfo.eventAction",
    "event_label": "hit.eventInfo.eventLabel",
    "transaction_id": "hit.transaction.transactionId",
    "device": "device.deviceCategory",
    "browser": "device.browser",
    "operating_system": "device.operatingSystem",
    "country": "geoNetwork.country",
    "city": "geoNetwork.city",
    "source": "trafficSource.source",
    "medium": "trafficSource.medium",
    "campaign": "trafficSource.campaign",
    "visit_number": "visitNumber",
    "is_entrance": "hit.isEntrance",
    "is_exit": "hit.isExit",
    "user_id": "userId",
}


@frozen(kw_only=True)
class Ga360Importer:
    """Reads sessions with nested hits; strict about the columns that make it such an export."""

    name: ClassVar[str] = "ga360"
    yields: ClassVar[tuple[Kind, ...]] = ("events",)

    def recognizes(self, sample: Sample) -> bool:
        """Whether visitor, visit and nested hits are there, as Google names them."""
        hits = sample.schema.get("hits", "")
        return set(_REQUIRED) <= set(sample.schema) and hits.startswith("STRUCT(") and "hitNumber" in hits

    def read(self, source: Source, kind: Kind) -> RawTable:  # noqa: ARG002 - the protocol's signature
        """One row a hit, and one rejected row a session without hits; `EvidenceError` for another kind of file."""
        files = files_of(source, self.name)
        raw = read_parquet(files)
        columns = raw.table.columns
        if lacking := [name for name in _REQUIRED if name not in columns]:
            message = f"has no column {', '.join(lacking)}, so it is no export of Universal Analytics sessions"
            raise fault("not-ga360", files[0], message, None)
        cursor = raw.table.cursor()
        whole = column_list(name for name in columns if name not in {"_file", "_record"})
        # A session without hits stays as one row with an empty hit, to be rejected rather than lost.
        hits = "CASE WHEN len(hits) > 0 THEN hits ELSE [NULL] END"
        try:
            cursor.execute(
                f"CREATE VIEW ga360_hits AS SELECT * EXCLUDE (hits), unnest({hits}) AS hit, "  # noqa: S608
                f"CAST(unnest(range(1, greatest(coalesce(len(hits), 0), 1) + 1)) AS INTEGER) AS _part, hash({whole}) AS _source "
                f"FROM {identifier(raw.table.name)}"
            )
            cursor.execute(_rows(cursor))
            count = cursor.execute("SELECT count(*) FROM ga360_rows").fetchall()[0][0]
        except duckdb.Error as err:
            message = f"cannot be read as an export of Universal Analytics: {str(err).splitlines()[0]}"
            raise fault("not-ga360", files[0], message, "is it the nested BigQuery export?") from err
        table = raw.table.database.table("ga360_rows") if raw.table.database else raw.table
        there = table.columns
        wanted = {
            "customer": "visitor",
            "time": "hit_time",
            "event": "event_name",
            "channel": "channel_grouping",
            "value": "revenue",
            "session": "session_key",
            "order": "hit_number",
        }
        return RawTable(
            table=table,
            columns={name: column for name, column in wanted.items() if column in there},
            rows_in=int(count),
            files=files,
            rejecting="_rejecting",
            reasons={"no-hits": "the session has no hits"},
            notes=raw.notes,
        )


def _rows(cursor: duckdb.DuckDBPyConnection) -> str:
    """The statement that makes one flat row a hit."""

    def has(path: str) -> bool:
        return binds(cursor, "ga360_hits", member(path))

    made = {
        "visitor": "CAST(fullVisitorId AS VARCHAR)",
        "hit_time": f"(CAST(visitStartTime AS BIGINT) * 1000 + {'coalesce(hit.time, 0)' if has('hit.time') else '0'}) * 1000",
        "event_name": _event(has),
        "session_key": "CAST(fullVisitorId AS VARCHAR) || '.' || CAST(visitId AS VARCHAR)",
    }
    if has("hit.transaction.transactionRevenue"):
        made["revenue"] = "hit.transaction.transactionRevenue / 1000000"
    if has("hit.eCommerceAction.step"):
        made["checkout_step"] = (
            "CASE WHEN hit.eCommerceAction.action_type IN ('5', '8') THEN hit.eCommerceAction.step END"
        )
    made.update({name: member(path) for name, path in _FIELDS.items() if has(path)})
    parts = ", ".join(f"{value} AS {identifier(name)}" for name, value in made.items())
    rejecting = "CASE WHEN hit IS NULL THEN 'no-hits' END AS _rejecting"
    return f"CREATE TABLE ga360_rows AS SELECT {parts}, {rejecting}, _source, _file, _record, _part FROM ga360_hits"  # noqa: S608


def _event(known: Callable[[str], bool]) -> str:
    cases = []
    if known("hit.eCommerceAction.action_type"):
        action = "CAST(hit.eCommerceAction.action_type AS VARCHAR)"
        cases += [f"WHEN {action} = '{number}' THEN '{name}'" for number, name in _ACTIONS.items()]
    if known("hit.type"):
        cases += [
            "WHEN hit.type = 'PAGE' THEN 'page_view'",
            "WHEN hit.type IN ('APPVIEW', 'SCREENVIEW') THEN 'screen_view'",
        ]
    options = [path for path in ("hit.eventInfo.eventAction", "hit.eventInfo.eventCategory") if known(path)]
    parts = [f"nullif({member(path)}, '')" for path in options]
    if known("hit.type"):
        parts.append("lower(hit.type)")
    other = f"coalesce({', '.join(parts)})" if parts else "NULL::VARCHAR"
    return f"CASE {' '.join(cases)} ELSE {other} END" if cases else other
