"""Customers of a made-up shoe shop: the same ones on every machine and Python version.

Only `random.Random.getrandbits` is used, whose sequence Python guarantees, and only whole-number arithmetic on top of it.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

__all__ = ["shop_data"]

_START = datetime(2026, 1, 5, tzinfo=UTC)
_DAYS = 60
_CUSTOMERS = 2_000
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

# How satisfied (1..5) and how easy (1..7) each touchpoint is found: weights of the answers, and what some write.
_CSAT = {
    "club-video": (4, 8, 30, 38, 20),
    "search": (10, 20, 38, 24, 8),
    "compare-models": (4, 9, 24, 40, 23),
    "fit-finder": (1, 4, 10, 35, 50),
    "ask": (8, 16, 30, 30, 16),
    "basket": (28, 30, 22, 14, 6),
    "pay": (9, 14, 32, 30, 15),
    "wait": (40, 30, 16, 9, 5),
    "try-on": (4, 6, 14, 36, 40),
    "review": (1, 3, 10, 34, 52),
}
_CES = {
    "club-video": (1, 2, 5, 10, 22, 34, 26),
    "search": (6, 10, 18, 24, 22, 14, 6),
    "compare-models": (3, 6, 12, 20, 26, 22, 11),
    "fit-finder": (1, 2, 4, 9, 20, 34, 30),
    "ask": (6, 10, 16, 22, 22, 16, 8),
    "basket": (14, 18, 20, 18, 16, 10, 4),
    "pay": (6, 9, 14, 20, 24, 18, 9),
    "wait": (22, 22, 18, 14, 12, 8, 4),
    "try-on": (2, 4, 8, 14, 22, 28, 22),
    "review": (8, 12, 16, 20, 22, 14, 8),
}
_COMMENTS = {
    "compare-models": "Reviews by runners with flat feet decided it for me",
    "fit-finder": "Measured my foot in seconds, great",
    "basket": "The delivery fee came as a surprise",
    "pay": "My bank's pop-up was blocked at first",
    "wait": "Two days late and no message at all",
    "try-on": "They fit at once, and the box has no plastic",
    "review": "Told my whole running group about them",
}
_CHANNELS = {
    "ad_clicked": "social",
    "search_landing": "search",
    "product_viewed": "web",
    "reviews_read": "web",
    "fit_finder_used": "app",
    "chat_opened": "chat",
    "basket_viewed": "web",
    "payment_started": "web",
    "payment_failed": "web",
    "order_paid": "web",
    "tracking_viewed": "email",
    "parcel_delivered": "parcel",
    "review_posted": "web",
    "newsletter_opened": "email",
    "order_kept": "system",
    "order_returned": "parcel",
}


def shop_data(seed: int) -> tuple[str, str]:
    """The events and the answers of all customers, each as the text of a CSV file."""
    shop = _Shop(seed)
    for number in range(1, _CUSTOMERS + 1):
        shop.visit(f"c{number:04}")
    return shop.tables()


class _Shop:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        self._events: list[tuple[int, str, str, str]] = []
        self._answers: list[tuple[int, str, str, str, int]] = []
        self._who = ""
        self._now = 0

    # -- chance --------------------------------------------------------------------------------------------------------

    def _below(self, limit: int) -> int:
        return self._random.getrandbits(32) * limit >> 32

    def _chance(self, percent: int) -> bool:
        return self._below(100) < percent

    def _wait(self, low: int, high: int) -> None:
        """Let time pass: mostly near ``low`` seconds, seldom near ``high``."""
        span = high - low
        self._now += low + min(self._below(span + 1), self._below(span + 1), self._below(span + 1))

    def _pick(self, weights: tuple[int, ...]) -> int:
        place = self._below(sum(weights))
        for answer, weight in enumerate(weights, 1):
            place -= weight
            if place < 0:
                return answer
        return len(weights)

    # -- one customer --------------------------------------------------------------------------------------------------

    def _do(self, event: str, touchpoint: str | None = None, ask: int = 8) -> None:
        value = str(79 + 10 * self._below(9)) if event == "order_paid" else ""
        self._events.append((self._now, self._who, event, value))
        if touchpoint is not None and self._chance(ask):
            kind, weights = ("csat", _CSAT) if self._chance(55) else ("ces", _CES)
            self._answers.append((self._now + _HOUR, self._who, touchpoint, kind, self._pick(weights[touchpoint])))

    def visit(self, who: str) -> None:
        """One customer's whole journey, as far as it goes."""
        self._who = who
        self._now = self._below(45 * _DAY)
        measured = self._discover_and_compare()
        if not self._chance(86 if measured else 52):
            return
        if self._basket() and self._pay():
            self._receive(measured)

    def _discover_and_compare(self) -> bool:
        if self._chance(42):
            self._do("ad_clicked", "club-video", 10)
            self._wait(20, 2 * _HOUR)
            if self._chance(25):
                return False
        if self._chance(66):
            self._do("search_landing", "search", 9)
            self._wait(30, 20 * _MINUTE)
        measured = False
        for round_ in range(1 + self._below(3)):
            self._do("product_viewed", "compare-models", 5)
            self._wait(40, 30 * _MINUTE)
            if self._chance(40):
                self._do("reviews_read", "compare-models", 5)
                self._wait(40, 20 * _MINUTE)
            if round_ == 0 and self._chance(6):
                self._do("newsletter_opened")
                self._wait(_HOUR, 2 * _DAY)
        # Whoever has measured a foot knows what to buy; the others leave more often, or ask first.
        if self._chance(34):
            measured = True
            self._do("fit_finder_used", "fit-finder", 22)
            self._wait(60, _HOUR)
        if self._chance(8 if measured else 28):
            self._do("chat_opened", "ask", 30)
            self._wait(4 * _MINUTE, 3 * _HOUR)
        return measured

    def _basket(self) -> bool:
        for _ in range(1 + self._below(3)):
            self._do("basket_viewed", "basket", 9)
            if self._chance(17):
                return False
            self._wait(90, 3 * _HOUR)
            if self._chance(32):
                self._do("product_viewed", "compare-models", 4)
                self._wait(_MINUTE, _DAY)
        return True

    def _pay(self) -> bool:
        self._do("payment_started", "pay", 9)
        self._wait(30, 5 * _MINUTE)
        for _ in range(3):
            if not self._chance(12):
                self._do("order_paid", "pay", 9)
                return True
            self._do("payment_failed", "pay", 12)
            if self._chance(40):
                return False
            self._wait(_MINUTE, _HOUR)
        return False

    def _receive(self, measured: bool) -> None:
        paid, delivery = self._now, 2 * _DAY + self._below(4 * _DAY)
        if self._chance(88):
            while True:
                self._wait(10 * _HOUR, 2 * _DAY)
                if self._now >= paid + delivery:
                    break
                self._do("tracking_viewed", "wait", 8)
        self._now = paid + delivery
        self._do("parcel_delivered", "try-on", 18)
        delivered = self._now
        if self._chance(6 if measured else 15):
            self._wait(_DAY, 6 * _DAY)
            self._do("order_returned")
            return
        if self._chance(34):
            self._wait(2 * _DAY, 6 * _DAY)
            self._do("review_posted", "review", 45)
        self._now = delivered + 7 * _DAY
        self._do("order_kept")

    # -- the files -----------------------------------------------------------------------------------------------------

    def tables(self) -> tuple[str, str]:
        """Both files, in the order of time; the event log with the small faults that real logs have."""
        end = _DAYS * _DAY
        events = sorted(event for event in self._events if event[0] < end)
        rows = [[customer, _stamp(at), event, _CHANNELS[event], value] for at, customer, event, value in events]
        for _ in range(14):  # a tracker that fires twice
            place = self._below(len(rows))
            rows.insert(place, rows[place])
        for _ in range(9):  # visitors who refused to be recognised
            rows[self._below(len(rows))][0] = ""
        for _ in range(3):  # a clock that was never set
            rows[self._below(len(rows))][1] = "0000-00-00 00:00"
        answers = sorted(answer for answer in self._answers if answer[0] < end)
        said = [[c, _stamp(at), about, kind, score, 1, 5 if kind == "csat" else 7, self._comment(about, kind, score)]
                for at, c, about, kind, score in answers]  # fmt: skip
        return (
            _csv(["customer", "time", "event", "channel", "value"], rows),
            _csv(["customer", "time", "about", "kind", "score", "scale_low", "scale_high", "text"], said),
        )

    def _comment(self, about: str, kind: str, score: int) -> str:
        gloomy = about in ("basket", "pay", "wait")
        fits = kind == "csat" and (score <= 2 if gloomy else score >= 4)
        return _COMMENTS.get(about, "") if fits and self._chance(35) else ""


def _stamp(seconds: int) -> str:
    return (_START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _csv(head: list[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()
