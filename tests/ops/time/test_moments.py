"""Tests of the moments of a corpus."""

import numpy as np
import pytest

from speechkit.ops.time.moments import merged_moments, moments_of


@pytest.mark.parametrize("cuts", [[], [1], [0, 10, 11, 40], [50]])
def test_parts_merge_to_the_moments_of_all(random, cuts):
    frames = 5 + random.normal(size=(50, 3))

    moments = merged_moments(moments_of(part) for part in np.split(frames, cuts))

    assert moments.count == 50
    np.testing.assert_allclose(moments.mean, frames.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(moments.variance, frames.var(axis=0), rtol=1e-12)


def test_nothing_merges_to_nothing():
    moments = merged_moments([moments_of(np.zeros((0, 2)))] * 2)

    assert moments.count == 0
    np.testing.assert_array_equal(moments.variance, 1)
