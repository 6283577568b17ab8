"""No output of any run names a customer, quotes what people wrote, or leads to them: the real logs, and one made to leak."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

import journeykit as jk
from journeykit.evidence import tables

ROOT = Path(__file__).parents[2]
Leaks = Callable[[Mapping[str, str], Iterable[str]], dict[str, list[str]]]
Outputs = Callable[[Any, Path], dict[str, str]]

# What stands for a customer in each file, asked of the file itself: ids, sessions, and what people wrote.
SECRETS = {
    "rees46": "SELECT unnest([user_id, user_session]) FROM read_csv('{data}/rees46/2019-Oct_17k.csv', all_varchar = true, "
    "null_padding = true, quote = '\"')",
    "google_store_ua": "SELECT unnest([fullVisitorId, visitId::VARCHAR]) FROM '{data}/ua_malloy/ga_sample_half_a.parquet'",
    "google_store_ga4": "SELECT user_pseudo_id FROM '{data}/ga4_malloy/ga4_events_sampled.snappy.parquet'",
    "shopeasy": "SELECT ReviewText FROM read_csv('{data}/shopeasy/customer_reviews.csv', all_varchar = true)",
}
JOBS: dict[str, dict[str, Any]] = {
    "rees46": {
        "map": "rees46/first_order.journey.yaml",
        "events": "rees46/2019-Oct_17k.csv",
        "options": ("--events-columns", "customer=user_id,time=event_time,event=event_type,session=user_session"),
        "read": {"columns": {"customer": "user_id", "time": "event_time", "event": "event_type", "session": "user_session"}},
    },
    "google_store_ua": {
        "map": "google_store_ua/buy_merchandise.journey.yaml",
        "events": "ua_malloy/ga_sample_half_a.parquet",
        "options": ("--events-format", "ga360"),
        "read": {"format": "ga360"},
    },
    "google_store_ga4": {
        "map": "google_store_ga4/sampled_store.journey.yaml",
        "events": "ga4_malloy/ga4_events_sampled.snappy.parquet",
        "options": ("--events-format", "ga4"),
        "read": {"format": "ga4"},
    },
    "shopeasy": {
        "map": "shopeasy/first_year.journey.yaml",
        "events": "shopeasy/customer_journey.csv",
        "options": ("--events-columns", "customer=CustomerID,time=VisitDate,event=Action", "--tz", "UTC"),
        "feedback": "shopeasy/customer_reviews.csv",
        "feedback_options": (
            *("--feedback-columns", "customer=CustomerID,time=ReviewDate,score=Rating,text=ReviewText"),
            *("--feedback-kind", "rating", "--feedback-scale", "1:5"),
        ),
        "read": {"columns": {"customer": "CustomerID", "time": "VisitDate", "event": "Action"}, "tz": "UTC"},
        "read_feedback": {
            "columns": {"customer": "CustomerID", "time": "ReviewDate", "score": "Rating", "text": "ReviewText"},
            "tz": "UTC",
            "kind": "rating",
            "scale": (1, 5),
        },
    },
}  # fmt: skip


def real(name: str, data: Path, job: type[Any]) -> Any:
    fields = JOBS[name]
    paths = {key: data / fields[key] for key in ("events", "feedback") if key in fields}
    return job(**{**fields, **paths, "map": ROOT / "examples" / fields["map"]})


@pytest.mark.parametrize("name", JOBS)
def test_real_runs_name_nobody(
    name: str, data: Path, job: type[Any], outputs: Outputs, leaks: Leaks, tmp_path: Path
) -> None:
    """No file, picture, report, finding, display or table of a real run holds the id of a customer or a customer's words."""
    secrets = {str(row[0]) for row in duckdb.sql(SECRETS[name].format(data=data)).fetchall() if row[0]}
    texts = outputs(real(name, data, job), tmp_path)
    # What people wrote stands where it is asked for by that word.
    texts.pop("Feedback verbatims", None)

    assert len({secret for secret in secrets if len(secret) >= 5}) > 40
    assert {
        "build, printed",
        "built/report.md",
        "built/map.svg",
        "built/scorecard.json",
        "draft.yaml",
        "check.sarif",
    } < set(texts)
    assert {} == leaks(texts, secrets)


PEOPLE = [
    f"ann.{name}@post.example" for name in ("berg", "chen", "diaz", "endo", "farid", "gomez", "haddad", "ito", "jung")
]
CALLS = [f"+49 171 55501{i:02}" for i in range(20)]
CARDS = ["4111 1111 1111 1111", "5500005555555559", "378282246310005"]
STRANGERS = ["nobody.known@post.example", "(0171) 99887766"]
IDS = [f"kunde-{1000 + 37 * i}" for i in range(60)]
MAP = """\
journeykit: 1
id: shop
title: A shop
outcome: {success: {event: order}}
stages:
- id: buy
  title: Buy
  touchpoints:
  - {id: home, title: Home, match: {event: home}}
  - {id: cart, title: Cart, match: {event: cart}}
  - {id: help, title: Help, match: {event: help}}
  - {id: gift, title: Gift, match: {event: gift}}
"""


