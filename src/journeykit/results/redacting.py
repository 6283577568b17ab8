"""E-mail addresses, phone numbers and payment cards in text that is quoted: replaced by a word for what they were.

Patterns find what is *written* like such a thing, in the digits of any script; they find no name, no street and no number
that is written like an ordinary one. So redaction makes a quotation less of a risk; it makes no text anonymous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["CARD", "EMAIL", "HINTS", "PHONE", "redacted"]

EMAIL, PHONE, CARD = "[e-mail]", "[phone]", "[card]"
_DIGITS = "0123456789"
# One sign for one sign, so that what is found in the plain text stands at the same place in the original.
_PLAIN = {
    **{ord(zero) + i: digit for zero in "\u0660\u06f0\u0966\uff10" for i, digit in enumerate(_DIGITS)},
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\u30fc\uff0d"), "-"),
    **dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x00AD, 0xFEFF], "\u200b"),
    **{ord(wide): sign for wide, sign in zip("＋（）．／＠", "+()./@", strict=True)},
}
_GAP = r"[ \t\u200b]"
_CALLING = "tel|tél|phone|mobil|handy|cell|call me|fax|whatsapp|móvil|nummer|電話|携帯|هاتف|جوال|موبايل|тел"
_FIRST = "[2-6\u0662-\u0666\u06f2-\u06f6\u0968-\u096c\uff12-\uff16]"
_D, _NOUGHT = "[0-9\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\uff10-\uff19]", "[0\u0660\u06f0\u0966\uff10]"
HINTS = (
    r"@|＠|%40",
    rf"(?:\+|＋|%2[Bb])[^0-9A-Za-z]{{0,3}}{_D}",
    rf"(?:^|[^0-9A-Za-z.,:-]){_NOUGHT}[^0-9A-Za-z]{{0,3}}{_D}",
    rf"(?:^|[^0-9A-Za-z.,]){_FIRST}(?:[^0-9A-Za-z]?{_D}){{11}}",
    rf"{_D}{{3}}[^0-9A-Za-z]{{1,2}}{_D}{{3}}[^0-9A-Za-z]{_D}{{4}}",
    rf"(?i)(?:{_CALLING})",
)
"""Patterns that DuckDB (RE2) and Python read alike: in a text that none of them finds, `redacted` finds nothing either."""

# Scripts without spaces between words must not be taken into an address: "メールはtaro@example.jpです".
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_LOCAL = rf"(?:(?![{_UNSPACED}])[\w.+'~-])"
_LABEL = rf"(?:(?:(?![{_UNSPACED}])[^\W_]|-)+|[{_UNSPACED}]+)"
_EMAIL = re.compile(rf"(?i)(?:{_LOCAL}{{1,64}}|[{_UNSPACED}]{{1,20}})(?:@|%40){_LABEL}(?:\.{_LABEL}){{1,6}}")

_CARD = re.compile(r"(?<![\w.,])\d(?:[ \u200b-]?\d){11,18}(?![\w]|[.,]\d)")
# First digits and lengths as the schemes publish them; others that pass the check digit are far more often something else.
_SCHEMES = re.compile(
    r"4(?:\d{15}|\d{18})|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\d+|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|(?:6011|64[4-9]|65|62)\d{10,17}|(?:50|5[6-8]|6[37])\d{12,17}"
)
_MASTERCARD = re.compile(r"5[1-5]|2[2-7]")

# What looks like a phone number in parts and is none: dates, times, addresses of machines, amounts.
_YEAR = r"(?:19|20)\d\d"
_NOT_PHONES = re.compile(
    rf"\b(?:{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:{_YEAR}|\d\d))(?![\d])"
    r"(?:[T ]+\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:[.,]\d+)?(?:Z|[ ]?[+-]\d\d:?\d\d)?)?"
    r"|\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?(?:[+-]\d\d:?\d\d)?"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\b[1-9]\d{0,2}(?:([.,' ])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?(?![\d])(?!-\d)"
)
_SEP = r"[ \u200b./()-]{0,3}"
_PHONES = re.compile(
    # A plus or two noughts and a country's code: 8 to 15 digits.
    rf"(?<![\w+])(?:\+|%2[Bb]|00(?=[ \u200b./()-]{{0,3}}[1-9]))(?:{_SEP}\d){{8,15}}(?!\d)"
    # A trunk nought, then groups: 030 123456, 0171/1234567, 03-1234-5678, (089) 12 34 56, 01 23 45 67 89.
    rf"|(?<![\w.,:+-])(?:\(0[1-9]\d{{0,4}}\)|0[1-9]\d{{0,4}}(?=[^)]))(?:[ \u200b./-]{{1,3}}\d{{2,8}}){{1,4}}(?![\w]|[.,:]\d)"
    # The same without groups: ten or eleven digits.
    r"|(?<![\w.,:+-])0[1-9]\d{8,9}(?![\w]|[.,:]\d)"
    # North America: (415) 555-2671, 1-415-555-2671.
    r"|(?<![\w.,:+-])(?:1[ .-])?(?:\([2-9]\d\d\)[ ]?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}(?![\w]|[.,:]\d)"
)
# A number that says it is one may be of any form.
_CALLED = re.compile(
    r"(?i)(?:\b(?:tel|tél|phone|telephone|telefon|mobil|mobile|handy|cell|call me (?:at|on)|fax|whatsapp|móvil|rufnummer)\b"
    rf"|電話番号|電話|携帯|هاتف|جوال|الجوال|موبايل|тел)[a-zéà]*{_GAP}*[.:#=]?{_GAP}*(?:no\.?|nr\.?|number)?{_GAP}*"
    r"[.:#=は]?[ \t\u200b]*(?P<number>[+(]?\d(?:[ \u200b./()-]{0,2}\d){4,14})(?!\d)"
)

_MOST = 12
_LAST_GAP = re.compile(r"[ \u200b./()-]+\d+$")
_QUICK = tuple(map(re.compile, HINTS))


def redacted(text: str) -> str:
    """The text with ``[e-mail]``, ``[phone]`` and ``[card]`` in place of what is written like one.

    Cards are numbers of a payment scheme with a right check digit (Luhn 1960). Phone numbers begin with a country's code, with a
    trunk nought, have North America's form, or say that they are one; dates, times, amounts and numbers of other forms stay.
    Digits may be of any script.
    """
    hints = [hint.search(text) is not None for hint in _QUICK]
    if not any(hints):
        return text
    parts, done = [], 0
    for start, stop, word in sorted(_spans(text.translate(_PLAIN), *hints)):
        if start >= done:
            parts += [text[done:start], word]
            done = stop
    return "".join([*parts, text[done:]])


def _spans(
    plain: str, mail: bool, abroad: bool, trunk: bool, card: bool, america: bool, called: bool
) -> Iterator[tuple[int, int, str]]:
    taken: list[tuple[int, int]] = []
    for found in _EMAIL.finditer(plain) if mail else ():
        taken.append(found.span())
        yield *found.span(), EMAIL
    for found in _CARD.finditer(plain) if card else ():
        if _is_card(re.sub(r"\D", "", found[0])) and _free(found.span(), taken):
            taken.append(found.span())
            yield *found.span(), CARD
    for found in _CALLED.finditer(plain) if called else ():
        if _free(found.span("number"), taken):
            taken.append(found.span("number"))
            yield *found.span("number"), PHONE
    if not (abroad or trunk or america):
        return
    others = [found.span() for found in _NOT_PHONES.finditer(plain)]
    for start, stop in _numbers(plain):
        if _free((start, stop), taken) and _dialled(plain[start:stop]) and not _inside((start, stop), others):
            yield start, stop, PHONE


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    """Where a number to call may stand; of several in a row each for itself."""
    at = 0
    while found := _PHONES.search(plain, at):
        start, stop = found.span()
        while sum(map(str.isdecimal, plain[start:stop])) > (
            15 if plain.startswith(("+", "%", "00"), start) else _MOST
        ) and (gap := _LAST_GAP.search(plain, start, stop)):
            stop = gap.start()
        yield start, stop
        at = stop


def _dialled(text: str) -> bool:
    # With a trunk nought, eight digits (0900-1700) are as often a span of hours.
    digits = sum(map(str.isdecimal, text))
    return text[0] in "+%" or text.startswith("00") or 9 <= digits <= _MOST


def _free(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return all(span[1] <= start or stop <= span[0] for start, stop in taken)


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    """Whether a date, a time or an amount makes up the beginning of it, or all of it."""
    return any(start <= span[0] < stop for start, stop in others)


def _is_card(digits: str) -> bool:
    if _SCHEMES.fullmatch(digits) is None or (_MASTERCARD.match(digits) and len(digits) != 16):
        return False
    doubled = [int(d) * 2 for d in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0
