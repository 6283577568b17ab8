"""Whose ratings they are: personas whose segment rule picks customers, and what is withheld for their sake."""

from __future__ import annotations

import subprocess
import sys

import attrs
import pytest

from journeykit import read_customers, read_feedback
from journeykit.evidence import Evidence
from journeykit.model import Emotion, Match, Persona
from journeykit.scorers.emotion import EmotionScorer

SCORER = EmotionScorer()


@pytest.fixture
def scored(make_scoring, tmp_path):
    """Scores by (persona, touchpoint): ``raters`` are (customer, touchpoint, score of 5), ``tiers`` customers' attributes."""

    def score(raters, tiers, rules=(("ann", "gold"), ("bob", "basic")), claims=(), column="tier"):
        said, who = tmp_path / "feedback.csv", tmp_path / "customers.csv"
        rows = [f"{customer},{about},rating,{score},1,5\n" for customer, about, score in raters]
        said.write_text("customer,about,kind,score,scale_low,scale_high\n" + "".join(rows), encoding="utf-8")
        who.write_text("customer,tier\n" + "".join(f"{c},{tier}\n" for c, tier in tiers.items()), encoding="utf-8")
        scoring = make_scoring([("AB", True)])
        personas = [Persona(id=p, name=p.capitalize(), segment=Match(where={column: tier})) for p, tier in rules]
        journey = scoring.journey.replace("map", personas=personas)
        for id, persona, valence in claims:
            journey = journey.replace(id, emotions=[Emotion(valence=valence, persona=persona)])
        evidence = Evidence(feedback=read_feedback(said), customers=read_customers(who) if tiers else None)
        found = SCORER.score(attrs.evolve(scoring, journey=journey, evidence=evidence))
        return {(s.segment, s.subject.id): s for s in found}

    return score


def people(**tiers):
    return {f"{tier}{i}": tier for tier, n in tiers.items() for i in range(n)}


def test_ratings_by_segment(scored):
    """A persona's value is the mean over the customers its rule picks; a customer whom no rule picks counts for everyone."""
    tiers = people(gold=20, basic=30, none=10)
    marks = {"gold": 5, "basic": 2, "none": 3}
    found = scored([(c, "a", marks[tier] - (i % 2)) for i, (c, tier) in enumerate(tiers.items())], tiers)

    assert [1.5, -1.5] == [found[p, "a"].value for p in ("ann", "bob")]
    assert (20 * 1.5 + 30 * -1.5 + 10 * -0.5) / 60 == pytest.approx(found[None, "a"].value)
    assert [20, 30, 60] == [found[p, "a"].n for p in ("ann", "bob", None)]
    assert {("feedback", 20), ("customers", 20)} == {(e.table, e.rows) for e in found["ann", "a"].evidence}
    assert "tier = gold" in {e.rule for e in found["ann", "a"].evidence}
    assert "Emotion of A for Ann is +1.50" in found["ann", "a"].explanation


def test_small_groups_are_withheld(scored):
    """A persona with fewer than 10 raters at a touchpoint is suppressed there, its number too; elsewhere it is not."""
    tiers = people(gold=12, basic=30)
    raters = [(c, "a", 4) for c, tier in tiers.items() if tier == "basic" or int(c[4:]) < 9]
    raters += [(c, "b", 4) for c in tiers]
    found = scored(raters, tiers, rules=(("ann", "gold"),))

    assert ("suppressed", "small-group", None, 0, (), ()) == tuple(
        getattr(found["ann", "a"], name) for name in ("status", "reason", "value", "n", "components", "evidence")
    )
    assert "9" not in found["ann", "a"].explanation
    assert ("low-n", 12) == (found["ann", "b"].status, found["ann", "b"].n)


def test_nothing_small_is_left_by_subtraction(scored):
    """A large persona is withheld where everyone without it would be fewer than 10 customers."""
    tiers = people(gold=40, basic=9)
    found = scored([(c, "a", 4) for c in tiers], tiers)

    assert ["suppressed", "suppressed", "ok"] == [found[p, "a"].status for p in ("ann", "bob", None)]


def test_an_overlap_is_no_way_in(scored):
    """Of two personas that differ in a handful of customers only the first is published."""
    tiers = people(gold=40, basic=5, none=40)
    found = scored([(c, "a", 4) for c in tiers], tiers, rules=(("ann", "gold"), ("bob", ["gold", "basic"])))

    assert ["ok", "suppressed", "ok"] == [found[p, "a"].status for p in ("ann", "bob", None)]


@pytest.mark.parametrize(
    ("tiers", "column", "why"),
    [
        ({"x": "gold"}, "plan", "it has no column 'plan'"),
        ({}, "tier", "there is no table of customers"),
    ],
)
def test_a_rule_that_cannot_be_asked(scored, tiers, column, why):
    """Then only claims carry the persona, and its scores say why no rating does."""
    raters = [(f"x{i}", "a", 5) for i in range(30)]
    found = scored(raters, tiers, rules=(("ann", "gold"),), claims=[("a", "ann", -1.0)], column=column)

    assert (-1.0, "declared-only") == (found["ann", "a"].value, found["ann", "a"].reason)
    assert why in found["ann", "a"].explanation
    assert 2.0 == found[None, "a"].value


