"""`journeykit build` on four real files: every count in the scorecard equals an independent count in plain SQL."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from journeykit.api import load
from journeykit.model import Touchpoint

ROOT = Path(__file__).parents[2]
MINUTE, DAY = 60_000_000, 86_400_000_000

# One session id of this file stands with two customers: a session belongs to one customer, so that makes two cases.
REES46 = """
WITH lines AS (
    SELECT *, row_number() OVER () AS record FROM read_csv('{data}/rees46/2019-Oct_17k.csv', auto_detect = false, header = true,
        delim = ',', quote = '"', escape = '"', new_line = '\\r\\n', null_padding = true, parallel = false, columns = {{
        event_time: 'VARCHAR', event_type: 'VARCHAR', product_id: 'VARCHAR', category_id: 'VARCHAR', category_code: 'VARCHAR',
        brand: 'VARCHAR', price: 'VARCHAR', user_id: 'VARCHAR', user_session: 'VARCHAR'}}))
SELECT user_id || '/' || user_session AS case_, epoch_us(event_time[:19]::TIMESTAMP) AS t, 0 AS place, record,
    event_type AS event,
    list_position(['view', 'cart', 'purchase'], event_type) - 1 AS tp,
    event_type = 'purchase' AS success, false AS abandon
FROM lines WHERE user_session IS NOT NULL"""

# hits.time is milliseconds after visitStartTime, which is seconds; hitNumber numbers the hits of a visit.
UA = """
WITH hit AS (
    SELECT fullVisitorId || '/' || visitId AS case_, visitStartTime * 1000000 + h."time" * 1000 AS t, h.hitNumber AS place,
        h.hitNumber AS record, h."type" = 'PAGE' AS shown, h.page.pagePath AS page, h.eCommerceAction.action_type AS act,
        coalesce(h.eventInfo.eventAction, h.eventInfo.eventCategory, 'event') AS label
    FROM (SELECT *, unnest(hits) AS h FROM '{data}/ua_malloy/ga_sample_half_a.parquet')),
named AS (
    SELECT *, CASE act WHEN '1' THEN 'product_click'
        WHEN '2' THEN 'product_view' WHEN '3' THEN 'add_to_cart' WHEN '4' THEN 'remove_from_cart'
        WHEN '5' THEN 'checkout' WHEN '6' THEN 'purchase' ELSE if(shown, 'page_view', label) END AS event FROM hit)
SELECT case_, t, place, record, event, event = 'purchase' AS success, false AS abandon,
    CASE
        WHEN event = 'page_view' AND (page LIKE '/home%' OR page LIKE '/store.html%') THEN 0
        WHEN event = 'page_view' AND page LIKE '/asearch.html%' THEN 1
        WHEN event = 'page_view' AND page LIKE '/google+redesign/%'
            AND page NOT LIKE '%.axd%' AND page NOT LIKE '%/quickview%' THEN 2
        WHEN event = 'product_view' OR (event = 'page_view' AND page LIKE '%.axd%') THEN 3
        WHEN event = 'page_view' AND page LIKE '/store-policies/%' THEN 4
        WHEN event = 'add_to_cart' THEN 5
        WHEN event = 'remove_from_cart' OR (event = 'page_view' AND page LIKE '/basket.html%') THEN 6
        WHEN event = 'page_view' AND (page LIKE '/signin.html%' OR page LIKE '/register%') THEN 7
        WHEN page LIKE '/yourinfo.html%' THEN 8
        WHEN page LIKE '/payment.html%' THEN 9
        WHEN page LIKE '/revieworder.html%' THEN 10
        WHEN event = 'purchase' THEN 11
    END AS tp
FROM named"""

GA4 = """
WITH shown AS (
    SELECT *, file_row_number AS record,
        list_filter(event_params, lambda p: p."key" = 'page_location')[1]."value".string_value AS page
    FROM read_parquet('{data}/ga4_malloy/ga4_events_sampled.snappy.parquet', file_row_number = true))
