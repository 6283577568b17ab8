"""From where on a difference between map and log is worth a finding: every threshold of the checks, in one place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
from attrs import field, frozen

from journeykit.errors import ArgumentError

__all__ = ["Thresholds"]


def _share(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ArgumentError(f"{attribute.name}={value!r}: give a share from 0 to 1")


def _age(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, timedelta) or value < timedelta(0):
        raise ArgumentError(f"{attribute.name}={value!r}: give a timedelta that is not negative")


def _count(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ArgumentError(f"{attribute.name}={value!r}: give a whole number from 1 on")


@frozen(kw_only=True)
class Thresholds:
    """What `check` reports, and how severely. Shares run from 0 to 1; a share *at* a threshold is reported.

    ``claim_age`` is how old (``as_of``, a persona's ``updated``) what the map says may be. An event name that no rule claims is
    named from ``unclaimed`` of all events on, and is a warning from ``unclaimed_warning`` on. A move that is not planned
    is named from ``unplanned`` of the moves away from its touchpoint on, and is a warning from ``unplanned_warning`` on; a
    planned move counts as not seen below ``unseen`` of them. Moves back are reported from ``backward`` of all moves
    on, as a warning from ``backward_warning`` on. ``fit`` and ``coverage`` are the least shares of journeys that fit and of
    events on the map; 0 asks for nothing. A move of fewer than ``least`` journeys, a subject of fewer than ``least``
    answers, an event of fewer than ``least`` customers is not named, for it may say who they are. ``reliable`` is the number of
    moves below which nothing is said about moves that are missing or go back, and of journeys below which the fit is called too
    few. Raises `ArgumentError` for a value outside its range.
    """

    claim_age: timedelta = field(default=timedelta(days=365), validator=_age)
    unclaimed: float = field(default=0.01, validator=_share)
    unclaimed_warning: float = field(default=0.05, validator=_share)
    unplanned: float = field(default=0.15, validator=_share)
    unplanned_warning: float = field(default=0.3, validator=_share)
    unseen: float = field(default=0.01, validator=_share)
    backward: float = field(default=0.05, validator=_share)
    backward_warning: float = field(default=0.25, validator=_share)
    fit: float = field(default=0.0, validator=_share)
    coverage: float = field(default=0.0, validator=_share)
    least: int = field(default=10, validator=_count)
    reliable: int = field(default=30, validator=_count)
