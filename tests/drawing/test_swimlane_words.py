"""How the picture writes numbers and reasons."""

from __future__ import annotations

import pytest

from journeykit.drawing.swimlane.words import decimals_for, doubt, figure, reason
from journeykit.scorers._subjects import REASONS


@pytest.mark.parametrize("decimals", [None, 0, 1, 2, 3])
def test_there_is_no_negative_nought(decimals: int | None) -> None:
    """What rounds to nought has no sign; what does not has a real minus."""
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


def test_every_reason_of_the_built_in_scorers_is_in_words() -> None:
    """No code with its hyphens reaches a reader, and a sentence stays a sentence."""
    assert [] == [code for code in REASONS if "-" in reason(code)]
    assert "fewer than 30 journeys" == reason("fewer than 30 journeys")
    assert "some new code" == reason("some-new-code")


def test_a_status_is_said_in_words() -> None:
    """``low-n`` and its kin are names for programs."""
    said = [doubt("low-n", "few-journeys"), doubt("not-estimable", None), doubt("my-own", "x")]

    assert ["Uncertain: few journeys", "Not estimable", "My own: x"] == said
