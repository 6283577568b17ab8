"""Names the font of every letter in an SVG, as a browser would choose it: converters fall back to any font, serif or not.

For each line the font stack is walked: a run of letters gets the first installed family that has them, after the stack the
plainest sans-serif of the machine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from attrs import field, frozen

from journeykit.converters._faces import Face, covered, faces_in, folders
from journeykit.errors import ArgumentError, RenderingError

__all__ = ["Dressed", "dressed"]

_SVG = "http://www.w3.org/2000/svg"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_WEIGHTS = (400, 600, 700)
# What belongs to the letter before it, or shows nothing at all.
_CLINGING = frozenset(("Cc", "Cf", "Mn", "Me", "Mc", "Zs", "Zl", "Zp"))
# What makes one picture of several: the joiner, flags, skin colours.
_JOINING = frozenset(map(chr, (0x200D, 0x20E3, *range(0x1F1E6, 0x1F200), *range(0x1F3FB, 0x1F400))))

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")


@frozen(kw_only=True)
class Dressed:
    """An SVG whose texts name their fonts, and those fonts' files; ``missing`` are letters that no font here has."""

    svg: str
    width: float
    height: float
    language: str
    description: str
    files: tuple[str, ...]
    missing: str = field(default="")


def dressed(body: bytes, fonts: Sequence[str | Path] | None = None) -> Dressed:
    """The SVG with its fonts; ``fonts`` are files and folders to take them from instead of the machine's own."""
    try:
        root = ET.fromstring(body)  # noqa: S314  # made by a renderer of this process; expat bounds entities
    except ET.ParseError as err:
        raise RenderingError(f"the picture is no well-formed SVG, so it cannot be converted: {err}") from err
    wardrobe = _Wardrobe(_places(fonts))
    wardrobe.dress(root, ())
    width, height = _size(root)
    described = root.find(f"{{{_SVG}}}desc")
    return Dressed(
        svg=ET.tostring(root, encoding="unicode"),
        width=width,
        height=height,
        language=root.get(_LANGUAGE) or root.get("lang") or "en",
        description=(described.text or "") if described is not None else "",
        files=wardrobe.files(),
        missing="".join(sorted(wardrobe.missing)),
    )


def _places(fonts: Sequence[str | Path] | None) -> tuple[Path, ...]:
    if fonts is None:
        return folders()
    if isinstance(fonts, str | Path):
        raise ArgumentError(f"fonts={fonts!r}: give a list of font files and folders, such as [{str(fonts)!r}]")
    places = tuple(Path(font).absolute() for font in fonts)
    if gone := [str(place) for place in places if not place.exists()]:
        raise ArgumentError(f"there is no font file or folder {', '.join(gone)}")
    return places


def _size(root: ET.Element) -> tuple[float, float]:
    """Width and height in pixels (``pt`` counts 4/3), from the attributes or the view box."""
    box = (root.get("viewBox") or "").replace(",", " ").split()
    sizes = []
    for name, place in (("width", 2), ("height", 3)):
        text = root.get(name) or (box[place] if len(box) == 4 else "")
        unit = 4 / 3 if text.endswith("pt") else 1.0
        try:
            sizes.append(float(text.removesuffix("px").removesuffix("pt")) * unit)
        except ValueError as err:
            raise RenderingError(f"the picture's {name} is {text!r}, no number of pixels") from err
    if not all(0 < size < float("inf") for size in sizes):
        raise RenderingError(
            f"the picture is {sizes[0]:g} by {sizes[1]:g} pixels large, so there is nothing to convert"
        )
    return sizes[0], sizes[1]


