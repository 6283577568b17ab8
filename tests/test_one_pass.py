"""However much is asked, the events are put in order once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journeykit import api, plugins
from journeykit.cli import main
from journeykit.evidence import Evidence
from journeykit.measures import folds, ordering

MAP = """\
journeykit: 1
id: shop
title: Shop
outcome:
  success: {event: order}
kpis:
  - {id: rate, name: Rate, source: {funnel: [look, pay]}}
  - {id: quick, name: Quick rate, source: {funnel: [look, pay], within: 1h}}
stages:
  - id: buy
    title: Buy
    touchpoints:
      - {id: look, title: Looks, match: {event: look}, opportunities: [{title: Mend, effort: low}]}
      - {id: pay, title: Pays, match: {event: pay}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    start = datetime(2024, 1, 1, tzinfo=UTC)
    lines = ["customer,time,event"]
    for customer in range(60):
        for minute, event in enumerate(("look", "pay", "order")[: 1 + customer % 3]):
            lines.append(f"u{customer},{(start + timedelta(hours=customer, minutes=minute)).isoformat()},{event}")
    (tmp_path / "events.csv").write_text("\n".join(lines))
    (tmp_path / "map.yaml").write_text(MAP)
    return tmp_path


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for every time that the events are read to be put in order."""
    found: list[str] = []

    def counted(kind: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            found.append(kind)
            return real(*arguments, **named)

        return call

    monkeypatch.setattr(folds, "arranged", counted("fold", folds.arranged))
    monkeypatch.setattr(ordering, "gather", counted("reading", ordering.gather))
    return found


def test_score(shop: Path, passes: list[str]) -> None:
    """All scorers there are, funnels of KPIs among them, live on one ordered pass."""
    journey, events = api.load(shop / "map.yaml"), api.read_events(shop / "events.csv")
    card = api.score(journey, Evidence(events=events), list(plugins.scorers().names()), floor=1)

    assert ["fold", "reading"] == passes
    assert 40 / 60 == card["rate", "kpi"].value == card["quick", "kpi"].value


def test_build(shop: Path, passes: list[str]) -> None:
    """So does ``journeykit build``, pictures and report included."""
    names = ",".join(plugins.scorers().names())
    assert 0 == main(
        [
            "build",
            str(shop / "map.yaml"),
            "--events",
            str(shop / "events.csv"),
            "-o",
            str(shop / "out"),
            "--scorers",
            names,
        ]
    )

    assert ["fold", "reading"] == passes
