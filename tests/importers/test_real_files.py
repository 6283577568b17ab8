"""Files that nobody here wrote; every count is checked against plain pandas or DuckDB on the raw file."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from journeykit.errors import EvidenceError
from journeykit.evidence.reading import resolve
from journeykit.importers.csv import CsvImporter
from journeykit.importers.ga4 import Ga4Importer
from journeykit.importers.ga360 import Ga360Importer
from journeykit.importers.parquet import ParquetImporter
from journeykit.importers.qualtrics import QualtricsImporter

CSV = CsvImporter()
REES46 = {
    "customer": "user_id",
    "time": "event_time",
    "event": "event_type",
    "session": "user_session",
    "value": "price",
}


def test_rees46_has_one_cut_line(read, query, shared_data):
    """The cut last line is exactly one rejection at its line; all other rows are those of pandas."""
    path = shared_data / "rees46/2019-Oct_17k.csv"
    log = read(CSV, path, columns=REES46)
    plain = pd.read_csv(path, dtype=str).iloc[:-1]

    assert (17_435, 17_434, {"wrong-width": 1}) == (log.report.rows_in, len(log), log.report.rejections)
    assert (17_436, 17_435) == (log.report.problems[0].address.line, log.report.problems[0].address.record)
    assert plain["event_type"].value_counts().to_dict() == dict(
        query(log, "SELECT event, count(*) FROM events GROUP BY event")
    )
    assert plain["user_id"].tolist() == log.to_pandas(customers="raw")["customer"].tolist()
    assert pd.to_datetime(plain["event_time"], utc=True).tolist() == log.to_pandas()["time"].tolist()
    assert int(plain.duplicated().sum()) == log.report.duplicates


def test_shopeasy_dates_and_duplicates(read, shared_data):
    """Dates without time or zone ask for tz=; the 71 exact copies are counted, and gone when dropped."""
    path = shared_data / "shopeasy/customer_journey.csv"
    columns = {"customer": "CustomerID", "time": "VisitDate", "event": "Stage"}
    with pytest.raises(EvidenceError, match="4,011 of 4,011 times carry no zone"):
        read(CSV, path, columns=columns)
    copies = int(pd.read_csv(path).duplicated().sum())
    kept, dropped = (read(CSV, path, columns=columns, tz="UTC", on_duplicate=choice) for choice in ("keep", "drop"))

    assert (71, 71, 71) == (copies, kept.report.duplicates, dropped.report.rows_rejected)
    assert (4_011, 3_940) == (len(kept), len(dropped))


def test_shopeasy_reviews_are_ratings(read, shared_data):
    """Every review is a rating of 1 to 5 with its text."""
    path = shared_data / "shopeasy/customer_reviews.csv"
    columns = {"customer": "CustomerID", "time": "ReviewDate", "score": "Rating", "text": "ReviewText"}
    found = read(CSV, path, "feedback", columns=columns, tz="UTC", scale=(1, 5), feedback_kind="rating").to_pandas(
        verbatims=True
    )
    plain = pd.read_csv(path)

    assert plain["Rating"].tolist() == found["score"].tolist()
    assert plain["ReviewText"].tolist() == found["text"].tolist()


def test_ga4_parquet_equals_plain_sql(read, query, shared_data):
    """Events, customers, revenue, sessions and pages equal what plain SQL says of the nested file."""
    path = shared_data / "ga4_malloy/ga4_events_sampled.snappy.parquet"
    log = read(Ga4Importer(), path)
    count = "SELECT {event}, count(*), count(DISTINCT {customer}), sum({value}) FROM {table} GROUP BY ALL ORDER BY ALL"
    revenue = "ecommerce.purchase_revenue"
    plain = count.format(event="event_name", customer="user_pseudo_id", value=revenue, table=f"'{path}'")
    ours = count.format(event="event", customer="customer", value="value", table="events")
    params = (
        "SELECT count(DISTINCT user_pseudo_id || p.value.int_value) FROM "
        f"(SELECT user_pseudo_id, unnest(event_params) AS p FROM '{path}') WHERE p.key = 'ga_session_id'"
    )
    pages = (
        "SELECT p.value.string_value, count(*) FROM "
        f"(SELECT unnest(event_params) AS p FROM '{path}') WHERE p.key = 'page_location' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
    )

    assert (24_219, 0) == (log.report.rows_in, log.report.rows_rejected)
    assert duckdb.sql(plain).fetchall() == query(log, ours)
    assert duckdb.sql(params).fetchall() == query(log, "SELECT count(DISTINCT session) FROM events")
    assert duckdb.sql(pages).fetchall() == query(
        log,
        "SELECT page_location, count(*) FROM events WHERE page_location IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
    )
    assert duckdb.sql(f"SELECT max(event_timestamp) FROM '{path}'").fetchall() == query(
        log, "SELECT epoch_us(max(time)) FROM events"
    )


def test_ga360_hits_equal_plain_sql(read, query, shared_data):
    """Hits, sessions, e-commerce actions and revenue equal what plain SQL says of the nested file."""
    path = shared_data / "ua_malloy/ga_sample_half_a.parquet"
    log = read(Ga360Importer(), path)
    hits = f"(SELECT fullVisitorId AS v, visitId AS i, visitStartTime AS s, unnest(hits) AS h FROM '{path}')"
    plain = f"SELECT count(*), count(DISTINCT v), count(DISTINCT v || i), sum(h.transaction.transactionRevenue) / 1e6 FROM {hits}"
    ours = "SELECT count(*), count(DISTINCT customer), count(DISTINCT session), sum(value) FROM events"
    actions = f"SELECT count(*) FROM {hits} WHERE h.eCommerceAction.action_type = '{{}}'"
    steps = (("1", "product_click"), ("2", "product_view"), ("3", "add_to_cart"), ("5", "checkout"), ("6", "purchase"))

    assert duckdb.sql(f"SELECT sum(len(hits)) FROM '{path}'").fetchall() == [(log.report.rows_in,)]
    assert pytest.approx(duckdb.sql(plain).fetchall()[0]) == query(log, ours)[0]
    assert [duckdb.sql(actions.format(number)).fetchall() for number, _ in steps] == [
        query(log, f"SELECT count(*) FROM events WHERE event = '{name}'") for _, name in steps
    ]
    last = f"SELECT max(s * 1000 + h.time) FROM {hits}"
    assert duckdb.sql(last).fetchall() == query(log, "SELECT epoch_ms(max(time)) FROM events")


def test_ga4_json_of_both_shapes(read, shared_data):
    """NDJSON events without a user are rejected by line; one pretty-printed event is one row."""
    folder = shared_data / "ga4_json_misc"
    nobody = read(Ga4Importer(), folder / "deexam_events.ndjson")
    one = read(Ga4Importer(), folder / "merch_store_page_view.json").to_pandas(customers="raw").iloc[0]

    assert [("missing-customer", 1), ("missing-customer", 2)] == [(p.code, p.address.line) for p in nobody.rejected()]
    assert ("1146540.1921992520", "page_view", "/payment.html", "2021-01-28 01:40:22.695757+00:00") == (
        one["customer"], one["event"], one["page"], str(one["time"]),
    )  # fmt: skip


def test_nanoseconds_and_microseconds_are_the_same_times(read, query, shared_data):
    """The same events with 19-digit and with 16-digit epoch numbers have the same times to the microsecond."""
    columns = {"customer": "user_pseudo_id", "time": "event_timestamp", "event": "event_name"}
    logs = [
        read(CSV, shared_data / "mobile_app" / name, columns=columns)
        for name in ("train_ns.csv", "train_sessions_us.csv")
    ]
    facts = [
        query(log, "SELECT count(*), min(time), max(time), count(DISTINCT customer) FROM events")[0] for log in logs
    ]
    plain = pd.read_csv(shared_data / "mobile_app/train_ns.csv")

    assert facts[0] == facts[1]
    assert (len(plain), plain["user_pseudo_id"].nunique()) == (facts[0][0], facts[0][3])


def test_offsets_and_names_with_colons(read, shared_data):
    """The running example of process mining has its 42 events at the moments pandas reads."""
    path = shared_data / "xes_pm4py/running-example.csv"
    columns = {"customer": "case:concept:name", "time": "time:timestamp", "event": "concept:name"}
    log = read(CSV, path, columns=columns).to_pandas()
    plain = pd.read_csv(path)

    assert pd.to_datetime(plain["time:timestamp"], utc=True).tolist() == log["time"].tolist()
    assert plain["concept:name"].tolist() == log["event"].tolist()


def test_online_retail_rejects_who_is_nobody(read, query, shared_data):
    """Order lines without a customer are rejected and counted; ids lose their .0; cancellations stay."""
    path = shared_data / "online_retail/online_retail_2009_2010.parquet"
    columns = {"customer": "Customer ID", "time": "InvoiceDate", "event": "StockCode"}
    log = read(ParquetImporter(), path, columns=columns, tz="Europe/London")
    known = f"FROM '{path}' WHERE \"Customer ID\" IS NOT NULL"
    (kept, people, cancelled, total), = duckdb.sql(
        'SELECT count(*), count(DISTINCT "Customer ID"), count(*) FILTER (starts_with(Invoice, \'C\')), '
        f"(SELECT count(*) FROM '{path}') {known}"
    ).fetchall()  # fmt: skip

    assert (total, kept, {"missing-customer": total - kept}) == (log.report.rows_in, len(log), log.report.rejections)
    assert [(people, cancelled)] == query(
        log, "SELECT count(DISTINCT customer), count(*) FILTER (starts_with(Invoice, 'C')) FROM events"
    )
    assert [(0,)] == query(log, "SELECT count(*) FROM events WHERE customer LIKE '%.%'")


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("ga4_stat5243/ga4_data.csv", {"customer": "user_pseudo_id", "time": "event_timestamp", "event": "event_name"}),
        ("ga4_fivetran/event_data.csv", {"customer": "user_id", "time": "timestamp", "event": "name"}),
        ("snowplow_web/snowplow_web_events.csv", {"customer": "domain_userid", "time": "collector_tstamp"}),
    ],
)
def test_flat_exports_are_read_as_csv(read, shared_data, name, columns):
    """Flat exports of GA4 and Snowplow are events with a mapping; every row is kept or rejected."""
    plain = pd.read_csv(shared_data / name)
    log = read(CSV, shared_data / name, columns=columns, tz="UTC")
    nobody = int(plain[columns["customer"]].isna().sum())

    assert (len(plain), len(plain) - nobody) == (log.report.rows_in, len(log))


def test_a_second_header_of_one_name_is_kept(read, shared_data):
    """The duplicate header of the Fivetran export is a column of its own, noted."""
    columns = {"customer": "user_id", "time": "timestamp", "event": "name"}
    log = read(CSV, shared_data / "ga4_fivetran/event_data.csv", columns=columns, tz="UTC")

    assert {"param_session_engaged", "param_session_engaged_2"} <= set(log.columns)
    assert any("param_session_engaged_2" in note for note in log.report.notes)


def test_semicolons_are_found(read, shared_data):
    """The semicolon-separated clickstream is read with its five columns and every click."""
    path = shared_data / "clickstream_liu/clickstream.csv"
    plain = pd.read_csv(path, sep=";", dtype=str)
    raw = CSV.read(resolve(path), "events")

    assert [*plain.columns] == [name for name in raw.table.columns if not name.startswith("_")]
    assert len(plain) == raw.rows_in == len(raw.table)


def test_matomo_in_utf16_is_read(read, shared_data):
    """The UTF-16 export of Matomo is a table of two visits and all its columns."""
    path = shared_data / "matomo/getLastVisitsDetails_day.csv"
    columns = {"customer": "idVisit", "time": "lastActionTimestamp", "event": "visitorType"}
    log = read(CSV, path, columns=columns)
    plain = pd.read_csv(path, encoding="utf-16")

    assert plain["idVisit"].astype(str).tolist() == log.to_pandas(customers="raw")["customer"].tolist()
    assert plain.shape[1] == len(log.columns)


def test_qualtrics_climate_survey(read, shared_data):
    """452 responses; the zone comes from the third header row; line ends inside cells and headers do no harm."""
    path = shared_data / "qualtrics/pfander_climate.csv"
    found = read(QualtricsImporter(), path, "feedback", columns={"score": "Competence_1"}, scale=(0, 100))
    plain = pd.read_csv(path, dtype=str).iloc[2:]
    local = pd.to_datetime(plain["RecordedDate"]).dt.tz_localize("America/Denver")

    assert pd.to_numeric(plain["Competence_1"]).dropna().tolist() == found.to_pandas()["score"].tolist()
    assert local.dt.tz_convert("UTC").tolist() == found.to_pandas()["time"].tolist()
    assert 452 == found.report.rows_in


def test_qualtrics_previews_are_rejected(read, shared_data):
    """Survey previews count as rejected with that reason, as many as pandas counts; a zone must be said."""
    path = shared_data / "qualtrics/benattix_restaurant_raw.csv"
    plain = pd.read_csv(path, dtype=str).iloc[2:]
    found = read(QualtricsImporter(), path, "feedback", columns={"text": "Q8"}, tz="America/Los_Angeles")
    real = plain[plain["Status"] != "Survey Preview"]

    assert int((plain["Status"] == "Survey Preview").sum()) == found.report.rejections["preview"]
    assert int(real["Q8"].notna().sum()) == len(found)
    assert len(plain) == found.report.rows_in


def test_qualtrics_with_foreign_labels(read, shared_data):
    """German labels in the second header row do not matter."""
    path = shared_data / "qualtrics/ropensci_sample.csv"
    found = read(QualtricsImporter(), path, "feedback", columns={"text": "Q2"}, tz="UTC").to_pandas(verbatims=True)

    assert [("Hello World!", "DE")] == list(zip(found["text"], found["language"], strict=True))


def test_the_legacy_survey_layout_is_refused(read, shared_data):
    """The two-header layout is recognised and refused with what to do, not read as data."""
    with pytest.raises(EvidenceError, match="legacy Qualtrics layout"):
        read(QualtricsImporter(), shared_data / "qualtrics/benattix_restaurant_legacy.csv", "feedback")
