"""Entropy by group, with the correction for small samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from journeykit.inference import entropies, evenness

ONE = np.zeros(2, dtype=np.int64)


def test_published_entropy(reference):
    """The uncorrected entropy of shares .9 and .1 is Shannon's, in bits."""
    case = reference["entropy_scipy"]
    found, options = entropies(np.array([[9.0, 1.0]]), ONE, 1, corrected=False)

    assert case["expected"] == pytest.approx(found[0, 0] / np.log(2), abs=case["tolerance"])
    assert 2 == options[0, 0]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_miller_and_madow(counts):
    """The correction adds (options taken - 1) / (2 n) to scipy's entropy; an option never taken is none."""
    found, options = entropies(np.array([counts], dtype=float), np.zeros(len(counts), dtype=np.int64), 1)
    taken = np.count_nonzero(counts)

    assert taken == options[0, 0]
    if sum(counts):
        assert entropy(counts) + (taken - 1) / (2 * sum(counts)) == pytest.approx(found[0, 0])
    else:
        assert np.isnan(found[0, 0])


def test_the_correction_takes_the_bias_away():
    """Twenty draws from eight even options have too little entropy on average; corrected it is ln 8 within 2 %."""
    draws = np.random.default_rng(2).multinomial(20, [1 / 8] * 8, size=4000).astype(float)
    groups = np.zeros(8, dtype=np.int64)
    plain, corrected = (entropies(draws, groups, 1, corrected=c)[0].mean() for c in (False, True))

    assert plain < 0.94 * np.log(8)
    assert np.log(8) == pytest.approx(corrected, rel=0.02)


def test_evenness():
    """Even options are 1 (never above), one option is 0, no count is no figure; groups and rows do not mix."""
    counts = np.array([[50.0, 50.0, 3.0, 0.0, 0.0], [90.0, 10.0, 1.0, 1.0, 0.0]])
    found, options = evenness(counts, np.array([0, 0, 1, 1, 2]), 3)
    corrected = (entropy([0.9, 0.1]) + 1 / 200) / np.log(2)

    assert [[2, 1, 0], [2, 2, 0]] == options.tolist()
    assert [1.0, 0.0] == found[0, :2].tolist()
    assert [corrected, 1.0] == pytest.approx(found[1, :2].tolist())
    assert np.isnan(found[:, 2]).all()
