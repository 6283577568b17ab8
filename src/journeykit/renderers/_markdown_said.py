"""The section on feedback: what customers said, each scale for itself, in all and about each touchpoint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from journeykit.measures import Said
from journeykit.renderers._markdown_text import escaped, percent, table
from journeykit.results import Interval
from journeykit.results.small_groups import is_small

__all__ = ["given_away", "said_section"]

_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
# Fewer answers than this say more about who answered than about the touchpoint.
_FEW = 30
_MARK = "\\*"


def said_section(said: Sequence[Said], titles: Mapping[str, str], floor: int) -> str:
    """The whole section; empty where nothing was said. ``titles`` names the touchpoints by id.

    Figures of fewer than ``floor`` customers (answers, where nobody is named) are withheld, and what would give them away.
    """
    whole = [found for found in said if found.touchpoint is None]
    if not whole:
        return ""
    single = [found for found in said if found.touchpoint is not None and found.mean is not None]
    parts = ["## What customers said", _about(whole, single, floor), _whole(whole, single, floor)]
    if single:
        parts.append(_single(single, titles, floor))
    parts.append(_legend(said, few=any(found.answers < _FEW for found in single)))
    if any(_small(found, floor) for found in (*whole, *single)):
        parts.append(f"Figures of fewer than {floor} customers are withheld, and totals that would give them away.")
    return "\n\n".join(parts)


def given_away(said: Sequence[Said], floor: int) -> bool:
    """Whether the number of all answers would leave over how many are about a touchpoint of few."""
    whole = [found for found in said if found.touchpoint is None]
    return any(_left_over(found, [s for s in said if s.touchpoint is not None], floor) for found in whole)


def _small(said: Said, floor: int) -> bool:
    return is_small(said.customers or said.answers, floor)


def _left_over(whole: Said, single: Sequence[Said], floor: int) -> bool:
    """Whether so few answers are about nothing shown that those about touchpoints of few are narrowed down."""
    of = (whole.kind, whole.scale_low, whole.scale_high)
    same = [found for found in single if (found.kind, found.scale_low, found.scale_high) == of]
    hidden = sum(_small(found, floor) for found in same)
    shown = sum(found.answers for found in same if not _small(found, floor))
    return hidden > 0 and whole.answers - shown < (floor - 1) * hidden


def _about(whole: Sequence[Said], single: Sequence[Said], floor: int) -> str:
    tied, answers = sum(found.tied for found in whole), sum(found.answers for found in whole)
    if any(_small(found, floor) for found in single):
        return "How many answers are about a touchpoint of the map is withheld: few are about one of them."
    if tied:
        return f"{tied:,} of {answers:,} answers are about a touchpoint of the map."
    return (
        f"None of the {answers:,} answers is about a touchpoint of the map, so no score uses them. A column `about` with the "
        "touchpoint's id, an event that only it claims, or a channel of its own alone would tie them."
    )


def _whole(said: Sequence[Said], single: Sequence[Said], floor: int) -> str:
    head = ["Kind", "Scale", "Answers", "Customers", "Figure", "Negative", "About a touchpoint"]
    few = any(_small(found, floor) for found in single)
    rows = []
    for s in said:
        if _small(s, floor):
            rows.append([_kind(s), _scale(s), f"&lt; {floor}", "", "withheld", "", ""])
        elif _left_over(s, single, floor):
            rows.append([_kind(s), _scale(s), "withheld", "", "withheld", "", ""])
        else:
            tied = "withheld" if few else f"{s.tied:,}"
            rows.append([_kind(s), _scale(s), f"{s.answers:,}", f"{s.customers:,}", _figure(s), _negative(s), tied])
    return table(head, rows, right=(2, 3, 4, 5, 6))


def _single(said: Sequence[Said], titles: Mapping[str, str], floor: int) -> str:
    head = ["Touchpoint", "Kind", "Scale", "Answers", "Customers", "Figure", "Negative"]
    rows = []
    for s in said:
        name = titles.get(s.touchpoint or "", s.touchpoint)
        if _small(s, floor):
            rows.append([escaped(name), _kind(s), _scale(s), f"&lt; {floor}", "", "withheld", ""])
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
