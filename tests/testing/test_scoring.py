"""The built-in scorers keep the contract of scorers, and the contract notices a scorer that does not."""

from __future__ import annotations

import random
import re

import numpy as np
import pytest
from attrs import define, evolve, frozen

from journeykit.plugins import scorers
from journeykit.results import Component, EvidenceRef, Interval, Score, Subject
from journeykit.testing import ScorerContract, check_scorer
from journeykit.testing.worlds import World, worlds

LAWS = sorted(name for name in vars(ScorerContract) | vars(ScorerContract.__base__) if name.startswith("test_"))
OWN = [name for name in scorers().names() if scorers().packages(name) == ("journeykit",)]
# One suite a scorer, so that its scores are made once.
SUITES = {name: type("Suite", (ScorerContract,), {"plugin": scorers().get(name)}) for name in OWN}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", OWN)
def test_every_built_in_scorer_keeps_every_law(name, law):
    """Each installed scorer of journeykit passes each law."""
    getattr(SUITES[name](), law)()


def test_the_first_world_is_worth_scoring():
    """In the first world events alone rank touchpoints, so that the laws speak of more than missing scores."""
    for name in ("impact", "friction"):
        world, scores = next(SUITES[name]().scored())

        assert world.name == "plenty"
        assert "ok" in {score.status for score in scores}
        assert any(score.interval for score in scores)


def test_worlds_are_the_same_every_time():
    """The worlds are invented without chance: the same customers, rows and maps again."""
    once, again = tuple(worlds()), tuple(worlds())

    assert [world.customers() for world in once] == [world.customers() for world in again]
    assert [(world.name, world.journey) for world in once] == [(world.name, world.journey) for world in again]
    assert len({world.name for world in once}) == len(once)


def test_worlds_are_what_their_names_say():
    """What a world is called is true of it."""
    seen = {world.name: world.scoring().coverage for world in worlds()}

    assert seen["plenty"].converted > 100
    assert seen["plenty"].abandoned > 0
    assert seen["three customers"].journeys == 3
    assert seen["everyone orders"].converted == seen["everyone orders"].journeys == 60
    assert seen["nobody orders"].converted == 0 < seen["nobody orders"].closed
    assert (seen["all open"].closed, seen["all open"].open) == (0, 40)
    assert seen["nothing on the map"].journeys == 0 < seen["nothing on the map"].off_map
    assert (seen["empty log"].events, seen["empty map"].touchpoints) == (0, ())


def test_a_world_without_events_cannot_be_scored():
    """A world of feedback alone says that nothing can be scored on it."""
    world = next(worlds())
    with pytest.raises(ValueError, match="holds no events"):
        evolve(world, evidence=evolve(world.evidence, events=None)).scoring()


@frozen(kw_only=True)
class Visits:
    """A good scorer: how many closed journeys saw a touchpoint."""

    name: str = "visits"

    def score(self, scoring):
        paths = scoring.paths.select(~scoring.paths.open)
        for position, touchpoint in enumerate(scoring.journey.touchpoints()):
            n = len(np.unique(paths.owners()[paths.codes == position]))
            yield Score(
                subject=Subject(kind="touchpoint", id=touchpoint.id),
                scorer=self.name,
                value=float(n) if n else None,
                baseline=float(n),
                unit="journeys",
                n=n,
                status="ok" if n else "not-estimable",
                reason=None if n else "not-reached",
                method="visits@1",
                explanation=f"{n} closed journeys saw it.",
            )


def test_a_good_scorer_of_a_stranger():
    """A scorer that is installed nowhere can be checked, by class or by object, and on worlds of one's own."""
    mine = evolve(next(worlds()), name="mine")

    check_scorer(Visits)
    check_scorer(Visits(), worlds=[mine])


class Changed(Visits):
    """Changes each good score by `change`."""

    def score(self, scoring):
        for score in super().score(scoring):
            yield self.change(score, scoring)


class Foreign(Changed):
    def change(self, score, scoring):
        return evolve(score, scorer="someone")


class NoScores(Changed):
    def change(self, score, scoring):
        return score.value


class Stumbles(Changed):
    def change(self, score, scoring):
        return evolve(score, explanation=f"{1 / scoring.coverage.closed}")


class Twice(Visits):
    def score(self, scoring):
        for score in super().score(scoring):
            yield from (score, score)


class Backwards(Visits):
    def score(self, scoring):
        return reversed(list(super().score(scoring)))


class Forgets(Visits):
    def score(self, scoring):
        return [score for score in super().score(scoring) if score.value is not None]


class SilentZero(Changed):
    def change(self, score, scoring):
        return evolve(score, value=float(score.n), status="ok", reason=None)


class Wild(Changed):
    def change(self, score, scoring):
        return evolve(score, p_value=float("nan"))


class Upside(Changed):
    def change(self, score, scoring):
        return evolve(score, interval=Interval(low=2.0, high=1.0, method="none") if score.value else None)


class Vague(Changed):
    def change(self, score, scoring):
        return evolve(score, reason="Not enough data!", status="low-n") if score.value else score


