"""The words a picture prints by itself, and how it writes numbers and days, in the language of the journey.

What the journey says stands as it was written; everything else (lanes, legend, states, reasons, units) comes from the
catalogues in ``wordings/``, one JSON file a language with the same keys and the same ``{placeholders}``. A language without a
catalogue gets English words; whichever region is asked for gets its language: ``de-AT`` reads ``de``.

An entry is a sentence, or a sentence a plural category (``{"one": ..., "other": ...}``, the categories of CLDR) chosen by the
number given as ``n``. In languages written from right to left every number stands in a left-to-right isolate and every other
inserted text in an isolate of its own direction, so that ``−0.9`` keeps its sign on the left and a Latin name moves nothing.
"""

from __future__ import annotations

import json
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import field, frozen

from journeykit.drawing.text import reads_right_to_left
from journeykit.model._frozen import Value

if TYPE_CHECKING:
    from journeykit.results.scores import Coverage

__all__ = ["LANGUAGES", "Wording", "isolated", "wording"]

LANGUAGES = ("ar", "de", "en", "es", "fr", "ja")
"""The languages that have a catalogue."""

Entry = str | Mapping[str, str]
_GAP, _THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
_LEFT, _OWN, _END = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_MINUS = "\N{MINUS SIGN}"


def _one(value: float) -> str:
    return "one" if value == 1 else "other"


def _french(value: float) -> str:
    return "one" if 0 <= value < 2 else "other"


def _arabic(value: float) -> str:
    if value != int(value):
        return "other"
    rest = int(value) % 100
    if value in (0, 1, 2):
        return ("zero", "one", "two")[int(value)]
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


def _always(_: float) -> str:
    return "other"


@frozen(kw_only=True, eq=False, repr=False)
class _Form(Value):
    """How a language writes figures. ``plural`` gives the category of a number, ``day`` is a pattern of strftime."""

    decimal: str = "."
    group: str = ","
    least_grouped: int = 1_000
    percent: str = f"{{}}{_GAP}%"
    day: str = "%Y-%m-%d"
    plural: Callable[[float], str] = _one
    isolates: bool = False


# Arabic figures are written 0-9: what the maps themselves hold (and most of their readers' screens) writes them so, and one map
# must not show two kinds of digits.
_FORMS = {
    "ar": _Form(plural=_arabic, day="%d/%m/%Y", isolates=True),
    "de": _Form(decimal=",", group=".", day="%d.%m.%Y"),
    "en": _Form(),
    "es": _Form(decimal=",", group=".", least_grouped=10_000, day="%d/%m/%Y"),
    "fr": _Form(decimal=",", group=_THIN, percent=f"{{}}{_THIN}%", day="%d/%m/%Y", plural=_french),
    "ja": _Form(percent="{}%", day="%Y年%-m月%-d日", plural=_always),
}
_QUOTES = {
    "ar": "«»", "de": "„“", "el": "«»", "es": "«»", "fa": "«»", "fr": "«»", "it": "«»", "ja": "「」", "pl": "„”",
    "pt": "“”", "ru": "«»", "uk": "«»", "zh-tw": "「」", "zh-hk": "「」",
}  # fmt: skip
_OPENING = "\"'“„«‹「『‘‚"


def isolated(text: str) -> str:
    """The text in an isolate of its own direction: what stands beside it keeps its place."""
    return f"{_OWN}{text}{_END}"


