"""Colours and fonts as data. A theme has a light and a dark palette; every text pair in it is checked for contrast."""

from __future__ import annotations

import re

import attrs
from attrs import field, frozen

from journeykit.errors import ArgumentError

__all__ = ["GRAPHIC_PAIRS", "TEXT_PAIRS", "Palette", "Theme", "contrast"]

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_FONT = re.compile(r"[A-Za-z0-9 -]+")


def _colour(_: object, attribute: attrs.Attribute[str], value: object) -> None:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ArgumentError(f"{attribute.name}: {value!r} is not a colour such as #0B5CAD")


@frozen(kw_only=True)
class Palette:
    """One colour for every role, as ``#RRGGBB``. Roles in ``..bg`` carry text, ``..fill`` are areas of the curve;
    ``curve`` and ``voice2`` to ``voice4`` are the lines of up to four personas.
    """

    bg: str = field(validator=_colour)
    band: str = field(validator=_colour)
    card: str = field(validator=_colour)
    line: str = field(validator=_colour)
    edge: str = field(validator=_colour)
    ink: str = field(validator=_colour)
    muted: str = field(validator=_colour)
    subtle: str = field(validator=_colour)
    pos: str = field(validator=_colour)
    posbg: str = field(validator=_colour)
    posfill: str = field(validator=_colour)
    neg: str = field(validator=_colour)
    negbg: str = field(validator=_colour)
    negfill: str = field(validator=_colour)
    moment: str = field(validator=_colour)
    momentbg: str = field(validator=_colour)
    momentedge: str = field(validator=_colour)
    chip: str = field(validator=_colour)
    bar: str = field(validator=_colour)
    curve: str = field(validator=_colour)
    voice2: str = field(validator=_colour)
    voice3: str = field(validator=_colour)
    voice4: str = field(validator=_colour)
    accent: str = field(validator=_colour)
    onaccent: str = field(validator=_colour)
    stage1: str = field(validator=_colour)
    stage2: str = field(validator=_colour)
    stage3: str = field(validator=_colour)
    stage4: str = field(validator=_colour)
    stage5: str = field(validator=_colour)
    onstage: str = field(validator=_colour)
    onstage2: str = field(validator=_colour)


TEXT_PAIRS = (
    *((ink, ground) for ink in ("ink", "muted", "subtle") for ground in ("bg", "band", "card", "chip")),
    *((ink, ground) for ink in ("pos", "neg") for ground in ("bg", "band", "card")),
    ("ink", "posbg"),
    ("muted", "posbg"),
    ("pos", "posbg"),
    ("neg", "negbg"),
    ("moment", "momentbg"),
    ("moment", "card"),
    *((ink, ground) for ink in ("curve", "voice2", "voice3", "voice4") for ground in ("bg", "band")),
    *(("onaccent", avatar) for avatar in ("accent", "curve", "voice2", "voice3", "voice4")),
    *((ink, f"stage{n}") for ink in ("onstage", "onstage2") for n in range(1, 6)),
)
"""Every (text, ground) a picture may use; each holds at least 4.5:1 (WCAG 2.2, 1.4.3)."""

GRAPHIC_PAIRS = (
    ("pos", "posbg"),
    ("neg", "negbg"),
    ("neg", "band"),
    ("moment", "bg"),
    ("moment", "band"),
    ("curve", "bg"),
    ("curve", "posfill"),
    ("curve", "negfill"),
    ("accent", "bg"),
    ("bar", "bg"),
    ("bar", "band"),
)
"""Every (shape, ground) that carries meaning; each holds at least 3:1 (WCAG 2.2, 1.4.11)."""

