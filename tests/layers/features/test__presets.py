"""Tests that a front end of a preset gives the numbers of the tool of that name.

The tolerances are those of the promise: 0.01 dB where the logarithm is taken.
"""

import kaldi_native_fbank as kaldi
import keras
import librosa
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.lite.experimental.microfrontend.python.ops import (
    audio_microfrontend_op,
)

from speechkit.layers import MFCC, LogMelSpectrogram, MelSpectrogram

HUNDREDTH_OF_A_DECIBEL = 0.01 * np.log(10) / 10
PRESETS = ["librosa", "htk", "kaldi", "whisper", "torchaudio", "keras", "micro"]
# Kaldi without `snip_edges`.
NOT_SNIPPED = {"padding": "middle", "padding_mode": "symmetric"}


@pytest.fixture
def speech(random):
    """One second like speech: a gliding harmonic tone, noise, and near silence."""
    time = np.arange(16000) / 16000
    phase = 2 * np.pi * np.cumsum(120 + 60 * time) / 16000
    tones = sum(np.sin(k * phase) / k for k in range(1, 30))
    envelope = np.sin(np.pi * time) ** 2 * (time < 0.7)
    noise = random.normal(scale=1e-4, size=16000)
    return (0.1 * envelope * tones + noise + 0.002).astype("float32")


def kaldi_features(options, recogniser, waveform, sampling_rate=16000):
    """Returns the features of Kaldi's own code, which takes 16-bit samples."""
    options.frame_opts.dither = 0
    options.frame_opts.samp_freq = sampling_rate
    features = recogniser(options)
    features.accept_waveform(sampling_rate, waveform * 32768)
    features.input_finished()
    frames = [features.get_frame(i) for i in range(features.num_frames_ready)]
    return np.array(frames)


@pytest.mark.parametrize("transform", ["fft", "matrix"])
@pytest.mark.parametrize("num_mel_bins", [23, 80])
@pytest.mark.parametrize("snip_edges", [True, False])
def test_kaldi_filter_banks(speech, snip_edges, num_mel_bins, transform):
    arguments = {} if snip_edges else NOT_SNIPPED
    layer = LogMelSpectrogram.from_preset(
        "kaldi", 16000, num_mel_bins=num_mel_bins, transform=transform, **arguments
    )

    logs = layer(speech[None])[0]

    options = kaldi.FbankOptions()
    options.mel_opts.num_bins = num_mel_bins
    options.frame_opts.snip_edges = snip_edges
    expected = kaldi_features(options, kaldi.OnlineFbank, speech)
    np.testing.assert_allclose(logs, expected, atol=HUNDREDTH_OF_A_DECIBEL)


@pytest.mark.parametrize("sampling_rate", [8000, 11025, 44100])
def test_kaldi_frames_last_as_long_at_every_sampling_rate(speech, sampling_rate):
    layer = LogMelSpectrogram.from_preset("kaldi", sampling_rate)

    logs = layer(speech[None])[0]

    # At 11 025 Hz, 25 ms are 275.625 samples, of which Kaldi takes 275.
    options = kaldi.FbankOptions()
    expected = kaldi_features(options, kaldi.OnlineFbank, speech, sampling_rate)
    np.testing.assert_allclose(logs, expected, atol=HUNDREDTH_OF_A_DECIBEL)


@pytest.mark.parametrize("samples", [1, 79, 80, 150, 400, 1000])
def test_kaldi_mirrors_short_clips_as_often_as_needed(speech, samples):
    speech = speech[4000 : 4000 + samples]
    layer = LogMelSpectrogram.from_preset("kaldi", 16000, **NOT_SNIPPED)

    logs = layer(speech[None])[0]

    options = kaldi.FbankOptions()
    options.frame_opts.snip_edges = False
    expected = kaldi_features(options, kaldi.OnlineFbank, speech).reshape(-1, 23)
    # A single sample is a constant: all of it is offset, and what is left is rounding.
    tolerance = HUNDREDTH_OF_A_DECIBEL if samples > 1 else np.inf
    assert logs.shape == expected.shape
    np.testing.assert_allclose(logs, expected, atol=tolerance)


