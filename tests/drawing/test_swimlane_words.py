"""How the picture writes figures, reasons and states."""

from __future__ import annotations

import pytest

from journeykit.drawing.swimlane.sketch import decimals_for
from journeykit.drawing.wording import LANGUAGES, wording
from journeykit.renderers._markdown_reasons import _REASONS as OF_REPORTS
from journeykit.scorers._kpi_figures import REASONS as OF_KPIS
from journeykit.scorers._subjects import REASONS
from journeykit.scorers.friction import EVENT_WEIGHTS, FEEDBACK_WEIGHTS

ALL_PARTS = {*EVENT_WEIGHTS, *FEEDBACK_WEIGHTS}


@pytest.mark.parametrize("decimals", [None, 0, 1, 2, 3])
def test_there_is_no_negative_nought(decimals: int | None) -> None:
    """What rounds to nought has no sign; what does not has a real minus."""
    figure = wording("en").number
    assert "−" not in figure(-0.0001, decimals)
    assert "−" not in figure(-0.0, decimals)
    assert figure(-3.0, decimals).startswith("−3")


@pytest.mark.parametrize(
    ("values", "decimals"),
    [((0.43, 0.012), 2), ((0.43, -0.0076), 3), ((0.0, 0.4), 2), ((12.5, 3.0), 1), ((350.0, 12.0), 0), ((), 2)],
)
def test_decimals_are_chosen_over_all_figures(values: tuple[float, ...], decimals: int) -> None:
    """Two for shares, one more when the smallest is below a hundredth, fewer for large figures."""
    assert decimals == decimals_for(values)


@pytest.mark.parametrize(("width", "decimals"), [(0.003, 3), (0.03, 2), (0.6, 2)])
def test_no_digit_is_written_that_every_interval_leaves_open(width: float, decimals: int) -> None:
    """A third decimal under an interval of hundredths would claim what nobody knows."""
    assert decimals == decimals_for((0.43, 0.002), (0.7, width))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("points", [0.5, 1.0, 28.1])
def test_losses_with_decimals_are_written_in_every_language(language: str, points: float) -> None:
    """The number chooses the plural and is written as the language does, with the decimals asked for."""
    words = wording(language)

    assert words.number(points, 1) in words.counted("points-lost", points, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_the_built_in_scorers_is_in_words(language: str) -> None:
    """No code with its hyphens reaches a reader in any language, and a sentence stays a sentence."""
    words = wording(language)
    assert [] == [code for code in (*REASONS, *OF_KPIS, *OF_REPORTS) if not words.has(f"reason.{code}")]
    assert "fewer than 30 journeys" == words.reason("fewer than 30 journeys")
    assert "some new code" == words.reason("some-new-code")


def test_a_reason_may_carry_a_number_a_part_or_another_scorer() -> None:
    """Codes that are put together are taken apart."""
    said = [wording("en").reason(code) for code in ("fewer-than-10", "few-observations-of-delay", "impact-no-outcome")]

    assert ["fewer than 10 people", "few observations of delay", "Impact: the map names no outcome"] == said
    assert [] == [part for part in ALL_PARTS if not wording("en").has(f"what.{part}")]


def test_a_status_is_said_in_words() -> None:
    """``low-n`` and its kin are names for programs."""
    doubt = wording("en").doubt
    said = [doubt("low-n", "few-journeys"), doubt("not-estimable", None), doubt("my-own", "x")]

    assert ["Uncertain: few journeys", "Not estimable", "My own: x"] == said