class _Wardrobe:
    """The families that one picture needs, in the order in which it asks for them."""

    def __init__(self, places: tuple[Path, ...]) -> None:
        self.places = places
        self.families = _by_family(places)
        self.used: dict[str, None] = {}
        self.missing: set[str] = set()
        self.slanted = False
        self._known: dict[tuple[str, tuple[str, ...]], str | None] = {}

    def dress(self, element: ET.Element, stack: tuple[str, ...]) -> None:
        """Name the fonts of everything below the element."""
        if given := element.get("font-family"):
            stack = tuple(name.strip().strip("'\"") for name in given.split(","))
        self.slanted = self.slanted or element.get("font-style") in ("italic", "oblique")
        for child in list(element):
            self.dress(child, stack)
        if element.tag in (f"{{{_SVG}}}text", f"{{{_SVG}}}tspan"):
            self.split(element, stack)

    def split(self, element: ET.Element, stack: tuple[str, ...]) -> None:
        """Put every run of letters that are not of one family into a span of its own."""
        pieces: list[tuple[int, list[ET.Element]]] = []
        for place, text in enumerate([element.text, *(child.tail for child in element)]):
            found = list(self.runs(text, stack)) if text else []
            if place == 0 and not len(element) and len({family for family, _ in found}) == 1:
                if family := found[0][0]:
                    element.set("font-family", f"'{family}'")
                return
            if not any(family for family, _ in found):
                continue
            joining = [family for family, letters in found if _joins(letters)]
            if joining and place == 0 and not _joins(found[0][1]):
                # Whatever makes fewer glyphs than letters must not be swapped in: its font opens the line, showing nothing.
                found.insert(0, (joining[0], "\N{WORD JOINER}"))
            spans = []
            for family, letters in found:
                span = ET.Element(f"{{{_SVG}}}tspan", {"font-family": f"'{family}'"} if family else {})
                span.text = letters
                spans.append(span)
            pieces.append((place, spans))
        for place, spans in reversed(pieces):
            if place:
                element[place - 1].tail = None
            else:
                element.text = None
            element[place:place] = spans

    def runs(self, text: str, stack: tuple[str, ...]) -> Iterator[tuple[str | None, str]]:
        """The text cut where the family changes."""
        current: str | None = None
        letters = ""
        # resvg shapes a line in the font of its first span and then swaps the glyphs of the others, one for one. Arabic letters
        # join into fewer glyphs, so theirs must come first: in the isolate that opens such a line, which shows nothing itself.
        if text.startswith("\N{RIGHT-TO-LEFT ISOLATE}"):
            first = next((letter for letter in text if unicodedata.bidirectional(letter) in ("R", "AL")), None)
            if first is not None:
                yield self.family(first, stack), text[0]
                text = text[1:]
        for letter in text:
            clings = unicodedata.category(letter) in _CLINGING
            if clings and letter == " " and "Emoji" in (current or ""):
                clings = False  # the space of a font of pictures is as wide as a picture
            family = current if clings else self.family(letter, stack)
            if letters and family != current and current is not None:
                yield current, letters
                letters = ""
            current = family or current
            letters += letter
        if letters:
            yield current, letters

    def family(self, letter: str, stack: tuple[str, ...]) -> str | None:
        """The first family that has the letter."""
        if (letter, stack) not in self._known:
            self._known[letter, stack] = self._find(letter, stack)
        return self._known[letter, stack]

    def _find(self, letter: str, stack: tuple[str, ...]) -> str | None:
        own = (name for name in stack if name in self.families)
        others = (name for name in _plainest_first(self.places) if name not in stack)
        for name in (*own, *others):
            if covered(_regular(self.families[name]), letter):
                self.used[name] = None
                return name
        self.missing.add(letter)
        return None

    def files(self) -> tuple[str, ...]:
        """The font files of the families in use: the weights that pictures have, slanted ones only where they slant."""
        found: dict[str, None] = {}
        for name in self.used:
            for slant in (False, True) if self.slanted else (False,):
                faces = [face for face in self.families[name] if face.upright is not slant]
                for weight in _WEIGHTS:
                    if faces:
                        found[min(faces, key=lambda face: (abs(face.weight - weight), face.path)).path] = None
        return tuple(found)


def _joins(letters: str) -> bool:
    """Whether several of these letters may become one glyph in nearly any font."""
    return any(
        letter in _JOINING
        or unicodedata.bidirectional(letter) == "AL"
        or unicodedata.category(letter) in ("Mn", "Mc", "Me")
        for letter in letters
    )


@lru_cache(maxsize=8)
def _by_family(places: tuple[Path, ...]) -> dict[str, tuple[Face, ...]]:
    families: dict[str, list[Face]] = {}
    for face in faces_in(places):
        families.setdefault(face.family, []).append(face)
    return {name: tuple([f for f in faces if not f.narrow] or faces) for name, faces in families.items()}


def _regular(faces: Sequence[Face]) -> Face:
    return min(faces, key=lambda face: (not face.upright, abs(face.weight - 400), face.path))


@lru_cache(maxsize=8)
def _plainest_first(places: tuple[Path, ...]) -> tuple[str, ...]:
    """Every family, those that look like the rest of a picture first: sans-serif before serif before mono and display."""

    def rank(name: str) -> tuple[bool, bool, bool, str]:
        words = name.split()
        odd = bool({"Mono", "Display", "Condensed", "Narrow", "Looped", "Math", "Unjoined"} & set(words))
        return odd, "Sans" not in words, "Serif" in words, name

    return tuple(sorted(_by_family(places), key=rank))