def test_kaldi_linear_energies_agree_within_a_ten_thousandth(speech, random):
    # Kaldi computes in float32: with quieter noise than this it is itself off by more.
    speech += random.normal(scale=1e-3, size=16000).astype("float32")
    layer = MelSpectrogram.from_preset("kaldi", 16000, num_mel_bins=80)

    energies = layer(speech[None])[0]

    options = kaldi.FbankOptions()
    options.mel_opts.num_bins = 80
    options.use_log_fbank = False
    expected = kaldi_features(options, kaldi.OnlineFbank, speech)
    np.testing.assert_allclose(energies, expected, rtol=1e-4)


@pytest.mark.parametrize("use_energy", [True, False])
def test_kaldi_cepstra(speech, use_energy):
    cepstra = MFCC.from_preset("kaldi", 16000, use_energy=use_energy)(speech[None])[0]

    options = kaldi.MfccOptions()
    options.use_energy = use_energy
    expected = kaldi_features(options, kaldi.OnlineMfcc, speech)
    # Liftered sums of 23 logarithms: coefficients of up to 100.
    np.testing.assert_allclose(cepstra, expected, atol=0.01)


def test_htk_filter_banks(speech):
    logs = LogMelSpectrogram.from_preset("htk", 16000)(speech[None])[0]

    # Kaldi's code in HTK's settings; the floor of HTK is 1.
    options = kaldi.FbankOptions()
    options.mel_opts.num_bins = 26
    options.mel_opts.low_freq = 0
    options.frame_opts.window_type = "hamming"
    options.frame_opts.remove_dc_offset = False
    options.use_power = False
    expected = np.maximum(kaldi_features(options, kaldi.OnlineFbank, speech), 0)
    np.testing.assert_allclose(logs, expected, atol=HUNDREDTH_OF_A_DECIBEL)


@pytest.mark.parametrize(
    ("sampling_rate", "ours", "theirs"),
    [
        pytest.param(22050, {}, {}, id="defaults"),
        pytest.param(
            16000,
            {"frame_length": 400, "frame_step": 160, "fft_length": 512}
            | {"num_mel_bins": 80},
            {"sr": 16000, "n_fft": 512, "win_length": 400, "hop_length": 160}
            | {"n_mels": 80},
            id="speech",
        ),
        pytest.param(
            22050, {"padding_mode": "reflect"}, {"pad_mode": "reflect"}, id="mirror"
        ),
    ],
)
def test_librosa_decibels(speech, sampling_rate, ours, theirs):
    decibels = LogMelSpectrogram.from_preset("librosa", sampling_rate, **ours)(
        speech[None]
    )[0]

    energies = librosa.feature.melspectrogram(y=speech.astype("float64"), **theirs)
    expected = librosa.power_to_db(energies).T
    assert expected.min() == expected.max() - 80
    np.testing.assert_allclose(decibels, expected, atol=0.01)


def test_librosa_cepstra(speech):
    cepstra = MFCC.from_preset("librosa", 22050)(speech[None])[0]

    expected = librosa.feature.mfcc(y=speech.astype("float64")).T
    np.testing.assert_allclose(cepstra, expected, atol=0.01)


def test_whisper_as_published(speech):
    logs = LogMelSpectrogram.from_preset("whisper", 16000)(speech[None])[0]

    # The steps of Radford et al., Robust speech recognition via large-scale weak
    # supervision, 2022, in float64.
    padded = np.pad(speech.astype("float64"), 200, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160]
    powers = np.abs(np.fft.rfft(frames * np.hanning(401)[:-1]))[:-1] ** 2
    filters = librosa.filters.mel(sr=16000, n_fft=400, n_mels=80, dtype="float64")
    expected = np.log10(np.maximum(powers @ filters.T, 1e-10))
    expected = (np.maximum(expected, expected.max() - 8) + 4) / 4
    np.testing.assert_allclose(logs, expected, atol=0.001 / 4)


def test_torchaudio_as_documented(speech):
    decibels = LogMelSpectrogram.from_preset("torchaudio", 16000)(speech[None])[0]

    # librosa has all the parts that torchaudio documents.
    energies = librosa.feature.melspectrogram(
        y=speech.astype("float64"),
        sr=16000,
        n_fft=400,
        hop_length=200,
        n_mels=80,
        pad_mode="reflect",
        htk=True,
        norm=None,
    )
    expected = librosa.power_to_db(energies, top_db=None).T
    np.testing.assert_allclose(decibels, expected, atol=0.01)


