"""Tests of the lengths of transforms by their definition."""

import numpy as np
import pytest

from speechkit.ops.effects import spectral_filtering


@pytest.mark.parametrize("count", [1, 2, 3, 65600, 65537, 43097, 1000003])
def test_transform_lengths_are_short_products_of_small_primes(count):
    length = spectral_filtering.transform_length(count)

    assert count <= length <= max(2, 1.125 * count + 1)
    assert length % 2 == 0
    odd = length // (length & -length)
    assert 135 % odd == 0


def test_a_tensor_has_the_length_of_its_number():
    for count in (1, 7, 4097, 65600):
        length = spectral_filtering.transform_length(np.array(count, "int32"))

        assert int(length) == spectral_filtering.transform_length(count)
