from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.canvas import Canvas, clean, number
from journeykit.errors import RenderingError


@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_gives_well_formed_xml(text: str) -> None:
    """Whatever the text, the file parses and says the same, unfit characters replaced."""
    canvas = Canvas(10, 10)
    canvas.open(title=text)
    canvas.write([(1, 2, text)])
    canvas.close()
    root = ET.fromstring(canvas.text().encode("utf-8"))
    found = ["".join(root.find(f".//{{http://www.w3.org/2000/svg}}{tag}").itertext()) for tag in ("title", "text")]

    assert [clean(text)] * 2 == found


@pytest.mark.parametrize(
    "bad",
    ["\x00", "\x0b", "\x1f", "\x7f", "\x85", chr(0xD800), chr(0xDFFF), chr(0xFFFE), chr(0xFFFF), "\u202e", "\u202d"],
)
def test_what_xml_or_a_reader_cannot_bear_is_replaced(bad: str) -> None:
    """Controls, lone surrogates, non-characters and direction overrides become U+FFFD."""
    assert "a\ufffdb" == clean(f"a{bad}b")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_only_finite_numbers_are_drawn(value: float) -> None:
    """nan and infinity are refused."""
    with pytest.raises(RenderingError, match="finite"):
        Canvas(10, 10).add("rect", x=value)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (1.5, "1.5"), (1 / 3, "0.33"), (-0.001, "0"), (100, "100"), (1e6, "1000000")]
)
def test_numbers_have_two_decimals_at_most(value: float, text: str) -> None:
    """Numbers are rounded and trimmed, never in scientific notation, never minus nought."""
    assert text == number(value)


def test_noise_in_the_last_digits_decides_no_rounding() -> None:
    """A number that is a tie but for the noise of a sum is written as the tie, whatever the version of Python summed."""
    sums = [0.1 + 0.025, 0.125, 0.05 + 0.075, 0.124999999999, 0.125000000001]

    assert ["0.12"] * 5 == [number(value) for value in sums]


def test_an_empty_group_is_one_element() -> None:
    """A group that holds nothing closes itself, a group in it stands between its lines."""
    canvas = Canvas(10, 10)
    canvas.open(class_="a")
    canvas.open(class_="b")
    canvas.close()
    canvas.close()

    assert ['<g class="a">', '<g class="b" />', "</g>"] == canvas.text().splitlines()[3:-1]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        " javascript:x",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil",
        "java\nscript:x",
        "",
    ],
)
def test_links_with_other_schemes_are_refused(link: str) -> None:
    """Only http, https, mailto and # can be linked to."""
    with pytest.raises(RenderingError, match="links only"):
        Canvas(10, 10).open(link=link)


@pytest.mark.parametrize("link", ["https://example.org/?a=1&b=2", "http://x", "mailto:a@b.org", "#part"])
def test_harmless_links_pass(link: str) -> None:
    """A link arrives as it was given."""
    canvas = Canvas(10, 10)
    canvas.open(link=link)
    canvas.close()
    root = ET.fromstring(canvas.text())

    assert [link] == [
        a.attrib["{http://www.w3.org/1999/xlink}href"] for a in root.iter("{http://www.w3.org/2000/svg}a")
    ]


@pytest.mark.parametrize("name", ["onclick", "onload", "href", "xlink:href", "a b", "x=y"])
def test_attributes_that_run_or_link_are_refused(name: str) -> None:
    """No event handler and no link gets in as an attribute."""
    with pytest.raises(RenderingError, match="attribute"):
        Canvas(10, 10).add("rect", **{name: "x"})


@pytest.mark.parametrize("css", ["]]></style><script>", "a{b:url(javascript:x)}/*", "a<b", '@import "x"'])
def test_style_sheets_take_no_strange_text(css: str) -> None:
    """What could leave the style element is refused."""
    with pytest.raises(RenderingError, match="style sheet"):
        Canvas(10, 10).style(css)


def test_an_id_is_given_once() -> None:
    """A second use of an id is refused, and so is one the canvas did not make."""
    canvas = Canvas(10, 10)
    canvas.open(id=canvas.id("map", "tp", "a"))

    with pytest.raises(RenderingError, match="already"):
        canvas.id("map", "tp", "a")
    with pytest.raises(RenderingError, match="not made"):
        canvas.open(id="other")
    with pytest.raises(RenderingError, match="plain id"):
        canvas.id("a b")


def test_attributes_are_sorted_and_elements_have_lines() -> None:
    """One element a line, attributes in alphabetical order, nothing that was not asked for."""
    canvas = Canvas(10, 20)
    canvas.add("rect", y=2, x=1, height=4, width=3, fill="none")

    assert [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<svg height="20" viewBox="0 0 10 20" width="10" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">',
        "<defs />",
        '<rect fill="none" height="4" width="3" x="1" y="2" />',
        "</svg>",
        "",
    ] == canvas.text().split("\n")


def test_attributes_are_cleaned_and_escaped() -> None:
    """What stands in an attribute comes back as it was, unfit characters replaced."""
    canvas = Canvas(10, 10)
    canvas.open(aria_label="a \"b\" <c> & 'd' \x00\n\t")
    canvas.close()
    root = ET.fromstring(canvas.text())

    assert ["a \"b\" <c> & 'd' \ufffd\n\t"] == [
        g.attrib["aria-label"] for g in root.iter("{http://www.w3.org/2000/svg}g")
    ]
