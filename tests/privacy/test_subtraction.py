"""What is withheld cannot be had by subtraction: an attacker with a linear program, and worlds that nobody can tell apart."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

import journeykit as jk
from journeykit.codec import dumps_scorecard
from journeykit.measures import said, trace
from journeykit.model import FunnelSource, Journey, Kpi, Match, Opportunity, Outcome, Persona, Stage, Touchpoint
from journeykit.renderers.markdown import MarkdownRenderer
from journeykit.results import Records, Score, Scorecard
from journeykit.scorers.emotion import EmotionScorer
from journeykit.scorers.friction import FrictionScorer
from journeykit.scorers.impact import ImpactScorer
from journeykit.scorers.moments import MomentsScorer
from journeykit.scorers.priority import PriorityScorer
from journeykit.testing import worlds

START = datetime(2026, 1, 1, tzinfo=UTC)
IDS = ("home", "cart", "help", "pay")
FLOOR = 10
ALL = tuple(range(1, FLOOR))
# Few draws: the figures are asked for, not their intervals.
SCORERS = (
    ImpactScorer(draws=100, permutations=99),
    FrictionScorer(draws=100),
    MomentsScorer(draws=100),
    EmotionScorer(draws=100),
    PriorityScorer(impact=ImpactScorer(draws=100, permutations=99), friction=FrictionScorer(draws=100), draws=100),
    "kpi",
)


def map_of(*, outcome: Outcome | None = None, case: str = "customer") -> Journey:
    todo = [Opportunity(title="Mend it", effort="low")]
    touchpoints = [Touchpoint(id=id, title=id, match=Match(event=id), opportunities=todo) for id in IDS]
    kpis = [
        Kpi(id=f"to-{id}", name=f"To {id}", unit="%", source=FunnelSource(funnel=("home", id)))
        for id in ("cart", "help")
    ]
    return Journey(
        id="m",
        title="M",
        case=case,
        outcome=outcome,
        personas=[Persona(id="ann", name="Ann")],
        kpis=kpis,
        stages=[Stage(id="s", title="S", touchpoints=touchpoints)],
    )


OUTCOMES = (
    None,
    Outcome(success=Match(event="order")),
    Outcome(success=Match(event="pay")),
    Outcome(success=Match(event="order"), abandon=Match(event="bye")),
    Outcome(success=Match(event="pay"), within=timedelta(minutes=3)),
)


def log_of(paths: Sequence[Sequence[str]]) -> Any:
    rows = [
        {"customer": f"c{i}", "session": f"v{i}", "time": START + timedelta(minutes=k, seconds=i), "event": event}
        for i, path in enumerate(paths)
        for k, event in enumerate(path)
    ]
    return worlds.events(rows, observed_until=START + timedelta(days=365))


def ratings(counts: Mapping[str, int], elsewhere: int = 0) -> Any:
    rows = [
        {"customer": f"{id}{i}", "time": START, "about": id, "kind": "rating", "score": 1 + i % 5}
        for id, n in (*counts.items(), ("the shop", elsewhere))
        for i in range(n)
    ]
    return worlds.feedback(rows)


def published(journey: Journey, evidence: Any) -> tuple[Scorecard, str]:
    """The scorecard, and everything that is made of it: JSON, report, page and picture."""
    card = jk.score(journey, evidence, SCORERS)
    reports = [table.report for table in (evidence.events, evidence.feedback) if table is not None]
    report = MarkdownRenderer(imports=reports).render(journey, card)
    pictures = [jk.render(journey, name, scores=card).body.decode() for name in ("html", "swimlane", "flow", "funnel")]
    return card, "\n".join([dumps_scorecard(card), report.body.decode(), *pictures])


# --- worlds that nobody can tell apart ---------------------------------------------------------------------------------

paths = st.lists(st.sampled_from(["home", "cart", "pay", "order", "bye", "scroll"]), min_size=1, max_size=5)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(paths, st.integers(1, 40)), min_size=1, max_size=6),
    st.lists(st.tuples(paths, st.integers(0, 5)), min_size=9, max_size=9),
    st.sampled_from(OUTCOMES),
    st.integers(1, 9),
)
def test_any_number_of_few_gives_the_same_scorecard(
    crowd: list[tuple[list[str], int]], some: list[tuple[list[str], int]], outcome: Outcome | None, n: int
) -> None:
    """Whether 1 or 9 journeys came to a touchpoint, everything published is the same to the last byte: nothing can be learned."""

    def world(helped: int) -> list[list[str]]:
        found = [path for path, times in crowd for _ in range(times)]
        for i, (path, place) in enumerate(some):
            # An event of these journeys is either at the touchpoint or one that no touchpoint claims, called differently each.
            found.append([*path[:place], "help" if i < helped else f"x{i}", *path[place:]])
        return found

    journey = map_of(outcome=outcome)
    one, other = (published(journey, jk.Evidence(events=log_of(world(k))))[1] for k in (n, 10 - n if n != 5 else 9))

    assert one == other


def test_without_few_is_the_map_without() -> None:
    """Leaving touchpoints out of what was counted gives what counting on a map without them gives."""
    chance = np.random.default_rng(3)
    words = [*IDS, "order", "scroll"]
    log = log_of([[words[w] for w in chance.integers(0, len(words), chance.integers(1, 7))] for _ in range(200)])
    for outcome in OUTCOMES:
        journey = map_of(outcome=outcome)
        kept = [t for t in journey.touchpoints() if t.id not in ("help", "pay")]
        lacking = attrs.evolve(journey, kpis=(), stages=[Stage(id="s", title="S", touchpoints=kept)])
        left, fresh = trace(log, journey).without({"help", "pay"}), trace(log, lacking)
        shown = tuple(count for count in left.coverage.touchpoints if count.id not in ("help", "pay"))
        names = fresh.coverage.unclaimed_events
        same = {"touchpoints": shown, "unclaimed_events": names}

        assert fresh.coverage == attrs.evolve(left.coverage, **same)
        for name in ("offsets", "codes", "times", "cut", "success_code", "converted", "open", "first", "ended"):
            assert getattr(fresh.paths, name).tolist() == getattr(left.paths, name).tolist(), name


# --- an attacker who reads everything and subtracts --------------------------------------------------------------------


class Attacker:
    """Integer unknowns, and the linear relations that hold between them and what a scorecard publishes.

    ``j`` and ``e`` are the journeys and events of a touchpoint, ``c`` the closed journeys in which it comes before the end, ``d``
    those that end there without success, ``last`` those whose furthest touchpoint it is, ``m`` how often one move is made. It
    takes a withheld touchpoint for part of every sum, as a reader who does not know better would.
    """

    def __init__(self, card: Mapping[str, Any], journey: Journey) -> None:
        self.names: dict[tuple[str, ...], int] = {}
        self.bounds: list[tuple[float, float]] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.seen, self.floor = card["coverage"], card["floor"]
        self.ids = [count["id"] for count in self.seen["touchpoints"]]
        self.few = [count["id"] for count in self.seen["touchpoints"] if count["journeys"] is None]
        self._counts()
        self._moves()
        self._scores(card["scores"], journey)

    def of(self, *name: str, low: float = 0, high: float = np.inf) -> int:
        """The unknown of this name; its bounds are narrowed."""
        place = self.names.setdefault(name, len(self.names))
        if place == len(self.bounds):
            self.bounds.append((0, np.inf))
        old = self.bounds[place]
        self.bounds[place] = (max(old[0], low), min(old[1], high))
        return place

    def know(self, terms: Sequence[tuple[float, int]], low: float = -np.inf, high: float = np.inf) -> None:
        row: dict[int, float] = {}
        for factor, place in terms:
            row[place] = row.get(place, 0) + factor
        self.rows.append((row, low, high))

    def _counts(self) -> None:
        seen, floor = self.seen, self.floor
        every, past = [], []
        for count in seen["touchpoints"]:
            id, n = count["id"], count["journeys"]
            few = n is None
            j = self.of("j", id, low=1 if few else n, high=floor - 1 if few else n)
            n = count["events"]
            e = self.of("e", id, **({} if n is None else {"low": n, "high": n}))
            self.know([(1, e), (-1, j)], low=0)
            self.know([(1, self.of("last", id)), (-1, j)], high=0)
            every.append((1, e))
            past.append(self.of("last", id))
        rest = self.of("unlisted")
        if seen["events"] is None:
            # Rows are withheld where each unclaimed one may be of a touchpoint of few: the attacker knows this rule too.
            self.know([*every, (1, rest)], high=seen["claimed"] + (floor - 1) * len(self.few))
        else:
            self.know([*every, (1, rest)], *[seen["events"] - sum(n for _, n in seen["unclaimed_events"])] * 2)
        for k, count in enumerate(seen["touchpoints"]):
            if count["on_board"] is not None:
                self.know([(1, place) for place in past[k:]], *[count["on_board"]] * 2)
        # A journey with success alone visits nothing.
        self.know([(1, place) for place in past], high=seen["journeys"])

    def _moves(self) -> None:
        seen, base = self.seen, self.seen["moves_rounded_to"]
        shown = {(move["source"], move["target"]): move["count"] for move in seen["moves"]}
        ends = [None, *self.ids]
        for a in ends:
            for b in ends:
                m = self.of("m", str(a), str(b))
                if (a, b) in shown:
                    n = shown[a, b]
                    half = 0 if base is None else base // 2
                    self.of("m", str(a), str(b), low=n - half, high=n + max(half - 1, 0))
                elif base is None or (a is None and b is None):
                    self.of("m", str(a), str(b), high=0)
                elif a is None or b is None:
                    self.of("m", str(a), str(b), high=self.floor - 1)
                del m
        for id in self.ids:
            into = [(1, self.of("m", str(a), id)) for a in ends]
            out = [(-1, self.of("m", id, str(b))) for b in ends]
            if id not in self.few:
                self.know([*into, *out], 0, 0)
                self.know([*into, (-1, self.of("e", id))], high=0)
        start = [(1, self.of("m", "None", id)) for id in self.ids]
        self.know(start, high=seen["journeys"])

    def _scores(self, scores: Sequence[Mapping[str, Any]], journey: Journey) -> None:
        seen, ended = self.seen, []
        # Without a window, and without giving up, every journey on the map visits something and is counted to its success.
        whole = journey.outcome is not None and journey.outcome.abandon is None and journey.outcome.within is None
        for id in self.ids:
            c, d, j = self.of("c", id), self.of("d", id), self.of("j", id)
            self.know([(1, c), (-1, j)], high=0)
            if whole:
                self.know([(1, c), (-1, j)], low=-(seen["open"] + seen["converted"]))
            self.know([(1, d), (-1, c)], high=0)
            self.know([(1, d), (-1, self.of("m", id, "None"))], high=0)
            ended.append((1, d))
        for score in scores:
            id, parts = score["subject"]["id"], {part["name"]: part for part in score.get("components", ())}
            if score["scorer"] == "friction" and "drop-off" in parts:
                n = score["n"]
                self.of("c", id, low=n, high=n)
                self._told("d", id, parts["drop-off"]["raw"] * n)
                if self.ids.index(id) == 1 and seen["open"] == 0:
                    # From the second touchpoint there is one way back.
                    self.know([(1, self.of("m", id, self.ids[0]))], low=round(parts["backtrack"]["raw"] * n))
            if score["scorer"] == "moments" and "last" in parts and not seen["converted"]:
                self._told("d", id, parts["last"]["raw"] * parts["last"]["n"])
        if whole:
            lost = seen["closed"] - seen["converted"]
            self.know(ended, lost, lost)

    def _told(self, kind: str, id: str, value: float) -> None:
        assert value == pytest.approx(round(value), abs=1e-6)
        self.of(kind, id, low=round(value), high=round(value))

    def range(self, *name: str) -> tuple[float, float]:
        """The least and the greatest that the unknown can be."""
        size = len(self.names)
        table = np.zeros((len(self.rows), size))
        for i, (row, _, _) in enumerate(self.rows):
            table[i, list(row)] = list(row.values())
        laws = LinearConstraint(table, [low for _, low, _ in self.rows], [high for _, _, high in self.rows])
        bounds = Bounds(*np.array(self.bounds).T)
        found = []
        for sign in (1, -1):
            cost = np.zeros(size)
            cost[self.names[name]] = sign
            made = milp(cost, constraints=laws, bounds=bounds, integrality=np.ones(size))
            if made.status == 3:
                found.append(-sign * np.inf)
                continue
            assert made.status == 0, made.message
            found.append(round(made.x[self.names[name]]))
        return found[0], found[1]


def attack(card: Scorecard, journey: Journey) -> Attacker:
    return Attacker(json.loads(dumps_scorecard(card)), journey)


few_paths = st.lists(
    st.tuples(st.lists(st.sampled_from([*IDS, "order"]), min_size=1, max_size=4), st.integers(1, 60)), max_size=8
)
small_paths = st.lists(
    st.tuples(st.lists(st.sampled_from([*IDS, "help", "order", "scroll"]), min_size=1, max_size=4), st.integers(1, 4)),
    max_size=6,
)


def crowd_of(large: Sequence[tuple[list[str], int]], small: Sequence[tuple[list[str], int]]) -> list[list[str]]:
    found = [[event for event in path if event != "help"] for path, times in large for _ in range(times)]
    return [path for path in found if path] + [path for path, times in small for _ in range(times)]


def scored(journey: Journey, paths: Sequence[Sequence[str]]) -> Scorecard:
    return jk.score(journey, jk.Evidence(events=log_of(paths)), [FrictionScorer(draws=100), MomentsScorer(draws=100)])


@settings(max_examples=100, deadline=None)
@given(few_paths, small_paths, st.sampled_from(OUTCOMES))
def test_no_sum_narrows_a_withheld_touchpoint(
    large: list[tuple[list[str], int]], small: list[tuple[list[str], int]], outcome: Outcome | None
) -> None:
    """After all subtractions the journeys of a withheld touchpoint can still be any number from 1 to 9."""
    journey = map_of(outcome=outcome)
    paths = crowd_of(large, small)
    if paths:
        attacker = attack(scored(journey, paths), journey)
        assert dict.fromkeys(attacker.few, (1, FLOOR - 1)) == {id: attacker.range("j", id) for id in attacker.few}


AUDITED = [
    *[["home", "cart"]] * 52,
    *[["home"]] * 180,
    *[["home", "pay"]] * 64,
    *[["home", "help"]] * 4,
    *[["home", "order"]] * 20,
]


def half_guarded(journey: Journey, paths: Sequence[Sequence[str]]) -> Scorecard:
    """What leaves where the figures of few are left out, and everything else is counted with them."""
    card = jk.score(journey, jk.Evidence(events=log_of(paths)), [FrictionScorer(draws=100)], floor=1)
    few = {count.id for count in card.coverage.touchpoints if 0 < (count.journeys or 0) < FLOOR}
    coverage = attrs.evolve(
        card.coverage,
        touchpoints=tuple(
            attrs.evolve(count, events=None, journeys=None, on_board=None) if count.id in few else count
            for count in card.coverage.touchpoints
        ),
        moves=tuple(m for m in card.coverage.moves if not {m.source, m.target} & few),
        moves_rounded_to=FLOOR,
    )
    kept = Records([s for s in card.scores if s.subject.id not in few], kind=Score, key=card.scores.key)
    return attrs.evolve(card, coverage=coverage, scores=kept, floor=FLOOR)


def test_the_attacker_finds_what_the_audit_found() -> None:
    """Where small figures are only left out, the drop-offs of all others, and the events, tell the number; now they do not."""
    journey = map_of(outcome=OUTCOMES[1])
    before, now = attack(half_guarded(journey, AUDITED), journey), attack(scored(journey, AUDITED), journey)

    assert ["help"] == before.few == now.few
    assert (4, 4) == before.range("j", "help")
    assert (1, 9) == now.range("j", "help")


def test_every_event_on_the_map() -> None:
    """Where so few rows are unclaimed that all may be theirs, neither they nor the rows read are told, in card and report."""
    journey = map_of()
    card, texts = published(journey, jk.Evidence(events=log_of([*[["home", "cart"]] * 40, *[["home", "help"]] * 4])))
    seen = card.coverage

    assert (None, 84, None) == (seen.events, seen.claimed, seen.unclaimed)
    assert "| withheld | withheld | 0 | 0 |" in texts
    assert "| 88 |" not in texts
    assert (1, 9) == attack(card, journey).range("j", "help")


def test_kpi_through_few_is_withheld() -> None:
    """A funnel that leads to a withheld touchpoint has no value, for it was counted as if nobody came there."""
    card = jk.score(map_of(), jk.Evidence(events=log_of([*[["home", "cart"]] * 40, *[["home", "help"]] * 4])), ["kpi"])

    assert ["ok", "suppressed"] == [score.status for score in card]


def test_visits_of_few_people_are_not_counted_either() -> None:
    """A touchpoint of many visits by few customers is left out of every sum like one of few visits."""
    visits = [
        {"customer": f"c{i % 60}", "session": f"v{i}", "time": START + timedelta(minutes=i), "event": "home"}
        for i in range(90)
    ]
    visits += [
        {"customer": f"c{i % 3}", "session": f"w{i}", "time": START + timedelta(minutes=i), "event": "help"}
        for i in range(30)
    ]
    card = jk.score(map_of(case="session"), jk.Evidence(events=worlds.events(visits)), [FrictionScorer(draws=100)])

    assert (90, 30) == (card.coverage.journeys, card.coverage.unclaimed)
    assert None is card.coverage.touchpoints[2].journeys


def test_a_name_is_not_made_common_by_few() -> None:
    """Customers of a withheld touchpoint do not count for a name that its rule shares with rows that nothing claims."""
    rule = Match(event="page", where={"channel": "help"})
    pages = [Touchpoint(id="home", title="Home", match=Match(event="home")), Touchpoint(id="h", title="H", match=rule)]
    journey = Journey(id="m", title="M", stages=[Stage(id="s", title="S", touchpoints=pages)])

    def names(few: int) -> tuple[tuple[str, int], ...]:
        made = [(f"c{i}", "home", "web") for i in range(40)] + [(f"c{i}", "scroll", "web") for i in range(30)]
        made += [(f"c{i}", "page", "web") for i in range(5)]
        made += [(f"c{20 + i}", "page" if i < few else f"x{i}", "help") for i in range(9)]
        rows = [
            {"customer": customer, "time": START + timedelta(seconds=i), "event": event, "channel": channel}
            for i, (customer, event, channel) in enumerate(made)
        ]
        card = jk.score(journey, jk.Evidence(events=worlds.events(rows)), [FrictionScorer(draws=100)])

        assert None is card.coverage.touchpoints[1].journeys
        return card.coverage.unclaimed_events

    assert names(1) == names(9) == (("scroll", 30),)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(10, 60), st.integers(0, 40))
def test_answers_of_few_are_not_left_over(few: int, many: int, elsewhere: int) -> None:
    """The report's totals of answers, less those about touchpoints, leave 1 to 9 answers possible about a touchpoint of few."""
    feedback = ratings({"home": many, "help": few}, elsewhere)
    journey = map_of()
    evidence = jk.Evidence(events=log_of([["home", "cart"]] * 40), feedback=feedback)
    card = jk.score(journey, evidence, [EmotionScorer(draws=100)])
    made = MarkdownRenderer(said=tuple(said(feedback, journey)), imports=[feedback.report]).render(journey, card)
    cells = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in made.body.decode().splitlines()
        if line.startswith("|")
    ]
    (whole,) = (row for row in cells if row[:2] == ["rating", "1 to 5"])
    (read,) = (row for row in cells if len(row) == 7 and row[2] == "feedback")
    totals = {int(cell) for cell in (whole[2], read[3], read[4]) if cell != "withheld"}

    assert all(total - many >= FLOOR - 1 for total in totals)
    assert "withheld" in (whole[2], whole[6])
    assert str(few) not in {word for score in card if score.subject.id == "home" for word in score.explanation.split()}


