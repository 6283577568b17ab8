"""What strangers call their events, made fit for a map: match rules, titles and ids."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from journeykit.model import Condition, Match

__all__ = ["alike", "claiming", "named", "others", "readable", "slug", "titles", "unique"]

_TITLE = 80
# A name longer than this is told by its beginning: no map should hold a page of text as a name.
_LONGEST, _BEGINNING = 1_000, 200
# What the model lets no text hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f]")
# A site's name ends at least so many titles, and a fifth of all.
_ENDS = 3
_PARTED = re.compile(r" [|\u2013\u2014\u00b7-] ")
_PARTING = " |-\u2013\u2014\u00b7"
# What parts the words of an identifier.
_SEPARATORS = re.compile(r"[\s_-]+")
# Where a word begins inside of another.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# A word in capitals of at most so many letters may be the name of an article or an office.
_SHORT = 4
_BRANDS = {
    "AirPods", "FaceTime", "GitHub", "GitLab", "JavaScript", "LinkedIn", "MasterCard", "OneDrive", "PayPal", "PlayStation",
    "PowerPoint", "TikTok", "WeChat", "WhatsApp", "WordPress", "YouTube",
}  # fmt: skip
_ACRONYMS = {
    "API", "ATM", "B2B", "CES", "CRM", "CSAT", "CTA", "EU", "FAQ", "GPS", "ID", "IVR", "KPI", "KYC", "NPS", "OTP", "PDF", "PIN",
    "QR", "SMS", "SSO", "TV", "UI", "UK", "URL", "US", "USA", "USB", "VAT", "VIP",
}  # fmt: skip
_ASCII_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def claiming(wanted: Iterable[str], names: Sequence[str]) -> dict[str, Condition]:
    """For each wanted name the test that, of all the log's names, it alone passes; without those for which there is none.

    Mostly the name itself. A name with characters that no map may hold, or one of more than 1,000 characters, becomes a
    glob (``?`` for such a character, ``*`` for the rest of a long name), where no other name of the log fits that.
    """
    found: dict[str, Condition] = {}
    for name in wanted:
        if len(name) <= _LONGEST and not _FORBIDDEN.search(name):
            found[name] = Condition("eq", name)
            continue
        pattern = _FORBIDDEN.sub("?", name[:_BEGINNING] + "*" if len(name) > _LONGEST else name)
        signs = {"*": ".*", "?": "."}
        fits = re.compile("".join(signs.get(sign) or re.escape(sign) for sign in pattern), re.DOTALL).fullmatch
        if all(other == name or not fits(other) for other in names):
            found[name] = Condition("glob", pattern)
    return found


def others(tests: Sequence[Condition]) -> Match:
    """The rule for every event that passes none of these tests."""
    plain = [test.value for test in tests if test.op == "eq"]
    globs = [test for test in tests if test.op == "glob"]
    listed = [Condition("in", tuple(plain))] if plain else []
    match [*listed, *globs]:
        case []:
            return Match(event=Condition("null", False))
        case [one]:
            return Match(event=Condition("not", one))
        case several:
            return Match(event=Condition("not", Condition("any", tuple(several))))


def named(rule: Match) -> set[str]:
    """The event names that a rule spells out."""
    found = set().union(*(named(inner) for inner in rule.any))
    if rule.event is not None and rule.event.op in ("eq", "in"):
        values = rule.event.value if rule.event.op == "in" else (rule.event.value,)
        found |= {value for value in values if isinstance(value, str)}
    return found


def alike(names: Sequence[str], kept: Collection[str]) -> list[tuple[str, ...]]:
    """The sets of names that differ only in capitals, width or how words are parted, where at least one of the set is kept.

    Nothing says that they mean one thing (``IT`` and ``it`` do not), so they stay apart; a person must know.
    """
    sets: dict[str, list[str]] = {}
    for name in names:
        # What a map would show otherwise than it is cannot be copied into a rule.
        if readable(name) == name:
            plain = unicodedata.normalize("NFKC", name).casefold()
            sets.setdefault(" ".join(_SEPARATORS.split(plain)).strip(), []).append(name)
    return [tuple(found) for found in sets.values() if len(found) > 1 and any(name in kept for name in found)]


def readable(name: str) -> str:
    r"""The name as people can read it: one line, at most 80 characters, invisible and controlling signs as ``\x1b``."""
    text = " ".join("".join(map(_visible, name)).split()) or "(blank)"
    return text if len(text) <= _TITLE else f"{text[: _TITLE - 1]}…"


def _visible(sign: str) -> str:
    if sign.isspace() and sign not in "\x1c\x1d\x1e\x1f":
        return " "
    # Controls, invisible formats (a bidi override turns a title round), private signs; the two joiners stay,
    # because Persian, Hindi and emoji need them.
    if sign not in "\u200c\u200d" and unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co"):
        return sign.encode("unicode_escape").decode("ascii")
    return sign


def titles(names: Sequence[str]) -> list[str]:
    """A title for each name: ``add_to_cart`` becomes ``Add to cart``, ``T-shirts | Our shop`` among other pages ``T-shirts``.

    Where that would make two names look the same, both stay as they are.
    """
    shown = [readable(name) for name in names]
    places = _places(shown)
    pretty = [_pretty(_without(text, places)) for text in shown]
    chosen = [title if pretty.count(title) == 1 else text for title, text in zip(pretty, shown, strict=True)]
    seen: dict[str, int] = {}
    result = []
    for title in chosen:
        seen[title] = seen.get(title, 0) + 1
        result.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return result


def _places(shown: Sequence[str]) -> set[str]:
    """What so many page titles end in that it can only be the name of the site."""
    ends = Counter(parts[-1] for text in shown if len(parts := _PARTED.split(text)) > 1)
    return {end for end, count in ends.items() if count >= max(_ENDS, len(shown) / 5)}


def _without(text: str, places: set[str]) -> str:
    *before, last = _PARTED.split(text)
    return text[: text.rindex(last)].rstrip(_PARTING) if before and last in places else text


def _pretty(text: str) -> str:
    # The parts of an event that several columns make.
    first, *rest = map(_worded, text.split(" / "))
    begin = first.split(" ")[0]
    # iPhone and eBay stay what they are.
    first = first[:1].upper() + first[1:] if begin.islower() else first
    return " / ".join([first, *rest])


def _worded(text: str) -> str:
    """The words of an identifier, in small letters where it shouts; what people wrote stays as it is."""
    if "/" in text:
        return text
    words = text.split(" ") if " " in text else _identified(text)
    if text.isupper() and any(len(word) > (_SHORT if len(words) == 1 else _SHORT - 1) for word in words):
        words = [word if word in _ACRONYMS else word.lower() for word in words]
    return " ".join(words)


def _identified(text: str) -> list[str]:
    """The words of an identifier: ``onboarding__chooseLoginType``, ``AddToCart``, ``$pageview``, ``add-to-cart``."""
    if text.count("-") > 1 and text.isascii() and text.islower():
        text = text.replace("-", "_")
    words: list[str] = []
    for part in filter(None, text.removeprefix("$").split("_")):
        first, *rest = [part] if part in _BRANDS else _HUMP.split(part)
        # The single letter of iPhone and eBay is no word.
        first, *rest = (part,) if len(first) == 1 else (first, *rest)
        words += [first, *(word if word.isupper() and len(word) > 1 else word.lower() for word in rest)]
    return words or [text]


def slug(text: str) -> str:
    """The ASCII letters and digits of the text as an id, ``""`` where there are none; nothing is transliterated."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", text)
    return re.sub(r"[^a-z0-9]+", "-", parted.translate(_ASCII_LOWER)).strip("-")[:60].rstrip("-")


def unique(wanted: str, taken: set[str]) -> str:
    """The id, with a number behind it where it is taken; it is taken from then on."""
    id, number = wanted, 2
    while id in taken:
        id, number = f"{wanted[: 63 - len(str(number))]}-{number}", number + 1
    taken.add(id)
    return id