def test_a_rule_of_the_wrong_type(make_scoring, scored):
    """A rule the column's type cannot take is told like one whose column is absent."""
    from journeykit.model import Condition

    found = scored([("x", "a", 5)], {"x": "gold"}, rules=(("ann", Condition("lt", 3)),), claims=[("a", "ann", 1.0)])

    assert "column 'tier' is VARCHAR" in found["ann", "a"].explanation


def test_no_rule(make_scoring):
    """A persona without a rule says so."""
    scoring = make_scoring([("AB", True)])
    journey = scoring.journey.replace("map", personas=[Persona(id="ann", name="Ann")])
    journey = journey.replace("a", emotions=[Emotion(valence=1, persona="ann")])
    found = {(s.segment, s.subject.id): s for s in SCORER.score(attrs.evolve(scoring, journey=journey))}

    assert "the map gives the persona no segment rule" in found["ann", "a"].explanation


def test_every_output_takes_scores_of_segments(tmp_path):
    """Scores of personas, suppressed ones and the journey's own pass through every renderer and the JSON form unharmed."""
    from datetime import UTC, datetime

    import journeykit as jk
    from journeykit import codec
    from journeykit.model import Journey, Moment, Stage, Touchpoint

    events = [f"c{i},2026-01-01T0{hour}:00:00Z,{e}" for i in range(40) for hour, e in enumerate("ab")]
    (tmp_path / "e.csv").write_text("\n".join(["customer,time,event", *events]), encoding="utf-8")
    (tmp_path / "c.csv").write_text(
        "\n".join(["customer,tier", *(f"c{i},{'gold' if i < 15 else 'basic'}" for i in range(40))]), encoding="utf-8"
    )
    answers = [f"c{i},a,{1 + i % 5}" for i in range(40)] + [f"c{i},b,{1 + i % 2}" for i in range(20)]
    (tmp_path / "f.csv").write_text("\n".join(["customer,about,score", *answers]), encoding="utf-8")
    personas = [Persona(id=p, name=p.upper(), segment=Match(where={"tier": p})) for p in ("gold", "basic")]
    touchpoints = [
        Touchpoint(
            id=id,
            title=id,
            match=Match(event=id),
            moment=Moment(kind="last"),
            emotions=[Emotion(valence=1, persona="gold"), Emotion(valence=-1)],
        )
        for id in "ab"
    ]
    journey = Journey(id="m", title="M", personas=personas, stages=[Stage(id="s", title="S", touchpoints=touchpoints)])
    evidence = Evidence(
        events=jk.read_events(tmp_path / "e.csv", observed_until=datetime(2026, 6, 1, tzinfo=UTC)),
        feedback=jk.read_feedback(tmp_path / "f.csv", scale=(1, 5)),
        customers=read_customers(tmp_path / "c.csv"),
    )
    card = jk.score(journey, evidence, ["emotion", "moments"])

    assert {"ok", "low-n", "suppressed"} == {score.status for score in card}
    assert {None, "gold", "basic"} == {score.segment for score in card}
    assert codec.loads_scorecard(codec.dumps_scorecard(card)) == card
    assert {"touchpoint"} == {score.subject.kind for score in card.top("moments", 9)}
    for name in ("swimlane", "curve", "markdown", "json"):
        assert jk.render(journey, name, scores=card).body


def test_quiet_at_exit(tmp_path):
    """Asking a segment rule leaves nothing behind that DuckDB complains about when the interpreter ends."""
    code = """
import attrs, numpy, pathlib, sys
import journeykit as jk
from journeykit.model import Journey, Match, Outcome, Persona, Stage, Touchpoint
folder = pathlib.Path(sys.argv[1])
(folder / "e.csv").write_text("customer,time,event\\nx,2026-01-01T00:00:00Z,a\\n")
(folder / "f.csv").write_text("customer,about,score\\nx,a,3\\n")
(folder / "c.csv").write_text("customer,tier\\nx,gold\\n")
stage = Stage(id="s", title="S", touchpoints=[Touchpoint(id="a", title="A", match=Match(event="a"))])
persona = Persona(id="ann", name="Ann", segment=Match(where={"tier": "gold"}))
journey = Journey(id="m", title="M", personas=[persona], stages=[stage])
evidence = jk.Evidence(
    events=jk.read_events(folder / "e.csv"),
    feedback=jk.read_feedback(folder / "f.csv", scale=(1, 5)),
    customers=jk.read_customers(folder / "c.csv"),
)
print([(s.segment, s.status) for s in jk.score(journey, evidence, ["emotion"])])
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)

    assert "[(None, 'suppressed'), ('ann', 'suppressed')]\n" == done.stdout
    assert "" == done.stderr
