"""An independent reading of the four files of the main job: plain SQL on the raw source and numpy, none of our code."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "../shared/data"


class Oracle:
    """One table ``visit`` (case_, t in microseconds, k = place in its case, tp = map position or NULL, success, abandon).

    ``touchpoints`` is the number of touchpoints on the map, ``within`` the conversion window in microseconds.
    """

    def __init__(self, rows: str, *, touchpoints: int, within: int) -> None:
        self.con = duckdb.connect()
        self.touchpoints = touchpoints
        self.con.execute(f"CREATE TABLE raw AS {rows}")
        self.con.execute(
            "CREATE TABLE visit AS SELECT *, row_number() OVER (PARTITION BY case_ ORDER BY t, place, record) AS k FROM raw"
        )
        self.con.execute(
            f"""CREATE TABLE journey AS
            WITH start AS (SELECT case_, min(t) AS first FROM visit GROUP BY case_),
            span AS (
                SELECT case_, any_value(first) AS first, max(t) FILTER (t <= first + {within}) AS last,
                    max(k) FILTER (t <= first + {within}) AS through
                FROM visit JOIN start USING (case_) GROUP BY case_),
            goal AS (
                SELECT v.case_, min(k) FILTER (success AND v.t <= s.first + {within}) AS won,
                    bool_or(success AND v.t > s.first + {within}) AS late,
                    bool_or(abandon AND v.t <= s.first + {within}) AS gave_up,
                    bool_or(tp IS NOT NULL OR success OR abandon) AS on_map
                FROM visit v JOIN span s USING (case_) GROUP BY v.case_),
            finish AS (
                SELECT s.case_, first, won, late AND won IS NULL AS late, gave_up AND won IS NULL AS gave_up, on_map,
                    coalesce(won, through) AS through,
                    coalesce((SELECT v.t FROM visit v WHERE v.case_ = s.case_ AND v.k = g.won), s.last) AS ended
                FROM span s JOIN goal g USING (case_))
            SELECT *, won IS NOT NULL AS converted,
                (SELECT max(t) FROM visit) - ended < {within} AS open
            FROM finish"""
        )

    def one(self, sql: str) -> Any:
        row = self.con.execute(sql).fetchone()
        assert row is not None
        return row[0] if len(row) == 1 else row

    def coverage(self) -> dict[str, int]:
        names = [
            "events",
            "claimed",
            "unclaimed",
            "cases",
            "journeys",
            "off_map",
            "closed",
            "open",
            "converted",
            "abandoned",
            "late",
        ]
        rows = self.one("SELECT count(*), count(tp), count(*) - count(tp) FROM visit")
        cases = self.one(
            """SELECT count(*), count_if(on_map), count_if(NOT on_map), count_if(on_map AND NOT open),
                count_if(on_map AND open), count_if(NOT open AND converted), count_if(NOT open AND gave_up),
                count_if(NOT open AND late) FROM journey"""
        )
        return dict(zip(names, (*rows, *cases), strict=True))

    def counts(self) -> list[tuple[int, int, int]]:
        """(events, journeys, on_board) a touchpoint, in map order."""
        return [
            self.one(
                f"""SELECT (SELECT count(*) FROM visit WHERE tp = {i}),
                    (SELECT count(DISTINCT case_) FROM visit WHERE tp = {i}),
                    (SELECT count(*) FROM (SELECT case_ FROM visit GROUP BY case_ HAVING max(tp) >= {i}))"""
            )
            for i in range(self.touchpoints)
        ]

    def friction(self) -> dict[int, dict[str, float | None]]:
        """What friction rests on, a touchpoint that closed journeys reach: their number, raw shares, p90 gap in seconds."""
        self.con.execute(
            """CREATE OR REPLACE TABLE path AS
            SELECT v.case_, tp, v.t, converted, row_number() OVER w AS i, count(*) OVER (PARTITION BY v.case_) AS n,
                lead(tp) OVER w AS next, lead(v.t) OVER w - v.t AS gap
            FROM visit v JOIN journey j USING (case_)
            WHERE NOT open AND tp IS NOT NULL AND k <= through
            WINDOW w AS (PARTITION BY v.case_ ORDER BY k)"""
        )
        found: dict[int, dict[str, float | None]] = {}
        for (tp,) in self.con.execute("SELECT DISTINCT tp FROM path ORDER BY tp").fetchall():
            reach, dropped, repeated, back, gaps, wait = self.one(
                f"""SELECT count(DISTINCT case_), count(DISTINCT case_) FILTER (i = n AND NOT converted),
                    (SELECT count(*) FROM (SELECT 1 FROM path WHERE tp = {tp} GROUP BY case_ HAVING count(*) > 1)),
                    count(DISTINCT case_) FILTER (next < tp), count(gap), quantile_cont(gap, 0.9) FROM path WHERE tp = {tp}"""
            )
            shares = {"drop-off": dropped / reach, "rework": repeated / reach, "backtrack": back / reach}
            found[tp] = {"reach": reach, **shares, "gaps": gaps, "delay": None if wait is None else wait / 1e6}
        return found

    def removal_effects(self) -> dict[int, float]:
        """1 - P(conversion when every arrival at i is redirected to the null state) / P(conversion), by explicit matrices.

        The chain remembers two touchpoints: a state is (the one before or None, this one).
        """
        paths = self.con.execute(
            """SELECT list(tp ORDER BY k) FILTER (tp IS NOT NULL AND k <= through AND k IS DISTINCT FROM won),
                any_value(converted)
            FROM visit JOIN journey USING (case_) WHERE NOT open AND on_map GROUP BY case_"""
        ).fetchall()
        walks = [(list(pairwise([None, *(path or ())])), converted) for path, converted in paths]
        states = list(dict.fromkeys(state for walk, _ in walks for state in walk))
        row = {state: i + 1 for i, state in enumerate(states)}
        start, won, lost = 0, len(states) + 1, len(states) + 2
        moves = np.zeros((len(states) + 3, len(states) + 3))
        for walk, converted in walks:
            stops = [start, *(row[state] for state in walk), won if converted else lost]
            for here, there in pairwise(stops):
                moves[here, there] += 1
        share = moves[:won] / moves[:won].sum(axis=1, keepdims=True)
        base = _absorbed(share, won)
        effects = {}
        for tp in sorted({tp for _, tp in states}):
            arrivals = [row[state] for state in states if state[1] == tp]
            cut = share.copy()
            cut[:, lost] += cut[:, arrivals].sum(axis=1)
            cut[:, arrivals] = 0
            effects[tp] = 1 - _absorbed(cut, won) / base
        return effects


def _absorbed(share: np.ndarray[Any, Any], won: int) -> float:
    return float(np.linalg.solve(np.eye(won) - share[:, :won], share[:, won])[0])


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real files beside the project."""
    if not DATA.is_dir():
        pytest.skip("the real files are not here: ../shared/data beside the project is absent")
    return DATA.resolve()


@pytest.fixture(scope="session")
def oracle() -> type[Oracle]:
    return Oracle
