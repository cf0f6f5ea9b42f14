"""Tests of the activations of `BatchNormSimpleRNN` against NumPy."""

import keras
import numpy as np
import pytest

from speechkit.layers import BatchNormSimpleRNN


@pytest.mark.parametrize("scale", [1, 100], ids=["within", "beyond-20"])
def test_rectifier_is_clipped_at_20(features, randomized, scale):
    layer = randomized(BatchNormSimpleRNN(4, normalization=None))
    kernel, recurrent_kernel, bias = layer.get_weights()

    states = np.asarray(layer(scale * features))

    state = np.zeros((3, 4))
    for frame in range(12):
        gates = scale * features[:, frame] @ kernel + bias
        state = np.clip(gates + state @ recurrent_kernel, 0, 20)
        np.testing.assert_allclose(states[:, frame], state, rtol=1e-5, atol=1e-5)
    assert (states.max() == 20) == (scale == 100)


def test_tanh_gives_the_states_of_keras(features, randomized):
    layer = randomized(BatchNormSimpleRNN(4, normalization=None, activation="tanh"))
    peer = keras.layers.SimpleRNN(4, return_sequences=True)
    peer.build(features.shape)
    peer.set_weights(layer.get_weights())

    states = layer(features)

    np.testing.assert_allclose(states, peer(features), atol=1e-5)


def test_rejects_other_activations():
    message = "`activation` must be one of 'clipped_relu', 'tanh'"

    with pytest.raises(ValueError, match=message):
        BatchNormSimpleRNN(4, activation="relu")
