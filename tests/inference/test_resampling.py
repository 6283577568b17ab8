from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from journeykit.inference import generator, resamples, sample


@given(st.integers(1, 40), st.integers(1, 30))
def test_a_resample_draws_as_many_as_there_are(n, draws):
    """Every resample draws n units in all, and there are as many resamples as asked for."""
    weights = np.concatenate(list(resamples(n, draws, generator(0, "test"))))

    assert (draws, n) == weights.shape
    assert (n == weights.sum(axis=1)).all()


def test_resampling_nothing():
    """Nothing has no resamples."""
    assert [] == list(resamples(0, 5, generator(0)))


def test_blocks_do_not_change_the_draws(monkeypatch):
    """However the memory is cut, the same seed draws the same resamples."""
    whole = np.concatenate(list(resamples(30, 20, generator(3, "a"))))
    monkeypatch.setattr("journeykit.inference.resampling._CELLS", 90)

    assert (whole == np.concatenate(list(resamples(30, 20, generator(3, "a"))))).all()


def test_a_resample_has_the_bootstrap_s_spread():
    """The mean of a bootstrap resample varies as sd / sqrt(n), which resampling without replacement would not."""
    data = np.arange(200.0)
    weights = np.concatenate(list(resamples(200, 4000, generator(1, "spread"))))

    assert np.isclose(data.std() / np.sqrt(200), (weights @ data / 200).std(), rtol=0.05)


def test_names_part_the_streams_of_chance():
    """Another name draws other numbers, the same name the same ones."""
    first, again, other = (generator(0, name).random(4) for name in ("a", "a", "b"))

    assert (first == again).all()
    assert (first != other).all()


def test_sample_is_everyone_up_to_the_limit():
    """A sample leaves no one out below its limit; above it, it is distinct, ascending and of the limit's size."""
    assert list(range(5)) == sample(5, generator(0)).tolist()
    some = sample(100, generator(0), limit=10)
    assert 10 == len(set(some.tolist()))
    assert sorted(some) == some.tolist()
