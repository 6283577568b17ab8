"""The bare chain is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeykit.errors import ArgumentError
from journeykit.measures.chain import AbsorbingChain, removal_effects


def test_drunkard(reference):
    """Grinstead & Snell's drunkard has their fundamental matrix, steps and absorption probabilities."""
    case = reference["drunkard"]
    chain = AbsorbingChain(q=np.array(case["inputs"]["Q"]), r=np.array(case["inputs"]["R"]))

    assert np.allclose(case["expected"]["N"], chain.fundamental(), atol=case["tolerance"])
    assert np.allclose(case["expected"]["t"], chain.steps(), atol=case["tolerance"])
    assert np.allclose(case["expected"]["B"], chain.absorption(), atol=case["tolerance"])


@pytest.mark.parametrize(
    ("q", "r", "words"),
    [([[0.5]], [[0.6]], "sums to 1"), ([[-0.5]], [[1.5]], "none negative"), ([[1.0]], [[0.0]], "never reaches an end")],
)
def test_not_a_chain(q, r, words):
    """What is no absorbing chain is refused with the reason."""
    with pytest.raises(ArgumentError, match=words):
        AbsorbingChain(q=np.array(q), r=np.array(r)).fundamental()


@st.composite
def chains(draw):
    size = draw(st.integers(1, 5))
    weights = draw(
        st.lists(
            st.lists(st.integers(0, 5), min_size=size + 2, max_size=size + 2), min_size=size + 1, max_size=size + 1
        )
    )
    # A little loss everywhere keeps every chain absorbing.
    counts = np.array(weights, dtype=float) + np.eye(1, size + 2, size + 1)
    return counts / counts.sum(axis=1, keepdims=True)


@given(chains())
def test_removal_effect_is_the_loss_of_every_arrival(rows):
    """The closed form equals solving the chain anew with every arrival at i lost."""
    size = len(rows) - 1
    start, moves, converting = rows[-1, : size + 1], rows[:-1, :size], rows[:-1, size]

    def converts(first, inner):
        return first[size] + first[:size] @ np.linalg.solve(np.eye(size) - inner, converting)

    total, effects = removal_effects(start[None], moves[None], converting[None])

    assert np.isclose(converts(start, moves), total[0])
    for i in range(size if total[0] > 0 else 0):
        kept, first = moves.copy(), start.copy()
        kept[:, i], first[i] = 0, 0
        assert np.isclose(1 - converts(first, kept) / total[0], effects[0, i], atol=1e-9)
