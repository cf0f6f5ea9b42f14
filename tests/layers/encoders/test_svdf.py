"""Tests of `SVDF` against the convolution whose kernel has its rank."""

import keras
import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import SVDF


def full_kernel(layer, weights_of):
    """Returns the filters of a layer, `(memory, features, units)`."""
    (projection,) = weights_of(layer, "projection")
    (filters,) = weights_of(layer, "filter")
    kernel = np.einsum("fk,mk->mfk", projection, filters[:, :, 0])
    return sum(np.split(kernel, layer.rank, axis=-1))


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("memory", [1, 4, 20])
@pytest.mark.parametrize("activation", ["relu", None])
def test_layer_equals_the_convolution_it_factors(
    features, randomized, weights_of, rank, memory, activation
):
    layer = randomized(SVDF(7, memory, rank=rank, activation=activation))

    outputs = layer(features)

    judge = keras.layers.Conv1D(7, memory, padding="causal", activation=activation)
    judge.build(features.shape)
    judge.set_weights([full_kernel(layer, weights_of), layer.bias.numpy()])
    np.testing.assert_allclose(outputs, judge(features), atol=1e-4)


def test_rank_bounds_the_filters(features, randomized, weights_of):
    layer = randomized(SVDF(7, 4, rank=2))

    kernel = full_kernel(layer, weights_of)

    ranks = [np.linalg.matrix_rank(kernel[:, :, unit]) for unit in range(7)]
    assert ranks == [2] * 7


@pytest.mark.parametrize("rank", [1, 4])
def test_a_new_layer_keeps_the_size_of_its_input(random, rank):
    noise = random.normal(size=(4, 50, 128)).astype("float32")

    outputs = np.asarray(SVDF(256, 10, rank=rank, activation=None)(noise))

    # A rectifier then takes half of the power, 2, away.
    assert outputs[:, 10:].std() == pytest.approx(1.0, abs=0.5)


def test_padded_frames_are_zero(features, randomized):
    layer = randomized(SVDF(7, 4))

    outputs = np.asarray(layer(masked(features, [12, 7, 1])))

    assert (outputs[0] != 0).any()
    np.testing.assert_array_equal(outputs[1, 7:], 0)


@pytest.mark.parametrize("name", ["units", "memory", "rank"])
def test_rejects_sizes_of_nothing(name):
    sizes = {"units": 8, "memory": 4, "rank": 1, name: 0}

    with pytest.raises(ValueError, match=f"`{name}` must be an integer of 1 or more"):
        SVDF(**sizes)
