from __future__ import annotations

import numpy as np

from journeykit.inference import adjusted, two_sided


def test_benjamini_hochberg(reference):
    """Benjamini & Hochberg's own example rejects their four hypotheses, with their adjusted values."""
    case = reference["bh1995"]
    found = adjusted(np.array(case["inputs"]["p"]))

    assert case["expected"]["bh_rejects"] == int((found <= case["inputs"]["q"]).sum())
    assert np.isclose(case["expected"]["adj_p4"], found[3], atol=case["tolerance"])
    assert np.isclose(case["expected"]["adj_p5"], found[4], atol=case["tolerance"])


def test_adjusting_nothing():
    """No p-values stay no p-values."""
    assert 0 == len(adjusted(np.array([])))


def test_p_is_never_zero():
    """A value beyond every permutation has p = 1 / (1 + permutations), on either side."""
    permuted = np.arange(99.0)

    assert 0.01 == two_sided(1000.0, permuted)
    assert 0.01 == two_sided(-1000.0, permuted)


def test_p_counts_both_sides():
    """A value at the middle is as near as any; one at a quarter has half of the permutations farther out."""
    permuted = np.arange(101.0)

    assert 1.0 == two_sided(50.0, permuted)
    assert np.isclose((1 + 52) / 102, two_sided(25.0, permuted))
