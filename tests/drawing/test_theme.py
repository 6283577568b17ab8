from __future__ import annotations

import re

import attrs
import pytest

from journeykit.drawing.theme import GRAPHIC_PAIRS, TEXT_PAIRS, Palette, Theme, contrast
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
