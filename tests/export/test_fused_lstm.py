"""Tests of long short-term memories that a file computes with one operator."""

import keras
import numpy as np
import pytest

from speechkit import export, layers
from speechkit.export.files import _flatbuffer

# The memory of what is compiled here comes back with the end of a process.
pytestmark = pytest.mark.own_process

_FEATURES = 5
_UNITS = 4
_FUSED = "UNIDIRECTIONAL_SEQUENCE_LSTM"


def model_of(function):
    """Returns a model that gives a function the frames of a waveform."""
    waveforms = keras.Input((None,))
    frames = keras.layers.Reshape((-1, _FEATURES))(waveforms)
    return keras.Model(waveforms, function(frames))


def loud(model, random):
    """Returns the model with weights that are far from zero, and variances above it."""
    for weight in model.weights:
        value = random.normal(size=weight.shape)
        weight.assign(np.abs(value) + 0.1 if "variance" in weight.path else value)
    return model


def exported(model, tmp_path, quantization="float32"):
    path = export.to_tflite(
        model,
        tmp_path / "model.tflite",
        quantization=quantization,
        fuse_lstm=True,
        num_samples="any",  # where something cannot be fused
    )
    return export.TFLiteRunner(path), _flatbuffer.operators(path.read_bytes())


def clips(random):
    """Returns clips of several lengths, some of them in a row."""
    return [
        random.normal(size=frames * _FEATURES).astype("float32")
        for frames in (30, 30, 1, 43, 43)
    ]


def test_one_operator_answers_as_the_layer_of_keras(tmp_path, random):
    judge = loud(model_of(keras.layers.LSTM(_UNITS, return_sequences=True)), random)
    model = model_of(layers.BatchNormLSTM(_UNITS, normalization=None))
    model.set_weights(judge.get_weights())

    runner, operators = exported(model, tmp_path)

    assert operators & {_FUSED, "WHILE"} == {_FUSED}
    for clip in clips(random):
        np.testing.assert_allclose(runner(clip), judge(clip[None])[0], atol=1e-5)


@pytest.mark.parametrize(
    ("direction", "quantization"),
    [("backward", "float16"), ("bidirectional", "float32")],
)
def test_every_direction_answers_as_the_model(
    tmp_path, random, direction, quantization
):
    model = loud(model_of(layers.BatchNormLSTM(_UNITS, direction)), random)

    runner, operators = exported(model, tmp_path, quantization)

    assert operators & {_FUSED, "WHILE"} == {_FUSED}
    atol = {"float32": 1e-5, "float16": 2e-2}[quantization]
    for clip in clips(random):
        np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=atol)


def test_a_file_forgets_one_clip_before_the_next(tmp_path, random):
    runner, _ = exported(loud(model_of(layers.BatchNormLSTM(_UNITS)), random), tmp_path)
    first, second, *_ = clips(random)

    answer = runner(first)
    runner(second)

    np.testing.assert_array_equal(runner(first), answer)


def test_last_states_are_those_of_the_model(tmp_path, random):
    def states(frames):
        layer = layers.BatchNormLSTM(_UNITS, return_state=True)
        return keras.layers.Concatenate()(layer(frames)[1:])

    model = loud(model_of(states), random)
    runner, _ = exported(model, tmp_path)

    for clip in clips(random):
        np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=1e-5)


def test_a_layer_that_begins_with_given_states_answers_as_the_model(tmp_path, random):
    def twice(frames):
        layer = layers.BatchNormLSTM(_UNITS, return_state=True)
        outputs, *states = layer(frames)
        return layers.BatchNormLSTM(_UNITS)(outputs, initial_state=states)

    model = loud(model_of(twice), random)
    runner, operators = exported(model, tmp_path)

    assert operators >= {_FUSED, "WHILE"}
    for clip in clips(random):
        np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=1e-5)


def test_what_cannot_be_fused_is_a_loop(tmp_path, random):
    of_layer = layers.BatchNormLSTM(_UNITS, normalization="layer")
    model = loud(model_of(of_layer), random)
    runner, operators = exported(model, tmp_path)

    assert operators & {_FUSED, "WHILE"} == {"WHILE"}
    clip = clips(random)[0]
    np.testing.assert_allclose(runner(clip), model(clip[None])[0], atol=1e-5)


def test_nothing_is_fused_unless_asked_for(tmp_path):
    # LiteRT's compiled models and browsers cannot run it.
    path = export.to_tflite(
        model_of(layers.BatchNormLSTM(_UNITS)), tmp_path / "model.tflite"
    )

    operators = _flatbuffer.operators(path.read_bytes())
    assert operators & {_FUSED, "WHILE"} == {"WHILE"}


@pytest.mark.parametrize("quantization", ["dynamic", "int8"])
def test_rejects_8_bits(tmp_path, quantization):
    model = model_of(layers.BatchNormLSTM(_UNITS))

    with pytest.raises(ValueError, match="`fuse_lstm` must be False in 8 bits"):
        exported(model, tmp_path, quantization)


def test_products_of_the_layer_are_counted(tmp_path):
    runner, _ = exported(model_of(layers.BatchNormLSTM(_UNITS)), tmp_path)

    samples = round(runner.certificate["latency"]["audio_seconds"] * 16000)
    each = 4 * _UNITS * (_FEATURES + _UNITS)
    assert runner.certificate["multiply_adds"] == samples // _FEATURES * each
    (need,) = runner.certificate["runtime_needs"]
    assert "CompiledModel and LiteRT.js have no variable tensors" in need
