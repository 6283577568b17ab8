"""The contract of scorers: what `ScorerContract` tests in pytest and `check_scorer` checks in one call."""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar, get_args

import attrs
import numpy as np
from attrs import frozen

from journeykit import api, plugins
from journeykit.protocols import Scorer, Scoring
from journeykit.results import Coverage, Score, Subject
from journeykit.results.scores import Status
from journeykit.testing._laws import Contract, asked, check, fresh, must
from journeykit.testing.worlds import World, worlds

__all__ = ["ScorerContract", "check_scorer"]

_REASON = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_METHOD = re.compile(r"\S+@\d+\S*")


@lru_cache(maxsize=1)
def _built_in_worlds() -> tuple[World, ...]:
    return tuple(worlds())


class ScorerContract(Contract):
    """The laws of a scorer, one test method each; subclass it in your tests.

    ::

        class TestMyScorer(ScorerContract):
            plugin = MyScorer

    ``plugin`` is the class or an instance. It is tried on the `journeykit.testing.worlds.worlds`, and on further
    ``worlds`` of your own.
    """

    registry: ClassVar[plugins.Registry[Any]] = plugins.scorers()
    worlds: ClassVar[Sequence[World]] = ()
    _known: ClassVar[dict[str, tuple[Score, ...]]] = {}

    def __init_subclass__(cls) -> None:
        # Most laws look at the same scores, which take their time; they are made once a suite.
        cls._known = {}

    def every(self) -> tuple[World, ...]:
        """The worlds of the suite, then those of the plugin's author."""
        return (*_built_in_worlds(), *self.worlds)

    def scored(self) -> Iterator[tuple[World, tuple[Score, ...]]]:
        """Every world with the scores of seed 0."""
        for world in self.every():
            if world.name not in self._known:
                self._known[world.name] = _scores(self.made(), world)
            yield world, self._known[world.name]

    def used(self, plugin: Any) -> None:
        """Score the first world."""
        _scores(plugin, self.every()[0])

    def test_it_scores_every_world(self) -> None:
        """It gives Scores of its own name for every world, however little there is in it, and raises nothing."""
        name = self.made().name
        for world, scores in self.scored():
            strangers = [score for score in scores if score.scorer != name]
            must(
                not strangers, f"in {world.name!r} it returned {strangers[:1]}, which is no Score with scorer={name!r}"
            )

    def test_each_subject_has_one_score_in_map_order(self) -> None:
        """A subject (and segment) is scored once; touchpoints, stages and KPIs come in the order of the map, none left out."""
        for world, scores in self.scored():
            keys = [(score.subject, score.segment) for score in scores]
            twice = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
            must(not twice, f"in {world.name!r} these are scored more than once: {twice[:3]}")
            for kind, ids in _subjects(world).items():
                found = list(dict.fromkeys(score.subject.id for score in scores if score.subject.kind == kind))
                if found:
                    must(
                        found == ids,
                        f"in {world.name!r} it scores the {kind}s {found}; the map has {ids}, in this order",
                    )

    def test_value_status_and_reason_agree(self) -> None:
        """A value is finite and rests on something (n), or says why not; status, reason, interval and p fit it."""
        for world, scores in self.scored():
            for score in scores:
                for fault in _faults(score):
                    must(False, f"in {world.name!r}, {_told(score)}: {fault}")

    def test_components_add_up_to_the_value(self) -> None:
        """Baseline plus contributions is the value, to 1e-9: so a reader can follow the figure down."""
        for world, scores in self.scored():
            for score in scores:
                if score.value is not None:
                    total = score.baseline + math.fsum(part.contribution for part in score.components)
                    near = math.isclose(total, score.value, rel_tol=1e-9, abs_tol=1e-9)
                    told = f"the value is {score.value}, baseline plus contributions {total}"
                    must(near, f"in {world.name!r}, {_told(score)}: {told}")

    def test_the_same_seed_gives_the_same_scores(self) -> None:
        """A second run with the same seed gives the same scores to the last digit."""
        plugin = self.made()
        for world, scores in self.scored():
            again = _scores(plugin, world)
            must(again == scores, f"in {world.name!r} a second run differs: {_difference(scores, again)}")

    def test_another_seed_changes_only_what_chance_decides(self) -> None:
        """With another seed subjects, units, n, statuses, methods and evidence stay; only figures of chance move."""
        fixed = ("subject", "segment", "scorer", "unit", "n", "status", "reason", "method", "evidence")
        plugin = self.made()
        for world, scores in self.scored():
            other = _scores(plugin, world, seed=1)
            pairs = zip(scores, other, strict=False)
            moved = [name for a, b in pairs for name in fixed if getattr(a, name) != getattr(b, name)]
            must(
                len(other) == len(scores),
                f"in {world.name!r} another seed gives {len(other)} scores, not {len(scores)}",
            )
            must(not moved, f"in {world.name!r} another seed changes {', '.join(dict.fromkeys(moved))}")

    def test_other_scorers_do_not_matter(self) -> None:
        """Before or after another scorer, one that uses up global chance even, it gives the same scores."""
        plugin = self.made()
        world, scores = next(self.scored())
        for order in ([_Restless(), plugin], [plugin, _Restless()]):
            with _global_chance_kept(), asked(f"scoring together with another scorer in {world.name!r}"):
                card = api.score(world.journey, world.evidence, order)
            own = tuple(score for score in card if score.scorer == plugin.name)
            must(own == scores, f"beside another scorer its scores differ: {_difference(scores, own)}")

    def test_two_threads_give_the_same_as_one(self) -> None:
        """Two threads that score the same world at once both get what one gets."""
        plugin = self.made()
        world, scores = next(self.scored())
        with ThreadPoolExecutor(2) as pool:
            for found in pool.map(lambda one: _scores(plugin, one), (world, world)):
                must(found == scores, f"in a thread the scores differ: {_difference(scores, found)}")

    def test_another_process_gives_the_same_scores(self) -> None:
        """Where it is installed, other Python processes with other hash seeds give the same scores."""
        plugin = self.made()
        if not self.installed():
            return
        code = f"from journeykit.testing.scoring import _fingerprint; print(_fingerprint({plugin.name!r}))"
        told = "another process gives other scores; does an order rest on a set, or on an id?"
        must(fresh(code) == {_fingerprint(plugin.name)}, told)

    def test_it_leaves_what_it_reads_as_it_was(self) -> None:
        """The paths it was given, which other scorers read too, are the same after its work."""
        plugin = self.made()
        for world in self.every():
            scoring = world.scoring()
            before = _bytes(scoring)
            with asked(f"scoring the world {world.name!r}"):
                tuple(plugin.score(scoring))
            must(before == _bytes(scoring), f"in {world.name!r} it changed the paths that it was given")

    def test_every_score_explains_itself_and_names_no_customer(self) -> None:
        """The explanation says something, and no customer's id stands anywhere in a score."""
        for world, scores in self.scored():
            ids = world.customers()
            for score in scores:
                must(bool(score.explanation.strip()), f"in {world.name!r}, {_told(score)} has no explanation")
                text = repr(score)
                told = [id for id in ids if id in text]
                must(not told, f"in {world.name!r}, {_told(score)} shows the id of a customer: {told[:1]}")

    def test_evidence_names_tables_that_are_there(self) -> None:
        """Each piece of evidence is a table that was given, and no more rows of it than there are."""
        for world, scores in self.scored():
            for score in scores:
                for reference in score.evidence:
                    table = getattr(world.evidence, reference.table, None)
                    there = reference.table == "journey" or table is not None
                    must(there, f"in {world.name!r}, {_told(score)} cites {reference.table}, which were not given")
                    most = math.inf if table is None else len(table)
                    rows = f"in {world.name!r}, {_told(score)} cites {reference.rows} rows of {most} {reference.table}"
                    must(reference.rows is None or 0 <= reference.rows <= most, rows)


