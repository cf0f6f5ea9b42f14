"""The promise that gradients reach the waveform, through every layer of features."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from contract.cases import CASES

DIFFERENTIABLE = [
    layer
    for layer, case in CASES.items()
    if ".features." in layer.__module__ and not case.takes_lengths
]


@pytest.fixture(params=DIFFERENTIABLE, ids=[layer.__name__ for layer in DIFFERENTIABLE])
def case(request):
    return CASES[request.param]


def test_gradient_equals_finite_differences(case, random):
    values = case.values(random, case.input_shape).astype("float64")
    layer = case.make(dtype="float64")
    weights = random.normal(size=layer(values).shape)
    direction = random.normal(size=values.shape)

    def weighted_sum(inputs):
        return keras.ops.sum(layer(inputs) * weights)

    with tf.GradientTape() as tape:
        inputs = tf.Variable(values)
        outputs = weighted_sum(inputs)
    slope = np.sum(tape.gradient(outputs, inputs) * direction)

    step = 1e-6 * direction
    change = float(weighted_sum(values + step)) - float(weighted_sum(values - step))
    np.testing.assert_allclose(slope, change / 2e-6, rtol=1e-5)