def hidden_moves(journey: Journey, log: Any, floor: int = FLOOR) -> dict[tuple[str, str], tuple[float, float]]:
    """How often each move that was left out can have been made, as far as an attacker knows."""
    evidence = jk.Evidence(events=log)
    card = jk.score(journey, evidence, [FrictionScorer(draws=100)], floor=floor)
    few = {count.id for count in card.coverage.touchpoints if count.journeys is None}
    shown = {(move.source, move.target) for move in card.coverage.moves}
    attacker, found = attack(card, journey), {}
    for move in trace(log, journey).without(few).coverage.moves:
        if move.source is not None and move.target is not None and (move.source, move.target) not in shown:
            low, high = found[move.source, move.target] = attacker.range("m", move.source, move.target)
            # Else the attacker would argue from what is not so.
            assert low <= move.count <= high
    return found


def test_no_move_left_out_is_a_single_number() -> None:
    """Beside the rounded moves a range remains for every move that was left out."""
    chance = random.Random(5)
    words, found = [*IDS, "order"], []
    for _ in range(25):
        times = [*(chance.randint(5, 120) for _ in range(5)), *(chance.randint(1, 4) for _ in range(4))]
        crowd = [path for n in times for path in [chance.choices(words, k=chance.randint(1, 5))] * n]
        found += hidden_moves(map_of(outcome=chance.choice(OUTCOMES)), log_of(crowd)).values()

    assert len(found) > 20
    assert all(low < high for low, high in found)


