"""A real map on real data: what the checks count is what plain SQL counts on the source file, with none of our code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from journeykit import api
from journeykit.conformance import against_log, fit, moves
from journeykit.measures import trace
from journeykit.model import Journey

EXAMPLES = Path(__file__).parents[2] / "examples"
IDS = ["home", "search", "shelf", "product", "policies", "add-to-basket", "basket", "sign-in"]
IDS += ["your-info", "payment", "review-order", "order"]
PLANNED = [(0, 2), (2, 3), (3, 5), (5, 6), (6, 8), (8, 9), (9, 10), (10, 11)]

# hits.time is milliseconds after visitStartTime, which is seconds; a visit is over after two hours.
LOG = """
CREATE TABLE visit AS
WITH hit AS (
    SELECT fullVisitorId || '/' || visitId AS id, visitStartTime * 1000000 + h."time" * 1000 AS t, h.hitNumber AS number,
        h."type" = 'PAGE' AS shown, h.page.pagePath AS page, h.eCommerceAction.action_type AS act,
        coalesce(h.eventInfo.eventAction, h.eventInfo.eventCategory, 'event') AS label
    FROM (SELECT *, unnest(hits) AS h FROM read_parquet(?))),
named AS (
    SELECT *, CASE act WHEN '1' THEN 'product_click' WHEN '2' THEN 'product_view' WHEN '3' THEN 'add_to_cart'
        WHEN '4' THEN 'remove_from_cart' WHEN '5' THEN 'checkout' WHEN '6' THEN 'purchase'
        ELSE if(shown, 'page_view', label) END AS event
    FROM hit),
placed AS (
    SELECT *, CASE
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
        WHEN event = 'purchase' THEN 11 END AS place,
        t - min(t) OVER (PARTITION BY id) <= 7200000000 AS inside, row_number() OVER (PARTITION BY id ORDER BY t, number) AS k
    FROM named)
SELECT *, min(k) FILTER (event = 'purchase' AND inside) OVER (PARTITION BY id) AS won FROM placed"""
MOVES = """
CREATE TABLE move AS
WITH path AS (SELECT * FROM visit WHERE inside AND (won IS NULL OR k <= won)),
closed AS (SELECT id FROM path GROUP BY id HAVING (SELECT max(t) FROM visit) - max(t) >= 7200000000),
step AS (
    SELECT id, place AS source, lead(place) OVER (PARTITION BY id ORDER BY k) AS target
    FROM path JOIN closed USING (id) WHERE place IS NOT NULL)
