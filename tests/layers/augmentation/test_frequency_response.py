"""Tests of the numbers and the errors of `FrequencyResponse`."""

import numpy as np
import pytest
import scipy.fft

from speechkit.layers import FrequencyResponse


def curves_of(layer, count=2000):
    """Returns one drawn curve for each of `count` clips of silence."""
    silence = np.zeros((count, 2, 8), dtype="float32")
    outputs = np.asarray(layer(silence, training=True))
    np.testing.assert_array_equal(outputs[:, 0], outputs[:, 1])
    return outputs[:, 0]


def test_curves_are_cosines_with_weights_of_the_given_deviation():
    curves = curves_of(FrequencyResponse(0.5, num_cosines=3, seed=0))

    weights = scipy.fft.dct(curves, axis=1) / 8
    weights[:, 0] /= 2

    # 2000 draws tell a deviation to 1.6 %, four times that is safe.
    np.testing.assert_allclose(weights[:, :3].std(axis=0), 0.5, rtol=0.065)
    np.testing.assert_allclose(weights[:, 3:], 0, atol=1e-6)


def test_the_same_seed_gives_the_same_curves():
    first, again, other = (
        curves_of(FrequencyResponse(seed=seed), count=3) for seed in (1, 1, 2)
    )

    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


def test_each_call_draws_anew():
    layer = FrequencyResponse(seed=1)

    assert not np.allclose(curves_of(layer, count=3), curves_of(layer, count=3))


def test_inference_changes_nothing(features):
    np.testing.assert_array_equal(FrequencyResponse()(features), features)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [({"deviation": -1.0}, "deviation"), ({"num_cosines": 0}, "num_cosines")],
)
def test_rejects_numbers_out_of_range(arguments, name):
    with pytest.raises(ValueError, match=f"`{name}` must be"):
        FrequencyResponse(**arguments)