class Unversioned(Changed):
    def change(self, score, scoring):
        return evolve(score, method="visits")


class Unadded(Changed):
    def change(self, score, scoring):
        part = Component(name="part", raw=1.0, scaled=1.0, weight=1.0, contribution=1e-6, n=1)
        return evolve(score, components=(part,))


class Unseeded(Changed):
    def change(self, score, scoring):
        return evolve(score, explanation=f"{random.random()}")


class Clock(Changed):
    count = [0]  # noqa: RUF012 - the very fault

    def change(self, score, scoring):
        self.count[0] += 1
        return evolve(score, explanation=f"{self.count[0]}")


class SeededCount(Changed):
    def change(self, score, scoring):
        return evolve(score, n=score.n + scoring.seed)


class GlobalChance(Changed):
    def change(self, score, scoring):
        np.random.seed(0)
        return evolve(score, explanation=f"{random.getstate()[1][:3]}")


class Meddles(Visits):
    def score(self, scoring):
        if len(scoring.paths):
            scoring.paths.codes[:] = 0
        return super().score(scoring)


class Mute(Changed):
    def change(self, score, scoring):
        return evolve(score, explanation=" ")


class Gossip(Changed):
    def change(self, score, scoring):
        events = scoring.evidence.events
        rows = events.table.cursor().execute("SELECT min(customer) FROM events").fetchall()
        return evolve(score, explanation=f"Seen by {rows[0][0]} among others.")


class Citing(Changed):
    def change(self, score, scoring):
        return evolve(score, evidence=(EvidenceRef(table="customers", sources=(), rows=0),))


class Overcounting(Changed):
    def change(self, score, scoring):
        return evolve(score, evidence=(EvidenceRef(table="events", sources=(), rows=10**9),))


@define
class Loose:
    name: str = "visits"
    score = Visits.score


@pytest.mark.parametrize(
    ("mutant", "law", "words"),
    [
        (Foreign, "it scores every world", "which is no Score with scorer='visits'"),
        (NoScores, "it scores every world", "which is no Score"),
        (Stumbles, "it scores every world", "raised ZeroDivisionError"),
        (Twice, "each subject has one score in map order", "are scored more than once"),
        (Backwards, "each subject has one score in map order", "in this order"),
        (Forgets, "each subject has one score in map order", "the map has"),
        (SilentZero, "value status and reason agree", "never a silent figure"),
        (Wild, "value status and reason agree", "nan is no finite number"),
        (Upside, "value status and reason agree", "the interval 2.0 to 1.0"),
        (Vague, "value status and reason agree", "is not a kebab-case word"),
        (Unversioned, "value status and reason agree", "the method as name@version"),
        (Unadded, "components add up to the value", "baseline plus contributions"),
        (Unseeded, "the same seed gives the same scores", "a second run differs"),
        (Clock, "two threads give the same as one", "in a thread the scores differ"),
        (SeededCount, "another seed changes only what chance decides", "another seed changes n"),
        (GlobalChance, "other scorers do not matter", "beside another scorer its scores differ"),
        (Meddles, "it leaves what it reads as it was", "it changed the paths"),
        (Mute, "every score explains itself and names no customer", "has no explanation"),
        (Gossip, "every score explains itself and names no customer", "shows the id of a customer"),
        (Citing, "evidence names tables that are there", "cites customers, which were not given"),
        (Overcounting, "evidence names tables that are there", "cites 1000000000 rows"),
        (Clock, "it is frozen and keeps nothing", "its work changed Clock.count"),
        (Loose, "it is frozen and keeps nothing", "can be changed"),
    ],
)
def test_a_broken_law_is_noticed(mutant, law, words):
    """Each law is broken by a scorer made to break it, and the sentence says how."""
    suite = type("Suite", (ScorerContract,), {"plugin": mutant})
    with pytest.raises(AssertionError, match=re.escape(words)):
        getattr(suite(), f"test_{law.replace(' ', '_')}")()


def test_all_broken_laws_are_told_at_once(broken):
    """One call names every broken law, and a fault that breaks several is told once."""
    found = broken(check_scorer, Foreign)

    assert {"it scores every world", "other scorers do not matter"} <= set(found)
    assert "each subject has one score in map order" not in found


def test_the_global_chance_of_the_tests_is_left_alone():
    """Checking a scorer leaves the random numbers of the author's tests as they were."""
    random.seed(5)
    np.random.seed(5)
    suite = type("Suite", (ScorerContract,), {"plugin": Visits})
    suite().test_other_scorers_do_not_matter()

    assert (random.random(), np.random.random()) == (random.Random(5).random(), np.random.RandomState(5).random())


def test_a_world_of_ones_own_is_looked_at(broken):
    """A law that only a world of the author's breaks is noticed, with the name of that world."""

    class Picky(Visits):
        def score(self, scoring):
            if scoring.journey.id == "mine":
                raise KeyError("mine")
            return super().score(scoring)

    first = next(worlds())
    mine = World(name="special", journey=evolve(first.journey, id="mine"), evidence=first.evidence)

    assert "scoring the world 'special'" in broken(check_scorer, Picky, worlds=[mine])["it scores every world"]
