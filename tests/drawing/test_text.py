from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.text import (
    collapse,
    graphemes,
    is_upright,
    joined,
    longest_word,
    measure,
    reads_right_to_left,
    wrap,
)

ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            list("abc XYZ-/äß,.!?%0123\u00a0\u200b\u00ad\u200d🎉👩🏽🇩🇪漢字かなッ、。「」שלוםمرحباกำक्षि\t\n")
        ),
        st.characters(),
    ),
    max_size=120,
)


@given(ANY_TEXT, st.floats(1, 400))
def test_wrapping_loses_and_adds_nothing(text: str, box: float) -> None:
    """The lines joined are the text with its white space collapsed."""
    lines = wrap(text, box, 13)

    assert collapse(text) == joined(lines)


@given(ANY_TEXT, st.floats(20, 400), st.sampled_from([400, 700]))
def test_no_line_is_wider_than_its_box(text: str, box: float, weight: int) -> None:
    """Every line fits, also with the hyphen of a broken word, unless it is a single grapheme."""
    lines = wrap(text, box, 13, weight)

    assert [] == [line for line in lines if line.width > box + 1e-6 and len(list(graphemes(line.text))) > 1]


@given(ANY_TEXT, st.floats(20, 400))
def test_the_width_of_a_line_is_what_measuring_it_gives(text: str, box: float) -> None:
    """A line's width is the measure of what is shown."""
    lines = wrap(text, box, 13)

    assert [pytest.approx(measure(line.shown, 13)) for line in lines] == [line.width for line in lines]


@given(ANY_TEXT, st.floats(1, 60))
def test_no_line_begins_inside_a_grapheme(text: str, box: float) -> None:
    """Lines break between graphemes only."""
    lines = wrap(text, box, 13)

    assert list(graphemes(collapse(text))) == [g for line in lines for g in graphemes(line.text + " " * line.space)]


@given(ANY_TEXT, st.floats(60, 400), st.integers(1, 4))
def test_a_cut_text_ends_in_an_ellipsis(text: str, box: float, most: int) -> None:
    """With a limit of lines nothing goes beyond it, and what was left out shows."""
    whole, cut = wrap(text, box, 13), wrap(text, box, 13, most=most)

    assert (min(len(whole), most), len(whole) > most) == (len(cut), len(whole) > most and cut[-1].shown.endswith("…"))


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("Compares prices and reads", 110, ["Compares", "prices and", "reads"]),
        ("well-known e-mail", 60, ["well-", "known", "e-mail"]),
        ("costs 31 % more", 65, ["costs", "31 %", "more"]),
        ("waits 9 h there", 56, ["waits", "9 h", "there"]),
        ("「靴」を買う。", 56, ["「靴」を", "買う。"]),
        ("東京ッ子", 28, ["東", "京ッ", "子"]),
        ("Donaudampfschiff", 80, ["Donauda-", "mpfschiff"]),
        ("soft\u00adhyphen", 56, ["soft-", "hyphen"]),
        ("123456789012345", 60, ["123456", "789012", "345"]),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, box: float, expected: list[str]) -> None:
    """At spaces, behind hyphens, between CJK signs; never before a sign that may not begin a line; a broken word shows it."""
    lines = wrap(text, box, 14)

    assert expected == [line.shown for line in lines]


@pytest.mark.parametrize("cluster", ["👨‍👩‍👧‍👦", "🇩🇪", "👩🏽", "é", "क्षि", "กำ", "❤️", "각"])
def test_a_grapheme_stays_whole(cluster: str) -> None:
    """What a reader takes for one character is one grapheme."""
    assert [cluster, cluster] == list(graphemes(cluster + cluster))


def test_narrow_and_wide_letters_differ() -> None:
    """Widths come from the letters, not from their number."""
    assert measure("iiii", 10) < measure("mmmm", 10) < measure("漢漢漢漢", 10)


def test_bold_is_wider() -> None:
    """Weights of 600 and more are measured with the bold table."""
    assert measure("Measure", 10, 400) < measure("Measure", 10, 600) == measure("Measure", 10, 700)


def test_the_longest_word_is_what_wrapping_keeps_whole() -> None:
    """A box as wide as the longest word breaks no word, one that is narrower does."""
    text = "Kundenzufriedenheit ist gut"
    width = longest_word(text, 14)

    assert ("Kundenzufriedenheit", "Kundenzufriedenhe-") == tuple(
        wrap(text, box, 14)[0].shown for box in (width, width - 1)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", False),
        ("مرحبا abc", True),
        ("12 שלום", True),
        ("12 %", False),
        ("", False),
        ("\u2068Maya\u2069 مرحبا", True),
        ("\u2068مايا\u2069 abc", False),
        ("\u2068مايا\u2069، \u2068نور\u2069", True),
        ("\u206612 %\u2069", False),
    ],
)
def test_the_first_strong_letter_decides_the_direction(text: str, expected: bool) -> None:
    """Numbers and signs have no say in which way a text reads."""
    assert expected == reads_right_to_left(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("Größe", False), ("“quoted”", False), ("漢字", True), ("مرحبا", True), ("한국", True)]
)
def test_scripts_without_italics_stay_upright(text: str, expected: bool) -> None:
    """CJK, Hangul and Arabic are never slanted."""
    assert expected == is_upright(text)


def test_a_very_long_text_wraps_at_once() -> None:
    """A hundred thousand letters with a limit of lines give that many lines."""
    assert 30 == len(wrap("x" * 100_000, 124, 14, most=30))


@given(st.text(alphabet="ab مرحبا،.1 -é長い", max_size=30), st.sampled_from([400, 700]))
def test_a_text_fits_a_box_of_its_own_width(text: str, weight: int) -> None:
    """What `measure` says of a whole text is what its words take when they are laid out."""
    assert len(wrap(text, measure(text, 12, weight), 12, weight)) <= 1
