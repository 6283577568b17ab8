"""The checks together: whole, repeatable and never in the way, whatever the map."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeykit import api, codec
from journeykit.conformance import CHECKS, check, lint
from journeykit.errors import ArgumentError
from journeykit.evidence import Evidence
from journeykit.model import Journey
from journeykit.testing.strategies import journeys


@pytest.fixture(scope="module")
def evidence(log: Any) -> Evidence:
    return Evidence(
        events=log({"home cart pay order": 12, "search home": 5}, session=lambda _: "s", value=lambda _: 1.5)
    )


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(journey=journeys(), today=st.dates())
def test_any_map_can_be_checked_on_any_day(evidence: Evidence, journey: Journey, today: date) -> None:
    """For any journey, day and log there are findings, never an exception, each of a listed code at a place in the map."""
    found = check(journey, evidence, today=today)
    text = codec.dumps(journey)
    places = codec.positions(text, {f.address.path or "" for f in found})

    assert set() == {f.code for f in found} - set(CHECKS)
    assert list(lint(journey)) == list(found)[: len(lint(journey))]
    assert all(f.message and f.next_step for f in found)
    assert all(1 <= line <= text.count("\n") + 1 for line, _ in places.values())
    assert found == check(journey, evidence, today=today)


def test_severities_are_those_that_are_listed_or_milder(evidence: Evidence, shop: Any) -> None:
    """The severity in the list is the usual one; a finding below its threshold is milder, and only figures may be more severe."""
    rank = {"info": 0, "warning": 1, "error": 2}
    found = api.check(shop(review_every=timedelta(days=1), reviewed=date(2020, 1, 1)), evidence)

    assert [f.code for f in found if rank[f.severity] > rank[CHECKS[f.code].severity]] == []


def test_a_table_in_place_of_the_evidence_is_refused(evidence: Evidence, shop: Any) -> None:
    """The events themselves are not the evidence; the sentence says what to write."""
    sentence = "evidence=EventLog(...): put what was read into one Evidence, such as Evidence(events=events)"
    with pytest.raises(ArgumentError, match=re.escape(sentence)):
        api.check(shop(), evidence.events)