SELECT user_pseudo_id AS case_, event_timestamp AS t, event_bundle_sequence_id AS place, record, event_name AS event,
    event_name = 'purchase' AS success, false AS abandon,
    CASE
        WHEN event_name = 'page_view' AND regexp_full_match(page,
            'https://.*googlemerchandisestore\\.com/(store\\.html.*)?') THEN 0
        WHEN event_name = 'select_promotion' THEN 1
        WHEN event_name = 'view_search_results' THEN 2
        WHEN event_name = 'page_view' AND contains(page, '/Google+Redesign/') THEN 3
        WHEN event_name IN ('view_item', 'select_item') THEN 4
        WHEN event_name = 'add_to_cart' THEN 5
        WHEN event_name = 'page_view' AND contains(page, '/basket.html') THEN 6
        WHEN event_name = 'begin_checkout' THEN 7
        WHEN event_name = 'add_shipping_info' THEN 8
        WHEN event_name = 'add_payment_info' THEN 9
        WHEN event_name = 'purchase' THEN 10
    END AS tp
FROM shown"""

# JourneyID numbers the rows, so it is part of what makes two rows exactly equal; the first of them is kept.
SHOPEASY = """
WITH lines AS (
    SELECT *, row_number() OVER () AS record FROM read_csv('{data}/shopeasy/customer_journey.csv', all_varchar = true,
        header = true, parallel = false))
SELECT CustomerID AS case_, epoch_us(VisitDate::TIMESTAMP) AS t, 0 AS place, record, "Action" AS event,
    list_position(['homepage', 'productpage', 'checkout'], lower(Stage)) - 1 AS tp,
    "Action" = 'Purchase' AS success, "Action" = 'Drop-off' AS abandon
FROM lines
QUALIFY row_number() OVER (
    PARTITION BY JourneyID, CustomerID, ProductID, VisitDate, Stage, "Action", Duration ORDER BY record) = 1"""


@frozen(kw_only=True)
class Job:
    """One main job: the map, the arguments behind it, and the SQL that reads the same file without us."""

    map: str
    events: str
    arguments: tuple[str, ...] = ()
    sql: str
    touchpoints: int
    within: int
    rows_in: int
    rejected: int = 0


JOBS = {
    "rees46": Job(
        map="rees46/first_order.journey.yaml",
        events="rees46/2019-Oct_17k.csv",
        arguments=("--events-columns", "customer=user_id,time=event_time,event=event_type,session=user_session"),
        sql=REES46,
        touchpoints=4,
        within=10 * MINUTE,
        rows_in=17_435,
        rejected=1,
    ),
    "google_store_ua": Job(
        map="google_store_ua/buy_merchandise.journey.yaml",
        events="ua_malloy/ga_sample_half_a.parquet",
        arguments=("--events-format", "ga360"),
        sql=UA,
        touchpoints=12,
        within=120 * MINUTE,
        rows_in=6_593,
    ),
    "google_store_ga4": Job(
        map="google_store_ga4/sampled_store.journey.yaml",
        events="ga4_malloy/ga4_events_sampled.snappy.parquet",
        arguments=("--events-format", "ga4"),
        sql=GA4,
        touchpoints=12,
        within=30 * DAY,
        rows_in=24_219,
    ),
    "shopeasy": Job(
        map="shopeasy/first_year.journey.yaml",
        events="shopeasy/customer_journey.csv",
        arguments=(
            *("--events-columns", "customer=CustomerID,time=VisitDate,event=Action", "--tz", "UTC"),
            *("--on-duplicate", "drop", "--feedback", "{data}/shopeasy/customer_reviews.csv"),
            *("--feedback-columns", "customer=CustomerID,time=ReviewDate,score=Rating,text=ReviewText"),
            *("--feedback-kind", "rating", "--feedback-scale", "1:5"),
        ),
        sql=SHOPEASY,
        touchpoints=4,
        within=365 * DAY,
        rows_in=4_011,
        rejected=71,
    ),
}


@frozen(kw_only=True, eq=False)
class Built:
    """A finished build beside the independent reading of the same file."""

    name: str
    job: Job
    folder: Path
    card: dict[str, Any]
    oracle: Any
    printed: str

    def score(self, touchpoint: str, scorer: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = self.card["scores"]
        return next(s for s in found if (s["subject"]["id"], s["scorer"]) == (touchpoint, scorer))


@pytest.fixture(scope="module", params=JOBS)
def built(request: pytest.FixtureRequest, data: Path, oracle: Any, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The map built by the real command in a process of its own, once for all tests of this file."""
    job, folder = JOBS[request.param], tmp_path_factory.mktemp(request.param) / "out"
    arguments = [argument.format(data=data) for argument in job.arguments]
    command = [sys.executable, "-m", "journeykit", "build", str(ROOT / "examples" / job.map)]
    ran = subprocess.run(
        [*command, "--events", str(data / job.events), *arguments, "-o", str(folder)],
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=300,
    )  # fmt: skip
    assert (0, "") == (ran.returncode, ran.stderr)
    return Built(
        name=request.param,
        job=job,
        folder=folder,
        card=json.loads((folder / "scorecard.json").read_bytes(), parse_constant=pytest.fail),
        oracle=oracle(job.sql.format(data=data), touchpoints=job.touchpoints, within=job.within),
        printed=ran.stdout,
    )