@frozen(kw_only=True, eq=False, repr=False)
class Wording(Value):
    """The words and figures of one language. ``language`` is what was asked for, ``written`` whose catalogue it is."""

    language: str
    written: str
    _texts: Mapping[str, Entry] = field(repr=False, eq=False)
    _form: _Form = field(repr=False, eq=False)

    def has(self, key: str) -> bool:
        """Whether the catalogue holds the key."""
        return key in self._texts

    def text(self, key: str, **values: float | str) -> str:
        """The words of ``key`` with its placeholders filled: numbers in the form of the language, texts as they are.

        Where the entry has plural forms, the number ``n`` chooses. Raises `KeyError` for an unknown key or placeholder.
        """
        entry = self._texts[key]
        if not isinstance(entry, str):
            category = self._form.plural(float(values["n"]))
            entry = entry.get(category) or entry["other"]
        return entry.format_map({name: self._inserted(value) for name, value in values.items()}) if values else entry

    def counted(self, key: str, n: float, digits: int) -> str:
        """The words of ``key`` with plural forms for ``n``, which is written with so many decimals."""
        entry = self._texts[key]
        if not isinstance(entry, str):
            # "1 point", but "1.0 points".
            category = "other" if digits and self._form.plural is _one else self._form.plural(n)
            entry = entry.get(category) or entry["other"]
        return entry.format_map({"n": self.number(n, digits)})

    def _inserted(self, value: float | str) -> str:
        if not isinstance(value, str):
            return self.number(value)
        # Already isolated: a figure this class wrote.
        if value[:1] in (_LEFT, _OWN) and value[-1:] == _END and value.count(_END) == 1:
            return value
        return isolated(value) if self._form.isolates or reads_right_to_left(value) else value

    def number(self, value: float, digits: int | None = None) -> str:
        """The number with a real minus and never a negative nought.

        Without ``digits`` a whole number is whole and any other has about three significant digits.
        """
        if digits is None:
            size = abs(value)
            plain = f"{value:.0f}" if isinstance(value, int) or size >= 100 else ""
            plain = plain or (f"{value:.3g}" if size >= 1 else f"{value:.2f}")
        else:
            plain = f"{value:.{digits}f}"
        return self._sealed(self._written(plain))

    def signed(self, value: float, digits: int = 1) -> str:
        """The number with its sign, nought without one: ``+0.6``."""
        plain = f"{round(value, digits) + 0.0:+.{digits}f}"
        return self._sealed(self._written(plain) if float(plain) else self._written(plain[1:]))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share as per cent; something is never shown as 0 %, nor less than everything as 100 %."""
        plain = f"{100 * share:.{digits}f}"
        least, sign = 10.0**-digits, ""
        if share > 0 and float(plain) == 0:
            sign, plain = "<", f"{least:g}"
        elif share < 1 and float(plain) >= 100:
            sign, plain = ">", f"{100 - least:g}"
        elif float(plain) in (0.0, 100.0):
            plain = plain.split(".", maxsplit=1)[0]
        return self._sealed(self._form.percent.format(sign + self._written(plain)))

    def day(self, moment: datetime | date) -> str:
        """The day as the language writes it; in English as every language reads it: 2019-10-31."""
        # strftime knows years before 1000 and months without a leading nought on some systems only.
        parts = {"%Y": f"{moment.year:04d}", "%m": f"{moment.month:02d}", "%d": f"{moment.day:02d}",
                 "%-m": str(moment.month), "%-d": str(moment.day)}  # fmt: skip
        written = self._form.day
        for code, part in parts.items():
            written = written.replace(code, part)
        return self._sealed(written)

    def quoted(self, text: str) -> str:
        """The text in the quotation marks of the language asked for, unless it brings its own."""
        if text.lstrip()[:1] in _OPENING:
            return text
        asked = self.language.lower()
        marks = _QUOTES.get(asked) or _QUOTES.get(asked.split("-", maxsplit=1)[0]) or "“”"
        inner = _THIN if asked.startswith("fr") else ""
        return f"{marks[0]}{inner}{text.strip()}{inner}{marks[1]}"

    def joined(self, parts: Iterable[str]) -> str:
        """The parts with the comma of the language between them."""
        return self.text("comma").join(self._inserted(part) for part in parts)

    def scorer(self, name: str) -> str:
        """A scorer's name as a label; a plugin's own name where no catalogue knows it: ``my-score`` is ``My score``."""
        if f"scorer.{name}" in self._texts:
            return self.text(f"scorer.{name}")
        words = name.replace("_", " ").replace("-", " ")
        return words[:1].upper() + words[1:]

    def reason(self, why: str | None) -> str:
        """A score's reason as words; a code nobody knows loses its hyphens, a sentence stays as it is."""
        words = why or ""
        if self.has(f"reason.{words}"):
            return self.text(f"reason.{words}")
        if words.startswith("fewer-than-") and words.removeprefix("fewer-than-").isdigit():
            return self.text("reason.fewer-than", least=int(words.removeprefix("fewer-than-")))
        if words.startswith("few-observations-of-"):
            what = words.removeprefix("few-observations-of-")
            known = self.text(f"what.{what}") if self.has(f"what.{what}") else what.replace("-", " ")
            return self.text("reason.few-observations-of", what=known)
        part, _, rest = words.partition("-")
        if self.has(f"scorer.{part}") and self.has(f"reason.{rest}"):
            return self.text("score.with-reason", status=self.scorer(part), reason=self.text(f"reason.{rest}"))
        return words.replace("-", " ") if words and " " not in words else words

    def doubt(self, status: str, why: str | None) -> str:
        """A score's status as a reader understands it, with its reason: ``Uncertain: few conversions``."""
        said = self.text(f"score.{status}") if self.has(f"score.{status}") else self.scorer(status)
        return self.text("score.with-reason", status=said, reason=self.reason(why)) if why else said

    def evidence(self, seen: Coverage) -> str:
        """What the figures were counted on; without the rows of the log where their number is withheld."""
        read = {} if seen.events is None else {"events": seen.events}
        journeys = self.text("journeys", n=seen.journeys)
        key = "source" if read else "source.claimed"
        return self.text(key, claimed=seen.claimed, journeys=journeys, open=seen.open, **read)

    def _written(self, plain: str) -> str:
        """A number as Python writes it, in the language's signs."""
        sign, digits = ("-", plain[1:]) if plain[:1] == "-" else ("+", plain[1:]) if plain[:1] == "+" else ("", plain)
        whole, _, fraction = digits.partition(".")
        if sign == "-":
            sign = _MINUS if any(c in "123456789" for c in digits) else ""
        if whole.isdigit() and int(whole) >= self._form.least_grouped:
            whole = f"{int(whole):,}".replace(",", self._form.group)
        return sign + whole + (self._form.decimal + fraction if fraction else "")

    def _sealed(self, figure: str) -> str:
        return f"{_LEFT}{figure}{_END}" if self._form.isolates else figure


@lru_cache(maxsize=64)
def wording(language: str) -> Wording:
    """The wording of a language (a BCP 47 tag such as ``de`` or ``de-AT``); English where there is no catalogue."""
    main = language.lower().replace("_", "-").split("-", maxsplit=1)[0]
    written = main if main in LANGUAGES else "en"
    data = pkgutil.get_data("journeykit.drawing", f"wordings/{written}.json")
    if data is None:
        raise FileNotFoundError(f"the catalogue wordings/{written}.json is missing from the package")
    texts = MappingProxyType(json.loads(data))
    return Wording(language=language, written=written, texts=texts, form=_FORMS[written])
