"""Natural breaks against every possible cut."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.discovery._staging import ENOUGH, MOST, breaks

Steps = list[Fraction]
rising = st.lists(st.integers(2, 24).map(lambda twice: Fraction(twice, 2)), min_size=1, max_size=9).map(sorted)


def spread(steps: Steps) -> Fraction:
    mean = sum(steps, Fraction(0)) / len(steps)
    return sum(((step - mean) ** 2 for step in steps), Fraction(0))


def cut(steps: Steps, lengths: list[int]) -> list[Steps]:
    bounds = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    return [steps[a:b] for a, b in pairwise(bounds)]


def best(steps: Steps, stages: int) -> Fraction | None:
    """The least spread of all cuts between unequal steps into so many stages."""
    seams = [i for i in range(1, len(steps)) if steps[i] != steps[i - 1]]
    cuts = [[0, *chosen, len(steps)] for chosen in combinations(seams, stages - 1)]
    return min((sum((spread(steps[a:b]) for a, b in pairwise(c)), Fraction(0)) for c in cuts), default=None)


@given(rising)
def test_the_cut_is_the_best_of_all(steps: Steps) -> None:
    """Of all cuts into as many stages none spreads less, and fewer stages would not explain enough."""
    lengths = breaks(steps)
    found = sum((spread(part) for part in cut(steps, lengths)), Fraction(0))
    limit = (1 - ENOUGH) * spread(steps)
    fewer = [best(steps, stages) for stages in range(1, len(lengths))]

    assert len(steps) == sum(lengths)
    assert min(lengths) >= 1
    assert len(lengths) <= MOST
    assert best(steps, len(lengths)) == found
    assert [] == [one for one in fewer if one is not None and one <= limit]
    assert found <= limit or len(lengths) in (MOST, len(set(steps)))


@pytest.mark.parametrize(
    ("steps", "lengths"),
    [([3], [1]), ([1, 1, 1], [3]), ([1, 2], [1, 1]), ([1, 1, 2, 7, 8, 8], [3, 3]), ([1, 4, 4, 9, 9], [1, 2, 2])],
)
def test_small_cases_by_hand(steps: list[int], lengths: list[int]) -> None:
    """Equal steps are one stage; clear groups are cut where they part."""

    assert lengths == breaks([Fraction(step) for step in steps])
