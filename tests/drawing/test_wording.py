"""The words of the pictures themselves: every language says everything, and writes figures its own way."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path

import pytest

import journeykit.drawing
from journeykit.drawing.wording import LANGUAGES, wording

FOLDER = Path(journeykit.drawing.__file__).parent / "wordings"
CATALOGUES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
CATEGORIES = {
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "de": {"one", "other"},
    "en": {"one", "other"},
    "es": {"one", "other"},
    "fr": {"one", "other"},
    "ja": {"other"},
}
ISOLATES = re.compile("[\u2066-\u2069]")


def placeholders(entry: str | dict[str, str]) -> set[str]:
    # A form such as "one event" may name its number; the general form names everything.
    text = entry if isinstance(entry, str) else entry["other"]
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_language_has_a_catalogue() -> None:
    """What `LANGUAGES` promises lies in the folder, and nothing else does."""
    assert set(LANGUAGES) == set(CATALOGUES)
    assert {"ar", "de", "en", "ja"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_all_catalogues_have_the_same_keys(language: str) -> None:
    """A word added to one language is added to all of them."""
    assert set(CATALOGUES["en"]) ^ set(CATALOGUES[language]) == set()


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_all_catalogues_have_the_same_placeholders(language: str) -> None:
    """No figure gets lost in translation, and none is invented."""
    english, own = CATALOGUES["en"], CATALOGUES[language]
    wrong = {key for key in english if placeholders(english[key]) != placeholders(own.get(key, ""))}

    assert set() == wrong


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_plural_entries_have_every_form_of_their_language(language: str) -> None:
    """Arabic has six forms, Japanese one; each is chosen by the number ``n`` and names nothing the general form does not."""
    for key, entry in CATALOGUES[language].items():
        if isinstance(entry, dict):
            assert CATEGORIES[language] == set(entry), key
            assert "n" in placeholders(entry), key
            assert all(placeholders(form) <= placeholders(entry) for form in entry.values()), key


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_entry_can_be_written(language: str) -> None:
    """Whatever the numbers, no entry has a broken placeholder or comes out empty."""
    words = wording(language)
    for key, entry in CATALOGUES[language].items():
        for n in (0, 1, 2, 3, 11, 100, 2.5):
            said = words.text(key, **dict.fromkeys({*placeholders(entry), "n"}, n))

            assert said.strip(), key
            assert "{" not in said, key
            assert said.count("\u2066") + said.count("\u2068") == said.count("\u2069"), key


@pytest.mark.parametrize(
    ("language", "number", "percent", "signed", "day"),
    [
        ("en", "1,240.5", "38\u00a0%", "−0.9", "2025-06-02"),
        ("de", "1.240,5", "38\u00a0%", "−0,9", "02.06.2025"),
        ("fr", "1\u202f240,5", "38\u202f%", "−0,9", "02/06/2025"),
        ("es", "1240,5", "38\u00a0%", "−0,9", "02/06/2025"),
        ("ja", "1,240.5", "38%", "−0.9", "2025年6月2日"),
        ("ar", "1,240.5", "38\u00a0%", "−0.9", "02/06/2025"),
    ],
)
def test_figures_are_written_as_the_language_does(
    language: str, number: str, percent: str, signed: str, day: str
) -> None:
    """Decimal signs, groups, per cent and days follow the language; in Arabic each stands in an isolate."""
    words = wording(language)
    written = [words.number(1240.5, 1), words.percent(0.38), words.signed(-0.9), words.day(date(2025, 6, 2))]
    isolated = [f"\u2066{figure}\u2069" for figure in (number, percent, signed, day)]

    assert (isolated if language == "ar" else [number, percent, signed, day]) == written


def test_something_is_never_nothing_or_everything() -> None:
    """A share that rounds to 0 % or 100 % says on which side it lies; a nought has no sign."""
    words = wording("en")

    assert ["<1\u00a0%", ">99\u00a0%", "0\u00a0%", "100\u00a0%", "<0.1\u00a0%"] == [
        words.percent(0.001), words.percent(0.999), words.percent(0), words.percent(1), words.percent(0.0001, 1),
    ]  # fmt: skip
    assert ["0.0", "0.0", "0.00", "+2.0"] == [
        words.signed(0), words.signed(-0.01), words.number(-0.0001, 2), words.signed(2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("n", "said"), [(1, "حدث واحد"), (2, "حدثان"), (5, "5 أحداث"), (11, "11 حدثًا"), (100, "100 حدث"), (0, "لا أحداث")]
)
def test_arabic_counts_in_six_forms(n: int, said: str) -> None:
    """The form follows the number, as a reader of Arabic expects."""
    assert said == ISOLATES.sub("", wording("ar").text("events", n=n))


def test_a_region_reads_its_language_and_a_stranger_reads_english() -> None:
    """``de-AT`` is German; Hebrew has no catalogue, but keeps its own quotation marks' rule."""
    assert ["de", "de", "en", "ja"] == [wording(tag).written for tag in ("de-AT", "DE", "he", "ja-JP")]
    assert ["„x“", "«x»", "「x」", "“x”"] == [wording(tag).quoted("x") for tag in ("de", "it", "ja", "en")]
    assert "“mine”" == wording("de").quoted("“mine”")


def test_what_is_inserted_moves_nothing() -> None:
    """In Arabic an inserted name stands in an isolate; in English only a name that is written from right to left does."""
    assert "المسؤول: \u2068Maya\u2069" == wording("ar").text("owner", owner="Maya")
    assert "Owner: Maya" == wording("en").text("owner", owner="Maya")
    assert "Owner: \u2068مايا\u2069" == wording("en").text("owner", owner="مايا")
    assert "{owner}" in wording("en").text("owner", owner="{owner}")


def test_a_moment_is_the_day_it_falls_on() -> None:
    """A time is written as its day."""
    assert ["2", "6", "2025"] == [
        part.lstrip("0") for part in wording("de").day(datetime(2025, 6, 2, 23, 59)).split(".")
    ]
