"""What is written like an e-mail address, a phone number or a payment card goes; ordinary numbers stay."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.results.redacting import CARD, EMAIL, HINTS, PHONE, redacted

MAIL = [
    "john.doe+x@example.co.uk",
    "müller@bäckerei.de",
    "ｔａｒｏ＠example.jp",
    "太郎@example.jp",
    "jane%40acme.com",
    "o'neil_99@sub.mail.example",
    "почта@пример.рф",
]
PHONES = [
    "+49 30 1234567",
    "+49 (0)30 / 123 45 67",
    "0049 171 1234567",
    "030 1234567",
    "0171/1234567",
    "0171-1234567",
    "(030) 1234567",
    "089 12 34 56 78",
    "01711234567",
    "03-1234-5678",
    "０９０-１２３４-５６７８",
    "0120-123-456",
    "020 7946 0958",
    "01 23 45 67 89",
    "(415) 555-2671",
    "415-555-2671",
    "1-800-555-0199",
    "+1 415 555 2671",
    "٠٥٠ ١٢٣ ٤٥٦٧",
    "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧",
    "\u200e+966501234567",
    "%2B491711234567",
]
CALLED = [
    "Tel. 601 234 567",
    "phone 12 34 56 78",
    "هاتف: ٠١٢٣٤٥٦٧",
    "電話は03-1234-5678",
    "Telefon: 4711-22",
    "whatsapp 612345678",
]
CARDS = [
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5500005555555559",
    "378282246310005",
    "٤١١١ ١١١١ ١١١١ ١١١١",
    "3530111333300000",
    "6011111111111117",
    "30569309025904",
]
ORDINARY = [
    "12.345,67 €", "1,234,567.89", "1 234 567", "1'234'567.00", "20 000 000", "0.123456789", "0,5", "99.9 %", "1e10",
    "2026-03-01", "31.12.2026", "01.02.2026 10:05", "01.02.2026 10:05:33", "31/02/2026", "02/31/26 10:00", "1996-02-29 24:00",
    "2026-03-01T10:05:33.123456Z", "2026-03-01 10:05:33 UTC", "2026-03-01T10:05:33+00:00", "10:05:33", "8:00-17:00", "0900-1700",
    "01.01.2026 - 31.12.2026", "٢٠٢٦/٠٣/٠١", "２０２６年３月１日", "令和8年3月1日 10:05", "2019-10-01 02:5", "03/2026",
    "1571270400", "1571270400123", "1571270400123456", "1234567890.1571270400", "192.168.1.10", "10.5281/zenodo.3509134",
    "order 1004856", "order #100485612", "2053013555631882655", "4006381333931", "9781234567897", "4111111111111112",
    "12345678901234567890", "123456789", "12 345 678", "100-200", "v10.0.19041.1", "SKU-0123-AB", "DE-10115 Berlin", "007",
    "u12345678", "c-0301234567", "/product/1004856?x=20191001", "5 of 12,345 (3 %)", "@name", "friction@1", "a @ b", "٣٫٥", "",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [*((t, EMAIL) for t in MAIL), *((t, PHONE) for t in PHONES), *((t, CARD) for t in CARDS)],
)
@pytest.mark.parametrize("around", ["{}", "write to {}, please", "（{}）", "a=1&x={}&y=2", "{}; {}"])
def test_what_leads_to_a_person_goes(text: str, word: str, around: str) -> None:
    """Alone, in a sentence, in brackets, in a page's address and twice: the word stands for it and no sign of it is left."""
    plain = around.format("", "")
    shown = redacted(around.format(text, text))

    assert word in shown
    assert sorted(shown.replace(word, "").replace("\u200e", "")) == sorted(plain)


@pytest.mark.parametrize("text", CALLED)
def test_a_number_that_says_what_it_is_goes_in_any_form(text: str) -> None:
    """Behind a word for calling even a form that is an amount elsewhere is a number to call."""
    assert PHONE in redacted(text)
    assert not re.search(r"\d", redacted(text))


@pytest.mark.parametrize("text", ORDINARY)
@pytest.mark.parametrize("around", ["{}", "the value is {} here", "{}; {}"])
def test_ordinary_numbers_stay(text: str, around: str) -> None:
    """Amounts, dates, times, product numbers, epochs, versions and addresses of machines are not redacted."""
    written = around.format(text, text)

    assert written == redacted(written)


def test_text_around_stays_to_the_sign() -> None:
    """Scripts without spaces keep their words, and what is redacted takes nothing with it."""
    assert redacted("メールはtaro@example.co.jpです") == f"メールは{EMAIL}です"
    assert redacted("Rückruf unter 0664 1234567, danke; 12,50 € am 3.4.2026") == (
        f"Rückruf unter {PHONE}, danke; 12,50 € am 3.4.2026"
    )


@given(st.text(alphabet="0123456789 .-/+()@ab:,٠٣۹\u00a0％%tel", max_size=60))
def test_redacting_is_done_at_once(text: str) -> None:
    """Any text can be redacted; a second time changes nothing, and nothing appears that was not there."""
    once = redacted(text)

    assert once == redacted(once)
    assert re.sub(r"\[(?:e-mail|phone|card)\]", "", once) in text or "[" in once


@pytest.mark.parametrize("text", [*MAIL, *PHONES, *CALLED, *CARDS])
def test_duckdb_asks_the_same_question(text: str) -> None:
    """What Python would redact one of the patterns finds in DuckDB too, so that no value is passed over."""
    found = duckdb.execute(
        "SELECT list_bool_or(list_transform($2, lambda h: regexp_matches($1, h)))", [text, list(HINTS)]
    )

    assert found.fetchall() == [(True,)]
