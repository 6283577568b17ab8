"""The fixed terms that scores carry in English (units, interval methods, names of components), in the language of a reader.

A term nobody knows, a plugin's or a unit that the map itself gives, is None: who prints it prints it as it was written.
"""

from __future__ import annotations

import re
from typing import Any

from journeykit.drawing.wording import Wording

__all__ = ["goal_of", "interval_method", "length", "part_name", "unit_name"]

_UNITS = {
    "index 0..1": "index",
    "share of conversions": "conversions",
    "converting journeys": "converting",
    "valence -2..+2": "valence",
    "share of entrants": "entrants",
    "as reported": "reported",
    "log2 of impact x friction / effort": "priority",
    "log2 of reach x impact x confidence / effort": "rice",
}
_BOOTSTRAP = re.compile(
    r"percentile bootstrap of (?:journeys|journeys and of customers[a-z ]*), (?P<draws>\d+) draws"
    r"(?:, on a sample of (?P<sampled>\d+) of (?P<total>\d+), scaled by (?P<factor>[\d.]+))?"
)
_MONTE_CARLO = re.compile(r"Monte Carlo over [A-Za-z() ]+, (\d+) draws")
_TOP = re.compile(r"p-top-(\d+)")
_OF_A_GOAL = ("baseline", "target", "distance", "way", "days-left")
_LARGEST = ((86_400, "d"), (3_600, "h"), (60, "min"))


def unit_name(unit: str, words: Wording) -> str | None:
    """A scorer's unit; None for a unit of the map's own, such as that of a KPI."""
    return words.text(f"unit.{_UNITS[unit]}") if unit in _UNITS else None


def interval_method(method: str, words: Wording) -> str | None:
    """How an interval was made."""
    if method == "wilson":
        return "Wilson"
    if found := _BOOTSTRAP.fullmatch(method):
        made = [words.text("interval.bootstrap", draws=int(found["draws"]))]
        if found["sampled"]:
            counts: Any = {"sampled": int(found["sampled"]), "total": int(found["total"])}
            made.append(words.text("interval.sample", **counts, factor=words.number(float(found["factor"]), 3)))
        return words.text("comma").join(made)
    if found := _MONTE_CARLO.fullmatch(method):
        return words.text("interval.monte-carlo", draws=int(found[1]))
    # Those with one value only have the plain t interval; the within-subject one is what is to be known.
    main = method.removesuffix(", t for those with one value")
    return {
        "Cousineau-Morey within-subject t": words.text("interval.within"),
        "t": words.text("interval.t"),
    }.get(main)


def goal_of(name: str) -> tuple[str, str] | None:
    """The objective and the figure that a component beside a KPI speaks of: ``grow:target`` is grow's target."""
    goal, _, figure = name.rpartition(":")
    return (goal, figure) if goal and figure in _OF_A_GOAL else None


def part_name(name: str, words: Wording) -> str | None:
    """The name of a component of a score."""
    if found := _TOP.fullmatch(name):
        return words.text("html.part.p-top", count=int(found[1]))
    if of := goal_of(name):
        return f"{words.text(f'html.part.{of[1]}')} ({of[0]})"
    known = f"html.part.{name}"
    return words.text(known) if words.has(known) and name != "p-top" else None


def length(seconds: float, words: Wording) -> str:
    """A length of time in the largest unit that it fills."""
    for size, unit in _LARGEST:
        if seconds >= size:
            return words.text(f"time.{unit}", count=words.number(seconds / size))
    return words.text("time.s", count=words.number(seconds))
