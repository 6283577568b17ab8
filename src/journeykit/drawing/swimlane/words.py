"""The words of the picture itself, and how it writes numbers. What the journey says stands in the journey's own language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

__all__ = [
    "LEVELS",
    "SEVERITIES",
    "VALENCES",
    "count",
    "day",
    "decimals_for",
    "doubt",
    "figure",
    "percent",
    "quoted",
    "reason",
    "signed",
    "title_case",
]

VALENCES = ("Delighted", "Happy", "Neutral", "Unhappy", "Frustrated")
"""The five gridlines of the emotion lane, from +2 down to -2."""
SEVERITIES = {1: "Low", 2: "Medium", 3: "High"}
LEVELS = {"low": "Low", "medium": "Medium", "high": "High"}

_REASONS = {
    "all-open": "all journeys are still open",
    "few-conversions": "few conversions",
    "few-journeys": "few journeys",
    "few-observations-of-delay": "few observations of delay",
    "is-outcome": "it is the outcome itself",
    "no-conversions": "no journey converted",
    "no-effort-feedback": "no rating of effort",
    "no-feedback": "no rating is about it",
    "no-match-rule": "no rule ties events to it",
    "no-next-event": "no event follows it",
    "no-non-conversions": "every journey converted",
    "no-outcome": "the map names no outcome",
    "no-touches": "no touchpoint comes before it",
    "not-reached": "no closed journey reached it",
    "too-many-states": "too many states for the data",
}
_QUOTES = {
    "ar": "«»", "de": "„“", "el": "«»", "es": "«»", "fa": "«»", "fr": "«»", "it": "«»", "ja": "「」", "pl": "„”",
    "pt": "“”", "ru": "«»", "uk": "«»", "zh-tw": "「」", "zh-hk": "「」",
}  # fmt: skip
_OPENING = "\"'“„«‹「『‘‚"


def count(value: int) -> str:
    """A whole number in groups of three."""
    return f"{value:,}"


def figure(value: float, decimals: int | None = None) -> str:
    """A measured value with a real minus sign and never a negative nought.

    Without ``decimals`` it has about three significant digits.
    """
    if decimals is not None:
        text = f"{value:,.{decimals}f}"
    else:
        text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 1 else f"{value:.2f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def decimals_for(values: Iterable[float]) -> int:
    """How many decimals all these figures get, so that they compare and the smallest keeps a digit: 0 to 3."""
    sizes = [abs(value) for value in values if value]
    top = max(sizes, default=0.0)
    decimals = 0 if top >= 100 else 1 if top >= 10 else 2
    if sizes and min(sizes) < 10.0**-decimals:
        decimals += 1
    return decimals


def signed(value: float) -> str:
    """A valence with its sign, one decimal."""
    rounded = round(value, 1) + 0.0
    return "0.0" if rounded == 0 else f"{rounded:+.1f}".replace("-", "−")


def percent(share: float, decimals: int = 0) -> str:
    """A share as per cent; something is never shown as 0 %, nor less than everything as 100 %."""
    text = f"{100 * share:.{decimals}f}"
    least = 10.0**-decimals
    if share > 0 and float(text) == 0:
        text = f"<{least:g}"
    elif share < 1 and float(text) >= 100:
        text = f">{100 - least:g}"
    elif float(text) in (0.0, 100.0):
        text = text.split(".", maxsplit=1)[0]
    return f"{text}\N{NO-BREAK SPACE}%"


def day(moment: datetime | date) -> str:
    """The day, as every language reads it: 2019-10-31."""
    return moment.strftime("%Y-%m-%d") if isinstance(moment, datetime) else moment.isoformat()


def quoted(text: str, language: str) -> str:
    """The text in the quotation marks of its language, unless it brings its own."""
    if text.lstrip()[:1] in _OPENING:
        return text
    marks = _QUOTES.get(language.lower()) or _QUOTES.get(language.lower().split("-", maxsplit=1)[0]) or "“”"
    inner = "\N{NARROW NO-BREAK SPACE}" if language.lower().startswith("fr") else ""
    return f"{marks[0]}{inner}{text.strip()}{inner}{marks[1]}"


def reason(text: str | None) -> str:
    """A score's reason as words; a code this picture does not know loses its hyphens, a sentence stays as it is."""
    words = text or ""
    if words in _REASONS:
        return _REASONS[words]
    return words.replace("-", " ") if words and " " not in words else words


def doubt(status: str, why: str | None) -> str:
    """A score's status as a reader understands it, with its reason: ``Uncertain: few conversions``."""
    name = {"low-n": "Uncertain", "not-estimable": "Not estimable", "suppressed": "Withheld"}
    said = name.get(status, title_case(status))
    return f"{said}: {reason(why)}" if why else said


def title_case(name: str) -> str:
    """A plugin's name as a label: ``friction`` is ``Friction``."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]
