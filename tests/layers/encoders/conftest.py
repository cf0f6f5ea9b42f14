"""What the tests of encoders share: random weights, and their values by name."""

import keras
import numpy as np
import pytest


@pytest.fixture
def randomized(features):
    """A function that builds a layer on the features and draws all its weights."""

    def randomize(layer):
        layer(features)
        random = np.random.default_rng(seed=1)
        for weight in layer.weights:
            # Moving variances, which are not trained, must be positive.
            low = -0.5 if weight.trainable else 0.5
            weight.assign(random.uniform(low, low + 1, size=weight.shape))
        return layer

    return randomize


@pytest.fixture
def weights_of():
    """A function that returns the weights of a part of a layer, as arrays."""

    def weights(layer, part):
        return [
            np.array(keras.ops.convert_to_numpy(weight))
            for weight in layer.weights
            if f"/{part}/" in weight.path
        ]

    return weights