@pytest.fixture
def shop(tmp_path: Path, job: type[Any]) -> Any:
    """People called by mail, phone, card and number; their ids in every column, slipped rows, events called by people, texts."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "map.yaml").write_text(MAP, "utf-8")
    rows = ["customer,time,event,session,page,user_email,note"]
    for i, who in enumerate([*PEOPLE, *CALLS, *CARDS, *IDS]):
        day = f"2026-01-{1 + i % 28:02}T10:"
        steps = ["home", "cart", *(["order"] if i % 2 else []), *(["help"] if i % 30 == 0 else [])]
        rows += [
            f"{who},{day}{k:02}:00Z,{step},{who}:1,/u?id={who},{who},call {CALLS[0]}" for k, step in enumerate(steps)
        ]
        rows += [f"{who},{day}30:00Z,help {PEOPLE[1]},{who}:1,/,{who},"] if i < 20 else []
        rows += [f"{who},{day}40:00Z,vip {who},{who}:1,/,{who},"] if i > 80 else []
    rows += [f"x,{secret},home,s,/,x,y" for secret in (PEOPLE[2], CALLS[1], CARDS[0], IDS[5], *STRANGERS)]
    (tmp_path / "in" / "events.csv").write_text("\n".join(rows) + "\n", "utf-8")
    said = [
        "customer,score,about,text",
        *(f"{who},{1 + i % 5},cart,I am {who}" for i, who in enumerate([*PEOPLE, *IDS])),
    ]
    said += [f"{IDS[0]},{PEOPLE[3]},cart,", f"{IDS[1]},9,{IDS[2]},{CARDS[1]}", f"{IDS[1]},4,{PEOPLE[4]},x"]
    (tmp_path / "in" / "said.csv").write_text("\n".join(said) + "\n", "utf-8")
    return job(
        map=tmp_path / "in" / "map.yaml",
        events=tmp_path / "in" / "events.csv",
        options=("--observed-until", "2026-06-01T00:00:00+00:00"),
        read={"observed_until": datetime(2026, 6, 1, tzinfo=UTC)},
        feedback=tmp_path / "in" / "said.csv",
        feedback_options=("--feedback-scale", "1:5", "--feedback-kind", "rating"),
        read_feedback={"scale": (1, 5), "kind": "rating"},
    )


SECRET = [*STRANGERS, *PEOPLE, *CALLS, *CARDS, *IDS]


def test_a_log_made_to_leak_names_nobody(shop: Any, outputs: Outputs, leaks: Leaks, tmp_path: Path) -> None:
    """Ids that are addresses, numbers or cards, in events, sessions, pages, texts and rejected rows, stand in no output."""
    texts = outputs(shop, tmp_path / "out")

    assert {} == leaks(texts, SECRET)
    # The rejected rows are told, by place.
    assert "events.csv:" in texts["EventLog rejected"]
    assert "[e-mail]" in texts["EventLog rejected"]
    assert "I am [e-mail]" in texts["Feedback verbatims"]


@pytest.mark.parametrize("planted", [PEOPLE[3], CALLS[7], CARDS[1], IDS[11]])
def test_the_search_finds_what_is_planted(leaks: Leaks, planted: str) -> None:
    """An id in a sentence, a tag or a column is found; a part of another number is none."""
    texts = {
        "a": f"<b>{planted}</b>",
        "b": f"x,{planted},3",
        "c": "nothing of it",
        "d": f"9{planted.replace('@', '')}9",
    }

    assert {"a": [planted], "b": [planted]} == {
        name: found for name, found in leaks(texts, SECRET).items() if name != "d"
    }


def test_without_protection_the_search_would_find_much(
    shop: Any, outputs: Outputs, leaks: Leaks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With redaction switched off, ids given raw and the floor at 1, the same run leaks in many places."""
    monkeypatch.setattr(tables, "redacted", lambda text: text)
    monkeypatch.setattr(tables.Rejects, "_known", lambda *_: frozenset())
    monkeypatch.setattr(tables.Pseudonyms, "sql", lambda _, text: text)
    monkeypatch.setattr(tables.Pseudonyms, "of", lambda _, text: text)
    monkeypatch.setattr("journeykit.results.small_groups.redacted", lambda text: text)
    monkeypatch.setattr("journeykit.scoring.common_names", lambda events, least, names, off: frozenset(names))
    found = leaks(outputs(shop, tmp_path / "out"), SECRET)

    assert {
        "EventLog rejected",
        "EventLog to_pandas",
        "build, printed",
        "built/report.md",
        "built/scorecard.json",
    } <= set(found)


def test_small_groups_are_told_by_no_file(shop: Any, tmp_path: Path) -> None:
    """A touchpoint of 4 customers is shown as fewer than 10, its scores are withheld, and nothing adds up to it."""
    from journeykit.cli import main

    assert main(["build", str(shop.map), "--events", str(shop.events), *shop.options, "-o", str(tmp_path / "out")]) == 0
    card = json.loads((tmp_path / "out" / "scorecard.json").read_text("utf-8"))
    seen = {count["id"]: count for count in card["coverage"]["touchpoints"]}
    report = (tmp_path / "out" / "report.md").read_text("utf-8")

    assert {"id": "help", "events": None, "journeys": None, "on_board": None} == seen["help"]
    assert [] == [m for m in card["coverage"]["moves"] if "help" in (m["source"], m["target"]) or m["journeys"] < 10]
    assert {("suppressed", None, None)} == {
        (s["status"], s["value"], s["n"]) for s in card["scores"] if s["subject"]["id"] == "help"
    }
    assert 10 == card["floor"]
    assert (92, 92) == (seen["home"]["events"], seen["cart"]["events"])
    assert 92 + 92 + card["coverage"]["unclaimed"] == card["coverage"]["events"]
    assert "| Help | withheld | &lt; 10 | withheld |" in report


def test_two_threads_agree_on_pseudonyms(shop: Any) -> None:
    """Tables read and given away in several threads at once call people the same."""
    from concurrent.futures import ThreadPoolExecutor

    events = jk.read_events(shop.events)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: tuple(events.to_polars()["customer"]), range(8)))

    assert len(set(found)) == 1
