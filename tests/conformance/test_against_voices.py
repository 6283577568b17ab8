"""Feedback that no touchpoint can use and KPIs without their metric are found."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from journeykit import api
from journeykit.conformance import Thresholds, against_feedback, against_metrics
from journeykit.evidence import Evidence, Feedback, Metrics
from journeykit.model import Journey, Kpi, Match, Stage, Touchpoint

CART = Touchpoint(id="cart", title="C", match=Match(event="add_to_cart"), channels=["web"])
JOURNEY = Journey(
    id="j",
    title="J",
    stages=[Stage(id="s", title="S", touchpoints=[CART])],
    kpis=[
        Kpi(id="a", name="A", source="conversion"),
        Kpi(id="b", name="B", source="nps_score"),
        Kpi(id="c", name="C"),
    ],
)


def feedback(counts: dict[str | None, int], kind: str = "rating") -> Feedback:
    subjects = [name for name, n in counts.items() for _ in range(n)]
    data = {"about": pa.array(subjects, pa.string()), "score": [3.0] * len(subjects)}
    return api.read_feedback(pa.table(data), kind=kind, scale=(1, 5) if kind == "rating" else (0, 10))


def test_feedback_about_what_the_map_knows_is_fine() -> None:
    """A touchpoint's id, its event and its channel are on the map; so is an answer about nothing among others."""
    assert () == against_feedback(JOURNEY, feedback({"cart": 3, "add_to_cart": 3, "web": 3, None: 5}))
    assert () == against_feedback(JOURNEY, feedback({}))


def test_feedback_about_what_is_not_on_the_map_is_counted() -> None:
    """Subjects off the map are a warning with their counts; those of fewer than ten answers are not named."""
    said = feedback({"cart": 50, "app": 30, "shop": 10, "anna@example.org": 9, "bo@example.org": 1})
    (found,) = against_feedback(JOURNEY, said)

    assert ("feedback-off-map", "warning", "stages") == (found.code, found.severity, found.address.path)
    assert found.message == (
        "50 of 100 answers (50 %) are about nothing on the map: 'app' 30, 'shop' 10, 2 other subjects"
    )
    (few,) = against_feedback(JOURNEY, feedback({"cart": 50, "app": 30}), thresholds=Thresholds(least=31))
    assert few.message.endswith("are about nothing on the map: 1 subject")


def test_feedback_that_names_no_subject_is_said_once() -> None:
    """Where no answer says what it is about, no touchpoint can use any; NPS speaks of the whole relation."""
    (found,) = against_feedback(JOURNEY, feedback({None: 12}))
    bare = api.read_feedback(pa.table({"score": [3.0, 4.0]}), kind="rating", scale=(1, 5))

    assert ("feedback-without-subject", "info") == (found.code, found.severity)
    assert found.message.startswith("none of the 12 answers says")
    assert ["feedback-without-subject"] == [f.code for f in against_feedback(JOURNEY, bare)]
    assert () == against_feedback(JOURNEY, feedback({None: 12, "app": 3}, kind="nps"))


def metrics(*names: str) -> Metrics:
    times = ["2026-01-01T00:00:00Z"] * len(names)
    return api.read_metrics(pa.table({"kpi": list(names), "time": times, "value": [1.0] * len(names)}))


def test_a_kpi_whose_metric_is_absent_is_found() -> None:
    """A source that the metrics lack is a warning with the near name; one that they hold, or none at all, is not."""
    (found,) = against_metrics(JOURNEY, metrics("conversion", "nps-score"))

    assert ("metric-missing", "warning", "kpis[1].source") == (found.code, found.severity, found.address.path)
    assert found.message == "the KPI 'b' is measured by 'nps_score', which is none of the 2 metrics"
    assert found.next_step.startswith("did you mean 'nps-score'?")
    assert [] == list(against_metrics(JOURNEY, metrics("conversion", "nps_score")))


def test_check_looks_at_whatever_evidence_there_is() -> None:
    """Feedback and metrics are checked without events, and nothing is said of what was not read."""

    def codes(**parts: Any) -> set[str]:
        found = {f.code for f in api.check(JOURNEY, Evidence(**parts))}
        return found & {"feedback-off-map", "metric-missing", "fit", "coverage"}

    assert {"feedback-off-map"} == codes(feedback=feedback({"app": 3}))
    assert {"metric-missing"} == codes(metrics=metrics("x"))
    assert set() == codes()
