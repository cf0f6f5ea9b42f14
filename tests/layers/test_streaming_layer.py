"""Tests of `StreamingLayer` as a user extends it: in Keras, in pieces and in a file."""

import inspect

import keras
import numpy as np
import pytest
from keras import ops

from speechkit import export, layers

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process


@keras.saving.register_keras_serializable("tests")
class MovingAverage(layers.StreamingLayer):
    """Averages each sample with the two before it."""

    receptive_field = 3

    def call(self, inputs):
        state = self.get_initial_state(ops.shape(inputs)[0])
        return self.step(inputs, state)[0]

    def get_initial_state(self, batch_size=1):
        return ops.zeros((batch_size, 2))

    def step(self, inputs, state, *, last=False):
        samples = ops.concatenate([state, inputs], axis=1)
        outputs = (samples[:, :-2] + samples[:, 1:-1] + samples[:, 2:]) / 3
        return outputs, samples[:, -2:]


@keras.saving.register_keras_serializable("tests")
class Scaled(layers.StreamingLayer):
    """Doubles each frame: a layer with nothing to declare."""

    def call(self, inputs):
        return 2 * inputs


class Hoarder(layers.StreamingLayer):
    """Holds all that ever came, which it does not declare."""

    def call(self, inputs):
        return inputs

    def get_initial_state(self, batch_size=1):
        return ops.zeros((batch_size, 0))

    def step(self, inputs, state, *, last=False):
        return inputs, ops.concatenate([state, inputs], axis=1)


def test_takes_the_arguments_of_keras_by_name_alone():
    (parameter,) = inspect.signature(layers.StreamingLayer).parameters.values()

    assert parameter.kind == parameter.VAR_KEYWORD


def model_of(layer):
    return keras.Sequential(
        [
            keras.Input((None,)),
            layer,
            layers.Frame(frame_length=40, frame_step=20),
            Scaled(),
            keras.layers.Dense(3),
        ]
    )


@pytest.fixture
def clip(random):
    return random.normal(scale=0.1, size=(1, 500)).astype("float32")


def test_layer_of_a_user_computes_what_numpy_does(clip):
    expected = np.convolve(clip[0], np.ones(3) / 3)[:-2]

    np.testing.assert_allclose(MovingAverage()(clip)[0], expected, atol=1e-7)


def test_layer_of_a_user_streams_in_a_model(clip):
    model = model_of(MovingAverage())
    stream = export.StreamingModel(model)

    state, frames = stream.get_initial_state(), []
    for piece in np.split(clip, [1, 2, 130, 333], axis=1):
        new, state = stream.step(piece, state)
        frames.append(new)

    np.testing.assert_allclose(ops.concatenate(frames, 1), model(clip), atol=1e-6)
    assert stream.output_ratio == (1, 20)
    assert (stream.latency, stream.receptive_field) == (39, 2 + 40)


def test_layer_of_a_user_streams_in_a_file(tmp_path, clip):
    model = model_of(MovingAverage())

    path = export.to_streaming_tflite(
        model, tmp_path / "model.tflite", chunk_seconds=0.1, sampling_rate=1000
    )

    streamed = export.StreamingRunner(path)(clip[0])
    np.testing.assert_allclose(streamed, model(clip)[0], atol=1e-5)


def test_refuses_a_state_that_grows(tmp_path):
    with pytest.raises(ValueError, match="`model` must have states of a fixed size"):
        export.to_streaming_tflite(
            model_of(Hoarder()),
            tmp_path / "model.tflite",
            chunk_seconds=0.1,
            sampling_rate=1000,
        )