REAL: dict[str, tuple[str, str, dict[str, Any]]] = {
    "rees46": (
        "rees46/first_order.journey.yaml",
        "rees46/2019-Oct_17k.csv",
        {"columns": {"customer": "user_id", "time": "event_time", "event": "event_type", "session": "user_session"}},
    ),
    "google_store_ua": (
        "google_store_ua/buy_merchandise.journey.yaml",
        "ua_malloy/ga_sample_half_a.parquet",
        {"format": "ga360"},
    ),
    "google_store_ga4": (
        "google_store_ga4/sampled_store.journey.yaml",
        "ga4_malloy/ga4_events_sampled.snappy.parquet",
        {"format": "ga4"},
    ),
    "shopeasy": (
        "shopeasy/first_year.journey.yaml",
        "shopeasy/customer_journey.csv",
        {"columns": {"customer": "CustomerID", "time": "VisitDate", "event": "Action"}, "tz": "UTC"},
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_real_logs(name: str, data: Path) -> None:
    """On the four real maps, also with floors that withhold touchpoints of them, sums narrow no touchpoint and pin no move."""
    file, source, options = REAL[name]
    journey = jk.load(Path(__file__).parents[2] / "examples" / file)
    log = jk.read_events(data / source, **options)
    for floor in (FLOOR, 30, 100):
        card = jk.score(journey, jk.Evidence(events=log), [FrictionScorer(draws=100)], floor=floor)
        attacker = attack(card, journey)

        assert dict.fromkeys(attacker.few, (1, floor - 1)) == {id: attacker.range("j", id) for id in attacker.few}
        assert all(low < high for low, high in hidden_moves(journey, log, floor).values())