_LIGHT = Palette(
    bg="#FFFFFF", band="#F5F7FA", card="#FFFFFF", line="#DDE4ED", edge="#B8C4D4", ink="#0F172A", muted="#475569",
    subtle="#55647A", pos="#0B5CAD", posbg="#E7F0FB", posfill="#CFE3F8", neg="#B4410A", negbg="#FDEBDF",
    negfill="#FBD9C4", moment="#8A5A00", momentbg="#FFF4D6", momentedge="#E0B040", chip="#EEF2F7", bar="#486AA8",
    curve="#1B2A4E", voice2="#7A2E8E", voice3="#0F6E66", voice4="#A3195B", accent="#4338CA",
    onaccent="#FFFFFF", stage1="#1B2A4E", stage2="#263A66", stage3="#314A7D",
    stage4="#3C5A93", stage5="#436399", onstage="#FFFFFF", onstage2="#E8EEF9",
)  # fmt: skip
_DARK = Palette(
    bg="#0B1220", band="#111B2E", card="#18243A", line="#25334D", edge="#4A5C7A", ink="#F1F5F9", muted="#B6C2D2",
    subtle="#9FB0C5", pos="#7DB8F5", posbg="#12304F", posfill="#143A62", neg="#FFA270", negbg="#47230F",
    negfill="#552A12", moment="#F6C860", momentbg="#3A2C08", momentedge="#8A6A1C", chip="#22314C", bar="#5B7FBF",
    curve="#DCE6F7", voice2="#D9A6F0", voice3="#6FD3C7", voice4="#FF9AC6", accent="#B4B8FF",
    onaccent="#0B1220", stage1="#1B2A4E", stage2="#263A66", stage3="#314A7D",
    stage4="#3C5A93", stage5="#436399", onstage="#FFFFFF", onstage2="#E8EEF9",
)  # fmt: skip

_FONTS = (
    "Inter", "Segoe UI", "Roboto", "Helvetica Neue", "Noto Sans", "Liberation Sans", "Arial", "Noto Sans Arabic",
    "Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP", "Noto Color Emoji", "sans-serif",
)  # fmt: skip
_JAPANESE = ("Hiragino Sans", "Yu Gothic", "Noto Sans CJK JP")
_HAN = {
    "zh": ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"),
    "zh-hant": ("PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC"),
    "ko": ("Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans CJK KR"),
}


@frozen(kw_only=True)
class Theme:
    """Colours for light and dark, and the font stack. `ArgumentError` names every pair whose contrast is too low."""

    light: Palette = _LIGHT
    dark: Palette = _DARK
    fonts: tuple[str, ...] = _FONTS

    def __attrs_post_init__(self) -> None:
        # Fonts reach an attribute that is parsed as CSS; only plain family names pass.
        if not self.fonts or not all(_FONT.fullmatch(str(font)) for font in self.fonts):
            raise ArgumentError(f"fonts must be plain family names, not {self.fonts!r}")
        faults = [
            f"{mode}: {a} on {b} has {ratio:.2f}:1, needs {least}:1"
            for mode, palette in (("light", self.light), ("dark", self.dark))
            for pairs, least in ((TEXT_PAIRS, 4.5), (GRAPHIC_PAIRS, 3.0))
            for a, b in pairs
            if (ratio := contrast(getattr(palette, a), getattr(palette, b))) < least
        ]
        if faults:
            raise ArgumentError("the theme cannot be read by everyone: " + "; ".join(faults))

    def font_family(self, language: str = "en") -> str:
        """The stack as the value of ``font-family``; Chinese and Korean go before the Japanese forms of the same signs."""
        parts = language.lower().split("-")
        han = "zh-hant" if parts[0] == "zh" and {"tw", "hk", "mo", "hant"} & set(parts) else parts[0]
        own = _HAN.get(han, ())
        place = next((i for i, font in enumerate(self.fonts) if font in _JAPANESE), len(self.fonts) - 1)
        stack = (*self.fonts[:place], *own, *self.fonts[place:])
        return ", ".join(f"'{font}'" if " " in font else font for font in stack)

    def style_sheet(self) -> str:
        """The CSS that puts the dark palette in place of the light one; only rules whose colour differs."""
        rules = []
        for role in (a.name for a in attrs.fields(Palette)):
            dark = getattr(self.dark, role)
            if dark != getattr(self.light, role):
                rules.append(f".f-{role}{{fill:{dark}}}.s-{role}{{stroke:{dark}}}")
        return f"@media (prefers-color-scheme: dark){{{''.join(rules)}}}"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    parts = [c / 255 for c in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)
