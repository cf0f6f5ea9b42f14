"""Tests of `SelfConditioning` against its formula."""

import numpy as np
import pytest

from contract.masks import masked
from speechkit.layers import SelfConditioning


def softmax(logits):
    exponentials = np.exp(logits)
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def test_probabilities_of_the_guess_are_added_to_the_frames(features, randomized):
    layer = randomized(SelfConditioning(5))

    outputs = layer(masked(features, [12, 7, 1]))

    kernel, bias, back, back_bias = (np.asarray(weight) for weight in layer.weights)
    expected = features + softmax(features @ kernel + bias) @ back + back_bias
    for clip, length in enumerate([12, 7, 1]):
        np.testing.assert_allclose(
            outputs[clip, :length], expected[clip, :length], rtol=1e-5, atol=1e-5
        )
        np.testing.assert_array_equal(outputs[clip, length:], 0)


def test_a_clip_may_have_no_frame():
    assert SelfConditioning(5)(np.zeros((1, 0, 8), "float32")).shape == (1, 0, 8)


def test_logits_are_those_of_the_guess(features, randomized):
    layer = randomized(SelfConditioning(5))

    logits = layer.logits(features)

    kernel, bias, *_ = (np.asarray(weight) for weight in layer.weights)
    np.testing.assert_allclose(logits, features @ kernel + bias, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("name", "value"), [("num_classes", 1), ("loss_weight", -1)])
def test_rejects_arguments_out_of_range(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must be .*Received: {name}="):
        SelfConditioning(**{"num_classes": 5, name: value})
