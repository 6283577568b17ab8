"""Where one stage ends and the next begins: natural breaks in the steps at which touchpoints are first visited."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, groupby, pairwise

__all__ = ["ENOUGH", "MOST", "breaks"]

# More stages than this no page shows side by side.
MOST = 5
# The share of the variance of the steps that the stages must explain; with it, more stages would split what belongs together.
ENOUGH = Fraction(9, 10)


def breaks(steps: Sequence[Fraction]) -> list[int]:
    """The lengths of the stages into which the rising steps fall.

    The fewest stages (at most 5) within which the squared deviations from the stage's mean add up to at most a tenth of
    those from the mean of all; for a number of stages, the split with the least (Fisher 1958, "natural breaks"), solved
    exactly. Equal steps are never parted, so a log without order gives one stage.
    """
    groups = [(step, len(list(members))) for step, members in groupby(steps)]
    sums = [Fraction(0), *accumulate(step * size for step, size in groups)]
    squares = [Fraction(0), *accumulate(step * step * size for step, size in groups)]
    sizes = [0, *accumulate(size for _, size in groups)]

    def spread(start: int, stop: int) -> Fraction:
        """The squared deviations within one stage of groups."""
        return squares[stop] - squares[start] - (sums[stop] - sums[start]) ** 2 / (sizes[stop] - sizes[start])

    number = len(groups)
    best = [(spread(0, stop), [0]) for stop in range(1, number + 1)]
    total, cuts = best[-1]
    for stages in range(2, min(MOST, number) + 1):
        if best[-1][0] <= (1 - ENOUGH) * total:
            break
        # best[stop - 1] becomes the best split of the first `stop` groups into `stages`; ties go to the earliest cut.
        best = [
            min((best[cut - 1][0] + spread(cut, stop), [*best[cut - 1][1], cut]) for cut in range(stages - 1, stop))
            if stop >= stages
            else best[stop - 1]
            for stop in range(1, number + 1)
        ]
        cuts = best[-1][1]
    bounds = [sizes[cut] for cut in cuts] + [sizes[-1]]
    return [stop - start for start, stop in pairwise(bounds)]