SELECT * FROM step WHERE source <> target"""


@pytest.fixture(scope="module")
def sql(shared_data: Path) -> Any:
    """A function that answers one query on the raw file."""
    connection = duckdb.connect()
    connection.execute(LOG, [str(shared_data / "ua_malloy/ga_sample_half_a.parquet")])
    connection.execute(MOVES)
    connection.execute("CREATE TABLE plan (source INTEGER, target INTEGER)")
    connection.executemany("INSERT INTO plan VALUES (?, ?)", PLANNED)
    return lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def map() -> Journey:
    return api.load(EXAMPLES / "google_store_ua/buy_merchandise.journey.yaml")


@pytest.fixture(scope="module")
def log(shared_data: Path) -> Any:
    return api.read_events(shared_data / "ua_malloy/ga_sample_half_a.parquet", format="ga360")


@pytest.fixture(scope="module")
def found(map: Journey, log: Any) -> dict[str, list[str]]:
    messages: dict[str, list[str]] = {}
    for finding in against_log(map, log):
        messages.setdefault(finding.code, []).append(finding.message)
    return messages


def numbers(message: str) -> list[int]:
    return [
        int(number.replace(",", ""))
        for number in re.findall(r"\b\d[\d,]*\b(?!\.\d| %)", message.split(" (", maxsplit=1)[0])
    ]


def test_unclaimed_events_equal_plain_sql(found: dict[str, list[str]], sql: Any) -> None:
    """Every name that no rule claims stands there with SQL's count: by itself from 1 % on, else among the rare ones.

    The first three rare names that ten visitors or more have are named.
    """
    rows = sql("SELECT event, count(*) FROM visit WHERE place IS NULL GROUP BY ALL ORDER BY 2 DESC, 1")
    visitors = dict(sql("SELECT event, count(DISTINCT split_part(id, '/', 1)) FROM visit GROUP BY ALL"))
    total = sql("SELECT count(*) FROM visit")[0][0]
    named = [(name, n) for name, n in rows if n / total >= 0.01]
    rare = [(name, n) for name, n in rows if n / total < 0.01]
    told = [f"{name!r} {n:,}" for name, n in rare if visitors[name] >= 10][:3]

    assert named == [
        (
            re.findall(r"'(.+?)'", message)[0],
            int(re.findall(r": ([\d,]+) of 6,593 events", message)[0].replace(",", "")),
        )
        for message in found["unclaimed-event"]
    ]
    (message,) = found["unclaimed-rare-events"]
    assert (f"{len(rare)} rare event name" in message) == bool(rare)
    assert told == re.findall(r"'[^']+' [\d,]+\d|'[^']+' \d", message)
    assert total - sum(n for _, n in rows) == numbers(found["coverage"][0])[0]


def test_moves_back_equal_plain_sql(found: dict[str, list[str]], sql: Any) -> None:
    """The moves that go back on the map, and all moves, are SQL's."""
    expected = sql("SELECT count_if(target < source), count(*) FROM move")[0]

    assert list(expected) == numbers(found["order-violated"][0])[:2]


def test_every_move_equals_plain_sql(map: Journey, log: Any, sql: Any) -> None:
    """Moves by source and target, and the journeys that make them, are SQL's, pair by pair."""
    counted = moves(trace(log, map).paths)
    expected = sql("SELECT source, target, count(*), count(DISTINCT id) FROM move GROUP BY ALL ORDER BY ALL")
    pairs = [(i, j) for i in range(12) for j in range(12) if counted.counts[i, j]]

    assert expected == [(i, j, counted.counts[i, j], counted.journeys[i, j]) for i, j in pairs]


def test_the_fit_equals_plain_sql(map: Journey, log: Any, found: dict[str, list[str]], sql: Any) -> None:
    """The share of journeys that make planned moves only is SQL's."""
    fitting, moving = sql(
        """SELECT count_if(fits), count(*) FROM (
            SELECT id, bool_and((source, target) IN (SELECT (source, target) FROM plan)) AS fits FROM move GROUP BY id)"""
    )[0]
    measured = fit(trace(log, map).paths, map)

    assert (fitting, moving, fitting / moving) == (measured.fitting, measured.moving, measured.share)
    assert [fitting, moving] == numbers(found["fit"][0])


def test_unplanned_moves_equal_plain_sql(found: dict[str, list[str]], sql: Any) -> None:
    """What is named as unplanned is what SQL finds at 15 % of the departures and ten journeys."""
    rows = sql(
        """SELECT source, target, count(*), count(DISTINCT id), any_value(away) FROM move
            JOIN (SELECT source, count(*) AS away FROM move GROUP BY source) USING (source)
            WHERE (source, target) NOT IN (SELECT (source, target) FROM plan) GROUP BY ALL
            HAVING count(DISTINCT id) >= 10 AND count(*) / any_value(away) >= 0.15 ORDER BY source, target"""
    )

    assert [(n, away, IDS[source], IDS[target], journeys) for source, target, n, journeys, away in rows] == [
        (int(found[0]), int(found[1]), found[2], found[3], int(found[4]))
        for message in found["unplanned-move"]
        for found in re.findall(r"^(\d+) of (\d+) .*'(.+?)' go to '(.+?)', .*\(in (\d+) journeys\)", message)
    ]
