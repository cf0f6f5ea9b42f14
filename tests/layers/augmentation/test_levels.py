"""Tests of what changes levels: gain, normalisation, clipping, bits, codec, fades."""

import librosa
import numpy as np
import pytest

from contract.masks import masked
from speechkit import layers


def both(value):
    return (value, value)


@pytest.mark.parametrize("gain_db", [-20.0, 0.0, 6.0, 40.0])
def test_gain_is_in_decibels_and_clips(waveforms, gain_db):
    outputs = layers.Gain(both(gain_db))(waveforms, training=True)

    expected = np.clip(waveforms * 10 ** (gain_db / 20), -1, 1)
    np.testing.assert_allclose(outputs, expected, rtol=1e-6)


@pytest.mark.parametrize("level_db", [-20.0, -3.0, 0.0])
def test_peak_has_the_level(waveforms, level_db):
    outputs = np.asarray(layers.RandomLevel(both(level_db))(waveforms, training=True))

    np.testing.assert_allclose(np.abs(outputs).max(axis=1), 10 ** (level_db / 20), 1e-6)
    ratios = outputs / waveforms
    np.testing.assert_allclose(ratios, ratios[:, :1] + 0 * ratios, rtol=1e-5)


def test_root_mean_square_of_the_valid_samples_has_the_level(waveforms):
    layer = layers.RandomLevel((-30, -30), measure="rms")

    outputs = np.asarray(layer(masked(waveforms, [1600, 700]), training=True))

    for output, length in zip(outputs, (1600, 700), strict=True):
        level = 10 * np.log10(np.mean(np.square(output[:length].astype("float64"))))
        assert level == pytest.approx(-30, abs=1e-4)


def test_a_level_beyond_full_scale_clips(waveforms):
    outputs = np.asarray(layers.RandomLevel((20, 20))(waveforms, training=True))

    peaks = np.abs(waveforms).max(axis=1, keepdims=True)
    np.testing.assert_allclose(outputs, np.clip(10 * waveforms / peaks, -1, 1), 1e-5)


def test_silence_has_no_level():
    silence = np.zeros((1, 100), "float32")

    np.testing.assert_array_equal(layers.RandomLevel()(silence, training=True), silence)


@pytest.mark.parametrize("threshold_db", [-20.0, -6.0, 0.0])
def test_clipping_cuts_at_a_share_of_the_peak(waveforms, threshold_db):
    outputs = layers.Clipping(both(threshold_db))(waveforms, training=True)

    limit = np.abs(waveforms).max(axis=1, keepdims=True) * 10 ** (threshold_db / 20)
    np.testing.assert_allclose(outputs, np.clip(waveforms, -limit, limit), rtol=1e-6)


@pytest.mark.parametrize("bits", [2, 8, 16])
def test_samples_have_so_many_bits(waveforms, bits):
    loud = 5 * waveforms

    outputs = np.asarray(layers.BitCrush((bits, bits))(loud, training=True))

    codes = outputs * 2 ** (bits - 1)
    np.testing.assert_array_equal(codes, np.round(codes))
    assert codes.min() >= -(2 ** (bits - 1))
    assert codes.max() <= 2 ** (bits - 1) - 1
    inside = np.clip(loud, -1, 1 - 2.0 ** (1 - bits))
    assert np.abs(outputs - inside).max() <= 2.0**-bits + 1e-7


def test_codec_equals_librosa(random):
    clips = random.uniform(-1, 1, size=(2, 4000)).astype("float32")

    outputs = np.asarray(layers.MuLawCodec()(clips, training=True))

    codes = librosa.mu_compress(clips.astype("float64"), mu=255, quantize=True)
    expected = librosa.mu_expand(codes, mu=255, quantize=True)
    # On the edge between two codes, float32 may take the other one.
    close = np.isclose(outputs, expected, rtol=1e-4, atol=1e-6)
    assert close.mean() > 0.999
    assert len(np.unique(outputs)) <= 256


def test_a_share_of_the_clips_goes_through_the_codec(waveforms):
    clips = np.repeat(waveforms, 1000, axis=0)

    outputs = np.asarray(layers.MuLawCodec(0.3, seed=1)(clips, training=True))

    # Four standard deviations of 2000 throws.
    assert (outputs != clips).any(axis=1).mean() == pytest.approx(0.3, abs=0.041)


CURVES = {
    "t": lambda x: x,
    "q": lambda x: np.sin(np.pi / 2 * x),
    "h": lambda x: np.sin(np.pi / 2 * x) ** 2,
    "p": lambda x: x * (2 - x),
}


@pytest.mark.parametrize("shape", CURVES)
def test_fades_follow_their_curve_to_the_last_valid_sample(shape):
    layer = layers.Fade(both(0.01), both(0.02), shape=shape, sampling_rate=8000)

    outputs = layer(masked(np.ones((2, 400), "float32"), [400, 300]), training=True)

    for output, length in zip(np.asarray(outputs), (400, 300), strict=True):
        rising = np.minimum(np.arange(length) / 80, 1)
        falling = np.minimum(np.arange(length)[::-1] / 160, 1)
        expected = CURVES[shape](rising) * CURVES[shape](falling)
        np.testing.assert_allclose(output[:length], expected, atol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.Gain((1,)), "`gain_db` must be two finite numbers"),
        (lambda: layers.RandomLevel(measure="loudness"), "`measure` must be one of"),
        (lambda: layers.Clipping((-3, 1)), "`threshold_db` must be 0 dB at most"),
        (lambda: layers.BitCrush((1, 8)), "`bits` must be two finite numbers"),
        (lambda: layers.BitCrush((8, 25)), "`bits` must be two integers from 2 to 24"),
        (lambda: layers.BitCrush((2.5, 8)), "`bits` must be two integers"),
        (lambda: layers.MuLawCodec(2), "`probability` must be a number from 0 to 1"),
        (
            lambda: layers.Fade((-1, 0), sampling_rate=16000),
            "`in_seconds` must be two finite numbers",
        ),
        (lambda: layers.Fade(shape="x", sampling_rate=16000), "`shape` must be one of"),
    ],
)
def test_rejects_what_makes_no_sense(make, message):
    with pytest.raises(ValueError, match=message):
        make()
