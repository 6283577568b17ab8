"""Pseudonyms in what tables give away: stable within a process and a key, HMAC to the letter, and everywhere."""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import journeykit as jk
from journeykit.errors import ArgumentError
from journeykit.evidence import EventLog
from journeykit.evidence._leaving import names_people
from journeykit.evidence.pseudonyms import Pseudonyms, of_this_process

KEY = bytes(range(32))
ROWS = 40


@pytest.fixture
def events(tmp_path: Path) -> EventLog:
    """Customers are e-mail addresses, which also stand in sessions, pages and a column of their own."""
    path = tmp_path / "events.csv"
    rows = (
        f"ann{i}@shop.example,2026-01-01T00:{i:02}:00Z,view,ann{i}@shop.example:1,/u?id=ann{i}@shop.example&p={i},"
        f"ann{i}@shop.example,{i}.5,call 0171/12345{i:02}"
        for i in range(ROWS)
    )
    path.write_text("\n".join(["customer,time,event,session,page,user_email,amount,text", *rows]), "utf-8")
    return jk.read_events(path)


@settings(max_examples=60)
@given(
    ids=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), min_size=1),
    key=st.binary(min_size=16, max_size=90),
)
def test_pseudonyms_are_hmac(ids: list[str], key: bytes) -> None:
    """Python's and DuckDB's pseudonym is the beginning of HMAC-SHA256 of the id in UTF-8, for keys of every length."""
    import duckdb

    pseudonyms = Pseudonyms(key=key)
    expected = [f"p-{hmac.new(key, id.encode(), hashlib.sha256).hexdigest()[:20]}" for id in ids]
    found = duckdb.execute(f"SELECT {pseudonyms.sql('id')} FROM (SELECT unnest(?) AS id)", [ids]).fetchall()

    assert expected == [pseudonyms.of(id) for id in ids]
    assert expected == [name for (name,) in found]


def test_one_person_one_pseudonym(events: EventLog, tmp_path: Path) -> None:
    """Events, feedback and customers call a person the same, in every library; another process calls him differently."""
    (tmp_path / "f.csv").write_text("customer,score\nann3@shop.example,4\n", "utf-8")
    (tmp_path / "c.csv").write_text("customer,tier\nann3@shop.example,gold\n", "utf-8")
    feedback, customers = jk.read_feedback(tmp_path / "f.csv", scale=(1, 5)), jk.read_customers(tmp_path / "c.csv")
    expected = of_this_process().of("ann3@shop.example")
    code = "from journeykit.evidence.pseudonyms import *; print(of_this_process().of('ann3@shop.example'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    assert expected == events.to_pandas()["customer"][3] == events.to_polars()["customer"][3]
    assert expected == events.to_arrow()["customer"][3].as_py()
    assert expected == feedback.to_pandas()["customer"][0] == customers.to_polars()["customer"][0]
    assert expected != other


def test_a_key_of_ones_own_lasts(events: EventLog) -> None:
    """With a key pseudonyms are the same in every process; the key is shown by nothing and a short one is refused."""
    mine = Pseudonyms(key=KEY)

    assert events.to_pandas(customers=mine)["customer"][3] == mine.of("ann3@shop.example")
    assert mine.of("ann3@shop.example") == "p-" + hmac.digest(KEY, b"ann3@shop.example", "sha256").hex()[:20]
    assert KEY.hex() not in repr(mine)
    assert repr(KEY)[2:20] not in repr(mine)
    with pytest.raises(ArgumentError, match="at least 16 random bytes"):
        Pseudonyms(key=b"short")


@pytest.mark.parametrize("to", ["to_arrow", "to_polars", "to_pandas"])
@pytest.mark.parametrize("verbatims", [False, True])
def test_no_id_in_any_column(events: EventLog, to: str, verbatims: bool) -> None:
    """By default no cell of any column holds an id, whatever else is asked for; figures, times and order are untouched."""
    frame = getattr(events, to)(verbatims=verbatims)
    rows = (
        frame.to_dict("records") if to == "to_pandas" else frame.to_pylist() if to == "to_arrow" else frame.to_dicts()
    )
    text = repr(rows)

    assert "shop.example" not in text
    assert "0171/" not in text
    assert len({row["customer"] for row in rows}) == len({row["session"] for row in rows}) == ROWS
    assert [row["customer"] for row in rows] == [row["user_email"] for row in rows]
    assert [i + 0.5 for i in range(ROWS)] == [row["amount"] for row in rows]
    assert list(range(1, ROWS + 1)) == [row["_record"] for row in rows]
    assert verbatims == ("text" in rows[0])
    assert not verbatims or {row["text"] for row in rows} == {"call [phone]"}


