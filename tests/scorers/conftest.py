from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from journeykit.evidence import Evidence, Feedback
from journeykit.measures import Paths
from journeykit.model import Journey, Match, Outcome, Stage, Touchpoint
from journeykit.protocols import Scoring
from journeykit.results import Coverage, TouchpointCount

MINUTE = 60_000_000


@pytest.fixture(scope="session")
def make_scoring() -> Callable[..., Scoring]:
    """Builds what a scorer reads from plain tuples (visits, converted), a minute between visits."""

    def make(
        journeys: Sequence[tuple[str, bool]],
        *,
        touchpoints: str = "ABCDE",
        times: Sequence[Sequence[float]] | None = None,
        success: str | None = None,
        still_open: Sequence[int] = (),
        outcome: bool = True,
        feedback: Feedback | None = None,
        expected: timedelta | None = None,
        seed: int = 0,
    ) -> Scoring:
        """``success`` names the touchpoint that claims the success event, which then is the last visit of converters."""
        visits = [v + (success if won and success else "") for v, won in journeys]
        minutes = times or [list(range(len(v))) for v in visits]
        stamps = [np.array(m, dtype=float) * MINUTE for m in minutes]
        cut = np.array([len(v) for v, _ in journeys], dtype=np.int64)
        converted = np.array([won for _, won in journeys], dtype=bool)
        code = touchpoints.index(success) if success else -1
        paths = Paths(
            touchpoints=tuple(touchpoints.lower()),
            offsets=np.concatenate([[0], np.cumsum([len(v) for v in visits])]).astype(np.int64),
            codes=np.array([touchpoints.index(t) for v in visits for t in v], dtype=np.int32),
            times=np.concatenate([*stamps, []]).astype(np.int64),
            cut=cut,
            success_code=np.where(converted, code, -1).astype(np.int32),
            converted=converted,
            abandoned=np.zeros(len(visits), dtype=bool),
            late=np.zeros(len(visits), dtype=bool),
            open=np.isin(np.arange(len(visits)), still_open),
            first=np.zeros(len(visits), dtype=np.int64),
            ended=np.array([s[-1] if len(s) else 0 for s in stamps], dtype=np.int64),
        )
        journey = Journey(
            id="map",
            title="Map",
            outcome=Outcome(success=Match(event="won")) if outcome else None,
            stages=[
                Stage(
                    id="stage",
                    title="Stage",
                    touchpoints=[
                        Touchpoint(id=t.lower(), title=t, match=Match(event=t), expected=expected) for t in touchpoints
                    ],
                )
            ],
        )
        at = datetime(2024, 1, 1, tzinfo=UTC)
        n, opened = len(visits), len(still_open)
        coverage = Coverage(
            events=len(paths.codes),
            claimed=len(paths.codes),
            unclaimed=0,
            cases=n,
            journeys=n,
            off_map=0,
            closed=n - opened,
            open=opened,
            converted=int((converted & ~paths.open).sum()),
            abandoned=0,
            late=0,
            first=at,
            last=at,
            observed_until=at,
            tie_rule="record",
            ties=0,
            touchpoints=tuple(TouchpointCount(id=t.lower(), events=0, journeys=0, on_board=0) for t in touchpoints),
        )
        return Scoring(journey=journey, evidence=Evidence(feedback=feedback), paths=paths, coverage=coverage, seed=seed)

    return make
