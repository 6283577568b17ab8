"""What strangers call their events, made fit for a map: match rules, titles and ids."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from journeykit.model import Condition, Match

__all__ = ["claiming", "named", "others", "readable", "slug", "titles", "unique"]

_TITLE = 80
# A name longer than this is told by its beginning: no map should hold a page of text as a name.
_LONGEST, _BEGINNING = 1_000, 200
# What the model lets no text hold.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f]")
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
    """A title for each name: ``add_to_cart`` becomes ``Add to cart``, unless that would make two names look the same."""
    pretty = [_pretty(readable(name)) for name in names]
    chosen = [title if pretty.count(title) == 1 else readable(name) for title, name in zip(pretty, names, strict=True)]
    seen: dict[str, int] = {}
    result = []
    for title in chosen:
        seen[title] = seen.get(title, 0) + 1
        result.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return result


def _pretty(text: str) -> str:
    words = text if " " in text or "/" in text else " ".join(text.replace("_", " ").split()) or text
    # iPhone and eBay stay what they are.
    return words[:1].upper() + words[1:] if words.split(" ")[0].islower() else words


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
