"""Tests of `PCAN` against the micro front end of TensorFlow."""

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.lite.experimental.microfrontend.python.ops import (
    audio_microfrontend_op,
)

from contract.masks import masked
from speechkit.layers import PCAN, MelSpectrogram


@pytest.fixture
def speech_like(random):
    """2 s of noise whose loudness swells and fades, as 16-bit integers at 16 kHz."""
    envelope = 1.1 + np.sin(np.arange(32_000) / 1500)
    return (2000 * envelope * random.normal(size=32_000)).astype("int16")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="defaults"),
        pytest.param({"even_smoothing": 0.1, "odd_smoothing": 0.01}, id="smoothing"),
        pytest.param({"min_signal_remaining": 0.5}, id="signal"),
        pytest.param({"strength": 0.9, "offset": 200.0}, id="gain"),
    ],
)
def test_outputs_equal_the_micro_front_end(speech_like, options):
    waveform = speech_like.astype("float32") / 32768

    outputs = PCAN(**options)(
        MelSpectrogram.from_preset("micro", 16000)(waveform[None])
    )[0]

    renamed = {
        f"pcan_{key}" if key in ("strength", "offset") else key: value
        for key, value in options.items()
    }
    expected = audio_microfrontend_op.audio_microfrontend(
        tf.constant(speech_like),
        window_size=30,
        window_step=20,
        num_channels=40,
        out_type=tf.float32,
        **renamed,
    )
    # It counts normalised magnitudes in steps of 1 / 64 and cuts off what is below a
    # step; its FFT has 16 bits, its noise and gain are rounded.
    ours, theirs = (np.exp(np.asarray(x) / 64) / 8 for x in (outputs, expected))
    assert theirs.max() > 100
    np.testing.assert_allclose(ours, theirs, rtol=0.06, atol=2)


def test_padding_never_reaches_a_valid_frame(random):
    energies = (10 ** random.uniform(2, 8, size=(2, 60, 5))).astype("float32")
    layer = PCAN()

    outputs = layer(masked(energies, [60, 37]))

    np.testing.assert_allclose(
        outputs[1:, :37], layer(energies[1:, :37]), rtol=1e-5, atol=1e-4
    )


def test_silence_has_a_finite_gradient():
    silence = tf.zeros((1, 5, 3))

    with tf.GradientTape() as tape:
        tape.watch(silence)
        outputs = PCAN()(silence)

    np.testing.assert_array_equal(outputs, 0)
    np.testing.assert_array_equal(tape.gradient(outputs, silence), 0)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("even_smoothing", 2, "from 0 to 1"),
        ("odd_smoothing", -1, "from 0 to 1"),
        ("min_signal_remaining", None, "from 0 to 1"),
        ("strength", 1.5, "from 0 to 1"),
        ("offset", 0, "above 0"),
        ("fft_length", 512.0, "of 1 or more"),
    ],
)
def test_rejects_parameters_out_of_range(name, value, accepted):
    message = f"`{name}` must be .*{accepted}. Received: {name}={value}"

    with pytest.raises(ValueError, match=message):
        PCAN(**{name: value})
