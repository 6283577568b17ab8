"""Colours, fonts and spacing as data: the theme of a brand.

A theme has a light and a dark palette; every pair of text and ground in them is checked for contrast when the theme is made.

>>> from journeykit.drawing.theme import LIGHT, Theme
>>> ours = Theme.branded("#00695C", fonts=("Inter", "sans-serif"))
>>> ours.light.accent
'#00695C'
>>> pale = Theme(light=LIGHT.recoloured(muted="#9AA5B1"))
Traceback (most recent call last):
    ...
journeykit.errors.ArgumentError: the theme cannot be read by everyone: light: muted on bg has 2.50:1, needs 4.5:1; ...
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args

import attrs
from attrs import field, frozen

from journeykit.errors import ArgumentError, one_of
from journeykit.model._frozen import Value

__all__ = ["DARK", "GRAPHIC_PAIRS", "LIGHT", "TEXT_PAIRS", "Mode", "Palette", "Spacing", "Theme", "contrast"]

Mode = Literal["auto", "light", "dark"]

_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_FONT = re.compile(r"[A-Za-z0-9 -]+")


def _colour(_: object, attribute: attrs.Attribute[str], value: object) -> None:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ArgumentError(f"{attribute.name}: {value!r} is not a colour such as #0B5CAD")


@frozen(kw_only=True, eq=False, repr=False)
class Palette(Value):
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

    def recoloured(self, **roles: str) -> Palette:
        """The palette with other colours for some roles; `ArgumentError` for a role there is not."""
        known = [attribute.name for attribute in attrs.fields(Palette)]
        if unknown := sorted(set(roles) - set(known)):
            raise ArgumentError(
                f"a palette has no role {one_of([repr(role) for role in unknown])}; it has {one_of(known)}"
            )
        return attrs.evolve(self, **roles)


def _kind(wanted: type) -> Callable[[object, attrs.Attribute[Any], object], None]:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, wanted):
            raise ArgumentError(f"{attribute.name} is a {wanted.__name__}, not {type(value).__name__}")

    return check


def _within(low: float, high: float) -> Callable[[object, attrs.Attribute[Any], object], None]:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise ArgumentError(f"{attribute.name}={value!r} is no number of pixels from {low} to {high}")

    return check


@frozen(kw_only=True, eq=False, repr=False)
class Spacing(Value):
    """Distances of the swimlane map in pixels.

    ``column`` is the least width of a column (a long word widens it up to 224), ``lane`` the room between lanes,
    ``radius`` how round the corners of cards are.
    """

    column: float = field(default=160.0, validator=_within(140, 224))
    lane: float = field(default=22.0, validator=_within(14, 60))
    radius: float = field(default=12.0, validator=_within(0, 20))


TEXT_PAIRS = (
    *((ink, ground) for ink in ("ink", "muted", "subtle") for ground in ("bg", "band", "card", "chip")),
    *((ink, ground) for ink in ("pos", "neg") for ground in ("bg", "band", "card")),
    ("ink", "posbg"),
    ("muted", "posbg"),
    ("pos", "posbg"),
    ("accent", "bg"),
    ("ink", "negbg"),
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

LIGHT = Palette(
    bg="#FFFFFF", band="#F5F7FA", card="#FFFFFF", line="#DDE4ED", edge="#B8C4D4", ink="#0F172A", muted="#475569",
    subtle="#55647A", pos="#0B5CAD", posbg="#E7F0FB", posfill="#CFE3F8", neg="#B4410A", negbg="#FDEBDF",
    negfill="#FBD9C4", moment="#8A5A00", momentbg="#FFF4D6", momentedge="#E0B040", chip="#EEF2F7", bar="#486AA8",
    curve="#1B2A4E", voice2="#7A2E8E", voice3="#0F6E66", voice4="#A3195B", accent="#4338CA",
    onaccent="#FFFFFF", stage1="#1B2A4E", stage2="#263A66", stage3="#314A7D",
    stage4="#3C5A93", stage5="#436399", onstage="#FFFFFF", onstage2="#E8EEF9",
)  # fmt: skip
"""The colours on a light ground, as the map comes."""
DARK = Palette(
    bg="#0B1220", band="#111B2E", card="#18243A", line="#25334D", edge="#4A5C7A", ink="#F1F5F9", muted="#B6C2D2",
    subtle="#9FB0C5", pos="#7DB8F5", posbg="#12304F", posfill="#143A62", neg="#FFA270", negbg="#47230F",
    negfill="#552A12", moment="#F6C860", momentbg="#3A2C08", momentedge="#8A6A1C", chip="#22314C", bar="#5B7FBF",
    curve="#DCE6F7", voice2="#D9A6F0", voice3="#6FD3C7", voice4="#FF9AC6", accent="#B4B8FF",
    onaccent="#0B1220", stage1="#1B2A4E", stage2="#263A66", stage3="#314A7D",
    stage4="#3C5A93", stage5="#436399", onstage="#FFFFFF", onstage2="#E8EEF9",
)  # fmt: skip
"""The colours on a dark ground, as the map comes."""

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


def _names(fonts: Sequence[str]) -> tuple[str, ...]:
    if isinstance(fonts, str):
        raise ArgumentError(f"fonts={fonts!r}: give a list of family names, such as [{fonts!r}]")
    return tuple(fonts)


@frozen(kw_only=True, eq=False, repr=False)
class Theme(Value):
    """Colours for light and dark, the font stack, and distances. `ArgumentError` names every pair whose contrast is too low.

    ``mode`` says which palette a picture has: ``auto`` both, the reader's own choice of light or dark deciding, ``light`` or
    ``dark`` that one alone.
    """

    light: Palette = field(default=LIGHT, validator=_kind(Palette))
    dark: Palette = field(default=DARK, validator=_kind(Palette))
    fonts: tuple[str, ...] = field(default=_FONTS, converter=_names)
    spacing: Spacing = field(factory=Spacing, validator=_kind(Spacing))
    mode: Mode = "auto"

    def __attrs_post_init__(self) -> None:
        # Fonts reach an attribute that is parsed as CSS; only plain family names pass.
        if not self.fonts or not all(_FONT.fullmatch(str(font)) for font in self.fonts):
            raise ArgumentError(f"fonts must be plain family names, not {self.fonts!r}")
        if self.mode not in get_args(Mode):
            raise ArgumentError(f"mode={self.mode!r}: give {one_of(get_args(Mode))}")
        faults = [
            f"{mode}: {a} on {b} has {ratio:.2f}:1, needs {least}:1"
            for mode, palette in (("light", self.light), ("dark", self.dark))
            for pairs, least in ((TEXT_PAIRS, 4.5), (GRAPHIC_PAIRS, 3.0))
            for a, b in pairs
            if (ratio := contrast(getattr(palette, a), getattr(palette, b))) < least
        ]
        if faults:
            raise ArgumentError("the theme cannot be read by everyone: " + "; ".join(faults))

    @classmethod
    def branded(cls, colour: str, *, fonts: Sequence[str] | None = None) -> Theme:
        """A theme in one brand colour (``#RRGGBB``): stages, bars and accents are shades of it.

        Each shade is as near to the colour as its contrast allows; moods keep their blue and orange, which every eye tells
        apart. ``fonts`` are family names, the first one that the reader has is used.
        """
        if not _HEX.fullmatch(str(colour)):
            raise ArgumentError(f"colour: {colour!r} is not a colour such as #0B5CAD")
        # White letters on the stages, from far above the least contrast to just above it.
        stages = {f"stage{n}": _shade(colour, "#000000", ("#FFFFFF", "#E8EEF9"), 13.8 - 1.84 * n) for n in range(1, 6)}
        light = {
            "accent": _shade(colour, "#000000", ("#FFFFFF",), 4.5),
            "bar": _shade(colour, "#000000", (LIGHT.bg, LIGHT.band), 3.4),
            "curve": stages["stage1"],
        }
        dark = {
            "accent": _shade(colour, "#FFFFFF", (DARK.bg, DARK.onaccent), 6.0),
            "bar": _shade(colour, "#FFFFFF", (DARK.bg, DARK.band), 3.4),
        }
        return cls(
            light=LIGHT.recoloured(**stages, **light),
            dark=DARK.recoloured(**stages, **dark),
            fonts=_FONTS if fonts is None else tuple(fonts),
        )

    @property
    def base(self) -> Palette:
        """The palette that a picture is drawn in where nothing asks for the other one."""
        return self.dark if self.mode == "dark" else self.light

    def font_family(self, language: str = "en") -> str:
        """The stack as the value of ``font-family``; Chinese and Korean go before the Japanese forms of the same signs."""
        parts = language.lower().split("-")
        han = "zh-hant" if parts[0] == "zh" and {"tw", "hk", "mo", "hant"} & set(parts) else parts[0]
        own = _HAN.get(han, ())
        place = next((i for i, font in enumerate(self.fonts) if font in _JAPANESE), len(self.fonts) - 1)
        stack = (*self.fonts[:place], *own, *self.fonts[place:])
        return ", ".join(f"'{font}'" if " " in font else font for font in stack)

    def style_sheet(self) -> str:
        """The CSS that puts the dark palette in place of the light one: a rule a colour that differs; empty but in ``auto``."""
        if self.mode != "auto":
            return ""
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


def _shade(colour: str, towards: str, against: Sequence[str], least: float) -> str:
    """The colour, mixed with as little of another as gives it this contrast to each of some colours."""
    for part in range(101):
        mixed = _mixed(colour, towards, part / 100)
        if all(contrast(mixed, other) >= least for other in against):
            return mixed
    return towards


def _mixed(colour: str, other: str, part: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02X}" for a, b in pairs)
