"""The library keeps no state of its own: what several threads do at once is what one does after the other."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import pytest

import journeykit as jk
from journeykit.codec import dumps_scorecard

T = TypeVar("T")

THREADS = 4
MAP = b"""
journeykit: 1
id: shop-order
title: An order
outcome:
  success: {event: order}
  within: 1d
stages:
  - id: choose
    title: Choose
    touchpoints:
      - {id: view, title: Looks, match: {event: view}, emotions: [{valence: 0.5, basis: assumed}]}
  - id: buy
    title: Buy
    touchpoints:
      - {id: cart, title: Fills the cart, match: {event: cart}, expected: 5m}
      - {id: order, title: Orders, match: {event: order}, emotions: [{valence: 1.5, basis: assumed}]}
"""
RENDERERS = ("swimlane", "curve", "markdown", "json")


def log(seed: int, folder: Path) -> Path:
    """300 customers; the seed decides who buys, so that two logs have different scores."""
    chance = random.Random(seed)
    lines = ["customer,time,event"]
    for customer in range(300):
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=customer)
        for event, share in (("view", 1.0), ("cart", 0.6), ("view", 0.3), ("cart", 0.9), ("order", 0.5 + seed / 10)):
            if chance.random() < share:
                at += timedelta(seconds=chance.expovariate(1 / 90))
                lines.append(f"c{customer},{at.isoformat()},{event}")
    path = folder / f"log-{seed}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def at_once(*tasks: Callable[[], T]) -> list[T]:
    """Every task in a thread of its own, all let go at the same moment."""
    gate = Barrier(len(tasks), timeout=30)

    def run(task: Callable[[], T]) -> T:
        gate.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.fixture(scope="module")
def journey() -> jk.Journey:
    return jk.load(MAP)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("logs")
    return [log(seed, folder) for seed in range(THREADS)]


def read(path: Path) -> jk.Evidence:
    return jk.Evidence(events=jk.read_events(path, observed_until=datetime(2026, 4, 1, tzinfo=UTC)))


def test_threads_that_score_the_same_log_agree_with_one(journey: jk.Journey, logs: list[Path]) -> None:
    """One EventLog, scored by several threads at the same time, gives the bytes of one after the other."""
    evidence = read(logs[0])
    alone = dumps_scorecard(jk.score(journey, evidence))
    together = at_once(*[lambda: dumps_scorecard(jk.score(journey, evidence))] * THREADS)

    assert THREADS * [alone] == together


def test_threads_that_score_different_logs_do_not_mix_them(journey: jk.Journey, logs: list[Path]) -> None:
    """Reading and scoring different files at the same time gives each its own scores, as one after the other."""
    tasks = [lambda path=path: dumps_scorecard(jk.score(journey, read(path))) for path in logs]
    alone = [task() for task in tasks]
    together = at_once(*tasks)

    assert alone == together
    assert THREADS == len(set(alone))


def test_different_seeds_at_once_keep_their_chance(journey: jk.Journey, logs: list[Path]) -> None:
    """Chance comes from the seed of the call, not from a generator the threads would share."""
    evidence = read(logs[1])
    tasks = [lambda seed=seed: dumps_scorecard(jk.score(journey, evidence, seed=seed)) for seed in range(THREADS)]
    alone = [task() for task in tasks]

    assert alone == at_once(*tasks)
    assert THREADS == len(set(alone))


def test_threads_draw_the_same_bytes(journey: jk.Journey, logs: list[Path]) -> None:
    """Every renderer beside every other, each twice, gives the bytes it gives alone: nothing is drawn on a shared canvas."""
    cards = jk.score(journey, read(logs[2]))
    tasks = [lambda name=name: jk.render(journey, name, scores=cards).body for name in RENDERERS]
    alone = [task() for task in tasks]

    assert 2 * alone == at_once(*tasks, *tasks)


def test_maps_loaded_at_once_are_equal(journey: jk.Journey) -> None:
    """Reading maps and discovering plugins share nothing that a second thread could see half made."""
    assert THREADS * [journey] == at_once(*[lambda: jk.load(MAP)] * THREADS)
