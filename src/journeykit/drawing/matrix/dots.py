"""The points of the matrix on two scales, and what cannot be placed, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, isfinite, log10
from statistics import median

from attrs import frozen

from journeykit.drawing.viewing import Spot, View
from journeykit.drawing.wording import Wording
from journeykit.results import Score

__all__ = ["Dot", "Scale", "dots", "levels", "reasons", "scale"]


_ISOLATE = "\N{FIRST STRONG ISOLATE}"


@frozen(kw_only=True)
class Dot:
    """A touchpoint with both scores."""

    spot: Spot
    x: Score
    y: Score

    @property
    def sure(self) -> bool:
        """Whether both scores rest on enough data."""
        return self.x.status == "ok" and self.y.status == "ok"


@frozen(kw_only=True)
class Scale:
    """One axis: its ends, its gridlines, and the middle (the median of the points) that parts the quadrants."""

    low: float
    high: float
    ticks: tuple[float, ...]
    digits: int
    middle: float

    def place(self, value: float) -> float:
        """Where a value lies, from 0 at the low end to 1 at the high end; never outside."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


def _figure(score: Score | None) -> float | None:
    return score.value if score is not None and score.value is not None and isfinite(score.value) else None


def dots(view: View, x: str, y: str) -> tuple[Dot, ...]:
    """Every touchpoint that has a figure on both axes."""
    found = []
    for spot in view.spots:
        across, up = spot.score(x), spot.score(y)
        if across is not None and up is not None and _figure(across) is not None and _figure(up) is not None:
            found.append(Dot(spot=spot, x=across, y=up))
    return tuple(found)


def reasons(view: View, x: str, y: str) -> list[tuple[Spot, str]]:
    """What cannot be placed, and why: the doubt of each score that has no figure."""
    words = view.words
    found = []
    for spot in view.spots:
        why = []
        for name in (x, y):
            score = spot.score(name)
            if _figure(score) is None:
                doubt = words.doubt(score.status, score.reason) if score else words.text("matrix.not-scored")
                why.append(_told(words, words.scorer(name), doubt))
        if why:
            found.append((spot, words.text("curve.note").join(dict.fromkeys(why))))
    return found


def _told(words: Wording, name: str, doubt: str) -> str:
    """A scorer and its doubt. Two isolates within a third would be put in order from left to right, so there is no third."""
    if doubt.startswith(_ISOLATE):
        return f"{name}: {doubt}"
    return words.text("score.with-reason", status=name, reason=doubt)


def scale(scores: Sequence[Score]) -> Scale:
    """An axis over the values, with the intervals as far as they do not squash them; nought is on it if it is near."""
    values = [score.value for score in scores if score.value is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = (high - low) or abs(high) or 1.0
    ends = [
        end for score in scores if score.interval for end in (score.interval.low, score.interval.high) if isfinite(end)
    ]
    least, most = max(min([low, *ends]), low - 0.6 * span), min(max([high, *ends]), high + 0.6 * span)
    # Nought is the anchor of most figures; it is left out only where it would push the points into a corner.
    if least > 0 and least < 0.75 * most:
        least = 0.0
    if least == most:
        least, most = least - span / 2, most + span / 2
    step = _step((most - least) / 5)
    first, last = -floor(-round(least / step, 6)), floor(round(most / step, 6))
    ticks = tuple(step * i for i in range(first, last + 1))
    digits = max(0, -floor(log10(step) + 1e-9))
    return Scale(low=least, high=most, ticks=ticks, digits=digits, middle=median(values) if values else 0.5)


def _step(least: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(least))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= least * (1 - 1e-9))


def levels(scores: Iterable[Score]) -> set[float]:
    """The levels of the intervals."""
    return {score.interval.level for score in scores if score.interval}