def check_scorer(scorer: Scorer | type[Scorer], *, worlds: Sequence[World] = ()) -> None:
    """Check every law of `ScorerContract` at once, in further worlds of your own too.

    Raises AssertionError with one line for each broken law.
    """
    check(ScorerContract, plugin=scorer, worlds=tuple(worlds))


@frozen(kw_only=True)
class _Restless:
    """Another scorer: it shifts every global source of chance, as strangers may."""

    name: str = "restless-neighbour"

    def score(self, scoring: Scoring) -> Iterable[Score]:
        random.seed(scoring.coverage.journeys)
        np.random.seed(scoring.coverage.journeys)
        subject = Subject(kind="journey", id=scoring.journey.id)
        yield Score(
            subject=subject, scorer=self.name, value=random.random(), unit="none", n=1, status="ok",  # noqa: S311
            method="restless@1", explanation="A neighbour.",
        )  # fmt: skip


@contextmanager
def _global_chance_kept() -> Iterator[None]:
    plain, numpys = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(plain)
        np.random.set_state(numpys)


def _scores(plugin: Any, world: World, seed: int = 0) -> tuple[Score, ...]:
    with asked(f"scoring the world {world.name!r} with seed {seed}"):
        scores: tuple[Any, ...] = tuple(plugin.score(world.scoring(seed)))
    strangers = [score for score in scores if not isinstance(score, Score)]
    must(not strangers, f"in the world {world.name!r} it returned {strangers[:1]}, which is no Score")
    return scores