def test_keras_layer_of_one_clip(speech):
    decibels = LogMelSpectrogram.from_preset("keras", 16000)(speech[None])[0]

    expected = keras.layers.MelSpectrogram(mag_exp=2.0)(speech[None])[0]
    np.testing.assert_allclose(decibels, np.transpose(expected), atol=0.01)


def test_micro_front_end_before_noise_reduction(random):
    # Noise that swells and fades: the peer's integers of 16 bits hold it well.
    loudness = 2000 * (1.1 + np.sin(np.arange(16000) / 1500))
    samples = (loudness * random.normal(size=16000)).astype("int16")
    layer = LogMelSpectrogram.from_preset("micro", 16000)

    steps = layer(samples[None] / np.float32(32768))[0]

    expected = audio_microfrontend_op.audio_microfrontend(
        tf.constant(samples),
        window_size=30,
        window_step=20,
        num_channels=40,
        even_smoothing=0.0,
        odd_smoothing=0.0,
        min_signal_remaining=1.0,
        enable_pcan=False,
        out_type=tf.float32,
    )
    # It counts in steps of 0.14 dB: a few of them are what its integers lose.
    np.testing.assert_allclose(steps, expected, atol=5)
    assert abs(np.mean(np.subtract(steps, expected))) < 0.5


@pytest.mark.parametrize("preset", PRESETS)
def test_declared_frames_are_real_frames_at_every_length(preset):
    layer = LogMelSpectrogram.from_preset(preset, 16000)
    whole = tf.random.normal((1, 2000), seed=0)
    count = tf.function(lambda clip: tf.shape(layer(clip))[1])
    clips = tf.TensorSpec((1, None), tf.float32)
    count = count.get_concrete_function(clips)

    for samples in range(2001):
        declared = layer.compute_output_shape((1, samples))
        assert int(count(whole[:, :samples])) == declared[1], samples


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("samples", [0, 1, 5])
def test_the_shortest_clips_have_finite_features(preset, samples):
    layer = LogMelSpectrogram.from_preset(preset, 16000)

    logs = np.asarray(layer(np.full((2, samples), 0.5, "float32")))

    assert logs.shape == layer.compute_output_shape((2, samples))
    assert np.isfinite(logs).all()


@pytest.mark.parametrize("layer_class", [LogMelSpectrogram, MFCC])
def test_every_setting_of_a_preset_can_be_seen_and_changed(layer_class):
    layer = layer_class.from_preset("kaldi", 16000, window="hann", name="mine")

    config = layer.get_config()

    assert (config["window"], config["name"]) == ("hann", "mine")
    assert (config["pre_emphasis"], config["sample_scale"]) == (0.97, 32768.0)


@pytest.mark.parametrize(
    ("layer_class", "accepted"),
    [(LogMelSpectrogram, "'librosa', 'htk', 'kaldi'"), (MFCC, "'librosa', 'kaldi'.")],
)
def test_rejects_other_presets(layer_class, accepted):
    with pytest.raises(ValueError, match=f"`preset` must be one of {accepted}"):
        layer_class.from_preset("espnet", 16000)


def test_rejects_another_sampling_rate_than_that_of_whisper():
    with pytest.raises(ValueError, match="resample the waveforms to 16000 Hz"):
        LogMelSpectrogram.from_preset("whisper", 8000)


def test_rejects_sampling_rates_below_the_highest_frequency_of_a_preset():
    message = "The preset 'micro' needs a sampling rate of 15000 Hz or more"

    with pytest.raises(ValueError, match=message):
        LogMelSpectrogram.from_preset("micro", 8000)

    layer = LogMelSpectrogram.from_preset("micro", 8000, max_freq=4000.0)
    assert layer.max_freq == 4000.0


@pytest.mark.parametrize("layer_class", [MelSpectrogram, LogMelSpectrogram, MFCC])
def test_errors_of_python_name_the_public_class(layer_class):
    message = rf"^{layer_class.__name__}\.from_preset\(\) got an unexpected keyword"

    with pytest.raises(TypeError, match=message):
        layer_class.from_preset("kaldi", 16000, bins=40)