def test_a_build_writes_its_four_files(built: Built) -> None:
    """A build writes the map, the curve, the scorecard and the report, and nothing else."""
    names = sorted(path.name for path in built.folder.iterdir())

    assert ["curve.png", "map.html", "map.svg", "report.md", "scorecard.json"] == names
    assert all(path.stat().st_size > 1000 for path in built.folder.iterdir())


def test_every_row_in_is_kept_or_rejected(built: Built) -> None:
    """The printed summary accounts for every row of the source, and the kept ones are those SQL keeps."""
    kept = built.oracle.one("SELECT count(*) FROM raw")
    job = built.job

    assert job.rows_in == kept + job.rejected
    assert [f"{job.rows_in:,} rows in", f"{kept:,} kept", f"{job.rejected:,} rejected"] == re.findall(
        r"[0-9,]+ (?:rows in|kept|rejected)", built.printed
    )[:3]
    assert kept == built.card["coverage"]["events"]


def test_coverage_equals_plain_sql(built: Built) -> None:
    """Every count of events and cases on the scorecard is the one plain SQL finds on the source file."""
    expected = built.oracle.coverage()
    found = {name: built.card["coverage"][name] for name in expected}

    assert expected == found


def test_every_touchpoint_is_counted_as_plain_sql_counts_it(built: Built) -> None:
    """Events, journeys and journeys still on board, a touchpoint, are those plain SQL finds on the source file."""
    expected = built.oracle.counts()
    found = [(t["events"], t["journeys"], t["on_board"]) for t in built.card["coverage"]["touchpoints"]]

    assert expected == found


def test_the_times_of_the_log_are_those_of_the_source(built: Built) -> None:
    """First and last time, in UTC, are the source's."""
    expected = built.oracle.one("SELECT min(t), max(t) FROM raw")
    found = tuple(_micros(built.card["coverage"][name]) for name in ("first", "last"))

    assert expected == found


def test_what_no_rule_claims_is_listed_by_name(built: Built) -> None:
    """The unclaimed events that ten customers or more have are counted by name, as plain SQL counts them."""
    common = "SELECT event FROM raw GROUP BY 1 HAVING count(DISTINCT split_part(case_, '/', 1)) >= 10"
    query = f"SELECT event, count(*) FROM raw WHERE tp IS NULL AND event IN ({common}) GROUP BY 1"
    expected = dict(built.oracle.con.execute(query).fetchall())
    found = dict(built.card["coverage"]["unclaimed_events"])

    assert expected == found