def _subjects(world: World) -> dict[str, list[str]]:
    journey = world.journey
    return {
        "touchpoint": [touchpoint.id for touchpoint in journey.touchpoints()],
        "stage": [stage.id for stage in journey.stages],
        "kpi": [kpi.id for kpi in journey.kpis],
        "journey": [journey.id],
    }


def _faults(score: Score) -> Iterator[str]:
    if score.status not in get_args(Status):
        yield f"the status {score.status!r} is none of {', '.join(get_args(Status))}"
    if score.status == "ok" and score.reason is not None:
        yield f"status ok needs no reason, but has {score.reason!r}"
    if score.status != "ok" and not _REASON.fullmatch(score.reason or ""):
        yield f"the reason {score.reason!r} is not a kebab-case word"
    n: object = score.n
    if (n is not None or score.status != "suppressed") and (not isinstance(n, int) or n < 0):
        yield f"n is {score.n!r}, not a count"
    if score.status == "suppressed" and (score.components or score.interval or score.p_value is not None):
        yield "it is suppressed, but its components, interval or p tell what it withholds"
    if score.status == "ok" and score.n == 0:
        yield f"the value {score.value} rests on nothing (n = 0); that is low-n or not-estimable, never a silent figure"
    if not score.unit.strip() or not _METHOD.fullmatch(score.method):
        yield f"unit {score.unit!r} and method {score.method!r} must say something, the method as name@version"
    numbers = [score.value, score.p_value, score.baseline]
    numbers += [
        number for part in score.components for number in (part.raw, part.scaled, part.weight, part.contribution)
    ]
    if wild := [number for number in numbers if number is not None and not math.isfinite(number)]:
        yield f"{wild[0]} is no finite number"
    if score.p_value is not None and not 0 <= score.p_value <= 1:
        yield f"p = {score.p_value} is no probability"
    if score.interval is not None:
        low, high, level = score.interval.low, score.interval.high, score.interval.level
        if not (math.isfinite(low) and math.isfinite(high) and low <= high and 0 < level < 1):
            yield f"the interval {low} to {high} at {level} is none"
        if score.value is None:
            yield "there is an interval but no value"


def _told(score: Score) -> str:
    segment = f" ({score.segment})" if score.segment else ""
    return f"the score of {score.subject.kind} {score.subject.id!r}{segment}"


def _difference(first: Sequence[Score], second: Sequence[Score]) -> str:
    for a, b in zip(first, second, strict=False):
        if a != b:
            names = [field.name for field in attrs.fields(Score) if getattr(a, field.name) != getattr(b, field.name)]
            return f"{_told(a)}, {', '.join(names)}"
    return f"{len(first)} scores and {len(second)}"


def _bytes(scoring: Scoring) -> tuple[tuple[bytes, ...], Coverage]:
    values = (getattr(scoring.paths, field.name) for field in attrs.fields(type(scoring.paths)))
    return tuple(value.tobytes() for value in values if isinstance(value, np.ndarray)), scoring.coverage


def _fingerprint(name: str) -> str:
    """A digest of what the installed scorer says of the first world."""
    scores = _scores(plugins.scorers().get(name), next(worlds()))
    return hashlib.sha256(repr(scores).encode()).hexdigest()
