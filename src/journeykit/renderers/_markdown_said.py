"""The section on feedback: what customers said, each scale for itself, in all and about each touchpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from journeykit.measures import Said
from journeykit.renderers._markdown_text import escaped, percent, table
from journeykit.results import Interval
from journeykit.results.small_groups import is_small

__all__ = ["said_section"]

_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
# Fewer answers than this say more about who answered than about the touchpoint.
_FEW = 30
_MARK = "\\*"


def said_section(said: Sequence[Said], titles: Mapping[str, str], floor: int) -> str:
    """The whole section; empty where nothing was said. ``titles`` names the touchpoints by id.

    Figures of fewer than ``floor`` customers (answers, where nobody is named) are withheld.
    """
    whole = [found for found in said if found.touchpoint is None]
    if not whole:
        return ""
    tied, answers = sum(found.tied for found in whole), sum(found.answers for found in whole)
    about = (
        f"{tied:,} of {answers:,} answers are about a touchpoint of the map."
        if tied
        else (
            f"None of the {answers:,} answers is about a touchpoint of the map, so no score uses them. A column `about` with the "
            "touchpoint's id, an event that only it claims, or a channel of its own alone would tie them."
        )
    )
    parts = ["## What customers said", about, _whole(whole, floor)]
    single = [found for found in said if found.touchpoint is not None and found.mean is not None]
    if single:
        parts.append(_single(single, titles, floor))
    parts.append(_legend(said, few=any(found.answers < _FEW for found in single)))
    if any(_small(found, floor) for found in (*whole, *single)):
        parts.append(
            f"Figures of fewer than {floor} customers are withheld, and one more where it would give them away."
        )
    return "\n\n".join(parts)


def _small(said: Said, floor: int) -> bool:
    return is_small(said.customers or said.answers, floor)


def _hidden(said: Sequence[Said], floor: int) -> list[bool]:
    """Whether each is withheld: the small ones, and the next smallest of a kind and scale where just one is missing."""
    hidden = [_small(found, floor) for found in said]
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, found in enumerate(said):
        groups.setdefault((found.kind, found.scale_low, found.scale_high), []).append(place)
    for group in groups.values():
        left = sorted((place for place in group if not hidden[place]), key=lambda place: said[place].answers)
        if left and sum(hidden[place] for place in group) == 1:
            hidden[left[0]] = True
    return hidden


def _whole(said: Sequence[Said], floor: int) -> str:
    head = ["Kind", "Scale", "Answers", "Customers", "Figure", "Negative", "About a touchpoint"]
    rows = [
        [_kind(s), _scale(s), f"&lt; {floor}", "", "withheld", "", ""]
        if _small(s, floor)
        else [_kind(s), _scale(s), f"{s.answers:,}", f"{s.customers:,}", _figure(s), _negative(s), f"{s.tied:,}"]
        for s in said
    ]
    return table(head, rows, right=(2, 3, 4, 5, 6))


def _single(said: Sequence[Said], titles: Mapping[str, str], floor: int) -> str:
    head = ["Touchpoint", "Kind", "Scale", "Answers", "Customers", "Figure", "Negative"]
    rows = []
    for s, hidden in zip(said, _hidden(said, floor), strict=True):
        name = titles.get(s.touchpoint or "", s.touchpoint)
        if hidden:
            few = f"&lt; {floor}" if _small(s, floor) else "withheld"
            rows.append([escaped(name), _kind(s), _scale(s), few, "", "withheld", ""])
            continue
        answers = f"{s.answers:,}{_MARK if s.answers < _FEW else ''}"
        rows.append([escaped(name), _kind(s), _scale(s), answers, f"{s.customers:,}", _figure(s), _negative(s)])
    return table(head, rows, right=(3, 4, 5, 6))


def _legend(said: Sequence[Said], *, few: bool) -> str:
    kinds = {found.kind for found in said}
    parts = ["All answers are counted, whenever and by whomever they were given."]
    if any(found.negative is not None for found in said):
        parts.append(
            "Negative: the share in the lower 40 % of the scale (1 and 2 of 1 to 5), with Wilson's 95 % interval, which takes "
            "the answers as independent and is too narrow where customers answer several times."
        )
    if "ces" in kinds:
        parts.append('CES is read as in "it was easy": high is good.')
    if "nps" in kinds:
        parts.append(
            "NPS: 100 (share of 9 and 10 minus share of 0 to 6), from −100 to 100; it speaks of no single touchpoint."
        )
    if few:
        parts.append(f"{_MARK} fewer than {_FEW} answers: too few to compare.")
    parts.append("Those who answer differ from those who do not; nothing here corrects for it.")
    return " ".join(parts)


def _kind(said: Said) -> str:
    return _NAMES.get(said.kind) or escaped(said.kind)


def _scale(said: Said) -> str:
    return "" if said.scale_low is None or said.scale_high is None else f"{said.scale_low:g} to {said.scale_high:g}"


def _figure(said: Said) -> str:
    if said.nps is not None:
        return f"NPS {said.nps:+.0f}".replace("-", "−").replace("+0", "0")
    return "" if said.mean is None else f"mean {said.mean:.2f}".replace("-", "−")


def _negative(said: Said) -> str:
    return "" if said.negative is None else f"{percent(said.negative)}{_span(said.interval)}"


def _span(interval: Interval | None) -> str:
    return f" ({100 * interval.low:.1f} to {100 * interval.high:.1f})" if interval else ""