def test_raw_ids_are_asked_for(events: EventLog) -> None:
    """The ids come when they are asked for by that word, and only then; another word is refused."""
    frame = events.to_polars(customers="raw")

    assert [f"ann{i}@shop.example" for i in range(ROWS)] == frame["customer"].to_list() == frame["user_email"].to_list()
    assert "text" not in frame.columns
    with pytest.raises(ArgumentError, match="give Pseudonyms"):
        events.to_polars(customers="yes")  # type: ignore[arg-type]


def test_an_id_inside_another_text_goes(tmp_path: Path) -> None:
    """The row's own customer is replaced inside other texts too, where the id is long enough not to stand there by chance."""
    (tmp_path / "e.csv").write_text(
        "customer,time,event,page,label\nkunde-4711,2026-01-01T00:00:00Z,view,/account/kunde-4711/orders,kunde-4711\n"
        "7,2026-01-01T00:00:00Z,view,/7,7a\n", "utf-8"
    )  # fmt: skip
    frame = jk.read_events(tmp_path / "e.csv").to_pandas()
    who = of_this_process().of("kunde-4711")

    assert [f"/account/{who}/orders", "/7"] == frame["page"].to_list()
    assert [who, "7a"] == frame["label"].to_list()


def test_nested_columns_are_left_out(tmp_path: Path) -> None:
    """A column of lists or structures may hold anything: it comes with the verbatims only, as redacted text."""
    import pyarrow as pa

    table = pa.table(
        {"customer": ["a"], "time": ["2026-01-01T00:00:00Z"], "event": ["x"], "more": [[{"mail": "a@b.example"}]]}
    )
    events = jk.read_events(table)

    assert "more" in events.columns
    assert "more" not in events.to_arrow().column_names
    assert events.to_pandas(verbatims=True)["more"][0] == "[{'mail': [e-mail]}]"


@pytest.mark.parametrize(
    "name",
    [
        "customer",
        "User_ID",
        "fullVisitorId",
        "session",
        "ga_session_id",
        "case",
        "billing_email",
        "Phone",
        "contact phone",
        "first_name",
        "ip",
        "CustomerEmail",
    ],
)
def test_columns_that_name_people(name: str) -> None:
    """Ids by any of their known names, and contacts, are taken for people's."""
    assert names_people(name)


@pytest.mark.parametrize(
    "name",
    [
        "page",
        "product_id",
        "category_id",
        "mobile_brand_name",
        "shipping",
        "country",
        "smartphone",
        "order",
        "description",
        "zip",
    ],
)
def test_columns_that_name_none(name: str) -> None:
    """Products, places and things are not."""
    assert not names_people(name)


def test_problems_quote_nobody(tmp_path: Path) -> None:
    """A rejected cell is quoted redacted; the id of a customer that slipped into it is told as the pseudonym."""
    rows = [
        "x,john.doe@mail.example,view",
        "x,kunde-1,view",
        "x,31/02/2026,view",
        "y,4111111111111111,view",
        "y,0171 1234567,view",
    ]
    good = [f"kunde-{i},2026-01-01T00:00:00Z,view" for i in range(3)]
    (tmp_path / "e.csv").write_text("\n".join(["customer,time,event", *good, *rows]), "utf-8")
    events = jk.read_events(tmp_path / "e.csv")
    told = [problem.message for problem in events.rejected()]

    assert told == [
        "the time '[e-mail]' cannot be read",
        f"the time {of_this_process().of('kunde-1')!r} cannot be read",
        "the time '31/02/2026' cannot be read",
        "the time '[card]' cannot be read",
        "the time '[phone]' cannot be read",
    ]
    assert [4, 5, 6, 7, 8] == [problem.address.record for problem in events.rejected()]
    assert told == [problem.message for problem in events.report.problems]


def test_a_long_cell_is_redacted_before_it_is_cut(tmp_path: Path) -> None:
    """Where the quotation ends no half of an address is left."""
    (tmp_path / "e.csv").write_text(f"customer,time,event\nx,{'z' * 70} john.doe@mail.example,view\n", "utf-8")
    (problem,) = jk.read_events(tmp_path / "e.csv").rejected()

    assert "john" not in str(problem)
    assert len(problem.message) < 120


def test_a_million_rows_take_seconds(tmp_path: Path) -> None:
    """Pseudonyms are made where the rows are: a million take seconds, not minutes."""
    import time

    import polars as pl

    n = 1_000_000
    frame = pl.select(
        customer=pl.format("user-{}", pl.int_range(n) % 200_000), time=1_700_000_000 + pl.int_range(n), event=pl.lit("view"),
        url=pl.format("/p/{}?q=1571270400{}", pl.int_range(n), pl.int_range(n)),
    )  # fmt: skip
    events = jk.read_events(frame)
    begun = time.perf_counter()
    made = events.to_polars()

    assert time.perf_counter() - begun < 30
    assert made["customer"].n_unique() == 200_000
    assert made["url"].equals(frame["url"])