def test_friction_rests_on_figures_that_plain_sql_finds(built: Built) -> None:
    """Reach, drop-off, rework, backtrack and p90 delay behind every friction score equal a count over closed journeys."""
    ids = [t["id"] for t in built.card["coverage"]["touchpoints"]]
    expected = {ids[tp]: parts for tp, parts in built.oracle.friction().items()}
    found = {id: built.score(id, "friction") for id in expected}

    for id, parts in expected.items():
        if found[id]["status"] == "suppressed":
            assert 0 < min(parts["reach"], parts["gaps"]) < 10, id
            continue
        assert parts["reach"] == found[id]["n"]
        components = {c["name"]: c for c in found[id]["components"]}
        if parts["delay"] is None:
            assert ("not-estimable", "no-next-event") == (found[id]["status"], found[id]["reason"])
            continue
        raw = {name: component["raw"] for name, component in components.items()}
        assert {name: parts[name] for name in raw} == pytest.approx(raw, abs=1e-6), id
        assert parts["gaps"] == components["delay"]["n"]


def test_removal_effects_equal_an_explicit_absorbing_chain(built: Built) -> None:
    """The raw removal effect of every touchpoint is that of a transition matrix with its arrivals redirected to null."""
    ids = [t["id"] for t in built.card["coverage"]["touchpoints"]]
    expected = {ids[tp]: effect for tp, effect in built.oracle.removal_effects().items()}
    found = {
        score["subject"]["id"]: part["raw"]
        for score in built.card["scores"]
        for part in score.get("components", ())
        if score["scorer"] == "impact" and part["name"] == "removal-effect"
    }

    assert expected == pytest.approx(found, abs=1e-9)


def test_every_score_keeps_the_contract(built: Built) -> None:
    """Each touchpoint has each score; a value is finite and the sum of its parts, or missing with a reason."""
    subjects = {(s["subject"]["id"], s["scorer"]) for s in built.card["scores"]}

    assert {
        (t["id"], scorer) for t in built.card["coverage"]["touchpoints"] for scorer in ("impact", "friction")
    } == subjects
    for score in built.card["scores"]:
        if score["status"] in ("not-estimable", "suppressed"):
            assert score.get("value") is None
            assert score["reason"]
        else:
            total = score.get("baseline", 0) + sum(c["contribution"] for c in score["components"])
            low = 0 if score["scorer"] == "friction" else -1
            assert score["value"] == pytest.approx(total, abs=1e-9)
            if score["interval"] is None:
                assert "low-n" == score["status"]
            else:
                assert low <= score["interval"]["low"] <= score["interval"]["high"] <= 1
            assert low <= score["value"] <= 1


def test_a_touchpoint_without_a_rule_gets_no_number(built: Built) -> None:
    """A card that no event can reach is not-estimable, never 0."""
    blank = [t["id"] for t in built.card["coverage"]["touchpoints"] if t["events"] == 0]
    statuses = {built.score(id, scorer)["status"] for id in blank for scorer in ("impact", "friction")}

    assert statuses <= {"not-estimable"}


@pytest.mark.parametrize("built", ["google_store_ua", "shopeasy"], indirect=True)
def test_too_few_conversions_are_said_and_not_ranked(built: Built) -> None:
    """With fewer than 100 conversions no impact is ranked: each score is low-n or not estimable, and says why."""
    statuses = {score["status"] for score in built.card["scores"] if score["scorer"] == "impact"}

    assert built.card["coverage"]["converted"] < 100
    assert {"low-n", "not-estimable"} == statuses
    assert "impact: no touchpoint can be ranked" in built.printed


@pytest.mark.parametrize("built", ["google_store_ga4"], indirect=True)
def test_a_log_sampled_by_event_shows_how_little_it_knows(built: Built) -> None:
    """Thousands of one-event customers give open journeys, scores marked low-n or not estimable, and no wild figure."""
    coverage = built.card["coverage"]
    lonely = built.oracle.one("SELECT count(*) FROM (SELECT 1 FROM visit GROUP BY case_ HAVING count(*) = 1)")
    statuses = [score["status"] for score in built.card["scores"] if score["scorer"] == "friction"]

    assert lonely > 0.8 * coverage["cases"]
    assert coverage["open"] > 1000
    assert coverage["off_map"] > 1000
    assert {"low-n", "not-estimable"} <= set(statuses)
    assert all(score["reason"] for score in built.card["scores"] if score["status"] != "ok")
    assert "still open" in built.printed


