"""Tests of the numbers and the errors of `LogMelSpectrogram` against librosa."""

import librosa
import numpy as np
import pytest
import tensorflow as tf
from ai_edge_litert.interpreter import Interpreter

from contract.masks import masked
from speechkit.layers import LogMelSpectrogram


def test_logarithms_equal_librosa_within_a_hundredth_of_a_decibel(waveforms):
    # From loud to far below the floor, 12 dB a step.
    waveforms = waveforms[:1] * 10 ** (-0.6 * np.arange(12, dtype="float32")[:, None])

    logs = LogMelSpectrogram(16000, frame_length=512, num_mel_bins=40, floor=1e-8)(
        waveforms
    )

    expected = librosa.feature.melspectrogram(
        y=waveforms.astype("float64"),
        sr=16000,
        n_fft=512,
        hop_length=160,
        center=False,
        n_mels=40,
    )
    expected = 10 * np.log10(np.maximum(np.swapaxes(expected, 1, 2), 1e-8))
    assert (expected == -80).any()
    np.testing.assert_allclose(np.asarray(logs) * 10 / np.log(10), expected, atol=0.01)


@pytest.mark.parametrize("power", [1.0, 2.0])
def test_digital_silence_is_the_floor_with_a_finite_gradient(power):
    silence = tf.zeros((1, 1600))
    layer = LogMelSpectrogram(16000, num_mel_bins=20, floor=1e-6, power=power)

    with tf.GradientTape() as tape:
        tape.watch(silence)
        logs = layer(silence)
    gradient = tape.gradient(logs, silence)

    np.testing.assert_allclose(logs, np.full((1, 8, 20), np.log(1e-6)), rtol=1e-6)
    np.testing.assert_array_equal(gradient, np.zeros((1, 1600)))


def test_dynamic_range_is_that_of_each_clip_over_its_valid_frames(waveforms):
    # The second clip is 60 dB louder behind its end.
    waveforms[1, 800:] *= 1000
    layer = LogMelSpectrogram(16000, num_mel_bins=20, dynamic_range_db=3.0)
    unlimited = LogMelSpectrogram(16000, num_mel_bins=20)

    logs = np.asarray(layer(masked(waveforms, [1600, 800])))

    for clip, (length, frames) in enumerate([(1600, 8), (800, 3)]):
        alone = unlimited(waveforms[clip : clip + 1, :length])
        lowest = np.max(alone) - 3 * np.log(10) / 10
        expected = np.maximum(np.asarray(alone)[0], lowest)
        assert (expected == lowest).any()
        np.testing.assert_allclose(logs[clip, :frames], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("logarithm", "factor"),
    [("natural", 1), ("log10", 0.4342945), ("decibels", 4.342945)],
)
def test_logarithm_scale_and_offset(waveforms, logarithm, factor):
    layer = LogMelSpectrogram(
        16000, num_mel_bins=20, logarithm=logarithm, scale=0.5, offset=-2.0
    )

    logs = layer(waveforms)

    natural = np.asarray(LogMelSpectrogram(16000, num_mel_bins=20)(waveforms))
    np.testing.assert_allclose(logs, 0.5 * factor * natural - 2, rtol=1e-5, atol=1e-5)


def test_stream_with_a_dynamic_range_is_refused():
    layer = LogMelSpectrogram(16000, dynamic_range_db=80.0)

    with pytest.raises(ValueError, match="`dynamic_range_db` must be None in a stream"):
        layer.get_initial_state()


def test_eight_bit_weights_leave_the_features_as_they_are(waveforms):
    quiet_and_loud = waveforms[:1] * np.geomspace(1e-4, 1, 1600, dtype="float32")
    layer = LogMelSpectrogram(16000)
    module = tf.Module()
    module.run = tf.function(
        lambda clip: layer(clip), input_signature=[tf.TensorSpec((1, 1600))]
    )
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [module.run.get_concrete_function()], module
    )
    converter.optimizations = [tf.lite.Optimize.DEFAULT]

    runner = Interpreter(model_content=converter.convert()).get_signature_runner()
    (name,) = runner.get_input_details()
    (logs,) = runner(**{name: quiet_and_loud}).values()

    np.testing.assert_allclose(logs, layer(quiet_and_loud), atol=1e-3)


def test_waveform_shorter_than_a_frame_has_no_frames(waveforms):
    layer = LogMelSpectrogram(16000, num_mel_bins=40)

    assert layer(waveforms[:, :399]).shape == (2, 0, 40)
    assert layer.compute_output_shape((2, 399)) == (2, 0, 40)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("logarithm", "log2", "one of 'natural', 'log10', 'decibels'"),
        ("dynamic_range_db", 0, "a finite number above 0"),
        ("scale", 0, "a finite number above 0"),
        ("offset", float("nan"), "a finite number"),
    ],
)
def test_rejects_arguments_out_of_range(name, value, accepted):
    with pytest.raises(ValueError, match=f"`{name}` must be {accepted}"):
        LogMelSpectrogram(16000, **{name: value})


@pytest.mark.parametrize("value", [0, -1.0, float("inf"), "1e-10", None])
def test_rejects_floors_without_a_logarithm(value):
    message = f"`floor` must be a finite number above 0. Received: floor={value!r}"

    with pytest.raises(ValueError, match=message):
        LogMelSpectrogram(16000, floor=value)
