"""What time has overtaken is found as of a day, and the day is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from journeykit import api
from journeykit.conformance import Thresholds, ageing
from journeykit.errors import ArgumentError
from journeykit.evidence import Evidence
from journeykit.model import Emotion, Journey, Moment, Objective, Opportunity, Pain, Persona, Stage, Thought, Touchpoint

TODAY = date(2026, 6, 1)
POINT = "stages[0].touchpoints[0]"


def journey(**changes: Any) -> Journey:
    return Journey(**{"id": "a", "title": "A", **changes})


def card(**changes: Any) -> Journey:
    return journey(stages=[Stage(id="s", title="S", touchpoints=[Touchpoint(**{"id": "t", "title": "T", **changes})])])


def objective(due: date | None) -> Journey:
    return journey(objectives=[Objective(id="o", statement="O", due=due)])


def chance(**changes: Any) -> Journey:
    return card(opportunities=[Opportunity(**{"title": "O", "due": date(2026, 5, 31), **changes})])


@pytest.mark.parametrize(
    ("map", "expected"),
    [
        (
            journey(reviewed=date(2026, 5, 1), review_every=timedelta(days=30)),
            [("review-overdue", "warning", "reviewed")],
        ),
        # Due on the very day, so not overdue.
        (journey(reviewed=date(2026, 5, 2), review_every=timedelta(days=30)), []),
        (journey(reviewed=date(2000, 5, 2)), []),
        (journey(reviewed=date(2026, 5, 2), review_every=timedelta(days=999_999_999)), []),
        (objective(date(2026, 5, 31)), [("objective-past-due", "warning", "objectives[0].due")]),
        (objective(TODAY), []),
        (objective(None), []),
        (chance(), [("opportunity-past-due", "warning", f"{POINT}.opportunities[0].due")]),
        (chance(status="doing"), [("opportunity-past-due", "warning", f"{POINT}.opportunities[0].due")]),
        (chance(status="done"), []),
        (chance(status="dropped"), []),
        (chance(due=TODAY), []),
        (
            journey(personas=[Persona(id="p", name="P", updated=date(2025, 5, 31))]),
            [("persona-out-of-date", "info", "personas[0].updated")],
        ),
        (journey(personas=[Persona(id="p", name="P", updated=date(2025, 6, 1))]), []),
        (
            card(
                thoughts=[Thought(text="x", as_of=date(2025, 6, 1)), Thought(text="y", as_of=date(2025, 5, 31))],
                emotions=[Emotion(valence=1, as_of=date(2020, 1, 1))],
                pains=[Pain(text="z", as_of=date(2025, 5, 31)), Pain(text="no day")],
                moment=Moment(kind="first", as_of=date(2025, 5, 31)),
            ),
            [
                ("claim-out-of-date", "info", f"{POINT}.thoughts[1].as_of"),
                ("claim-out-of-date", "info", f"{POINT}.emotions[0].as_of"),
                ("claim-out-of-date", "info", f"{POINT}.pains[0].as_of"),
                ("claim-out-of-date", "info", f"{POINT}.moment.as_of"),
            ],
        ),
    ],
)
def test_each_date_that_is_past_is_found_and_no_other(map: Journey, expected: list[tuple[str, str, str]]) -> None:
    """What was due before today is found at its place; what is due today, done or undated is not."""
    found = [(f.code, f.severity, f.address.path) for f in ageing(map, TODAY) if f.code != "checked-as-of"]

    assert expected == found


def test_how_old_a_claim_may_be_is_a_setting() -> None:
    """A claim of last month is out of date where claims may be a week old."""
    map = card(pains=[Pain(text="z", as_of=date(2026, 5, 1))])

    assert ["checked-as-of"] == [f.code for f in ageing(map, TODAY)]
    assert ["checked-as-of", "claim-out-of-date"] == [
        f.code for f in ageing(map, TODAY, thresholds=Thresholds(claim_age=timedelta(days=7)))
    ]


def test_a_map_without_dates_is_compared_with_none() -> None:
    """Where no date is on the map the day does not matter and is not reported."""
    assert () == ageing(journey(reviewed=date(2000, 1, 1)), TODAY)


def test_the_day_is_recorded_with_its_origin(log: Any) -> None:
    """Today is what was asked for, else the last observed day, else the day of the call; the findings say which."""
    map = objective(date(2026, 3, 15))
    events = log({"home": 1})

    def stated(**arguments: Any) -> str:
        return api.check(map, **arguments)["checked-as-of"].message

    assert "2026-01-02 (as asked for)" in stated(today=date(2026, 1, 2), evidence=Evidence(events=events))
    assert "2026-01-02 (as asked for)" in stated(today=datetime(2026, 1, 2, 23, tzinfo=UTC))
    assert "2026-04-30 (the day up to which" in stated(evidence=Evidence(events=events))
    assert f"{date.today()} (the day of this check)" in stated(evidence=Evidence())
    assert f"{date.today()} (the day of this check)" in stated()


def test_a_day_is_a_date() -> None:
    """A text is refused rather than guessed at."""
    with pytest.raises(ArgumentError, match=r"today='2026-01-02': give a datetime\.date"):
        api.check(journey(), today="2026-01-02")  # type: ignore[arg-type]
