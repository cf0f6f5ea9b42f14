"""What the tests of callbacks share: a small recogniser and two clips."""

import keras
import numpy as np
import pytest

from speechkit import decoders, losses, text

VOCABULARY = text.CharacterVocabulary(" abc")


class Recognizer(keras.Model):
    """Emits one label each 1000 samples: how loud they are in tenths."""

    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
        self.built = True

    def call(self, inputs, training=False):
        frames = keras.ops.reshape(inputs["waveforms"], (-1, 4, 1000))
        labels = keras.ops.round(10 * keras.ops.max(frames, axis=2))
        distance = keras.ops.abs(labels[:, :, None] - keras.ops.arange(5.0))
        return -5 * self.scale * distance


@pytest.fixture
def batch():
    """Two clips that are heard as "ab a" and "abc", and said as "ab a" and "abb"."""
    labels = np.array([[2, 3, 1, 2], [2, 3, 4, -1]], "int32")
    levels = np.repeat(np.maximum(labels, 0), 1000, axis=1)[:, :, None] / 10
    waveforms = np.reshape(levels, (2, 4000)).astype("float32")
    said = np.array([[2, 3, 1, 2], [2, 3, 3, -1]], "int32")
    return {"waveforms": waveforms, "lengths": np.array([4000, 3000], "int32")}, said


@pytest.fixture
def model():
    """A recogniser that is ready for `fit`."""
    model = Recognizer()
    model.compile(
        keras.optimizers.SGD(1e-6), losses.CTCLoss(infeasible="zero"), jit_compile=False
    )
    return model


@pytest.fixture
def decoder():
    return decoders.CTCGreedyDecoder(VOCABULARY)
