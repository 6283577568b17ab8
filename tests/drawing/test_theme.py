from __future__ import annotations

import re
from collections.abc import Callable

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.drawing.theme import DARK, GRAPHIC_PAIRS, LIGHT, TEXT_PAIRS, Palette, Spacing, Theme, contrast
from journeykit.errors import ArgumentError


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_every_text_can_be_read(mode: str, ink: str, ground: str) -> None:
    """Every text and its ground differ by at least 4.5:1, in light and in dark."""
    palette = getattr(Theme(), mode)

    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), GRAPHIC_PAIRS)
def test_every_sign_can_be_seen(mode: str, shape: str, ground: str) -> None:
    """Every shape that carries meaning differs from its ground by at least 3:1."""
    palette = getattr(Theme(), mode)

    assert contrast(getattr(palette, shape), getattr(palette, ground)) >= 3


def test_contrast_is_wcags() -> None:
    """Black on white is 21:1, #767676 on white the well-known 4.54:1."""
    assert (21.0, 4.54) == (contrast("#000000", "#FFFFFF"), round(contrast("#767676", "#FFFFFF"), 2))


def test_a_theme_nobody_can_read_is_refused() -> None:
    """A pale ink raises, and the sentence names the pair."""
    with pytest.raises(ArgumentError, match="light: ink on bg has"):
        Theme(light=attrs.evolve(Theme().light, ink="#CCCCCC"))


@pytest.mark.parametrize("colour", ["red", "#FFF", "#12345G", "url(x)", "#FFFFFF;}", ""])
def test_only_plain_colours_pass(colour: str) -> None:
    """A colour is #RRGGBB, so nothing else can reach the style sheet."""
    with pytest.raises(ArgumentError):
        attrs.evolve(Theme().light, ink=colour)


@pytest.mark.parametrize("font", ["x'; }", "a<b", "url(x)", ""])
def test_only_plain_font_names_pass(font: str) -> None:
    """A font is a family name, so nothing else can reach the attribute."""
    with pytest.raises(ArgumentError):
        Theme(fonts=(font,))


def test_the_style_sheet_darkens_every_role_that_differs() -> None:
    """Every role whose dark colour is another one has a rule for fills and strokes."""
    theme = Theme()
    differing = {a.name for a in attrs.fields(Palette) if getattr(theme.light, a.name) != getattr(theme.dark, a.name)}

    assert (
        differing
        == set(re.findall(r"\.f-(\w+)\{", theme.style_sheet()))
        == set(re.findall(r"\.s-(\w+)\{", theme.style_sheet()))
    )


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("zh-CN", "PingFang SC"),
        ("zh-Hant-HK", "PingFang TC"),
        ("ko", "Apple SD Gothic Neo"),
        ("ja", "Hiragino Sans"),
        ("en", "Hiragino Sans"),
    ],
)
def test_han_signs_take_the_forms_of_the_language(language: str, first: str) -> None:
    """Chinese and Korean fonts stand before the Japanese ones where the map is in that language."""
    stack = Theme().font_family(language)
    cjk = [name for name in re.findall(r"'([^']+)'", stack) if re.search("PingFang|Gothic Neo|Hiragino", name)]

    assert first == cjk[0]


@pytest.mark.parametrize("colour", ["#00695C", "#E2001A", "#FFCC00", "#FFFFFF", "#000000", "#FF99CC"])
def test_any_brand_colour_gives_a_theme_everyone_can_read(colour: str) -> None:
    """Shades are as near to the colour as contrast allows; a colour that can be read as it is stays as it is."""
    theme = Theme.branded(colour, fonts=["Acme Sans", "sans-serif"])

    assert ("Acme Sans", "sans-serif") == theme.fonts
    assert LIGHT.pos == theme.light.pos
    assert theme.light.stage1 != LIGHT.stage1
    if contrast(colour, "#FFFFFF") >= 4.5:
        assert colour == theme.light.accent


@given(st.integers(0, 0xFFFFFF))
def test_no_brand_colour_is_refused(colour: int) -> None:
    """Every colour there is can be made readable."""
    assert isinstance(Theme.branded(f"#{colour:06X}"), Theme)


def test_every_failing_pair_is_named_with_its_ratio() -> None:
    """All faults at once, in both palettes, each with what it has and what it needs."""
    with pytest.raises(ArgumentError) as caught:
        Theme(light=LIGHT.recoloured(muted="#CCCCCC"), dark=DARK.recoloured(bar="#0B1220"))
    said = str(caught.value)

    assert {"light: muted on bg", "light: muted on card", "dark: bar on bg"} <= set(
        re.findall(r"\w+: \w+ on \w+", said)
    )
    assert "1.61:1, needs 4.5:1" in said
    assert "1.00:1, needs 3.0:1" in said


@pytest.mark.parametrize(
    "make",
    [
        lambda: Theme.branded("red"),
        lambda: LIGHT.recoloured(mauve="#FFFFFF"),
        lambda: Theme(fonts="Inter"),
        lambda: Theme(mode="dim"),
        lambda: Theme(light="#FFFFFF"),
        lambda: Spacing(radius=99),
        lambda: Spacing(column="wide"),
        lambda: Theme(spacing=12),
    ],
)
def test_a_theme_is_checked_where_it_is_made(make: Callable[[], object]) -> None:
    """A colour, role, font list, mode or distance that means nothing raises at once."""
    with pytest.raises(ArgumentError):
        make()


@pytest.mark.parametrize(("mode", "sheet"), [("auto", True), ("light", False), ("dark", False)])
def test_a_picture_has_the_palettes_of_its_mode(mode: str, sheet: bool) -> None:
    """Both in one file, or one alone; the colours that are written are those of the mode."""
    theme = Theme(mode=mode)

    assert sheet == bool(theme.style_sheet())
    assert (DARK if mode == "dark" else LIGHT) == theme.base
