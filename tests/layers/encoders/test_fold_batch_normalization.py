"""Tests that folding changes no output, in each kind of model."""

import keras
import numpy as np
import pytest

from speechkit import layers, models, text

ENCODERS = {
    "gru": lambda: layers.BatchNormGRU(4, "bidirectional"),
    "lstm": lambda: layers.BatchNormLSTM(4, "backward"),
    "simple_rnn": lambda: layers.BatchNormSimpleRNN(4),
    "stack": lambda: layers.RecurrentStack(4, 2, residual=True, projection=5),
    "layer-norm": lambda: layers.RecurrentStack(4, 2, normalization="layer"),
    "convolution": lambda: layers.ConvolutionBlock(4, 3, strides=2, residual=True),
    "front-end": lambda: layers.ConvolutionFrontEnd(
        (3, 4), ((5, 3), (3, 3)), strides=((2, 2), (1, 2))
    ),
}


def randomize(model):
    """Draws all weights, so that normalisation does something."""
    random = np.random.default_rng(seed=1)
    for weight in model.weights:
        low = 0.5 if "variance" in weight.path else -0.5
        weight.assign(random.uniform(low, low + 1, size=weight.shape))


@pytest.mark.parametrize("name", ENCODERS)
def test_folded_model_gives_the_same_outputs(features, name):
    model = keras.Sequential([keras.Input((None, 5)), ENCODERS[name]()])
    randomize(model)
    expected = model(features)

    folded = layers.fold_batch_normalization(model)

    np.testing.assert_allclose(folded(features), expected, atol=1e-5)
    left = [weight.path for weight in folded.weights if "variance" in weight.path]
    assert not left
    np.testing.assert_array_equal(model(features), expected)


def test_layer_alone_may_be_folded(features):
    layer = layers.BatchNormGRU(4)
    layer(features)
    randomize(layer)

    folded = layers.fold_batch_normalization(layer)

    np.testing.assert_allclose(folded(features), layer(features), atol=1e-5)


def test_recognizer_may_be_folded(waveforms):
    model = models.CTCRecognizer(text.CharacterVocabulary(" ab"), 16000, units=8)
    model(waveforms)
    for weight in model.weights:
        if "moving_mean" in weight.path or "bias" in weight.path:
            weight.assign(np.linspace(-0.3, 0.3, weight.shape[0]))

    folded = layers.fold_batch_normalization(model)

    np.testing.assert_allclose(folded(waveforms), model(waveforms), atol=1e-5)
    assert len(folded.weights) < len(model.weights)


def test_rejects_a_model_that_is_not_built():
    with pytest.raises(ValueError, match="`model` must be built"):
        layers.fold_batch_normalization(layers.BatchNormGRU(4))