@pytest.mark.parametrize("built", ["shopeasy"], indirect=True)
def test_a_drop_off_row_marks_a_journey_given_up(built: Built) -> None:
    """Customers without an order in their first year are closed by their Drop-off rows, which are no touchpoint."""
    coverage = built.card["coverage"]
    gave_up = built.oracle.one("SELECT count(*) FROM journey WHERE gave_up AND NOT open")

    assert gave_up == coverage["abandoned"] > 0
    assert 100 == coverage["cases"]
    assert not any("drop" in t["id"] for t in coverage["touchpoints"])


@pytest.mark.parametrize("built", ["shopeasy"], indirect=True)
def test_dates_without_time_make_ties_that_are_counted(built: Built) -> None:
    """Rows of one customer on one day are ties; the scorecard counts them and names the rule that ordered them."""
    expected = built.oracle.one(
        "SELECT count(*) FROM (SELECT t = lag(t) OVER (PARTITION BY case_ ORDER BY k) AS tie FROM visit) WHERE tie"
    )

    assert expected == built.card["coverage"]["ties"]
    assert built.card["coverage"]["tie_rule"]


@pytest.mark.parametrize("built", ["shopeasy"], indirect=True)
def test_the_observed_emotion_on_the_map_is_the_mean_rating(built: Built, data: Path) -> None:
    """The valence written on the map as observed is what the reviews give: -2 + 4 (mean - 1)/4."""
    mean, n = built.oracle.one(
        f"SELECT avg(Rating::DOUBLE), count(*) FROM read_csv('{data}/shopeasy/customer_reviews.csv', all_varchar = true)"
    )
    touchpoint = load(ROOT / "examples" / built.job.map)["product-in-use"]
    assert isinstance(touchpoint, Touchpoint)

    assert -2 + 4 * (mean - 1) / 4 == pytest.approx(touchpoint.emotions[0].valence, abs=0.005)
    assert 1363 == n
    assert "1,363" in (built.folder / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("built", ["rees46"], indirect=True)
def test_a_line_cut_in_mid_row_is_rejected_with_its_address(built: Built) -> None:
    """The last, cut line is rejected by name and line, not read as a customer with half an id."""
    assert "2019-Oct_17k.csv:17436" in built.printed
    assert 0 == built.oracle.one("SELECT count(*) FROM raw WHERE case_ IS NULL")


@pytest.mark.parametrize("built", ["rees46"], indirect=True)
def test_the_kept_scorecard_is_what_the_command_writes(built: Built) -> None:
    """The scorecard beside the map, which the gallery draws, holds the figures of a new build."""
    kept = json.loads((ROOT / "examples" / "rees46" / "scorecard.json").read_text(encoding="utf-8"))
    figures = {(s["subject"]["id"], s["scorer"]): (s["status"], s["value"], s["n"]) for s in kept["scores"]}
    again = {(s["subject"]["id"], s["scorer"]): (s["status"], s["value"], s["n"]) for s in built.card["scores"]}

    assert kept["coverage"] == built.card["coverage"]
    assert figures.keys() == again.keys()
    for key, (status, value, n) in figures.items():
        assert (status, n) == (again[key][0], again[key][2])
        assert value == (None if value is None else pytest.approx(again[key][1], abs=1e-9))


@pytest.mark.parametrize("example", sorted(JOBS))
def test_the_readme_shows_the_command_that_is_tested(example: str) -> None:
    """The command in an example's README is the one these tests run."""
    job = JOBS[example]
    text = (ROOT / "examples" / example / "README.md").read_text(encoding="utf-8")
    command = re.search(r"```(?:sh|shell|bash)\n(journeykit build .*?)```", text, re.DOTALL)
    assert command is not None
    shown = shlex.split(command[1].replace("\\\n", " "))
    arguments = [argument.format(data="../shared/data") for argument in job.arguments]

    assert [
        "journeykit",
        "build",
        f"examples/{job.map}",
        "--events",
        f"../shared/data/{job.events}",
        *arguments,
    ] == shown[:-2]
    assert "-o" == shown[-2]


def _micros(text: str) -> int:
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
