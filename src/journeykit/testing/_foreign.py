"""The beginnings of many formats: what an importer must not take for its own, and must read without falling over."""

from __future__ import annotations

import gzip
from collections.abc import Mapping

__all__ = ["FILES", "SCHEMAS"]

_ACCESS = '192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET /shop?q=1 HTTP/1.1" 200 2326'
_GA4 = (
    '{"event_date":"20210131","event_timestamp":"1612069510766593","event_name":"page_view",'
    '"event_params":[{"key":"page_location","value":{"string_value":"https://shop.example/"}}],'
    '"user_pseudo_id":"1026454.4271112504"}\n'
)
_QUALTRICS = (
    "StartDate,EndDate,Status,RecordedDate,ResponseId,Q1\n"
    "Start Date,End Date,Response Type,Recorded Date,Response ID,How was it?\n"
    '"{""ImportId"":""startDate"",""timeZone"":""UTC""}","{""ImportId"":""endDate"",""timeZone"":""UTC""}",'
    '"{""ImportId"":""status""}","{""ImportId"":""recordedDate"",""timeZone"":""UTC""}",'
    '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\n'
    "2024-03-01 10:00:00,2024-03-01 10:01:00,IP Address,2024-03-01 10:01:01,R_1,5\n"
)
_XES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'
    '<trace><string key="concept:name" value="1"/><event><string key="concept:name" value="pay"/>'
    '<date key="time:timestamp" value="2024-03-01T10:00:00.000+00:00"/></event></trace>\n</log>\n'
)
_SEGMENT = '{"type":"track","event":"Order Completed","anonymousId":"a1","timestamp":"2024-03-01T10:00:00.000Z"}\n'
_MIXPANEL = '{"event":"Sign up","properties":{"time":1602611311,"distinct_id":"a1","$insert_id":"x"}}\n'
_MATOMO = '[{"idSite":"1","idVisit":"7","visitorId":"ab12","actionDetails":[{"type":"action","timestamp":1602611311}]}]'

# Format: the name of the file and what it begins with.
FILES: Mapping[str, tuple[str, bytes]] = {
    "csv": ("events.csv", b"customer,time,event\nann,2024-03-01T10:00:00Z,view\nbob,2024-03-01T10:05:00Z,pay\n"),
    "csv-semicolon": ("ereignisse.csv", b"Kunde;Zeit;Ereignis\nann;01.03.2024 10:00;Ansicht\n"),
    "tsv": ("events.tsv", b"customer\ttime\tevent\nann\t2024-03-01T10:00:00Z\tview\n"),
    "utf-16": ("events.csv", "customer,time,event\nann,2024-03-01T10:00:00Z,view\n".encode("utf-16")),
    "latin-1": ("events.csv", "customer,time,event\nJosé,2024-03-01T10:00:00Z,view\n".encode("latin-1")),
    "json": ("events.json", b'[{"customer": "ann", "time": "2024-03-01T10:00:00Z", "event": "view"}]'),
    "ndjson": ("events.ndjson", b'{"customer": "ann", "time": "2024-03-01T10:00:00Z", "event": "view"}\n'),
    "ga4": ("events_20210131.ndjson", _GA4.encode()),
    "segment": ("segment.ndjson", _SEGMENT.encode()),
    "mixpanel": ("mixpanel.ndjson", _MIXPANEL.encode()),
    "matomo": ("matomo.json", _MATOMO.encode()),
    "qualtrics": ("survey.csv", _QUALTRICS.encode()),
    "surveymonkey": (
        "survey.csv",
        b"Respondent ID,Collector ID,Start Date,End Date,How likely is it?\n,,,,Response\n1,2,01/03/2024,01/03/2024,9\n",
    ),
    "xes": ("log.xes", _XES.encode()),
    "xes-gzip": ("log.xes.gz", gzip.compress(_XES.encode(), mtime=0)),
    "access-common": ("access.log", f"{_ACCESS}\n".encode()),
    "access-combined": ("access.log", f'{_ACCESS} "https://search.example/" "Mozilla/5.0 (X11)"\n'.encode()),
    "cloudfront": (
        "E2K.2024-03-01-10.log",
        b"#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status\n"
        b"2024-03-01\t10:00:00\tFRA2\t182\t192.0.2.7\tGET\tx.cloudfront.net\t/shop\t200\n",
    ),
    "syslog": ("syslog", b"Mar  1 10:00:00 host sshd[1]: Accepted publickey for ann from 192.0.2.7 port 22\n"),
    "logfmt": ("app.log", b'time=2024-03-01T10:00:00Z level=info msg="order placed" customer=ann\n'),
    "html": ("page.html", b"<!doctype html><html><head><title>Shop</title></head><body><table></table></body></html>"),
    "yaml-map": ("first.journey.yaml", b"journeykit: 1\nid: first\ntitle: First order\n"),
    "text": ("notes.txt", "Ann said: the cart was slow.\nBob agreed. Ça alors!\n".encode()),
    "sql": ("dump.sql", b"CREATE TABLE events (customer text);\nINSERT INTO events VALUES ('ann');\n"),
    "png": ("map.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"),
    "pdf": ("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
    "xlsx": ("events.xlsx", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00[Content_Types].xml"),
    "sqlite": ("events.db", b"SQLite format 3\x00\x10\x00\x01\x01\x00@  \x00\x00\x00\x02"),
    "avro": ("events.avro", b'Obj\x01\x04\x16avro.schema\xae\x02{"type":"record","name":"event","fields":[]}\x00'),
    "cut-parquet": ("events.parquet", b"PAR1\x15\x04\x15\x10\x15\x14L\x15\x02\x15\x00\x12\x00\x00"),
    "cut-gzip": ("events.csv.gz", gzip.compress(b"customer,time,event\n" * 500, mtime=0)[:30]),
    "zeros": ("zeros.bin", bytes(4096)),
    "empty": ("empty.csv", b""),
    "blank": ("blank.csv", b"\n \n\r\n\t\n"),
}

# Format: the columns and types of a table in memory or a typed file.
SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "frame": {"customer": "object", "time": "datetime64[ns]", "event": "object"},
    "shop-orders": {"Invoice": "VARCHAR", "StockCode": "VARCHAR", "Quantity": "BIGINT", "InvoiceDate": "TIMESTAMP"},
    "ga4": {
        "event_timestamp": "BIGINT",
        "event_name": "VARCHAR",
        "event_params": 'STRUCT("key" VARCHAR, "value" STRUCT(string_value VARCHAR, int_value BIGINT))[]',
        "user_pseudo_id": "VARCHAR",
    },
    "ga360": {
        "fullVisitorId": "VARCHAR",
        "visitId": "BIGINT",
        "visitStartTime": "BIGINT",
        "hits": 'STRUCT(hitNumber BIGINT, "type" VARCHAR)[]',
    },
    "snowplow": {"app_id": "VARCHAR", "collector_tstamp": "TIMESTAMP", "event": "VARCHAR", "domain_userid": "VARCHAR"},
}
